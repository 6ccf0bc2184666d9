"""Rules about numbers that cannot be: a part larger than its whole, a range that runs backwards, 47 prefectures miscounted. Passages in, hits out.

Only what one sentence says of one thing is compared; what everybody knows (47都道府県, SDGsの17の目標) stands in one short table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from pipeline.checks.numerals import RUN, UNIT, Count, counts, form, value_of
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

_CHECK = "数の順序とけたを、もとの資料で確かめてください。"
Found = tuple[tuple[int, int], str]  # where, and what is wrong


def impossible_numbers(sheet: Sheet) -> Iterator[Hit]:
    """50人のうち60人, 全4回の5回目, 20歳から15歳まで, 3泊2日, 過半数の45%, 多い順に30件、45件."""
    for passage in sheet.prose:
        text = form(passage.text)
        if not _FIGURE.search(text):
            continue
        for span, why in (
            *_parts(text),
            *_of_all(text),
            *_fractions(text),
            *_ranges(text),
            *_known(text),
            *_ranked(text),
            *_opposites(text),
        ):
            yield passage.hit(span, f"「{passage.raw[slice(*span)]}」は、{why}。", _CHECK)


_FIGURE = re.compile(r"\d.*\d|\d+%|過半数|[一二三四五六七八九十]の")
_AMONG = re.compile(r"(?:[^。\d]{0,16}?(?:。(?:その|この)?|[、(]|の|その|この)?うち|(?:の)?中)、?[^。\d、]{0,14}")
_APART = re.compile("以外|ほか|各|それぞれ|ずつ|毎|[0-9]倍|中学|中央|途中|最中")


def _parts(text: str) -> Iterator[Found]:
    """A part that is larger than the whole just before it."""
    if "うち" not in text and "中" not in text:
        return
    for whole, part in pairwise(count for count in counts(text) if not count.ordinal):
        gap = text[whole.stop : part.start]
        same = whole.unit == part.unit and whole.unit not in _TIMES
        if same and part.amount > whole.amount and _AMONG.fullmatch(gap) and not _APART.search(gap):
            yield (whole.start, part.stop), "全体より部分のほうが大きくなっています"


_TIMES = frozenset(("年", "月", "日", "時間", "分", "年度", "か月", "歳", "%", "割", "倍", "", "週間", "回目", "年目", "条", "章"))
_ALL = re.compile(
    r"全(?P<n>\d{1,3})(?P<u>回|部|編|章|話|日)(?:の)?(?:シリーズ|講座|コース|連続[^。\d]{0,6}|日程)?(?:の(?:うち)?|中|、)[^。、\d]{0,6}第?(?P<m>\d{1,3})(?P=u)(?:目|$|(?=[^数]))"
    r"|(?P<n2>\d{1,2})回(?:シリーズ|連続[^。\d]{0,6})の(?:第)?(?P<m2>\d{1,2})回目?"
    r"|(?P<n3>\d{1,3})(?:点満点|段階(?:評価)?)(?:の|中|で|、)[^。\d]{0,10}(?P<m3>\d{1,3}(?:\.\d+)?)(?:点|と|で(?!す[^。])|でした|です)"
    r"|(?P<n4>\d{1,2})泊(?P<m4>\d{1,2})日"
)
_RUNS = re.compile(
    r"第(?P<a>\d{1,2})(?P<u>回|章|部|期|日目)(?:から|~)第?(?P<b>\d{1,2})(?P=u)(?:まで)?の(?:全|計)?(?P<n>\d{1,2})(?:回|章|部|期|日間|つ)"
)


def _of_all(text: str) -> Iterator[Found]:
    for match in _ALL.finditer(text) if any(word in text for word in ("全", "点満点", "段階", "泊", "シリーズ", "連続")) else ():
        if match["n4"]:
            nights, days = int(match["n4"]), int(match["m4"])
            if days <= nights or days > nights + 2:
                yield match.span(), f"{nights}泊なら{nights + 1}日です"
            continue
        whole, part = next((match[f"n{n}"], match[f"m{n}"]) for n in ("", "2", "3") if match[f"n{n}"])
        if float(part) > int(whole):
            yield match.span(), f"全体の{whole}を超えています"
    for match in _RUNS.finditer(text) if "第" in text else ():
        right = int(match["b"]) - int(match["a"]) + 1
        if int(match["n"]) != right:
            yield match.span(), f"数えると{right}になります"


_RATE = r"(?P<rate>\d{1,3}(?:\.\d+)?)%"
_KIND = "(?:人|世帯|社|自治体|件|校|団体)"
_WORD = (
    rf"(?:(?P<of>\d{{1,2}}|[二三四五六七八九十]){_KIND}に(?P<one>\d{{1,2}}|[一二三四五六七八九]){_KIND}|(?P<under>\d{{1,3}})分の(?P<over>\d{{1,2}})"
    r"|(?P<tenth>\d)割|(?P<half>(?<!過)半数|半分))"
)
_NEAR = r"(?P<near>以上|強|弱|余り|近く|超|を超える|未満|以下|程度|ほど)?"
_SAID = (
    re.compile(rf"{_WORD}{_NEAR}(?:\(|に(?:当たる|あたる|相当する)、?|の(?=\d))(?:約|およそ|全体の)*{_RATE}"),
    re.compile(rf"{_RATE}(?:\(|に(?:当たる|あたる|相当する)、?|、つまり)(?:約|およそ|ほぼ|全体の)*{_WORD}{_NEAR}"),
)
_MOST = re.compile(
    rf"(?P<word>過半数|半数以上|半数超|半数を超える|半分以上|大半|大多数|ほとんど|半数近く|半数弱|半分近く|半分以下|半数以下|半数に満たない)(?:の|に(?:当たる|あたる)、?|を占める|[(、])(?:約|およそ|全体の)*{_RATE}"
)
_OVER = re.compile(rf"(?P<a>{RUN})(?P<u>{UNIT})を(?P<way>超える|上回る|下回る)、?(?:約|およそ|延べ)*(?P<b>{RUN})(?P=u)")


def _fractions(text: str) -> Iterator[Found]:
    """A fraction in words beside its per cent; 過半数の45%; 100人を超える95人."""
    if "%" in text and any(
        word in text for word in ("割", "分の", "半", "大多数", "ほとんど", "人に", "世帯に", "社に", "件に", "校に", "体に")
    ):
        for match in (match for pattern in _SAID for match in pattern.finditer(text)):
            share = _share(match)
            rate = float(match["rate"])
            slack = 5.1 if match["tenth"] else 4.1
            low = rate < share - slack if match["near"] not in ("弱", "近く", "未満", "以下") else rate < share - 12
            high = rate > share + slack if match["near"] not in ("以上", "強", "余り", "超", "を超える") else rate > share + 12
            if low or high:
                yield match.span(), f"割合が合いません（{_spoken(match)}は{share:.4g}%です）"
        for match in _MOST.finditer(text):
            rate, less = float(match["rate"]), re.search("近く|弱|以下|満たない", match["word"])
            if (
                (rate <= 50 and not less and match["word"] not in ("半数以上", "半分以上"))
                or (rate < 50 and not less)
                or (less and rate > 50)
            ):
                yield match.span(), "割合が言葉と合いません"
    for match in _OVER.finditer(text) if "回る" in text or "超え" in text else ():
        below = match["way"] == "下回る"
        limit, said = value_of(match["a"]), value_of(match["b"])
        if (said >= limit) if below else (said <= limit):
            yield match.span(), "大小が逆です"


def _share(match: re.Match[str]) -> float:
    if match["half"]:
        return 50.0
    if match["tenth"]:
        return int(match["tenth"]) * 10.0
    over, under = (match["over"], match["under"]) if match["under"] else (match["one"], match["of"])
    return 100 * value_of(over) / value_of(under)


def _spoken(match: re.Match[str]) -> str:
    if match["tenth"]:
        return f"{match['tenth']}割"
    return match["half"] or (f"{match['under']}分の{match['over']}" if match["under"] else f"{match['of']}に{match['one']}")


_COUNTER = r"人|名|歳|才|校|社|団体|件|円|万円|台|本|枚|点|字|kg|km|ha|トン|か国|か所|世帯|冊|組|階|年生|席|分間|時間"
_RANGE = re.compile(
    rf"(?<![\d.,/~:月年日時第-])(?P<a>{RUN})(?P<u>{_COUNTER})?(?:~|から(?=\d[^。、]{{0,12}}まで))(?P<b>{RUN})(?P<v>{_COUNTER})"
)
_LIMITS = re.compile(rf"(?P<a>{RUN})(?P<u>{_COUNTER})以上、?(?P<b>{RUN})(?P=u)(?:以下|未満|以内|まで)")
_EXTREME = re.compile(
    rf"(?:最高|最大|最多|最長|上限)(?:は|が|で|気温は?)?(?P<a>{RUN})(?P<u>度|℃|[^\d、。\s]{{1,3}}?)"
    rf"(?:、|で、|から|、一方)[^。\d]{{0,6}}?(?:最低|最小|最少|最短|下限)(?:は|が|で|気温は?)?(?P<b>{RUN})(?P=u)"
)


def _ranges(text: str) -> Iterator[Found]:
    ranges = _RANGE.finditer(text) if "~" in text or "まで" in text else ()
    for match in (*ranges, *(_LIMITS.finditer(text) if "以上" in text else ())):
        low, high = value_of(match["a"]), value_of(match["b"])
        same = "v" not in match.re.groupindex or match["u"] is None or match["u"] == match["v"]
        falls = match.re is _RANGE and match["v"] in ("年生", "階")
        if same and low > high and not falls and not (match.re is _RANGE and match["v"] == "時間" and low > 12):
            yield match.span(), "小さいほうが後に来ています"
    for match in _EXTREME.finditer(text) if "最" in text or "上限" in text else ():
        if value_of(match["b"]) > value_of(match["a"]):
            yield match.span(), "大小が逆です"


_N = r"(?P<n>\d{1,4})"
_FACTS: tuple[
    tuple[str, str, int, bool], ...
] = (  # a word that must stand there, the pattern, the right number, whether fewer may be meant
    ("都道府県", rf"(?:全国|国内)(?:の)?{_N}都道府県|(?<!\d){_N.replace('<n>', '<m>')}(?:の)?(?:全)?都道府県", 47, True),
    ("区", rf"(?:東京(?:都)?(?:の)?|都内の?|特別区の?){_N}(?:特別)?区(?!分|間|画|域)", 23, True),
    ("政令", rf"政令(?:指定都)?市(?:の|は|、|全)*{_N}市", 20, True),
    ("SDGs", rf"SDGs(?:の|が掲げる|で定める|\([^)]*\)の)*{_N}の?(?:目標|ゴール)", 17, True),
    ("ゴール", rf"{_N}の?(?:目標|ゴール)(?:と|、)\d{{2,3}}の?ターゲット", 17, False),
    ("ターゲット", rf"17の?(?:目標|ゴール)(?:と|、){_N}の?ターゲット", 169, False),
    ("G7", rf"G7(?:の|\(|、|に加盟する|参加)+{_N}か国", 7, True),
    ("陸と海", rf"陸と海の(?:それぞれ|少なくとも|両方の)*{_N}%", 30, False),
    ("カーボンフリー", r"(?<!\d)24/(?P<n>\d{1,2})(?=カーボンフリー)", 7, False),
    ("カーボンフリー", r"(?<![\d/])(?P<n>\d{1,3})/7(?=カーボンフリー)", 24, False),
    ("24時間", rf"24時間{_N}日", 365, False),
    ("1日", rf"1日(?:に|当たり|最大|あたり)*{_N}時間", 24, True),
    ("年間", rf"(?:年間|1年)(?:で|に|のうち)?{_N}日", 366, True),
    ("週", rf"(?<![一-龠\d])週(?:に)?{_N}日", 7, True),
)


@lru_cache(maxsize=1)
def _facts() -> tuple[tuple[str, re.Pattern[str], int, bool], ...]:
    return tuple((word, re.compile(pattern), right, fewer) for word, pattern, right, fewer in _FACTS)


_GOAL = re.compile(r"(?P<n>\d{1,2}(?:\.\d)?)(?P<u>度|%|℃)(?=目標(?!達成率|値は)|(?:以内|未満)?に抑え)")


def _known(text: str) -> Iterator[Found]:
    """What everybody knows: 47都道府県, 東京23区, SDGsの17の目標, 陸と海の30%, 1.5度目標."""
    for word, pattern, right, fewer in _facts():
        for match in pattern.finditer(text) if word in text else ():
            said = int(next(group for group in match.groups() if group))
            near = said in (right - 1, right - 2) and right in (47, 17) and "全" in match[0]
            if said > right or (said != right and (not fewer or near)):
                yield match.span(), f"正しくは{right}です"
    for match in _GOAL.finditer(text) if "目標" in text or "抑え" in text else ():
        warm = match["u"] != "%" or match["n"] == "1.5"
        if warm and (match["n"] not in ("1.5", "2", "2.0") or match["u"] == "%") and re.search("気温|パリ協定|温暖化|気候|1\\.5", text):
            yield match.span(), "パリ協定の目標（2度、1.5度）と合いません"


_ORDER = re.compile(r"(?P<many>(?:多|大き|高|長|広|重)い順|降順)|(?P<few>(?:少な|小さ|低|短|狭|軽)い順|昇順)")
_TOP = re.compile(
    rf"(?:最(?:も)?多(?:い|かった|く)?|首位|1位|第1位|トップ)[^。]{{0,24}}?(?P<a>{RUN})(?P<u>{UNIT})"
    rf"[^。\d]{{0,10}}(?:次いで|続いて|次が|次は|2位|第2位)[^。\d]{{0,16}}(?P<b>{RUN})(?P=u)"
)


def _ranked(text: str) -> Iterator[Found]:
    """多い順に30件、45件, 最多の12件、次いで15件."""
    claim = _ORDER.search(text) if "順" in text else None
    if claim:
        end = text.find("。", claim.end())
        found = [count for count in counts(text) if claim.end() <= count.start < (end if end > 0 else len(text)) and not count.ordinal]
        for first, second in pairwise(count for count in found if count.unit == (found[0].unit if found else "")):
            if (
                first.unit
                and _beside(text, first, second)
                and (second.amount > first.amount if claim["many"] else second.amount < first.amount)
            ):
                yield (first.start, second.stop), f"「{claim[0]}」になっていません"
                break
    for match in _TOP.finditer(text) if any(word in text for word in ("多", "1位", "首位", "トップ")) else ():
        if value_of(match["b"]) > value_of(match["a"]):
            yield match.span(), "2番目のほうが多くなっています"


def _beside(text: str, first: Count, second: Count) -> bool:
    gap = text[first.stop : second.start]
    return len(gap) < 24 and bool(re.match("[、)・]|の|で、|に続|と", gap))


_PAIRS = (
    ("賛成", "反対"),
    ("はい", "いいえ"),
    ("満足", "不満"),
    ("男性", "女性"),
    ("知っている", "知らない"),
    ("ある", "ない"),
    ("増えた", "減った"),
    ("必要", "不要"),
    ("参加した", "参加しなかった"),
)
_ANSWER = r"」?(?:と答えた(?:人|方|の)|と(?:の)?回答|との答え|派)?(?:が|は|、|:|で|\()?(?:約)?"


def _opposites(text: str) -> Iterator[Found]:
    """Answers that exclude one another and make more than a hundred."""
    if text.count("%") < 2 or re.search("複数|前回|前年|昨年|年度|うち", text):
        return
    for yes, no in _PAIRS:
        if yes in text and no in text:
            one = re.search(rf"(?<![不非]){yes}{_ANSWER}(\d{{1,3}}(?:\.\d+)?)%", text)
            other = re.search(rf"{no}{_ANSWER}(\d{{1,3}}(?:\.\d+)?)%", text)
            rest = [
                float(rate)
                for rate in re.findall(
                    rf"(?:普通|どちら(?:とも|でも)[^。、\d]{{0,8}}|無回答|その他|わからない|分からない){_ANSWER}(\d{{1,3}}(?:\.\d+)?)%",
                    text,
                )
            ]
            if one and other and one.start() < other.start() and float(one[1]) + float(other[1]) + sum(rest) > 101:
                yield (one.start(), other.end()), f"足すと{float(one[1]) + float(other[1]) + sum(rest):.4g}%になります"


RULES = (
    Rule(
        code="CNT013",
        title="あり得ない数の関係",
        severity=Severity.WARNING,
        reason="部分が全体より大きい、範囲が逆といった数は、打ち間違いか写し間違いです。",
        source="数の照合（編集部の慣行）",
        bad="回答した50人のうち60人が「満足」と答えました。",
        good="回答した60人のうち50人が「満足」と答えました。",
        find=impossible_numbers,
    ),
)
