"""Verdicts on what comes back: the forms of servers, of complaints and of people, and mails that were made to deceive or to harm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.delivery.bounces import Kind, judge
from pipeline.delivery.causes import Cause, cause_of
from pipeline.delivery.outgoing import BOUNCE, UNSUBSCRIBE
from pipeline.delivery.tokens import Ticket, issue_token
from tests.delivery.returns import (
    Sent,
    complaint,
    eml,
    exchange,
    ezweb_filter,
    gmail,
    qmail,
    reply,
    report,
    sendmail,
)
from tests.delivery.test_outgoing import READER, SECRET, post

TICKET = Ticket(reader=7, slug="2025-01")
OTHER = "b+2025-01.8.aaaaaaaaaaaaaaaaaaaa@example.jp"  # a return path that nobody ever signed


def sent() -> Sent:
    """The mail of the reader of these tests."""
    message, envelope = post().compose(READER)
    return Sent.of(message, envelope.sender, READER.address)


FORMS: dict[str, tuple[Callable[[Sent], bytes], Kind, str]] = {
    "Postfix": (report, Kind.DEAD, "5.1.1"),
    "Postfix, mailbox full": (lambda one: report(one, status="5.2.2", words="552 5.2.2 Mailbox full"), Kind.SOFT, "5.2.2"),
    "Postfix, gave up after days": (
        lambda one: report(one, status="4.4.1", words="connect to mx[192.0.2.1]:25: timed out"),
        Kind.SOFT,
        "4.4.1",
    ),
    "Postfix, still trying": (lambda one: report(one, action="delayed", status="4.4.1"), Kind.NOTICE, ""),
    "Postfix, arrived": (lambda one: report(one, action="delivered", status="2.0.0", words="250 ok"), Kind.NOTICE, ""),
    "Postfix, a name that nobody can look up": (
        lambda one: report(one, status="5.1.2", words="550 5.1.2 <{address}>: Recipient address rejected: Domain not found"),
        Kind.SOFT,
        "5.1.2",
    ),
    "Postfix, our own address is not liked": (
        lambda one: report(one, status="5.0.0", words="550 <b@example.jp>: Sender address rejected: User unknown"),
        Kind.BLOCKED,
        "5.0.0",
    ),
    "Postfix, no status": (lambda one: report(one, status="", words="550 No such user here"), Kind.DEAD, ""),
    "Postfix, full under the wrong code": (lambda one: report(one, words="552 5.1.1 mailbox full, over quota"), Kind.SOFT, "5.1.1"),
    "Postfix, docomo at RCPT": (
        lambda one: report(one, status="5.0.0", words="550 Unknown user {address}", remote="mfsmax.docomo.ne.jp"),
        Kind.DEAD,
        "5.0.0",
    ),
    "Postfix, docomo's domain filter": (
        lambda one: report(
            one,
            status="5.0.0",
            words="550 Unknown user {address}",
            remote="mfsmax.docomo.ne.jp",
            text="<x>: host mfsmax.docomo.ne.jp[192.0.2.1] said: 550 Unknown user (in reply to end of DATA command)",
        ),
        Kind.FILTERED,
        "5.0.0",
    ),
    "sendmail, docomo unknown": (lambda one: sendmail(one, status="5.1.1", words="550 Unknown user x"), Kind.DEAD, "5.1.1"),
    "sendmail, docomo's domain filter": (
        lambda one: sendmail(one, status="5.2.0", words="550 Unknown user x", after_data=True),
        Kind.FILTERED,
        "5.2.0",
    ),
    "sendmail, SoftBank": (
        lambda one: sendmail(one, status="5.1.1", words=f"550 Invalid recipient: <{one.address}>", remote="mx.softbank.ne.jp"),
        Kind.DEAD,
        "5.1.1",
    ),
    "sendmail, blocked, its own 5.1.1 in the transcript": (
        lambda one: sendmail(one, status="5.7.606", words="550 5.7.606 Access denied, banned sending IP", remote="mx.example.com"),
        Kind.BLOCKED,
        "5.7.606",
    ),
    "au, unknown": (
        lambda one: report(one, status="5.1.1", words="550 <{address}>: User unknown", remote="msmx.au.com"),
        Kind.DEAD,
        "5.1.1",
    ),
    "au, filter": (lambda one: report(one, status="5.0.0", words="550 : User unknown", remote="lsean.ezweb.ne.jp"), Kind.FILTERED, "5.0.0"),
    "au, filter as text": (ezweb_filter, Kind.FILTERED, ""),
    "Exchange": (
        lambda one: exchange(one, status="5.1.10", words="550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP lookup"),
        Kind.DEAD,
        "5.1.10",
    ),
    "Exchange at the edge": (
        lambda one: exchange(one, status="5.4.1", words="550 5.4.1 Recipient address rejected: Access denied. AS(201806281)"),
        Kind.DEAD,
        "5.4.1",
    ),
    "Exchange, no answer": (lambda one: exchange(one, status="5.4.1", words="550 5.4.1 No answer from host"), Kind.SOFT, "5.4.1"),
    "Exchange, a closed group": (
        lambda one: exchange(one, status="5.7.133", words="550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup"),
        Kind.FILTERED,
        "5.7.133",
    ),
    "Exchange, we are refused": (
        lambda one: exchange(one, status="5.7.511", words="550 5.7.511 Access denied, banned sender"),
        Kind.BLOCKED,
        "5.7.511",
    ),
    "Exchange, our address is at fault": (
        lambda one: exchange(one, status="5.1.8", words="550 5.1.8 Access denied, bad outbound sender"),
        Kind.BLOCKED,
        "5.1.8",
    ),
    "Gmail": (lambda one: gmail(one, words="550 5.1.1 The email account that you tried to reach does not exist."), Kind.DEAD, "5.1.1"),
    "Gmail, unauthenticated": (
        lambda one: gmail(one, words="550 5.7.26 This mail has been blocked because the sender is unauthenticated."),
        Kind.BLOCKED,
        "5.7.26",
    ),
    "qmail": (qmail, Kind.DEAD, "5.1.1"),
    "qmail, silent": (lambda one: qmail(one, words="I couldn't find any host by that name. (#4.1.2)"), Kind.SOFT, "4.1.2"),
    "complaint": (complaint, Kind.COMPLAINT, ""),
    "no complaint": (lambda one: complaint(one, kind="not-spam"), Kind.NOTICE, ""),
    "DMARC's report": (lambda one: complaint(one, kind="auth-failure"), Kind.NOTICE, ""),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_understood(form: str) -> None:
    """Each server's way of saying it comes to its kind and code, and the mail is the reader's by a token."""
    make, kind, status = FORMS[form]
    verdict = judge(make(sent()), secret=SECRET)
    assert (verdict.kind, verdict.status, verdict.ticket) == (kind, status, TICKET)
    assert verdict.for_reader(READER.address).kind is kind


@pytest.mark.parametrize("form", ["Postfix", "qmail", "Gmail", "Exchange", "complaint"])
def test_the_returned_mail_says_whose_it_was(form: str) -> None:
    """Where the return path was rewritten on the way, our own Message-ID in the returned mail tells the reader."""
    one = sent()
    data = FORMS[form][0](replace(one, return_path="enews@example.jp"))
    assert judge(data, secret=SECRET).ticket == TICKET
    without = data.replace(b"Message-ID: <2025-01.7", b"Message-ID: <2025-01.9")
    assert judge(without, secret=SECRET).ticket == TICKET, "List-Unsubscribe tells it too"
    forged = without.replace(b"2025-01.7.", b"2025-01.8.")
    assert judge(forged, secret=SECRET).ticket is None


def test_a_bounce_that_nobody_signed_is_nobodys() -> None:
    """Forged tokens, tokens for another purpose and an address without a token make no reader; the address is told."""
    one = sent()
    foreign = issue_token(TICKET, purpose=BOUNCE, secret=b"another desk's key")
    unsubscribe = issue_token(TICKET, purpose=UNSUBSCRIBE, secret=SECRET)
    for path in (OTHER, f"b+{foreign}@example.jp", f"b+{unsubscribe}@example.jp", "enews@example.jp"):
        verdict = judge(report(replace(one, return_path=path), copy=False), secret=SECRET)
        assert (verdict.kind, verdict.ticket, verdict.addresses) == (Kind.DEAD, None, (READER.address,))


def test_tokens_of_two_readers_are_nobodys() -> None:
    """A mail to two return paths does not say whose it is."""
    two = issue_token(Ticket(reader=8, slug="2025-01"), purpose=BOUNCE, secret=SECRET)
    one = sent()
    assert judge(report(one, to=f"{one.return_path}, b+{two}@example.jp", copy=False), secret=SECRET).ticket is None


@pytest.mark.parametrize(
    ("final", "kind"),
    [
        ("hanako@city.example.jp", Kind.DEAD),
        ("HANAKO@mail.city.example.jp", Kind.DEAD),
        ("tantou3@city.example.jp", Kind.FORWARDED),
        ("hanako.m@example.net", Kind.FORWARDED),
    ],
)
def test_a_dead_forward_is_not_a_dead_reader(final: str, kind: Kind) -> None:
    """One of those behind a role address has left: the address itself is alive."""
    verdict = judge(report(sent(), final=final), secret=SECRET)
    assert verdict.for_reader(READER.address).kind is kind


def test_the_readers_own_failure_is_chosen_among_several() -> None:
    """A report on three recipients: the one that is the reader's counts."""
    blocks = b"".join(
        b"Final-Recipient: rfc822; %b\r\nAction: failed\r\nStatus: %b\r\n\r\n" % pair
        for pair in ((b"a@example.com", b"5.1.1"), (READER.address.encode(), b"5.2.2"), (b"c@example.com", b"5.1.1"))
    )
    data = report(sent())
    start, end = (
        data.index(b"Final-Recipient"),
        data.index(b"\r\n--4XyZ1c0Kb1.1738541520/mx.example.net\r\nContent-Description: Undelivered"),
    )
    verdict = judge(data[:start] + blocks + data[end:], secret=SECRET)
    assert len(verdict.failures) == 3
    assert (verdict.for_reader(READER.address).kind, verdict.for_reader(READER.address).status) == (Kind.SOFT, "5.2.2")


