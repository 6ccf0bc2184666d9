"""The command line: arguments in, one ``desk`` call, printed lines and an exit code out. It decides nothing by itself.

Exit codes: 0 done, 1 the material needs mending, 2 usage, 3 send incomplete. Imports stand inside the commands so that ``--help`` is quick.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pipeline import __version__
from pipeline.approvaldoor import APPROVAL_COMMANDS
from pipeline.bouncedoor import BOUNCE_COMMANDS
from pipeline.casedoor import CASE_COMMANDS
from pipeline.checkdoor import CHECK_COMMANDS
from pipeline.correctdoor import CORRECT_COMMANDS
from pipeline.doorway import JSON, SLUG, UNREVIEWED, Option, Run
from pipeline.doorway import print_json as _print_json
from pipeline.doorway import shown as _shown
from pipeline.doorway import today as _today
from pipeline.doorway import workspace_of as _workspace
from pipeline.errors import NewsletterError
from pipeline.formdoor import FORM_COMMANDS
from pipeline.readerdoor import READER_COMMANDS
from pipeline.senddoor import SEND_COMMANDS
from pipeline.yeardoor import YEAR_COMMANDS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pipeline.desk import Built, Checked

# argparse speaks English; these are its words in the Japanese of our screens. The keys are argparse's own message ids.
WORDS = {
    "usage: ": "使い方: ",
    "positional arguments": "指定するもの",
    "options": "オプション",
    "optional arguments": "オプション",
    "show this help message and exit": "この説明を表示して終わります",
    "show program's version number and exit": "版を表示して終わります",
    "%(prog)s: error: %(message)s\n": "%(prog)s: %(message)s\n「%(prog)s --help」で使い方を表示します。\n",
    "the following arguments are required: %s": "指定が足りません: %s",
    "unrecognized arguments: %s": "わからない指定です: %s",
    "expected one argument": "値を一つ指定してください",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)s は使えません（使えるのは %(choices)s）",
    "invalid choice: %(value)r, maybe you meant %(suggestion)r? (choose from %(choices)s)": (
        "%(value)s は使えません。%(suggestion)s のことですか（使えるのは %(choices)s）"
    ),
    "not allowed with argument %s": "%s と一緒には使えません",
    "one of the arguments %s is required": "%s のどれかを指定してください",
    "subcommands": "命令",
}


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Run one command and exit with its code."""
    _speak_utf8()
    arguments = _arguments(_parser(), argv)
    try:
        code = arguments.run(arguments)
    except NewsletterError as error:
        print(f"enews: {error}", file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        print("enews: 中断しました。", file=sys.stderr)
        code = 1
    except BrokenPipeError:  # the reader of a long list has seen enough (| head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def _arguments(parser: argparse.ArgumentParser, argv: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for. argparse takes a list of words only in front of the options; behind them they belong to it all the same."""
    arguments, rest = parser.parse_known_args(argv)
    if rest and (not hasattr(arguments, "what") or any(word.startswith("-") for word in rest)):
        parser.error(WORDS["unrecognized arguments: %s"] % " ".join(rest))
    if rest:
        arguments.what = [*arguments.what, *rest]
    return arguments


def _speak_utf8() -> None:
    """Print Japanese whatever the console's encoding; what it cannot show becomes ``?``, never a crash."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace", **({} if stream.isatty() else {"encoding": "utf-8"}))


def _parser() -> argparse.ArgumentParser:
    """The whole grammar of the command."""
    argparse._ = lambda text: WORDS.get(text, text)  # type: ignore[attr-defined]  # the one seam argparse has for its words
    parser = argparse.ArgumentParser(
        prog="enews", description="イクレイ日本e-Newsの編集机：原稿と海外事例から、そのまま送れるメールを作ります。"
    )
    parser.add_argument("--version", action="version", version=f"enews {__version__}", help="版を表示します")
    parser.add_argument(*WORKSPACE[0], **{**WORKSPACE[1], "default": Path()})
    commands = parser.add_subparsers(title="できること", metavar="命令", required=True)
    for name, (run, text, arguments) in COMMANDS.items():
        sub = commands.add_parser(name, help=text, description=text)
        sub.set_defaults(run=run)
        for flags, options in (*arguments, WORKSPACE):
            sub.add_argument(*flags, **options)
    return parser


def _print_report(checked: Checked) -> None:
    from pipeline.checkdesk import report_lines

    for line in report_lines(checked):
        print(line)


def run_build(arguments: argparse.Namespace) -> int:
    """``enews build``."""
    from pipeline import desk

    workspace = _workspace(arguments)
    built = desk.build(workspace, arguments.slug, unreviewed=arguments.unreviewed)
    if arguments.json:
        _print_json(**desk.report_of(workspace, built))
    else:
        _print_report(built.checked)
        _print_built(built, workspace.root)
    return int(built.checked.has_errors)


def _print_built(built: Built, root: Path) -> None:
    """What the editor walks away with, named last."""
    from pipeline.checkdesk import counts

    checked = built.checked
    rows = (
        ("送信用HTML" if not checked.has_errors else "下書きHTML", f"{_shown(built.html, root)}（{built.bytes:,} バイト）"),
        ("テキスト版", _shown(built.text, root)),
        ("メール形式", _shown(built.eml, root)),
        ("確認ページ", f"{_shown(built.look, root)}（ブラウザで開いてください）"),
        ("取り込み", f"原稿 {built.drafts}件、海外事例 {built.cases}件、写真 {built.pictures}点"),
        ("指摘", counts(checked)),
    )
    from pipeline.model import japanese_date

    print(f"{checked.issue.title}　{japanese_date(checked.issue.date)}")
    for label, value in rows:
        print(f"  {label}：{value}")
    if checked.has_errors:
        print("要修正の指摘があるため、下書きとして書き出しました。直してから、もう一度 build してください。")


def run_new(arguments: argparse.Namespace) -> int:
    """``enews new``."""
    from pipeline import desk

    workspace = _workspace(arguments)
    files = desk.new(workspace, arguments.slug, edition=arguments.edition, event=arguments.event, day=arguments.date)
    print(f"issues/{arguments.slug}/ を作りました。")
    for path in files:
        print(f"  {_shown(path, workspace.root)}")
    print(f"原稿を書いたら「enews build {arguments.slug}」で組み立てます。")
    return 0


def _day(text: str) -> date:
    """A day on the command line."""
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"「{text}」は日付として読めません。2025-11-14 の形で指定してください") from None


def run_pictures(arguments: argparse.Namespace) -> int:
    """``enews pictures``."""
    from pipeline import desk

    pictures = desk.prepare_pictures(_workspace(arguments), arguments.slug)
    for picture in pictures:
        print(f"  {picture.source} → images/web/{picture.file}（{picture.bytes:,} バイト）{picture.note}")
    print(f"写真 {len(pictures)}点を整えました。" if pictures else "images/ に写真がありません。")
    return 0


def run_fetch(arguments: argparse.Namespace) -> int:
    """``enews fetch``."""
    from pipeline import desk

    show = (lambda _outcome: None) if arguments.json else (lambda outcome: print(*outcome.lines(), sep="\n", flush=True))
    outcomes = desk.fetch(_workspace(arguments), only=arguments.feed, report=show)
    if arguments.json:
        from dataclasses import asdict

        _print_json(findings=[], feeds=[asdict(outcome) for outcome in outcomes])
    else:
        print("", *desk.fetch_summary(outcomes), sep="\n")
    return int(any(outcome.error for outcome in outcomes))


def run_export(arguments: argparse.Namespace) -> int:
    """``enews export``."""
    from pipeline import desk

    workspace = _workspace(arguments)
    options = {"web": arguments.web, "force": arguments.force, "unreviewed": arguments.unreviewed}
    exported = desk.export(workspace, arguments.slug, dialect=arguments.dialect, **options)
    if arguments.json:
        findings = [desk.finding_row(finding) for finding in exported.checked.findings]
        rows = {"standing": exported.standing, "approved": exported.approved is not None}
        files = [_shown(path, workspace.root) for path in exported.files]
        _print_json(findings=findings, draft=exported.checked.has_errors, **rows, files=files)
        return 0
    _print_report(exported.checked)
    print(f"{exported.checked.issue.title}：書き出しました{'（下書き）' if exported.checked.has_errors else ''}。")
    print(f"  承認：{exported.standing}")
    for path in exported.files:
        print(f"  {_shown(path, workspace.root)}")
    return 0


def run_init(arguments: argparse.Namespace) -> int:
    """``enews init``."""
    from pipeline import desk

    slug, files = desk.init(arguments.folder, today=_today())
    print(f"{arguments.folder} に {len(files)} 個のファイルを作りました。")
    print("まず issues/newsletter.toml の発行者・住所・URLを自分のものに書き換え、次に、")
    print(f"「enews build {slug} --workspace {arguments.folder}」で最初の号を組み立ててください。")
    return 0


def run_tm(arguments: argparse.Namespace) -> int:
    """``enews tm``."""
    from pipeline import desk

    workspace, file = _workspace(arguments), arguments.file
    if arguments.verb == "export":
        pairs = desk.export_memory(workspace, file)
        line, row = f"{file} に対訳 {pairs}件を書き出しました（TMX 1.4）。", {"file": file, "pairs": pairs}
    else:
        done = desk.import_memory(workspace, file)
        line, row = done.line(), {"file": file, "new": done.new, "known": done.known, "left_out": done.left_out}
    if arguments.json:
        _print_json(findings=[], **row)
    else:
        print(line)
    return 0


WORKSPACE: Option = (
    ("--workspace",),
    {"metavar": "DIR", "type": Path, "default": argparse.SUPPRESS, "help": "issues/ のあるフォルダー（省くと、今の場所から上に探します）"},
)
DATE: Option = (
    ("--date",),
    {"default": None, "type": _day, "metavar": "日付", "help": "発行日（例：2025-11-14。省くと、その月の最終営業日）"},
)
EDITION: Option = (
    ("--edition",),
    {"default": "monthly", "metavar": "版", "help": "monthly（定期号）、special（特集号）、cases（海外事例便り）"},
)
EVENT: Option = (("--event",), {"default": "", "metavar": "会議", "help": "特集号の会議（newsletter.toml の [[events]] の key）"})
DIALECT: Option = (
    ("--for",),
    {"dest": "dialect", "default": "", "metavar": "書式", "help": "配信サービス別の書式（mailchimp、generic、[[dialects]] の名前）"},
)
WEB: Option = (("--web",), {"action": "store_true", "help": "Web版（差し込み項目なし、印刷用の体裁つき）を書き出します"})
FORCE: Option = (("--force",), {"action": "store_true", "help": "要修正の指摘があっても、下書きとして書き出します"})

COMMANDS: dict[str, tuple[Run, str, tuple[Option, ...]]] = {
    "build": (run_build, "号を組み立て、build/ に送信用ファイルを書き出します", (SLUG, UNREVIEWED, JSON)),
    **CHECK_COMMANDS,
    "new": (run_new, "新しい号のひな型を作ります（例：enews new 2025-02）", (SLUG, EDITION, EVENT, DATE)),
    "pictures": (run_pictures, "号の images/ の写真をメール用に整えます（向き・大きさ・位置情報の消去）", (SLUG,)),
    "fetch": (
        run_fetch,
        "海外事務所の配信から、新しい事例を取り込みます",
        ((("--feed",), {"default": "", "metavar": "名前", "help": "この配信だけ"}), JSON),
    ),
    **CASE_COMMANDS,
    **APPROVAL_COMMANDS,
    "export": (run_export, "配信サービスに渡すファイル、またはWeb版を書き出します", (SLUG, DIALECT, WEB, FORCE, UNREVIEWED, JSON)),
    **SEND_COMMANDS,
    **FORM_COMMANDS,
    **BOUNCE_COMMANDS,
    **CORRECT_COMMANDS,
    **YEAR_COMMANDS,
    **READER_COMMANDS,
    "init": (
        run_init,
        "空のフォルダーに、すぐ使える編集机一式を作ります",
        ((("folder",), {"metavar": "DIR", "type": Path, "help": "新しいフォルダー"}),),
    ),
    "tm": (
        run_tm,
        "翻訳メモリ（校閲済の対訳）を、翻訳ソフトとTMX 1.4でやり取りします",
        (
            (("verb",), {"choices": ("export", "import"), "metavar": "動作", "help": "export（書き出す）、import（取り込む）"}),
            (("file",), {"metavar": "ファイル", "type": Path, "help": "TMXファイル（例：memory.tmx）"}),
            JSON,
        ),
    ),
}
