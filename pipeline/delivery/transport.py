"""Where a finished message goes: what a transport is, what may become of a message, and a folder of ``.eml`` as the simplest one.

A transport must say what it knows and no more: a message that may have arrived is ``IN_DOUBT``, never sent again on a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Protocol

from pipeline.errors import SendError, WorkspaceError
from pipeline.files import write_file


class Fate(Enum):
    """What became of a message; the value is the ledger's state. REQUEUED: surely not taken, for no fault of the reader's."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    REQUEUED = "queued"
    IN_DOUBT = "sending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A fate with the server's code (0 if it said none) and words."""

    fate: Fate
    code: int = 0
    reply: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Who a message comes from and goes to on the way: the return path, and one recipient. ``name`` is unique to issue and reader."""

    sender: str
    recipient: str
    name: str


class Transport(Protocol):
    """Takes one message for one recipient at a time."""

    def ready(self) -> None:
        """Be connected and logged in; ``SendError`` if that cannot be: then nothing is handed over at all."""

    def deliver(self, message: bytes, envelope: Envelope) -> Outcome:
        """Hand a message over and say what became of it; never raises for what a server or a network does."""

    def close(self) -> None:
        """Say goodbye; never raises."""


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """Writes ``<name>.eml`` files, for a look or for another sender. The same name again is the same file: nothing is doubled."""

    folder: Path

    def ready(self) -> None:
        """The folder is there."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SendError(f"{self.folder} を作れません（{error.strerror}）。別のフォルダーを指定してください。") from None

    def deliver(self, message: bytes, envelope: Envelope) -> Outcome:
        """Written whole or not at all."""
        try:
            write_file(self.folder / f"{envelope.name}.eml", message)
        except WorkspaceError as error:
            return Outcome(fate=Fate.REQUEUED, reply=str(error))
        return Outcome(fate=Fate.SENT)

    def close(self) -> None:
        """Nothing to close."""
