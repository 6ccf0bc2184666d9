"""Rules about numbers that an issue says twice: headline and body, subject and articles, and what the masthead's ``[facts]`` state.

Numbers of different things may differ on purpose (96, 81, 100 and 125か国 in one issue): a number is only doubted where the other place says the same
thing with another one and says it nowhere with this one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.checks.numerals import RUN, Count, counts, form, shown, value_of
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

_DATES = frozenset(
    (
        "年",
        "年度",
        "月",
        "日",
        "か月",
        "週間",
        "年目",
        "年間",
        "周年",
        "歳",
        "時間",
        "分",
        "%",
        "割",
        "倍",
        "条",
        "章",
        "ページ",
        "ポイント",
        "",
    )
)
_NOUN = re.compile(r"の([^、。（）()「」\d]{0,6}?(?:自治体|都市|か国|団体|企業|分野|部門|事例|提案|要望|道筋|市|県))")
_THING = re.compile(r"の([一-龠々]{2,6}|[ァ-ヶー]{2,8})")
_BEFORE = re.compile(r"([一-龠々]{2,}|[ァ-ヶー]{2,})(?:が|を|は|の|も|、)?(?:新たに|全|計)?$")
_KANJI = re.compile("(?<![第一二三四五六七八九十])([二三四五六七八九])つ")
_TOKEN = re.compile(r"[一-龠々]{3,}|[ァ-ヶー]{3,}|[A-Za-z0-9]{3,}")
_TIMES = re.compile(
    r"(?P<of>[一-龠々ァ-ヶー]{0,6})第(?P<a>\d{1,3})回(?P<name>[^\s、。（）()「」『』｜|・をにへがはでとの]{3,})|(?P<b>\d{1,3})回目"
)
_LETTERED = re.compile(  # COPs are told with their treaties; WG1 and CO2 are no numbers of a meeting
    r"第(?P<n>\d{1,2}|[二三四五六七八九十]{1,3})[回次][^。、()「」\d]{0,24}"
    r"\((?:[A-Z]{2,8}-)?(?!COP|CO|PM|WG|SDG|TOP|SCOPE|NO)[A-Z]{2,6}-?\s?(?P<m>\d{1,2})(?:\.\d)?\)"
)
_EARLIER = re.compile("前回|昨年|前年|一昨年|これまで|次回|来年|次の|前の|翌年")
_HEADS = ("title", "subject", "lead", "prefix", "summary", "alt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A number that is said somewhere: of what (its unit, the noun behind つの or ``before`` it), how much, and in which sentence."""

    passage: Passage
    span: tuple[int, int]
    value: float
    unit: str
    noun: str
    words: frozenset[str]
    before: str = ""


def twice_told(sheet: Sheet) -> Iterator[Hit]:
    """A number of a headline, of the subject or of the opening that the articles give differently."""
    said = {passage: tuple(_claims(passage)) for passage in sheet.prose}
    weight = Counter((claim.unit, claim.value) for claims in said.values() for claim in claims)
    files: dict[str, list[Passage]] = {}
    for passage in said:
        files.setdefault(passage.path, []).append(passage)
    front = [passage for passage in said if passage.article is None]
    articles = [claim for passage, claims in said.items() if passage.article for claim in claims]
    for passages in files.values():
        heads = [passage for passage in passages if passage.article and passage.key in _HEADS]
        body = [claim for passage in passages if passage.article and passage.key not in _HEADS for claim in said[passage]]
        yield from _against(heads, said, body, weight, whole=False)
    yield from _against(front, said, articles, weight, whole=True)


def _against(
    heads: Iterable[Passage], said: dict[Passage, tuple[Claim, ...]], body: list[Claim], weight: Counter[tuple[str, float]], *, whole: bool
) -> Iterator[Hit]:
    for head in heads:
        for claim in said[head]:
            others = [other for other in body if other.unit == claim.unit]
            if not others or any(_agrees(claim, other) for other in others) or _in_table(claim, said):
                continue
            rival = next((other for other in others if _rivals(claim, other, whole=whole)), None)
            if rival := rival or (None if whole else _only(claim, others)):
                rare, common = (rival, claim) if weight[(rival.unit, rival.value)] < weight[(claim.unit, claim.value)] else (claim, rival)
                yield _differs(rare, common)
                break


def _in_table(claim: Claim, said: Iterable[Passage]) -> bool:
    """Whether the number stands in a cell of the same file, where the column's head may carry the unit (計 42)."""
    rows = (form(passage.text) for passage in said if passage.kind == "row" and passage.path == claim.passage.path)
    return any(re.search(rf"\|[^|\d]*{shown(claim.value)}[^|\d]*(?:\||$)", row) for row in rows)


