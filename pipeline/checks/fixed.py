"""Rules about fixed names: treaties, targets, programmes, our own name, and countries, one slip away from what they are called.

A long name with one character lost, added, wrong or exchanged with its neighbour, whole; never a form that is a name itself. Where a short
name has a neighbour that is a word, only the slips of the list count. It must never judge a name that nobody has written down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.checks.cities import known_places
from pipeline.checks.gazetteer import is_one_off, rows
from pipeline.checks.names import body_doubts
from pipeline.checks.passages import Passage
from pipeline.checks.repeated import once
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.checks.words import is_word
from pipeline.model import Severity, Term

_HEAD = 3  # characters by which a name is found, at its beginning or its end
_SHORTEST, _LONG_ENOUGH, _LONG = 5, 8, 10
_KATAKANA = re.compile("[ァ-ヺー]+")
_KANJI = re.compile("[一-鿿々]")
_LATIN = re.compile("[A-Za-z]")
_WORD = re.compile("[一-鿿々ァ-ヺーA-Za-z]")
_SMALL = re.compile(r"[\s　・･·‐‑–—－\-のとや及びみ＆&、]|[0-9０-９一二三四五六七八九十]")  # what pens differ in, and what is counted
_CONTRAST = tuple(
    map(
        frozenset,
        [
            "東西",
            "南北",
            "東南",
            "西南",
            "西北",
            "東北",
            "上下",
            "前後",
            "大小",
            "新旧",
            "国県",
            "市県",
            "市町",
            "市区",
            "市府",
            "県府",
            "町村",
            "日米",
            "内外",
            "午夜",
            "春秋",
            "夏冬",
            "春夏",
            "秋冬",
        ],
    )
)
_VARIANTS = (("イニシアティブ", "イニシアチブ"), ("イニシアティブ", "イニシアティヴ"))
_OURS = re.compile("持続可能[^、。「」（）\\s]{1,16}自治体(?:協議会|協議体|会議|連合|協会|評議会|機構)(?![一-鿿])")
_PAIR = re.compile("([一-鿿々ァ-ヺー]{2,6})と([一-鿿々ァ-ヺー]{2,6})(?=を|に|の)")


@dataclass(frozen=True, slots=True)
class Near:
    """Characters ``start`` to ``end`` of a text, and the name that is meant there."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """Long names by their first and by their last characters; slips that are known as such; everything that is a name.

    ``pieces``: the first three characters of all of these and the last three of the names.
    """

    pieces: frozenset[str]
    heads: dict[str, tuple[str, ...]]
    tails: dict[str, tuple[str, ...]]
    slips: dict[str, tuple[tuple[str, str], ...]]
    known: frozenset[str]


@lru_cache(maxsize=4)
def names_of(glossary: tuple[Term, ...]) -> Names:
    """The list's names, and the long ones of the glossary and of the organisations."""
    fixed = tuple(cells[0] for cells in rows("fixed"))
    terms = tuple(form for term in glossary for form in map(_bare, term.ja))
    bodies = tuple(name for cells in rows("organisations") for name in (cells[1], *cells[3].split("|")) if name)
    shown = [name for name in (*terms, *bodies) if len(name) >= _LONG and not name.isascii()]
    long = dict.fromkeys(name for name in (*fixed, *shown) if len(name) >= _SHORTEST)
    heads: dict[str, tuple[str, ...]] = {}
    tails: dict[str, tuple[str, ...]] = {}
    for name in long:
        heads[name[:_HEAD]] = (*heads.get(name[:_HEAD], ()), name)
        tails[name[-_HEAD:]] = (*tails.get(name[-_HEAD:], ()), name)
    slips: dict[str, tuple[tuple[str, str], ...]] = {}
    for wrong, right in (*_listed_slips(), *(pair for name in long for pair in _slips_of(name))):
        slips[wrong[:_HEAD]] = (*slips.get(wrong[:_HEAD], ()), (wrong, right))
    return Names(
        pieces=frozenset((*heads, *tails, *slips)), heads=heads, tails=tails, slips=slips, known=frozenset((*fixed, *terms, *bodies))
    )


def _bare(form: str) -> str:
    return re.sub("[（(].*?[）)]", "", form).strip()


def _listed_slips() -> Iterator[tuple[str, str]]:
    for name, wrong in rows("fixed"):
        for slip in filter(None, wrong.split("|")):
            yield slip, name


def _slips_of(name: str) -> Iterator[tuple[str, str]]:
    """地域と都市 for 都市と地域, イニシアチブ for イニシアティブ."""
    for match in _PAIR.finditer(name):
        yield name[: match.start()] + f"{match[2]}と{match[1]}" + name[match.end() :], name
    for right, wrong in _VARIANTS:
        if right in name:
            yield name.replace(right, wrong), name


@lru_cache(maxsize=4_000)
def near_names(text: str, names: Names) -> tuple[Near, ...]:
    """Every place in the text where a name is nearly right."""
    found: list[Near] = []
    for at in range(len(text) - _HEAD + 1):
        piece = text[at : at + _HEAD]
        if piece in names.pieces:
            near = (
                _slip(text, at, names.slips.get(piece, ()))
                or _from_head(text, at, names, piece)
                or _from_tail(text, at + _HEAD, names, piece)
            )
            if near and (not found or near.start >= found[-1].end):
                found.append(near)
    return tuple(found)


