"""Doubts about the municipalities of Japan that a text names: text and the day it goes out in, doubts with their places out.

Nothing is doubted that the lists do not speak of: quarters of cities, cities of other countries, mayors' own names, former names.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import chain, pairwise

from pipeline.checks.gazetteer import (
    Certainty,
    Doubt,
    Mention,
    Municipality,
    begins,
    ends,
    find_municipalities,
    is_former,
    is_one_off,
    longest,
    municipalities,
    named,
    prefecture_before,
    rows,
)
from pipeline.checks.unlisted import is_cell, said_in_context, unlisted

_SAME = """
    ケヶがガカヵ 竈釜竃 龍竜 檮梼 鰺鯵 澤沢 濱浜濵 邊辺邉 崎﨑嵜碕埼 鳥島嶋嶌烏 國国 眞真 齋斎斉齊 條条 櫻桜 瀧滝 藪薮 渕淵 檜桧 曾曽 惠恵 當当
    豐豊 壽寿 鹽塩 會会 與与 萬万 驒騨弾 彌弥 冨富 藝芸 峯峰 榮栄 靜静 關関 県縣懸 總総 舘館 莊荘庄 禮礼札 澁渋 德徳 嶽岳 淸清 穗穂 戶戸部 內内 籠篭
    濟済 靭靱 頸頚 栗粟 綱網 萩荻 未末 土士 摩磨魔麿麻 播幡旛 蒲浦 湖潮 宍穴 廿甘 牧枚 築筑 湧涌 橿樫 斑班 芝柴 州洲 潟瀉渇 栃枥杤析 幌晃 磐盤
    川河 岡丘 弘広廣 佐左 森守 長永 倉蔵藏 太大 隅墨 滋志磁 板坂阪 郡群 形型 福副 渡度 井伊
    始姶 媛姫 阜埠 奈那 練錬 裾据 冶治 苫笘 柏拍 狛泊 臼白 綾陵稜 牟年 熊態 覇羅 模摸 瑳嵯 達逹 槻搗 路地 茅芽 曇雲 諫諌 俣又 氷水 飾餝 鷹高
    郷卿 栖棲 睦陸 浪波
