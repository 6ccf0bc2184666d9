"""Rules about times of day: times that no clock shows, ends before beginnings, and venue time beside Japan time.

Records in, findings out. 20:80 may be a ratio: figures alone count as a time only where the text around them says that they are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from pipeline.checks.dated import dates_in, texts
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.checks.timepairs import all_pairs
from pipeline.checks.zones import ZONES, zone_in
from pipeline.dates import Clock, read_clocks
from pipeline.dates.form import folded
from pipeline.model import Severity, japanese_date

JAPAN = ZoneInfo("Asia/Tokyo")
_TIMELY = re.compile(r"(?:日|[）)\]］]|日時|(?:時間|開場|開演|開始|開会|受付|締切|集合)は?|午前|午後|[～〜~]|から)[ 　:：]*$")
_TIMELY_BEHIND = re.compile(r"[ 　]*(?:まで|から|より|開始|開演|開場|開会|必着|に|～|〜|~)")
_SPLIT = re.compile(r"[。\n]")
_JAPAN = re.compile(r"日本時間|日本(?:では|の)(?=[、はの]?(?:同日|翌日?|前日|午前|午後|\d))|JST|当日の(?=\d{1,2}[:：時][^。]{0,8}現地)")


def impossible_time(sheet: Sheet) -> Iterator[Hit]:
    """13時75分, 午後14時, 25:00."""
    for passage in texts(sheet):
        for clock in read_clocks(passage.text):
            if clock.minutes is None and (not clock.colon or clock.half or _is_time(passage.text, clock)):
                message = f"「{clock.text}」という時刻はありません。"
                hint = (
                    "「午後2時」か「14時」のどちらかに直してください。"
                    if clock.half
                    else "時と分を確かめてください（深夜は「翌1:00」のように）。"
                )
                yield passage.hit((clock.start, clock.end), message, hint)


def _is_time(text: str, clock: Clock) -> bool:
    """Whether the text around figures with a colon says that they are a time."""
    return bool(clock.joined or _TIMELY.search(text[max(0, clock.start - 8) : clock.start]) or _TIMELY_BEHIND.match(text, clock.end))


def reversed_times(sheet: Sheet) -> Iterator[Hit]:
    """A span of one day whose end lies before its beginning; from the evening into the night is no slip."""
    yield from doors(sheet)
    yield from day_ends(sheet)
    for passage in texts(sheet):
        for first, last in pairwise(read_clocks(passage.text)):
            if last.joined != "~" or last.next_day or first.minutes is None or last.minutes is None or last.minutes > first.minutes:
                continue
            if first.minutes >= 17 * 60 and last.minutes <= 8 * 60:
                continue
            span = (first.start, last.end)
            message = f"「{passage.text[span[0] : span[1]]}」は、終わりの時刻が始まりより後になっていません。"
            hint = "時刻を確かめてください。午後なら「午後」か24時間の形で、翌日にわたるなら「翌」を付けて書きます。"
            yield passage.hit(span, message, hint)


_OPENS = re.compile(r"(?:開場|受付(?:開始)?|開門)(?:時刻|時間)?[は：: 　（(]{0,2}$")
_BEGINS = re.compile(r"(?:開演|開会|開始|開講)(?:時刻|時間)?[は：: 　（(]{0,2}$")


def doors(sheet: Sheet) -> Iterator[Hit]:
    """Doors that open after the event has begun: 開場14:30、開演14:00."""
    for passage in texts(sheet):
        clocks = [clock for clock in read_clocks(passage.text) if clock.minutes is not None and not clock.joined]
        opens = [clock for clock in clocks if _says(passage.text, clock, _OPENS, ("開場", "受付開始"))]
        begins = [clock for clock in clocks if _says(passage.text, clock, _BEGINS, ("開演", "開会", "開始", "開講"))]
        if len(opens) == len(begins) == 1 and opens[0] is not begins[0] and (opens[0].minutes or 0) > (begins[0].minutes or 0):
            span = (min(opens[0].start, begins[0].start), max(opens[0].end, begins[0].end))
            message = f"開場・受付（{opens[0].text}）が、開始（{begins[0].text}）より後です。"
            yield passage.hit(span, message, "どちらの時刻が正しいかを、発信元に確かめてください。")


def _says(text: str, clock: Clock, before: re.Pattern[str], behind: tuple[str, ...]) -> bool:
    return bool(before.search(text[max(0, clock.start - 10) : clock.start])) or text.startswith(behind, clock.end)


def day_ends(sheet: Sheet) -> Iterator[Hit]:
    """終了 of the front matter before 日時."""
    for article in sheet.issue.articles:
        start, end = article.start, article.end
        place = next((passage for passage in sheet.passages if passage.article is article and passage.key == "end"), None)
        if not (start and end and start.first and place):
            continue
        same = end.first is None or end.first == start.first
        late = end.first is not None and end.first < start.first
        clocks = same and start.begins and end.begins and end.begins <= start.begins
        if late or clocks:
            message = f"終了（{end.text}）が、日時（{start.text}）より後になっていません。"
            yield place.hit((0, len(place.text)), message, "日付と時刻を確かめてください。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A venue's time and the Japan time beside it. ``told``: what the text says of its day (同日, 翌); ``first``: the venue's stands first."""

    local: datetime
    japan: Clock
    told: str
    first: bool
    length: int


