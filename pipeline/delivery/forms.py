"""The readers' pages as a WSGI application: leave, change, subscribe. A request of whatever kind in, a page with its headers out.

It must never act on GET or HEAD, never set a cookie or redirect, never let a page be stored, framed, indexed or followed by its token, and never
write an address or a token anywhere but into the database: its log line is method, page and status.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from pipeline.config import MASTHEAD, Masthead
from pipeline.delivery.formanswers import SUBSCRIBE, Answer, Answers, Request
from pipeline.delivery.formbody import parse_fields, read_body
from pipeline.delivery.formpages import Pages
from pipeline.delivery.outgoing import PREFERENCES, UNSUBSCRIBE
from pipeline.errors import ConfigError

METHODS = ("GET", "HEAD", "POST")
LONGEST_PATH = 500
Start = Callable[[str, list[tuple[str, str]]], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """The application. ``proxies`` are addresses besides this machine's own whose word on the client's address counts; ``log`` takes one line."""

    pages: Pages
    answers: Answers
    log: Callable[[str], None]
    proxies: frozenset[str] = frozenset()

    def __call__(self, environ: Mapping[str, Any], start: Start) -> Iterable[bytes]:
        """PEP 3333."""
        method = str(environ.get("REQUEST_METHOD", ""))
        route, token = self._route(environ)
        trouble = ""
        try:
            answer = self._answer(environ, method, route, token)
            body = self.pages.page(answer.page, **answer.words)
        except Exception as error:  # noqa: BLE001 (whatever it is, its words may hold an address, and the reader needs a way out)
            trouble = f" {type(error).__name__}"
            answer = Answer(page="trouble", words={"unsent": False}, status=HTTPStatus.SERVICE_UNAVAILABLE, retry=60)
            body = self._plain_trouble(answer)
        self.log(f"{method if method in METHODS else 'OTHER'} {route or '-'} {int(answer.status)}{trouble}")
        start(f"{int(answer.status)} {answer.status.phrase}", self._headers(answer, body))
        return [] if method == "HEAD" else [body]

    def _route(self, environ: Mapping[str, Any]) -> tuple[str, str]:
        """The page that a path means, by the masthead's addresses, and the one step behind it; ("", "") for anything else."""
        path = f"{environ.get('SCRIPT_NAME', '')}{environ.get('PATH_INFO', '')}"
        for base, name in routes_of(self.pages.masthead):
            token = path.removeprefix(base).removesuffix("/")
            if (path == base or path.startswith(f"{base}/")) and len(path) <= LONGEST_PATH and "/" not in token[1:]:
                return name, token[1:]
        return "", ""

    def _answer(self, environ: Mapping[str, Any], method: str, route: str, token: str) -> Answer:
        if not route:
            return Answer(page="missing", status=HTTPStatus.NOT_FOUND)
        if method not in METHODS:
            return Answer(page="refused", words={"large": False}, status=HTTPStatus.METHOD_NOT_ALLOWED)
        request = Request(token=token, acts=method == "POST", client=self._client(environ), fields={})
        if request.acts:
            body = read_body(environ)
            if isinstance(body, HTTPStatus):
                return Answer(page="refused", words={"large": body is HTTPStatus.REQUEST_ENTITY_TOO_LARGE}, status=body)
            request = replace(request, fields=parse_fields(body, str(environ.get("CONTENT_TYPE") or "")))
        answer: Callable[[Request], Answer] = getattr(self.answers, route)
        return answer(request)

    def _client(self, environ: Mapping[str, Any]) -> str:
        """Whom to count: the peer, or whom our own proxy names last; a network of 2⁶⁴ addresses is one client."""
        peer = _address(str(environ.get("REMOTE_ADDR", "")))
        if peer and (peer.is_loopback or str(peer) in self.proxies):
            peer = _address(str(environ.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()) or peer
        return str(int(peer) >> 64) if isinstance(peer, IPv6Address) else str(peer)

    def _headers(self, answer: Answer, body: bytes) -> list[tuple[str, str]]:
        headers = [
            ("Server", "enews"),
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Content-Language", "ja"),
            ("Content-Security-Policy", self.pages.policy),
            ("Referrer-Policy", "no-referrer"),
            ("Cache-Control", "no-store"),
            ("X-Robots-Tag", "noindex, nofollow, noarchive"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ]
        headers += [("Retry-After", str(answer.retry))] if answer.retry else []
        headers += [("Allow", ", ".join(METHODS))] if answer.status is HTTPStatus.METHOD_NOT_ALLOWED else []
        return headers

    def _plain_trouble(self, answer: Answer) -> bytes:
        """The page for trouble, or its words alone if the trouble is with the templates."""
        try:
            return self.pages.page(answer.page, **answer.words)
        except Exception:  # noqa: BLE001
            words = f"ただいま手続きができません。件名を「配信停止」などとして、{self.pages.reply_to} へメールをお送りください。"
            return f'<!DOCTYPE html><html lang="ja"><meta charset="utf-8"><title>お手続き</title><p>{words}</p></html>'.encode()


def _address(text: str) -> Any:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def routes_of(masthead: Masthead) -> tuple[tuple[str, str], ...]:
    """(path without its last slash, page) of the masthead's addresses, the longest first.

    ``ConfigError`` if there is no page to leave on, or if two pages have one path.
    """
    web = masthead.web
    urls = {UNSUBSCRIBE: web.unsubscribe, PREFERENCES: web.preferences, SUBSCRIBE: web.subscribe_url}
    paths = {name: urlsplit(url).path.rstrip("/") for name, url in urls.items() if url}
    if UNSUBSCRIBE not in paths:
        raise ConfigError(f"{MASTHEAD} の [web] に unsubscribe がありません。配信停止ページの URL を書いてください。")
    if len(set(paths.values())) < len(paths):
        raise ConfigError(f"{MASTHEAD} の [web] の unsubscribe・preferences・subscribe_url は、別々のページにしてください。")
    return tuple(sorted(((path, name) for name, path in paths.items()), key=lambda row: len(row[0]), reverse=True))
