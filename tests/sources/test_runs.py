"""Which issue runs which case, what the list is asked for, and what has not run for months; without a clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.casedesk import none_found
from pipeline.config import Feed, Masthead
from pipeline.model import PATHWAYS
from pipeline.sources.cases import Case, State
from pipeline.sources.runs import Run, Wanted, names_of, quiet_fields, read_runs
from tests.builders import masthead, workspace

CASE = Case(
    id="europe/2024-12-10-bread",
    title="パン",
    original_title="Bread",
    feed="europe",
    office="ICLEI Europe",
    language="en",
    country="みほん国",
    pathway="循環型発展",
    published=date(2024, 12, 10),
    state=State.REVIEWED,
    reviewer="校閲太郎",
    note="校閲太郎",
    use="掲載済（2025年1月号）",
    path="",
    source_path="",
)


def issue(root: Path, slug: str, day: str, *cases: str, edition: str = "monthly") -> None:
    """An issue that lists these cases."""
    text = f"---\n版: {edition}\n発行日: {day}\n事例:\n{''.join(f'  - {case}{chr(10)}' for case in cases)}---\n\n巻頭言。\n"
    workspace(root, {"issue.md": text}, slug=slug)


def desk(*offices: str) -> Masthead:
    """The masthead with a feed for each office."""
    return replace(masthead(), feeds=tuple(Feed(name=name.lower(), url="x", office=name, language="en") for name in offices))


def test_an_issue_is_out_once_a_later_one_of_its_edition_has_been_begun(tmp_path: Path) -> None:
    """The newest of each edition is still planned; other editions do not make it old."""
    issue(tmp_path, "2025-01", "2025-01-31", "a/x.md", "a/y")
    issue(tmp_path, "2025-02", "2025-02-28", "a/y")
    issue(tmp_path, "2025-03-cases", "2025-03-20", "a/z", edition="cases")
    runs = read_runs(tmp_path, masthead())
    assert [(run.slug, run.out) for run in runs] == [("2025-01", True), ("2025-02", False), ("2025-03-cases", False)]
    assert names_of(runs, out=True) == {"a/x": "2025年1月号", "a/y": "2025年1月号"}
    assert set(names_of(runs, out=False)) == {"a/y", "a/z"}


def test_an_approved_issue_is_out_at_once(tmp_path: Path) -> None:
    """Frozen bytes are as good as sent."""
    issue(tmp_path, "2025-01", "2025-01-31", "a/x")
    manifest = tmp_path / "issues/2025-01/approved/manifest.json"
    manifest.parent.mkdir()
    manifest.write_text("{}", encoding="utf-8")
    assert names_of(read_runs(tmp_path, masthead()), out=True) == {"a/x": "2025年1月号"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"office": "europe"}, True),
        ({"office": "usa"}, False),
        ({"pathway": "循環"}, True),
        ({"pathway": "ゼロ"}, False),
        ({"year": "2024"}, True),
        ({"year": "2025"}, False),
        ({"year": "不明"}, False),
        ({"language": "EN"}, True),
        ({"language": "de"}, False),
        ({"state": "校閲済"}, True),
        ({"state": "掲載済"}, True),
        ({"state": "掲載予定"}, False),
        ({"state": "掲載済", "office": "usa"}, False),
        ({}, True),
    ],
)
def test_the_list_is_cut_to_what_is_asked_for(asked: dict[str, str], found: bool) -> None:
    """Each filter alone, two together, and none at all."""
    assert Wanted(**asked).has(CASE) is found


def test_a_word_that_no_case_can_have_is_answered_with_those_there_are() -> None:
    """A state or pathway misspelt is not the same as none found."""
    assert none_found({"state": "校閲済", "pathway": "循環"}) == "当てはまる事例はありません。"
    assert none_found({"year": "1999"}) == "当てはまる事例はありません。"
    assert "状態は、未訳、翻訳不要、下訳（機械翻訳）、翻訳済、校閲済" in none_found({"state": "校閲すみ"})
    assert f"分野は、{PATHWAYS[0]}、" in none_found({"pathway": "脱炭素"})


def run(slug: str, day: date, *cases: str) -> Run:
    """An issue of the past."""
    return Run(slug=slug, name=f"{day.year}年{day.month}月号", date=day, out=True, cases=cases)


def test_a_region_or_pathway_that_has_not_run_for_months_is_said() -> None:
    """With its last issue; what ran lately is not named, and "now" is the newest issue."""
    other = replace(CASE, id="usa/y", office="ICLEI USA", pathway=PATHWAYS[0])
    runs = (run("2024-06", date(2024, 6, 28), CASE.id), run("2024-12", date(2024, 12, 27), other.id))
    office, pathway = quiet_fields((CASE, other), runs, desk("ICLEI Europe", "ICLEI USA", "ICLEI East Asia"))
    assert office == "6か月以上載せていない地域（発信元）：ICLEI Europe（最後は2024年6月号）、ICLEI East Asia（まだ一度もありません）"
    assert "循環型発展（最後は2024年6月号）" in pathway
    assert PATHWAYS[0] not in pathway
    assert not any("Europe" in line for line in quiet_fields((CASE, other), runs, desk("ICLEI Europe"), months=7))


def test_a_new_desk_is_not_told_that_everything_is_missing() -> None:
    """What never ran counts from the first issue on."""
    runs = (run("2024-12", date(2024, 12, 27), CASE.id), run("2025-01", date(2025, 1, 31)))
    assert quiet_fields((CASE,), runs, desk("ICLEI Europe", "ICLEI USA")) == ()
    assert quiet_fields((CASE,), (), desk("ICLEI USA")) == ()
