"""Days that a word names and the text beside it denies: 明日29日 on the 30th, 「6月が、あすで終わります」, 昨日は昭和の日.

Text in, hits out, for the rule about words that count from the day of sending; the words and what they mean come from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from pipeline import calendar
from pipeline.checks.dated import full, weekday
from pipeline.dates.form import GAP, HOLIDAYS

DAYS = {
    "一昨日": -2,
    "おととい": -2,
    "昨日": -1,
    "きのう": -1,
    "本日": 0,
    "今日": 0,
    "きょう": 0,
    "明日": 1,
    "あす": 1,
    "明後日": 2,
    "あさって": 2,
}
MONTHS = {"先月": -1, "今月": 0, "来月": 1}
_D = rf"(?<![一-龥])(?P<word>{'|'.join(sorted(DAYS, key=len, reverse=True))})"
_DAY = re.compile(rf"{_D}{GAP}[の(、は]?{GAP}(?P<d>\d{{1,2}})日(?![間目後前号])")
_WEEKDAY = re.compile(rf"{_D}{GAP}(?:[(](?P<w>[月火水木金土日])(?:曜日?)?[)]|の?(?P<w2>[月火水木金土日])曜)")
_END = "終わ|終了|最終日|末日|最後の日|締めくく|幕を閉|おしまい|残りわずか"
_BEGIN = "始ま|スタート|入り|初日|迎え|幕開け|幕を開け"
_EDGE = re.compile(
    rf"(?<!\d)(?P<m>1[0-2]|[1-9])月(?:は|が|も|という月も)[、]?{_D}(?:で|が|を(?:もって|最後に))?[、]?[^。、\d]{{0,8}}?(?P<what>{_END}|{_BEGIN})"
)
_FROM = re.compile(
    rf"{_D}から(?:は|、|いよいよ|もう|早くも)*(?:(?P<m>1[0-2]|[1-9])月(?![\d日～])|(?P<fiscal>新年度|20\d\d年度|令和\d+年度)|(?P<year>新年(?!度)|新しい年(?!度)))"
)
_LAST = re.compile(
    rf"{_D}(?:で|をもって|は)[、]?(?:(?P<m>1[0-2]|[1-9])月(?:も|が|は|の)|(?P<fiscal>(?:今|本|20\d\d)?年度(?:も|が|は|の))"
    rf"|(?P<year>(?:今年|本年|1年|一年)(?:も|が|は|の)))[、]?(?:{_END})"
)
_PERIOD = re.compile(
    rf"(?:(?P<y>20\d\d)|令和(?P<era>\d+)|[今本昨来])?(?P<of>年度|年(?!度)|上半期|下半期)(?:は|が|も)[、]?{_D}(?:で|が|を(?:もって|最後に))[、]?[^。、\d]{{0,8}}?(?:{_END})"
)
_FIXED = {
    "地球の日": (4, 22),
    "アースデイ": (4, 22),
    "アースデー": (4, 22),
    "国際生物多様性の日": (5, 22),
    "環境の日": (6, 5),
    "世界環境デー": (6, 5),
    "七夕": (7, 7),
    "防災の日": (9, 1),
    "世界水の日": (3, 22),
    "国連水の日": (3, 22),
    "津波防災の日": (11, 5),
    "世界津波の日": (11, 5),
    "世界人権デー": (12, 10),
    "大晦日": (12, 31),
    "大みそか": (12, 31),
    "うるう日": (2, 29),
    "国連デー": (10, 24),
    "世界食料デー": (10, 16),
    "世界都市デー": (10, 31),
    "終戦の日": (8, 15),
    "こどもの日": (5, 5),
    "防災とボランティアの日": (1, 17),
    "国際女性デー": (3, 8),
    "国際森林デー": (3, 21),
    "世界海洋デー": (6, 8),
    "世界人口デー": (7, 11),
    "水の日": (8, 1),
    "下水道の日": (9, 10),
    "国際オゾン層保護デー": (9, 16),
    "鉄道の日": (10, 14),
    "都市計画の日": (11, 8),
    "クリスマス": (12, 25),
    "バレンタインデー": (2, 14),
    "ひな祭り": (3, 3),
    "七五三": (11, 15),
}
_FEAST = re.compile(rf"{_D}(?:は|が|の)[、]?(?P<what>[「『]?(?P<name>{HOLIDAYS}|{'|'.join(_FIXED)})[」』]?)")
_FEAST_FIRST = re.compile(
    rf"(?P<name>{HOLIDAYS}|{'|'.join(_FIXED)})[」』]?(?:の|である|に当たる|にあたる|、|を迎えた){_D}(?=は|、|に|も|の)"
)
_FEAST_DAY = re.compile(
    rf"(?<![一-龥])(?P<name>{'|'.join(sorted(_FIXED, key=len, reverse=True))})[」』]?(?:の|、|[(])(?P<m>1[0-2]|[1-9])月(?P<d>\d{{1,2}})日"
)
_CAMPAIGNS = {"環境月間": 6, "省エネルギー月間": 2, "省エネ月間": 2, "地球温暖化防止月間": 12, "食品ロス削減月間": 10, "3R推進月間": 10}
_MONTHLY = re.compile(rf"(?<![一-龥])(?P<word>{'|'.join(MONTHS)})(?:は|の|が)[、]?[「『]?(?P<name>{'|'.join(_CAMPAIGNS)})")


def denied(form: str, today: date) -> Iterator[tuple[tuple[int, int], str]]:
    """Each contradiction as (span, why)."""
    if not re.search("日|きょう|あす|きのう|あさって|おととい|今月|来月|先月|デー[(（の]", form):
        return
    for match in _DAY.finditer(form):
        day = today + timedelta(days=DAYS[match["word"]])
        if int(match["d"]) != day.day:
            yield match.span(), f"発行日（{full(today)}）から見た「{match['word']}」は{full(day)}です。"
    for match in _WEEKDAY.finditer(form):
        day = today + timedelta(days=DAYS[match["word"]])
        if (match["w"] or match["w2"]) != weekday(day):
            yield match.span(), f"発行日（{full(today)}）から見た「{match['word']}」は{weekday(day)}曜日です（{full(day)}）。"
    yield from _edges(form, today)
    yield from _periods(form, today)
    yield from _feasts(form, today)


def _edges(form: str, today: date) -> Iterator[tuple[tuple[int, int], str]]:
    """6月が、あす終わります; 明日から7月です; 本日で今年度も終わりです."""
    for pattern in (_EDGE, _FROM, _LAST):
        for match in pattern.finditer(form):
            day = today + timedelta(days=DAYS[match["word"]])
            ends = pattern is _LAST or (pattern is _EDGE and re.fullmatch(_END, match["what"]) is not None)
            edge = day + timedelta(days=1) if ends else day
            groups = match.groupdict()
            wanted = 4 if groups.get("fiscal") else 1 if groups.get("year") else int(match["m"]) % 12 + 1 if ends else int(match["m"])
            if (edge.month, edge.day) != (wanted, 1):
                yield match.span(), f"発行日（{full(today)}）から見た「{match['word']}」は{full(day)}です。"


def _periods(form: str, today: date) -> Iterator[tuple[tuple[int, int], str]]:
    """2024年度も、昨日で終わり on the 31st of March; 2025年度も、本日で終わり."""
    for match in _PERIOD.finditer(form):
        day = today + timedelta(days=DAYS[match["word"]])
        edge = day + timedelta(days=1)
        months = {"年度": (4,), "年": (1,), "上半期": (10, 7), "下半期": (4, 1)}[match["of"]]
        year = int(match["y"] or 0) or (2018 + int(match["era"]) if match["era"] else 0)
        if edge.day != 1 or edge.month not in months:
            yield match.span(), f"発行日（{full(today)}）から見た「{match['word']}」は{full(day)}です。"
        elif year and year != edge.year - 1:
            yield match.span(), f"{full(day)}に終わるのは{edge.year - 1}{match['of']}です。"


def _feasts(form: str, today: date) -> Iterator[tuple[tuple[int, int], str]]:
    """昨日は昭和の日, 今月は環境月間."""
    for match in _FEAST.finditer(form):
        day = today + timedelta(days=DAYS[match["word"]])
        name = match["name"]
        if not _is_feast(day, name) and not form.startswith(("に", "を", "まで", "前", "後", "から", "も"), match.end()):
            yield match.span(), f"発行日（{full(today)}）から見た「{match['word']}」（{full(day)}）は「{name}」ではありません。"
    for match in _FEAST_FIRST.finditer(form):
        day, name = today + timedelta(days=DAYS[match["word"]]), match["name"]
        if not _is_feast(day, name) and not re.search("昨年の|来年の|去年の", form[max(0, match.start() - 4) : match.start()]):
            yield match.span(), f"発行日（{full(today)}）から見た「{match['word']}」（{full(day)}）は「{name}」ではありません。"
    for match in _FEAST_DAY.finditer(form):
        month, number = _FIXED[match["name"]]
        if (int(match["m"]), int(match["d"])) != (month, number) and not re.search(
            "前後|週間|\\d年", form[max(0, match.start() - 6) : match.start()]
        ):
            yield match.span(), f"「{match['name']}」は{month}月{number}日です。"
    for match in _MONTHLY.finditer(form):
        month = (today.month - 1 + MONTHS[match["word"]]) % 12 + 1
        if _CAMPAIGNS[match["name"]] != month:
            yield match.span(), f"「{match['name']}」は{_CAMPAIGNS[match['name']]}月です（発行日から見た「{match['word']}」は{month}月）。"


def _is_feast(day: date, name: str) -> bool:
    if name in _FIXED:
        return (day.month, day.day) == _FIXED[name]
    return calendar.holiday_name(day) == {"元旦": "元日", "建国記念日": "建国記念の日"}.get(name, name)
