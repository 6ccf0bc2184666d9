"""Approvals on disk: whole or not at all, and not one byte of what is read is another than what was approved."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.delivery.approval import Approval, Approved, approved_folder, has_approved, read_approved, write_approved
from pipeline.delivery.frozen import Frozen, Slot
from pipeline.errors import ApprovalError, WorkspaceError
from pipeline.model import Severity
from pipeline.sources import load_issue
from tests import builders

SLUG = "2025-01"
FROZEN = Frozen(
    slug=SLUG,
    date=date(2025, 1, 31),
    subject="件名",
    lead_line="導入文",
    html="<p>〔氏名〕様\r\n本文</p>",
    text="〔氏名〕様\n\n本文\n",
    slots=(Slot(part="html", start=3, end=7, field="name"), Slot(part="text", start=0, end=4, field="name")),
    sender="e-News <enews@example.jp>",
    reply_to="enews@example.jp",
    audience="members",
    pictures=(("a-1.jpg", b"\xff\xd8a"), ("図.png", b"b")),
)
APPROVAL = Approval(by="見本 花子", at="2025-01-30T17:40:00+09:00", via="メール", deputy=True, code="7F3A-21")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The approved folder of an issue, just written."""
    return write_approved(tmp_path / "issues" / SLUG, FROZEN, APPROVAL)


def test_what_is_read_is_what_was_written(folder: Path, tmp_path: Path) -> None:
    """Line ends, pictures, places of fields and the words about the approval come back as they were."""
    assert folder == approved_folder(tmp_path, SLUG)
    assert read_approved(tmp_path, SLUG) == Approved(frozen=FROZEN, approval=APPROVAL)
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert names == ["email.html", "email.txt", "images/a-1.jpg", "images/図.png", "manifest.json"]
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert (manifest["digest"], manifest["number"]) == (FROZEN.digest, FROZEN.number)
    assert manifest["approval"]["by"] == "見本 花子"


def test_the_number_is_that_of_the_content_alone(tmp_path: Path) -> None:
    """It was said before anybody approved: who did, and when, changes nothing in it."""
    write_approved(tmp_path / "issues" / SLUG, FROZEN, replace(APPROVAL, by="見本 太郎", deputy=False))
    assert read_approved(tmp_path, SLUG).frozen.number == FROZEN.number


def test_an_issue_that_nobody_approved(tmp_path: Path) -> None:
    """It is refused, with the way to an approval."""
    assert not has_approved(tmp_path, SLUG)
    with pytest.raises(ApprovalError, match="enews request 2025-01"):
        read_approved(tmp_path, SLUG)


def _append(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes() + b" ")


