"""Rules about reports from a conference: an ``Issue`` with an event in, findings with the item's place out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from pipeline.model import Article, Event, Finding, Issue, Section, Severity, japanese_span

GRACE = timedelta(days=3)  # sessions drift past the scheduled end


def outside_event(issue: Issue) -> Iterator[Finding]:
    """EVT001: an activity of the event's days, or a session in its city, dated before it or more than three days after its official end."""
    event = issue.event
    if event is None:
        return
    for section in issue.sections:
        for article in section.articles:
            if _belongs(article, section, event) and not _is_within(article, event):
                days = f"{event.short}の会期（{japanese_span(event.start, event.end)}）"
                message = f"「{article.title}」の日時（{article.start.text if article.start else ''}）は、{days}の外です。"
                hint = (
                    "年・月・日と、日本時間で書いていないかを確かめてください。会期の外で正しければ「ママ：EVT001、理由、氏名」と書きます。"
                )
                yield Finding(code="EVT001", severity=Severity.WARNING, message=message, hint=hint, place=article.place)


def open_hour(issue: Issue) -> Iterator[Finding]:
    """EVT003: an as-of line whose hour is still the ○ that ``enews new`` left there."""
    if re.search("[○〇◯]", issue.as_of):
        message = f"「時点」の時刻が書かれていません（{issue.as_of}）。"
        hint = "○に現地時間の時刻を書いてください（例：11月19日18時現在）。速報でなければ、行ごと消してください。"
        yield Finding(code="EVT003", severity=Severity.WARNING, message=message, hint=hint, place=issue.place)


def _belongs(article: Article, section: Section, event: Event) -> bool:
    """Days of the event itself. 今後の日程 also lists cafés at home and next year's conference: there the venue must name the city."""
    return section.by_day or (section.shows == "event" and event.city in article.venue)


def _is_within(article: Article, event: Event) -> bool:
    if article.start is None or article.start.first is None:
        return True
    first, last = article.start.first, article.start.last or article.start.first
    return event.start <= first and last <= max(event.end + GRACE, event.last_day)
