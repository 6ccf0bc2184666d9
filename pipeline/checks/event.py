"""Rules about reports from a conference: an ``Issue`` with an event in, findings with the item's place out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Article, Event, Section, Severity, japanese_span

GRACE = timedelta(days=3)  # sessions drift past the scheduled end


def outside_event(sheet: Sheet) -> Iterator[Hit]:
    """An activity of the event's days, or a session in its city, dated before it or more than three days after its official end."""
    event = sheet.issue.event
    if event is None:
        return
    for section in sheet.issue.sections:
        for article in section.articles:
            if _belongs(article, section, event) and not _is_within(article, event):
                days = f"{event.short}の会期（{japanese_span(event.start, event.end)}）"
                message = f"「{article.title}」の日時（{article.start.text if article.start else ''}）は、{days}の外です。"
                hint = (
                    "年・月・日と、日本時間で書いていないかを確かめてください。会期の外で正しければ「ママ：EVT001、理由、氏名」と書きます。"
                )
                yield Hit(message=message, hint=hint, place=article.place)


def open_hour(sheet: Sheet) -> Iterator[Hit]:
    """An as-of line whose hour is still the ○ that ``enews new`` left there."""
    if re.search("[○〇◯]", sheet.issue.as_of):
        message = f"「時点」の時刻が書かれていません（{sheet.issue.as_of}）。"
        hint = "○に現地時間の時刻を書いてください（例：11月19日18時現在）。速報でなければ、行ごと消してください。"
        yield Hit(message=message, hint=hint, place=sheet.issue.place)


def _belongs(article: Article, section: Section, event: Event) -> bool:
    """Days of the event itself. 今後の日程 also lists cafés at home and next year's conference: there the venue must name the city."""
    return section.by_day or (section.shows == "event" and event.city in article.venue)


def _is_within(article: Article, event: Event) -> bool:
    if article.start is None or article.start.first is None:
        return True
    first, last = article.start.first, article.start.last or article.start.first
    return event.start <= first and last <= max(event.end + GRACE, event.last_day)


_HEAD = "---\n版: special\n発行日: 2025-11-14\n会議: cop30\n時点: {}\n件名: COP30特集号\n導入文: 会議の動き\n---\n\n巻頭言です。\n"
_SESSION = "---\n見出し: 首脳級会合で発表\n欄: 会員自治体の活動\n日時: {}\n---\n\n発表しました。\n"

RULES = (
    Rule(
        code="EVT001",
        title="会期の外の日付",
        severity=Severity.WARNING,
        reason="会期の外の日付は、前回の会議からの写し間違いや、現地時間と日本時間の取り違えのことがあります。",
        source="会議の日程（newsletter.toml の [[events]]）",
        bad={"issue.md": _HEAD.format("11月14日18時現在"), "10-a.md": _SESSION.format("2024-11-12")},
        good={"issue.md": _HEAD.format("11月14日18時現在"), "10-a.md": _SESSION.format("2025-11-12")},
        find=outside_event,
    ),
    Rule(
        code="EVT003",
        title="速報の時点",
        severity=Severity.WARNING,
        reason="いつの時点の速報かが分からないと、読者は後の訂正と見分けられません。",
        source="速報の慣行",
        bad={"issue.md": _HEAD.format("11月14日○時現在")},
        good={"issue.md": _HEAD.format("11月14日18時現在")},
        find=open_hour,
    ),
)
