"""The leaf of the door for the readers' pages: ``enews serve-forms``; a server that runs until it is stopped, one log line a request.

A log line is method, page and status: no address, no token, no client.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.doorway import JSON, Option, Run, print_json, workspace_of


def run_serve_forms(arguments: argparse.Namespace) -> int:
    """``enews serve-forms``."""
    from pipeline import formdesk

    workspace = workspace_of(arguments)
    forms = formdesk.application(workspace, log=_log, folder=arguments.folder, proxies=tuple(arguments.proxies))
    web = workspace.masthead.web
    with formdesk.listen(forms, host=arguments.host, port=arguments.port) as server:
        here = f"http://{f'[{arguments.host}]' if ':' in arguments.host else arguments.host}:{server.server_port}"
        pages = {
            name: f"{here}{urlsplit(url).path}"
            for name, url in (("unsubscribe", web.unsubscribe), ("preferences", web.preferences), ("subscribe", web.subscribe_url))
            if url
        }
        if arguments.json:
            print_json(findings=[], **pages)
        else:
            print(f"読者の手続きページを {here} で開いています（止めるには Ctrl+C）。")
            print(f"  登録：{pages['subscribe']}")
            print(f"  配信停止：{pages['unsubscribe']}（この後に読者ごとの文字列）")
            if arguments.host not in ("127.0.0.1", "::1", "localhost"):
                print("  注意：暗号化していません。インターネットには、https を受け持つ nginx などを前に置いて公開してください。")
        sys.stdout.flush()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("止めました。", file=sys.stderr)
    return 0


def _log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


HOST: Option = (
    ("--host",),
    {"default": "127.0.0.1", "metavar": "アドレス", "help": "待ち受けるアドレス（初めは 127.0.0.1：この機械だけ）"},
)
PORT: Option = (("--port",), {"default": 8080, "type": int, "metavar": "番号", "help": "待ち受けるポート（初めは 8080）"})
PROXY: Option = (
    ("--proxy",),
    {
        "dest": "proxies",
        "default": [],
        "action": "append",
        "metavar": "アドレス",
        "help": "前に置く nginx などのアドレス（別の機械のとき。X-Forwarded-For を信用します）",
    },
)
FOLDER: Option = (
    ("--to-folder",),
    {
        "dest": "folder",
        "default": None,
        "metavar": "DIR",
        "type": Path,
        "help": "確認のメールを送らずに、.eml ファイルとして書き出します（試すとき）",
    },
)

FORM_COMMANDS: dict[str, tuple[Run, str, tuple[Option, ...]]] = {
    "serve-forms": (
        run_serve_forms,
        "読者のためのページ（登録・配信停止・登録内容の変更）を、止めるまで開きます",
        (HOST, PORT, PROXY, FOLDER, JSON),
    ),
}
