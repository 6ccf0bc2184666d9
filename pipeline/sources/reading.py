"""Feeds read on every core: the bytes of one feed in, its posts cleaned out; the only file that starts processes of our own program.

Reading is pure work of the processor, and Python's threads share one core. So once a run has brought enough bytes to pay for their start, other
processes read them. They are spawned, never forked, so that it goes the same way on Windows. One feed must never cost another: a process that
dies (of a fault in a parser written in C, of memory) takes only the feed with it that it dies of twice.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Self, TypeVar

from pipeline.errors import FeedError
from pipeline.sources.arrivals import Arrival
from pipeline.sources.cleaning import clean_entry
from pipeline.sources.feeds import parse_feed

WORTH = 1_000_000  # bytes: about a second of reading, and what two processes take to start
MOST = 4
T = TypeVar("T")
_GONE = (BrokenExecutor, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """The bytes of one feed and what is known of them; ``url`` is "" for a saved file called ``name``."""

    name: str
    body: bytes
    url: str
    content_type: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The posts of one feed, cleaned; ``dropped`` and ``problem`` as in ``ParsedFeed``."""

    arrivals: tuple[Arrival, ...] = ()
    dropped: tuple[str, ...] = ()
    problem: str = ""


def read_feed(job: Job) -> Reading:
    """Parse and clean one feed; ``FeedError`` as ``parse_feed``. Pure."""
    parsed = parse_feed(job.body, url=job.url, name=job.name, content_type=job.content_type, language=job.language)
    arrivals = (Arrival(entry=entry, cleaned=clean_entry(entry.html, base=entry.base, title=entry.title)) for entry in parsed.entries)
    return Reading(arrivals=tuple(arrivals), dropped=parsed.dropped, problem=parsed.problem)


class Readers:
    """``with Readers() as readers: readers.read(job)``, from any thread: here while there is little to read, then in processes side by side."""

    def __init__(self, *, worth: int = WORTH, processes: int = 0, read: Callable[[Job], Reading] = read_feed) -> None:
        self._worth, self._processes, self._read = worth, processes or min(cores(), MOST), read
        self._pool: ProcessPoolExecutor | None = None
        self._brought = 0
        self._changing, self._alone = threading.Lock(), threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def read(self, job: Job) -> Reading:
        """The posts of one feed; ``FeedError`` if it cannot be read, or killed the process that read it."""
        pool = self._pool_for(len(job.body))
        if pool is None:
            return self._read(job)
        try:
            return _submit(pool, _read_there, self._read, job).result()
        except _GONE:
            self._drop(pool)
            return self._read_alone(job)

    def _pool_for(self, size: int) -> ProcessPoolExecutor | None:
        with self._changing:
            self._brought += size
            if self._pool is None and self._processes > 1 and self._brought > self._worth:
                with suppress(OSError, ImportError):  # a machine that has no semaphores, or no memory left
                    self._pool = _pool_of(self._processes)
            return self._pool

    def _drop(self, pool: ProcessPoolExecutor) -> None:
        with self._changing:
            self._pool = None if self._pool is pool else self._pool

    def _read_alone(self, job: Job) -> Reading:
        """A process has died, perhaps of another feed: once more in one of its own; or here, where no process starts at all."""
        with self._alone, _pool_of(1) as pool:
            try:
                _submit(pool, cores).result()
            except _GONE:
                self._processes = 1
                return self._read(job)
            try:
                return _submit(pool, _read_there, self._read, job).result()
            except _GONE:
                raise FeedError(
                    f"{job.name} を読み取るプログラムが、2度とも途中で止まりました。フィードが壊れているか、大きすぎるようです。"
                    f"ブラウザで開いて確かめ、配信元に尋ねてください。ほかの配信には影響ありません。"
                ) from None


def cores() -> int:
    """How many cores this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _pool_of(processes: int) -> ProcessPoolExecutor:
    """Processes that leave Ctrl+C to the desk, on Windows too."""
    spawn = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(processes, mp_context=spawn, initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_IGN))


def _submit(pool: ProcessPoolExecutor, call: Callable[..., T], *arguments: object) -> Future[T]:
    """Hand over work; a process that this starts is deaf to Ctrl+C from its first moment, when it would answer with a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        return pool.submit(call, *arguments)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(call, *arguments)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _read_there(read: Callable[[Job], Reading], job: Job) -> Reading:
    """In another process: read a feed, and see to it that nobody reads on when the desk is gone."""
    _watch_the_desk()
    return read(job)


@cache
def _watch_the_desk() -> None:
    threading.Thread(target=_leave_with_the_desk, daemon=True).start()


def _leave_with_the_desk() -> None:
    desk = multiprocessing.parent_process()
    if desk is not None:
        desk.join()
        signal.raise_signal(signal.SIGTERM)
