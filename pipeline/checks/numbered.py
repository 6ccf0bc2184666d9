"""The rule about numbers that are part of a name: goals of the SDGs, reports of the IPCC, years and conferences of treaties, rounds of INC and WUF.

What the world has numbered is written in the tables here; where a text puts another number beside the name, one of the two is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from pipeline.checks import series
from pipeline.checks.gazetteer import Certainty, Doubt
from pipeline.checks.repeated import once
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.dates.form import folded
from pipeline.model import Severity

_GOALS = (
    *("貧困をなくそう", "飢餓をゼロに", "すべての人に健康と福祉を", "質の高い教育をみんなに", "ジェンダー平等を実現しよう"),
    *(
        "安全な水とトイレを世界中に",
        "エネルギーをみんなに",
        "働きがいも経済成長も",
        "産業と技術革新の基盤をつくろう",
        "人や国の不平等をなくそう",
    ),
    *("住み続けられるまちづくりを", "つくる責任", "気候変動に具体的な対策を", "海の豊かさを守ろう", "陸の豊かさも守ろう"),
    *("平和と公正をすべての人に", "パートナーシップで目標を達成しよう"),
)
_GOAL = re.compile("|".join(_GOALS))
_BEFORE = re.compile(r"(?:目標|ゴール|Goal|SDGs?)の?[\s:.]?(?P<n>\d{1,2})(?:番)?(?:の|は|である|、)?[\s「『:(]{0,2}$")
_BEHIND = re.compile(r"[^」』()。]{0,12}[」』]?(?:\(|は|が)(?:SDGsの?)?(?:目標|ゴール|Goal|SDG)[\s:.]?(?P<n>\d{1,2})(?!\d)")
_TARGET = re.compile(r"(?:SDGs?の?|ターゲット|目標)[\s]?(?P<n>\d{1,2})\.(?:\d{1,2}|[a-d])[^\d(「。]{0,3}[(「](?P<said>[^」)。]{3,40})[」)]")
_THEMES = {
    "都市化": 11,
    "公共交通": 11,
    "食品ロス": 12,
    "食品廃棄": 12,
    "食料の廃棄": 12,
    "飲料水": 6,
    "再生可能エネルギー": 7,
    "海洋ごみ": 14,
}
_COUNTS: tuple[tuple[re.Pattern[str], tuple[str, ...], str], ...] = (  # what is said, the right number, the message
    (re.compile(r"SDGs?の(?P<n>\d{2})(?:の|個の)?(?:目標|ゴール)"), ("17",), "SDGsの目標は17です"),
    (re.compile(r"SDGs?の(?:目標|ゴール)(?P<n>1[89]|[2-9]\d)(?!\d)"), (), "SDGsの目標は17までです"),
    (re.compile(r"(?:SDGs?|17の(?:目標|ゴール)と)[^。\d]{0,10}?(?P<n>[12]\d\d)の?ターゲット"), ("169",), "SDGsのターゲットは169です"),
    (
        re.compile(r"モントリオール(?:生物多様性)?枠組み?[」]?の(?:4つのゴールと)?(?P<n>\d\d)の?(?:個の)?ターゲット"),
        ("23",),
        "この枠組のターゲットは23です",
    ),
    (re.compile(r"仙台防災枠組み?[\s(]*(?P<n>\d{4}[-~]\d{4})"), ("2015-2030", "2015~2030"), "仙台防災枠組は2015-2030です"),
    (re.compile(r"サンパウロ戦略ビジョン[\s(]*(?P<n>\d{4}[-~]\d{4})"), ("2024-2030", "2024~2030"), "サンパウロ戦略ビジョンは2024-2030です"),
    (re.compile(r"持続可能な開発のための(?P<n>\d{4})アジェンダ"), ("2030",), "2030アジェンダです"),
    (re.compile(r"(?P<n>\d{4})生物多様性枠組実現"), ("2030",), "2030生物多様性枠組実現日本会議です"),
    (re.compile(r"(?<![\d.])(?P<n>\d\dby\d\d)"), ("30by30",), "30by30です"),
    (re.compile(r"30by30(?:目標)?(?:は|\(|[^。\d]{0,12}?)(?P<n>20\d\d)年まで"), ("2030",), "30by30の期限は2030年です"),
    (re.compile(r"(?<![\d.])(?P<n>\d\.\d)(?:度|℃|°C)(?:目標|以内に抑え|に抑え)"), ("1.5", "2.0", "1.7"), "パリ協定が求めるのは1.5度です"),
)
_COUNTS += (
    (re.compile(r"(?:全国?の?)(?P<n>\d{1,2})の?政令指定都市"), ("20",), "政令指定都市は20です"),
    (re.compile(r"(?<![\d,.])(?P<n>4\d)の?都道府県"), ("47",), "都道府県は47です"),
    (re.compile(r"東京(?P<n>2\d)区"), ("23",), "東京の特別区は23です"),
    (re.compile(r"G(?P<n>\d{1,2})(?:広島サミット|札幌|香川|プーリア|カナナスキス)"), ("7",), "G7の会合です"),
    (re.compile(r"GREEN×EXPO[\s]?(?P<n>20\d\d)"), ("2027",), "GREEN×EXPO 2027です"),
    (re.compile(r"(?P<n>20\d\d)年(?:の|開催の)?大阪・関西万博"), ("2025",), "大阪・関西万博は2025年です"),
)
_PAIRS = (  # two numbers that must be one
    (re.compile(r"第(?P<a>[\d一二三四五六七])次(?:評価|統合)?報告書[\s(、]*(?:IPCC[\s-]?)?AR(?P<b>\d)"), "評価報告書の回数"),
    (re.compile(r"AR(?P<a>\d)[\s(、]*(?:IPCC)?第(?P<b>[\d一二三四五六七])次"), "評価報告書の回数"),
    (re.compile(r"概況[\s]?第(?P<a>\d)版[\s(、]*GBO[\s-]?(?P<b>\d)"), "地球規模生物多様性概況の版"),
)
_KANJI = dict(zip("一二三四五六七八九", "123456789", strict=True))
_ADOPTED = {  # name → year of its adoption, year in which it came into force (0: none), number of the COP that adopted it (0: none)
    "パリ協定": (2015, 2016, 21),
    "京都議定書": (1997, 2005, 3),
    "名古屋議定書": (2010, 2014, 10),
    "愛知目標": (2010, 0, 10),
    "昆明・モントリオール生物多様性枠組": (2022, 0, 15),
    "昆明・モントリオール枠組": (2022, 0, 15),
    "仙台防災枠組": (2015, 0, 0),
    "グラスゴー気候合意": (2021, 0, 26),
    "生物多様性条約": (1992, 1993, 0),
    "気候変動枠組条約": (1992, 1994, 0),
    "ラムサール条約": (1971, 1975, 0),
    "モントリオール議定書": (1987, 1989, 0),
    "SDGs": (2015, 0, 0),
    "2030アジェンダ": (2015, 0, 0),
}
_NAME = "|".join(_ADOPTED)
_WHEN = (
    re.compile(rf"(?P<name>{_NAME})[」』]?(?:\(|は、?|が)(?P<year>\d{{4}})年(?:\d+月)?に?(?:[^。、\d]{{0,12}}で)?(?P<what>採択|発効)"),
    re.compile(rf"(?P<name>{_NAME})[」』]?が(?P<what>採択|発効)(?:された|した)のは、?(?P<year>\d{{4}})年"),
    re.compile(
        rf"(?P<year>\d{{4}})年(?:\d+月)?に(?:[^。、\d]{{0,12}}で)?(?P<what>採択|発効)(?:された|した)、?[「『]?(?:国連の?)?(?P<name>{_NAME})"
    ),
)
_AGO = re.compile(rf"(?P<name>{_NAME})[」』]?の(?P<what>採択|発効)から(?P<years>\d{{1,2}})(?:年|周年)")
_AT = (
    re.compile(rf"(?P<name>{_NAME})[」』]?(?:は|が)、?[^。\d]{{0,16}}?COP[\s-]?(?P<n>\d{{1,2}})で(?:[^。、]{{0,4}})(?:採択|合意)"),
    re.compile(rf"COP[\s-]?(?P<n>\d{{1,2}})で(?:採択|合意)(?:された|した|し)、?[「『]?(?P<name>{_NAME})"),
)
_HINT = re.compile(
    r"SDG|目標|ゴール|ターゲット|報告書|概況|枠組|議定書|協定|条約|アジェンダ|by|[度℃](?:目標|以内|に抑)|気候合意|ビジョン|政令|都道府県|東京2|G\d|EXPO|万博"
)


def numbered(sheet: Sheet) -> Iterator[Hit]:
    """目標14「陸の豊かさも守ろう」, 第6次評価報告書（AR5）, 2016年に採択されたパリ協定, INC5（カナダ・オタワ）."""
    yield from once(
        passage.hit((doubt.start, doubt.end), doubt.why, f"「{doubt.expected[0]}」ではないかを確かめてください。")
        for passage in sheet.prose
        for doubt in doubts(passage.text, sheet.issue.date)
    )


@lru_cache(maxsize=4_000)
def doubts(text: str, on: date) -> tuple[Doubt, ...]:
    """Every number that does not go with the name beside it."""
    form = folded(text)
    found = [*series.doubts(text, on)]
    if _HINT.search(form):
        found += [*_goals(form), *_counts(form), *_pairs(form), *_treaties(form, on)]
    return tuple(found)


def _goals(form: str) -> Iterator[Doubt]:
    for match in _GOAL.finditer(form):
        right = _GOALS.index(match[0]) + 1
        beside = _BEFORE.search(form, max(0, match.start() - 14), match.start()) or _BEHIND.match(form, match.end())
        if beside and int(beside["n"]) != right:
            why = f"「{match[0]}」はSDGsの目標{right}です（本文は{beside['n']}）。"
            yield _doubt(beside.span("n"), beside["n"], f"目標{right}", why)
    for match in _TARGET.finditer(form):
        themes = {goal for theme, goal in _THEMES.items() if theme in match["said"]}
        if len(themes) == 1 and int(match["n"]) not in themes:
            right = themes.pop()
            yield _doubt(
                match.span("n"), match["n"], f"目標{right}", f"「{match['said']}」はSDGsの目標{right}です（本文は目標{match['n']}）。"
            )


def _counts(form: str) -> Iterator[Doubt]:
    for pattern, right, why in _COUNTS:
        for match in pattern.finditer(form):
            if match["n"] not in right:
                yield _doubt(match.span("n"), match["n"], right[0] if right else "17", f"「{match[0]}」：{why}。")


def _pairs(form: str) -> Iterator[Doubt]:
    for pattern, what in _PAIRS:
        for match in pattern.finditer(form):
            one, other = (_KANJI.get(match[key], match[key]) for key in "ab")
            if one != other:
                yield _doubt(match.span("b"), match["b"], one, f"「{match[0]}」：{what}が二つの番号になっています。")


def _treaties(form: str, on: date) -> Iterator[Doubt]:
    for match in (match for pattern in _WHEN for match in pattern.finditer(form)):
        right = _ADOPTED[match["name"]][match["what"] == "発効"]
        if right and int(match["year"]) != right:
            why = f"「{match['name']}」の{match['what']}は{right}年です（本文は{match['year']}年）。"
            yield _doubt(match.span("year"), match["year"], f"{right}年", why)
    for match in _AGO.finditer(form):
        since = _ADOPTED[match["name"]][match["what"] == "発効"]
        if since and abs(on.year - since - int(match["years"])) > 1:
            why = f"「{match['name']}」の{match['what']}は{since}年で、{on.year}年は{on.year - since}年目です（本文は{match['years']}年）。"
            yield _doubt(match.span("years"), match["years"], f"{on.year - since}年", why)
    for match in (match for pattern in _AT for match in pattern.finditer(form)):
        number = _ADOPTED[match["name"]][2]
        if number and int(match["n"]) != number:
            why = f"「{match['name']}」が採択されたのはCOP{number}です（本文はCOP{match['n']}）。"
            yield _doubt(match.span("n"), match["n"], f"COP{number}", why)


def _doubt(span: tuple[int, int], found: str, expected: str, why: str) -> Doubt:
    start, end = span
    return Doubt(start=start, end=end, found=found, expected=(expected,), kind="number", certainty=Certainty.LIKELY, why=why)


RULES = (
    Rule(
        code="NAME014",
        title="番号と名前",
        severity=Severity.WARNING,
        reason="SDGsの目標の番号、条約の年、会議の回と開催地は、一つ違うだけで別のものを指します。",
        source="国連の文書、各条約・会議の記録（checks/data/series.csv）",
        bad="SDGsの目標14「陸の豊かさも守ろう」に取り組みます。",
        good="SDGsの目標15「陸の豊かさも守ろう」、第5回政府間交渉委員会（INC5、韓国・釜山）、2015年に採択されたパリ協定です。",
        find=numbered,
    ),
)
