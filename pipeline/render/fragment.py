"""Fragments as trees: sanitised HTML in, an lxml tree or HTML out, soft line breaks taken out on the way.

Our own writer is used because lxml's rewrites addresses (``src="images/写真.jpg"``) and knows no void elements in XML mode. It never checks
anything: what it is given has been through the allow-list.
"""

from __future__ import annotations

import re
from html import escape

import lxml.html

_BLOCKS = """
    p div h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre hr figure figcaption table caption thead tbody tfoot tr th td
"""
BLOCKS = frozenset(_BLOCKS.split())
VOID = frozenset(["br", "hr", "img"])

_SEAM = "\ufdef"
_SPACE = re.compile(rf"[\s{_SEAM}]+")
_JAPANESE = re.compile(r"[\u2010-\u2e7f\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")


def parse(html: str) -> lxml.html.HtmlElement:
    """The fragment's tree under one ``div`` of ours."""
    return lxml.html.fragment_fromstring(html, create_parent="div")


def serialise(tree: lxml.html.HtmlElement) -> str:
    """What is inside the tree's root, as HTML. Recursion is safe: the allow-list has bounded the depth."""
    written = [escape(tree.text or "", quote=False)]
    for child in tree:
        _write(child, written)
    return "".join(written).strip()


def _write(element: lxml.html.HtmlElement, written: list[str]) -> None:
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in element.items())
    written.append(f"<{element.tag}{attributes}>")
    if element.tag not in VOID:
        written.append(escape(element.text or "", quote=False))
        for child in element:
            _write(child, written)
        written.append(f"</{element.tag}>")
    written.append(escape(element.tail or "", quote=False))


def join_lines(tree: lxml.html.HtmlElement) -> None:
    """Take soft line breaks out of running text: a space between Latin words, nothing where Japanese stands on either side."""
    for run in _runs(tree):
        whole = _SEAM.join(getattr(element, where) or "" for element, where in run)
        if "\n" in whole:
            for (element, where), text in zip(run, _SPACE.sub(_glue, whole).split(_SEAM), strict=True):
                setattr(element, where, text)


def _glue(match: re.Match[str]) -> str:
    if "\n" not in match[0]:
        return match[0]
    before, after = match.string[: match.start()][-1:], match.string[match.end() : match.end() + 1]
    between = "" if not before or not after or _JAPANESE.match(before) or _JAPANESE.match(after) else " "
    return between + _SEAM * match[0].count(_SEAM)


def _runs(tree: lxml.html.HtmlElement) -> list[list[tuple[lxml.html.HtmlElement, str]]]:
    """The texts that stand in one line of running text, across inline elements; blocks and ``br`` end a run, ``pre`` has none."""
    runs: list[list[tuple[lxml.html.HtmlElement, str]]] = [[]]

    def visit(element: lxml.html.HtmlElement) -> None:
        ends = element.tag in BLOCKS or element.tag == "br"
        if ends:
            runs.append([])
        if element.tag != "pre":
            runs[-1].append((element, "text"))
            for child in element:
                visit(child)
        if ends:
            runs.append([])
        runs[-1].append((element, "tail"))

    visit(tree)
    return runs
