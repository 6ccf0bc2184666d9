"""``enews request``, ``approve``, ``diff`` and what ``check`` and ``export`` say of an approval, as an editor meets them."""

from __future__ import annotations

import email
import email.policy
import json
import shutil
from email.message import EmailMessage
from pathlib import Path

import lxml.html
import pytest

from pipeline.approvedesk import approve, begun_in, diff, request
from pipeline.config import Audience
from pipeline.delivery.approval import Approval, read_approved
from pipeline.delivery.ledger import Ledger, Send
from pipeline.delivery.requests import plain_code
from pipeline.delivery.store import open_store
from pipeline.desk import Workspace, check, export, frozen_of, open_workspace
from pipeline.errors import ApprovalError, ConfigError
from tests.builders import ROOT, draft, workspace
from tests.checks.examples import prepared
from tests.test_build import enews

AT = "2025-01-30T17:40:00+09:00"
WEEKDAY = "日時を、2025年1月15日（金）に決めました。"  # a Wednesday
BOSS = Approval(by="見本 花子", at=AT, via="メール")


@pytest.fixture
def desk(tmp_path: Path) -> Workspace:
    """An issue of two items, one with a picture."""
    picture = {
        "写真": "images/a.jpg",
        "代替文": "会場で話し合う人たちを描いた図",
        "写真提供": "図：編集部",
        "ママ": "PIC012、見本、編集 花子",
    }
    files = {
        "10-a.md": draft(body="定員は40人です。", **picture),
        "20-b.md": draft("二つ目", "募集・お知らせ", "お知らせです。"),
        **prepared(),
    }
    return open_workspace(workspace(tmp_path, files))


def change(desk: Workspace, old: str, new: str, *, file: str = "10-a.md") -> None:
    """An editor's hand in a draft."""
    path = desk.root / "issues/2025-01" / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def number_of(desk: Workspace) -> str:
    """The 確認番号 of the text as it is now."""
    checked = check(desk, "2025-01")
    return frozen_of(desk, checked.issue, checked.email).number


def codes(desk: Workspace) -> list[str]:
    """The codes of all findings."""
    return [finding.code for finding in check(desk, "2025-01").findings]


