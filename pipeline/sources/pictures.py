"""The pictures of an issue: originals in ``images/`` in, prepared ones in ``images/web/`` with an index out, once; afterwards only looked up.

``prepare_pictures`` is the import command, its results are kept and reviewed. ``find_picture`` serves every build and reads the index only.
Neither may ever follow a name out of the issue's folder, and no original is ever changed.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import unquote

from pipeline.errors import PictureError
from pipeline.files import write_file

DISPLAY_WIDTH = 560
MAX_ORIGINAL = 100_000_000
INDEX = "pictures.json"
SUFFIXES = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".heic", ".heif", ".avif")
FOREIGN = (".pdf", ".svg", ".eps", ".ai", ".psd", ".mp4", ".mov", ".docx", ".pptx")
_SAFE = re.compile(r"[a-z0-9-]+-[0-9a-f]{8}\.(?:jpg|png)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A picture ready for mail. ``width`` and ``height`` are CSS pixels on the page, the file may hold twice as many; ``bytes`` is its size.

    ``source`` is the name that was asked for (``images/x.jpg``), ``path`` the file as found from the issue's folder. ``stale``: original or
    file have changed since. ``note`` tells a person what was done, e.g. that a film became a still.
    """

    file: str
    path: str
    source: str
    width: int
    height: int
    bytes: int
    stale: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A line of the index: the original by name and sha256, the prepared file by name, own pixels and bytes."""

    source: str
    sha256: str
    source_bytes: int
    file: str
    width: int
    height: int
    bytes: int
    note: str = ""


def prepare_pictures(issue_dir: Path, *, display_width: int = DISPLAY_WIDTH) -> tuple[Prepared, ...]:
    """Prepare what is new or changed among the originals; all pictures of the issue, by name. A second run writes nothing.

    ``PictureError`` comes last and names every original that could not be prepared; the others are ready by then.
    """
    index = _read_index(issue_dir)
    failures = []
    for original in _originals(issue_dir):
        try:
            index[_key(original.name)] = _prepare(original, index.get(_key(original.name)), display_width=display_width)
        except PictureError as error:
            failures.append(str(error))
    if index:
        rows = [asdict(index[key]) for key in sorted(index)]
        write_file(_web(issue_dir) / INDEX, (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode())
    if failures:
        raise PictureError("\n".join(failures))
    return tuple(_prepared(issue_dir, index[key], f"images/{index[key].source}", display_width) for key in sorted(index))


def find_picture(issue_dir: Path, source: str, *, display_width: int = DISPLAY_WIDTH) -> Prepared | None:
    """The prepared picture for a name as editors write it (``images/写真.jpg``, ``写真.JPG``, also with backslashes); None if there is none.

    Names are looked up, never opened: ``../x`` and absolute paths simply are not there.
    """
    index = _read_index(issue_dir)
    name = source.strip().replace("\\", "/").removeprefix("./").removeprefix("images/")
    entry = index.get(_key(name)) or index.get(_key(unquote(name)))
    if not entry or not _inside(issue_dir, _web(issue_dir) / entry.file):
        return None
    return _prepared(issue_dir, entry, source, display_width)


def _inside(issue_dir: Path, path: Path) -> bool:
    """Whether the file is there and no link leads it out of the issue."""
    return path.is_file() and path.resolve().is_relative_to(issue_dir.resolve())


def _web(issue_dir: Path) -> Path:
    return issue_dir / "images" / "web"


def _key(name: str) -> str:
    """One spelling for a file's name: macOS decomposes kana, Windows does not tell .JPG from .jpg."""
    return unicodedata.normalize("NFC", name).casefold()


def _originals(issue_dir: Path) -> tuple[Path, ...]:
    folder = issue_dir / "images"
    if not folder.is_dir():
        return ()
    found = [path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES + FOREIGN and not path.name.startswith((".", "~$"))]
    return tuple(sorted((path for path in found if path.is_file()), key=lambda path: _key(path.name)))


