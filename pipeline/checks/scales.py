"""Rules about units, scales and years that stand side by side and cannot both be right: passages in, hits out.

Only what a newsletter says twice in one breath is computed (16,000リットル（16立方メートル）); nothing is looked up, no rate of the day is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.checks.numerals import MEASURES, RUN, SIMPLE, Count, counts, form, shown, value_of
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

_ABOUT = "(?:約|およそ|ほぼ|おおむね|概ね)?"
_MORE = "(?:以上|超|余り|余|弱|強|程度|ほど|前後)?"
_BRACKET = re.compile(rf"{_MORE}\s?[(=]=?\s?{_ABOUT}\s?(?:摂氏|華氏)?$")
_SAID = re.compile(rf"{_MORE}(?:、?(?:すなわち|つまり)、?|は、?|に相当する){_ABOUT}$")
_CLOSED = re.compile(rf"{_MORE}(?:分|に相当|に当たる|相当)?\s?[)、;]")
_IMPERIAL = frozenset(("マイル", "フィート", "ヤード", "インチ", "エーカー", "平方マイル", "平方フィート", "ガロン", "坪"))
_YEN: dict[str, tuple[float, float]] = {  # what one of them has cost in yen, generously: beyond it a scale is wrong
    "米ドル": (70, 220),
    "ドル": (40, 220),
    "ユーロ": (85, 220),
    "ウォン": (0.05, 0.2),
    "元": (2.5, 30),
}
_SIDES = re.compile(
    rf"({SIMPLE})(m|cm|km|メートル)\s?[×✕xX]\s?({SIMPLE})\2(?:の[^。、\d]{{1,8}})?(?:\(|=|で、?|、)(?:計|広さは?|面積は?)?({SIMPLE})(㎡|平方メートル|平米|㎢)"
)
_ENGLISH = re.compile(
    rf"(?P<ja>{RUN})(?P<unit>米ドル|ドル|ユーロ|円|人|トン)?{_MORE}\s?\(\s?(?:US\$|\$|€|EUR|USD)?\s?(?P<en>{SIMPLE})\s?(?P<scale>million|billion|trillion)"
)
_WORDS = {"million": 1e6, "billion": 1e9, "trillion": 1e12}
_DEGREES = re.compile(r"華氏(?:約)?(?P<f>-?\d+(?:\.\d+)?)度?\s?[(=]\s?(?:約)?(?:摂氏)?(?:約)?(?P<c>-?\d+(?:\.\d+)?)(?:度|℃)")


def conversions(sheet: Sheet) -> Iterator[Hit]:
    """Two measures of one thing, the second in brackets or behind ＝, that are not the same amount."""
    for passage in sheet.prose:
        text = form(passage.text)
        for first, second in pairwise(counts(text)):
            if _stand_together(text, first, second) and (sentence := _unequal(text, first, second)):
                yield passage.hit((first.start, second.stop), *sentence)
        for match in _ENGLISH.finditer(text) if "illion" in text else ():
            said, meant = value_of(match["ja"]), value_of(match["en"]) * _WORDS[match["scale"]]
            if abs(said - meant) > 0.06 * meant:
                yield passage.hit(match.span(), *_wrong(passage, match.span(), f"{match['en']} {match['scale']} は{shown(meant)}"))
        for match in _SIDES.finditer(text) if "×" in text or "✕" in text or "x" in text else ():
            area = value_of(match[1]) * value_of(match[3]) * MEASURES[match[2]][1] ** 2 / MEASURES[match[5]][1]
            if abs(value_of(match[4]) - area) > 0.06 * area:
                wide = f"{match[1]}{match[2]}×{match[3]}{match[2]}は{shown(area)}{match[5]}"
                yield passage.hit(match.span(4), *_wrong(passage, match.span(4), wide))
        for match in _DEGREES.finditer(text):
            hot, warm = float(match["f"]), float(match["c"])
            if min(abs((hot - 32) / 1.8 - warm), abs(hot / 1.8 - warm)) > 1.1:
                yield passage.hit(match.span(), *_wrong(passage, match.span(), f"華氏{hot:g}度は摂氏約{(hot - 32) / 1.8:.0f}度"))


def _stand_together(text: str, first: Count, second: Count) -> bool:
    between = text[first.stop : second.start]
    between = between.removesuffix("US$").removesuffix("$").removesuffix("€")
    if _BRACKET.search(between) and len(between) < 12:
        return "=" in between or bool(_CLOSED.match(text, second.stop))
    return first.value == 1 and first.unit in MEASURES and bool(_SAID.fullmatch(between))


def _unequal(text: str, first: Count, second: Count) -> tuple[str, str] | None:
    """What is wrong with the pair, "" of it if both are the same or cannot be compared."""
    pair = text[first.start : second.stop]
    if second.unit == "円" and first.unit in _YEN:
        low, high = _YEN[first.unit]
        if not low <= second.value / (first.value or 1) <= high:
            each = f"1{first.unit}が{shown(float(f'{second.value / (first.value or 1):.3g}'))}円"
            return f"「{pair}」では、{each}になります。", "万・億・兆のけたと、円に換算した額を確かめてください。"
        return None
    if first.kind != second.kind or first.unit not in MEASURES or first.unit == second.unit or text[second.stop :].startswith("半"):
        return None
    loose = "約" in pair or {first.unit, second.unit} & _IMPERIAL
    if abs(first.amount - second.amount) <= (0.06 if loose else 0.02) * abs(first.amount):
        return None
    meant = float(f"{first.amount / MEASURES[second.unit][1]:.4g}")
    said = text[first.start : first.stop]
    return f"「{pair}」は合いません。{said}は{shown(meant)}{second.unit}です。", "数のけたと単位を、もとの資料で確かめてください。"


def _wrong(passage: Passage, span: tuple[int, int], meant: str) -> tuple[str, str]:
    return f"「{passage.raw[slice(*span)]}」は合いません。{meant}です。", "万・億・兆のけたを、もとの資料で確かめてください。"


_UNIT = (
    r"(?:人|名|件|か国|カ国|ヶ国|円|団体|自治体|社|世帯|戸|本|台|組|冊|枚|点|トン|t(?![a-z])|kg|ha|ヘクタール|リットル|ドル|ユーロ|万|億)"
)
_GROUPING = (
    re.compile(r"(?<![\d.,/A-Za-z-])\d{1,3}(?:,\d{3})*,\d{4,}(?![\d,])"),
    re.compile(rf"(?<![\d.,/A-Za-z-])\d{{1,3}}(?:,\d{{3}})*,(?:0\d(?![\d,日月回年号時])|\d{{2}}(?={_UNIT}))(?![\d,])"),
    re.compile(rf"(?<![\d.,/A-Za-z-])\d{{4,}}(?:,\d{{3}})+(?={_UNIT})"),
    re.compile(r"(?<![\d.,/A-Za-z-])0,\d{3}(?![\d,])"),
    re.compile(r"(?<![\d.,/A-Za-z-])\d{1,3}\.\d{3}(?=人|名|件|か国|カ国|団体|自治体|社|世帯|戸|冊)"),
    re.compile(r"(?<![\d.,/A-Za-z-])\d{1,3}、\d{3}(?=人|名|円|件|か国|カ国|団体|自治体|世帯|トン)"),
    re.compile(rf"(?<![\d.,/A-Za-z-]){SIMPLE}(?:[万億兆]{{2,}})"),
)
_GROUPED = re.compile(r"\d[,.、]\d|[万億兆][\d万億兆]")
_RUN = re.compile(rf"(?<![\d.,]){RUN}")
_PART = re.compile(rf"({SIMPLE})([百千]?)([万億兆]?)")


def grouping(sheet: Sheet) -> Iterator[Hit]:
    """Digits that are grouped as no number is: 1,00人, 10,0000人, 3億2,000億円."""
    for passage in sheet.holding(_GROUPED, read=form):
        text = form(passage.text)
        if not _GROUPED.search(text):
            continue
        spans = [match.span() for pattern in _GROUPING for match in pattern.finditer(text) if not _is_list(match[0])]
        spans += [match.span() for match in _RUN.finditer(text) if _is_disordered(match[0])]
        for span in sorted(set(spans)):
            if not any(start <= span[0] and span[1] <= end and (start, end) != span for start, end in spans):
                message = f"「{passage.raw[slice(*span)]}」は、数として読めません。"
                hint = "位取りの「,」（3けたごと）と、万・億・兆のつながりを直してください。"
                yield passage.hit(span, message, hint)


def _is_list(text: str) -> bool:
    """10,11: two numbers that follow each other are two numbers."""
    numbers = [int(part) for part in re.split("[,、]", text) if part.isdecimal()]
    return len(numbers) == 2 and 0 < numbers[1] - numbers[0] <= 2 and len(text) < 6


def _is_disordered(run: str) -> bool:
    """億 behind 億, or a part that would spill over into the one before it: 3億12,000万."""
    parts = [part for part in _PART.findall(run) if part[0]]
    before = float("inf")
    for number, small, large in parts:
        value, scale = value_of(number + small + large), value_of("1" + small + large)
        if value >= before:
            return True
        before = scale
    return False


_SHARE = re.compile(r"(?:補助率|助成率|補助|割合|負担)(?:は|:|が)?、?(?:最大|原則)?(?P<over>\d{1,2})/(?P<under>\d{1,2})(?![\d/])")
_FRACTION = re.compile(r"(?P<under>\d{1,3})分の(?P<over>\d{1,3})(?!\d|[,.]\d)")
_CUT = re.compile(
    rf"(?P<cut>{SIMPLE})(?:%|パーセント)(?:以上|超)?(?:の|を|も|まで)?(?:削減|減少|減ら|減り|減(?![速衰])|カット|低減|縮小|節約|節減)"
)


def impossible(sheet: Sheet) -> Iterator[Hit]:
    """A cut of more than everything, a share of more than the whole."""
    for passage in sheet.holding(_CUT, _SHARE, _FRACTION, read=form):
        text = form(passage.text)
        for match in _CUT.finditer(text):
            if value_of(match["cut"]) > 100:
                yield passage.hit(match.span(), f"「{passage.raw[slice(*match.span())]}」は、100%を超える減り方です。", _CHECK)
        for pattern in (_SHARE, _FRACTION):
            for match in pattern.finditer(text):
                if int(match["over"]) > int(match["under"]):
                    yield passage.hit(match.span(), f"「{passage.raw[slice(*match.span())]}」は、全体より大きい割合です。", _CHECK)


_CHECK = "数の順序とけたを、もとの資料で確かめてください。"
_FOUNDED = "設立|創立|発足|創業|開設|開館|開園|開業|開校|開港|制定|施行|創設|結成|締結|始ま|スタート|誕生|加盟|発効|市制"
_SINCE = re.compile(
    rf"(?<!\d)(?P<year>(?:18|19|20)\d\d)年(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?(?:に|の|、|から)?[^。、\d]{{0,12}}?(?:{_FOUNDED})"
)
_AGE = re.compile(
    r"(?:(?P<now>(?:19|20)\d\d)年(?:に|は|で|、|が)?[^。\d]{0,12})?"
    r"(?:(?<=[今来昨本]年)|(?<=設立|創立|発足|開設)|(?<=\d年)|(?<![\d一-龠々ァ-ヶー]))(?P<age>\d{1,3})(?P<word>周年|年目)"
)
_BORN = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)年生まれ(?:の|、|で|\()*(?P<age>\d{1,3})歳")


def anniversaries(sheet: Sheet) -> Iterator[Hit]:
    """1990年に設立…30周年 in an issue of 2025: the years do not make the anniversary. One year either way may be another day of counting."""
    for passage in sheet.holding(_AGE, _BORN, read=form):
        text = form(passage.text)
        since = [int(match["year"]) for match in _SINCE.finditer(text)]
        ages = list(_AGE.finditer(text))
        if len(set(since)) == 1 and len(ages) == 1 and (said := _age_wrong(since[0], ages[0], sheet.issue.date.year)):
            yield passage.hit(ages[0].span("age"), said, "始まりの年と周年を、もとの資料で確かめてください。")
        for match in _BORN.finditer(text):
            years = sheet.issue.date.year - int(match["year"])
            if not years - 2 <= int(match["age"]) <= years:
                yield passage.hit(match.span(), f"{match['year']}年生まれの人は、{match['age']}歳ではありません。", _CHECK)


def _age_wrong(since: int, match: re.Match[str], year: int) -> str:
    now = int(match["now"] or year)
    years = now - since + (match["word"] == "年目")
    if now < since or abs(int(match["age"]) - years) <= (0 if match["now"] and match["word"] == "周年" else 1):
        return ""
    return f"{since}年に始まったものは、{now}年に{years}{match['word']}です（「{match['age']}{match['word']}」とあります）。"


RULES = (
    Rule(
        code="CNT006",
        title="並べた単位・けた",
        severity=Severity.WARNING,
        reason="単位を換算して並べた数が食い違うと、読者はどちらが正しいか分からず、けたの間違いはそのまま広まります。",
        source="単位と位取りの照合（編集部の慣行）",
        bad="年間に16,000リットル（160立方メートル）の雨水をためます。",
        good="年間に16,000リットル（16立方メートル）の雨水をためます。",
        find=conversions,
    ),
    Rule(
        code="CNT007",
        title="数の書き方",
        severity=Severity.ERROR,
        reason="位取りを誤った数は、何倍にも読み違えられます。",
        source="公用文作成の考え方（数字は3けたごとに「,」で区切る）",
        bad="全国から10,0000人が参加しました。",
        good="全国から10,000人が参加しました。",
        find=grouping,
    ),
    Rule(
        code="CNT008",
        title="あり得ない割合",
        severity=Severity.WARNING,
        reason="全体を超える減り方や割合は、数字の打ち間違いです。",
        source="数の照合（編集部の慣行）",
        bad="排出量を150%削減する計画です。",
        good="排出量を50%削減する計画です。",
        find=impossible,
    ),
    Rule(
        code="CNT009",
        title="年数の計算",
        severity=Severity.WARNING,
        reason="周年や年齢は、前の年の文章を写すと古いまま残ります。",
        source="発行日からの計算",
        bad="1990年に設立されたイクレイは、今年45周年を迎えます。",
        good="1990年に設立されたイクレイは、今年35周年を迎えます。",
        find=anniversaries,
    ),
)
