"""The verdict on each planted mistake: planted in a workspace, checked as an editor would, taken out again. Prints nothing.

Only what is not said of the clean issue counts, in the file that was planted into, and no mere note (but for prose, where notes are meant).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline.desk import check, open_workspace
from pipeline.errors import NewsletterError
from pipeline.model import Finding, Severity
from tests.proof.plant import Mistake, plant, workspace

NEAR = 2  # lines beside the edit that still count as its place
NOTED = ("prose",)  # families whose findings are notes on purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one mistake: ``codes`` found in the file it is in, whether one of them points at its lines, whether it stopped the check."""

    mistake: Mistake
    codes: tuple[str, ...] = ()
    placed: bool = False


def judge(root: Path, mistakes: list[Mistake]) -> Iterator[Verdict]:
    """Plant each mistake in the workspace ``root``, check its issue, take it out again. Only what is not said of the clean issue counts."""
    known: dict[str, Counter[tuple[str, str, str]]] = {}
    for mistake in mistakes:
        if mistake.issue not in known:
            known[mistake.issue] = Counter(_key(finding) for finding in _findings(root, mistake.issue))
        before = plant(root, mistake)
        try:
            found = _findings(root, mistake.issue)
        finally:
            (root / mistake.path).write_bytes(before)
        yield _verdict(mistake, before.decode(), found, Counter(known[mistake.issue]))


def _findings(root: Path, slug: str) -> tuple[Finding, ...]:
    try:
        return check(open_workspace(root), slug).findings
    except NewsletterError as error:  # two files with one title stop the build: said, and at once
        return (Finding(code="STOP", severity=Severity.ERROR, message=str(error)),)


def _key(finding: Finding) -> tuple[str, str, str]:
    return (finding.code, finding.place.path if finding.place else "", finding.message)


def _verdict(mistake: Mistake, text: str, found: tuple[Finding, ...], known: Counter[tuple[str, str, str]]) -> Verdict:
    first = text[: text.index(mistake.find)].count("\n") + 1
    lines = range(first - NEAR, first + mistake.replace.count("\n") + NEAR + 1)
    codes, placed = [], False
    for finding in found:
        known[_key(finding)] -= 1
        counts = finding.severity is not Severity.NOTE or mistake.family in NOTED
        place = finding.place
        if known[_key(finding)] < 0 and counts and (place is None or place.path == mistake.path):
            codes.append(finding.code)
            placed = placed or place is None or place.line in lines
    return Verdict(mistake=mistake, codes=tuple(dict.fromkeys(codes)), placed=placed)


def share(mistakes: list[Mistake]) -> list[Verdict]:
    """The verdicts on some mistakes, in a workspace of their own."""
    with TemporaryDirectory() as folder:
        return list(judge(workspace(Path(folder)), mistakes))


def clean(slug: str) -> tuple[str, tuple[Finding, ...]]:
    """What is said of a good issue."""
    with TemporaryDirectory() as folder:
        return slug, _findings(workspace(Path(folder)), slug)
