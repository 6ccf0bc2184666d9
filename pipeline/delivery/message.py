"""A finished mail in (a dialect's tags already in place), one RFC 5322 message out: text and HTML as alternatives, both base64.

The same mail gives the same bytes: date, Message-ID and MIME boundary come from the issue and its content, never from a clock or a dice.
It must never write more than one recipient, and no text of an issue may end a header and begin another.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta, timezone
from email.errors import HeaderParseError, MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from pipeline.config import MASTHEAD, Masthead
from pipeline.errors import ConfigError
from pipeline.model import Email, issue_datetime

STAND_IN = "subject"
JAPAN = timezone(timedelta(hours=9))
LINES = SMTP.clone(max_line_length=76)  # at the library's 78 its encoded words grow past the 75 characters of RFC 2047
_MAILBOX = re.compile(r"(?:(?P<name>[^<>]*)<)?(?P<spec>[^<>\s]+)>?")  # parseaddr is laxer in some Pythons than in others
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def compose_eml(email: Email, masthead: Masthead, *, issue_date: date, slug: str) -> bytes:
    """The message as CRLF bytes, addressed to the sender alone. ``ConfigError`` if ``from`` or ``reply_to`` is no e-mail address."""
    sender = _address(masthead.sender.from_, "from")
    message = EmailMessage(policy=LINES)
    message["From"] = Address(addr_spec=sender.addr_spec)
    message["Reply-To"] = _address(masthead.sender.reply_to, "reply_to")
    message["To"] = Address(addr_spec=sender.addr_spec)
    message["Subject"] = STAND_IN
    message["Date"] = format_datetime(issue_datetime(issue_date).replace(tzinfo=JAPAN))
    message["Message-ID"] = f"<{slug}@{sender.domain}>"
    message["List-Id"] = f"<{header_text(masthead.sender.list_id).strip('<> ')}>"
    message.set_content(email.text, cte="base64")
    message.add_alternative(email.html, subtype="html", cte="base64")
    for part in message.iter_parts():
        del part["MIME-Version"]  # belongs to the message; the library repeats it in the second part
    digest = hashlib.sha256(f"{email.text}\0{email.html}".encode()).hexdigest()
    message.set_boundary(f"=_{digest[:40]}")
    words = {
        f"Subject: {STAND_IN}": f"Subject: {encoded_words(header_text(email.subject), 'Subject')}",
        f"From: {sender.addr_spec}": f"From: {encoded_words(sender.display_name, 'From')} <{sender.addr_spec}>",
    }
    data = message.as_bytes()
    for old, new in words.items() if sender.display_name else list(words.items())[:1]:
        data = data.replace(f"{old}\r\n".encode(), f"{new}\r\n".encode(), 1)
    return data


def encoded_words(text: str, header: str) -> str:
    """Text of a header as RFC 2047 has it, spaces inside the words: the library's policies lose one that falls between two of them."""
    plain = text.isascii() and len(text) <= 60 and not set(text) & set('",;:<>()[]@\\.')
    return text if plain else Header(text, "utf-8", 76, header).encode(linesep="\r\n")


def header_text(text: str) -> str:
    """One line without control characters or runs of spaces (the library loses one between encoded words), and no ``=?`` of its own."""
    return " ".join(_CONTROL.sub(" ", text).replace("=?", "= ?").split())


def _address(text: str, key: str) -> Address:
    match = _MAILBOX.fullmatch(header_text(text))
    name, spec = ((match["name"] or "").strip(' "'), match["spec"]) if match else ("", "")
    try:
        address = Address(display_name=name, addr_spec=spec)
    except (HeaderParseError, MessageError, ValueError, IndexError):
        address = Address()
    if not (spec.isascii() and address.username and "." in address.domain):
        raise ConfigError(f'{MASTHEAD} [sender] の {key}「{text}」をメールアドレスとして読めません（例 "e-News <enews@example.jp>"）。')
    return address
