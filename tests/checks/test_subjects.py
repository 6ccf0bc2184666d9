"""What an issue says of itself, month by month: slips of copied subjects and greetings, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks import editions, subjects
from tests.builders import draft, workspace
from tests.checks.sheets import run, sheet_of

HEAD = "---\n版: {edition}\n発行日: {day}\n{more}件名: {subject}\n導入文: {lead}\n---\n\n{body}\n"
SUBJECT = "イクレイ日本e-News 2025年1月号｜見本セミナーの報告ほか"
LEAD = "今号：見本セミナーの報告／会員自治体の催し"


def issue(
    *,
    edition: str = "monthly",
    day: str = "2025-01-31",
    more: str = "",
    subject: str = SUBJECT,
    lead: str = LEAD,
    body: str = "新しい号です。",
) -> str:
    """An issue.md."""
    return HEAD.format(edition=edition, day=day, more=more, subject=subject, lead=lead, body=body)


def codes(folder: Path, text: str, *, slug: str = "2025-01", **files: str) -> list[str]:
    """The codes found in an issue of this head and these drafts."""
    drafts: dict[str, str | bytes] = {f"{10 + n}-{name}.md": text for n, (name, text) in enumerate(files.items())}
    return [finding.code for finding in run((*subjects.RULES, *editions.RULES), sheet_of(folder, {"issue.md": text, **drafts}, slug=slug))]


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        *((f"イクレイ日本e-News {head}｜見本の報告", "MAIL001") for head in ("2024年12月号", "2024年1月号", "2025年2月号", "１月号")),
        ("イクレイ海外事例便り 2025年1月｜見本の報告", "MAIL001"),
        ("見本セミナーのお知らせ", "MAIL001"),
        ("イクレイ日本e-News COP29特集号｜見本の報告", "MAIL001"),
        *((f"{start}{SUBJECT}", "MAIL002") for start in ("Re: ", "RE：", "Fwd: ", "Fw:", "転送：", "【再送】", "[TEST] ")),
        *((text, "MAIL003") for text in (f"【重要】{SUBJECT}", f"{SUBJECT}★", f"{SUBJECT}！！", f"{SUBJECT}🎉", f"【必見】{SUBJECT}")),
        (SUBJECT + "、会員自治体の催しのご案内、海外自治体の取組事例", "MAIL004"),
    ],
)
def test_a_subject_of_another_issue_or_trade_is_found(subject: str, code: str, tmp_path: Path) -> None:
    """Months, years, editions, answers, tricks, length."""
    assert codes(tmp_path, issue(subject=subject)) == [code]


@pytest.mark.parametrize(
    "subject",
    [
        *(SUBJECT, "イクレイ日本e-News　2025年1月号｜見本の報告", "イクレイ日本e-News 2025年１月号 | 見本の報告"),
        *(
            "イクレイ日本e-News 2025年1月号｜隔月刊「見本」12月号に記事",
            "イクレイ日本e-News 2025年1月号｜【COP30】への道",
            "イクレイ日本e-News 2025年1月号",
        ),
    ],
)
def test_a_right_subject_is_left_alone(subject: str, tmp_path: Path) -> None:
    """Widths of digits and spaces do not count; other months may be spoken of behind the bar."""
    assert codes(tmp_path, issue(subject=subject)) == []


@pytest.mark.parametrize(
    ("lead", "wrong"),
    [
        *(
            ("12月号：見本セミナーの報告", True),
            ("今号：12月号の見どころ", True),
            ("第2報：開幕", True),
            (SUBJECT, True),
            ("見本セミナーの報告ほか", True),
        ),
        *(
            ("今号：2～3月のイベント", True),
            ("今号：第3回見本セミナー報告", True),
            ("今号：第4回見本セミナー報告／フィンランドの学校給食", True),
            ("今号：12月号でお伝えした会議の続き", True),
        ),
        *(
            ("今号：3月のイベント", False),
            ("今号：第4回見本セミナー報告", False),
            ("1月号：見本セミナーの報告", False),
            ("今号：第8回市長会議", False),
        ),
    ],
)
def test_a_lead_line_speaks_of_this_issue(lead: str, *, wrong: bool, tmp_path: Path) -> None:
    """Its month, its report, the months of its calendar, the number of a meeting as the item has it."""
    files = {"a": draft("第4回見本セミナーを開催"), "b": draft("見本会議", "イベントカレンダー", 日時="2025-03-14")}
    assert codes(tmp_path, issue(lead=lead), **files) == (["MAIL005"] if wrong else [])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        *(
            ("12月号をお届けします。", "MAIL006"),
            ("2024年1月号をお届けします。", "MAIL006"),
            ("今号（12月号）では、催しをご案内します。", "MAIL006"),
        ),
        *(("今年最後の号となりました。", "MAIL006"), ("2024年最初の号をお届けします。", "MAIL006"), ("新年度最初の号です。", "MAIL006")),
        *(
            ("次号は2月29日に発行します。", "MAIL009"),
            ("3月号の原稿締切は2月14日（金）です。", "MAIL009"),
            ("次号は、3月号です。", "MAIL009"),
        ),
        *(
            ("原稿の締切は2月15日です。", "MAIL009"),
            ("前号（11月号）の続きです。", "MAIL009"),
            ("次号は1月31日（金）に配信の予定です。", "MAIL009"),
        ),
    ],
)
def test_a_greeting_of_another_month_is_found(body: str, code: str, tmp_path: Path) -> None:
    """In the greeting as in the closing note."""
    assert codes(tmp_path, issue(body=body)) == [code]
    assert codes(tmp_path, issue(lead="今号：編集後記"), a=draft("編集後記", "編集後記", body=body)) == [code]


@pytest.mark.parametrize(
    "body",
    [
        *(
            "1月号をお届けします。",
            "2025年最初の号をお届けします。",
            "12月号でお伝えした会議の続きを載せました。",
            "隔月刊「見本」5月号に記事が載りました。",
        ),
        *(
            "次号は2月28日（金）発行予定です。2月号の原稿締切は2月14日（金）です。",
            "前号（12月号）の続きです。",
            "COP29特集号は12月10日に発行しました。",
        ),
        *("昨年最後の国際会議を振り返ります。", "次回のイクレイカフェは2月20日（木）に開きます。"),
    ],
)
def test_a_greeting_of_this_month_is_left_alone(body: str, tmp_path: Path) -> None:
    """Earlier issues and other journals may be named."""
    assert codes(tmp_path, issue(body=body)) == []


@pytest.mark.parametrize(
    ("slug", "edition", "day", "wrong"),
    [
        *(
            ("2025-01", "monthly", "2025-01-30", True),
            ("2025-01", "monthly", "2024-12-27", True),
            ("2024-12", "monthly", "2024-12-27", False),
        ),
        *(("2024-12-cop29", "special", "2024-11-10", True), ("2024-11-cop29", "special", "2024-12-04", False)),
        *(("2025-01-cases", "cases", "2025-01-20", False), ("2025-02-cases", "cases", "2025-01-20", True)),
    ],
)
def test_an_issue_is_dated_in_its_month(slug: str, edition: str, day: str, *, wrong: bool, tmp_path: Path) -> None:
    """The monthly on the last working day; a report of the last days may go out a few days into the next month."""
    text = HEAD.replace("件名: {subject}\n", "").format(
        edition=edition, day=day, more="会議: cop29\n" if edition == "special" else "", lead=LEAD, body=""
    )
    assert codes(tmp_path, text, slug=slug) == (["MAIL007"] if wrong else [])


def test_numbers_and_reports_follow_each_other(tmp_path: Path) -> None:
    """11 after 10; 第2報 after 第1報; a report that the head does not have is none."""
    workspace(
        tmp_path,
        {"issue.md": issue(day="2024-12-27", more="号数: 10\n", subject="イクレイ日本e-News 2024年12月号｜年末の催し")},
        slug="2024-12",
    )
    assert codes(tmp_path, issue(more="号数: 11\n")) == []
    assert codes(tmp_path, issue(more="号数: 10\n")) == ["MAIL008"]
    special = {"edition": "special", "lead": "会議の報告", "body": "1. 開幕しました。"}
    first = issue(day="2024-11-14", more="会議: cop29\n報: 1\n", subject="イクレイ日本e-News COP29特集号（第1報）｜開幕", **special)
    workspace(tmp_path, {"issue.md": first}, slug="2024-11-cop29-1")
    later = {"day": "2024-11-20", **special}
    name = "イクレイ日本e-News COP29特集号（第{}報）｜中日の動き"
    assert codes(tmp_path, issue(more="会議: cop29\n報: 2\n", subject=name.format(2), **later), slug="2024-11-cop29-2") == []
    assert codes(tmp_path, issue(more="会議: cop29\n報: 3\n", subject=name.format(3), **later), slug="2024-11-cop29-2") == ["MAIL008"]
    assert codes(tmp_path, issue(more="会議: cop29\n報: 2\n", subject=name.format(1), **later), slug="2024-11-cop29-2") == ["MAIL001"]


def test_a_subject_that_was_used_before_is_found(tmp_path: Path) -> None:
    """Mail programs put two mails of one subject into one thread; only what stands behind the bar counts."""
    last = SUBJECT.replace("2025年1月号", "2024年12月号")
    workspace(tmp_path, {"issue.md": issue(day="2024-12-27", subject=last)}, slug="2024-12")
    assert codes(tmp_path, issue()) == ["MAIL004"]
