"""The rule about the years of what everyone remembers: disasters named with an era, 昨年 beside a treaty's adoption or a conference.

Records in, findings out. The table holds only what happened once under its name, or all years in which it did.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from pipeline.checks.dated import full, texts
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.dates.form import GAP, folded, number
from pipeline.model import Severity

_WORDS = {"一昨年": -2, "おととし": -2, "昨年": -1, "去年": -1, "今年": 0, "本年": 0, "来年": 1, "再来年": 2}
_YEAR = rf"(?:(?P<y>20\d\d|19\d\d)年|(?P<era>令和|平成){GAP}(?P<n>元|\d{{1,2}})年|(?<![一-龥])(?P<word>{'|'.join(_WORDS)}))(?:[(][^()]{{2,8}}[)])?"
_MONTH = r"(?:の?(?P<m>1[0-2]|[1-9])月(?:\d{1,2}日)?)?(?:\([月火水木金土日][^()]{0,4}\))?"
_HAPPENED = r"(?:(?:の|に)?[、]?[^。、「」\d]{{0,14}}?{verbs}、?[「『]?{name}|{bare}{name}(?![一-龥]))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """``verbs``: what may stand between its year and its name (採択された); ``when``: every (year, month) in which it happened."""

    name: str
    verbs: str
    when: tuple[tuple[int, int], ...]


@lru_cache(maxsize=1)
def happenings() -> dict[str, Happening]:
    """Name → happening."""
    text = (files("pipeline.checks") / "data/happenings.csv").read_text("utf-8")
    return {
        row["name"]: Happening(
            name=row["name"],
            verbs=row["verbs"],
            when=tuple((int(one[:4]), int(one[5:7])) for one in row["when"].split(" ")),
        )
        for row in csv.DictReader(text.splitlines())
    }


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[Happening, re.Pattern[str], re.Pattern[str]], ...]:
    found = []
    for one in happenings().values():
        name = re.escape(folded(one.name))
        bare = "の?[「『]?" if re.search("発生|上陸|開か", one.verbs) else "(?!)"
        linked = _HAPPENED.format(verbs=f"(?:{one.verbs})(?:した|された|れた|った|た)", name=name, bare=bare)
        before = re.compile(f"{_YEAR}{_MONTH}{linked}(?!以[前後]|から|の前)")
        behind = re.compile(f"{name}[」』]?(?:は|が)、?{_YEAR}{_MONTH}(?:に|、)[、]?[^。、\\d]{{0,20}}?(?:{one.verbs})")
        found.append((one, before, behind))
    return tuple(found)


def wrong_year(sheet: Sheet) -> Iterator[Hit]:
    """令和5年能登半島地震; 一昨年12月に採択された「昆明・モントリオール生物多様性枠組」 in 2023."""
    for passage in texts(sheet):
        form = folded(passage.text)
        for one, before, behind in _patterns() if "年" in form or "おととし" in form else ():
            if folded(one.name) not in form:
                continue
            for match in (*before.finditer(form), *behind.finditer(form)):
                day = (passage.article.origin.published if passage.article and passage.article.origin else None) or sheet.issue.date
                year, month = _year(match, day), int(match["m"] or 0)
                if all(year != there or month not in (0, of) for there, of in one.when):
                    when = "、".join(f"{there}年{of}月" for there, of in one.when)
                    counted = f"発行日（{full(day)}）から見た「{match['word']}」は{year}年です。" if match["word"] else ""
                    message = f"「{passage.text[match.start() : match.end()]}」：「{one.name}」は{when}のことです。"
                    yield passage.hit(match.span(), message, f"{counted}年と月を確かめてください。")


def _year(match: re.Match[str], today: date) -> int:
    if match["word"]:
        return today.year + _WORDS[match["word"]]
    return int(match["y"]) if match["y"] else number(match["n"]) + (2018 if match["era"] == "令和" else 1988)


RULES = (
    Rule(
        code="DATE019",
        title="知られた出来事の年",
        severity=Severity.ERROR,
        reason="災害や条約の年の書き間違いは、読者がすぐに気付きます。「昨年」は、年が替わると一昨年になります。",
        source="気象庁が定めた災害の名称、各条約・決議の採択日",
        bad="令和5年能登半島地震の被災地を支援します。",
        good="令和6年能登半島地震の被災地を支援します。2022年12月に採択された「昆明・モントリオール生物多様性枠組」です。",
        find=wrong_year,
    ),
)
