"""The links of an issue against what the web answered: links and answers in, findings out. Pure: ``sources.links`` has done the asking.

It must never blame a link for the network: time-outs, busy servers and refusals of robots are notes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.model import Answer, Finding, Place, Severity

PREFIX = "ONL"
_NEVER = re.compile(
    r"unsubscri|[/?&.=_-]unsub\b|opt-?out|haishin-?teishi|(?:^|\.)list-manage\d?\.com|merge\.invalid|/preferences?(?:[/?]|$)|update.?profile",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"//(?:accounts?|login|signin|sso|auth|idp|adfs)\.|//[^/]*login\.|/(?:accounts?/)?"
    r"(?:log-?in|sign-?in|wp-login|sso|saml2?|oauth2?|adfs)(?:[/.?]|$)",
    re.IGNORECASE,
)
_FRONT = re.compile(r"/?(?:(?:ja|jp|en)(?:-\w+)?/?)?(?:index\.\w+)?")
_OFFLINE = "インターネットへの接続を確かめて、もう一度実行してください。読者の側の問題ではありません。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address of the issue and where it was written (``None``: printed by the program)."""

    url: str
    place: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What we must publish before the mail goes: the web copy (``bytes`` 0), or a picture with its size in bytes."""

    url: str
    place: Place
    bytes: int = 0


def may_be_asked(url: str, never: Iterable[str] = ()) -> bool:
    """Whether an address may be requested: nothing that could stop a reader's mail (``never``: our own such pages), only the web."""
    return url.startswith(("http://", "https://")) and not _NEVER.search(url) and not any(page and url.startswith(page) for page in never)


def asked_as(url: str) -> str:
    """The address as a server is asked for it: without the part behind #."""
    return url.partition("#")[0]


def online(links: Iterable[Link], own: Iterable[Own], answers: Mapping[str, Answer], *, hosts: frozenset[str]) -> tuple[Finding, ...]:
    """What is wrong with the links. Without any answer at all, one note says so.

    ``hosts`` (with their ports) are ours: a broken link there is ours to mend.
    """
    if answers and not any(answer.status or answer.fault == "private" for answer in answers.values()):
        return (
            _finding("ONL006", Severity.NOTE, f"リンク {len(answers)}件のどれからも応答がなく、確かめられませんでした。", _OFFLINE, None),
        )
    published = tuple(own)
    ours = {one.url for one in published}
    found = [
        finding
        for link in links
        if (answer := answers.get(asked_as(link.url))) and answer.url not in ours
        for finding in _judge(link, answer, hosts)
    ]
    missing = [finding for one in published if (answer := answers.get(one.url)) for finding in _published(one, answer)]
    return (*found, *missing)


def _judge(link: Link, answer: Answer, hosts: frozenset[str]) -> Iterator[Finding]:
    grave = Severity.ERROR if urlsplit(link.url).netloc in hosts else Severity.WARNING
    broken = _broken(answer)
    if broken:
        hint = "ブラウザで開いて確かめ、正しいURLに直してください。公開前のページなら、発信元に公開の日時を確かめてください。"
        yield _finding("ONL001", grave, f"{link.url} は{broken}。", hint, link.place)
    elif _asks_login(answer):
        hint = "読者には開けません。だれでも読めるページのURLに直すか、リンクを外してください。"
        yield _finding("ONL004", grave, f"{link.url} は、ログインしないと読めないページのようです。", hint, link.place)
    elif answer.fault or not 200 <= answer.status < 300:
        yield _finding(
            "ONL006",
            Severity.NOTE,
            f"{link.url} は確かめられませんでした（{_said(answer)}）。",
            "ブラウザで開いて確かめてください。",
            link.place,
        )
    elif answer.missing or _is_sent_home(link.url, answer):
        what = f"「{answer.title[:40] or '見つかりません'}」というページ" if answer.missing else "サイトのトップページ"
        hint = "元のページがなくなったようです。ブラウザで開いて確かめ、正しいURLに直してください。"
        yield _finding("ONL003", grave, f"{link.url} を開くと、{what}になります。", hint, link.place)
    elif answer.moved and not _is_same(link.url, answer.moved):
        same_site = urlsplit(link.url).hostname == urlsplit(answer.moved).hostname
        hint = f"新しいURLに直してください：{answer.moved}"
        yield _finding(
            "ONL002", Severity.NOTE if same_site else Severity.WARNING, f"{link.url} は、別のURLに移っています。", hint, link.place
        )


