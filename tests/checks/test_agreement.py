"""Two dates of one event, wherever they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks.agreement import RULES, core
from tests.checks.sheets import codes, found_in, sheet_of


def item(title: str = "セミナー", body: str = "本文です。", section: str = "会員自治体ニュース", **entries: str) -> str:
    """A draft with these entries."""
    head = "".join(f"{key}: {value}\n" for key, value in entries.items())
    return f"---\n見出し: {title}\n欄: {section}\n{head}---\n\n{body}\n"


BAD = [
    item("セミナーを開催（3月15日）", 日時="2025-03-14"),
    item("セミナーを開催（3月14日（金））", 日時="2025年3月13日（木）13:30～16:00"),
    item("セミナー（3月14日～16日）", 日時="2025年3月14日（金）～15日（土）"),
    item("セミナーを開催（3月15日）", body="- 日時：3月14日（金）13:30～16:00"),
    item("2024年3月14日のセミナー", 日時="2025-03-14"),
    item(body="・日時：2025年3月15日（土）13:30～", 日時="2025年3月14日（金）13:30～16:00"),
    item(body="- 締切：2月12日（水）", 締切="2025年2月14日（金）"),
    item(body="2月12日（水）までに、お申し込みください。", 締切="2025年2月14日（金）17:00"),
    item(body="- 締切：2月14日（金）\n\n2月12日（水）までに、お申し込みください。"),
    item(body="申込みの締切は2月13日（木）です。", 締切="2025年2月14日（金）"),
    item("作品を募集（2月12日まで）", 締切="2025年2月14日（金）"),
    item("作品を募集（2024年2月14日締切）", 締切="2025年2月14日（金）"),
    item(body="みほん市は、3月15日（土）に市民会館でセミナーを開催します。", 日時="2025-03-14"),
]
GOOD = [
    item("セミナーを開催（3月14日）", 日時="2025年3月14日（金）13:30～16:00", body="3月14日（金）に開催します。締切は2月28日（金）です。"),
    item(
        "セミナー（3月14日～16日）",
        日時="2025年3月14日（金）～16日（日）",
        body="初日の3月14日には開会式を、最終日の16日には見学会を開きます。",
    ),
    item("作品を募集（2月14日まで）", 締切="2025年2月14日（金）", 日時="2025-03-14"),
    item("作品を募集（2月14日締切）", 締切="2025年2月14日（金）"),
    item(日時="2025-03-14", body="3月7日（金）には、関連の説明会を開催します。前回は2月21日（金）に開催しました。"),
    item(日時="2025-03-14", body="市は2月3日（月）に計画を公表し、3月14日（金）にセミナーを開きます。"),
    item(
        日時="2025年2月3日（月）・10日（月）・17日（月）", body="第2回は2月10日（月）に開催します。", title="連続講座（2月3日・10日・17日）"
    ),
    item(締切="2025年2月14日（金）", body="早期申込は2月3日（月）まで。質問は2月7日（金）までにお送りください。"),
    item(締切="2025年2月14日（金）", body="意見は2月14日（金）までにお寄せください。結果は3月31日（月）までに公表します。"),
    item("隔月刊「地球温暖化」2025年1月号に掲載", 日時="2025-01-15"),
    item("白書を公表（1月20日公表）", 日時="2025-03-14"),
    item(日時="2025-03-14", body="事前の研修（2時間）を、3月1日（土）の10時から行います。"),
    item(締切="2025年2月14日（金）", body="欠席される場合は、委任状を3月6日（木）までにお送りください。"),
    item(日時="2025-03-14", body="3月17日（月）にアーカイブ配信を行います。昨年は3月15日（金）に開催しました。"),
]


@pytest.mark.parametrize("text", BAD)
def test_two_dates_of_one_thing_are_found_once(tmp_path: Path, text: str) -> None:
    """Title, entry, label line and prose; one slip, one finding."""
    ((_, findings),) = found_in(tmp_path, [text], RULES)
    assert [finding.code for finding in findings] == ["DATE015"]


def test_dates_of_other_things_are_left_alone(tmp_path: Path) -> None:
    """Publications, meetings before and after, lists of days, other deadlines."""
    assert {line: found for line, found in codes(found_in(tmp_path, GOOD, RULES)).items() if found} == {}


def test_calendar_lead_line_and_greeting_agree_with_the_article(tmp_path: Path) -> None:
    """The same event in four places: those that differ from 日時 are found, those that agree are not."""
    issue = "---\n版: monthly\n発行日: 2025-01-31\n件名: e-News\n導入文: 3月{}日の県民会議ミーティング\n---\n\n県民会議ミーティング（3月{}日）を紹介します。\n"
    article = item("「県民会議ミーティング」を開催（3月14日）", 日時="2025-03-14")
    event = item("県民会議ミーティング", section="イベントカレンダー", 日時="2025-03-{}")
    for number, (days, expected) in enumerate({(14, 14): 0, (15, 14): 1, (14, 13): 1}.items()):
        files = {"issue.md": issue.format(*days), "10-a.md": article, "80-b.md": event.format(14)}
        assert len(list(RULES[0].find(sheet_of(tmp_path / str(number), files)))) == expected
    files = {"issue.md": issue.format(14, 14), "10-a.md": article, "80-b.md": event.format(15)}
    (hit, *_) = RULES[0].find(sheet_of(tmp_path / "calendar", files))
    assert hit.place.path.endswith("80-b.md")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("第4回イクレイカフェを開催（1月15日）", "第4回イクレイカフェ"),
        ("県民会議「トットリボーン！ミーティング」を開催", "トットリボーン!ミーティング"),
        ("第4回J-GBF地域連携フォーラムに参加（1月28日）", "第4回j-gbf地域連携フォーラム"),
        ("日本-IIASAジョイントセミナー in 横浜", "日本-iiasaジョイントセミナーin横浜"),
    ],
)
def test_the_name_of_an_event_is_cut_out_of_its_title(title: str, name: str) -> None:
    """What the same event is called elsewhere."""
    assert core(title) == name
