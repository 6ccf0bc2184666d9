"""Venue time and Japan time side by side: across midnight, the ends of months and years, and summer time."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time

import pytest

from pipeline.model import Moment
from pipeline.render import html, text
from pipeline.render.clock import hours_ahead, japan_time
from tests.render.records import MASTHEAD, TEMPLATES, article, event, moment, page

BELEM, NEW_YORK, LISBON = "America/Belem", "America/New_York", "Europe/Lisbon"


def at(day: date, begins: time | None, ends: time | None = None, last: date | None = None) -> Moment:
    """A moment at the venue."""
    return moment("", day, begins, ends, last)


@pytest.mark.parametrize(
    ("when", "zone", "said"),
    [
        (at(date(2024, 11, 12), time(10), time(11)), "Asia/Baku", "日本時間 同日15:00～16:00"),
        (at(date(2024, 11, 12), time(22)), "Asia/Baku", "日本時間 翌11月13日（水）3:00"),
        (at(date(2024, 11, 12), time(18), time(20, 30)), "Asia/Baku", "日本時間 同日23:00～翌11月13日（水）1:30"),
        (at(date(2024, 10, 31), time(15), time(16)), "America/Bogota", "日本時間 翌11月1日（金）5:00～6:00"),
        (at(date(2024, 12, 31), time(23), time(1)), "Asia/Baku", "日本時間 翌1月1日（水）4:00～6:00"),
        (at(date(2024, 11, 12), time(1)), "Pacific/Auckland", "日本時間 前日11月11日（月）21:00"),
        (at(date(2024, 7, 1), time(10)), "Europe/Berlin", "日本時間 同日17:00"),
        (at(date(2024, 12, 1), time(10)), "Europe/Berlin", "日本時間 同日18:00"),
        (at(date(2024, 11, 12), time(10), time(12), date(2024, 11, 14)), "Asia/Baku", "日本時間 同日15:00～11月14日（木）17:00"),
        (at(date(2024, 11, 12), time(10)), "Asia/Tokyo", ""),
        (at(date(2024, 11, 12), time(10)), "Asia/Seoul", ""),
        (at(date(2024, 11, 12), None), "Asia/Baku", ""),
        (Moment(text="未定"), "Asia/Baku", ""),
        (None, "Asia/Baku", ""),
    ],
)
def test_japan_time(when: Moment | None, zone: str, said: str) -> None:
    """Venue time across midnight, year's end and summer time; nothing where there is nothing to say."""
    assert japan_time(when, zone) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Asia/Baku", "日本時間は5時間進んでいます。"),
        ("America/Sao_Paulo", "日本時間は12時間進んでいます。"),
        ("Asia/Kolkata", "日本時間は3時間30分進んでいます。"),
        ("Pacific/Fiji", "日本時間は3時間遅れています。"),
        ("Asia/Seoul", ""),
        ("Europe/Berlin", ""),
    ],
)
def test_hours_ahead(zone: str, said: str) -> None:
    """The difference in words; none where the clocks agree, or change during the event."""
    event = replace(MASTHEAD.event("cop29"), timezone=zone, start=date(2024, 10, 26), end=date(2024, 10, 28), closed_on=None)
    assert hours_ahead(event) == said


@pytest.mark.parametrize(
    ("when", "zone", "said"),
    [
        (at(date(2025, 11, 14), time(10), time(11, 30)), BELEM, "日本時間 同日22:00～23:30"),
        (at(date(2025, 11, 14), time(9), time(13)), BELEM, "日本時間 同日21:00～翌11月15日（土）1:00"),
        (at(date(2025, 11, 14), time(12), time(13)), BELEM, "日本時間 翌11月15日（土）0:00～1:00"),
        (at(date(2025, 11, 30), time(20)), BELEM, "日本時間 翌12月1日（月）8:00"),
        (at(date(2025, 11, 14), time(22), time(1), date(2025, 11, 15)), BELEM, "日本時間 翌11月15日（土）10:00～13:00"),
        (at(date(2025, 3, 29), time(10)), LISBON, "日本時間 同日19:00"),
        (at(date(2025, 3, 30), time(10)), LISBON, "日本時間 同日18:00"),
        (at(date(2025, 11, 1), time(10)), NEW_YORK, "日本時間 同日23:00"),
        (at(date(2025, 11, 2), time(10)), NEW_YORK, "日本時間 翌11月3日（月）0:00"),
        (at(date(2025, 11, 1), time(22), time(9), date(2025, 11, 2)), NEW_YORK, "日本時間 翌11月2日（日）11:00～23:00"),
    ],
)
def test_midnight_and_summer_time(when: Moment, zone: str, said: str) -> None:
    """The day is named where Japan's is another, and each end of a span goes by the clock of its own day."""
    assert japan_time(when, zone) == said


@pytest.mark.parametrize(
    ("day", "clock"), [(date(2025, 11, 2), time(1, 30)), (date(2025, 3, 9), time(2, 30))], ids=["shown twice", "never shown"]
)
def test_an_hour_that_the_clocks_repeat_or_skip_is_not_guessed(day: date, clock: time) -> None:
    """In the night of the change 1:30 may be two moments, and 2:30 none; an hour before, there is an answer."""
    assert japan_time(at(day, clock), NEW_YORK) == ""
    assert japan_time(at(day, time(0, 30), clock), NEW_YORK) == ""
    assert japan_time(at(day, time(0, 30)), NEW_YORK) != ""


def test_both_editions_show_both_clocks_in_activities_and_in_the_schedule() -> None:
    """The same sentence stands in the mail's HTML and in its text edition, for a span across the venue's midnight."""
    when = at(date(2025, 11, 14), time(22), time(1), date(2025, 11, 15))
    when = replace(when, text="2025年11月14日（金）22:00～15日（土）1:00")
    act, session = article(start=when), event("閣僚会合", start=when)
    made = page("special", changes={"event": MASTHEAD.event("cop30")}, member_actions=(act,), schedule=(session,))
    plain = re.sub(r"<[^>]+>", "", html.compose(made, TEMPLATES))
    for edition in (plain, text.compose(made, TEMPLATES)):
        assert edition.count("2025年11月14日（金）22:00～15日（土）1:00") == 2
        assert edition.count("日本時間 翌11月15日（土）10:00～13:00") == 2
        assert "本文の日時は現地時間です。日本時間は12時間進んでいます。" in edition


def test_the_days_of_an_event_come_in_order_under_one_heading_each() -> None:
    """A report written in the order in which news came in; what has no day stays behind the item that it follows."""
    days = [("三", date(2025, 11, 13)), ("一", date(2025, 11, 11)), ("続", None), ("四", date(2025, 11, 13))]
    acts = tuple(article(title, start=at(day, None) if day else None) for title, day in days)
    written = text.compose(page("special", changes={"event": MASTHEAD.event("cop30")}, member_actions=acts), TEMPLATES)
    assert re.findall(r"◇(.+)|■1-\d　【みほん市】(.)", written) == [
        ("11月11日（火）", ""), ("", "一"), ("", "続"), ("11月13日（木）", ""), ("", "三"), ("", "四"),
    ]  # fmt: skip
