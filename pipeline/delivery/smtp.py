"""One server that takes our mail: messages in, outcomes by SMTP's own codes out. The one file that knows smtplib.

What the server said decides, not a class of exception: smtplib raises the same for a drop before and behind the data. Before the data are sent
nothing can have been taken; from then on, silence means doubt (RFC 5321, 4.1.1.4 and 4.2.5).
"""

from __future__ import annotations

import os
import smtplib
import ssl
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic, sleep

from pipeline.config import MASTHEAD, Smtp
from pipeline.delivery.transport import Envelope, Fate, Outcome
from pipeline.errors import SendError

USER, PASSWORD = "ENEWS_SMTP_USER", "ENEWS_SMTP_PASSWORD"
READY, SYNTAX, CLOSING = 354, 501, 421


def _nowhere(_point: str) -> None:
    """No fault."""


@dataclass(slots=True)
class Pace:
    """At most so many messages a minute and an hour, 0 for no limit; waits before the one too many."""

    per_minute: int = 0
    per_hour: int = 0
    clock: Callable[[], float] = monotonic
    rest: Callable[[float], None] = sleep
    _times: deque[float] = field(default_factory=deque)

    def wait(self) -> None:
        """Wait until one more message is allowed, and count it."""
        for limit, span in ((self.per_hour, 3600.0), (self.per_minute, 60.0)):
            if limit and len(self._times) >= limit and (left := self._times[-limit] + span - self.clock()) > 0:
                self.rest(left)
        self._times.append(self.clock())
        while len(self._times) > max(self.per_hour, self.per_minute):
            self._times.popleft()


@dataclass(slots=True)
class SmtpTransport:
    """A server as ``[smtp]`` names it. ``at`` is told each step by name (tests stop the process there)."""

    settings: Smtp
    pace: Pace = field(default_factory=Pace)
    at: Callable[[str], None] = _nowhere
    trust: ssl.SSLContext | None = None
    _server: smtplib.SMTP | None = None

    def ready(self) -> None:
        """Connect, secure and log in, if that is not so already. ``SendError`` says what to look at."""
        if self._server is not None:
            return
        settings = self.settings
        if not settings.host:
            raise SendError(f"{MASTHEAD} の [smtp] に host がありません。送信サーバーの名前を書いてください。")
        try:
            self._server = self._connected()
            self.at("connected")
            user = os.environ.get(USER, "")
            if user:
                self._server.login(user, os.environ.get(PASSWORD, ""))
        except smtplib.SMTPAuthenticationError as error:
            self.close()
            raise SendError(
                f"{settings.host} にログインできません（{error.smtp_code}）。{USER} と {PASSWORD} を確かめてください。"
            ) from None
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise SendError(
                f"{settings.host}:{settings.port} につながりません（{_reason(error)}）。[smtp] の host・port・security とネットワークを確かめてください。"
            ) from None

    def _connected(self) -> smtplib.SMTP:
        settings = self.settings
        trust = self.trust or ssl.create_default_context()
        ours = settings.return_path.rpartition("@")[2] or "localhost"  # left to itself smtplib tells strangers this machine's name
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, ours, timeout=settings.timeout, context=trust)
        else:
            server = smtplib.SMTP(settings.host, settings.port, ours, timeout=settings.timeout)
        if settings.security == "starttls":
            server.starttls(context=trust)
        server.ehlo_or_helo_if_needed()
        return server

    def deliver(self, message: bytes, envelope: Envelope) -> Outcome:
        """MAIL, RCPT, DATA and the data, one message; the connection is given up after anything but a plain answer."""
        self.pace.wait()
        begun = [False]  # whether a byte of the data has gone
        try:
            outcome = self._handed(message, envelope, begun)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return Outcome(fate=Fate.IN_DOUBT if begun[0] else Fate.REQUEUED, reply=_reason(error))
        if outcome.fate is not Fate.SENT:
            self._reset()
        return outcome

    def _handed(self, message: bytes, envelope: Envelope, begun: list[bool]) -> Outcome:
        server = self._server
        if server is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        self.at("MAIL")
        code, reply = server.mail(envelope.sender)
        if code // 100 == 2:
            self.at("RCPT")
            code, reply = self._rcpt(server, envelope.recipient)
        if code // 100 == 2:
            self.at("DATA")
            code, reply = server.docmd("DATA")
        if code != READY:
            return _early(code, reply)
        self.at("354")
        begun[0] = True
        server.send(_stuffed(message))
        self.at("data sent")
        code, reply = server.getreply()
        self.at("answered")
        return Outcome(
            fate={2: Fate.SENT, 4: Fate.DEFERRED, 5: Fate.REFUSED}.get(code // 100, Fate.IN_DOUBT), code=code, reply=_words(reply)
        )

    def _rcpt(self, server: smtplib.SMTP, recipient: str) -> tuple[int, bytes]:
        """The recipient; one with dots that the RFC forbids (old addresses of Japanese carriers) once more in quotes if a server insists."""
        code, reply = server.docmd(f"RCPT TO:<{recipient}>")
        local, _, domain = recipient.rpartition("@")
        if code == SYNTAX and (".." in local or local.endswith(".") or local.startswith(".")):
            code, reply = server.docmd(f'RCPT TO:<"{local}"@{domain}>')
        return code, reply

    def _reset(self) -> None:
        """A clean state for the next message; a server that will not have it is left."""
        try:
            if self._server is not None and self._server.docmd("RSET")[0] // 100 != 2:
                self._drop()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.close()
        self._server = None

    def close(self) -> None:
        """QUIT, whatever the server thinks of it."""
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.quit()
        self._drop()


def _early(code: int, reply: bytes) -> Outcome:
    """A refusal before the data. 421 speaks of the server, not of the reader: it is closing."""
    if code == CLOSING:
        return Outcome(fate=Fate.REQUEUED, code=code, reply=_words(reply))
    return Outcome(fate=Fate.DEFERRED if code // 100 == 4 else Fate.REFUSED, code=code, reply=_words(reply))


def _stuffed(message: bytes) -> bytes:
    """The message as DATA wants it: CRLF at its end, a dot doubled at the beginning of a line, a lone dot behind (RFC 5321, 4.5.2)."""
    data = message if message.endswith(b"\r\n") else message + b"\r\n"
    data = b"." + data if data.startswith(b".") else data
    return data.replace(b"\r\n.", b"\r\n..") + b".\r\n"


def _words(reply: bytes) -> str:
    return reply.decode("utf-8", "replace")


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