def _claims(passage: Passage) -> Iterator[Claim]:
    text = form(passage.text)
    spelt = [Count(m.start(), m.end(1), m.end(), value_of(m[1]), "つ") for m in _KANJI.finditer(text)]
    for count in (*counts(text), *spelt):
        if (
            count.ordinal
            or count.unit in _DATES
            or text[count.stop :].startswith("目")
            or _EARLIER.search(text, max(0, count.start - 12), count.start)
        ):
            continue
        start, end = max(count.start - 300, text.rfind("。", 0, count.start) + 1), text.find("。", count.stop, count.stop + 300)
        words = frozenset(_TOKEN.findall(text[start : end if end > 0 else count.stop + 300]))
        noun = _NOUN.match(text, count.stop) or (_THING.match(text, count.stop) if count.unit == "つ" else None)
        before = _BEFORE.search(text[max(start, count.start - 16) : count.start])
        yield Claim(
            passage=passage,
            span=(count.start, count.stop),
            value=count.amount,
            unit=_counter(count, noun[1] if noun else ""),
            noun=noun[1] if noun else "",
            words=words,
            before=before[1][-2:] if before else "",
        )


def _counter(count: Count, noun: str) -> str:
    """5つの会員自治体 and 5自治体 count the same."""
    if count.unit == "つ":
        return next((word for word in ("自治体", "都市", "か国", "団体") if noun.endswith(word)), "つ")
    return count.kind


def _agrees(claim: Claim, other: Claim) -> bool:
    """Whether both say the same number, or one rounds the other (100人超 and 120人)."""
    if abs(claim.value - other.value) <= 1e-9 * max(1.0, claim.value):
        return True
    near = form(claim.passage.text)[max(0, claim.span[0] - 3) : claim.span[1] + 2]
    return bool(re.search("約|超|以上|余|近く|数", near)) and 0.8 * claim.value <= other.value <= 1.5 * claim.value


def _rivals(claim: Claim, other: Claim, *, whole: bool) -> bool:
    """Whether two numbers that differ are meant to be one."""
    shared = {word for word in claim.words & other.words if word not in (claim.noun, other.noun)}
    if claim.value >= 10 and _is_slip(claim.value, other.value):
        return not whole or bool(shared)
    if claim.noun and claim.noun == other.noun and len(claim.noun) > 2:
        return bool(shared) or not whole
    return claim.passage.key == "prefix" or (not whole and claim.unit in ("自治体", "か国") and bool(shared))


def _only(claim: Claim, others: list[Claim]) -> Claim | None:
    """The body's one number of the same thing: 記事4本 in the headline, 記事が3本 and no other 記事 below; 4つの目標 and の5つ of 目標."""
    if claim.unit == "つ" and claim.noun and len(others) == 1 and not others[0].noun and claim.noun in others[0].passage.text:
        return others[0]
    if not claim.before and not claim.noun:
        return None
    alike = [other for other in others if (claim.before and other.before == claim.before) or (claim.noun and other.noun == claim.noun)]
    return alike[0] if len(alike) == 1 and max(claim.value, alike[0].value) <= 3 * min(claim.value, alike[0].value) else None


def _is_slip(one: float, other: float) -> bool:
    """Whether the digits are those of the other number: turned round, one too many, or in another scale."""
    left, right = (f"{value:.10g}" for value in (one, other))
    if one == 0 or other == 0 or left == right:
        return False
    same = left.strip("0") == right.strip("0") or sorted(left) == sorted(right)
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    dropped = len(longer) == len(shorter) + 1 and any(longer[:n] + longer[n + 1 :] == shorter for n in range(len(longer)))
    return same or dropped or (len(left) == len(right) > 1 and sum(a != b for a, b in zip(left, right, strict=True)) == 1)


def _differs(rare: Claim, common: Claim) -> Hit:
    said, other = (claim.passage.raw[slice(*claim.span)] for claim in (rare, common))
    where = {"title": "見出し", "subject": "件名", "lead": "導入文", "prefix": "冠", "summary": "要約"}.get(common.passage.key, "本文")
    place = common.passage.place(common.span[0])
    message = f"「{said}」とありますが、{where}（{place.path.rpartition('/')[2]} {place.line}行目）では「{other}」です。"
    return rare.passage.hit(
        rare.span, message, "どちらが正しいか、もとの資料で確かめてください。別の数なら、何の数か分かるように書き分けます。"
    )


def ordinals(sheet: Sheet) -> Iterator[Hit]:
    """第3回イクレイカフェ in a headline whose article says 4回目, in a subject none of whose articles speaks of it; 第4回…（INC5）."""
    for passage in sheet.prose:
        text = form(passage.text)
        for match in _LETTERED.finditer(text) if "第" in text else ():
            if int(match["m"]) != value_of(match["n"]):
                message = f"「{passage.raw[slice(*match.span())]}」で、回数が合いません（{match['n']}と{match['m']}）。"
                yield passage.hit(match.span(), message, "どちらが正しいか、もとの資料で確かめてください。")
    articles = [passage for passage in sheet.prose if passage.article and passage.key not in ("title", "summary")]
    titles = [passage for passage in sheet.prose if passage.key == "title"]
    everywhere = {(_name(match), int(match["a"])) for passage in (*articles, *titles) for match in _named(passage)}
    for passage in (*titles, *(passage for passage in sheet.prose if passage.article is None)):
        for match in _named(passage):
            number, name = int(match["a"]), _name(match)
            if passage.article:
                rivals = _other_times([body for body in articles if body.path == passage.path], name, number)
            else:
                found = {times for named, times in everywhere if named == name}
                known = any(
                    times == number and named[1] == name[1] and (named[0] == name[0] or not named[0] or not name[0])
                    for named, times in everywhere
                )
                rivals = set() if known else {f"第{times}回" for times in found}
            if rivals:
                said = passage.raw[match.start("a") - 1 : match.end("a") + 1]
                where = "本文" if passage.article else "記事"
                message = f"「{said}」とありますが、{where}では「{'」「'.join(sorted(rivals))}」です。"
                yield passage.hit((match.start(), match.end("a") + 1), message, "回数を、もとの資料で確かめてください。")
                break


