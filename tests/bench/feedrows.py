"""The rows about feeds: a hundred of them read beside feedparser alone on the same bytes, and fetched from a server on this machine.

Reading is told in seconds of the processor: on a shared machine they drift less than those of the clock. Feedparser alone gives raw entries; ours
gives clean Markdown with identities and dates, of the same bytes in the same process.
"""

from __future__ import annotations

import io
import resource
import shutil
from importlib.metadata import version
from pathlib import Path
from statistics import median

import feedparser

from pipeline.config import MASTHEAD
from pipeline.sources.reading import Job, cores, read_feed
from tests.bench import peers
from tests.bench.clock import Line, Row, Run, Verdict, at_most, cold, cpu, interleave
from tests.bench.feeds import Feed
from tests.builders import ROOT
from tests.sources.feedserver import FeedServer, body

ROUNDS = 3
OURS, FEEDPARSER = "enews: parsed, cleaned, Markdown", "feedparser alone"
EVERY, ONE, ALONE = "enews fetch", "enews fetch, held to one core", "feedparser alone, one feed after another"
_HELD = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); from pipeline.cli import main; main()"
_PARSE = "import pathlib, sys, feedparser; [feedparser.parse(path.read_bytes()) for path in sorted(pathlib.Path(sys.argv[1]).iterdir())]"


def reading(feeds: tuple[Feed, ...]) -> Row:
    """Every feed by both in turn, in one process; a sample is the sum over all feeds."""
    sums: dict[str, list[float]] = {OURS: [], FEEDPARSER: []}
    for _ in range(ROUNDS):
        taken = [_both(feed) for feed in feeds]
        for name, total in sums.items():
            total.append(sum(seconds[name] for seconds in taken))
    lines = (
        Line(name=OURS, version=version("enews"), samples=tuple(sums[OURS])),
        Line(name=FEEDPARSER, version=version("feedparser"), samples=tuple(sums[FEEDPARSER])),
    )
    size = sum(len(feed.body) for feed in feeds)
    row = Row(key="feeds-reading", title=f"READING {len(feeds)} FEEDS on one core, processor time", unit="s", lines=lines, base=FEEDPARSER)
    verdict = at_most("at most 1.3 x feedparser alone", row.ratio(OURS), 1.3, shown="{:.2f} x")
    note = f"{size:,} bytes, {min(len(feed.body) for feed in feeds):,} to {max(len(feed.body) for feed in feeds):,} a feed"
    return Row(key=row.key, title=row.title, unit=row.unit, lines=lines, base=row.base, verdicts=(verdict,), notes=(note,))


def _both(feed: Feed) -> dict[str, float]:
    job = Job(name=feed.name, body=feed.body, url=f"https://{feed.name}.example/feed/", content_type="", language=feed.language)
    runs: dict[str, Run] = {
        OURS: lambda _: cpu(lambda: read_feed(job)),
        FEEDPARSER: lambda _: cpu(lambda: feedparser.parse(io.BytesIO(feed.body))),
    }
    return {name: samples[0] for name, samples in interleave(runs, rounds=1, warmups=0).items()}


def fetching(feeds: tuple[Feed, ...], folder: Path) -> Row:
    """The whole ``enews fetch`` as a new process: from a server on this machine, decided and written, by the clock."""
    root, files = folder / "ws-feeds", folder / "feeds"
    with FeedServer() as server:
        lay_workspace(root, server, feeds)
        lay_files(files, feeds)
        held = Meter(cold([*peers.python("-c", _HELD), "fetch", "--workspace", str(root)], cwd=ROOT, before=lambda: forget(root)))
        every = Meter(cold([*peers.python("-m", "pipeline"), "fetch", "--workspace", str(root)], cwd=ROOT, before=lambda: forget(root)))
        alone = Meter(cold([*peers.python("-c", _PARSE), str(files)], cwd=ROOT))
        taken = interleave({EVERY: every, ONE: held, ALONE: alone}, rounds=ROUNDS, warmups=0)
    meters = {EVERY: every, ONE: held, ALONE: alone}
    lines = tuple(
        Line(name=name, samples=taken[name], note=f"  {median(meters[name].processor):.1f} s of processor time")
        for name in (EVERY, ONE, ALONE)
    )
    row = Row(key="feeds-fetching", title=f"FETCHING {len(feeds)} FEEDS from this machine, a new process each time", unit="s", lines=lines)
    return Row(key=row.key, title=row.title, unit="s", lines=lines, verdicts=_verdicts(row))


def _verdicts(row: Row) -> tuple[Verdict, ...]:
    held, alone = row.ratio(EVERY, ONE) if cores() > 1 else None, row.ratio(EVERY, ALONE)
    return (
        at_most("both cores: at most 0.65 x one", held, 0.65, shown="{:.2f} x"),
        at_most("ahead of feedparser, fetching, deciding and writing included", alone, 1, shown="{:.2f} x"),
    )


class Meter:
    """A run whose seconds of the processor, those of its children's children included, are noted beside those of the clock."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self.processor: list[float] = []

    def __call__(self, number: int) -> float:
        """Seconds by the clock."""
        before = _children()
        seconds = self._run(number)
        self.processor.append(_children() - before)
        return seconds


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def lay_workspace(root: Path, server: FeedServer, feeds: tuple[Feed, ...]) -> None:
    """A workspace whose masthead has the feeds, which the server serves."""
    shutil.rmtree(root, ignore_errors=True)
    (root / "issues").mkdir(parents=True)
    text = (ROOT / MASTHEAD).read_text(encoding="utf-8").partition("[[feeds]]")[0]
    for feed in feeds:
        server.routes[f"/{feed.name}"] = body(feed.body, "application/xml")
        text += f'[[feeds]]\nname = "{feed.name}"\nurl = "{server.url(f"/{feed.name}")}"\noffice = "O"\nlanguage = "{feed.language}"\n'
        text += "allow_private = true\n"
    (root / MASTHEAD).write_text(text, encoding="utf-8")


def lay_files(folder: Path, feeds: tuple[Feed, ...]) -> None:
    """The same bytes as files, for who only parses."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for feed in feeds:
        (folder / feed.name).write_bytes(feed.body)


def forget(root: Path) -> None:
    """Everything is new again."""
    shutil.rmtree(root / "issues" / "cases", ignore_errors=True)
    shutil.rmtree(root / "build", ignore_errors=True)