UNSUBSCRIBE_SUBJECT = f"unsubscribe {issue_token(TICKET, purpose=UNSUBSCRIBE, secret=SECRET)}"
OUR_ISSUE = "━━━━━━━━━━\nイクレイ日本e-News　2025年1月号\n■配信停止・登録内容の変更\n次のページでお手続きください。"
REPLIES = {
    "the mail that List-Unsubscribe asks for": (UNSUBSCRIBE_SUBJECT, "", (), Kind.LEAVE),
    "the same, by a machine": (UNSUBSCRIBE_SUBJECT, "", ("Auto-Submitted: auto-generated",), Kind.LEAVE),
    "the same, forged": (f"unsubscribe 2025-01.7.{'a' * 20}", "", (), Kind.WISH),
    "the subject that our footer asks for": ("配信停止", "", (), Kind.WISH),
    "a polite reply": ("Re: イクレイ日本e-News 2025年1月号", "お世話になっております。\n今後の配信は停止してください。", (), Kind.WISH),
    "a plain reply": ("Re: イクレイ日本e-News 2025年1月号", "お世話になっております。\n配信停止をお願いいたします。", (), Kind.WISH),
    "full width": ("ＵＮＳＵＢＳＣＲＩＢＥ", "", (), Kind.WISH),
    "only our own words, quoted": (
        "Re: イクレイ日本e-News 2025年1月号",
        "ありがとうございました。\n\n> " + OUR_ISSUE.replace("\n", "\n> "),
        (),
        Kind.OTHER,
    ),
    "only our own words, below a line": (
        "RE: イクレイ日本e-News",
        "承知しました。\n\n-----Original Message-----\nFrom: enews@example.jp\nSent: 金曜\nTo: x\nSubject: y\n\n" + OUR_ISSUE,
        (),
        Kind.OTHER,
    ),
    "only our own words, as they are": ("Fwd: e-News", OUR_ISSUE, (), Kind.OTHER),
    "absent": ("自動応答: イクレイ日本e-News", "2月10日まで不在にしております。", ("Auto-Submitted: auto-replied",), Kind.AUTO),
    "absent, without a header": ("不在のお知らせ", "出張中です。", (), Kind.AUTO),
    "absent, in English": ("Automatic reply: e-News", "I am out of the office.", ("X-Auto-Response-Suppress: All",), Kind.AUTO),
    "absent, and speaks of 配信停止": ("自動応答: x", "配信停止のご連絡は総務課へ。", ("Auto-Submitted: auto-replied",), Kind.AUTO),
    "moved, by a machine": (
        "自動応答: e-News",
        "4月1日付けで人事異動しました。後任は tarou@city.example.jp です。",
        ("Auto-Submitted: auto-replied",),
        Kind.MOVED,
    ),
    "moved": ("異動のお知らせ", "このたび退職いたしました。", (), Kind.MOVED),
    "moved, and wants no more": ("退職のお知らせ", "つきましては配信停止をお願いします。", (), Kind.WISH),
    "read": ("ご質問", "来月の締切はいつですか。", (), Kind.OTHER),
}


