"""``enews fetch`` as an editor meets it: a line a feed, a summary that says why, an exit code, JSON, and nothing written for nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.config import MASTHEAD
from tests.builders import workspace
from tests.sources.feedserver import FeedServer, body, redirect, status
from tests.sources.sample_feeds import TURKU, Post, rss
from tests.sources.test_fetch import tree

pytestmark = pytest.mark.loopback


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """A server on this machine."""
    with FeedServer() as running:
        yield running


def lay(root: Path, server: FeedServer, *names: str) -> None:
    """A workspace whose masthead has these feeds, each at its own path."""
    workspace(root, {})
    text = (root / MASTHEAD).read_text("utf-8").partition("[[feeds]]")[0]
    for name in names:
        text += f'[[feeds]]\nname = "{name}"\nurl = "{server.url(f"/{name}")}"\noffice = "O"\nlanguage = "en"\nallow_private = true\n'
    (root / MASTHEAD).write_text(text, "utf-8")


def run(root: Path, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    """The exit code and what was printed."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["fetch", "--workspace", str(root), *options])
    return int(str(ended.value.code)), capsys.readouterr().out


def test_every_feed_has_its_line_and_the_summary_says_why_one_failed(
    tmp_path: Path, server: FeedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """New, changed, unchanged and failed are counted; what was skipped is named; a moved feed's new address is to be written down."""
    lay(tmp_path, server, "mihon", "dead", "old")
    server.routes |= {
        "/mihon": body(rss(TURKU, replace(TURKU, id="2", title="Second"), Post(html="<p>lost</p>"))),
        "/dead": status(410),
        "/old": redirect("/new", 301),
        "/new": body(rss(TURKU)),
    }
    code, said = run(tmp_path, capsys)
    assert code == 1
    assert "mihon：新着2件、更新0件、変わりなし0件。読み飛ばし1件\n　読み飛ばし：3番目の記事（題名もリンクも ID もありません）\n" in said
    assert f"フィードが移転しました。issues/newsletter.toml の url を {server.url('/new')} に直してください" in said
    assert "配信 3件：新着 3件、更新 0件、変わりなし 0件、失敗 1件\n失敗した配信：dead　http://127.0.0.1:" in said
    assert said.endswith("「enews cases」で一覧を見られます。\n")
    server.routes |= {"/mihon": body(rss(replace(TURKU, html="<p>Changed.</p>"))), "/dead": body(rss(TURKU))}
    code, said = run(tmp_path, capsys)
    assert code == 0
    assert "配信 3件：新着 1件、更新 1件、変わりなし 1件、失敗 0件\n原文が変わった事例：mihon/2024-12-10-mihon-s-bakery" in said


def test_a_second_run_writes_nothing_and_exits_0(tmp_path: Path, server: FeedServer, capsys: pytest.CaptureFixture[str]) -> None:
    """Not a byte and not a time moves, although this server knows no validators."""
    lay(tmp_path, server, "mihon")
    server.routes["/mihon"] = body(rss(TURKU, replace(TURKU, id="2", title="Second")))
    assert run(tmp_path, capsys)[0] == 0
    before = tree(tmp_path)
    code, said = run(tmp_path, capsys)
    assert (code, tree(tmp_path)) == (0, before)
    assert said == "mihon：新着0件、更新0件、変わりなし2件\n\n配信 1件：新着 0件、更新 0件、変わりなし 2件、失敗 0件\n"


def test_json_is_all_that_is_printed(tmp_path: Path, server: FeedServer, capsys: pytest.CaptureFixture[str]) -> None:
    """Findings and feeds, each with its cases, what was dropped and its error; the exit code is the same."""
    lay(tmp_path, server, "mihon", "dead")
    server.routes["/mihon"] = body(rss(TURKU))
    code, said = run(tmp_path, capsys, "--json")
    found = json.loads(said)
    assert (code, found["findings"]) == (1, [])
    good, dead = found["feeds"]
    assert (good["feed"], good["new"], good["error"]) == ("mihon", ["mihon/2024-12-10-mihon-s-bakery-turns-yesterday-s-bread-i"], "")
    assert "HTTP 404" in dead["error"]
    assert {"feed", "office", "new", "changed", "unchanged", "undated", "dropped", "problem", "moved", "error"} == set(good)


def test_one_feed_alone_can_be_asked_for(tmp_path: Path, server: FeedServer, capsys: pytest.CaptureFixture[str]) -> None:
    """The others are not even looked at."""
    lay(tmp_path, server, "mihon", "dead")
    server.routes["/mihon"] = body(rss(TURKU))
    assert run(tmp_path, capsys, "--feed", "mihon")[0] == 0
    assert [path for path, _ in server.seen] == ["/mihon"]
