"""A send in a process of its own, which can be made to die at a named point: what the fault tests start, kill and start again."""

from __future__ import annotations

import json
import os
import resource
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from pipeline.config import Audience, Smtp
from pipeline.delivery.ledger import Ledger, Send
from pipeline.delivery.message import JAPAN
from pipeline.delivery.outgoing import Post
from pipeline.delivery.sending import run
from pipeline.delivery.smtp import SmtpTransport
from pipeline.delivery.store import SECRET, Store, open_store
from tests import builders
from tests.delivery.test_frozen import frozen_mail

NOW = "2025-01-31T17:00:00"
KEY = "a-key-for-tests-only-0123456789"
SLUG = "2025-01"
DEATH = 70  # the exit code of a process that died on purpose
SPAWN = get_context("forkserver")
SPAWN.set_forkserver_preload(["tests.delivery.child"])


def address(number: int) -> str:
    """The address of the n-th reader."""
    return f"reader{number}@example.com"


def enlist(root: Path, count: int) -> None:
    """Readers 1 to ``count`` on the list, and the send begun."""
    os.environ[SECRET] = KEY
    with open_store(root) as store:
        with store.change() as rows:
            sql = "INSERT INTO subscribers (address, folded, name, added, changed) VALUES (?, ?, ?, '2025-01-01', '2025-01-01')"
            rows.run_many(sql, [(address(n), address(n), f"読者{n}") for n in range(1, count + 1)])
        frozen = frozen_mail()
        send = Send(
            slug=SLUG,
            digest=frozen.digest,
            number=frozen.number,
            subject=frozen.subject,
            audience="",
            approver="見本",
            recipients=count,
            begun=NOW,
            finished="",
        )
        Ledger(store=store, slug=SLUG, now=lambda: NOW).begin(send, Audience(key=""))


def start(root: Path, port: int, *, point: str = "", nth: int = 1, now: str = NOW, room: int = 0) -> BaseProcess:
    """A process that sends and dies at the ``nth`` time it comes to ``point``; it lives if ``point`` is empty.

    ``now`` is what its clock shows; ``room``: bytes that its files may still grow by, as on a disk that is nearly full (0: no limit).
    """
    process = SPAWN.Process(target=_send, args=(root, port, point, nth), kwargs={"now": now, "room": room})
    process.start()
    return process


def points(root: Path, port: int) -> list[str]:
    """Every point that a send comes to, in order: from a process that lives to tell."""
    process = SPAWN.Process(target=_send, args=(root, port, "", 0), kwargs={"record": root / "points.json"})
    process.start()
    process.join()
    assert process.exitcode == 0
    return list(json.loads((root / "points.json").read_text()))


def _send(root: Path, port: int, point: str, nth: int, *, now: str = NOW, room: int = 0, record: Path | None = None) -> None:
    os.environ[SECRET] = KEY
    seen: list[str] = []
    with open_store(root) as store:
        if room:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        _run(store, port, _deadly(point, nth, seen), now)
    if record:
        record.write_text(json.dumps(seen))


def _deadly(point: str, nth: int, seen: list[str]) -> Callable[[str], None]:
    def at(name: str) -> None:
        seen.append(name)
        if name == point and seen.count(name) == nth:
            os._exit(DEATH)

    return at


def _run(store: Store, port: int, at: Callable[[str], None], now: str) -> None:
    ledger = Ledger(store=store, slug=SLUG, now=lambda: now, at=at)
    smtp = Smtp(host="127.0.0.1", port=port, security="none", return_path="b@example.jp", timeout=20)
    post = Post(
        frozen=frozen_mail(),
        masthead=replace(builders.masthead(), smtp=smtp),
        secret=store.secret,
        sent=datetime(2025, 1, 31, 17, 0, tzinfo=JAPAN),
    )
    run(ledger, SmtpTransport(smtp, at=at), post.compose)
