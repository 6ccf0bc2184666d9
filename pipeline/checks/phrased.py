"""Totals that one phrase states with all it takes to count them: 川崎町、大師町、御幸村の2町1村, 「…」「…」の2つの問い, このうちAとBの11か所, 2024年は366日.

Passages in, hits out, for the rule about sums.
"""

from __future__ import annotations

import re
from calendar import isleap
from collections import Counter
from collections.abc import Callable, Iterator

from pipeline.checks.numerals import KANJI, RUN, UNIT, counts, form, shown, unit_of, value_of
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit

_HINT = "数え直し、どの数が正しいか、もとの資料で確かめてください。"
Found = tuple[tuple[int, int], str]  # where, and why it is wrong


def tolds(passage: Passage, text: str, around: list[Passage]) -> Iterator[Hit]:
    """Every such phrase of a passage; ``around``: all of its item."""
    for worth, read in _READERS:
        for span, why in read(text) if worth in text else ():
            yield passage.hit(span, f"「{passage.raw[slice(*span)]}」：{why}。", _HINT)
    if "うち" in text:
        for span, why in _thereof(text, around):
            yield passage.hit(span, f"「{passage.raw[slice(*span)]}」：{why}。", _HINT)
    if "計" in text or "合わせて" in text:
        for span, why in _per_piece(text, around):
            yield passage.hit(span, f"「{passage.raw[slice(*span)]}」：{why}。", _HINT)
    if "の" in text and "全" in text:
        for span, why in _all(text, around):
            yield passage.hit(span, f"「{passage.raw[slice(*span)]}」：{why}。", _HINT)


_SUFFIXED = re.compile(
    r"(?P<names>(?:[一-龠ァ-ヶーぁ-ん々]{1,7}?[市町村区県](?:（[^（）]{1,12}）|[(][^()]{1,12}[)])?(?:、|と|・|及び|および)){1,8}[一-龠ァ-ヶーぁ-ん々]{1,7}?[市町村区県])"
    r"の(?P<numbers>(?:[1-9]\d?[市町村区県]){2,4})(?![役一-龠])"
)


def _suffixes(text: str) -> Iterator[Found]:
    """川崎町、大師町、御幸村の2町1村."""
    for match in _SUFFIXED.finditer(text):
        listed = Counter(re.findall(r"([市町村区県])(?=[、と・及お(（]|$)", re.sub(r"[(（][^()（）]*[)）]", "", match["names"])))
        told = {unit: int(number) for number, unit in re.findall(r"(\d+)([市町村区県])", match["numbers"])}
        before = text[text.rfind("。", 0, match.start()) + 1 : match.start("numbers")]
        if dict(Counter(re.findall("([市町村区県])(?=[、とや・及お(のがはに])", before))) == told:
            continue  # 大船渡市と、隣り合う陸前高田市、住田町
        if told != dict(listed) and set(told) == set(listed):
            yield match.span("numbers"), "挙げられているのは" + "".join(f"{n}{unit}" for unit, n in listed.items()) + "です"


_QUOTES = re.compile(
    rf"(?P<all>(?:「[^「」]{{1,60}}」(?:、|と|・)?){{2,9}})(?:という|など)?の(?P<n>\d|{KANJI})(?P<u>つ|点|項目|本|問|曲|作品|冊|テーマ|分科会|部門)"
)


def _quotes(text: str) -> Iterator[Found]:
    """「雨水の担当課はどこか」「補助の効果をどう測るか」の3つの問い."""
    for match in _QUOTES.finditer(text):
        listed = match["all"].count("「")
        if value_of(match["n"]) != listed and "など" not in match[0] and not re.search("」[、と]?$", text[: match.start()]):
            yield (match.start("n"), match.end("u")), f"並ぶのは{listed}つです"


_THEREOF = re.compile(
    rf"(?:この|その)うち、?(?P<names>[^。、\d]{{2,14}}(?:(?:と|、|及び)[^。、\d]{{2,14}}){{1,3}})の(?:計|合わせて)?(?P<n>{RUN})(?P<u>{UNIT})"
)


def _thereof(text: str, around: list[Passage]) -> Iterator[Found]:
    """図書館5館、区民センター6館、空き店舗7店の計18か所 … このうち図書館と区民センターの11か所."""
    whole = "\n".join(form(passage.text) for passage in around)
    for match in _THEREOF.finditer(text):
        names = [name for name in re.split("と|、|及び", match["names"]) if name]
        parts = [re.findall(rf"{re.escape(name)}(?:が|は|の)?({RUN})(?:{UNIT})", whole.replace(match[0], "")) for name in names]
        if all(len(part) == 1 for part in parts):
            amount = sum(value_of(part[0]) for part in parts)
            if amount != value_of(match["n"]):
                yield (match.start("n"), match.end("u")), f"{'と'.join(names)}は{'＋'.join(part[0] for part in parts)}で{shown(amount)}です"


_WIDENED = re.compile(
    rf"(?P<a>{RUN})(?P<u>{UNIT})から、?(?P<b>{RUN})(?P=u)(?:に|へ)[^。]{{0,14}}(?:広|増|拡|伸)[^。]*。(?:新たに|このうち新た|加わ|増え)[^。]*?(?:計|合わせて|合計)(?P<t>{RUN})(?P=u)"
)


