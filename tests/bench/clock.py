"""Runs taken in turn, medians, ratios and verdicts: callables in, a ``Row`` of the table out. It knows nothing of what is measured.

A B A B, never A A B B: on a shared machine absolute times drift by half, ratios of neighbours do not. It must never decide whether a target is
good, only whether it is met.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

Run = Callable[[int], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One way of doing it. ``samples`` are in the row's unit (seconds or a count); none means that it could not be run, and ``note`` says why."""

    name: str
    version: str = ""
    samples: tuple[float, ...] = ()
    note: str = ""

    @property
    def median(self) -> float | None:
        """The middle sample."""
        return median(self.samples) if self.samples else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A target, the figure it was held against, and whether it is met; ``None``: not measured."""

    target: str
    figure: str
    met: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One question of the table. The first line is ours unless ``base`` names another for the ratios."""

    key: str
    title: str
    unit: str
    lines: tuple[Line, ...]
    verdicts: tuple[Verdict, ...] = ()
    notes: tuple[str, ...] = ()
    base: str = field(default="")

    def line(self, name: str) -> Line:
        """The line of that name; ``StopIteration`` if there is none."""
        return next(line for line in self.lines if line.name == name)

    def ratio(self, name: str, base: str = "") -> float | None:
        """How many times the median of ``base`` (the row's own if empty, else its first line) the median of ``name`` is."""
        over, under = self.line(name).median, self.line(base or self.base or self.lines[0].name).median
        return over / under if over is not None and under else None


def interleave(runs: Mapping[str, Run], *, rounds: int, warmups: int = 1) -> dict[str, tuple[float, ...]]:
    """Every run once a round, in turn; each gets the round's number and gives seconds. The first ``warmups`` rounds are thrown away."""
    taken: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(rounds + warmups):
        for name, run in runs.items():
            seconds = run(number)
            if number >= warmups:
                taken[name].append(seconds)
    return {name: tuple(seconds) for name, seconds in taken.items()}


def timed(call: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def cpu(call: Callable[[], object]) -> float:
    """Seconds of the processor that one call took in this process."""
    start = time.process_time()
    call()
    return time.process_time() - start


def cold(command: list[str], *, cwd: Path, before: Callable[[], object] = lambda: None) -> Run:
    """A run that starts a process and waits for its end; ``before`` is not timed. ``CalledProcessError`` if it fails."""

    def run(_number: int) -> float:
        before()
        return timed(lambda: subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))

    return run


def at_most(target: str, figure: float | None, limit: float, *, shown: str) -> Verdict:
    """Whether ``figure`` is at most ``limit``; ``shown`` is a format for it."""
    return Verdict(
        target=target, figure="not measured" if figure is None else shown.format(figure), met=None if figure is None else figure <= limit
    )


def ahead_of(name: str, row_ratio: float | None) -> Verdict:
    """Whether the peer takes longer than we: ``row_ratio`` is its time over ours."""
    shown = "not measured" if row_ratio is None else f"{row_ratio:.1f} x ours"
    return Verdict(target=f"ahead of {name}", figure=shown, met=None if row_ratio is None else row_ratio > 1)
