"""``enews check`` as an editor uses it: the report, the safe changes, what a person lets stand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.desk import check, open_workspace
from pipeline.model import Edit
from pipeline.sources.mend import mended, write_mended
from tests.builders import ISSUE, draft, workspace
from tests.test_build import enews

Run = Callable[..., tuple[int, str]]
WRONG = draft(日時="2025年1月16日（水）")
GLOSSARY = "wrong,right\n大臣会合,閣僚会合\n"
HEAD = (
    ISSUE.replace("monthly", "special")
    .replace("件名", "会議: cop30\n件名")
    .replace("2025-01-31", "2025-11-14")
    .replace("2025年1月号", "COP30特集号")
)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in a workspace: its exit code and what it printed."""

    def command(root: Path, *arguments: str) -> tuple[int, str]:
        capsys.readouterr()
        code = enews(root, *arguments)
        return code, capsys.readouterr().out

    return command


def wavering(folder: Path, body: str = "大臣会合が開かれました。") -> Path:
    """A report in which a name wavers: the fix is safe."""
    root = workspace(folder, {"issue.md": HEAD, "10-a.md": draft("会合", "会議の動き", body)}, slug="2025-11-x")
    (root / "issues/events/cop30").mkdir(parents=True)
    (root / "issues/events/cop30/glossary.csv").write_text(GLOSSARY, "utf-8")
    return root


def test_the_report_says_where_what_why_and_how(tmp_path: Path, run: Run) -> None:
    """One finding is its place, severity, code and message, then why it matters and how to mend it; the sum stands last."""
    code, out = run(workspace(tmp_path, {"10-a.md": WRONG}), "check", "2025-01")
    lines = out.split("\n")
    assert code == 1
    assert lines[0] == "■ 要修正　1件"
    assert lines[1].startswith("issues/2025-01/10-a.md:4:5 要修正 DATE001 ")
    assert lines[2].startswith("    わけ　：")
    assert lines[3].startswith("    直し方：")
    assert lines[-2] == "イクレイ日本e-News　2025年1月号：要修正 1件、要確認 0件、参考 0件"


def test_why_is_told_once_a_code(tmp_path: Path, run: Run) -> None:
    """Ten wrong weekdays have one reason."""
    files = {"10-a.md": WRONG, "20-b.md": WRONG.replace("見出し: 見出し", "見出し: 別")}
    _, out = run(workspace(tmp_path, files), "check", "2025-01")
    assert (out.count("要修正 DATE001"), out.count("わけ　：")) == (2, 1)


def test_a_clean_issue_says_so_in_one_line(tmp_path: Path, run: Run) -> None:
    """問題なし, and nothing to read."""
    root = workspace(tmp_path, {"10-a.md": draft(body="会議を開きました。")})
    assert run(root, "check", "2025-01") == (0, "イクレイ日本e-News　2025年1月号：問題なし\n")


def test_strict_fails_on_warnings_too(tmp_path: Path, run: Run) -> None:
    """要確認 ends with 1 where the office asks for it."""
    root = wavering(tmp_path)
    assert [run(root, "check", "2025-11-x", *option)[0] for option in ((), ("--strict",))] == [0, 1]
    answer = json.loads(run(root, "check", "2025-11-x", "--strict", "--json")[1])
    assert (answer["ok"], answer["findings"][0]["code"]) == (False, "EVT002")


def test_fix_shows_the_difference_and_writes_only_when_told(tmp_path: Path, run: Run) -> None:
    """Nothing is written without a yes; with --yes exactly the shown places change, and the sum is the new one."""
    root = wavering(tmp_path)
    path = root / "issues/2025-11-x/10-a.md"
    before = path.read_bytes()
    _, shown = run(root, "check", "2025-11-x", "--fix")
    assert "-大臣会合が開かれました。\n+閣僚会合が開かれました。" in shown
    assert "書き換えていません。" in shown
    assert path.read_bytes() == before
    _, out = run(root, "check", "2025-11-x", "--fix", "--yes")
    assert path.read_bytes() == before.replace("大臣会合".encode(), "閣僚会合".encode())
    assert out.endswith("COP30特集号：問題なし\n")
    assert "自動で直せる指摘はありません。" in run(root, "check", "2025-11-x", "--fix", "--yes")[1]


@pytest.mark.parametrize(
    ("encode", "decode"),
    [
        (lambda text: text.replace("\n", "\r\n").encode("utf-8-sig"), lambda data: data.decode("utf-8-sig").replace("\r\n", "\n")),
        (lambda text: text.encode("cp932"), lambda data: data.decode("utf-8")),
    ],
    ids=["windows", "cp932"],
)
def test_a_mended_file_keeps_its_line_ends_and_its_mark(
    tmp_path: Path, encode: Callable[[str], bytes], decode: Callable[[bytes], str]
) -> None:
    """A file of the Windows editor comes back as one; what was Shift JIS becomes UTF-8 and loses no letter."""
    text = "大臣会合㈱髙\n大臣会合\n"
    (tmp_path / "a.md").write_bytes(encode(text))
    files = mended(tmp_path, [Edit(path="a.md", start=7, end=11, text="閣僚会合")])
    write_mended(tmp_path, files)
    data = (tmp_path / "a.md").read_bytes()
    assert decode(data) == "大臣会合㈱髙\n閣僚会合\n"
    windows = encode(text).endswith(b"\r\n")
    assert (b"\r\n" in data, data.startswith(b"\xef\xbb\xbf")) == (windows, windows)


def test_of_two_edits_at_one_place_the_first_stands(tmp_path: Path) -> None:
    """Two rules that would mend the same words never write both."""
    (tmp_path / "a.md").write_text("カ国", "utf-8")
    edits = [
        Edit(path="a.md", start=0, end=2, text="か国"),
        Edit(path="a.md", start=0, end=1, text="ヵ"),
        *[Edit(path="a.md", start=1, end=2, text="國")] * 2,
    ]
    (file,) = mended(tmp_path, edits)
    assert (file.after, file.count) == ("ヵ國", 2)


def test_what_a_person_lets_stand_is_in_the_report(tmp_path: Path, run: Run) -> None:
    """A waiver takes the finding out of the sum, and stands there with reason and name."""
    root = workspace(tmp_path, {"10-a.md": draft(日時="2025年1月16日（水）", ママ="DATE001、発信元の表記のまま、田中")})
    code, out = run(root, "check", "2025-01")
    assert code == 0
    assert "■ ママ（このまま掲載）　1件" in out
    assert "    理由　：発信元の表記のまま（田中）" in out


def test_the_masthead_may_waive_for_every_issue(tmp_path: Path) -> None:
    """[checks] waivers cover all issues."""
    root = workspace(tmp_path, {"10-a.md": WRONG})
    path = root / "issues/newsletter.toml"
    path.write_text(path.read_text("utf-8").replace("[checks]\n", '[checks]\nwaivers = ["DATE001、見本、田中"]\n'), "utf-8")
    checked = check(open_workspace(root), "2025-01")
    assert (checked.findings, [waiver.name for _, waiver in checked.waived]) == ((), ["田中"])


def test_a_waiver_that_covers_nothing_any_more_is_a_note(tmp_path: Path) -> None:
    """It would hide the next slip."""
    root = workspace(tmp_path, {"10-a.md": draft(日時="2025年1月16日（木）", ママ="DATE001、発信元の表記のまま、田中")})
    (finding,) = check(open_workspace(root), "2025-01").findings
    assert (finding.code, finding.severity.value, str(finding.place)) == ("WAIV001", "note", "issues/2025-01/10-a.md:5:5")
