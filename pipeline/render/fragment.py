"""Fragments as trees: sanitised HTML in, an lxml tree or HTML out.

Our own writer is used because lxml's rewrites addresses (``src="images/写真.jpg"``) and knows no void elements in XML mode. It never checks
anything: what it is given has been through the allow-list.
"""

from __future__ import annotations

from html import escape

import lxml.html

_BLOCKS = """
    p div h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre hr figure figcaption table caption thead tbody tfoot tr th td
"""
BLOCKS = frozenset(_BLOCKS.split())
VOID = frozenset(["br", "hr", "img"])


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
