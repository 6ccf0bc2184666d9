"""Rules about spelling that need no table: passages in, findings on wrong okurigana and on one word in two spellings of an issue out.

What decides is the dictionary's standard form (盛込む → 盛り込む), and of words that stand in two forms the issue itself. Nouns of the
law without okurigana (引継書, 受付) are right; quotations are left alone. It reads no file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pipeline.checks.passages import Passage
from pipeline.checks.repeated import more, once
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.checks.words import Word, words
from pipeline.model import Severity

_STEMS = """
取:り 引:き 切:り 打:ち 申:し 受:け 売:り 買:い 持:ち 盛:り 繰:り 組:み 差:し 立:ち 積:み 振:り 割:り 乗:り 払:い 呼:び 書:き 読:み 話:し 追:い 押:し 抜:き 埋:め 建:て 入:れ 突:き 張:り
貸:し 借:り 刈:り 据:え 植:え 詰:め 投:げ 巻:き 移:し 飛:び 踏:み 落:ち 掘:り 締:め 働:き 思:い 言:い 聞:き 生:み 編:み 織:り 染:め 溶:け 解:き 食:べ 飲:み 住:み 歩:き 走:り 結:び 折:り 運:び
"""
_OKURI = dict(pair.split(":") for pair in _STEMS.split())
_COMPOUND = re.compile(
    rf"(?<![一-龯々])[{''.join(_OKURI)}][一-龯](?=[いきしちにひみりぎじびっんうくすつぬむるぐぶえけせてねめれげぜべわまか])"
)
_SINGLE = re.compile(
    r"(?<![一-龯々])(?:[終変当分起代異混替](?=[っらりるれ])|[落暮過](?=[さしすせ])|生れ|向[いうえおっ]|積(?=[っらりるれ])|浮[ばびぶべん]|押え|捕え|聞え|悔[まみむめ]|頼し|恐し|勇し|晴や|鮮か|穏か|明か"
    r"|[行失伴補営]な(?=[いうえおっわ])|[表現断著承]わ(?=[さしすせられりるっ])|誤ま|志ざ|喜こ|育く[まみむ]|短か|必らず|快よ|慎し|企だ|柔か)"
    r"|(?<=[いきしちみりえけせて])上(?=[らりっるれ](?!げ))"
)
_KANA = re.compile("[ぁ-ん]+")
_CLAUSE = re.compile("[、。「」『』（）()\\s\ue000]")


def okurigana(sheet: Sheet) -> Iterator[Hit]:
    """計画に盛込む, 17時に終りました, 市民に呼掛けています."""
    yield from once(_wrong_okurigana(sheet))


def _wrong_okurigana(sheet: Sheet) -> Iterator[Hit]:
    for passage in sheet.prose:
        text = passage.unquoted
        for match in (*_COMPOUND.finditer(text), *_SINGLE.finditer(text)):
            start, end = _clause(text, match.start())
            found = _mended(text[start:end], match.start() - start)
            if found:
                at, stop, right = found
                wrong = text[start + at : start + stop]
                message = f"「{wrong}」の送り仮名が違います。"
                yield passage.hit((start + at, start + stop), message, f"「{right}」と書きます（公用文の送り仮名）。", instead=right)


def _clause(text: str, at: int) -> tuple[int, int]:
    before = max((match.end() for match in _CLAUSE.finditer(text, max(at - 20, 0), at)), default=max(at - 20, 0))
    behind = _CLAUSE.search(text, at)
    return before, min(behind.start() if behind else len(text), at + 24)


@lru_cache(maxsize=2_000)
def _mended(clause: str, at: int) -> tuple[int, int, str] | None:
    """(start, end, the right form) of the word at ``at`` if the dictionary's standard form has other okurigana."""
    read = words(clause)
    for number, word in enumerate(read):
        if word.start <= at < word.end:
            behind = read[number + 1] if number + 1 < len(read) else None
            return _standard(word, behind) or _parted(word, behind, clause)
    return None


def _standard(word: Word, behind: Word | None) -> tuple[int, int, str] | None:
    if word.kind not in ("動詞", "形容詞", "形状詞", "副詞") or not word.known or word.plain == word.normal:
        return None
    same = _KANA.sub("", word.plain) == _KANA.sub("", word.normal)
    if not same or (word.kind == "動詞" and not _goes_on(word, behind)):
        return None
    common = len(_common_start(word.text, word.plain))
    cut = len(word.plain) - common
    stem = word.normal[: len(word.normal) - cut] if cut else word.normal
    return word.start, word.end, stem + word.text[common:]


def _common_start(one: str, other: str) -> str:
    size = next((n for n, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), min(len(one), len(other)))
    return one[:size]


def _goes_on(word: Word, behind: Word | None) -> bool:
    """Whether it is a verb here and no noun (引継ぎ書, 受入れの): what stands behind it decides."""
    if not word.form.startswith("連用形"):
        return True
    return behind is not None and (behind.kind == "助動詞" or (behind.kind == "助詞" and behind.text in ("て", "で", "ながら", "つつ")))


