"""``kill -9`` in the middle of a fetch: whatever the moment, every file is whole, no case is there twice, and the next run brings the rest."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.config import MASTHEAD
from pipeline.sources.frontmatter import CASE, parse
from tests.builders import ROOT
from tests.sources.feedserver import FeedServer, body
from tests.sources.sample_feeds import Post, rss

FEEDS, POSTS = 30, 3
PROSE = "<p>" + "Mihon turns yesterday's bread into energy for its trams. " * 40 + "</p>"


def post(feed: int, number: int, turn: int) -> Post:
    """A post that names its turn in its title and in its very last words."""
    return Post(
        id=f"https://f{feed}.example/?p={number}",
        url=f"https://f{feed}.example/{number}/",
        title=f"Post {number}, turn {turn}",
        date=f"Tue, {number + 10} Dec 2024 09:00:00 +0000",
        html=f"{PROSE * 4}<p>End of turn {turn}</p>",
    )


def serve(server: FeedServer, turn: int) -> None:
    """Let every feed bring every post anew."""
    for feed in range(FEEDS):
        server.routes[f"/{feed}"] = body(rss(*(post(feed, number, turn) for number in range(POSTS))))


def lay_workspace(root: Path, server: FeedServer) -> None:
    """A workspace whose masthead has the feeds."""
    text = (ROOT / MASTHEAD).read_text(encoding="utf-8").partition("[[feeds]]")[0]
    rows = (
        f'[[feeds]]\nname = "f{n}"\nurl = "{server.url(f"/{n}")}"\noffice = "O"\nlanguage = "en"\nallow_private = true\n'
        for n in range(FEEDS)
    )
    (root / "issues").mkdir()
    (root / MASTHEAD).write_text(text + "\n".join(rows), encoding="utf-8")


def start_fetch(root: Path) -> subprocess.Popen[bytes]:
    """``enews fetch`` in a process of its own."""
    command = [sys.executable, "-m", "pipeline", "fetch", "--workspace", str(root)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def faults(root: Path) -> list[str]:
    """What is wrong with the cases on disk: files cut short or mixed, posts that stand in two files."""
    found: list[str] = []
    seen: dict[str, Path] = {}
    for path in sorted((root / "issues" / "cases").glob("*/[!.]*")):
        text = path.read_text(encoding="utf-8")
        draft = parse(text, path=path.name, keys=CASE)
        turn = re.search(r"turn (\d+)$", draft.value("original_title"))
        if not turn or not text.endswith(f"End of turn {turn[1]}\n"):
            found.append(f"{path.name} is not whole")
        if seen.setdefault(draft.value("entry_id"), path) != path:
            found.append(f"{path.name} and {seen[draft.value('entry_id')].name} are one post")
    return found


def killed_fetches(root: Path, times: int) -> None:
    """Kill a fetch ``times`` times, each in a turn with new texts, look after each; then let one run through."""
    moments = random.Random(times)  # noqa: S311 (moments, not secrets)
    with FeedServer() as server:
        lay_workspace(root, server)
        serve(server, 0)
        begun = time.monotonic()
        assert start_fetch(root).wait() == 0
        whole = time.monotonic() - begun
        killed = 0
        for turn in range(1, times + 1):
            serve(server, turn)
            asked = len(server.seen)
            child = start_fetch(root)
            while len(server.seen) == asked and child.poll() is None:
                time.sleep(0.002)
            time.sleep(moments.uniform(0, whole * 0.7))
            child.send_signal(signal.SIGKILL)
            killed += child.wait() == -signal.SIGKILL
            assert faults(root) == []
        assert killed >= times * 0.3, "hardly any fetch was killed before it was over"  # how long one takes is a busy machine's to say
        serve(server, times + 1)
        assert start_fetch(root).wait() == 0
    files = list((root / "issues" / "cases").glob("*/*"))
    assert faults(root) == []
    assert len(files) == FEEDS * POSTS
    assert all(f"turn {times + 1}" in path.read_text(encoding="utf-8") for path in files)


@pytest.mark.loopback
def test_a_fetch_killed_at_ten_moments_leaves_no_half_and_no_doubled_case(tmp_path: Path) -> None:
    """Thirty feeds, ten kills: what is on disk is whole after each, and complete after the next run."""
    killed_fetches(tmp_path, 10)


@pytest.mark.loopback
@pytest.mark.slow
def test_a_fetch_killed_at_fifty_moments_leaves_no_half_and_no_doubled_case(tmp_path: Path) -> None:
    """The same with fifty kills."""
    killed_fetches(tmp_path, 50)


def test_the_look_at_the_disk_sees_half_and_doubled_files(tmp_path: Path) -> None:
    """The oracle of these tests fails for a file cut short, and for one post in two files."""
    folder = tmp_path / "issues" / "cases" / "f1"
    folder.mkdir(parents=True)
    good = "---\n記事ID: a\n原題: Post, turn 1\n---\n\nText.\n\nEnd of turn 1\n"
    (folder / "a.source.md").write_text(good, encoding="utf-8")
    assert faults(tmp_path) == []
    (folder / "b.source.md").write_text(good, encoding="utf-8")
    (folder / "c.source.md").write_text(good.replace("ID: a", "ID: c")[:-9], encoding="utf-8")
    assert faults(tmp_path) == ["b.source.md and a.source.md are one post", "c.source.md is not whole"]