def _name(match: re.Match[str]) -> tuple[str, str]:
    """What is counted: 気候変動枠組条約第29回締約国会議 is another meeting than 生物多様性条約第16回締約国会議."""
    return re.sub("^(?:昨|今|本|前|新)?年度?$", "", match["of"])[-6:], match["name"][:4]


def _named(passage: Passage) -> Iterator[re.Match[str]]:
    return (match for match in _TIMES.finditer(form(passage.text)) if match["a"])


def _other_times(body: list[Passage], name: tuple[str, str], number: int) -> set[str]:
    """How else the body counts this meeting; nothing if it counts it as the headline does somewhere."""
    found: set[tuple[int, str]] = set()
    for passage in body:
        text = form(passage.text)
        for match in _TIMES.finditer(text):
            if not _EARLIER.search(text, max(0, match.start() - 12), match.start()) and (match["b"] or _name(match) == name):
                found.add((int(match["a"] or match["b"]), f"第{match['a']}回" if match["a"] else match[0]))
    numbers = {times for times, _ in found}
    return {words for _, words in found} if len(numbers) == 1 and number not in numbers else set()


def facts(sheet: Sheet) -> Iterator[Hit]:
    """A phrase of the masthead's ``[facts]`` with another number."""
    known = [(fact, phrase) for fact in sheet.masthead.facts if fact.holds_on(sheet.issue.date) for phrase in fact.phrases]
    for passage in sheet.prose if known else ():
        text, told = form(passage.text), set()
        for fact, phrase in known:
            words, pattern = _pattern(phrase)
            match = pattern.search(text) if words in text and fact.key not in told else None
            if match and value_of(match["n"]) not in fact.values:
                told.add(fact.key)
                meant = "・".join(shown(value) for value in fact.values)
                message = f"「{passage.raw[slice(*match.span())]}」の数は、newsletter.toml の [facts] では{meant}です。"
                yield passage.hit(match.span("n"), message, f"数を確かめてください。変わったのなら、[facts] の {fact.key} を直します。")


@lru_cache(maxsize=256)
def _pattern(phrase: str) -> tuple[str, re.Pattern[str]]:
    """The longest words of a phrase, and what finds it: ``{n}`` is the number, … anything within the sentence."""
    words = re.escape(form(phrase)).replace("…", "[^。]{0,60}?").replace(r"\{n\}", rf"(?<![\d.,])(?P<n>{RUN})")
    return max(re.split(r"…|\{n\}", form(phrase)), key=len), re.compile(words)


_TWICE = "---\n見出し: 世界大会に96か国から1,500人\n欄: イクレイ日本の活動\n---\n\n世界大会には、{}から1,500人が集まりました。\n"
_CAFE = "---\n見出し: 第{}回イクレイカフェを開催\n欄: イクレイ日本の活動\n---\n\n今年度4回目のイクレイカフェを開きました。\n"

RULES = (
    Rule(
        code="CNT005",
        title="見出しと本文の数",
        severity=Severity.WARNING,
        reason="件名や見出しは後から書き直すため、本文の数と食い違いやすく、読者はまず見出しの数を覚えます。",
        source="見出しと本文の照合（編集部の慣行）",
        bad=_TWICE.format("69か国"),
        good=_TWICE.format("96か国"),
        find=twice_told,
    ),
    Rule(
        code="CNT012",
        title="第何回",
        severity=Severity.WARNING,
        reason="前の回の原稿を写すと、回数だけが古いまま残ります。",
        source="見出しと本文の照合（編集部の慣行）",
        bad=_CAFE.format(3),
        good=_CAFE.format(4),
        find=ordinals,
    ),
    Rule(
        code="FACT001",
        title="決まった数",
        severity=Severity.WARNING,
        reason="会員の数のように、どの号でも同じはずの数が記事ごとに違うと、どれが正しいか読者には分かりません。",
        source="newsletter.toml の [facts]",
        bad="イクレイ日本は、読者の皆様、約14,000名の皆様にお届けしています。",
        good="イクレイ日本は、読者の皆様、約1,400名の皆様にお届けしています。",
        find=facts,
    ),
)
