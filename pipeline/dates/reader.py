"""The reader of dates: text in, every date in it out as a record with its place; it never raises, never guesses and knows no clock of today.

Read are 2025年1月31日（金）, 1月31日金曜日, 2025/1/31, 2025.1.31, R7.1.31, 令和七年, 令和7（2025）年, 1/31(金), ranges (14日（金）～16日（日）, 2月3日から7日まで),
lists (2月3日（月）・10日（月）, 6、13、20日), full width and 漢数字. A day without month takes that of the date before it, 来月6日 counts from an anchor; without a
year a date is the one nearest to it. Not read: 1.5度, 2/3, 24/7, SDGs 11.3, item numbers, years with two digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from pipeline.dates.form import GAP, HOLIDAYS, folded, number
from pipeline.dates.years import Year, read_years, year_of_word
from pipeline.model import WEEKDAYS

FAR = 215  # days: further from the anchor than this a year-less date belongs to another year; from 150 on it may belong to two

_N = r"(?:\d{1,2}|[〇一二三四五六七八九十]{1,3})"
_NOT_A_DAY = r"(?!間|目|後|以[内上下降]|前後|程度|ほど|連続|ごと|おき|当たり|あたり|分[のを、。]|本(?!会議|番|大会|選|祭))"
_JOIN = r"[~\-ー・,、，]"
_MORE = rf"(?={GAP}{_JOIN}{GAP}(?:{_N}{GAP}{_JOIN}{GAP}){{0,8}}{_N}(?:月{GAP}{_N})?日)"  # 3、10、17日: only the last has its 日
_WEEKDAY = (
    rf"(?:{GAP}[(\[〔【<](?P<w>[月火水木金土日])(?:曜日?)?(?P<others>(?:(?:[・,、~\-]|[)][(])?[月火水木金土日](?:曜日?)?)*)"
    rf"(?P<mark>(?:[・,、/ ]?(?:祝日?|祭日|振替休日|振替|振休|国民の休日|休日?|{HOLIDAYS}))*)(?=[)\]〕】> \d・,、]|午)[^()\[\]〔〕【】<>]{{0,12}}[)\]〕】>]"
    rf"|{GAP}[(](?:各|いずれも|すべて|全て)(?P<each>[月火水木金土日])曜日?[)]"
    rf"|{GAP}[(](?P<holiday>{HOLIDAYS}|振替休日|祝日?)[)]"
    rf"|{GAP}[(](?P<foreign>Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?[)]"
    rf"|{GAP}(?P<bare>[月火水木金土日])曜日?|(?:の|は|が)(?P<said>[月火水木金土日])曜日)?"
)
_MONTH_DAY = re.compile(rf"(?<![\d年第])(?<!\d[.,:/])(?P<m>{_N}){GAP}月{GAP}(?P<d>{_N}){GAP}(?:日{_NOT_A_DAY}|{_MORE}){_WEEKDAY}")
_AFTER_YEAR = re.compile(rf"{GAP}の?{GAP}(?P<m>{_N}){GAP}月{GAP}(?P<d>{_N}){GAP}(?:日{_NOT_A_DAY}|{_MORE}){_WEEKDAY}")
_ISO = re.compile(rf"(?<![\d.])(?P<y>\d{{4}})(?P<sep>[-/.]){GAP}(?P<m>\d{{1,2}})(?P=sep){GAP}(?P<d>\d{{1,2}})(?![\d.]*\d){_WEEKDAY}")
_ERA = re.compile(
    rf"(?<![A-Za-z\d])(?P<era>[RHS])(?P<y>元|\d{{1,2}})(?P<sep>[./])(?P<m>\d{{1,2}})(?P=sep)(?P<d>\d{{1,2}})(?![\d.]*\d){_WEEKDAY}"
)
_SHORT = re.compile(
    rf"(?<!\d)(?<!\d[./:\-])(?P<m>\d{{1,2}})[/.](?P<d>\d{{1,2}})(?={GAP}[(\[〔【][月火水木金土日](?:曜|[)\]〕】・,、祝 ])){_WEEKDAY}"
)
_LABELLED = re.compile(rf"{GAP}(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})(?![\d/.%:]){_WEEKDAY}")
_LONE = re.compile(rf"(?<![\d月年第~\-])(?<!\d[.,:/])(?P<d>\d{{1,2}})日(?={GAP}[(\[][月火水木金土日][)\]・曜]){_WEEKDAY}")
_CLOCK = r"(?:(?:午前|午後)?\d{1,2}(?::\d{2}|時(?:\d{1,2}分|半)?)|正午)"
_TAIL = rf"(?:{GAP}{_CLOCK}(?:{GAP}~{GAP}{_CLOCK}(?={GAP}[・,、]))?)?{GAP}"
_RANGE = re.compile(rf"{_TAIL}(?P<how>~|ー|-|から|より){GAP}(?:翌|同)?")
_LIST = re.compile(rf"{_TAIL}(?P<how>[・,、，]|及び|および|並びに|ならびに|と|又は|または|か){GAP}")
_NEXT = re.compile(rf"(?!一日)(?:(?P<m>{_N}){GAP}月{GAP})?(?P<d>{_N}){GAP}(?:日{_NOT_A_DAY}|{_MORE}){_WEEKDAY}")
_NEXT_SHORT = re.compile(
    rf"(?:(?P<m>\d{{1,2}})[./\-])?(?P<d>\d{{1,2}})(?:日|(?={GAP}[(\[][月火水木金土日])|(?![\d:./時月分年日度%人名件か回\-])){_WEEKDAY}"
)
_NEXT_WEEKDAY = re.compile(rf"(?:(?P<m>\d{{1,2}})[./])?(?P<d>\d{{1,2}})(?={GAP}[(\[][月火水木金土日][)\]・曜]){_WEEKDAY}")
_NEAR_DAYS = {"昨日": -1, "きのう": -1, "本日": 0, "今日": 0, "きょう": 0, "明日": 1, "あす": 1}
_TODAY = re.compile(rf"({'|'.join(_NEAR_DAYS)})[ \ue000の]?$")
_MONTHS = {"先々月": -2, "先月": -1, "今月": 0, "本月": 0, "来月": 1, "再来月": 2}
_OF_MONTH = re.compile(
    rf"(?<![一-龥])(?P<word>先々月|先月|今月|本月|来月|再来月){GAP}[のは、]?{GAP}(?P<d>{_N}){GAP}(?:日{_NOT_A_DAY}(?!号)|{_MORE}){_WEEKDAY}"
)
_WORD = re.compile(r"一昨年|昨年|去年|今年|本年|来年|明年|再来年|同年|翌年|前年|毎年|例年")
_BEFORE = re.compile(r"(?P<fixed>毎[週月年]|各週?|隔週|第[一二三四五1-5])?(?P<w>[月火水木金土日])曜日?(?:の|\()$")
_STROKES = re.compile(r"\d[-/.] ?\d")
_ANY = re.compile(r"[\d〇一二三四五六七八九十][ \ue000　]*[月日]|\d[-/.．／－]\d")
_FOREIGN = {"Mon": "月", "Tue": "火", "Wed": "水", "Thu": "木", "Fri": "金", "Sat": "土", "Sun": "日"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One date as it is written; ``start`` and ``end`` are offsets in the text, weekday included.

    ``candidates``: the days it may be, the likeliest first; empty if no calendar has it (``is_impossible``) or its year cannot be known.
    ``weekday`` is what the text claims ("" if nothing), ``mark`` its 祝 or holiday. ``joined``: ``~`` ends the range that the date before
    began, ``,`` goes on with its list. ``has_year``: the year stands there or is handed on by the chain.
    """

    start: int
    end: int
    text: str
    month: int
    day_number: int
    candidates: tuple[date, ...] = ()
    has_year: bool = False
    weekday: str = ""
    mark: str = ""
    joined: str = ""
    is_impossible: bool = False
    conflict: bool = False
    style: str = ""

    @property
    def day(self) -> date | None:
        """The day that is meant, as far as it can be known: of several candidates the one whose weekday fits."""
        fitting = [day for day in self.candidates if not self.weekday or WEEKDAYS[day.weekday()] == self.weekday]
        return next(iter((*fitting, *self.candidates)), None)

    @property
    def is_certain(self) -> bool:
        """Whether only one day can be meant."""
        return len(self.candidates) == 1

    @property
    def wrong_weekday(self) -> bool:
        """Whether the text names a weekday that none of the days has."""
        return bool(self.weekday and self.candidates) and all(WEEKDAYS[day.weekday()] != self.weekday for day in self.candidates)


