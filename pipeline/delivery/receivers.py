"""Who received an issue, from the ledger: counts to report, and for an incident a list in a file that its owner alone can read.

It must never write the list into a folder that others share: it lies beside the database. Whoever takes it out is noted there.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from pipeline.delivery.cells import safe
from pipeline.delivery.handout import new_file
from pipeline.delivery.ledger import Entry, Ledger, Send
from pipeline.delivery.people import Subscriber
from pipeline.delivery.roster import log_export

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
    """Write ``<slug>-received.csv`` (the next free name; 0600, for Excel) and note it among the exports. ``ReaderError``: not written."""
    names = (f"{ledger.slug}-received{f'-{n}' if n > 1 else ''}.csv" for n in range(1, 1000))
    path = next(folder / name for name in names if not (folder / name).exists())
    with new_file(path) as file, ledger.store.change() as rows:  # no addresses that nobody noted as taken out
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows([safe(cell) for cell in _cells(entry, reader)] for entry, reader in received.readers)
        log_export(rows, who=who, count=len(received.readers), file=path.name, now=ledger.now())
    return path


def _cells(entry: Entry, reader: Subscriber | None) -> tuple[str, ...]:
    known = (reader.address, reader.name, reader.organisation, reader.department) if reader else ("（名簿にありません）", "", "", "")
    return (RESULTS[entry.state], entry.at, *known, str(entry.subscriber))
