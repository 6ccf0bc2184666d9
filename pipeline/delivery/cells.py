"""What a cell of a list says in, the value as the list of readers has it out; a word that is on no list is refused with the words that are. Pure.

Empty says nothing: it is ``None`` or "", never "no".
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache

from pipeline.dates import find_date
from pipeline.delivery.people import SEGMENTS
from pipeline.errors import ReaderError

LONGEST = 200
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]+"
)
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠|%]")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?).*)?")
_SEGMENT_WORDS = {
    "自治体": "市 町 村 区 県 都 道 府 市町村 市区町村 都道府県 地方自治体 地方公共団体 基礎自治体 広域自治体 会員自治体 非会員自治体 municipality city localgovernment government",
    "行政": "国 省庁 中央省庁 官公庁 府省 国の機関 政府 ministry nationalgovernment",
    "NPO": "ngo npo法人 非営利 非営利団体 市民団体 ngo/npo npo/ngo npo・ngo ngo・npo 財団 社団 nonprofit",
    "研究機関": "研究所 シンクタンク 国立研究開発法人 research researchinstitute institute",
    "大学": "学校 教育機関 高校 大学院 学生 university academia",
    "企業": "会社 民間 民間企業 事業者 法人 business company corporate privatesector",
    "その他": "個人 報道 メディア 国際機関 other others 他",
}
_SEGMENTS = {word: segment for segment, row in _SEGMENT_WORDS.items() for word in (segment.casefold(), *row.split())}
_LANGUAGES = {
    **dict.fromkeys(("ja", "jp", "jpn", "japanese", "日本語", "和文", "日", "ja-jp"), "ja"),
    **dict.fromkeys(("en", "eng", "english", "英語", "英文", "英", "en-us", "en-gb"), "en"),
}
_YES = frozenset(["会員", "正会員", "会員自治体", "○", "◯", "〇", "●", "1", "y", "yes", "true", "はい", "有", "該当", "member", "済"])
_NO = frozenset(
    [
        "非会員",
        "会員外",
        "×",
        "x",
        "✕",
        "0",
        "n",
        "no",
        "false",
        "いいえ",
        "無",
        "なし",
        "非該当",
        "-",
        "ー",
        "-",
        "nonmember",
        "non-member",
    ]
)


def plain(text: str) -> str:
    """A cell as a value: NFC, one line, no control characters, no space at its ends; the mark that keeps a formula from running taken off.

    ``ReaderError`` if it is too long for anything that a person is called.
    """
    if not text:
        return ""
    text = text.strip()
    if not (text.isprintable() and text[:1] != "'" and unicodedata.is_normalized("NFC", text)):
        text = _CONTROL.sub(" ", unicodedata.normalize("NFC", bare(text))).strip()
    if len(text) > LONGEST:
        raise ReaderError(f"「{text[:10]}…」が長すぎます（{len(text):,}字。{LONGEST}字まで）。")
    return text


often = lru_cache(maxsize=2048)(plain)  # for what many readers share: offices, departments


def safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe in front of the signs that begin one. ``bare`` takes it off again."""
    return f"'{text}" if text and (_FORMULA.match(text) or (text[0] == "'" and _FORMULA.match(text.lstrip("'")[:1]))) else text


def bare(text: str) -> str:
    """A cell without the apostrophe of ``safe``."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text.lstrip("'")[:1]) else text


def folded_word(text: str) -> str:
    """A word as tables of words have it: NFKC, small letters, no spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


@lru_cache(maxsize=512)
def parse_segment(text: str) -> str:
    """One of ``SEGMENTS``, "" for an empty cell."""
    word = folded_word(text)
    if word and word not in _SEGMENTS:
        near = difflib.get_close_matches(word, _SEGMENTS, n=1, cutoff=0.6)
        hint = f"「{_SEGMENTS[near[0]]}」のことですか。" if near else ""
        raise ReaderError(f"区分「{plain(text)[:20]}」は使えません。{hint}使えるのは、{'、'.join(SEGMENTS)}です。")
    return _SEGMENTS.get(word, "")


@lru_cache(maxsize=512)
def parse_language(text: str) -> str:
    """``ja`` or ``en``, "" for an empty cell."""
    word = folded_word(text)
    if word and word not in _LANGUAGES:
        raise ReaderError(f"言語「{plain(text)[:20]}」は使えません。ja（日本語）か en（英語）にしてください。")
    return _LANGUAGES.get(word, "")


@lru_cache(maxsize=512)
def parse_member(text: str) -> bool | None:
    """Whether it says 会員; ``None`` for an empty cell."""
    word = folded_word(text)
    if not word:
        return None
    if word not in _YES and word not in _NO:
        raise ReaderError(f"会員「{plain(text)[:20]}」は読めません。「会員」か「非会員」か空欄にしてください。")
    return word in _YES


@lru_cache(maxsize=1024)
def parse_day(text: str, today: str) -> str:
    """A day as ISO text, "" for an empty cell, from 2024-06-01, 2024/6/1, 令和6年6月1日; the time behind an ISO day is kept. Days to come are refused."""
    if not text.strip():
        return ""
    day = _day(text.strip())
    if day is None:
        raise ReaderError(f"日付「{plain(text)[:20]}」を読めません。2024-06-01 のように書いてください。")
    if day.isoformat() > today[:10]:
        raise ReaderError(f"日付「{plain(text)[:20]}」は、今日より後です。")
    match = _ISO.fullmatch(text.strip())
    clock = match[4] if match and match[4] and not match[4].startswith("00:00") else ""
    return f"{day.isoformat()}T{clock}" if clock else day.isoformat()


def _day(text: str) -> date | None:
    match = _ISO.fullmatch(text)
    if match:
        try:
            return date(int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return None
    if re.fullmatch(r"[3-5]\d{4}(?:\.\d+)?", text):  # what Excel shows of a date whose format was lost: days since 30 December 1899
        return date(1899, 12, 30) + timedelta(days=int(float(text)))
    match = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text)
    return find_date("-".join(match.groups()) if match else text)
