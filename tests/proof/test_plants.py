"""The planted mistakes are well made: each is one edit that fits its file and leaves an issue that loads. No rule is tried here."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from pipeline.config import read_masthead
from pipeline.sources import load_issue
from tests.proof.plant import HALVES, HERE, SETS, Mistake, PlantError, clean_issues, load_mistakes, plant, workspace

EXAMPLE = Mistake(
    id="example-01",
    issue="2025-01",
    path="issues/2025-01/50-mihon-food.md",
    find="2025年2月14日（金）17:00",
    replace="2025年2月14日（木）17:00",
    what="2025年2月14日は金曜日",
)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace without mistakes; a test that plants one takes it out again."""
    return workspace(tmp_path_factory.mktemp("proof"))


@pytest.fixture(scope="module")
def alone(ground: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A workspace for each issue without the others, which is read in a fifth of the time."""
    return {slug: _alone(ground, slug, tmp_path_factory.mktemp(slug)) for slug in clean_issues()}


def _alone(ground: Path, slug: str, folder: Path) -> Path:
    others = {name for name in clean_issues() if name != slug}
    shutil.copytree(ground / "issues", folder / "issues", ignore=lambda path, _: others if Path(path) == ground / "issues" else ())
    return folder


@pytest.mark.parametrize("half", HALVES)
def test_each_mistake_is_one_edit_that_leaves_an_issue_which_loads(alone: dict[str, Path], ground: Path, half: str) -> None:
    """Each place is found once, and the front matter can still be read."""
    for mistake in load_mistakes(half):
        root = alone[mistake.issue] if (alone[mistake.issue] / mistake.path).is_file() else ground
        before = plant(root, mistake)
        try:
            _, findings = load_issue(root, mistake.issue, read_masthead(root))
        finally:
            (root / mistake.path).write_bytes(before)
        broken = [finding.code for finding in findings if finding.code.startswith("FM")]
        assert not broken, f"{mistake.id} breaks the front matter: {broken}"


def test_the_later_mistakes_fit_their_files_too(ground: Path) -> None:
    """Each place of the later sets is found once; that a few stop the check at once (a title told twice) is a way to be found."""
    for mistake in (mistake for name in SETS if name not in HALVES for mistake in load_mistakes(name)):
        before = plant(ground, mistake)
        assert (ground / mistake.path).read_bytes() != before
        (ground / mistake.path).write_bytes(before)


def test_no_two_mistakes_share_a_name_or_an_edit() -> None:
    """Names are unique over all sets and say the file; no edit is counted twice."""
    mistakes = [(name, mistake) for name in SETS for mistake in load_mistakes(name)]
    assert [id_ for id_, n in Counter(mistake.id for _, mistake in mistakes).items() if n > 1] == []
    edits = Counter((mistake.issue, mistake.path, mistake.find, mistake.replace) for _, mistake in mistakes)
    assert [edit[1] for edit, n in edits.items() if n > 1] == []
    assert all((HERE / name / f"{mistake.family}.toml").is_file() and mistake.what for name, mistake in mistakes)


def test_the_halves_are_of_one_size() -> None:
    """Neither half holds more than a tenth more than the other, in all and in each family to within two."""
    seen, unseen = (Counter(mistake.family for mistake in load_mistakes(half)) for half in HALVES)
    assert abs(seen.total() - unseen.total()) <= 0.1 * max(seen.total(), unseen.total())
    assert [family for family in seen | unseen if abs(seen[family] - unseen[family]) > 2] == []


def test_every_clean_issue_loads_without_a_finding(ground: Path) -> None:
    """The good issues are read whole, side by side, and nothing is said of them."""
    slugs = clean_issues()
    assert len(slugs) >= 4
    for slug in slugs:
        _, findings = load_issue(ground, slug, read_masthead(ground))
        assert findings == (), slug


def test_a_mistake_that_does_not_fit_is_refused(ground: Path) -> None:
    """A place that is not there, or there twice, or an edit that changes nothing stops with the mistake's name."""
    for wrong in ({"find": "ここにない文"}, {"find": "みほん市"}, {"replace": EXAMPLE.find}, {"path": "issues/2025-01/00-no.md"}):
        values = {name: getattr(EXAMPLE, name) for name in EXAMPLE.__slots__} | wrong
        with pytest.raises(PlantError, match="example-01"):
            plant(ground, Mistake(**values))


def test_a_planted_weekday_is_seen_when_the_issue_is_read(tmp_path: Path) -> None:
    """The workspace really holds the mistake: reading it finds the wrong weekday that was planted."""
    root = workspace(tmp_path, EXAMPLE)
    _, findings = load_issue(root, EXAMPLE.issue, read_masthead(root))
    assert [finding.code for finding in findings] == ["DATE001"]
