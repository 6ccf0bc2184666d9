"""The benchmark itself: the same seed gives the same issue, the counts are those of the built mail, the table's arithmetic is right. No timing."""

from __future__ import annotations

import json
import re
import smtplib
import subprocess
import sys
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from pipeline import desk
from pipeline.config import read_masthead
from pipeline.delivery.approval import write_frozen
from pipeline.delivery.frozen import personalised
from pipeline.delivery.store import SECRET, open_store
from pipeline.delivery.tokens import Ticket
from pipeline.readerdesk import Intake, Settings, import_lists, total
from pipeline.sources.cleaning import clean_entry
from pipeline.sources.feeds import parse_feed
from tests import builders
from tests.bench.clock import Line, Row, ahead_of, at_most, cpu, interleave
from tests.bench.counts import count, links_of, visible_text
from tests.bench.feedrows import forget, lay_workspace
from tests.bench.feeds import make_feed, make_feeds
from tests.bench.imports import OURS, STANDARD, import_costs
from tests.bench.issue import CASES, PICTURES, SLUG, compose_drafts, draw_picture, write_workspace
from tests.bench.prose import faults
from tests.bench.readerrows import peak, write_list
from tests.bench.sendrows import Nowhere, plain, post_of, reader, send_and_tell, smtp_sink, tool
from tests.bench.table import WIDTH, shown, table, write_row
from tests.delivery.test_frozen import frozen_mail
from tests.sources.feedserver import FeedServer


def test_the_same_seed_writes_the_same_issue() -> None:
    """Drafts and pictures are the same letter by letter; another seed writes others."""
    assert compose_drafts(2025) == compose_drafts(2025)
    assert compose_drafts(2025) != compose_drafts(2026)
    picture = draw_picture(3)
    draw_picture.cache_clear()
    assert draw_picture(3) == picture != draw_picture(4)


def test_the_generated_text_does_not_repeat_itself() -> None:
    """No title comes twice, and of all sentences hardly any does."""
    drafts = [text for name, text in compose_drafts(2025).items() if not name.endswith(".source.md")]
    titles = re.findall(r"^見出し: (.+)$", "\n".join(drafts), re.MULTILINE)
    assert len(titles) == len(set(titles)) == 25
    sentences = re.findall(r"[^。\n]{15,}。", "\n".join(drafts))
    assert len(set(sentences)) > 0.95 * len(sentences)


def test_the_generated_issue_is_what_the_targets_speak_of(tmp_path: Path) -> None:
    """It builds without an error, and the built mail holds 25 items, 12,000 characters, 60 links, 13 pictures, 5 case cards, 3 events."""
    workspace = desk.open_workspace(write_workspace(tmp_path, 2025))
    built = desk.build(workspace, SLUG)
    assert not built.checked.has_errors
    articles = built.checked.issue.articles
    found = count(built.html.read_text("utf-8"))
    assert found.characters >= 12_000
    assert found.links >= 60
    assert found.pictures == built.pictures == PICTURES == 13
    assert (len(articles), built.cases, CASES) == (25, 5, 5)
    assert sum(article.section == "calendar" for article in articles) == 3


def test_the_generated_feeds_are_what_the_targets_speak_of() -> None:
    """The same seed gives the same bytes; the three formats in turn, ten of a hundred in old Japanese encodings, 70 to 200 KB, every post read."""
    feeds = make_feeds(2025)
    assert make_feed(2025, 10) == feeds[10] != make_feed(2026, 10)
    assert len({feed.body for feed in feeds}) == 100
    assert all(70_000 <= len(feed.body) <= 200_000 for feed in feeds)
    assert [sum(mark in feed.body[:200] for feed in feeds) for mark in (b"<rss", b"<feed", b"<rdf:RDF")] == [34, 33, 33]
    assert [sum(mark in feed.body[:50] for feed in feeds) for mark in (b'"euc-jp"', b'"shift_jis"', b'"utf-8"')] == [5, 5, 90]
    for feed in (feeds[number] for number in (0, 1, 2, 10)):
        parsed = parse_feed(feed.body, url="https://feeds.example/", language=feed.language)
        assert (len(parsed.entries), parsed.dropped, parsed.problem) == (feed.body.count(b"<title") - 1, (), "")
        assert all(entry.published and entry.url for entry in parsed.entries)


