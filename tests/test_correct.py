"""``enews correct``: a note and a box, a mail to those who got the wrong issue and to nobody else, the papers for a leak."""

from __future__ import annotations

import csv
import json
import re
import shutil
import stat
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from pipeline import cli, correctdesk, desk, senddesk
from pipeline.approvedesk import approve
from pipeline.config import Audience, received
from pipeline.delivery.approval import Approval, read_approved
from pipeline.delivery.difference import BODY, PICTURE, Change, Difference
from pipeline.delivery.errata import GONE, NOTHING, errata_between
from pipeline.delivery.ledger import Ledger, Send
from pipeline.delivery.people import keyed
from pipeline.delivery.readers import recipients
from pipeline.delivery.store import SECRET, open_store
from pipeline.delivery.transport import FolderTransport
from pipeline.desk import Workspace, check, frozen_of, open_workspace
from pipeline.errors import ApprovalError, SendError, WorkspaceError
from pipeline.model import Correction
from pipeline.sources.corrections import line_of
from tests.builders import ROOT

SLUG, TODAY, AT = "2025-01", date(2025, 2, 3), datetime(2025, 2, 3, 10, 12)  # noqa: DTZ001 (the desk's own wall clock)
BOSS = Approval(by="見本 花子", at="2025-01-31T16:00:00+09:00", via="メール")
STATES = ("sent", "sent", "sending", "queued", "deferred", "refused", "skipped", "sent")
OLD, NEW = "2025年2月14日（金）17:00", "2025年2月13日（木）17:00"
WHERE = "2-3「『食べきるまちセミナー』を開催（2月27日）」"
ROW = Correction(where=WHERE, wrong=f"締切：{OLD}", right=f"締切：{NEW}")


@pytest.fixture(scope="session")
def approved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample issue, approved."""
    root = tmp_path_factory.mktemp("approved")
    shutil.copytree(ROOT / "issues", root / "issues")
    approve(open_workspace(root), SLUG, BOSS)
    return root


@pytest.fixture
def wrong(approved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A desk that has approved the sample and found the deadline of 2-3 to be wrong: its draft is right now."""
    monkeypatch.setenv(SECRET, "a-key-for-tests-only-0123456789")
    shutil.copytree(approved, tmp_path, dirs_exist_ok=True)
    change(tmp_path, "50-mihon-food.md", OLD, NEW)
    return open_workspace(tmp_path)


def change(root: Path, name: str, old: str, new: str) -> None:
    """An editor's hand in a draft."""
    path = root / "issues" / SLUG / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def send_it(workspace: Workspace, states: tuple[str, ...] = STATES) -> None:
    """Readers 1, 2, 3 … to whom the wrong issue was sent with these outcomes."""
    frozen = read_approved(workspace.root, SLUG).frozen
    with open_store(workspace.root) as store:
        with store.change() as rows:
            sql = "INSERT INTO subscribers (address, folded, name, segment, added, changed) VALUES (?, ?, ?, '自治体', '', '')"
            rows.run_many(sql, [(address(n), address(n), f"=読者{n}") for n in range(1, len(states) + 1)])
        send = Send(
            slug=SLUG,
            digest=frozen.digest,
            number=frozen.number,
            subject=frozen.subject,
            audience="",
            approver="見本",
            recipients=len(states),
            begun="2025-01-31T17:00:00",
            finished="",
        )
        Ledger(store=store, slug=SLUG, now=lambda: "2025-01-31T17:00:00").begin(send, Audience(key=""))
        with store.change() as rows:
            rows.run_many("UPDATE ledger SET state = ? WHERE subscriber = ?", [(state, n) for n, state in enumerate(states, 1)])


def address(number: int) -> str:
    """The address of the n-th reader."""
    return f"reader{number}@example.com"


def issue_md(workspace: Workspace, slug: str) -> str:
    """``issue.md`` of an issue."""
    return (workspace.root / "issues" / slug / "issue.md").read_text("utf-8")


def enews(capsys: pytest.CaptureFixture[str], root: Path, *words: str) -> tuple[int, str]:
    """Run a command: its exit code and everything it said."""
    with pytest.raises(SystemExit) as end:
        cli.main([*words, "--workspace", str(root)])
    said = capsys.readouterr()
    return int(end.value.code or 0), said.out + said.err


