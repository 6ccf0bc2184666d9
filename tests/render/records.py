"""As much of a page as a test of the text edition wants to speak of; invented items belong to みほん市 and example.jp."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from typing import Any

from pipeline.model import Article, Issue, Moment, Origin, Picture, Place, Section
from pipeline.render import page_of
from pipeline.render.outline import Page
from tests.builders import ROOT, masthead

TEMPLATES = (ROOT / "templates",)
PLACE = Place(path="issues/2025-01/10-mihon.md")
MASTHEAD = masthead()


def article(title: str = "給食の食べ残しを半分に", body: str = "本文です。", **more: Any) -> Article:
    """An item of みほん市."""
    return Article(
        **{"slug": "10-mihon", "section": "members", "place": PLACE, "title": title, "body": body, "municipalities": ("みほん市",), **more}
    )


def event(title: str = "オンライン勉強会", **more: Any) -> Article:
    """An event of the calendar on 19 February 2025."""
    when = moment("2025年2月19日（水）14:00～16:00", date(2025, 2, 19), time(14), time(16))
    return article(title, **{"body": "", "municipalities": (), "start": when, **more})


def case(title: str = "食と循環をつなぐ", **more: Any) -> Article:
    """A reviewed case study of an invented city."""
    origin = Origin(
        feed="europe",
        entry_id="x",
        url="https://europe.example.org/news/1",
        title="Closing the loop",
        publisher="ICLEI Europe",
        language="en",
        country="フィンランド",
        city="見本市",
        published=date(2024, 12, 10),
        source_digest="",
        translator="イクレイ日本",
        reviewer="編集部",
        licence="",
        visibility="public",
        machine=True,
        state="校閲済",
    )
    values: dict[str, Any] = {"body": "## 背景\n\n長い本文です。", "municipalities": (), "pathway": "循環型発展", "origin": origin, **more}
    return article(title, **values)


def moment(text: str, first: date, begins: time | None = None, ends: time | None = None, last: date | None = None) -> Moment:
    """A moment as the front matter gives it."""
    return Moment(text=text, first=first, last=last or first, begins=begins, ends=ends)


def picture(source: str = "images/a.png", credit: str = "©みほん市") -> Picture:
    """A prepared picture."""
    return Picture(file="a-0a1b2c3d.jpg", path="x", width=560, height=315, bytes=1, alt="説明", credit=credit, source=source, place=PLACE)


def page(
    edition: str = "monthly", /, *, draft: bool = False, changes: dict[str, Any] | None = None, **sections: tuple[Article, ...]
) -> Page:
    """The page of an issue of 31 January 2025 with these sections filled; ``changes`` are values of the issue."""
    specs = [spec for key in MASTHEAD.edition(edition).sections if (spec := MASTHEAD.section(key))]
    filled = tuple(Section(key=s.key, title=s.title, shows=s.shows, by_day=s.by_day, articles=sections.get(s.key, ())) for s in specs)
    issue = Issue(
        slug="2025-01",
        edition=edition,
        name="2025年1月号",
        title="イクレイ日本e-News　2025年1月号",
        date=date(2025, 1, 31),
        place=PLACE,
        subject="件名",
        lead_line="今号",
        greeting="巻頭言です。",
        sections=filled,
    )
    return page_of(replace(issue, **(changes or {})), MASTHEAD, draft=draft)
