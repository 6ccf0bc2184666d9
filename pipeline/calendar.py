"""Working days of a Japanese office: dates in, dates out. Year-end (29 December–3 January) and the office's own closed days are known.

National holidays come from jpholiday (振替休日 and 国民の休日 included); it does not know the year-end, which is custom, not law.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import jpholiday


def is_working_day(day: date, closed: tuple[date, ...]) -> bool:
    """Whether the office works on ``day``; ``closed`` are its own closed days."""
    year_end = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not year_end and day not in closed and not jpholiday.is_holiday(day)


def working_day_before(day: date, closed: tuple[date, ...]) -> date:
    """``day`` itself if the office works on it, else the last working day before it."""
    while not is_working_day(day, closed):
        day -= timedelta(days=1)
    return day


def last_working_day(year: int, month: int, closed: tuple[date, ...]) -> date:
    """The day the e-News goes out: the last working day of the month."""
    return working_day_before(date(year, month, monthrange(year, month)[1]), closed)


def next_month(day: date) -> tuple[int, int]:
    """(year, month) of the month after ``day``."""
    return (day.year + day.month // 12, day.month % 12 + 1)


def holiday_name(day: date) -> str:
    """The name of the holiday on ``day`` (天皇誕生日 振替休日), "" if it is none; the year-end has none."""
    return jpholiday.is_holiday_name(day) or ""
