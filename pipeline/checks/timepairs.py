"""Two clocks told as one moment: 現地で9時…日本では14時 beside 時差は5時間, and lists or tables of 現地時間（日本時間）.

Passages in, hits out, for the rule about venue time. The zone of the named city decides; without one the difference that the text states does,
or the one that the other lines of the list share.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from pipeline.checks.dated import full, texts
from pipeline.checks.facts import own
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet
from pipeline.checks.zones import zone_in
from pipeline.dates import Clock, read_clocks
from pipeline.dates.form import folded

_DAY = 24 * 60
_APART = re.compile(
    r"時差(?:は|が)[、 ]?(?:約)?(?P<n>\d{1,2})時間(?:(?P<half>半)|(?P<m>\d{1,2})分)?|(?P<n2>\d{1,2})時間(?:(?P<half2>半)|(?P<m2>\d{1,2})分)?の時差"
)
_LOCAL = re.compile(r"現地(?:時間|の時刻)?(?:では|で|は|の)?")
_JAPAN = re.compile(
    r"日本(?:時間|では|の(?:(?:同じ日|同日|当日|翌日|前日)の)?(?=午|朝|夜|\d|深夜|未明)|は(?=午|朝|夜|\d|同|翌))(?:では|で|は|の)?"
)
_INSIDE = re.compile(r"(?:かっこ|カッコ|括弧)(?:の中|内|書き)?(?:は|が|に)[^。]{0,4}(?P<what>日本|現地)")
_BETWEEN = re.compile(
    r"(?:頃|ごろ|から|開始)?[ ]?[(／/][ ]?(?:日本時間|現地時間)?[:： ]?(?P<told>[^()]{0,6}(?:\([月火水木金土日]\))?)[ の]?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Venue and Japan time of one line, in minutes; ``told``: the words before the Japan time; ``days``: the two days' numbers, 0 if not told."""

    passage: Passage
    local: int
    japan: int
    told: str
    days: tuple[int, int]
    span: tuple[int, int]

    @property
    def apart(self) -> int:
        """How many minutes Japan is ahead, within a day."""
        return (self.japan - self.local) % _DAY


def apart(zone: str, day: date) -> int:
    """How many minutes Japan is ahead of a zone at noon of a day."""
    return round((timedelta(hours=9) - (datetime.combine(day, time(12), ZoneInfo(zone)).utcoffset() or timedelta())) / timedelta(minutes=1))


def stated(sheet: Sheet) -> Iterator[Hit]:
    """日本とドバイの時差は5時間です。現地で9時に始まる会合は、日本では4時に…: the two times and the difference between them."""
    for passage in texts(sheet):
        form = folded(passage.text)
        match = _APART.search(form)
        local = _after(passage, form, _LOCAL) if match else None
        japan = _after(passage, form, _JAPAN) if match else None
        start = passage.article.start if passage.article else None
        entry = start.begins if start and passage.kind != "field" else None
        minutes = japan.minutes if japan else entry.hour * 60 + entry.minute if entry else None
        if (
            not match
            or local is None
            or local is japan
            or local.minutes is None
            or minutes is None
            or (japan is None and local.minutes == minutes)
        ):
            continue
        told = int(match["n"] or match["n2"]) * 60 + (30 if match["half"] or match["half2"] else int(match["m"] or match["m2"] or 0))
        zone = _zone(sheet, passage)
        real = apart(zone, (start.first if start else None) or sheet.issue.date) if zone else 0
        wanted = {real % _DAY} if zone else {told, _DAY - told}
        if (not zone or abs(real) == told) and (minutes - local.minutes) % _DAY not in wanted:
            last = japan if japan and japan.start > local.start else local
            span = (min(local.start, last.start), last.end)
            other = f"日本の{japan.text}" if japan else f"日時（{start.text if start else ''}）"
            message = f"現地の{local.text}と{other}が、時差（{told // 60}時間{f'{told % 60}分' if told % 60 else ''}）と合っていません。"
            yield passage.hit(span, message, "現地の時刻、日本の時刻、時差のどれが正しいかを確かめてください。")


def _after(passage: Passage, form: str, words: re.Pattern[str]) -> Clock | None:
    """The first time that stands within a sentence behind one of the words."""
    clocks = [clock for clock in read_clocks(passage.text) if not clock.joined]
    for match in words.finditer(form):
        end = form.find("。", match.end())
        for clock in clocks:
            inside = match.end() <= clock.start <= match.end() + 24 and (end < 0 or clock.start < end)
            if inside and not re.search("日本|現地", form[match.end() : clock.start]):
                return clock
    return None


def _zone(sheet: Sheet, passage: Passage) -> str:
    whole = "\n".join(other.text for other in sheet.passages if other.article is passage.article)
    return zone_in(passage.text) or (sheet.issue.event.timezone if sheet.issue.event else "") or zone_in(whole)


