"""A mail in, what matters of it for a bounce or a reply out: headers, its own words, the fields of a report, the headers of the mail it returns.

Whatever stands in it was written by strangers: a tree of any depth, charsets that do not exist, headers of any length. It never raises for a
mail and never looks at more of it than the limits below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser, HeaderParser
from itertools import islice

PARTS, BLOCKS, FIELDS = 100, 50, 200  # of one mail, of one report, of one block
KEPT = 1 << 20  # bytes of a mail that are read: what a report says stands in front of the mail that it returns
LINES, DEEP = 20_000, 60  # lines that are read; parts in each other, about (the library asks each of them about every line)
WORDS, LINE = 60_000, 4_000  # characters of a mail's own words; of a header
_CHARSETS = {
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "cp932": "cp932",
    "euc-jp": "euc_jp",
    "x-euc-jp": "euc_jp",
    "utf-16": "utf-16",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "euc-kr": "cp949",
}
_LATIN = re.compile(r"iso-8859-\d{1,2}|windows-125\d|koi8-r")
_NAMES = r"(?:Return-Path|Received|Delivered-To|DKIM-Signature|Message-ID|From|Date|Subject|To): "
_COPY = re.compile(rf"(?:\A|^[ \t]*\n|^-{{3,}}[^\n]*\n)(?={_NAMES})", re.IGNORECASE | re.MULTILINE)
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b[^<>]*>", re.IGNORECASE)
_QUOTED_HTML = re.compile(r"<blockquote\b|<div[^<>]{0,200}(?:gmail_quote|divRplyFwdMsg|OutlookMessageHeader)", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)  # what would move a cursor, or hide
Fields = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A mail, read. Field names are in lower case, each with its values in order.

    ``words``: its own text, without the mail it returns. ``statuses``: the blocks of a delivery report (RFC 3464), the one of the whole mail
    first. ``feedback``: the fields of a complaint (RFC 5965). ``receipt``: whether it says that somebody read a mail (RFC 8098). ``copy``: the
    headers of the mail that is returned. ``head``: its first bytes as they came.
    """

    head: bytes
    headers: Fields
    words: str = ""
    statuses: tuple[Fields, ...] = ()
    feedback: Fields | None = None
    receipt: bool = False
    copy: Fields | None = None

    def first(self, name: str) -> str:
        """The first value of a header, "" without one."""
        return next(iter(self.headers.get(name, ())), "")


def open_mail(data: bytes) -> Opened:
    """Read a mail. What is no mail at all has no headers."""
    try:
        data = b"\n".join(data[:KEPT].split(b"\n", LINES)[:LINES])
        if data.lower().count(b"boundary") > DEEP:
            return _shallow(data)
        return _opened(message_from_bytes(data), data[:WORDS])
    except (RecursionError, MessageError, ValueError, LookupError, AssertionError):  # thousands of parts in each other, mostly
        return _shallow(data)