def test_a_mail_of_correction_is_an_issue_that_needs_no_mending(wrong: Workspace, golden: Callable[[str, str | bytes], None]) -> None:
    """It is laid with the table filled in, the check has nothing to say, and page and text are what was looked at."""
    change(wrong.root, "50-mihon-food.md", "/mihon/tabekiru/form/", "/mihon/tabekiru/moushikomi/")
    laid = correctdesk.mail(wrong, SLUG, today=TODAY)
    assert laid.rows[0] == ROW
    assert (laid.slug, laid.received, laid.left_out) == ("2025-01-teisei", None, ())
    assert desk.check(wrong, laid.slug).findings == ()
    built = desk.build(wrong, laid.slug)
    golden("2025-01-teisei/issue.md", laid.file.read_bytes())
    golden("2025-01-teisei/2025-01-teisei.html", built.html.read_bytes())
    golden("2025-01-teisei/2025-01-teisei.txt", built.text.read_bytes())


def test_only_those_who_got_the_wrong_issue_get_the_correction(wrong: Workspace) -> None:
    """Sent and in doubt, by the ledger; neither those whom it never reached, nor who left since, nor a reader who came later."""
    send_it(wrong)
    with open_store(wrong.root) as store, store.change() as rows:
        sql = "INSERT INTO suppressions (keyed, reason, via, at) VALUES (?, '配信停止', '返信', '')"
        rows.run(sql, keyed(address(8), store.secret))
        rows.run("INSERT INTO subscribers (address, folded, added, changed) VALUES ('new@example.com', 'new@example.com', '', '')")
    laid = correctdesk.mail(wrong, SLUG, today=TODAY)
    assert laid.received is not None
    assert len(laid.received.readers) == 4
    approve(wrong, laid.slug, BOSS)
    what = senddesk.plan(wrong, laid.slug)
    assert (what.audience, what.readers) == (Audience(key=received(SLUG), received=SLUG), 3)
    assert "まだ送っていない人が 2人" in what.notes[0]
    senddesk.begin(wrong, what)
    assert senddesk.send_on(wrong, what, FolderTransport(wrong.root / "out")).complete
    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in (wrong.root / "out").iterdir()]
    assert Counter(mail["To"] for mail in mails) == Counter(address(n) for n in (1, 2, 3))
    assert {mail["Subject"] for mail in mails} == {"【訂正】イクレイ日本e-News 2025年1月号"}


def test_whom_a_correction_goes_to_is_part_of_what_is_approved(wrong: Workspace) -> None:
    """The audience stands in the frozen mail, so that another one is another 確認番号."""
    laid = correctdesk.mail(wrong, SLUG, today=TODAY)
    checked = check(wrong, laid.slug)
    frozen = frozen_of(wrong, checked.issue, checked.email)
    assert frozen.audience == "2025-01 を受け取った読者"
    assert replace(frozen, audience="").number != frozen.number


def test_a_correction_of_an_issue_that_was_not_sent_from_here_is_not_sent_to_everybody(wrong: Workspace) -> None:
    """Nobody knows who got it, so the send is refused, with what to do instead."""
    laid = correctdesk.mail(wrong, SLUG, today=TODAY)
    approve(wrong, laid.slug, BOSS)
    with open_store(wrong.root) as store, store.change() as rows:
        rows.run("INSERT INTO subscribers (address, folded, added, changed) VALUES ('a@example.com', 'a@example.com', '', '')")
        assert list(recipients(rows, Audience(key="x", received=SLUG), store.secret)) == []
    with pytest.raises(SendError, match="enews export"):
        senddesk.plan(wrong, laid.slug)


def test_a_second_mail_tells_only_what_is_new(wrong: Workspace) -> None:
    """The same again is refused; another slip found later gets a mail of its own under the next free name."""
    correctdesk.mail(wrong, SLUG, today=TODAY)
    with pytest.raises(WorkspaceError, match="すべて前の訂正のお知らせに"):
        correctdesk.mail(wrong, SLUG, today=TODAY)
    change(wrong.root, "50-mihon-food.md", "会場40人", "会場50人")
    laid = correctdesk.mail(wrong, SLUG, today=TODAY)
    assert laid.slug == "2025-01-teisei-2"
    assert [("40人" in row.wrong, "50人" in row.right) for row in laid.rows] == [(True, True)]


def test_without_an_approval_or_a_change_there_is_nothing_to_tell(wrong: Workspace) -> None:
    """Right is what the drafts say, so they must be mended first; wrong is what was approved, so there must be that."""
    change(wrong.root, "50-mihon-food.md", NEW, OLD)
    for route in (correctdesk.mail, correctdesk.note):
        with pytest.raises(WorkspaceError, match="原稿の間違いを直して"):
            route(wrong, SLUG, today=TODAY)
        with pytest.raises(ApprovalError):
            route(wrong, "2025-01-cases", today=TODAY)
    assert not (wrong.root / "issues/2025-01-teisei").exists()


