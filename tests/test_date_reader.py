"""The reader of dates, years and times, spelling by spelling."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.dates import read_clocks, read_dates, read_years
from pipeline.dates.form import folded

ISSUED = date(2025, 1, 31)
SPELLINGS = """2025年1月31日（金）|2025年1月31日金曜日|1/31(金)|2025/1/31|2025.1.31|2025-01-31|R7.1.31|R7/1/31|令和七年一月三十一日|令和7（2025）年1月31日
令和7年（2025年）1月31日（金）|2025年（令和7年）1月31日|２０２５年１月３１日|1月31日[金]|1月31日〔金〕|1月31日(Fri)|2025 年 1 月 31 日 (金)|1月31日 金曜|1月31日の金曜日
今年1月31日|金曜日の1月31日|１／３１（金）|1.31（金）|二〇二五年一月三十一日|㋿7年1月31日|1月31日\ue000\ue000（金）|締切：1月31日（金）|締切:1/31(金)"""


@pytest.mark.parametrize("text", SPELLINGS.replace("\n", "|").split("|"))
def test_a_day_is_read_in_every_spelling(text: str) -> None:
    """The same day, and a weekday only where one is said."""
    (written,) = read_dates(text, anchor=ISSUED)
    assert written.day == ISSUED
    assert written.weekday == ("金" if "金" in text or "Fri" in text else "")


CHAINS = [
    ("3月14日（金）～16日（日）", ["3/14金", "~3/16日"]),
    ("12月28日～1月5日", ["12/28", "~1/5"]),
    ("2月3日から7日まで", ["2/3", "~2/7"]),
    ("1月30日（木）～2月2日（日）", ["1/30木", "~2/2日"]),
    ("2月3日（月）・10日（月）・17日（月）", ["2/3月", ",2/10月", ",2/17月"]),
    ("2月6日、13日、20日（各木曜日）", ["2/6木", ",2/13木", ",2/20木"]),
    ("2月6、13、20日", ["2/6", ",2/13", ",2/20"]),
    ("2月15日・16日（土・日）", ["2/15土", ",2/16日"]),
    ("2月3日～7日（月～金）", ["2/3月", "~2/7金"]),
    ("2月15日・16日（土）（日）", ["2/15土", ",2/16日"]),
    ("2月3日（月）～7日（金）、10日（月）", ["2/3月", "~2/7金", ",2/10月"]),
    ("3月14日（金）13:30～15日（土）16:00", ["3/14金", "~3/15土"]),
    ("2025-03-17～18", ["3/17", "~3/18"]),
    ("2025/3/17-3/18", ["3/17", "~3/18"]),
    ("2/14(金)～16(日)", ["2/14金", "~2/16日"]),
    ("2月3日（月）に始まり、10日（月）に終わる", ["2/3月", "2/10月"]),
    ("2月3日（月）から3日間", ["2/3月"]),
    ("1月15日から10日以内", ["1/15"]),
    ("毎週金曜日の1月31日", ["1/31"]),
    ("1月15日（日本時間）", ["1/15"]),
]


@pytest.mark.parametrize(("text", "expected"), CHAINS)
def test_ranges_and_lists_hand_on_month_and_year(text: str, expected: list[str]) -> None:
    """Each day of a range or a list is a record; it knows how it hangs on the one before."""
    found = read_dates(text, anchor=ISSUED)
    assert [f"{written.joined}{written.month}/{written.day_number}{written.weekday}" for written in found] == expected
    assert all(written.candidates for written in found)
    assert [text[written.start : written.end] for written in found] == [written.text for written in found]


NO_DATES = "1.5度目標|補助率2/3|24/7カーボンフリー|SDGs 11.3|3-1|96/125か国|10.21–11.2|03-1234-5678|第3回|1年前|2050年|14:00|2月|VOL.23|5つの道筋|3か月|25年1月31日"


@pytest.mark.parametrize("text", NO_DATES.split("|"))
def test_other_numbers_are_no_dates(text: str) -> None:
    """Figures, rates, item numbers, telephone numbers, months, and a year of two digits that may be any."""
    assert read_dates(text, anchor=ISSUED) == ()


def test_what_no_calendar_has_is_a_record_amid_the_others() -> None:
    """Nothing is raised; the dates before and behind are read all the same."""
    found = read_dates("1月15日と2月30日（金）、令和7年2月29日、13月1日、3月1日", anchor=ISSUED)
    assert [(written.text, written.is_impossible) for written in found] == [
        ("1月15日", False),
        ("2月30日（金）", True),
        ("令和7年2月29日", True),
        ("13月1日", True),
        ("3月1日", False),
    ]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("3月14日", [2025]),
        ("12月27日", [2024]),
        ("7月26日", [2025, 2024]),
        ("2023年5月10日に始まり、6月20日に終了", [2023, 2024, 2025]),
        ("昨年の11月20日", [2024]),
        ("2024年5月1日に始まり、翌年1月15日", [2025]),
        ("毎年1月15日", []),
    ],
)
def test_a_year_less_date_has_the_years_that_it_may_be_of(text: str, years: list[int]) -> None:
    """One near the issue is certain; half a year away there are two; a year told before is preferred; 毎年 is of no year."""
    assert [day.year for day in read_dates(text, anchor=ISSUED)[-1].candidates] == years


def test_a_weekday_is_wrong_only_if_no_year_that_is_meant_has_it() -> None:
    """26 July 2024 was a Friday, in 2025 it is a Saturday; a Monday it is in neither."""
    assert [read_dates(f"7月26日（{day}）", anchor=ISSUED)[0].wrong_weekday for day in "金土月"] == [False, False, True]


YEARS = [
    ("令和5年（2022年）", 2023, "年", True),
    ("2022（令和5）年度", 2022, "年度", True),
    ("令和7年度（2024年度）", 2025, "年度", True),
    ("R6（2025）", 2024, "年", True),
    ("2024年／令和5年", 2024, "年", True),
    ("令和5年版（2022年版）", 2023, "年版", True),
    ("令和6年度（2025年）", 2024, "年度", False),
    ("令和元年（2019年）", 2019, "年", False),
    ("平成31（2019）年", 2019, "年", False),
    ("令和七年", 2025, "年", False),
    ("令和７（２０２５）年度末", 2025, "年度", False),
    ("令和6年度（2025年3月時点）", 2024, "年度", False),
]


@pytest.mark.parametrize(("text", "value", "unit", "conflict"), YEARS)
def test_years_are_read_in_both_spellings(text: str, value: int, unit: str, *, conflict: bool) -> None:
    """A year of an era and a western one side by side must be one year; a year's month in brackets is something else."""
    first = read_years(folded(text))[0]
    assert (first.value, first.unit, first.conflict) == (value, unit, conflict)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13:30～16:00", [810, 960]),
        ("13：30-15：00", [810, 900]),
        ("13時半", [810]),
        ("時間：13：30", [810]),
        ("午後1時30分", [810]),
        ("午後1時～3時", [780, 900]),
        ("10～12時", [600, 720]),
        ("10時～正午", [600, 720]),
        ("午後一時半", [810]),
        ("深夜25時", [60]),
        ("24:00", [1440]),
        ("13時75分、午後14時、25:00", [None, None, None]),
        ("24時間、7時台、16:9、時速40km、2025-01-31T10:00:00+09:00", []),
    ],
)
def test_times_are_read_in_every_spelling(text: str, expected: list[int | None]) -> None:
    """Minutes from midnight; what no clock shows is a record without them; durations and ratios are none."""
    assert [clock.minutes for clock in read_clocks(text)] == expected
