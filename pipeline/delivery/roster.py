"""What editors do with the list of readers: add, change, suppress, replace, forget, look up. Rows of the store in, within the caller's transaction.

An address that left comes back by a consent that is newer than its leaving, and by nothing else. The history of a reader holds no value of theirs:
when a person is forgotten, nothing of them is left but a keyed hash.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain

from pipeline.delivery.people import Consent, Subscriber, Suppression, folded, keyed, masked
from pipeline.delivery.readers import reader_of_row, subscriber_at
from pipeline.delivery.store import Row, Rows, Value
from pipeline.errors import ReaderError

LEFT, BOUNCED, COMPLAINED, FORGOTTEN = "配信停止", "不達", "苦情", "削除"
REASONS = (LEFT, BOUNCED, COMPLAINED, FORGOTTEN)
_INSERT = (
    "INSERT INTO subscribers (address, folded, name, organisation, department, segment, member, language, consent_how, consent_on, consent_by,"
    " columns, added, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_AT_ONCE = 70  # rows in a statement: every SQLite takes 999 values; one by one they take a third longer
_UPDATE = (
    "UPDATE subscribers SET address = ?, folded = ?, name = ?, organisation = ?, department = ?, segment = ?, member = ?, language = ?,"
    " consent_how = ?, consent_on = ?, consent_by = ?, columns = ?, changed = ? WHERE id = ?"
)
SHOWN = {
    "address": "メールアドレス",
    "name": "氏名",
    "organisation": "所属",
    "department": "部署",
    "segment": "区分",
    "member": "会員",
    "language": "言語",
    "consent": "同意",
    "columns": "独自の項目",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which readers a list shows: what is "" or ``None`` asks nothing. ``words`` stand in the address, the name or the organisation."""

    words: str = ""
    segment: str = ""
    language: str = ""
    member: bool | None = None
    unconsented: bool = False


def add(rows: Rows, reader: Subscriber, *, secret: bytes, now: str) -> int:
    """Put a reader on the list; their id. ``ReaderError`` if they are on it, or left and their consent is not from after that."""
    if subscriber_at(rows, reader.address):
        raise ReaderError(
            f"{masked(reader.address)} は、もう名簿にあります。直すには「enews subscribers change アドレス …」を使ってください。"
        )
    _take_back(rows, reader.address, reader.consent, secret=secret, now=now)
    reader_id = rows.insert(_INSERT, *values_of(reader), now, now)
    write_history(rows, reader_id, "add", now=now)
    return reader_id


def add_many(rows: Rows, readers: Sequence[Sequence[Value]]) -> int:
    """Put readers on the list that are welcome, but those whose address is there already; how many.

    Each is what ``values_of`` gives, and twice the time. The caller writes one line of history for all of them.
    """
    head, row = _INSERT.split("VALUES ")
    added = 0
    for start in range(0, len(readers), _AT_ONCE):
        part = readers[start : start + _AT_ONCE]
        added += rows.run(f"{head} VALUES {', '.join([row] * len(part))} ON CONFLICT DO NOTHING", *chain.from_iterable(part))
    return added


def update(rows: Rows, old: Subscriber, new: Subscriber, *, what: str, now: str) -> tuple[str, ...]:
    """Write a reader anew; which fields changed (none: nothing is written)."""
    changed = tuple(
        field.name for field in fields(Subscriber) if field.name != "id" and getattr(old, field.name) != getattr(new, field.name)
    )
    if changed:
        rows.run(_UPDATE, *values_of(new), now, old.id)
        write_history(rows, old.id, what, "・".join(SHOWN[name] for name in changed), now=now)
    return changed


def change(rows: Rows, address: str, new: Subscriber, *, secret: bytes, now: str) -> tuple[str, ...]:
    """Write the reader at ``address`` anew, the address included; which fields changed. ``ReaderError`` if the new address is taken or left."""
    old = at(rows, address)
    if folded(new.address) != folded(old.address):
        other = subscriber_at(rows, new.address)
        if other:
            raise ReaderError(f"{masked(new.address)} は、もう名簿にあります。")
        _take_back(rows, new.address, new.consent, secret=secret, now=now)
    return update(rows, old, replace(new, id=old.id), what="change", now=now)


def at(rows: Rows, address: str) -> Subscriber:
    """The reader at an address; ``ReaderError`` if there is none."""
    found = subscriber_at(rows, address)
    if found is None:
        raise ReaderError(f"{masked(address)} は、名簿にありません。「enews subscribers list 言葉」で探せます。")
    return found


