"""A real SMTP server on this machine that keeps what it took: its mailbox, not our ledger, says who got what. It misbehaves on demand."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, Envelope, Session

DROP = "drop"  # instead of a reply: the connection is gone
Plan = Callable[[str, str, int], str]


def polite(_stage: str, _recipient: str, _nth: int) -> str:
    """No trouble at all."""
    return ""


@dataclass
class Mailbox:
    """What was taken, in order: (return path, recipient, message). ``plan`` answers (stage, recipient, nth time) with a reply, DROP or "".

    Stages: MAIL, RCPT, DATA (before anything is taken), TAKEN (the message is in the mailbox; only the reply is at stake).
    """

    plan: Plan = polite
    taken: list[tuple[str, str, bytes]] = field(default_factory=list)
    _seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def recipients(self) -> Counter[str]:
        """How many messages each recipient got."""
        return Counter(recipient for _, recipient, _ in self.taken)

    async def handle_MAIL(self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        """MAIL FROM."""
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._answer("MAIL", "", server) or "250 OK"

    async def handle_RCPT(self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:  # noqa: N802
        """RCPT TO."""
        reply = self._answer("RCPT", address, server)
        if not reply:
            envelope.rcpt_tos.append(address)
        return reply or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """The whole message has come."""
        recipient = envelope.rcpt_tos[0]
        reply = self._answer("DATA", recipient, server)
        if reply:
            return reply
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.taken += [(envelope.mail_from or "", one, content) for one in envelope.rcpt_tos]
        return self._answer("TAKEN", recipient, server) or "250 taken"

    def _answer(self, stage: str, recipient: str, server: SMTP) -> str:
        self._seen[stage, recipient] += 1
        reply = self.plan(stage, recipient, self._seen[stage, recipient])
        if reply == DROP:
            transport = server.transport
            assert isinstance(transport, asyncio.WriteTransport)
            transport.abort()
            raise asyncio.CancelledError
        return reply


class Sink:
    """The server itself, on a port of its own, as long as the block lasts."""

    def __init__(self, plan: Plan = polite, **options: Any) -> None:
        self.mailbox = Mailbox(plan=plan)
        self._options = options
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(30)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def _serve(self) -> asyncio.Server:
        make = partial(SMTP, self.mailbox, hostname="sink.example.net", enable_SMTPUTF8=False, loop=self._loop, **self._options)
        return await self._loop.create_server(make, "127.0.0.1", 0, backlog=100)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
