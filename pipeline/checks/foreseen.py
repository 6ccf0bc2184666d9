"""Times that the item's own facts forbid: results before the deadline, a plan for a day that is over, 9月の大会の様子を in June, 講演（3月） too soon.

Passages in, hits out, for the rule about tense.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from pipeline.checks.dated import dates_in, full
from pipeline.checks.facts import own
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet
from pipeline.checks.tenses import tense_of
from pipeline.dates.form import folded
from pipeline.model import Article, Severity

_HINT = "日付（年・月・日）か、先のことか済んだことかを確かめてください。"
_ELSEWHERE = re.compile(r"昨年|去年|前回|前年|一昨年|来年|翌|例年|毎年|一次|書類|第1期|\d年")


def foreseen(sheet: Sheet) -> Iterator[Hit]:
    """Every such time of the issue."""
    today = sheet.issue.date
    standing = {section.key for section in sheet.issue.sections if section.shows == "note"}
    for article in (None, *sheet.issue.articles):
        if article and article.origin:
            continue
        passages = tuple(passage for passage in own(sheet, article) if passage.kind != "row" and not passage.is_data)
        if article and article.deadline and article.deadline.last:
            yield from _results(sheet, passages, article.deadline.last)
        if article and article.start and article.start.first and article.start.first > today and article.tag != "開催報告":
            yield from _over_already(passages, article.start.first)
        for passage in passages:
            form = folded(passage.unquoted)
            if "予定" in form or "ました" in form:
                yield from _planned(sheet, passage, form)
            if passage.kind != "field" and "日" in form:
                yield from _bare_day(passage, form, today, lone=article is None)
            yield from _months(article, passage, form, today)
            if article is None or article.section in standing:
                yield from _seasons(passage, form, today)


def _off(passage: Passage, span: tuple[int, int], why: str) -> Hit:
    return passage.hit(span, f"「{passage.text[slice(*span)]}」：{why}", _HINT, severity=Severity.WARNING)


_RESULT = re.compile(
    r"(?:抽選|選考|審査|募集)?の?(?:結果|当落|採否|入賞者|入選者|受賞者|当選者)(?:の(?:発表|通知|公表|お知らせ))?(?:は|を)、?(?=(?P<rest>[^。]{0,48}))"
)
_ANNOUNCED = re.compile("知らせ|発表|通知|連絡|公表|掲載")
_MONTH = re.compile(r"(?<![\d年])(?P<m>1[0-2]|[1-9])月(?:上旬|中旬|下旬|末|初め|中)?(?:頃|ごろ)?(?:に|、)")


def _results(sheet: Sheet, passages: tuple[Passage, ...], until: date) -> Iterator[Hit]:
    """結果は、9月に発表します of what one may send until 31 October."""
    for passage in passages:
        form = folded(passage.text)
        for match in _RESULT.finditer(form) if "月" in form else ():
            begin = form.rfind("。", 0, match.start()) + 1
            if not _ANNOUNCED.search(match["rest"]) or _ELSEWHERE.search(form[begin : match.start()] + match["rest"]):
                continue
            day = next((w for w in dates_in(sheet, passage) if match.end() <= w.start <= match.end() + 16), None)
            month = _MONTH.search(match["rest"][:14])
            if day and day.is_certain and not day.wrong_weekday and day.day and day.day < until:
                yield _off(passage, (day.start, day.end), f"締切（{full(until)}）より前です。")
            elif month and not day and 1 <= (until.month - int(month["m"])) % 12 <= 5:
                yield _off(passage, (match.start(), match.end() + month.end()), f"締切は{full(until)}です。")


_HELD = re.compile(
    r"(?:\d{1,2}日間(?:の(?:日程|会期)で|にわた(?:って|り)|で)?|[、に])(?P<said>開きました|開かれました|開催しました|開催されました)。"
)


def _over_already(passages: tuple[Passage, ...], first: date) -> Iterator[Hit]:
    """2日間にわたって開きました of what is still to come."""
    for passage in passages:
        for match in _HELD.finditer(folded(passage.unquoted)) if passage.kind == "paragraph" else ():
            sentence = passage.text[passage.text.rfind("。", 0, match.start()) + 1 : match.start()]
            if not re.search(r"[0-9０-９][月年回]|\d日(?!間)|昨|前|先|これまで|過去|準備|会見|プレ|説明会|このたび|続", sentence):
                yield _off(passage, match.span("said"), f"日時（{full(first)}）は、これからです。")


_ELSEWHERE_OR_LATER = re.compile(_ELSEWHERE.pattern + "|向け|控え|備え|予定|先立")
_PLAN = re.compile(r"(?:[(][^()]{0,24}[)])?(?:から)?(?:を|に|と)?予定して(?:いま|おりま)す|(?:[(][^()]{0,24}[)])(?:を|の|に)?予定です")
_TOLD_AT = re.compile(
    r"(?:[(][^()]{0,8}[)])?の[^。、]{2,24}?(?:で|に)(?:は|も)、?[^。、]{0,16}?(?P<said>(?:ご?紹介|お伝え|ご?説明|発表|ご?報告|披露|解説)(?:いた)?し(?:まし)?た)"
)


def _planned(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """施行日は2024年4月1日（一部は2026年4月1日）を予定しています in July 2024; 7月26日のカフェでも、ご紹介しました in June."""
    today = sheet.issue.date
    for written in dates_in(sheet, passage):
        if not written.is_certain or written.wrong_weekday or not written.day:
            continue
        if _PLAN.match(form, written.end) and written.day < today:
            yield _off(passage, (written.start, written.end), f"発行日（{full(today)}）より前ですが、予定とあります。")
        elif written.day > today and (match := _TOLD_AT.match(form, written.end)) and not _ELSEWHERE_OR_LATER.search(match[0]):
            yield _off(passage, (written.start, match.end()), f"{full(written.day)}は、発行日（{full(today)}）より後です。")


_DAY = re.compile(r"(?<![\d月/~翌~間])(?P<d>\d{1,2})日(?:[(][月火水木金土日][^()]{0,4}[)])?(?:に|には)、?")


def _bare_day(passage: Passage, form: str, today: date, *, lone: bool) -> Iterator[Hit]:
    """8日には、…5類に変わります in the greeting of 31 May."""
    for match in _DAY.finditer(form):
        months = re.findall(r"(?<!\d)(1[0-2]|[1-9])月", form[: match.start()])
        begin = form.rfind("。", 0, match.start()) + 1
        rest = re.split("。", form[match.end() :])[0]
        month = int(months[-1]) if months else today.month if lone else 0
        if month != today.month or int(match["d"]) >= today.day or re.search("来月|来年|翌|次|毎月", form[begin : match.end()] + rest):
            continue
        tense, said = tense_of(rest + "。")
        if tense == "future" and said.endswith("ます"):
            yield _off(passage, match.span(), f"発行日は{full(today)}ですが、「{said[-12:]}」と先のこととして書かれています。")


_LOOK = re.compile(
    r"(?<![\d年～~])(?P<m>1[0-2]|[1-9])月の[^。、\d]{2,20}?の(?:様子|模様|報告|成果|熱気|余韻)(?:を|が)[^。]{0,40}?(?:ました|まし?たい)"
)
_ENDING = re.compile(r"(?P<m>今|1[0-2]|[1-9])月中に[^。]{0,30}?(?:予定です|見込みです|予定。|見通しです)")
_SEASON = re.compile(
    r"(?<![一-龥])(?P<s>[春夏秋冬])(?:の(?:催し|行事|イベント|国際会議)(?!が終)|は、?[^。、]{0,6}(?:国際会議|催し|行事)が(?:続き|目白押し|相次ぎ))"
)
_STARTS = {"春": 3, "夏": 6, "秋": 9, "冬": 12}
_TITLE = re.compile(r"[(（](?P<m>1[0-2]|[1-9])月[)）]$")


def _months(article: Article | None, passage: Passage, form: str, today: date) -> Iterator[Hit]:
    """9月の世界大会の様子を分かち合いました in August; 8月中に公表される予定 on the 30th; 秋の催し in February; 講演（3月） of a report."""
    if "月" in form and passage.kind != "field":
        for match in _LOOK.finditer(form):
            begin = form.rfind("。", 0, match.start()) + 1
            if 1 <= (int(match["m"]) - today.month) % 12 <= 6 and not re.search(
                "昨|去年|年|前", form[max(begin, match.start() - 6) : match.start()]
            ):
                yield _off(passage, match.span(), f"発行日（{full(today)}）から見て、これからの月です。")
        for match in _ENDING.finditer(form):
            month = today.month if match["m"] == "今" else int(match["m"])
            if month == today.month and monthrange(today.year, month)[1] - today.day <= 1:
                yield _off(passage, match.span(), f"発行日は{full(today)}です。")
    title = _TITLE.search(form) if passage.key == "title" and article and article.tag == "開催報告" else None
    if title and 1 <= (int(title["m"]) - today.month) % 12 <= 6:
        yield _off(passage, title.span(), f"発行日（{full(today)}）から見てこれからの月ですが、開催報告です。")


def _seasons(passage: Passage, form: str, today: date) -> Iterator[Hit]:
    """会員自治体の秋の催し in the greeting of February."""
    for match in _SEASON.finditer(form):
        begin = form.rfind("。", 0, match.start()) + 1
        near = {(_STARTS[match["s"]] + n - 1) % 12 + 1 for n in range(3)} & {(today.month + n - 1) % 12 + 1 for n in range(-2, 5)}
        if not near and not re.search("昨|来|年|次", form[begin : match.start()]):
            yield _off(passage, match.span(), f"発行日（{full(today)}）の季節と合いません。")
