"""What the reports of one conference share: their number, their pages, their glossary, their way to each other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.config import MASTHEAD
from pipeline.desk import Workspace, build, check, new, open_workspace
from pipeline.model import Edit, Finding
from pipeline.sources.events import wavering_names
from tests.builders import draft, workspace
from tests.test_build import sample_workspace

SCHEDULE, DAYS = "今後の日程", "会員自治体の活動"
HEAD = "---\n版: special\n発行日: 2025-11-14\n会議: cop30\n導入文: 今号：見本\n{more}---\n\n1. {point}\n"
NAMES = "wrong,right,note\n大臣会合,閣僚会合,\nG7環境大臣会合,G7環境大臣会合,そのまま残す名前\nCali,カリ,\n"


def desk_of(folder: Path, reports: dict[str, str]) -> Workspace:
    """A workspace with reports of COP30, slug → date."""
    (folder / "issues").mkdir(parents=True, exist_ok=True)
    workspace(folder, {})
    desk = open_workspace(folder)
    for slug, day in reports.items():
        new(desk, slug, edition="special", event="cop30", day=date.fromisoformat(day))
    return desk


def special(
    folder: Path, files: dict[str, str], *, glossary: str | bytes = NAMES, more: str = "", point: str = "一つ目です。"
) -> Workspace:
    """A report of COP30 with these drafts and this glossary."""
    workspace(folder, {"issue.md": HEAD.format(more=more, point=point), **files}, slug="2025-11-cop30")
    place = folder / "issues/events/cop30/glossary.csv"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(glossary if isinstance(glossary, bytes) else glossary.encode("utf-8-sig"))
    return open_workspace(folder)


def found(desk: Workspace, code: str) -> list[Finding]:
    """The findings of this code in the report."""
    return [finding for finding in check(desk, "2025-11-cop30").findings if finding.code == code]


def applied(root: Path, edits: tuple[Edit, ...]) -> None:
    """Make the changes of a fix, last first."""
    for edit in sorted(edits, key=lambda edit: -edit.start):
        text = (root / edit.path).read_text("utf-8")
        (root / edit.path).write_text(text[: edit.start] + edit.text + text[edit.end :], "utf-8")


def test_three_reports_number_themselves_and_lead_to_each_other(tmp_path: Path) -> None:
    """第n報 in title and subject, links to the earlier ones by their numbers, shared 用語, and a 日程 that vanishes when it is over."""
    desk = desk_of(tmp_path, {"2025-11-cop30-1": "2025-11-14", "2025-11-cop30-2": "2025-11-20", "2025-11-cop30-3": "2025-11-28"})
    shared = tmp_path / "issues/events/cop30"
    (shared / "80-yougo.md").write_text(draft("用語", "用語", "- **LGMA**：自治体を代表する団体。"), "utf-8")
    workspace(
        tmp_path, {"issue.md": HEAD.format(more="", point="x").replace("cop30", "cop29").replace("2025", "2024")}, slug="2024-12-cop29"
    )
    texts = {}
    for number in (1, 2, 3):
        built = build(desk, f"2025-11-cop30-{number}")
        assert not built.checked.has_errors
        assert built.checked.issue.title == f"イクレイ日本e-News　COP30特集号（第{number}報）"
        assert built.checked.issue.subject.startswith(f"イクレイ日本e-News COP30特集号（第{number}報）｜")
        texts[number] = built.text.read_text("utf-8") + built.html.read_text("utf-8")
        assert texts[number].count("自治体を代表する団体") == 2
        assert texts[number].count("COP30閉会（予定）") == (0 if number == 3 else 2)
    assert "COP29特集号（2024年11月14日）" in texts[1]
    assert "第1報（11月14日）\nhttps://www.example.jp/enews/2025-11-cop30-1/\n" in texts[2]
    assert texts[3].index("第2報（11月20日）\nhttps") < texts[3].index("第1報（11月14日）\nhttps")
    assert ">第2報</a>（11月20日）" in texts[3]
    assert "COP29" not in texts[2] + texts[3]


def test_two_reports_of_one_day_know_their_order(tmp_path: Path) -> None:
    """Without ``--date`` both carry the month's last working day; the number says which came first."""
    desk = desk_of(tmp_path, {"2025-11-cop30-1": "2025-11-28", "2025-11-cop30-2": "2025-11-28"})
    earlier = [[past.report for past in check(desk, f"2025-11-cop30-{n}").issue.earlier if past.event] for n in (1, 2)]
    assert earlier == [[], ["第1報"]]


