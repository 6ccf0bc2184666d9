"""The leaf of the door for corrections: ``enews correct`` and its three routes; arguments in, desk calls, printed lines and an exit code out.

It sends nothing. Which route is right is the editor's to say: there is none that is taken by itself.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from pipeline.doorway import JSON, SLUG, Option, Run, print_json, shown, today, workspace_of

if TYPE_CHECKING:
    from pipeline.correctdesk import Laid, Noted
    from pipeline.delivery.difference import Change
    from pipeline.delivery.receivers import Received
    from pipeline.desk import Workspace
    from pipeline.model import Correction


def run_correct(arguments: argparse.Namespace) -> int:
    """``enews correct``."""
    if len(arguments.route or ()) != 1:
        print("--note（Web版と次の号）、--mail（訂正のメール）、--leak（漏えい）のどれか一つを指定してください。", file=sys.stderr)
        return 2
    route = {"note": _note, "mail": _mail, "leak": _leak}[arguments.route[0]]
    return route(workspace_of(arguments), arguments)


def _note(workspace: Workspace, arguments: argparse.Namespace) -> int:
    from pipeline import correctdesk

    done = correctdesk.note(workspace, arguments.slug, today=today())
    if arguments.json:
        _print_rows(
            done, arguments.slug, file=shown(done.file, workspace.root), added=done.added, next=done.next_slug, next_added=done.next_added
        )
        return 0
    print(f"{done.checked.issue.title}：配信した内容から、{len(done.rows)}か所が直っています。")
    print(*_row_lines(done.rows), sep="\n")
    print(f"  Web版　：{shown(done.file, workspace.root)} の「正誤」に {done.added}件書きました。")
    print(f"　　　　　「enews export {arguments.slug} --web」で書き出し、公開しているページと置き換えてください。")
    if done.next_slug:
        print(f"  次の号　：issues/{done.next_slug}/issue.md の「訂正」に {done.next_added}件書きました（「前号の訂正」として載ります）。")
    else:
        print("  次の号　：まだありません。「enews new」で作るときに、「訂正」に書き入れます。")
    print("書いた言葉は、そのままで伝わるか読み直し、必要なら直してください。", *_left_out_lines(done.left_out), sep="\n")
    return 0


def _mail(workspace: Workspace, arguments: argparse.Namespace) -> int:
    from pipeline import correctdesk

    done = correctdesk.mail(workspace, arguments.slug, today=today())
    if arguments.json:
        receivers = len(done.received.readers) if done.received else None
        _print_rows(done, arguments.slug, file=shown(done.file, workspace.root), issue=done.slug, receivers=receivers)
        return 0
    print(f"{done.checked.issue.title}：訂正のお知らせ {done.slug} を作りました。まだ送っていません。")
    print(*_row_lines(done.rows), sep="\n")
    print(f"  原稿　　：{shown(done.file, workspace.root)}（文面と誤・正を読み直し、必要なら直してください）")
    print(*_receiver_lines(done.received, arguments.slug), sep="\n")
    print(*_left_out_lines(done.left_out), end="", sep="\n")
    print("次に行うこと（ふだんの号と同じです）：")
    print(f"  enews check {done.slug}　→　enews request {done.slug}　→　enews approve {done.slug} …　→　enews send {done.slug}")
    print(f"Web版も直すときは「enews correct {arguments.slug} --note」も行ってください。")
    return 0


def _receiver_lines(received: Received | None, slug: str) -> list[str]:
    if received is None:
        sent_elsewhere = f"  宛先　　：{slug} はここから送っていないので、この訂正もここからは送れません。"
        return [f"{sent_elsewhere}「enews export」で書き出し、同じ配信サービスから、同じ宛先に送ってください。"]
    counts = received.counts
    lines = [f"  宛先　　：{slug} を送った {counts['sent']}人と、送信結果不明の {counts['sending']}人だけ（配信停止の方を除きます）"]
    waiting = counts["queued"] + counts["deferred"]
    if waiting:
        lines.append(f"  注意　　：{slug} をまだ送っていない人が {waiting}人います。この人たちには、訂正も届きません。")
    return lines


def _leak(workspace: Workspace, arguments: argparse.Namespace) -> int:
    from datetime import datetime
    from getpass import getuser
    from zoneinfo import ZoneInfo

    from pipeline import correctdesk

    done = correctdesk.leak(workspace, arguments.slug, at=datetime.now(ZoneInfo("Asia/Tokyo")).replace(tzinfo=None), who=getuser())
    paper = shown(done.paper, workspace.root)
    if arguments.json:
        counts = done.received.counts if done.received else {}
        print_json(findings=[], slug=arguments.slug, paper=paper, table=done.table, counts=counts)
        return 0
    print(done.text)
    print(f"この手順は {paper} にもあります。印刷して、進めたことを書き入れてください。")
    return 0


def _row_lines(rows: tuple[Correction, ...]) -> list[str]:
    return [line for row in rows for line in (f"  {row.where}", f"    誤：{row.wrong}", f"    正：{row.right}")]


def _left_out_lines(changes: tuple[Change, ...]) -> list[str]:
    if not changes:
        return []
    parts = "、".join(dict.fromkeys(change.part for change in changes))
    return [f"表に入れていない変更が {len(changes)}か所あります（{parts}）。読者に伝えることがあれば、書き足してください。"]


def _print_rows(done: Noted | Laid, slug: str, **more: object) -> None:
    rows = [{"where": row.where, "wrong": row.wrong, "right": row.right} for row in done.rows]
    left_out = [{"part": change.part, "before": change.before, "after": change.after} for change in done.left_out]
    print_json(findings=[], slug=slug, corrections=rows, left_out=left_out, **more)


NOTE: Option = (
    ("--note",),
    {
        "dest": "route",
        "action": "append_const",
        "const": "note",
        "help": "軽い誤り：Web版に日付入りの訂正を載せ、次の号に「前号の訂正」を載せます",
    },
)
MAIL: Option = (
    ("--mail",),
    {
        "dest": "route",
        "action": "append_const",
        "const": "mail",
        "help": "日時・URL・お名前などの誤り：【訂正】のメールを作ります（受け取った人だけに送れます）",
    },
)
LEAK: Option = (
    ("--leak",),
    {
        "dest": "route",
        "action": "append_const",
        "const": "leak",
        "help": "個人情報の漏えい：メールは作らず、とるべき手順と、受け取った人の一覧を書き出します",
    },
)

CORRECT_COMMANDS: dict[str, tuple[Run, str, tuple[Option, ...]]] = {
    "correct": (run_correct, "配信した号の誤りを訂正します（--note、--mail、--leak のどれか一つ）", (SLUG, NOTE, MAIL, LEAK, JSON)),
}
