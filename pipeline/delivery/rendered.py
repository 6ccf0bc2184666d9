"""A mail as people see it: an HTML page or a plain text in, lines of visible text with links and pictures out. Pure.

The page may come from anywhere: what cannot be seen (styles, scripts, comments, elements that are not displayed, characters without a shape) is
left out, and nothing of it is ever run or asked for. It must never leave out what a reader sees.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

import lxml.html
from lxml import etree

TOP, FOOT = "冒頭", "奥付"
_BLOCKS = frozenset(
    (
        *(
            "address",
            "article",
            "aside",
            "blockquote",
            "body",
            "caption",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
            "fieldset",
            "figcaption",
            "figure",
        ),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table"),
        *("tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    )
)
_SILENT = frozenset(("head", "style", "script", "title", "template", "noscript", "object", "svg", "textarea", "select", "iframe"))
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE)
_SHAPELESS = re.compile("[\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_THE_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)  # people see what gateways write behind it, libxml2 does not
_BLANK = re.compile(r"[ \t\r\n\f\v\u00a0]+")
_NUMBER = re.compile(r"■?(\d{1,2}-\d{1,2})　")
_HEADING = re.compile(r"【(\d{1,2})】(.+)|■(?!\d)(.+)")
_BEGINS = re.compile(r"[・■◇◆【※]|\d{1,2}(?:-\d{1,2})?　|https?://")
_RULE = re.compile(r"[━─=\-_*]{4,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line or block of text. ``label`` is the number of the item that it stands in (2-3), else the part of the page."""

    text: str
    label: str = TOP

    @property
    def key(self) -> str:
        """The text without any space: gateways break and join lines as they like."""
        return key_of(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as it stands in the page: where it leads, its words (or its picture's), the label of its place."""

    address: str
    text: str
    label: str = TOP


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture as it stands in the page; ``width`` as the page says, in CSS pixels, "" if it does not."""

    address: str
    alt: str
    label: str = TOP
    width: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What can be seen of a page, each in its order."""

    lines: tuple[Line, ...] = ()
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()


def page_of(html: str, *, leave_out: frozenset[str] = frozenset()) -> Page:
    """What can be seen of an HTML page, however broken. ``leave_out``: ids of elements that are not ours to read."""
    data = _THE_END.sub("", html.replace("\0", "")).encode("utf-8", "replace")
    try:
        root = lxml.html.document_fromstring(data, parser=lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return Page()
    reading = _Reading(leave_out=leave_out)
    for event, element in etree.iterwalk(root, events=("start", "end")):
        (reading.open if event == "start" else reading.close)(element)
    reading.break_line()
    return Page(lines=tuple(reading.lines), links=tuple(link.done() for link in reading.links), images=tuple(reading.images))


@dataclass(slots=True)
class _OpenLink:
    address: str
    label: str
    words: list[str]

    def done(self) -> Link:
        return Link(address=self.address, text=shown("".join(self.words)), label=self.label)


@dataclass(slots=True)
class _Reading:
    """The page read so far."""

    leave_out: frozenset[str]
    lines: list[Line] = field(default_factory=list)
    links: list[_OpenLink] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    label: str = TOP
    words: list[str] = field(default_factory=list)
    inside: list[_OpenLink] = field(default_factory=list)
    hidden: etree._Element | None = None

    def open(self, element: etree._Element) -> None:
        if self.hidden is not None:
            return
        tag = str(element.tag).lower()
        if tag in _SILENT or "hidden" in element.attrib or _HIDDEN.search(element.get("style", "")) or element.get("id") in self.leave_out:
            self.hidden = element
            return
        if tag in _BLOCKS or tag == "br":
            self.break_line()
            self._mark(element, tag)
        elif tag == "a" and element.get("href") is not None:
            link = _OpenLink(element.get("href", "").strip(), self.label, [])
            self.links.append(link)
            self.inside.append(link)
        elif tag == "img":
            self._see(element)
        self._say(element.text)

    def close(self, element: etree._Element) -> None:
        tag = str(element.tag).lower()
        if self.hidden is None:
            if tag in _BLOCKS:
                self.break_line()
            elif tag == "a" and element.get("href") is not None and self.inside:
                self.inside.pop()
        elif self.hidden is element:
            self.hidden = None
        if self.hidden is None:
            self._say(element.tail)

    def _mark(self, element: etree._Element, tag: str) -> None:
        """Know where in the page we are: a section's heading, an item's, the card around a heading, the foot."""
        if tag == "h2":
            self.label = shown("".join(map(str, element.itertext()))) or self.label
        elif tag in ("h3", "h4"):
            self.label = element.get("id") or self.label
        elif element.get("id") == "footer":
            self.label = FOOT
        elif tag == "td" and element.get("class", "").startswith("card"):
            heading = next(element.iter("h3", "h4"), None)
            self.label = (heading.get("id") if heading is not None else None) or self.label

    def _see(self, image: etree._Element) -> None:
        alt, address = shown(image.get("alt", "")), image.get("src", "").strip()
        self.images.append(Image(address=address, alt=alt, label=self.label, width=image.get("width", "")))
        for link in self.inside:
            link.words.append(f"〔{alt}〕" if alt else "")

    def _say(self, text: str | None) -> None:
        if text:
            self.words.append(text)
            for link in self.inside:
                link.words.append(text)

    def break_line(self) -> None:
        text = shown("".join(self.words))
        if text:
            self.lines.append(Line(text=text, label=self.label))
        self.words.clear()


def paragraphs_of(text: str) -> tuple[Line, ...]:
    """The paragraphs of a plain text: what stands between blank lines, rules, headings and bullets; its other line ends are forgotten."""
    found: list[Line] = []
    label, whole = TOP, ""
    for raw in (*re.split(r"\r\n|[\r\n]", text), ""):
        line = shown(raw)
        if not line or _RULE.fullmatch(line) or _BEGINS.match(line):
            found += [Line(text=whole, label=label)] if whole else []
            whole, line = "", "" if _RULE.fullmatch(line) else line
        label = _heading(line) or label
        whole += (" " if whole and line and whole[-1].isascii() and line[0].isascii() else "") + line
    return tuple(found)


def _heading(line: str) -> str:
    """The label that begins with a line, as the HTML has it; "" if none does."""
    if number := _NUMBER.match(line):
        return number[1] if line.startswith("■") else ""
    heading = _HEADING.fullmatch(line)
    return "" if not heading else f"{heading[1]}　{heading[2]}" if heading[1] else heading[3]


def shown(text: str) -> str:
    """Text as it is seen: runs of blanks as one, nothing at the ends, no characters without a shape; composed (NFC)."""
    return unicodedata.normalize("NFC", _BLANK.sub(" ", _SHAPELESS.sub("", text))).strip()


def key_of(text: str) -> str:
    """Text without any space, to hold against another."""
    return re.sub(r"\s+", "", text)
