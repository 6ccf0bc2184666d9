"""The bytes of a feed in, its entries out: RSS 0.9x–2.0, RDF and Atom by feedparser, JSON Feed by ourselves; the only file that imports feedparser.

Pure: no network, no file, no clock. Any bytes give a ``ParsedFeed`` or a ``FeedError``. It must never invent a date: feedparser's own dates are
not used at all, because it reads 2025年9月30日 as the first of this month and JST as UTC; the raw string is read here or the entry is undated.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape, unescape
from typing import Any

import feedparser
import lxml.etree
import lxml.html

from pipeline.dates import find_date
from pipeline.errors import FeedError
from pipeline.sources.addresses import joined
from pipeline.sources.cleaning import without_tracking

_HARMLESS = ("NonXMLContentType", "CharacterEncodingOverride", "CharacterEncodingUnknown")
_MONTHS = (
    ("jan", "ene"), ("feb", "fev"), ("mar", "mrz"), ("apr", "abr", "avr"), ("may", "mai", "maj"), ("jun", "juin"), ("jul", "juil"),
    ("aug", "ago", "aou"), ("sep", "set"), ("oct", "okt", "out"), ("nov",), ("dec", "dic", "dez"),
)  # fmt: skip
_DAY_FIRST = re.compile(
    r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+(?:de\s+)?(?P<m>[a-z]{3,12})\.?,?[\s-]+(?:de\s+)?(?P<y>\d{4}|\d\d(?=\s))"
)
_MONTH_FIRST = re.compile(r"(?P<m>[a-z]{3,12})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?:\d\d?:\d\d(?::\d\d)?\s+)?(?P<y>\d{4})")
_UTC_TIME = re.compile(r"(?P<h>\d{1,2}):\d{2}(?::\d{2})?(?:\.\d+)?\s*(?:Z|UTC|GMT|UT|[+-]00:?00)\b", re.IGNORECASE)
_INLINE_TAG = re.compile(r"</?(?:b|i|u|em|strong|span|br|sup|sub|a|code|font|small|wbr)\b[^<>]*>", re.IGNORECASE)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"\xd0\xcf\x11\xe0")
_ALTERNATE = ("application/rss+xml", "application/atom+xml", "application/feed+json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One post as the feed gives it. ``html`` is raw and hostile; ``published`` is ``None`` where ``raw_date`` could not be read."""

    identity: str
    url: str
    title: str
    published: date | None
    raw_date: str
    html: str
    base: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a feed holds. ``dropped`` says in Japanese what was left out and why; ``problem`` what is broken about the file itself."""

    title: str
    entries: tuple[Entry, ...]
    dropped: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Raw:
    """An entry before its identity is known: every value text, nothing trusted."""

    id: str
    url: str
    title: str
    date: str
    html: str
    base: str


def parse_feed(body: bytes, *, url: str, name: str = "", content_type: str = "", language: str = "en") -> ParsedFeed:
    """The entries of a feed found at ``url`` ("" for a saved file called ``name``).

    ``FeedError`` for a web page, an empty feed, or something that is no feed.
    """
    name = name or url
    if not body.strip():
        raise FeedError(_nothing(body, name, "中身が空です"))
    try:
        found = _json_feed(body, url, name) if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else _xml_feed(body, url, content_type)
    except FeedError:
        raise
    except Exception as error:
        raise FeedError(f"{name} を解釈できません（{type(error).__name__}）。配信元に、フィードが壊れていないか尋ねてください。") from error
    title, problem, raw = found
    if not raw:
        raise FeedError(_nothing(body, name, problem))
    entries, dropped = _identified(raw, url, language)
    return ParsedFeed(title=_line(title), entries=entries, dropped=dropped, problem=problem)


def read_date(raw: str, *, language: str = "en") -> date | None:
    """The calendar day that a feed's date string names where it was written, or ``None``.

    ISO, Japanese and 和暦 forms, RFC 822 and its cousins with month names of English, German, French, Spanish and Portuguese. Numbers alone in
    an order that is not year-month-day (05/03/2019) are not guessed. For Japanese feeds a UTC time is taken as Japan's day.
    """
    day = find_date(raw[:200]) or _named_month(raw[:200])
    if day is None or not 1900 <= day.year <= 2199:
        return None
    clock = _UTC_TIME.search(raw)
    return day + timedelta(days=1) if clock and language.startswith("ja") and int(clock["h"]) >= 15 else day


def _named_month(raw: str) -> date | None:
    folded = unicodedata.normalize("NFKD", raw).encode("ascii", "ignore").decode().lower()
    for pattern in (_DAY_FIRST, _MONTH_FIRST):
        for match in pattern.finditer(folded):
            month = next((n for n, names in enumerate(_MONTHS, 1) if match["m"].startswith(names)), 0)
            year = int(match["y"]) if len(match["y"]) == 4 else 2000 + int(match["y"])
            try:
                return date(year, month, int(match["d"]))
            except ValueError:
                continue
    return None


def _xml_feed(body: bytes, url: str, content_type: str) -> tuple[str, str, list[_Raw]]:
    headers = {"content-type": content_type or "application/xml"} | ({"content-location": url} if url else {})
    # a stream, because bare bytes that spell a path make feedparser open that file
    parsed = feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    error = parsed.get("bozo_exception")
    problem = "" if error is None or type(error).__name__ in _HARMLESS else f"XML に誤りがあります（{_line(str(error))[:120]}）"
    rows = [
        _Raw(
            id=_text(entry.get("id")),
            url=_text(entry.get("link")),
            title=_text(entry.get("title")),
            date=_text(entry.get("published") or entry.get("updated")),
            html=html,
            base=base,
        )
        for entry in parsed.entries
        for html, base in (_content(entry),)
    ]
    return _text(parsed.feed.get("title")), problem, rows if parsed.version or rows else []


def _content(entry: Any) -> tuple[str, str]:
    """The fullest text of an entry, as HTML, and the address that its relative links start from (xml:base, else the feed's own)."""
    parts = [*entry.get("content", ()), entry.get("summary_detail") or {}]
    best = max(parts, key=lambda part: (part is not parts[-1], len(_text(part.get("value")))))
    value = _text(best.get("value")) or _text(entry.get("summary"))
    plain = best.get("type") == "text/plain" and not re.search(r"<\w+[^<>]*>", value)
    return _paragraphs(value) if plain else value, _text(best.get("base"))


def _json_feed(body: bytes, url: str, name: str) -> tuple[str, str, list[_Raw]]:
    try:
        data = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FeedError(f"{name} は JSON として読めません（{_line(str(error))[:80]}）。URL を確かめてください。") from None
    if not isinstance(data, dict) or not str(data.get("version", "")).startswith("https://jsonfeed.org/version/"):
        raise FeedError(f"{name} は JSON ですが JSON Feed ではありません。RSS・Atom・JSON Feed の URL を書いてください。")
    items = data.get("items")
    rows = [
        _Raw(
            id=_text(item.get("id")),
            url=joined(url, _text(item.get("url")) or _text(item.get("external_url"))),
            title=escape(_text(item.get("title")), quote=False),
            date=_text(item.get("date_published")) or _text(item.get("date_modified")),
            html=_text(item.get("content_html")) or _paragraphs(_text(item.get("content_text"))) or _paragraphs(_text(item.get("summary"))),
            base="",
        )
        for item in (items if isinstance(items, list) else [])
        if isinstance(item, dict)
    ]
    return _text(data.get("title")), "", rows


def _identified(raw: list[_Raw], url: str, language: str) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Entries with identities; phantoms and repeats are left out and named."""
    shared = Counter(without_tracking(row.url) for row in raw if not row.id)
    entries: dict[str, Entry] = {}
    dropped = []
    for number, row in enumerate(raw, 1):
        title = _line(row.title)[:500]
        if not (row.id or row.url or title):
            dropped.append(f"{number}番目の記事（題名もリンクも ID もありません）")
            continue
        entry = _entry(row, title, url, language, shared)
        if entry.identity in entries:
            dropped.append(f"{number}番目の記事「{title[:30]}」（同じフィードの別の記事と重なっています）")
        else:
            entries[entry.identity] = entry
    return tuple(entries.values()), tuple(dropped)


def _entry(row: _Raw, title: str, url: str, language: str, shared: Counter[str]) -> Entry:
    link = without_tracking(row.url) if re.match(r"https?://[^\s/]", row.url) else ""
    own_link = link if shared[link] == 1 else ""
    digest = hashlib.sha256(f"{title}\n{row.date.strip()}".encode()).hexdigest()[:32]
    return Entry(
        identity=_line(row.id)[:500] or own_link[:500] or f"sha256:{digest}",
        url=link,
        title=title,
        published=read_date(row.date, language=language),
        raw_date=_line(row.date)[:100],
        html=row.html,
        base=row.base if row.base.startswith("http") else link or url,
    )


def _nothing(body: bytes, name: str, problem: str) -> str:
    """Why there is no entry: never simply "no news"."""
    if re.search(rb"<(?:html|!doctype html|body)\b", body[:4096], re.IGNORECASE):
        hint = "、".join(_alternates(body, name)) or "ページの中の RSS の印を探し、その URL を書いてください"
        return f"{name} はフィードではなく Web ページです。フィードの候補：{hint}。"
    if body.startswith(_BINARY):
        return f"{name} はフィードではなく、画像やPDFなどのファイルです。フィードの URL を確かめ、newsletter.toml の url に書いてください。"
    why = f"（{problem}）" if problem else ""
    return f"{name} に記事が1件もありません{why}。フィードの URL か、配信が止まっていないか、ブラウザで確かめてください。"


def _alternates(body: bytes, name: str) -> Iterator[str]:
    try:
        tree = lxml.html.document_fromstring(body[:200_000])
    except (lxml.etree.LxmlError, ValueError):  # a page that has nothing in it
        return
    for link in tree.iter("link"):
        if link.get("type", "").lower() in _ALTERNATE and link.get("href"):
            yield _line(joined(name, link.get("href", "")))[:200]


def _paragraphs(text: str) -> str:
    """Plain text as HTML."""
    return "".join(f"<p>{escape(part.strip(), quote=False)}</p>" for part in re.split(r"\n\s*\n", text) if part.strip())


def _line(text: str) -> str:
    """One plain line: entities read once, inline tags and what nobody can see taken out."""
    return " ".join(_INVISIBLE.sub("", unescape(_INLINE_TAG.sub("", text))).split())


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int) and not isinstance(value, bool) else ""
