"""``enews send``, ``send-test`` and ``status`` at the desk: an approved sample issue, a list of readers, a real server on this machine."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.delivery.approval import Approval, write_approved
from pipeline.delivery.store import SECRET, open_store
from pipeline.desk import check, frozen_of, open_workspace
from tests.builders import ROOT
from tests.delivery.sink import DROP, Sink

pytestmark = pytest.mark.loopback
KEY = "a-key-for-tests-only-0123456789"
READERS = 12


@pytest.fixture(scope="session")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample issue, approved, and nobody on the list."""
    root = tmp_path_factory.mktemp("approved")
    for name in ("issues", "templates"):
        shutil.copytree(ROOT / name, root / name)
    checked = check(open_workspace(root), "2025-01")
    approval = Approval(by="見本 太郎", at="2025-01-31T15:20:00", via="メール")
    write_approved(root / "issues" / "2025-01", frozen_of(open_workspace(root), checked.issue, checked.email), approval)
    return root


@pytest.fixture
def root(approved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk of one's own with twelve readers, two test readers (one of them a reader), and one reader who left."""
    monkeypatch.setenv(SECRET, KEY)
    shutil.copytree(approved, tmp_path, dirs_exist_ok=True)
    with open_store(tmp_path) as store, store.change() as rows:
        sql = "INSERT INTO subscribers (address, folded, name, organisation, consent_how, added, changed) VALUES (?, ?, ?, ?, '名刺交換', '', '')"
        rows.run_many(
            sql, [(f"Reader{n}@example.com", f"reader{n}@example.com", f"読者{n}", f"みほん市{n}") for n in range(1, READERS + 1)]
        )
        rows.run_many("INSERT INTO seeds VALUES (?, ?, '')", [(one, one) for one in ("desk@example.jp", "reader3@example.com")])
    return tmp_path


@pytest.fixture
def sink() -> Iterator[Sink]:
    """A server without faults."""
    with Sink() as server:
        yield server


def server(root: Path, sink: Sink) -> None:
    """Name the server in the masthead."""
    masthead = root / "issues" / "newsletter.toml"
    smtp = f'\n[smtp]\nhost = "127.0.0.1"\nport = {sink.port}\nsecurity = "none"\nreturn_path = "b@example.jp"\nstop_after = 3\n'
    masthead.write_text(masthead.read_text(encoding="utf-8") + smtp, encoding="utf-8")


def enews(capsys: pytest.CaptureFixture[str], root: Path, *words: str) -> tuple[int, str]:
    """Run a command: its exit code and everything it said."""
    with pytest.raises(SystemExit) as end:
        cli.main([*words, "--workspace", str(root)])
    said = capsys.readouterr()
    return int(end.value.code or 0), said.out + said.err


def test_nothing_leaves_before_the_number_is_typed_back(root: Path, sink: Sink, capsys: pytest.CaptureFixture[str]) -> None:
    """Without it, and with a wrong one, the issue, its number, who approved and how many are said, and nobody gets a mail."""
    server(root, sink)
    for words in ((), ("--readers", "11")):
        code, said = enews(capsys, root, "send", "2025-01", *words)
        assert code == 2
        assert all(word in said for word in ("確認番号：", "見本 太郎", "読者全員", "人数：12人", "送っていません"))
    assert sink.mailbox.taken == []


def test_everybody_gets_one_mail_and_it_is_their_own(root: Path, sink: Sink, capsys: pytest.CaptureFixture[str]) -> None:
    """One To each, the token their own, no other reader's address, name or organisation anywhere in it; the approved words in both parts."""
    server(root, sink)
    code, said = enews(capsys, root, "send", "2025-01", "--readers", "12")
    assert (code, "配信を終えました" in said) == (0, True)
    assert sink.mailbox.recipients() == Counter(f"Reader{n}@example.com" for n in range(1, READERS + 1))
    approved_text = (root / "issues/2025-01/approved/email.txt").read_text(encoding="utf-8")
    marks = set()
    for sender, recipient, data in sink.mailbox.taken:
        message = message_from_bytes(data, policy=default)
        assert message.get_all("To") == [recipient]
        text, html = (message.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))
        others = {f"Reader{n}@example.com".lower() for n in range(1, READERS + 1)} - {recipient.lower()}
        assert not [other for other in others if other in (text + html + str(message)).lower()]
        (mark,) = set(re.findall(r"/unsubscribe/([\w.-]+)", text + html))
        assert sender.partition("+")[2].split(".")[1] == mark.split(".")[1]
        marks.add(mark)
        assert re.sub(r"(/unsubscribe|/preferences)/[\w.-]+", r"\1/", text) == approved_text
    assert len(marks) == READERS


