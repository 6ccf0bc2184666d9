"""Mails as files: an ``.eml``, an mbox, a Maildir or any folder of these in, one letter after the other out, each with a digest of its own.

However large a file is, only the head of each mail is kept: what a report says stands in front of the mail that it returns. Nothing is written.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.delivery.returned import KEPT
from pipeline.errors import WorkspaceError

_CHUNK = 1 << 16
_FROM = b"From "  # how a mail begins in an mbox
_OUTLOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail: the file that it stands in, its number there (1 for the only one), its first bytes, the sha256 of the whole in hex digits.

    The digest is the same whatever the line ends, and however many of them stand at the end: a mail that was saved twice is one mail.
    """

    file: str
    number: int
    data: bytes
    digest: str


def read_letters(path: Path) -> Iterator[Letter]:
    """The mails in a file or, by name, in a folder and all below it. ``WorkspaceError`` if there is none, or a file cannot be read."""
    if not path.exists():
        raise WorkspaceError(f"{path} がありません。受信箱から書き出した .eml か mbox のファイル、またはそのフォルダーを指定してください。")
    files = _files(path) if path.is_dir() else [path]
    if not files:
        raise WorkspaceError(f"{path} に、メールのファイルがありません。受信箱から .eml か mbox で書き出してください。")
    for file in files:
        try:
            with file.open("rb") as lines:
                yield from _letters(lines, file.relative_to(path).as_posix() if path.is_dir() else file.name)
        except OSError as error:
            raise WorkspaceError(f"{file} を読めません（{error.strerror}）。") from None


def _files(folder: Path) -> list[Path]:
    """Every plain file, also in a Maildir's ``cur`` and ``new``; nothing hidden, no half-delivered mail, no link that leads elsewhere."""
    found = []
    for file in sorted(folder.rglob("*")):
        steps = file.relative_to(folder).parts
        if file.is_file() and not file.is_symlink() and not any(step.startswith(".") for step in steps) and "tmp" not in steps[:-1]:
            found.append(file)
    return found


def _letters(lines: BinaryIO, name: str) -> Iterator[Letter]:
    head = lines.read(len(_OUTLOOK))
    if head == _OUTLOOK:
        raise WorkspaceError(
            f"{name} は Outlook の .msg 形式なので読めません。.eml で保存するか、メールを Thunderbird などに移してください。"
        )
    lines = _rewound(lines, name)
    is_mbox = head.startswith(_FROM)
    number, part, blank = 0, _Part(), True
    while line := lines.readline(_CHUNK):
        if is_mbox and blank and line.startswith(_FROM):
            if number:
                yield part.letter(name, number)
            number, part = number + 1, _Part()
        else:
            part.add(line)
        blank = line in (b"\n", b"\r\n")
    if part.size or number:
        yield part.letter(name, max(number, 1))


def _rewound(lines: BinaryIO, name: str) -> BinaryIO:
    """The file from its first byte; Apple Mail's, from behind the number that stands above the mail."""
    lines.seek(0)
    if name.endswith(".emlx"):
        count = lines.readline(64).strip()
        if count.isdigit():
            return io.BytesIO(lines.read(min(int(count), 64 << 20)))
        lines.seek(0)
    return lines


class _Part:
    """A mail that is being read: its head, and the digest of all its lines but for the empty ones at its end."""

    def __init__(self) -> None:
        self.size, self._digest, self._head, self._waiting = 0, hashlib.sha256(), bytearray(), 0

    def add(self, line: bytes) -> None:
        """One more line, or a piece of a very long one."""
        self.size += len(line)
        if len(self._head) < KEPT:
            self._head += line
        ended = line.endswith(b"\n")
        text = line.removesuffix(b"\n").removesuffix(b"\r") if ended else line
        if text:
            self._digest.update(b"\n" * self._waiting + text)
            self._waiting = 0
        self._waiting += ended

    def letter(self, name: str, number: int) -> Letter:
        """What was read."""
        return Letter(file=name, number=number, data=bytes(self._head[:KEPT]), digest=self._digest.hexdigest())
