"""The leaf of the door for sending: ``enews send``, ``send-test`` and ``status``; arguments in, desk calls, printed lines and an exit code out.

Nothing leaves before the operator has typed back to how many readers. Addresses are shown masked.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.doorway import JSON, SLUG, Option, Run, print_json, workspace_of

if TYPE_CHECKING:
    from pipeline.delivery.ledger import Entry, Send
    from pipeline.delivery.people import Subscriber
    from pipeline.delivery.sending import Run as Sent
    from pipeline.desk import Workspace
    from pipeline.senddesk import Plan, Trial

INCOMPLETE = 3
WORDS = {
    "queued": "これから",
    "sending": "送信結果不明（要判断）",
    "sent": "送信済",
    "deferred": "再送待ち",
    "refused": "不達",
    "skipped": "対象外",
}
BAR = 30


def run_send(arguments: argparse.Namespace) -> int:
    """``enews send``."""
    from pipeline import senddesk

    workspace = workspace_of(arguments)
    what = senddesk.plan(workspace, arguments.slug)
    if (arguments.deferred or arguments.in_doubt) and not arguments.dry_run:
        senddesk.retry(workspace, arguments.slug, deferred=arguments.deferred, in_doubt=arguments.in_doubt)
        what = senddesk.plan(workspace, arguments.slug)
    if not what.left and not arguments.dry_run:
        return _ended(workspace, what, arguments)
    if not arguments.json:
        print(*_plan_lines(workspace, what, arguments), sep="\n")
    if arguments.dry_run:
        return _rehearsed(workspace, what, arguments)
    if not _typed_back(what, arguments):
        print(f"送っていません。人数を確かめて、もう一度実行してください（たずねずに送るには --readers {what.left}）。", file=sys.stderr)
        return 2
    return _sent(workspace, what, arguments)


def _plan_lines(workspace: Workspace, what: Plan, arguments: argparse.Namespace) -> list[str]:
    from pipeline import senddesk

    frozen, approval = what.approved.frozen, what.approved.approval
    where = f"フォルダー {arguments.folder}" if arguments.folder else f"{workspace.masthead.smtp.host or '（[smtp] host がありません）'}"
    minutes = 0 if arguments.folder else senddesk.minutes_of(workspace, what.left)
    rows = [
        ("号", frozen.slug),
        ("件名", frozen.subject),
        ("確認番号", frozen.number),
        ("承認", f"{approval.by}{'（代決）' if approval.deputy else ''}、{approval.at[:16].replace('T', ' ')}、{approval.via}"),
        ("差出人", frozen.sender),
        ("宛先", f"{frozen.audience or '読者全員'}"),
        ("送り先", f"{where}{f'（少なくとも約{minutes}分かかります）' if minutes > 1 else ''}"),
        ("人数", f"{what.left}人" + (f"（{what.send.recipients}人のうち。続きから送ります）" if what.send else "")),
    ]
    if what.send and what.counts["sending"]:
        rows.append(("要判断", f"送信結果不明が {what.counts['sending']}人います。この人たちには送りません（enews status {frozen.slug}）"))
    return [*(f"  {label}：{value}" for label, value in rows), *(f"  注意：{note}" for note in what.notes)]


def _typed_back(what: Plan, arguments: argparse.Namespace) -> bool:
    """Whether the operator has said the number of readers, on the line or in answer to the question."""
    if arguments.readers is not None:
        return bool(arguments.readers == what.left)
    if not sys.stdin.isatty() or arguments.json:
        return False
    return _asked("この内容で送ります。よければ、人数を数字で入力してください（やめるときは Enter）：") == str(what.left)


def _asked(question: str) -> str:
    import unicodedata

    try:
        return unicodedata.normalize("NFKC", input(question)).strip().removesuffix("人").strip()
    except EOFError:
        return ""


def _sent(workspace: Workspace, what: Plan, arguments: argparse.Namespace) -> int:
    from pipeline import senddesk

    if what.send is None:
        senddesk.begin(workspace, what)
        if arguments.first and not _first(workspace, what, arguments):
            return INCOMPLETE
    transport = senddesk.transport_of(workspace, arguments.folder)
    total = what.left
    try:
        done = senddesk.send_on(workspace, what, transport, limit=arguments.limit, report=lambda run: _show_progress(run, total))
    except KeyboardInterrupt:
        print(f"\n中断しました。「enews status {arguments.slug}」で確かめ、続きはもう一度「enews send」で送れます。", file=sys.stderr)
        return INCOMPLETE
    if sys.stderr.isatty():
        print(file=sys.stderr)
    if arguments.json:
        print_json(findings=[], slug=arguments.slug, number=what.approved.frozen.number, **done.counts, stopped=done.stopped)
    else:
        print(*_outcome_lines(arguments.slug, done), sep="\n")
    return 0 if done.complete else INCOMPLETE


def _first(workspace: Workspace, what: Plan, arguments: argparse.Namespace) -> bool:
    """The real mail to the test readers, then the question whether the rest may get it."""
    from pipeline import senddesk

    trial = senddesk.send_first(workspace, what, senddesk.transport_of(workspace, arguments.folder))
    if not arguments.json:
        print(*_trial_lines(trial), sep="\n")
    if not trial.arrived:
        print("テスト配信先に届かないため、止めました。直してから、もう一度実行してください。", file=sys.stderr)
        return False
    if arguments.readers is not None:
        return True
    return _asked("届いたメールを確かめましたか。残りの読者に送るなら「はい」と入力してください：").lower() in ("はい", "y", "yes")


def _show_progress(run: Sent, total: int) -> None:
    """A bar on a terminal; nothing in a log."""
    if sys.stderr.isatty():
        done = min(run.handed, total)
        filled = BAR * done // max(total, 1)
        print(f"\r  {'■' * filled}{'□' * (BAR - filled)} {done}/{total}人", end="", file=sys.stderr, flush=True)


def _outcome_lines(slug: str, done: Sent) -> list[str]:
    lines = [f"  {WORDS[state]}：{count}人" for state, count in done.counts.items() if count or state == "sent"]
    if done.stopped:
        lines.append(f"止まりました：{done.stopped}")
    if done.complete:
        return [*lines, f"{slug} の配信を終えました。"]
    hints = {
        "queued": f"残りは「enews send {slug}」をもう一度実行すると、続きから送ります。",
        "deferred": f"再送待ちは、しばらくおいて「enews send {slug} --retry-deferred」で送ります。",
        "sending": f"送信結果不明の人は「enews status {slug}」で確かめ、届いていないときだけ「enews send {slug} --retry-in-doubt」とします。",
    }
    return [*lines, *(hint for state, hint in hints.items() if done.counts[state])]


def _ended(workspace: Workspace, what: Plan, arguments: argparse.Namespace) -> int:
    """Nobody is left: say what is so."""
    if what.send is None:
        print("送る相手がいません。宛先（newsletter.toml の [[audiences]]）と読者名簿を確かめてください。", file=sys.stderr)
        return 1
    waiting = what.counts["sending"] + what.counts["deferred"]
    if arguments.json:
        print_json(findings=[], slug=arguments.slug, number=what.approved.frozen.number, **what.counts, stopped="")
    else:
        print(*_status_lines(workspace, arguments.slug), sep="\n")
    return INCOMPLETE if waiting else 0


def _rehearsed(workspace: Workspace, what: Plan, arguments: argparse.Namespace) -> int:
    from pipeline import senddesk

    count, largest = senddesk.rehearse(workspace, what)
    if arguments.json:
        print_json(
            findings=[], slug=arguments.slug, number=what.approved.frozen.number, readers=what.left, largest=largest, notes=what.notes
        )
    else:
        print(f"{count}人分のメールを組み立てました（最も大きいもので {largest:,} バイト）。送ってはいません。")
    return 0


def run_send_test(arguments: argparse.Namespace) -> int:
    """``enews send-test``."""
    from pipeline import senddesk

    workspace = workspace_of(arguments)
    trial = senddesk.send_test(workspace, arguments.slug, senddesk.transport_of(workspace, arguments.folder), to=tuple(arguments.to))
    if arguments.json:
        from pipeline.delivery.people import masked

        print_json(
            findings=[], slug=arguments.slug, outcomes=[{"address": masked(to), "state": one.fate.value} for to, one in trial.outcomes]
        )
    else:
        print(*_trial_lines(trial), sep="\n")
    return 0 if trial.arrived else INCOMPLETE


def _trial_lines(trial: Trial) -> list[str]:
    from pipeline.delivery.people import masked

    return [
        f"  テスト配信先 {masked(to)}：{WORDS[one.fate.value]}{f'（{one.code} {one.reply}）' if one.code >= 400 else ''}"
        for to, one in trial.outcomes
    ]


def run_status(arguments: argparse.Namespace) -> int:
    """``enews status``."""
    from pipeline import senddesk

    workspace = workspace_of(arguments)
    if not arguments.slug:
        sends = senddesk.sends(workspace)
        if arguments.json:
            print_json(findings=[], sends=[{"slug": one.slug, "number": one.number, "recipients": one.recipients} for one in sends])
        else:
            print(*([_send_line(one) for one in sends] or ["ここから送った号は、まだありません。"]), sep="\n")
        return 0
    if arguments.json:
        status = senddesk.status(workspace, arguments.slug)
        print_json(findings=[], slug=arguments.slug, number=status.send.number, finished=status.send.finished, **status.counts)
    else:
        print(*_status_lines(workspace, arguments.slug), sep="\n")
    return 0


def _send_line(send: Send) -> str:
    ended = f"〜{send.finished[:16].replace('T', ' ')}" if send.finished else "（途中）"
    return f"{send.slug}　{send.begun[:16].replace('T', ' ')}{ended}　{send.recipients}人　確認番号 {send.number}　承認 {send.approver}"


def _status_lines(workspace: Workspace, slug: str) -> list[str]:
    from pipeline import senddesk

    status = senddesk.status(workspace, slug)
    lines = [_send_line(status.send), *(f"  {WORDS[state]}：{count}人" for state, count in status.counts.items() if count)]
    for state, rows in status.rows.items():
        if rows:
            lines += ["", f"■{WORDS[state]}", *(f"  {_reader_line(entry, reader)}" for entry, reader in rows)]
    if status.counts["sending"]:
        lines += [
            "",
            "送信結果不明の人には、自動では送りません。相手に届いたかを確かめてください（送信サーバーの記録、本人への電話など）。",
        ]
        lines.append(
            f"届いていないと分かったときだけ「enews send {slug} --retry-in-doubt」とします。届いていたときは、そのままで構いません。"
        )
    return lines


def _reader_line(entry: Entry, reader: Subscriber | None) -> str:
    from pipeline.delivery.people import masked

    who = (
        f"{reader.organisation} {reader.name}".strip() + f" {masked(reader.address)}"
        if reader
        else f"名簿にない人（番号 {entry.subscriber}）"
    )
    said = " ".join(str(part) for part in (entry.code or "", entry.reply) if part)
    return f"{who.strip()}{f'　{said}' if said else ''}（{entry.at[:16].replace('T', ' ')}）"


def _count(text: str) -> int:
    """A number of readers on the command line."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"「{text}」は人数として読めません。1以上の数を指定してください")
    return int(text)


