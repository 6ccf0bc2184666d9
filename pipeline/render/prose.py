"""Fragments for the text edition: sanitised HTML in, lines of text out.

Paragraphs are parted by one blank line and not indented; lists hang, tables become 「label：value」 lines, the addresses of links stand behind
their paragraph on lines of their own. Text is guarded again, since marks may meet here that tags kept apart in the HTML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import lxml.html

from pipeline.render.fragment import BLOCKS, parse
from pipeline.render.lettering import plain
from pipeline.render.merge import guard
from pipeline.render.wrap import SPACES, fold

_OUR_DATA = re.compile(r"data\.(?=merge\.invalid)", re.IGNORECASE)
_BLANKS = re.compile(r"[^\S\n\u3000]+")
_MENTION = re.compile(r"(?<=[^\s（(：:]) (https?://[!-~]+) (?=[をかでにへよまのとが])")
_UNDER_HEADING = "\n\n\n"  # a heading ends in one line end of its own; no blank line parts it from its text
_HEADINGS = {"h1": "◇", "h2": "◇", "h3": "◇", "h4": "◇", "h5": "▽", "h6": "▽"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hang:
    """What stands before a block's first line and before its others; ``ours`` is whether merge fields work in it."""

    first: str = ""
    rest: str = ""
    ours: bool = False

    def inner(self, mark: str, blank: str) -> _Hang:
        return _Hang(first=self.rest + mark, rest=self.rest + blank, ours=self.ours)

    def later(self) -> _Hang:
        return _Hang(first=self.rest, rest=self.rest, ours=self.ours)


@dataclass(slots=True)
class _Run:
    """Running text between two blocks, and the links in it: (label, address)."""

    text: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


def to_lines(html: str, *, ours: bool = False) -> str:
    """The fragment as text. ``ours`` leaves our merge fields working (issue.md)."""
    return "\n\n".join(_blocks(parse(html), _Hang(ours=ours))).replace(_UNDER_HEADING, "\n").rstrip("\n")


def _blocks(element: lxml.html.HtmlElement, hang: _Hang) -> list[str]:
    """The blocks in an element, running text between them being a block too."""
    blocks: list[str] = []
    run = _Run(text=[element.text or ""])

    def close() -> None:
        nonlocal run
        blocks.extend(_paragraph(run, hang.later() if blocks else hang))
        run = _Run()

    for child in element:
        if child.tag in BLOCKS:
            close()
            blocks.extend(_block(child, hang.later() if blocks else hang))
        else:
            _collect(child, run)
        run.text.append(child.tail or "")
    close()
    return blocks


def _block(element: lxml.html.HtmlElement, hang: _Hang) -> list[str]:
    tag = str(element.tag)
    if tag == "hr":
        return ["＊　＊　＊"]
    if tag in _HEADINGS:
        return [f"{text}\n" for text in _blocks(element, hang.inner(_HEADINGS[tag], ""))]
    return _SHAPES.get(tag, _blocks)(element, hang)


def _list(element: lxml.html.HtmlElement, hang: _Hang) -> list[str]:
    start = element.get("start", "1")
    number = int(start) if start.isdecimal() else 1
    items: list[str] = []
    for item in element.iterchildren("li"):
        mark, blank = (f"{number}　", "　　") if element.tag == "ol" else ("・", "　")
        lines = _blocks(item, hang.inner(mark, blank))
        if lines:
            items.append("\n".join(lines))
            number += 1
    return ["\n".join(items)] if items else []


def _quotation(element: lxml.html.HtmlElement, hang: _Hang) -> list[str]:
    quoted = _blocks(element, hang)
    return ["（引用）", *quoted, "（引用ここまで）"] if quoted else []


def _definitions(element: lxml.html.HtmlElement, hang: _Hang) -> list[str]:
    """「term：meaning」, one under the other."""
    entries: list[str] = []
    term = ""
    for child in element.iter("dt", "dd"):
        if child.tag == "dt":
            term = _text(child, ours=hang.ours)
            continue
        entries.extend(_blocks(child, hang.inner(f"{term}：" if term else "　", "　")))
        term = ""
    entries += [fold(term)] if term else []
    return ["\n".join(entries)] if entries else []


