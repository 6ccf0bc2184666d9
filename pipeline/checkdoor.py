"""The leaf of the door for the pre-flight: ``enews check`` and ``enews proof``; arguments in, desk calls, printed lines and an exit code out.

It decides nothing but what an editor answers to a question.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from pipeline.doorway import JSON, SLUG, UNREVIEWED, Option, Run, now, print_json, shown, workspace_of

if TYPE_CHECKING:
    from pipeline.desk import Checked, Workspace


def run_check(arguments: argparse.Namespace) -> int:
    """``enews check``."""
    from pipeline import checkdesk, desk

    workspace = workspace_of(arguments)
    checked = _checked(workspace, arguments)
    if arguments.json:
        print_json(
            findings=[desk.finding_row(finding) for finding in checked.findings],
            waived=desk.waived_rows(checked),
            slug=arguments.slug,
            ok=not _fails(checked, strict=arguments.strict),
        )
        return int(_fails(checked, strict=arguments.strict))
    print(*checkdesk.report_lines(checked), sep="\n", end="\n" if checked.findings or checked.waived else "")
    if arguments.fix:
        checked = _fixed(workspace, checked, arguments)
    print(f"{checked.issue.title}：{checkdesk.counts(checked)}")
    if not arguments.fix and (places := sum(bool(finding.fix) for finding in checked.findings)):
        print(f"「enews check {arguments.slug} --fix」で、このうち {places}件を直せます（書き換える前に、違いをお見せします）。")
    return int(_fails(checked, strict=arguments.strict))


def _fails(checked: Checked, *, strict: bool) -> bool:
    """Whether a check ends with 1: 要修正, and with ``--strict`` 要確認 too."""
    return checked.has_errors or (strict and any(finding.severity.value == "warning" for finding in checked.findings))


def _fixed(workspace: Workspace, checked: Checked, arguments: argparse.Namespace) -> Checked:
    """Show the safe changes, ask, write them; what the issue looks like then."""
    from pipeline import checkdesk

    files = checkdesk.fixes(workspace, checked)
    if not files:
        print("自動で直せる指摘はありません。\n")
        return checked
    for file in files:
        print(*file.diff(), "", sep="\n")
    places = sum(file.count for file in files)
    if not arguments.yes and not _agreed(f"{len(files)}ファイルの {places}か所を書き換えますか（y＝はい／Enter＝いいえ）："):
        print("書き換えていません。" + ("" if sys.stdin.isatty() else "確かめずに書き換えるには --fix --yes とします。") + "\n")
        return checked
    checkdesk.write_fixes(workspace, files)
    print(f"{places}か所を直しました。\n")
    return _checked(workspace, arguments)


def _checked(workspace: Workspace, arguments: argparse.Namespace) -> Checked:
    """The check, with ``--online`` that of the links too; a line as each host is done."""
    from pipeline import desk

    checked = desk.check(workspace, arguments.slug, unreviewed=arguments.unreviewed)
    if not (arguments.online or arguments.fresh):
        return checked
    from pipeline import proofdesk

    if not arguments.json:
        print("リンクを確かめています（ネットワークを使います）。", flush=True)
    show = (lambda _done: None) if arguments.json else (lambda done: print(done.line(), flush=True))
    checked = proofdesk.check_online(workspace, checked, fresh=arguments.fresh, report=show)
    if not arguments.json:
        print()
    return checked


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        return False
    try:
        return input(question).strip().lower() in ("y", "yes", "はい", "ｙ")
    except EOFError:
        return False


def run_proof(arguments: argparse.Namespace) -> int:
    """``enews proof``."""
    from pipeline import checkdesk, desk, proofdesk

    workspace = workspace_of(arguments)
    made = proofdesk.proof(workspace, arguments.slug, unreviewed=arguments.unreviewed, at=now())
    checked, files = made.checked, [shown(path, workspace.root) for path in (made.sheet, made.collation)]
    if arguments.json:
        values = {
            group.kind: [
                {
                    "value": line.value,
                    "places": [{"item": spot.label, "place": spot.place and str(spot.place)} for spot in line.spots],
                    "notes": line.notes,
                }
                for line in group.lines
            ]
            for group in made.groups
        }
        findings = [desk.finding_row(finding) for finding in checked.findings]
        print_json(
            findings=findings,
            slug=arguments.slug,
            draft=checked.has_errors,
            digest=made.digest,
            number=made.number,
            files=files,
            values=values,
        )
        return int(checked.has_errors)
    print(f"{checked.issue.title}：校正紙と照合表{'（下書き）' if checked.has_errors else ''}を作りました。")
    print(f"  校正紙　：{files[0]}（ブラウザで開き、A4で印刷してください）")
    print(f"  照合表　：{files[1]}（{'、'.join(f'{group.title} {len(group.lines)}' for group in made.groups)}）")
    print(f"  確認番号：{made.number}")
    if checked.findings:
        print(
            f"指摘が残っています（{checkdesk.counts(checked)}）。「enews check {arguments.slug}」で確かめてください。直すと、確認番号が変わります。"
        )
    return int(checked.has_errors)


FIX: Option = (("--fix",), {"action": "store_true", "help": "安全に直せる指摘を、違いを見せてから直します"})
YES: Option = (("--yes",), {"action": "store_true", "help": "--fix で、たずねずに書き換えます"})
STRICT: Option = (("--strict",), {"action": "store_true", "help": "要確認の指摘があるときも、終了コードを1にします"})
ONLINE: Option = (("--online",), {"action": "store_true", "help": "リンクを一つずつ開いて確かめます（ネットワークを使います）"})
FRESH: Option = (("--fresh",), {"action": "store_true", "help": "--online で、前に確かめたリンクも、もう一度確かめます"})

CHECK_COMMANDS: dict[str, tuple[Run, str, tuple[Option, ...]]] = {
    "check": (
        run_check,
        "号を校正し、指摘を表示します（--fix のほかは、ファイルを書き換えません）",
        (SLUG, ONLINE, FRESH, FIX, YES, STRICT, UNREVIEWED, JSON),
    ),
    "proof": (run_proof, "紙で読み合わせるための校正紙と照合表を作ります", (SLUG, UNREVIEWED, JSON)),
}
