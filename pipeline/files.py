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
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        raise WorkspaceError(
            f"{path} に書き込めません（{error.strerror}）。ほかのソフトで開いていれば閉じ、フォルダーの権限と空き容量を確かめてください。"
        ) from None
    return True


def packaged(name: str) -> Path:
    """A file or folder that comes with the program (``templates``, ``issues/newsletter.toml``): the wheel's copy, else the checkout's."""
    for place in (_HERE / "_files", _HERE.parent):
        if (place / name).exists():
            return place / name
    raise WorkspaceError(f"プログラムに付属のファイル {name} が見つかりません。enews を入れ直してください。")
