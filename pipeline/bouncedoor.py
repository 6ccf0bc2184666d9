"""The leaf of the door for what comes back: ``enews bounces``; arguments in, one desk call, printed lines and an exit code out.

Addresses are shown masked, but to an editor who asks for them with ``--show``.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.doorway import JSON, Option, Run, print_json, workspace_of

if TYPE_CHECKING:
    from pipeline.bouncedesk import Post, Sorted

WORDS = {
    "dead": "宛先不明",
    "soft": "一時的な不達",
    "filtered": "読者の受信設定による不達",
    "blocked": "受信側がこちらを拒否",
    "forwarded": "名簿にない転送先での不達",
    "complaint": "迷惑メールの報告",
    "leave": "配信停止の返信",
    "wish": "配信停止の希望",
    "moved": "異動・退職のお知らせ",
    "auto": "不在・自動応答",
    "notice": "遅れ・到着のお知らせ",
    "other": "そのほかのメール",
}
ADVICE = {
    "wish": "本人の希望なら",
    "moved": "後任の方に替えるなら",
    "filtered": "宛先は生きています。受信設定に {sender} を加えていただけるか、別の方法でたずねてください",
    "forwarded": "登録のアドレスから転送された先で届いていません。代表アドレスなら、ほかの方には届いています。届かない方だけのものなら",
    "soft": "だれのものか、このメールだけでは確かめられないため、数えていません",
    "blocked": "だれのものか、このメールだけでは確かめられないため、数えていません",
    "dead": "だれのことか、このメールだけでは確かめられません。確かめて、そのとおりなら",
}
SHOWN = 200  # lines of one heading


def run_bounces(arguments: argparse.Namespace) -> int:
    """``enews bounces``."""
    from pipeline import bouncedesk

    workspace = workspace_of(arguments)
    post = bouncedesk.sort_post(workspace, arguments.paths, dry=arguments.dry_run, sure=arguments.sure)
    if arguments.json:
        print_json(**_rows(post, show=arguments.show))
    else:
        print(*_lines(post, sender=workspace.masthead.sender.from_, show=arguments.show), sep="\n")
    return 0


def _rows(post: Post, *, show: bool) -> dict[str, Any]:
    """The answer of ``--json``: mails by what became of them, with a row for each that did something or asks for a decision."""
    from pipeline.bouncedesk import Deed

    told = post.with_deed(Deed.STRUCK, Deed.COUNTED, Deed.ASKED, Deed.AGREED)
    return {
        "findings": [],
        "dry_run": post.dry,
        "read": sum(bool(mail.file) for mail in post.mails),
        "deeds": {deed.value: len(post.with_deed(deed)) for deed in Deed},
        "passed": {kind.value: count for kind, count in sorted(post.passed.items(), key=lambda pair: pair[0].value)},
        "mails": [_row(mail, show=show) for mail in told],
        "refused": [{"slug": one.slug, "blocked": one.blocked, "recipients": one.recipients} for one in post.refused],
        "moving_season": post.moving,
    }


def _row(mail: Sorted, *, show: bool) -> dict[str, Any]:
    verdict = mail.verdict
    return {
        "file": mail.file,
        "number": mail.number,
        "deed": mail.deed.value,
        "kind": verdict.kind.value,
        "reader": mail.reader.id if mail.reader else None,
        "address": _shown(mail.reader.address, show=show) if mail.reader else "",
        "named": [_shown(address, show=show) for address in verdict.addresses],
        "slug": mail.slug,
        "status": verdict.status,
        "words": _said(mail, show=show),
        "in_a_row": mail.row,
    }


def _shown(address: str, *, show: bool) -> str:
    from pipeline.delivery.people import masked

    return address if show else masked(address)


def _said(mail: Sorted, *, show: bool) -> str:
    from pipeline.delivery.ledger import without_addresses

    words = mail.verdict.words[:120]
    return words if show else without_addresses(words)


def _lines(post: Post, *, sender: str, show: bool) -> Iterator[str]:
    from pipeline.bouncedesk import Deed

    turned = sum(not mail.file for mail in post.mails)
    ledger = f"送信のときに断られた{turned}件も、あわせて仕分けました。" if turned else ""
    yield f"{len(post.mails) - turned}通を読みました。{ledger}" + ("（確かめるだけで、何も変えていません）" if post.dry else "")
    struck, asked, counted = (post.with_deed(deed) for deed in (Deed.STRUCK, Deed.ASKED, Deed.COUNTED))
    if struck:
        yield from ("", f"■配信停止リストに{'入れます' if post.dry else '入れました'}：{len(struck)}人")
        yield from _cut([_line(mail, show=show) for mail in struck])
    if counted:
        yield from ("", f"■記録し{'ます' if post.dry else 'ました'}（3号続くと、配信停止リストに入れます）：{len(counted)}件")
        yield from _cut([_line(mail, show=show) for mail in counted])
    if agreed := post.with_deed(Deed.AGREED):
        yield from ("", "■止めていません（このメールの後で、あらためて同意をいただいています）")
        yield from _cut([_line(mail, show=show) for mail in agreed])
    if asked:
        yield from ("", f"■人が決めてください：{len(asked)}件")
        yield from _cut([line for mail in asked for line in _question(mail, sender=sender, show=show)])
        if not show:
            yield "  アドレスは伏せています。--show を付けると、そのまま写して使える命令を表示します。"
    yield from _rest(post)
    yield from _notes(post)


def _cut(lines: list[str]) -> list[str]:
    return lines if len(lines) <= SHOWN else [*lines[:SHOWN], f"  ほか {len(lines) - SHOWN}行（--json で、すべて表示します）"]


def _line(mail: Sorted, *, show: bool) -> str:
    reader = mail.reader
    who = f"{reader.organisation} {reader.name if show else ''}".strip() + f" {_shown(reader.address, show=show)}" if reader else ""
    facts = "、".join(filter(None, (mail.slug and f"{mail.slug}号", mail.verdict.status, f"{mail.row}号続き" if mail.row > 1 else "")))
    return f"  {who.strip()}　{WORDS[mail.verdict.kind.value]}{f'（{facts}）' if facts else ''}"


def _question(mail: Sorted, *, sender: str, show: bool) -> Iterator[str]:
    """What the editor is asked, and the command that does it."""
    kind = mail.verdict.kind.value
    place = (mail.file or "送信のときの返事") + (f" の{mail.number}通目" if mail.number > 1 else "")
    said = _said(mail, show=show)
    reader = mail.reader or mail.known
    address = reader.address if reader else next(iter(mail.verdict.addresses), "")
    who = _shown(address, show=show) if address else "（だれのことか分かりません）"
    tested = mail.verdict.ticket is not None and mail.verdict.ticket.reader == 0
    on_list = "テスト配信の不達です" if tested else "" if reader else "名簿にありません"
    yield f"  {WORDS[kind]}：{who}{f'（{on_list}）' if on_list else ''}　{place}{f'「{said}」' if said else ''}"
    advice = ADVICE.get(kind, ADVICE["dead"]).format(sender=sender)
    command = _command(mail, who, show=show) if address and not tested and kind not in ("filtered", "soft", "blocked") else ""
    if not tested:
        yield f"    → {advice}{f'：{command}' if command else ''}"


def _command(mail: Sorted, who: str, *, show: bool) -> str:
    kind = mail.verdict.kind.value
    if kind == "moved":
        successor = next((_shown(address, show=show) for address in mail.verdict.addresses[1:]), "後任の方のアドレス")
        return f"enews subscribers replace {who} {successor} --consent-how 経路 --consent-on 日付"
    reason = {"wish": "--via 返信", "complaint": "--reason 苦情 --via 報告"}.get(kind, "--reason 不達 --via 不達メール")
    return f"enews subscribers suppress {who} {reason}"


def _rest(post: Post) -> Iterator[str]:
    from pipeline.bouncedesk import Deed

    parts = [f"{WORDS[kind.value]} {count}通" for kind, count in sorted(post.passed.items(), key=lambda pair: pair[0].value)]
    again, gone = len(post.with_deed(Deed.AGAIN)), len(post.with_deed(Deed.GONE))
    parts += [f"前に数えたもの {again}通"] if again else []
    parts += [f"もう配信していない方 {gone}通"] if gone else []
    if parts:
        yield from ("", f"ほかは、することがありません：{'、'.join(parts)}")


def _notes(post: Post) -> Iterator[str]:
    from pipeline.bouncedesk import Deed
    from pipeline.delivery.bounces import Kind

    for one in post.refused:
        share = 100 * one.blocked / max(one.recipients, 1)
        yield f"\n注意：{one.slug}号は、{one.recipients}人のうち{one.blocked}人（{share:.0f}%）の受信側が、こちらからのメールを拒みました。"
        yield "  読者のアドレスではなく、送る側（送信サーバーの評判、SPF・DKIM・DMARC、本文やリンク）に原因があります。"
        yield "  この号のこの不達では、だれの配信も止めていません。送信サーバーの管理者に、上の記号（5.7.…）を伝えてください。"
    if post.moving and any(mail.verdict.kind in (Kind.DEAD, Kind.MOVED) and mail.deed is not Deed.AGAIN for mail in post.mails):
        yield "\n異動の時期です。宛先不明がいつもより多くても、名簿の誤りとは限りません。"
        yield "  後任の方が分かれば「enews subscribers replace 前のアドレス 新しいアドレス」で引き継いでください。"


PATHS: Option = (
    ("paths",),
    {"metavar": "ファイル", "nargs": "+", "type": Path, "help": "受信箱から書き出したメール（.eml、mbox、Maildir、フォルダー）"},
)
DRY_RUN: Option = (("--dry-run",), {"action": "store_true", "help": "何をするかを表示するだけで、何も変えません"})
SURE: Option = (("--sure",), {"action": "store_true", "help": "一つの号で宛先不明が2割を超えても、そのとおりに止めます"})
SHOW: Option = (("--show",), {"action": "store_true", "help": "アドレスを伏せずに表示します"})

BOUNCE_COMMANDS: dict[str, tuple[Run, str, tuple[Option, ...]]] = {
    "bounces": (
        run_bounces,
        "届かずに戻ったメールと返信（配信停止の希望、異動のお知らせなど）を仕分けます",
        (PATHS, DRY_RUN, SURE, SHOW, JSON),
    ),
}
