"""The leaf of the door for readers: ``enews subscribers`` and its verbs; arguments in, one desk call, printed lines and an exit code out.

It decides nothing by itself. An address is printed whole only where it was typed in, or asked for with ``--show``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.doorway import JSON, Option, Run, print_json, workspace_of
from pipeline.readerlines import (
    FORGOTTEN,
    HISTORY,
    WORDS,
    file_row,
    list_line,
    reader_row,
    reject_rows,
    shown_address,
    shown_value,
    taken_lines,
)

if TYPE_CHECKING:
    from pipeline.readerdesk import Settings

_GIVEN = ("name", "organisation", "department", "segment", "member", "language")


def run_subscribers(arguments: argparse.Namespace) -> int:
    """``enews subscribers`` and its verbs."""
    verb = VERBS[arguments.verb]
    least, most = verb[1]
    wrong = [flag for name, flag in OPTION_NAMES.items() if getattr(arguments, name) not in (None, False, "", []) and name not in verb[3]]
    if not least <= len(arguments.what) <= (most or len(arguments.what)):
        print(f"enews subscribers {arguments.verb}：{verb[2]}", file=sys.stderr)
        return 2
    if wrong:
        print(f"enews subscribers {arguments.verb}：{'、'.join(wrong)} は使えません。", file=sys.stderr)
        return 2
    return verb[0](arguments)


def _root(arguments: argparse.Namespace) -> Path:
    return workspace_of(arguments).root


def _now() -> str:
    """The time in Japan, to the second."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Asia/Tokyo")).replace(tzinfo=None).isoformat(timespec="seconds")


def _settings(arguments: argparse.Namespace) -> Settings:
    from pipeline.errors import ReaderError
    from pipeline.readerdesk import Settings

    own = {}
    for text in arguments.own or []:
        key, sign, value = text.replace("＝", "=").partition("=")
        if not sign or not key.strip():
            raise ReaderError(f"--set「{text}」は、項目=値 の形で指定してください（例：--set 役職=課長）。")
        own[key.strip()] = value
    given = {name: getattr(arguments, name) for name in _GIVEN if getattr(arguments, name) is not None}
    how, on = arguments.consent_how or "", arguments.consent_on or ""
    return Settings(now=_now(), by=_who(arguments), given=given, own=own, consent_how=how, consent_on=on, as_is=arguments.as_is)


def _who(arguments: argparse.Namespace) -> str:
    """Who does it: as said, else as logged in."""
    import getpass

    try:
        return str(arguments.by or getpass.getuser())
    except (OSError, KeyError):
        return "不明"


def _tell(arguments: argparse.Namespace, lines: Iterable[str], **rows: object) -> int:
    if arguments.json:
        print_json(findings=[], **rows)
    else:
        print(*lines, sep="\n")
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from pipeline.readerdesk import Intake, import_lists, total

    paths = tuple(Path(name) for name in arguments.what)
    intake = Intake(paths=paths, columns=arguments.columns, sheet=arguments.sheet, dry=arguments.dry_run)
    taken = import_lists(_root(arguments), intake, _settings(arguments))
    counts = total(taken)
    if arguments.json:
        files = {"files": [file_row(one) for one in taken]} if arguments.dry_run else {}
        print_json(findings=[row for one in taken for row in reject_rows(one)], **counts, **files)
        return int(counts["rejected"] > 0)
    for one in taken:
        print(*taken_lines(one, dry=arguments.dry_run), sep="\n")
    if arguments.dry_run:
        print("確かめただけで、名簿は変えていません。よければ、--dry-run を外してもう一度実行してください。")
    return int(counts["rejected"] > 0)


def _add(arguments: argparse.Namespace) -> int:
    from pipeline.delivery.people import masked
    from pipeline.readerdesk import add_reader

    reader = add_reader(_root(arguments), arguments.what[0], _settings(arguments))
    lines = [f"{masked(reader.address)} を名簿に加えました。"]
    lines += (
        [] if reader.consent.how else ["同意の記録がありません。いただいた経路を --consent-how で記録してください（change でも足せます）。"]
    )
    return _tell(arguments, lines, added=masked(reader.address))


