"""Numbers of a Japanese text: text in, quantities in base units out: 3,000億, 令和6年, 午後3時半, 三十, 2割, 3分の1, 5～10万.

It reads more than is meant (the 一 of 一方) rather than less: what is read here excuses a number of the source, it accuses nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from pipeline.checks.quantities import LITERAL, Amount, Quantity

_DIGITS = {digit: float(n) for n, digit in enumerate("〇一二三四五六七八九")}
_SMALL = {"十": 1e1, "百": 1e2, "千": 1e3}
_LARGE = {"万": 1e4, "億": 1e8, "兆": 1e12}
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018}
_UNITS: dict[str, tuple[str, float]] = {
    r"(?:パーセント)?ポイント": ("ポイント", 1),
    r"%|パーセント": ("%", 1),
    r"割": ("%", 10),
    r"平方(?:キロメートル|キロ)|km2": ("m²", 1e6),
    r"平方(?:メートル|m)|m2": ("m²", 1),
    r"平方マイル": ("m²", 2_589_988),
    r"平方フィート": ("m²", 0.0929),
    r"ヘクタール|ha": ("m²", 1e4),
    r"エーカー": ("m²", 4046.86),
    r"ミリ(?:メートル)?|mm": ("m", 0.001),
    r"センチ(?:メートル)?|cm": ("m", 0.01),
    r"キロメートル|km|キロ(?!グラム|リットル|ワット)": ("m", 1e3),
    r"メートル|m(?![A-Za-z\d])": ("m", 1),
    r"マイル": ("m", 1609.34),
    r"フィート": ("m", 0.3048),
    r"ヤード": ("m", 0.9144),
    r"インチ": ("m", 0.0254),
    r"キログラム|kg": ("kg", 1),
    r"トン|t(?![A-Za-z])": ("kg", 1000),
    r"リットル|L(?![A-Za-z])": ("L", 1),
    r"ガロン": ("L", 3.785),
    r"(?:米|豪|カナダ|NZ|ニュージーランド|シンガポール|香港)?ドル": ("ドル", 1),
    r"ユーロ": ("ユーロ", 1),
    r"ポンド": ("ポンド", 1),
    r"(?:人民|台湾)?元(?!年)": ("元", 1),
    r"ウォン": ("ウォン", 1),
    r"円": ("円", 1),
    r"度|°\ ?C": ("°C", 1),
    r"°\ ?F": ("°F", 1),
    r"週間?": ("分", 10080),
    r"日間?": ("分", 1440),
    r"時間": ("分", 60),
    r"分(?!の)間?": ("分", 1),
    r"年(?![代度])|[か箇カケヵヶ]年|周年": ("か月", 12),
    r"[か箇カケヵヶ]月": ("か月", 1),
    r"月": ("月", 1),
    r"[人名者回件つ個校社市町村区県都州棟台本枚組章番位歳号条倍種点世団期代か箇カヵ時]|年": ("数", 1),
}
_UNIT = "|".join(f"(?P<u{n}>{pattern})" for n, pattern in enumerate(_UNITS))
_BY_GROUP = {f"u{n}": unit for n, unit in enumerate(_UNITS.values())}
_RUN = rf"(?>(?:{LITERAL}|[〇一二三四五六七八九十百千])(?:{LITERAL}|[〇一二三四五六七八九十百千万億兆]){{0,20}})"  # atomic: never tried in parts
_NUMBER = re.compile(rf"(?<![A-Za-z\d.])(?P<hot>華氏)?(?P<run>{_RUN})(?P<more>余り|余|超|強|弱)?(?:\s?(?:{_UNIT}))?")
_PART = re.compile(rf"(?P<literal>{LITERAL})|(?P<sign>.)")
_RANGE = re.compile(r"\s*(?:[～\-、・/]|から|ないし)\s*約?")
_CLOCK = re.compile(
    r"(?P<half>午前|午後|夜|夕方|朝)?\s?(?P<hour>[0-2]?\d)(?:時(?!間)(?:(?P<minute>[0-5]?\d)分|(?P<thirty>半))?|:(?P<colon>[0-5]\d))"
)
_ERA = re.compile(r"(?P<era>令和|平成|昭和|R)\s?(?P<year>\d{1,2}|元|[一二三四五六七八九十]{1,3})(?=[年.])")
_FRACTION = re.compile(rf"(?<![\d,.〇一二三四五六七八九十百千万億兆])(?P<under>{_RUN})分の(?P<over>{_RUN})")
_SAID: tuple[tuple[str, tuple[Amount, ...]], ...] = (
    ("半分|半数|半減|半額|半々|折半", (Amount(50, "%"), Amount(0.5))),
    ("全て|すべて|全体|全面|全量|全員|完全|全域|全電力", (Amount(100, "%"),)),
    ("正午", (Amount(720, "時刻"),)),
    ("半年", (Amount(6, "か月"), Amount(6))),
    ("両|双方|双子|ペア|ふた|二つ", (Amount(2),)),
    ("十数|10数", (Amount(12),)),
    ("ダース", (Amount(12),)),
)


def japanese(text: str) -> tuple[Quantity, ...]:
    """The quantities of a Japanese text that went through ``quantities.readable``."""
    found = [*_clocks(text), *_eras(text), *_fractions(text), *_said(text)]
    matches = list(_NUMBER.finditer(text))
    for match, after in zip_longest(matches, matches[1:]):
        ranged = after if after and _RANGE.fullmatch(text[match.end() : after.start()]) else None
        found.append(_quantity(match, ranged))
    return tuple(found)


def _quantity(match: re.Match[str], ranged: re.Match[str] | None) -> Quantity:
    """One number; of ``5～10万ヘクタール`` the first may have the scale and unit of the second."""
    raw, unit = value_of(match["run"]), _unit(match)
    amounts = [Amount(raw, "" if unit is None else "数"), *_measured(raw, unit, hot=bool(match["hot"]))]
    if half := re.match(r"(年|時間|[か箇カ]月)半", match.string[match.end("run") :][:4]):
        base, size = {"年": ("か月", 12), "時間": ("分", 60)}.get(half[1], ("か月", 1))
        amounts += [Amount((raw + 0.5) * size, base), Amount(0.5 * size, base), Amount(raw + 0.5)]
    if ranged:
        scale = next((size for sign, size in _LARGE.items() if ranged["run"].endswith(sign)), 1.0) if raw < 1e4 else 1.0
        shared = unit or _unit(ranged)
        amounts += [Amount(raw * scale, "" if shared is None else "数"), *_measured(raw * scale, shared, hot=bool(match["hot"]))]
    return Quantity(text=match["run"], start=match.start("run"), raw=raw, amounts=tuple(amounts), weak=not match["run"][0].isdecimal())


def _unit(match: re.Match[str]) -> tuple[str, float] | None:
    return _BY_GROUP.get(str(match.lastgroup))


def _measured(value: float, unit: tuple[str, float] | None, *, hot: bool) -> Iterator[Amount]:
    if unit and unit[0] != "数":
        yield Amount(value, "°F") if hot and unit[0] == "°C" else Amount(value * unit[1], unit[0])


def value_of(run: str) -> float:
    """The value of ``1億5,000万``, ``百二十``, ``二〇二五``."""
    total = section = number = 0.0
    open_digits = given = False
    for part in _PART.finditer(run):
        sign = part["sign"]
        if part["literal"]:
            number, open_digits, given = float(part["literal"].replace(",", "")), False, True
        elif sign in _DIGITS:
            number, open_digits, given = (number * 10 if open_digits else 0) + _DIGITS[sign], True, True
        elif sign in _SMALL:
            section, number, open_digits, given = section + (number if given else 1) * _SMALL[sign], 0.0, False, False
        else:
            total, section, number, open_digits, given = total + (section + number or 1) * _LARGE[sign], 0.0, 0.0, False, False
    return total + section + number


def _clocks(text: str) -> Iterator[Quantity]:
    """午後 holds for the second time of a span too, unless that one counts to 24."""
    half, end = "", 0
    for match in _CLOCK.finditer(text):
        if match["half"] or not re.fullmatch(r"\s*(?:～|-|から|、)\s*", text[end : match.start()]):
            half = match["half"] or ""
        end = match.end()
        minute = 30 if match["thirty"] else int(match["minute"] or match["colon"] or 0)
        hour = int(match["hour"])
        late = half in ("午後", "夜", "夕方") and hour < 12
        amount = Amount((hour + 12 if late else hour) * 60 + minute, "時刻")
        yield Quantity(text=match[0], start=match.start("hour"), raw=hour, amounts=(amount,), weak=True)


def _eras(text: str) -> Iterator[Quantity]:
    for match in _ERA.finditer(text):
        year = 1 if match["year"] == "元" else value_of(match["year"])
        yield Quantity(text=match[0], start=match.start(), raw=year, amounts=(Amount(_ERAS[match["era"]] + year, "数"),), weak=True)
    for match in re.finditer(r"(?<!\d)(\d0)年代", text):
        yield Quantity(text=match[0], start=match.start(), raw=0, amounts=(Amount(1900 + int(match[1]), "数"),), weak=True)


def _fractions(text: str) -> Iterator[Quantity]:
    for match in _FRACTION.finditer(text):
        share = value_of(match["over"]) / (value_of(match["under"]) or 1)
        yield Quantity(text=match[0], start=match.start(), raw=share, amounts=(Amount(share), Amount(share * 100, "%", 0.02)), weak=True)


def _said(text: str) -> Iterator[Quantity]:
    """Numbers that Japanese says with a word."""
    for words, amounts in _SAID:
        for match in re.finditer(words, text):
            yield Quantity(text=match[0], start=match.start(), raw=amounts[0].value, amounts=amounts, weak=True)