def _widened(text: str) -> Iterator[Found]:
    """120か所から135か所に広げました。新たに加わったのは、…の計15か所です."""
    for match in _WIDENED.finditer(text):
        gap = value_of(match["b"]) - value_of(match["a"])
        if gap != value_of(match["t"]):
            yield match.span("t"), f"{match['a']}{match['u']}から{match['b']}{match['u']}への差は{shown(gap)}です"


_HANDED = re.compile(
    r"(?<![\d.,])(?P<n>\d{1,2})(?:本の柱|つの(?:柱|分野|章|班|部門)|分野|部門|班|章|会場|グループ)に、?(?:それぞれ|各)(?P<m>\d{1,2})(?:つ|人|件|項目|点|台)ずつ、?"
    r"(?:の)?(?:合?計|全部で|合わせて)(?P<t>\d{1,3})"
)


def _handed(text: str) -> Iterator[Found]:
    """4本の柱に、それぞれ5つずつ、計20の施策."""
    for match in _HANDED.finditer(text):
        if int(match["n"]) * int(match["m"]) != int(match["t"]):
            yield match.span("t"), f"{match['n']}×{match['m']}は{int(match['n']) * int(match['m'])}です"


_MARKS = re.compile(
    rf"(?P<all>(?:[(]\d[)]|\d[)]|[①-⑳])[^。①-⑳()]{{1,30}}(?:(?:[(]\d[)]|\d[)]"
    rf"|[①-⑳])[^。①-⑳()]{{1,30}}?){{1,9}})の(?P<n>\d{{1,2}}|{KANJI})(?P<u>本|つ|点|項目|分野|部門|段階)"
)
_MARK = re.compile(r"[(]\d[)]|\d[)]|[①-⑳]")


def _marked(text: str) -> Iterator[Found]:
    """(1)創エネ、(2)省エネ、(3)蓄エネ、(4)人づくりの4本の柱."""
    for match in _MARKS.finditer(text):
        marks = len(_MARK.findall(match["all"]))
        if value_of(match["n"]) != marks and text[match.end() : match.end() + 1] != "目":
            yield (match.start("n"), match.end("u")), f"並ぶのは{marks}です"


_YEAR_DAYS = re.compile(r"(?P<y>20\d\d)年(?:は|が)、?[^。]{0,50}?(?<!\d)(?P<d>36[56])日(?:の年|あり|です|間あり)")


def _leap(text: str) -> Iterator[Found]:
    """2024年は…366日の年です."""
    for match in _YEAR_DAYS.finditer(text):
        days = 366 if isleap(int(match["y"])) else 365
        if days != int(match["d"]):
            yield match.span("d"), f"{match['y']}年は{days}日あります"


_PIECE = re.compile(
    rf"(?:1(?P<h>[一-龠ァ-ヶー]{{1,4}}?)(?:当たり|あたり|につき|に|には|ごとに))[^。、\d]{{0,4}}(?P<l>約)?(?P<a>{RUN})(?P<u>{UNIT})、?[^。\d]{{0,4}}"
    rf"(?:\d{{1,3}}[一-龠]{{1,3}}で)?"
    rf"(?:合?計|合わせて|全部で)(?P<l2>約)?(?P<t>{RUN})(?P=u)"
)


def _per_piece(text: str, around: list[Passage]) -> Iterator[Found]:
    """1台当たり20万円、計200万円 in an item that speaks of 10園: as many as its numbers say."""
    for match in _PIECE.finditer(text):
        ratio = value_of(match["t"]) / (value_of(match["a"]) or 1)
        numbers = {
            count.value for passage in around for count in counts(form(passage.text)) if count.unit not in ("円", "年", "月", "日", "")
        }
        slack = 0.06 if match["l"] or match["l2"] else 1e-6
        if not any(abs(number - ratio) <= slack * ratio for number in numbers):
            yield match.span("t"), f"{match['a']}{match['u']}の{ratio:.3g}倍ですが、その数は記事にありません"


_WHOLE = re.compile(r"全(?P<n>\d{1,4})の(?P<what>[一-龠ァ-ヶー]{1,8}?(?P<u>館|園|校|駅|店|社|課|区|市|町|村|県))(?![一-龠])")


def _all(text: str, around: list[Passage]) -> Iterator[Found]:
    """全38の公民館 below 公民館37館."""
    for match in _WHOLE.finditer(text):
        title = next((form(passage.text) for passage in around if passage.key == "title"), "")
        told = re.findall(rf"(?<![\d第,.])(\d{{1,4}}){match['u']}", title)
        if len(told) == 1 and told[0] != match["n"] and match["what"][:2] in title and unit_of(match["u"]):
            yield match.span("n"), f"見出しは{told[0]}{match['u']}です"


_READERS: tuple[tuple[str, Callable[[str], Iterator[Found]]], ...] = (
    ("の", _suffixes),
    ("」", _quotes),
    ("から", _widened),
    ("ずつ", _handed),
    ("の", _marked),
    ("日", _leap),
)
