"""Lines for the text edition: running text in, lines of at most 70 columns out.

Ambiguous characters (━ ● ① …) count as two columns, as in Japanese fonts. No line begins or ends with a character that may not stand there
(kinsoku); numbers with their units, dates with their weekday, Latin words and names marked by a space stay whole. A URL stands on a line of
its own, whole, without indentation. It must never lose a character: lines joined give the text back, less spaces at
line ends and the commas and stops behind URLs.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from itertools import accumulate

from pipeline.render.address import BARE, split_tail

COLUMNS = 70
NO_BEGIN = frozenset(
    "、。，．,.」』）)］]】〉》〕｝}＞>≫”’ー～〜？！?!：；:;・･々〻ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ％%℃…‥―"
)
NO_END = frozenset("「『（([［【〈《〔｛{＜<≪“‘￥＄＃№")
SPACES = " \u3000"
BEHIND_URL = SPACES + "、，。．,;；・"  # a URL ends its line: such a mark would begin the next one, or be all of it

_COUNTERS = (
    "か国|カ国|ヵ国|か所|カ所|ヵ所|箇所|か月|カ月|ヵ月|ヶ月|か年|カ年|年度|年間|時間|世帯|団体|自治体|都市|地域|社|パーセント|ポイント|メートル|キロ|トン|ドル|米ドル|ユーロ|平方|立方|"
    "[年月日時分秒週人名件回報号円度％%℃個本冊校区町村市県国歳台枚点倍割番条項階席組基m㎡]"
)
_WEEKDAY = r"(?:（[月火水木金土日](?:曜日?)?(?:[・、][祝休])?）)?"
_NUMBER = r"[0-9０-９]+(?:[.,．，:：/][0-9０-９]+)*"
_LATIN = r"[!-~\u00a1-\u024f]{2,}"
_WHOLE = re.compile(
    rf"(?:[0-9０-９]{{4}}年)?[0-9０-９]{{1,2}}月[0-9０-９]{{1,2}}日{_WEEKDAY}"
    rf"|[第約]?{_NUMBER}(?:[～~－-]{_NUMBER})?[兆億万千百]*(?:{_COUNTERS})?{_WEEKDAY}(?:目|間|以上|以下|未満|超)?"
    rf"|{_LATIN}"
    r"|(?<![\u4e00-\u9fff々])[\u4e00-\u9fff々]{1,4}[ \u3000][\u4e00-\u9fff々]{1,3}(?:さん|氏|様|市長|町長|村長|知事|議員|教授|課長|部長|会長|理事|所長)?"
    r"(?![\u4e00-\u9fff々])"
    r"|（[^（）\s]{1,6}）|「[^「」\s]{1,6}」|＜[^＜＞\s]{1,8}＞|[―…‥]{2,}"
)
_IN_BRACKETS = re.compile(r"[（(]\s*(https?://[!-'*-~]+)\s*[）)]")


class _Widths(dict[str, int]):
    """Columns of a character: two for wide, full-width and ambiguous ones, none for what combines or has no shape."""

    def __missing__(self, letter: str) -> int:
        if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cn", "Cc"):
            width = 0
        else:
            width = 2 if unicodedata.east_asian_width(letter) in "WFA" else 1
        self[letter] = width
        return width


_widths = _Widths()


def columns(text: str) -> int:
    """The width of a line in half-width columns."""
    return len(text) if text.isascii() and text.isprintable() else sum(map(_widths.__getitem__, text))


def fold(text: str, *, first: str = "", rest: str = "", width: int = COLUMNS) -> str:
    """The text as lines. ``first`` stands before the first line, ``rest`` before the others; URLs get neither, but a line of their own."""
    if "\n" not in text and "http" not in text and columns(first + text) <= width:
        return first + text.strip(SPACES)
    lines: list[str] = []
    behind: list[str] = []

    def put_behind(match: re.Match[str]) -> str:
        behind.append(match[1])
        return ""

    for paragraph in _IN_BRACKETS.sub(put_behind, text).split("\n"):
        for piece in _pieces(paragraph):
            if piece.startswith(("http://", "https://")):
                lines.append(piece)
            else:
                lines.extend(_wrapped(piece, first=rest if lines else first, rest=rest, width=width))
    return "\n".join([*lines, *behind])


def _pieces(text: str) -> list[str]:
    """Running text and URLs by turns, none empty."""
    if "http" not in text:
        return [text.strip(SPACES)]
    pieces: list[str] = []
    position = 0
    for match in BARE.finditer(text):
        if match[0].lower().startswith("http"):
            end = match.start() + split_tail(match[0])
            pieces += [text[position : match.start()], text[match.start() : end]]
            position = end
    pieces.append(text[position:])
    pieces[2::2] = [piece.lstrip(BEHIND_URL) for piece in pieces[2::2]]
    return [piece for piece in (piece.strip(SPACES) for piece in pieces) if piece]


def _wrapped(text: str, *, first: str, rest: str, width: int) -> list[str]:
    ends = list(accumulate(map(_widths.__getitem__, text)))
    whole = _inside(text)
    lines: list[str] = []
    position = 0
    while position < len(text):
        before = rest if lines else first
        room = width - columns(before) + (ends[position - 1] if position else 0)
        end = bisect_right(ends, room)
        if end < len(text):
            end = _break(text, whole, position, end)
        lines.append(before + text[position:end].strip(SPACES))
        while end < len(text) and text[end] in SPACES:
            end += 1
        position = end
    return lines


def _inside(text: str) -> bytearray:
    """A mark at every place where something stays whole."""
    marks = bytearray(len(text) + 1)
    for match in _WHOLE.finditer(text):
        length = match.end() - match.start() - 1
        if length > 0:
            marks[match.start() + 1 : match.end()] = b"\x01" * length
    return marks


def _break(text: str, whole: bytearray, start: int, end: int) -> int:
    """The last place up to ``end`` where the line may end; if there is none, the last outside a whole, else the end of that whole."""
    for place in range(end, start, -1):
        if not whole[place] and _may_part(text, place):
            return place
    for place in range(end, start, -1):
        if not whole[place]:
            return place
    return next((place for place in range(max(end, start + 1), len(text)) if not whole[place]), len(text))


def _may_part(text: str, place: int) -> bool:
    before, after = place - 1, place
    while before and text[before] in SPACES:
        before -= 1
    while after < len(text) and text[after] in SPACES:
        after += 1
    return text[before] not in NO_END and (after == len(text) or text[after] not in NO_BEGIN)