"""  # one character in several forms, or taken for another because it looks like it
_FOLD = str.maketrans({character: group[0] for group in _SAME.split() for character in group[1:]})
_NAME = re.compile("[都道府県市区町村]")
_OFFICE = re.compile("長(?![一-龥いく])|長選|役場|議会|職員|教育委員会")
_WARD = re.compile("(?:(?![各全両内同地校学特工保選街農漁禁管行の])[一-龥々ヶケぁ-ゖ]){1,4}区(?![域間画分割])")
_MORE = re.compile("市民|市中(?![央京区])")
_BARE = re.compile(
    r"(?:(?<=[、・，（(：:|｜【\s])|^)[一-龥々ヶケぁ-ゖ]{2,6}?(?=[、・，）)|｜】\s。と]|$)|(?<![一-龥々])[一-龥々]{2,4}市(?=長)"
)
_LISTED = re.compile(r"[、・，/／とや]$")
_HISTORY = re.compile(r"(?<!復)旧|当時|合併|編入|[市町村]制|(?:昭和|大正|明治|平成)(?:\d|[元一二三四五六七八九十]|時代|の大|期)|年代")
_KANA = re.compile("[ぁ-ゖ]{4,}")
_KANA_ONLY = re.compile("[^ぁ-ゖ]")
_ABROAD = frozenset(  # of China and Taiwan, near to names of ours
    (
        "河内市",
        "新郷市",
        "海陽市",
        "平泉市",
        "台東市",
        "高原市",
        "新竹県",
        "台東県",
        "屏東県",
        "花蓮県",
        "南投県",
        "彰化県",
        "雲林県",
        "嘉義県",
        "苗栗県",
        "宜蘭県",
    )
)


def doubts(text: str, on: date, *, context: str = "", authorities: bool = False) -> Iterator[Doubt]:
    """Every doubt about a municipality; ``on``: the day on which the text is read; ``context``: all that its readers see, if that is more.

    ``authorities``: the text names authorities and nothing else (自治体, 主催), so that a quarter's name cannot be meant.
    """
    mentions = find_municipalities(text)
    told: set[int] = set()
    found = (
        _lost_kind(text, mentions, authorities),
        _spelling(text, mentions, authorities),
        _wrong_kind(text, mentions, authorities, context),
        _prefecture(mentions, on),
        _wards(text, mentions, on),
        _no_wards(text, mentions),
        unlisted(text, mentions, authorities=authorities, context=context or text),
    )
    for doubt in chain(*found, _ended(text, mentions, on), _ambiguous(text, mentions, on, context)):
        if told.isdisjoint(range(doubt.start, doubt.end)):  # one name, one doubt: the surest
            told.update(range(doubt.start, doubt.end))
            yield doubt


@cache
def _slips() -> dict[str, str]:
    """A name as it is often miswritten → the right one."""
    return {cells[0]: cells[1] for cells in rows("slips")}


@cache
def _folded() -> dict[str, tuple[str, ...]]:
    """A name with every look-alike made equal → the names that stand that are written so."""
    found: dict[str, tuple[str, ...]] = {}
    for name, bearers in named().items():
        if any(not row.until for row in bearers):
            key = name.translate(_FOLD)
            found[key] = (*found.get(key, ()), name)
    return found


@cache
def _quarters() -> frozenset[str]:
    """What looks like a municipality with the wrong 市・町・村 but is a quarter of a city somewhere."""
    return frozenset(name for bearers in named().values() for row in bearers for name in row.elsewhere)


def _spans(text: str, mentions: tuple[Mention, ...]) -> Iterator[tuple[int, int]]:
    """Where a name might stand that the list does not have, the longest first for each end."""
    starts = [mention.start for mention in mentions]
    for match in _NAME.finditer(text):
        end = match.end()
        before = bisect_left(starts, end)
        free = mentions[before - 1].end if before else 0
        if free < end and ends(text, end):
            for start in range(max(free, end - longest()), end - 2):
                if begins(text, start):
                    yield start, end


def _spelling(text: str, mentions: tuple[Mention, ...], authorities: bool) -> Iterator[Doubt]:
    """鎌ヶ谷市, 富士見野市: not on the list, and one character away from what is."""
    last = -1
    for start, end in _spans(text, mentions):
        found = text[start:end]
        right = _right(found)
        if not right or start < last or found in named() or _left_alone(text, start, end):
            continue
        near = _near(right, prefecture_before(text, start))
        if found[-1] in "町村" and not _stands_alone(text, start) and not prefecture_before(text, start):
            continue
        if found in _quarters() and not (authorities or _is_authority(text, start, end, mentions)):
            continue
        last = end
        why = f"{found}という自治体はありません。正しくは{'・'.join(near)}です。"
        certainty = Certainty.CERTAIN if _is_listed_slip(found) or authorities or prefecture_before(text, start) else Certainty.LIKELY
        yield Doubt(start=start, end=end, found=found, expected=near, kind="spelling", certainty=certainty, why=why)


def _is_listed_slip(found: str) -> bool:
    """Whether it is no mere neighbour, which a city abroad might be."""
    return found in _slips() or found.translate(_FOLD) in _folded()


def _right(found: str) -> tuple[str, ...]:
    """What a name that is not on the list is miswritten for; () if nothing is near."""
    if found in _slips():
        return (_slips()[found],)
    return _folded().get(found.translate(_FOLD)) or (_one_off(found) if len(found) >= 4 or found.endswith("県") else ())


@cache
def _one_off(found: str) -> tuple[str, ...]:
    """名古尾市, さいま市, 千場県: one character away from the name of one city, ward or prefecture, its first character right."""
    if found[-1] not in "市区県" or found in _ABROAD or any(found[n:] in named() for n in range(1, len(found) - 1)):
        return ()
    near = [name for name in _framed().get(found[0] + found[-1], ()) if _is_slip(found, name)]
    return tuple(near) if len(near) == 1 else ()


@cache
def _framed() -> dict[str, tuple[str, ...]]:
    """First and last character of a name → the names that have them."""
    found: dict[str, tuple[str, ...]] = {}
    for name in named():
        found[name[0] + name[-1]] = (*found.get(name[0] + name[-1], ()), name)
    return found


def _is_slip(found: str, name: str) -> bool:
    """One character wrong, in kanji or in kana; or, in a long name in kana, one lost inside."""
    kana = _KANA.fullmatch(name[:-1])
    if (
        (not kana and _KANA_ONLY.sub("", found) != _KANA_ONLY.sub("", name))
        or not is_one_off(found, name)
        or not any(row.stands(date.max) for row in named()[name])
    ):
        return False
    return len(found) == len(name) or bool(kana and len(found) < len(name) and found[-2] == name[-2])


def _near(names: tuple[str, ...], prefecture: str) -> tuple[str, ...]:
    """Those in the prefecture that the text names, if any is."""
    return tuple(name for name in names if any(row.prefecture == prefecture for row in named()[name])) or names


def _left_alone(text: str, start: int, end: int) -> bool:
    """Former names, and words of which the name is only the beginning."""
    return is_former(text, start, end) or _may_be_person(text, start, end) or text[start:end] in _ABROAD or bool(_MORE.match(text, end - 1))


def _wrong_kind(text: str, mentions: tuple[Mention, ...], authorities: bool, context: str) -> Iterator[Doubt]:
    """北栄市 for 北栄町: the name is right, 市・町・村 is not."""
    for start, end in _spans(text, mentions):
        found = text[start:end]
        right = _other_kinds(found)
        if not right or found in named() or found in _slips() or _left_alone(text, start, end):
            continue
        prefecture = prefecture_before(text, start)
        here = tuple(row.name for row in right if row.prefecture == prefecture)
        told = authorities or is_cell(text, start, end) or said_in_context(found, context) or _is_authority(text, start, end, mentions)
        cue = bool(here) or (_stands_alone(text, start) and told)
        if _HISTORY.search(_sentence(text, start)) or (prefecture and not here) or not (cue or _speaks_for_itself(found, text, start)):
            continue
        names = here or tuple(row.name for row in right)
        certainty = Certainty.CERTAIN if here else Certainty.LIKELY
        why = f"{found}という自治体はありません。{'・'.join(names)}ではありませんか。"
        yield Doubt(start=start, end=end, found=found, expected=names, kind="kind", certainty=certainty, why=why)


def _lost_kind(text: str, mentions: tuple[Mention, ...], authorities: bool) -> Iterator[Doubt]:
    """府中市、廿日市 and 横浜市、川崎、相模原市: in a list of cities, one without its 市."""
    if not mentions and not authorities and "市長" not in text:
        return
    starts, ends = {mention.start for mention in mentions}, {mention.end for mention in mentions}
    for match in _BARE.finditer(text):
        right = match[0] + "市"
        if right not in named() or not any(row.stands(date.max) for row in named()[right]) or match[0] in named():
            continue
        before, after = match.start() - 1 in ends, match.end() + 1 in starts
        looks = match[0].endswith("市") and (before or after or authorities or text[match.end() : match.end() + 1] == "長")
        if looks or (before and after and match[0] + "県" not in named() and match[0] + "府" not in named()):
            why = f"「{match[0]}」は「{right}」の「市」が落ちていませんか。"
            yield Doubt(
                start=match.start(),
                end=match.end(),
                found=match[0],
                expected=(right,),
                kind="spelling",
                certainty=Certainty.LIKELY,
                why=why,
            )


def _other_kinds(name: str) -> tuple[Municipality, ...]:
    """What stands and bears this name with another 市・町・村, as a ward of Tokyo, or as a prefecture: 横浜県, 香川市, 京都県."""
    if len(name) < 3 or name in _ABROAD:
        return ()
    kinds = "市町村区" if name[-1] in "町村区" else "市町村区都道府県" if name[-1] == "市" else "市町村都道府県"
    others = (name[:-1] + kind for kind in kinds if kind != name[-1])
    return tuple(row for other in others for row in named().get(other, ()) if not row.until and row.kind != "区")


def _speaks_for_itself(name: str, text: str, start: int) -> bool:
    """Whether a name needs no cue: no quarter bears it, and it does not stand in an address."""
    free = f"{name[:-1]}市" in _designated() if name[-1] == "区" else name not in _quarters()
    return free and _stands_alone(text, start)


def _stands_alone(text: str, start: int) -> bool:
    """Whether nothing that an address is made of stands before it: not みよし町 in 秋田市川尻みよし町."""
    return not start or not re.match("[一-龥々]", text[start - 1])


def _is_authority(text: str, start: int, end: int, mentions: tuple[Mention, ...]) -> bool:
    """Whether the text treats it as an authority: 佐渡町長, 【佐渡町】, in a list beside another municipality."""
    if (_OFFICE.match(text, end) and not _may_be_person(text, start, end)) or (
        text[start - 1 : start] == "【" and text[end : end + 1] in ("】", "・", "、")
    ):
        return True
    before, after = _LISTED.search(text[:start]), _LISTED.match(text[end : end + 1])
    return bool(before and any(m.end == start - 1 for m in mentions)) or bool(after and any(m.start == end + 1 for m in mentions))


def _may_be_person(text: str, start: int, end: int) -> bool:
    """清水市長, 佐野町長: more often the mayor's own name than a city's."""
    return end - start <= 3 and text[end : end + 1] == "長" and not prefecture_before(text, start)


def _sentence(text: str, place: int) -> str:
    """The sentence around a place."""
    begin = max(text.rfind("。", 0, place), text.rfind("\n", 0, place)) + 1
    stop = min((n for n in (text.find("。", place), text.find("\n", place)) if n >= 0), default=len(text))
    return text[begin:stop]


def _prefecture(mentions: tuple[Mention, ...], on: date) -> Iterator[Doubt]:
    """鳥取県松江市: the name is on the list, but in another prefecture."""
    for mention in mentions:
        if not mention.prefecture or mention.former or any(row.prefecture == mention.prefecture for row in mention.rows):
            continue
        right = tuple(dict.fromkeys(f"{row.prefecture}{row.name}" for row in mention.rows if row.stands(on) and row.kind != "都道府県"))
        if right:
            there = "・".join(dict.fromkeys(row.prefecture for row in mention.rows))
            why = f"{mention.text}は{mention.prefecture}ではなく{there}にあります。"
            yield _doubt(mention, right[:3], kind="prefecture", certainty=Certainty.CERTAIN, why=why)


def _wards(text: str, mentions: tuple[Mention, ...], on: date) -> Iterator[Doubt]:
    """川崎市都筑区: a ward of another city; 浜松市中区: a ward that is no more."""
    for city, ward in pairwise(mentions):
        if city.end != ward.start or ward.text[-1] != "区" or not _is_designated(city.text):
            continue
        own = tuple(row for row in ward.rows if row.city == city.text)
        found = city.text + ward.text
        if not own:
            right = tuple(row.name for row in ward.rows if row.stands(on))
            why = f"{city.text}に{ward.text}はありません（{'・'.join(right[:3])}）。"
            yield _doubt(ward, right[:3], kind="ward", certainty=Certainty.CERTAIN, why=why)
        elif not own[0].stands(on) and not (city.former or ward.former or _HISTORY.search(_sentence(text, ward.start))):
            why = f"{found}は{_day(own[0].until)}までの区です。今は{'・'.join(own[0].became)}です。"
            yield Doubt(
                start=city.start, end=ward.end, found=found, expected=own[0].became, kind="ended", certainty=Certainty.CERTAIN, why=why
            )


def _no_wards(text: str, mentions: tuple[Mention, ...]) -> Iterator[Doubt]:
    """横浜市緑丘区: no ward of the city, and none of another."""
    for city in mentions:
        match = _WARD.match(text, city.end) if _is_designated(city.text) else None
        if match and match[0] not in named():
            near = tuple(row.short for row in municipalities() if row.city == city.text and is_one_off(match[0], row.short))
            why = f"{city.text}に{match[0]}はありません{f'（{near[0]}ではありませんか）' if near else ''}。"
            yield Doubt(
                start=match.start(), end=match.end(), found=match[0], expected=near, kind="ward", certainty=Certainty.LIKELY, why=why
            )


def _is_designated(city: str) -> bool:
    return city in _designated()


@cache
def _designated() -> frozenset[str]:
    return frozenset(row.city for bearers in named().values() for row in bearers if row.kind == "区")


def _ended(text: str, mentions: tuple[Mention, ...], on: date) -> Iterator[Doubt]:
    """富谷町 in 2025: every municipality of the name, or that of the prefecture named, has ended."""
    for mention in mentions:
        here = tuple(row for row in mention.rows if not mention.prefecture or row.prefecture == mention.prefecture)
        close = any(other.end == mention.start and other.text in _designated() for other in mentions)
        if (
            not here
            or close
            or mention.former
            or _may_be_person(text, mention.start, mention.end)
            or any(row.stands(on) for row in here)
            or _HISTORY.search(_sentence(text, mention.start))
        ):
            continue
        if mention.text in _quarters() and not mention.prefecture and not _OFFICE.match(text, mention.end):
            continue
        right = tuple(dict.fromkeys(name for row in here for name in row.became))
        why = f"{mention.text}は{_day(here[-1].until)}までの名称です。今は{'・'.join(right)}です。"
        yield _doubt(mention, right, kind="ended", certainty=Certainty.LIKELY, why=why)


def _ambiguous(text: str, mentions: tuple[Mention, ...], on: date, context: str) -> Iterator[Doubt]:
    """府中市: several bear the name, and nothing in the text says which."""
    told: set[str] = set()
    alone = {rows[0].prefecture for rows in (mention.rows for mention in mentions) if len(rows) == 1}
    for mention in mentions:
        standing = tuple(row for row in mention.rows if row.stands(on))
        if len(standing) < 2 or mention.text in told or mention.prefecture or mention.former or _is_piece(text, mention):
            continue
        named_here = (row for row in mention.rows if row.stands(on) or row.city)
        if any(row.prefecture in alone or _names_place(context or text, row) for row in named_here):
            continue
        told.add(mention.text)
        right = tuple(f"{row.prefecture if row.kind != '区' else ''}{row.name}" for row in standing)
        certainty = Certainty.POSSIBLE if mention.text[-1] in "町村" else Certainty.LIKELY
        why = f"{mention.text}という名の自治体は{len(right)}あります（{'・'.join(right[:4])}{'ほか' if len(right) > 4 else ''}）。"
        yield _doubt(mention, right, kind="ambiguous", certainty=certainty, why=why)


def _is_piece(text: str, mention: Mention) -> bool:
    """Whether it belongs to what stands around it: ソウル特別市中区, 港区虎ノ門, の森町, or the mayor's own name."""
    before, after = text[mention.start - 1 : mention.start], text[mention.end : mention.end + 1]
    if (before in ("市", "町", "村") and mention.start) or _may_be_person(text, mention.start, mention.end):
        return True
    return bool(re.match("[一-龥](?<![役内民長立])", after)) or (len(mention.text) == 2 and mention.text[1] in "町村" and before == "の")


def _names_place(text: str, row: Municipality) -> bool:
    """Whether the text names the prefecture or the city in which it lies, in any form."""
    stem = row.prefecture if row.prefecture == "北海道" else row.prefecture[:-1]
    return stem in text or (bool(row.city) and row.city[:-1] in text)


def _doubt(mention: Mention, expected: tuple[str, ...], *, kind: str, certainty: Certainty, why: str) -> Doubt:
    return Doubt(start=mention.start, end=mention.end, found=mention.text, expected=expected, kind=kind, certainty=certainty, why=why)


def _day(iso: str) -> str:
    """2023年12月31日 for 2023-12-31."""
    day = date.fromisoformat(iso)
    return f"{day.year}年{day.month}月{day.day}日"
