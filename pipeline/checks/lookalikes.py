"""Rules about letters that look like others: passages in, findings on ロ for 口, ー for 一, O for 0, ⽇ for 日 out.

A suspicion is a letter among letters of another script; what decides is whether the word exists with the other letter (コミュ二ティ, but
ブランド力アップ). It never compares with a list of wrong words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from pipeline.checks.passages import Passage
from pipeline.checks.repeated import once
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.checks.words import is_word, words
from pipeline.model import Severity

_TO_KANA = str.maketrans("口力二夕卜工八千一－−‐‑‒–—―─-へべぺり", "ロカニタトエハチーーーーーーーーーーーヘベペリ")
_TO_KANJI = str.maketrans("ロカニタトエハチ", "口力二夕卜工八千")
_SUSPECT = re.compile(
    r"(?<=[ァ-ヴー])[口力二夕卜工八千一－−‐‑‒–—―─-]|[口力二夕卜工八千](?=[ァ-ヴー])(?![ァ-ヴー][一-龯])"
    r"|(?<![ぁ-ん一-龯])[へべぺ](?=[ァ-ヴー])|(?<=[ァ-ヴー])[べぺり](?=[ァ-ヴー])"
)
_KANA_BEFORE = re.compile("[ァ-ヴー・]")
_KANA_BEHIND = re.compile("[ァ-ヴー口力二夕卜工八千一－−‐‑‒–—―─べぺり-]*")
_KANA_RUN = re.compile("[ァ-ヴー]+")
LONGEST_WORD = 60  # letters; no word of any language is longer, and what is longer is no word
_IN_KANJI = re.compile(
    r"(?<![ァ-ヴー])[一-龯]{0,3}(?:(?<=[一-龯])[ロカニタトエハチ](?![ァ-ヴー])|(?<![ァ-ヴー])[ロカニタトエハチ](?=[一-龯]))[一-龯]{0,3}"
)
_SIZES = re.compile(
    r"[アカサタナハマヤラワンー][ィゥ]|[ァ-ヴ](?<![フヴツクグテデトドウスズシジチキミニリヒビピギイ])ィ|[キシチニヒミリギジビピ][ヤユヨ]"
    r"|[ァ-ヴ]ツ(?=[カキクケコサスタトパピプペポ])|フ[アイエオ]|[テデ]イ"
)
_SWAPPED = re.compile(r"(?<![ァ-ヴー・])(?=[ァ-ヴー]*[ンソシツ])[ァ-ヴー]{4,}(?![ァ-ヴー・市州県]|大学)")
_LIKE = str.maketrans("ンソシツ", "ソンツシ")
_RESIZED = str.maketrans("アイウエオツヤユヨァィゥェォッャュョ", "ァィゥェォッャュョアイウエオツヤユヨ")
_COUNTER = re.compile(r"カ(?:所|国|月|年|条|寺|町|村|店|院|校|箇)")
_PARTICLE = re.compile(
    r"(?<=[一-龯0-9）」々])ヘ(?=[のとはも、。一-龯0-9]|$)|(?<=[一-龯ぁ-ん])リ(?=[ぁ-ん]|[一-龯][ぁ-ん])|(?<=[ぁ-ん])ヘ(?=[一-龯ぁ-ん])"
)
_RADICAL = re.compile(r"[\u2e80-\u2fdf]+")
_DIGIT_LETTER = re.compile(
    r"(?:(?<![A-Za-z\d])|(?<=[A-Za-z]\d))\d+[OoＯоОlIｌ](?:\d*)(?=[年月日時分人名件回か％%円万億,，:：])|(?<![A-Za-zＡ-Ｚａ-ｚ0-9])[lI]\d{0,3}(?=[年月日時分人名件回か％%円万億])"
    r"|(?<![A-Za-z0-9])[A-Z]{1,4}0[A-Z]{1,4}(?=\d|[^A-Za-z0-9]|$)"
    r"|(?<![A-Za-z0-9])C[0О０][²₂2２](?![0-9A-Za-z])|(?<![A-Za-z0-9])(?:1CLEI|lCLEI|[A-Z]{3,5}l)(?![A-Za-z0-9])|(?<=\d)[OоО](?=\d)"
)
_SCRIPTS = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z0-9]*(?:[A-Za-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][A-Za-z0-9])"
    r"[A-Za-z0-9\u0370-\u03ff\u0400-\u04ff]*"
    r"|(?<![\u0400-\u04ff])[АВЕКМНОРСТУХ]{2,6}(?=\d)"
)
_ALIKE = str.maketrans("АВЕКМНОРСТУХаеорсухіΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTYXaeopcyxiABEZHIKMNOPTYXo")


def in_katakana(sheet: Sheet) -> Iterator[Hit]:
    """A kanji, a dash or a hiragana in a katakana word: コミュ二ティ, セミナ－, べルリン."""
    for passage in sheet.holding(_SUSPECT, _KANA_RUN):
        for start, end in _mixed(passage.text):
            word = passage.text[start:end]
            right = word.translate(_TO_KANA)
            part = next((n for n in _changed(word, right)[:5] if _is_part(right, n) and not _is_whole(passage.text, start, end, n)), None)
            if part is not None:
                yield _mistaken(passage, start + part, word[part], right[part], right)
        for match in _KANA_RUN.finditer(passage.text):
            right = _resized(match[0]) if _SIZES.search(match[0]) else ""
            if right:
                message = f"「{match[0]}」は、小さい字と大きい字（ッとツ、ィとイなど）を取り違えているようです。"
                yield passage.hit(match.span(), message, f"「{right}」ではありませんか。", instead=right)
    yield from swapped(sheet)


def swapped(sheet: Sheet) -> Iterator[Hit]:
    """ソ for ン, ツ for シ: オソライン is no word, オンライン is one."""
    for passage in sheet.holding(_SWAPPED):
        for match in _SWAPPED.finditer(passage.text):
            right = _unswapped(match[0])
            if right:
                message = f"「{match[0]}」は、形の似た字（ンとソ、シとツなど）を取り違えているようです。"
                yield passage.hit(match.span(), message, f"「{right}」ではありませんか。", instead=right)


@lru_cache(maxsize=2_000)
def _unswapped(word: str) -> str:
    """The word that the dictionary knows when one letter is taken for its like, "" if it knows this one or none."""
    if all(part.known for part in words(word)) or (len(word) < 5 and re.search("[シツ]", word)):
        return ""
    others = (word[:at] + letter.translate(_LIKE) + word[at + 1 :] for at, letter in enumerate(word) if letter.translate(_LIKE) != letter)
    return next((other for other in others if is_word(other) or (other.count("ン") > word.count("ン") and _is_made_of_two(other))), "")


def _is_made_of_two(word: str) -> bool:
    """Whether the dictionary knows its halves: オン and ライン."""
    return len(word) < 7 and any(is_word(word[:seam]) and is_word(word[seam:]) for seam in range(2, len(word) - 2))


def _mixed(text: str) -> Iterator[tuple[int, int]]:
    """Where katakana words with another letter in them begin and end: the letter is looked for first, then the word around it."""
    done = 0
    while suspect := _SUSPECT.search(text, done):
        start, begun = suspect.start(), done
        while start > begun and _KANA_BEFORE.match(text, start - 1):
            start -= 1
        behind = _KANA_BEHIND.match(text, suspect.end())
        done = behind.end() if behind else suspect.end()
        if done - start <= LONGEST_WORD:
            yield start, done


def _resized(word: str) -> str:
    """The word that the dictionary knows when one letter is written small or large, "" if it knows this one or none."""
    if not 3 <= len(word) <= LONGEST_WORD or is_word(word):
        return ""
    others = (
        word[:at] + letter.translate(_RESIZED) + word[at + 1 :] for at, letter in enumerate(word) if letter.translate(_RESIZED) != letter
    )
    return next((other for other in others if is_word(other)), "")


def in_kanji(sheet: Sheet) -> Iterator[Hit]:
    """A katakana in a kanji word: 協カ, エ場, 人ロ."""
    for passage in sheet.prose:
        for match in _IN_KANJI.finditer(passage.text):
            if _COUNTER.search(match[0]):
                continue
            right = match[0].translate(_TO_KANJI)
            parts = [part for part in _changed(match[0], right) if _is_part(right, part) and not _is_part(match[0], part)]
            if parts:
                yield _mistaken(passage, match.start() + parts[0], match[0][parts[0]], right[parts[0]], right)
        for match in re.finditer(r"(?<![ァ-ヴー])ニ(?=酸化|[〇一二三四五六七八九十]{2}|十)", passage.text):
            yield _mistaken(passage, match.start(), "ニ", "二", "二" + passage.text[match.end() :][:2])


def particles(sheet: Sheet) -> Iterator[Hit]:
    """The particle へ and the り of a verb in katakana: 横浜市ヘの, 取リ組み."""
    for passage in sheet.holding(_PARTICLE):
        for match in _PARTICLE.finditer(passage.text):
            right = {"ヘ": "へ", "リ": "り"}[match[0]]
            yield _mistaken(
                passage, match.start(), match[0], right, passage.text[max(match.start() - 2, 0) : match.end() + 2].replace(match[0], right)
            )


def _after_katakana(passage: Passage) -> Iterator[Hit]:
    """セミナーヘの: the katakana word is whole without its ヘ."""
    for match in re.finditer(r"([ァ-ヴー]{3,})ヘ(?=の|は|と|、|も|参加|出席|向け)", passage.text):
        if is_word(match[1]) and not is_word(match[1] + "ヘ"):
            yield _mistaken(passage, match.end() - 1, "ヘ", "へ", match[1] + "へ")


def figures(sheet: Sheet) -> Iterator[Hit]:
    """O and l among figures, 0 and 1 among letters: 2O25年, C0P29, C02."""
    for passage in sheet.holding(_DIGIT_LETTER):
        for match in _DIGIT_LETTER.finditer(passage.text):
            message = f"「{match[0]}」は、数字とよく似た文字（0とO、1とlなど）を取り違えているようです。"
            yield passage.hit(match.span(), message, "数字か文字かを確かめ、打ち直してください。")


def foreign(sheet: Sheet) -> Iterator[Hit]:
    """Letters of another alphabet in a Latin word, and radicals from a PDF: СОР29, ⽇本."""
    for passage in sheet.holding(_SCRIPTS):
        for match in _SCRIPTS.finditer(passage.text):
            if match[0].translate(_ALIKE).isascii():
                message = f"「{match[0]}」に、見た目の同じ別の文字（ギリシャ文字・キリル文字）が入っています。"
                yield passage.hit(match.span(), message, "半角の英字で打ち直してください。", instead=match[0].translate(_ALIKE))
    yield from once(_radicals(sheet))


def _radicals(sheet: Sheet) -> Iterator[Hit]:
    for passage in sheet.holding(_RADICAL):
        for match in _RADICAL.finditer(passage.text):
            right = unicodedata.normalize("NFKC", match[0])
            message = "漢字ではなく、見た目の同じ「部首」の文字が入っています（PDFからの貼り付けで起こります）。"
            hint = f"「{right}」と打ち直してください。" if right != match[0] else "正しい漢字を打ち直してください。"
            yield passage.hit(match.span(), message, hint, instead=right if right != match[0] else None)


def _changed(wrong: str, right: str) -> list[int]:
    return [at for at, (one, other) in enumerate(zip(wrong, right, strict=True)) if one != other]


def _is_part(text: str, at: int) -> bool:
    """Whether the letter stands inside a word that the dictionary knows, of two letters or more."""
    if any(word.start <= at < word.end and word.known and word.end - word.start > 1 for word in words(text)):
        return True
    return any(is_word(text[:seam]) and is_word(text[seam:]) and seam > 1 and len(text) - seam > 1 for seam in (at, at + 1))


def _is_whole(text: str, start: int, end: int, part: int) -> bool:
    """Whether the word before 一 or a dash is whole without it: アドバイザー一同, グループ一つ."""
    word = text[start:end]
    before, behind = word[:part], text[start + part + 1 : start + part + 2]
    if word[part].translate(_TO_KANA) != "ー":
        return False
    return (
        before.endswith("ー")
        or behind == "-"
        or (word[part] == "一" and bool(re.match(r"[一-龯つ]", behind)) and all(word.known for word in words(before)))
    )


def _mistaken(passage: Passage, at: int, wrong: str, right: str, word: str) -> Hit:
    message = f"「{passage.raw[max(at - 4, 0) : at + 5].strip()}」の「{wrong}」は{_kind(wrong)}です。"
    return passage.hit((at, at + 1), message, f"{_kind(right)}の「{right}」に直してください（{word}）。", instead=right)


def _kind(letter: str) -> str:
    name = unicodedata.name(letter, "")
    if letter == "ー":
        return "長音符"
    return (
        "カタカナ"
        if "KATAKANA" in name
        else "ひらがな"
        if "HIRAGANA" in name
        else "漢字"
        if "CJK" in name
        else "記号（長音符ではありません）"
    )


RULES = (
    Rule(
        code="CHAR005",
        title="カタカナ語の中の別の字",
        severity=Severity.WARNING,
        reason="見た目が同じでも別の字なので、検索にも読み上げにも現れません。",
        source="編集部の経験、形態素解析（SudachiPy）",
        bad="地域のコミュ二ティが参加しました。",
        good="ブランド力アップ、グループ一同、デザイン力で知られる二カ国の取組です。",
        find=in_katakana,
    ),
    Rule(
        code="CHAR006",
        title="漢字の語の中のカタカナ",
        severity=Severity.WARNING,
        reason="見た目が同じでも別の字なので、検索にも読み上げにも現れません。",
        source="編集部の経験、形態素解析（SudachiPy）",
        bad="自治体の協カを得て開催しました。",
        good="日ロの2カ国、三カ所、協力して進めます。",
        find=in_kanji,
    ),
    Rule(
        code="CHAR007",
        title="ひらがなとカタカナの取り違え",
        severity=Severity.WARNING,
        reason="見た目が同じでも別の字なので、検索にも読み上げにも現れません。",
        source="編集部の経験",
        bad="横浜市ヘの視察を受け入れました。",
        good="横浜市への視察、ヘルシンキへの派遣を行いました。",
        find=particles,
    ),
    Rule(
        code="CHAR008",
        title="数字と英字の取り違え",
        severity=Severity.WARNING,
        reason="数字のゼロと英字のオー、1とlの取り違えは、検索でも読み上げでも別の語になります。",
        source="編集部の経験",
        bad="C0P29がバクーで開かれました。",
        good="COP29、CO2、24/7カーボンフリー電力、G7、A1判の資料です。",
        find=figures,
    ),
    Rule(
        code="CHAR009",
        title="見た目の同じ別の文字",
        severity=Severity.WARNING,
        reason="別の文字体系の字やPDFの部首の字は、検索できず、古いパソコンでは表示されません。",
        source="Unicode UTS #39（紛らわしい文字）",
        bad="⽇本の⾃治体が参加しました。",
        good="日本の自治体が参加しました。μg、β版、Ωも正しい文字です。",
        find=foreign,
    ),
)