def japan_time(sheet: Sheet) -> Iterator[Hit]:
    """A Japan time that is not the venue's, summer time and the next day included."""
    yield from hours_apart(sheet)
    yield from all_pairs(sheet)
    for passage in texts(sheet):
        for match in _JAPAN.finditer(passage.text):
            twin = _twin(sheet, passage, match)
            if twin:
                yield from _differs(passage, match.start(), twin)


_APART = re.compile(
    r"時差は[、 ]?(?:[^。、\d]{0,8}(?:現在|今|時期)(?:は|で|、)*)?(?:約)?(?P<n>\d{1,2})時間(?P<half>半)?"
    r"|日本(?:時間)?(?:より|から)(?:も)?(?P<n2>\d{1,2})時間(?P<half2>半)?(?P<way>遅|早|進|先)"
)


def hours_apart(sheet: Sheet) -> Iterator[Hit]:
    """時差は14時間 against the zones themselves, on the day of which the item speaks."""
    for passage in texts(sheet):
        for match in _APART.finditer(folded(passage.text)):
            zone = zone_in(passage.text) or (sheet.issue.event.timezone if sheet.issue.event else "") or zone_in(_whole(sheet, passage))
            day = _day_before(sheet, passage, match.start())
            if not zone or day is None:
                continue
            noon = datetime.combine(day, time(12), ZoneInfo(zone))
            real = ((noon.utcoffset() or timedelta()) - timedelta(hours=9)) / timedelta(hours=1)
            told = int(match["n"] or match["n2"]) + (0.5 if match["half"] or match["half2"] else 0)
            wrong_way = bool(match["way"]) and (match["way"] == "遅") != (real < 0)
            if abs(real) != told or wrong_way:
                hint = f"{japanese_date(day)}の時差は{abs(real):g}時間です（現地のほうが{'遅れて' if real < 0 else '進んで'}います）。"
                yield passage.hit(match.span(), f"「{match[0]}」は、現地の時差と合っていません。", hint)


def _twin(sheet: Sheet, passage: Passage, match: re.Match[str]) -> Twin | None:
    """What stands on both sides of 日本時間 in its sentence; ``None`` if anything is missing that the comparison needs."""
    text = passage.text
    begin, end = _sentence(text, match.start())
    ahead = [clock for clock in read_clocks(text) if match.end() <= clock.start < min(end, match.end() + 40)]
    before = [clock for clock in read_clocks(text) if begin <= clock.start < match.start() and not clock.joined]
    behind = [
        clock for clock in read_clocks(text) if ahead and ahead[0].end <= clock.start < end and clock is not ahead[0] and not clock.joined
    ]
    zone = zone_in(text[begin:end]) or (sheet.issue.event.timezone if sheet.issue.event else "") or zone_in(_whole(sheet, passage))
    if not ahead or not zone or ahead[0].minutes is None:
        return None
    if behind and not before and not re.search(rf"現地|{ZONES}|では", text[ahead[0].end : behind[0].start]):
        return None
    local = before[-1] if before else behind[0] if behind else None
    day = _day_before(sheet, passage, local.start if local else match.start())
    minutes = local.minutes if local else _entry_minutes(passage)
    if minutes is None or day is None:
        return None
    moment = datetime.combine(day, datetime.min.time(), ZoneInfo(zone)) + timedelta(minutes=minutes)
    swapped = local is not None and local.start > match.start()
    told = "" if swapped else text[match.end() : ahead[0].start]
    return Twin(local=moment, japan=ahead[0], told=told, first=not swapped, length=_difference(text, local, ahead[0]))


def _difference(text: str, local: Clock | None, japan: Clock) -> int:
    """How many minutes the two spans differ in length, if both have an end."""
    lengths = []
    for first in (local, japan):
        end = next((clock for clock in read_clocks(text) if first and clock.start >= first.end), None)
        if first is None or end is None or end.joined != "~" or first.minutes is None or end.minutes is None:
            return 0
        lengths.append((end.minutes - first.minutes) % (24 * 60))
    return lengths[1] - lengths[0]


