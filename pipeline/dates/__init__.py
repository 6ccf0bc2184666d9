"""Dates as people in Japan write them: text in, ``datetime`` values out; what cannot be read stays ``None`` and is never guessed.

The reading itself is in ``reader`` (dates), ``years`` and ``clocks`` (times of day): they return records with places, also of what no calendar has.
Here are the moments of the front matter, made from what they read; what is printed is the editor's own text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time

from pipeline.dates.clocks import Clock, read_clocks
from pipeline.dates.reader import Written, read_dates
from pipeline.dates.years import Year, read_years
from pipeline.model import WEEKDAYS, Moment, japanese_date, japanese_span

__all__ = [
    "Clock",
    "FoundDate",
    "ImpossibleDateError",
    "Written",
    "Year",
    "find_date",
    "find_dates",
    "matching_form",
    "parse_moment",
    "print_moment",
    "read_clocks",
    "read_dates",
    "read_years",
]

_PLAIN = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[~-](?:\d{1,2}-)?\d{1,2})?(?:[ T]\d{1,2}:\d{2}(?:~\d{1,2}:\d{2})?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """One date in a text. ``start``/``end`` are its offsets, ``weekday`` is what the text claims ("" if it does not)."""

    start: int
    end: int
    day: date
    weekday: str
    has_year: bool

    @property
    def wrong_weekday(self) -> bool:
        """Whether the text names a weekday that this day is not."""
        return bool(self.weekday) and WEEKDAYS[self.day.weekday()] != self.weekday


class ImpossibleDateError(ValueError):
    """A date that no calendar has; its message is the text as found."""


def matching_form(text: str) -> str:
    """The text as patterns are matched on it: NFKC, every kind of wave and dash between numbers as ``~`` or ``-``."""
    return re.sub("[〜～∼]", "~", re.sub("[‐‑‒–—―−]", "-", unicodedata.normalize("NFKC", text)))


def find_dates(text: str, *, anchor: date | None = None, labelled: bool = False) -> tuple[FoundDate, ...]:
    """All dates in ``text``, ends of ranges and lists included. Year-less ones need ``anchor`` and are the nearest to it.

    Raises ``ImpossibleDateError`` for 2月30日 and the like.
    """
    found = []
    for written in read_dates(text, anchor=anchor, labelled=labelled):
        if written.is_impossible:
            raise ImpossibleDateError(written.text)
        if written.day is not None:
            found.append(
                FoundDate(start=written.start, end=written.end, day=written.day, weekday=written.weekday, has_year=written.has_year)
            )
    return tuple(found)


def find_date(text: str, *, anchor: date | None = None) -> date | None:
    """The first date in ``text``, or ``None`` if there is none or it is impossible."""
    try:
        return next((found.day for found in find_dates(text, anchor=anchor)), None)
    except ImpossibleDateError:
        return None


def parse_moment(text: str, *, anchor: date) -> Moment:
    """A 日時 or 締切 as the editor wrote it; plain ISO (2025-03-14 13:30~16:00) is printed the Japanese way, weekday added.

    Raises ``ImpossibleDateError``.
    """
    dates = find_dates(text, anchor=anchor, labelled=True)
    times = [clock.time for clock in read_clocks(_behind(text, dates)) if clock.time is not None]
    moment = Moment(
        text=text.strip(),
        first=dates[0].day if dates else None,
        last=dates[-1].day if dates else None,
        begins=times[0] if times else None,
        ends=times[1] if len(times) > 1 else None,
    )
    return print_moment(moment) if _PLAIN.fullmatch(matching_form(text).strip()) else moment


def _behind(text: str, dates: tuple[FoundDate, ...]) -> str:
    """What stands behind the first date, later dates taken out: 14日22:00～15日1:00 has its first time between the two."""
    ends = [0, *(found.end for found in dates)]
    starts = [*(found.start for found in dates), len(text)]
    return " ".join(text[end:start] for end, start in list(zip(ends, starts, strict=True))[1 if dates else 0 :])


def print_moment(moment: Moment, *, through: bool = False) -> Moment:
    """The moment with its ``text`` written anew: 2025年3月14日（金）13:30～16:00.

    ``through``: several days are one stretch, 14日（金）22:00～15日（土）1:00, not the same hours every day.
    """
    if moment.first is None or moment.last is None:
        return moment
    text = japanese_date(moment.first) if moment.last == moment.first else japanese_span(moment.first, moment.last)
    if through and moment.begins and moment.last != moment.first:
        text = text.replace("～", f"{_hm(moment.begins)}～") + (_hm(moment.ends) if moment.ends else "")
    elif moment.begins:
        text += _hm(moment.begins)
        text += "～" + _hm(moment.ends) if moment.ends else ""
    return Moment(text=text, first=moment.first, last=moment.last, begins=moment.begins, ends=moment.ends)


def _hm(clock: time) -> str:
    return f"{clock.hour}:{clock.minute:02}"
