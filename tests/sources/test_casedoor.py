"""Every command of the overseas desk answers in JSON: ``findings`` and its own summary, and nothing else on the screen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import MASTHEAD
from tests.builders import ROOT
from tests.sources.test_cases import ID, edit, fetched
from tests.test_build import enews

OFFICE = '[[feeds]]\nname = "mihon"\nurl = "feeds/mihon.xml"\noffice = "Mihon Office"\nlanguage = "en"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with one fetched case."""
    fetched(tmp_path)
    text = (ROOT / MASTHEAD).read_text("utf-8").partition("[[feeds]]")[0]
    (tmp_path / MASTHEAD).write_text(text + OFFICE, "utf-8")
    (tmp_path / "page.txt").write_text("Rolls\n\nThe rolls of Mihon are round.\n", "utf-8")
    return tmp_path


def answer(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """What a command prints with ``--json``, read as the one JSON text that it must be."""
    capsys.readouterr()
    assert enews(root, *arguments, "--json") == 0, capsys.readouterr()
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert isinstance(told["findings"], list)
    assert len(told) > 1
    return told


def test_every_command_of_the_overseas_desk_answers_in_json(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the order in which an editor uses them."""
    path = root / "issues" / "cases" / f"{ID}.md"
    assert answer(root, capsys, "fetch")["feeds"][0]["unchanged"] == 1
    assert answer(root, capsys, "cases", "paste", str(root / "page.txt"), "--feed", "mihon")["became"] == "new"
    assert answer(root, capsys, "cases", "dismiss", "mihon/undated-rolls", "--reason", "古い")["state"] == "掲載見送り"
    assert answer(root, capsys, "cases", "start", ID)["path"] == f"issues/cases/{ID}.md"
    assert answer(root, capsys, "translate", ID)["cases"][0]["worksheet"] == f"build/worksheets/{ID}.html"
    edit(path, "（邦題）", "みほん市のパン")
    edit(path, "（ここに訳文を書き、この行を消してください）", "パンはごみではありません。計画をご覧ください。")
    edit(path, "公開範囲: members", "公開範囲: public")
    assert answer(root, capsys, "cases", "add", ID, "2025-01")["path"] == "issues/2025-01/issue.md"
    assert answer(root, capsys, "review", ID, "--by", "校閲太郎")["reviewer"] == "校閲太郎"
    assert answer(root, capsys, "cases", "changes", ID)["changed"] is False
    edit(path, "原文の版: ", "原文の版: 0")
    assert answer(root, capsys, "cases", "seen", ID, "--by", "校閲太郎")["state"] == "校閲済"
    told = answer(root, capsys, "cases")
    assert [case["state"] for case in told["cases"]] == ["掲載見送り", "校閲済"]
    assert answer(root, capsys, "feed")["files"] == ["build/feed/atom.xml", "build/feed/feed.json"]
    assert answer(root, capsys, "tm", "export", str(root / "m.tmx"))["pairs"] == 2
    assert answer(root, capsys, "tm", "import", str(root / "m.tmx"))["new"] == 2
    assert answer(root, capsys, "cases", "wait", ID)["state"] == "許諾待ち"


def test_a_case_that_cannot_be_translated_is_in_the_answer(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit says that something is to be mended, the row says what."""
    assert enews(root, "translate", "mihon/nothing", "--json") == 1
    assert "mihon/nothing" in json.loads(capsys.readouterr().out)["cases"][0]["error"]


def test_seeing_a_source_says_that_the_review_is_still_due(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As an editor types it, on a translation that nobody has reviewed; without a name, and where nothing changed, it is refused."""
    path = root / "issues" / "cases" / f"{ID}.md"
    assert enews(root, "cases", "start", ID) == 0
    edit(path, "（邦題）", "みほん市のパン")
    edit(path, "（ここに訳文を書き、この行を消してください）", "パンはごみではありません。計画をご覧ください。")
    edit(path, "原文の版: ", "原文の版: 0")
    assert enews(root, "cases", "seen", ID) == 2
    assert enews(root, "cases", "seen", ID, "--by", "見本次郎") == 0
    said = capsys.readouterr().out
    assert "今の状態は「翻訳済」です。" in said
    assert f"enews review {ID} --by 氏名" in said
    assert enews(root, "cases", "seen", ID, "--by", "見本次郎") == 1
    assert "確かめる更新はありません" in capsys.readouterr().err
