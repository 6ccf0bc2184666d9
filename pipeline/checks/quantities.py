"""Numbers of an English text and of its Japanese translation: text in, quantities that can be compared out.

Scales, units, clock times and eras are brought to one measure, so that US$300 billion meets 3,000億米ドル. It must never compare digits as they are
written. What is no number of the text (COP29, CO2, addresses, list markers) is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

SLACK = 0.05  # what a translator may round when acres become hectares
LITERAL = r"\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,9})?|\d{1,15}(?:\.\d{1,9})?"  # bounded: a feed may hold a million digits
_UNREAD = re.compile(
    r"<!--(?:(?!<!--).){0,3000}?-->|```.{0,3000}?```|!\[[^\]]{0,500}\]\([^)]{0,2000}\)|(?<=\])\([^)]{0,2000}\)|https?://[^\s)>\]ぁ-んァ-ヶ一-龠]+"
    r"|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{1,255}|^[ \t]{0,9}\d{1,2}[.)][ \t]|\b24/7\b",
    re.DOTALL | re.MULTILINE | re.ASCII,
)


class Amount(NamedTuple):
    """A value in a base unit (m, m², kg, L, 分, か月, %, ポイント, °C, 時刻 in minutes, a currency), and how far off a translation may be."""

    value: float
    unit: str = ""
    slack: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number where it stands. ``raw`` is its value without a unit; ``strict``: the unit is part of it. ``weak``: a small number in words."""

    text: str
    start: int
    raw: float
    amounts: tuple[Amount, ...] = ()
    strict: bool = False
    weak: bool = False
    wording: str = ""


@lru_cache(maxsize=512)
def readable(text: str) -> str:
    """The text in NFKC with addresses, code, comments and list markers blanked; lines stay where they were."""
    plain = unicodedata.normalize("NFKC", text).replace("º", "°").replace("–", "-").replace("—", "-").replace("~", "～")
    return _UNREAD.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), plain)


_CARDINALS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth"
    " seventeenth eighteenth nineteenth twentieth"
)
_TENS_IN_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ROUND = "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth"
ORDINALS = {word: n for n, word in enumerate(_ORDINALS.split())} | {word: 10 * n for n, word in enumerate(_ROUND.split(), 2)}
_TENS = {word: 10.0 * n for n, word in enumerate(_TENS_IN_WORDS.split(), 2)}
_WORDS = {word: float(n) for words in (_CARDINALS, _ORDINALS) for n, word in enumerate(words.split())} | _TENS
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0, "k": 1e3, "m": 1e6, "mn": 1e6,
    "bn": 1e9, "tn": 1e12,
}  # fmt: skip
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = tuple(_MONTH_NAMES.split())
# word of the source → (base unit, how many of it, the word in Japanese, whether it is one that Japanese readers are spared)
_UNITS: dict[str, tuple[str, float, str, bool]] = {
    r"percentage[ -]points?|pp\b|ppts?": ("ポイント", 1, "ポイント", False),
    r"%|per ?cent": ("%", 1, "%", False),
    r"square miles?|sq\.? ?mi(?:les?)?": ("m²", 2_589_988, "平方マイル", True),
    r"square (?:kilomet(?:er|re)s?)|km2|sq\.? ?km": ("m²", 1e6, "平方キロメートル", False),
    r"square (?:met(?:er|re)s?)|m2|sq\.? ?m": ("m²", 1, "平方メートル", False),
    r"square (?:feet|foot)|sq\.? ?ft": ("m²", 0.0929, "平方フィート", True),
    r"acres?": ("m²", 4046.86, "エーカー", True),
    r"hectares?|ha": ("m²", 1e4, "ヘクタール", False),
    r"miles? per hour|mph|miles?": ("m", 1609.34, "マイル", True),
    r"kilomet(?:er|re)s?|kms?|km/h": ("m", 1e3, "キロメートル", False),
    r"met(?:er|re)s?|m": ("m", 1, "メートル", False),
    r"centimet(?:er|re)s?|cm": ("m", 0.01, "センチメートル", False),
    r"millimet(?:er|re)s?|mm": ("m", 0.001, "ミリメートル", False),
    r"feet|foot|ft": ("m", 0.3048, "フィート", True),
    r"yards?": ("m", 0.9144, "ヤード", True),
    r"inch(?:es)?": ("m", 0.0254, "インチ", True),
    r"lbs?|pounds?": ("kg", 0.4536, "ポンド", True),
    r"ounces?|oz": ("kg", 0.02835, "オンス", True),
    r"(?:metric tons?|tonnes?)": ("kg", 1000, "トン", False),
    r"tons?": ("kg", 907.2, "トン", True),
    r"kilograms?|kilos?|kg": ("kg", 1, "キログラム", False),
    r"gallons?": ("L", 3.785, "ガロン", True),
    r"lit(?:er|re)s?": ("L", 1, "リットル", False),
    r"minutes?": ("分", 1, "分", False),
    r"hours?": ("分", 60, "時間", False),
    r"days?": ("分", 1440, "日", False),
    r"weeks?": ("分", 10080, "週間", False),
    r"months?": ("か月", 1, "か月", False),
    r"years?": ("か月", 12, "年", False),
    r"(?:US |American )?dollars?": ("ドル", 1, "ドル", False),
    r"euros?": ("ユーロ", 1, "ユーロ", False),
    r"yen": ("円", 1, "円", False),
    r"°\ ?F|degrees? (?:Fahrenheit|F)": ("°F", 1, "°F", True),
    r"°\ ?C|degrees? (?:Celsius|centigrade|C)": ("°C", 1, "°C", False),
}
_LOOSE = ("分", "か月")  # 30-year-old is 30歳, a 20-year jubilee 20周年
_CURRENCIES = {
    "US$": ("ドル", "米ドル"), "USD": ("ドル", "米ドル"), "A$": ("ドル", "豪ドル"), "AU$": ("ドル", "豪ドル"), "C$": ("ドル", "カナダドル"),
    "CA$": ("ドル", "カナダドル"), "NZ$": ("ドル", "NZドル"), "NT$": ("元", "台湾元"), "$": ("ドル", "ドル"), "€": ("ユーロ", "ユーロ"),
    "EUR": ("ユーロ", "ユーロ"), "£": ("ポンド", "ポンド"), "GBP": ("ポンド", "ポンド"), "¥": ("円", "円"), "JPY": ("円", "円"),
    "₩": ("ウォン", "ウォン"), "KRW": ("ウォン", "ウォン"),
}  # fmt: skip

