"""One issue's folder in, one Issue out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import WorkspaceError
from pipeline.model import Finding, Issue
from pipeline.sources import load_issue
from pipeline.sources.textfile import read_text
from tests.builders import ISSUE, draft, masthead, workspace

MEMBERS = "会員自治体ニュース"


def load(folder: Path, files: dict[str, str | bytes], slug: str = "2025-01") -> tuple[Issue, tuple[Finding, ...]]:
    """Load an issue made of these files."""
    return load_issue(workspace(folder, files, slug=slug), slug, masthead())


def codes(findings: tuple[Finding, ...]) -> list[str]:
    """The codes alone."""
    return [finding.code for finding in findings]


def test_drafts_become_articles_in_the_sections_of_the_edition(tmp_path: Path) -> None:
    """Sections come in the masthead's order, items in the order of their numbers, by title or key."""
    issue, findings = load(tmp_path, {"20-b.md": draft("二", MEMBERS), "10-a.md": draft("一", "members"), "30-c.md": draft("三")})
    filled = [(section.title, [article.title for article in section.articles]) for section in issue.sections if section.articles]
    assert filled == [("イクレイ日本の活動", ["三"]), (MEMBERS, ["一", "二"])]
    assert findings == ()


def test_the_issue_knows_its_names_and_what_comes_next(tmp_path: Path) -> None:
    """Title, short name, next issue and the last day for copy come from the masthead and the calendar."""
    issue, _ = load(tmp_path, {})
    assert (issue.title, issue.name) == ("イクレイ日本e-News　2025年1月号", "2025年1月号")
    assert (issue.next_date, issue.next_copy_deadline) == (date(2025, 2, 28), date(2025, 2, 14))


def test_an_unknown_section_is_a_finding_and_the_item_is_kept(tmp_path: Path) -> None:
    """SEC001 with the nearest name, SEC002 for a section of another edition; nothing is left out."""
    issue, findings = load(tmp_path, {"10-a.md": draft("一", "会員自治体ニュス"), "20-b.md": draft("二", "用語")})
    assert codes(findings) == ["SEC001", "SEC002"]
    assert "会員自治体ニュース" in findings[0].hint
    assert [article.title for article in issue.articles] == ["一", "二"]


def test_a_held_item_is_not_run_and_said_so(tmp_path: Path) -> None:
    """HOLD001 names the item and the reason."""
    issue, findings = load(tmp_path, {"10-a.md": draft("一", 保留="写真の許諾待ち")})
    assert issue.articles == ()
    assert codes(findings) == ["HOLD001"]
    assert "写真の許諾待ち" in findings[0].message


@pytest.mark.parametrize(
    ("entry", "value", "code"),
    [
        ("タグ", "参加募集", "FM004"),
        ("分野", "脱炭素", "FM004"),
        ("詳細", "www.example.jp", "FM004"),
        ("詳細", "javascript:alert(1)", "FM004"),
        ("申込", "javascript:alert(1)", "FM004"),
        ("締切", "2025年1月16日（水）", "DATE001"),
        ("日時", "2025年2月30日", "DATE002"),
        ("日時", "来週の金曜日", "DATE003"),
        ("ママ", "DATE001", "FM004"),
    ],
)
def test_a_wrong_value_is_a_finding_at_its_place(tmp_path: Path, entry: str, value: str, code: str) -> None:
    """Closed lists, URLs, dates and waivers are checked where they stand."""
    _, findings = load(tmp_path, {"10-a.md": draft(**{entry: value})})
    assert codes(findings) == [code]
    assert findings[0].place is not None
    assert (findings[0].place.path, findings[0].place.line) == ("issues/2025-01/10-a.md", 4)


def test_good_values_raise_nothing(tmp_path: Path) -> None:
    """An address to write to is a way to apply, and a tag may carry its brackets."""
    good = draft(
        タグ="＜参加者募集＞",
        締切="2025年2月14日（金）17:00",
        申込="電話でお申し込みください",
        詳細="https://www.example.jp/a#b",
        分野="循環型発展",
    )
    issue, findings = load(tmp_path, {"10-a.md": good})
    assert findings == ()
    assert issue.articles[0].tag == "参加者募集"


def test_start_and_end_become_one_moment(tmp_path: Path) -> None:
    """日時 and 終了 are printed as one line with the right weekday."""
    issue, _ = load(
        tmp_path, {"10-a.md": draft(日時="2025-03-14 13:30", 終了="2025-03-14 16:00"), "20-b.md": draft("二", 日時="2025-03-14 13:30")}
    )
    starts = [article.start.text for article in issue.articles if article.start]
    assert starts == ["2025年3月14日（金）13:30～16:00", "2025年3月14日（金）13:30"]


