"""The leaf of the door for case studies: ``enews cases`` and its verbs, ``review`` and ``feed``; arguments in, one desk call, printed lines out.

It decides nothing by itself; what is told about a case is worded by its own record (``lines``).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pipeline.doorway import JSON, Option, Run, print_json, shown, today, workspace_of

if TYPE_CHECKING:
    from pipeline.model import Finding


def run_cases(arguments: argparse.Namespace) -> int:
    """``enews cases`` and its verbs."""
    run, wanted = VERBS[arguments.verb]
    if len(arguments.what) != wanted:
        how = ("何も付けません", "一つだけ指定してください", "事例と号を指定してください")[wanted]
        print(f"enews cases {arguments.verb}：{how}。", file=sys.stderr)
        return 2
    return run(arguments)


def _list_cases(arguments: argparse.Namespace) -> int:
    from pipeline import casedesk

    asked = {name: getattr(arguments, name) for name in ("office", "pathway", "year", "language", "state")}
    found = casedesk.cases(workspace_of(arguments), casedesk.wanted_cases(**asked), months=arguments.months)
    if arguments.json:
        from dataclasses import asdict

        print_json(findings=[], cases=[asdict(case) for case in found.cases], quiet=found.quiet)
        return 0
    for case in found.cases:
        print(*case.lines(), sep="\n")
    none = casedesk.none_found(asked) if any(asked.values()) else "事例はまだありません。enews fetch で取り込みます。"
    print(f"事例 {len(found.cases)}件" if found.cases else none, *found.quiet, sep="\n")
    return 0


def _paste_case(arguments: argparse.Namespace) -> int:
    from pipeline import casedesk

    pasted = casedesk.paste_case(workspace_of(arguments), arguments.what[0], feed=arguments.feed, title=arguments.title)
    return _tell(arguments, pasted.lines(), **_row(pasted))


def _show_changes(arguments: argparse.Namespace) -> int:
    from pipeline import casedesk

    found = casedesk.case_changes(workspace_of(arguments), arguments.what[0])
    return _tell(arguments, found.lines(), **_row(found))


def _set_aside(arguments: argparse.Namespace) -> int:
    from pipeline import casedesk

    workspace = workspace_of(arguments)
    entry, word = {"dismiss": ("dismissed", "掲載見送り"), "wait": ("permission", "許諾待ち")}[arguments.verb]
    reason = arguments.reason or ("依頼中" if entry == "permission" else "")
    path = shown(casedesk.set_case_aside(workspace, arguments.what[0], entry=entry, reason=reason), workspace.root)
    return _tell(arguments, (f"{path} を{word}（{reason}）にしました。",), path=path, state=word, reason=reason)


def run_feed(arguments: argparse.Namespace) -> int:
    """``enews feed``."""
    from pipeline import casedesk

    workspace = workspace_of(arguments)
    fed = casedesk.feed(workspace)
    files = [shown(path, workspace.root) for path in fed.files]
    held = (f"  載せていません：{case}" for case in fed.held)
    lines = (f"公開の事例 {fed.cases}件を書き出しました。", *(f"  {name}" for name in files), *held)
    return _tell(arguments, lines, files=files, cases=fed.cases, held=fed.held)


def _tell(arguments: argparse.Namespace, lines: Iterable[str], *, findings: tuple[Finding, ...] = (), **rows: object) -> int:
    """The outcome as lines and findings, or with ``--json`` as rows."""
    if arguments.json:
        from pipeline.desk import finding_row

        print_json(findings=[finding_row(finding) for finding in findings], **rows)
    else:
        print(*lines, sep="\n")
        _print_findings(findings)
    return 0


def _print_findings(findings: tuple[Finding, ...]) -> None:
    """One finding a paragraph: place, severity, code, what; below it how to mend it."""
    for finding in findings:
        place = f"{finding.place} " if finding.place else ""
        print(f"{place}{finding.severity.label} {finding.code} {finding.message}")
        if finding.hint:
            print(f"    → {finding.hint}")
    if findings:
        print()


def _row(record: Any) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(record)


def run_translate(arguments: argparse.Namespace) -> int:
    """``enews translate``."""
    from pipeline import casedesk
    from pipeline.desk import finding_row

    outcomes = []
    for outcome in casedesk.translate(workspace_of(arguments), arguments.cases, machine=arguments.machine):
        outcomes.append(outcome)
        if not arguments.json:
            print(*outcome.lines(), sep="\n", flush=True)
    if arguments.json:
        rows = [{key: value for key, value in _row(outcome).items() if key != "findings"} for outcome in outcomes]
        print_json(findings=[finding_row(finding) for outcome in outcomes for finding in outcome.findings], cases=rows)
    return int(any(outcome.error or outcome.findings for outcome in outcomes))


def _start_case(arguments: argparse.Namespace) -> int:
    from pipeline import desk

    workspace = workspace_of(arguments)
    path = shown(desk.start_case(workspace, arguments.what[0]), workspace.root)
    return _tell(arguments, (f"{path} を作りました。見出し・要約・本文を日本語で書いてください。",), path=path)


def _add_case(arguments: argparse.Namespace) -> int:
    from pipeline import desk

    workspace = workspace_of(arguments)
    path = shown(desk.add_case(workspace, *arguments.what), workspace.root)
    return _tell(arguments, (f"{path} に事例 {arguments.what[0]} を書き足しました。",), path=path)


def _see_case(arguments: argparse.Namespace) -> int:
    from pipeline import casedesk

    if not arguments.by:
        return _nobody()
    case, day = arguments.what[0], today()
    seen = casedesk.see_source(workspace_of(arguments), case, by=arguments.by, today=day)
    lines = [f"事例 {case} の原文の更新を確かめました（{arguments.by}）。今の状態は「{seen.state}」です。"]
    lines += (
        [] if seen.state == "校閲済" else [f"訳文を直し終えたら、別の人が読み、「enews review {case} --by 氏名」で校閲済にしてください。"]
    )
    lines += ["今の原文と見比べて、次の点を確かめてください。"] if seen.findings else []
    return _tell(arguments, lines, findings=seen.findings, case=case, state=seen.state, seen_by=arguments.by, seen_on=day)


def _nobody() -> int:
    print("enews: 確かめた人の氏名を --by で指定してください。", file=sys.stderr)
    return 2


def run_review(arguments: argparse.Namespace) -> int:
    """``enews review``."""
    from pipeline import casedesk
    from pipeline.model import japanese_date

    if not arguments.by:
        return _nobody()
    workspace, day = workspace_of(arguments), today()
    reviewed = casedesk.review_case(workspace, arguments.case, by=arguments.by, today=day)
    path = shown(reviewed.path, workspace.root)
    lines = [f"{path} を校閲済にしました（{arguments.by}、{japanese_date(day)}）。この後に直すと、校閲は取り消されます。"]
    lines += ["原文と見比べて、次の点をもう一度確かめてください。直したときは、もう一度 review してください。"] if reviewed.findings else []
    return _tell(arguments, lines, findings=reviewed.findings, path=path, reviewer=arguments.by, reviewed_on=day)


VERBS: dict[str, tuple[Run, int]] = {  # what each does, and how many words it takes
    "list": (_list_cases, 0),
    "start": (_start_case, 1),
    "add": (_add_case, 2),
    "changes": (_show_changes, 1),
    "seen": (_see_case, 1),
    "paste": (_paste_case, 1),
    "dismiss": (_set_aside, 1),
    "wait": (_set_aside, 1),
}

VERB: Option = (
    ("verb",),
    {
        "nargs": "?",
        "default": "list",
        "choices": tuple(VERBS),
        "metavar": "動作",
        "help": "list（一覧）、start（日本語の原稿を置く）、add（号に載せる）、changes（原文の変わったところを見る）、"
        "seen（更新された原文を確かめた）、paste（ページやファイルを取り込む）、dismiss（掲載見送り）、wait（許諾待ち）",
    },
)
WHAT: Option = (("what",), {"nargs": "*", "metavar": "事例", "help": "「配信元/名前」。add は「配信元/名前 号」、paste はURLかファイル"})
BY: Option = (("--by",), {"default": "", "metavar": "氏名", "help": "校閲した人、原文の更新を確かめた人の氏名"})
CASE_OPTIONS: tuple[Option, ...] = tuple(
    ((f"--{name}",), {"default": "", "metavar": word, "help": text})
    for name, word, text in (
        *(("feed", "配信元", "paste：どの配信元の事例か"), ("title", "原題", "paste：原題（省くと、ページの題名）")),
        *(
            ("reason", "理由", "dismiss・wait：その理由"),
            ("office", "発信元", "一覧：発信元の名前の一部"),
            ("pathway", "分野", "一覧：分野"),
        ),
        *(("year", "年", "一覧：原文の公開年（例：2024、不明）"), ("language", "言語", "一覧：原文の言語（例：en）")),
        ("state", "状態", "一覧：状態（例：校閲済、掲載予定、掲載済）"),
    )
)
MONTHS: Option = (("--months",), {"type": int, "default": 6, "metavar": "数", "help": "一覧：何か月載せていなければ知らせるか"})

CASES: Option = (("cases",), {"nargs": "+", "metavar": "事例", "help": "「配信元/名前」。いくつでも並べられます"})
MACHINE: Option = (
    ("--with",),
    {
        "dest": "machine",
        "default": "",
        "choices": ("manual", "deepl", "openai"),
        "metavar": "方法",
        "help": "manual（空の原稿と翻訳用紙）、deepl、openai（省くと newsletter.toml の [translate] with）",
    },
)

CASE_COMMANDS: dict[str, tuple[Run, str, tuple[Option, ...]]] = {
    "cases": (
        run_cases,
        "海外事例の一覧と状態。start で日本語の原稿を置き、add で号に載せます",
        (VERB, WHAT, BY, *CASE_OPTIONS, MONTHS, JSON),
    ),
    "translate": (run_translate, "海外事例の翻訳用紙、または機械翻訳の下訳を作ります", (CASES, MACHINE, JSON)),
    "review": (run_review, "海外事例を校閲済にします", ((("case",), {"metavar": "事例", "help": "「配信元/名前」"}), BY, JSON)),
    "feed": (run_feed, "公開できる海外事例を、AtomとJSON Feedに書き出します（build/feed/）", (JSON,)),
}
