"""Countries and cities of the world as a Japanese text writes them, and cities put into the wrong country: text in, doubts with their places out.

A name in a longer word is none: カリ in カリフォルニア, リーズ in シリーズ, パリ in パリ協定. Nothing is said of cities that are not on the list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pipeline.checks.gazetteer import Certainty, Doubt, is_one_off, rows
from pipeline.checks.words import is_word

_STATE = re.compile("(?:連邦|民主|人民|イスラム)*(?:共和国|王国|連邦)$")
_OFFICE = re.compile("(?:市|市長|市議|市議会|市議会議員)$")
_NO_PLACE = re.compile(
    "協定|条約|議定書|宣言|合意|枠組|目標|事務所|行動|原則|憲章|会議|サミット|クラブ|作業計画|プロセス|・?モントリオール生物|・?モントリオール枠"
)
_KATAKANA = re.compile("[ァ-ヺー]{2,}")
_AT_CITY = re.compile("市(?![場民内])|(?=[）)、。」』|｜]|$)|(?:で|に(?:て|おいて))")
_TRANSCRIBED = (
    ("ヴァ", "バ"),
    ("ヴィ", "ビ"),
    ("ヴェ", "ベ"),
    ("ヴォ", "ボ"),
    ("ヴ", "ブ"),
    ("ティ", "チ"),
    ("グ", "ク"),
    ("ッ", ""),
    ("ー", ""),
    ("リア", "リヤ"),
)
_HELD = re.compile("市|で(?:の|[^。、]{0,12})(?:開催|開か|開幕|行わ|開き)")


@dataclass(frozen=True, slots=True)
class Place:
    """A city (or, without one, a country) in a text: its characters, the list's names for it, and the countries it may lie in, by ISO code."""

    start: int
    end: int
    text: str
    names: tuple[str, ...]
    countries: tuple[str, ...]
    country: bool = False


@cache
def _countries() -> dict[str, str]:
    """Name as written → ISO code."""
    return {name: cells[2] for cells in rows("places") if cells[0] == "country" for name in (cells[1], *cells[3].split("|")) if name}


@cache
def country_name(code: str) -> str:
    """フランス for FR."""
    return next(name for name, found in _countries().items() if found == code)


@cache
def _cities() -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """Name as written → (every name of the city, codes of the countries that have a city of the name)."""
    found: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    for kind, name, code, also in rows("places"):
        if kind == "city":
            names = (name, *filter(None, also.split("|")))
            for written in names:
                found[written] = (names, (*found.get(written, ((), ()))[1], code))
    return found


@cache
def known_places() -> dict[str, str]:
    """Every name on the list, with country or city."""
    return dict.fromkeys(_cities(), "city") | dict.fromkeys(_countries(), "country")


def city_at(text: str, start: int) -> Place | None:
    """The city whose name begins at ``start``."""
    for end in range(min(len(text), start + 14), start + 1, -1):
        if text[start:end] in _cities() and _ends(text, end) and not _NO_PLACE.match(text, end):
            return _city(text, start, end)
    return None


def city_before(text: str, end: int) -> Place | None:
    """The city whose name, or whose mayor, ends at ``end``."""
    office = _OFFICE.search(text, max(0, end - 6), end)
    stop = office.start() if office else end
    for start in range(max(0, stop - 14), stop - 1):
        if text[start:stop] in _cities() and _begins(text, start) and not _NO_PLACE.match(text, end):
            return _city(text, start, stop)
    return None


def country_at(text: str, start: int) -> Place | None:
    """The country whose name begins at ``start``, 共和国 included."""
    for end in range(min(len(text), start + 14), start + 1, -1):
        if text[start:end] in _countries() and _ends(text, end):
            state = re.match("(?:連邦|民主|人民|イスラム)*(?:共和国|王国|連邦)", text[end:])
            return Place(start, end + (state.end() if state else 0), text[start:end], (), (_countries()[text[start:end]],), country=True)
    return None


def country_before(text: str, end: int) -> Place | None:
    """The country whose name ends at ``end``."""
    state = _STATE.search(text, max(0, end - 8), end)
    stop = state.start() if state else end
    for start in range(max(0, stop - 14), stop - 1):
        if text[start:stop] in _countries() and _begins(text, start):
            return Place(start, end, text[start:stop], (), (_countries()[text[start:stop]],), country=True)
    return None