def _prepare(original: Path, before: _Entry | None, *, display_width: int) -> _Entry:
    data = _read_original(original)
    digest = hashlib.sha256(data).hexdigest()
    if before and before.sha256 == digest and _file_bytes(original.parent / "web" / before.file) == before.bytes:
        return before
    from pipeline.sources.darkroom import develop

    picture = develop(data, f"images/{original.name}", width=2 * display_width)
    file = f"{_safe_stem(original.stem)}-{digest[:8]}{picture.suffix}"
    write_file(original.parent / "web" / file, picture.data)
    return _Entry(
        source=original.name,
        sha256=digest,
        source_bytes=len(data),
        file=file,
        width=picture.width,
        height=picture.height,
        bytes=len(picture.data),
        note=picture.note,
    )


def _read_original(original: Path) -> bytes:
    name = f"images/{original.name}"
    if not original.resolve().is_relative_to(original.parent.resolve()):
        raise PictureError(f"{name} はほかのフォルダーへのリンクです。写真そのものを images/ に置いてください。")
    if original.suffix.lower() in FOREIGN:
        raise PictureError(
            f"{name} は写真に使えない形式です。JPEG か PNG にして置き直してください"
            "（PDF などは、画面に表示して Windows キー＋Shift＋S で切り取り、PNG で保存できます）。"
        )
    size = original.stat().st_size
    if not size:
        raise PictureError(f"{name} は空のファイルです。同期（OneDrive など）が終わるのを待つか、置き直してください。")
    if size > MAX_ORIGINAL:
        raise PictureError(
            f"{name} は {size // 1_000_000} MB あり、大きすぎます（上限 {MAX_ORIGINAL // 1_000_000} MB）。縮小してください。"
        )
    try:
        return original.read_bytes()
    except OSError as error:
        raise PictureError(f"{name} を開けません（{error.strerror}）。ほかのソフトで開いていれば閉じてください。") from None


def _safe_stem(stem: str) -> str:
    """ASCII letters, digits and hyphens only: the name becomes part of a URL, in every sender and on every server."""
    ascii_only = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:40].strip("-") or "picture"


def _read_index(issue_dir: Path) -> dict[str, _Entry]:
    path = _web(issue_dir) / INDEX
    try:
        rows = [_entry(row) for row in json.loads(path.read_bytes())]
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError):
        raise PictureError(
            f"{issue_dir.name}/images/web/{INDEX} を読めません。このファイルを削除し、enews pictures {issue_dir.name} を実行してください。"
        ) from None
    return {_key(row.source): row for row in rows}


def _entry(row: dict[str, object]) -> _Entry:
    entry = _Entry(**row)  # type: ignore[arg-type]
    numbers = (entry.width, entry.height, entry.bytes, entry.source_bytes)
    if (
        not _SAFE.fullmatch(entry.file)
        or re.search(r"[/\\]", entry.source)
        or not all(type(number) is int and number > 0 for number in numbers)
    ):
        raise ValueError(entry.file)
    return entry


def _prepared(issue_dir: Path, entry: _Entry, source: str, display_width: int) -> Prepared:
    path = _web(issue_dir) / entry.file
    width = min(display_width, entry.width)
    return Prepared(
        file=entry.file,
        path=path.as_posix(),
        source=source,
        width=width,
        height=max(1, round(entry.height * width / entry.width)),
        bytes=entry.bytes,
        stale=_changed(issue_dir / "images" / entry.source, entry) or _file_bytes(path) != entry.bytes,
        note=entry.note,
    )


def _changed(original: Path, entry: _Entry) -> bool:
    """Whether the original is another one now. One that was cleared away has not changed: the prepared picture is the one to keep."""
    size = _file_bytes(original)
    if size is None or size != entry.source_bytes:
        return size is not None
    with original.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() != entry.sha256


def _file_bytes(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None
