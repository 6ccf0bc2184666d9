"""A finished mail as it is read: its HTML and its text edition in, stretches of text with the number of their item out. Pure.

It must never leave out what a reader can see: what nobody wrote into a draft (奥付, the next issue's date) is read aloud too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import lxml.html

from pipeline.model import Email

TOP, FOOT = "冒頭", "奥付"
_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dt", "dd", "div", "blockquote", "pre", "ul", "ol", "dl", "table")
_NUMBER = re.compile(r"^\s*(?:【\d{1,2}】|\d{1,2}(?:-\d{1,2})?　)\s*")
_BEGINS = re.compile(r"[・■◇◆【━─]|\d{1,2}(?:-\d{1,2})?　")
FULL = 56  # columns of 70: what is shorter ended by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """One block. ``label`` is the item's number (2-3), else the part of the page; ``links`` are (address, text) of the links in it."""

    label: str
    text: str
    links: tuple[tuple[str, str], ...] = ()


def pages(email: Email) -> tuple[tuple[Printed, ...], tuple[Printed, ...]]:
    """Every block of the HTML, subject and lead line before it; every paragraph of the text edition."""
    head = (Printed(label="件名", text=email.subject), Printed(label="導入文", text=email.lead_line))
    return (*head, *_of_html(email.html)), tuple(_of_text(email.text))


def _of_html(html: str) -> Iterator[Printed]:
    label = section = TOP
    for element in lxml.html.document_fromstring(html).iter(*_BLOCKS):
        text = re.sub(r"\s+", " ", "".join(_own(element)).replace("　", "\0")).replace("\0", "　").strip()
        links = tuple(
            (link.get("href", ""), "".join(map(str, link.itertext())).strip()) for link in element.iter("a") if _block_of(link) is element
        )
        if element.tag == "h2":
            label = section = _NUMBER.sub("", text) or section
        elif element.tag in ("h3", "h4"):
            label = element.get("id") or label
        elif element.get("id") == "footer":
            label = FOOT
        if text or links:
            yield Printed(label=_card(element) or label, text=_NUMBER.sub("", text), links=links)


def _own(element: lxml.html.HtmlElement) -> Iterator[str]:
    """The text of a block and of what stands in its lines, the alternative texts of its pictures too; blocks inside it speak for themselves."""
    yield element.text or ""
    for child in element:
        if child.tag == "br":
            yield "　"
        elif child.tag == "img":
            yield f"　{child.get('alt', '')}　"
        elif isinstance(child.tag, str) and child.tag not in _BLOCKS:
            yield from _own(child)
        yield child.tail or ""


def _block_of(link: lxml.html.HtmlElement) -> lxml.html.HtmlElement | None:
    return next((one for one in link.iterancestors() if one.tag in _BLOCKS), None)


def _card(element: lxml.html.HtmlElement) -> str:
    """The number of the card that a block stands in: its first line stands above the heading."""
    card = next((one for one in element.iterancestors("td") if one.get("class", "").startswith("card")), None)
    heading = next(card.iter("h3", "h4"), None) if card is not None else None
    return heading.get("id", "") if heading is not None else ""


def _of_text(text: str) -> Iterator[Printed]:
    label, whole = TOP, ""
    for line in (*text.split("\n"), ""):
        if whole and (not line or _BEGINS.match(line) or not _is_full(whole.rpartition("\n")[2])):
            whole = whole.replace("\n", "")
            heading = re.match(r"■(\d+(?:-\d+)?)　", whole)
            label = heading[1] if heading else label
            yield Printed(label=label, text=_NUMBER.sub("", whole.lstrip("・■◇◆")))
            whole = ""
        whole += ("\n" if whole else "") + line.strip("　")


def _is_full(line: str) -> bool:
    """Whether a line was broken because it was full, so that the next one goes on with it."""
    return sum(1 if one.isascii() else 2 for one in line) >= FULL and "://" not in line
