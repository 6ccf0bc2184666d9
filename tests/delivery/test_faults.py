"""A send that dies anywhere and is started again: the server's mailbox, not our ledger, says that nobody got two and nobody was missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.delivery.ledger import Ledger
from pipeline.delivery.store import SECRET, open_store
from tests.delivery import child
from tests.delivery.faults import finish, judge, kill_at_random, states
from tests.delivery.sink import DROP, Sink

pytestmark = pytest.mark.loopback
READERS = 5


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, child.KEY)


def test_every_named_point_of_a_send_can_be_the_last(tmp_path: Path) -> None:
    """Before and after each commit, each reply, each hand-over, for each of five readers: a new process resumes."""
    with Sink() as sink:
        child.enlist(tmp_path / "all", READERS)
        passed = Counter(child.points(tmp_path / "all", sink.port))
    assert {"claim: committed", "connected", "MAIL", "354", "data sent", "answered", "settle: written", "settle: committed"} <= set(passed)
    for point, times in passed.items():
        for nth in range(1, times + 1):
            root = tmp_path / f"{point.replace(': ', '-').replace(' ', '-')}-{nth}"
            with Sink() as sink:
                child.enlist(root, READERS)
                process = child.start(root, sink.port, point=point, nth=nth)
                process.join(60)
                assert process.exitcode == child.DEATH, point
                finish(root, sink.port)
                judge(sink, root, READERS, deaths=1)


@pytest.mark.parametrize(
    ("stage", "state", "taken"),
    [("MAIL", "sent", True), ("RCPT", "sent", True), ("DATA", "sending", False), ("TAKEN", "sending", True)],
)
def test_a_connection_that_drops(tmp_path: Path, stage: str, state: str, taken: bool) -> None:
    """Before the data the same reader is served over a new connection; behind them, taken or not, the reader is in doubt; the others are served."""
    third = "" if stage == "MAIL" else child.address(3)
    nth = 3 if stage == "MAIL" else 1
    with Sink(lambda where, who, time: DROP if (where, who, time) == (stage, third, nth) else "") as sink:
        child.enlist(tmp_path, READERS)
        finish(tmp_path, sink.port)
        said = judge(sink, tmp_path, READERS, deaths=1)
        assert said[child.address(3)] == state
        assert (child.address(3) in sink.mailbox.recipients()) is taken
        assert [said[child.address(n)] for n in (1, 2, 4, 5)] == ["sent"] * 4


def test_whoever_is_in_doubt_gets_nothing_without_a_word(tmp_path: Path) -> None:
    """Started again and again nothing more is sent; on the operator's word the one in doubt is, once."""
    with Sink() as sink:
        child.enlist(tmp_path, READERS)
        child.start(tmp_path, sink.port, point="hand over", nth=2).join(60)
        for _ in range(3):
            finish(tmp_path, sink.port)
        assert states(tmp_path)[child.address(2)] == "sending"
        assert child.address(2) not in sink.mailbox.recipients()
        with open_store(tmp_path) as store:
            assert Ledger(store=store, slug=child.SLUG, now=lambda: "2025-01-31T18:00:00").retry("sending") == 1
        finish(tmp_path, sink.port)
        assert sink.mailbox.recipients() == Counter(child.address(n) for n in range(1, READERS + 1))


REPLIES = [
    ("MAIL", "451 try later", "deferred"),
    ("RCPT", "450 greylisted", "deferred"),
    ("RCPT", "452 too many", "deferred"),
    ("RCPT", "550 5.1.1 <reader1@example.com> no such user", "refused"),
    ("RCPT", "552 mailbox full", "refused"),
    ("DATA", "452 no space", "deferred"),
    ("DATA", "421 closing", "deferred"),
    ("DATA", "554 spam", "refused"),
]


