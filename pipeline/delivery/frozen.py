"""A mail with neutral merge fields in, the frozen mail out: the bytes that are approved, and the places where a reader's own values stand.

Places are offsets, kept beside the bytes and covered by the digest: nothing in a frozen text is ever looked for by its spelling, so no word of a
draft or of a reader can become a field. What stands outside the places goes out as it was approved.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from html import escape

from pipeline.config import URL_FIELDS, Dialect, Masthead, received
from pipeline.model import Email, Issue
from pipeline.render.merge import fields_in, resolve

PARTS = ("subject", "html", "text")
_OPEN, _CLOSE = "\ufdd1", "\ufdd2"  # noncharacters: no draft may hold them, no encoder needs them
_MARK = re.compile(f"{_OPEN}([a-z0-9_]+){_CLOSE}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place of a reader's own value: characters ``start`` to ``end`` of a part (subject, html or text) hold a stand-in for ``field``."""

    part: str
    start: int
    end: int
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """What is approved and sent: texts with stand-ins in their slots, who sends, to which audience (its key, "" for all), pictures by file name."""

    slug: str
    date: date
    subject: str
    lead_line: str
    html: str
    text: str
    slots: tuple[Slot, ...]
    sender: str
    reply_to: str
    audience: str
    pictures: tuple[tuple[str, bytes], ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that a reader's values are needed for, each once."""
        return tuple(dict.fromkeys(slot.field for slot in self.slots))

    @property
    def digest(self) -> str:
        """The sha256, in 64 hex digits, of the manifest's content: everything that readers get, who sends it and to whom, and nothing else."""
        return _sha256(json.dumps(self.content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())

    @property
    def number(self) -> str:
        """The digest's short form, the 確認番号: ``7F3A-21``, short enough for an answer from a telephone."""
        return f"{self.digest[:4]}-{self.digest[4:6]}".upper()

    @property
    def content(self) -> dict[str, object]:
        """What the manifest says of the content: texts and pictures by their sha256."""
        return {
            "slug": self.slug,
            "date": self.date.isoformat(),
            "subject": self.subject,
            "lead_line": self.lead_line,
            "from": self.sender,
            "reply_to": self.reply_to,
            "audience": self.audience,
            "html": _sha256(self.html.encode()),
            "text": _sha256(self.text.encode()),
            "slots": [[slot.part, slot.start, slot.end, slot.field] for slot in self.slots],
            "pictures": {file: _sha256(data) for file, data in sorted(self.pictures)},
        }


def freeze(email: Email, issue: Issue, masthead: Masthead, *, pictures: Iterable[tuple[str, bytes]]) -> Frozen:
    """The mail of an issue as it will be approved. ``email`` has neutral merge fields; ``pictures`` are file name and bytes."""
    email = replace(
        email, subject=_plain(email.subject), lead_line=_plain(email.lead_line), html=_plain(email.html), text=_plain(email.text)
    )
    names = fields_in(email.subject + email.html + email.text)
    marks = Dialect(name="frozen", tags={name: f"{_OPEN}{name}{_CLOSE}" for name in names if name != "view_online"})
    marked = resolve(email, marks, slug=issue.slug, web_url=f"{masthead.web.base_url}/{issue.slug}/")
    texts, slots = {}, []
    for part in PARTS:
        texts[part], found = _taken_out(getattr(marked, part), part, masthead)
        slots += found
    return Frozen(
        slug=issue.slug,
        date=issue.date,
        subject=texts["subject"],
        lead_line=_MARK.sub("", marked.lead_line),
        html=texts["html"],
        text=texts["text"],
        slots=tuple(slots),
        sender=masthead.sender.from_,
        reply_to=masthead.sender.reply_to,
        audience=received(issue.corrects) if issue.corrects else masthead.edition(issue.edition).audience,
        pictures=tuple(sorted(pictures)),
    )


def _plain(text: str) -> str:
    """A text without our marks: a draft that holds them would make fields of its own."""
    return text.replace(_OPEN, "").replace(_CLOSE, "")


def _taken_out(text: str, part: str, masthead: Masthead) -> tuple[str, list[Slot]]:
    """A text with stand-ins where marks were, and where they stand now."""
    done, slots, length, last = [], [], 0, 0
    for match in _MARK.finditer(text):
        stand_in = stand_in_of(match[1], masthead)
        done += [text[last : match.start()], stand_in]
        start = length + match.start() - last
        length = start + len(stand_in)
        slots.append(Slot(part=part, start=start, end=length, field=match[1]))
        last = match.end()
    return "".join([*done, text[last:]]), slots


def stand_in_of(field: str, masthead: Masthead) -> str:
    """What a frozen text shows in a field's place: the masthead's own address of it, or its name in 〔〕."""
    if field in URL_FIELDS:
        return str(getattr(masthead.web, field)) or masthead.web.base_url
    return f"〔{FIELD_NAMES.get(field, field)}〕"


FIELD_NAMES = {"name": "氏名", "organisation": "所属"}


def personalised(frozen: Frozen, values: Mapping[str, str]) -> dict[str, str]:
    """Subject, HTML and text with one reader's values; a field without a value is empty. Values are escaped in HTML and hold no line ends."""
    return {part: _filled(getattr(frozen, part), [slot for slot in frozen.slots if slot.part == part], values) for part in PARTS}


def _filled(text: str, slots: list[Slot], values: Mapping[str, str]) -> str:
    done, last = [], 0
    for slot in slots:
        value = " ".join(_CONTROL.sub(" ", values.get(slot.field, "")).split())
        done += [text[last : slot.start], escape(value, quote=True) if slot.part == "html" else value]
        last = slot.end
    return "".join([*done, text[last:]])


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
