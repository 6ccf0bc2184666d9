"""Deadlines and events of items that invite, seen from the day on which the issue goes out (31 January 2025)."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks.deadlines import RULES
from pipeline.model import Severity
from tests.checks.sheets import codes, found_in, sheet_of


def item(body: str = "本文です。", section: str = "会員自治体ニュース", title: str = "セミナー", **entries: str) -> str:
    """A draft with these entries."""
    head = "".join(f"{key}: {value}\n" for key, value in entries.items())
    return f"---\n見出し: {title}\n欄: {section}\n{head}---\n\n{body}\n"


INVITE = {"タグ": "参加者募集", "会場": "市民会館", "申込": "a@example.jp"}
BAD = [
    ("DATE009", item(**INVITE, 日時="2025-02-27", 締切="2025年3月14日（金）")),
    ("DATE009", item(**INVITE, 日時="2025年2月27日（木）～28日（金）", 締切="3月3日（月）17:00")),
    ("DATE009", item("- 日時：2月27日（木）14:00～16:00\n- 締切：3月6日（木）", **INVITE)),
    ("DATE009", item("3月6日（木）までにお申し込みください。", **INVITE, 日時="2025-02-27")),
    ("DATE009", item(**INVITE, 日時="2025年2月27日（木）14:00～16:00", 締切="2月27日（木）17:00")),
    ("DATE009", item("・申込期限：2025年3月31日（月）", **INVITE, 日時="2025-02-27")),
    ("DATE010", item(**INVITE, 日時="2025-02-27", 締切="2025年1月24日（金）")),
    ("DATE010", item(**INVITE, 日時="2024-02-27", 締切="2024年2月14日（水）")),
    ("DATE010", item(**INVITE, 日時="2025年1月27日（月）")),
    ("DATE010", item("- 応募締切：1月24日（金）必着")),
    ("DATE010", item("| 募集期間 | 1月6日（月）～24日（金） |")),
    ("DATE010", item("意見は、1月24日（金）までにお寄せください。", タグ="意見募集", 締切="2025年1月24日（金）")),
    ("DATE010", item(section="イベントカレンダー", 日時="2024-03-14")),
    ("DATE010", item(締切="2025年1月31日（金）")),
    ("DATE010", item("作品を1月24日（金）まで募集します。", title="作品を募集")),
    ("DATE014", item(**INVITE, 日時="2025-02-27", 締切="2025年2月11日（火）")),
    ("DATE014", item("締切：3月20日", **INVITE, 日時="2025-03-27")),
    ("DATE014", item("受付期限：12月30日（火）", 締切="2025年12月30日（火）")),
]
GOOD = [
    item(**INVITE, 日時="2025-02-27", 締切="2025年2月14日（金）17:00"),
    item(**INVITE, 日時="2025年2月27日（木）14:00～16:00", 締切="2月27日（木）12:00"),
    item("アンケートは3月6日（木）までにご回答ください。見逃し配信の申込みは3月31日（月）まで。", **INVITE, 日時="2025-02-27"),
    item(**INVITE, 日時="2025年2月3日（月）・10日（月）・17日（月）", 締切="2月14日（金）"),
    item("- 展示期間：2月1日（土）～3月31日（月）\n- 応募締切：2月28日（金）", タグ="参加者募集"),
    item("1月15日に開催しました。", タグ="開催報告", 日時="2025-01-15"),
    item("1月24日まで募集しました。", タグ="再掲", 締切="2025年1月24日（金）"),
    item("昨年は、1月24日（金）まで意見を募集しました。"),
    item("1月15日、カフェを開きました。次回は3月14日（金）です。"),
    item(section="イベントカレンダー", 日時="2025-03-14"),
    item("- 締切：2月15日（土）", **INVITE, 日時="2025-02-27"),
    item("計画の期間は、2024年4月から2025年1月までです。"),
    item("パネル展を1月31日（金）まで開いています。"),
    item("第1回を1月24日（金）に開き、申込みは2月14日（金）まで受け付けます。"),
]


@pytest.mark.parametrize("number", range(len(BAD)))
def test_a_deadline_or_event_that_cannot_be_is_found_once(tmp_path: Path, number: int) -> None:
    """Entries, label lines, tables and prose; one slip, one finding."""
    code, text = BAD[number]
    ((_, findings),) = found_in(tmp_path, [text], RULES)
    kept = {finding.code for finding in findings}
    assert kept == {code} or (code == "DATE014" and code in kept)
    assert code == "DATE014" or len(findings) == 1


def test_reports_repeats_and_other_dates_are_left_alone(tmp_path: Path) -> None:
    """What tells of the past, questionnaires after the event, exhibitions with a contest within, weekends that are named as such."""
    assert {line: found for line, found in codes(found_in(tmp_path, GOOD, RULES)).items() if found} == {}


def test_a_holiday_as_deadline_is_named(tmp_path: Path) -> None:
    """A holiday that the draft does not know of is asked about; one marked 祝 is only noted."""
    texts = [item(**INVITE, 日時="2025-02-27", 締切=day) for day in ("2025年2月11日（火）", "2025年2月11日（火・祝）", "2025-02-15")]
    found = [findings[0] for _, findings in found_in(tmp_path, texts[:2], RULES)]
    assert [finding.severity for finding in found] == [Severity.WARNING, Severity.NOTE]
    assert "祝日（建国記念の日）" in found[0].message


@pytest.mark.parametrize(
    ("slug", "day", "expected"),
    [
        ("2025-01", "2025-01-31", ""),
        ("2025-02", "2025-03-03", ""),
        ("2025-01", "2025-02-01", "土曜日"),
        ("2025-02", "2025-02-11", "建国記念の日"),
        ("2025-01", "2024-01-31", "月と違います"),
        ("2025-02", "2025-01-31", "月と違います"),
        ("2024-12", "2024-12-30", "休業日"),
    ],
)
def test_the_issues_date_is_a_working_day_of_its_month(tmp_path: Path, slug: str, day: str, expected: str) -> None:
    """Last year's or last month's date that was copied, a weekend, a holiday; the first days of the next month are right."""
    issue = f"---\n版: monthly\n発行日: {day}\n件名: e-News\n導入文: 見本\n---\n\n巻頭言です。\n"
    hits = list(RULES[3].find(sheet_of(tmp_path, {"issue.md": issue}, slug=slug)))
    assert len(hits) == bool(expected)
    assert all(expected in hit.message for hit in hits)


def test_special_editions_may_look_back(tmp_path: Path) -> None:
    """A report from a conference that is over."""
    issue = "---\n版: special\n発行日: 2024-12-10\n会議: cop29\n件名: e-News\n導入文: 見本\n---\n\n巻頭言です。\n"
    text = item("- 締切：11月15日（金）", section="自治体・イクレイの動き", タグ="参加者募集", 日時="2024-11-20")
    assert [findings for _, findings in found_in(tmp_path, [text], RULES, issue=issue)] == [[]]
