"""A feed server on this machine that answers as told: well, slowly, endlessly, too much, wrongly. Routes in, a base URL out."""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Answer = Callable[["Handler"], None]


class FeedServer:
    """``with FeedServer() as server:``; ``server.routes[path] = answer``; ``server.seen`` holds (path, headers) of every request."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.routes: dict[str, Answer] = {}
        self.seen: list[tuple[str, Message]] = []
        self.closing = threading.Event()
        self._http = ThreadingHTTPServer((host, 0), Handler)
        self._http.daemon_threads = True
        self._http.desk = self  # type: ignore[attr-defined]

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """The address of a route."""
        return f"http://{host}:{self._http.server_address[1]}{path}"


class Handler(BaseHTTPRequestHandler):
    """One request; what it does is looked up in the server's routes."""

    protocol_version = "HTTP/1.1"

    @property
    def desk(self) -> FeedServer:
        """The server that holds the routes."""
        found: FeedServer = self.server.desk  # type: ignore[attr-defined]
        return found

    def do_GET(self) -> None:
        """Answer as the route says; a client that has hung up is no fault of ours."""
        self.desk.seen.append((self.path, self.headers))
        with suppress(OSError):
            self.desk.routes.get(self.path, status(404))(self)
        self.close_connection = True

    do_POST = do_DELETE = do_GET  # noqa: N815 (the names are http.server's)

    def begin(self, code: int, headers: dict[str, str]) -> None:
        """Status line and headers."""
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


def body(data: bytes, content_type: str = "application/rss+xml", **headers: str) -> Answer:
    """A plain good answer."""
    all_headers = {"Content-Type": content_type, "Content-Length": str(len(data))} | {k.replace("_", "-"): v for k, v in headers.items()}

    def answer(handler: Handler) -> None:
        handler.begin(200, all_headers)
        handler.wfile.write(data)

    return answer


def status(code: int, **headers: str) -> Answer:
    """A status without a body."""
    return lambda handler: handler.begin(code, {"Content-Length": "0"} | headers)


def redirect(to: str, code: int = 302) -> Answer:
    """A redirect."""
    return status(code, Location=to)


def unless_known(data: bytes, etag: str, *, again: bool = True) -> Answer:
    """A server that remembers: 304 for who sends the ETag back, ``again`` with the ETag or, as many do, without."""

    def answer(handler: Handler) -> None:
        if handler.headers.get("If-None-Match") == etag:
            status(304, **({"ETag": etag} if again else {}))(handler)
        else:
            body(data, ETag=etag)(handler)

    return answer


def silent(handler: Handler) -> None:
    """Take the request and never answer."""
    handler.desk.closing.wait(20)


def dripping(handler: Handler) -> None:
    """One byte of a header at a time, for ever: no single wait is long."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.desk.closing.is_set():
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def dripping_body(handler: Handler) -> None:
    """A good beginning, then one letter at a time, for ever."""
    handler.begin(200, {"Content-Type": "text/xml"})
    while not handler.desk.closing.is_set():
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


def endless(handler: Handler) -> None:
    """A body that never ends."""
    handler.begin(200, {"Content-Type": "text/xml"})
    while not handler.desk.closing.is_set():
        handler.wfile.write(b"<rss>" * 20_000)


def gzipped(data: bytes, keep: int | None = None) -> Answer:
    """A gzip answer; ``keep`` cuts it short."""
    packed = gzip.compress(data)[:keep]
    return body(packed, Content_Encoding="gzip")


def gzip_bomb(megabytes: int) -> Answer:
    """A small answer that unpacks to very much."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(megabytes)) + packer.flush()
    return body(packed, Content_Encoding="gzip")


def talkative(handler: Handler) -> None:
    """More headers than anybody reads."""
    handler.begin(200, {f"X-{number}": "x" for number in range(1_000)})


def bad_chunks(handler: Handler) -> None:
    """Chunks whose length is none."""
    handler.begin(200, {"Transfer-Encoding": "chunked"})
    handler.wfile.write(b"zz\r\n<rss>\r\n")


def cut_short(data: bytes) -> Answer:
    """Promise more than is sent."""

    def answer(handler: Handler) -> None:
        handler.begin(200, {"Content-Length": str(len(data) + 100)})
        handler.wfile.write(data)

    return answer
