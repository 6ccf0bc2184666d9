"""Dates as people in Japan write them."""

from __future__ import annotations

from datetime import date, time

import pytest

from pipeline.dates import ImpossibleDateError, find_date, find_dates, parse_moment, print_moment
from pipeline.model import Moment

ISSUED = date(2025, 1, 31)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-02-14", date(2025, 2, 14)),
        ("2025/2/14", date(2025, 2, 14)),
        ("2025.2.14", date(2025, 2, 14)),
        ("２０２５年２月１４日（金）", date(2025, 2, 14)),
        ("令和7年2月14日", date(2025, 2, 14)),
        ("R7.2.14", date(2025, 2, 14)),
        ("平成元年1月8日", date(1989, 1, 8)),
        ("締切は2月14日（金）17:00です", date(2025, 2, 14)),
        ("12月27日", date(2024, 12, 27)),
    ],
)
def test_every_spelling_is_read(text: str, day: date) -> None:
    """The same day in all the ways it is written; without a year it is the nearest one to the issue."""
    assert find_date(text, anchor=ISSUED) == day


@pytest.mark.parametrize(
    "text", ["1.5度目標", "補助率2/3", "24/7カーボンフリー電力", "SDGs 11.3", "03-1234-5678", "192.168.10.1", "v2025.1.10.3"]
)
def test_other_numbers_are_no_dates(text: str) -> None:
    """Figures, rates and telephone numbers are left alone."""
    assert find_dates(text, anchor=ISSUED) == ()


def test_a_year_less_date_without_anchor_is_not_guessed() -> None:
    """There is no clock to take the year from."""
    assert find_date("2月14日") is None


def test_a_wrong_weekday_is_noticed_with_and_without_a_holiday_mark() -> None:
    """（水・祝） is read as Wednesday."""
    assert [found.wrong_weekday for found in find_dates("1月16日（水）、1月16日（木）、1月1日（水・祝）", anchor=ISSUED)] == [
        True,
        False,
        False,
    ]


def test_a_day_that_no_calendar_has_is_an_error_with_its_text() -> None:
    """2月30日 is impossible, and so is 29 February of a common year."""
    for text in ("2025年2月30日", "2025-02-29", "13月1日"):
        with pytest.raises(ImpossibleDateError):
            find_dates(text, anchor=ISSUED)


def test_plain_iso_is_printed_with_the_weekday_that_is_right() -> None:
    """Editors may type the short form; readers see the Japanese one."""
    moment = parse_moment("2025-03-14 13:30～16:00", anchor=ISSUED)
    assert moment.text == "2025年3月14日（金）13:30～16:00"
    assert (moment.first, moment.begins, moment.ends) == (date(2025, 3, 14), time(13, 30), time(16, 0))
    assert parse_moment("2025-03-17～18", anchor=ISSUED).text == "2025年3月17日（月）～18日（火）"


def test_japanese_text_is_printed_as_it_was_written() -> None:
    """Only the machine's reading of it is added."""
    moment = parse_moment("2025年3月14日（金）午後1時半から（受付は午後1時）", anchor=ISSUED)
    assert moment.text == "2025年3月14日（金）午後1時半から（受付は午後1時）"
    assert moment.begins == time(13, 30)


def test_a_range_over_the_turn_of_the_year_ends_in_the_next_one() -> None:
    """12月28日～1月5日."""
    moment = parse_moment("2024年12月28日～1月5日", anchor=ISSUED)
    assert (moment.first, moment.last) == (date(2024, 12, 28), date(2025, 1, 5))


@pytest.mark.parametrize(
    ("text", "first", "last", "begins", "ends"),
    [
        ("11月14日（金）22:00～11月15日（土）1:00", 14, 15, time(22), time(1)),
        ("2025年11月14日22時～15日1時半", 14, 15, time(22), time(1, 30)),
        ("11月14日（金）～15日（土）10:00～17:00", 14, 15, time(10), time(17)),
        ("11月14日（金）10:00～11:00", 14, 14, time(10), time(11)),
    ],
)
def test_a_span_over_midnight_keeps_the_time_it_begins_at(text: str, first: int, last: int, begins: time, ends: time) -> None:
    """The time between two days belongs to the first day, the other to the last."""
    moment = parse_moment(text, anchor=date(2025, 11, 20))
    assert (moment.first, moment.last) == (date(2025, 11, first), date(2025, 11, last))
    assert (moment.begins, moment.ends) == (begins, ends)


def test_several_days_are_one_stretch_or_the_same_hours_every_day() -> None:
    """終了 on another day means through the night; a range of days with hours behind it does not."""
    night = Moment(text="", first=date(2025, 11, 14), last=date(2025, 11, 15), begins=time(22), ends=time(1))
    assert print_moment(night, through=True).text == "2025年11月14日（金）22:00～15日（土）1:00"
    assert parse_moment("2025-11-14~15 10:00~17:00", anchor=ISSUED).text == "2025年11月14日（金）～15日（土）10:00～17:00"
