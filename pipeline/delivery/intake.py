"""A list of readers in, the desk's list out, in one transaction: rows of any table that ``layout`` understands, some hundred at a time.

It must never bring back who left but by a newer consent, never erase with an empty cell, and never lose a row unsaid: each one is added, updated,
unchanged, suppressed or rejected, and the rejected ones are given back with their line and the reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from pipeline.delivery.addresses import parse_address
from pipeline.delivery.cells import bare, often, parse_day, parse_language, parse_member, parse_segment, plain
from pipeline.delivery.layout import CLEANED, LIST, Layout
from pipeline.delivery.people import Consent, Subscriber, folded, keyed
from pipeline.delivery.readers import reader_of_row
from pipeline.delivery.roster import BOUNCED, LEFT, REASONS, add_many, lift, lifts, suppress, update, write_history
from pipeline.delivery.store import Rows, Value
from pipeline.delivery.tables import Record
from pipeline.errors import ReaderError

BATCH = 400  # at most 999 values in a statement
_FIELDS = ("address", "name", "family", "given", "organisation", "department", "segment", "member", "language", "on", "on2", "how", "by")
_STOPS = ("address", "stop_at", "stop_reason", "stop_via")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the editor said of a list. ``consent`` stands for rows that say nothing of their own; ``as_is`` lets domains pass that look mistyped."""

    now: str
    secret: bytes
    consent: Consent = field(default_factory=Consent)
    as_is: bool = False


@dataclass(slots=True)
class Counts:
    """What became of the rows."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    suppressed: int = 0
    rejected: int = 0


class Given(NamedTuple):
    """A row as it was understood, in the order of the store's columns. Empty words and ``None`` say nothing; ``columns`` is JSON."""

    address: str
    folded: str
    name: str
    organisation: str
    department: str
    segment: str
    member: bool | None
    language: str
    how: str
    on: str
    by: str
    columns: str | None


Reject = Callable[[Record, str], None]
Batch = list[tuple[Record, Given]]


def take_in(rows: Rows, records: Iterable[Record], layout: Layout, options: Options, *, reject: Reject) -> Counts:
    """Write every record; what became of them. ``reject`` gets each row that cannot be used, with the reason."""
    counts, desk = Counts(), _Desk(rows, options)
    take = desk.take if layout.kind == LIST else desk.stop
    read = reading(layout, options) if layout.kind == LIST else leaving(layout, options)

    def refuse(record: Record, reason: str) -> None:
        counts.rejected += 1
        reject(record, reason)

    understood = _understood(records, read, refuse)
    while batch := list(islice(understood, BATCH)):
        take(batch, counts, refuse)
    what = f"追加 {counts.added}、更新 {counts.updated}、停止 {counts.suppressed}"
    write_history(rows, None, "import", what, now=options.now)
    return counts


def _understood(records: Iterable[Record], read: Callable[[list[str]], Given], reject: Reject) -> Iterator[tuple[Record, Given]]:
    for record in records:
        if record.wrong:
            reject(record, record.wrong)
            continue
        try:
            yield record, read(record.cells)
        except ReaderError as error:
            if "".join(record.cells).strip():  # an empty row is none
                reject(record, str(error).removesuffix("。"))


def reading(layout: Layout, options: Options) -> Callable[[list[str]], Given]:
    """How the cells of a row of this layout are understood; raises ``ReaderError`` with what is wrong with them."""
    width, pick = len(layout.targets), _picker(layout, _FIELDS)
    own = [(number, target[1:]) for number, target in enumerate(layout.targets) if target.startswith("+")]
    now, as_is = options.now, options.as_is

    def read(cells: list[str]) -> Given:
        cells = _squared(cells, width)
        address, name, family, given, organisation, department, segment, member, language, on, on2, how, by = pick(cells)
        address = parse_address(bare(address), as_is=as_is)
        name = plain(name) or (_joined(plain(family), plain(given)) if family or given else "")
        day = parse_day(on, now) or parse_day(on2, now)
        return Given(
            address,
            address.casefold(),
            name,
            often(organisation),
            often(department),
            parse_segment(segment),
            parse_member(member),
            parse_language(language),
            *_consent(often(how), day, often(by), layout, options),
            _own(cells, own) if own else None,
        )

    return read


def _own(cells: list[str], own: list[tuple[int, str]]) -> str | None:
    values = {key: value for number, key in own if (value := plain(cells[number]))}
    return json.dumps(values, ensure_ascii=False, sort_keys=True) if values else None


def leaving(layout: Layout, options: Options) -> Callable[[list[str]], Given]:
    """How a row of a list of people who left is understood: ``how``, ``on`` and ``by`` are why, when and by which way they left."""
    width, pick = len(layout.targets), _picker(layout, _STOPS)
    usual = BOUNCED if layout.kind == CLEANED else LEFT

    def read(cells: list[str]) -> Given:
        address, since, reason, via = pick(_squared(cells, width))
        reason = plain(reason) if plain(reason) in REASONS else usual
        address, way = parse_address(bare(address), as_is=True), plain(via) or ("Mailchimp" if layout.mailchimp else "名簿")
        return Given(address, address.casefold(), "", "", "", "", None, "", reason, parse_day(since, options.now) or options.now, way, None)

    return read


def _picker(layout: Layout, names: tuple[str, ...]) -> Callable[[list[str]], tuple[str, ...]]:
    """The cells of the named columns; one behind the last is always empty."""
    width = len(layout.targets)
    return itemgetter(*(layout.targets.index(name) if name in layout.targets else width for name in names))