def test_a_slip_is_told_once_and_at_its_item() -> None:
    """In the contents and at the item it is one row; a picture is no row but is named; what came or went is said in words."""
    title = Change(part=BODY, label="目次", before="1-1　第4回", after="1-1　第5回")
    changes = (
        title,
        replace(title, label="1-1", before="1-1　第4回のカフェ", after="1-1　第5回のカフェ"),
        Change(part=BODY, label="2-1", before="", after="注意書き"),
        Change(part=BODY, label="冒頭", before="余分な文", after=""),
        Change(part=PICTURE, label="", before="a.png", after="b.png"),
    )
    rows, left_out = errata_between(Difference(changes=changes, repeated=(), moved=True), titles={"1-1": "カフェ「今」"})
    assert [(row.where, row.wrong, row.right) for row in rows] == [
        ("1-1「カフェ『今』」", "第4回のカフェ", "第5回のカフェ"),
        ("2-1", NOTHING, "注意書き"),
        ("「冒頭」", "余分な文", GONE),
    ]
    assert [change.part for change in left_out] == [PICTURE]


def test_words_of_an_issue_stay_words_in_a_line_of_corrections() -> None:
    """No divider, no merge field and no line end of theirs makes another row of it."""
    assert line_of(Correction(where="a｜b", wrong="[[name]]|x", right="y\n  - z", on=TODAY)) == "2025-02-03｜a／b｜［［name]]／x｜y - z"


def test_a_note_stands_on_the_web_copy_and_nowhere_else(wrong: Workspace, golden: Callable[[str, str | bytes], None]) -> None:
    """Dated, with both sides; the mail of that issue is, but for the slip, the one that was approved."""
    before = desk.build(wrong, SLUG).html.read_bytes()
    done = correctdesk.note(wrong, SLUG, today=TODAY)
    assert (done.added, done.next_slug) == (1, "")
    assert desk.build(wrong, SLUG).html.read_bytes() == before
    page = desk.export(wrong, SLUG, web=True).files[0].read_text("utf-8")
    box = re.search(r"<h2[^>]*>訂正</h2>.*?</table>", page, re.DOTALL)
    assert box is not None
    assert all(words in box[0] for words in (WHERE, "2025年2月3日（月）に直しました", f"（誤）締切：{OLD}", f"（正）締切：{NEW}"))
    golden("2025-01-teisei/note.html", box[0])


def test_the_next_issue_gets_the_box(wrong: Workspace) -> None:
    """One that is laid already at once, one that is laid later by ``new``; each once, and an approved one never."""
    desk.new(wrong, "2025-02")
    done = correctdesk.note(wrong, SLUG, today=TODAY)
    assert (done.next_slug, done.next_added) == ("2025-02", 1)
    line = f"  - 2025年1月号 {WHERE}｜締切：{OLD}｜締切：{NEW}\n"
    assert issue_md(wrong, "2025-02").count(line) == 1
    again = correctdesk.note(wrong, SLUG, today=TODAY)
    assert (again.added, again.next_added) == (0, 0)
    built = desk.build(wrong, "2025-02")
    assert "前号の訂正" in built.html.read_text("utf-8")
    desk.new(wrong, "2025-03")
    assert "訂正" not in issue_md(wrong, "2025-03")


def test_a_new_issue_takes_over_what_was_found_since_the_last(wrong: Workspace) -> None:
    """The note was written while there was no next issue; of another edition's issue nothing is taken."""
    correctdesk.note(wrong, SLUG, today=TODAY)
    desk.new(wrong, "2025-02")
    desk.new(wrong, "2025-02-cases", edition="cases")
    assert f"  - 2025年1月号 {WHERE}｜締切：{OLD}｜締切：{NEW}\n" in issue_md(wrong, "2025-02")
    assert "訂正" not in issue_md(wrong, "2025-02-cases")


@pytest.mark.parametrize(
    ("edition", "line", "found"),
    [
        ("訂正", "2025-01", []),
        ("訂正", "2024-99", ["FM004"]),
        ("訂正", "1-1｜誤り｜正しい", ["FM004"]),
        ("monthly", "2025-01", ["FM004"]),
    ],
)
def test_the_issue_that_is_corrected_must_be_there(wrong: Workspace, edition: str, line: str, found: list[str]) -> None:
    """A slug counts in a correction alone, where there is such an issue; a monthly never loses its readers by one."""
    path = wrong.root / "issues/2025-02/issue.md"
    path.parent.mkdir()
    head = f"---\n版: {edition}\n発行日: 2025-02-28\n件名: イクレイ日本e-News 2025年2月号\n導入文: 今号\n訂正:\n  - {line}\n---\n\n本文です。\n"
    path.write_text(head, "utf-8")
    checked = check(wrong, "2025-02")
    assert [finding.code for finding in checked.findings if finding.code == "FM004"] == found
    audience = frozen_of(wrong, checked.issue, checked.email).audience
    assert (audience == "") is (edition == "monthly" or line.startswith("1-1"))