def test_running_again_sends_nothing_more(root: Path, sink: Sink, capsys: pytest.CaptureFixture[str]) -> None:
    """A limit stops it, the next run goes on, the one after that finds nothing to do; a reader who left meanwhile is left out."""
    server(root, sink)
    assert enews(capsys, root, "send", "2025-01", "--readers", "12", "--limit", "5")[0] == 3
    assert len(sink.mailbox.taken) == 5
    with open_store(root) as store, store.change() as rows:
        from pipeline.delivery.people import keyed

        rows.run(
            "INSERT INTO suppressions (keyed, reason, via, at) VALUES (?, '配信停止', '返信', '')",
            keyed("reader12@example.com", store.secret),
        )
    code, said = enews(capsys, root, "send", "2025-01", "--readers", "7")
    assert (code, "対象外：1人" in said) == (0, True)
    assert len(sink.mailbox.taken) == READERS - 1
    code, said = enews(capsys, root, "send", "2025-01")
    assert (code, "送信済：11人" in said) == (0, True)
    assert len(sink.mailbox.taken) == READERS - 1


def test_test_readers_first(root: Path, sink: Sink, capsys: pytest.CaptureFixture[str]) -> None:
    """The real mail goes to them, then to the rest; the one who is a reader too gets it once."""
    server(root, sink)
    assert enews(capsys, root, "send", "2025-01", "--first", "seed", "--readers", "12")[0] == 0
    first = [recipient.lower() for _, recipient, _ in sink.mailbox.taken[:2]]
    assert sorted(first) == ["desk@example.jp", "reader3@example.com"]
    assert set(sink.mailbox.recipients().values()) == {1}
    assert len(sink.mailbox.taken) == READERS + 1


def test_a_test_touches_no_ledger(root: Path, sink: Sink, capsys: pytest.CaptureFixture[str]) -> None:
    """【テスト】 stands before the subject, nothing else differs, and afterwards no send has begun."""
    server(root, sink)
    assert enews(capsys, root, "send-test", "2025-01")[0] == 0
    assert enews(capsys, root, "send-test", "2025-01", "--to", "other@example.jp")[0] == 0
    subjects = {message_from_bytes(data, policy=default)["Subject"] for _, _, data in sink.mailbox.taken}
    assert subjects == {"【テスト】イクレイ日本e-News 2025年1月号｜第4回イクレイカフェ報告ほか"}
    assert enews(capsys, root, "status", "2025-01")[0] == 1


def test_what_is_no_address_and_no_number_is_said(root: Path, sink: Sink, capsys: pytest.CaptureFixture[str]) -> None:
    """A test to something that is no address, and a number of readers that is none, send nothing."""
    server(root, sink)
    assert enews(capsys, root, "send-test", "2025-01", "--to", "desk\r\nBcc: x@example.com")[0] == 1
    for words in (("--limit", "-3"), ("--readers", "０"), ("--readers", "all")):
        assert enews(capsys, root, "send", "2025-01", *words)[0] == 2
    assert sink.mailbox.taken == []


@pytest.mark.parametrize("stage", ["RCPT", "MAIL"])
def test_a_server_that_refuses_everybody_stops_the_send(root: Path, capsys: pytest.CaptureFixture[str], stage: str) -> None:
    """After three in a row nobody else is tried; what was said is shown without addresses."""

    def refusing(where: str, who: str, _nth: int) -> str:
        return f"550 5.7.1 <{who or 'x@example.com'}> blocked" if where == stage else ""

    with Sink(refusing) as sink:
        server(root, sink)
        code, said = enews(capsys, root, "send", "2025-01", "--readers", "12")
        assert (code, "3件続けて" in said, sink.mailbox.taken) == (3, True, [])
        assert "不達：3人" in said
        assert "これから：9人" in said
    assert "Reader1@" not in said