def _change(arguments: argparse.Namespace) -> int:
    from pipeline.readerdesk import change_reader

    changed = change_reader(_root(arguments), arguments.what[0], _settings(arguments), new_address=arguments.address or "")
    line = f"{'・'.join(changed)}を変えました。" if changed else "変わったところはありません。"
    return _tell(arguments, (line,), changed=changed)


def _replace(arguments: argparse.Namespace) -> int:
    from pipeline.delivery.people import masked
    from pipeline.readerdesk import replace_in_office

    reader = replace_in_office(_root(arguments), arguments.what[0], arguments.what[1], settings=_settings(arguments))
    lines = [
        f"{masked(arguments.what[0])} の後任を {masked(reader.address)} にしました（所属 {reader.organisation or 'なし'}、区分 {reader.segment or 'なし'}）。"
    ]
    if not reader.consent.how:
        lines += [f"新しい方に配信の同意を確かめ、「enews subscribers change {reader.address} --consent-how 経路」で記録してください。"]
    return _tell(arguments, lines, reader=reader_row(reader, show=False))


def _suppress(arguments: argparse.Namespace) -> int:
    from pipeline.delivery.people import masked
    from pipeline.readerdesk import suppress_reader

    new = suppress_reader(_root(arguments), arguments.what[0], reason=arguments.reason or "配信停止", via=arguments.via or "", now=_now())
    shown = masked(arguments.what[0])
    line = f"{shown} を配信停止リストに入れました。今後は送りません。" if new else f"{shown} は、もう配信停止リストにあります。"
    return _tell(arguments, (line,), suppressed=new)


def _forget(arguments: argparse.Namespace) -> int:
    from pipeline.readerdesk import forget_reader

    known = forget_reader(_root(arguments), arguments.what[0], now=_now())
    lines = ("名簿と記録から消しました。" if known else "名簿にはありませんでした。", *FORGOTTEN)
    return _tell(arguments, lines, forgotten=known)


def _show(arguments: argparse.Namespace) -> int:
    from pipeline.readerdesk import show_reader

    found = show_reader(_root(arguments), arguments.what[0])
    row = reader_row(found.reader, show=True) if found.reader else {}
    stopped = found.stopped
    stop = {"reason": stopped.reason, "via": stopped.via, "at": stopped.at} if stopped else None
    lines = [f"{WORDS[name]}：{shown_value(value)}" for name, value in row.items()] or ["名簿にはありません。"]
    lines += [f"配信しません：{stopped.reason}（{stopped.via or '経路の記録なし'}、{stopped.at[:10]}）"] if stopped else []
    lines += [
        f"  {at[:16].replace('T', ' ')}　{HISTORY.get(what, what)}{f'（{detail}）' if detail else ''}" for at, what, detail in found.history
    ]
    return _tell(arguments, lines, reader=row or None, suppression=stop, history=found.history)


def _list(arguments: argparse.Namespace) -> int:
    from pipeline.delivery.cells import parse_language, parse_member, parse_segment
    from pipeline.delivery.roster import Wanted
    from pipeline.readerdesk import list_readers, list_suppressions

    if arguments.suppressed:
        stopped = [
            {"address": shown_address(one.address, show=arguments.show), "reason": one.reason, "via": one.via, "at": one.at}
            for one in list_suppressions(_root(arguments))
        ]
        lines = [f"{row['at'][:10]}　{row['reason']}　{row['via'] or '―'}　{row['address'] or '（削除済み）'}" for row in stopped]
        return _tell(arguments, (*lines, f"配信停止リスト {len(stopped)}件"), suppressions=stopped)
    wanted = Wanted(
        words=" ".join(arguments.what),
        segment=parse_segment(arguments.segment or ""),
        language=parse_language(arguments.language or ""),
        member=parse_member(arguments.member or ""),
        unconsented=arguments.no_consent,
    )
    found = list_readers(_root(arguments), wanted)
    rows = [{**reader_row(reader, show=arguments.show), "suppressed": off} for reader, off in found]
    lines = [list_line(row) for row in rows]
    hidden = "" if arguments.show or not rows else "（アドレスと氏名は伏せています。--show で表示します）"
    return _tell(arguments, (*lines, f"読者 {len(rows)}人{hidden}"), readers=rows)


