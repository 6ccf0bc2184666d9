"""Text in, the same text with letters that Japanese gateways keep out: what CP932 lacks is mapped where a reader loses nothing.

Accents go, raised figures come down, dashes and quotation marks get their nearest kin. What has no kin (rare kanji, Hangul, emoji) stays: the
mail itself is UTF-8. It must never normalise prose: ①, ㎡, full-width forms and half-width kana stay as they were written.
"""

from __future__ import annotations

import re
import unicodedata

_KIN = {
    "\u00a0": " ",
    "\u2002": " ",
    "\u2003": "\u3000",
    "\u2007": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\u00ad": "",
    "\u200b": "",
    "\u200d": "",
    "\ufe0e": "",
    "\ufe0f": "",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "\u2015",
    "\u2212": "\uff0d",
    "\u301c": "\uff5e",
    "\u2016": "\u2225",
    "\u00a2": "\uffe0",
    "\u00a3": "\uffe1",
    "\u00ac": "\uffe2",
    "\u00a5": "\uffe5",
    "\u20ac": "EUR",
    "\u00b7": "・",
    "\u2022": "・",
    "\u2023": "・",
    "\u25e6": "・",
    "\u25aa": "■",
    "\u00ab": "≪",
    "\u00bb": "≫",
    "\u201a": ",",
    "\u201e": '"',
    "\u2039": "<",
    "\u203a": ">",
    "\u2043": "-",
    "\u2044": "/",
    "\u00a9": "(C)",
    "\u00ae": "(R)",
    "\u2122": "(TM)",
    "\u00b2": "2",
    "\u00b3": "3",
    "\u00b9": "1",
    "\u00ba": "o",
    "\u00aa": "a",
    "\u00b5": "μ",
    "\u2713": "レ",
    "\u2714": "レ",
    "\u2705": "○",
    "\u274c": "×",
    "\u2715": "×",
    "\u2716": "×",
    "\u2b50": "★",
    "\u27a1": "→",
    "\u2794": "→",
    "\u00df": "ss",
    "\u00e6": "ae",
    "\u00c6": "AE",
    "\u00f8": "o",
    "\u00d8": "O",
    "\u0153": "oe",
    "\u0152": "OE",
    "\u0142": "l",
    "\u0141": "L",
    "\u0111": "d",
    "\u0110": "D",
    "\u0131": "i",
    "\u00f0": "d",
    "\u00fe": "th",
}
_APOSTROPHE = re.compile(r"(?<=[A-Za-z\u00c0-\u024f])\u2019(?=[A-Za-z\u00c0-\u024f ]|$)")
_IN_PARTS = re.compile(r"\w[\u0300-\u036f\u3099\u309a]+")
_FOREIGN = re.compile(r"[^\x00-\x7f\u3000-\u30ff\u4e00-\u9fff\uff01-\uff5e]")


def plain(text: str) -> str:
    """The text in letters that gateways keep, as far as there are any."""
    if text.isascii():
        return text
    text = _APOSTROPHE.sub("'", _IN_PARTS.sub(lambda match: unicodedata.normalize("NFC", match[0]), text))
    return _FOREIGN.sub(lambda match: _kin(match[0]), text)


def _kin(letter: str) -> str:
    if letter in _KIN:
        return _KIN[letter]
    if _survives(letter):
        return letter
    parts = unicodedata.normalize("NFKD", letter)
    bare = "".join(_KIN.get(part, part) for part in parts if not unicodedata.combining(part))
    return bare if bare and bare != letter and bare.isascii() else letter


def _survives(letter: str) -> bool:
    try:
        letter.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True