def test_no_server_is_said_and_nobody_is_lost(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A connection that cannot be had leaves everybody in the queue."""
    with Sink() as sink:
        server(root, sink)
    code, said = enews(capsys, root, "send", "2025-01", "--readers", "12", "--json")
    assert code == 3
    answer = json.loads(said)
    assert (answer["queued"], answer["sent"]) == (12, 0)
    assert "つながりません" in answer["stopped"]


def test_those_in_doubt_are_named_and_wait_for_a_word(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A drop behind the data: named in the status with a masked address; only --retry-in-doubt sends again."""

    def plan(where: str, who: str, nth: int) -> str:
        return DROP if (where, who.lower(), nth) == ("DATA", "reader2@example.com", 1) else ""

    with Sink(plan) as sink:
        server(root, sink)
        code, said = enews(capsys, root, "send", "2025-01", "--readers", "12")
        assert (code, "送信結果不明（要判断）：1人" in said) == (3, True)
        code, said = enews(capsys, root, "status", "2025-01")
        assert "みほん市2 読者2 Re***@example.com" in said
        assert enews(capsys, root, "send", "2025-01")[0] == 3
        assert "Reader2@example.com" not in sink.mailbox.recipients()
        assert enews(capsys, root, "send", "2025-01", "--retry-in-doubt", "--readers", "1")[0] == 0
        assert set(sink.mailbox.recipients().values()) == {1}
        assert len(sink.mailbox.taken) == READERS


def test_the_deferred_wait_for_a_word_too(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """4xx once, then taken."""

    def plan(where: str, who: str, nth: int) -> str:
        return "450 later" if (where, who.lower(), nth) == ("RCPT", "reader2@example.com", 1) else ""

    with Sink(plan) as sink:
        server(root, sink)
        assert enews(capsys, root, "send", "2025-01", "--readers", "12")[0] == 3
        assert enews(capsys, root, "send", "2025-01", "--retry-deferred", "--readers", "1")[0] == 0
        assert len(sink.mailbox.taken) == READERS


def test_another_text_cannot_go_on_with_a_begun_send(root: Path, sink: Sink, capsys: pytest.CaptureFixture[str]) -> None:
    """Approved bytes that were touched, and a new approval in the middle of a send, are refused."""
    server(root, sink)
    assert enews(capsys, root, "send", "2025-01", "--readers", "12", "--limit", "2")[0] == 3
    page = root / "issues/2025-01/approved/email.html"
    page.write_text(page.read_text(encoding="utf-8").replace("1月", "2月", 1), encoding="utf-8")
    assert enews(capsys, root, "send", "2025-01", "--readers", "10")[0] == 1
    workspace = open_workspace(root)
    lead = root / "issues/2025-01/issue.md"
    lead.write_text(lead.read_text(encoding="utf-8").replace("2025年最初の号", "2025年の最初の号", 1), encoding="utf-8")
    checked = check(workspace, "2025-01")
    frozen = frozen_of(workspace, checked.issue, checked.email)
    write_approved(root / "issues" / "2025-01", frozen, Approval(by="見本 太郎", at="2025-01-31T16:00:00", via="メール"))
    code, said = enews(capsys, root, "send", "2025-01", "--readers", "10")
    assert (code, "別の内容で続けることはできません" in said) == (1, True)
    assert len(sink.mailbox.taken) == 2


def test_drafts_that_moved_since_the_approval_are_said_and_not_sent(root: Path, sink: Sink, capsys: pytest.CaptureFixture[str]) -> None:
    """What goes out is what was approved, whatever stands in the drafts now."""
    server(root, sink)
    draft = root / "issues/2025-01/issue.md"
    draft.write_text(draft.read_text(encoding="utf-8").replace("2025年最初の号", "2025年の最初の号", 1), encoding="utf-8")
    code, said = enews(capsys, root, "send", "2025-01", "--readers", "12")
    assert (code, "承認の後で、原稿か設定が変わっています" in said) == (0, True)
    text = message_from_bytes(sink.mailbox.taken[0][2], policy=default).get_body(("plain",)).get_content()
    assert "2025年最初の号" in text.replace("\r\n", "")


def test_a_rehearsal_sends_nothing(root: Path, sink: Sink, capsys: pytest.CaptureFixture[str]) -> None:
    """Every message is composed, none leaves, nothing is begun."""
    server(root, sink)
    code, said = enews(capsys, root, "send", "2025-01", "--dry-run")
    assert (code, "12人分のメールを組み立てました" in said, sink.mailbox.taken) == (0, True, [])
    assert enews(capsys, root, "status")[1].startswith("ここから送った号は、まだありません")
