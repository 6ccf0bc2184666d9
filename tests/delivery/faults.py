"""``make faults``: a send of 1,400 readers that is killed 200 times. The server's mailbox is the judge; the figures are printed.

``python -m tests.delivery.faults [readers] [kills]``.
"""

from __future__ import annotations

import random
import signal
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

from pipeline.delivery.store import open_store
from tests.delivery import child
from tests.delivery.sink import Sink


def states(root: Path) -> dict[str, str]:
    """What the ledger says of each address."""
    with open_store(root) as store, store.read() as rows:
        found = rows.all("SELECT address, state FROM ledger JOIN subscribers ON id = subscriber WHERE slug = ?", child.SLUG)
    return {row["address"]: row["state"] for row in found}


def finish(root: Path, port: int) -> None:
    """A new process sends what is left."""
    process = child.start(root, port)
    process.join(60)
    assert process.exitcode == 0


def judge(sink: Sink, root: Path, readers: int, deaths: int) -> dict[str, str]:
    """The oracle: nobody twice; whoever got none is in doubt by name; no more in doubt than there were deaths; nobody left in the queue."""
    got, said = sink.mailbox.recipients(), states(root)
    assert len(said) == readers
    assert [address for address, count in got.items() if count > 1] == []
    doubtful = {address for address, state in said.items() if state == "sending"}
    assert {address for address in said if address not in got} <= doubtful
    assert {address for address, state in said.items() if state == "sent"} <= set(got)
    assert len(doubtful) <= deaths
    assert set(said.values()) <= {"sent", "sending"}
    return said


def kill_at_random(root: Path, sink: Sink, times: int, *, seed: int) -> int:
    """Start, wait a moment, SIGKILL, ``times`` over; how many were really killed in the middle."""
    dice, killed = random.Random(seed), 0  # noqa: S311 (a moment, no secret)
    for _ in range(times):
        before = len(sink.mailbox.taken)
        process = child.start(root, sink.port)
        while len(sink.mailbox.taken) == before and process.is_alive():
            sleep(0.001)
        sleep(dice.uniform(0, 0.03))
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL
    return killed


def main(readers: int = 1400, kills: int = 200) -> int:
    """Kill, finish, judge, and say what was seen."""
    with TemporaryDirectory() as folder, Sink() as sink:
        root = Path(folder)
        child.enlist(root, readers)
        killed = kill_at_random(root, sink, kills, seed=1)
        midway = len(sink.mailbox.taken)
        finish(root, sink.port)
        said = judge(sink, root, readers, deaths=killed)
        got = sink.mailbox.recipients()
        doubtful = [address for address, state in said.items() if state == "sending"]
    print(
        f"readers {readers}, SIGKILLs in the middle of a send {killed} (of {kills} tried), taken by the server when the last one fell {midway}"
    )
    print(f"got one {sum(count == 1 for count in got.values())}, got two or more {sum(count > 1 for count in got.values())}")
    print(f"in doubt, by name {len(doubtful)}: of these the server had taken {sum(address in got for address in doubtful)}")
    print(f"neither got nor in doubt {sum(address not in got and state != 'sending' for address, state in said.items())}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