@pytest.mark.parametrize(("stage", "reply", "state"), REPLIES)
def test_a_reply_decides_by_its_code(tmp_path: Path, stage: str, reply: str, state: str) -> None:
    """4xx waits for the operator's word, 5xx is over; the code and the words stand in the ledger, the address in them masked."""
    who = "" if stage == "MAIL" else child.address(1)
    with Sink(lambda where, to, time: reply if (where, to) == (stage, who) and (time == 1 or to) else "") as sink:
        child.enlist(tmp_path, 2)
        finish(tmp_path, sink.port)
        assert sorted(states(tmp_path).values()) == sorted([state, "sent"])
        assert child.address(1) not in sink.mailbox.recipients()
    with open_store(tmp_path) as store:
        ((entry, _),) = Ledger(store=store, slug=child.SLUG, now=lambda: "").entries(state)
    assert str(entry.code) == reply[:3]
    assert "reader1@" not in entry.reply
    assert ("re***@example.com" in entry.reply) == ("@" in reply)


def test_a_server_that_closes_before_the_data_is_asked_again(tmp_path: Path) -> None:
    """421 speaks of the server: the same reader is served over a new connection."""
    with Sink(lambda where, to, time: "421 closing" if (where, to, time) == ("RCPT", child.address(1), 1) else "") as sink:
        child.enlist(tmp_path, 2)
        finish(tmp_path, sink.port)
        assert set(states(tmp_path).values()) == {"sent"}


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[tuple[Path, Sink]]:
    """Two hundred readers and a server."""
    child.enlist(tmp_path, 200)
    with Sink() as sink:
        yield tmp_path, sink


def test_twenty_kills_of_two_hundred(crowd: tuple[Path, Sink]) -> None:
    """SIGKILL at random moments, then a run to the end."""
    root, sink = crowd
    killed = kill_at_random(root, sink, 20, seed=20)
    assert killed >= 15
    finish(root, sink.port)
    judge(sink, root, 200, deaths=killed)


def test_two_processes_at_once(crowd: tuple[Path, Sink]) -> None:
    """The second stops with a word; nobody gets two."""
    root, sink = crowd
    first, second = child.start(root, sink.port), child.start(root, sink.port)
    first.join(120)
    second.join(120)
    assert {first.exitcode, second.exitcode} == {0, 1}
    judge(sink, root, 200, deaths=0)


def test_a_disk_that_is_full(crowd: tuple[Path, Sink]) -> None:
    """The ledger cannot be written any more: the send stops, nobody is sent to without a record, and with room again it goes on."""
    root, sink = crowd
    full = child.start(root, sink.port, room=150_000)
    full.join(120)
    assert full.exitcode == 1
    assert 0 < len(sink.mailbox.taken) < 200
    finish(root, sink.port)
    judge(sink, root, 200, deaths=1)


def test_a_clock_that_is_set_back(tmp_path: Path) -> None:
    """Times are for people: a run whose clock shows last year resumes as any other."""
    with Sink() as sink:
        child.enlist(tmp_path, READERS)
        child.start(tmp_path, sink.port, point="settle: committed", nth=2).join(60)
        back = child.start(tmp_path, sink.port, now="2024-01-01T00:00:00")
        back.join(60)
        assert back.exitcode == 0
        judge(sink, tmp_path, READERS, deaths=0)
        assert sink.mailbox.recipients() == Counter(child.address(n) for n in range(1, READERS + 1))


def test_a_ledger_that_is_damaged_sends_nothing(tmp_path: Path) -> None:
    """Bytes in its middle are overwritten: refused, not one message leaves."""
    with Sink() as sink:
        child.enlist(tmp_path, 200)
        with open_store(tmp_path) as store:
            path = store.path
        data = bytearray(path.read_bytes())
        data[len(data) // 3 : len(data) // 3 + 6000] = b"\x5a" * 6000
        path.write_bytes(data)
        process = child.start(tmp_path, sink.port)
        process.join(60)
        assert process.exitcode == 1
        assert sink.mailbox.taken == []


def test_the_oracle_sees_a_second_message(tmp_path: Path) -> None:
    """A ledger that forgets, as one that was put back from a copy, sends twice: the judge says so."""
    with Sink() as sink:
        child.enlist(tmp_path, READERS)
        finish(tmp_path, sink.port)
        with open_store(tmp_path) as store, store.change() as rows:
            rows.run("UPDATE ledger SET state = 'queued' WHERE subscriber = 2")
        finish(tmp_path, sink.port)
        with pytest.raises(AssertionError):
            judge(sink, tmp_path, READERS, deaths=0)