_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_UNIT = "|".join(f"(?P<u{n}>{pattern})" for n, pattern in enumerate(_UNITS))
_CLOCK = re.compile(
    r"(?<![\w.:$])(?:(?P<from>\d{1,2})(?:[:.](?P<from_minute>\d\d))?\s*(?:-|～|to|and|until)\s*)?"
    r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?\s*(?P<half>[ap])\.?\s?m\b\.?",
    re.IGNORECASE,
)
_CLOCK24 = re.compile(r"(?<![\w.:])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?![\w:])")
_MONTH = "|".join(f"{month}|{month[:3]}\\.?|sept\\.?" for month in _MONTHS)
_DATED = re.compile(
    rf"\d(?:st|nd|rd|th)?,?\s+(?:of\s+)?(?P<after>{_MONTH})(?!\w)|(?<!\w)(?P<before>{_MONTH})(?=\s+\d)",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    rf"(?<![\w.$])(?<![A-Za-z]-)(?P<currency>{'|'.join(re.escape(sign) for sign in sorted(_CURRENCIES, key=len, reverse=True))})?\s?"
    rf"(?:(?P<number>{LITERAL})(?:st|nd|rd|th|s)?|(?P<word>{_WORD})(?:-(?P<ones>{_WORD}))?|(?P<article>half\s+a|an?)(?=\s+(?:{'|'.join(_SCALES)})\b))"
    rf"(?:[\s-]?(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})(?![A-Za-z]))?"
    rf"(?:[\s-]?(?P<scale2>thousand|million|billion)(?![A-Za-z]))?"
    rf"(?:[\s-]?(?:{_UNIT})(?![A-Za-z0-9]))?(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(?:-|～|to|or|and)\s*")


def english(text: str) -> tuple[Quantity, ...]:
    """The quantities of an English text that went through ``readable``."""
    found = [*_clocks(text), *_dated(text)]
    rest = text
    for quantity in found:
        if quantity.wording.endswith(("時", "分")):
            rest = rest[: quantity.start] + " " * len(quantity.text) + rest[quantity.start + len(quantity.text) :]
    matches = list(_NUMBER.finditer(rest))
    for match, after in zip_longest(matches, matches[1:]):
        ranged = after if after and _RANGE.fullmatch(rest[match.end() : after.start()]) else None
        found += [quantity for quantity in (_quantity(match, ranged),) if quantity]
    return tuple(sorted(found, key=lambda quantity: quantity.start))


def _clocks(text: str) -> Iterator[Quantity]:
    """Times of the day; the first of a span has the half of the second, or the other one (11-1 pm)."""
    for match in _CLOCK.finditer(text):
        late = 720 if match["half"].lower() == "p" else 0
        minutes = int(match["hour"]) % 12 * 60 + int(match["minute"] or 0)
        values: list[tuple[int, ...]] = [(minutes + late,)]
        if match["from"]:
            early = int(match["from"]) % 12 * 60 + int(match["from_minute"] or 0)
            values.insert(0, (early + late, early) if early > minutes else (early + late,))
        for either in values:
            yield Quantity(
                text=match[0],
                start=match.start(),
                raw=-1,
                amounts=tuple(Amount(value, "時刻") for value in either),
                strict=True,
                wording=_clock_words(either[-1]),
            )
    taken = [match.span() for match in _CLOCK.finditer(text)]
    for match in _CLOCK24.finditer(text):
        if not any(start <= match.start() < end for start, end in taken):
            value = int(match["hour"]) * 60 + int(match["minute"])
            either = (value, value + 720) if re.match(r"(?:[1-9]|1[01]):", match[0]) else (value,)  # 7:30 at night
            amounts = tuple(Amount(minutes, "時刻") for minutes in either)
            yield Quantity(text=match[0], start=match.start(), raw=-1, amounts=amounts, strict=True, wording=_clock_words(value))


