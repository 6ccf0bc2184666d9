"""A table that editors keep in Excel, as CSV text: in, records and findings out. One bad row costs that row only.

Knows no table's columns: what a row means, what its words are called and what is said of it is handed over.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from pipeline.model import Finding, Place, Severity

Record = TypeVar("Record")
_HINT = "Excelなどで開いて直してください。直すまで、この行は使いません。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns(Generic[Record]):
    """What a table is: its ``name`` on screens, the ``code`` of its findings, its columns, the two that every row needs, how a row is read.

    ``read`` takes the row's cells by column, its place and whether it has cells beyond the last column; it gives the record and what is
    wrong with it in a sentence, "" if nothing is. ``key`` gives the words that no two rows share; ``folded`` compares them without case.
    """

    name: str
    code: str
    columns: tuple[str, ...]
    needed: tuple[str, str]
    read: Callable[[Mapping[str, str], Place, bool], tuple[Record, str]]
    key: Callable[[Record], str]
    folded: bool = False


def parse_table(text: str, columns: Columns[Record], *, path: str) -> tuple[tuple[Record, ...], tuple[Finding, ...]]:
    """The records of a table's text in its order, and a finding for each row that is left out, with its line."""
    found: dict[str, tuple[Record, int]] = {}
    findings: list[Finding] = []
    header: tuple[str, ...] = ()
    for place, cells in _rows(text, path):
        if cells is None:
            findings.append(_bad(columns, '引用符（"）が閉じていないか、欄が長すぎます。ここから先を読んでいません。', place))
        elif not header:
            header = tuple(cell.lower() for cell in cells)
            if not set(columns.needed) <= set(header):
                message = f"1行目に {columns.needed[0]} と {columns.needed[1]} の列名がありません。{columns.name}を使わずに点検しました。"
                return (), (_bad(columns, message, place, f"1行目を {','.join(columns.columns)} にしてください。"),)
        else:
            record, wrong = columns.read(dict(zip(header, cells, strict=False)), place, any(cells[len(header) :]))
            key = columns.key(record).casefold() if columns.folded else columns.key(record)
            wrong = wrong or (f"「{columns.key(record)}」は{found[key][1]}行目にもあります。" if key in found else "")
            if wrong:
                findings.append(_bad(columns, wrong, place))
            else:
                found[key] = (record, place.line)
    return tuple(record for record, _ in found.values()), tuple(findings)


def forms_of(cell: str) -> tuple[str, ...]:
    """The forms of a cell that holds several, written with a slash between spaces: ``A / B``."""
    return tuple(form.strip() for form in re.split(r"[ \u3000]+[/／][ \u3000]+", cell) if form.strip())


def _rows(text: str, path: str) -> Iterator[tuple[Place, list[str] | None]]:
    """Rows of a table that hold something, each with the line it begins on; ``None`` for one that the reader cannot go beyond."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        place = Place(path=path, line=reader.line_num + 1)
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            yield place, None
            return
        if any(cells):
            yield place, cells


def _bad(columns: Columns[Record], sentence: str, place: Place, hint: str = _HINT) -> Finding:
    message = f"{columns.name}の{place.line}行目：{sentence}"
    return Finding(code=columns.code, severity=Severity.WARNING, message=message, hint=hint, place=place)
