"""``enews bounces`` at the desk: who is struck off, counted, or shown to the editor; what was sent and what comes back are real mails."""

from __future__ import annotations

import json
import mailbox
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes
from pathlib import Path

import pytest

from pipeline.bouncedesk import Deed, Post, sort_post
from pipeline.config import read_masthead
from pipeline.delivery import roster
from pipeline.delivery.message import JAPAN
from pipeline.delivery.outgoing import UNSUBSCRIBE
from pipeline.delivery.outgoing import Post as Outgoing
from pipeline.delivery.people import Consent, Subscriber, keyed
from pipeline.delivery.readers import subscriber_at
from pipeline.delivery.store import SECRET, open_store
from pipeline.delivery.tokens import Ticket, issue_token
from pipeline.desk import open_workspace
from pipeline.errors import ReaderError, WorkspaceError
from tests.delivery.returns import Sent, complaint, reply, report
from tests.delivery.test_frozen import frozen_mail
from tests.test_send import KEY, enews

ISSUES = ("2025-01", "2025-02", "2025-03", "2025-04")
READERS = 40
FEBRUARY = datetime(2025, 2, 4, 10, 0, tzinfo=JAPAN)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk with forty readers, who were all sent four issues."""
    from tests.builders import ROOT

    monkeypatch.setenv(SECRET, KEY)
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "newsletter.toml").write_bytes((ROOT / "issues" / "newsletter.toml").read_bytes())
    with open_store(tmp_path) as store, store.change() as rows:
        for n in range(1, READERS + 1):
            reader = Subscriber(address=f"Reader{n}@example.com", name=f"読者{n}", organisation=f"みほん市{n}")
            roster.add(rows, reader, secret=store.secret, now="2024-12-01T09:00:00+09:00")
        for slug in ISSUES[:3]:
            send(rows_run=rows.run, slug=slug, secret=store.secret)
    return tmp_path


def send(*, rows_run: Callable[..., int], slug: str, secret: bytes) -> None:
    """Write an issue into the ledger as sent to everybody."""
    rows_run("INSERT INTO sends VALUES (?, '', '', '', '', '', ?, ?, '')", slug, READERS, f"{slug}-28T17:00:00+09:00")
    for n in range(1, READERS + 1):
        mark = keyed(f"Reader{n}@example.com", secret)
        rows_run("INSERT INTO ledger (slug, subscriber, keyed, state, at) VALUES (?, ?, ?, 'sent', '')", slug, n, mark)


def sent(root: Path, number: int, slug: str = "2025-01") -> Sent:
    """The mail that a reader got."""
    from dataclasses import replace

    masthead = read_masthead(root)
    masthead = replace(masthead, smtp=replace(masthead.smtp, return_path="b@example.jp"))
    post = Outgoing(frozen=replace(frozen_mail(), slug=slug), masthead=masthead, secret=KEY.encode(), sent=FEBRUARY)
    message, envelope = post.compose(Subscriber(id=number, address=f"Reader{number}@example.com"))
    return Sent.of(message, envelope.sender, envelope.recipient)


def came_back(root: Path, *mails: bytes, dry: bool = False, now: datetime = FEBRUARY) -> Post:
    """Lay the mails into a folder and sort them."""
    folder = root / "inbox"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for n, mail in enumerate(mails):
        (folder / f"{n:03}.eml").write_bytes(mail)
    return sort_post(open_workspace(root), [folder], dry=dry, now=lambda: now)


def stopped(root: Path) -> dict[str, tuple[str, str]]:
    """Who gets no mail: reason and way by address."""
    with open_store(root) as store, store.read() as rows:
        return {one.address: (one.reason, one.via) for one in roster.suppressions(rows)}


def soft(root: Path, number: int, slug: str) -> bytes:
    """A full mailbox."""
    return report(sent(root, number, slug), status="5.2.2", words="552 5.2.2 mailbox full")


def blocked(root: Path, number: int, slug: str) -> bytes:
    """A server that does not want us."""
    return report(sent(root, number, slug), status="5.7.1", words="550 5.7.1 blocked, bad reputation")


def unsubscribe(root: Path, number: int) -> bytes:
    """The mail that a program sends for a reader who leaves."""
    token = issue_token(Ticket(reader=number, slug="2025-01"), purpose=UNSUBSCRIBE, secret=KEY.encode())
    return reply(sent(root, number), subject=f"unsubscribe {token}", body="")


def test_at_once(root: Path) -> None:
    """An unknown address, a complaint and the mail of List-Unsubscribe strike off at once, each with its reason; others stay."""
    post = came_back(root, report(sent(root, 1)), complaint(sent(root, 2)), unsubscribe(root, 3), soft(root, 4, "2025-01"))
    assert stopped(root) == {
        "Reader1@example.com": ("不達", "宛先不明"),
        "Reader2@example.com": ("苦情", "迷惑メール報告"),
        "Reader3@example.com": ("配信停止", "返信"),
    }
    assert [mail.deed for mail in post.mails] == [Deed.STRUCK, Deed.STRUCK, Deed.STRUCK, Deed.COUNTED]


def test_a_rehearsal_changes_nothing(root: Path) -> None:
    """It says the same, and afterwards nobody is struck off and nothing is counted."""
    mails = [report(sent(root, 1)), soft(root, 4, "2025-01")]
    rehearsed = came_back(root, *mails, dry=True)
    assert stopped(root) == {}
    assert [mail.deed for mail in rehearsed.mails] == [mail.deed for mail in came_back(root, *mails).mails]
    assert list(stopped(root)) == ["Reader1@example.com"]


def test_running_again_changes_nothing(root: Path) -> None:
    """Each mail counts once, also with other line ends, in another file or in an mbox."""
    mails = [report(sent(root, 1)), soft(root, 4, "2025-01")]
    came_back(root, *mails)
    again = came_back(root, *mails, mails[1].replace(b"\r\n", b"\n"), mails[0] + b"\r\n\r\n")
    assert {mail.deed for mail in again.mails} == {Deed.AGAIN}
    box = mailbox.mbox(root / "box")
    for mail in mails:
        box.add(message_from_bytes(mail))
    box.close()
    assert {mail.deed for mail in sort_post(open_workspace(root), [root / "box"], now=lambda: FEBRUARY).mails} == {Deed.AGAIN}
    with open_store(root) as store, store.read() as rows:
        assert len(rows.all("SELECT * FROM bounces")) == 2


def test_three_issues_in_a_row(root: Path) -> None:
    """Two do not strike off, the third does, whatever the order in which they are read; three of one issue do not."""
    came_back(root, soft(root, 1, "2025-03"), soft(root, 1, "2025-02"))
    assert stopped(root) == {}
    came_back(root, *(soft(root, 2, "2025-03").replace(b"4XyZ1c0Kb2", b"4XyZ1c0Kb%d" % n) for n in (3, 4, 5)))
    assert stopped(root) == {}
    post = came_back(root, soft(root, 1, "2025-01"))
    assert stopped(root) == {"Reader1@example.com": ("不達", "3号続けて不達")}
    assert (post.mails[0].deed, post.mails[0].row) == (Deed.STRUCK, 3)


def test_an_issue_that_arrived_breaks_the_row(root: Path) -> None:
    """Back, arrived, back, back: that is two in a row."""
    with open_store(root) as store, store.change() as rows:
        send(rows_run=rows.run, slug="2025-04", secret=store.secret)
    post = came_back(root, *(soft(root, 1, slug) for slug in ("2025-01", "2025-03", "2025-04")))
    assert (stopped(root), post.mails[0].row) == ({}, 2)


def test_when_we_are_refused_nobody_is_struck_off(root: Path) -> None:
    """Three of forty at 5.7.x is our fault: said so, and the issue is passed over; two of forty count like any failure."""
    ours = [blocked(root, n, slug) for slug in ISSUES[:3] for n in (1, 2, 3)]
    post = came_back(root, *ours)
    assert [(one.slug, one.blocked, one.recipients) for one in post.refused] == [(slug, 3, READERS) for slug in ISSUES[:3]]
    assert stopped(root) == {}
    with open_store(root) as store, store.change() as rows:
        rows.run("DELETE FROM bounces")
    post = came_back(root, *(blocked(root, n, slug) for slug in ISSUES[:3] for n in (1, 2)))
    assert (post.refused, sorted(stopped(root))) == ((), ["Reader1@example.com", "Reader2@example.com"])


def test_an_issue_that_was_refused_is_passed_over(root: Path) -> None:
    """Between two issues that came back, one that was our fault neither counts nor breaks the row."""
    with open_store(root) as store, store.change() as rows:
        send(rows_run=rows.run, slug="2025-04", secret=store.secret)
    came_back(root, *(blocked(root, n, "2025-02") for n in (1, 2, 3)))
    came_back(root, *(soft(root, 1, slug) for slug in ("2025-01", "2025-03")))
    assert stopped(root) == {}
    came_back(root, soft(root, 1, "2025-04"))
    assert list(stopped(root)) == ["Reader1@example.com"]


def test_what_nobody_signed_is_only_shown(root: Path) -> None:
    """A forged bounce for a reader, a complaint without a token and a wish in words strike nobody off, and are told with the command to type."""
    one = sent(root, 5)
    forged = report(Sent(head="To: Reader5@example.com", return_path="b+2025-01.5.aaaaaaaaaaaaaaaaaaaa@example.jp", address=one.address))
    mails = (
        forged,
        complaint(one, head="To: Reader6@example.com", address="Reader6@example.com"),
        reply(sent(root, 7), subject="配信停止希望", body="お願いします"),
    )
    post = came_back(root, *mails)
    assert stopped(root) == {}
    assert [(mail.deed, mail.known.id if mail.known else 0) for mail in post.mails] == [(Deed.ASKED, 5), (Deed.ASKED, 6), (Deed.ASKED, 7)]
    stranger = report(Sent(head="To: x@example.net", return_path="enews@example.jp", address="x@example.net"))
    assert [mail.deed for mail in came_back(root, stranger).mails] == [Deed.PASSED]


def test_a_transfer_is_a_hint_and_an_absence_nothing(root: Path) -> None:
    """異動 names the successor for ``replace``; 不在 is passed; neither strikes off."""
    moved = reply(
        sent(root, 1),
        subject="自動応答: 異動のお知らせ",
        body="後任は tarou@city.example.jp です",
        headers=("Auto-Submitted: auto-replied", f"In-Reply-To: <{sent(root, 1).head.partition('Message-ID: <')[2].partition('>')[0]}>"),
    )
    absent = reply(sent(root, 2), subject="不在通知", body="出張中です")
    post = came_back(root, moved, absent)
    assert [mail.deed for mail in post.mails] == [Deed.ASKED, Deed.PASSED]
    assert post.mails[0].reader is not None
    assert post.mails[0].verdict.addresses[1] == "tarou@city.example.jp"
    assert stopped(root) == {}


def test_a_newer_consent_outweighs_an_older_mail(root: Path) -> None:
    """Somebody who agreed anew after the mail stays; a consent from before it does not help."""
    with open_store(root) as store, store.change() as rows:
        for n, day in ((1, "2025-02-04"), (2, "2025-02-03"), (3, "2025-01-05")):
            old = subscriber_at(rows, f"Reader{n}@example.com")
            assert old is not None
            from dataclasses import replace

            roster.update(rows, old, replace(old, consent=Consent(how="電話", on=day, by="見本")), what="change", now="")
    post = came_back(root, unsubscribe(root, 1), unsubscribe(root, 2), unsubscribe(root, 3), now=datetime(2025, 2, 5, 9, 0, tzinfo=JAPAN))
    assert [mail.deed for mail in post.mails] == [Deed.AGREED, Deed.STRUCK, Deed.STRUCK]
    assert sorted(stopped(root)) == ["Reader2@example.com", "Reader3@example.com"]


def test_who_is_no_reader_any_more_is_left_alone(root: Path) -> None:
    """A late bounce of somebody who was forgotten or has left changes nothing."""
    with open_store(root) as store, store.change() as rows:
        roster.forget(rows, "Reader1@example.com", secret=store.secret, now="2025-02-01")
        roster.suppress(rows, "Reader2@example.com", reason="配信停止", via="電話", secret=store.secret, now="2025-02-01")
    before = stopped(root)
    post = came_back(root, report(sent(root, 1)), report(sent(root, 2)), reply(sent(root, 2), subject="配信停止", body=""))
    assert {mail.deed for mail in post.mails} == {Deed.GONE}
    assert stopped(root) == before


def test_a_maildir_and_a_folder_of_folders(root: Path) -> None:
    """Every mail below is read once; half-delivered and hidden files are not; what is no mail is none of ours."""
    box = mailbox.Maildir(root / "Maildir", create=True)
    box.add(message_from_bytes(report(sent(root, 1))))
    (root / "Maildir" / "tmp" / "half").write_bytes(report(sent(root, 2)))
    (root / "Maildir" / ".hidden").write_bytes(report(sent(root, 3)))
    (root / "Maildir" / "cur" / "メモ.txt").write_text("買い物", encoding="utf-8")
    post = sort_post(open_workspace(root), [root / "Maildir"], now=lambda: FEBRUARY)
    assert sorted(mail.deed.value for mail in post.mails) == ["passed", "struck"]


def test_a_large_mailbox_is_read_in_pieces(root: Path) -> None:
    """A returned mail of ten megabytes, between two others, is one mail, and only its head is kept."""
    large = report(sent(root, 2)).replace(
        b"Content-Type: text/rfc822-headers", b"X-Large: " + b"x" * 10_000_000 + b"\r\nContent-Type: message/rfc822"
    )
    mails = (report(sent(root, 1)), large, report(sent(root, 3)))
    (root / "box").write_bytes(
        b"".join(b"From MAILER-DAEMON Mon Feb  3 09:12:00 2025\n" + mail.replace(b"\r\n", b"\n") + b"\n" for mail in mails)
    )
    post = sort_post(open_workspace(root), [root / "box"], now=lambda: FEBRUARY)
    assert [(mail.number, mail.deed) for mail in post.mails] == [(1, Deed.STRUCK), (2, Deed.STRUCK), (3, Deed.STRUCK)]


def test_what_was_refused_when_it_was_sent_counts_too(root: Path) -> None:
    """An address that the server refused to take is struck off by the ledger's own words, once; a full mailbox is a row's first."""
    with open_store(root) as store, store.change() as rows:
        for n, reply in ((1, "5.1.1 <Re***@example.com>: Recipient address rejected: User unknown"), (2, "5.2.2 mailbox full")):
            rows.run("UPDATE ledger SET state = 'refused', code = 550, reply = ? WHERE slug = '2025-03' AND subscriber = ?", reply, n)
    post = came_back(root, soft(root, 2, "2025-02"), soft(root, 2, "2025-01"))
    assert [mail.deed for mail in post.mails] == [Deed.STRUCK, Deed.GONE, Deed.STRUCK, Deed.GONE]
    assert stopped(root) == {"Reader1@example.com": ("不達", "宛先不明"), "Reader2@example.com": ("不達", "3号続けて不達")}
    assert len(came_back(root, soft(root, 2, "2025-02")).mails) == 1


def test_a_server_that_answers_wrongly_empties_no_list(root: Path) -> None:
    """Ten of forty dead at once is not believed: nothing is changed until somebody is sure; a sender's fault is no reader's."""
    mails = [report(sent(root, n)) for n in range(1, 11)]
    with pytest.raises(ReaderError, match=r"40人のうち10人"):
        came_back(root, *mails)
    assert stopped(root) == {}
    assert len(came_back(root, *mails, dry=True).with_deed(Deed.STRUCK)) == 10
    sort_post(open_workspace(root), [root / "inbox"], sure=True, now=lambda: FEBRUARY)
    assert len(stopped(root)) == 10
    words = "550 <b@example.jp>: Sender address rejected: Domain not found"
    post = came_back(root, *(report(sent(root, n), status="5.1.1", words=words) for n in range(11, 31)))
    assert len(stopped(root)) == 10
    assert [one.blocked for one in post.refused] == [20]


@pytest.mark.parametrize("name", ["nowhere.eml", "empty", "mail.msg"])
def test_what_cannot_be_read_is_said(root: Path, name: str) -> None:
    """A file that is not there, an empty folder, Outlook's own format: said with the way out, and nothing is done."""
    (root / "empty").mkdir()
    (root / "mail.msg").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100)
    with pytest.raises(WorkspaceError, match=r"\.eml"):
        sort_post(open_workspace(root), [root / name], now=lambda: FEBRUARY)


