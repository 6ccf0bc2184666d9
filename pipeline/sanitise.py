"""The one allow-list: HTML from drafts and feeds in, harmless HTML out; the only file that imports nh3.

What stays is what prose needs: paragraphs, headings, lists, tables, emphasis, links, pictures. Hidden text goes with its element, so that
nobody reads in the text edition what nobody sees in the mail. It must never let through a script, a style, a form, an event attribute, a URL
of another scheme than http, https, mailto and tel, or nesting so deep that a later parser gives up and drops what follows.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from html import escape

import lxml.html
import nh3

_PROSE = """
    p br hr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd strong em b i s del ins u a img blockquote sup sub code pre q cite small div
    ruby rt rp figure figcaption table caption thead tbody tfoot tr th td
"""
_NOT_PROSE = "script style noscript svg math form iframe template object embed head title textarea select button"
TAGS = frozenset(_PROSE.split())
DROPPED_WITH_CONTENT = frozenset(_NOT_PROSE.split())
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
}
SCHEMES = frozenset(("http", "https", "mailto", "tel"))
DEPTH = 40

_WRAPPERS = TAGS - {"p", "br", "hr", "img", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "rt", "rp"}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])[^<>]*>")
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?(?![.\d])|mso-hide\s*:"
    r"|font-size\s*:\s*(?:0+(?:\.0+)?(?![.\d])|(?:0?\.\d+|1)(?:px|pt))|max-height\s*:\s*0|text-indent\s*:\s*-\d{3,}",
    re.IGNORECASE,
)
_HIDING = ("hidden", "display", "visibility", "opacity", "mso-hide", "font-size", "max-height", "text-indent")
_ONE_PIXEL = re.compile(r"(?:width|height)\s*=\s*[\"']?[01]\b")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_EMPTY_IMAGE = re.compile(r'<img(?![^<>]*\ssrc=")(?:\s+[a-z]+="[^"]*")*\s*/?>')
_NUMBER = re.compile(r"\d{1,4}%?")


def clean(html: str) -> str:
    """The allowed part of an HTML fragment, well formed; "" for nothing. Never raises, whatever comes in."""
    html = _shallow(_UNFIT.sub("", html))
    if _may_hide(html.lower()):
        html = _without_hidden(html)
    cleaned = _settled(html)
    if cleaned.count("</") > 3 * DEPTH and _depth(cleaned) > 3 * DEPTH:
        cleaned = _cleaner(frozenset({"br"})).clean(html)
    return _EMPTY_IMAGE.sub("", _UNFIT.sub("", cleaned))  # again: a reference like &#1; is a control character only now


def _settled(html: str) -> str:
    """Allowed, and read again until nothing moves: what one parser writes, the next may read as another tree (a link in a table in a link)."""
    for _ in range(4):
        before, html = html, _cleaner(TAGS).clean(html)
        if html == before:
            break
    return html


@cache
def _cleaner(tags: frozenset[str]) -> nh3.Cleaner:
    """Set up once: half of the time of a short text went into that."""
    return nh3.Cleaner(
        tags=set(tags),
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items() if tag in tags},
        attribute_filter=_attribute,
        link_rel=None,
        url_schemes=set(SCHEMES),
    )


def _attribute(_tag: str, name: str, value: str) -> str | None:
    """Sizes are numbers; a picture of one pixel watches the reader and is taken out elsewhere."""
    if name in ("width", "height"):
        return value if _NUMBER.fullmatch(value) and value not in ("0", "1") else None
    if name in ("colspan", "rowspan", "start"):
        return value if value.isdecimal() and value.isascii() and len(value) <= 3 else None
    return value


def _shallow(html: str) -> str:
    """Drop start tags below ``DEPTH`` wrappers, whose text stays: parsers take quadratic time over them, or give up."""
    if html.count("<") <= DEPTH:
        return html
    opened: Counter[str] = Counter()

    def keep(match: re.Match[str]) -> str:
        name = match[2].lower()
        if name not in _WRAPPERS:
            return match[0]
        if match[1]:
            opened[name] -= opened[name] > 0
            return match[0]
        if opened.total() >= DEPTH:
            return ""
        opened[name] += 1
        return match[0]

    return _TAG.sub(keep, html)


def _depth(html: str) -> int:
    """How deep well-formed HTML nests."""
    deepest = level = 0
    for match in _TAG.finditer(html):
        if match[2] in ("br", "hr", "img"):
            continue
        level += -1 if match[1] else 1
        deepest = max(deepest, level)
    return deepest


def _may_hide(lower: str) -> bool:
    """Whether a text in small letters speaks of hiding at all; few do, and the look into its tree is dear."""
    return any(word in lower for word in _HIDING) or bool(_ONE_PIXEL.search(lower))


def _without_hidden(html: str) -> str:
    """Take out elements that no reader would see, and pictures of one pixel, with what is in them."""
    tree = lxml.html.fragment_fromstring(html, create_parent="div")
    for element in [found for found in tree.iterdescendants() if isinstance(found.tag, str) and _hidden(found)]:
        if element.getparent() is not None:
            element.drop_tree()
    return escape(tree.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in tree)


def _hidden(element: lxml.html.HtmlElement) -> bool:
    if element.tag == "img" and {element.get("width", ""), element.get("height", "")} & {"0", "1", "0px", "1px"}:
        return True
    return "hidden" in element.attrib or bool(_UNSEEN.search(element.get("style", "")))
