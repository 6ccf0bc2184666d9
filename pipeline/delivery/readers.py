"""The list of readers in the store: rows in, records out, and what every send asks of an address: whether it may get mail.

It must never show an address that was not asked for by name, and never let an address back onto the list that left, but by a new consent.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from pipeline.config import Audience
from pipeline.delivery.people import Consent, Subscriber, folded, keyed
from pipeline.delivery.store import Row, Rows


def subscriber_of(rows: Rows, reader: int) -> Subscriber | None:
    """The reader with this id."""
    row = rows.one("SELECT * FROM subscribers WHERE id = ?", reader)
    return reader_of_row(row) if row else None


def subscriber_at(rows: Rows, address: str) -> Subscriber | None:
    """The reader with this address, however it is capitalised."""
    row = rows.one("SELECT * FROM subscribers WHERE folded = ?", folded(address))
    return reader_of_row(row) if row else None


def is_suppressed(rows: Rows, address: str, secret: bytes) -> bool:
    """Whether an address left, was struck off or is forgotten."""
    return rows.one("SELECT 1 FROM suppressions WHERE keyed = ?", keyed(address, secret)) is not None


_THOSE_WHO_RECEIVED = """SELECT * FROM subscribers WHERE id IN
(SELECT subscriber FROM ledger WHERE slug = ? AND state IN ('sent', 'sending')) ORDER BY id"""


def recipients(rows: Rows, audience: Audience, secret: bytes) -> Iterator[Subscriber]:
    """Whom an issue goes to: every reader of the audience, by id, but for those who left."""
    wrong = audience.received
    for row in rows.each(_THOSE_WHO_RECEIVED, wrong) if wrong else rows.each("SELECT * FROM subscribers ORDER BY id"):
        reader = reader_of_row(row)
        if _is_meant(reader, audience) and not is_suppressed(rows, reader.address, secret):
            yield reader


def _is_meant(reader: Subscriber, audience: Audience) -> bool:
    return (
        (not audience.segments or reader.segment in audience.segments)
        and (audience.member is None or reader.member == audience.member)
        and (not audience.languages or reader.language in audience.languages)
    )


def seeds(rows: Rows) -> tuple[Subscriber, ...]:
    """The test readers, by address: nobody's ledger knows them, so they have no id."""
    return tuple(Subscriber(address=row["address"], name=row["name"]) for row in rows.all("SELECT * FROM seeds ORDER BY folded"))


def reader_of_row(row: Row) -> Subscriber:
    """A whole row of the table as a record."""
    consent = Consent(how=row["consent_how"], on=row["consent_on"], by=row["consent_by"])
    plain = ("id", "address", "name", "organisation", "department", "segment", "language")
    return Subscriber(
        **{name: row[name] for name in plain}, member=bool(row["member"]), consent=consent, columns=json.loads(row["columns"])
    )
