"""Doubts about what stands where a municipality of Japan must stand and is on no list: text in, doubts with their places out.

Such places are: right behind a prefecture, in a list of cities, in an entry that names authorities. Elsewhere an unknown name may be a quarter
or a city of another country, and nothing is said of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

from pipeline.checks.cities import known_places
from pipeline.checks.gazetteer import Certainty, Doubt, Mention, is_former, is_one_off, municipalities, named

_LETTER = "[一-龥々ヶケぁ-ゖァ-ヺー]"
_BEHIND = re.compile(rf"(?P<prefecture>北海道|東京都|(?:京都|大阪)府|(?:神奈川|和歌山|鹿児島|[一-龥]{{2}})県)(?P<rest>{_LETTER}{{3,12}})")
_COUNTY = re.compile("[一-龥々ヶケ]{1,5}?郡")
_NO_NAME = re.compile(
    "[内全各下庁立営議民域部局課室員等他とのやをはがでへにも同両産道及並又若]|都市|市町|区町|地区|職長|知事|^[外市県北南東西]$"
)
_TOKEN = re.compile(r"(?P<name>[一-龥々]{2,4}市)(?=[、・，）)|｜/／\s]|$|(?:の|が|は|と|で)(?!区))")
_OF = re.compile(r"((?:[一-龥]{2,3}[県府]|東京都|北海道))(?:の|にある|内の|内にある)$")
_CELL = re.compile(
    r"(?:[|｜]|(?<![一-龥]))[ 　]*(?P<name>[一-龥々]{2,4}[市町村])(?:[ 　]*[|｜]|[（(](?P<behind>[一-龥]{2,3}[都道府県])[）)])"
)
_OFFICE_AT = re.compile(
    r"(?<![一-龥])(?P<office>[一-龥]{1,4}[市区町])(?:役所|役場)(?:[^（）()。、]{0,8})?[（(](?:〒[\d-]+ ?)?(?:[一-龥]{2,3}[都道府県])?(?P<at>[一-龥]{1,4}?[市区町])"
)
_BEHIND_CITY = re.compile("([一-龥]{1,3})[市町](?![一-龥]|\\d)")
_UNKNOWN = re.compile("(?<![一-龥々ァ-ヺー])[一-龥々]{2,5}?[市区](?=[、・，）)】」|｜/／\\s　のはがでとにやを（(]|$|長)")
_OFTEN = "富山市 長野市 松山市 豊田市 佐渡市 所沢市 飯田市 板橋区 葛飾区 墨田区"
_COMMON = "見本 近隣 関係 構成 政令 中核 特例 指定 加盟 会員 姉妹 友好 主催 開催 参加 周辺 隣接 当該 該当 被災 全国 先進 連携"
_SPLIT = re.compile(r"[^、，,・／/\s|｜]+")
_STEMS = re.compile(
    r"(?<![一-鿿・、])(?P<prefecture>[一-龥]{2,3})・(?P<city>[一-龥]{2,4}?)(?=市(?![一-龥])|都市[一-鿿]{2}|[）)」』、。はがのでと]|$)(?!・)"
)


def unlisted(text: str, mentions: tuple[Mention, ...], *, authorities: bool, context: str) -> Iterator[Doubt]:
    """Every name that stands where a municipality must stand, and is none."""
    if authorities:
        yield from _in_entry(text)
    else:
        yield from _in_list(text, mentions)
    if "県" in text or "道" in text or "府" in text or "都" in text:
        yield from _behind_prefecture(text)
        yield from _prefecture_of(text, mentions)
    if "・" in text:
        yield from _beside_prefecture(text)
    if "|" in text or "（" in text:
        yield from _in_cells(text)
        yield from _offices(text)
    yield from _for_wards(text, mentions)
    yield from _beside_right_one(text, context)
    if text.count("区") > 1:
        yield from _wards_of_two_times(mentions)


def said_in_context(found: str, context: str) -> bool:
    """Whether the text around speaks of the same name as a city: 佐渡町 in an item on 佐渡市."""
    return len(found) >= 3 and f"{found[:-1]}市" in named() and f"{found[:-1]}市" in context


def is_cell(text: str, start: int, end: int) -> bool:
    """Whether it fills a cell of a table."""
    return text[:start].rstrip(" 　").endswith("|") and text[end:].lstrip(" 　").startswith("|")


def _behind_prefecture(text: str) -> Iterator[Doubt]:
    """岐阜県飛弾市, 鳥取県境湊市, 兵庫県神部市."""
    for match in _BEHIND.finditer(text):
        if match["prefecture"] not in named():
            continue
        county = _COUNTY.match(match["rest"])
        start = match.start("rest") + (county.end() if county else 0)
        rest = text[start : match.end()]
        sizes = [n for n in range(2, len(rest) + 1) if rest[n - 1] in "市町村区"]
        if not sizes or any(rest[:n] in named() for n in (*sizes, 2, 3)) or is_former(text, start, start + sizes[0]):
            continue
        if re.match("[一-龥]市(?![一-龥]{2}[市区町])", rest) and f"{rest[0]}区" in named():
            yield _doubt(start, rest[:2], (f"{rest[0]}区",), f"{match['prefecture']}に{rest[:2]}はありません")
        size = next((n for n in sizes if 3 <= n <= 6), 0)
        if not size or _NO_NAME.search(rest[: size - 1]) or rest[size - 1] == "区" or rest[size : size + 1] in tuple("街場民役立並家工"):
            continue
        found = rest[:size]
        near = _near(found, match["prefecture"])
        if near or found[-1] == "市":
            yield _doubt(start, found, near, f"{match['prefecture']}に{found}はありません")


def _prefecture_of(text: str, mentions: tuple[Mention, ...]) -> Iterator[Doubt]:
    """青森県の下川町, 埼玉県にある武蔵野市."""
    for mention in mentions:
        before = _OF.search(text, max(0, mention.start - 9), mention.start) if not mention.prefecture and not mention.former else None
        if before is None or before[1] not in named() or mention.text[-1] in "都道府県":
            continue
        if not any(row.prefecture == before[1] for row in mention.rows):
            right = tuple(dict.fromkeys(f"{row.prefecture}{row.name}" for row in mention.rows))[:3]
            why = f"{mention.text}は{before[1]}ではなく{'・'.join(dict.fromkeys(row.prefecture for row in mention.rows))}にあります。"
            start, end = before.start(1), mention.end
            yield Doubt(start=start, end=end, found=text[start:end], expected=right, kind="prefecture", certainty=Certainty.LIKELY, why=why)


def _in_cells(text: str) -> Iterator[Doubt]:
    """| 匝嵯市 | 千葉県 | and 匝嵯市（千葉県）: one character away from one of the prefecture."""
    for match in _CELL.finditer(text):
        found = match["name"]
        if found in named() or _is_abroad(found):
            continue
        prefecture = match["behind"] or next((cell for cell in re.findall("[^|｜ 　]+", text) if cell in _full_names()), "")
        near = _near(found, prefecture) if prefecture in named() else ()
        if near:
            yield _doubt(match.start("name"), found, near, f"{prefecture}に{found}はありません")


def _offices(text: str) -> Iterator[Doubt]:
    """墨田区役所（台東区吾妻橋）."""
    for match in _OFFICE_AT.finditer(text):
        one, other = named().get(match["office"], ()), named().get(match["at"], ())
        inside = match["at"][-1] == "区" and any(row.city == match["office"] for row in other)
        if one and other and match["office"] != match["at"] and not inside:
            why = f"{match['office']}の役所の所在地が「{match['at']}」になっています。"
            start, end = match.span("at")
            expected = (match["office"],)
            yield Doubt(start=start, end=end, found=match["at"], expected=expected, kind="ward", certainty=Certainty.LIKELY, why=why)


def _for_wards(text: str, mentions: tuple[Mention, ...]) -> Iterator[Doubt]:
    """福岡市中央町, 神戸市中央市: the ward's name with another ending, right behind its city."""
    for city in mentions:
        match = _BEHIND_CITY.match(text, city.end) if city.text[-1] == "市" else None
        ward = f"{match[1]}区" if match else ""
        if match and any(row.city == city.text and not row.until for row in named().get(ward, ())):
            yield _doubt(match.start(), match[0], (ward,), f"{city.text}に{match[0]}はありません")