def _broken(answer: Answer) -> str:
    """What readers meet instead of the page; "" if it may well be there."""
    if answer.status in (404, 410):
        return f"見つかりません（HTTP {answer.status}）"
    return {
        "name": "、サーバーが見つかりません",
        "tls": "、安全な接続（証明書）に問題があり、ブラウザが警告を出します",
        "private": "、組織内や自分のパソコンのアドレスを指しています。読者には開けません",
        "address": "、URLの形が正しくないか、正しくないURLに転送されます",
    }.get(answer.fault, "")


def _asks_login(answer: Answer) -> bool:
    redirected = asked_as(answer.final) != answer.url and bool(_LOGIN.search(answer.final)) and not _LOGIN.search(answer.url)
    return answer.login or answer.status == 401 or (redirected and answer.status < 500)


def _said(answer: Answer) -> str:
    known = {403: "機械での確認を断られました", 429: "相手のサーバーが混み合っています"}
    if answer.status:
        return known.get(answer.status, f"HTTP {answer.status}")
    return "転送が繰り返されました" if answer.fault == "loop" else "応答がありません"


def _is_sent_home(url: str, answer: Answer) -> bool:
    """Whether a deep link ends on the front page: the page is gone and nobody says so."""
    asked, final = urlsplit(url), urlsplit(answer.final)
    return final.path in ("", "/") and not final.query and not asked.query and not _FRONT.fullmatch(asked.path)


def _is_same(url: str, other: str) -> bool:
    """Whether two addresses differ only in what nobody types: https, www, a slash or the index page at the end."""

    def bare(address: str) -> str:
        parts = urlsplit(asked_as(address))
        path = re.sub(r"(?:/index\.(?:html?|php))?/?$", "", parts.path)
        return f"{(parts.hostname or '').removeprefix('www.')}{path}?{parts.query}"

    return bare(url) == bare(other)


def _published(own: Own, answer: Answer) -> Iterator[Finding]:
    hint = "メールより先に公開してください。" + (
        "enews build の images/ を、その場所に置きます。" if own.bytes else "enews export --web の web/ を、その場所に置きます。"
    )
    what = "写真" if own.bytes else "Web版"
    if answer.fault == "network" or answer.status >= 500 or answer.status == 429:
        yield _finding(
            "ONL006",
            Severity.NOTE,
            f"{what} {own.url} は確かめられませんでした（{_said(answer)}）。",
            "ブラウザで開いて確かめてください。",
            own.place,
        )
    elif not 200 <= answer.status < 300 or answer.missing:
        yield _finding("ONL005", Severity.WARNING, f"{what} {own.url} が、まだ公開されていません。", hint, own.place)
    elif ("image/" if own.bytes else "text/html") not in answer.content_type:
        yield _finding(
            "ONL005",
            Severity.WARNING,
            f"{what} {own.url} が、{what}として届きません（{answer.content_type or '種類の表示なし'}）。",
            hint,
            own.place,
        )
    elif own.bytes and answer.length not in (own.bytes, -1):
        message = f"写真 {own.url} が、今の写真と違います（{answer.length:,} バイト。正しくは {own.bytes:,} バイト）。"
        yield _finding("ONL005", Severity.WARNING, message, hint, own.place)


def _finding(code: str, severity: Severity, message: str, hint: str, place: Place | None) -> Finding:
    return Finding(code=code, severity=severity, message=message, hint=hint, place=place)
