"""Signed words that stand for a reader in links and return paths: a reader and an issue in, a short ASCII word out, and back.

A token that was not made with this desk's key, or for another purpose, is none. It holds no address and no name.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32encode
from dataclasses import dataclass

_TOKEN = re.compile(r"(?P<slug>[0-9A-Za-z][\w-]{0,39})\.(?P<reader>[0-9]{1,12})\.(?P<mark>[a-z2-7]{20})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What a token says: a reader's id, and the slug of the issue that it came with."""

    reader: int
    slug: str


def issue_token(ticket: Ticket, *, purpose: str, secret: bytes) -> str:
    """``2025-01.1234.ab2c…``: lower case, so that a mail server that folds case does not break it."""
    return f"{ticket.slug}.{ticket.reader}.{_mark(ticket, purpose, secret)}"


def read_token(text: str, *, purpose: str, secret: bytes) -> Ticket | None:
    """The ticket of a token, ``None`` for a forged, damaged or foreign one; compared in constant time."""
    match = _TOKEN.fullmatch(text.strip().lower())
    if not match:
        return None
    ticket = Ticket(reader=int(match["reader"]), slug=match["slug"])
    return ticket if hmac.compare_digest(match["mark"], _mark(ticket, purpose, secret)) else None


def _mark(ticket: Ticket, purpose: str, secret: bytes) -> str:
    text = f"{purpose}\0{ticket.slug.lower()}\0{ticket.reader}".encode()
    return b32encode(hmac.new(secret, text, hashlib.sha256).digest())[:20].decode().lower()  # 100 bits
