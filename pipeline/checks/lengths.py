"""Lengths against what else the item says of its time: 20:30から2時間, 10月15日から4日間, 8月11日までの18日間, 16:20～17:00 …（30分）, 7月の1か月間.

Passages in, hits out, for the rule about lengths. A length that no day of the item explains is somebody else's matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time, timedelta

from pipeline.checks.dated import dates_in, days_between, full
from pipeline.checks.facts import own
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet
from pipeline.dates import read_clocks
from pipeline.dates.form import folded, number
from pipeline.model import Article, Severity

_HINT = "長さと日時のどちらが正しいかを確かめてください。"
_LONG = r"(?:約)?(?P<h>\d{1,2})時間(?P<half>半)?(?:(?P<m>\d{1,2})分)?|(?:約)?(?P<minutes>\d{2,3})分間?"
_FROM = re.compile(rf"(?:から|より)(?:の)?(?:{_LONG})(?![前後以])")
_PART = re.compile(r"[(](?P<n>\d{1,3})分間?[)]")
_OTHER = re.compile("前回|昨年|次回|通常|事前|全[0-9]|各|日本時間|毎")


def lasting(sheet: Sheet) -> Iterator[Hit]:
    """Every length that the item's own times and days deny."""
    for article in (None, *sheet.issue.articles):
        passages = tuple(passage for passage in own(sheet, article) if not passage.is_data or passage.key in ("start", "title"))
        if article:
            yield from _hours(article, passages)
            yield from _whole_months(article, passages)
        yield from _days_from(passages, article)
        yield from _days_until(sheet, passages)
        yield from _months_back(passages)


def _off(passage: Passage, span: tuple[int, int], why: str) -> Hit:
    return passage.hit(span, f"「{passage.text[slice(*span)]}」：{why}", _HINT, severity=Severity.WARNING)


def _minutes(match: re.Match[str]) -> int:
    return int(match["minutes"]) if match["minutes"] else int(match["h"]) * 60 + (30 if match["half"] else int(match["m"] or 0))