@lru_cache(maxsize=2048)
def read_dates(text: str, *, anchor: date | None = None, labelled: bool = False) -> tuple[Written, ...]:
    """Every date in ``text`` in its order. ``labelled``: the text is a date entry, where 2/14 without a weekday is a date too."""
    if not _ANY.search(text):
        return ()
    form = folded(text)
    years = read_years(form)
    found: list[Written] = []
    for head in _heads(form, years, labelled=labelled):
        if found and head.start < found[-1].end:
            continue
        first = _resolved(head, form, years=years, before=tuple(found), anchor=anchor)
        if found and _RANGE.fullmatch(form, found[-1].end, first.start):
            first = replace(first, joined="~")  # 2025年3月14日～2025年3月16日: a whole date ends the range
        found += _with_weekdays(_chain(first, form, anchor))
    return tuple(replace(written, text=text[written.start : written.end]) for written in found)


def _heads(form: str, years: tuple[Year, ...], *, labelled: bool) -> Iterator[Written]:
    """The dates that begin a chain, by their place; the longest reading of a place first."""
    dated = ((year, _AFTER_YEAR.match(form, year.end)) for year in years if year.unit == "年")
    heads = [_head(match, "年", year=year.value, start=year.start, conflict=year.conflict) for year, match in dated if match]
    behind = (_AFTER_YEAR.match(form, word.end()) for word in _WORD.finditer(form))
    heads += [_head(match, "年", start=match.start("m")) for match in behind if match]
    heads += [_head(match, "年") for match in _MONTH_DAY.finditer(form)]
    heads += [_head(match, "lone", month=0) for match in _LONE.finditer(form)]
    if "月" in form:
        heads += [_head(match, "counted", month=_MONTHS[match["word"]]) for match in _OF_MONTH.finditer(form)]
    if _STROKES.search(form):
        heads += [_head(match, "iso", year=int(match["y"])) for match in _ISO.finditer(form)]
        heads += [_head(match, "iso", year=year_of_word(match["era"], match["y"])) for match in _ERA.finditer(form)]
        heads += [_head(match, "short") for match in _SHORT.finditer(form)]
        heads += [_head(match, "short") for match in [_LABELLED.match(form)] if labelled and match]
    yield from sorted(heads, key=lambda head: (head.start, -head.end))