def _stats(arguments: argparse.Namespace) -> int:
    from pipeline.readerdesk import reader_stats

    found = reader_stats(_root(arguments))
    lines = [f"読者 {found['readers']}人（配信する人 {found['receiving']}人、テスト配信先 {found['seeds']}人）"]
    lines += ["区分：" + "、".join(f"{name} {number}" for name, number in found["segments"].items())] if found["segments"] else []
    lines += [f"会員 {found['members']}人、言語 " + "、".join(f"{name} {number}" for name, number in found["languages"].items())]
    lines += [f"同意の記録がない人 {found['without_consent']}人（list --no-consent で見られます）"] if found["without_consent"] else []
    lines += ["配信停止リスト：" + "、".join(f"{reason} {number}" for reason, number in found["suppressions"].items())]
    lines += [f"書き出し：{row['at'][:16].replace('T', ' ')}　{row['who']}　{row['rows']}件　{row['file']}" for row in found["exports"]]
    return _tell(arguments, lines, **found)


def _export(arguments: argparse.Namespace) -> int:
    from pipeline.readerdesk import export_readers

    path = Path(arguments.what[0])
    count = export_readers(_root(arguments), path, settings=_settings(arguments), suppressed=arguments.suppressed)
    lines = (
        f"{path} に {count}件を書き出しました（{'配信停止リスト' if arguments.suppressed else '配信停止の方は除いています'}）。",
        "個人情報です。使い終わったら消してください。書き出した人・日時・件数は記録しました。",
    )
    return _tell(arguments, lines, file=str(path), rows=count)


def _backup(arguments: argparse.Namespace) -> int:
    from pipeline.readerdesk import back_up

    path = Path(arguments.what[0])
    count = back_up(_root(arguments), path)
    lines = (
        f"{path} に控えを取りました（読者 {count}人、配信記録を含みます）。",
        "鍵のかかる場所に置いてください。開くには、同じ鍵 ENEWS_SECRET が要ります。",
    )
    return _tell(arguments, lines, file=str(path), readers=count)


def _restore(arguments: argparse.Namespace) -> int:
    from pipeline.readerdesk import take_back

    done = take_back(_root(arguments), Path(arguments.what[0]), now=_now())
    lines = [f"控えを戻しました（読者 {done.readers}人）。"]
    lines += [f"戻す前のものは {done.aside} にあります。確かめて要らなければ、消してください。"] if done.aside else []
    if done.carried:
        lines += ["控えの後の配信停止と配信記録は、引き継ぎました。控えの後に加えた読者は入っていません。"]
    else:
        lines += ["控えの後の配信停止と配信記録は、ありません。配信の前に、届いた返信とフォームの記録を確かめてください。"]
    return _tell(arguments, lines, readers=done.readers, aside=str(done.aside or ""), carried=done.carried)


def _seed(arguments: argparse.Namespace) -> int:
    from pipeline.readerdesk import change_seeds

    verb, *addresses = arguments.what
    if verb not in ("add", "remove", "list") or len(addresses) != (verb != "list"):
        print("enews subscribers seed：add アドレス、remove アドレス、list のどれかにしてください。", file=sys.stderr)
        return 2
    found = change_seeds(_root(arguments), verb, "".join(addresses), name=arguments.name or "")
    lines = [f"{address}　{name}".strip() for address, name in found]
    return _tell(arguments, (*lines, f"テスト配信先 {len(found)}人"), seeds=[{"address": address, "name": name} for address, name in found])


_PERSON = ("name", "organisation", "department", "segment", "member", "language", "own", "consent_how", "consent_on", "by", "as_is")
# What each verb does, how many words it takes (0: any), how it is told when that is wrong, and which options it knows.
VERBS: dict[str, tuple[Run, tuple[int, int], str, tuple[str, ...]]] = {
    "import": (
        _import,
        (1, 0),
        "名簿のファイルを指定してください。",
        ("dry_run", "columns", "sheet", "as_is", "consent_how", "consent_on", "by"),
    ),
    "add": (_add, (1, 1), "アドレスを一つ指定してください。", _PERSON),
    "change": (_change, (1, 1), "アドレスを一つ指定してください。", (*_PERSON, "address")),
    "list": (_list, (0, 0), "", ("segment", "language", "member", "no_consent", "suppressed", "show")),
    "show": (_show, (1, 1), "アドレスを一つ指定してください。", ()),
    "stats": (_stats, (0, 0), "", ()),
    "export": (_export, (1, 1), "書き出すファイルの名前を指定してください。", ("suppressed", "by")),
    "suppress": (_suppress, (1, 1), "アドレスを一つ指定してください。", ("reason", "via")),
    "replace": (_replace, (2, 2), "前のアドレスと新しいアドレスを指定してください。", _PERSON),
    "forget": (_forget, (1, 1), "アドレスを一つ指定してください。", ()),
    "backup": (_backup, (1, 1), "控えのファイルの名前を指定してください。", ()),
    "restore": (_restore, (1, 1), "控えのファイルを指定してください。", ()),
    "seed": (_seed, (1, 2), "add アドレス、remove アドレス、list のどれかにしてください。", ("name",)),
}


