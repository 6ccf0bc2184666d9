"""What comes back to the return address, written in the forms of the servers that write it: a reader's mail in, the bounce or the reply out.

The forms are real (Postfix, sendmail, qmail, Exchange, Gmail, docomo, au, SoftBank); every address and host is an example.
"""

from __future__ import annotations

from dataclasses import dataclass

DATE = "Mon, 03 Feb 2025 09:12:00 +0900"


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A mail that was sent: its headers as it left, the return path, the reader's address."""

    head: str
    return_path: str
    address: str

    @classmethod
    def of(cls, message: bytes, return_path: str, address: str) -> Sent:
        """From the bytes that were sent."""
        return cls(head=message.partition(b"\r\n\r\n")[0].decode("ascii").replace("\r\n", "\n"), return_path=return_path, address=address)


def eml(*lines: str) -> bytes:
    """A mail of lines, CRLF."""
    return ("\n".join(lines) + "\n").replace("\n", "\r\n").encode()


def report(
    sent: Sent,
    *,
    status: str = "5.1.1",
    words: str = "550 5.1.1 <{address}>: Recipient address rejected: User unknown in local recipient table",
    action: str = "failed",
    final: str = "",
    text: str = "",
    remote: str = "mx.example.com",
    to: str = "",
    copy: bool = True,
    sender: str = "MAILER-DAEMON@mx.example.net (Mail Delivery System)",
    subject: str = "Undelivered Mail Returned to Sender",
    auto: str = "auto-replied",
) -> bytes:
    """A delivery report as Postfix writes it (RFC 3464), and with other words as others do."""
    address = final or sent.address
    diagnostic = f"Diagnostic-Code: smtp; {words.format(address=address)}" if words else "X-Nothing: said"
    text = text or f"<{address}>: host {remote}[192.0.2.25] said: {words.format(address=address)} (in reply to RCPT TO command)"
    return eml(
        "Return-Path: <>",
        f"Delivered-To: {to or sent.return_path}",
        "Received: by mx.example.net (Postfix)",
        "\tid 4XyZ1c0Kb2; Mon,  3 Feb 2025 09:12:00 +0900 (JST)",
        f"Date: {DATE}",
        f"From: {sender}",
        f"Subject: {subject}",
        f"To: {to or sent.return_path}",
        f"Auto-Submitted: {auto}",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status;\n\tboundary="4XyZ1c0Kb1.1738541520/mx.example.net"',
        "Message-Id: <4XyZ1c0Kb2@mx.example.net>",
        "",
        "This is a MIME-encapsulated message.",
        "",
        "--4XyZ1c0Kb1.1738541520/mx.example.net",
        "Content-Description: Notification",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "This is the mail system at host mx.example.net.",
        "",
        "I'm sorry to have to inform you that your message could not",
        "be delivered to one or more recipients. It's attached below.",
        "",
        text,
        "",
        "--4XyZ1c0Kb1.1738541520/mx.example.net",
        "Content-Description: Delivery report",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example.net",
        "X-Postfix-Queue-ID: 4XyZ1c0Kb1",
        f"X-Postfix-Sender: rfc822; {sent.return_path}",
        "Arrival-Date: Mon,  3 Feb 2025 09:11:58 +0900 (JST)",
        "",
        f"Final-Recipient: rfc822; {address}",
        f"Original-Recipient: rfc822;{sent.address}",
        f"Action: {action}",
        f"Status: {status}",
        f"Remote-MTA: dns; {remote}",
        diagnostic,
        "",
        "--4XyZ1c0Kb1.1738541520/mx.example.net",
        *(("Content-Description: Undelivered Message Headers", "Content-Type: text/rfc822-headers", "", sent.head) if copy else ()),
        "",
        "--4XyZ1c0Kb1.1738541520/mx.example.net--",
    )


def exchange(sent: Sent, *, status: str, words: str) -> bytes:
    """A report of Exchange Online: no code in the fields but Status, a page of HTML before them."""
    return report(
        sent,
        status=status,
        words=words,
        sender="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.com>",
        subject="配信不能: イクレイ日本e-News 2025年1月号",
        auto="auto-replied",
        text="宛先に配信できませんでした。",
        remote="example-com.mail.protection.example.net",
    )


def gmail(sent: Sent, *, words: str) -> bytes:
    """A bounce of Gmail as text, with the failed address in a header and the mail below."""
    return eml(
        f"Delivered-To: {sent.return_path}",
        "Return-Path: <>",
        "From: Mail Delivery Subsystem <mailer-daemon@mail.example.net>",
        f"To: {sent.return_path}",
        "Auto-Submitted: auto-replied",
        f"X-Failed-Recipients: {sent.address}",
        "Subject: Delivery Status Notification (Failure)",
        f"Date: {DATE}",
        "Content-Type: text/plain; charset=UTF-8",
        "",
        "Delivery to the following recipient failed permanently:",
        "",
        f"     {sent.address}",
        "",
        "Technical details of permanent failure: ",
        "Google tried to deliver your message, but it was rejected by the server for the recipient domain example.com.",
        "",
        "The error that the other server returned was:",
        words,
        "",
        "----- Original message -----",
        "",
        sent.head,
        "",
        "本文",
    )