def test_the_command(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Addresses are masked in the report and in JSON, whole with --show; the commands to type are there."""
    came_back(
        root,
        report(sent(root, 1)),
        soft(root, 2, "2025-01"),
        reply(sent(root, 7), subject="配信停止希望", body="Reader7@example.com"),
        dry=True,
    )
    inbox = str(root / "inbox")
    code, said = enews(capsys, root, "bounces", inbox, "--dry-run")
    assert code == 0
    assert "3通を読みました。（確かめるだけで" in said
    assert "みほん市1 Re***@example.com　宛先不明（2025-01号、5.1.1）" in said
    assert "enews subscribers suppress Re***@example.com --via 返信" in said
    assert "Reader" not in said
    assert "suppress Reader7@example.com --via 返信" in enews(capsys, root, "bounces", inbox, "--dry-run", "--show")[1]
    code, said = enews(capsys, root, "bounces", inbox, "--json")
    answer = json.loads(said)
    assert (code, answer["deeds"]["struck"], answer["deeds"]["counted"], answer["deeds"]["asked"]) == (0, 1, 1, 1)
    assert "Reader" not in said
    assert answer["mails"][0]["status"] == "5.1.1"
    assert "前に数えたもの 2通" in enews(capsys, root, "bounces", inbox)[1]


def test_the_command_that_is_shown_works(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What --show prints can be typed as it stands."""
    came_back(root, reply(sent(root, 7), subject="配信停止希望", body=""), dry=True)
    said = enews(capsys, root, "bounces", str(root / "inbox"), "--show")[1]
    words = said.partition("enews subscribers ")[2].splitlines()[0].split()
    assert enews(capsys, root, "subscribers", *words)[0] == 0
    assert stopped(root) == {"Reader7@example.com": ("配信停止", "返信")}


def test_the_season_of_transfers_is_said(root: Path) -> None:
    """In April and July, not in February."""
    april = datetime(2025, 4, 8, 10, 0, tzinfo=JAPAN)
    assert came_back(root, report(sent(root, 1)), dry=True, now=april).moving
    assert not came_back(root, report(sent(root, 1)), dry=True).moving
