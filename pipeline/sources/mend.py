"""Safe changes to drafts: edits in, the files as they would read out; and the writing of them. Nothing else in a file moves.

An edit counts characters of the text as it was read (NFC, LF). Written back, a file keeps its line ends and its byte order mark; its encoding
becomes UTF-8, which every check asks for.
"""

from __future__ import annotations

import codecs
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.files import write_file
from pipeline.model import Edit
from pipeline.sources.textfile import read_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """One file before and after; ``path`` is relative to the workspace, ``count`` the number of places that change."""

    path: str
    before: str
    after: str
    count: int

    def diff(self) -> tuple[str, ...]:
        """What changes, as a unified diff."""
        lines = difflib.unified_diff(self.before.split("\n"), self.after.split("\n"), self.path, self.path, lineterm="", n=1)
        return tuple(lines)


def mended(root: Path, edits: Iterable[Edit]) -> tuple[Mended, ...]:
    """Every file that the edits touch, in the order of their paths. Of two edits that overlap the first stands; doubled ones count once."""
    files: dict[str, set[Edit]] = {}
    for edit in edits:
        files.setdefault(edit.path, set()).add(edit)
    return tuple(_mended(root, path, files[path]) for path in sorted(files))


def _mended(root: Path, path: str, edits: set[Edit]) -> Mended:
    before = read_text(root / path, name=path)[0]
    parts, at, count = [], 0, 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end, edit.text)):
        if edit.start >= at and edit.end <= len(before):
            parts += [before[at : edit.start], edit.text]
            at, count = edit.end, count + 1
    return Mended(path=path, before=before, after="".join((*parts, before[at:])), count=count)


def write_mended(root: Path, files: Iterable[Mended]) -> None:
    """Write the files; each whole or not at all."""
    for file in files:
        data = (root / file.path).read_bytes()
        text = file.after.replace("\n", "\r\n") if b"\r\n" in data else file.after
        mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        write_file(root / file.path, mark + text.encode())