def place_at(text: str, start: int) -> Place | None:
    """The place that is told from ``start`` on: バクー, アゼルバイジャン・バクー, ブラジルのベレン, or a country alone; its city counts."""
    country = country_at(text, start)
    if country is None:
        return city_at(text, start)
    more = re.match("(?:の首都)?[・のは、]?(?:首都)?", text[country.end :])
    return (city_at(text, country.end + more.end()) if more else None) or country


def doubts(text: str) -> Iterator[Doubt]:
    """Every city that the text puts into a country in which the list knows none of its name."""
    for match in re.finditer("[・の（(]", text):
        place = match.start()
        if match[0] in "（(":
            city, country = city_before(text, place), country_at(text, place + 1)
            if country and text[country.end : country.end + 1] not in ("）", ")"):
                continue
        else:
            city, country = city_at(text, place + 1), country_before(text, place)
            if country and country.countries == ("JP",):
                continue
            if match[0] == "の" and city and not _HELD.match(text, city.end):
                continue
            if country and city is None and not country_at(text, place + 1):
                yield from _near_city(text, place + 1, country, named=match[0] == "・")
        if city and country and not set(country.countries) & set(city.countries):
            right = tuple(f"{country_name(code)}・{city.text}" for code in city.countries)
            why = f"{city.text}は{country.text}ではなく{'・'.join(map(country_name, city.countries))}の都市です。"
            start, end = min(city.start, country.start), max(city.end, country.end) + (match[0] in "（(")
            certainty = Certainty.LIKELY if match[0] == "の" else Certainty.CERTAIN
            yield Doubt(start=start, end=end, found=text[start:end], expected=right, kind="country", certainty=certainty, why=why)


def _near_city(text: str, start: int, country: Place, *, named: bool) -> Iterator[Doubt]:
    """アゼルバイジャン・バグー, コロンビアのカリーで: no city of the list, and one letter away from one of that country."""
    word = _KATAKANA.match(text, start)
    if word is None or word[0] in known_places() or not (_AT_CITY.match(text, word.end()) or (named and _HELD.match(text, word.end()))):
        return
    near = [name for name, kind in _of_country(country.countries[0]) if _is_near(word[0], name)]
    if len(near) == 1 and (named or not is_word(word[0])):
        why = f"「{word[0]}」は「{near[0]}」ではありませんか。"
        yield Doubt(start=start, end=word.end(), found=word[0], expected=(near[0],), kind="country", certainty=Certainty.LIKELY, why=why)


def _is_near(word: str, name: str) -> bool:
    """One letter wrong, lost or added; not what transcriptions differ in."""
    return is_one_off(word, name) and _sound(word) != _sound(name) and (word[0] == name[0] or word[1:] == name[1:])


def _sound(name: str) -> str:
    for one, other in _TRANSCRIBED:
        name = name.replace(one, other)
    return name


@cache
def _of_country(code: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, code) for name, (_, codes) in _cities().items() if code in codes and _KATAKANA.fullmatch(name))


def right_countries(country: str, city: str) -> tuple[str, ...]:
    """The countries in which the city lies, if it is on the list and the country (on the list, too) is none of them: an entry 国 and an entry 都市."""
    found, state = city_at(city, 0), country_at(country, 0)
    if not found or not state or set(state.countries) & set(found.countries):
        return ()
    return tuple(map(country_name, found.countries))


def _city(text: str, start: int, end: int) -> Place:
    names, countries = _cities()[text[start:end]]
    return Place(start, end, text[start:end], names, countries)


def _begins(text: str, start: int) -> bool:
    """Whether a name may begin here: not in the middle of a word of the same script."""
    return not start or _script(text[start - 1]) != _script(text[start]) or _script(text[start]) == "other"


def _ends(text: str, end: int) -> bool:
    """Whether a katakana name ends here, or a longer word goes on."""
    return end >= len(text) or _script(text[end - 1]) != "katakana" or _script(text[end]) != "katakana"


def _script(character: str) -> str:
    if "ァ" <= character <= "ヺ" or character in "ー=＝":
        return "katakana"
    return "kanji" if "一" <= character <= "龥" else "other"
