"""The page's order and numbers, made once and used by both editions: ``Issue`` in, ``Outline`` out.

Item numbers (2-3) are the same in contents, HTML, text and web copy. Sections without items vanish and the numbers close up. All plain
strings of articles come out guarded (see ``merge``), so that no template has to think of it; bodies are guarded where they become HTML.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipeline.config import Edition, Masthead
from pipeline.model import Article, Issue, Moment, Origin, Picture, Section, japanese_date
from pipeline.render.merge import guard

URL_SCHEMES = ("http://", "https://", "mailto:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article with its place on the page. ``number`` is "" where the section shows bare text; ``day`` is a heading that starts here."""

    number: str
    anchor: str
    article: Article
    day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A section that has items. ``note`` stands behind the title, e.g. 2～3月 of the calendar."""

    number: int
    anchor: str
    key: str
    title: str
    shows: str
    note: str = ""
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One line of 締切が近い募集."""

    moment: Moment
    item: Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What both editions walk through."""

    blocks: tuple[Block, ...]
    deadlines: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All that a template sees. ``web_url`` is the issue's web copy; ``draft`` puts the 下書き bar on top; ``web`` renders that web copy."""

    issue: Issue
    masthead: Masthead
    edition: Edition
    outline: Outline
    web_url: str
    draft: bool = False
    web: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A labelled link of an item, e.g. 詳細（京都市）; ``url`` is as the editor wrote it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One line of これまでの特集号: what it is called there, its day as printed, and its slug for the address."""

    slug: str
    name: str
    day: str


def outline(issue: Issue, *, plain_numbers: bool = False) -> Outline:
    """Number the sections that have items, and the items in them; collect the deadlines from the issue's date on, soonest first.

    ``plain_numbers``: items count through the page (1, 2, 3) instead of by section (2-3).
    """
    count = itertools.count(1)
    filled = [section for section in issue.sections if section.articles]
    blocks = tuple(
        Block(
            number=number,
            anchor=f"s{number}",
            key=section.key,
            title=section.title,
            shows=section.shows,
            note=_months(section.articles) if section.shows == "event" and section.key == "calendar" else "",
            items=_items(number, section, count if plain_numbers else None),
        )
        for number, section in enumerate(filled, 1)
    )
    return Outline(blocks=blocks, deadlines=_deadlines(blocks, issue.date))


def _items(number: int, section: Section, count: Iterator[int] | None) -> tuple[Item, ...]:
    items = []
    previous: date | None = None
    for position, article in enumerate(_by_day(section.articles) if section.by_day else section.articles, 1):
        day = article.start.first if section.by_day and article.start else None
        heading = japanese_date(day, year=False) if day and day != previous else ""
        previous = day or previous
        place = f"{number}-{position}"
        tag = "" if section.shows == "note" else str(next(count)) if count else place
        items.append(Item(number=tag, anchor=tag or f"s{place}", article=guarded(article), day=heading))
    return tuple(items)


def _by_day(articles: tuple[Article, ...]) -> tuple[Article, ...]:
    """The articles by day, so that each day has one heading; one without a day stays behind the one it follows."""
    days: list[date] = []
    for article in articles:
        day = article.start.first if article.start else None
        days.append(day or (days[-1] if days else date.min))
    return tuple(articles[n] for n in sorted(range(len(articles)), key=days.__getitem__))


def _deadlines(blocks: tuple[Block, ...], today: date) -> tuple[Deadline, ...]:
    found = [
        Deadline(moment=_short(item.article.deadline, today.year), item=item)
        for block in blocks
        for item in block.items
        if item.article.deadline and item.article.deadline.first and item.article.deadline.first >= today
    ]
    return tuple(sorted(found, key=lambda deadline: deadline.moment.first or today))


def _short(moment: Moment, year: int) -> Moment:
    """A deadline as the list shows it: day, weekday and hour; the year only where it is not the issue's."""
    if moment.first is None:
        return moment
    clock = f"{moment.begins.hour}:{moment.begins.minute:02}" if moment.begins else ""
    return replace(moment, text=japanese_date(moment.first, year=moment.first.year != year) + clock)


