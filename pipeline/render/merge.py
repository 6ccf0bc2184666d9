"""Merge fields: ours (neutral, in memory only) in, a dialect's merge tags out; everybody else's tag syntax is data.

URL fields are written ``https://merge.invalid/<field>``, text fields ``[[field]]``; both survive Markdown, nh3 and premailer. Text that comes
from drafts and feeds is *guarded* first: a noncharacter is put inside every opener of a tag syntax, and ``merge.invalid`` becomes
``data.merge.invalid``; ``resolve`` takes both back after the fields are replaced. It must never let a field through unreplaced.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.config import URL_FIELDS, Dialect
from pipeline.errors import MergeFieldError
from pipeline.model import Email

GUARD = "\ufdd0"
OPENERS = ("[[", "*|", "{{", "{%", "{#", "<%", "<<", "%%", "${", "#{")

_OPENER = re.compile("|".join(f"{re.escape(opener[0])}(?={re.escape(opener[1])})" for opener in OPENERS))
_FOREIGN_OPENER = re.compile(_OPENER.pattern.partition("|")[2])
_NEUTRAL = re.compile(r"\[\[([a-z_][a-z0-9_]*)\]\]|https://merge\.invalid/([a-z_]+)")
_HOST = re.compile(r"merge\.invalid", re.IGNORECASE)
_DATA_HOST = re.compile(r"data\.(merge\.invalid)", re.IGNORECASE)


def url_field(name: str) -> str:
    """The neutral spelling of a URL field."""
    return f"https://merge.invalid/{name}"


def guard(text: str, *, ours: bool = False) -> str:
    """Make every tag syntax in ``text`` inert data. ``ours=True`` (issue.md, templates) leaves our own neutral fields working."""
    text = text.replace(GUARD, "")
    text = (_FOREIGN_OPENER if ours else _OPENER).sub(lambda match: match[0] + GUARD, text)
    return text if ours else _HOST.sub(r"data.\g<0>", text)


def fields_in(text: str) -> tuple[str, ...]:
    """The names of our fields that stand in ``text``, each once, in order."""
    return tuple(dict.fromkeys(match[1] or match[2] for match in _NEUTRAL.finditer(text)))


def resolve(email: Email, dialect: Dialect, *, slug: str, web_url: str) -> Email:
    """The e-mail in a dialect: every field replaced, every guard taken back. ``MergeFieldError`` names a field that the dialect lacks.

    ``web_url`` is the address of this issue's web copy: what ``view_online`` means where the dialect has no tag of its own for it.
    """
    tags = {"view_online": web_url, **{name: tag.replace("{slug}", slug) for name, tag in dialect.tags.items()}}
    return replace(
        email,
        subject=_release_text(_replace(email.subject, tags, dialect), dialect),
        lead_line=_release_text(_replace(email.lead_line, tags, dialect), dialect),
        html=_release_html(_replace(email.html, tags, dialect)),
        text=_release_text(_replace(email.text, tags, dialect), dialect),
        dialect=dialect.name,
    )


def refuse_neutral(email: Email, *, where: str) -> None:
    """Every writer's last look: raise unless a dialect has replaced the fields of ``email``, and nothing neutral is left in it."""
    left = any(url_field(name) in email.html for name in URL_FIELDS) or GUARD in email.html + email.text
    if left or not email.dialect:
        raise MergeFieldError(f"{where} に置き換えられていない差し込み項目が残っているため、書き出しを中止しました。")


def _replace(text: str, tags: dict[str, str], dialect: Dialect) -> str:
    def tag(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if not tags.get(name):
            known = "、".join(sorted(tags))
            raise MergeFieldError(
                f"差し込み項目「{name}」は配信サービス別の書式「{dialect.name}」にありません。使えるのは {known} です。"
                f"newsletter.toml の [[dialects]] に足すか、本文から外してください。"
            )
        return tags[name]

    return _NEUTRAL.sub(tag, text)


def _release_html(html: str) -> str:
    """Guarded openers stay readable but no sender's parser sees them: their second character becomes a numeric reference. So does our host's dot."""
    html = html.replace(f"{GUARD}&lt;", "&lt;")  # the second < of << is a reference already
    html = re.sub(f"{GUARD}(.)", lambda match: f"&#{ord(match[1])};", html, flags=re.DOTALL)
    return _DATA_HOST.sub(lambda match: match[1].replace(".", "&#46;"), html)


def _release_text(text: str, dialect: Dialect) -> str:
    """Plain text has no references: only openers of *this* dialect get a space, all others come out letter by letter."""
    openers = {tag[:2] for tag in dialect.tags.values() if not tag.startswith(("http://", "https://", "mailto:"))}
    text = re.sub(f"(.){GUARD}(.)", lambda m: f"{m[1]} {m[2]}" if m[1] + m[2] in openers else m[1] + m[2], text, flags=re.DOTALL)
    return _DATA_HOST.sub(r"\1", text.replace(GUARD, ""))