def _whole(sheet: Sheet, passage: Passage) -> str:
    """All that an item says: the venue's city may stand in its entry."""
    return "\n".join(other.text for other in sheet.passages if other.article is passage.article)


def _sentence(text: str, at: int) -> tuple[int, int]:
    ends = [match.end() for match in _SPLIT.finditer(text)]
    return max((end for end in ends if end <= at), default=0), min((end for end in ends if end > at), default=len(text))


def _day_before(sheet: Sheet, passage: Passage, at: int) -> date | None:
    """The last date before the time; else the item's own, else a day of the event, whose clocks are the same."""
    days = [written.day for written in dates_in(sheet, passage) if written.start < at and written.day]
    start = passage.article.start if passage.article else None
    event = sheet.issue.event
    return days[-1] if days else (start.first if start else None) or (event.start if event else None) or sheet.issue.date


def _entry_minutes(passage: Passage) -> int | None:
    """The item's own 日時, of a Japan time that stands alone in the body."""
    start = passage.article.start if passage.article else None
    if passage.kind == "field" or start is None or start.begins is None:
        return None
    return start.begins.hour * 60 + start.begins.minute


def _differs(passage: Passage, at: int, twin: Twin) -> Iterator[Hit]:
    right = twin.local.astimezone(JAPAN)
    days = (right.date() - twin.local.date()).days
    span = (at, twin.japan.end)
    said = passage.text[span[0] : span[1]]
    when = f"{ {1: '翌日', -1: '前日', 0: '同日'}[days] }{japanese_date(right.date(), year=False)}{right.hour}:{right.minute:02}"
    hint = f"現地の{twin.local.hour}:{twin.local.minute:02}（UTC{twin.local:%z}）は、日本時間では{when}です。"
    minutes = (twin.japan.minutes or 0) % (24 * 60)
    if minutes != right.hour * 60 + right.minute or twin.length:
        yield passage.hit(span, f"「{said}」は、現地時間と合っていません。", hint)
    elif twin.first and _wrong_day(twin.told, right.date(), days):
        yield passage.hit(span, f"「{said}」は、日が合っていません。", hint)
    elif twin.first and days and not re.search("[日翌]", twin.told) and "現地" not in passage.text[max(0, at - 30) : at]:
        yield passage.hit(span, f"「{said}」は、現地とは日が違います。", hint, severity=Severity.WARNING)


def _wrong_day(told: str, right: date, days: int) -> bool:
    """Whether the words before the Japan time name another day than the right one."""
    number = re.search(r"(\d{1,2})日", told)
    if number:
        return int(number[1]) != right.day
    word = next((word for word in ("翌", "前日", "同") if word in told), "")
    return bool(word) and {"翌": 1, "前日": -1, "同": 0}[word] != days


_HEAD = "---\n版: special\n発行日: 2024-11-20\n会議: cop29\n件名: COP29特集号\n導入文: 会議の動き\n---\n\n巻頭言です。\n"
_SESSION = "---\n見出し: 会合を開催\n欄: 自治体・イクレイの動き\n---\n\n11月12日（火）22:00に始まりました（日本時間 {}）。\n"

RULES = (
    Rule(
        code="DATE007",
        title="ありえない時刻",
        severity=Severity.ERROR,
        reason="時計にない時刻は、書き間違いです。",
        source="校正の目録 34",
        bad="午後14時に始まります。",
        good="14時に始まります。比率は20:80です。",
        find=impossible_time,
    ),
    Rule(
        code="DATE008",
        title="時間の前後",
        severity=Severity.ERROR,
        reason="終わりが始まりより前の時間は、午前・午後か時刻の書き間違いです。",
        source="校正の目録 35",
        bad="13:30～11:00に開きます。",
        good="13:30～16:00に開きます。22:00～翌1:00の夜間観察会です。",
        find=reversed_times,
    ),
    Rule(
        code="DATE012",
        title="現地時間と日本時間",
        severity=Severity.ERROR,
        reason="時差や夏時間、日付の変わり目の数え違いで、オンラインの会合に間に合わなくなります。",
        source="時差の規則（IANA tz database）",
        bad={"issue.md": _HEAD, "10-a.md": _SESSION.format("翌13日2:00")},
        good={"issue.md": _HEAD, "10-a.md": _SESSION.format("翌13日3:00")},
        find=japan_time,
    ),
)
