"""What synced folders leave behind, and what an issue's folder may hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ConflictError, WorkspaceError
from pipeline.sources import load_issue
from pipeline.sources.folder import draft_files, issue_folder
from tests.builders import draft, masthead, workspace


@pytest.mark.parametrize(
    "copy",
    [
        "10-a のコピー.md",
        "10-a - コピー.md",
        "10-a - コピー (2).md",
        "10-a (1).md",
        "10-a（1）.md",
        "10-a copy.md",
        "10-a-DESKTOP-A1B2C3.md",
        "10-a (conflicted copy 2025-01-30).md",
        "10-a (田中の競合コピー).md",
        "issue (1).md",
    ],
)
def test_a_conflict_copy_stops_with_both_names(tmp_path: Path, copy: str) -> None:
    """The copy and its original are named, and nothing is built from either."""
    root = workspace(tmp_path, {"10-a.md": draft(), copy: draft("別の見出し")})
    with pytest.raises(ConflictError) as stopped:
        load_issue(root, "2025-01", masthead())
    assert copy in str(stopped.value)
    assert ("issue.md" if copy.startswith("issue") else "10-a.md") in str(stopped.value)


def test_an_open_office_file_stops_with_both_names(tmp_path: Path) -> None:
    """``~$`` says that somebody is still writing."""
    root = workspace(tmp_path, {"10-saitama.md": draft(), "~$-saitama.md": b"\x05"})
    with pytest.raises(ConflictError, match=r"10-saitama\.md と .*~\$-saitama\.md"):
        load_issue(root, "2025-01", masthead())


def test_one_number_or_one_title_twice_stops_with_both_names(tmp_path: Path) -> None:
    """The number is the order, the title is the item: neither may be shared."""
    root = workspace(tmp_path / "number", {"10-a.md": draft("一"), "10-b.md": draft("二")})
    with pytest.raises(ConflictError, match=r"10-a\.md と .*10-b\.md"):
        load_issue(root, "2025-01", masthead())
    root = workspace(tmp_path / "title", {"10-a.md": draft("同じ 見出し"), "20-b.md": draft("同じ見出し")})
    with pytest.raises(ConflictError, match=r"10-a\.md と .*20-b\.md"):
        load_issue(root, "2025-01", masthead())


@pytest.mark.parametrize("name", ["10-cop29-day1.md", "11-g7（イタリア）.md", "20-no-1.md", "30-copy-rights.md"])
def test_ordinary_names_are_no_conflict_copies(tmp_path: Path, name: str) -> None:
    """Brackets and numbers in a name are common."""
    root = workspace(tmp_path, {name: draft()})
    assert [path.name for path in draft_files(root / "issues/2025-01", root)[0]] == [name]


def test_drafts_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    """100 comes after 20; a draft without a number comes last and is said so."""
    root = workspace(tmp_path, {"100-c.md": draft("三"), "20-b.md": draft("二"), "3-a.md": draft("一"), "memo.md": draft("四")})
    files, findings = draft_files(root / "issues/2025-01", root)
    assert [path.name for path in files] == ["3-a.md", "20-b.md", "100-c.md", "memo.md"]
    assert [finding.code for finding in findings] == ["FILE001"]


def test_debris_is_passed_over_and_other_files_are_named(tmp_path: Path) -> None:
    """.DS_Store is nobody's text; a Word file may be."""
    root = workspace(tmp_path, {"10-a.md": draft(), ".DS_Store": b"x", "Thumbs.db": b"x", "desktop.ini": b"x", "原稿.docx": b"x"})
    files, findings = draft_files(root / "issues/2025-01", root)
    assert [path.name for path in files] == ["10-a.md"]
    assert [(finding.code, finding.message) for finding in findings] == [("FILE002", "原稿.docx は読み込んでいません。")]


@pytest.mark.parametrize("slug", ["../2025-01", "2025-01/..", "/etc", "", "２０２５", "a b"])
def test_a_slug_cannot_leave_the_workspace(tmp_path: Path, slug: str) -> None:
    """Path tricks are refused before a file is touched."""
    root = workspace(tmp_path, {})
    with pytest.raises(WorkspaceError):
        issue_folder(root, slug)


def test_an_issue_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    """The message is the way out."""
    with pytest.raises(WorkspaceError, match="2025-01"):
        issue_folder(workspace(tmp_path, {}), "2025-02")
