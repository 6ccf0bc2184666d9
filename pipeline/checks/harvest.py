"""What two people read aloud: a text in, every date, time, person, organisation, number, telephone, address in it out, with its place. Pure.

It is generous on purpose: a value too many costs a tick, one that is left out goes unread. It must never judge; the rules do that.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from pipeline.checks.passages import BLANK
from pipeline.checks.titles import BODY, PERSON, Names, folded, people_and_bodies
from pipeline.dates import FoundDate, ImpossibleDateError, find_dates
from pipeline.model import japanese_date

DEADLINE, DAY, MONTH, TIME, NUMBER, PHONE, MAIL, URL = "deadline", "date", "month", "time", "number", "phone", "mail", "url"
KINDS = (DEADLINE, DAY, TIME, MONTH, PERSON, BODY, NUMBER, PHONE, MAIL, URL)

_URL = re.compile(r"https?://[!#-;=?-Z\[\]_a-z|~{}^]+")
_MAIL = re.compile(r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PHONE = re.compile(r"〒\s?\d{3}-\d{4}|\+\d[\d() -]{7,16}\d|(?<![\d-])0\d{1,4}[-(]\d{1,4}[-)]\d{3,4}(?![\d-])|(?<!\d)0[5789]0\d{8}(?!\d)")
_CLOCK = r"(?:(?:午前|午後|翌朝|翌)?\d{1,2}(?::\d{2}(?!\d)|時(?!間|代|期|差)(?:\d{1,2}分|半)?)|正午)"
_TIME = re.compile(rf"(?<![\d:]){_CLOCK}(?:\s?(?:[~-]|から)\s?{_CLOCK})?")
_ERA = r"(?:令和|平成|昭和|(?<![A-Za-z])[RHS])(?:元|\d{1,2})"
_MONTH = re.compile(
    rf"(?:(?:\d{{4}}|{_ERA})年\s?)?\d{{1,2}}(?:[~・]\d{{1,2}})?月(?!\d)(?:号|上旬|中旬|下旬|末|初め)?|(?:\d{{4}}|{_ERA})年度?(?!間|以上)"
)
_SCALED = r"\d+(?:,\d{3})*(?:\.\d+)?(?:[兆億万千百]\d*(?:,\d{3})*(?:\.\d+)?)*"
_UNIT = (
    "か国語|カ国語|か国|カ国|ヶ国|ヵ国|か月|カ月|ヶ月|ヵ月|か所|カ所|ヶ所|箇所|か年|カ年|自治体|市町村|都道府県|都市|市区|団体|世帯|年間|年目|年生|年|日間|日目|日|週間|時間|"
    "分間|分|秒|回目|回|人|名|者|国|市|町|村|区|県|州|社|校|件|点|号|次|位|度目|度|割|倍|部門|部|章|条|項目|項|階|室|席|歳|代|台|本|枚|冊|ページ|頁|字|語|票|種類|種|頭|羽|"
    "棟|戸|基|機|隻|両|便|着|着順|班|組|作品|会場|コース|期|つ|個|食|品目|品|円|米ドル|ドル|ユーロ|ポンド|元|ウォン|パーセント|ポイント|%|℃|°C|°F|ヘクタール|平方キロメートル|平方メートル|"
    "立方メートル|キロメートル|メートル|センチ|ミリ|キロワット時|キロワット|キログラム|キロ|トン|リットル|グラム|kWh|MWh|GWh|TWh|kW|MW|GW|km2|km|cm|mm|m2|m3|ha|kg|㎡|㎢|m|t|g|L"
)
_MORE = "以上|以下|以内|未満|超|余り|余|強|弱|程度|前後|ほど|目標"
_NUMBER = re.compile(rf"(?:第|約|延べ|計|(?<![A-Za-z])[A-Za-z]{{1,20}}-?|[$€£¥])?{_SCALED}(?:[~/:-]{_SCALED})*(?:(?:{_UNIT})(?:{_MORE})?)?")
_KANJI_NUMBER = re.compile(
    r"(?:第|約)?[二三四五六七八九十百千]{1,4}(?:つ|者|人(?!三脚)|名|か国|都市|市|県|町|村|回|割|か所|か月|団体|自治体|年間|日間|点|件)"
)
NO_NUMBERS = frozenset({"CO2", "H2O", "N2O"})
_DUE_BEFORE = re.compile(r"(?:締め?切り?|〆切り?|期限|提出|必着)[^。、]{0,8}$")
_DUE_AFTER = re.compile(r"[^。]{0,8}?(?:必着|締め?切|〆切|消印|までに?[^。]{0,14}(?:申し?込|応募|提出|お送り|送付|お寄せ|登録|回答))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One value. ``value`` is what equal ones share and what is read aloud, ``key`` sorts it; ``start``/``end`` are offsets in the text."""

    kind: str
    value: str
    start: int
    end: int
    key: str = ""


