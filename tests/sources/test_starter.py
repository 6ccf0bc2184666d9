"""``enews init``: a folder that works at once, and nobody's file touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.config import read_masthead
from pipeline.errors import WorkspaceError
from pipeline.files import packaged, write_file
from pipeline.sources import load_issue
from pipeline.sources.starter import write_starter
from tests.builders import ROOT


def test_a_new_folder_becomes_a_workspace(tmp_path: Path) -> None:
    """Masthead, templates, reader's folder, .gitignore and a first issue that loads; every file is named and there."""
    target = tmp_path / "新しい編集机"
    files = write_starter(target, slug="2025-02")
    names = {path.relative_to(target).as_posix() for path in files}
    assert {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()} == names
    assert names >= {".gitignore", "issues/newsletter.toml", "issues/glossary.csv", "issues/2025-02/issue.md"}
    assert names >= {"subscribers/README.md", "subscribers/example.csv"}
    templates = {path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*") if path.is_file()}
    assert {name for name in names if name.startswith("templates/")} == templates
    issue, _ = load_issue(target, "2025-02", read_masthead(target))
    assert (issue.date.isoformat(), len(issue.articles) > 0) == ("2025-02-28", True)


def test_readers_addresses_stay_out_of_git(tmp_path: Path) -> None:
    """The workspace's .gitignore leaves out every file in ``subscribers/`` but the two that are brought along."""
    write_starter(tmp_path, slug="2025-02")
    lines = (tmp_path / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert lines.index("subscribers/*") < lines.index("!subscribers/example.csv")
    assert "build/" in lines
    assert "example.com" in (tmp_path / "subscribers/example.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("name", ["memo.txt", "issues/newsletter.toml", ".gitignore"])
def test_a_used_folder_is_refused_and_left_as_it_was(tmp_path: Path, name: str) -> None:
    """One file of somebody's is enough to stop, and nothing is written beside it."""
    write_file(tmp_path / name, b"mine")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(WorkspaceError, match="空ではありません"):
        write_starter(tmp_path, slug="2025-02")
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / name).read_bytes() == b"mine"


def test_what_systems_leave_behind_does_not_count(tmp_path: Path) -> None:
    """A folder with desktop.ini, .DS_Store and .git is an empty one."""
    for name in ("desktop.ini", ".DS_Store", ".git/HEAD"):
        write_file(tmp_path / name, b"x")
    assert write_starter(tmp_path, slug="2025-02")


def test_a_file_is_no_place_for_a_workspace(tmp_path: Path) -> None:
    """A name that belongs to a file is refused in words."""
    write_file(tmp_path / "enews", b"x")
    with pytest.raises(WorkspaceError, match="ファイルです"):
        write_starter(tmp_path / "enews", slug="2025-02")


def test_what_the_program_does_not_bring_is_named() -> None:
    """A broken installation says which file is missing and what to do."""
    with pytest.raises(WorkspaceError, match=r"nothing/here.*入れ直して"):
        packaged("nothing/here")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    """The same bytes are not written again, other bytes replace the file in one step, a place that cannot be written is named."""
    path = tmp_path / "deep/file.txt"
    assert write_file(path, b"one")
    assert not write_file(path, b"one")
    assert write_file(path, b"two")
    assert [child.name for child in path.parent.iterdir()] == ["file.txt"]
    with pytest.raises(WorkspaceError, match="書き込めません"):
        write_file(path / "below-a-file.txt", b"x")
