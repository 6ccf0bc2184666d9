"""Readers and rejected rows in, CSV files out that Excel opens and nobody else may read: UTF-8 with a mark, 0600, no cell that runs as a formula.

It must never write over a file that is there: a mended list may be open in somebody's Excel.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from pipeline.delivery.cells import safe
from pipeline.delivery.layout import SHOWN, Layout
from pipeline.delivery.people import Subscriber, Suppression
from pipeline.delivery.tables import Record
from pipeline.errors import ReaderError

COLUMNS = ("メールアドレス", "氏名", "所属", "部署", "区分", "会員", "言語", "同意", "同意の経路", "同意の記録者")
STOPPED = ("メールアドレス", "停止の理由", "停止の経路", "停止の日時")


def write_readers(path: Path, readers: Iterable[Subscriber], own: Sequence[str] = ()) -> int:
    """The list as ``subscribers import`` reads it, with the columns ``own`` behind; how many readers."""
    return _write(path, (*COLUMNS, *own), (_cells(reader, own) for reader in readers))


def write_suppressions(path: Path, stopped: Iterable[Suppression]) -> int:
    """Those who get no mail, as far as their address is known; how many."""
    return _write(path, STOPPED, ((one.address, one.reason, one.via, one.at) for one in stopped if one.address))


def _cells(reader: Subscriber, own: Sequence[str]) -> Sequence[str]:
    consent = reader.consent
    plain = (reader.address, reader.name, reader.organisation, reader.department, reader.segment)
    told = ("会員" if reader.member else "非会員", reader.language, consent.on, consent.how, consent.by)
    return (*plain, *told, *(reader.columns.get(name, "") for name in own))


def _write(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    with new_file(path) as file:
        writer = csv.writer(file)
        writer.writerow([safe(cell) for cell in header])
        count = 0
        for row in rows:
            writer.writerow([safe(cell) for cell in row])
            count += 1
    return count


class Rejects:
    """The rows that could not be used, written as they come: line, reason, and the row as it was. The file is there only if there is one."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self.path, self._layout = path, layout
        self._part = path.with_name(f".{path.name}.part")
        self._file: TextIO | None = None
        self._again = 2 if layout.header[:2] == ("行", "理由") else 0  # a mended file that is taken in again has them already

    def __call__(self, record: Record, reason: str) -> None:
        """One row more."""
        cells = record.cells + [""] * (len(self._layout.targets) - len(record.cells))
        rows = [[str(record.line), reason, *(safe(cell[:2000].replace("\0", "")) for cell in cells[self._again :])]]
        if self._file is None:
            self._file = open_private(self._part)
            rows.insert(0, ["行", "理由", *self._headings()[self._again :]])
        csv.writer(self._file).writerows(rows)

    def _headings(self) -> list[str]:
        """The list's own headings; for a list without, the words that it is read by again."""
        if self._layout.first:
            return [safe(heading) for heading in self._layout.header]
        return [SHOWN.get(target, target[1:]) if target else "" for target in self._layout.targets]

    def keep(self) -> Path | None:
        """Put the file in its place; ``None`` if nothing was rejected."""
        if self._file is None:
            return None
        self._file.close()
        self._part.replace(self.path)
        return self.path

    def drop(self) -> None:
        """Leave nothing."""
        if self._file is not None:
            self._file.close()
        with suppress(OSError):
            self._part.unlink()


def free_name(folder: Path, stem: str) -> Path:
    """``rejected-<stem>.csv`` in a folder, with a number behind if that is taken."""
    stem = stem.removeprefix("rejected-")[:80]
    names = (folder / f"rejected-{stem}{f'-{number}' if number > 1 else ''}.csv" for number in range(1, 10_000))
    return next(path for path in names if not path.exists())


@contextmanager
def new_file(path: Path) -> Iterator[TextIO]:
    """A private file that is there whole or not at all. ``ReaderError`` if there is one already, or it cannot be written."""
    if path.exists():
        raise ReaderError(f"{path} はもうあります。別の名前を指定してください。")
    part = path.with_name(f".{path.name}.part")
    try:
        with open_private(part) as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise ReaderError(f"{path} に書き込めません（{error.strerror}）。フォルダーの権限と空き容量を確かめてください。") from None
    finally:
        with suppress(OSError):
            part.unlink()


def open_private(path: Path) -> TextIO:
    """A new text file that its owner alone can read, with a byte order mark for Excel."""
    with suppress(FileNotFoundError):
        path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="")
