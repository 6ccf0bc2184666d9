"""The lists of names in ``data/``, read when first asked for, and the municipalities that a Japanese text names.

It must never take a piece of a longer word for a name: 津市 in 天津市, 京都市 in 東京都市大学, 東村 in 東村山市, 港区 in 空港区域. What it is not sure of is
not found. Text may run over several paragraphs; places are counted in characters from its beginning.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

_DATA = Path(__file__).with_name("data")
_SUFFIX = re.compile("[都道府県市区町村]")
_KANJI = re.compile(r"[一-龥々〆ヶケ﨑髙德]")
_MAY_STAND_BEFORE = "都道府県郡市町村区旧元現隣"  # without a break
_PREFECTURE = re.compile("北海道|東京都|(?:京都|大阪)府|(?:神奈川|和歌山|鹿児島|[一-龥]{2})県")
_COUNTY = re.compile("(?:余市|高市|(?!.*市)[一-龥々ヶケ]{1,4})郡")
_COUNTY_AFTER = re.compile(r"[一-龥々]{1,2}郡")  # 東村 in 東村山郡
_AFTER = {  # what makes a longer word of it: 港区域, 錦町並木, 山村落, 光市場, 東京都心
    "都": "市心会",
    "市": "場街町村区之報",
    "区": "間域画分割",
    "町": "並家工屋人村名",
    "村": "落々",
}
_FORMER = re.compile(r"(?:旧[^。\s]{0,12}[・、と]|旧|(?<![地復])元|(?:当時|かつて)の?、?|(?:合併|改称|市制施行)前の)$")
_FORMER_AFTER = re.compile(r"\s?[（(](?:現|当時|旧)|(?:から|が|は|と)[^。]{0,30}(?:合併|編入|改称|改名|市制施行)")


class Certainty(StrEnum):
    """How sure a doubt is: wrong by the lists; wrong but for a case nobody thought of; a question to the editor."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A name that is in doubt: its characters ``start`` to ``end``, what it might be (best first, may be empty), and why, in Japanese."""

    start: int
    end: int
    found: str
    expected: tuple[str, ...]
    kind: str
    certainty: Certainty
    why: str


@dataclass(frozen=True, slots=True)
class Municipality:
    """One row of the list. ``name`` of a ward is 横浜市鶴見区; ``until``: the last day of a name that ended, as ISO, else ""."""

    prefecture: str
    name: str
    reading: str
    kind: str
    since: str
    until: str
    became: tuple[str, ...]
    also: str
    elsewhere: tuple[str, ...]

    @property
    def city(self) -> str:
        """The designated city of a ward, else ""."""
        return self.name[: self.name.index("市", 1) + 1] if self.kind == "区" else ""

    @property
    def short(self) -> str:
        """As it is written after its city or its prefecture: 鶴見区, 鳥取市."""
        return self.name.removeprefix(self.city) if self.kind == "区" else self.name

    def stands(self, on: date) -> bool:
        """Whether the name is in force that day."""
        return not self.until or on.isoformat() <= self.until


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of the list in a text: its place, every row that bears it, and the prefecture written right before it ("" for none)."""

    start: int
    end: int
    text: str
    rows: tuple[Municipality, ...]
    prefecture: str
    former: bool


def rows(name: str) -> Iterator[list[str]]:
    """The rows of a list below its heading."""
    with (_DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        yield from reader


@cache
def municipalities() -> tuple[Municipality, ...]:
    """Every prefecture, municipality and ward, those that ended included."""
    return tuple(_municipality(*cells) for cells in rows("municipalities"))


def _municipality(*cells: str) -> Municipality:
    prefecture, name, reading, kind, since, until, became, also, elsewhere = cells
    return Municipality(prefecture, name, reading, kind, since, until, tuple(became.split()), also, tuple(elsewhere.split()))


@cache
def named() -> dict[str, tuple[Municipality, ...]]:
    """Name as written → the rows that bear it; wards by their short name."""
    found: dict[str, tuple[Municipality, ...]] = {}
    for row in municipalities():
        for name in filter(None, (row.short, row.also)):
            found[name] = (*found.get(name, ()), row)
    return found


@cache
def longest() -> int:
    """Characters of the longest name."""
    return max(map(len, named()))


def find_municipalities(text: str) -> tuple[Mention, ...]:
    """Every name of the list that stands in ``text`` as a name, in order; a name inside a longer one is not there."""
    found: list[Mention] = []
    for match in _SUFFIX.finditer(text):
        end = match.end()
        for start in range(max(0, end - longest()), end - 1):
            if text[start:end] in named() and begins(text, start) and ends(text, end):
                while found and found[-1].start >= start:
                    found.pop()
                found.append(_mention(text, start, end))
                break
    return tuple(mention for mention in found if not _quarter(mention, text, found))


def begins(text: str, start: int) -> bool:
    """Whether a name may begin here: at a break, after a prefecture, a county or a city, not in the middle of a word."""
    if not start:
        return True
    before, first = text[start - 1], text[start]
    if _KANJI.match(first):
        return (not _KANJI.match(before) and before not in "ツノ") or before in _MAY_STAND_BEFORE
    if "ぁ" <= first <= "ゖ":
        return not "ぁ" <= before <= "ゖ" or before in "はがのとやにでをもへ"
    return not "ァ" <= before <= "ー"


def ends(text: str, end: int) -> bool:
    """Whether a name may end here, or a longer word goes on."""
    return text[end : end + 1] not in tuple(_AFTER.get(text[end - 1], "")) and not (
        text[end - 1] in "市町村" and _COUNTY_AFTER.match(text, end)
    )


def prefecture_before(text: str, start: int) -> str:
    """鳥取県 for 琴浦町 in 鳥取県東伯郡琴浦町 and in 鳥取県琴浦町, else ""."""
    head = text[max(0, start - 10) : start]
    for match in _PREFECTURE.finditer(head):
        between = head[match.end() :]
        if match[0] in named() and (not between or _COUNTY.fullmatch(between)):
            return match[0]
    return ""


def is_former(text: str, start: int, end: int) -> bool:
    """Whether the text itself says that the name is of former days: 旧鳩ヶ谷市, 篠山市（現・丹波篠山市）."""
    return bool(_FORMER.search(text[max(0, start - 16) : start]) or _FORMER_AFTER.match(text[end : end + 40]))


def is_one_off(found: str, known: str) -> bool:
    """Whether one character is lost, added or wrong, and not more."""
    if len(found) == len(known):
        return sum(one != other for one, other in zip(found, known, strict=True)) == 1
    short, long = sorted((found, known), key=len)
    return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def _mention(text: str, start: int, end: int) -> Mention:
    name = text[start:end]
    return Mention(start, end, name, named()[name], prefecture_before(text, start), is_former(text, start, end))


def _quarter(mention: Mention, text: str, found: list[Mention]) -> bool:
    """Whether it is a piece of a city and no municipality: 横浜市中区山下町; or a city and a ward that only stand close."""
    before = text[mention.start - 1 : mention.start]
    if mention.text[-1] in "町村":
        return before in tuple("市区町村") and before != ""
    if mention.text[-1] == "市" and before == "市":
        return not any(other.end == mention.start for other in found)
    return False
