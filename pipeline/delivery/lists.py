"""A file with readers in, what it is and its records out: CSV of any encoding and delimiter, or an Excel workbook. It only reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from pipeline.delivery.decoding import detect, lines_of
from pipeline.delivery.layout import Layout, layout_of
from pipeline.delivery.tables import DELIMITERS, SAMPLE, Record, delimiter_of, records_of
from pipeline.delivery.workbook import is_workbook, open_sheet
from pipeline.errors import ReaderError


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderList:
    """An open list: what was found out about it, and its records behind the headings. ``form`` says encoding and delimiter, or the sheet."""

    name: str
    form: str
    layout: Layout
    records: Iterator[Record]


@contextmanager
def open_list(path: Path, *, columns: str = "", sheet: str = "", today: str = "") -> Iterator[ReaderList]:
    """The list in a file. ``ReaderError`` says the file's name and what keeps it from being read: not there, empty, no column of addresses."""
    try:
        workbook = is_workbook(path)
        if workbook:
            with open_sheet(path, sheet) as (title, records):
                yield _list(path, f"Excelブック、シート「{title}」", records, columns=columns, today=today)
            return
        encoding = detect(path)
        delimiter = delimiter_of(lines_of(path, encoding))
        records = records_of(lines_of(path, encoding), delimiter)
        yield _list(path, f"CSV、{encoding.name}、区切りは{DELIMITERS[delimiter]}", records, columns=columns, today=today)
    except IsADirectoryError:
        raise ReaderError(f"{path.name} はフォルダーです。名簿のファイル（CSVかExcel）を指定してください。") from None
    except OSError as error:
        raise ReaderError(
            f"{path.name} を開けません（{error.strerror}）。名前と場所を確かめ、Excelで開いていれば閉じてください。"
        ) from None


def _list(path: Path, form: str, records: Iterator[Record], *, columns: str, today: str) -> ReaderList:
    sample = list(islice(records, SAMPLE))
    try:
        layout = layout_of([record.cells for record in sample], columns=columns, today=today)
    except ReaderError as error:
        raise ReaderError(f"{path.name}（{form}）：{error}") from None
    first = next((record for record in sample[layout.first :] if any(record.cells)), None)
    if first is None and len(sample) < SAMPLE:
        raise ReaderError(f"{path.name}（{form}）：見出しだけで、読者が一人もいません。")
    return ReaderList(name=path.name, form=form, layout=layout, records=chain(sample[layout.first :], records))
