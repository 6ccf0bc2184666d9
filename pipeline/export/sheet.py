"""The text of the 校正紙: a finished mail's HTML in, the same words as plain blocks out, every address in full, pictures with their texts. Pure.

What is printed is what will be sent, item numbers included. Of the mail's design nothing is left: a proofreader reads words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import lxml.etree
import lxml.html
from lxml.html import HtmlElement, builder

_KEPT = frozenset({"id", "href", "src", "alt", "lang", "scope", "colspan", "rowspan", "start"})
_PARTS = {"masthead": "name", "box": "box", "points": "box", "foot": "foot", "card": "card"}
_STANDARD = ("http://", "https://", "mailto:", "tel:")


def compose_sheet(html: str, pictures: Mapping[str, str]) -> str:
    """The blocks as an HTML fragment. ``pictures``: file name → ``data:`` address, so that the sheet is one file."""
    body = next(lxml.html.document_fromstring(html).iter("body"))
    lxml.etree.strip_tags(body, lxml.etree.Comment)
    for table in [*body.iter("table")]:
        if table.get("role") == "presentation":
            _open(table)
    for title in [*body.iter("h1")]:
        title.tag, title.attrib["class"] = "p", "mail-title"
    for image in [*body.iter("img")]:
        _show(image, pictures)
    for link in [*body.iter("a")]:
        _spell_out(link)
    for element in body.iter():
        _strip(element)
    return "".join(lxml.html.tostring(child, encoding="unicode") for child in body)


def _open(table: HtmlElement) -> None:
    """Take a table of layout away; its cells become plain parts of the page."""
    for cell in _cells(table):
        words = cell.get("class", "").split()
        part = next((part for word in words for begin, part in _PARTS.items() if word.startswith(begin)), "")
        cell.tag = "div"
        cell.attrib.pop("class", None)
        if part:
            cell.set("data-part", part)
    for row in [row for row in table.iter("tr", "tbody") if _table_of(row) is table]:
        row.drop_tag()
    table.drop_tag()


def _cells(table: HtmlElement) -> list[HtmlElement]:
    return [cell for cell in table.iter("td", "th") if _table_of(cell) is table]


def _table_of(element: HtmlElement) -> HtmlElement | None:
    return next(element.iterancestors("table"), None)


def _show(image: HtmlElement, pictures: Mapping[str, str]) -> None:
    """A picture with the text that stands for it: who does not see the one reads the other."""
    file = image.get("src", "").rpartition("/")[2]
    _note(image, f"代替文：{image.get('alt', '')}", "alt")
    if file in pictures:
        image.set("src", pictures[file])
    else:
        image.drop_tag()


def _spell_out(link: HtmlElement) -> None:
    """The address in full behind the link's words, unless it stands there already; links within the page are words."""
    address = link.get("href", "")
    if address.startswith("#") or not address:
        link.drop_tag()
        return
    if not _stands_beside(link, address):
        _note(link, address.removeprefix("mailto:") if address.startswith(_STANDARD) else f"差し込み項目 {address}", "url")
    if not address.startswith(_STANDARD):
        link.drop_tag()


def _note(element: HtmlElement, text: str, part: str) -> None:
    """Words of ours behind an element, on a line of their own: a line break of the mail that follows would be a second one."""
    note = builder.SPAN(text)
    note.set("data-part", part)
    note.tail, element.tail = element.tail, None
    element.addnext(note)
    after = note.getnext()
    if after is not None and after.tag == "br" and not (note.tail or "").strip():
        after.drop_tag()


def _stands_beside(link: HtmlElement, address: str) -> bool:
    block = next((one for one in link.iterancestors("p", "li", "td", "th", "dd", "div")), None)
    after = block.getnext() if block is not None else None
    shown = (block.text_content() if block is not None else "", after.text_content().strip() if after is not None else "")
    return address.removeprefix("mailto:") in shown[0].split() or address in _words(block) or shown[1] == address


def _words(block: HtmlElement | None) -> Iterator[str]:
    if block is not None:
        yield from (text.strip() for text in block.itertext())


def _strip(element: HtmlElement) -> None:
    part = element.get("data-part") or ("mail-title" if element.get("class") == "mail-title" else "")
    for name in [name for name in element.attrib if name not in _KEPT]:
        del element.attrib[name]
    if part:
        element.set("class", part)
