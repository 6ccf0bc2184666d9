"""Whatever happens between and during runs, in whatever order: a model of what people did says who may have got what."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pipeline.delivery.ledger import Ledger
from pipeline.delivery.people import Subscriber, keyed
from pipeline.delivery.readers import subscriber_of
from pipeline.delivery.sending import run
from pipeline.delivery.store import SECRET, open_store
from pipeline.delivery.transport import Envelope, Fate, Outcome
from tests.delivery import child

POINTS = (
    "claim",
    "claim: written",
    "claim: committed",
    "hand over",
    "handed over",
    "settle",
    "settle: written",
    "settle: committed",
    "finish",
)
FATES = (Fate.SENT, Fate.SENT, Fate.SENT, Fate.DEFERRED, Fate.REFUSED, Fate.REQUEUED, Fate.IN_DOUBT)


class Death(BaseException):
    """The process ends here."""


@dataclass
class Post:
    """A transport with a mailbox; fates come from a list, then everything is taken. A doubtful one is taken or not, as the list's second half says."""

    fates: list[tuple[Fate, bool]]
    mailbox: list[str] = field(default_factory=list)

    def ready(self) -> None:
        """Always."""

    def deliver(self, _message: bytes, envelope: Envelope) -> Outcome:
        """Take it, or do what the list says."""
        fate, taken = self.fates.pop(0) if self.fates else (Fate.SENT, True)
        if fate is Fate.SENT or (fate is Fate.IN_DOUBT and taken):
            self.mailbox.append(envelope.recipient)
        return Outcome(fate=fate, code=250 if fate is Fate.SENT else 450)

    def close(self) -> None:
        """Nothing to close."""


def compose(reader: Subscriber) -> tuple[bytes, Envelope]:
    """A message of one line."""
    return f"To: {reader.address}\r\n\r\n".encode(), Envelope(sender="b@example.jp", recipient=reader.address, name=str(reader.id))


class Sending(RuleBasedStateMachine):
    """Readers, runs that die anywhere, a server of moods, and an operator."""

    def __init__(self) -> None:
        super().__init__()
        os.environ[SECRET] = child.KEY
        self.folder = TemporaryDirectory()
        self.root = Path(self.folder.name)
        child.enlist(self.root, 6)
        self.mailbox: list[str] = []
        self.words: Counter[str] = Counter()  # how often the operator asked for this address again in spite of the doubt
        self.gone: dict[str, int] = {}  # address → messages it had when it left

    def teardown(self) -> None:
        """Take the folder away."""
        self.folder.cleanup()

    def ledger(self, point: str = "", nth: int = 0) -> Ledger:
        """The ledger over a fresh connection; dies the ``nth`` time at ``point``."""
        seen: Counter[str] = Counter()

        def at(name: str) -> None:
            seen[name] += 1
            if name == point and seen[name] == nth:
                raise Death

        return Ledger(store=self.opened.__enter__(), slug=child.SLUG, now=lambda: "2025-01-31T17:00:00", at=at)

    @rule(
        point=st.sampled_from(("", *POINTS)),
        nth=st.integers(1, 4),
        limit=st.integers(0, 4),
        fates=st.lists(st.tuples(st.sampled_from(FATES), st.booleans()), max_size=6),
    )
    def send(self, point: str, nth: int, limit: int, fates: list[tuple[Fate, bool]]) -> None:
        """A run, to its end or to its death."""
        self.opened = open_store(self.root)
        post = Post(fates=list(fates), mailbox=self.mailbox)
        try:
            run(self.ledger(point, nth), post, compose, limit=limit)
        except Death:
            pass
        finally:
            self.opened.__exit__(None, None, None)

    @rule()
    def retry_deferred(self) -> None:
        """The operator sends to the deferred again."""
        self.opened = open_store(self.root)
        self.ledger().retry("deferred")
        self.opened.__exit__(None, None, None)

    @rule()
    def retry_in_doubt(self) -> None:
        """The operator says: in spite of the doubt."""
        self.opened = open_store(self.root)
        ledger = self.ledger()
        self.words.update(reader.address for _, reader in ledger.entries("sending") if reader)
        ledger.retry("sending")
        self.opened.__exit__(None, None, None)

    @rule(reader=st.integers(1, 6), forget=st.booleans())
    def leave(self, reader: int, forget: bool) -> None:
        """A reader leaves, or is forgotten altogether."""
        with open_store(self.root) as store, store.change() as rows:
            subscriber = subscriber_of(rows, reader)
            if subscriber is None:
                return
            self.gone.setdefault(subscriber.address, self.mailbox.count(subscriber.address))
            rows.run(
                "INSERT OR IGNORE INTO suppressions (keyed, reason, via, at) VALUES (?, '配信停止', '返信', '')",
                keyed(subscriber.address, store.secret),
            )
            if forget:
                rows.run("DELETE FROM subscribers WHERE id = ?", reader)

    @invariant()
    def nobody_gets_two(self) -> None:
        """One message an address, and one more for each time that the operator said so."""
        assert all(count <= 1 + self.words[address] for address, count in Counter(self.mailbox).items())

    @invariant()
    def nobody_who_left_gets_one(self) -> None:
        """From the moment of leaving the count stands still."""
        assert all(self.mailbox.count(address) == count for address, count in self.gone.items())

    @invariant()
    def the_ledger_tells_the_truth(self) -> None:
        """Who is queued, deferred or refused has got nothing that was not doubted; who is sent has got it; everybody is in it; no address is."""
        with open_store(self.root) as store, store.read() as rows:
            found = rows.all("SELECT l.*, s.address FROM ledger l LEFT JOIN subscribers s ON s.id = l.subscriber")
        assert len(found) == 6
        for row in found:
            got = self.mailbox.count(row["address"]) if row["address"] else None
            assert got is None or row["state"] != "sent" or got >= 1
            assert got is None or row["state"] not in ("queued", "deferred", "refused") or got <= self.words[row["address"]]
            assert "@" not in row["reply"]

    @precondition(lambda self: len(self.mailbox) < 30)
    @rule()
    def the_end_is_reached(self) -> None:
        """A run without trouble leaves nobody queued: each has it, is waited for, was refused, left, or is in doubt by name."""
        self.send(point="", nth=1, limit=0, fates=[])
        self.opened = open_store(self.root)
        counts = self.ledger().counts()
        self.opened.__exit__(None, None, None)
        assert counts["queued"] == 0


Sending.TestCase.settings = settings(
    max_examples=int(os.environ.get("ENEWS_EXAMPLES", "25")), stateful_step_count=14, deadline=None, suppress_health_check=list(HealthCheck)
)
test_any_history_of_a_send = Sending.TestCase


def test_the_model_sees_a_second_message() -> None:
    """A ledger whose outcome is lost, sent again without a word, breaks the invariant."""
    machine = Sending()
    try:
        machine.send(point="", nth=1, limit=0, fates=[])
        with open_store(machine.root) as store, store.change() as rows:
            rows.run("UPDATE ledger SET state = 'queued' WHERE subscriber = 1")
        machine.send(point="", nth=1, limit=0, fates=[])
        with pytest.raises(AssertionError):
            machine.nobody_gets_two()
    finally:
        machine.teardown()