def test_the_generated_posts_have_what_cleaning_is_for() -> None:
    """Links, lists, tables of both kinds, frames, share buttons, counting pixels, tracked addresses and closing lines, all cleaned away or kept."""
    feed = make_feed(2025, 1)
    for mark in (b"<li", b"<th", b"<iframe", b"sd-sharing", b"pixel.", b"utm_source", b"appeared first on", b"srcset", b"<span"):
        assert mark in feed.body.replace(b"&lt;", b"<"), mark
    text = "\n".join(clean_entry(entry.html, base=entry.base).markdown for entry in parse_feed(feed.body, url="https://x.example/").entries)
    assert not re.search(r"utm_|Share this|appeared first|pixel|!\[|<", text)
    assert all(mark in text for mark in ("](https://", "\n- ", "\n| ", "## ", "**", "埋め込み"))


@pytest.mark.loopback
def test_the_generated_feeds_are_served_to_a_workspace_that_forgets(tmp_path: Path) -> None:
    """The workspace that fetching is measured in holds the feeds, and forgets what was fetched."""
    feeds = tuple(make_feed(2025, number) for number in range(3))
    root = tmp_path / "ws"
    with FeedServer() as server:
        lay_workspace(root, server, feeds)
    names = [feed.name for feed in read_masthead(root).feeds]
    assert names == [feed.name for feed in feeds]
    (root / "issues/cases/x").mkdir(parents=True)
    forget(root)
    assert sorted(path.name for path in root.rglob("*")) == ["issues", "newsletter.toml"]


def test_the_generated_readers_are_all_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same seed writes the same list, no address twice, and the rows of the table can be measured on it."""
    first, second = (write_list(tmp_path / name, 300, seed=1).read_bytes() for name in ("a.csv", "b.csv"))
    assert first == second != write_list(tmp_path / "c.csv", 300, seed=2).read_bytes()
    monkeypatch.setenv(SECRET, "only-for-the-benchmark-0123456789")
    taken = import_lists(tmp_path / "ws", Intake(paths=(tmp_path / "a.csv",)), Settings(now="2026-11-22T10:00:00"))
    assert total(taken) == {"added": 300, "updated": 0, "unchanged": 0, "suppressed": 0, "rejected": 0}


def test_the_peak_of_a_process_is_its_own() -> None:
    """A process that holds a hundred million bytes says so; one that fails is an error."""
    small, large = (peak([sys.executable, "-c", f"x = bytearray({size}); x[:] = b'1' * {size}"]) for size in (1, 100_000_000))
    assert large - small > 90_000_000
    with pytest.raises(subprocess.CalledProcessError):
        peak([sys.executable, "-c", "raise SystemExit(3)"])


def test_the_send_that_memory_is_measured_of_is_a_send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every reader has a row, as many as are wanted get a message of their own, and the process says how much it held."""
    monkeypatch.setenv(SECRET, "a-key-for-tests-only-0123456789")
    write_frozen(tmp_path / "send-frozen", frozen_mail(), note={})
    transport = Nowhere()
    peak = send_and_tell(tmp_path, 20, 5, masthead=builders.masthead(), transport=transport)
    assert (transport.taken, peak > 10_000_000) == (5, True)
    with open_store(tmp_path / "send-20", create=False) as store, store.read() as rows:
        found = rows.all("SELECT state, count(*) AS n FROM ledger GROUP BY state")
        assert {row["state"]: row["n"] for row in found} == {"queued": 15, "sent": 5}


def test_the_library_builds_the_same_parts() -> None:
    """What ours is measured beside holds the same text and the same page, letter by letter."""
    post = post_of(frozen_mail(), builders.masthead())
    ours, _ = post.compose(reader(1))
    parts = personalised(post.frozen, post.values(reader(1), Ticket(reader=1, slug=post.frozen.slug)))
    both = [message_from_bytes(data, policy=default) for data in (ours, plain("reader1@example.com", parts))]
    for kind in ("plain", "html"):
        mine, theirs = (message.get_body((kind,)) for message in both)
        assert mine is not None
        assert theirs is not None
        assert mine.get_content() == theirs.get_content()


@pytest.mark.loopback
@pytest.mark.skipif(not tool("smtp-sink"), reason="Postfix is not installed")
def test_the_server_of_the_bench_takes_mail() -> None:
    """Postfix's sink is there when the port is given, and gone afterwards."""
    with smtp_sink() as port, smtplib.SMTP("127.0.0.1", port, local_hostname="bench.example.net") as server:
        assert server.sendmail("a@example.jp", ["b@example.com"], b"Subject: x\r\n\r\ny\r\n") == {}
    with pytest.raises(ConnectionRefusedError):
        smtplib.SMTP("127.0.0.1", port, local_hostname="bench.example.net")


def test_time_of_the_processor_is_told_apart_from_waiting() -> None:
    """Sleeping takes none, reckoning does."""
    assert cpu(lambda: time.sleep(0.05)) < 0.04
    assert cpu(lambda: sum(range(1_000_000))) > 0