def suppression_at(rows: Rows, address: str, secret: bytes) -> Suppression | None:
    """Why and since when an address gets no mail, if so."""
    row = rows.one("SELECT keyed, address, reason, via, at FROM suppressions WHERE keyed = ?", keyed(address, secret))
    return Suppression(**dict(row)) if row else None


def suppress(rows: Rows, address: str, *, reason: str, via: str, secret: bytes, now: str, issue: str = "") -> bool:  # noqa: PLR0913
    """No mail to this address any more, on the list or not; whether that is new. ``now`` is when they left."""
    new = rows.run(
        "INSERT INTO suppressions VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        *(keyed(address, secret), address, reason, via, now, issue),
    )
    reader = subscriber_at(rows, address)
    if new and reader:
        write_history(rows, reader.id, "suppress", f"{reason} {via}".strip(), now=now)
    return bool(new)


def lift(rows: Rows, address: str, *, secret: bytes, now: str) -> bool:
    """Let mail to this address again; whether it was stopped. The caller has a new consent."""
    lifted = rows.run("DELETE FROM suppressions WHERE keyed = ?", keyed(address, secret))
    reader = subscriber_at(rows, address)
    if lifted and reader:
        write_history(rows, reader.id, "lift", now=now)
    return bool(lifted)


def lifts(consent: Consent, since: str, *, same_day: bool) -> bool:
    """Whether a consent is newer than a leaving. Of a day without a time only the editor's own word (``same_day``) counts on the day itself."""
    if not (consent.how and consent.on):
        return False
    if len(consent.on) > 10 and len(since) > 10:
        return consent.on[:16] > since[:16].replace(" ", "T")
    return consent.on[:10] > since[:10] or (same_day and consent.on[:10] == since[:10])


def _take_back(rows: Rows, address: str, consent: Consent, *, secret: bytes, now: str) -> None:
    stopped = suppression_at(rows, address, secret)
    if stopped is None:
        return
    if not lifts(consent, stopped.at, same_day=True):
        raise ReaderError(
            f"{masked(address)} は{stopped.at[:10]}から「{stopped.reason}」です。あらためて同意をいただいたときだけ、"
            "--consent-how 経路 --consent-on 日付 を付けて登録できます。"
        )
    lift(rows, address, secret=secret, now=now)


def replace_reader(rows: Rows, old: str, new: Subscriber, *, secret: bytes, now: str) -> int:
    """Somebody else takes the place of ``old``: their organisation, department, segment, member and language; the new reader's id.

    A new id, because the links of mails already sent belong to who got them. Name, columns and consent of ``old`` are not taken over, and
    ``old`` gets no mail any more, so that no older list brings them back.
    """
    gone = at(rows, old)
    kept = replace(
        new,
        organisation=new.organisation or gone.organisation,
        department=new.department or gone.department,
        segment=new.segment or gone.segment,
        member=gone.member,
        language=gone.language,
    )
    if folded(new.address) == folded(gone.address):
        raise ReaderError("新しいアドレスが、前のアドレスと同じです。")
    suppress(rows, gone.address, reason=LEFT, via="異動", secret=secret, now=now)
    rows.run("DELETE FROM subscribers WHERE id = ?", gone.id)
    return add(rows, kept, secret=secret, now=now)


def forget(rows: Rows, address: str, *, secret: bytes, now: str) -> bool:
    """Erase a person: nothing is left but a keyed hash, by which no list brings them back. Whether they were on the list."""
    found = subscriber_at(rows, address)
    mark, small = keyed(address, secret), folded(address)
    rows.run("DELETE FROM seeds WHERE folded = ?", small)
    rows.run("DELETE FROM pending WHERE instr(lower(data), ?) > 0 OR subscriber = ?", small, found.id if found else -1)
    rows.run("UPDATE history SET detail = '' WHERE instr(lower(detail), ?) > 0 OR subscriber = ?", small, found.id if found else -1)
    if found:
        rows.run("UPDATE ledger SET reply = '' WHERE subscriber = ?", found.id)
        rows.run("DELETE FROM subscribers WHERE id = ?", found.id)
    rows.run(
        "INSERT INTO suppressions VALUES (?, '', ?, '', ?, '')"
        " ON CONFLICT DO UPDATE SET address = '', reason = excluded.reason, via = '', at = excluded.at",
        *(mark, FORGOTTEN, now),
    )
    write_history(rows, found.id if found else None, "forget", found.segment if found else "", now=now)
    return found is not None


