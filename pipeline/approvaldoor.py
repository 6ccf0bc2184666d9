"""The leaf of the door for approvals (``enews request``, ``approve``, ``diff``, ``verify``): arguments in, printed lines and an exit code out.

It decides nothing by itself but what time it is.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.doorway import JSON, SLUG, Option, Run, now, print_json, shown, workspace_of

if TYPE_CHECKING:
    from pipeline.approvedesk import Compared


SHOWN = 60  # differences; nobody reads on


def run_request(arguments: argparse.Namespace) -> int:
    """``enews request``."""
    from pipeline import approvedesk, checkdesk, desk

    workspace = workspace_of(arguments)
    made = approvedesk.request(workspace, arguments.slug, at=now(), to=arguments.to)
    files = [shown(path, workspace.root) for path in (made.mail, made.text)]
    if arguments.json:
        findings = [desk.finding_row(finding) for finding in made.checked.findings]
        summary = made.difference.summary if made.difference else ""
        print_json(
            findings=findings, slug=arguments.slug, number=made.number, subject=made.subject, since=made.since, summary=summary, files=files
        )
        return 0
    print(f"{made.checked.issue.title}：承認のお願いを作りました。")
    print(f"  確認番号：{made.number}")
    if made.difference:
        print(f"  変更　　：{made.since}から。{made.difference.summary}")
    print(f"  指摘　　：{checkdesk.counts(made.checked)}")
    print(f"  メール　：{files[0]}（開いて、宛先を入れて送ってください。校正紙を添付してあります）")
    print(f"  文面だけ：{files[1]}（いつものメールソフトに貼り付けるときは、build の校正紙 proof.html も添付してください）")
    print(f"お返事が来たら「enews approve {arguments.slug} --by 氏名 --code {made.number}」としてください。")
    return 0


def run_approve(arguments: argparse.Namespace) -> int:
    """``enews approve``."""
    from dataclasses import asdict

    from pipeline import approvedesk, desk
    from pipeline.delivery.approval import Approval

    workspace = workspace_of(arguments)
    approval = Approval(by=arguments.by, at=now(), via=arguments.via, deputy=arguments.deputy, code=arguments.code)
    checked, approved = approvedesk.approve(workspace, arguments.slug, approval, begun=approvedesk.begun_in(workspace))
    frozen, said = approved.frozen, approved.approval
    if arguments.json:
        findings = [desk.finding_row(finding) for finding in checked.findings]
        print_json(findings=findings, slug=arguments.slug, digest=frozen.digest, number=frozen.number, approval=asdict(said))
        return 0
    print(f"{checked.issue.title}：承認済　確認番号 {frozen.number}")
    print(f"  承認　：{said.by}{'（代決）' if said.deputy else ''}、{said.via}、{said.at.replace('T', ' ')[:16]}")
    print(f"  件名　：{frozen.subject}")
    if said.via == "メール" and not said.code:
        print(f"  番号　：お返事の番号が {frozen.number} かどうか、見比べてください（--code で渡すと、違うときに断ります）")
    print(f"  凍結　：issues/{arguments.slug}/approved/（この後で原稿を直すと、承認は無効になります）")
    return 0


def run_diff(arguments: argparse.Namespace) -> int:
    """``enews diff``."""
    from pipeline import approvedesk

    workspace = workspace_of(arguments)
    compared = approvedesk.diff(workspace, arguments.slug)
    if arguments.json:
        _print_compared(compared, shown(compared.page, workspace.root))
        return int(compared.difference.moved)
    print(f"{compared.checked.issue.title}：{compared.since}と、今の原稿を比べました。")
    print(
        f"  確認番号：{compared.before.number} → {compared.after.number}"
        if compared.difference.moved
        else f"  確認番号：{compared.after.number}"
    )
    print(compared.difference.summary)
    for row in compared.rows:
        print(*row.lines(), sep="\n")
    if compared.difference.repeated:
        print(f"テキスト版も、同じところが変わりました（{len(compared.difference.repeated)}か所）。")
    if compared.difference.moved:
        print(f"変更箇所を色で見るには、{shown(compared.page, workspace.root)} をブラウザで開いてください。")
    return int(compared.difference.moved)


def _print_compared(compared: Compared, page: str) -> None:
    from dataclasses import asdict

    from pipeline import desk

    difference = compared.difference
    print_json(
        findings=[desk.finding_row(finding) for finding in compared.checked.findings],
        slug=compared.checked.issue.slug,
        since=compared.since,
        before=compared.before.number,
        after=compared.after.number,
        moved=difference.moved,
        markup_only=difference.markup_only,
        summary=difference.summary,
        changes=[asdict(change) for change in (*difference.changes, *difference.repeated)],
        page=page,
    )


def run_verify(arguments: argparse.Namespace) -> int:
    """``enews verify``."""
    from dataclasses import asdict

    from pipeline import approvedesk

    held = approvedesk.verify(workspace_of(arguments), arguments.slug, arguments.file)
    verified = held.verified
    if arguments.json:
        rows = {
            "changes": [asdict(one) for one in verified.changes],
            "tracked": [asdict(one) for one in verified.tracked],
            "notes": verified.notes,
        }
        print_json(findings=[], slug=arguments.slug, number=held.frozen.number, against=held.against, equal=verified.equal, **rows)
        return int(not verified.equal)
    print(f"{arguments.file.name} を、{arguments.slug} の{held.against}（確認番号 {held.frozen.number}）と比べました。")
    for row in held.rows[:SHOWN]:
        print(*row.lines("承認", "受信"), sep="\n")
    if len(held.rows) > SHOWN:
        print(f"ほか {len(held.rows) - SHOWN}か所")
    for note in verified.notes:
        print(f"※{note}")
    if verified.tracked:
        print(f"※追跡リンク（行き先は未確認）が {len(verified.tracked)}件あります。一つずつ開いて確かめてください。")
        print(*(f"　・{link.label}「{link.text}」" for link in verified.tracked), sep="\n")
    print(
        "一致：表示される文字・リンク・写真は、同じです。"
        if verified.equal
        else f"違い：{len(verified.changes)}か所あります。配信する前に直してください。"
    )
    return int(not verified.equal)


TO: Option = (("--to",), {"default": "", "metavar": "アドレス", "help": "承認をお願いする方（省くと、メールソフトで宛先を入れます）"})
BY: Option = (("--by",), {"required": True, "metavar": "氏名", "help": "承認した方（代決のときは、代わりに承認した方）"})
CODE: Option = (
    ("--code",),
    {"default": "", "metavar": "番号", "help": "お返事にあった確認番号（例：7F3A-21。全角・小文字でも構いません）"},
)
VIA: Option = (
    ("--via",),
    {
        "default": "メール",
        "choices": ("メール", "口頭", "画面"),
        "metavar": "方法",
        "help": "どのように承認されたか：メール（省いたとき）、口頭、画面",
    },
)
DEPUTY: Option = (("--deputy",), {"action": "store_true", "help": "代決（代わりの方の承認）として記録します"})

RECEIVED: Option = (
    ("file",),
    {"metavar": "メール", "type": Path, "help": "届いたテストメール（.eml の形で保存したもの）"},
)

APPROVAL_COMMANDS: dict[str, tuple[Run, str, tuple[Option, ...]]] = {
    "request": (run_request, "承認をお願いするメールを、校正紙を添えて作ります", (SLUG, TO, JSON)),
    "approve": (run_approve, "承認を記録し、その内容を凍結します", (SLUG, BY, CODE, VIA, DEPUTY, JSON)),
    "diff": (run_diff, "承認した（またはお願いした）内容と今の原稿の違いを、表示される文字で示します", (SLUG, JSON)),
    "verify": (run_verify, "届いたテストメールを、承認した内容と比べます（Mailchimpなどから届いたものも）", (RECEIVED, SLUG, JSON)),
}