def _beside_right_one(text: str, context: str) -> Iterator[Doubt]:
    """横兵市 in an item on 横浜市: unknown, and one character away from what the same item names; 幌札市 and 札幌幌市 anywhere."""
    for match in _UNKNOWN.finditer(text):
        found = match[0]
        if (
            found in named()
            or _is_abroad(found)
            or _has_abroad(text)
            or _NO_NAME.search(found[:-1])
            or is_former(text, match.start(), match.end())
        ):
            continue
        if found.endswith("都市") or found[:-1] in _COMMON.split() or (len(found) == 3 and text[match.end() : match.end() + 1] == "長"):
            continue  # 諸都市, 構成市; 松井市長 is the mayor's own name
        near = tuple(name for name in _said(context) if _is_one_off(found, name)) or _stirred(found) or _well_known(found)
        if len(near) == 1:
            yield _doubt(match.start(), found, near, f"{found}という自治体は、一覧にありません")


@cache
def _well_known(found: str) -> tuple[str, ...]:
    """A designated city or one that our readers meet in every issue, one character away: 横兵市, 板僑区."""
    if len(found) != 3:
        return ()
    large = {row.city for row in municipalities() if row.kind == "区"} | set(_OFTEN.split())
    near = tuple(name for name in sorted(large) if len(name) == 3 and _is_one_off(found, name))
    return near[:1] if len(near) <= 2 else ()


