"""The rule about lengths: 3日間 beside a range of four days, 全5回 beside four dates, 90分 beside two hours.

Only what stands side by side is compared (14日～16日の3日間, 3日間（14日～16日）): a number elsewhere in the sentence may be about something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from pipeline import calendar
from pipeline.checks.dated import chains, dates_in, days_between, full, texts
from pipeline.checks.lengths import anniversaries, lasting
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.dates import Written, read_clocks, read_years
from pipeline.dates.form import GAP, folded, number
from pipeline.model import Severity

_N = r"(?P<n>\d{1,3}|[一二三四五六七八九十]{1,3})"
_N2 = _N.replace("<n>", "<n2>")
_UNIT = r"(?P<unit>日間|週間|[かカヵヶケ箇]月間?|年間)"
_NOT = r"(?!以内|以上|前|後|程度|ほど|弱|強|ごと|おき|のうち|分)"
_LINK = rf"{GAP}(?:まで)?{GAP}(?:の|、|,|[(]|で)?{GAP}(?:計|合計|延べ|全)?{GAP}"
_BEHIND = re.compile(rf"{_LINK}(?:{_N}{_UNIT}{_NOT}|(?P<nights>\d)泊(?P<stay>\d)日)")
_BEFORE = re.compile(rf"(?<![\d第一二三四五六七八九十])(?:計|全)?{_N}{_UNIT}{GAP}[(、,:]?{GAP}$")
_TIMES = re.compile(
    rf"{GAP}(?:の|、|,|[(]|に)?{GAP}(?:計|合計|全){GAP}{_N}[回日](?!目|以上|程度)|{GAP}(?:の|[(]){GAP}{_N2}回(?!目|以上|程度)"
)
_TIMES_BEFORE = re.compile(rf"(?:全|計){GAP}{_N}回(?:シリーズ|講座|連続)?{GAP}[(、,:]?{GAP}$")
_LENGTH = re.compile(
    rf"(?:まで)?{GAP}(?:の|、|[(]){GAP}(?:計)?(?:(?P<h>\d{{1,2}})時間(?P<half>半)?(?:(?P<m>\d{{1,2}})分)?|(?P<minutes>\d{{2,3}})分間?)"
    r"(?!以内|以上|前|後|程度|ほど|ごと|おき|×|の休憩|単位)"
)


def wrong_length(sheet: Sheet) -> Iterator[Hit]:
    """A length beside a range, a list of dates or a span of hours that has another one."""
    for passage in texts(sheet):
        form = folded(passage.text)
        for chain in chains(dates_in(sheet, passage)):
            yield from _of_days(passage, form, chain)
            yield from _of_times(passage, form, chain)
        yield from _of_hours(passage, form)
        yield from _of_sums(passage, form)
        yield from _of_years(passage, form)
        yield from _since(sheet, passage, form)
    yield from lasting(sheet)
    yield from anniversaries(sheet)


def _of_days(passage: Passage, form: str, chain: tuple[Written, ...]) -> Iterator[Hit]:
    """14日～16日の4日間, 4日間（14日～16日）; working days and whole weeks may be meant."""
    ranges = [(first, last) for first, last in pairwise(chain) if last.joined == "~"]
    if len(ranges) != 1 or len(chain) != 2 or any(written.wrong_weekday for written in chain):
        return
    first, last = ranges[0]
    if first.day is None or last.day is None or last.day <= first.day:
        return
    for match in _beside(form, first.start, last.end):
        days = days_between(first.day, last.day)
        fewer = _working(first.day, days)
        if match.re is _BEFORE or match["unit"]:
            fits = _fits(number(match["n"]), match["unit"], days, fewer)
        else:
            fits = int(match["stay"]) == days and int(match["nights"]) == days - 1
        if not fits:
            span = (min(first.start, match.start()), max(last.end, match.end()))
            message = f"「{passage.text[span[0] : span[1]].strip('（、 ')}」は、期間と日数が合っていません。"
            hint = f"{full(first.day)}から{full(last.day)}までは{days}日間です。どちらが正しいかを確かめてください。"
            yield passage.hit(span, message, hint)


def _working(first: date, days: int) -> set[int]:
    """How many of the days are worked on, with and without holidays, if the range begins and ends with one and lasts no longer than weeks."""
    inner = [first + timedelta(days=n) for n in range(min(days, 400))]
    if inner[0].weekday() >= 5 or inner[-1].weekday() >= 5 or days > 40:
        return set()
    return {sum(calendar.is_working_day(day, ()) for day in inner), sum(day.weekday() < 5 for day in inner)}


def _beside(form: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The length right behind the range, else right before it."""
    found = _BEHIND.match(form, end) or _BEFORE.search(form, max(0, start - 14), start)
    if found:
        yield found