@pytest.mark.parametrize("case", REPLIES)
def test_what_people_and_their_machines_answer(case: str) -> None:
    """Wishes are found in the subject and the first lines; what is quoted, and what machines write, is none."""
    subject, body, headers, kind = REPLIES[case]
    verdict = judge(reply(sent(), subject=subject, body=body, headers=headers), secret=SECRET)
    assert verdict.kind is kind
    assert (verdict.ticket == TICKET) is (kind is Kind.LEAVE)


def test_a_reply_in_any_charset_is_read() -> None:
    """ISO-2022-JP, Shift_JIS and HTML alone, with the original below."""
    jis = eml("From: x@example.com", "To: enews@example.jp", "Subject: =?ISO-2022-JP?B?GyRCR1s/LkRkO18bKEI=?=", "", "x")
    assert judge(jis, secret=SECRET).kind is Kind.WISH
    body = "配信停止をお願いします。".encode("cp932")
    sjis = b"From: x@example.com\r\nSubject: Re: news\r\nContent-Type: text/plain; charset=Shift_JIS\r\n\r\n" + body
    assert judge(sjis, secret=SECRET).kind is Kind.WISH
    page = "<html><head><style>p{}</style></head><body><p>不要です</p><p>配信停止<b>希望</b></p><blockquote>" + OUR_ISSUE + "</blockquote>"
    html = b"From: x@example.com\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()
    assert judge(html, secret=SECRET).kind is Kind.WISH
    quoted = b"From: x@example.com\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>OK</p><blockquote>" + "配信停止".encode()
    assert judge(quoted, secret=SECRET).kind is Kind.OTHER


