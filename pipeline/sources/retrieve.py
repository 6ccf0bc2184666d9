"""Bytes of a feed: an address or a saved file in, ``Retrieved`` out. The only file of this room that opens sockets.

Retrieving is a step of its own: nothing here parses, decides or stores. It must never reach an address that is not permitted (every hop of a
redirect is resolved, checked, and connected to by the checked number), never read more than the cap, never outlive the deadline.
The standard library's client is enough: the socket is ours, so the check, the deadline and TLS sit in one place, and the machine's own
certificates are used. Proxies of the environment are ignored on purpose: behind one, the check of the address would mean nothing.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
import urllib.parse
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import FeedError
from pipeline.sources.addresses import Target, is_number, is_public, joined, target_of

USER_AGENT = "enews-desk/0.1 (+https://japan.iclei.org/)"
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, */*;q=0.5"
WEB_SCHEMES = ("http://", "https://")
_TEMPORARY, _PERMANENT = (302, 303, 307), (301, 308)
_NOWHERE = "転送されましたが、転送先が示されていません。ブラウザで開き、行き着いた先を newsletter.toml の url に書いてください。"
_STATUS = {
    **dict.fromkeys((*_TEMPORARY, *_PERMANENT), _NOWHERE),
    401: "閲覧に認証が必要です。公開されているフィードの URL か確かめてください。",
    403: "閲覧を断られました。ブラウザで開けるか確かめ、開けるなら配信元に問い合わせてください。",
    404: "そのページやフィードは見つかりません。URL（フィードなら newsletter.toml の url）を確かめてください。",
    410: "フィードの公開は終わっています。newsletter.toml から外すか、新しい url に直してください。",
    429: "相手のサーバーが混み合っています。時間をおいて、もう一度実行してください。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how much: seconds for one wait and for the whole, bytes on the wire and after decompression, hops."""

    wait: float = 15.0
    total: float = 60.0
    size: int = 5_000_000
    redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What the server gave us last time, sent back so that it may answer 304."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """What came. ``body`` is decompressed; ``unchanged`` is a 304, without a body; ``moved`` is the new address after permanent redirects."""

    url: str
    body: bytes = b""
    content_type: str = ""
    unchanged: bool = False
    validators: Validators = Validators()
    moved: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An answer of any status, or the ``fault`` that there is none. ``body`` is cut at the cap; ``length`` is -1 if nobody says."""

    url: str
    status: int = 0
    fault: str = ""
    content_type: str = ""
    length: int = -1
    body: bytes = b""
    moved: str = ""


class UnknownHostError(FeedError):
    """No such server."""


class PrivateAddressError(FeedError):
    """A server that is not on the open internet."""