def _fits(told: int, unit: str, days: int, fewer: set[int]) -> bool:
    if unit == "日間":
        return told in {days, *fewer}
    if unit == "週間":
        return 7 * told - 3 <= days <= 7 * told + 1
    if unit == "年間":
        return abs(days - 365 * told) <= 35
    return abs(days - 30.4 * told) <= 16


def _of_times(passage: Passage, form: str, chain: tuple[Written, ...]) -> Iterator[Hit]:
    """2月3日、10日、17日の全4回: a list of days, each of them once."""
    if len(chain) < 2 or any(written.joined == "~" or written.wrong_weekday for written in chain):
        return
    start, end = chain[0].start, chain[-1].end
    match = _TIMES.match(form, end) or _TIMES_BEFORE.search(form, max(0, start - 16), start) or _BEHIND.match(form, end)
    if not match or (match.re is _BEHIND and match["unit"] != "日間"):
        return
    told = number(next(value for name, value in match.groupdict().items() if name in ("n", "n2") and value))
    if told != len(chain):
        span = (min(start, match.start()), max(end, match.end()))
        message = f"「{passage.text[span[0] : span[1]].strip('（、 ')}」は、挙げた日が{len(chain)}日で、{told}と合っていません。"
        yield passage.hit(span, message, "日付が抜けていないか、回数・日数が正しいかを確かめてください。")


def _of_hours(passage: Passage, form: str) -> Iterator[Hit]:
    """13:00～15:00（90分）."""
    for first, last in pairwise(read_clocks(passage.text)):
        match = _LENGTH.match(form, last.end) if last.joined == "~" else None
        if not match or first.minutes is None or last.minutes is None:
            continue
        told = _minutes(match)
        real = (last.minutes - first.minutes) % (24 * 60)
        if told != real and not re.match(r"[^。）)]{0,6}(?:×|うち|休憩|ずつ|枠)", form[match.end() :]):
            span = (first.start, match.end())
            message = f"「{passage.text[span[0] : span[1]]}」は、時間の長さが合っていません。"
            length = f"{real // 60}時間{real % 60 or ''}{'分' if real % 60 else ''}"
            yield passage.hit(span, message, f"{first.text}から{last.text}までは{length}です。どちらが正しいかを確かめてください。")


_PART = re.compile(r"(?<![\d:])(?:(?P<h>\d{1,2})時間(?P<half>半)?(?:(?P<m>\d{1,2})分)?|(?P<minutes>\d{1,3})分)(?!間?[前後]|以内|の)")
_SUM = re.compile(r"(?:あわせて|合わせて|併せて|合計|計)[、 　]?(?=\d)")


def _of_sums(passage: Passage, form: str) -> Iterator[Hit]:
    """説明は90分、質疑は30分で、あわせて3時間."""
    for match in _SUM.finditer(form):
        total = _PART.match(form, match.end())
        begin = form.rfind("。", 0, match.start()) + 1
        parts = [_minutes(part) for part in _PART.finditer(form, begin, match.start())]
        if total and len(parts) >= 2 and sum(parts) != _minutes(total):
            message = f"「{passage.text[match.start() : total.end()]}」は、その前の時間を足した長さ（{sum(parts)}分）と合っていません。"
            yield passage.hit((match.start(), total.end()), message, "それぞれの時間と合計のどちらが正しいかを確かめてください。")


