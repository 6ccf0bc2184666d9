"""Who received an issue, from the ledger: counts to report, and for an incident a list in a file that its owner alone can read.

It must never write the list into a folder that others share: it lies beside the database. Whoever takes it out is noted there.
"""

from __future__ import annotations

import csv
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipeline.delivery.ledger import Entry, Ledger, Send
from pipeline.delivery.people import Subscriber
from pipeline.errors import WorkspaceError

HEADER = ("結果", "日時", "メールアドレス", "氏名", "所属", "部署", "読者番号")
RESULTS = {"sent": "送信済", "sending": "送信結果不明"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A send, how many readers are in each state, and (entry, reader) of everybody who got the issue or may have got it."""

    send: Send
    counts: dict[str, int]
    readers: tuple[tuple[Entry, Subscriber | None], ...]

    @property
    def first(self) -> str:
        """When the first one got it, ISO; "" if nobody did."""
        return min((entry.at for entry, _ in self.readers), default="")

    @property
    def last(self) -> str:
        """When the last one got it."""
        return max((entry.at for entry, _ in self.readers), default="")


def who_received(ledger: Ledger) -> Received | None:
    """What the ledger knows of an issue; ``None`` if it was not sent from here."""
    send = ledger.send()
    if send is None:
        return None
    return Received(send=send, counts=ledger.counts(), readers=tuple(row for state in RESULTS for row in ledger.entries(state)))


def write_receivers(folder: Path, ledger: Ledger, received: Received, *, who: str) -> Path:
    """Write ``<slug>-received.csv`` (the next free name; 0600, for Excel) and note it among the exports. ``WorkspaceError``: not written."""
    names = (f"{ledger.slug}-received{f'-{n}' if n > 1 else ''}.csv" for n in range(1, 1000))
    path = next(folder / name for name in names if not (folder / name).exists())
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADER)
            writer.writerows([_safe(cell) for cell in _cells(entry, reader)] for entry, reader in received.readers)
        with ledger.store.change() as rows:
            sql = "INSERT INTO exports (at, who, rows, file) VALUES (?, ?, ?, ?)"
            rows.run(sql, ledger.now(), who, len(received.readers), path.name)
    except OSError as error:
        _drop(path)
        raise WorkspaceError(f"{path} に書き込めません（{error.strerror}）。フォルダーの権限と空き容量を確かめてください。") from None
    except BaseException:
        _drop(path)  # addresses that nobody noted as taken out
        raise
    return path


def _drop(path: Path) -> None:
    with suppress(OSError):
        path.unlink()


def _cells(entry: Entry, reader: Subscriber | None) -> tuple[str, ...]:
    known = (reader.address, reader.name, reader.organisation, reader.department) if reader else ("（名簿にありません）", "", "", "")
    return (RESULTS[entry.state], entry.at, *known, str(entry.subscriber))


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip()[:1] in tuple("=+-@＝＋－＠") else cell