def _of_day(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _hours(article: Article, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """20:30から2時間 beside 20:30～21:30; 報告（60分）と意見交換（45分） in ninety minutes; 16:20～17:00 …（30分）."""
    start = article.start
    begins, ends = (start.begins, start.ends) if start else (None, None)
    real = _of_day(ends) - _of_day(begins) if begins and ends else 0
    for passage in passages:
        form = folded(passage.text)
        if passage.kind == "field" or ("分" not in form and "時間" not in form):
            continue
        clocks = read_clocks(passage.text)
        for clock in clocks if real > 0 and begins else ():
            match = _FROM.match(form, clock.end)
            if match and clock.minutes == _of_day(begins or time()) and _minutes(match) != real and not _OTHER.search(form):
                yield _off(passage, (clock.start, match.end()), f"日時（{start.text if start else ''}）は{real}分間です。")
        parts = list(_PART.finditer(form))
        if len(parts) >= 2 and real > 0 and sum(int(part["n"]) for part in parts) > real and not clocks and not _OTHER.search(form):
            told = sum(int(part["n"]) for part in parts)
            yield _off(passage, (parts[0].start(), parts[-1].end()), f"合わせて{told}分ですが、日時からは{real}分間です。")
        elif len(parts) == 1 and len(clocks) == 2 and clocks[1].joined == "~" and parts[0].start() > clocks[1].end + 1:
            first, last = clocks[0].minutes, clocks[1].minutes
            between = form[clocks[1].end : parts[0].start()]
            if first is not None and last is not None and last - first != int(parts[0]["n"]) and "。" not in between:
                yield _off(passage, parts[0].span(), f"{clocks[0].text}から{clocks[1].text}までは{last - first}分です。")


_MONTH = re.compile(r"(?<![\d年])(?P<m>1[0-2]|[1-9])月(?:の(?:1|一)[かカヶケ箇]月(?:間)?|いっぱい|を通[しじ]て)")


def _whole_months(article: Article, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """7月の1か月間 of what lasts from 1 to 31 August."""
    start = article.start
    if not (start and start.first and start.last) or not 20 <= (start.last - start.first).days <= 200:
        return
    months = {(start.first + timedelta(days=n)).month for n in range((start.last - start.first).days + 1)}
    for passage in passages:
        for match in _MONTH.finditer(folded(passage.text)) if passage.kind == "paragraph" else ():
            if int(match["m"]) not in months:
                yield _off(passage, match.span(), f"日時は{start.text}です。")


_N = r"(?P<n>\d{1,3}|[二三四五六七八九十])日間"
_DAYS_FROM = re.compile(rf"(?:(?P<m>1[0-2]|[1-9])月)?(?<!\d)(?P<d>\d{{1,2}})日(?:[(][^()]{{1,6}}[)])?から(?:の)?{_N}(?!以内|前|後)")
_RANGE = re.compile(
    r"(?:(?P<m>1[0-2]|[1-9])月)(?P<a>\d{1,2})日(?:[(][^()]{1,6}[)])?(?:から|~|-)(?:(?P<m2>1[0-2]|[1-9])月)?(?P<b>\d{1,2})日"
)
_TO_END = re.compile(rf"(?<!\d)(?P<a>\d{{1,2}})日(?:[(][^()]{{1,6}}[)])?から(?P<b>\d{{1,2}})日(?:[(][^()]{{1,6}}[)])?までの{_N}")


def _days_from(passages: tuple[Passage, ...], article: Article | None) -> Iterator[Hit]:
    """10月15日から4日間 beside 10月15日から17日まで; 20日から22日までの3日間 beside 日時 that ends on the 21st."""
    start = article.start if article else None
    ranges: dict[tuple[int, int], set[int]] = {}
    for passage in passages:
        for match in _RANGE.finditer(folded(passage.text)):
            if match["m2"] in (None, match["m"]) and int(match["b"]) > int(match["a"]):
                ranges.setdefault((int(match["m"]), int(match["a"])), set()).add(int(match["b"]) - int(match["a"]) + 1)
    for passage in passages:
        form = folded(passage.text) if passage.kind != "row" and "日間" in passage.text else ""
        for match in _DAYS_FROM.finditer(form):
            keys = [key for key in ranges if key[1] == int(match["d"]) and match["m"] in (None, str(key[0]))]
            told = {days for key in keys for days in ranges[key]}
            if told and number(match["n"]) not in told:
                yield _off(passage, match.span(), f"ほかでは{max(told)}日間です。")
        for match in _TO_END.finditer(form) if start and start.first and start.last and start.first < start.last else ():
            first, last = (start.first, start.last) if start and start.first and start.last else (date.min, date.min)
            inside = (int(match["b"]) - last.day) in (1, 2, -1, -2) and first.day == int(match["a"])
            if inside and not re.search("月", form[max(0, match.start() - 3) : match.start()].replace(f"{first.month}月", "")):
                yield _off(passage, match.span(), f"日時は{start.text if start else ''}です。")


_UNTIL = re.compile(rf"までの{_N}(?!の?間に|以内|のうち|前|後)")
_TERM = re.compile(rf"(?<![\d約第残]){_N}(?:の(?:会期|期間|日程)|にわた)")


def _days_until(sheet: Sheet, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """7月26日に開幕 … 8月11日までの18日間; 4月13日に始まり、10月13日に174日間の会期を終え."""
    known = [sheet.issue.date, *(event.start for event in sheet.masthead.events)]  # きょう開幕しました names no day
    for passage in passages:
        form = folded(passage.text)
        found = [w for w in dates_in(sheet, passage) if w.is_certain and not w.wrong_weekday and w.day]
        for written in found if "日間" in form else ():
            match = _UNTIL.match(form, written.end)
            before = [*known, *(other.day for other in found if other.end <= written.start and other.day)]
            if match and written.day and not written.joined and before:
                yield from _near(passage, match, written.day, before)
        for match in _TERM.finditer(form) if "日間" in form else ():
            begin, end = form.rfind("。", 0, match.start()) + 1, form.find("。", match.end())
            days = [w.day for w in found if begin <= w.start < (end if end >= 0 else len(form)) and w.day]
            if len(days) == 2 and days[0] < days[1] and not any(w.joined for w in found if w.start >= begin):
                yield from _near(passage, match, days[1], days[:1])
        known += [written.day for written in found if written.day]


def _near(passage: Passage, match: re.Match[str], last: date, firsts: list[date]) -> Iterator[Hit]:
    """A hit if no length fits and one is so near that it must be meant."""
    told = number(match["n"])
    lengths = {days_between(first, last): first for first in firsts if first < last}
    close = [days for days in lengths if abs(days - told) <= max(2, told * 0.08)]
    if close and told not in lengths and told + 1 not in lengths:
        first = lengths[close[0]]
        yield _off(passage, match.span(), f"{full(first)}から{full(last)}までは{close[0]}日間です。")


_SPAN = re.compile(
    r"(?P<y>20\d\d|19\d\d)年(?P<m>1[0-2]|[1-9])月(?:末|初め)?[ ]?(?:から|~|-)[ ]?(?P<y2>20\d\d|19\d\d)年(?P<m2>1[0-2]|[1-9])月"
)


def _months_back(passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """2023年4月～2023年3月."""
    for passage in passages:
        for match in _SPAN.finditer(folded(passage.text)) if "年" in passage.text else ():
            if (int(match["y2"]), int(match["m2"])) < (int(match["y"]), int(match["m"])):
                yield _off(passage, match.span(), "終わりが始まりより前です。")


_ANNIVERSARY = re.compile(
    r"(?P<y>1[89]\d\d|20\d\d)年(?P<m>1[0-2]|[1-9])月(?P<d>\d{1,2})日(?:の|に)[^。、\d]{1,14}"
    r"(?:から|以来)、?(?:ちょうど|丸|まる|満)?(?P<n>\d{1,3})年(?:を迎え|が?たち|が?経|が?過ぎ|となり|になり)"
)
_BY_NOW = re.compile(
    r"(?P<y>1[89]\d\d|20\d\d)年(?:度)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:に|の)[^。\d]{1,30}?(?:が|は|から|も|り|れ|て|し)、?"
    r"(?:今年|本年)(?:で|に|が)、?(?:ちょうど|丸|まる|満)?(?P<n>\d{1,3})(?P<unit>周年|年目|年)(?!間|代|度|以上|余|前|後)"
)


def anniversaries(sheet: Sheet) -> Iterator[Hit]:
    """1995年1月17日の震災から28年を迎えた in 2024; 2015年に始まった…が、今年で20年 in 2025."""
    today = sheet.issue.date
    for passage in sheet.prose:
        form = folded(passage.text) if "年" in passage.text and not (passage.article and passage.article.origin) else ""
        for match in _ANNIVERSARY.finditer(form):
            years = today.year - int(match["y"])
            apart = (int(match["m"]) * 31 + int(match["d"])) - (today.month * 31 + today.day)
            fits = {years, years - 1} if 0 < apart <= 62 else {years - 1} if apart > 0 else {years, years + 1} if apart < -300 else {years}
            if int(match["n"]) not in fits:
                yield _off(passage, match.span(), f"発行日（{full(today)}）までに{min(fits)}年です。")
        for match in _BY_NOW.finditer(form):
            real = today.year - int(match["y"]) + (match["unit"] == "年目")
            if abs(real - int(match["n"])) > (match["unit"] == "年"):
                yield _off(passage, match.span(), f"{today.year}年で{real}{match['unit']}です。")