def _parted(word: Word, behind: Word | None, clause: str) -> tuple[int, int, str] | None:
    """呼|掛け|て: the dictionary has no such verb, but the first letter is a stem without its kana."""
    okuri = _OKURI.get(word.text, "")
    if not okuri or (word.start and re.match("[一-龯々ァ-ヶー0-9]", clause[word.start - 1])):
        return None
    third = next((other for other in words(clause) if behind and other.start == behind.end), None)
    if behind is None or behind.kind != "動詞" or not re.match("[一-龯]", behind.text) or not _goes_on(behind, third):
        return None
    return word.start, behind.end, word.text + okuri + behind.text


_LOAN = re.compile("(?<![ァ-ヴー・])[ァ-ヴ][ァ-ヴー・]{2,30}(?![ァ-ヴー・])")
_LONG = re.compile("(?<=[エケセテネヘメレゲゼデベペェ])イ")
_PLAIN = str.maketrans(
    {"ヴ": "ブ", "ヂ": "ジ", "ヅ": "ズ", "ァ": "ア", "ィ": "イ", "ゥ": "ウ", "ェ": "エ", "ォ": "オ", "ャ": "ヤ", "ュ": "ユ", "ョ": "ヨ"}
)


def wavering(sheet: Sheet) -> Iterator[Hit]:
    """バイオ・マス beside バイオマス, ファシリテータ beside ファシリテーター, 貸し出し beside 貸出し."""
    yield from _told(_loans(sheet.prose))
    yield from _told(_nouns(sheet.prose))


_Found = dict[str, dict[str, list[tuple[Passage, tuple[int, int]]]]]


def _loans(prose: Iterable[Passage]) -> _Found:
    found: _Found = {}
    for passage in prose:
        for match in _LOAN.finditer(passage.unquoted):
            word = match[0].strip("・")
            if len(word) >= 4:
                span = (match.start(), match.start() + len(word))
                found.setdefault(_sound(word), {}).setdefault(word, []).append((passage, span))
    return found


@lru_cache(maxsize=4_000)
def _sound(word: str) -> str:
    """What two spellings of one loan word have in common."""
    plain = _LONG.sub("ー", word.replace("・", "").replace("ヴァ", "バ").replace("ヴィ", "ビ").replace("ヴェ", "ベ").replace("ヴォ", "ボ"))
    plain = plain.replace("ティ", "チ").replace("ディ", "ジ").replace("イヤ", "イア").replace("ホン", "フォン").replace("テア", "チア")
    return plain.translate(_PLAIN).rstrip("ー")


_NOUN = re.compile(
    r"(?P<one>[一-龯])(?:[いきしちにみりぎえけせてねめれげべ]|わせ)?(?P<two>[一-龯])(?:[いきしちにみりぎえけせてねめれげべ]|わせ|かけ)?"
    r"(?=[はがをの。）」]|です|でし|から|まで|など|より|に(?:は|つ|よ|関|お|係|な))"
)


def _nouns(prose: Iterable[Passage]) -> _Found:
    """Compounds of two verbs as nouns, by their kanji; a form with no kana at all is no form of them unless another one is."""
    found: _Found = {}
    for passage in prose:
        for match in _NOUN.finditer(passage.unquoted):
            if (
                match["one"] in _OKURI
                and match["one"] + match["two"] != "取組"
                and not re.match("[一-龯々]", passage.unquoted[max(match.start() - 1, 0) : match.start()] or "。")
            ):
                found.setdefault(match["one"] + match["two"], {}).setdefault(match[0], []).append((passage, match.span()))
    return {key: forms for key, forms in found.items() if sum(bool(_KANA.search(form)) for form in forms) and _is_one(forms)}


def _is_one(forms: Iterable[str]) -> bool:
    """Whether the forms differ in how much kana they write, not in the word (書きます and 書けます are two)."""
    ordered = sorted(forms, key=len)
    return all(_is_within(short, ordered[-1]) for short in ordered[:-1])


def _is_within(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


def _told(found: _Found) -> Iterator[Hit]:
    for forms in found.values():
        if len(forms) > 1:
            usual, *others = sorted(forms, key=lambda form: -len(forms[form]))
            for other in others:
                first, *rest = (passage.hit(span, "", "") for passage, span in forms[other])
                message = f"「{other}」は、この号のほかの所では「{usual}」と書かれています。{more(first, rest)}"
                yield Hit(message=message, hint="どちらかにそろえてください。", place=first.place)


RULES = (
    Rule(
        code="NOT003",
        title="送り仮名",
        severity=Severity.WARNING,
        reason="動詞の送り仮名は、省かず、余分に送らずに書きます。",
        source="送り仮名の付け方（内閣告示）、公用文における漢字使用等について、形態素解析（SudachiPy）",
        bad="市は、目標を計画に盛込み、会議は17時に終りました。後任に引継ぎました。",
        good="目標を計画に盛り込みました。引継書と受付票を受け取り、取材を申し込み、講座を受講しました。",
        find=okurigana,
    ),
    Rule(
        code="NOT004",
        title="一つの語の二つの書き方",
        severity=Severity.WARNING,
        reason="一つの号の中で同じ語の書き方が違うと、別の語のように読めます。",
        source="公用文作成の考え方 Ⅰ（表記の統一）、外来語の表記（内閣告示）",
        bad="バイオ・マス発電所とバイオマスの森。貸し出しは無料で、貸出しは2週間です。",
        good="バイオマス発電所とバイオガス。ベトナムとベトナム料理。受付は無料で、先着順に受け付けます。",
        find=wavering,
    ),
)