def _months(articles: tuple[Article, ...]) -> str:
    """``2～3月``: the months that the calendar's events begin in."""
    days = sorted(article.start.first for article in articles if article.start and article.start.first)
    if not days:
        return ""
    first, last = days[0].month, days[-1].month
    return f"{first}月" if first == last else f"{first}～{last}月"


def guarded(article: Article) -> Article:
    """The article with every plain string made inert; URLs and the body are guarded by their own renderers."""
    plain = ("title", "summary", "prefix", "link_note", "department", "venue", "host", "fee", "contact", "pathway")
    return replace(
        article,
        **{name: guard(getattr(article, name)) for name in plain},  # type: ignore[arg-type]
        municipalities=tuple(guard(name) for name in article.municipalities),
        start=_guarded_moment(article.start),
        end=_guarded_moment(article.end),
        deadline=_guarded_moment(article.deadline),
        image=_guarded_picture(article.image) if article.image else None,
        pictures=tuple(_guarded_picture(picture) for picture in article.pictures),
        origin=_guarded_origin(article.origin) if article.origin else None,
    )


def _guarded_moment(moment: Moment | None) -> Moment | None:
    return replace(moment, text=guard(moment.text)) if moment else None


def _guarded_picture(picture: Picture) -> Picture:
    return replace(picture, alt=guard(picture.alt), credit=guard(picture.credit))


def _guarded_origin(origin: Origin) -> Origin:
    names = ("title", "publisher", "country", "city", "translator", "reviewer", "licence")
    return replace(origin, **{name: guard(getattr(origin, name)) for name in names})  # type: ignore[arg-type]


def facts(article: Article) -> tuple[tuple[str, str], ...]:
    """The fact lines of an item, (label, value), in the order of the skeleton; empty ones are not there."""
    lines = (
        ("日時", article.start.text if article.start else ""),
        ("会場", article.venue),
        ("参加費", article.fee),
        ("締切", article.deadline.text if article.deadline else ""),
        ("申込", "" if article.apply.startswith(URL_SCHEMES) else article.apply),
        ("主催", article.host),
        ("問合せ先", article.contact),
    )
    return tuple((label, value) for label, value in lines if value)


def links(article: Article) -> tuple[Link, ...]:
    """The item's own links: 詳細（発信元）, お申込み（発信元）, or both in one when they are the same address."""
    source = "／".join(part for part in (article.link_note, "・".join(article.municipalities) or article.host or article.prefix) if part)
    suffix = f"（{source}）" if source else ""
    applies = article.apply.startswith(URL_SCHEMES)
    if applies and article.apply == article.link:
        return (Link(label=f"詳細・お申込み{suffix}", url=article.link),)
    found = (("詳細", article.link), ("お申込み", article.apply if applies else ""))
    return tuple(Link(label=f"{word}{suffix}", url=url) for word, url in found if url)


def earlier_specials(issue: Issue) -> tuple[Past, ...]:
    """これまでの特集号, newest first: this event's own reports (第1報, 11月14日) where it has any, else all special editions before this one."""
    specials = tuple(earlier for earlier in issue.earlier if earlier.edition == issue.edition)
    own = tuple(earlier for earlier in specials if issue.event and earlier.event == issue.event.key)
    if not own:
        return tuple(Past(slug=past.slug, name=past.name, day=japanese_date(past.date, weekday=False)) for past in specials)
    return tuple(
        Past(
            slug=past.slug,
            name=past.report or past.name,
            day=japanese_date(past.date, weekday=False, year=past.date.year != issue.date.year),
        )
        for past in own
    )


def next_report(issue: Issue) -> str:
    """``第3報は11月25日（月）ごろお届けします。``; "" if the issue announces none."""
    if issue.next_report is None:
        return ""
    number = re.fullmatch(r"第(\d{1,3})報", issue.report)
    name = f"第{int(number[1]) + 1}報" if number else "続報"
    return f"{name}は{japanese_date(issue.next_report, year=issue.next_report.year != issue.date.year)}ごろお届けします。"
