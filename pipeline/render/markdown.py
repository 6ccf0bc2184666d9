"""Markdown in, a safe and guarded HTML fragment out; both editions are made from it.

Steps: editors' habits (``habits``) → Python-Markdown → the allow-list → one walk over the tree: soft line breaks joined, bare URLs linked,
addresses cleaned, headings moved below the item's, every text guarded against merge tags. It must never let an address or a tag syntax of a
draft through as anything but data, and it takes linear time on hostile drafts.
"""

from __future__ import annotations

from functools import lru_cache

import lxml.html
import markdown

from pipeline.render import habits
from pipeline.render.address import BARE, clean_url, split_tail
from pipeline.render.fragment import BLOCKS, join_lines, parse, serialise
from pipeline.render.merge import guard
from pipeline.sanitise import clean

__all__ = ["clean_url", "pictures_in", "to_html"]

FIRST_HEADING = 4

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LITERAL = ("a", "code", "pre")
_SHOWN = {"alt", "title"}


def to_html(text: str, *, ours: bool = False) -> str:
    """The body as an HTML fragment. ``ours`` (only issue.md) leaves our merge fields working. Pictures keep ``src`` as written."""
    return _fragment(text, ours)


@lru_cache(maxsize=256)
def _fragment(text: str, ours: bool) -> str:
    """Behind the door because a cache takes ``f(x)`` and ``f(x, ours=False)`` for two questions: both editions ask the same one."""
    html = clean(_converter().reset().convert(habits.tame(text)))
    tree = parse(html)
    _lift_stand_ins(tree)
    join_lines(tree)
    _settle_paragraphs(tree)
    _move_headings(tree)
    _link_bare_urls(tree)
    _guard(tree, ours=ours)
    return serialise(tree)


def pictures_in(text: str) -> tuple[str, ...]:
    """The ``src`` of every picture in a body, as written, in order."""
    return tuple(image.get("src", "") for image in parse(to_html(text)).iter("img"))


@lru_cache(maxsize=1)
def _converter() -> markdown.Markdown:
    converter = markdown.Markdown(extensions=["tables", "def_list", "sane_lists"], tab_length=4)
    converter.parser.blockprocessors.deregister("code")  # four spaces are an indentation to editors, never code
    converter.parser.blockprocessors.deregister("setextheader")  # ``habits`` has made headings of them
    for unused in ("image_reference", "short_reference", "short_image_ref"):
        converter.inlinePatterns.deregister(unused)
    return converter


def _lift_stand_ins(tree: lxml.html.HtmlElement) -> None:
    for element in tree.iter():
        element.text = element.text and habits.lift(element.text)
        element.tail = element.tail and habits.lift(element.tail)
        for name, value in element.items():
            element.set(name, habits.lift(value))


def _settle_paragraphs(tree: lxml.html.HtmlElement) -> None:
    """What mail programs paste: a ``div`` around running text is a paragraph, an empty paragraph is nothing."""
    for element in list(tree.iter("div", "p")):
        if element is tree or any(child.tag in BLOCKS for child in element):
            continue
        element.tag = "p"
        if not element.text_content().strip() and element.find(".//img") is None:
            element.drop_tree()


def _move_headings(tree: lxml.html.HtmlElement) -> None:
    """The body's highest heading stands right below the item's (h3), the next one below that: no level is left out."""
    headings = list(tree.iter(*_HEADINGS))
    levels = sorted({heading.tag for heading in headings})
    for heading in headings:
        heading.tag = f"h{min(FIRST_HEADING + levels.index(heading.tag), 6)}"


def _link_bare_urls(tree: lxml.html.HtmlElement) -> None:
    for element in list(tree.iter()):
        if element.tag not in _LITERAL and not any(parent.tag in _LITERAL for parent in element.iterancestors()):
            element.text, links = _linked(element.text or "")
            for link in reversed(links):
                element.insert(0, link)
        parent = element.getparent()
        if parent is not None and parent.tag not in _LITERAL and not any(above.tag in _LITERAL for above in parent.iterancestors()):
            element.tail, links = _linked(element.tail or "")
            for link in reversed(links):
                element.addnext(link)


def _linked(text: str) -> tuple[str, list[lxml.html.HtmlElement]]:
    """The text up to the first bare URL, and an ``a`` for each URL with the text behind it as its tail."""
    links: list[lxml.html.HtmlElement] = []
    first, position = "", 0
    for match in BARE.finditer(text):
        url = match[0][: split_tail(match[0])]
        if not clean_url(url):
            continue
        between = text[position : match.start()]
        if links:
            links[-1].tail = between
        else:
            first = between
        link = lxml.html.Element("a", href=url)
        link.text = url
        links.append(link)
        position = match.start() + len(url)
    if not links:
        return text, []
    links[-1].tail = text[position:]
    return first, links


def _guard(tree: lxml.html.HtmlElement, *, ours: bool) -> None:
    """Make addresses and tag syntaxes inert; a link whose address is refused becomes its text."""
    for element in list(tree.iter()):
        if element.text:
            element.text = guard(element.text, ours=ours)
        if element.tail:
            element.tail = guard(element.tail, ours=ours)
        for name in _SHOWN & set(element.keys()):
            element.set(name, guard(element.get(name, "")))
        if element.tag == "a":
            address = clean_url(element.get("href", ""), ours=ours)
            element.set("href", address) if address else element.drop_tag()