def _manifest(old: str, new: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        path = folder / "manifest.json"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


TOUCHED: list[tuple[str, Callable[[Path], object]]] = [
    *((name, _append(name)) for name in ("email.html", "email.txt", "images/図.png", "manifest.json")),
    *((name, lambda folder, name=name: (folder / name).unlink()) for name in ("email.html", "images/a-1.jpg", "manifest.json")),
    ("crlf", lambda folder: (folder / "email.txt").write_bytes((folder / "email.txt").read_bytes().replace(b"\n", b"\r\n"))),
    ("latin", lambda folder: (folder / "email.txt").write_bytes(b"\xe9")),
    ("empty", lambda folder: (folder / "manifest.json").write_bytes(b"")),
    ("list", lambda folder: (folder / "manifest.json").write_bytes(b"[]")),
    ("deep", lambda folder: (folder / "manifest.json").write_bytes(b"[" * 100_000)),
    ("by", _manifest("見本 花子", "見本 次郎")),
    ("at", _manifest("2025-01-30T", "2025-01-31T")),
    ("subject", _manifest("件名", "別名")),
    ("subject of another kind", _manifest('"件名"', "1")),
    ("surrogate", _manifest("件名", "\\ud800")),
    ("audience", _manifest('"audience": "members"', '"audience": ""')),
    ("slot", _manifest('"text",\n   0', '"text",\n   1')),
    ("slot of another kind", _manifest('"text",\n   0', '"text",\n   "0"')),
    ("slug", _manifest("2025-01", "2025-02")),
    ("path", _manifest("図.png", "../email.txt")),
    ("picture", _manifest("a-1.jpg", "a-2.jpg")),
    ("more", _manifest('"seal"', '"more": 1, "seal"')),
]


@pytest.mark.parametrize(("name", "touch"), TOUCHED, ids=[name for name, _ in TOUCHED])
def test_a_touched_approval_is_refused(folder: Path, tmp_path: Path, name: str, touch: Callable[[Path], object]) -> None:
    """Whatever file, whichever byte, a half-written folder too; the message names the folder and the way out."""
    read_approved(tmp_path, SLUG)
    touch(folder)
    with pytest.raises(ApprovalError, match=r"2025-01/approved/ の.*承認をもう一度") as refused:
        read_approved(tmp_path, SLUG)
    assert name not in ("email.html", "email.txt", "images/図.png") or name in str(refused.value)


@pytest.mark.parametrize("slug", ["..", "../2025-01", "a/b", "", ".approved", "2025-01\n", "C:"])
def test_a_slug_leads_nowhere_else(tmp_path: Path, slug: str) -> None:
    """A path is no name of an issue."""
    with pytest.raises(ApprovalError):
        read_approved(tmp_path, slug)


def test_the_approval_of_another_issue_is_none_of_this(folder: Path, tmp_path: Path) -> None:
    """A folder that was copied into the next issue is refused."""
    folder.rename(tmp_path / "moved")
    (tmp_path / "issues/2025-02").mkdir()
    (tmp_path / "moved").rename(tmp_path / "issues/2025-02/approved")
    with pytest.raises(ApprovalError, match="2025-02"):
        read_approved(tmp_path, "2025-02")


def test_a_new_approval_takes_the_place_of_the_old(folder: Path, tmp_path: Path) -> None:
    """Nothing of the old one is left, not even a picture."""
    new = replace(FROZEN, text="別\n", slots=(), pictures=())
    write_approved(tmp_path / "issues" / SLUG, new, APPROVAL)
    assert read_approved(tmp_path, SLUG).frozen == new
    assert [path.name for path in folder.parent.iterdir()] == ["approved"]
    assert not (folder / "images").exists()


@pytest.mark.parametrize("step", range(8))
def test_a_broken_write_leaves_the_old_approval_or_none(folder: Path, tmp_path: Path, step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full at each step in turn: what is read then is the old one whole, or the new one whole, never a mixture."""
    steps = iter(range(100))
    new = replace(FROZEN, text="別\n", slots=())

    def failing(real: Callable[..., object]) -> Callable[..., object]:
        def run(*values: object) -> object:
            if next(steps) == step:
                raise OSError(28, "No space left on device")
            return real(*values)

        return run

    for name in ("write_bytes", "rename"):
        monkeypatch.setattr(Path, name, failing(getattr(Path, name)))
    failed = False
    try:
        write_approved(tmp_path / "issues" / SLUG, new, APPROVAL)
    except WorkspaceError:
        failed = True
    monkeypatch.undo()
    assert failed == (step < 7)
    assert read_approved(tmp_path, SLUG).frozen == (FROZEN if failed else new)
    assert folder.is_dir()


def test_a_run_that_was_killed_between_the_renames_loses_nothing(folder: Path, tmp_path: Path) -> None:
    """The issue counts as not approved, and the next approval finds its way."""
    folder.rename(folder.with_name(".approved.old"))
    assert not has_approved(tmp_path, SLUG)
    write_approved(tmp_path / "issues" / SLUG, FROZEN, APPROVAL)
    assert read_approved(tmp_path, SLUG).frozen == FROZEN
    assert [path.name for path in folder.parent.iterdir()] == ["approved"]


def test_the_loader_of_issues_sees_no_approval(tmp_path: Path) -> None:
    """The folder, whole or half-written, is no draft and no finding."""
    root = builders.workspace(tmp_path, {"10-a.md": builders.draft()})
    before = load_issue(root, SLUG, builders.masthead())
    write_approved(root / "issues" / SLUG, FROZEN, APPROVAL)
    (root / "issues" / SLUG / ".approved.part").mkdir()
    (root / "issues" / SLUG / "approved" / "20-b.md").write_text("---\n見出し: 別\n---\n", "utf-8")
    assert load_issue(root, SLUG, builders.masthead()) == before
    assert not [finding for finding in before[1] if finding.severity is Severity.ERROR]
