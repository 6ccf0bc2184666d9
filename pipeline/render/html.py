"""The HTML edition: a ``Page`` and template folders in, one send-ready page with neutral merge fields out.

``source`` is the page as the templates and the plain style sheets make it, ``compose`` the same page inlined: the tests hold the two against
each other in a browser. It must never read the network or a clock, and never show a picture that was not prepared.
"""

from __future__ import annotations

import functools
import re
import traceback
from datetime import date
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape

from pipeline.errors import TemplateError
from pipeline.model import PATHWAYS, japanese_date
from pipeline.render.clock import hours_ahead, japan_time
from pipeline.render.figures import figure, fit
from pipeline.render.inline import inline
from pipeline.render.markdown import clean_url, to_html
from pipeline.render.merge import guard, url_field
from pipeline.render.outline import Page, earlier_specials, facts, links

_SECTION = re.compile(r'<h2\b[^>]*\bid="(s\d+)"[^>]*>(.*?)</h2>|<td\b[^>]*\bid="footer"', re.DOTALL)
_BLOCKS = r"(?:!DOCTYPE|html|head|meta|title|style|body|table|thead|tbody|tr|td|th|p|h[1-6]|ul|ol|li|div|dl|dt|dd|br)\b[^>]*"
_BETWEEN = re.compile(rf"(?:(?<=<!\[endif\]-->)|(</?{_BLOCKS}>|<!--\[if mso\]>.*?<!\[endif\]-->))\s*\n\s*")
_BEFORE = re.compile(rf"\s*\n\s*(?=</?{_BLOCKS}>|<!--\[if )")
_DAY = re.compile(r"\d{1,2}月\d{1,2}日(?:（[^）]{1,4}）)?|\d{1,2}[:：]\d{2}(?:[～~-]\d{1,2}[:：]\d{2})?")


def compose(page: Page, templates: tuple[Path, ...]) -> str:
    """The finished page. ``templates`` are the folders to look in, first wins; ``TemplateError`` names file and line of what is wrong."""
    return inline(source(page, templates), _kept(page, _environment(templates)))


def source(page: Page, templates: tuple[Path, ...]) -> str:
    """The page before inlining: base.css and style.css in a plain ``<style>``, head.css in one that premailer must leave alone."""
    environment = _environment(templates)
    name = f"{page.edition.template}/email.html.j2"
    sheet = _text(environment, "macros/base.css") + _text(environment, f"{page.edition.template}/style.css")
    words = _vocabulary(page)
    kept = [Markup(text) for text in _kept(page, environment)]  # noqa: S704  # our own files
    try:
        html = environment.get_template(name).render(words, style_css=Markup(sheet), kept=kept)  # noqa: S704  # our own file
    except (jinja2.TemplateError, TypeError, ValueError, LookupError, ArithmeticError) as error:
        raise _template_error(error, name, templates) from error
    return _tight(html)


def section_sizes(html: str) -> tuple[tuple[str, int], ...]:
    """(title, bytes) from one section's anchor to the next, with 冒頭 before them and 奥付 behind; the bytes add up to the page's."""
    found = _SECTION.finditer(html)
    marks = [(0, "冒頭"), *((match.start(), re.sub(r"<[^>]+>", "", match[2]).strip() if match[1] else "奥付") for match in found)]
    ends = [start for start, _ in marks[1:]] + [len(html)]
    return tuple((title, len(html[start:end].encode())) for (start, title), end in zip(marks, ends, strict=True))


def _kept(page: Page, environment: jinja2.Environment) -> tuple[str, ...]:
    names = ("head.css", "web.css") if page.web else ("head.css",)
    return tuple(_text(environment, f"{page.edition.template}/{name}") for name in names)


@functools.lru_cache
def _environment(templates: tuple[Path, ...]) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(ours=lambda text: guard(text, ours=True), url=clean_url, date=japanese_date, whole_days=whole_days)
    environment.globals.update(
        facts=facts,
        links=links,
        url_field=url_field,
        hours_ahead=hours_ahead,
        japan_time=japan_time,
        earlier_specials=earlier_specials,
        path_number=path_number,
        span_of=span_of,
    )
    return environment