def _clock_words(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    return f"{hour}時{minute}分" if minute else f"{hour}時"


def _dated(text: str) -> Iterator[Quantity]:
    """Names of months beside a number; alone they may be a verb or a person."""
    for match in _DATED.finditer(text):
        name = match["after"] or match["before"]
        month = next(n for n, full in enumerate(_MONTHS, 1) if full.startswith(name.lower()[:3]))
        start = match.start("after" if match["after"] else "before")
        yield Quantity(text=name, start=start, raw=month, amounts=(Amount(month, "月"),), strict=True, wording=f"{month}月")


def _quantity(match: re.Match[str], ranged: re.Match[str] | None) -> Quantity | None:
    """One number with its scale and unit; of ``5-10 million acres`` the first has the scale and unit of the second."""
    number = _bare(match)
    unit = _unit(match)
    scale = _scale(match)
    small_word = not match["number"] and scale == 1 and number <= 12
    if (not match["number"] and not match["currency"] and number == 1 and scale in (1, 100, 1000)) or (match["number"] and number == 0):
        return None  # one, first, a hundred: Japanese says them without a figure
    values = [number * scale]
    if ranged and scale == 1:
        values.append(number * _scale(ranged))
    if ranged and not unit:
        unit = _unit(ranged)
    if not match["currency"] and (match["scale"] or "").lower() == "m":
        values, unit = [number], _UNITS[r"met(?:er|re)s?|m"]  # 300m is a length, $300m is money
    return Quantity(
        text=match[0].strip(),
        start=match.end() - len(match[0].lstrip()),
        raw=values[0],
        amounts=tuple(amount for value in dict.fromkeys(values) for amount in _amounts(value, unit)),
        strict=unit is not None and unit[0] not in _LOOSE,
        weak=small_word and (unit is None or unit[0] in _LOOSE),
        wording=_wording(values[-1], unit),
    )


def _bare(match: re.Match[str]) -> float:
    if match["number"]:
        return float(match["number"].replace(",", ""))
    if match["article"]:
        return 0.5 if match["article"].lower().startswith("half") else 1.0
    tens, ones = _WORDS[match["word"].lower()], _WORDS[(match["ones"] or "zero").lower()]
    return tens + ones if tens >= 20 and ones < 10 else tens


def _scale(match: re.Match[str]) -> float:
    return _SCALES.get((match["scale"] or "").lower(), 1.0) * _SCALES.get((match["scale2"] or "").lower(), 1.0)


def _unit(match: re.Match[str]) -> tuple[str, float, str, bool] | None:
    if match["currency"]:
        base, word = _CURRENCIES[match["currency"].upper()]
        return base, 1, word, False
    return next((unit for n, unit in enumerate(_UNITS.values()) if match[f"u{n}"]), None)


def _amounts(value: float, unit: tuple[str, float, str, bool] | None) -> tuple[Amount, ...]:
    """The value as a translation may give it: Fahrenheit as a temperature or a difference, tons of either kind, pounds of weight or money."""
    if unit is None:
        return (Amount(value),)
    base, factor, word, converted = unit
    if base == "°F":
        return Amount(value, "°F"), Amount((value - 32) / 1.8, "°C", SLACK), Amount(value / 1.8, "°C", SLACK)
    amounts = [Amount(value * factor, base, SLACK if converted else 1e-6)]
    if word == "トン":
        amounts.append(Amount(value * 1000, "kg", SLACK if converted else 1e-6))
    if word == "ポンド":
        amounts.append(Amount(value, "ポンド"))
    return tuple(amounts)


_SPARED: dict[str, tuple[tuple[float, str], ...]] = {
    "m²": ((1e6, "平方キロメートル"), (1e4, "ヘクタール"), (1, "平方メートル")),
    "m": ((1e3, "キロメートル"), (1, "メートル"), (0.01, "センチメートル")),
    "kg": ((1e3, "トン"), (1, "キログラム")),
    "L": ((1, "リットル"),),
}


def _wording(value: float, unit: tuple[str, float, str, bool] | None) -> str:
    """What one expects to read: ``3,000億米ドル``, ``約40°C``."""
    if unit is None:
        return japanese_number(value)
    base, factor, word, converted = unit
    if base == "°F":
        return f"約{round((value - 32) / 1.8):,}度"
    if converted and base in _SPARED:
        size, metric = next((metric for metric in _SPARED[base] if value * factor >= metric[0]), _SPARED[base][-1])
        return f"約{japanese_number(float(f'{value * factor / size:.3g}'))}{metric}"
    return f"{japanese_number(value)}{word}"


def japanese_number(value: float) -> str:
    """``3,000億``, ``150万``, ``1,500``: the scale that a Japanese reader expects where the number is round in it."""
    for size, name in ((1e12, "兆"), (1e8, "億"), (1e4, "万")):
        if value >= size and abs(value / size * 10 - round(value / size * 10)) < 1e-6:
            return f"{value / size:,.10g}{name}"
    return f"{value:,.10g}"