def mail(desk: Workspace) -> EmailMessage:
    """The request as a mail program reads it."""
    data = (desk.root / "build/2025-01/request.eml").read_bytes()
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def body(message: EmailMessage, kind: str) -> str:
    """The plain or the HTML text of a mail."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def papers(message: EmailMessage) -> dict[str, str]:
    """The attachments by name."""
    return {str(part.get_filename()): part.get_content() for part in message.iter_attachments()}


def test_a_request_is_a_mail_to_send(desk: Workspace) -> None:
    """A draft without an addressee: the number in the subject and in both texts, the way to answer, the items, the proof with that very number."""
    made = request(desk, "2025-01", at=AT)
    message = mail(desk)
    assert made.number == number_of(desk)
    assert message["To"] is None
    assert message["X-Unsent"] == "1"
    assert made.number in message["Subject"]
    for kind in ("plain", "html"):
        text = body(message, kind)
        assert f"承認 {made.number}" in text
        assert "初めてです" in text
        assert "二つ目" in text
    (name, proof), *more = papers(message).items()
    assert not more
    assert name == f"proof-2025-01-{made.number}.html"
    assert made.number in proof
    assert "定員は40人です" in proof
    assert made.text.read_text("utf-8").endswith(body(message, "plain"))


def test_the_same_request_is_the_same_mail(desk: Workspace) -> None:
    """Byte for byte at the same time; with ``to`` it is addressed."""
    first = request(desk, "2025-01", at=AT).mail.read_bytes()
    assert request(desk, "2025-01", at=AT).mail.read_bytes() == first
    request(desk, "2025-01", at=AT, to="director@example.jp")
    assert mail(desk)["To"] == "director@example.jp"
    with pytest.raises(ConfigError):
        request(desk, "2025-01", at=AT, to="director@example.jp\r\nBcc: x@example.jp")


def test_a_second_request_says_what_has_changed(desk: Workspace) -> None:
    """Since the first one; after an approval since that. The page of changes comes along."""
    first = request(desk, "2025-01", at=AT).number
    change(desk, "40人", "50人")
    second = request(desk, "2025-01", at="2025-01-30T17:50:00+09:00")
    assert first in second.since
    message = mail(desk)
    assert "　前：定員は［40］人です。\n　後：定員は［50］人です。" in body(message, "plain")
    assert list(papers(message)) == [f"proof-2025-01-{second.number}.html", f"changes-2025-01-{second.number}.html"]
    approve(desk, "2025-01", BOSS)
    change(desk, "50人", "60人")
    third = request(desk, "2025-01", at="2025-01-30T17:55:00+09:00")
    assert third.since == "1月30日（木）に見本 花子が承認した内容"
    assert "［50］" in body(mail(desk), "plain")
    assert "承認は無効" not in body(mail(desk), "plain")


def test_a_request_tells_what_the_check_left(desk: Workspace) -> None:
    """Findings, and what somebody let stand, with reason and name."""
    change(desk, "定員は40人です。", "定員は40人です。だれでも食べれます。")
    left = [finding.message for finding in check(desk, "2025-01").findings]
    assert left
    request(desk, "2025-01", at=AT)
    assert all(message in body(mail(desk), "plain") for message in left)
    finding = check(desk, "2025-01").findings[0]
    change(desk, "版: monthly", f"版: monthly\nママ: {finding.code}、発信元の表記、編集 花子", file="issue.md")
    request(desk, "2025-01", at=AT)
    assert f"・このまま掲載（編集 花子：発信元の表記）：{finding.message}" in body(mail(desk), "plain")


@pytest.mark.parametrize("command", [("request",), ("approve", "--by", "見本花子")])
def test_a_text_with_errors_is_neither_sent_round_nor_approved(
    desk: Workspace, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """The message says how many there are and names the first."""
    change(desk, "定員は40人です。", WEEKDAY)
    assert enews(desk.root, command[0], "2025-01", *command[1:]) == 1
    said = capsys.readouterr().err
    assert "要修正の指摘が 1件" in said
    assert "10-a.md" in said
    assert not (desk.root / "issues/2025-01/approved").exists()
    assert not (desk.root / "build/2025-01/request.eml").exists()


def test_words_of_a_draft_stay_words(desk: Workspace) -> None:
    """In the mail and on the page of changes; in the plain text nothing is escaped."""
    request(desk, "2025-01", at=AT)
    change(desk, "二つ目", "<script>alert(1)</script>&amp;", file="20-b.md")
    request(desk, "2025-01", at="2025-01-30T18:00:00+09:00")
    message = mail(desk)
    for page in (body(message, "html"), *papers(message).values(), diff(desk, "2025-01").page.read_text("utf-8")):
        assert not lxml.html.document_fromstring(page).xpath("//script")
    assert "&lt;" not in body(message, "plain")


@pytest.mark.parametrize(
    "typed", ["7F3A-21", "7f3a-21", "7F3A21", "７Ｆ３Ａ－２１", " 7F3A 21 ", "７ｆ３ａー２１", "「7F3A-21」", "7F3A—21\n"]
)
def test_a_number_counts_however_it_is_typed(typed: str) -> None:
    """Full-width, lower case, without a hyphen or with another dash."""
    assert plain_code(typed) == "7F3A-21"


@pytest.mark.parametrize("typed", ["", "7F3A", "7F3A-2O", "承認", "7F3A-212", "../../x", "٠١٢٣٤٥"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    """The message says what one looks like."""
    with pytest.raises(ApprovalError, match="7F3A-21"):
        plain_code(typed)


def test_an_approval_keeps_what_was_shown(desk: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """The very bytes that were asked for, who approved, by which way, and that it was a deputy."""
    code = request(desk, "2025-01", at=AT).number
    assert (
        enews(desk.root, "approve", "2025-01", "--by", "見本　太郎", "--code", code.lower().replace("-", "　"), "--via", "口頭", "--deputy")
        == 0
    )
    printed = capsys.readouterr().out
    approved = read_approved(desk.root, "2025-01")
    assert f"承認済　確認番号 {code}" in printed
    assert "見本 太郎（代決）、口頭" in printed
    assert (approved.frozen.number, approved.approval.code, approved.approval.deputy) == (code, code, True)
    assert approved.approval.via == "口頭"
    assert dict(approved.frozen.pictures).keys() == {path.name for path in (desk.root / "issues/2025-01/images/web").glob("*.jpg")}
    assert enews(desk.root, "approve", "2025-01", "--by", "見本", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["number"] == code
    assert answer["approval"]["by"] == "見本"


@pytest.mark.parametrize("by", ["", " 　", "\x1b[31m赤"])
def test_an_approval_has_a_name(desk: Workspace, by: str) -> None:
    """One that can be printed."""
    with pytest.raises(ApprovalError, match="--by"):
        approve(desk, "2025-01", Approval(by=by, at=AT, via="メール"))


def test_a_text_that_moved_since_the_number_is_refused(desk: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """With what moved and the number of now; the earlier approval stays as it was."""
    code = request(desk, "2025-01", at=AT).number
    approve(desk, "2025-01", BOSS)
    before = (desk.root / "issues/2025-01/approved/manifest.json").read_bytes()
    change(desk, "40人", "50人")
    assert enews(desk.root, "approve", "2025-01", "--by", "見本花子", "--code", code) == 1
    said = capsys.readouterr().err
    assert f"今の確認番号は {number_of(desk)}" in said
    assert "定員は［50］人" in said
    assert (desk.root / "issues/2025-01/approved/manifest.json").read_bytes() == before


def test_the_number_on_a_proof_is_known_too(desk: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """Who read on paper approves by that paper's number, and is told what moved since."""
    assert enews(desk.root, "proof", "2025-01", "--json") == 0
    code = json.loads(capsys.readouterr().out)["number"]
    change(desk, "40人", "50人")
    assert enews(desk.root, "approve", "2025-01", "--by", "見本花子", "--code", code) == 1
    assert "定員は［50］人" in capsys.readouterr().err


