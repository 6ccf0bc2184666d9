"""The copy of a text that dates are looked for in: as long as the text itself, so that offsets stay true; and numbers in figures or 漢数字."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

GAP = "[ \ue000]{0,6}"  # spaces, and the private character with which callers blank markup between a date and its weekday
HOLIDAYS = (
    "元日|元旦|成人の日|建国記念の?日|天皇誕生日|春分の日|昭和の日|憲法記念日|みどりの日|こどもの日|海の日|山の日|敬老の日|秋分の日|"
    "スポーツの日|体育の日|文化の日|勤労感謝の日"
)
_SAME = str.maketrans(
    {**dict.fromkeys("〜～∼", "~"), **dict.fromkeys("‐‑‒–—―−－", "-"), "〈": "<", "〉": ">", "＜": "<", "＞": ">", "㈠": "一"}
)
_FIGURES = {sign: value for value, sign in enumerate("〇一二三四五六七八九")}


@lru_cache(maxsize=2048)
def folded(text: str) -> str:
    """The text with full-width letters, figures and marks as ASCII, waves as ``~`` and dashes as ``-``, character by character."""
    return "".join(map(_folded, text.translate(_SAME)))


@lru_cache(maxsize=8192)
def _folded(character: str) -> str:
    form = unicodedata.normalize("NFKC", character)
    return form if len(form) == 1 else character


def number(text: str) -> int:
    """The value of 31, 三十一, 二〇二五 or 元."""
    if text.isdigit() and text.isascii():
        return int(text)
    if text == "元":
        return 1
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_FIGURES.get(tens, 1) if tens else 1) * 10 + (_FIGURES.get(ones, 0) if ones else 0)
    value = 0
    for sign in text:
        value = value * 10 + _FIGURES.get(sign, 0)
    return value
