"""Rules about the mail as a whole: an ``Email`` with neutral merge fields in, findings out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.config import MASTHEAD
from pipeline.model import Place, Severity
from pipeline.render.merge import fields_in, url_field


def size(sheet: Sheet) -> Iterator[Hit]:
    """Gmail cuts a mail off near 102 KB of HTML; Japanese takes three bytes a character."""
    limits = sheet.masthead.limits
    total = len(sheet.email.html.encode())
    if total < limits.html_warning:
        return
    severity = Severity.ERROR if total >= limits.html_error else Severity.WARNING
    largest = sorted(sheet.email.section_bytes, key=lambda entry: -entry[1])
    sections = "、".join(f"{title} {count:,}" for title, count in largest)
    message = f"HTMLが {total:,} バイトあります（{limits.html_error:,} バイトを超えるとGmailで途中から表示されません）。"
    hint = f"欄ごとの大きさ（バイト）：{sections}。大きい欄の記事を要約するか、次号に回してください。"
    yield Hit(message=message, hint=hint, place=sheet.issue.place, severity=severity)


def way_out(sheet: Sheet) -> Iterator[Hit]:
    """No way to stop, in either edition."""
    stop = url_field("unsubscribe")
    missing = [name for name, body in (("HTML", sheet.email.html), ("テキスト版", sheet.email.text)) if stop not in body]
    if missing:
        message = f"{'と'.join(missing)}に配信停止のリンクがありません。"
        hint = "templates/ の奥付に unsubscribe の差し込み項目を戻してください。"
        yield Hit(message=message, hint=hint, place=sheet.issue.place)


def postal_address(sheet: Sheet) -> Iterator[Hit]:
    """No postal address, in either edition."""
    address = sheet.masthead.sender.postal_address.strip()
    plain = re.sub(r"\s", "", re.sub(r"<[^<>]*>", "", sheet.email.html)), re.sub(r"\s", "", sheet.email.text)
    if not address or any(re.sub(r"\s", "", address) not in body for body in plain):
        message = "発行者の住所が、HTMLかテキスト版の奥付にありません。"
        hint = f"{MASTHEAD} の [sender] postal_address に住所を書いてください。"
        yield Hit(message=message, hint=hint, place=sheet.issue.place if address else Place(path=MASTHEAD))


def merge_fields(sheet: Sheet) -> Iterator[Hit]:
    """A merge field that the workspace's own dialect has no tag for."""
    dialect = sheet.masthead.dialect(sheet.masthead.web.dialect)
    known = {*(name for name, tag in dialect.tags.items() if tag), "view_online"}
    for name in dict.fromkeys(fields_in(sheet.email.subject) + fields_in(sheet.email.html) + fields_in(sheet.email.text)):
        if name not in known:
            message = f"差し込み項目「{name}」は、配信サービス別の書式「{dialect.name}」にありません。"
            hint = (
                f"使えるのは {'、'.join(sorted(known))} です。newsletter.toml の [[dialects]] か [web] に足すか、本文から外してください。"
            )
            yield Hit(message=message, hint=hint, place=sheet.issue.place)


def lead_line(sheet: Sheet) -> Iterator[Hit]:
    """No lead line (then the first titles stand in for it), or one longer than what the list of an inbox shows."""
    hint = "「導入文：今号：第4回イクレイカフェ報告／海外事例3件」のように、40字以内で書いてください。"
    written = next((entry.place(0) for entry in sheet.passages if entry.article is None and entry.key == "lead_line"), None)
    place = written or sheet.issue.place
    if written is None and sheet.issue.place.path and sheet.email.lead_line.strip():
        message = f"導入文が書かれていません（見出しから「{sheet.email.lead_line[:24]}」と作られます）。"
        yield Hit(message=message, hint=hint, place=place)
    elif not sheet.email.lead_line.strip():
        yield Hit(message="導入文がありません。", hint=hint, place=place)
    elif len(sheet.email.lead_line) > 40:
        message = f"導入文が {len(sheet.email.lead_line)} 字あります（40字まで）。"
        yield Hit(message=message, hint=hint, place=place)


_HEAD = "---\n版: monthly\n発行日: 2025-01-31\n件名: イクレイ日本e-News 2025年1月号｜第4回イクレイカフェ報告ほか\n導入文: {}\n---\n\n巻頭言です。\n"

RULES = (
    Rule(
        code="SIZE001",
        title="メールの大きさ",
        severity=Severity.ERROR,
        reason="Gmailは約102KBを超えたメールを途中で切り、配信停止の案内も見えなくなります。",
        source="Gmailの仕様（102KB）",
        bad="持続可能な都市の話です。\n\n" * 4000,
        good="持続可能な都市の話です。",
        find=size,
    ),
    Rule(
        code="FOOT001",
        title="配信停止の方法",
        severity=Severity.ERROR,
        reason="配信停止の方法は、すべてのメールに必要です。",
        source="特定電子メール法 4条（団体の広報でも準じます）",
        bad={"../../templates/monthly/email.txt.j2": "{{ issue.title }}\n"},
        good="本文です。",
        find=way_out,
    ),
    Rule(
        code="FOOT002",
        title="発行者の住所",
        severity=Severity.ERROR,
        reason="発行者の住所は、すべてのメールに必要です（特定電子メール法に準じます）。",
        source="特定電子メール法 4条（団体の広報でも準じます）",
        bad={"newsletter.toml": 'postal_address = "〒105-0003 東京都港区西新橋1-14-2" => postal_address = ""'},
        good="本文です。",
        find=postal_address,
    ),
    Rule(
        code="MERGE001",
        title="差し込み項目",
        severity=Severity.ERROR,
        reason="配信サービスにない差し込み項目は、読者にそのまま文字で届きます。",
        source="配信サービス別の書式",
        bad={"issue.md": _HEAD.format("今号：見本") + "\n[[nickname]]様\n"},
        good={"issue.md": _HEAD.format("今号：見本")},
        find=merge_fields,
    ),
    Rule(
        code="LEAD001",
        title="導入文",
        severity=Severity.WARNING,
        reason="導入文は、受信箱の一覧で件名の次に読まれる一行です。",
        source="主なメールソフトの一覧表示",
        bad={"issue.md": _HEAD.format("今号：第4回イクレイカフェの報告と、海外の事例3件と、2月から3月に開かれるイベントの案内です")},
        good={"issue.md": _HEAD.format("今号：第4回イクレイカフェ報告／海外事例3件")},
        find=lead_line,
    ),
)