def test_a_cp932_draft_is_read_and_said_so(tmp_path: Path) -> None:
    """ENC001 is a note; ～ and ① arrive as they were typed."""
    text = draft("①～髙島").replace("\n", "\r\n").encode("cp932")
    issue, findings = load(tmp_path, {"10-a.md": text})
    assert issue.articles[0].title == "①～髙島"
    assert codes(findings) == ["ENC001"]


def test_bytes_of_no_known_encoding_stop_with_the_line(tmp_path: Path) -> None:
    """Nothing is replaced by question marks."""
    with pytest.raises(WorkspaceError, match="2 行目"):
        load(tmp_path, {"10-a.md": b"---\n\xff\xfe\xfd\x80\xa0: x\n---\n"})


def test_an_issue_without_a_date_or_edition_stops_with_the_way_out(tmp_path: Path) -> None:
    """There is no clock to take the date from."""
    with pytest.raises(WorkspaceError, match="発行日"):
        load(tmp_path / "a", {"issue.md": ISSUE.replace("2025-01-31", "月末")})
    with pytest.raises(WorkspaceError, match="発行日"):
        load(tmp_path / "c", {"issue.md": ISSUE.replace("2025-01-31", "9999-12-31")})
    with pytest.raises(WorkspaceError, match="monthly"):
        load(tmp_path / "b", {"issue.md": ISSUE.replace("monthly", "月刊")})


def test_the_issues_own_weekday_is_checked(tmp_path: Path) -> None:
    """31 January 2025 is a Friday."""
    _, findings = load(tmp_path, {"issue.md": ISSUE.replace("2025-01-31", "2025年1月31日（木）")})
    assert codes(findings) == ["DATE001"]


def test_corrections_are_read_from_issue_md(tmp_path: Path) -> None:
    """場所｜誤｜正 a line; a line of another form is a finding."""
    lines = "訂正:\n  - 2024年12月号「1-2」の締切日｜1月16日（水）｜1月16日（木）\n  - まちがい\n---"
    issue, findings = load(tmp_path, {"issue.md": ISSUE.replace("---\n\n巻頭言", lines + "\n\n巻頭言")})
    assert [(c.where, c.wrong, c.right) for c in issue.corrections] == [("2024年12月号「1-2」の締切日", "1月16日（水）", "1月16日（木）")]
    assert codes(findings) == ["FM004"]


def test_what_belongs_to_the_event_is_shared_by_its_reports(tmp_path: Path) -> None:
    """用語 and 日程 come from issues/events/, and what lies before the issue is left to earlier reports."""
    root = workspace(tmp_path, {"issue.md": ISSUE.replace("monthly", "special").replace("件名", "会議: cop29\n件名")}, slug="2024-11-cop29")
    issue_md = root / "issues/2024-11-cop29/issue.md"
    issue_md.write_text(issue_md.read_text("utf-8").replace("2025-01-31", "2024-11-20"), "utf-8")
    shared = root / "issues/events/cop29"
    shared.mkdir(parents=True)
    (shared / "10-terms.md").write_text(draft("用語", "用語"), "utf-8")
    (shared / "20-past.md").write_text(draft("開会", "今後の日程", 日時="2024-11-11"), "utf-8")
    (shared / "30-next.md").write_text(draft("閉会", "今後の日程", 日時="2024-11-22"), "utf-8")
    issue, findings = load_issue(root, "2024-11-cop29", masthead())
    assert [article.title for article in issue.articles] == ["閉会", "用語"]
    assert (issue.event.city if issue.event else "", codes(findings)) == ("バクー", [])


def test_earlier_issues_come_newest_first_and_later_ones_not_at_all(tmp_path: Path) -> None:
    """What has not gone out yet is not part of the past."""
    root = workspace(tmp_path, {})
    for slug, day in (("2024-11", "2024-11-29"), ("2024-12", "2024-12-27"), ("2025-02", "2025-02-28")):
        workspace(tmp_path, {"issue.md": ISSUE.replace("2025-01-31", day), "10-a.md": draft(slug)}, slug=slug)
    issue, _ = load_issue(root, "2025-01", masthead())
    assert [earlier.name for earlier in issue.earlier] == ["2024年12月号", "2024年11月号"]
    assert issue.earlier[0].items == (("2024-12", ""),)


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("一行目\nいか\u3099き", "ENC002", (2, 2)),
        ("Co\u0302te", "ENC002", (1, 2)),
        ("一\r\n二\x92三\x0b", "ENC003", (2, 2)),
        ("か、が、é", "", ()),
    ],
)
def test_what_the_reader_heals_is_said_with_its_place(tmp_path: Path, text: str, code: str, place: tuple[int, ...]) -> None:
    """Letters in parts and control characters are mended for this issue, but the file still has them."""
    path = tmp_path / "a.md"
    path.write_bytes(text.encode())
    found = read_text(path, name="a.md")[1]
    assert [finding.code for finding in found] == ([code] if code else [])
    assert [(finding.place.line, finding.place.column) for finding in found if finding.place] == ([place] if place else [])
