"""Venue time in, Japan time out: the second line of a special edition's times. Summer time and midnight come from the zone's own rules.

It must never guess: without both a date and a time, where the clocks agree, or in the hour that summer time skips or repeats, there is nothing
to say.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.model import Event, Moment, japanese_date

JAPAN = ZoneInfo("Asia/Tokyo")


def japan_time(moment: Moment | None, timezone: str) -> str:
    """``日本時間 同日15:00～16:00`` or ``日本時間 翌11月13日（水）3:00`` for a moment at a place in ``timezone``; "" if there is nothing to say."""
    if not moment or not moment.first or not moment.begins:
        return ""
    begins, ends = _span(moment, ZoneInfo(timezone))
    japanese = begins.astimezone(JAPAN)
    if japanese.utcoffset() == begins.utcoffset() or _is_unclear(begins) or (ends and _is_unclear(ends)):
        return ""
    text = f"日本時間 {_day(begins, japanese)}{_hour(japanese)}"
    if ends:
        finish = ends.astimezone(JAPAN)
        text += f"～{'' if finish.date() == japanese.date() else _day(japanese, finish)}{_hour(finish)}"
    return text


def hours_ahead(event: Event) -> str:
    """``日本時間は5時間進んでいます。`` for the days of an event; "" where the clocks agree or change during it."""
    zone = ZoneInfo(event.timezone)
    noons = [datetime.combine(day, time(12), zone) for day in (event.start, event.last_day)]
    minutes = {(_offset(noon.astimezone(JAPAN)) - _offset(noon)) // timedelta(minutes=1) for noon in noons}
    distance = minutes.pop()
    if minutes or not distance:
        return ""
    hours, rest = divmod(abs(distance), 60)
    return f"日本時間は{hours}時間{f'{rest}分' if rest else ''}{'進んで' if distance > 0 else '遅れて'}います。"


def _span(moment: Moment, zone: ZoneInfo) -> tuple[datetime, datetime | None]:
    """Begin and end at the venue; an end before the beginning is past midnight."""
    if not moment.first or not moment.begins:
        raise ValueError(moment.text)
    begins = datetime.combine(moment.first, moment.begins, zone)
    if not moment.ends:
        return begins, None
    ends = datetime.combine(moment.last or moment.first, moment.ends, zone)
    return begins, ends if ends >= begins else ends + timedelta(days=1)


def _is_unclear(moment: datetime) -> bool:
    """A time that the clocks of the venue show twice or never, in the night when they are changed."""
    return moment.utcoffset() != moment.replace(fold=1).utcoffset()


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta()


def _day(known: datetime, day: datetime) -> str:
    """The day of ``day``, told from a day that the reader knows already."""
    distance = (day.date() - known.date()).days
    return "同日" if not distance else {1: "翌", -1: "前日"}.get(distance, "") + japanese_date(day.date(), year=False)


def _hour(moment: datetime) -> str:
    return f"{moment.hour}:{moment.minute:02}"
