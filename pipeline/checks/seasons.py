"""Greetings of a season and the months that they are for: text in, each greeting with its months out. Generous: a month more at either side."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ENDING = r"の(?:候|みぎり|折|季節|頃|時節|時候)"
_SEASONS: tuple[tuple[str, tuple[int, ...]], ...] = (
    (
        rf"(?:新春|初春|迎春|頌春|新年|初春){_ENDING}|新年(?:、)?(?:明けまして|あけまして)?おめでとう|(?:明け|あけ)ましておめでとう|謹賀新年|新春のお慶び|新年のご挨拶",
        (1,),
    ),
    (
        rf"(?:厳寒|極寒|大寒|酷寒|寒冷|小寒|寒風|厳冬){_ENDING}|寒中お?見舞い|寒中お伺い|寒さ(?:が|の)?(?:ひときわ|一段と)?(?:厳しい|厳しさ)",
        (12, 1, 2),
    ),
    (rf"(?:立春|余寒|残寒|晩冬|梅花|向春|春寒|早春|浅春){_ENDING}|余寒お?見舞い|春の足音|立春を過ぎ|暦の上では春", (1, 2, 3)),
    (rf"(?:早春|春暖|春分|浅春|軽暖|弥生){_ENDING}|春一番が?吹|年度末の?(?:ご多忙|お忙しい|慌ただし)", (2, 3, 4)),
    (rf"(?:陽春|桜花|春爛漫|春粧|晩春|春日|清和){_ENDING}|桜(?:の花)?が?(?:満開|咲き誇|ほころ)|桜の便り|春たけなわ|花冷え", (3, 4, 5)),
    (r"新年度が?(?:始まりました|始まり、|を迎え|スタートしました)|新年度を?迎え(?:まし|、)|新年度のご挨拶", (4, 5)),
    (
        rf"(?:新緑|若葉|青葉|薫風|立夏|惜春|軽夏|初夏|向暑){_ENDING}|風薫る|新緑が?(?:まぶしい|美しい|目にしみる|鮮やか)|五月晴れ|若葉の(?:季節|緑)",
        (4, 5, 6),
    ),
    (rf"(?:入梅|梅雨|長雨|向暑|薄暑|麦秋|青葉|初夏){_ENDING}|梅雨(?:入り|空|寒)|紫陽花|あじさい|うっとうしい雨", (5, 6, 7)),
    (
        rf"(?:盛夏|猛暑|酷暑|大暑|炎暑|仲夏|小暑|炎熱){_ENDING}|暑中お?見舞い|暑中お伺い|梅雨(?:が)?明け|夏本番|真夏日が?続|猛暑(?:日)?が?続",
        (6, 7, 8, 9),
    ),
    (rf"(?:残暑|晩夏|立秋|残夏|処暑|秋暑){_ENDING}|残暑お?見舞い|残暑(?:が|の)?(?:なお|まだ)?(?:厳し|続)|夏の疲れ|暦の上では秋", (8, 9)),
    (
        rf"(?:初秋|新秋|秋涼|白露|秋分|新涼|爽秋|清涼|孟秋|涼風){_ENDING}|秋の気配|朝夕は?(?:ようやく|めっきり)?(?:涼し|過ごしやす)",
        (8, 9, 10),
    ),
    (
        rf"(?:秋冷|秋晴|仲秋|清秋|紅葉|錦秋|寒露|秋麗|爽秋|菊花|秋晴れ|秋雨){_ENDING}|秋晴れ|秋たけなわ|実りの秋|食欲の秋|読書の秋|天高く馬|行楽の?(?:秋|シーズン)",
        (9, 10, 11),
    ),
    (
        rf"(?:晩秋|立冬|向寒|霜秋|深秋|暮秋|初霜|落葉|霜降|向冬){_ENDING}|木枯らし|紅葉が?(?:見頃|美しい|色づ)|秋も?深ま|小春日和|朝晩は?(?:めっきり)?冷え込",
        (10, 11, 12),
    ),
    (
        rf"(?:師走|初冬|寒冷|歳末|年末|歳晩|月迫|霜寒|寒気|冬至){_ENDING}|師走|年の瀬|歳末|(?:良い|よい|よき|佳き)お?年を|年内最後|(?:本年|今年)も残す?(?:ところ|り)(?:わずか|あと)|今年最後の(?:号|お届け|配信)|本年最後の",
        (11, 12),
    ),
    (r"春の(?:気配|訪れ|足音|兆し|息吹)|春を待つ|春が待ち遠し|春めい", (1, 2, 3, 4)),
    (r"桜の(?:開花|便り|つぼみ|蕾|花が|季節)|桜前線|お花見", (2, 3, 4, 5)),
    (r"夏の(?:気配|訪れ|到来|日差し)|夏が待ち遠し", (5, 6, 7, 8)),
    (r"秋の(?:気配|訪れ|深まり|夜長)|秋めい|秋が待ち遠し", (8, 9, 10, 11)),
    (r"冬の(?:気配|訪れ|到来|足音)|初雪|冬支度|底冷え", (10, 11, 12, 1)),
    (
        r"(?:今年|本年|20\d\d年)(?:の)?最初の(?:号|お届け|配信)|新年最初の|年頭に当たり|年頭にあたり|松の内|本年もどうぞよろしく|今年もどうぞよろしく",
        (1,),
    ),
)
_PATTERNS = tuple((re.compile(words), months) for words, months in _SEASONS)
_QUICK = re.compile(
    "候|みぎり|折|季|頃|時節|年|春|夏|秋|冬|暑|寒|梅|桜|風薫|緑|葉|紫陽花|あじさい|雨|師走|歳|木枯|天高|行楽|松の内|朝|五月晴|花冷"
)


def greetings(text: str) -> Iterator[tuple[re.Match[str], tuple[int, ...]]]:
    """(greeting, its months); one that several entries know has the months of all of them."""
    if not _QUICK.search(text):
        return
    found: dict[tuple[int, int], tuple[re.Match[str], tuple[int, ...]]] = {}
    for pattern, months in _PATTERNS:
        for match in pattern.finditer(text):
            known = found.get(match.span())
            found[match.span()] = (match, (*known[1], *months) if known else months)
    for span, (match, months) in found.items():
        if not any(other != span and other[0] <= span[0] and span[1] <= other[1] for other in found):
            yield match, tuple(dict.fromkeys(months))
