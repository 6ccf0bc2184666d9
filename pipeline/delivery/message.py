"""A finished mail in (a dialect's tags already in place), one RFC 5322 message out: text and HTML as alternatives, both base64.

The same mail gives the same bytes: date, Message-ID and MIME boundary come from the issue and its content, never from a clock or a dice.
It must never write more than one recipient, and no text of an issue may end a header and begin another.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
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

JAPAN = timezone(timedelta(hours=9))
LINES = SMTP.clone(max_line_length=76)  # at the library's 78 its encoded words grow past the 75 characters of RFC 2047
_MAILBOX = re.compile(r"(?:(?P<name>[^<>]*)<)?(?P<spec>[^<>\s]+)>?")  # parseaddr is laxer in some Pythons than in others
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def compose_eml(email: Email, masthead: Masthead, *, issue_date: date, slug: str) -> bytes:
    """The message as CRLF bytes, addressed to the sender alone. ``ConfigError`` if ``from`` or ``reply_to`` is no e-mail address."""
    sender, reply_to = mailbox(masthead.sender.from_, "from"), mailbox(masthead.sender.reply_to, "reply_to")
    headers = {
        "From": shown(sender),
        "Reply-To": reply_to.addr_spec,
        "To": sender.addr_spec,
        "Subject": encoded_words(header_text(email.subject), "Subject"),
        "Date": format_datetime(issue_datetime(issue_date).replace(tzinfo=JAPAN)),
        "Message-ID": f"<{slug}@{sender.domain}>",
        "List-Id": list_id(masthead),
    }
    return compose(headers, text=email.text, html=email.html)


def compose(headers: Mapping[str, str], *, text: str, html: str) -> bytes:
    """Headers, folded and encoded already, above a text and an HTML part; the boundary comes from the content."""
    message = EmailMessage(policy=LINES)
    message.set_content(text, cte="base64")
    message.add_alternative(html, subtype="html", cte="base64")
    for part in message.iter_parts():
        del part["MIME-Version"]  # belongs to the message; the library repeats it in the second part
    digest = hashlib.sha256(f"{text}\0{html}".encode()).hexdigest()
    message.set_boundary(f"=_{digest[:40]}")
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("ascii") + message.as_bytes()


def shown(address: Address) -> str:
    """A mailbox with its name as a header has it."""
    return f"{encoded_words(address.display_name, 'From')} <{address.addr_spec}>" if address.display_name else address.addr_spec


def list_id(masthead: Masthead) -> str:
    """What stands in List-Id (RFC 2919)."""
    return f"<{header_text(masthead.sender.list_id).strip('<> ')}>"


def encoded_words(text: str, header: str) -> str:
    """Text of a header as RFC 2047 has it, spaces inside the words: the library's policies lose one that falls between two of them."""
    plain = text.isascii() and len(text) <= 60 and not set(text) & set('",;:<>()[]@\\.')
    return text if plain else Header(text, "utf-8", 76, header).encode(linesep="\r\n")


def header_text(text: str) -> str:
    """One line without control characters or runs of spaces (the library loses one between encoded words), and no ``=?`` of its own."""
    return " ".join(_CONTROL.sub(" ", text).replace("=?", "= ?").split())


def mailbox(text: str, key: str) -> Address:
    """An address of the masthead, with its name; ``ConfigError`` if it is none."""
    match = _MAILBOX.fullmatch(header_text(text))
    name, spec = ((match["name"] or "").strip(' "'), match["spec"]) if match else ("", "")
    try:
        address = Address(display_name=name, addr_spec=spec)
    except (HeaderParseError, MessageError, ValueError, IndexError):
        address = Address()
    if not (spec.isascii() and address.username and "." in address.domain):
        raise ConfigError(f'{MASTHEAD} [sender] の {key}「{text}」をメールアドレスとして読めません（例 "e-News <enews@example.jp>"）。')
    return address