def _squared(cells: list[str], width: int) -> list[str]:
    """As many cells as there are columns, and an empty one. ``ReaderError`` for more: then a comma stands where none belongs."""
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        raise ReaderError("欄の数が見出しより多くなっています。欄の中のカンマなどを確かめてください。")
    return [*cells, ""] if len(cells) == width else [*cells[:width], *[""] * (width + 1 - len(cells))]


def _joined(family: str, given: str) -> str:
    """姓 and 名 as a name: Latin ones the other way round."""
    pair = (given, family) if (family + given).isascii() else (family, given)
    return " ".join(filter(None, pair))


def _consent(how: str, on: str, by: str, layout: Layout, options: Options) -> tuple[str, str, str]:
    """How, when and by whom; what the editor said of the whole list where a row is silent."""
    if layout.mailchimp and on:
        return how or "Mailchimp", on, by or "Mailchimp"
    usual = options.consent
    return how or usual.how, on or usual.on, by or usual.by


class _Desk:
    """The list while rows are written to it, and what of it the next rows must know."""

    def __init__(self, rows: Rows, options: Options) -> None:
        self.rows, self.options = rows, options
        known = rows.all("SELECT keyed, address, at FROM suppressions")
        self._stopped = {folded(row["address"]): row["at"] for row in known if row["address"]}
        self._forgotten = {row["keyed"]: row["at"] for row in known if not row["address"]}
        last = rows.one("SELECT max(id) AS id FROM subscribers")
        self._last = (last["id"] or 0) if last else 0
        self._touched: set[int] = set()

    def take(self, batch: Batch, counts: Counts, reject: Reject) -> None:
        """Add or update the readers of a batch."""
        found = self._found(batch)
        new: dict[str, Given] = {}
        for record, given in batch:
            key = given.folded
            if (self._stopped or self._forgotten) and not self._welcome(given):
                counts.suppressed += 1
            elif key in found:
                self._renew(found[key], record, given, counts, reject)
            elif key in new:
                self._renew(merged(Subscriber(address=given.address), new[key]), record, given, counts, reject)
            else:
                new[key] = given
        if new:
            counts.added += add_many(self.rows, [_as_new(given) for given in new.values()], now=self.options.now)

    def _renew(self, old: Subscriber, record: Record, given: Given, counts: Counts, reject: Reject) -> None:
        after = merged(old, given)
        if after == old:
            counts.unchanged += 1
        elif old.id == 0 or old.id > self._last or old.id in self._touched:
            reject(record, "同じアドレスが、この名簿の前の行にもあり、内容が違います。正しい方だけを残してください")
        else:
            update(self.rows, old, after, what="import", now=self.options.now)
            self._touched.add(old.id)
            counts.updated += 1

    def stop(self, batch: Batch, counts: Counts, _reject: Reject) -> None:
        """Suppress everybody of a batch, but who agreed again after they left."""
        found = self._found(batch)
        for _, left in batch:
            reader = found.get(left.folded)
            back = reader is not None and lifts(reader.consent, left.on, same_day=False)
            new = not back and suppress(self.rows, left.address, reason=left.how, via=left.by, secret=self.options.secret, now=left.on)
            counts.suppressed += new
            counts.unchanged += not new

    def _found(self, batch: Batch) -> dict[str, Subscriber]:
        keys = [given.folded for _, given in batch]
        marks = ", ".join("?" * len(keys))
        found = self.rows.all(f"SELECT * FROM subscribers WHERE folded IN ({marks})", *keys)  # noqa: S608 (only question marks)
        return {row["folded"]: reader_of_row(row) for row in found}

    def _welcome(self, given: Given) -> bool:
        """Whether mail may go to this address: it never left, or agreed again since."""
        since = self._stopped.get(given.folded)
        mark = keyed(given.address, self.options.secret) if self._forgotten and since is None else ""
        since = self._forgotten.get(mark) if mark else since
        if since is None:
            return True
        if not lifts(Consent(how=given.how, on=given.on), since, same_day=False):
            return False
        lift(self.rows, given.address, secret=self.options.secret, now=self.options.now)
        self._stopped.pop(given.folded, None)
        self._forgotten.pop(mark, None)
        return True


def _as_new(given: Given) -> tuple[Value, ...]:
    """A row as a new reader: what it does not say is as usual."""
    return (*given[:6], given.member or 0, given.language or "ja", *given[8:11], given.columns or "{}")


def merged(old: Subscriber, given: Given) -> Subscriber:
    """What is known of a reader with what a row says: an empty cell leaves what is there, an older consent a newer one."""
    newer = any((given.how, given.on, given.by)) and given.on >= old.consent.on
    return replace(
        old,
        name=given.name or old.name,
        organisation=given.organisation or old.organisation,
        department=given.department or old.department,
        segment=given.segment or old.segment,
        member=old.member if given.member is None else given.member,
        language=given.language or old.language,
        consent=_fuller(Consent(how=given.how, on=given.on, by=given.by), old.consent) if newer else old.consent,
        columns={**old.columns, **json.loads(given.columns)} if given.columns else old.columns,
    )


def _fuller(new: Consent, old: Consent) -> Consent:
    """A consent of the same day takes over what it does not say itself."""
    return Consent(how=new.how or old.how, on=new.on, by=new.by or old.by) if new.on == old.on else new
