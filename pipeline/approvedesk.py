"""The desk's jobs around an approval: asking for it, keeping what was approved, and showing what has moved since.

A job reads, lets the rooms decide, writes, and returns a record; it never prints and never asks. The time and who may still approve come from
the door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.delivery.approval import VIA, Approval, Approved, has_approved, read_approved, write_approved
from pipeline.delivery.difference import Change, Difference, differences, pieces
from pipeline.delivery.frozen import Frozen
from pipeline.delivery.requests import issue_of, keep_text, kept_text, last_asked, plain_code
from pipeline.desk import Checked, Workspace, check, frozen_of
from pipeline.errors import ApprovalError
from pipeline.export.approvalmail import Letter, Row, compose_letter, compose_page
from pipeline.model import Finding, Severity, japanese_date

if TYPE_CHECKING:
    from pipeline.delivery.verify import Verified
    from pipeline.proofdesk import Proof

MOST = 30  # changes and findings that a mail tells; the papers tell all
SAID = 10  # changes that a refusal tells


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What has moved since a text that somebody saw; ``since`` says which one that was."""

    checked: Checked
    before: Frozen
    after: Frozen
    since: str
    difference: Difference
    page: Path

    @property
    def rows(self) -> tuple[Row, ...]:
        """The changes as people read them."""
        return rows_of(self.difference)


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """What was written for a request; ``since`` is "" for the first one."""

    checked: Checked
    number: str
    since: str
    difference: Difference | None
    mail: Path
    text: Path
    subject: str


def request(workspace: Workspace, slug: str, *, at: str, to: str = "") -> Requested:
    """Write ``request.eml`` and ``request.txt`` with the 確認番号 of the text as it is now. ``ApprovalError`` while 要修正 is left."""
    from pipeline.export.folder import write_bytes, write_text
    from pipeline.proofdesk import proof

    made = proof(workspace, slug)
    made = replace(made, checked=replace(made.checked, findings=_without_approval(made.checked.findings)))
    _refuse_errors(made.checked, "承認のお願いを作っていません")
    before, since = _seen(workspace.root, slug, but=made.number)
    difference = differences(before, made.frozen) if before else None
    letter = _letter(workspace, made, before=before, since=since, to=to)
    keep_text(workspace.root, made.frozen, at=at, asked=True)
    out = workspace.root / "build" / slug
    return Requested(
        checked=made.checked,
        number=made.number,
        since=since,
        difference=difference,
        mail=write_bytes(out / "request.eml", compose_letter(letter, workspace.masthead, at=at)),
        text=write_text(out / "request.txt", f"件名：{letter.subject}\n\n{letter.text}"),
        subject=letter.subject,
    )


