"""How names of places are read and where they come in the order of the prefectures: the glossary in, look-ups out. It guesses no reading."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.checks import gazetteer
from pipeline.model import Term

_PREFECTURES = (  # in the order of their codes: name, reading, latitude of its capital
    "北海道 ほっかいどう 43.1 青森県 あおもりけん 40.8 岩手県 いわてけん 39.7 宮城県 みやぎけん 38.3 秋田県 あきたけん 39.7 山形県 やまがたけん 38.2"
    " 福島県 ふくしまけん 37.8 茨城県 いばらきけん 36.3 栃木県 とちぎけん 36.6 群馬県 ぐんまけん 36.4 埼玉県 さいたまけん 35.9 千葉県 ちばけん 35.6"
    " 東京都 とうきょうと 35.7 神奈川県 かながわけん 35.4 新潟県 にいがたけん 37.9 富山県 とやまけん 36.7 石川県 いしかわけん 36.6 福井県 ふくいけん 36.1"
    " 山梨県 やまなしけん 35.7 長野県 ながのけん 36.7 岐阜県 ぎふけん 35.4 静岡県 しずおかけん 35.0 愛知県 あいちけん 35.2 三重県 みえけん 34.7"
    " 滋賀県 しがけん 35.0 京都府 きょうとふ 35.0 大阪府 おおさかふ 34.7 兵庫県 ひょうごけん 34.7 奈良県 ならけん 34.7 和歌山県 わかやまけん 34.2"
    " 鳥取県 とっとりけん 35.5 島根県 しまねけん 35.5 岡山県 おかやまけん 34.7 広島県 ひろしまけん 34.4 山口県 やまぐちけん 34.2 徳島県 とくしまけん 34.1"
    " 香川県 かがわけん 34.3 愛媛県 えひめけん 33.8 高知県 こうちけん 33.6 福岡県 ふくおかけん 33.6 佐賀県 さがけん 33.2 長崎県 ながさきけん 32.7"
    " 熊本県 くまもとけん 32.8 大分県 おおいたけん 33.2 宮崎県 みやざきけん 31.9 鹿児島県 かごしまけん 31.6 沖縄県 おきなわけん 26.2"
)
_ROWS = tuple(re.findall(r"(\S+) (\S+) ([\d.]+)", _PREFECTURES))
_KANA = re.compile("[ぁ-んァ-ヶー・＝ 　]+")
_TO_HIRAGANA = {n: n - 0x60 for n in range(ord("ァ"), ord("ヶ") + 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Readings of names, and of places their rank in the order of codes."""

    readings: Mapping[str, str]
    ranks: Mapping[str, int]
    prefectures: Mapping[str, int]

    def reading(self, name: str) -> str:
        """The reading in hiragana, "" if nobody has written it down; kana reads itself."""
        plain = re.sub(r"\([^()]*\)|[ 　]", "", name)
        if found := self.readings.get(plain, ""):
            return found
        kana = re.sub("[市区町村州県]$", "", plain)
        return re.sub("[・＝ 　]", "", kana.translate(_TO_HIRAGANA)) if kana and _KANA.fullmatch(kana) else ""

    def longest(self, text: str) -> str:
        """The longest known name that a text ends with, "" if there is none."""
        return next((text[n:] for n in range(len(text)) if text[n:] in self.readings), "")

    def rank(self, name: str) -> int:
        """The place in the order of codes from 1, 0 if the name is none of a place or of two."""
        return self.ranks.get(name, 0)

    def is_later(self, first: str, second: str) -> bool:
        """Whether ``first`` comes behind ``second`` in the order of codes: prefectures among themselves, municipalities among themselves."""
        table = self.prefectures if first in self.prefectures else self.ranks
        both = (second in self.prefectures) == (first in self.prefectures)
        return both and bool(table.get(first)) and bool(table.get(second)) and table[first] > table[second]

    def latitude(self, name: str) -> float:
        """How far north a prefecture's capital lies, 0.0 if it is no prefecture."""
        return next((float(north) for prefecture, _, north in _ROWS if prefecture == name), 0.0)


@lru_cache(maxsize=2)
def places(glossary: tuple[Term, ...]) -> Places:
    """The look-ups; the glossary has the last word on a reading. A name that two places bear has no rank, one that is read in two ways no reading."""
    readings: dict[str, str] = {}
    ranks: dict[str, int] = {}
    for n, row in enumerate(gazetteer.municipalities(), 1):
        if row.kind != "区" or not row.city:
            readings[row.name] = row.reading if readings.get(row.name, row.reading) == row.reading else ""
            ranks[row.name] = 0 if row.name in ranks else n
    readings = {name: reading for name, reading in readings.items() if reading} | _of_terms(glossary)
    prefectures = {name: n for n, (name, _, _) in enumerate(_ROWS, 1)}
    return Places(readings=readings, ranks=ranks, prefectures=prefectures)


def _of_terms(glossary: Iterable[Term]) -> dict[str, str]:
    """The first form of each term of a place, a person or an organisation."""
    kinds = ("member", "city", "person", "organisation")
    return {form.replace(" ", ""): term.yomi for term in glossary if term.yomi and term.kind in kinds for form in term.ja[:1]}
