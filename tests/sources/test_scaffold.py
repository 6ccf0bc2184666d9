"""A new issue that builds at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.desk import check, new, open_workspace
from pipeline.errors import WorkspaceError
from tests.builders import ISSUE, ROOT, draft, workspace


@pytest.mark.parametrize(
    ("slug", "edition", "day"),
    [
        ("2025-02", "monthly", "2025-02-28"),
        ("2024-12", "monthly", "2024-12-27"),
        ("2024-12-cop29", "special", "2024-12-27"),
        ("2025-03-cases", "cases", "2025-03-31"),
    ],
)
def test_a_new_issue_of_every_edition_has_no_errors(tmp_path: Path, slug: str, edition: str, day: str) -> None:
    """It is dated the last working day of its month and can be built at once."""
    desk = open_workspace(workspace(tmp_path, {}))
    new(desk, slug, edition=edition)
    checked = check(desk, slug)
    assert checked.issue.date.isoformat() == day
    assert not checked.has_errors, checked.findings


def test_a_special_knows_its_event_from_the_slug_or_the_option(tmp_path: Path) -> None:
    """2024-12-cop29 is about COP29."""
    desk = open_workspace(workspace(tmp_path, {}))
    new(desk, "2024-12-cop29", edition="special")
    new(desk, "2024-11-special", edition="special", event="cop16")
    events = [check(desk, slug).issue.event for slug in ("2024-12-cop29", "2024-11-special")]
    assert [event.short if event else "" for event in events] == ["COP29", "COP16"]


def test_standing_texts_are_taken_over_and_news_is_not(tmp_path: Path) -> None:
    """An undated notice comes along from the last issue of the same edition; an item with a deadline does not."""
    standing, dated = draft("情報をお寄せください", "募集・お知らせ"), draft("助成金", "募集・お知らせ", 締切="2025-02-14")
    root = workspace(tmp_path, {"80-a.md": standing, "81-b.md": dated, "10-c.md": draft("今月だけ")})
    desk = open_workspace(root)
    new(desk, "2025-02")
    titles = [article.title for article in check(desk, "2025-02").issue.articles]
    assert "情報をお寄せください" in titles
    assert not {"助成金", "今月だけ"} & set(titles)


def test_the_issue_after_the_sample_builds_at_once(tmp_path: Path) -> None:
    """A standing text and a file of the skeleton have one number: the skeleton's moves behind it."""
    for name in ("issues", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    written = new(open_workspace(tmp_path), "2025-02")
    numbers = [path.name.partition("-")[0] for path in written if path.name != "issue.md"]
    assert len(numbers) == len(set(numbers)) == 3
    assert not check(open_workspace(tmp_path), "2025-02").has_errors


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    """A folder that is there is somebody's work."""
    root = workspace(tmp_path, {})
    with pytest.raises(WorkspaceError, match="上書き"):
        new(open_workspace(root), "2025-01")
    assert (root / "issues/2025-01/issue.md").read_text("utf-8") == ISSUE


@pytest.mark.parametrize("slug", ["january", "2025", "2025-13", "../2025-02", "2025-02/../x"])
def test_a_slug_must_begin_with_its_month(tmp_path: Path, slug: str) -> None:
    """The date comes from it."""
    with pytest.raises(WorkspaceError, match="2025-02"):
        new(open_workspace(workspace(tmp_path, {})), slug)