def _head(
    match: re.Match[str], style: str, *, year: int = 0, start: int | None = None, month: int | None = None, conflict: bool = False
) -> Written:
    """A date without its days yet; ``candidates`` are filled where the year is known."""
    month = number(match["m"]) if month is None else month
    day = number(match["d"])
    days = _days(month, day, (year,)) if year else ()
    return Written(
        start=match.start() if start is None else start,
        end=match.end(),
        text="",
        month=month,
        day_number=day,
        candidates=days,
        has_year=bool(year),
        weekday=_claimed(match),
        mark=f"{match['mark'] or ''}{match['holiday'] or ''}",
        is_impossible=bool(year) and not days,
        conflict=conflict,
        style=style,
    )


def _claimed(match: re.Match[str]) -> str:
    """The weekday in or behind the date; 土・日 for a list keeps all of its letters until the chain is read."""
    if match["each"]:
        return f"各{match['each']}"
    first = match["w"] or match["bare"] or match["said"] or _FOREIGN.get(match["foreign"] or "", "")
    return first + "".join(re.findall("[月火水木金土日](?!曜)|[月火水木金土日](?=曜)", re.sub("曜日?", "", match["others"] or "")))


def _resolved(head: Written, form: str, *, years: tuple[Year, ...], before: tuple[Written, ...], anchor: date | None) -> Written:
    """A head with the days it may be and the weekday said in front of it (金曜日の1月31日)."""
    in_front = _BEFORE.search(form, 0, head.start)
    if in_front and not in_front["fixed"] and not head.weekday:
        head = replace(head, weekday=in_front["w"])
    if head.has_year:
        return head
    if head.style == "lone":
        return _lone(head, before, _told_by_word(form[: head.start], anchor))
    if head.style == "counted":
        return _counted(head, anchor)
    word = re.search(rf"({_WORD.pattern}){GAP}の?{GAP}$", form[max(0, head.start - 12) : head.start])
    stated = [year.value for year in years if year.end <= head.start and 1900 < year.value < 2100]
    if word:
        return _by_word(head, word[1], stated, anchor)
    if anchor is None:
        return replace(head, is_impossible=not _days(head.month, head.day_number, (2024,)))
    near = _near(head.month, head.day_number, anchor)
    days = _days(head.month, head.day_number, near)
    late = [year + more for year in stated[-1:] for more in (0, 1)]
    others = _days(head.month, head.day_number, tuple(year for year in late if year not in near))
    if before and before[-1].has_year and before[-1].day:  # 2023年5月10日…6月20日: rather the year of the date before it
        own = before[-1].day.year
        others = tuple(sorted(others, key=lambda day: day.year != own))
        days, others = (others, days) if others and others[0].year == own else (days, others)
    return replace(head, candidates=(*days, *others), is_impossible=not days and not others)


def _by_word(head: Written, word: str, stated: list[int], anchor: date | None) -> Written:
    """昨年11月20日 counts from the anchor; 同年 is the year told before; 毎年 is none at all."""
    if word in ("同年", "翌年", "前年") and stated:
        year = stated[-1] + {"同年": 0, "翌年": 1, "前年": -1}[word]
    else:
        distance = {"一昨年": -2, "昨年": -1, "去年": -1, "今年": 0, "本年": 0, "来年": 1, "明年": 1, "再来年": 2}.get(word)
        if distance is None or anchor is None:
            return replace(head, is_impossible=not _days(head.month, head.day_number, (2024,)))
        year = anchor.year + distance
    days = _days(head.month, head.day_number, (year,))
    return replace(head, candidates=days, has_year=True, is_impossible=not days)


