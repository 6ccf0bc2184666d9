"""The whole line: ``issues/`` → ``Issue`` → ``Email`` → ``build/``, as an editor runs it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli import main
from tests.builders import ISSUE, ROOT, draft, workspace

SLUGS = ("2025-01", "2025-01-cases", "2024-12-cop29", "2024-11-cop16")


def enews(root: Path, *arguments: str) -> int:
    """Run the command in this process; its exit code."""
    with pytest.raises(SystemExit) as left:
        main([*arguments, "--workspace", str(root)])
    assert isinstance(left.value.code, int)
    return left.value.code


def sample_workspace(folder: Path) -> Path:
    """The checkout's own issues and templates, copied."""
    for name in ("issues", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def digests(folder: Path) -> dict[str, str]:
    """Every file below ``folder`` with the digest of its bytes."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("slug", SLUGS)
def test_every_sample_builds_without_a_finding(tmp_path: Path, slug: str, capsys: pytest.CaptureFixture[str]) -> None:
    """HTML, text, .eml, pictures, report and the page to look at; the last lines name what the editor walks away with."""
    root = sample_workspace(tmp_path)
    assert enews(root, "build", slug) == 0
    printed = capsys.readouterr().out
    out = root / "build" / slug
    assert {f"{slug}.html", f"{slug}.txt", f"{slug}.eml", "images", "report.json", "index.html"} == {path.name for path in out.iterdir()}
    report = json.loads((out / "report.json").read_text("utf-8"))
    assert report["findings"] == []
    assert report["bytes"] == len((out / f"{slug}.html").read_bytes())
    assert f"{slug}.html（{report['bytes']:,} バイト）" in printed
    assert f"原稿 {report['drafts']}件、海外事例 {report['cases']}件" in printed
    assert {picture["file"] for picture in report["upload"]} == {path.name for path in (out / "images").iterdir()}
    assert printed.rstrip().endswith("問題なし")


def test_no_neutral_field_or_guard_is_left_in_what_is_written(tmp_path: Path) -> None:
    """What build writes is in the workspace's own dialect."""
    root = sample_workspace(tmp_path)
    enews(root, "build", "2025-01")
    for name in ("2025-01.html", "2025-01.txt"):
        text = (root / "build/2025-01" / name).read_text("utf-8")
        assert "merge.invalid" not in text
        assert not re.search(r"[\ufdd0-\ufdef]|\[\[", text)
        assert "https://www.example.jp/enews/unsubscribe/" in text


def build_elsewhere(root: Path, *, seed: str, timezone: str, language: str, umask: int, directory: Path) -> dict[str, str]:
    """Build 2025-01 in a new process with this surrounding; the digests of all it wrote."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": timezone, "LANG": language, "LC_ALL": language, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONUTF8", None)
    command = [sys.executable, "-m", "pipeline", "build", "2025-01", "--workspace", str(root)]
    subprocess.run(command, env=environment, cwd=directory, umask=umask, check=True, capture_output=True)
    return digests(root / "build")


def test_the_same_input_gives_the_same_bytes_anywhere(tmp_path: Path) -> None:
    """Another hash seed, time zone, language, umask, folder and order of files change nothing."""
    one = sample_workspace(tmp_path / "a")
    other = tmp_path / "ふたつめ の場所"
    for name in sorted((path.relative_to(one) for path in one.rglob("*") if path.is_file()), reverse=True):
        (other / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(one / name, other / name)
    first = build_elsewhere(one, seed="0", timezone="UTC", language="C", umask=0o022, directory=one)
    second = build_elsewhere(other, seed="4711", timezone="America/Belem", language="C.UTF-8", umask=0o077, directory=tmp_path)
    assert first == second
    assert "2025-01/2025-01.html" in first


def test_with_an_error_only_a_visible_draft_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The send-ready files of an earlier build go; the draft says 下書き in name, title and page."""
    root = workspace(tmp_path, {"10-a.md": draft()})
    assert enews(root, "build", "2025-01") == 0
    (root / "issues/2025-01/10-a.md").write_text(draft(締切="2025年1月16日（水）"), "utf-8")
    assert enews(root, "build", "2025-01") == 1
    names = {path.name for path in (root / "build/2025-01").iterdir()}
    assert "2025-01-draft.html" in names
    assert not names & {"2025-01.html", "2025-01.txt", "2025-01.eml"}
    assert "下書き" in (root / "build/2025-01/2025-01-draft.html").read_text("utf-8")
    printed = capsys.readouterr().out
    assert "issues/2025-01/10-a.md:4:5 要修正 DATE001" in printed


def test_an_unknown_merge_field_makes_a_draft_that_shows_it(tmp_path: Path) -> None:
    """The field is shown as 〔name〕 in the draft and is a finding, not a crash."""
    root = workspace(tmp_path, {"issue.md": ISSUE + "[[name]] 様\n", "10-a.md": draft()})
    assert enews(root, "build", "2025-01") == 1
    assert "〔name〕" in (root / "build/2025-01/2025-01-draft.html").read_text("utf-8")


def test_an_export_is_checked_against_the_sender_that_gets_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Mailchimp knows names, generic does not; forced, the draft says so in its name."""
    root = workspace(tmp_path, {"issue.md": ISSUE + "[[name]] 様\n", "10-a.md": draft()})
    assert enews(root, "export", "2025-01", "--for", "mailchimp") == 0
    assert "*|FNAME|* 様" in (root / "build/2025-01/export-mailchimp/2025-01.html").read_text("utf-8")
    assert enews(root, "export", "2025-01", "--for", "generic") == 1
    assert "--force" in capsys.readouterr().err
    assert enews(root, "export", "2025-01", "--for", "mailchimp", "--json") == 0
    assert "build/2025-01/export-mailchimp/2025-01.zip" in json.loads(capsys.readouterr().out)["files"]
    assert not (root / "build/2025-01/export-generic").exists()


def test_a_forced_export_says_draft_in_name_and_page(tmp_path: Path) -> None:
    """下書き is seen by whoever opens it."""
    root = workspace(tmp_path, {"10-a.md": draft(締切="2025年1月16日（水）")})
    assert enews(root, "export", "2025-01") == 1
    assert enews(root, "export", "2025-01", "--force") == 0
    assert "下書き" in (root / "build/2025-01/export-generic/2025-01-draft.html").read_text("utf-8")


def test_check_writes_nothing_and_tells_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The public shape of a finding."""
    root = workspace(tmp_path, {"10-a.md": draft(締切="2025年1月16日（水）")})
    assert enews(root, "check", "2025-01", "--json") == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert found[0].keys() == {"code", "severity", "message", "hint", "path", "line", "column", "fix"}
    assert (found[0]["code"], found[0]["severity"], found[0]["path"], found[0]["line"]) == ("DATE001", "error", "issues/2025-01/10-a.md", 4)
    assert not (root / "build").exists()


def test_the_workspace_is_found_upward(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An editor may stand in the issue's folder; outside of any workspace the message says what to do."""
    root = workspace(tmp_path / "desk", {"10-a.md": draft()})
    assert enews(root / "issues" / "2025-01", "check", "2025-01") == 0
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(root), "check", "2025-01"])
    assert left.value.code == 0
    assert enews(tmp_path, "check", "2025-01") == 1
    assert "--workspace" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [[], ["build"], ["nonsense"], ["build", "2025-01", "--nonsense"], ["cases", "start"], ["review", "x"]]
)
def test_wrong_usage_exits_2_in_japanese(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """No English sentence of the argument parser reaches an editor."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    message = capsys.readouterr().err
    assert re.search("[ぁ-ん]", message)
    assert not re.search(r"\b(error|usage|required|invalid|argument|unrecognized)\b", message)


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["cases", "--help"], ["new", "--help"]])
def test_help_is_japanese(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Every line that explains something explains it in Japanese."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 0
    assert not re.search(r"\b(show|this|message|exit|options|arguments)\b", capsys.readouterr().out)