PAGE = '<html><head><title>題</title><style>p{}</style></head><body><p>本文 <!-- 秘密 --> です</p><a href="#s1">目次</a><a href="https://a.example">先</a>'


def test_only_what_a_reader_sees_is_counted() -> None:
    """Title, style sheets and comments are no text, and a link within the page is no link."""
    assert visible_text(PAGE) == "本文 です目次先"
    assert count(PAGE).characters == 7
    assert count(PAGE).text_bytes == len("本文 です目次先".encode())
    assert links_of(PAGE) == ("https://a.example",)


def row() -> Row:
    """Three ways of which one could not be run."""
    lines = (
        Line(name="ours", samples=(0.03, 0.01, 0.02)),
        Line(name="peer", version="1.2", samples=(0.05, 0.04, 0.9)),
        Line(name="none", note="why"),
    )
    return Row(key="sample", title="SAMPLE", unit="s", lines=lines, verdicts=(at_most("at most 1 ms", 2.0, 1, shown="{:.0f} ms"),))


def test_a_ratio_is_one_median_over_another() -> None:
    """One outlier does not move it; without samples there is none."""
    assert row().ratio("peer") == pytest.approx(2.5)
    assert row().ratio("ours", "peer") == pytest.approx(0.4)
    assert row().ratio("none") is None


def test_a_verdict_says_met_not_met_or_not_measured() -> None:
    """Exactly at the limit is met; a peer as quick as we are is not left behind."""
    assert [at_most("t", figure, 5, shown="{}").met for figure in (5, 5.1, None)] == [True, False, None]
    assert [ahead_of("p", ratio).met for ratio in (1.1, 1.0, 0.9, None)] == [True, False, False, None]


def test_runs_are_taken_in_turn() -> None:
    """A B A B, and the warm-up round is thrown away."""
    order: list[tuple[str, int]] = []

    def run(name: str, number: int) -> float:
        order.append((name, number))
        return float(number)

    taken = interleave({"a": lambda n: run("a", n), "b": lambda n: run("b", n)}, rounds=2)
    assert order == [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("a", 2), ("b", 2)]
    assert taken == {"a": (1.0, 2.0), "b": (1.0, 2.0)}


def test_the_table_is_narrow_and_names_what_is_missing(tmp_path: Path) -> None:
    """120 columns, milliseconds, the reason for an empty line, NOT MET where a target is missed; the samples are kept in JSON."""
    lines = list(table(row()))
    assert max(map(len, lines)) <= WIDTH
    assert re.search(r"^  ours +20\.0 +10\.0 +30\.0 +1\.00$", lines[1])
    assert re.search(r"^  peer 1\.2 +50\.0 +40\.0 +900\.0 +2\.50$", lines[2])
    assert re.search(r"^  none +why$", lines[3])
    assert lines[4] == "  -> at most 1 ms: 2 ms: NOT MET"
    assert shown(1234567, "bytes") == "1,234,567"
    kept = json.loads(write_row(row(), tmp_path, {"seed": 1}).read_text("utf-8"))
    assert (kept["lines"][1]["samples"], kept["lines"][1]["median"], kept["material"]) == ([0.05, 0.04, 0.9], 0.05, {"seed": 1})


REPORT = """import time: self [us] | cumulative | imported package
import time:       100 |        100 |   re
import time:        20 |         20 |     cssutils
import time:        30 |         50 |   premailer
import time:       300 |        450 | pipeline.render
"""


def test_an_import_counts_for_the_library_that_asked_for_it() -> None:
    """What premailer pulls in is premailer's; the shares add up to the whole."""
    costs = import_costs(REPORT)
    assert costs == pytest.approx({OURS: 300e-6, STANDARD: 100e-6, "premailer": 50e-6})
    assert sum(costs.values()) == pytest.approx(450e-6)


def test_faults_of_a_text_edition_are_seen() -> None:
    """A long line, Markdown marks, an address that is broken or runs into Japanese, a line that begins with a full stop."""
    good = "見出し\n  https://a.example/1\n\nhttps://a.example/2\n"
    clean = faults(good, ("https://a.example/1", "https://a.example/2"))
    assert (clean.long, clean.marks, clean.urls, clean.starts) == (0, 0, 0, 0)
    bad = "あ" * 36 + "\n**太字**は\nhttps://a.exam\nple/1\nhttps://a.example/2をご覧ください\n。\n"
    wrong = faults(bad, ("https://a.example/1", "https://a.example/2"))
    assert (wrong.long, wrong.marks, wrong.urls, wrong.starts) == (1, 2, 2, 1)
