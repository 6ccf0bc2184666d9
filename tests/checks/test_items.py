"""Rules about single items and about the mail as a whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import checks
from pipeline.config import Limits
from pipeline.desk import check, open_workspace
from pipeline.model import Email, Finding, Issue, Picture, Place, Severity
from pipeline.sources import load_issue
from tests.builders import ISSUE, draft, masthead, workspace

PICTURE = Picture(
    file="a.jpg",
    path="a.jpg",
    width=560,
    height=315,
    bytes=9,
    source="images/a.jpg",
    place=Place(path="x.md"),
    alt="会場の様子",
    credit="©京都市",
)
GOOD = Email(
    subject="s",
    lead_line="今号：見本",
    html="https://merge.invalid/unsubscribe 〒105-0003 東京都港区西新橋1-14-2",
    text="https://merge.invalid/unsubscribe 〒105-0003 東京都港区西新橋1-14-2",
)


def issue_of(folder: Path, files: dict[str, str | bytes]) -> Issue:
    """An issue made of these files."""
    return load_issue(workspace(folder, files), "2025-01", masthead())[0]


def with_picture(issue: Issue, picture: Picture) -> Issue:
    """The issue with this picture in its first item."""
    section = next(section for section in issue.sections if section.articles)
    article = replace(section.articles[0], pictures=(picture,))
    return replace(issue, sections=(replace(section, articles=(article,)),))


def codes(findings: tuple[Finding, ...]) -> list[str]:
    """The codes alone."""
    return [finding.code for finding in findings]


def run(issue: Issue, email: Email = GOOD) -> tuple[Finding, ...]:
    """Every rule."""
    return checks.run(issue, email, masthead=masthead())


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (PICTURE, []),
        (replace(PICTURE, alt=""), ["PIC001"]),
        (replace(PICTURE, alt="IMG_2034.jpg"), ["PIC001"]),
        (replace(PICTURE, credit=""), ["PIC002"]),
    ],
)
def test_a_picture_needs_a_text_and_a_credit(tmp_path: Path, picture: Picture, expected: list[str]) -> None:
    """A file name is no text for readers without pictures."""
    assert codes(run(with_picture(issue_of(tmp_path, {"10-a.md": draft(body="本文です。" * 10)}), picture))) == expected


@pytest.mark.parametrize(
    ("until", "expected"),
    [("2025-02-01", ["EMB001"]), ("2025-01-31 18:00", ["EMB001"]), ("2025-01-31 17:00", []), ("2025-01-30", []), ("未定", ["EMB001"])],
)
def test_an_embargo_counts_to_the_hour_of_sending(tmp_path: Path, until: str, expected: list[str]) -> None:
    """The issue goes out at 17:00 of its date; an embargo that cannot be read is not over."""
    assert codes(run(issue_of(tmp_path, {"10-a.md": draft(解禁日時=until)}))) == expected


def test_an_item_that_ran_before_is_noticed_unless_it_says_so(tmp_path: Path) -> None:
    """The same title or the same page in an earlier issue of the edition; 再掲 is an answer, another edition is no repeat."""
    page = "https://www.example.jp/news/2024/1"
    workspace(tmp_path, {"issue.md": ISSUE.replace("2025-01-31", "2024-12-27"), "10-a.md": draft("環境　計画", 詳細=page)}, slug="2024-12")
    again = {"10-a.md": draft("環境計画"), "20-b.md": draft("別の題", 詳細=page), "30-c.md": draft("環境 計画 ", タグ="再掲", 詳細=page)}
    issue = issue_of(tmp_path, {name: text for name, text in again.items() if name != "30-c.md"})
    assert codes(run(issue)) == ["RAN001", "RAN001"]
    assert "2024年12月号" in run(issue)[0].message
    assert codes(run(issue_of(tmp_path / "c", {"30-c.md": again["30-c.md"]}))) == []
    special = replace(issue, edition="special")
    assert "RAN001" not in codes(run(special))


def test_the_size_is_told_by_section(tmp_path: Path) -> None:
    """A warning from the first limit, an error from the second, the largest section first."""
    issue = issue_of(tmp_path, {})
    for size, severity in ((89_000, None), (91_000, Severity.WARNING), (100_001, Severity.ERROR)):
        email = replace(GOOD, html=GOOD.html + "x" * (size - len(GOOD.html.encode())), section_bytes=(("目次", 1_000), ("活動", 80_000)))
        found = run(issue, email)
        assert [finding.severity for finding in found] == ([severity] if severity else [])
        if found:
            assert found[0].hint.index("活動 80,000") < found[0].hint.index("目次 1,000")
    tight = replace(masthead(), limits=Limits(html_warning=10, html_error=20))
    assert [finding.severity for finding in checks.run(issue, GOOD, masthead=tight)] == [Severity.ERROR]


def test_a_mail_nobody_can_stop_or_trace_is_an_error(tmp_path: Path) -> None:
    """Both editions need the way to stop and the postal address."""
    issue = issue_of(tmp_path, {})
    assert codes(run(issue, replace(GOOD, text="x"))) == ["FOOT001", "FOOT002"]
    assert codes(run(issue, replace(GOOD, html=GOOD.html.replace("〒", "")))) == ["FOOT002"]


def test_a_merge_field_that_the_dialect_lacks_is_named(tmp_path: Path) -> None:
    """Generic knows no names; the editor learns it at the desk, not from 1,400 readers."""
    found = run(issue_of(tmp_path, {}), replace(GOOD, html=GOOD.html + "[[name]] 様"))
    assert codes(found) == ["MERGE001"]
    assert "name" in found[0].message


def test_a_lead_line_is_there_and_short(tmp_path: Path) -> None:
    """40 characters are what an inbox shows."""
    issue = issue_of(tmp_path, {})
    assert codes(run(issue, replace(GOOD, lead_line=""))) == ["LEAD001"]
    assert codes(run(issue, replace(GOOD, lead_line="あ" * 41))) == ["LEAD001"]
    assert codes(run(issue, replace(GOOD, lead_line="あ" * 40))) == []


def test_a_waiver_covers_its_code_in_its_file_and_stands_in_the_report(tmp_path: Path) -> None:
    """ママ with reason and name takes the finding out; the same code elsewhere stays."""
    waived = draft("一", 締切="2025年1月16日（水）", ママ="DATE001、先方の表記どおり、田中")
    root = workspace(tmp_path, {"10-a.md": waived, "20-b.md": draft("二", 締切="2025年1月16日（水）")})
    checked = check(open_workspace(root), "2025-01")
    assert [(f.code, f.place.path if f.place else "") for f in checked.findings] == [("DATE001", "issues/2025-01/20-b.md")]
    assert [(finding.code, waiver.name) for finding, waiver in checked.waived] == [("DATE001", "田中")]
