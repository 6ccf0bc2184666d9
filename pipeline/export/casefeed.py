"""The public case studies as feeds: reviewed, public items in, ``atom.xml`` (RFC 4287) and ``feed.json`` (JSON Feed 1.1) out.

No clock: a feed is as new as its newest review. It must never carry a case that belongs to members, a merge field, or a picture.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET  # only written here, never parsed

import lxml.html

from pipeline.config import Dialect, Masthead
from pipeline.errors import ExportError
from pipeline.export.folder import empty_folder, write_text
from pipeline.model import Article, Email, Origin, japanese_date
from pipeline.render.merge import resolve

ATOM = "http://www.w3.org/2005/Atom"
FOLDER = "feed"  # below web.base_url, where the office puts both files
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what no XML file may hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One public case: ``html`` is its body as a guarded fragment, ``slug`` the issue whose web copy has it ("" if none has come out)."""

    id: str
    article: Article
    html: str
    reviewed_on: date
    slug: str = ""


def write_feeds(items: tuple[Item, ...], masthead: Masthead, out: Path, *, otherwise: date) -> tuple[Path, Path]:
    """Write both files into ``out`` anew, newest review first. ``otherwise``: the date of a feed in which nothing is public."""
    for item in items:
        _refuse_members(item)
    items = tuple(sorted(items, key=lambda item: (item.reviewed_on, item.id), reverse=True))
    updated = _moment(items[0].reviewed_on if items else otherwise)
    folder = empty_folder(out)
    return (
        write_text(folder / "atom.xml", compose_atom(items, masthead, updated=updated)),
        write_text(folder / "feed.json", compose_json(items, masthead)),
    )


def compose_atom(items: tuple[Item, ...], masthead: Masthead, *, updated: str) -> str:
    """The Atom feed; ``updated`` is an RFC 3339 time."""
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": "ja"})
    address = f"{masthead.web.base_url}/{FOLDER}/atom.xml"
    for name, text in (("id", address), ("title", _title(masthead)), ("updated", updated)):
        _add(feed, name, text)
    _add(feed, "link", "", rel="self", type="application/atom+xml", href=address)
    _add(feed, "link", "", rel="alternate", type="text/html", href=masthead.web.home_url)
    _add(_add(feed, "author", ""), "name", masthead.sender.organisation)
    for item in items:
        _entry(feed, item, masthead)
    ET.indent(feed, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"


def compose_json(items: tuple[Item, ...], masthead: Masthead) -> str:
    """The JSON Feed."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(masthead),
        "home_page_url": masthead.web.home_url,
        "feed_url": f"{masthead.web.base_url}/{FOLDER}/feed.json",
        "language": "ja",
        "authors": [{"name": masthead.sender.organisation, "url": masthead.web.home_url}],
        "items": [_json_item(item, masthead) for item in items],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _entry(feed: ET.Element, item: Item, masthead: Masthead) -> None:
    entry, article, origin = _add(feed, "entry", ""), item.article, item.article.origin
    for name, text in (("id", item.id), ("title", article.title), ("updated", _moment(item.reviewed_on))):
        _add(entry, name, text)
    if item.slug:
        _add(entry, "link", "", rel="alternate", type="text/html", href=_page(item, masthead))
    if origin and origin.url:
        _add(entry, "link", "", rel="via", href=origin.url, **({"hreflang": origin.language} if origin.language else {}))
    if article.pathway:
        _add(entry, "category", "", term=article.pathway)
    if article.summary:
        _add(entry, "summary", article.summary)
    _add(entry, "content", _content(item, masthead), type="html")


def _json_item(item: Item, masthead: Masthead) -> dict[str, object]:
    article, origin = item.article, item.article.origin
    row = {
        "id": item.id,
        "url": _page(item, masthead) if item.slug else "",
        "external_url": origin.url if origin else "",
        "title": article.title,
        "summary": article.summary,
        "content_html": _content(item, masthead),
        "date_published": _moment(item.reviewed_on),
        "tags": [article.pathway] if article.pathway else [],
        "language": "ja",
    }
    return {key: value for key, value in row.items() if value}


def _content(item: Item, masthead: Masthead) -> str:
    """The case as readers see it: text without pictures, merge tags inert, and below it where it comes from."""
    root = lxml.html.fragment_fromstring(item.html, create_parent="div")
    for picture in list(root.iter("img")):
        picture.drop_tree()
    fragment = (root.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in root)
    plain = resolve(Email(subject="", lead_line="", html=fragment, text=""), Dialect(name="feed"), slug=item.slug, web_url="").html
    return "".join((plain.strip(), *(f"<p>{_escaped(line)}</p>" for line in _credit(item.article.origin, masthead))))


def _credit(origin: Origin | None, masthead: Masthead) -> tuple[str, ...]:
    """The same lines as below the case in an issue."""
    if origin is None:
        return ()
    published = f"（{japanese_date(origin.published, weekday=False)}公開）" if origin.published else ""
    lines = [f"出典：{origin.publisher}{published}", f"原文：{origin.url}" if origin.url else ""]
    if not origin.language.startswith("ja"):
        translator = origin.translator or masthead.sender.organisation.removeprefix("一般社団法人")
        machine = "（機械翻訳を下訳に用い、職員が校閲）" if origin.machine else ""
        lines = [f"原題：{origin.title}" if origin.title else "", *lines, f"翻訳：{translator}{machine}"]
        lines.append("訳文は仮訳です。正確な内容は原文をご確認ください。")
    return tuple(line for line in (*lines, f"利用条件：{origin.licence}" if origin.licence else "") if line)


def _refuse_members(item: Item) -> None:
    origin = item.article.origin
    if origin is None or origin.visibility != "public" or origin.state != "校閲済":
        raise ExportError(
            f"事例「{item.article.slug}」は公開できる状態ではないため、フィードを書き出しませんでした。公開範囲と校閲を確かめてください。"
        )


def _page(item: Item, masthead: Masthead) -> str:
    return f"{masthead.web.base_url}/{item.slug}/"


def _title(masthead: Masthead) -> str:
    return f"{masthead.name}　海外自治体の取組事例"


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00+09:00"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, name, {key: _ILLEGAL.sub("", value) for key, value in attributes.items()})
    element.text = _ILLEGAL.sub("", text) or None
    return element
