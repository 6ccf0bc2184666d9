"""The leaf of the door for the pre-flight: ``enews check``; arguments in, desk calls, printed lines and an exit code out.

It decides nothing but what an editor answers to a question.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from pipeline.doorway import JSON, SLUG, UNREVIEWED, Option, Run, print_json, workspace_of

if TYPE_CHECKING:
    from pipeline.desk import Checked, Workspace


def run_check(arguments: argparse.Namespace) -> int:
    """``enews check``."""
    from pipeline import checkdesk, desk

    workspace = workspace_of(arguments)
    checked = desk.check(workspace, arguments.slug, unreviewed=arguments.unreviewed)
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
    from pipeline import checkdesk, desk

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
    return desk.check(workspace, arguments.slug, unreviewed=arguments.unreviewed)


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        return False
    try:
        return input(question).strip().lower() in ("y", "yes", "はい", "ｙ")
    except EOFError:
        return False


FIX: Option = (("--fix",), {"action": "store_true", "help": "安全に直せる指摘を、違いを見せてから直します"})
YES: Option = (("--yes",), {"action": "store_true", "help": "--fix で、たずねずに書き換えます"})
STRICT: Option = (("--strict",), {"action": "store_true", "help": "要確認の指摘があるときも、終了コードを1にします"})

CHECK_COMMANDS: dict[str, tuple[Run, str, tuple[Option, ...]]] = {
    "check": (
        run_check,
        "号を校正し、指摘を表示します（--fix のほかは、ファイルを書き換えません）",
        (SLUG, FIX, YES, STRICT, UNREVIEWED, JSON),
    ),
}