@cache
def _stirred(found: str) -> tuple[str, ...]:
    """What has the same characters in another order, or one of them twice."""
    single = tuple(name for n in range(1, len(found)) if found[n] == found[n - 1] and (name := found[:n] + found[n + 1 :]) in named())
    return single or (_by_letters().get("".join(sorted(found[:-1])) + found[-1], ()) if found[-1] == "市" else ())


@cache
def _by_letters() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in municipalities():
        if row.kind == "市" and not row.until:
            key = "".join(sorted(row.name[:-1])) + "市"
            found[key] = (*found.get(key, ()), row.name)
    return found


@lru_cache(maxsize=256)
def _said(context: str) -> frozenset[str]:
    """The municipalities that a text names anywhere."""
    return frozenset(match[0] for match in _UNKNOWN.finditer(context) if match[0] in named())


def _wards_of_two_times(mentions: tuple[Mention, ...]) -> Iterator[Doubt]:
    """中央区、浜北区、天竜区の3区: a ward that ended before another began."""
    wards = [mention for mention in mentions if mention.text[-1] == "区"]
    for one, other in pairwise(wards):
        if other.start - one.end != 1:
            continue
        both = {row.city for row in one.rows} & {row.city for row in other.rows} - {""}
        for city in both:
            pair = [next(row for row in mention.rows if row.city == city) for mention in (one, other)]
            old, new = sorted(pair, key=lambda row: row.until or "9999")
            if len(both) == 1 and old.until and new.since and old.until < new.since:
                mention = one if old is pair[0] else other
                right = old.became
                why = f"{city}の{mention.text}は{old.until}までの区で、{new.short}と並ぶことはありません（今は{'・'.join(right)}）。"
                yield Doubt(
                    start=mention.start,
                    end=mention.end,
                    found=mention.text,
                    expected=right,
                    kind="ward",
                    certainty=Certainty.LIKELY,
                    why=why,
                )


@cache
def _full_names() -> frozenset[str]:
    return frozenset(row.name for row in municipalities() if row.kind == "都道府県")


def _in_entry(text: str) -> Iterator[Doubt]:
    """神部市 in the entry 自治体."""
    for match in _SPLIT.finditer(text):
        found = re.sub("^.*?[都道府県](?=.{2,}[市区町村]$)", "", match[0])
        looks = re.fullmatch(rf"{_LETTER}{{1,6}}[市区町村県]", found) and found not in named() and not _is_abroad(found)
        if looks and (near := _near(found, "")):
            yield _doubt(match.end() - len(found), found, near, f"{found}という自治体は、一覧にありません")