def harvest(text: str, *, anchor: date, names: Names, due: bool = False) -> tuple[Found, ...]:
    """Everything of every kind in ``text``, in its order. ``anchor`` gives year-less dates their year; ``due``: the text is a deadline."""
    form = folded(text)
    found: list[Found] = []
    for kind, pattern in ((URL, _URL), (MAIL, _MAIL), (PHONE, _PHONE)):
        form = _take(form, kind, pattern, found)
    form = _take_dates(form, anchor, found, due=due)
    for kind, pattern in ((TIME, _TIME), (MONTH, _MONTH)):
        form = _take(form, kind, pattern, found)
    found += (
        Found(kind=one.kind, value=text[one.start : one.end].strip(), start=one.start, end=one.end)
        for one in people_and_bodies(form, names)
    )
    for pattern in (_NUMBER, _KANJI_NUMBER):
        form = _take(form, NUMBER, pattern, found)
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def trimmed(url: str) -> str:
    """A URL as found in prose or Markdown, without the marks and unpaired brackets that close the sentence around it."""
    while url and (
        url[-1] in ".,;:!?'*|" or (url[-1] in ")]}" and url.count(url[-1]) > url.count({")": "(", "]": "[", "}": "{"}[url[-1]]))
    ):
        url = url[:-1]
    return url


def _take(form: str, kind: str, pattern: re.Pattern[str], found: list[Found]) -> str:
    """Add what the pattern finds; the text with it blanked, so that no later kind takes it for its own."""
    for match in pattern.finditer(form):
        value = trimmed(match[0]) if kind == URL else match[0].strip()
        if value in NO_NUMBERS:
            continue
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        found.append(Found(kind=kind, value=_shown(value, kind), start=start, end=start + len(value)))
        form = _blank(form, start, start + len(value))
    return form


def _shown(value: str, kind: str) -> str:
    return value if kind in (URL, MAIL, PHONE) else value.replace("~", "～")


def _blank(form: str, start: int, end: int) -> str:
    return form[:start] + BLANK * (end - start) + form[end:]


def _take_dates(form: str, anchor: date, found: list[Found], *, due: bool) -> str:
    single = "".join(one if len(unicodedata.normalize("NFKC", one)) == 1 else BLANK for one in form)
    dates, impossible = _dates(single, anchor)
    for one in dates:
        is_due = due or bool(_DUE_BEFORE.search(form[: one.start]) or _DUE_AFTER.match(form[one.end :]))
        value, kind = japanese_date(one.day), DEADLINE if is_due else DAY
        found.append(Found(kind=kind, value=value, start=one.start, end=one.end, key=one.day.isoformat()))
        form = _blank(form, one.start, one.end)
    for start, end in impossible:
        found.append(Found(kind=DEADLINE if due else DAY, value=f"{form[start:end]}〔暦にない日〕", start=start, end=end, key="0"))
        form = _blank(form, start, end)
    return form


def _dates(form: str, anchor: date) -> tuple[tuple[FoundDate, ...], tuple[tuple[int, int], ...]]:
    """The dates, and the places of those that no calendar has: these stop the reader, so it starts again without them."""
    impossible: list[tuple[int, int]] = []
    for _ in range(50):
        try:
            return find_dates(form, anchor=anchor), tuple(impossible)
        except ImpossibleDateError as error:
            at = form.find(str(error))
            if at < 0:
                break
            impossible.append((at, at + len(str(error))))
            form = _blank(form, at, at + len(str(error)))
    return (), tuple(impossible)
