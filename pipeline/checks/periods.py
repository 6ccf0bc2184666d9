"""A word for a year, a month or a season held against the days of its own item: 今年度最後の…を開きます of next year, 来月から…次のとおり, 今秋 in a title.

Passages in, hits out, for the rule about words that count from the day of sending. Only days that are certain count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.checks.dated import dates_in, full
from pipeline.checks.facts import own
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet
from pipeline.dates.form import folded
from pipeline.model import Article, Severity

_YEARS = {"一昨年": -2, "昨年": -1, "去年": -1, "今年": 0, "本年": 0, "来年": 1, "再来年": 2}
_MONTHS = {"先月": -1, "今月": 0, "来月": 1, "再来月": 2}
_SEASONS = {"春": (3, 5), "夏": (6, 8), "秋": (9, 11), "冬": (12, 14)}
_ANY = rf"(?P<word>(?:{'|'.join(sorted(_YEARS, key=len, reverse=True))})度?|新年度|本年度|{'|'.join(_MONTHS)}|年内|年明け|[昨今来この][春夏秋冬])"
_NTH = re.compile(
    rf"(?<![一-龥]){_ANY}(?:(?:で|の)?(?:は)?(?P<edge>最初|最後|初めて|初|締めくくり)の?|(?:の)?、?第?(?P<n>\d{{1,2}}|[一二三四五六七八九十])(?:回目|度目|回))"
)
_TOLD = re.compile(rf"(?<![一-龥]){_ANY}(?:に|は|、|も)?[^。、]{{0,12}}[、]?[^。]{{0,16}}?(?:次の|以下の|下の|次表|左の)")
_HEADING = re.compile(
    rf"(?<![一-龥])(?P<word>(?:昨年|去年|来年|一昨年)度?|{'|'.join(m for m in _MONTHS if m != '今月')}|[昨今来][春夏秋冬])(?![度比並末来])"
)
_QUICK = re.compile("年度|[昨去今来本一]年|先月|今月|来月|年内|年明け|[昨今来の][春夏秋冬]")


def misplaced(sheet: Sheet) -> Iterator[Hit]:
    """Every word for a period that the days of its item do not lie in."""
    for article in sheet.issue.articles:
        if not article.origin:
            passages = own(sheet, article)
            yield from _ordinals(sheet, article, passages)
            yield from _lists(sheet, passages)
            yield from _titles(sheet, article, passages)


def _span(word: str, today: date) -> tuple[date, date] | None:
    """The first and the last day that a word can mean."""
    if word == "年内":
        return date(today.year, 1, 1), date(today.year, 12, 31)
    if word == "年明け":
        year = today.year + (today.month >= 9)
        return date(year, 1, 1), date(year, 3, 31)
    if word == "新年度":
        year = today.year if today.month >= 2 else today.year - 1
        return date(year, 4, 1), date(year + 1, 3, 31)
    if word.endswith("年度"):
        year = today.year - (today.month < 4) + _YEARS[word[:-1]]
        return date(year, 4, 1), date(year + 1, 3, 31)
    if word in _YEARS:
        return date(today.year + _YEARS[word], 1, 1), date(today.year + _YEARS[word], 12, 31)
    if word in _MONTHS:
        number = today.year * 12 + today.month - 1 + _MONTHS[word]
        first = date(number // 12, number % 12 + 1, 1)
        return first, date((number + 1) // 12, (number + 1) % 12 + 1, 1) - timedelta(days=1)
    since, until = _SEASONS[word[-1]]
    if word[0] in "この" or word[-1] == "冬":
        return None
    year = today.year + {"昨": -1, "今": 0, "来": 1}[word[0]]
    return date(year, since, 1) - timedelta(days=35), date(year, until, 28) + timedelta(days=35)


def _ordinals(sheet: Sheet, article: Article, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """昨年度最初のイクレイカフェ of an item whose 日時 is this year's."""
    day = article.start.first if article.start else None
    for passage in passages if day else ():
        form = folded(passage.unquoted)
        if passage.kind == "row" or not _QUICK.search(form):
            continue
        for match in _NTH.finditer(form):
            span = _span(match["word"], sheet.issue.date)
            begin = max(form.rfind("。", 0, match.start()) + 1, 0)
            told = [one for one in dates_in(sheet, passage) if begin <= one.start and one.end <= match.start()]
            same = len(told) == 1 and told[0].day == day and match.start() - told[0].end <= 4
            other = not same and re.search(r"\d月|前回|次回|続き|に続|\d{4}年", form[begin : match.start()])
            if span and day and not span[0] <= day <= span[1] and not other:
                yield _hit(sheet, passage, match, f"日時（{full(day)}）")


def _lists(sheet: Sheet, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """今年度、次の4回を開きました above a table of last year's days."""
    rows = [passage for passage in passages if passage.kind in ("row", "item")]
    days = [
        written.day for row in rows for written in dates_in(sheet, row) if written.is_certain and not written.wrong_weekday and written.day
    ]
    for passage in passages if len(days) >= 2 else ():
        match = _TOLD.search(folded(passage.text)) if passage.kind == "paragraph" else None
        span = _span(match["word"], sheet.issue.date) if match else None
        if match and span and not any(span[0] <= day <= span[1] for day in days):
            yield _hit(sheet, passage, match, f"挙げた日（{full(days[0])}ほか）")


def _titles(sheet: Sheet, article: Article, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """今秋 in the title of an item whose days are last autumn's."""
    today = sheet.issue.date
    title = next((passage for passage in passages if passage.key == "title"), None)
    match = _HEADING.search(folded(title.unquoted)) if title else None
    span = _span(match["word"], today) if match else None
    if not match or not title or not span:
        return
    found = [w for passage in passages for w in dates_in(sheet, passage) if w.is_certain and not w.wrong_weekday and w.day]
    days = [written.day for written in found if written.day]
    ahead, behind = span[0] > today, span[1] < today
    wrong = (ahead and all(day < today for day in days)) or (behind and all(day > today for day in days))
    if (wrong and len(days) >= 1) or (ahead and article.tag == "開催報告"):
        yield _hit(sheet, title, match, f"この記事の日付（{full(days[0])}ほか）" if days else "開催報告")


def _hit(sheet: Sheet, passage: Passage, match: re.Match[str], what: str) -> Hit:
    message = f"「{passage.text[match.start('word') : match.end('word')]}」は、発行日（{full(sheet.issue.date)}）から数えると{what}と合っていません。"
    return passage.hit(match.span("word"), message, "配信する日から数えて、言葉か日付を直してください。", severity=Severity.WARNING)
