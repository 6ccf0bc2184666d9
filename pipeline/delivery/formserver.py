"""The server of the readers' pages: an address, a port and a WSGI application in, answers out, each in a thread of its own, for a proxy in front.

At most so many at once, none for longer than a minute: who writes slowly or says nothing is cut off. It writes no log of its own, because a
request's first line holds a token.
"""

from __future__ import annotations

import io
import socket
from contextlib import suppress
from socketserver import TCPServer, ThreadingMixIn
from threading import BoundedSemaphore
from time import monotonic
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from pipeline.errors import ConfigError

THREADS, SILENCE, LONGEST = 32, 10.0, 60.0  # requests at once; seconds without a byte; seconds in all
_FULL = b"HTTP/1.0 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class _Connection(WSGIRequestHandler):
    """One request, without a log."""

    timeout = SILENCE
    server_version, sys_version = "enews", ""
    error_message_format = "%(code)d\n"
    error_content_type = "text/plain; charset=utf-8"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's name)
        """Nothing: the application writes its own line."""

    def get_stderr(self) -> Any:
        """Nowhere."""
        return io.StringIO()


class FormServer(ThreadingMixIn, WSGIServer):
    """Listens as soon as it is made; ``ConfigError`` if the place is taken or not this machine's."""

    daemon_threads = True
    request_queue_size = 128
    silence, longest = SILENCE, LONGEST

    def __init__(self, host: str, port: int, application: Any, *, threads: int = THREADS) -> None:
        self._free = BoundedSemaphore(threads)
        self._begun: dict[socket.socket, float] = {}
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        connection = type("_Paced", (_Connection,), {"timeout": self.silence})
        try:
            super().__init__((host, port), connection)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise ConfigError(f"{host} の {port} 番で待ち受けられません（{reason}）。--host と --port を確かめてください。") from None
        self.set_app(application)

    def server_bind(self) -> None:
        """Without asking a name server who we are."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])
        self.setup_environ()

    def process_request(self, request: Any, client_address: Any) -> None:
        """A thread for the request, or 503 at once if all are at work."""
        if not self._free.acquire(blocking=False):
            with suppress(OSError):
                request.settimeout(1)
                request.sendall(_FULL)
            self.shutdown_request(request)
            return
        self._begun[request] = monotonic()
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._done(request)
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve, then give the place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._done(request)

    def _done(self, request: socket.socket) -> None:
        self._begun.pop(request, None)
        self._free.release()

    def service_actions(self) -> None:
        """Cut off who takes too long; the library calls this twice a second."""
        for request, begun in tuple(self._begun.items()):
            if monotonic() - begun > self.longest:
                with suppress(OSError):
                    request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, _request: Any, _client_address: Any) -> None:
        """Nothing: a client that went away is no news, and the application speaks for itself."""
