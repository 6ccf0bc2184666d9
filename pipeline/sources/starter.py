"""``enews init``: an empty folder in, a workspace that builds at once out: masthead, templates, a first issue, and where readers go.

What it lays comes with the program (see ``files.packaged``). It must never write into a folder that somebody uses, nor over a file.
"""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.config import MASTHEAD, read_masthead
from pipeline.errors import WorkspaceError
from pipeline.files import packaged, write_file
from pipeline.sources.scaffold import Wanted, new_issue

BROUGHT = (
    "issues/newsletter.toml",
    "issues/glossary.csv",
    "issues/notation.csv",
    "subscribers/README.md",
    "subscribers/example.csv",
    "templates",
)
GITIGNORE = """\
# 作り直せるもの
build/
# 読者の個人情報。説明と見本のほかは、決して登録しません。
subscribers/*
!subscribers/README.md
!subscribers/example.csv
# 同期フォルダーやソフトが残すもの
.DS_Store
Thumbs.db
desktop.ini
~$*
"""
_DEBRIS = {"desktop.ini", "thumbs.db"}


def write_starter(target: Path, *, slug: str, edition: str = "monthly") -> tuple[Path, ...]:
    """Lay a workspace in ``target``, which may be new or empty, with the issue ``slug``; all files, sorted. ``WorkspaceError`` if it is used."""
    _refuse_used(target)
    files = [_copy(name, target) for brought in BROUGHT for name in _names(brought)]
    write_file(target / ".gitignore", GITIGNORE.encode())
    issue = new_issue(target, slug, read_masthead(target), wanted=Wanted(edition=edition), templates=(target / "templates",))
    return tuple(sorted((*files, *issue, target / ".gitignore")))


def _refuse_used(target: Path) -> None:
    if target.exists() and not target.is_dir():
        raise WorkspaceError(f"{target} はファイルです。編集机を作るには、新しいフォルダーの名前を指定してください。")
    used = [path.name for path in target.iterdir() if not _is_debris(path.name)] if target.exists() else []
    if used:
        raise WorkspaceError(
            f"{target} は空ではありません（{'、'.join(sorted(used)[:3])}{' など' if len(used) > 3 else ''}）。"
            "上書きはしません。新しいフォルダーの名前を指定してください。"
        )


def _is_debris(name: str) -> bool:
    """What systems and git lay into folders that people call empty; but a ``.gitignore`` is somebody's."""
    return name.lower() in _DEBRIS or (name.startswith(".") and name != ".gitignore")


def _names(brought: str) -> list[str]:
    """The file itself, or every file in the folder, by their names in the workspace."""
    source = packaged(brought)
    if source.is_file():
        return [brought]
    inside = sorted(path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file() and not path.name.startswith("."))
    return [f"{brought}/{name}" for name in inside]


def _copy(name: str, target: Path) -> Path:
    data = packaged(name).read_bytes()
    write_file(target / name, _without_feeds(data) if name == MASTHEAD else data)
    return target / name


def _without_feeds(data: bytes) -> bytes:
    """The masthead with its feeds as comments: ours read a saved sample that a new workspace does not have."""
    feeds = re.compile(r"^\[\[feeds\]\]\n(?:(?!\[)[^\n]*\n?)*", re.MULTILINE)
    return feeds.sub(lambda match: re.sub(r"(?m)^(?=[^#\s])", "# ", match[0]), data.decode("utf-8")).encode()
