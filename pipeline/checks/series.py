"""Doubts about conferences that come round by number but are no COP (INC5, WUF12, TICAD 9), and about seats: text in, doubts with their places out.

As with a COP, a number is held against a year, a month or a place only where the words tie them together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from pipeline.checks import cities
from pipeline.checks.conferences import SAID, Named, seats, year_of
from pipeline.checks.gazetteer import Certainty, Doubt, rows

_NAMES = {
    "INC": "政府間交渉委員会",
    "UNOC": "国連海洋会議",
    "WUF": "世界都市フォーラム",
    "UNEA": "国連環境総会",
    "TICAD": "アフリカ開発会議",
    "SB": "補助機関会合",
    "IPBES": "IPBES総会",
    "大会": "イクレイ世界大会",
}
_LETTERS = re.compile(r"(?<![A-Za-z])(?P<key>INC|UNOC|WUF|UNEA|TICAD|SB|IPBES)[\s-]?(?P<n>\d{1,2}(?:\.[12])?)(?![\d.])")
_WORDS = re.compile(rf"第(?P<n>\d{{1,2}})回(?P<name>{'|'.join(list(_NAMES.values())[:6])})(?:（[A-Z]+[\s-]?(?P<m>\d{{1,2}}(?:\.[12])?)）)?")
_CONGRESS = re.compile(r"(?P<name>イクレイ世界大会)[\s　]?(?P<n>20\d\d)")
_HINT = re.compile("INC|UNOC|WUF|UNEA|TICAD|SB[-\\d]|IPBES|回(?:政府間|国連海|世界都|国連環|アフリカ|補助)|世界大会")
_SEATS = {
    "国連本部": "ニューヨーク",
    "イクレイ(?:世界事務局|本部)": "ボン",
    "(?:国連)?気候変動枠組み?条約(?:（UNFCCC）)?事務局|UNFCCC事務局": "ボン",
    "(?:国連)?生物多様性条約(?:（CBD）)?事務局|CBD事務局": "モントリオール",
    "(?:国連環境計画(?:（UNEP）)?|UNEP|国連ハビタット)本部": "ナイロビ",
    "(?:ユネスコ|UNESCO|OECD|IEA)本部": "パリ",
    "イクレイ(?:・?ヨーロッパ|欧州)事務局": "フライブルク",
    "イクレイ東アジア事務局": "ソウル",
    "イクレイ南アジア事務局": "ニューデリー",
    "イクレイアフリカ事務局": "ケープタウン",
    "イクレイオセアニア事務局": "メルボルン",
    "イクレイ(?:南米|南アメリカ)事務局": "サンパウロ",
    "イクレイ韓国事務所": "水原",
    "(?:アジア開発銀行|ADB)本部": "マニラ",
    "(?:WHO|世界保健機関|WTO|WMO)本部": "ジュネーブ",
    "国際応用システム分析研究所": "ラクセンブルク ウィーン",
}
_SEAT = re.compile(f"(?<![一-鿿・])(?:{'|'.join(f'(?P<b{n}>{body})' for n, body in enumerate(_SEATS))})(?:（[A-Z]+）)?")
_SEAT_HINT = re.compile("本部|事務局|韓国事務所|分析研究所")
_SITS = re.compile("市?(?:の|にある|に本部を置く|に拠点を置く|に事務局を置く)$")


@dataclass(frozen=True, slots=True)
class Round:
    """One sitting; ``months``: those in which it sat."""

    number: str
    year: int
    city: str
    country: str
    months: tuple[int, ...]


@cache
def _rounds() -> dict[tuple[str, str], Round]:
    return {
        (key, number): Round(number, int(year), city, country, tuple(map(int, months.split())))
        for key, number, year, city, country, months in rows("series")
    }


def doubts(text: str, on: date) -> Iterator[Doubt]:
    """Every number that does not go with its year, month or place, and every seat in the wrong city."""
    for key, named in _found(text) if _HINT.search(text) else ():
        sat = _rounds().get((key, named.text))
        if sat:
            said = f"{_NAMES[key]}（{key if key != '大会' else ''}{sat.number}）"
            yield from _wrong_time(text, named, sat, on, said)
            yield from _wrong_place(text, named, sat, said)
    yield from _wrong_seat(text) if _SEAT_HINT.search(text) else ()


def _found(text: str) -> Iterator[tuple[str, Named]]:
    """(INC, where and which); what stands in words with its letters in brackets is one."""
    by_name = {name: key for key, name in _NAMES.items()}
    taken: set[int] = set()
    for match in (*_WORDS.finditer(text), *_CONGRESS.finditer(text)):
        taken.update(range(*match.span()))
        number = (match.groupdict().get("m") or match["n"]) if match["name"] != "イクレイ世界大会" else match["n"]
        yield by_name[match["name"]], Named(match.start(), match.end(), number, "", int(float(number)))
    for match in _LETTERS.finditer(text):
        if match.start() not in taken:
            yield match["key"], Named(match.start(), match.end(), match["n"], "", int(float(match["n"])))


def _wrong_time(text: str, named: Named, sat: Round, on: date, said: str) -> Iterator[Doubt]:
    match = year_of(text, named)
    if not match:
        return
    year = int(match["year"]) if match["year"] else on.year + SAID[match["said"]]
    if year != sat.year or (match["month"] and int(match["month"]) not in sat.months):
        why = f"{said}は{sat.year}年{sat.months[0]}月の開催です（本文は{match['said'] or f'{year}年'}{match['month'] + '月' if match['month'] else ''}）。"
        yield _doubt(text, (named.start, named.end), (f"{sat.year}年{sat.months[0]}月",), why)


def _wrong_place(text: str, named: Named, sat: Round, said: str) -> Iterator[Doubt]:
    for place in seats(text, named, inner=False):
        if (place.country and sat.country not in place.countries) or (not place.country and sat.city not in place.names):
            why = f"{said}の開催地は{sat.city}（{cities.country_name(sat.country)}）です（本文は{place.text}）。"
            yield _doubt(text, (named.start, named.end), (sat.city,), why)
            return


def _wrong_seat(text: str) -> Iterator[Doubt]:
    """ジュネーブの国連本部, イクレイ世界事務局（ドイツ・ベルリン）."""
    for match in _SEAT.finditer(text):
        seat = tuple(_SEATS.values())[next(n for n in range(len(_SEATS)) if match[f"b{n}"])].split()
        sits = _SITS.search(text, max(0, match.start() - 12), match.start())
        place = cities.city_before(text, sits.start()) if sits else None
        if place is None and text[match.end() : match.end() + 1] in ("（", "("):
            inside = cities.place_at(text, match.end() + 1)
            place = inside if inside and text[inside.end : inside.end + 1] in ("）", ")", "市") else None
        if place and not place.country and not set(seat) & set(place.names):
            span = (min(place.start, match.start()), max(place.end, match.end()))
            yield _doubt(text, span, (seat[0],), f"{match[0]}は{seat[0]}にあります（本文は{place.text}）。")


def _doubt(text: str, span: tuple[int, int], expected: tuple[str, ...], why: str) -> Doubt:
    start, end = span
    return Doubt(start=start, end=end, found=text[start:end], expected=expected, kind="series", certainty=Certainty.LIKELY, why=why)