def qmail(sent: Sent, *, words: str = "Sorry, no mailbox here by that name. (#5.1.1)") -> bytes:
    """A bounce of qmail: text, and the mail below a line of its own."""
    return eml(
        "Return-Path: <>",
        f"Delivered-To: {sent.return_path}",
        "Received: (qmail 10000 invoked for bounce); 3 Feb 2025 00:12:00 -0000",
        "Date: 3 Feb 2025 00:12:00 -0000",
        "From: MAILER-DAEMON@mx4.example.net",
        f"To: {sent.return_path}",
        "Subject: failure notice",
        "",
        "Hi. This is the qmail-send program at mx4.example.net.",
        "I'm afraid I wasn't able to deliver your message to the following addresses.",
        "This is a permanent error; I've given up. Sorry it didn't work out.",
        "",
        f"<{sent.address}>:",
        words,
        "",
        "--- Below this line is a copy of the message.",
        "",
        f"Return-Path: <{sent.return_path}>",
        sent.head,
        "",
        "本文",
    )


def sendmail(sent: Sent, *, status: str, words: str, after_data: bool = False, remote: str = "mfsmax.docomo.ne.jp") -> bytes:
    """A report of sendmail with its transcript."""
    step = ">>> DATA" if after_data else f">>> RCPT To:<{sent.address}>"
    own = "554 5.0.0 Service unavailable" if after_data else f"550 5.1.1 <{sent.address}>... User unknown\n>>> DATA\n<<< 503 Bad sequence"
    text = (
        "   ----- The following addresses had permanent fatal errors -----\n"
        f"<{sent.address}>\n    (reason: {words})\n\n   ----- Transcript of session follows -----\n"
        f"... while talking to {remote}.:\n{step}\n<<< {words}\n{own}"
    )
    sender = "Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>"
    subject = "Returned mail: see transcript for details"
    return report(
        sent, status=status, words=words, text=text, remote=remote, sender=sender, subject=subject, auto="auto-generated (failure)"
    )


def ezweb_filter(sent: Sent) -> bytes:
    """What au sends when a reader takes mail from chosen domains only: no report, two lines."""
    return eml(
        "Return-Path: <>",
        f"Delivered-To: {sent.return_path}",
        "Received: from ezweb.ne.jp (wmflb12na02.ezweb.ne.jp [192.0.2.69])",
        "\tby mx1.example.jp with ESMTP id m87Ce7Ih030073; Mon, 3 Feb 2025 09:12:00 +0900",
        "From: <Postmaster@ezweb.example.jp>",
        f"To: <{sent.return_path}>",
        "Subject: Mail System Error - Returned Mail",
        "Content-Type: text/plain; charset=iso-2022-jp",
        f"Date: {DATE}",
        "",
        f"<{sent.address}>: 550 : User unknown",
        "",
        "Each of the following recipients was rejected by a remote mail server.",
        "---------------------------------------------------",
        sent.head,
    )


def complaint(sent: Sent, *, kind: str = "abuse", head: str | None = None, address: str = "redacted") -> bytes:
    """A complaint (RFC 5965): the reader's name is struck out, the mail's headers are there."""
    return eml(
        "From: <fbl@feedback.example.net>",
        "To: <abuse@example.jp>",
        "Subject: FW: Complaint",
        f"Date: {DATE}",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=feedback-report; boundary="part1"',
        "",
        "--part1",
        'Content-Type: text/plain; charset="US-ASCII"',
        "",
        "This is an email abuse report for an email message.",
        "",
        "--part1",
        "Content-Type: message/feedback-report",
        "",
        f"Feedback-Type: {kind}",
        "User-Agent: SomeGenerator/1.0",
        "Version: 1",
        f"Original-Rcpt-To: <{address}>",
        "",
        "--part1",
        "Content-Type: message/rfc822",
        "",
        sent.head if head is None else head,
        "",
        "本文",
        "--part1--",
    )


def reply(sent: Sent, *, subject: str, body: str, sender: str = "", to: str = "enews@example.jp", headers: tuple[str, ...] = ()) -> bytes:
    """An answer of a person or a machine, UTF-8."""
    return eml(
        f"From: {sender or sent.address}",
        f"To: {to}",
        f"Subject: {subject}",
        f"Date: {DATE}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        *headers,
        "",
        body,
    )