def _shallow(data: bytes) -> Opened:
    """The headers, and everything else as text."""
    head = BytesHeaderParser().parsebytes(data[:WORDS].replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n")
    words, copy = _apart(_CONTROL.sub("", data[:WORDS].decode("utf-8", "replace").replace("\r\n", "\n")))
    return Opened(head=b"", headers=_fields(head), words=words, copy=copy)


def _opened(message: Message, head: bytes) -> Opened:
    texts: list[str] = []
    statuses: list[Fields] = []
    feedback: Fields | None = None
    copy: Fields | None = None
    receipt = False
    for part in _parts(message):
        kind = part.get_content_type()
        if kind in ("message/delivery-status", "message/global-delivery-status"):
            statuses += list(_blocks(part))
        elif kind == "message/feedback-report":
            feedback = feedback or next(_blocks(part), None)
        elif kind in ("message/disposition-notification", "message/global-disposition-notification"):
            receipt = True
        elif kind.startswith("message/") or kind == "text/rfc822-headers":
            copy = copy or next(_blocks(part), None)
        elif kind.startswith("text/") and part.get_content_disposition() != "attachment":
            texts.append(
                _html_words(_text(part)) if kind == "text/html" and not any(texts) else _text(part) if kind == "text/plain" else ""
            )
    words, below = _apart("\n".join(filter(None, texts))[:WORDS])
    headers = _fields(message)
    return Opened(
        head=head,
        headers=headers,
        words=words,
        statuses=tuple(statuses[:BLOCKS]),
        feedback=feedback,
        receipt=receipt,
        copy=copy or below,
    )


def _parts(message: Message) -> Iterator[Message]:
    """The leaves of a mail in their order, those of a mail in it left out: ``message/…`` is a leaf."""
    waiting, seen = [message], 0
    while waiting and seen < PARTS:
        part = waiting.pop()
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting += [one for one in reversed(payload[:PARTS]) if isinstance(one, Message)]
        else:
            seen += 1
            yield part


def _blocks(part: Message) -> Iterator[Fields]:
    """The blocks of fields in a part, as the library has split them or not."""
    payload = part.get_payload()
    if isinstance(payload, list):
        for one in payload[:BLOCKS]:
            if isinstance(one, Message):
                yield _fields(one)
                inside = one.get_payload()
                if part.get_content_subtype() != "rfc822" and isinstance(inside, str):
                    yield from _fields_of(inside)
    else:
        yield from _fields_of(_text(part))


def _fields_of(text: str) -> Iterator[Fields]:
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip()[:WORDS])[:BLOCKS]:
        if fields := _fields(HeaderParser().parsestr(block + "\n\n")):
            yield fields


def _fields(message: Message) -> Fields:
    fields: dict[str, list[str]] = {}
    with suppress(MessageError, ValueError, LookupError):
        for name, value in islice(message.raw_items(), FIELDS):
            fields.setdefault(name.lower(), []).append(decoded(str(value)[:LINE]))
    return {name: tuple(values) for name, values in fields.items()}


def decoded(value: str) -> str:
    """A header's value in plain characters, on one line."""
    if "=?" in value:
        try:
            pieces = decode_header(value)
        except (MessageError, ValueError, LookupError):
            pieces = [(value, None)]
        value = "".join(part if isinstance(part, str) else _decoded(part, charset or "") for part, charset in pieces)
    elif "\x1b$" in value:
        value = _decoded(value.encode("ascii", "replace"), "iso-2022-jp")
    elif not value.isascii():
        value = _decoded(value.encode("utf-8", "surrogateescape"), "")  # bytes without a charset
    return " ".join(_CONTROL.sub(" ", value).split())


def _decoded(data: bytes, charset: str) -> str:
    if b"\x1b$" in data:
        return data.decode("iso2022_jp_ext", "replace")
    name = charset.strip(" '\"").lower()
    codec = _CHARSETS.get(name) or (name if _LATIN.fullmatch(name) else "")
    for candidate in filter(None, (codec, "utf-8", "cp932")):
        try:
            return data.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode(codec or "utf-8", "replace")


def _text(part: Message) -> str:
    """A part's characters; a transfer encoding that is broken is read as far as it goes."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        charset = part.get_content_charset() or ""
    except (LookupError, ValueError, UnicodeError):
        charset = ""
    return _CONTROL.sub("", _decoded(data[: 2 * WORDS], charset)[:WORDS].replace("\r\n", "\n"))


def _html_words(page: str) -> str:
    """The words of a page above what it quotes, a line a block."""
    quoted = _QUOTED_HTML.search(page)
    page = page[: quoted.start()] if quoted else page
    for name in ("style", "script", "head"):
        page = "".join(piece.rpartition(f"</{name}>")[2] if index else piece for index, piece in enumerate(page.split(f"<{name}")))
    page = _TAG.sub("", _BREAK.sub("\n", page))
    return page.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")


def _apart(text: str) -> tuple[str, Fields | None]:
    """A mail's own words, and the headers of one that stands below them as plain text (qmail, older Gmail, EZweb, a reply from Outlook)."""
    for match in islice(_COPY.finditer(text), 20):
        fields = next(_fields_of(text[match.end() : match.end() + WORDS].partition("\n\n")[0]), {})
        if len(fields) >= 3 and {"from", "to", "message-id", "received"} & set(fields):
            return text[: match.start()], fields
    return text, None
