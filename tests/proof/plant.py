"""The proof of the pre-flight: planted mistakes as records, and workspaces that hold good issues with at most one mistake in them.

A mistake is one edit to one file, as a tired person makes it. Nothing here knows a rule or a code; nothing writes outside the folder it is given.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pipeline.sources.cases import text_digest
from pipeline.sources.frontmatter import CASE, parse

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
CLEAN = HERE / "clean"
HALVES = ("seen", "unseen")  # written before the rules
SETS = (*HALVES, "second", "third", "fourth", "fifth")  # and after them, by others
_SIGNED = re.compile(r"(?m)^校閲した版: .*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One edit: ``find``, which stands once in ``path`` (relative to the workspace), becomes ``replace``; then ``issue`` is checked.

    ``what``: why it is a mistake, for people. ``reviewed``: a case is signed again after the edit, for its reviewer did not see the mistake.
    """

    id: str
    issue: str
    path: str
    find: str
    replace: str
    what: str
    reviewed: bool = False

    @property
    def family(self) -> str:
        """The kind of mistake, which is the name of its file: ``dates`` of ``dates-01``."""
        return self.id.rpartition("-")[0]


class PlantError(ValueError):
    """The mistake does not fit the file it is meant for."""


def load_mistakes(name: str) -> tuple[Mistake, ...]:
    """All mistakes of one of ``SETS``, by file and in the files' order."""
    files = sorted((HERE / name).glob("*.toml"))
    return tuple(Mistake(**row) for path in files for row in tomllib.loads(path.read_text(encoding="utf-8"))["mistake"])


def clean_issues() -> tuple[str, ...]:
    """The slugs of the good issues: the samples and those written for the proof."""
    return tuple(sorted(path.parent.name for folder in (ROOT / "issues", CLEAN) for path in folder.glob("*/issue.md")))


def workspace(folder: Path, mistake: Mistake | None = None) -> Path:
    """A whole workspace in ``folder`` (new or empty): the samples, the clean issues beside them, the templates, and the mistake."""
    shutil.copytree(ROOT / "issues", folder / "issues", dirs_exist_ok=True)
    shutil.copytree(CLEAN, folder / "issues", dirs_exist_ok=True)
    shutil.copytree(ROOT / "templates", folder / "templates", dirs_exist_ok=True)
    if mistake is not None:
        plant(folder, mistake)
    return folder


def plant(root: Path, mistake: Mistake) -> bytes:
    """Make the edit in the workspace ``root`` and return the file as it was. ``PlantError`` if ``find`` does not stand in it once."""
    path = root / mistake.path
    if not path.is_file():
        raise PlantError(f"{mistake.id}: no file {mistake.path}")
    before = path.read_bytes()
    text = before.decode("utf-8")
    if text.count(mistake.find) != 1:
        raise PlantError(f"{mistake.id}: its place stands {text.count(mistake.find)} times in {mistake.path}")
    after = text.replace(mistake.find, mistake.replace)
    if after == text:
        raise PlantError(f"{mistake.id} changes nothing")
    path.write_bytes((_signed(after, mistake) if mistake.reviewed else after).encode())
    return before


def _signed(text: str, mistake: Mistake) -> str:
    """A case's file with the digest that its reviewer's name is bound to."""
    digest = text_digest(parse(text, path=mistake.path, keys=CASE))
    return _SIGNED.sub(f"校閲した版: {digest}", text)
