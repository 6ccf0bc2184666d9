"""``enews cases paste``: a page of an office without a feed, by its address or as a saved file, in; a source file like a fetched one out.

The address goes through ``retrieve`` with all its protections. It must never write over a source of another post, nor take a file for a page that
it cannot read: what is no text is refused with the way round.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.config import MASTHEAD, Feed, Masthead
from pipeline.errors import ConfigError, FeedError
from pipeline.sources.addresses import anywhere, is_public
from pipeline.sources.arrivals import Arrival, feed_folder, read_known, store_arrivals
from pipeline.sources.cases import SOURCE
from pipeline.sources.cleaning import clean_entry, without_tracking
from pipeline.sources.feeds import Entry, read_date
from pipeline.sources.maintext import Page, find_main_text, text_page
from pipeline.sources.retrieve import WEB_SCHEMES, Limits, retrieve
from pipeline.sources.textfile import clean_text, decode

LIMITS = Limits()
_PAGES = (".html", ".htm", ".xhtml")
_TEXTS = (".txt", ".md", ".text")
_BINARY = (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """What became of a page: the case, its source file, and whether it is ``new``, ``changed`` or ``unchanged``; what it still lacks."""

    id: str
    path: str
    became: str
    lacks: tuple[str, ...]

    def lines(self) -> tuple[str, ...]:
        """What happened, in Japanese, and what to do next."""
        did = {
            "new": "作りました",
            "changed": "新しい内容に書き換えました（原文が変わっています）",
            "unchanged": "確かめました。変わりはありません",
        }
        lacking = f"「{'」「'.join(self.lacks)}」が分かりませんでした。日本語のファイルの項目欄に書いてください。" if self.lacks else ""
        then = f"「enews cases start {self.id}」で日本語の原稿を置きます。" if self.became == "new" else ""
        return (f"{self.path} を{did[self.became]}。", *(line for line in (lacking, then) if line))


def paste_case(root: Path, masthead: Masthead, source: str, *, feed: str, title: str = "", limits: Limits = LIMITS) -> Pasted:
    """Read ``source`` (an http(s) address, or a .html or .txt file) and store it as a case of the office ``feed``.

    ``ConfigError`` if the masthead has no such office, ``FeedError`` if the page cannot be read or has no text.
    """
    office = _office(masthead, feed)
    page = _from_web(source.strip(), office, limits) if source.strip().lower().startswith(WEB_SCHEMES) else _from_file(Path(source), limits)
    page = replace(page, title=" ".join(title.split()) or page.title)
    if not page.title:
        raise FeedError(f"{source} の題名が分かりません。--title で原題を書いてください。")
    arrival = _arrival(page, office)
    if not arrival.cleaned.markdown.strip():
        raise FeedError(
            f"{source} に本文が見つかりません。本文を選んでコピーし、テキストファイルに保存して、そのファイルを取り込んでください。"
        )
    decision = store_arrivals(root, office, (arrival,))
    return _pasted(root, office, arrival, became="new" if decision.new else "changed" if decision.changed else "unchanged")


def _office(masthead: Masthead, name: str) -> Feed:
    found = next((feed for feed in masthead.feeds if feed.name == name), None)
    if found:
        return found
    known = "、".join(feed.name for feed in masthead.feeds) or "まだありません"
    if not name:
        raise ConfigError(f"どの配信元の事例かを、--feed 配信元 で指定してください（{MASTHEAD} の [[feeds]] にあるのは {known}）。")
    raise ConfigError(
        f"{MASTHEAD} の [[feeds]] に「{name}」がありません（今あるのは {known}）。--feed に配信元の name を指定してください。"
        f'フィードのない事務所は、[[feeds]] に name = "{name or "iclei-xx"}"、url = ""、office = "事務所名"、language = "en" と書き足します。'
    )


def _from_web(url: str, office: Feed, limits: Limits) -> Page:
    found = retrieve(url, permits=anywhere if office.allow_private else is_public, limits=limits)
    _refuse_binary(found.body, url)
    if "text/plain" in found.content_type.lower():
        return replace(text_page(clean_text(decode(found.body, name=url)[0])), url=without_tracking(found.url or url))
    return find_main_text(found.body, url=found.url or url, content_type=found.content_type)


def _from_file(path: Path, limits: Limits) -> Page:
    try:
        if path.stat().st_size > limits.size:
            raise FeedError(f"{path} が大きすぎます（上限 {limits.size:,} バイト）。")
        body = path.read_bytes()
    except OSError as error:
        raise FeedError(f"{path} を読めません（{error.strerror}）。ファイルの場所か、https:// で始まる URL を指定してください。") from None
    _refuse_binary(body, str(path))
    if path.suffix.lower() in _PAGES:
        return find_main_text(body)
    if path.suffix.lower() not in _TEXTS:
        raise FeedError(f"{path} は取り込めない種類です。HTML（.html）かテキスト（.txt）で保存してください。")
    return text_page(clean_text(decode(body, name=str(path))[0]))


def _refuse_binary(body: bytes, name: str) -> None:
    if body.startswith(_BINARY):
        raise FeedError(
            f"{name} は文章のページではありません（PDF・画像・Wordなど）。本文をコピーして、テキストファイルに保存してください。"
        )
    if not body.strip():
        raise FeedError(f"{name} は空です。ブラウザで開けるか、確かめてください。")


def _arrival(page: Page, office: Feed) -> Arrival:
    """The page as if a feed had brought it: known by its address, else by its title."""
    digest = hashlib.sha256(page.title.encode()).hexdigest()[:32]
    entry = Entry(
        identity=page.url[:500] or f"paste:{digest}",
        url=page.url,
        title=page.title,
        published=read_date(page.date, language=office.language),
        raw_date=" ".join(page.date.split())[:100],
        html=page.html,
        base=page.url,
    )
    return Arrival(entry=entry, cleaned=clean_entry(page.html, base=page.url, title=page.title))


def _pasted(root: Path, office: Feed, arrival: Arrival, *, became: str) -> Pasted:
    known = read_known(feed_folder(root, office), root)
    entry = arrival.entry
    stem = next(one.stem for one in known if one.identity == entry.identity or (entry.url and one.url == entry.url))
    lacks = tuple(word for word, value in (("原文", entry.url), ("公開日", entry.published)) if not value)
    return Pasted(id=f"{office.name}/{stem}", path=f"issues/cases/{office.name}/{stem}{SOURCE}", became=became, lacks=lacks)