def _table(element: lxml.html.HtmlElement, hang: _Hang) -> list[str]:
    """A row is 「・label：value」 with its other cells below; without labels its cells stand in one line."""
    rows = list(element.iter("tr"))
    labels: list[str] = []
    if rows and all(cell.tag == "th" for cell in rows[0]):
        labels = [_text(cell, ours=hang.ours) for cell in rows.pop(0)]
    written = [lines for row in rows if (lines := _row(row, labels, hang) if labels else _bare_row(row, hang))]
    caption = next((_text(found, ours=hang.ours) for found in element.iter("caption")), "")
    return ["\n".join(([fold(caption)] if caption else []) + written)] if written or caption else []


def _bare_row(row: lxml.html.HtmlElement, hang: _Hang) -> str:
    run = _Run()
    cells = list(row.iterchildren("td", "th"))
    for cell in cells:
        run.text.append(("：" if len(cells) == 2 else "／") if run.text else "")
        _collect(cell, run)
    return "\n".join(_paragraph(run, hang.inner("・", "　")))


def _row(row: lxml.html.HtmlElement, labels: list[str], hang: _Hang) -> str:
    lines: list[str] = []
    for position, cell in enumerate(row.iterchildren("td", "th")):
        label = labels[position] if position < len(labels) else ""
        mark = "・" if not lines else "　"
        lines.extend(_blocks(cell, hang.inner(f"{mark}{label}：" if label else mark, "　")))
    return "\n".join(lines)


def _paragraph(run: _Run, hang: _Hang) -> list[str]:
    text = _tidy("".join(run.text), ours=hang.ours)
    if not text and not run.links:
        return []
    several = len(run.links) > 1 or not text
    text = _pointing(text, run)
    lines = [fold(text, first=hang.first, rest=hang.rest)] if text else []
    for label, address in dict.fromkeys(run.links):
        name = _tidy(label, ours=hang.ours)
        if several and name and name != text:
            lines.append(fold(name, first=hang.rest, rest=hang.rest))
        lines.append(f"{address}\n" if several else address)
    return ["\n".join(lines).rstrip("\n")]


def _pointing(text: str, run: _Run) -> str:
    """「詳しくは https://… をご覧ください」 with one address says 次のページ, and the address follows the paragraph."""
    found = list(_MENTION.finditer(text))
    if len(found) != 1 or run.links or "http" in text.replace(found[0][1], ""):
        return text
    run.links.append(("", found[0][1]))
    return _MENTION.sub("次のページ", text)


def _collect(element: lxml.html.HtmlElement, run: _Run) -> None:
    """Put an inline element into the running text."""
    if element.tag == "br":
        run.text.append("\n")
    elif element.tag == "a" and element.get("href"):
        _collect_link(element, run)
    elif element.tag not in ("img", "rp"):
        around = ("（", "）") if element.tag == "rt" else ("", "")
        run.text += [around[0], element.text or ""]
        for child in element:
            _collect(child, run)
            run.text.append(child.tail or "")
        run.text.append(around[1])


def _collect_link(element: lxml.html.HtmlElement, run: _Run) -> None:
    address = str(element.get("href"))
    inner = _Run(text=[element.text or ""])
    for child in element:
        _collect(child, inner)
        inner.text.append(child.tail or "")
    label = "".join(inner.text).strip(SPACES + "\n")
    scheme, _, rest = address.partition(":")
    if scheme in ("mailto", "tel"):
        known = rest.partition("?")[0]
        run.text.append(label if known in label or not known else f"{label}（{known}）")
    elif label.startswith(("http://", "https://", "www.")) and " " not in label:
        run.text.append(f" {address} ")
    elif label:
        run.text.append(label)
        run.links.append((label, address))
    else:
        run.links.append((next((image.get("alt", "") for image in element.iter("img")), ""), address))


def _text(element: lxml.html.HtmlElement, *, ours: bool) -> str:
    run = _Run()
    _collect(element, run)
    return _tidy("".join(run.text), ours=ours).replace("\n", "")


def _tidy(text: str, *, ours: bool) -> str:
    """One space for many, letters that gateways keep, and every tag syntax inert."""
    text = plain(_BLANKS.sub(" ", text)).strip(SPACES + "\n")
    return guard(text, ours=True) if ours else guard(_OUR_DATA.sub("", text))


_SHAPES = {"ul": _list, "ol": _list, "dl": _definitions, "table": _table, "blockquote": _quotation}
