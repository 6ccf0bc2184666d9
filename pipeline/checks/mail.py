"""Rules about the mail as a whole: an ``Email`` with neutral merge fields in, findings out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.config import Masthead
from pipeline.model import Email, Finding, Issue, Severity
from pipeline.render.merge import fields_in, url_field


def size(issue: Issue, email: Email, masthead: Masthead) -> Iterator[Finding]:
    """SIZE001: Gmail cuts a mail off near 102 KB of HTML; Japanese takes three bytes a character."""
    limits = masthead.limits
    total = len(email.html.encode())
    if total < limits.html_warning:
        return
    severity = Severity.ERROR if total >= limits.html_error else Severity.WARNING
    largest = sorted(email.section_bytes, key=lambda entry: -entry[1])
    sections = "、".join(f"{title} {count:,}" for title, count in largest)
    message = f"HTMLが {total:,} バイトあります（{limits.html_error:,} バイトを超えるとGmailで途中から表示されません）。"
    hint = f"欄ごとの大きさ（バイト）：{sections}。大きい欄の記事を要約するか、次号に回してください。"
    yield Finding(code="SIZE001", severity=severity, message=message, hint=hint, place=issue.place)


def footer(issue: Issue, email: Email, masthead: Masthead) -> Iterator[Finding]:
    """FOOT001/FOOT002: no way to stop, or no postal address, in either edition (特定電子メール法 4条, followed as good practice)."""
    stop = url_field("unsubscribe")
    missing = [name for name, body in (("HTML", email.html), ("テキスト版", email.text)) if stop not in body]
    if missing:
        message = f"{'と'.join(missing)}に配信停止のリンクがありません。"
        hint = "templates/ の奥付に unsubscribe の差し込み項目を戻してください。"
        yield Finding(code="FOOT001", severity=Severity.ERROR, message=message, hint=hint, place=issue.place)
    address = masthead.sender.postal_address.strip()
    plain = re.sub(r"\s", "", re.sub(r"<[^>]*>", "", email.html)), re.sub(r"\s", "", email.text)
    if not address or any(re.sub(r"\s", "", address) not in body for body in plain):
        message = "発行者の住所が、HTMLかテキスト版の奥付にありません。"
        hint = "newsletter.toml の [sender] postal_address に住所を書いてください。"
        yield Finding(code="FOOT002", severity=Severity.ERROR, message=message, hint=hint, place=issue.place)


def merge_fields(issue: Issue, email: Email, masthead: Masthead) -> Iterator[Finding]:
    """MERGE001: a merge field that the workspace's own dialect has no tag for."""
    dialect = masthead.dialect(masthead.web.dialect)
    known = {*(name for name, tag in dialect.tags.items() if tag), "view_online"}
    for name in dict.fromkeys(fields_in(email.subject) + fields_in(email.html) + fields_in(email.text)):
        if name not in known:
            message = f"差し込み項目「{name}」は、配信サービス別の書式「{dialect.name}」にありません。"
            hint = (
                f"使えるのは {'、'.join(sorted(known))} です。newsletter.toml の [[dialects]] か [web] に足すか、本文から外してください。"
            )
            yield Finding(code="MERGE001", severity=Severity.ERROR, message=message, hint=hint, place=issue.place)


def lead_line(issue: Issue, email: Email, masthead: Masthead) -> Iterator[Finding]:
    """LEAD001: no lead line, or one longer than what the list of an inbox shows."""
    del masthead
    hint = "「導入文：今号：第4回イクレイカフェ報告／海外事例3件」のように、40字以内で書いてください。"
    if not email.lead_line.strip():
        yield Finding(code="LEAD001", severity=Severity.WARNING, message="導入文がありません。", hint=hint, place=issue.place)
    elif len(email.lead_line) > 40:
        message = f"導入文が {len(email.lead_line)} 字あります（40字まで）。"
        yield Finding(code="LEAD001", severity=Severity.WARNING, message=message, hint=hint, place=issue.place)
