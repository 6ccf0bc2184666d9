"""Working days of a Japanese office."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.calendar import is_working_day, last_working_day, next_month
from tests.builders import masthead


@pytest.mark.parametrize(
    ("month", "day"),
    [((2024, 12), 27), ((2025, 1), 31), ((2025, 2), 28), ((2025, 5), 30), ((2025, 8), 29), ((2023, 12), 28), ((2026, 2), 27)],
)
def test_the_last_working_day_of_a_month(month: tuple[int, int], day: int) -> None:
    """December ends before the year-end closure; the office's own closed Saturday changes nothing."""
    assert last_working_day(*month, masthead().closed) == date(*month, day)


def test_the_offices_own_closed_days_count() -> None:
    """A closed Friday moves the issue to Thursday."""
    assert last_working_day(2025, 1, (date(2025, 1, 31),)) == date(2025, 1, 30)


def test_holidays_in_lieu_and_the_year_end_are_no_working_days() -> None:
    """振替休日, 国民の休日 and 29 December to 3 January."""
    for day in (date(2025, 2, 24), date(2026, 9, 22), date(2025, 12, 29), date(2026, 1, 2), date(2025, 2, 1)):
        assert not is_working_day(day, ())
    assert is_working_day(date(2025, 12, 26), ())


def test_the_month_after_december_is_january() -> None:
    """The year turns."""
    assert next_month(date(2024, 12, 27)) == (2025, 1)
