"""A web server on this machine whose pages behave as told, and that writes down what it was asked. Routes in, a base URL out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

Page = Callable[["Handler"], None]


class WebServer:
    """``with WebServer() as web:``; ``web.pages[path] = page``; ``web.asked`` holds (method, path) of every request, ``web.busiest`` how many at once."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, str]] = []
        self.agents: set[str] = set()
        self.at: list[float] = []
        self.now = self.busiest = 0
        self.closing = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._http.web = self  # type: ignore[attr-defined]

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def url(self, path: str = "/") -> str:
        """The address of a page."""
        return f"http://127.0.0.1:{self._http.server_address[1]}{path}"

    def methods(self, path: str) -> list[str]:
        """How a path was asked for."""
        return [method for method, asked in self.asked if asked == path]


class Handler(BaseHTTPRequestHandler):
    """One request; HEAD is answered like GET, without the body."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer as the page does."""
        web: WebServer = self.server.web  # type: ignore[attr-defined]
        web.asked.append((self.command, self.path))
        web.agents.add(self.headers["User-Agent"])
        web.at.append(time.monotonic())
        web.now += 1
        web.busiest = max(web.busiest, web.now)
        with suppress(OSError):
            web.pages.get(self.path, html("見つかりません", status=404))(self)
        web.now -= 1
        self.close_connection = True

    do_HEAD = do_GET  # noqa: N815 (the names are http.server's)

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""


def data(
    content: bytes, kind: str = "text/html; charset=utf-8", *, status: int = 200, length: bool = True, head: int = 0, **headers: str
) -> Page:
    """An answer. ``head``: another status for HEAD; ``length`` off leaves Content-Length out."""

    def page(handler: Handler) -> None:
        handler.send_response(head if head and handler.command == "HEAD" else status)
        handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header(*(("Content-Length", str(len(content))) if length else ("Connection", "close")))
        handler.end_headers()
        if handler.command == "GET":
            handler.wfile.write(content)

    return page


def html(title: str, body: str = "<p>本文です。</p>", *, status: int = 200, head: int = 0) -> Page:
    """A page with this title."""
    return data(f"<!DOCTYPE html><title>{title}</title><h1>{title}</h1>{body}".encode(), status=status, head=head)


def redirect(to: str, status: int = 301) -> Page:
    """A redirect."""
    return data(b"", status=status, Location=to)


def silent(handler: Handler) -> None:
    """Take the request and never answer."""
    web: WebServer = handler.server.web  # type: ignore[attr-defined]
    web.closing.wait(20)


def broken(handler: Handler) -> None:
    """Hang up in the middle of the status line."""
    handler.wfile.write(b"HTTP/1.")
