"""An Excel workbook in, its rows out as text cells with their line. Read as a stream; what a hostile file claims is bounded before it is opened.

The one file that knows openpyxl. It must never run or follow anything in a workbook: formulas give the value that Excel saved beside them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from pipeline.delivery.layout import MOST_COLUMNS
from pipeline.delivery.tables import Record
from pipeline.errors import ReaderError

MOST_BYTES, MOST_PARTS, MOST_ROWS, MOST_EMPTY = 200_000_000, 2_000, 1_048_576, 2_000
_LONGEST = 5_000


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook by its first bytes. ``ReaderError`` for Excel's old format, and for one that a password closes."""
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReaderError(
            f"{path.name} は、古い形式（.xls）か、パスワードのかかったファイルです。"
            "Excelで開き、パスワードを外して「Excelブック（.xlsx）」で保存し直してください。"
        )
    return head.startswith(b"PK\x03\x04")


@contextmanager
def open_sheet(path: Path, name: str = "") -> Iterator[tuple[str, Iterator[Record]]]:
    """The name and the rows of a sheet: the one asked for, else the first that holds an address. ``ReaderError`` if it cannot be read."""
    _bound(path)
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # noqa: BLE001 (a broken archive or sheet raises whatever the parser meets)
        raise _unreadable(path, error) from None
    try:
        sheet = _chosen(book, path, name)
        yield sheet.title, _rows(sheet, path)
    finally:
        book.close()


def _bound(path: Path) -> None:
    """Refuse an archive that would unpack to more than any list of readers is."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise ReaderError(
            f"{path.name} は、名簿として大きすぎます（展開すると {MOST_BYTES // 1_000_000}MB を超えます）。写真や余分なシートを除いてください。"
        )
    if not any(part.filename.startswith("xl/") for part in parts):
        raise ReaderError(f"{path.name} はExcelのブックではありません。ZIPは展開し、中のCSVを取り込んでください。")


def _chosen(book: Any, path: Path, name: str) -> Any:
    sheets = [sheet for sheet in book.worksheets if name or sheet.sheet_state == "visible"] or book.worksheets
    if name:
        found = [sheet for sheet in sheets if sheet.title == name]
        if not found:
            raise ReaderError(f"{path.name} にシート「{name}」がありません。あるのは、{'、'.join(sheet.title for sheet in sheets)}です。")
        return found[0]
    if not sheets:
        raise ReaderError(f"{path.name} にシートがありません。")
    for sheet in sheets:
        first = (record for _, record in zip(range(60), _rows(sheet, path), strict=False))
        if any("@" in cell or "＠" in cell for record in first for cell in record.cells):
            return sheet
    return sheets[0]


def _rows(sheet: Any, path: Path) -> Iterator[Record]:
    """The rows as records; what a sheet says of its own size is not believed."""
    sheet.reset_dimensions()
    empty = 0
    try:
        for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1):
            cells = [_text(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            empty = 0 if cells else empty + 1
            if empty > MOST_EMPTY or number > MOST_ROWS:
                return
            yield Record(number, cells)
    except ReaderError:
        raise
    except Exception as error:  # noqa: BLE001 (as above)
        raise _unreadable(path, error) from None


def _text(value: object) -> str:
    """A cell as a person sees it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds") if value.time() != time() else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:_LONGEST]


def _unreadable(path: Path, error: Exception) -> ReaderError:
    kind = type(error).__name__
    return ReaderError(
        f"{path.name} をExcelのブックとして読めません（{kind}）。Excelで開き直し、「Excelブック（.xlsx）」で保存してください。"
    )
