"""The text edition: a ``Page`` and template folders in, the whole plain-text part out, with neutral merge fields.

The frame is ``<edition>/email.txt.j2``; ``prose`` turns bodies into lines, ``wrap`` breaks them. Whatever the templates do, ``_settle`` keeps
the rules of the mail: a blank line after every URL, never two of them, no line that mail programs take for a signature or a quotation.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import jinja2

from pipeline.render.lettering import plain
from pipeline.render.markdown import to_html
from pipeline.render.prose import to_lines
from pipeline.render.templating import environment, present, render_template, vocabulary
from pipeline.render.wrap import fold

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.render.outline import Item, Page

HEAVY, LIGHT = "━" * 20, "─" * 20

_ENDS_IN_URL = re.compile(r"https?://[!-~]+$")
_QUOTES = re.compile(r"^>+")
_SUSPECT = frozenset("-_=*")
_SIGNATURE = re.compile(r"^(?:-{2,3}|_{3,}|={4,}|\*{4,})\s*$")


def compose(page: Page, templates: tuple[Path, ...]) -> str:
    """The text edition, LF line ends, one at the end. The first of ``templates`` that has a file wins; ``TemplateError`` if none has it."""
    return _settle(render_template(_environment(present(templates)), f"{page.edition.template}/email.txt.j2", vocabulary(page)))


@lru_cache(maxsize=8)
def _environment(templates: tuple[Path, ...]) -> jinja2.Environment:
    made = environment(templates, autoescape=False)  # plain text: nothing reads it as HTML
    made.filters.update(fold=_fold, lines=_lines)
    made.globals.update(HEAVY=HEAVY, LIGHT=LIGHT, picture_note=picture_note)
    return made


def picture_note(item: Item, *, numbered: bool = True) -> str:
    """``写真は、Web版の3-1をご覧ください。``; drawn ones are 図. ``numbered``: whether the item's number stands in its heading."""
    article = item.article
    shown = [picture for picture in (article.image, *article.pictures) if picture]
    if not shown:
        return ""
    word = "図" if all(picture.credit.startswith("図") for picture in shown) else "写真"
    return f"{word}は、Web版{f'の{item.number}' if item.number and numbered else ''}をご覧ください。"


def _fold(text: str, first: str = "", rest: str = "") -> str:
    return fold(plain(text), first=first, rest=rest)


def _lines(markdown: str, *, ours: bool = False) -> str:
    return to_lines(to_html(markdown, ours=ours), ours=ours)


def _settle(text: str) -> str:
    lines: list[str] = []
    for written in text.split("\n"):
        line = _harmless(written.rstrip(" \t\u3000"))
        if line or (lines and lines[-1] not in ("", HEAVY, LIGHT)):
            lines.append(line)
        if "://" in line and _ENDS_IN_URL.search(line):
            lines.append("")
    return "\n".join(lines).strip("\n") + "\n"


def _harmless(line: str) -> str:
    """The line, unless it is one that a mail program takes for a signature or a quotation: then its harmless kin."""
    if line[:1] == ">":
        return _QUOTES.sub(lambda match: "＞" * len(match[0]), line)
    if line[:1] in _SUSPECT and _SIGNATURE.match(line):
        return LIGHT
    return line
