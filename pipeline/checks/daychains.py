"""Days that another day of the same text decides: 翌21日 behind 19日, 前日の14日 beside 15日, 26日（月） in an item of 25日, 敬老の日の翌日, わずか9日で.

Passages in, hits out, for the rule about days that follow each other. A day that no other day of the item explains is somebody else's matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from pipeline import calendar
from pipeline.checks.dated import dates_in, full, texts, weekday
from pipeline.checks.facts import own
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet
from pipeline.dates import read_clocks
from pipeline.dates.form import HOLIDAYS, folded
from pipeline.model import Article, Severity

_NEXT = re.compile(
    r"(?P<way>翌々日|翌日|前々日|前日|翌)(?:の|に当たる|である|、|[(])?(?:(?P<m>\d{1,2})月)?(?P<d>\d{1,2})日(?!間)(?:[(](?P<w>[月火水木金土日]))?"
)
_WAYS = {"翌々日": 2, "翌日": 1, "翌": 1, "前日": -1, "前々日": -2}
_BARE = re.compile(r"(?<![\d月翌])(?P<d>\d{1,2})日[(](?P<w>[月火水木金土日])(?:曜日?)?(?:[)]|・)")
_AFTER_HOLIDAYS = re.compile(r"連休明け(?:の始まり|の仕事始め|の初日)?(?:は|の|となる|、)*(?:(?P<m>\d{1,2})月)?(?P<d>\d{1,2})日")
_FEAST = re.compile(rf"(?P<name>{HOLIDAYS})の(?P<way>翌日|前日|当日)(?=です|に|の開催|で[、す]|、)")
_ON_FEAST = re.compile(rf"(?P<name>{HOLIDAYS})の?(?P<part>午前|午後|朝|夜|一日|開催|昼)")
_HINT = "どちらの日が正しいかを確かめてください。"


def chained(sheet: Sheet) -> Iterator[Hit]:
    """Every such day that does not follow from the other."""
    for article in sheet.issue.articles:
        if not article.origin:
            passages = own(sheet, article)
            yield from _timetable(passages)
            if article.start and article.start.first:
                yield from _feasts(article, passages, article.start.first)
    for passage in texts(sheet):
        form = folded(passage.text)
        if "日" in form and not (passage.article and passage.article.origin):
            days = _days(sheet, passage)
            if "翌" in form or "前日" in form or "前々日" in form:
                yield from _next_days(sheet, passage, form, days)
            if "連休明け" in form:
                yield from _after_holidays(sheet, passage, form)
            yield from _bare_days(sheet, passage, form)
            yield from _spent(passage, form, days)


def _days(sheet: Sheet, passage: Passage) -> list[tuple[int, date]]:
    """(where it ends, the day) of every certain date of a passage."""
    found = (w for w in dates_in(sheet, passage) if w.is_certain and not w.wrong_weekday)
    return [(written.end, written.day) for written in found if written.day]


def _next_days(sheet: Sheet, passage: Passage, form: str, days: list[tuple[int, date]]) -> Iterator[Hit]:
    """翌20日 must be the day after a day that the text, or its item, names before."""
    start = passage.article.start if passage.article else None
    for match in _NEXT.finditer(form):
        if form.endswith(("開催", "開会", "締切"), 0, match.start()):
            continue  # told by the rule about days that follow from each other
        before = [day for end, day in days if end <= match.start()]
        numbers = [int(n) for n in re.findall(r"(?<!\d)(\d{1,2})日(?!間|目|前|後)", form[: match.start()])]
        moments = [moment for moment in (start, passage.article.deadline if passage.article else None) if moment]
        known = [*before, *(day for moment in moments for day in (moment.first, moment.last) if day)]
        if "来月" in form[: match.start()] or "今月" in form[: match.start()]:
            known += list(_relative(sheet, form[: match.start()]))
        if not numbers + known and match["w"]:
            known = _before(sheet, passage)
        wanted = {(day + timedelta(days=_WAYS[match["way"]])).day for day in known} | {n + _WAYS[match["way"]] for n in numbers}
        behind = [day for end, day in days if end > match.end()]
        wanted |= {(day + timedelta(days=_WAYS[match["way"]])).day for day in behind}
        if (
            numbers + known
            and int(match["d"]) not in wanted
            and not re.search("振替|祝|の日", form[max(0, match.start() - 6) : match.start()])
        ):
            what = passage.text[match.start() : match.end()]
            yield passage.hit(match.span(), f"「{what}」は、前に挙げた日の{match['way']}ではありません。", _HINT, severity=Severity.WARNING)


def _before(sheet: Sheet, passage: Passage) -> list[date]:
    """The days that the item names before a passage."""
    days: list[date] = []
    for other in own(sheet, passage.article):
        if other is passage:
            break
        days += [day for _, day in _days(sheet, other)]
    return days


def _relative(sheet: Sheet, before: str) -> Iterator[date]:
    today = sheet.issue.date
    for match in re.finditer(r"(?P<word>今月|来月)(?P<d>\d{1,2})日", before):
        months = today.year * 12 + today.month - 1 + (match["word"] == "来月")
        yield date(months // 12, months % 12 + 1, 1) + timedelta(days=int(match["d"]) - 1)


def _after_holidays(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """連休明けの始まりは8日 though the 7th is a working day."""
    today = sheet.issue.date
    for match in _AFTER_HOLIDAYS.finditer(form):
        near = (today + timedelta(days=n) for n in range(-40, 60))
        days = [day for day in near if day.day == int(match["d"]) and (not match["m"] or day.month == int(match["m"]))]
        if days and not any(_free(day - timedelta(days=1)) and not _free(day) for day in days):
            what = passage.text[match.start() : match.end()]
            yield passage.hit(match.span(), f"「{what}」は、休みの明ける日ではありません。", _HINT, severity=Severity.WARNING)


def _free(day: date) -> bool:
    return not calendar.is_working_day(day, ())


def _feasts(article: Article, passages: tuple[Passage, ...], day: date) -> Iterator[Hit]:
    """敬老の日の翌日です, スポーツの日の午前中 of an item on another day."""
    start = article.start
    for passage in passages:
        form = folded(passage.text)
        if passage.kind not in ("paragraph", "item") or "日の" not in form:
            continue
        for match in (*_FEAST.finditer(form), *_ON_FEAST.finditer(form)):
            way = match.groupdict().get("way") or "当日"
            wanted = {calendar.holiday_name(day - timedelta(days=n)) for n in {"翌日": (1,), "前日": (-1,)}.get(way, (0,))}
            last = start.last if start and start.last else day
            inside = {calendar.holiday_name(day + timedelta(days=n)) for n in range(min(40, (last - day).days) + 1)}
            begin = form.rfind("。", 0, match.start()) + 1
            if match["name"] not in wanted | inside and not re.search(r"\d日|\d月|昨年|前回", form[begin : match.start()]):
                what = passage.text[match.start() : match.end()]
                yield passage.hit(match.span(), f"「{what}」が、日時（{full(day)}）と合っていません。", _HINT, severity=Severity.WARNING)


def _bare_days(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """26日（月） in an item of October 25: in no month that the item names is the 26th a Monday."""
    read = {written.start for written in dates_in(sheet, passage)}
    for match in _BARE.finditer(form) if passage.kind in ("paragraph", "item", "row") else ():
        if match.start() in read or form[max(0, match.start() - 2) : match.start()].endswith(("今月", "来月", "先月", "同月", "翌月")):
            continue
        start = passage.article.start if passage.article else None
        first, last = (start.first, start.last) if start else (None, None)
        inside = first and last and first.month == last.month and first.day <= int(match["d"]) <= max(last.day, first.day + 2)
        months = [(first.year, first.month)] if first and inside else _months(sheet, passage)
        days = [date(year, month, int(match["d"])) for year, month in months if _exists(year, month, int(match["d"]))]
        if days and not any(weekday(day) == match["w"] for day in days):
            what = passage.text[match.start() : match.end()]
            message = f"「{what}」は{weekday(days[0])}曜日です（{full(days[0])}）。"
            yield passage.hit(match.span(), message, "日付と曜日のどちらが正しいかを確かめてください。")


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _months(sheet: Sheet, passage: Passage) -> list[tuple[int, int]]:
    """The months that a bare day of a passage may lie in: those that its item names, and those beside the sending."""
    found: set[tuple[int, int]] = set()
    for other in own(sheet, passage.article):
        form = folded(other.text)
        for written in dates_in(sheet, other):
            found |= {(day.year, day.month) for day in written.candidates}
        for match in re.finditer(r"(?<!\d)(1[0-2]|[1-9])月", form):
            month = int(match[1])
            found |= {(sheet.issue.date.year + n, month) for n in (-1, 0, 1)}
    today = sheet.issue.date
    for n in (-1, 0, 1):
        number = today.year * 12 + today.month - 1 + n
        found.add((number // 12, number % 12 + 1))
    start = passage.article.start if passage.article else None
    if start and start.first:
        return [(start.first.year, start.first.month), *sorted(found - {(start.first.year, start.first.month)})]
    return sorted(found)


_SPENT = re.compile(r"(?:わずか|たった|その|ちょうど)(?P<n>\d{1,3})日(?:で|後に|ぶりに)")


def _spent(passage: Passage, form: str, days: list[tuple[int, date]]) -> Iterator[Hit]:
    """8月5日 …, 7月30日 …, わずか9日で: between the two days that stand before it."""
    for match in _SPENT.finditer(form) if "日で" in form or "日後" in form or "日ぶり" in form else ():
        before = [day for end, day in days if end <= match.start()]
        if len(before) == 2 and before[0] != before[1]:
            real = abs((before[1] - before[0]).days)
            if real <= 100 and int(match["n"]) not in (real, real + 1):
                what = passage.text[match.start() : match.end()]
                message = f"「{what}」：{full(min(before))}から{full(max(before))}までは{real}日です。"
                yield passage.hit(match.span(), message, _HINT, severity=Severity.WARNING)


def _overlaps(passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """15:20～16:20 below 15:00～15:40; what lasts through the next, or begins with it, goes on beside it."""
    last: tuple[int, int, str] | None = None
    for passage in passages:
        clocks = read_clocks(passage.text) if passage.kind in ("item", "row") and ":" in folded(passage.text) else ()
        begin, end = (clocks[0].minutes, clocks[1].minutes) if len(clocks) == 2 and clocks[1].joined == "~" else (None, None)
        if begin is None or end is None or clocks[0].start > 14 or re.search("並行|同時|随時|分科会|会場[A-ZＡ-Ｚ]|展示", passage.text):
            last = None
            continue
        said = passage.text[clocks[0].start : clocks[1].end]
        if last and last[0] < begin < last[1] < end:
            message = f"「{said}」が、前の「{last[2]}」と重なっています。"
            span = (clocks[0].start, clocks[1].end)
            yield passage.hit(span, message, "どちらの時刻が正しいかを確かめてください。", severity=Severity.WARNING)
        last = (begin, end, said)


_MINUTES = re.compile(r"[(](?P<n>\d{1,3})分間?[)]")


def _timetable(passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """10:00 …（90分） above 11:00 …."""
    yield from _overlaps(passages)
    last: tuple[int, int, Passage, re.Match[str]] | None = None
    for passage in passages:
        clocks = read_clocks(passage.text) if passage.kind in ("item", "row") and ":" in folded(passage.text) else ()
        if not clocks or clocks[0].minutes is None or clocks[0].start > 14:
            last = None
            continue
        begin = clocks[0].minutes
        if last and last[0] < begin < last[0] + last[1]:
            what = last[2].text[last[3].start() : last[3].end()]
            message = f"{last[0] // 60}:{last[0] % 60:02}からの{what}は、次の{clocks[0].text}より後まで続きます。"
            yield last[2].hit(last[3].span(), message, "時刻と長さのどちらが正しいかを確かめてください。", severity=Severity.WARNING)
        minutes = _MINUTES.search(folded(passage.text)) if len(clocks) == 1 else None
        last = (begin, int(minutes["n"]), passage, minutes) if minutes else None