def test_the_as_of_line_is_for_days_on_which_the_event_goes_on(tmp_path: Path) -> None:
    """速報 with the hour left open during the event, nothing of the kind afterwards."""
    desk = desk_of(tmp_path, {"2025-11-cop30-1": "2025-11-14", "2025-11-cop30-2": "2025-11-28"})
    assert [check(desk, f"2025-11-cop30-{n}").issue.as_of for n in (1, 2)] == ["11月14日○時現在", ""]


@pytest.mark.parametrize(
    ("before", "slug", "report"),
    [
        ([], "2025-11-cop30", ""),
        ([], "2025-11-cop30-1", "第1報"),
        ([], "2025-11-special", ""),
        (["2025-11-cop30"], "2025-11-cop30-b", "第2報"),
        (["2025-11-cop30-1"], "2025-11-matome", "第2報"),
        (["2025-11-cop30-1"], "2025-11-cop30-3", "第3報"),
        (["2025-11-cop30-1", "2025-11-cop30-2"], "2025-11-cop30-1-b", "第3報"),
    ],
)
def test_a_report_gets_the_number_after_the_last(tmp_path: Path, before: list[str], slug: str, report: str) -> None:
    """A first report has a number only if its slug ends in -1; a slug may skip one that went out elsewhere, never repeat one."""
    desk = desk_of(tmp_path, dict.fromkeys(before, "2025-11-14"))
    new(desk, slug, edition="special", event="cop30", day=date(2025, 11, 20))
    assert check(desk, slug).issue.report == report


def test_shared_pages_are_laid_once_and_belong_to_the_editor(tmp_path: Path) -> None:
    """The first report lays 用語, 日程 and a glossary that Excel opens; nothing is added to a folder that is there, nor for a monthly."""
    desk = open_workspace(workspace(tmp_path, {}))
    new(desk, "2025-10-cop30")
    folder = tmp_path / "issues/events/cop30"
    assert not folder.exists()
    first = new(desk, "2025-11-cop30-1", edition="special")
    assert {path.name for path in first if path.parent == folder} == {"60-heikai.md", "80-yougo.md", "glossary.csv"}
    assert (folder / "glossary.csv").read_bytes().startswith(b"\xef\xbb\xbfwrong,right,note\n")
    (folder / "80-yougo.md").unlink()
    second = new(desk, "2025-11-cop30-2", edition="special")
    assert not any(path.parent == folder for path in second)


