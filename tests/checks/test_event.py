"""Dates of a report that lie outside its event."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.desk import check, open_workspace
from pipeline.model import Finding
from tests.builders import ISSUE, draft, workspace

DAYS, SCHEDULE = "会員自治体の活動", "今後の日程"


def codes(folder: Path, text: str, event: str = "cop30") -> list[str]:
    """What the rules of events find in a report of this event with one draft."""
    head = ISSUE.replace("monthly", "special").replace("件名", f"会議: {event}\n件名").replace("2025-01-31", "2025-11-14")
    workspace(folder, {"issue.md": head, "10-a.md": text}, slug="2025-11-x")
    return [finding.code for finding in found(folder)]


def found(root: Path) -> list[Finding]:
    """What the rules of events find in the report."""
    return [finding for finding in check(open_workspace(root), "2025-11-x").findings if finding.code.startswith("EVT")]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-11-10", []),
        ("2025-11-21", []),
        ("2025-11-24", []),
        ("2025-11-25", ["EVT001"]),
        ("2025-11-09", ["EVT001"]),
        ("2024-11-12", ["EVT001"]),
        ("2025-11-20～26", ["EVT001"]),
        ("", []),
    ],
)
def test_an_activity_lies_within_the_event_and_three_days(tmp_path: Path, day: str, expected: list[str]) -> None:
    """COP30 runs from 10 to 21 November 2025; sessions drift, last year's date does not belong there."""
    assert codes(tmp_path, draft("会合", DAYS, **({"日時": day} if day else {}))) == expected


@pytest.mark.parametrize(
    ("section", "venue", "expected"),
    [
        (SCHEDULE, "ブラジル・ベレン", ["EVT001"]),
        (SCHEDULE, "オンライン", []),
        (SCHEDULE, "トルコ・アンタルヤ", []),
        ("自治体・イクレイの動き", "ベレン", []),
    ],
)
def test_the_schedule_may_look_beyond_the_event(tmp_path: Path, section: str, venue: str, expected: list[str]) -> None:
    """A café in January and next year's conference are right; a session in the event's own city after its end is asked about."""
    assert codes(tmp_path, draft("第5回イクレイカフェ", section, 日時="2026-01-15", 会場=venue)) == expected


def test_a_conference_that_closed_late_is_known_to_have(tmp_path: Path) -> None:
    """COP29 was to end on the 22nd and closed on the 24th; the 25th is within the grace, the 26th is not."""
    days = ("2024-11-24", "2024-11-25", "2024-11-26")
    assert [codes(tmp_path / day, draft("会合", DAYS, 日時=day), "cop29") for day in days] == [[], [], ["EVT001"]]


def test_the_finding_says_the_days_and_can_be_waived(tmp_path: Path) -> None:
    """The editor reads the event's days, and may let the date stand by name."""
    summit = draft("首脳級会合", DAYS, 日時="2025-11-06", ママ="EVT001、開幕前の首脳級会合、田中")
    assert codes(tmp_path, summit) == []
    (tmp_path / "issues/2025-11-x/10-a.md").write_text(draft("首脳級会合", DAYS, 日時="2025-11-06"), "utf-8")
    (finding,) = found(tmp_path)
    assert "COP30の会期（2025年11月10日（月）～21日（金））の外" in finding.message
    assert "issues/2025-11-x/10-a.md" in str(finding.place)


@pytest.mark.parametrize(("line", "expected"), [("11月14日○時現在", ["EVT003"]), ("11月14日18時現在", [])])
def test_the_hour_of_a_flash_report_is_asked_for(tmp_path: Path, line: str, expected: list[str]) -> None:
    """``enews new`` leaves ○ for it; 1,400 readers must not get that."""
    head = ISSUE.replace("monthly", "special").replace("件名", f"会議: cop30\n時点: {line}\n件名")
    root = workspace(tmp_path, {"issue.md": head}, slug="2025-11-x")
    assert [finding.code for finding in found(root)] == expected


def test_an_issue_without_an_event_has_no_days_to_be_outside_of(tmp_path: Path) -> None:
    """A monthly is dated as it likes."""
    root = workspace(tmp_path, {"10-a.md": draft("会合", 日時="2020-01-01")})
    assert not any(finding.code == "EVT001" for finding in check(open_workspace(root), "2025-01").findings)
