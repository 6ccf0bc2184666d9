"""An issue's folder: which files are drafts, in which order, and which are the debris of synced folders, editors and office software.

It never reads a file and never leaves one out silently: debris that may hold somebody's text stops with both names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from pipeline.errors import ConflictError, WorkspaceError
from pipeline.model import Finding, Place, Severity

SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
NUMBERED = re.compile(r"(?P<number>\d+)")
_JUNK = {".ds_store", "thumbs.db", "desktop.ini"}
_FOLDERS = {"images", "approved"}
_COPY = re.compile(
    r"(?P<stem>.+?)(?:\s*[-–]?\s*(?:の)?コピー(?:\s*[(（]?\d+[)）]?)?|\s*[(（]\d{1,2}[)）]|\s+copy(?:\s*\d+)?|[-_](?:DESKTOP|LAPTOP|PC)-[A-Za-z0-9]+(?:-\d+)?"
    r"|\s*[(（][^()（）]*(?:conflict|競合)[^()（）]*[)）]|[._-]sync-conflict-.*|の競合.*)",
    re.IGNORECASE,
)


def issue_folder(root: Path, slug: str) -> Path:
    """The folder of an issue that exists; ``WorkspaceError`` names the ones there are."""
    if not SLUG.fullmatch(slug):
        raise WorkspaceError(f"号の名前「{slug}」には、半角の英数字とハイフンだけを使えます（例 2025-01）。")
    folder = root / "issues" / slug
    if not (folder / "issue.md").is_file():
        raise WorkspaceError(f"issues/{slug}/issue.md がありません。今ある号は {'、'.join(slugs(root)) or 'まだなし'} です。")
    return folder


def pictures_folder(root: Path, name: str) -> Path:
    """The folder whose ``images/`` is meant: an issue's, or for ``cases/<feed>`` the one of a feed's case studies."""
    kind, _, feed = name.partition("/")
    if kind != "cases" or not SLUG.fullmatch(feed):
        return issue_folder(root, name)
    if not (root / "issues" / "cases" / feed).is_dir():
        raise WorkspaceError(f"issues/cases/{feed} がありません。enews cases で配信元の名前を確かめてください。")
    return root / "issues" / "cases" / feed


def slugs(root: Path) -> tuple[str, ...]:
    """The issues of a workspace, sorted by name."""
    return tuple(sorted(path.parent.name for path in (root / "issues").glob("*/issue.md") if SLUG.fullmatch(path.parent.name)))


def draft_files(folder: Path, root: Path) -> tuple[tuple[Path, ...], tuple[Finding, ...]]:
    """The drafts in order of their numbers. ``ConflictError`` for conflict copies, lock files and a number used twice.

    Findings: FILE001 a draft without a number (it comes last), FILE002 a file that is not read.
    """
    drafts, findings = [], []
    for path in sorted(folder.iterdir()):
        if path.name.lower() in _JUNK or path.name.startswith(".") or (path.is_dir() and path.name in _FOLDERS):
            continue
        if path.name.startswith("~$"):
            _refuse_lock_file(path, folder, root)
        elif path.suffix.lower() == ".md" and path.is_file():
            drafts.append(path)
        else:
            findings.append(_unread(path, root))
    refuse_copies(drafts, root)
    articles = [path for path in drafts if path.name != "issue.md"]
    _refuse_same_number(articles, root)
    findings += [_unnumbered(path, root) for path in articles if not NUMBERED.match(path.name)]
    return tuple(sorted(articles, key=_order)), tuple(findings)


def refuse_copies(files: Iterable[Path], root: Path) -> None:
    """Stop at conflict copies (… のコピー, … (1), …-DESKTOP-A1): two people's work must be joined by a person."""
    names = {unicodedata.normalize("NFC", path.stem): path for path in files}
    for stem, path in names.items():
        match = _COPY.fullmatch(stem)
        if not match:
            continue
        original = names.get(match["stem"].strip())
        both = f"{relative(original, root)} と {relative(path, root)}" if original else relative(path, root)
        raise ConflictError(
            f"同期フォルダーの競合コピーと思われる原稿があります：{both}。"
            "内容を見比べて一つにまとめ、残りを削除するか別の番号と名前に変えてから、もう一度実行してください。"
        )


def refuse_same_title(titles: Iterable[tuple[str, Path]], root: Path) -> None:
    """Stop when two drafts carry one title."""
    seen: dict[str, Path] = {}
    for title, path in titles:
        key = re.sub(r"\s", "", unicodedata.normalize("NFKC", title))
        if key and key in seen:
            raise ConflictError(
                f"同じ見出し「{title}」の原稿が2つあります：{relative(seen[key], root)} と {relative(path, root)}。"
                "どちらか一つを残すか、見出しを書き分けてから、もう一度実行してください。"
            )
        seen[key] = path


def relative(path: Path, root: Path) -> str:
    """The path as messages name it: relative to the workspace, with ``/``."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()


def _order(path: Path) -> tuple[int, str]:
    match = NUMBERED.match(path.name)
    return (int(match["number"]) if match else 10**9, path.name)


def _refuse_same_number(articles: list[Path], root: Path) -> None:
    seen: dict[int, Path] = {}
    for path in articles:
        number, _ = _order(path)
        if number in seen and NUMBERED.match(path.name):
            raise ConflictError(
                f"同じ番号の原稿が2つあります：{relative(seen[number], root)} と {relative(path, root)}。"
                "番号は記事の並び順です。どちらかの番号を変えてから、もう一度実行してください。"
            )
        seen[number] = path


def _refuse_lock_file(path: Path, folder: Path, root: Path) -> None:
    tail = path.name[2:]
    original = next((other for other in sorted(folder.iterdir()) if other != path and other.name.endswith(tail)), None)
    both = f"{relative(original, root)} と {relative(path, root)}" if original else relative(path, root)
    raise ConflictError(
        f"編集中の印のファイルがあります：{both}。開いているソフトを閉じ、保存されたことを確かめてから、もう一度実行してください。"
    )


def _unread(path: Path, root: Path) -> Finding:
    hint = "原稿は「10-名前.md」の形で置いてください。使わないファイルは号のフォルダーから出してください。"
    name = relative(path, root)
    return Finding(
        code="FILE002", severity=Severity.WARNING, message=f"{path.name} は読み込んでいません。", hint=hint, place=Place(path=name)
    )


def _unnumbered(path: Path, root: Path) -> Finding:
    hint = "ファイル名を「30-名前.md」のように、並び順の番号で始めてください。"
    message = f"{path.name} には並び順の番号がないため、最後に置きました。"
    return Finding(code="FILE001", severity=Severity.WARNING, message=message, hint=hint, place=Place(path=relative(path, root)))
