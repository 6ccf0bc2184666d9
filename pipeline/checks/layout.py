"""Lists and tables as they stand in a body: passages in, groups of them out. It judges nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from pipeline.checks.numerals import form
from pipeline.checks.passages import BLANK, Passage

_RULE = re.compile(r"[|:\s-]+")
TOTAL = re.compile(r"[\s" + BLANK + r"]*(?:総?合?計|総数|全体|total)[\s" + BLANK + r"]*(?:$|[（(:：])", re.IGNORECASE)
_STEP = re.compile(r"[(]\d{1,2}[)]|(?<![\d(/~.,-])\d{1,2}[)]|[①-⑳]")


class Cell(NamedTuple):
    """A cell of a table: its row's passage, where its text starts there, and the text in the form that is searched."""

    passage: Passage
    start: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: the header's cells, and those of its rows but for the last one if that sums them up (``total``)."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()

    def column(self, number: int) -> tuple[Cell, ...]:
        """The cells of a column, top down, without header and total; rows that are too short are left out."""
        return tuple(row[number] for row in self.rows if number < len(row))


def table_of(rows: Iterable[Passage]) -> Table | None:
    """The table that these rows make, ``None`` if there is no header or nothing below it."""
    lines = [(passage, _RULE.fullmatch(form(passage.raw)) is not None) for passage in rows]
    if len(lines) < 3 or not lines[1][1]:
        return None
    cells = [tuple(_cells(passage)) for passage, is_rule in lines if not is_rule]
    if len(cells) < 2:
        return None
    last = cells[-1] if len(cells) > 2 and cells[-1] and TOTAL.match(cells[-1][0].text) else ()
    return Table(header=cells[0], rows=tuple(cells[1 : -1 if last else None]), total=last)


def _cells(passage: Passage) -> Iterator[Cell]:
    start = 0
    parts = form(passage.text).split("|")
    for n, part in enumerate(parts):
        if 0 < n < len(parts) - 1 or part.strip():
            yield Cell(passage, start + len(part) - len(part.lstrip()), part.strip(" " + BLANK))
        start += len(part) + 1


@lru_cache(maxsize=4)  # six rules ask for those of one issue
def groups(passages: tuple[Passage, ...]) -> tuple[tuple[Passage, ...], ...]:
    """Passages of one file that stand together: the rows of a table, the items of a list; each other passage alone."""
    runs = groupby(enumerate(passages), key=lambda pair: _bundle(*pair))
    return tuple(tuple(passage for _, passage in run) for _, run in runs)


def _bundle(number: int, passage: Passage) -> tuple[str, str, int]:
    return passage.path, passage.kind, -1 if passage.kind in ("row", "item") else number


def tables(passages: tuple[Passage, ...]) -> Iterator[Table]:
    """Every table."""
    for group in groups(passages):
        if group[0].kind == "row" and (table := table_of(group)):
            yield table


def top_items(items: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """The items of a list without those within an item."""
    first = items[0].place(0).column
    return tuple(item for item in items if item.place(0).column <= first)


def steps(text: str) -> tuple[str, ...]:
    """The marks ①, (1) or 1) of a paragraph that counts through what it says."""
    return tuple(match[0] for match in _STEP.finditer(form(text)))


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of a text begins and ends."""
    start = 0
    for match in re.finditer("。", text):
        yield start, match.end()
        start = match.end()
    if start < len(text):
        yield start, len(text)