def forget_again(rows: Rows, *, secret: bytes, now: str) -> int:
    """Erase who was forgotten and came back with an older copy of the list; how many."""
    marks = {row["keyed"] for row in rows.all("SELECT keyed FROM suppressions WHERE address = ''")}
    back = [reader.address for reader in listed(rows) if keyed(reader.address, secret) in marks] if marks else []
    for address in back:
        forget(rows, address, secret=secret, now=now)
    return len(back)


def listed(rows: Rows, wanted: Wanted = Wanted()) -> Iterator[Subscriber]:
    """The readers on the list in its order, those who get no mail too; a few hundred rows are held at a time."""
    where, values = _where(wanted)
    last = 0
    sql = f"SELECT * FROM subscribers WHERE id > ?{where} ORDER BY id LIMIT 500"  # noqa: S608 (no value stands in the words)
    while found := rows.all(sql, last, *values):
        yield from map(reader_of_row, found)
        last = found[-1]["id"]


def _where(wanted: Wanted) -> tuple[str, list[Value]]:
    parts: list[tuple[str, list[Value]]] = []
    if wanted.words:
        parts.append(
            (" AND instr(lower(address || ' ' || name || ' ' || organisation || ' ' || department), ?) > 0", [wanted.words.lower()])
        )
    parts += [(f" AND {name} = ?", [value]) for name in ("segment", "language") if (value := getattr(wanted, name))]
    parts += [(" AND member = ?", [int(wanted.member)])] if wanted.member is not None else []
    parts += [(" AND (consent_how = '' OR consent_on = '')", [])] if wanted.unconsented else []
    return "".join(words for words, _ in parts), [value for _, values in parts for value in values]


def suppressions(rows: Rows) -> tuple[Suppression, ...]:
    """Everybody who gets no mail, by date."""
    return tuple(
        Suppression(**dict(row)) for row in rows.all("SELECT keyed, address, reason, via, at FROM suppressions ORDER BY at, keyed")
    )


def history_of(rows: Rows, reader: int) -> tuple[tuple[str, str, str], ...]:
    """What was done to a reader: time, verb, the names of the fields."""
    found = rows.all("SELECT at, what, detail FROM history WHERE subscriber = ? ORDER BY id", reader)
    return tuple((row["at"], row["what"], row["detail"]) for row in found)


def write_history(rows: Rows, reader: int | None, what: str, detail: str = "", *, now: str) -> None:
    """One line of history. It must hold no value of a reader's."""
    rows.run("INSERT INTO history (at, subscriber, what, detail) VALUES (?, ?, ?, ?)", now, reader, what, detail)


def count_by(rows: Rows, column: str) -> tuple[tuple[str, int], ...]:
    """How many readers have each value of segment, language or member."""
    if column not in ("segment", "language", "member"):
        raise ValueError(column)
    found = rows.all(f"SELECT {column} AS value, count(*) AS n FROM subscribers GROUP BY 1 ORDER BY 2 DESC, 1")  # noqa: S608 (one of three words)
    return tuple((str(row["value"]), row["n"]) for row in found)


def seeds(rows: Rows) -> tuple[tuple[str, str], ...]:
    """The test readers: address, name."""
    return tuple((row["address"], row["name"]) for row in rows.all("SELECT address, name FROM seeds ORDER BY address"))


def add_seed(rows: Rows, address: str, name: str = "") -> None:
    """Somebody at the desk who gets tests."""
    rows.run(
        "INSERT INTO seeds VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET address = excluded.address, name = excluded.name",
        folded(address),
        address,
        name,
    )


def remove_seed(rows: Rows, address: str) -> None:
    """No tests any more. ``ReaderError`` if they got none."""
    if not rows.run("DELETE FROM seeds WHERE folded = ?", folded(address)):
        raise ReaderError(f"{masked(address)} は、テスト配信先にありません。")


def values_of(reader: Subscriber) -> tuple[Value, ...]:
    """A reader as the columns from ``address`` to ``columns``."""
    consent = reader.consent
    own = json.dumps(reader.columns, ensure_ascii=False, sort_keys=True) if reader.columns else "{}"
    plain = (reader.address, folded(reader.address), reader.name, reader.organisation, reader.department, reader.segment)
    return (*plain, int(reader.member), reader.language, consent.how, consent.on, consent.by, own)


def log_export(rows: Rows, *, who: str, count: int, file: str, now: str) -> None:
    """Who took addresses out, how many, into which file."""
    rows.run("INSERT INTO exports (at, who, rows, file) VALUES (?, ?, ?, ?)", now, who, count, file)


def exports(rows: Rows) -> tuple[Row, ...]:
    """Every time that addresses were taken out: at, who, rows, file."""
    return tuple(rows.all("SELECT at, who, rows, file FROM exports ORDER BY id"))
