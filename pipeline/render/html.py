"""The HTML edition: a ``Page`` and template folders in, one send-ready page with neutral merge fields out.

``source`` is the page as the templates and the plain style sheets make it, ``compose`` the same page inlined: the tests hold the two against
each other in a browser. It must never read the network or a clock, and never show a picture that was not prepared.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from pipeline.model import PATHWAYS
from pipeline.render.figures import figure, fit
from pipeline.render.inline import inline
from pipeline.render.markdown import to_html
from pipeline.render.outline import Page
from pipeline.render.templating import environment, present, read_sheet, render_template, vocabulary

_SECTION = re.compile(r'<h2\b[^>]*\bid="(s\d+)"[^>]*>(.*?)</h2>|<td\b[^>]*\bid="footer"', re.DOTALL)
_BLOCKS = r"(?:!DOCTYPE|html|head|meta|title|style|body|table|thead|tbody|tr|td|th|p|h[1-6]|ul|ol|li|div|dl|dt|dd|br)\b[^>]*"
_BETWEEN = re.compile(rf"(?:(?<=<!\[endif\]-->)|(</?{_BLOCKS}>|<!--\[if mso\]>.*?<!\[endif\]-->))\s*\n\s*")
_BEFORE = re.compile(rf"\s*\n\s*(?=</?{_BLOCKS}>|<!--\[if )")
_DAY = re.compile(r"\d{1,2}月\d{1,2}日(?:（[^）]{1,4}）)?|\d{1,2}[:：]\d{2}(?:[～~-]\d{1,2}[:：]\d{2})?")


def compose(page: Page, templates: tuple[Path, ...]) -> str:
    """The finished page. ``templates`` are the folders to look in, first wins; ``TemplateError`` names file and line of what is wrong."""
    return inline(source(page, templates), _kept(page, _environment(present(templates))))


def source(page: Page, templates: tuple[Path, ...]) -> str:
    """The page before inlining: base.css and style.css in a plain ``<style>``, head.css in one that premailer must leave alone."""
    made = _environment(present(templates))
    sheet = read_sheet(made, "macros/base.css") + read_sheet(made, f"{page.edition.template}/style.css")
    words = {
        **vocabulary(page),
        "style_css": Markup(sheet),  # noqa: S704  # our own file
        "kept": [Markup(text) for text in _kept(page, made)],  # noqa: S704  # our own files
        "markdown": lambda text, **options: Markup(to_html(text, **options)),  # noqa: S704  # sanitised there
        "body_of": lambda article, level=4: Markup(fit(to_html(article.body), article, page, level=level)),  # noqa: S704
        "figure": lambda picture: figure(picture, page),
    }
    return _tight(render_template(made, f"{page.edition.template}/email.html.j2", words))


def section_sizes(html: str) -> tuple[tuple[str, int], ...]:
    """(title, bytes) from one section's anchor to the next, with 冒頭 before them and 奥付 behind; the bytes add up to the page's."""
    found = _SECTION.finditer(html)
    marks = [(0, "冒頭"), *((match.start(), re.sub(r"<[^>]+>", "", match[2]).strip() if match[1] else "奥付") for match in found)]
    ends = [start for start, _ in marks[1:]] + [len(html)]
    return tuple((title, len(html[start:end].encode())) for (start, title), end in zip(marks, ends, strict=True))


def _kept(page: Page, made: jinja2.Environment) -> tuple[str, ...]:
    head = f"{page.edition.template}/head.css"
    return tuple(read_sheet(made, name) for name in ((head, "macros/web.css") if page.web else (head,)))


@functools.lru_cache
def _environment(templates: tuple[Path, ...]) -> jinja2.Environment:
    made = environment(templates, autoescape=True)
    made.filters.update(whole_days=whole_days)
    made.globals.update(path_number=path_number)
    return made


def path_number(pathway: str) -> int:
    """The number of a pathway's colour, from 1; 0 is the edition's own, for a pathway that we do not know."""
    return PATHWAYS.index(pathway) + 1 if pathway in PATHWAYS else 0


def whole_days(text: str) -> Markup:
    """The text with its dates and times kept on one line each, for narrow columns."""
    marked = _DAY.sub(lambda match: Markup('<span class="whole">{}</span>').format(match[0]), str(escape(text)))
    return Markup(marked)  # noqa: S704  # escaped above


def _tight(html: str) -> str:
    """Take out the line ends that stand beside tags of blocks, where no browser shows them; text inside ``<pre>`` stays."""
    parts = re.split(r"(<pre\b.*?</pre>|<style\b.*?</style>)", html, flags=re.DOTALL)
    return "".join(part if part.startswith(("<pre", "<style")) else _BEFORE.sub("", _BETWEEN.sub(r"\1", part)) for part in parts).strip()
