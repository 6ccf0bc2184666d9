"""A list of readers in, the desk's list out, in one transaction: rows of any table that ``layout`` understands, some hundred at a time.

It must never bring back who left but by a newer consent, never erase with an empty cell, and never lose a row unsaid: each one is added, updated,
unchanged, suppressed or rejected, and the rejected ones are given back with their line and the reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

from pipeline.delivery.addresses import parse_address
from pipeline.delivery.cells import bare, often, parse_day, parse_language, parse_member, parse_segment, plain
from pipeline.delivery.layout import CLEANED, LIST, Layout
from pipeline.delivery.people import Consent, Subscriber, folded, keyed
from pipeline.delivery.readers import reader_of_row
from pipeline.delivery.roster import BOUNCED, LEFT, REASONS, add_many, lift, lifts, suppress, update, write_history
from pipeline.delivery.store import Rows
from pipeline.delivery.tables import Record
from pipeline.errors import ReaderError

BATCH = 490  # rows looked up in one statement, which takes at most 999 values
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


Values = tuple[Any, ...]  # those of a ``Given``: a plain tuple is made in a third of the time, and most rows need no more
Reject = Callable[[Record, str], None]
Batch = list[tuple[Record, Values]]


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


def _understood(records: Iterable[Record], read: Callable[[list[str]], Values], reject: Reject) -> Iterator[tuple[Record, Values]]:
    for record in records:
        if record.wrong:
            reject(record, record.wrong)
            continue
        try:
            yield record, read(record.cells)
        except ReaderError as error:
            if "".join(record.cells).strip():  # an empty row is none
                reject(record, str(error).removesuffix("。"))


def reading(layout: Layout, options: Options) -> Callable[[list[str]], Values]:
    """How the cells of a row of this layout are understood; raises ``ReaderError`` with what is wrong with them."""
    width, pick = len(layout.targets), _picker(layout, _FIELDS)
    own = [(number, target[1:]) for number, target in enumerate(layout.targets) if target.startswith("+")]
    as_is = options.as_is

    consent = lru_cache(maxsize=10_000)(lambda on, on2, how, by: _consent(on, on2, how, by, layout=layout, options=options))

    def read(cells: list[str]) -> Values:
        if len(cells) != width:
            cells = _squared(cells, width)
        address, name, family, given, organisation, department, segment, member, language, on, on2, how, by = pick((*cells, ""))
        address = parse_address(bare(address) if address[:1] == "'" else address, as_is=as_is)
        return (
            address,
            address.casefold(),
            plain(name) or (_joined(plain(family), plain(given)) if family or given else ""),
            often(organisation),
            often(department),
            *_closed(segment, member, language),
            *consent(on, on2, how, by),
            _own(cells, own) if own else None,
        )

    return read


@lru_cache(maxsize=1024)
def _closed(segment: str, member: str, language: str) -> tuple[str, bool | None, str]:
    """The cells whose words are on a list."""
    return parse_segment(segment), parse_member(member), parse_language(language)


def _own(cells: list[str], own: list[tuple[int, str]]) -> str | None:
    values = {key: value for number, key in own if (value := plain(cells[number]))}
    return json.dumps(values, ensure_ascii=False, sort_keys=True) if values else None


def leaving(layout: Layout, options: Options) -> Callable[[list[str]], Values]:
    """How a row of a list of people who left is understood: ``how``, ``on`` and ``by`` are why, when and by which way they left."""
    width, pick = len(layout.targets), _picker(layout, _STOPS)
    usual = BOUNCED if layout.kind == CLEANED else LEFT

    def read(cells: list[str]) -> Values:
        address, since, reason, via = pick((*_squared(cells, width), ""))
        reason = plain(reason) if plain(reason) in REASONS else usual
        address, way = parse_address(bare(address), as_is=True), plain(via) or ("Mailchimp" if layout.mailchimp else "名簿")
        return (address, address.casefold(), "", "", "", "", None, "", reason, parse_day(since, options.now) or options.now, way, None)

    return read


def _picker(layout: Layout, names: tuple[str, ...]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """The cells of the named columns; one behind the last is always empty."""
    width = len(layout.targets)
    return itemgetter(*(layout.targets.index(name) if name in layout.targets else width for name in names))


def _squared(cells: list[str], width: int) -> list[str]:
    """As many cells as there are columns. ``ReaderError`` for more: then a comma stands where none belongs."""
    if len(cells) > width and any(cell.strip() for cell in cells[width:]):
        raise ReaderError("欄の数が見出しより多くなっています。欄の中のカンマなどを確かめてください。")
    return [*cells[:width], *[""] * (width - len(cells))]


def _joined(family: str, given: str) -> str:
    """姓 and 名 as a name: Latin ones the other way round."""
    pair = (given, family) if (family + given).isascii() else (family, given)
    return " ".join(filter(None, pair))


def _consent(on: str, on2: str, how: str, by: str, *, layout: Layout, options: Options) -> tuple[str, str, str]:
    """How, when and by whom; what the editor said of the whole list where a row is silent."""
    day, how, by = parse_day(on, options.now) or parse_day(on2, options.now), plain(how), plain(by)
    if layout.mailchimp and day:
        return how or "Mailchimp", day, by or "Mailchimp"
    usual = options.consent
    return how or usual.how, day or usual.on, by or usual.by


class _Desk:
    """The list while rows are written to it, and what of it the next rows must know."""

    def __init__(self, rows: Rows, options: Options) -> None:
        self.rows, self.options = rows, options
        known = rows.all("SELECT keyed, address, at FROM suppressions")
        self._stopped = {folded(row["address"]): row["at"] for row in known if row["address"]}
        self._forgotten = {row["keyed"]: row["at"] for row in known if not row["address"]}
        self._last = self._newest()
        self._touched: set[int] = set()

    def take(self, batch: Batch, counts: Counts, reject: Reject) -> None:
        """Add the readers of a batch; those whose address was there already, in the list or further up in the batch, are compared."""
        if self._stopped or self._forgotten:
            welcome = [pair for pair in batch if self._welcome(Given(*pair[1]))]
            counts.suppressed += len(batch) - len(welcome)
            batch = welcome
        before, now = self._newest(), self.options.now
        added = add_many(
            self.rows,
            [
                (address, key, name, office, section, segment, member or 0, language or "ja", how, on, by, own or "{}", now, now)
                for _, (address, key, name, office, section, segment, member, language, how, on, by, own) in batch
            ],
        )
        counts.added += added
        if added == len(batch):
            return
        found, new = self._found(batch), set()
        for record, values in batch:
            given = Given(*values)
            old = found[given.folded]
            if old.id > before and old.id not in new:
                new.add(old.id)  # the row that this one was added by
            else:
                self._renew(old, record, given, counts, reject)

    def _newest(self) -> int:
        row = self.rows.one("SELECT max(id) AS id FROM subscribers")
        return (row["id"] or 0) if row else 0

    def _renew(self, old: Subscriber, record: Record, given: Given, counts: Counts, reject: Reject) -> None:
        after = merged(old, given)
        if after == old:
            counts.unchanged += 1
        elif old.id > self._last or old.id in self._touched:
            reject(record, "同じアドレスが、この名簿の前の行にもあり、内容が違います。正しい方だけを残してください")
        else:
            update(self.rows, old, after, what="import", now=self.options.now)
            self._touched.add(old.id)
            counts.updated += 1

    def stop(self, batch: Batch, counts: Counts, _reject: Reject) -> None:
        """Suppress everybody of a batch, but who agreed again after they left."""
        found = self._found(batch)
        for left in (Given(*values) for _, values in batch):
            reader = found.get(left.folded)
            back = reader is not None and lifts(reader.consent, left.on, same_day=False)
            new = not back and suppress(self.rows, left.address, reason=left.how, via=left.by, secret=self.options.secret, now=left.on)
            counts.suppressed += new
            counts.unchanged += not new

    def _found(self, batch: Batch) -> dict[str, Subscriber]:
        keys = [values[1] for _, values in batch]
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