def _vocabulary(page: Page) -> dict[str, Any]:
    """What every template may say, besides the filters."""
    brand = page.edition.title.partition("　")[0]
    preferences = page.masthead.dialect(page.masthead.web.dialect).tags.get("preferences")
    return {
        "page": page,
        "issue": page.issue,
        "edition": page.edition,
        "masthead": page.masthead,
        "blocks": page.outline.blocks,
        "brand": brand,
        "full_name": page.issue.name if brand in page.issue.name else f"{brand} {page.issue.name}",
        "can_change": bool(preferences),
        "markdown": lambda text, **options: Markup(to_html(text, **options)),  # noqa: S704  # sanitised there
        "body_of": lambda article, level=4: Markup(fit(to_html(article.body), article, page, level=level)),  # noqa: S704
        "figure": lambda picture: figure(picture, page),
    }


def path_number(pathway: str) -> int:
    """The number of a pathway's colour, from 1; 0 is the edition's own, for a pathway that we do not know."""
    return PATHWAYS.index(pathway) + 1 if pathway in PATHWAYS else 0


def whole_days(text: str) -> Markup:
    """The text with its dates and times kept on one line each, for narrow columns."""
    marked = _DAY.sub(lambda match: Markup('<span class="whole">{}</span>').format(match[0]), str(escape(text)))
    return Markup(marked)  # noqa: S704  # escaped above


def span_of(first: date, last: date) -> str:
    """``2024年11月11日（月）～22日（金）``: what both days share is said once."""
    end = japanese_date(last, year=last.year != first.year)
    if (first.year, first.month) == (last.year, last.month):
        end = end.partition("月")[2]
    return f"{japanese_date(first)}～{end}"


def _tight(html: str) -> str:
    """Take out the line ends that stand beside tags of blocks, where no browser shows them; text inside ``<pre>`` stays."""
    parts = re.split(r"(<pre\b.*?</pre>|<style\b.*?</style>)", html, flags=re.DOTALL)
    return "".join(part if part.startswith(("<pre", "<style")) else _BEFORE.sub("", _BETWEEN.sub(r"\1", part)) for part in parts).strip()


def _text(environment: jinja2.Environment, name: str) -> str:
    loader = environment.loader
    if not isinstance(loader, jinja2.FileSystemLoader):
        raise TemplateError(f"{name} を探す場所がありません。")
    try:
        return loader.get_source(environment, name)[0]
    except jinja2.TemplateNotFound:
        raise _missing(name, tuple(Path(folder) for folder in loader.searchpath)) from None
    except UnicodeDecodeError:
        raise TemplateError(f"{name} を UTF-8 として読めません。文字コードを UTF-8 にして保存し直してください。") from None


def _missing(name: str, templates: tuple[Path, ...]) -> TemplateError:
    folders = "、".join(folder.name or str(folder) for folder in templates)
    return TemplateError(
        f"テンプレート「{name}」がありません（探した場所：{folders}）。newsletter.toml の template の名前を確かめてください。"
    )


def _template_error(error: Exception, name: str, templates: tuple[Path, ...]) -> TemplateError:
    """Say which line of which template is wrong; Jinja's traceback knows."""
    if isinstance(error, jinja2.TemplateNotFound):
        return _missing(str(error.name or name), templates)
    if isinstance(error, jinja2.TemplateSyntaxError):
        return TemplateError(f"テンプレート「{error.name or name}」の {error.lineno} 行目を読めません：{error.message}")
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
    where = f"「{'/'.join(Path(frames[-1].filename).parts[-2:])}」の {frames[-1].lineno} 行目" if frames else f"「{name}」"
    return TemplateError(f"テンプレート{where}で止まりました：{error}。名前のつづりを確かめてください。")