def _minutes(part: re.Match[str]) -> int:
    return int(part["minutes"]) if part["minutes"] else int(part["h"]) * 60 + (30 if part["half"] else int(part["m"] or 0))


_TO = re.compile(rf"{GAP}(?:~|-|から){GAP}$")
_YEARS = re.compile(rf"{GAP}(?:まで)?{GAP}(?:の|[(]){GAP}(?:計)?{_N}(?:[かカヵヶケ箇]年|年間|年計画|年)(?!目|前|後|以内|ごと|以上|度)")


def _of_years(passage: Passage, form: str) -> Iterator[Hit]:
    """2025年度から2028年度までの5年間; of plain years the last may count or not."""
    for first, last in pairwise(read_years(form)):
        match = _YEARS.match(form, last.end)
        if not match or first.unit != last.unit or not _TO.fullmatch(form, first.end, last.start):
            continue
        told, distance = number(match["n"]), last.value - first.value
        if told != distance + 1 and not (first.unit == "年" and told == distance):
            span = (first.start, match.end())
            message = f"「{passage.text[span[0] : span[1]]}」は、期間と年数が合っていません。"
            hint = f"{first.value}{first.unit}から{last.value}{last.unit}までは、両端を数えて{distance + 1}年です。"
            yield passage.hit(span, message, hint, severity=Severity.WARNING)


_FOUNDED = r"(?:設立|創設|創立|開始|発足|開館|開園|制定|採択|発効|締結|加盟|加入|導入|始ま|始め|スタート|開設|策定|宣言)"
_SINCE = re.compile(
    rf"(?:に|の)[^。、0-9]{{0,16}}?{_FOUNDED}(?:し|され|り|っ)?(?:た|て)?(?:から|以来|して(?:から)?|より)[、]?(?:今年で|本年で|ちょうど|今月で|既に|すでに)?"
    r"(?P<n>\d{1,3})(?P<unit>周年|年目|年)(?!間|前|後|代|度|以上|余|近く|\d)"
)
_UNTIL_YEAR = re.compile(r"まで[、に]?(?:は)?(?:あと|残り|残された時間は)(?P<n>\d{1,2})年(?!間の|半|余|弱)")


def _since(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """2015年の開始から12年 in 2025; 2030年まで残り3年. A year more or less may be counted either way."""
    if passage.article and passage.article.origin:
        return
    for year in read_years(form):
        since, until = _SINCE.match(form, year.end), _UNTIL_YEAR.match(form, year.end)
        match, distance = (since, sheet.issue.date.year - year.value) if since else (until, year.value - sheet.issue.date.year)
        if (
            match
            and year.unit == "年"
            and abs(int(match["n"]) - distance) > 1
            and not re.search(r"当時|時点|には|昨年|[（(]20", form[: year.start][-12:])
        ):
            span = (year.start, match.end())
            message = f"「{passage.text[span[0] : span[1]]}」は、年数が合っていません。"
            hint = f"{sheet.issue.date.year}年から数えると{distance}年です。"
            yield passage.hit(span, message, hint, severity=Severity.WARNING)


RULES = (
    Rule(
        code="DATE011",
        title="期間と日数・回数",
        severity=Severity.ERROR,
        reason="日付だけを直して日数や回数を直し忘れると、どちらが正しいのか読者には分かりません。",
        source="校正の目録 34",
        bad="2月14日（金）～16日（日）の4日間、開催します。",
        good="2月14日（金）～16日（日）の3日間、開催します。13:00～15:00（120分）です。",
        find=wrong_length,
    ),
)