def test_the_command_takes_a_date_and_refuses_what_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``--date 2025-11-14``; 11/14 is a usage error that shows the form."""
    workspace(tmp_path, {})
    command = ["new", "2025-11-cop30-1", "--edition", "special", "--event", "cop30", "--workspace", str(tmp_path)]
    with pytest.raises(SystemExit) as left:
        main([*command, "--date", "11/14"])
    assert (left.value.code, "2025-11-14" in capsys.readouterr().err) == (2, True)
    with pytest.raises(SystemExit) as left:
        main([*command, "--date", "2025-11-14"])
    assert left.value.code == 0
    assert "issues/events/cop30/glossary.csv" in capsys.readouterr().out
    assert check(open_workspace(tmp_path), "2025-11-cop30-1").issue.date == date(2025, 11, 14)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("報: 2\n次報: 11月25日（火）ごろ\n", "第3報は11月25日（火）ごろお届けします。"),
        ("次報: 2025-11-25\n", "続報は11月25日（火）ごろお届けします。"),
        ("報: 4\n次報: 2026-01-09\n", "第5報は2026年1月9日（金）ごろお届けします。"),
    ],
)
def test_the_next_report_is_announced_in_both_editions(tmp_path: Path, more: str, said: str) -> None:
    """次号 says when the next report comes, by its number where reports are numbered."""
    email = check(special(tmp_path, {}, more=more), "2025-11-cop30").email
    assert f"■次号\n{said}\n" in email.text
    assert said in email.html


@pytest.mark.parametrize(("value", "code"), [("2025-11-14", "FM004"), ("近日", "DATE003"), ("11月25日（月）", "DATE001")])
def test_a_next_report_that_cannot_be_is_named(tmp_path: Path, value: str, code: str) -> None:
    """Not after the issue itself, no day at all, or a wrong weekday."""
    checked = check(special(tmp_path, {}, more=f"次報: {value}\n"), "2025-11-cop30")
    assert [finding.code for finding in checked.findings] == [code]


def test_a_wavering_name_is_found_everywhere_and_the_fix_mends_it(tmp_path: Path) -> None:
    """Title, body, issue.md and shared pages; one finding a file and name, and after its fix none."""
    twice = draft("大臣会合が開幕", "会議の動き", "\n大臣会合で、各国の大臣会合への期待が語られました。")
    desk = special(tmp_path, {"10-a.md": twice}, point="大臣会合が開かれました。")
    (tmp_path / "issues/events/cop30/60-b.md").write_text(draft("大臣会合", SCHEDULE, 日時="2025-11-20"), "utf-8")
    findings = found(desk, "EVT002")
    assert {finding.place.path.rpartition("/")[2]: len(finding.fix) for finding in findings if finding.place} == {
        "10-a.md": 3, "issue.md": 1, "60-b.md": 1,
    }  # fmt: skip
    assert "「大臣会合」（3か所）は、この会議の号では「閣僚会合」" in next(f.message for f in findings if len(f.fix) == 3)
    for finding in findings:
        applied(tmp_path, finding.fix)
    assert found(desk, "EVT002") == []
    assert "閣僚会合で、各国の閣僚会合への期待" in (tmp_path / "issues/2025-11-cop30/10-a.md").read_text("utf-8")


@pytest.mark.parametrize(
    "body",
    [
        "登壇者は「次の大臣会合では」と述べました。",
        "「初日の『大臣会合』で」と述べ、\n「二日目の\n大臣会合でも」と続けました。",
        "『大臣会合』",
        "G7環境大臣会合に続いて開かれました。",
        "California州の取組です。",
        "https://www.example.jp/Cali/ と[資料](https://www.example.jp/大臣会合)",
        "閣僚会合が開かれました。",
    ],
)
def test_others_words_and_other_names_are_left_alone(tmp_path: Path, body: str) -> None:
    """Quotations, titles, addresses, a longer name in the glossary, a longer Latin word, and the right name itself."""
    assert found(special(tmp_path, {"10-a.md": draft("見出し", "会議の動き", body)}), "EVT002") == []


def test_a_quotation_that_nobody_closed_hides_nothing_behind_its_paragraph(tmp_path: Path) -> None:
    """One missing 」 does not switch the check off; the place is line and column of the name."""
    findings = found(special(tmp_path, {"10-a.md": draft("見出し", "会議の動き", "「閉じ忘れ。\n\n次の大臣会合。」")}), "EVT002")
    assert [str(finding.place) for finding in findings] == ["issues/2025-11-cop30/10-a.md:8:3"]


def test_a_named_person_may_let_a_name_stand(tmp_path: Path) -> None:
    """ママ in the article takes the finding out; its own words are no wavering name."""
    desk = special(tmp_path, {"10-a.md": draft("大臣会合", "会議の動き", ママ="EVT002、大臣会合は先方の表記、田中")})
    checked = check(desk, "2025-11-cop30")
    assert ([finding.code for finding in checked.findings], len(checked.waived)) == ([], 1)


def test_the_glossary_may_come_from_excel_or_have_japanese_headings(tmp_path: Path) -> None:
    """CP932 is read and said so; 誤 and 正 are as good as wrong and right."""
    rows = "備考,誤,正\r\n見本,大臣会合,閣僚会合\r\n".encode("cp932")
    desk = special(tmp_path, {"10-a.md": draft("大臣会合", "会議の動き")}, glossary=rows)
    assert [finding.code for finding in check(desk, "2025-11-cop30").findings] == ["EVT002", "ENC001"]


@pytest.mark.parametrize(
    ("glossary", "line"),
    [("大臣会合,閣僚会合\n", 1), ("", 1), ("wrong,right\n大臣会合,\n", 2), ("wrong,right\n\n,閣僚会合\n", 3), ('"' + "x" * 140_000, 1)],
)
def test_a_row_that_says_nothing_is_named(tmp_path: Path, glossary: str, line: int) -> None:
    """No heading, half a row, or no CSV at all: a person mends it in the file, and the issue is still built."""
    findings = found(special(tmp_path, {}, glossary=glossary), "FM004")
    assert [str(finding.place) for finding in findings] == [f"issues/events/cop30/glossary.csv:{line}:1"]


def test_the_masthead_may_name_another_glossary(tmp_path: Path) -> None:
    """``glossary = "…"`` of the event; a file that is not there is a finding, not a silence."""
    special(tmp_path, {"10-a.md": draft("大臣会合", "会議の動き")})
    place = tmp_path / MASTHEAD
    place.write_text(place.read_text("utf-8").replace('short = "COP30"', 'short = "COP30"\nglossary = "issues/unfccc.csv"'), "utf-8")
    assert [finding.code for finding in check(open_workspace(tmp_path), "2025-11-cop30").findings] == ["FM004"]
    (tmp_path / "issues/unfccc.csv").write_text(NAMES, "utf-8")
    assert [finding.code for finding in check(open_workspace(tmp_path), "2025-11-cop30").findings] == ["EVT002"]


def test_the_samples_have_glossaries_of_their_own(tmp_path: Path) -> None:
    """The reports from COP29 and COP16 write their conference's names one way; a name that wavers in them is noticed."""
    desk = open_workspace(sample_workspace(tmp_path))
    for slug, name, right, wrong in (
        ("2024-12-cop29", "12-ministerial", "閣僚会合の一環", "大臣会合の一環"),
        ("2024-11-cop16", "30-panel", "生物多様性自治体サミット", "生物多様性国際自治体会議"),
    ):
        path = tmp_path / "issues" / slug / f"{name}.md"
        text = path.read_text("utf-8")
        assert right in text
        path.write_text(text.replace(right, wrong), "utf-8")
        assert [finding.code for finding in check(desk, slug).findings] == ["EVT002"]


def test_a_pattern_of_the_masthead_may_name_the_number_of_the_event(tmp_path: Path) -> None:
    """{event_number} is 30 for COP30."""
    special(tmp_path, {})
    place = tmp_path / MASTHEAD
    place.write_text(place.read_text("utf-8").replace("{event}特集号{report}", "第{event_number}回{event}特集号"), "utf-8")
    assert check(open_workspace(tmp_path), "2025-11-cop30").issue.title == "イクレイ日本e-News　第30回COP30特集号"


def test_without_names_no_file_is_read(tmp_path: Path) -> None:
    """An empty glossary asks nothing of the drafts."""
    assert list(wavering_names(tmp_path, ["issues/nowhere.md"], {})) == []
