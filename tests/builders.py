"""Workspaces and records for tests: a real masthead and real templates, and as much of an issue as a test wants to speak of."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipeline.config import MASTHEAD, Masthead, read_masthead

ROOT = Path(__file__).parent.parent
ISSUE = "---\n版: monthly\n発行日: 2025-01-31\n件名: イクレイ日本e-News 2025年1月号\n導入文: 今号：見本\n---\n\n巻頭言です。\n"


def masthead() -> Masthead:
    """The masthead of the checkout."""
    return read_masthead(ROOT)


def workspace(folder: Path, files: Mapping[str, str | bytes], *, slug: str = "2025-01") -> Path:
    """A workspace in ``folder`` with the checkout's masthead and these files in ``issues/<slug>/``; ``issue.md`` is made if not given."""
    (folder / "issues").mkdir(parents=True, exist_ok=True)
    (folder / MASTHEAD).write_bytes((ROOT / MASTHEAD).read_bytes())
    for name, content in {"issue.md": ISSUE, **files}.items():
        path = folder / "issues" / slug / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def draft(title: str = "見出し", section: str = "イクレイ日本の活動", body: str = "本文です。", **entries: str) -> str:
    """A draft's text."""
    lines = [f"見出し: {title}", f"欄: {section}", *(f"{key}: {value}" for key, value in entries.items())]
    return "\n".join(["---", *lines, "---", "", body, ""])