def test_the_successor_is_named() -> None:
    """The addresses in the first lines stand behind the sender's."""
    data = reply(sent(), subject="担当者変更のお知らせ", body="後任は tarou@city.example.jp です。\n> z@example.com")
    assert judge(data, secret=SECRET).addresses == (READER.address, "tarou@city.example.jp")


def deep(levels: int) -> bytes:
    """Multiparts in each other."""
    opening = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (level, level) for level in range(levels))
    return b"From: MAILER-DAEMON@example.com\r\nSubject: failure notice\r\n" + opening + b"\r\nuser unknown\r\n"


HOSTILE = {
    "nothing": b"",
    "no header": b"\r\n\r\n\xff\xfe",
    "200 deep": deep(200),
    "3,000 deep": deep(3000),
    "50 deep, and a million lines": deep(50) + b"\r\n" * 1_000_000,
    "10 MB on one line": b"Subject: " + b"x" * 10_000_000,
    "10 MB of recipients": b"From: MAILER-DAEMON@example.com\r\nSubject: failure notice\r\n\r\n" + b"<a@example.com>:\r\n" * 500_000,
    "100,000 headers": b"To: a@example.com\r\n" * 100_000 + b"\r\n",
    "brackets without an end": b"Content-Type: text/html\r\n\r\n" + b"<style" * 100_000,
    "a charset that is none": b"Subject: =?x-none?B?////?= =?utf-8?Q?=ZZ?=\r\nContent-Type: text/plain; charset=rot13\r\n\r\nunsubscribe",
    "base64 that is none": b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
    "dates that are none": b"Date: Thu, 99 Foo 99999 99:99:99 +9999\r\nFrom: x@example.com\r\n\r\n",
    "a report without a boundary": b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\nFinal-Recipient: rfc822; a@example.com",
    "a boundary in a charset": b"Content-Type: multipart/report; boundary*=utf-7''%00%00\r\n\r\n--\x00\x00\r\n",
    "a status in base64": b"Content-Type: message/delivery-status\r\nContent-Transfer-Encoding: base64\r\n\r\nRmluYWwtUmVjaXBpZW50OiBh",
    "100,000 lines that look like headers": b"From: MAILER-DAEMON@example.com\r\n\r\n" + b"\r\nReceived: x\r\n" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_does_no_harm(name: str) -> None:
    """Whatever it is made of, it is read to an end, and is nobody's."""
    assert judge(HOSTILE[name], secret=SECRET).ticket is None


def test_nothing_of_a_mail_can_move_the_cursor() -> None:
    """Escapes and directions of writing are gone from the words that are shown."""
    data = reply(sent(), subject="配信停止 \x1b[2J\x07", body="配信停止\x1b]0;x\x07\u202e", sender='"\x1b[31m" <x@example.com>')
    verdict = judge(data, secret=SECRET)
    assert verdict.kind is Kind.WISH
    assert not set("\x1b\x07\u202e") & set(verdict.words + "".join(verdict.addresses))


@given(st.binary(max_size=2000), st.integers(0, 4000), st.sampled_from(sorted(FORMS)))
@settings(max_examples=150, deadline=None)
def test_a_broken_mail_never_raises_and_never_changes_its_reader(noise: bytes, place: int, form: str) -> None:
    """Bytes put anywhere into a bounce: there is a verdict, and the reader is the right one or none."""
    data = FORMS[form][0](sent())
    verdict = judge(data[:place] + noise + data[place:], secret=SECRET)
    assert verdict.ticket in (TICKET, None)
    verdict.for_reader(READER.address)


@given(st.text(max_size=300), st.text(max_size=20), st.text(max_size=100), st.text(max_size=300))
def test_a_cause_is_always_found(words: str, status: str, where: str, context: str) -> None:
    """Any words of a server come to one of the four causes."""
    assert cause_of(status, words, where=where, context=context) in Cause


def test_a_carrier_in_doubt_is_not_dead() -> None:
    """The words "unknown user" of docomo without the step at which it was said may be a filter."""
    assert cause_of("5.0.0", "550 Unknown user x", where="mfsmax.docomo.ne.jp") is Cause.SOFT
    assert cause_of("5.0.0", "550 Unknown user x", where="mx.example.com") is Cause.DEAD