def test_a_leak_writes_papers_and_no_mail(wrong: Workspace, golden: Callable[[str, str | bytes], None]) -> None:
    """The steps with counts and days, the list private and noted as taken out; no issue is laid, and the ledger is as it was."""
    send_it(wrong)
    before = ledger_of(wrong)
    done = correctdesk.leak(wrong, SLUG, at=AT, who="hanako")
    assert done.table is not None
    assert stat.S_IMODE(done.table.stat().st_mode) == 0o600
    assert done.table.parent == wrong.root / "subscribers"
    rows = list(csv.DictReader(done.table.read_text("utf-8-sig").splitlines()))
    assert [(row["メールアドレス"], row["結果"]) for row in rows] == [
        *((address(n), "送信済") for n in (1, 2, 8)),
        (address(3), "送信結果不明"),
    ]
    assert rows[0]["氏名"] == "'=読者1"
    with open_store(wrong.root) as store, store.read() as found:
        assert [tuple(row)[1:] for row in found.all("SELECT * FROM exports")] == [(AT.isoformat(), "hanako", 4, done.table.name)]
    assert ledger_of(wrong) == before
    assert not (wrong.root / "issues/2025-01-teisei").exists()
    golden("2025-01-teisei/leak.txt", done.text.replace(str(done.table), "subscribers/2025-01-received.csv"))
    assert correctdesk.leak(wrong, SLUG, at=AT, who="hanako").table == done.table.with_name("2025-01-received-2.csv")


def ledger_of(workspace: Workspace) -> list[tuple[object, ...]]:
    """Every row of the ledger."""
    with open_store(workspace.root) as store, store.read() as rows:
        return [tuple(row) for row in rows.all("SELECT * FROM ledger")]


def test_the_steps_are_there_without_any_ledger(wrong: Workspace) -> None:
    """An issue that another sender sent: no list, but everything that must be done."""
    done = correctdesk.leak(wrong, SLUG, at=AT, who="hanako")
    assert (done.table, done.received) == (None, None)
    assert all(words in done.text for words in ("速報", "2025年2月8日", "確報", "2025年3月5日", "配信サービスの"))
    assert done.paper.read_text("utf-8") == done.text


def test_the_steps_do_not_wait_for_a_key(wrong: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the desk's key the ledger cannot be read: that is said among the steps, and the steps are there."""
    send_it(wrong)
    monkeypatch.delenv(SECRET)
    done = correctdesk.leak(wrong, SLUG, at=AT, who="hanako")
    assert (done.table, "配信記録を読めません" in done.text, "速報" in done.text) == (None, True, True)


def test_another_sender_is_told_whom_a_correction_is_for(wrong: Workspace) -> None:
    """The steps beside the exported files name the readers, so that nobody takes the whole list."""
    laid = correctdesk.mail(wrong, SLUG, today=TODAY)
    steps = next(path for path in desk.export(wrong, laid.slug, dialect="mailchimp").files if path.name == "手順.txt")
    assert "「2025-01 を受け取った読者」だけです" in steps.read_text("utf-8")


def test_the_door_takes_one_route(wrong: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """None or two is a question of use; each of the three says what it did and what comes next, and shows no address."""
    send_it(wrong)
    for words in ((), ("--note", "--mail")):
        assert enews(capsys, wrong.root, "correct", SLUG, *words)[0] == 2
    code, said = enews(capsys, wrong.root, "correct", SLUG, "--mail")
    assert (code, "送った 3人と、送信結果不明の 1人だけ" in said, "enews approve 2025-01-teisei" in said) == (0, True, True)
    code, said = enews(capsys, wrong.root, "correct", SLUG, "--note")
    assert (code, "「正誤」に 1件" in said, "--web" in said) == (0, True, True)
    code, said = enews(capsys, wrong.root, "correct", SLUG, "--leak")
    assert (code, "一斉に送らないでください" in said, "@example.com" in said) == (0, True, False)
    code, said = enews(capsys, wrong.root, "correct", SLUG, "--leak", "--json")
    assert json.loads(said)["counts"]["sent"] == 3