FOLDER: Option = (
    ("--to-folder",),
    {"dest": "folder", "default": None, "metavar": "DIR", "type": Path, "help": "送らずに、.eml ファイルとして書き出します"},
)
TO: Option = (
    ("--to",),
    {"default": [], "action": "append", "metavar": "アドレス", "help": "テスト配信先の代わりに送る先（何度でも指定できます）"},
)
READERS: Option = (("--readers",), {"default": None, "type": _count, "metavar": "人数", "help": "たずねる代わりに、送る人数を指定します"})
LIMIT: Option = (("--limit",), {"default": 0, "type": _count, "metavar": "人数", "help": "この人数まで送って止まります"})
DRY_RUN: Option = (("--dry-run",), {"action": "store_true", "help": "全員分を組み立てるだけで、送りません"})
FIRST: Option = (
    ("--first",),
    {"default": "", "choices": ("seed",), "metavar": "seed", "help": "先にテスト配信先へ本番のメールを送り、たずねてから残りに送ります"},
)
DEFERRED: Option = (("--retry-deferred",), {"dest": "deferred", "action": "store_true", "help": "再送待ちの人に、もう一度送ります"})
IN_DOUBT: Option = (
    ("--retry-in-doubt",),
    {"dest": "in_doubt", "action": "store_true", "help": "送信結果不明の人に、もう一度送ります（二重に届くおそれがあります）"},
)
MAYBE_SLUG: Option = (("slug",), {"metavar": "号", "nargs": "?", "default": "", "help": "号の名前（省くと、送った号の一覧）"})

SEND_COMMANDS: dict[str, tuple[Run, str, tuple[Option, ...]]] = {
    "send": (
        run_send,
        "承認された号を読者に送ります（途中で止まったら、もう一度実行すると続きから送ります）",
        (SLUG, DRY_RUN, LIMIT, FIRST, READERS, DEFERRED, IN_DOUBT, FOLDER, JSON),
    ),
    "send-test": (run_send_test, "テスト配信先に【テスト】と付けて送ります（配信記録には残りません）", (SLUG, TO, FOLDER, JSON)),
    "status": (run_status, "配信の結果（人数、送信結果不明・再送待ち・不達の人）を表示します", (MAYBE_SLUG, JSON)),
}
