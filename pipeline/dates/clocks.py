"""Times of day: text in, every time with its place out, impossible ones included (13時75分, 午後14時); a ratio or a duration is none.

Read are 13:30, 13時, 13時半, 午後1時30分, 正午, 零時, 漢数字, 10～12時, and 午後1時～3時, where 午後 holds for both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from functools import lru_cache

from pipeline.dates.form import GAP, folded, number

_K = "[〇一二三四五六七八九十]{1,3}"
_TIME = re.compile(
    rf"(?P<half>午前|午後|朝|夜|夕方|深夜|(?<![A-Za-z])[AP]\.?M\.?{GAP})?"
    rf"(?:(?<![\d+])(?<!\d[.,:/])(?<!\d{{3}}-)(?P<h>\d{{1,2}})(?::(?P<m>\d{{2}})(?![\d:])|{GAP}時(?!間|台|代|点|期|差|給|限|刻|速|事|局|評|折|短|計|々|空|系|価)"
    rf"(?:{GAP}(?P<m2>\d{{1,2}})分(?!間|の)|(?P<thirty>半)(?!分|数|ば))?)"
    rf"|(?<=[前後])(?P<kanji>{_K})時(?!間|台|代|点)(?:(?P<kanji_minute>{_K}十?)分|(?P<thirty2>半))?"
    rf"|(?<![\d+])(?<!\d[.,:/])(?<!\d{{3}}-)(?P<short>\d{{1,2}})(?={GAP}~{GAP}(?:午後)?\d{{1,2}}時(?!間)))"
    r"|(?P<noon>正午)|(?P<zero>零時)",
    re.IGNORECASE,
)
_SPAN = re.compile(rf"{GAP}(?:頃|ごろ)?{GAP}(?P<how>~|ー|-|から|より){GAP}(?P<next>翌[日朝]?(?:の|、)?|同日|同)?{GAP}(?:の)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One time; ``start`` and ``end`` are offsets in the text. ``minutes`` count from midnight, ``None`` if no clock shows it.

    ``half``: 午前, 午後 or "", taken over from the time that a span begins with. ``joined``: ``~`` ends the span that the time before began;
    ``next_day``: the text says 翌. ``colon``: written with figures alone, as ratios are.
    """

    start: int
    end: int
    text: str
    minutes: int | None
    half: str = ""
    joined: str = ""
    next_day: bool = False
    colon: bool = False

    @property
    def time(self) -> time | None:
        """The time of day; ``None`` if impossible; 24:00 is the day's last minute to a calendar."""
        return time(self.minutes // 60, self.minutes % 60) if self.minutes is not None and self.minutes < 24 * 60 else None


@lru_cache(maxsize=2048)
def read_clocks(text: str) -> tuple[Clock, ...]:
    """Every time of day in ``text`` in its order."""
    if not ("時" in text or ":" in text or "：" in text or "正午" in text):
        return ()
    form = folded(text)
    return tuple(_clocks(form, text))


def _clocks(form: str, text: str) -> Iterator[Clock]:
    last: Clock | None = None
    for match in _TIME.finditer(form):
        span = _SPAN.fullmatch(form, last.end, match.start()) if last else None
        half = _half(match["half"])
        if span and last and not half and not match["noon"]:
            half = last.half if last.half == "午後" and _hour(match) <= 12 else ""
        last = Clock(
            start=match.start(),
            end=match.end(),
            text=text[match.start() : match.end()],
            minutes=_minutes(match, half, inherited=not match["half"]),
            half=half,
            joined="~" if span else "",
            next_day=bool(span and span["next"] and span["next"].startswith("翌")),
            colon=bool(match["m"]),
        )
        yield last


def _half(written: str | None) -> str:
    if not written:
        return ""
    word = written.strip(" \ue000.").upper().replace(".", "")
    return {"午前": "午前", "AM": "午前", "朝": "午前"}.get(word, "深夜" if word == "深夜" else "午後")


def _hour(match: re.Match[str]) -> int:
    written = match["h"] or match["short"] or match["kanji"]
    return number(written) if written else 12 if match["noon"] else 0


def _minutes(match: re.Match[str], half: str, *, inherited: bool) -> int | None:
    hour = _hour(match)
    minute = 30 if match["thirty"] or match["thirty2"] else number(match["m"] or match["m2"] or match["kanji_minute"] or "0")
    if match["noon"] or match["zero"]:
        return 720 if match["noon"] else 0
    if minute > 59 or hour > (29 if half == "深夜" else 24) or (hour == 24 and minute and half != "深夜"):
        return None
    if half in ("午前", "午後") and hour > 12 and not inherited:
        return None
    return (hour % 24 if half == "深夜" else hour + 12 if half == "午後" and hour < 12 else hour) * 60 + minute
