"""What an approver reads: the mail that asks (text and HTML, papers attached) and the page of what has changed. Words in, bytes and text out.

The mail is for an editor to send, so it is addressed to nobody unless somebody says so, and opens as a draft where the mail program knows how.
It must never hold a way to approve but an answer with the 確認番号.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.config import Masthead
from pipeline.delivery.message import LINES, encoded_words, header_text, mailbox, shown
from pipeline.model import japanese_date

Pieces = tuple[tuple[bool, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One change as people read it: where, and the words before and after in pieces of (changed?, text); no pieces: there was or is nothing."""

    part: str
    label: str
    before: Pieces
    after: Pieces

    @property
    def where(self) -> str:
        """``2-3（本文）``, or the part alone."""
        return f"{self.label}（{self.part}）" if self.label else self.part

    def lines(self, old: str = "前", new: str = "後") -> tuple[str, ...]:
        """The change in plain text, what moved in ［ ］. ``old`` and ``new`` name the sides."""
        if not self.before or not self.after:
            word, pieces = ("加わりました", self.after) if self.after else ("なくなりました", self.before)
            return (f"・{self.where}", f"　{word}：{''.join(text for _, text in pieces)}")
        return (f"・{self.where}", f"　{old}：{_bracketed(self.before)}", f"　{new}：{_bracketed(self.after)}")


def _bracketed(pieces: Pieces) -> str:
    return "".join(f"［{text}］" if changed else text for changed, text in pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The mail that asks: what stands in its head, its two texts, and the papers by file name (HTML)."""

    subject: str
    text: str
    html: str
    to: str
    papers: Mapping[str, str]


def compose_page(name: str, templates: tuple[Path, ...], **words: object) -> str:
    """One of ``templates/approval/``; a text's words stay letters, a page's are escaped."""
    return _environment(templates, escape=".html." in name).get_template(f"approval/{name}").render(**words)


def compose_letter(letter: Letter, masthead: Masthead, *, at: str) -> bytes:
    """The message as CRLF bytes. ``at`` is its date, ISO; ``ConfigError`` if ``from`` or ``to`` is no address."""
    message = EmailMessage(policy=LINES)
    message.set_content(letter.text, cte="base64")
    message.add_alternative(letter.html, subtype="html", cte="base64")
    for name, page in letter.papers.items():
        message.add_attachment(page, subtype="html", cte="base64", filename=name)
    digest = hashlib.sha256(letter.html.encode()).hexdigest()
    for n, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_{n}{digest[:40]}")
    for part in message.walk():
        if part is not message:
            del part["MIME-Version"]
    headers = {
        "From": shown(mailbox(masthead.sender.from_, "from")),
        **({"To": shown(mailbox(letter.to, "--to"))} if letter.to else {}),
        "Reply-To": mailbox(masthead.sender.reply_to, "reply_to").addr_spec,
        "Subject": encoded_words(header_text(letter.subject), "Subject"),
        "Date": format_datetime(datetime.fromisoformat(at)),
        "X-Unsent": "1",  # Outlook opens the file as a draft that can be addressed and sent
    }
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("ascii") + message.as_bytes()


@cache
def _environment(templates: tuple[Path, ...], *, escape: bool) -> Environment:
    folders = [str(path) for path in templates]
    made = Environment(
        loader=FileSystemLoader(folders),
        autoescape=escape,  # noqa: S701  (a plain text is never shown as HTML)
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["date"] = japanese_date
    return made
