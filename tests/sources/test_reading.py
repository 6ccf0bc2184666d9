"""Reading feeds side by side: the same posts come out here and in processes, a killed process costs one feed, and no process outlives the desk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import FeedError
from pipeline.sources.reading import Job, Readers, Reading, cores, read_feed
from tests.builders import ROOT
from tests.sources.sample_feeds import TURKU, rss

DEADLY = b"<!-- deadly -->"


def job(number: int, *, more: bytes = b"") -> Job:
    """A feed of one post of its own."""
    body = rss(replace(TURKU, title=f"Post {number}")) + more
    return Job(name=f"feed {number}", body=body, url=f"https://f{number}.example/", content_type="", language="en")


def read_or_die(found: Job) -> Reading:
    """Read a feed; one that holds the mark kills the process that reads it, as a fault in a C parser would."""
    if DEADLY in found.body:
        os.kill(os.getpid(), signal.SIGKILL)
    return read_feed(found)


def read_slowly(found: Job) -> Reading:
    """Write the process's number into a file beside the name of the feed, and read on for ever."""
    Path(found.name).write_text(str(os.getpid()), encoding="utf-8")
    time.sleep(600)
    return read_feed(found)


def read_all(readers: Readers, jobs: list[Job]) -> list[Reading | str]:
    """What became of every job, read from several threads as a fetch does."""

    def read(one: Job) -> Reading | str:
        try:
            return readers.read(one)
        except FeedError as error:
            return str(error)

    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(read, jobs))


def test_processes_read_what_one_would_read_here() -> None:
    """Posts, what was left out, what is broken and errors are the same on the other side."""
    jobs = [job(n) for n in range(6)] + [job(7, more=b"<broken"), replace(job(8), body=b"<html><p>x</html>"), replace(job(9), body=b"")]
    with Readers(worth=0, processes=2) as readers, Readers(processes=1) as here:
        assert read_all(readers, jobs) == read_all(here, jobs)
        assert readers._pool is not None


def test_little_is_read_here() -> None:
    """Up to the bytes that pay for their start no process is started, and from there on one is, on a machine of several cores."""
    size = len(job(0).body)
    with Readers(worth=3 * size, processes=2) as readers, Readers(worth=0, processes=1) as alone:
        read_all(readers, [job(n) for n in range(3)])
        assert readers._pool is None
        read_all(readers, [job(4)])
        assert readers._pool is not None
        read_all(alone, [job(5)])
        assert alone._pool is None
    assert cores() >= 1


def test_a_feed_that_kills_its_reader_costs_no_other(capfd: pytest.CaptureFixture[str]) -> None:
    """The others are read whole, also those that were in hand when the process died; the deadly one says so, and what comes later is read too."""
    jobs = [job(n, more=DEADLY if n == 3 else b"") for n in range(5)]
    with Readers(worth=0, processes=2, read=read_or_die) as readers:
        found = read_all(readers, jobs)
        later = readers.read(job(9))
    assert "feed 3 を読み取るプログラムが、2度とも途中で止まりました" in str(found[3])
    assert [one.arrivals[0].entry.title for one in found if isinstance(one, Reading)] == [f"Post {n}" for n in range(5) if n != 3]
    assert later.arrivals[0].entry.title == "Post 9"
    assert "Traceback" not in capfd.readouterr().err


def test_where_no_process_starts_everything_is_read_here(tmp_path: Path) -> None:
    """A program without the guard that new processes need is served all the same."""
    script = tmp_path / "unguarded.py"
    script.write_text(
        "from pipeline.sources.reading import Readers\nfrom tests.sources.test_reading import job\n"
        "with Readers(worth=0, processes=2) as readers:\n    print(readers.read(job(1)).arrivals[0].entry.title)\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, script], env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout == "Post 1\n"


@pytest.mark.parametrize("wait", [0.0, 0.3])
def test_ctrl_c_is_answered_by_the_desk_alone(tmp_path: Path, wait: float) -> None:
    """The processes that read, also those that are just starting, say nothing, and end with the desk."""
    program = tmp_path / "desk.py"
    program.write_text(
        "import signal\nfrom concurrent.futures import ThreadPoolExecutor\nfrom queue import SimpleQueue\nfrom pipeline.sources.reading import Readers\nfrom tests.sources.test_reading import job\n"
        "if __name__ == '__main__':\n    signal.signal(signal.SIGINT, signal.default_int_handler)\n    try:\n"
        "        with Readers(worth=0, processes=2) as readers, ThreadPoolExecutor(4) as threads:\n"
        "            tasks = [threads.submit(readers.read, one) for one in [job(1)] * 4_000]\n"
        "            done = SimpleQueue()\n            any(task.add_done_callback(done.put) for task in tasks)\n"
        "            try:\n                print('begun', flush=True)\n                any(done.get() is None for task in tasks)\n"
        "            finally:\n                threads.shutdown(wait=False, cancel_futures=True)\n"
        "    except KeyboardInterrupt:\n        print('stopped', flush=True)\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command, pipe = [sys.executable, str(program)], subprocess.PIPE
    with subprocess.Popen(command, env=environment, start_new_session=True, text=True, stdout=pipe, stderr=pipe) as desk:
        assert desk.stdout is not None
        assert desk.stdout.readline() == "begun\n"
        time.sleep(wait)
        os.killpg(desk.pid, signal.SIGINT)
        try:
            assert desk.communicate(timeout=30) == ("stopped\n", "")
            assert _within(5, lambda: not _group(desk.pid))
        finally:
            with suppress(ProcessLookupError):
                os.killpg(desk.pid, signal.SIGKILL)


def test_no_reader_outlives_a_desk_that_was_killed(tmp_path: Path) -> None:
    """``kill -9`` of the desk ends the processes that read for it, even in the middle of a feed."""
    note = tmp_path / "reader"
    program = (
        "from dataclasses import replace\nfrom pipeline.sources.reading import Readers\nfrom tests.sources.test_reading import job, read_slowly\n"
        f"Readers(worth=0, processes=2, read=read_slowly).read(replace(job(1), name={str(note)!r}))\n"
    )
    desk = subprocess.Popen([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.DEVNULL)
    assert _within(30, lambda: note.is_file() and bool(note.read_text("utf-8")))
    reader = int(note.read_text("utf-8"))
    assert _alive(reader)
    desk.kill()
    desk.wait()
    assert _within(10, lambda: not _alive(reader))


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


def _group(leader: int) -> list[int]:
    """The processes of a group that still run."""
    found = []
    for path in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            found += [int(path.name)] if os.getpgid(int(path.name)) == leader and _alive(int(path.name)) else []
    return found


def _alive(process: int) -> bool:
    """Whether a process runs; one that has ended and is not yet waited for does not."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text("utf-8")
    except OSError:
        return False