def test_a_number_that_nobody_gave_out_and_one_of_another_issue(desk: Workspace) -> None:
    """Both are refused, each with its own words; a lost cache costs the comparison only."""
    code = request(desk, "2025-01", at=AT).number
    change(desk, "40人", "50人")
    shutil.copytree(desk.root / "issues/2025-01", desk.root / "issues/2025-02")
    (desk.root / "build/.cache/requests/2025-01").rename(desk.root / "build/.cache/requests/2025-02")
    with pytest.raises(ApprovalError, match="2025-02 のもの"):
        approve(desk, "2025-01", Approval(by="見本", at=AT, via="メール", code=code))
    shutil.rmtree(desk.root / "build")
    with pytest.raises(ApprovalError, match="控えもありません"):
        approve(desk, "2025-01", Approval(by="見本", at=AT, via="メール", code=code))


def test_what_has_begun_to_go_out_cannot_be_approved_anew(desk: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real ledger says so; only a damaged copy of the very text that goes out may be laid again."""
    monkeypatch.setenv("ENEWS_SECRET", "a-secret-for-tests-only")
    _, approved = approve(desk, "2025-01", BOSS, begun=begun_in(desk))  # no database yet
    frozen = approved.frozen
    with open_store(desk.root) as store:
        send = Send(
            slug="2025-01",
            digest=frozen.digest,
            number=frozen.number,
            subject=frozen.subject,
            audience="",
            approver="見本 花子",
            recipients=0,
            begun=AT,
            finished="",
        )
        assert begun_in(desk)("2025-01") == ""
        Ledger(store=store, slug="2025-01", now=lambda: AT).begin(send, Audience(key=""))
    with pytest.raises(ApprovalError, match="もう配信が始まっています"):
        approve(desk, "2025-01", BOSS, begun=begun_in(desk))
    (desk.root / "issues/2025-01/approved/email.txt").write_bytes(b"x")
    approve(desk, "2025-01", BOSS, begun=begun_in(desk))
    assert read_approved(desk.root, "2025-01").frozen == frozen
    shutil.rmtree(desk.root / "issues/2025-01/approved")
    change(desk, "40人", "50人")
    with pytest.raises(ApprovalError, match="もう配信が始まっています"):
        approve(desk, "2025-01", BOSS, begun=begun_in(desk))


def test_a_change_after_the_approval_is_a_finding_that_nobody_can_waive(desk: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """One letter, and it is void; taken back, it holds again. The build goes on."""
    approve(desk, "2025-01", BOSS)
    assert codes(desk) == []
    change(desk, "40人", "41人")
    assert codes(desk) == ["APPR001"]
    assert enews(desk.root, "build", "2025-01") == 0
    assert "承認は無効になりました（承認後に変更あり）。本文 1か所が変わりました。" in capsys.readouterr().out
    change(desk, "版: monthly", "版: monthly\nママ: APPR001、急ぐので、編集 花子", file="issue.md")
    assert codes(desk) == ["APPR001", "WAIV001"]
    assert "承認についての指摘は、外せません" in check(desk, "2025-01").findings[1].message
    change(desk, "\nママ: APPR001、急ぐので、編集 花子", "", file="issue.md")
    change(desk, "41人", "40人")
    assert codes(desk) == []


def test_a_touched_approval_is_a_finding(desk: Workspace) -> None:
    """A check goes on, and says which file it is."""
    approve(desk, "2025-01", BOSS)
    (desk.root / "issues/2025-01/approved/email.html").write_text("x", "utf-8")
    (finding,) = check(desk, "2025-01").findings
    assert finding.code == "APPR002"
    assert "email.html" in finding.message
    assert "approve 2025-01" in finding.hint


@pytest.mark.parametrize("file", ["issue.md", "newsletter.toml", "images"])
def test_whatever_readers_would_get_otherwise_voids_it(desk: Workspace, file: str) -> None:
    """A greeting, the sender's name in the masthead, a picture."""
    approve(desk, "2025-01", BOSS)
    if file == "images":
        for path in (desk.root / "issues/2025-01/images/web").glob("*.jpg"):
            path.write_bytes(path.read_bytes() + b"\0")
    elif file == "issue.md":
        change(desk, "巻頭言です。", "巻頭言でした。", file=file)
    else:
        path = desk.root / "issues/newsletter.toml"
        path.write_text(path.read_text("utf-8").replace("<enews@example.jp>", "<news@example.jp>"), "utf-8")
    assert "APPR001" in codes(open_workspace(desk.root))


def test_markup_that_moves_alone_says_so(desk: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """A colour is another byte: the approval is void, and the difference says that no letter is another one."""
    approve(desk, "2025-01", BOSS)
    shutil.copytree(ROOT / "templates", desk.root / "templates")
    sheet = desk.root / "templates/monthly/style.css"
    sheet.write_text(sheet.read_text("utf-8").replace("#222", "#333"), "utf-8")
    assert enews(desk.root, "diff", "2025-01") == 1
    assert "表示文字に変更なし（体裁のみ）" in capsys.readouterr().out
    assert enews(desk.root, "diff", "2025-01", "--json") == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["moved"], answer["markup_only"], answer["changes"]) == (True, True, [])
    assert "表示文字に変更なし（体裁のみ）" in (desk.root / "build/2025-01/diff.html").read_text("utf-8")


def test_a_difference_is_shown_as_people_read_it(desk: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """By item, on screen and on a page; without one the command ends well."""
    approve(desk, "2025-01", BOSS)
    assert enews(desk.root, "diff", "2025-01") == 0
    assert "変更はありません" in capsys.readouterr().out
    change(desk, "定員は40人です。", "定員は**50人**です。\n\n追加の段落です。")
    assert enews(desk.root, "diff", "2025-01") == 1
    printed = capsys.readouterr().out
    assert (
        "・1-1（本文）\n　前：定員は［40］人です。\n　後：定員は［50］人です。\n・1-1（本文）\n　加わりました：追加の段落です。" in printed
    )
    page = (desk.root / "build/2025-01/diff.html").read_text("utf-8")
    assert "定員は<del>40</del>人です。" in page
    assert "定員は<ins>50</ins>人です。" in page
    assert "**" not in printed


def test_there_is_nothing_to_compare_with_yet(desk: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """The message shows where to begin; after a request its text is the other side."""
    assert enews(desk.root, "diff", "2025-01") == 1
    assert "enews request 2025-01" in capsys.readouterr().err
    request(desk, "2025-01", at=AT)
    change(desk, "40人", "50人")
    assert enews(desk.root, "diff", "2025-01") == 1
    assert "前にお願いした内容" in capsys.readouterr().out


def test_an_export_says_whether_it_is_approved(desk: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    """An unapproved one is written too, under the same names, and calls itself a draft; so does one that was changed since."""
    assert enews(desk.root, "export", "2025-01") == 0
    assert "承認：下書き（未承認）" in capsys.readouterr().out
    files = sorted((desk.root / "build/2025-01/export-generic").iterdir())
    assert "2025-01.html" in [path.name for path in files]
    approve(desk, "2025-01", BOSS)
    assert enews(desk.root, "export", "2025-01", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["approved"] is True
    assert answer["standing"] == f"承認済（見本 花子、確認番号 {number_of(desk)}）"
    assert sorted((desk.root / "build/2025-01/export-generic").iterdir()) == files
    change(desk, "40人", "50人")
    assert export(desk, "2025-01").standing == "下書き（未承認：承認後に変更あり）"
    assert enews(desk.root, "export", "2025-01", "--json") == 0
    assert json.loads(capsys.readouterr().out)["approved"] is False