def _told_by_word(before: str, anchor: date | None) -> date | None:
    """The day of 本日 right before a date."""
    word = _TODAY.search(before[-6:])
    return anchor + timedelta(days=_NEAR_DAYS[word[1]]) if word and anchor else None


def _lone(head: Written, before: tuple[Written, ...], told: date | None) -> Written:
    """10日（月） on its own: of the month of the date before it, or the next; unknown without one, but for 本日31日（金）."""
    if told and told.day == head.day_number:
        return replace(head, month=told.month, candidates=(told,))
    last = before[-1].day if before else None
    if last is None:
        return replace(head, is_impossible=head.day_number > 31 or head.day_number == 0)
    months = [(last.year, last.month), (last.year + last.month // 12, last.month % 12 + 1)]
    days = tuple(day for year, month in months for day in _days(month, head.day_number, (year,)))
    return replace(head, month=last.month, candidates=days, has_year=before[-1].has_year, is_impossible=not days)


def _counted(head: Written, anchor: date | None) -> Written:
    """来月6日 counts from the anchor; ``month`` has been the distance until now."""
    if anchor is None:
        return replace(head, style="lone", month=0, is_impossible=not 0 < head.day_number < 32)
    months = anchor.year * 12 + anchor.month - 1 + head.month
    days = _days(months % 12 + 1, head.day_number, (months // 12,))
    return replace(head, style="lone", month=months % 12 + 1, candidates=days, is_impossible=not days)


def _chain(first: Written, form: str, anchor: date | None) -> list[Written]:
    """A date with the ends of its ranges and the further days of its list."""
    chain = [first]
    while following := _following(chain[-1], form, anchor):
        chain.append(following)
    return chain


def _following(last: Written, form: str, anchor: date | None) -> Written | None:
    patterns = {"年": (_NEXT,), "lone": (_NEXT,), "iso": (_NEXT, _NEXT_SHORT), "short": (_NEXT, _NEXT_WEEKDAY)}[last.style]
    for joint, joined in ((_RANGE, "~"), (_LIST, ",")):
        how = joint.match(form, last.end)
        if not how or (how["how"] == "-" and last.style == "iso" and joined == ","):
            continue
        for pattern in patterns:
            if (joined == "," and pattern is _NEXT_SHORT) or not (match := pattern.match(form, how.end())):
                continue
            if how["how"] in ("と", "か") and match["m"]:
                continue  # two dates of their own, not a list
            return _next_in_chain(last, match, joined, anchor)
    return None


def _next_in_chain(last: Written, match: re.Match[str], joined: str, anchor: date | None) -> Written:
    """The end of a range or the next of a list: in the year of the date before it, over the year's end in the next one."""
    head = _head(match, last.style, month=number(match["m"]) if match["m"] else last.month)
    known = last.candidates or ((anchor,) if anchor and not last.is_impossible and last.style != "lone" else ())
    years = tuple(dict.fromkeys(day.year + (head.month < last.month) for day in known))
    if joined == "," and match["m"] and anchor and not last.has_year:
        years = _near(head.month, head.day_number, anchor)  # a list of year-less dates may go back over the year's end
    days = _days(head.month, head.day_number, years)
    impossible = not days and (bool(years) or not _days(head.month or 1, head.day_number, (2024,)))
    return replace(head, candidates=days if last.candidates else (), has_year=last.has_year, joined=joined, is_impossible=impossible)


def _with_weekdays(chain: list[Written]) -> list[Written]:
    """2月15日・16日（土・日）: the letters go to the days in their order, 月～金 to both ends; a count that does not fit claims nothing."""
    last = chain[-1]
    claimed = last.weekday
    if claimed.startswith("各"):
        return [replace(written, weekday=claimed[1]) for written in chain]
    if len(claimed) == len(chain) > 1 and not any(written.weekday for written in chain[:-1]):
        return [replace(written, weekday=letter) for written, letter in zip(chain, claimed, strict=True)]
    return [replace(written, weekday=written.weekday if len(written.weekday) == 1 else "") for written in chain]


def _near(month: int, day: int, anchor: date) -> tuple[int, ...]:
    """The years in which a year-less date lies near the anchor, the nearest first."""
    distances = []
    for year in (anchor.year - 1, anchor.year, anchor.year + 1):
        if 1 <= month <= 12 and 1 <= day <= 31:
            there = date(year, month, 1) + timedelta(days=day - 1)
            distances.append((abs((there - anchor).days), year))
    return tuple(year for distance, year in sorted(distances) if distance <= FAR)


def _days(month: int, day: int, years: tuple[int, ...]) -> tuple[date, ...]:
    days = []
    for year in years:
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    return tuple(days)
