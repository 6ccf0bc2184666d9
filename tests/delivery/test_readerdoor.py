"""The door to the list of readers: what is printed is masked, summaries are exact, options that a verb does not know are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import MASTHEAD
from pipeline.delivery.store import SECRET
from pipeline.readerdoor import OPTION_NAMES, VERBS
from tests.builders import ROOT
from tests.test_build import enews


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a masthead and a key."""
    monkeypatch.setenv(SECRET, "a-key-for-tests-only-0123456789")
    (tmp_path / "issues").mkdir()
    (tmp_path / MASTHEAD).write_bytes((ROOT / MASTHEAD).read_bytes())
    return tmp_path


def told(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """What ``enews subscribers`` prints."""
    capsys.readouterr()
    assert enews(root, "subscribers", *arguments) == code
    captured = capsys.readouterr()
    return captured.out + captured.err


def answer(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    """What it answers with ``--json``."""
    found: dict[str, Any] = json.loads(told(root, capsys, *arguments, "--json", code=code))
    return found


def test_a_life_on_the_list(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Import, add, change, replace, suppress, forget, restore: each says what it did, and shows no whole address that was not asked for."""
    example = str(ROOT / "subscribers/example.csv")
    rehearsed = told(root, capsys, "import", "--dry-run", example)
    assert "UTF-8（BOM付き）、区切りはカンマ" in rehearsed
    assert "列「同意の経路」→ 同意の経路" in rehearsed
    assert "変えていません" in rehearsed
    assert "追加 5、更新 0、変更なし 0、配信停止 0、取り込めない行 0" in told(root, capsys, "import", example)
    assert "同意の記録がありません" in told(root, capsys, "add", "--name", "髙﨑", "new@example.com")
    assert "企画課" not in told(root, capsys, "change", "new@example.com", "--department", "企画課", "--set", "役職=課長")
    assert "独自の項目：役職＝課長" in told(root, capsys, "show", "new@example.com")
    assert "後任を j***@example.com" in told(root, capsys, "replace", "new@example.com", "j@example.com")
    assert "配信停止リストに入れました" in told(root, capsys, "suppress", "--via", "返信", "j@example.com")
    assert "もう配信停止リスト" in told(root, capsys, "suppress", "j@example.com")
    told(root, capsys, "backup", str(root / "copy.sqlite3"))
    assert "控え（backup）" in told(root, capsys, "forget", "j@example.com")
    assert "引き継ぎました" in told(root, capsys, "restore", str(root / "copy.sqlite3"))
    assert "読者 5人（配信する人 5人、テスト配信先 0人）" in told(root, capsys, "stats")
    assert "6件" not in told(root, capsys, "export", str(root / "out.csv"), "--by", "見本")
    masked = told(root, capsys, "list", "みほん") + told(root, capsys, "list", "--suppressed")
    assert "@example.com" in masked
    for name in ("hanako.mihon", "kenkyu", "花子"):
        assert name not in masked
    assert "hanako.mihon@example.com　見本 花子" in told(root, capsys, "list", "--show", "花子")
    assert "テスト配信先 1人" in told(root, capsys, "seed", "add", "me@example.com", "--name", "私")


def test_the_summary_of_an_import_is_exact(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Five counts and the findings, one for each rejected row with its line; with rejected rows the exit code is 1."""
    (root / "list.csv").write_text("メール,氏名\na@example.com,見本\nhanako@gmai.com,例\n", "utf-8")
    found = answer(root, capsys, "import", str(root / "list.csv"), code=1)
    assert {key: value for key, value in found.items() if key != "findings"} == {
        "added": 1,
        "updated": 0,
        "unchanged": 0,
        "suppressed": 0,
        "rejected": 1,
    }
    (finding,) = found["findings"]
    assert (finding["code"], finding["severity"], finding["path"], finding["line"]) == ("LIST001", "error", "list.csv", 3)
    assert "hanako@" not in finding["message"]
    assert "rejected-list.csv" in finding["hint"]
    assert (
        answer(root, capsys, "import", "--dry-run", str(root / "list.csv"), code=1)["files"][0]["columns"][0]["taken_as"]
        == "メールアドレス"
    )


def test_every_verb_answers_in_json(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``findings`` and its own rows, and nothing else on the screen."""
    asked: dict[str, tuple[str, ...]] = {
        "import": (str(ROOT / "subscribers/example.csv"),),
        "add": ("a@example.com", "--consent-how", "電話"),
        "change": ("a@example.com", "--segment", "国"),
        "list": ("--segment", "行政"),
        "show": ("a@example.com",),
        "stats": (),
        "export": (str(root / "out.csv"),),
        "replace": ("a@example.com", "b@example.com"),
        "suppress": ("b@example.com",),
        "seed": ("list",),
        "forget": ("b@example.com",),
        "backup": (str(root / "copy.sqlite3"),),
        "restore": (str(root / "copy.sqlite3"),),
    }
    assert set(asked) == set(VERBS)
    for verb, words in asked.items():
        found = answer(root, capsys, verb, *words)
        assert found["findings"] == []
        assert len(found) > 1, verb


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("import",), "ファイルを指定"),
        (("add",), "アドレスを一つ"),
        (("replace", "a@example.com"), "前のアドレスと新しい"),
        (("list", "--via", "返信"), "--via は使えません"),
        (("forget", "a@example.com", "--segment", "国"), "--segment は使えません"),
        (("seed", "drop", "x"), "add アドレス"),
        (("seed", "add"), "add アドレス"),
    ],
)
def test_a_wrong_call_is_told(root: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str) -> None:
    """Exit code 2, with what to write instead; nothing is done."""
    assert said in told(root, capsys, *arguments, code=2)
    assert not (root / "subscribers").exists()


def test_a_wrong_value_is_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1: an address that is none, a kind of office that is none, a day to come, a column without a value, no list yet."""
    for arguments, said in (
        (("add", "a@gmai.com"), "gmail.com"),
        (("add", "a@example.com", "--segment", "自冶体"), "「自治体」のことですか"),
        (("add", "a@example.com", "--consent-how", "電話", "--consent-on", "2999-01-01"), "今日より後"),
        (("add", "a@example.com", "--set", "役職"), "項目=値"),
        (("list",), "subscribers import"),
    ):
        assert said in told(root, capsys, *arguments, code=1)


def test_every_option_belongs_to_a_verb() -> None:
    """None is offered that no verb knows, and no verb knows one that is not offered."""
    known = {name for _, _, _, names in VERBS.values() for name in names}
    assert known == set(OPTION_NAMES)
