"""The list of readers in the store: rows in, records out, and what every send asks of an address: whether it may get mail.

It must never show an address that was not asked for by name, and never let an address back onto the list that left, but by a new consent.
"""

from __future__ import annotations

import json

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


def reader_of_row(row: Row) -> Subscriber:
    """A whole row of the table as a record."""
    consent = Consent(how=row["consent_how"], on=row["consent_on"], by=row["consent_by"])
    plain = ("id", "address", "name", "organisation", "department", "segment", "language")
    return Subscriber(
        **{name: row[name] for name in plain}, member=bool(row["member"]), consent=consent, columns=json.loads(row["columns"])
    )
