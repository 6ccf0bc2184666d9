"""Years as people in Japan write them: the folded text in, each year with its place, its unit and whether its two spellings agree out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.dates.form import GAP, number

_ERAS = {"令和": 2018, "R": 2018, "㋿": 2018, "平成": 1988, "H": 1988, "㍻": 1988, "昭和": 1925, "S": 1925, "㍼": 1925}
_NAME = r"令和|平成|昭和|㋿|㍻|㍼|(?<![A-Za-z\d])[RHS](?=\d|元)"
_ERA = rf"(?:{_NAME}){GAP}(?:元|\d{{1,2}}|[一二三四五六七八九十]{{1,3}})(?![\d一二三四五六七八九十])"
_WEST = r"(?:(?:19|20)\d\d|[一二][〇九][〇一二三四五六七八九]{2})(?!\d)"
_UNIT = "年度末?|年版|年"
_YEAR = re.compile(
    rf"(?<![\d.,])(?:(?P<era>{_ERA})|(?P<west>{_WEST})){GAP}"
    rf"(?:[(](?P<inner>{_ERA}|{_WEST})(?P<inner_unit>{_UNIT})?[)])?{GAP}(?P<unit>{_UNIT})?(?!代|間|生|目|以上|ぶり|頃)"
    rf"(?:{GAP}(?:[(\[](?P<outer>{_ERA}|{_WEST})(?P<outer_unit>{_UNIT})?[)\]]|[/=](?P<slash>{_ERA}|{_WEST})(?P<slash_unit>{_UNIT})))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """One year: ``value`` as the western one; ``unit`` 年, 年度 or 年版.

    ``beside``: (year, unit) of the second spelling that stands in brackets or behind a stroke.
    """

    start: int
    end: int
    value: int
    unit: str
    beside: tuple[int, str] | None = None

    @property
    def conflict(self) -> bool:
        """Whether the two spellings cannot mean one year. 年度 beside 年 may be the year in which it begins or ends."""
        if self.beside is None:
            return False
        other, unit = self.beside
        if "年度" in (self.unit, unit) and self.unit != unit:
            first, second = (self.value, other) if self.unit == "年度" else (other, self.value)
            return second - first not in (0, 1)
        return self.value != other


def year_of_word(era: str, written: str) -> int:
    """2025 of 令和 and 7, R and 七; 元 is the first."""
    return _ERAS[era] + number(written)


@lru_cache(maxsize=2048)
def read_years(form: str) -> tuple[Year, ...]:
    """Every year of a folded text that has its unit, or stands in two spellings."""
    if "年" not in form and "(" not in form:
        return ()
    return tuple(_years(form))


def _years(form: str) -> Iterator[Year]:
    for match in _YEAR.finditer(form):
        unit = (match["unit"] or match["inner_unit"] or match["outer_unit"] or "").removesuffix("末")
        if not unit and not (match["inner"] or match["outer"]):
            continue
        if not (match["unit"] or match["inner_unit"] or match["outer_unit"]) and bool(match["era"]) == _is_era(
            match["inner"] or match["outer"]
        ):
            continue
        year = Year(start=match.start(), end=match.end(), value=_value(match["era"] or match["west"]), unit=unit or "年")
        beside = match["inner"] or match["outer"] or match["slash"]
        if beside and bool(match["era"]) != _is_era(beside):
            other = (match["inner_unit"] or match["outer_unit"] or match["slash_unit"] or unit or "年").removesuffix("末")
            yield replace(year, beside=(_value(beside), other))
        else:
            yield replace(year, end=match.end("unit") if match["unit"] else year.end)


def _is_era(text: str | None) -> bool:
    return bool(text) and bool(re.match(_NAME, text or ""))


def _value(text: str) -> int:
    match = re.match(rf"({_NAME}){GAP}(.+)", text)
    return year_of_word(match[1], match[2]) if match else number(text)
