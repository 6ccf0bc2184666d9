"""What readers do by themselves, in the store: leave, mend what is kept of them, ask to join or to move, confirm it. Each is one transaction.

A wish to join or to move counts only once the mailbox that it names has confirmed it (double opt-in). What waits is known by a keyed hash of its
token: who reads the database cannot confirm anything. Used once, or three days old, a token is none.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b32encode
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from secrets import token_bytes

from pipeline.delivery.people import Consent, Subscriber, folded
from pipeline.delivery.readers import is_suppressed, subscriber_at, subscriber_of
from pipeline.delivery.roster import LEFT, add, change, lift, suppress, update
from pipeline.delivery.store import Row, Rows, Store
from pipeline.delivery.tokens import Ticket

JOIN, MOVE = "subscribe", "address"  # the purposes in the table ``pending``
VALID = timedelta(hours=72)  # a mail of Friday evening is read on Monday
TOKEN_BYTES = 20
FORM, ONE_CLICK, MOVED = "フォーム", "ワンクリック", "アドレス変更"  # via
DETAILS = ("name", "organisation", "department", "segment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody asked for on a page: to join (``reader`` 0), or that reader ``reader`` moves to ``address``. Empty details say nothing."""

    purpose: str
    address: str
    reader: int = 0
    name: str = ""
    organisation: str = ""
    department: str = ""
    segment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A confirmed wish. ``before`` is the address that a reader moved from, "" for one who joined."""

    wish: Wish
    before: str = ""


def look_up(store: Store, ticket: Ticket) -> tuple[Subscriber | None, bool]:
    """The reader of a link, ``None`` if they are not on the list any more, and whether they get mail."""
    with store.read() as rows:
        reader = subscriber_of(rows, ticket.reader)
        return reader, reader is not None and not is_suppressed(rows, reader.address, store.secret)


def leave(store: Store, ticket: Ticket, *, via: str, now: str) -> Subscriber | None:
    """No mail to the reader of a link any more; saying it again changes nothing. ``None`` if they are not on the list."""
    with store.change() as rows:
        reader = subscriber_of(rows, ticket.reader)
        if reader:
            suppress(rows, reader.address, reason=LEFT, via=via, issue=ticket.slug, secret=store.secret, now=now)
        return reader


def mend(store: Store, ticket: Ticket, details: dict[str, str], *, now: str) -> Subscriber | None:
    """Write name, organisation, department and segment of the reader of a link; an empty one is erased. ``None`` if they get no mail."""
    with store.change() as rows:
        reader = subscriber_of(rows, ticket.reader)
        if reader is None or is_suppressed(rows, reader.address, store.secret):
            return None
        mended = replace(reader, **{name: details[name] for name in DETAILS})  # type: ignore[arg-type]  # all of them are texts
        update(rows, reader, mended, what="change", now=now)
        return mended


def hold(store: Store, wish: Wish, *, now: datetime) -> str:
    """Keep a wish until it is confirmed; the token that confirms it. What has waited too long is thrown away."""
    token = b32encode(token_bytes(TOKEN_BYTES)).decode().lower()
    data = json.dumps(asdict(wish), ensure_ascii=False)
    with store.change() as rows:
        rows.run("DELETE FROM pending WHERE purpose IN (?, ?) AND at <= ?", JOIN, MOVE, stamp_of(now - VALID))
        sql = "INSERT INTO pending (token, purpose, subscriber, data, at) VALUES (?, ?, ?, ?, ?)"
        rows.run(sql, _keyed(token, store.secret), wish.purpose, wish.reader or None, data, stamp_of(now))
    return token


def drop(store: Store, token: str) -> None:
    """Forget a wish whose mail could not be sent."""
    with store.change() as rows:
        rows.run("DELETE FROM pending WHERE token = ?", _keyed(token, store.secret))


def waiting(store: Store, token: str, *, purpose: str, now: datetime) -> Wish | None:
    """The wish that a token would confirm; nothing is changed."""
    with store.read() as rows:
        return _wish(_row(rows, store, token, purpose), now)


def confirm(store: Store, token: str, *, purpose: str, now: datetime) -> Granted | None:
    """Grant the wish of a token, once. ``None`` for a token that is none, and for a reader who left after asking to move."""
    with store.change() as rows:
        wish = _wish(_row(rows, store, token, purpose), now)
        if wish is None:
            return None
        rows.run("DELETE FROM pending WHERE token = ?", _keyed(token, store.secret))
        consent = Consent(how=FORM, on=stamp_of(now), by="本人")
        grant = _join if wish.purpose == JOIN else _move
        return grant(rows, store, wish, consent, stamp_of(now))


def _join(rows: Rows, store: Store, wish: Wish, consent: Consent, now: str) -> Granted:
    """On the list, whether new, known or gone before: this is the newest consent that there can be."""
    lift(rows, wish.address, secret=store.secret, now=now)
    details = {name: value for name in DETAILS if (value := getattr(wish, name))}
    known = subscriber_at(rows, wish.address)
    if known:
        update(rows, known, replace(known, consent=consent, **details), what="consent", now=now)
    else:
        add(rows, Subscriber(address=wish.address, consent=consent, **details), secret=store.secret, now=now)
    return Granted(wish=wish)


def _move(rows: Rows, store: Store, wish: Wish, consent: Consent, now: str) -> Granted | None:
    """The same reader at another address: links of earlier mails stay theirs. The old one gets no mail, whatever list brings it back."""
    reader = subscriber_of(rows, wish.reader)
    if reader is None or is_suppressed(rows, reader.address, store.secret):
        return None
    lift(rows, wish.address, secret=store.secret, now=now)
    if folded(wish.address) == folded(reader.address) or subscriber_at(rows, wish.address) is None:
        change(rows, reader.address, replace(reader, address=wish.address, consent=consent), secret=store.secret, now=now)
    if folded(wish.address) != folded(reader.address):
        suppress(rows, reader.address, reason=LEFT, via=MOVED, secret=store.secret, now=now)
    return Granted(wish=wish, before=reader.address)


def _row(rows: Rows, store: Store, token: str, purpose: str) -> Row | None:
    return rows.one("SELECT data, at FROM pending WHERE token = ? AND purpose = ?", _keyed(token, store.secret), purpose)


def _wish(row: Row | None, now: datetime) -> Wish | None:
    return Wish(**json.loads(row["data"])) if row and row["at"] > stamp_of(now - VALID) else None


def _keyed(token: str, secret: bytes) -> str:
    return hmac.new(secret, b"pending\0" + token.lower().encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def stamp_of(time: datetime) -> str:
    """A time as the list has it: to the second, without a zone, because all are Japan's."""
    return time.replace(tzinfo=None).isoformat(timespec="seconds")
