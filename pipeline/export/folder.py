"""The folder of one build: prepared pictures in, a clean ``build/<slug>/`` out. Everything in it can be made again at any time."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import WorkspaceError
from pipeline.files import write_file
from pipeline.model import Picture


def empty_folder(folder: Path) -> Path:
    """A folder with nothing of an earlier run in it, so that no send-ready file survives a build with errors.

    ``WorkspaceError`` where the system holds a file: an old one left beside the new ones would be sent one day.
    """
    try:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
    except OSError as error:
        raise WorkspaceError(
            f"{folder} を空にできません（{error.strerror}）。その中のファイルを開いているソフトを閉じて、もう一度実行してください。"
        ) from None
    return folder


def write_bytes(path: Path, data: bytes) -> Path:
    """Write a finished file and name it."""
    write_file(path, data)
    return path


def write_text(path: Path, text: str) -> Path:
    """Write text as UTF-8 with LF line ends on every system."""
    return write_bytes(path, text.encode())


def write_pictures(pictures: Iterable[Picture], root: Path, folder: Path) -> None:
    """Copy the prepared pictures, each once, under the names that the mail uses."""
    for picture in {picture.file: picture for picture in pictures}.values():
        write_file(folder / picture.file, (root / picture.path).read_bytes())
