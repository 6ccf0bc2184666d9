"""A mail that arrived in (an ``.eml`` as a mail program saves it), its subject, sender, HTML and text out. Hostile until parsed.

Nothing of it is run, asked for or written. Japanese charsets are read by Microsoft's tables, as the gateways that made them wrote them: the
standard's would turn － and ～ into their doubles.
"""

from __future__ import annotations

import email.header
import email.parser
import email.policy
import email.utils
import re
from dataclasses import dataclass
from email.errors import HeaderParseError, MessageError
from email.message import Message

from pipeline.errors import ApprovalError

LARGEST = 40_000_000  # bytes
_MOST_PARTS = 200
_ESCAPE = re.compile(rb"\x1b(\$[@B]|\([BJI]|\$\([DOPQ])")
_META = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{3,20})", re.IGNORECASE)
_MICROSOFT = {"shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932", "ms_kanji": "cp932"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What arrived. ``sender`` and ``reply_to`` are (name, address); ``html`` and ``text`` are ``None`` where the mail has no such part."""

    subject: str
    sender: tuple[str, str]
    reply_to: tuple[str, str]
    mailer: str
    html: str | None
    text: str | None


def parse_received(data: bytes) -> Received:
    """Read a message. ``ApprovalError`` if it is none, too large, or nested beyond reason."""
    if len(data) > LARGEST:
        raise ApprovalError(f"メールのファイルが大きすぎます（{len(data):,} バイト。{LARGEST:,} バイトまで）。")
    try:
        message = email.parser.BytesParser(policy=email.policy.default).parsebytes(data.lstrip(b"\r\n \t"))
        parts = _parts(message)
    except (MessageError, RecursionError, ValueError, LookupError, AttributeError, IndexError, KeyError, TypeError):
        raise _unreadable() from None
    headers = {name.lower(): str(value) for name, value in reversed(list(message.raw_items()))}
    if not {"from", "subject"} & headers.keys():
        raise _unreadable()
    return Received(
        subject=header_of(headers.get("subject", "")),
        sender=_mailbox(headers.get("from", "")),
        reply_to=_mailbox(headers.get("reply-to", "")),
        mailer=" ".join(header_of(headers.get(name, "")) for name in ("x-mailer", "x-campaign", "x-mc-user")).strip(),
        html=parts.get("text/html"),
        text=parts.get("text/plain"),
    )


def _unreadable() -> ApprovalError:
    return ApprovalError(
        "メールとして読めません。届いたメールを、メールソフトの「名前を付けて保存」などで .eml の形で保存してください（.msg は読めません）。"
    )


def _parts(message: Message) -> dict[str, str]:
    """The first text and the first HTML that are no attachments; the mail itself comes before mails that hang on it."""
    found: dict[str, str] = {}
    for n, part in enumerate(message.walk()):
        kind = str(part.get_content_type())
        if n > _MOST_PARTS:
            break
        if kind in ("text/plain", "text/html") and kind not in found and _disposition(part) != "attachment":
            found[kind] = _text_of(part, is_page=kind == "text/html")
    return found


def _disposition(part: Message) -> str:
    raw = next((str(value) for name, value in part.raw_items() if name.lower() == "content-disposition"), "")
    return raw.partition(";")[0].strip().lower()


def _text_of(part: Message, *, is_page: bool) -> str:
    """A part's text by its own charset, else the page's, else by what its bytes look like."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = str(part.get_param("charset", "") or "")
    meta = _META.search(data[:2_000]) if is_page and not charset else None
    return decoded(data, charset or (meta[1].decode("ascii") if meta else ""))


def decoded(data: bytes, charset: str) -> str:
    """Bytes as text, a wrong or unknown charset notwithstanding."""
    name = charset.strip().strip("\"'").lower()
    if _ESCAPE.search(data) and (name.startswith("iso-2022-jp") or name in ("", "us-ascii")):
        return _from_jis(data)
    for candidate in (_MICROSOFT.get(name, name), "utf-8", "cp932"):
        try:
            return data.decode(candidate)
        except (LookupError, ValueError):
            continue
    return data.decode("utf-8", "replace")


def _from_jis(data: bytes) -> str:
    """ISO-2022-JP by Microsoft's table: two bytes of JIS are two bytes of Shift_JIS."""
    pieces, mode, last = [], b"(B", 0
    for match in (*_ESCAPE.finditer(data), None):
        stretch = data[last : match.start() if match else len(data)]
        pieces.append(_stretch(stretch, mode))
        if match:
            mode, last = match[1], match.end()
    return "".join(pieces)


def _stretch(data: bytes, mode: bytes) -> str:
    if mode in (b"(B", b"(J"):
        return data.decode("ascii", "replace")
    if mode == b"(I":
        return bytes(byte | 0x80 for byte in data).decode("cp932", "replace")
    if mode not in (b"$@", b"$B"):
        return (b"\x1b" + mode + data + b"\x1b(B").decode("iso2022_jp_ext", "replace")
    made = bytearray()
    for high, low in zip(data[::2], data[1::2], strict=False):
        if not (0x21 <= high <= 0x7E and 0x21 <= low <= 0x7E):
            made += b"?"
            continue
        made.append((high + 1) // 2 + (0x70 if high < 0x5F else 0xB0))
        made.append(low + (0x1F + (low >= 0x60) if high % 2 else 0x7E))
    return made.decode("cp932", "replace")


def header_of(raw: str) -> str:
    """A header's text on one line, its encoded words read."""
    unfolded = re.sub(r"\r?\n[ \t]*", " ", raw)
    try:
        pieces = email.header.decode_header(unfolded)
    except (HeaderParseError, ValueError):
        pieces = [(unfolded, None)]
    texts = [piece if isinstance(piece, str) else decoded(piece, charset or "") for piece, charset in pieces]
    return " ".join("".join(texts).encode("utf-8", "replace").decode("utf-8", "replace").split())


def _mailbox(raw: str) -> tuple[str, str]:
    name, address = email.utils.parseaddr(re.sub(r"\r?\n[ \t]*", " ", raw))
    return header_of(name), address.lower()
