"""The lines of a table in, its records out with the line each begins on: CSV as Excel, exports and people write it. One bad line costs that line.

A quotation mark that is never closed would swallow the readers behind it: the line with it is given back as bad, the ones behind it are read.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

DELIMITERS = {",": "カンマ", "\t": "タブ", ";": "セミコロン", "|": "縦棒"}
SAMPLE = 60  # lines that a table is judged by
_BATCH, _SPAN = 500, 40  # lines read at a time; lines that one record may have
_SEP = re.compile(r"sep=([,;\t|])\s*", re.IGNORECASE)
_LIKE_ADDRESS = re.compile(r"[\"'\s<]*[^\s@\"',;|]+[@＠][^\s@\"',;|]+[\"'\s>]*")
_OPEN = '引用符（"）が閉じていません'
_LONG = "一つの欄が長すぎます"


class Record(NamedTuple):
    """One record: the number of its first line, its cells as they stand, and what kept it from being read ("" if nothing did)."""

    line: int
    cells: list[str]
    wrong: str = ""


def delimiter_of(lines: Iterable[str]) -> str:
    """What parts the cells, judged by the first lines: the sign that leaves the most addresses alone in their cells, then the most columns."""
    sample = [line for line in islice(lines, SAMPLE) if line.strip()]
    told = _SEP.fullmatch(sample[0].lstrip("\ufeff")) if sample else None
    if told:
        return told[1]
    return max(DELIMITERS, key=lambda delimiter: _worth(sample, delimiter))


def _worth(sample: list[str], delimiter: str) -> tuple[int, int]:
    rows = [line.rstrip("\r\n").split(delimiter) for line in sample]
    alone = sum(any(_LIKE_ADDRESS.fullmatch(cell) for cell in row) for row in rows)
    return alone, min((len(row) for row in rows), default=0) if alone else sum(len(row) for row in rows)


def records_of(lines: Iterator[str], delimiter: str) -> Iterator[Record]:
    """Every record of a table, empty ones too."""
    number, waiting = 1, list(islice(lines, 1))
    if waiting and _SEP.fullmatch(waiting[0].lstrip("\ufeff")):
        number, waiting = 2, []
    while waiting := waiting + list(islice(lines, _BATCH)):
        rows = _plain(waiting, delimiter)
        if rows is None:
            for record, used in _with_care(waiting, lines, delimiter, number):
                yield record
                number += used
        else:
            yield from map(Record, range(number, number + len(rows)), rows)
            number += len(rows)
        waiting = []


def _plain(lines: list[str], delimiter: str) -> list[list[str]] | None:
    """The cells of lines that are a record each; ``None`` if some are not."""
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
        list(csv.reader(lines[-1:], delimiter=delimiter, strict=True))  # the last one does not open what a later line closes
    except csv.Error:
        return None
    return rows if len(rows) == len(lines) else None


def _with_care(lines: list[str], more: Iterator[str], delimiter: str, number: int) -> Iterator[tuple[Record, int]]:
    """Records that may span lines, one by one, with how many lines each took; lines are fetched on as the last one needs them."""
    at = 0
    while at < len(lines):
        if len(lines) - at < _SPAN and _plain(lines[at:], delimiter) is None:
            lines, at = lines[at:] + list(islice(more, _SPAN)), 0
        cells, used, wrong = _first(lines[at : at + _SPAN], delimiter)
        yield Record(number, cells, wrong), used
        number, at = number + used, at + used


def _first(lines: list[str], delimiter: str) -> tuple[list[str], int, str]:
    """The first record: its cells, how many lines it took, what is wrong with it."""
    reader = csv.reader(iter(lines), delimiter=delimiter)
    try:
        cells = next(reader)
    except csv.Error:
        return _torn(lines[0], delimiter), 1, _LONG
    used = reader.line_num
    if used > 1 and (_unclosed(lines[:used], delimiter) or any("\n" in cell.replace("\r", "\n").strip() and "@" in cell for cell in cells)):
        return _torn(lines[0], delimiter), 1, _OPEN
    if used == 1 and _unclosed(lines[:1], delimiter):
        return _torn(lines[0], delimiter), 1, _OPEN
    return cells, used, ""


def _unclosed(lines: list[str], delimiter: str) -> bool:
    """Whether the lines end inside quotation marks."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _torn(line: str, delimiter: str) -> list[str]:
    """The cells of a line that could not be read as it stands, cut short, quotation marks taken off: enough to mend it by."""
    return [cell.strip('" ')[:300] for cell in line.rstrip("\r\n")[:5000].split(delimiter)][:60]