def _text(flag: str, metavar: str, words: str, *, dest: str = "") -> Option:
    return ((flag,), {"default": None, "metavar": metavar, "help": words, **({"dest": dest} if dest else {})})


def _flag(flag: str, words: str) -> Option:
    return ((flag,), {"action": "store_true", "help": words})


VERB: Option = (
    ("verb",),
    {
        "choices": tuple(VERBS),
        "metavar": "動作",
        "help": "import（取り込む）、add（一人加える）、change（直す）、list（一覧）、show（一人を見る）、stats（人数）、export（書き出す）、"
        "suppress（配信停止）、replace（異動：前のアドレス 新しいアドレス）、forget（削除の求めに応じて消す）、"
        "backup（控えを取る）、restore（控えを戻す）、seed（テスト配信先：add・remove・list）",
    },
)
WHAT: Option = (("what",), {"nargs": "*", "metavar": "対象", "help": "アドレス、またはファイル。list では、探す言葉"})
OPTIONS: tuple[Option, ...] = (
    _flag("--dry-run", "import：文字コード・区切り・列と、取り込んだ結果を表示するだけで、名簿を変えません"),
    ((("--columns"),), {"default": "", "metavar": "列", "help": "import：見出しのない名簿の列（例：メールアドレス,氏名,所属）"}),
    ((("--sheet"),), {"default": "", "metavar": "シート", "help": "import：Excelのシートの名前（省くと、アドレスのあるシート）"}),
    _flag("--as-is", "打ち間違いに見えるアドレスも、そのまま登録します"),
    _text("--name", "氏名", "氏名"),
    _text("--organisation", "所属", "自治体・団体の名前"),
    _text("--department", "部署", "部署"),
    _text("--segment", "区分", "自治体、行政、NPO、研究機関、大学、企業、その他"),
    _text("--member", "会員", "会員 か 非会員"),
    _text("--language", "言語", "ja か en"),
    (("--set",), {"dest": "own", "action": "append", "default": None, "metavar": "項目=値", "help": "独自の項目。何度でも使えます"}),
    _text("--consent-how", "経路", "同意をいただいた経路（名刺交換、申込フォームなど）。import では、記録のない行に付けます"),
    _text("--consent-on", "日付", "同意の日（例：2025-01-20。省くと今日）"),
    _text("--by", "氏名", "同意を記録した人、書き出した人（省くと、この機械の利用者名）"),
    _text("--address", "アドレス", "change：新しいアドレス"),
    (
        ("--reason",),
        {
            "default": None,
            "choices": ("配信停止", "不達", "苦情"),
            "metavar": "わけ",
            "help": "suppress：配信停止（省いたとき）、不達、苦情",
        },
    ),
    _text("--via", "経路", "suppress：返信、電話など"),
    _flag("--suppressed", "list・export：配信停止リスト"),
    _flag("--no-consent", "list：同意の記録がない人"),
    _flag("--show", "list：アドレスと氏名を伏せずに表示します"),
)
OPTION_NAMES = {options.get("dest", flags[0].removeprefix("--").replace("-", "_")): flags[0] for flags, options in OPTIONS}

READER_COMMANDS: dict[str, tuple[Run, str, tuple[Option, ...]]] = {
    "subscribers": (run_subscribers, "読者名簿：取り込み、登録、配信停止、異動、削除、書き出し、控え", (VERB, WHAT, *OPTIONS, JSON)),
}