def _without_approval(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What an approver must decide on: that an approval is void is what is being mended."""
    return tuple(finding for finding in findings if not finding.code.startswith("APPR"))


def _letter(workspace: Workspace, made: Proof, *, before: Frozen | None, since: str, to: str) -> Letter:
    """The mail that asks, with its papers."""
    issue, frozen = made.checked.issue, made.frozen
    difference = differences(before, frozen) if before else None
    subject = f"【承認のお願い】{issue.title}（確認番号 {frozen.number}）"
    stem = f"{issue.slug}-{frozen.number}.html"
    papers = {f"proof-{stem}": made.sheet.read_text("utf-8")}
    told = [(f"proof-{stem}", "校正紙（本文の全文と写真。ブラウザで開きます）")]
    if before and difference and difference.moved:
        papers[f"changes-{stem}"] = _page(workspace, made.checked, before, frozen, since=since)
        told.append((f"changes-{stem}", "変更箇所"))
    words = {
        "issue": issue,
        "masthead": workspace.masthead,
        "frozen": frozen,
        "number": frozen.number,
        "subject": subject,
        "audience": frozen.audience or "読者全員",
        "sections": [section for section in issue.sections if section.articles],
        "since": f"{since}からの変更" if since else "",
        "summary": difference.summary if difference else "",
        "rows": rows_of(difference) if difference else (),
        "findings": made.checked.findings,
        "waived": made.checked.waived,
        "papers": told,
        "most": MOST,
    }
    text, html = (compose_page(f"request.{kind}.j2", workspace.templates, **words) for kind in ("txt", "html"))
    return Letter(subject=subject, text=text, html=html, to=to, papers=papers)


def approve(
    workspace: Workspace, slug: str, approval: Approval, *, begun: Callable[[str], str] = lambda _slug: ""
) -> tuple[Checked, Approved]:
    """Freeze the text as it is now. ``begun`` tells the digest of the send of an issue, "" if it has not begun.

    ``ApprovalError``: 要修正 is left, the text is not the one of the code, or its send has begun.
    """
    approval = _proper(approval)
    checked = check(workspace, slug)
    _refuse_errors(checked, "承認していません")
    frozen = frozen_of(workspace, checked.issue, checked.email)
    if approval.code and approval.code != frozen.number:
        raise _moved(workspace, approval.code, frozen)
    _refuse_begun(workspace, frozen, begun(slug))
    write_approved(workspace.root / "issues" / slug, frozen, approval)
    return checked, read_approved(workspace.root, slug)


def _proper(approval: Approval) -> Approval:
    """An approval with a name on one line and a code as we write it."""
    by = " ".join(approval.by.split())
    if not by or not by.isprintable():
        raise ApprovalError("承認した方のお名前を、--by で指定してください（例：--by 見本花子）。")
    if approval.via not in VIA:
        raise ApprovalError(f"--via は {'・'.join(VIA)} のどれかにしてください。")
    return replace(approval, by=by, code=plain_code(approval.code) if approval.code else "")


def _refuse_errors(checked: Checked, what: str) -> None:
    errors = [finding for finding in checked.findings if finding.severity is Severity.ERROR]
    if errors:
        slug, first = checked.issue.slug, errors[0]
        raise ApprovalError(
            f"{slug} には要修正の指摘が {len(errors)}件あるため、{what}（{first.place or ''} {first.code} {first.message}"
            f"{' ほか' if len(errors) > 1 else ''}）。「enews check {slug}」で確かめて直してください。"
        )


def _moved(workspace: Workspace, code: str, frozen: Frozen) -> ApprovalError:
    """Why a 確認番号 is not that of the text: what moved since, as far as that was kept."""
    slug, known = frozen.slug, kept_text(workspace.root, frozen.slug, code)
    other = issue_of(workspace.root, code)
    if known:
        found = differences(known, frozen)
        rows = rows_of(found)
        lines = [line for row in rows[:SAID] for line in row.lines()] + ([f"ほか {len(rows) - SAID}か所"] if len(rows) > SAID else [])
        return ApprovalError(
            "\n".join(
                [
                    f"承認していません。確認番号 {code} の後で内容が変わり、今の確認番号は {frozen.number} です。{found.summary}",
                    *lines,
                    f"このままでよければ「enews request {slug}」で承認をもう一度お願いし、よくなければ原稿を元に戻してください。",
                ]
            )
        )
    if other:
        return ApprovalError(f"承認していません。確認番号 {code} は {other} のものです（{slug} の今の確認番号は {frozen.number} です）。")
    return ApprovalError(
        f"承認していません。確認番号 {code} は、{slug} の今の内容のもの（{frozen.number}）ではなく、控えもありません。"
        f"番号の打ち間違いでなければ、「enews request {slug}」で承認をもう一度お願いしてください。"
    )


def _refuse_begun(workspace: Workspace, frozen: Frozen, digest: str) -> None:
    """What readers have begun to get is what was approved; only a lost or damaged copy of that very text may be laid anew."""
    if not digest:
        return
    if digest == frozen.digest:
        try:
            read_approved(workspace.root, frozen.slug)
        except ApprovalError:
            return
    raise ApprovalError(
        f"{frozen.slug} は、もう配信が始まっています（配信した内容の確認番号 {digest[:4].upper()}-{digest[4:6].upper()}）。"
        "承認し直すことはできません。間違いが見つかったときは、訂正としてお知らせください（手引きの「訂正」）。"
    )


def begun_in(workspace: Workspace) -> Callable[[str], str]:
    """What tells whether an issue's send has begun: the ledger of this desk, if it has one. ``StoreError`` if that cannot be trusted."""
    from pipeline.delivery.ledger import Ledger
    from pipeline.delivery.store import open_store, store_path

    def begun(slug: str) -> str:
        if not store_path(workspace.root).exists():
            return ""
        with open_store(workspace.root, create=False) as store:
            send = Ledger(store=store, slug=slug, now=lambda: "").send()
            return send.digest if send else ""

    return begun


def diff(workspace: Workspace, slug: str) -> Compared:
    """The text as it is now beside the approved one, else beside that of the last request; writes ``diff.html``."""
    from pipeline.export.folder import write_text

    checked = check(workspace, slug)
    frozen = frozen_of(workspace, checked.issue, checked.email)
    before, since = _seen(workspace.root, slug)
    if before is None:
        raise ApprovalError(
            f"{slug} は、まだ承認もお願いもされていません。比べる相手がないので、「enews request {slug}」から始めてください。"
        )
    page = workspace.root / "build" / slug / "diff.html"
    return Compared(
        checked=checked,
        before=before,
        after=frozen,
        since=since,
        difference=differences(before, frozen),
        page=write_text(page, _page(workspace, checked, before, frozen, since=since)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A received mail held against what was approved; ``against`` says whether that was the approved text or, without one, the text of now."""

    frozen: Frozen
    against: str
    verified: Verified

    @property
    def rows(self) -> tuple[Row, ...]:
        """Where they differ, as people read it."""
        return tuple(_row(change) for change in self.verified.changes)


def verify(workspace: Workspace, slug: str, file: Path) -> Held:
    """Hold a received ``.eml`` against the approved text. ``ApprovalError`` if it is no mail, or if what was approved was touched."""
    from pipeline.delivery.received import LARGEST, parse_received
    from pipeline.delivery.verify import verify as held_against

    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        raise ApprovalError(f"{file} を読めません（{error.strerror}）。ファイルの場所と名前を確かめてください。") from None
    if has_approved(workspace.root, slug):
        frozen, against = read_approved(workspace.root, slug).frozen, "承認した内容"
    else:
        checked = check(workspace, slug)
        frozen, against = frozen_of(workspace, checked.issue, checked.email), "今の原稿（まだ承認されていません）"
    web_url = f"{workspace.masthead.web.base_url}/{slug}/"
    return Held(frozen=frozen, against=against, verified=held_against(frozen, parse_received(data), web_url=web_url))


def _page(workspace: Workspace, checked: Checked, before: Frozen, after: Frozen, *, since: str) -> str:
    difference = differences(before, after)
    words = {
        "issue": checked.issue,
        "number": after.number,
        "before": before,
        "since": since,
        "summary": difference.summary,
        "rows": rows_of(difference),
        "repeated": tuple(_row(change) for change in difference.repeated),
        "draft": checked.has_errors,
    }
    return compose_page("diff.html.j2", workspace.templates, **words)


def _seen(root: Path, slug: str, *, but: str = "") -> tuple[Frozen | None, str]:
    """The text that somebody saw last: the approved one, else that of the last request (not the one of the number ``but``), and its name."""
    if has_approved(root, slug):
        try:
            approved = read_approved(root, slug)
        except ApprovalError:
            pass
        else:
            return approved.frozen, f"{_day(approved.approval.at)}に{approved.approval.by}が承認した内容"
    asked = last_asked(root, slug, but=but)
    return (asked, f"前にお願いした内容（確認番号 {asked.number}）") if asked else (None, "")


def _day(at: str) -> str:
    from datetime import datetime

    try:
        return japanese_date(datetime.fromisoformat(at).date(), year=False)
    except ValueError:
        return ""


def rows_of(difference: Difference) -> tuple[Row, ...]:
    """The changes as people read them, those of the text edition that the HTML shows too left out."""
    return tuple(_row(change) for change in difference.changes)


def _row(change: Change) -> Row:
    before, after = pieces(change)
    return Row(part=change.part, label=change.label, before=before, after=after)
