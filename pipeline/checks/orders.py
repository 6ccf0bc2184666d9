"""Rules about lists that claim an order, and about marks that count through a text: passages in, hits out.

Readings come from the glossary, from the tables of places and, for kana, from the name itself; a name whose reading nobody knows is passed over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from itertools import islice, pairwise
from typing import NamedTuple

from pipeline.checks.layout import groups, table_of, top_items
from pipeline.checks.numerals import form
from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.readings import Places, places
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

_CLAIM = re.compile(
    "(?P<kana>五十音順|あいうえお順|50音順)|(?P<code>建制順|都道府県順)|(?P<latin>アルファベット順|ABC順)|(?P<north>北から順|北から南|北の順)"
    "|(?P<date>開催順|開催日順|日付順|日程順|時系列順|開催の早い順)"
)
_SPLIT = re.compile("、|，|,|・|／|/|及び|および|並びに|(?<=[都道府県市区町村ァ-ヶー])と")
_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})(?:月|/)(\d{1,2})日?")
_PLAIN = str.maketrans(
    "がぎぐげござじずぜぞだぢづでどばびぶべぼぱぴぷぺぽゔぁぃぅぇぉっゃゅょゎ",
    "かきくけこさしすせそたちつてとはひふへほはひふへほうあいうえおつやゆよわ",
)
_HINT = "並べ直すか、順の断り書きを消してください。"


class Name(NamedTuple):
    """A member of a list: the text, its passage and where it starts there."""

    text: str
    passage: Passage
    start: int


def claimed_orders(sheet: Sheet) -> Iterator[Hit]:
    """A list that says 五十音順, 建制順, アルファベット順, 北から or 開催順 and is not in that order."""
    blocks = groups(sheet.prose)
    table: Places | None = None
    for n, block in enumerate(blocks):
        for passage in block:
            text = form(passage.text)
            for claim in islice(_CLAIM.finditer(text), 20):
                table = table or places(sheet.glossary)
                below = blocks[n + 1] if n + 1 < len(blocks) and blocks[n + 1][0].path == passage.path else ()
                names = _names(passage, text, claim, below, table)
                yield from _unordered(names, claim, table)


def _names(passage: Passage, text: str, claim: re.Match[str], below: tuple[Passage, ...], table: Places) -> list[Name]:
    """The list that a claim speaks of: before it, behind it in the sentence, or in the block below."""
    start = max(claim.start() - 600, text.rfind("。", 0, claim.start()) + 1)
    before = _split(passage, text, start, text.rfind("(", start, claim.start()) if "(" in text[start : claim.start()] else claim.start())
    before = _tail(before, table)
    if len(before) > 1 and sum(bool(table.reading(name.text)) or name.text[:1].isascii() for name in before) > 1:
        return before
    end = text.find("。", claim.end(), claim.end() + 600)
    behind = re.match(r"\)?(?:に|で|:|、|は|並べると)*", text[claim.end() : claim.end() + 20])
    inside = _split(passage, text, claim.end() + (behind.end() if behind else 0), end if end > 0 else min(len(text), claim.end() + 600))
    if len(inside) > 2 and sum(_known(name, table) for name in inside) > 1:
        return inside
    return _below(below, claim)


def _below(below: tuple[Passage, ...], claim: re.Match[str]) -> list[Name]:
    if not below or below[0].kind not in ("row", "item", "paragraph"):
        return []
    if below[0].kind == "paragraph":
        return _split(below[0], form(below[0].text), 0, len(below[0].text)) if below[0].text.count("、") > 1 else []
    if below[0].kind == "item":
        return [Name(form(item.text).lstrip("・- 　" + BLANK), item, 0) for item in top_items(below)]
    table = table_of(below)
    if table is None:
        return []
    if claim["date"]:
        return [Name(" ".join(cell.text for cell in row), row[0].passage, row[0].start) for row in table.rows]
    return [Name(cell.text, cell.passage, cell.start) for cell in table.column(0) if cell.text]


def _split(passage: Passage, text: str, start: int, end: int) -> list[Name]:
    names = []
    for part in _SPLIT.split(text[start:end]):
        at = text.index(part, start) if part else start
        start = at + len(part)
        if part.strip():
            names.append(Name(part.strip(" 　「」【】" + BLANK), passage, at + len(part) - len(part.lstrip())))
    return names


def _tail(names: list[Name], table: Places) -> list[Name]:
    """The members at the end that look like names; the first may hold what leads up to it (会員自治体からは愛知県)."""
    found: list[Name] = []
    for name in reversed(names):
        bare = re.sub(r"\([^()]*\)$", "", name.text)
        known = table.longest(bare)
        if not known and (len(bare) > 10 or re.search("[はがをにでも]$|から$|年$|月$|日$", bare)):
            break
        found.insert(0, Name(known or bare, name.passage, name.start + (len(bare) - len(known) if known else 0)))
        if known and known != bare:
            break
    return found


def _known(name: Name, table: Places) -> bool:
    return bool(table.longest(re.sub(r"\([^()]*\)$", "", name.text)))


def _unordered(names: list[Name], claim: re.Match[str], table: Places) -> Iterator[Hit]:
    """The first pair that is the wrong way round; of a list in no order at all one is enough."""
    for first, second in pairwise(names) if not claim["kana"] else pairwise(_readable(names, table)):
        if why := _WRONG[claim.lastgroup or "kana"](first.text, second.text, table):
            span = (second.start, second.start + max(1, min(len(second.text), 12)))
            yield second.passage.hit(span, f"「{claim[0]}」とありますが、{why}。", _HINT)
            return


def _readable(names: list[Name], table: Places) -> list[Name]:
    return [name for name in names if table.reading(name.text)]


def _kana_wrong(first: str, second: str, table: Places) -> str:
    one, other = table.reading(first), table.reading(second)
    keys = [(_key(one, long=long, bare=bare), _key(other, long=long, bare=bare)) for long in (True, False) for bare in (True, False)]
    if not one or not other or any(left <= right for left, right in keys):
        return ""
    return f"「{second}」（{other}）は「{first}」（{one}）より前です"


def _key(reading: str, *, long: bool, bare: bool) -> str:
    """What a dictionary sorts by: no voicing, no small kana; ``long``: ー as its vowel; ``bare``: without し, く, けん at the end."""
    text = re.sub("(?<=..)(?:けん|し|く|ちょう|まち|むら|そん|と|ふ)$", "", reading) if bare else reading
    text = text.translate(_PLAIN)
    return re.sub("(.)ー", lambda match: match[1] + _VOWEL.get(match[1], ""), text) if long else text.replace("ー", "")


_VOWEL = {
    kana: row[0]
    for row in ("あかさたなはまやらわ", "いきしちにひみり", "うくすつぬふむゆる", "えけせてねへめれ", "おこそとのほもよろを")
    for kana in row
}


def _code_wrong(first: str, second: str, table: Places) -> str:
    return f"「{second}」は「{first}」より前です" if table.is_later(first, second) else ""


def _latin_wrong(first: str, second: str, _: Places) -> str:
    one, other = (unicodedata.normalize("NFKD", text).casefold() for text in (first, second))
    return f"「{second}」は「{first}」より前です" if one[:1].isascii() and other[:1].isascii() and one[:1].isalpha() and one > other else ""


def _north_wrong(first: str, second: str, table: Places) -> str:
    one, other = table.latitude(first), table.latitude(second)
    return f"「{second}」は「{first}」より北です" if one and other and other - one > 0.3 else ""


def _date_wrong(first: str, second: str, _: Places) -> str:
    days = [_DAY.search(form(text)) for text in (first, second)]
    if not (days[0] and days[1]):
        return ""
    one, other = ((int(day[1] or 0), int(day[2]), int(day[3])) for day in days if day)
    if (one[0] and other[0] and one <= other) or one[1:] <= other[1:] or (not (one[0] and other[0]) and one[1] - other[1] > 5):
        return ""
    return f"{days[1][0]}は{days[0][0]}より前です"


_WRONG: Mapping[str, Callable[[str, str, Places], str]] = {
    "kana": _kana_wrong,
    "code": _code_wrong,
    "latin": _latin_wrong,
    "north": _north_wrong,
    "date": _date_wrong,
}

RULES = (
    Rule(
        code="CNT002",
        title="断り書きと並び順",
        severity=Severity.WARNING,
        reason="順の断り書きは、どの自治体も軽んじていないという約束です。後から加えた名前だけが外れがちです。",
        source="用語集の読み、全国地方公共団体コード",
        bad="参加したのは、板橋区、飯田市、京都市（五十音順）です。",
        good="参加したのは、飯田市、板橋区、京都市（五十音順）です。",
        find=claimed_orders,
    ),
)
