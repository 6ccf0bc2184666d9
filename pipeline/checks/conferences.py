"""Doubts about conferences of the parties: text and the day it goes out in, doubts with their places out.

A number is held against a year, a month or a place only where the words tie them (COP29（アゼルバイジャン・バクー）, バクーで開かれたCOP29); that both stand in one
sentence is not enough, because a city may have held many things. A COP without its treaty may be of any treaty, those not listed included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from itertools import zip_longest

from pipeline.checks import cities
from pipeline.checks.gazetteer import Certainty, Doubt, rows

_TREATIES = {
    "UNFCCC": "(?:国連|国際連合)?気候変動(?:に関する国際連合)?枠組み?条約|UNFCCC",
    "CBD": "(?:国連)?生物の?多様性(?:に関する)?条約|CBD",
    "UNCCD": "(?:国連)?砂漠化(?:対処|防止)条約|UNCCD",
    "RAMSAR": "ラムサール条約",
    "CITES": "ワシントン条約|CITES",
    "MINAMATA": "(?:水銀に関する)?水俣条約",
}
_CUES = {"UNFCCC": "京都議定書|パリ協定|気候", "CBD": "名古屋議定書|愛知目標|生物多様性|生物多様性枠組"}  # where no treaty is named
_NAMES = {"UNFCCC": "国連気候変動枠組条約", "CBD": "生物多様性条約", "UNCCD": "国連砂漠化対処条約", "RAMSAR": "ラムサール条約"}
_TREATY = "|".join(f"(?P<{key}>{pattern})" for key, pattern in _TREATIES.items())
_COP = re.compile(
    rf"(?:(?:{_TREATY})(?:（[A-Z]+）)?[\s　\-－–・の]?)?"
    r"(?:第(?P<nth>\d{1,2})回(?:国連[^、。（]{0,8}条約)?締約国会議|(?<![A-Za-z])C[Oo]P[\s　\-－]?(?P<cop>\d{1,2})(?![\d.]))"
)
_HINT = re.compile("締約国会議|C[Oo]P")  # most texts have neither, and the long pattern is slow
_ALONE = 21  # below this number several treaties have had a COP that a text calls only by its number
_BUSY = ("ジュネーブ", "ボン", "ローマ", "ナイロビ")  # where treaties that are not on the list meet
_HELD = r"(?:の|[に、](?:[^。「」]{0,28}(?:で|において|にて))?(?:開催|開か|行わ)[^。、「」]{0,6}?)[「『]?$"
_BEFORE = re.compile(rf"(?:(?P<year>(?:19|20)\d\d)年|(?P<said>一昨年|昨年|今年|本年|来年))度?(?:(?P<month>1?\d)月)?{_HELD}")
_AFTER = re.compile(
    r"(?:[」』）]?(?:は|が)、?|[（(](?:[^（）()。\d]{1,30}、)?)(?P<year>(?:19|20)\d\d)年(?P<said>)(?:(?P<month>1?\d)月)?(?!から|以降|まで|度?[のに](?:向|採択|合意))"
)
_MONTH = re.compile(
    r"(?<![\d年])(?P<month>1?\d)月(?:\d{1,2}日[^。「」\d]{0,6})?(?:に|から)[^。「」、\d]{0,14}(?:開かれ|開催され|開幕し)た[「『]?$"
)
SAID = {"一昨年": -2, "昨年": -1, "今年": 0, "本年": 0, "来年": 1}
_SEAT_BEFORE = re.compile(r"(?:で(?:の|[^。、「」]{0,14}(?:開催|開か|開幕|行わ|中断|再開|閉幕|始ま|終わ)[^。、「」]{0,5})|の)[「『]?$")
_SEAT_AFTER = re.compile(r"[」』）]?の?(?:舞台|開催地|開催国|会場|開催都市)(?:は|である|・|＝)、?")
_INSIDE = re.compile(r"[（(、](?P<inside>[^（）()。]{2,60})[）)]")
_SUBJECT = re.compile(
    r"[」』）]?(?:は|が)、?(?:(?:20\d\d年|昨年|今年|本年|来年|[\d年月日（）()・祝月火水木金土～~、-])+(?:から|に|まで)?、?)*"
)
_OPENS = re.compile(r"市?で[^。「」]{0,20}(?:開催|開か|開幕|始ま|行わ|閉幕)")


@dataclass(frozen=True, slots=True)
class Sitting:
    """One sitting of a conference; ``first`` and ``last`` are ISO days or ""."""

    treaty: str
    number: int
    year: int
    city: str
    country: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Named:
    """A COP in a text: its place, its number, and the treaty written with it ("" for none)."""

    start: int
    end: int
    text: str
    treaty: str
    number: int


@cache
def sittings() -> tuple[Sitting, ...]:
    """Every sitting on the list."""
    return tuple(Sitting(cells[0], int(cells[1]), int(cells[2]), *cells[3:]) for cells in rows("conferences"))


@lru_cache(maxsize=8)  # one context is asked for with every paragraph of an issue
def find_conferences(text: str) -> tuple[Named, ...]:
    """Every COP with a number that the text names, in letters or in words."""
    return tuple(_named(match) for match in _COP.finditer(text)) if _HINT.search(text) else ()


def _named(match: re.Match[str]) -> Named:
    treaty = next((key for key in _TREATIES if match[key]), "")
    return Named(match.start(), match.end(), match[0], treaty, int(match["nth"] or match["cop"]))


def doubts(text: str, on: date, *, context: str = "") -> Iterator[Doubt]:
    """Every COP whose number does not go with its treaty, its other name, its year, its month or its place.

    ``on``: what 昨年 counts from; ``context``: all that its readers see, where a COP16 may be called by its treaty.
    """
    found = find_conferences(text)
    elsewhere = find_conferences(context) if found else ()
    for cop, after in zip_longest(found, found[1:]):
        yield from _other_name(text, cop, after)
        treaty = cop.treaty or _treaty_around(text, cop, found + elsewhere)
        known = tuple(s for s in sittings() if s.number == cop.number and treaty in ("", s.treaty))
        if treaty and not known:
            yield from _no_such(cop)
        elif known:
            if treaty or cop.number >= _ALONE:
                yield from _wrong_time(text, cop, known, on)
            inner = after is not None and after.start == cop.end + 1 and after.number == cop.number
            yield from _wrong_place(text, cop, known, sure=bool(treaty) or cop.number >= _ALONE, inner=inner)


def _treaty_around(text: str, cop: Named, found: tuple[Named, ...]) -> str:
    """The treaty that this number is called by elsewhere in the text, or the only treaty in its sentence; "" if that is open."""
    called = {other.treaty for other in found if other.number == cop.number and other.treaty}
    if called:
        return called.pop() if len(called) == 1 else ""
    begin = max(text.rfind(stop, 0, cop.start) for stop in "。\n") + 1
    end = min((n for n in (text.find(stop, cop.end) for stop in "。\n") if n >= 0), default=len(text))
    had = {s.treaty for s in sittings() if s.number == cop.number}
    near = {key for key, pattern in _TREATIES.items() if key in had and re.search(pattern, text[begin:end])}
    near = near or {key for key, cue in _CUES.items() if key in had and re.search(cue, text[begin:end])}
    return near.pop() if len(near) == 1 else ""


def _other_name(text: str, cop: Named, after: Named | None) -> Iterator[Doubt]:
    """生物多様性条約第16回締約国会議（UNFCCC-COP29）: the words and the letters behind them disagree."""
    if after is None or text[cop.end : after.start] not in ("（", "(") or "回" not in cop.text:
        return
    if cop.number != after.number:
        right = after.text.replace(str(after.number), str(cop.number))
        yield _doubt(after, (right,), kind="number", why=f"「{cop.text}」と「{after.text}」で、回数が合いません。")
    elif cop.treaty and after.treaty and cop.treaty != after.treaty:
        yield _doubt(
            after, (f"{cop.treaty}-COP{cop.number}",), kind="treaty", why=f"「{cop.text}」と「{after.text}」で、条約が合いません。"
        )


def _no_such(cop: Named) -> Iterator[Doubt]:
    """生物多様性条約COP29: the treaty has not had so many, and will not for years."""
    last = max((s.number for s in sittings() if s.treaty == cop.treaty), default=0)
    if cop.treaty and cop.number > last + 2:
        right = tuple(f"{_NAMES.get(s.treaty, s.treaty)}COP{cop.number}" for s in sittings() if s.number == cop.number)
        why = f"{_NAMES.get(cop.treaty, cop.treaty)}の締約国会議は、COP{last}までしか開催が決まっていません。"
        yield _doubt(cop, right, kind="treaty", why=why)


def _wrong_time(text: str, cop: Named, known: tuple[Sitting, ...], on: date) -> Iterator[Doubt]:
    """2023年のCOP29, 昨年のCOP30 in an issue of 2025, COP29（2024年10月）."""
    match = year_of(text, cop)
    if not match:
        yield from _wrong_month(text, cop, known)
        return
    year = int(match["year"]) if match["year"] else on.year + SAID[match["said"]]
    written = match["said"] or f"{year}年"
    here = tuple(s for s in known if s.year == year)
    if not here:
        right = tuple(dict.fromkeys(f"{s.year}年" for s in known))
        yield _doubt(cop, right, kind="year", why=f"{_told(cop, known)}は{'・'.join(right)}の開催です（本文は{written}）。")
    elif match["month"] and all(s.first and not int(s.first[5:7]) <= int(match["month"]) <= int(s.last[5:7]) for s in here):
        right = tuple(f"{_day(s.first)}～{_day(s.last)}" for s in here)
        yield _doubt(cop, right, kind="month", why=f"{_told(cop, known)}の会期は{'・'.join(right)}です（本文は{match['month']}月）。")


def _wrong_month(text: str, cop: Named, known: tuple[Sitting, ...]) -> Iterator[Doubt]:
    """12月にバクーで開かれたCOP29."""
    match = _MONTH.search(text, max(0, cop.start - 40), cop.start)
    if match and all(s.first and not int(s.first[5:7]) <= int(match["month"]) <= int(s.last[5:7]) for s in known):
        right = tuple(f"{_day(s.first)}～{_day(s.last)}" for s in known)
        yield _doubt(cop, right, kind="month", why=f"{_told(cop, known)}の会期は{'・'.join(right)}です（本文は{match['month']}月）。")


def year_of(text: str, cop: Named) -> re.Match[str] | None:
    """The year (``year`` or the word ``said``) and the month that the words tie to it."""
    return _BEFORE.search(text, max(0, cop.start - 48), cop.start) or _AFTER.match(text, cop.end)


def _wrong_place(text: str, cop: Named, known: tuple[Sitting, ...], *, sure: bool, inner: bool) -> Iterator[Doubt]:
    """COP29（ブラジル・ベレン）, ドバイで開かれたCOP29, COP30の舞台はバクー. A number that may be of any treaty is doubted only in the seat of another COP."""
    for place in seats(text, cop, inner=inner):
        if place.country:
            wrong = sure and not any(s.country in place.countries for s in known)
        else:
            wrong = not any(s.city in place.names for s in known)
        others = tuple(s for s in sittings() if s.city in place.names and s.treaty in {k.treaty for k in known})
        if wrong and (sure or (others and place.text not in _BUSY)):
            right = tuple(dict.fromkeys((*(s.city for s in known if s.city), *(f"COP{s.number}" for s in others))))
            where = "・".join(dict.fromkeys(f"{s.city}（{cities.country_name(s.country)}）" for s in known if s.city))
            yield _doubt(cop, right, kind="place", why=f"{_told(cop, known)}の開催地は{where}です（本文は{place.text}）。")
            return


def seats(text: str, cop: Named, *, inner: bool) -> Iterator[cities.Place]:
    """The places that the words tie to this COP; ``inner``: its letters follow in brackets and look at what follows themselves."""
    found: list[cities.Place | None] = []
    if (inside := _INSIDE.match(text, cop.end)) and not inner:
        for part in re.finditer("[^、，]+", inside["inside"]):
            place = cities.place_at(text, inside.start("inside") + part.start())
            found.append(place if place and text[place.end : place.end + 1] in tuple("）)、，市") else None)
    if subject := _SUBJECT.match(text, cop.end):
        held = cities.place_at(text, subject.end())
        found.append(held if held and _OPENS.match(text, held.end) else None)
    if seat := _SEAT_AFTER.match(text, cop.end):
        found.append(cities.place_at(text, seat.end()))
    if before := _SEAT_BEFORE.search(text, max(0, cop.start - 30), cop.start):
        found.append(cities.city_before(text, before.start()))
    yield from filter(None, found)


def _told(cop: Named, known: tuple[Sitting, ...]) -> str:
    """国連気候変動枠組条約COP29, by the only treaty that it can be of."""
    treaties = {s.treaty for s in known}
    return f"{_NAMES.get(known[0].treaty, known[0].treaty) if len(treaties) == 1 else ''}COP{cop.number}"


def _doubt(cop: Named, expected: tuple[str, ...], *, kind: str, why: str) -> Doubt:
    return Doubt(start=cop.start, end=cop.end, found=cop.text, expected=expected, kind=kind, certainty=Certainty.CERTAIN, why=why)


def _day(iso: str) -> str:
    """11月11日 for 2024-11-11."""
    day = date.fromisoformat(iso)
    return f"{day.month}月{day.day}日"
