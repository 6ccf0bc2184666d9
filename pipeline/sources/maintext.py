"""A whole web page in, the part that people came to read out, with its title, date and address; the only file that imports readability.

Pure: no network, no file. What comes out is still raw and hostile HTML; ``cleaning`` makes it safe. It must never invent a date or an address: they
are taken only from where a page states them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby
from urllib.parse import urljoin

import lxml.html
from readability import Document

from pipeline.errors import FeedError
from pipeline.sources.cleaning import without_tracking
from pipeline.sources.textfile import clean_text

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_LD_DATE = re.compile(r"\"datePublished\"\s*:\s*\"([^\"]{4,60})\"")
_DATES = ("article:published_time", "datepublished", "dc.date", "dc.date.issued", "dcterms.date", "dcterms.created", "pubdate", "date")
_WHOLE_PAGE = re.compile(r"<(?:!doctype|html|head|body|nav|footer)\b", re.IGNORECASE)
_GUESSES = ("utf-8-sig", "cp932", "euc_jp", "cp1252")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page holds. ``html`` is its main text; ``date`` as the page writes it; ``url`` the address that it gives itself, or ""."""

    title: str
    html: str
    date: str = ""
    url: str = ""


def find_main_text(body: bytes, *, url: str = "", content_type: str = "") -> Page:
    """The main text of a web page; ``FeedError`` if there is none."""
    name = url or "このファイル"
    text = re.sub(r"^\s*<\?xml[^>]*>|[\ufffe\uffff]", "", clean_text(_decoded(body, content_type)))
    try:
        page, words = _read(text, url)
    except Exception as error:  # readability and lxml raise a dozen kinds for pages that are none
        raise FeedError(f"{name} から本文を取り出せません（{type(error).__name__}）。{_BY_HAND}") from error
    if not words:
        raise FeedError(f"{name} に本文が見つかりません（画面を動かして初めて現れる本文は読めません）。{_BY_HAND}")
    return page


def _read(text: str, url: str) -> tuple[Page, bool]:
    """The page, and whether its main text has any words."""
    tree = lxml.html.document_fromstring(text)
    document = Document(text, url=None)
    html = document.summary(html_partial=True) if _WHOLE_PAGE.search(text) else text  # of what an editor copied, all was meant
    words = any(part.strip() for part in lxml.html.fragment_fromstring(html, create_parent="div").itertext())
    return Page(title=_title(tree) or _line(document.short_title()), html=html, date=_date(tree, text), url=_address(tree, url)), words


_BY_HAND = "ブラウザで本文を選んでコピーし、テキストファイルに貼り付けて保存すれば、そのファイルを取り込めます。"


def text_page(text: str) -> Page:
    """A pasted text: its first line is the title, blank lines part paragraphs; lines that begin with - • * ・ or 1. 2. are lists."""
    first, _, rest = text.strip().partition("\n")
    blocks = [block.strip() for block in re.split(r"\n\s*\n", rest if rest.strip() else first) if block.strip()]
    return Page(title=_line(first), html="".join(_text_blocks(blocks)))


def _text_blocks(blocks: list[str]) -> Iterator[str]:
    """Each paragraph or list as HTML; items that blank lines part are one list, so that their numbers go on."""
    parts = [part for block in blocks for part in _parts(block.split("\n"))]
    for kind, run in groupby(parts, key=lambda part: part[0]):
        items = [(mark, escape(text, quote=False).replace("\n", "<br>")) for _, mark, text in run]
        counts = len(items) > 1 and [mark[:-1] for mark, _ in items] == [str(n) for n in range(1, len(items) + 1)]
        if kind == "ul" or (kind == "ol" and counts):
            yield f"<{kind}>{''.join(f'<li>{text}</li>' for _, text in items)}</{kind}>"
        else:  # a number that counts nothing may be the day of a date: 12. März
            yield from (f"<p>{' '.join(filter(None, item))}</p>" for item in items)


def _parts(lines: list[str]) -> Iterator[tuple[str, str, str]]:
    """``("p", "", text)``, ``("ul", "", item)``, ``("ol", "1.", item)``; an indented line goes on with the item above, another one ends the list."""
    kind, mark, text = "", "", ""
    for line in lines:
        item = _ITEM.fullmatch(line)
        goes_on = not item and kind and (kind == "p" or line[:1] in " \t　")
        if not goes_on and kind:
            yield kind, mark, text
        if goes_on:
            text += ("\n" if kind == "p" else " ") + line.strip()
        else:
            kind, mark = ("ol" if item["number"] else "ul", item["number"] or "") if item else ("p", "")
            text = item["text"] if item else line.strip()
    yield kind, mark, text


_ITEM = re.compile(r"\s*(?:[-–*][ \t　]+|[・•●‣▪◦][ \t　]*|(?P<number>[0-9]{1,3}[.)])[ \t　]+)(?P<text>\S.*)")


def _decoded(body: bytes, content_type: str) -> str:
    """The page's letters: by its mark, by what it says of itself, else by trying."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", errors="replace")
    stated = _CHARSET.search(content_type) or _CHARSET.search(body[:4096].decode("latin-1"))
    names = {"shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "iso-8859-1": "cp1252"}
    first = (names.get(stated[1].lower(), stated[1]),) if stated else ()
    for name in (*first, *_GUESSES):
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("utf-8", errors="replace")


def _metas(tree: lxml.html.HtmlElement) -> Iterator[tuple[str, str]]:
    for meta in tree.iter("meta"):
        for key in ("property", "name", "itemprop"):
            if meta.get(key):
                yield str(meta.get(key)).strip().lower(), str(meta.get("content", "")).strip()


def _title(tree: lxml.html.HtmlElement) -> str:
    """What the page calls itself: og:title, else its only main heading; its ``<title>`` often holds the name of the site too."""
    stated = next((value for key, value in _metas(tree) if key == "og:title" and value), "")
    headings = [_line(heading.text_content()) for heading in tree.iter("h1")]
    return _line(stated) or (headings[0] if len(headings) == 1 else "")


def _date(tree: lxml.html.HtmlElement, text: str) -> str:
    stated = dict(reversed([(key, value) for key, value in _metas(tree) if key in _DATES and value]))
    times = [str(time.get("datetime")) for time in tree.iter("time") if time.get("datetime")]
    linked = _LD_DATE.search(text)
    found = [stated[key] for key in _DATES if key in stated]
    return found[0] if found else linked[1] if linked else times[0] if len(set(times)) == 1 else ""


def _address(tree: lxml.html.HtmlElement, url: str) -> str:
    links = [str(link.get("href", "")) for link in tree.iter("link") if "canonical" in str(link.get("rel", "")).lower().split()]
    stated = links[0] if links else next((value for key, value in _metas(tree) if key == "og:url"), "")
    try:
        found = urljoin(url, stated.strip()) if stated.strip() else url
    except ValueError:
        found = url
    return without_tracking(found if re.match(r"https?://[^\s/]", found) else url)


def _line(text: str) -> str:
    return " ".join(text.split())