class _Deadline:
    """The end of the whole retrieval, over all hops."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return max(0.0, self._end - time.monotonic())

    def check(self) -> None:
        if not self.left:
            raise TimeoutError


def read_saved(root: Path, path: str, limits: Limits = Limits()) -> Retrieved:
    """A feed saved as a file in the workspace ``root``; ``FeedError`` if it is not there, outside, or over the cap."""
    file = (root / path).resolve()
    if not file.is_relative_to(root.resolve()):
        raise FeedError(f"{path} は作業フォルダの外にあります。作業フォルダの中に置いて、そこからの道筋を書いてください。")
    try:
        if file.stat().st_size > limits.size:
            raise FeedError(f"{path} が大きすぎます（上限 {limits.size:,} バイト）。")
        return Retrieved(url="", body=file.read_bytes())
    except OSError as error:
        raise FeedError(f"{path} を読めません（{error.strerror}）。newsletter.toml の url を確かめてください。") from None


def retrieve(
    url: str,
    validators: Validators = Validators(),
    *,
    permits: Callable[[str], bool] = is_public,
    limits: Limits = Limits(),
) -> Retrieved:
    """GET ``url``, following redirects; ``permits`` is asked for every IP address before it is connected to.

    ``FeedError`` says in Japanese what went wrong: no permission, no name, a time-out, a status, too many bytes, a broken transfer.
    """
    deadline = _Deadline(limits.total)
    here, moved, permanent = url, "", True
    try:
        for _ in range(limits.redirects + 1):
            answer, onward, status = _get(here, validators, permits, limits, deadline)
            if not onward:
                return replace(answer, moved=moved)
            permanent = permanent and status in _PERMANENT
            here = joined(here, onward)
            moved = here if permanent else moved
    except FeedError as error:
        if here == url:
            raise
        raise FeedError(f"{url} からの転送先を読めません。{error}") from None
    except (http.client.HTTPException, zlib.error, OSError) as error:
        raise FeedError(f"{here} {_reason(error, deadline, limits)}") from None
    raise FeedError(
        f"{url} の転送が{limits.redirects}回を超えました。ブラウザで開き、行き着いた先を newsletter.toml の url に書いてください。"
    )


def ask(
    url: str,
    method: str,
    *,
    permits: Callable[[str], bool] = is_public,
    follows: Callable[[str], bool] = lambda _url: True,
    limits: Limits = Limits(),
) -> Asked:
    """HEAD or GET ``url``: whatever a server says is an answer, and so is its silence. It never raises for a URL.

    Redirects are followed as far as ``follows`` lets us; what it does not is never requested, and the redirect itself is the answer.
    """
    deadline = _Deadline(limits.total)
    here, moved, permanent = url, "", True
    try:
        for _ in range(limits.redirects + 1):
            asked, onward = _ask(here, method, permits, limits, deadline)
            onward = urllib.parse.urljoin(here, onward) if onward else ""
            if not onward or not follows(onward):
                return replace(asked, moved=moved)
            permanent = permanent and asked.status in _PERMANENT
            here = onward
            moved = here if permanent else moved
    except (FeedError, http.client.HTTPException, zlib.error, OSError, ValueError) as error:
        return Asked(url=here, fault=_fault(error, deadline))
    return Asked(url=here, fault="loop")


def _ask(url: str, method: str, permits: Callable[[str], bool], limits: Limits, deadline: _Deadline) -> tuple[Asked, str]:
    """One hop: the answer, and the address it sends us on to ("" for none)."""
    target = target_of(url)
    with _connected(target, url, permits, limits, deadline) as connection:
        connection.putrequest(method, target.path, skip_host=True, skip_accept_encoding=True)
        for name, value in (*_headers(target, Validators()), ("Accept-Language", "ja, en;q=0.5")):
            connection.putheader(name, {"Accept": "text/html, */*;q=0.8", "Accept-Encoding": "identity"}.get(name, value))
        connection.endheaders()
        response = connection.getresponse()
        onward = response.getheader("Location", "") if response.status in (*_TEMPORARY, *_PERMANENT) else ""
        said = response.getheader("Content-Length", "")
        body, whole = (b"", False) if onward or method == "HEAD" else _beginning(response, url, limits, deadline)
        length = int(said) if said.isdecimal() else len(body) if whole else -1
        kind = response.getheader("Content-Type", "")[:200]
        return Asked(url=url, status=response.status, content_type=kind, length=length, body=body), _latin(onward)


def _beginning(response: http.client.HTTPResponse, url: str, limits: Limits, deadline: _Deadline) -> tuple[bytes, bool]:
    """As much of the body as the cap allows, and whether that is all of it."""
    decoder = _decoder(response.getheader("Content-Encoding", ""), url)
    body = bytearray()
    while len(body) <= limits.size and (chunk := response.read1(65536)):
        deadline.check()
        body += decoder.decompress(chunk, limits.size + 1 - len(body)) if decoder else chunk
    return bytes(body[: limits.size]), len(body) <= limits.size


def _fault(error: Exception, deadline: _Deadline) -> str:
    """The word for what went wrong: what the address is to blame for, and ``network`` for what may be over in an hour."""
    if isinstance(error, UnknownHostError):
        return "name"
    if isinstance(error, PrivateAddressError):
        return "private"
    if isinstance(error, FeedError):
        return "network" if isinstance(error.__cause__, OSError) else "address"
    if isinstance(error, ssl.SSLError) and deadline.left and not isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError, TimeoutError)):
        return "tls"
    return "address" if type(error) is ValueError else "network"


def _get(
    url: str, validators: Validators, permits: Callable[[str], bool], limits: Limits, deadline: _Deadline
) -> tuple[Retrieved, str, int]:
    """One hop: what came, the address it sends us on to ("" for none), the status."""
    target = target_of(url)
    with _connected(target, url, permits, limits, deadline) as connection:
        connection.putrequest("GET", target.path, skip_host=True, skip_accept_encoding=True)
        for name, value in _headers(target, validators):
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        deadline.check()
        if response.status == 304 and validators == Validators():
            raise FeedError(f"{url} は、まだ一度も読んでいないのに「前回と同じ」（HTTP 304）と答えました。配信元に問い合わせてください。")
        onward = response.getheader("Location", "") if response.status in (*_TEMPORARY, *_PERMANENT) else ""
        answer = Retrieved(url=url) if onward else _answer(response, url, limits, deadline)
        if answer.unchanged and answer.validators == Validators():  # many servers do not say them again with a 304
            answer = replace(answer, validators=validators)
        return answer, _latin(onward), response.status


def _answer(response: http.client.HTTPResponse, url: str, limits: Limits, deadline: _Deadline) -> Retrieved:
    found = Validators(etag=response.getheader("ETag", "")[:500], last_modified=response.getheader("Last-Modified", "")[:100])
    if response.status == 304:
        return Retrieved(url=url, unchanged=True, validators=found)
    if response.status != 200:
        hint = _STATUS.get(response.status, "時間をおいて、もう一度実行してください。")
        raise FeedError(f"{url} から読めません（HTTP {response.status}）。{hint}")
    body = _body(response, url, limits, deadline)
    return Retrieved(url=url, body=body, content_type=response.getheader("Content-Type", "")[:200], validators=found)


def _headers(target: Target, validators: Validators) -> Iterator[tuple[str, str]]:
    yield "Host", target.host_header
    yield "User-Agent", USER_AGENT
    yield "Accept", ACCEPT
    yield "Accept-Encoding", "gzip, deflate"
    yield "Connection", "close"
    if validators.etag:
        yield "If-None-Match", validators.etag
    if validators.last_modified:
        yield "If-Modified-Since", validators.last_modified


def _addresses(target: Target, url: str, permits: Callable[[str], bool]) -> list[str]:
    """The IP addresses of the host that we may connect to, each once."""
    try:
        found = [] if is_number(target.host) else socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except OSError as error:
        kind = FeedError if getattr(error, "errno", 0) == socket.EAI_AGAIN else UnknownHostError
        raise kind(f"{url} のサーバー {target.host} が見つかりません。綴りと、インターネットへの接続を確かめてください。") from error
    addresses = list(dict.fromkeys(str(row[4][0]) for row in found)) or [target.host]
    allowed = [address for address in addresses if permits(address)]
    if not allowed:
        raise PrivateAddressError(
            f"{url} は組織内や自分自身のアドレス（{addresses[0]}）を指しているため、読みませんでした。"
            f"確かに組織内のフィードなら、newsletter.toml のこのフィードに allow_private = true と書いてください。"
        )
    return allowed


@contextmanager
def _connected(
    target: Target, url: str, permits: Callable[[str], bool], limits: Limits, deadline: _Deadline
) -> Iterator[http.client.HTTPConnection]:
    """A connection to a checked address, cut by a watchdog at the deadline: a server that drips bytes never trips a time-out of one wait."""
    connection = http.client.HTTPConnection(target.host, target.port)
    sock = _dial(_addresses(target, url, permits), target.port, limits, deadline)
    try:
        if target.secure:
            context = ssl.create_default_context()
            sock = context.wrap_socket(sock, server_hostname=target.host, do_handshake_on_connect=False)
        watchdog = threading.Timer(deadline.left, _cut, (sock,))
        watchdog.daemon = True
        watchdog.start()
        try:
            if isinstance(sock, ssl.SSLSocket):
                sock.do_handshake()
            connection.sock = sock
            yield connection
        finally:
            watchdog.cancel()
    finally:
        connection.close()
        sock.close()


def _dial(addresses: list[str], port: int, limits: Limits, deadline: _Deadline) -> socket.socket:
    for address in addresses[:-1]:
        with suppress(OSError):
            return socket.create_connection((address, port), min(limits.wait, deadline.left) or 0.001)
    return socket.create_connection((addresses[-1], port), min(limits.wait, deadline.left) or 0.001)


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _body(response: http.client.HTTPResponse, url: str, limits: Limits, deadline: _Deadline) -> bytes:
    """The decompressed body, never more than the cap, on the wire or after decompression."""
    decoder = _decoder(response.getheader("Content-Encoding", ""), url)
    raw = 0
    body = bytearray()
    while chunk := response.read1(65536):
        deadline.check()
        raw += len(chunk)
        body += decoder.decompress(chunk, limits.size + 1 - len(body)) if decoder else chunk
        if max(raw, len(body)) > limits.size:
            raise FeedError(f"{url} が大きすぎます（上限 {limits.size:,} バイト）。フィードの URL か確かめてください。")
    deadline.check()
    if response.length or (decoder and not decoder.eof):
        raise FeedError(f"{url} の受信が途中で切れました。時間をおいて、もう一度実行してください。")
    return bytes(body)


def _decoder(coding: str, url: str) -> zlib._Decompress | None:
    name = coding.strip().lower()
    if name in ("", "identity"):
        return None
    if name in ("gzip", "x-gzip", "deflate"):
        return zlib.decompressobj(wbits=47)
    raise FeedError(f"{url} は読めない圧縮方式（{_latin(coding)[:40]}）で送られてきました。配信元に問い合わせてください。")


def _latin(text: str) -> str:
    """Header text as people meant it: http.client reads UTF-8 as Latin-1. What would move a cursor when it is shown is taken out."""
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode("utf-8")
    return "".join(letter for letter in text if letter.isprintable())


def _reason(error: Exception, deadline: _Deadline, limits: Limits) -> str:
    if not deadline.left:
        return f"は{limits.total:g}秒以内に読み終わりませんでした。時間をおいて、もう一度実行してください。"
    if isinstance(error, TimeoutError):
        return f"から{limits.wait:g}秒応答がありません。時間をおいて、もう一度実行してください。"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"の証明書を確かめられません（{error.verify_message}）。この機械の日時を確かめ、正しければ配信元に問い合わせてください。"
    if isinstance(error, ssl.SSLError):
        return "と暗号化した接続を始められません。URL が https:// でよいか、確かめてください。"
    if isinstance(error, (http.client.HTTPException, zlib.error)):
        return "の応答が壊れています。時間をおいて、もう一度実行してください。"
    return f"につながりません（{getattr(error, 'strerror', None) or type(error).__name__}）。URL と接続を確かめてください。"
