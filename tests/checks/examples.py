"""The examples of the rules as real workspaces: an example in, what ``enews check`` finds in it out."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from pipeline.checks.rule import Example
from pipeline.config import MASTHEAD
from pipeline.desk import check, open_workspace, prepare_pictures
from pipeline.model import Finding
from tests.builders import ROOT, draft, workspace


def findings(example: Example, folder: Path) -> tuple[Finding, ...]:
    """Everything that is found in the issue 2025-01 that the example describes, written to ``folder``."""
    files: dict[str, str | bytes] = dict(_files(example))
    changes = str(files.pop("newsletter.toml", ""))
    root = workspace(folder, files | prepared())
    glossary = root / "issues/glossary.csv"
    if not glossary.exists():
        glossary.write_bytes((ROOT / "issues/glossary.csv").read_bytes())
    masthead = (root / MASTHEAD).read_text("utf-8")
    for change in filter(None, changes.split("\n")):
        old, _, new = change.partition(" => ")
        assert old in masthead
        masthead = masthead.replace(old, new)
    (root / MASTHEAD).write_text(masthead, "utf-8")
    return check(open_workspace(root), "2025-01").findings


def _files(example: Example) -> dict[str, str]:
    if not isinstance(example, str):
        return dict(example)
    return {"10-a.md": example if example.startswith("---") else draft(body=example)}


@lru_cache(maxsize=1)
def prepared() -> dict[str, str | bytes]:
    """``images/a.jpg`` and what ``enews pictures`` makes of it."""
    picture = io.BytesIO()
    Image.effect_noise((1120, 630), 50).convert("RGB").save(picture, "JPEG", quality=60)
    with TemporaryDirectory() as folder:
        root = workspace(Path(folder), {"images/a.jpg": picture.getvalue()})
        prepare_pictures(open_workspace(root), "2025-01")
        images = root / "issues/2025-01/images"
        return {f"images/{path.relative_to(images)}": path.read_bytes() for path in images.rglob("*") if path.is_file()}
