"""The words for readers: records of a subscriber, of a consent, of a suppression. No I/O.

An address is personal data: what is shown, logged or said in a message is ``masked``; the ledger holds ``keyed`` hashes only.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

SEGMENTS = ("自治体", "行政", "NPO", "研究機関", "大学", "企業", "その他")
LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """How, on which day (ISO, "" if nobody knows) and recorded by whom a reader agreed to get the mail."""

    how: str = ""
    on: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A reader on the list. ``id`` is 0 until the store has given one; ``columns`` are an office's own, usable as merge fields."""

    id: int = 0
    address: str
    name: str = ""
    organisation: str = ""
    department: str = ""
    segment: str = ""
    member: bool = False
    language: str = "ja"
    consent: Consent = Consent()
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """An address that gets no mail: ``reason`` (配信停止, 不達, 苦情, 削除), ``via`` (返信, フォーム, …). ``address`` is "" once it is forgotten."""

    keyed: str
    address: str
    reason: str
    via: str
    at: str


def folded(address: str) -> str:
    """What two spellings of one mailbox have in common: case is of no account (RFC 5321 lets a server care; none of ours does)."""
    return address.casefold()


def keyed(address: str, secret: bytes) -> str:
    """The address as a hash that nobody without the key can make or compare (HMAC-SHA256, 64 hex digits)."""
    return hmac.new(secret, b"address\0" + folded(address).encode(), hashlib.sha256).hexdigest()


def masked(address: str) -> str:
    """``ta***@city.example.lg.jp``: enough for its owner and for the editor who typed it, too little for anybody else."""
    local, at, domain = address.rpartition("@")
    return f"{local[:2] if len(local) > 3 else local[:1]}***{at}{domain}"