def _in_list(text: str, mentions: tuple[Mention, ...]) -> Iterator[Doubt]:
    """横浜市、神部市、京都市: between two that are on the list."""
    cities = [mention for mention in mentions if mention.text[-1] in "市区都県"]
    if len(cities) < 2:
        return
    ends, starts = {mention.end for mention in cities}, {mention.start for mention in cities}
    for match in _TOKEN.finditer(text):
        before, after = match.start("name") - 1 in ends, match.end("name") + 1 in starts
        joined = text[match.start("name") - 1 : match.start("name")] in ("、", "・", "，", "/", "と")
        if match["name"] in named() or _is_abroad(match["name"]) or not joined or not (before or after):
            continue
        near = _near(match["name"], "")
        if near and ((before and after) or before) and not _has_abroad(text):
            yield _doubt(match.start("name"), match["name"], near, f"{match['name']}という自治体は、一覧にありません")


def _beside_prefecture(text: str) -> Iterator[Doubt]:
    """G7愛媛・高松都市大臣会合: the city lies in another prefecture."""
    for match in _STEMS.finditer(text):
        rows = named().get(f"{match['city']}市", ())
        if match["prefecture"] not in _prefectures() or match["city"] in _every_prefecture() or not rows:
            continue
        if not any(row.prefecture == _prefectures()[match["prefecture"]] for row in rows):
            right = tuple(dict.fromkeys(f"{row.prefecture}{row.name}" for row in rows))
            why = f"{match['city']}市は{_prefectures()[match['prefecture']]}ではなく{rows[0].prefecture}にあります。"
            yield Doubt(
                start=match.start(),
                end=match.end(),
                found=match[0],
                expected=right,
                kind="prefecture",
                certainty=Certainty.LIKELY,
                why=why,
            )


@cache
def _every_prefecture() -> dict[str, str]:
    names = (row.name for row in municipalities() if row.kind == "都道府県")
    return {name if name == "北海道" else name[:-1]: name for name in names}


@cache
def _prefectures() -> dict[str, str]:
    """愛媛県 under 愛媛; those whose name is a city's as well (大阪・神戸) may stand beside any city."""
    return {stem: name for stem, name in _every_prefecture().items() if f"{stem}市" not in named() and stem != "東京"}


@lru_cache(maxsize=1_000)
def _near(found: str, prefecture: str) -> tuple[str, ...]:
    """Municipalities (of the prefecture) one character away."""
    names = [
        row.name
        for row in municipalities()
        if row.kind not in ("区", "都道府県") and not row.until and prefecture in ("", row.prefecture) and _is_one_off(found, row.name)
    ]
    first = sorted(dict.fromkeys(names), key=lambda name: (name[-1] != found[-1], name[0] != found[0]))
    return tuple(first[:3])


def _is_one_off(found: str, name: str) -> bool:
    """One character wrong, lost or added, or all there in another order; the ending is the same."""
    if found[-1] != name[-1] or found == name:
        return False
    if len(found) == len(name):
        return sum(one != other for one, other in zip(found, name, strict=True)) == 1 or sorted(found) == sorted(name)
    return abs(len(found) - len(name)) == 1 and min(len(found), len(name)) >= 3 and is_one_off(found, name)


def _is_abroad(name: str) -> bool:
    return name[:-1] in known_places() or name in known_places() or bool(re.fullmatch("[ァ-ヺー・]+[市区町村県]", name))


def _has_abroad(text: str) -> bool:
    return bool(re.search("[ァ-ヺー]{2,}市|韓国|中国|台湾|海外|ソウル|北京|上海|東アジア", text))


def _doubt(start: int, found: str, near: tuple[str, ...], why: str) -> Doubt:
    more = f"（{'・'.join(near)}ではありませんか）。" if near else "。"
    return Doubt(
        start=start, end=start + len(found), found=found, expected=near, kind="unlisted", certainty=Certainty.LIKELY, why=why + more
    )
