"""The text edition: a ``Page`` and template folders in, the whole plain-text part out, with neutral merge fields.

The frame is ``<edition>/email.txt.j2``; ``prose`` turns bodies into lines, ``wrap`` breaks them. Whatever the templates do, ``_settle`` keeps
the rules of the mail: a blank line after every URL, never two of them, no line that mail programs take for a signature or a quotation.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import jinja2

from pipeline.errors import TemplateError
from pipeline.model import japanese_date
from pipeline.render.address import clean_url
from pipeline.render.clock import hours_ahead, japan_time
from pipeline.render.lettering import plain
from pipeline.render.markdown import to_html
from pipeline.render.merge import guard, url_field
from pipeline.render.outline import earlier_specials, facts, links
from pipeline.render.prose import to_lines
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
    name = f"{page.edition.template}/email.txt.j2"
    try:
        frame = _environment(templates).get_template(name)
        return _settle(frame.render(_vocabulary(page)))
    except jinja2.TemplateNotFound as error:
        folders = "、".join(str(folder) for folder in templates)
        raise TemplateError(
            f"テキスト版の枠「{error.name or name}」が見つかりません（探した場所：{folders}）。ファイルを戻してください。"
        ) from None
    except jinja2.TemplateSyntaxError as error:
        raise TemplateError(f"テキスト版の枠「{error.name or name}」の {error.lineno} 行目を読めません：{error.message}") from None
    except (jinja2.TemplateError, TypeError, ValueError, LookupError, ArithmeticError) as error:
        raise TemplateError(f"テキスト版の枠「{name}」を組み立てられません：{error}。名前のつづりを確かめてください。") from None


@lru_cache(maxsize=8)
def _environment(templates: tuple[Path, ...]) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        autoescape=False,  # noqa: S701  # plain text: nothing reads it as HTML
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(fold=_fold, ours=_ours, date=japanese_date, url=clean_url, lines=_lines)
    environment.globals.update(
        HEAVY=HEAVY,
        LIGHT=LIGHT,
        facts=facts,
        links=links,
        url_field=url_field,
        japan_time=japan_time,
        hours_ahead=hours_ahead,
        earlier_specials=earlier_specials,
        picture_note=picture_note,
    )
    return environment


def _vocabulary(page: Page) -> dict[str, object]:
    """What every template may say, besides the filters."""
    tags = page.masthead.dialect(page.masthead.web.dialect).tags
    return {
        "page": page,
        "issue": page.issue,
        "edition": page.edition,
        "masthead": page.masthead,
        "blocks": page.outline.blocks,
        "brand": page.edition.title.partition("　")[0],
        "full_title": page.issue.title or f"{page.edition.title.partition('　')[0]}　{page.issue.name}",
        "can_change": bool(tags.get("preferences")),
    }


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


def _ours(text: str) -> str:
    return guard(text, ours=True)


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