def _slip(text: str, at: int, slips: tuple[tuple[str, str], ...]) -> Near | None:
    for wrong, right in slips:
        if text.startswith(wrong, at) and _is_free(text, at, at + len(wrong)):
            return Near(at, at + len(wrong), right)
    return None


def _from_head(text: str, at: int, names: Names, piece: str) -> Near | None:
    for name in names.heads.get(piece, ()):
        for size in _sizes_with_slip(text, at, name):
            if _is_near(text, at, at + size, name, names):
                return Near(at, at + size, name)
    return None


def _sizes_with_slip(text: str, at: int, name: str) -> Iterator[int]:
    """How long the name may be here with its one slip; nothing if it is right or has more than one."""
    same = next((n for n, letter in enumerate(name) if text[at + n : at + n + 1] != letter), len(name))
    if same == len(name):
        return
    rest, place = name[same:], at + same
    if text.startswith(rest[1:], place + 1) or (rest[1:2] and text.startswith(rest[1] + rest[0] + rest[2:], place)):
        yield len(name)
    if text.startswith(rest, place + 1):
        yield len(name) + 1
    if text.startswith(rest[1:], place):
        yield len(name) - 1


def _from_tail(text: str, end: int, names: Names, piece: str) -> Near | None:
    for name in names.tails.get(piece, ()):
        if text.endswith(name[_HEAD:], 0, end) and not text.endswith(name, 0, end):
            for size in (len(name), len(name) - 1, len(name) + 1):
                if end >= size and _is_near(text, end - size, end, name, names):
                    return Near(end - size, end, name)
    return None


def _is_near(text: str, start: int, end: int, name: str, names: Names) -> bool:
    """Whether these characters are the name with one slip in it, and no other name."""
    found = text[start:end]
    if len(found) != end - start or found in names.known or not (is_one_off(found, name) or _is_swap(found, name)):
        return False
    if not _is_of_letters(found, name):
        return False
    around = text[max(0, start - 1) : end + 1]
    if any(other in around for other in names.known if other != name and len(other) >= len(found) - 1):
        return False
    if _SMALL.sub("", found) == _SMALL.sub("", name) or _is_contrast(found, name):
        return False
    if _KATAKANA.fullmatch(found) and is_word(found):
        return False  # グリーンランド beside グリーンボンド
    return _has_its_ends(found, name) or (_is_edge(found, name) and _is_free(text, start, end))


def differ_by_a_slip(one: str, other: str) -> bool:
    """Whether two names are one by their looks: a letter lost, wrong or exchanged, and not a number or a word that is meant to differ."""
    if abs(len(one) - len(other)) > 1 or not (is_one_off(one, other) or _is_swap(one, other)):
        return False
    return (
        _SMALL.sub("", one) != _SMALL.sub("", other)
        and not _is_contrast(one, other)
        and _is_of_letters(one, other)
        and _is_of_letters(other, one)
    )


def _is_of_letters(found: str, name: str) -> bool:
    """Whether what is new in it is a letter that such a name can have: no mark, and no kana where a kanji was."""
    new, gone = set(found) - set(name), set(name) - set(found)
    return all(
        _WORD.fullmatch(letter) or (gone and all("ぁ" <= other <= "ん" for other in gone) and "ぁ" <= letter <= "ん") for letter in new
    )


def _has_its_ends(found: str, name: str) -> bool:
    """Whether the slip is inside, so that nothing longer can begin or end there."""
    return (found[:2] == name[:2] and found[-2:] == name[-2:]) or (len(name) >= 7 and found[0] == name[0] and found[-1] == name[-1])


def _is_edge(found: str, name: str) -> bool:
    """A slip in the first or last character counts in long names, and in katakana, whose words end where the script does."""
    if len(found) != len(name):
        return name == f"{found}ー"
    at = 0 if found[0] != name[0] else -1
    return len(name) >= _LONG_ENOUGH or (
        len(name) >= (7 if _KATAKANA.fullmatch(name) else 6) and bool(_KATAKANA.fullmatch(found[at] + name[at]))
    )


def _is_swap(found: str, name: str) -> bool:
    """Whether two neighbours are exchanged."""
    if len(found) != len(name):
        return False
    places = [n for n, (one, other) in enumerate(zip(found, name, strict=True)) if one != other]
    return len(places) == 2 and places[1] == places[0] + 1 and found[places[0]] == name[places[1]] and found[places[1]] == name[places[0]]


def _is_contrast(found: str, name: str) -> bool:
    if len(found) != len(name):
        return False
    return any(frozenset((one, other)) in _CONTRAST for one, other in zip(found, name, strict=True) if one != other)


def _is_free(text: str, start: int, end: int) -> bool:
    """Whether no longer word of the same script goes on before or behind."""
    return not (_same(text[start - 1 : start] if start else "", text[start]) or _same(text[end : end + 1], text[end - 1]))


