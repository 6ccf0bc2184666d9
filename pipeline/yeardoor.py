"""The leaf of the door for the annual report: ``enews stats``; arguments in, one desk call, printed tables and an exit code out."""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.doorway import JSON, Option, Run, print_json, today, workspace_of

if TYPE_CHECKING:
    from pipeline.yeardesk import Table


def run_stats(arguments: argparse.Namespace) -> int:
    """``enews stats``."""
    from pipeline import yeardesk

    day = today()
    year = yeardesk.year_of(workspace_of(arguments), yeardesk.fiscal_year(day) if arguments.year is None else arguments.year, today=day)
    if arguments.csv:
        yeardesk.write_csv(arguments.csv, year)
    if arguments.json:
        tables = [{"title": table.title, "header": table.header, "rows": table.rows, "note": table.note} for table in year.tables]
        print_json(findings=[], fiscal_year=year.year, tables=tables, waiting=year.waiting)
        return 0
    print(f"{year.year}年度（{year.year}年4月～{year.year + 1}年3月）")
    for table in year.tables:
        print(*_lines(table), sep="\n")
    if year.waiting:
        print(f"\nまだ発行していない号は、数えていません：{'、'.join(year.waiting)}")
    if arguments.csv:
        print(f"\n{arguments.csv} に書き出しました。")
    return 0


def _lines(table: Table) -> Iterator[str]:
    """A table with its columns in line: names to the left, numbers to the right."""
    yield f"\n■{table.title}"
    cells = [tuple(str(cell) for cell in row) for row in (table.header, *table.rows)]
    widths = [max(_width(row[column]) for row in cells) for column in range(len(table.header))]
    for row in cells:
        numbers = [index > 0 and (row is cells[0] or row[index].isdigit()) for index in range(len(row))]
        padded = [
            " " * (width - _width(cell)) + cell if number else cell + " " * (width - _width(cell))
            for cell, width, number in zip(row, widths, numbers, strict=True)
        ]
        yield f"  {'  '.join(padded).rstrip()}"
    if not table.rows:
        yield "  （ありません）"
    if table.note:
        yield f"  注：{table.note}"


def _width(text: str) -> int:
    """Columns on a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "FWA" else 1 for letter in text)


def _year(text: str) -> int:
    """A fiscal year on the command line."""
    if not (text.isdecimal() and 1990 <= int(text) <= 2100):
        raise argparse.ArgumentTypeError(f"「{text}」は年度として読めません。西暦4けたで指定してください（例：2024）")
    return int(text)


FISCAL_YEAR: Option = (
    ("--fy",),
    {"dest": "year", "default": None, "type": _year, "metavar": "年度", "help": "年度（省くと今年度。例：2024）"},
)
CSV: Option = (("--csv",), {"default": None, "type": Path, "metavar": "ファイル", "help": "表をCSV（Excel用）にも書き出します"})

YEAR_COMMANDS: dict[str, tuple[Run, str, tuple[Option, ...]]] = {
    "stats": (run_stats, "年次報告のための数（発行した号、自治体ごとの記事、海外事例、読者）を数えます", (FISCAL_YEAR, CSV, JSON)),
}
