"""Names that the item itself or general knowledge denies: COP28 in アブダビ, 担当課 of another city than 自治体, ガーナ among the countries of the Amazon.

Passages in, hits out, for the rules about names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.cities import city_at, known_places
from pipeline.checks.conferences import find_conferences, sittings
from pipeline.checks.gazetteer import named
from pipeline.checks.layout import sentences
from pipeline.checks.rule import Hit, Sheet
from pipeline.model import Severity

_AT = re.compile(r"(?<=[の・、])(?=[ァ-ヺ])")
_HELD = re.compile(r"(?:市)?(?:で|に(?:て|おいて))(?:の|、)?(?:[^。、]{0,8})(?:開か|開催|開幕|行わ|閉幕)")


def other_cities(sheet: Sheet) -> Iterator[Hit]:
    """COP28が、…アラブ首長国連邦のアブダビで開かれます: the country is right, the city is another."""
    for passage in sheet.prose:
        text = passage.text
        for start, end in sentences(text) if "COP" in text or "締約国会議" in text else ():
            numbers = {cop.number for cop in find_conferences(text[start:end])}
            known = [s for s in sittings() if s.number in numbers and s.city]
            if len(numbers) != 1 or not known or min(numbers) < 21:
                continue
            for match in _AT.finditer(text, start, end):
                place = city_at(text, match.start())
                if place and not place.country and _HELD.match(text, place.end) and not any(s.city in place.names for s in known):
                    home = next((s for s in known if s.country in place.countries), None)
                    if home:
                        message = f"COP{home.number}の開催地は{home.city}です（本文は{place.text}）。"
                        yield passage.hit((place.start, place.end), message, f"「{home.city}」ではないかを確かめてください。")


def departments(sheet: Sheet) -> Iterator[Hit]:
    """自治体: 武蔵野市 and 担当課: 武蔵村山市 環境部."""
    for passage in sheet.passages:
        article = passage.article
        if passage.key != "department" or article is None or not article.municipalities:
            continue
        town = next(
            (passage.raw[:n] for n in range(8, 1, -1) if passage.raw[:n] in named() and passage.raw[n - 1] in "市区町村県都道府"), ""
        )
        if town and not any(town in name or name in passage.raw for name in article.municipalities):
            message = f"担当課は「{town}」ですが、自治体は「{'・'.join(article.municipalities)}」です。"
            yield passage.hit((0, len(town)), message, "どちらが正しいかを確かめてください。", severity=Severity.WARNING)


_MEMBERS = {
    "アマゾン協力条約": "ブラジル ボリビア コロンビア エクアドル ガイアナ ペルー スリナム ベネズエラ",
    "東南アジア諸国連合|ASEAN": "インドネシア カンボジア シンガポール タイ フィリピン ブルネイ ベトナム マレーシア ミャンマー ラオス 東ティモール 日本 中国 韓国",
    "G7": "日本 アメリカ 米国 カナダ イギリス 英国 フランス 仏 ドイツ イタリア",
    "北欧(?:の)?5": "デンマーク フィンランド アイスランド ノルウェー スウェーデン",
    "バルト三国|バルト3": "エストニア ラトビア リトアニア",
    "ベネルクス": "ベルギー オランダ ルクセンブルク",
    "中米統合機構|SICA": "グアテマラ エルサルバドル ホンジュラス ニカラグア コスタリカ パナマ ベリーズ ドミニカ共和国",
}
_MEMBER_LIST = re.compile(r"[0-9０-９一二三四五六七八九十]{1,2}(?:か国|カ国|ヶ国|国)は、(?P<names>[^。]{6,140}?)(?:です|でした|である)")


def members(sheet: Sheet) -> Iterator[Hit]:
    """アマゾン協力条約機構に加わる8か国は、…ガーナ…: no country of that body."""
    for passage in sheet.prose:
        for match in _MEMBER_LIST.finditer(passage.text) if "国は、" in passage.text else ():
            before = passage.text[: match.start()]
            own = [names.split() for body, names in _MEMBERS.items() if re.search(body, before)]
            for name in re.split("、|と|・|及び", match["names"]) if len(own) == 1 else ():
                if known_places().get(name) == "country" and name not in own[0]:
                    at = match.start("names") + match["names"].index(name)
                    yield passage.hit((at, at + len(name)), f"「{name}」は、そこに加わる国ではありません。", "国名を確かめてください。")