def _same(one: str, other: str) -> bool:
    return bool(one) and any(kind.fullmatch(one) and kind.fullmatch(other) for kind in (_KATAKANA, _KANJI, _LATIN))


def bodies_of(sheet: Sheet) -> tuple[Term, ...]:
    """The glossary's organisations and programmes."""
    return tuple(term for term in sheet.glossary if term.kind in ("organisation", "programme"))


def fixed(sheet: Sheet) -> Iterator[Hit]:
    """生物多様生条約, 持続可能な地域と都市をめざす自治体協議会, アゼルバイシャン."""
    yield from once(_fixed(sheet))


def _fixed(sheet: Sheet) -> Iterator[Hit]:
    names = names_of(bodies_of(sheet))
    for passage in sheet.prose:
        for near in near_names(passage.text, names):
            found = passage.text[near.start : near.end]
            if any(doubt.start < near.end and near.start < doubt.end for doubt in body_doubts(passage.text)):
                continue  # NAME007 says so
            message = f"「{found}」は「{near.name}」ではありませんか。"
            yield passage.hit((near.start, near.end), message, f"正しい名称（{near.name}）かどうかを確かめてください。")
        yield from _places(passage)
        yield from _ours(passage, names)


def _ours(passage: Passage, names: Names) -> Iterator[Hit]:
    """持続可能な都市と地域を考える自治体協議会: our own name, however it is wrong."""
    for match in _OURS.finditer(passage.text):
        if match[0] not in names.known and not near_names(match[0], names):
            message = f"「{match[0]}」は、イクレイの正式名称と違います。"
            yield passage.hit(match.span(), message, "「持続可能な都市と地域をめざす自治体協議会」ではないかを確かめてください。")


def _places(passage: Passage) -> Iterator[Hit]:
    """A word in katakana that is no word and one slip away from a country, or from a city that is called one: トゥルグ市."""
    for match in _KATAKANA.finditer(passage.text):
        right = _place_meant(match[0])
        if right and _is_place(passage.text, match, right):
            message = f"「{match[0]}」は「{right[0]}」ではありませんか。"
            yield passage.hit(match.span(), message, "国や都市の名前を確かめてください。")


@lru_cache(maxsize=4_000)
def _place_meant(word: str) -> tuple[str, str] | None:
    """(フィンランド, country) for フィランド; ``None`` for a word, a name of the list, or what is near to none."""
    if len(word) < 4 or word in known_places() or word.endswith(("ブルグ", "ベルグ")):
        return None
    near = {
        (name, kind)
        for name, kind in (*_by_edge().get(word[0], ()), *_by_edge().get(word[-2:], ()))
        if abs(len(name) - len(word)) <= 1
        and (is_one_off(word, name) or _is_swap(word, name))
        and (kind == "country" or _fold(word) != _fold(name))
    }
    return near.pop() if len(near) == 1 and not is_word(word) else None


@cache
def _by_edge() -> dict[str, tuple[tuple[str, str], ...]]:
    """Names in katakana under their first letter and under their last two."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for name, kind in known_places().items():
        if len(name) >= 4 and _KATAKANA.fullmatch(name):
            for edge in (name[0], name[-2:]):
                found[edge] = (*found.get(edge, ()), (name, kind))
    return found


def _fold(name: str) -> str:
    """A foreign name without what transcriptions differ in."""
    for one, other in (
        ("ヴァ", "バ"),
        ("ヴィ", "ビ"),
        ("ヴェ", "ベ"),
        ("ヴォ", "ボ"),
        ("ヴ", "ブ"),
        ("ティ", "チ"),
        ("ッ", ""),
        ("ー", ""),
    ):
        name = name.replace(one, other)
    return name


def _is_place(text: str, match: re.Match[str], right: tuple[str, str]) -> bool:
    """Whether it is meant as a place: a country anywhere, a city before 市 or behind its country."""
    if right[1] == "country":
        return len(right[0]) >= 5 or bool(re.match("政府|共和国|の首都|・[ァ-ヺ]", text[match.end() :]))
    return bool(re.match("市(?!長)", text[match.end() :])) or (
        text[max(0, match.start() - 1) : match.start()] in ("・", "の") and _behind_country(text, match.start() - 1)
    )


def _behind_country(text: str, end: int) -> bool:
    return any(known_places().get(text[start:end]) == "country" for start in range(max(0, end - 12), end - 1))


RULES = (
    Rule(
        code="NAME010",
        title="条約・計画などの名称",
        severity=Severity.WARNING,
        reason="条約や枠組、自分たちの名称、国名の一字違いは、読み慣れているほど見逃します。",
        source="各条約・団体の正式名称（checks/data/fixed.csv、organisations.csv）、用語集、国名の一覧（places.csv）",
        bad="生物多様生条約の会議が開かれました。",
        good="昆明・モントリオール生物多様性枠組、生物多様性地域戦略、国連気候変動枠組み条約、フライブルグ市の事例を紹介します。",
        find=fixed,
    ),
)