def listed(sheet: Sheet) -> Iterator[Hit]:
    """20日（木）14:30（21日（金）2:30） below 「現地時間。かっこ内は日本時間」, and tables with a column for each."""
    for article in sheet.issue.articles:
        passages = own(sheet, article)
        if not any("現地" in passage.text and "日本" in passage.text for passage in passages):
            continue
        pairs = [*_in_brackets(passages), *_in_columns(passages)]
        zone = _zone(sheet, pairs[0].passage) if pairs else ""
        day = (article.start.first if article.start else None) or sheet.issue.date
        counts = Counter(pair.apart for pair in pairs).most_common(1)
        wanted = apart(zone, day) if zone else counts[0][0] if counts and counts[0][1] >= 2 else None
        for pair in pairs if wanted is not None else ():
            yield from _checked(pair, wanted or 0, day, known=bool(zone))


def _in_brackets(passages: tuple[Passage, ...]) -> Iterator[Pair]:
    inside = next((match["what"] for passage in passages if (match := _INSIDE.search(folded(passage.text)))), "")
    for passage in passages if inside else ():
        form = folded(passage.text)
        clocks = read_clocks(passage.text)
        firsts = [clock for clock in clocks if not clock.joined]
        for one, two in pairwise(firsts):
            ends = [clock.end for clock in clocks if one.start <= clock.start < two.start]
            between = _BETWEEN.search(form, max(ends), two.start)
            if between and between.start() == max(ends) and one.minutes is not None and two.minutes is not None:
                pair = _pair(passage, form, (one, two), between["told"])
                yield pair if inside == "日本" else _turned(pair)


def _in_columns(passages: tuple[Passage, ...]) -> Iterator[Pair]:
    order: tuple[int, int] | None = None
    for passage in passages:
        if passage.kind != "row":
            order = None
            continue
        cells = [cell.strip() for cell in passage.text.split("|")]
        local = next((n for n, cell in enumerate(cells) if "現地" in cell and "日本" not in cell), -1)
        japan = next((n for n, cell in enumerate(cells) if "日本" in cell and "現地" not in cell), -1)
        if local >= 0 and japan >= 0 and not read_clocks(passage.text):
            order = (local, japan)
        clocks = [clock for clock in read_clocks(passage.text) if not clock.joined]
        if order and len(clocks) == 2 and clocks[0].minutes is not None and clocks[1].minutes is not None:
            places = [passage.text[: clock.start].count("|") for clock in clocks]
            if places in ([*order], [*reversed(order)]):
                form = folded(passage.text)
                pair = _pair(passage, form, (clocks[0], clocks[1]), form[form.rfind("|", 0, clocks[1].start) + 1 : clocks[1].start])
                yield pair if places == [*order] else _turned(pair)


def _pair(passage: Passage, form: str, clocks: tuple[Clock, Clock], told: str) -> Pair:
    one, two = clocks
    before = re.findall(r"(\d{1,2})日", form[max(0, one.start - 12) : one.start])
    behind = re.search(r"(\d{1,2})日", told)
    days = (int(before[-1]) if before else 0, int(behind[1]) if behind else 0)
    return Pair(passage=passage, local=one.minutes or 0, japan=two.minutes or 0, told=told, days=days, span=(one.start, two.end))


def _turned(pair: Pair) -> Pair:
    return Pair(passage=pair.passage, local=pair.japan, japan=pair.local, told="", days=(0, 0), span=pair.span)


def _checked(pair: Pair, ahead: int, day: date, *, known: bool) -> Iterator[Hit]:
    said = pair.passage.text[pair.span[0] : pair.span[1]]
    signed = ahead if known or ahead <= _DAY // 2 else ahead - _DAY
    right = pair.local + signed
    hint = f"日本時間は、現地より{abs(signed) / 60:g}時間{'進んで' if signed > 0 else '遅れて'}います。"
    if right % _DAY != pair.japan % _DAY:
        yield pair.passage.hit(pair.span, f"「{said}」は、現地時間と日本時間が合っていません。", hint)
        return
    later, wrong = right // _DAY, False
    if all(pair.days):
        wanted = _number(day, pair.days[0], later)
        wrong = wanted is not None and wanted != pair.days[1]
    else:
        word = next((word for word in ("翌", "前日", "同") if word in pair.told), "")
        wrong = bool(word) and {"翌": 1, "前日": -1, "同": 0}[word] != later
    if wrong:
        shift = {0: "同じ日", 1: "翌日", -1: "前日"}.get(later, full(day))
        yield pair.passage.hit(pair.span, f"「{said}」は、日が合っていません。", f"{hint}この時刻は、日本では{shift}です。")


def _number(near: date, number: int, later: int) -> int | None:
    """The number of the day after (or before) the day of that number near a date."""
    for shift in range(-20, 21):
        day = near + timedelta(days=shift)
        if day.day == number:
            return (day + timedelta(days=later)).day
    return None


def all_pairs(sheet: Sheet) -> Iterator[Hit]:
    """Both, for the rule."""
    yield from stated(sheet)
    yield from listed(sheet)
