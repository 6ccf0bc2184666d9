"""Rules about spaces that stand where Japanese has none: passages in, findings out.

Names of people and of departments, what follows ！ and ？, indentation, labels (日　時) and tables keep theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.checks.passages import Passage
from pipeline.checks.repeated import more, once
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.checks.words import words
from pipeline.model import Severity

_SPACE = " \u00a0\u2002-\u200a\u202f\u3000"
_BEFORE_MARK = re.compile(rf"(?<=[^\s|｜、。「『（【])[{_SPACE}]+(?=[、。，．」』）】！？])")
_AFTER_MARK = re.compile(rf"(?<=[「『（【])[{_SPACE}]+(?=[^\s」』）】])|(?<=[、。])[ \u00a0]+(?=[ぁ-んァ-ヶ一-龯「『（])")
_IN_KANA = re.compile(rf"(?<=[ぁ-ん])[{_SPACE}]+(?=[ぁ-ん一-龯])|(?<=[ァ-ヶー])[ \u00a0]+(?=[ァ-ヶー])")
_BEFORE_PARTICLE = re.compile(
    rf"(?<=[一-龯ァ-ヶー々）」])[{_SPACE}]+(?=(?:を|[がはにのでとへも](?:[一-龯ァ-ヶ、0-9「]|は|も|の)|から|まで|より|など|です|でした|ます|し(?:ま|た|て|な)|する|さ(?:れ|せ)|でき"
    rf"|いた(?:し|だ)|くださ)[^ 　])"
)
_IN_KANJI = re.compile(rf"(?<=[一-龯])[{_SPACE}]+(?=[一-龯])|(?<=[一-龯])[ \u00a0]+(?=[ぁ-ん])")
_IN_FIGURES = re.compile(
    r"(?<=\d)[ ]+,[ ]*(?=\d{3}(?!\d))|(?<=\d),[ ]+(?=\d{3}[人名円件年か社個トkm万])|(?<=\d)[ \u3000]+(?=\d{1,4}[年月日時分](?!\d))(?<=\d[ \u3000])"
)
_DOUBLED = re.compile(r"(?<=[^\s|])\u3000{2,}(?=[^\s|])|(?<=[ぁ-んァ-ヶ一-龯、。])[ ]{2,}(?=[ぁ-んァ-ヶ一-龯])")
_TAB = re.compile(r"(?<=\S)\t+(?=\S)")
_TITLES = ("title", "subject", "lead_line", "summary", "alt")
_SENTENCE = re.compile(r"。|(?:です|ます|ました|でした|ません|ください)(?:[。！？!?）」]|$)")
_LEFT = re.compile(
    r"(?<![一-龯々ァ-ヶーA-Za-z0-9])[一-龯々ァ-ヶー]{1,9}[一-龯々ァ-ヶー](?<![都道府県市区町村局部課室所館庁省回年月日号版長員代表者])$"
)
_RIGHT = re.compile(r"[一-龯々ァ-ヶー]{2,10}(?![一-龯々ァ-ヶー]|さん|氏|様|[ 　])(?<![長員課部局者])")
_FURIGANA = re.compile("[（(][ぁ-ん]{1,8}$")
_FURIGANA_ENDS = re.compile("[ぁ-ん]{1,8}[）)]")
_LABEL = re.compile(r"^[^。]{0,12}[：:]|^[○●◇■□◆・※【].{0,10}[ 　]")


def stray(sheet: Sheet) -> Iterator[Hit]:
    """A space before 、 or 。, behind 「, or inside a word of running text."""
    yield from once(_beside_marks(sheet))
    for passage in sheet.prose:
        if passage.kind == "heading" or passage.key in _TITLES:
            yield from _in_titles(passage)
        elif passage.kind in ("paragraph", "item", "quote") and _SENTENCE.search(passage.text):
            found = list(_in_sentences(passage))
            if found:
                fix = tuple(edit for hit in found for edit in hit.fix)
                yield replace(found[0], message=found[0].message + more(found[0], found[1:]), fix=fix)


def _in_titles(passage: Passage) -> Iterator[Hit]:
    """A title may part its halves; what it never parts is a word."""
    for match in re.finditer(r"(?<=[一-龯ァ-ヶー])[ \u00a0](?=[一-龯ァ-ヶー])", passage.text):
        if _splits_a_word(passage.text, match):
            around = passage.raw[max(match.start() - 4, 0) : match.end() + 4].strip()
            yield passage.hit(match.span(), f"「{around}」の語の間に空白があります。", "空白を消してください。", instead="")


def _beside_marks(sheet: Sheet) -> Iterator[Hit]:
    for passage in sheet.holding(_BEFORE_MARK, _AFTER_MARK):
        if passage.kind == "row":
            continue
        for pattern, what in ((_BEFORE_MARK, "の前"), (_AFTER_MARK, "の後")):
            for match in pattern.finditer(passage.text):
                mark = passage.text[match.end()] if what == "の前" else passage.text[match.start() - 1]
                yield passage.hit(match.span(), f"「{mark}」{what}に余分な空白があります。", "空白を消してください。", instead="")


def _in_sentences(passage: Passage) -> Iterator[Hit]:
    text = "".join(shown if letter == "　" else letter for letter, shown in zip(passage.text, passage.unquoted, strict=True))
    seen: set[int] = set()
    for pattern in (_IN_KANA, _BEFORE_PARTICLE, _IN_KANJI):
        for match in pattern.finditer(text):
            parts = pattern is _IN_KANJI and _parts_a_compound(text, match)
            if match.start() in seen or (_belongs(passage, text, match) and not _begins(passage, text, match)):
                continue
            if pattern is _IN_KANJI and not parts and not _splits_a_word(text, match):
                continue
            if pattern is _IN_KANA and (_FURIGANA.search(text[: match.start()]) and _FURIGANA_ENDS.match(text, match.end())):
                continue
            if pattern is _IN_KANA and re.match(r"[ァ-ヶー]", text[match.end()]) and not _splits_a_word(text, match):
                continue
            seen.add(match.start())
            around = passage.raw[max(match.start() - 4, 0) : match.end() + 4].strip()
            yield passage.hit(match.span(), f"「{around}」の語の間に空白があります。", "空白を消してください。", instead="")
    for match in _IN_FIGURES.finditer(text):
        around = passage.raw[max(match.start() - 3, 0) : match.end() + 4]
        yield passage.hit(
            match.span(), f"「{around}」の数字の間に空白があります。", "空白を消してください。", instead="," if "," in match[0] else ""
        )


def _belongs(passage: Passage, text: str, match: re.Match[str]) -> bool:
    """Whether the space parts a label, a line of the file, or what a person set apart on purpose."""
    start = match.start()
    offsets = passage.offsets
    if offsets[match.end()] - offsets[start] != match.end() - start:
        return True  # a line break of the file stood here
    line = max((n for n in range(1, start + 1) if offsets[n] - offsets[n - 1] > 1), default=0)
    sentence = max(line, text.rfind("。", 0, start) + 1)
    before = text[sentence:start]
    return (
        bool(_LABEL.match(text[line : match.end()]))
        or "　" in before
        or len(before.strip()) < 2
        or not re.search(r"[。、]|です|ます|ました", text[start:])
    )


def _begins(passage: Passage, text: str, match: re.Match[str]) -> bool:
    """会 議は、: a word at the head of a paragraph whose halves are no words that stand apart."""
    return passage.kind == "paragraph" and match.start() == 1 and match[0] == " " and _splits_a_word(text, match)


def _parts_a_compound(text: str, match: re.Match[str]) -> bool:
    """政治 宣言 in running text: two common nouns; not an office and its section (みほん市 環境政策課), nor a name."""
    left = _LEFT.search(text, max(match.start() - 20, 0), match.start())
    right = _RIGHT.match(text, match.end())
    if match[0] != " " or not left or not right or not re.search("[ぁ-ん、]$", text[: left.start()]):
        return False
    found = words(left[0] + right[0])
    if not any(word.start == len(left[0]) for word in found):
        return False
    return all(word.kind == "名詞" and word.detail == "普通名詞" and word.known for word in found)


def _splits_a_word(text: str, match: re.Match[str]) -> bool:
    """Whether the letters on both sides are one word without the space, and not two (環境政策課, 山田太郎)."""
    left = re.search(r"[一-龯々ぁ-んァ-ヶー0-9]{0,6}$", text[: match.start()])
    right = re.match(r"[一-龯々ぁ-んァ-ヶー]{0,6}", text[match.end() :])
    if not left or not right:
        return False
    seam = len(left[0])
    return any(word.start < seam < word.end and word.known and word.detail != "固有名詞" for word in words(left[0] + right[0]))


def doubled(sheet: Sheet) -> Iterator[Hit]:
    """Two full-width spaces in a sentence, or tabs: layout of a page that a mail does not have."""
    yield from once(_doubled(sheet))


def _doubled(sheet: Sheet) -> Iterator[Hit]:
    for passage in sheet.prose:
        for match in _TAB.finditer(passage.raw):
            yield passage.hit(match.span(), "タブが入っています。", "空白一つにするか、表にしてください。メールでは位置がそろいません。")
        if passage.kind not in ("paragraph", "item", "field") or not _SENTENCE.search(passage.text):
            continue
        for match in _DOUBLED.finditer(passage.unquoted):
            if not _LABEL.match(passage.text[: match.end()]):
                yield passage.hit(match.span(), "空白が二つ以上続いています。", "一つにするか、消してください。")


RULES = (
    Rule(
        code="CHAR016",
        title="余分な空白",
        severity=Severity.WARNING,
        reason="語の途中の空白は、検索で見つからず、読み上げで語が切れる原因になります。",
        source="総務省「みんなの公共サイト運用ガイドライン」（単語内の空白）",
        bad="会員自治体の取 組を 、ご紹介します。",
        good="当日は！　楽しい会でした。横浜市 温暖化対策統括本部の山田 太郎課長が登壇しました。",
        find=stray,
    ),
    Rule(
        code="CHAR017",
        title="続いた空白とタブ",
        severity=Severity.WARNING,
        reason="空白やタブでそろえた位置は、受け取る側の文字の幅で崩れます。",
        source="点検一覧、テキスト版の実際",
        bad="会員自治体は　　取組を紹介しました。",
        good="日時：1月15日　　会場：オンライン",
        find=doubled,
    ),
)
