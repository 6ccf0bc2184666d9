"""Dates as people in Japan write them: text in, ``datetime`` values out; what cannot be read stays ``None`` and is never guessed.

Known: ISO and its cousins (2025/1/31, 2025.1.31), 2025年1月31日, 和暦 (令和7年1月31日, R7.1.31), full-width digits, year-less dates (the one
nearest to an anchor, never today's clock), ranges and times. Matching is done on an NFKC copy; what is printed is the editor's own text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time

from pipeline.model import WEEKDAYS, Moment, japanese_date, japanese_span

_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988, "昭和": 1925, "S": 1925}
_DATE = re.compile(
    r"(?<![\d.])(?:(?P<y1>\d{4})(?P<sep>[-/.])(?P<m1>\d{1,2})(?P=sep)(?P<d1>\d{1,2})(?![\d.]*\d)"
    r"|(?P<y2>\d{4})年\s?(?P<m2>\d{1,2})月\s?(?P<d2>\d{1,2})日"
    r"|(?P<era>令和|平成|昭和|(?<![A-Za-z])[RHS])(?P<y3>元|\d{1,2})(?:年\s?|[./])(?P<m3>\d{1,2})(?:月\s?|[./])(?P<d3>\d{1,2})日?"
    r"|(?P<m4>\d{1,2})月\s?(?P<d4>\d{1,2})日)"
    r"(?:\s?\((?P<w>[月火水木金土日])(?:曜日?)?(?:[・,、]?[祝休])?\))?"
)
_RANGE_END = re.compile(
    r"\s?[~-]\s?(?:(?P<m>\d{1,2})[月/-])?(?P<d>\d{1,2})(?:日|(?![\d:時]))(?:\s?\((?P<w>[月火水木金土日])(?:[・,、]?[祝休])?\))?"
)
_TIME = re.compile(r"(?P<half>午前|午後)?(?P<h>\d{1,2})(?::(?P<m>\d{2})|時(?:(?P<m2>\d{1,2})分|(?P<half_hour>半))?)")
_PLAIN = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(?:[~-](?:\d{1,2}-)?\d{1,2})?(?:[ T]\d{1,2}:\d{2}(?:~\d{1,2}:\d{2})?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """One date in a text. ``start``/``end`` are offsets in the NFKC copy, ``weekday`` is what the text claims ("" if it does not)."""

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
    """The copy that is searched: NFKC, every kind of wave and dash between numbers as ``~`` or ``-``."""
    return re.sub("[〜～∼]", "~", re.sub("[‐‑‒–—―−]", "-", unicodedata.normalize("NFKC", text)))


def find_dates(text: str, *, anchor: date | None = None) -> tuple[FoundDate, ...]:
    """All dates in ``text``, ends of ranges included. Year-less ones need ``anchor`` and are the nearest to it.

    Raises ``ImpossibleDateError`` for 2月30日 and the like.
    """
    form = matching_form(text)
    found: list[FoundDate] = []
    for match in _DATE.finditer(form):
        day = _day_of(match, anchor)
        if day is None:
            continue
        found.append(FoundDate(start=match.start(), end=match.end(), day=day, weekday=match["w"] or "", has_year=not match["m4"]))
        found.extend(_range_end(form, match.end(), day))
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
    form = matching_form(text).strip()
    dates = find_dates(text, anchor=anchor)
    times = [clock for match in _TIME.finditer(_behind(form, dates)) if (clock := _clock(match)) is not None]
    moment = Moment(
        text=text.strip(),
        first=dates[0].day if dates else None,
        last=dates[-1].day if dates else None,
        begins=times[0] if times else None,
        ends=times[1] if len(times) > 1 else None,
    )
    return print_moment(moment) if _PLAIN.fullmatch(form) else moment


def _behind(form: str, dates: tuple[FoundDate, ...]) -> str:
    """What stands behind the first date, later dates taken out: 14日22:00～15日1:00 has its first time between the two."""
    ends = [0, *(found.end for found in dates)]
    starts = [*(found.start for found in dates), len(form)]
    return " ".join(form[end:start] for end, start in list(zip(ends, starts, strict=True))[1 if dates else 0 :])


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


def _day_of(match: re.Match[str], anchor: date | None) -> date | None:
    if match["m4"]:
        return _nearest(int(match["m4"]), int(match["d4"]), anchor, match[0]) if anchor else None
    if match["era"]:
        year = _ERAS[match["era"]] + (1 if match["y3"] == "元" else int(match["y3"]))
        return _date(year, int(match["m3"]), int(match["d3"]), match[0])
    if match["y2"]:
        return _date(int(match["y2"]), int(match["m2"]), int(match["d2"]), match[0])
    return _date(int(match["y1"]), int(match["m1"]), int(match["d1"]), match[0])


def _range_end(form: str, position: int, first: date) -> tuple[FoundDate, ...]:
    match = _RANGE_END.match(form, position)
    if not match:
        return ()
    month = int(match["m"] or first.month)
    day = _date(first.year + (month < first.month), month, int(match["d"]), match[0])
    return (FoundDate(start=match.start(), end=match.end(), day=day, weekday=match["w"] or "", has_year=True),)


def _nearest(month: int, day: int, anchor: date, text: str) -> date:
    candidates = []
    for year in (anchor.year - 1, anchor.year, anchor.year + 1):
        try:
            candidates.append(date(year, month, day))
        except ValueError:
            continue
    if not candidates:
        raise ImpossibleDateError(text)
    return min(candidates, key=lambda candidate: abs((candidate - anchor).days))


def _date(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ImpossibleDateError(text) from None


def _clock(match: re.Match[str]) -> time | None:
    hour = int(match["h"]) + (12 if match["half"] == "午後" and int(match["h"]) < 12 else 0)
    minute = 30 if match["half_hour"] else int(match["m"] or match["m2"] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None
