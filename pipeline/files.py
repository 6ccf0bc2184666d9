"""Files as everybody writes them: whole or not at all, and what the package brings along, found in the wheel and in the checkout alike.

It must never leave half a file behind, and never touch a file that already holds the bytes: synced folders would carry it to every desk.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import WorkspaceError

_HERE = Path(__file__).resolve().parent


def write_file(path: Path, data: bytes) -> bool:
    """Write ``data`` in one step, folders included; False if the file held it already. ``WorkspaceError`` if the place cannot be written."""
    try:
        if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        _part(path, data).replace(path)
    except OSError as error:
        raise _refused(path, error) from None
    return True


def write_new(path: Path, data: bytes) -> None:
    """Write a file that must not be there yet, whole or not at all: ``FileExistsError`` if somebody was quicker, ``WorkspaceError`` otherwise."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = _part(path, data)
        placed = _placed(part, path)
        part.unlink(missing_ok=True)
    except OSError as error:
        raise _refused(path, error) from None
    if not placed:
        raise FileExistsError(path)


def _placed(part: Path, path: Path) -> bool:
    """Whether the part has become the file; a file that is there stays."""
    try:
        path.hardlink_to(part)  # the one step that refuses a file that is there, on every system
    except FileExistsError:
        return False
    except OSError:  # a stick or a network folder that knows no links
        if path.exists():
            return False
        part.replace(path)
    return True


def _part(path: Path, data: bytes) -> Path:
    """The bytes beside their place. What a killed run left there goes first: it may be the very file by another name."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    part.write_bytes(data)
    return part


def _refused(path: Path, error: OSError) -> WorkspaceError:
    return WorkspaceError(
        f"{path} に書き込めません（{error.strerror}）。ほかのソフトで開いていれば閉じ、フォルダーの権限と空き容量を確かめてください。"
    )


def packaged(name: str) -> Path:
    """A file or folder that comes with the program (``templates``, ``issues/newsletter.toml``): the wheel's copy, else the checkout's."""
    for place in (_HERE / "_files", _HERE.parent):
        if (place / name).exists():
            return place / name
    raise WorkspaceError(f"プログラムに付属のファイル {name} が見つかりません。enews を入れ直してください。")
