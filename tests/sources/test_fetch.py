"""Fetching whole feeds into a workspace: what is new is written once, what changed is rewritten, and one dead feed stops no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from pipeline.config import Feed, Masthead
from pipeline.errors import ConfigError
from pipeline.sources.arrivals import Arrival, Known, compose_source, decide, feed_folder, stem_for
from pipeline.sources.casework import source_text
from pipeline.sources.cleaning import clean_entry
from pipeline.sources.feeds import parse_feed
from pipeline.sources.fetch import FeedOutcome, fetch_feeds
from pipeline.sources.frontmatter import CASE, parse
from pipeline.sources.retrieve import Limits
from tests.builders import masthead, workspace
from tests.sources.feedserver import Answer, FeedServer, Handler, body, endless, gzip_bomb, gzipped, redirect, silent, status, unless_known
from tests.sources.sample_feeds import TURKU, Post, atom, json_feed, rdf, rss

QUICK = Limits(wait=1.5, total=3.0, size=200_000)  # a busy machine may take its time to answer
STEM = "2024-12-10-mihon-s-bakery-turns-yesterday-s-bread-i"


def feed(name: str = "mihon", url: str = "feeds/mihon.xml", **more: object) -> Feed:
    """A feed of the masthead."""
    return Feed(**{"name": name, "url": url, "office": "Mihon Office", "language": "en", "country": "みほん国"} | more)  # type: ignore[arg-type]


def desk(*feeds: Feed) -> Masthead:
    """The masthead with these feeds."""
    return replace(masthead(), feeds=feeds)


def saved(root: Path, data: bytes, *feeds: Feed, name: str = "mihon.xml") -> tuple[FeedOutcome, ...]:
    """Save a feed in the workspace and fetch it."""
    workspace(root, {})
    (root / "feeds").mkdir(exist_ok=True)
    (root / "feeds" / name).write_bytes(data)
    return fetch_feeds(root, desk(*(feeds or (feed(),))))


def tree(root: Path) -> dict[str, tuple[bytes, int]]:
    """Every file of the cases and the cache, with its bytes and the time it was written."""
    places = (root / "issues" / "cases", root / "build")
    files = [path for place in places for path in sorted(place.rglob("*")) if path.is_file()]
    return {path.relative_to(root).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def arrival(post: Post) -> Arrival:
    """A post, parsed and cleaned."""
    entry = parse_feed(rss(post), url="https://feeds.example/feed/").entries[0]
    return Arrival(entry=entry, cleaned=clean_entry(entry.html, base=entry.base, title=entry.title))


def known(one: Arrival, **changes: str) -> Known:
    """The file of an arrival that was stored before."""
    values = {"stem": stem_for(one.entry), "identity": one.entry.identity, "url": one.entry.url, "digest": one.cleaned.digest}
    return Known(**(values | changes))


def test_a_new_post_becomes_a_source_file_with_its_provenance(tmp_path: Path) -> None:
    """Front matter says where it comes from, the body is Markdown, and nothing else is written."""
    (outcome,) = saved(tmp_path, rss(TURKU))
    assert (outcome.new, outcome.error) == ((f"mihon/{STEM}",), "")
    path = tmp_path / "issues" / "cases" / "mihon" / f"{STEM}.source.md"
    draft = parse(path.read_text(encoding="utf-8"), path="x", keys=CASE)
    assert draft.value("entry_id") == "https://feeds.example/?p=1"
    assert draft.value("original_title") == "Mihon's bakery turns yesterday's bread into energy"
    assert (draft.value("publisher"), draft.value("published"), draft.value("language")) == ("Mihon Office", "2024-12-10", "en")
    assert draft.body == "Bread is **not** waste. See the [plan](https://feeds.example/plan)."
    assert [found.code for found in draft.findings] == ["FM003"]
    assert [path.name for path in path.parent.iterdir()] == [path.name]


def test_a_second_run_without_changes_writes_nothing(tmp_path: Path) -> None:
    """Neither bytes nor times of any file move."""
    saved(tmp_path, rss(TURKU))
    before = tree(tmp_path)
    (outcome,) = fetch_feeds(tmp_path, desk(feed()))
    assert (outcome.new, outcome.changed, outcome.unchanged) == ((), (), 1)
    assert tree(tmp_path) == before


def test_a_changed_post_replaces_its_source_and_leaves_the_japanese(tmp_path: Path) -> None:
    """The file keeps its name although the title changed; the Japanese beside it keeps every byte."""
    saved(tmp_path, rss(TURKU))
    japanese = tmp_path / "issues" / "cases" / "mihon" / f"{STEM}.md"
    japanese.write_text("---\n見出し: みほん市のパン\n---\n\n本文\n", encoding="utf-8")
    (outcome,) = saved(tmp_path, rss(replace(TURKU, title="Renamed", html="<p>Bread is waste.</p>")))
    assert (outcome.new, outcome.changed) == ((), (f"mihon/{STEM}",))
    assert "Bread is waste." in (japanese.parent / f"{STEM}.source.md").read_text(encoding="utf-8")
    assert japanese.read_text(encoding="utf-8") == "---\n見出し: みほん市のパン\n---\n\n本文\n"


@pytest.mark.parametrize("make", [rss, atom, rdf, json_feed])
def test_every_format_is_fetched(tmp_path: Path, make: type) -> None:
    """RSS, Atom, RDF and JSON Feed give one case each, under the same stem."""
    (outcome,) = saved(tmp_path, make(replace(TURKU, date="2024-12-10")))
    assert outcome.new == (f"mihon/{STEM}",)


def test_undated_posts_stay_visible(tmp_path: Path) -> None:
    """A post whose date cannot be read is written as undated, counted, and its file says what the feed had."""
    (outcome,) = saved(tmp_path, rss(replace(TURKU, date="Fri, 05/03/2019 - 15:21")))
    assert outcome.undated == (STEM.replace("2024-12-10", "mihon/undated"),)
    text = (tmp_path / "issues" / "cases" / f"{outcome.undated[0]}.source.md").read_text(encoding="utf-8")
    assert "公開日を読み取れませんでした（フィードの表記：Fri, 05/03/2019 - 15:21）" in text
    assert "公開日のわからないもの1件" in outcome.line()


def test_one_dead_feed_stops_no_other(tmp_path: Path) -> None:
    """Missing file, web page, unusable name, other scheme: each is the error of its own outcome, in the masthead's order."""
    workspace(tmp_path, {})
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds/page.html").write_bytes(b"<html><body>No feed</body></html>")
    (tmp_path / "feeds/mihon.xml").write_bytes(rss(TURKU))
    feeds = (feed("gone", "feeds/gone.xml"), feed("page", "feeds/page.html"), feed("../x"), feed("ftp", "ftp://x.example/"), feed())
    told: list[FeedOutcome] = []
    outcomes = fetch_feeds(tmp_path, desk(*feeds), report=told.append)
    assert [bool(outcome.error) for outcome in outcomes] == [True, True, True, True, False]
    assert [outcome.feed for outcome in outcomes] == [one.name for one in feeds]
    assert len(told) == 5
    assert "Web ページ" in outcomes[1].line()
    assert not (tmp_path / "issues" / "x").exists()


def test_wrong_set_up_is_said_before_anything_is_fetched(tmp_path: Path) -> None:
    """No feeds, an unknown name and a doubled name are the masthead's mistakes."""
    for feeds, only in (((), ""), ((feed(),), "other"), ((feed(), feed()), "")):
        with pytest.raises(ConfigError):
            fetch_feeds(tmp_path, desk(*feeds), only=only)


def test_stems_are_short_ascii_and_never_taken_twice() -> None:
    """Forty letters of the title, folded; a hash where there are none; a suffix where the name is taken, capitals or not."""
    turku = arrival(TURKU).entry
    assert stem_for(replace(turku, title="Å Œuvre — Straße №1!")) == "2024-12-10-a-oeuvre-strasse-no1"
    assert stem_for(replace(turku, title="みほん市", published=None)).startswith("undated-")
    assert len(stem_for(replace(turku, title="みほん市", published=None))) == len("undated-") + 8
    twins = [arrival(replace(TURKU, id=name, url="")) for name in ("a", "b", "c")]
    assert [stem for stem, _ in decide(twins, ()).new] == [STEM, f"{STEM}-2", f"{STEM}-3"]
    assert [stem for stem, _ in decide(twins[:1], (), [STEM.upper()]).new] == [f"{STEM}-2"]


def test_deciding_tells_new_changed_and_unchanged() -> None:
    """The digest decides; a new id at an address that one file alone has is the same post."""
    post = arrival(TURKU)
    assert decide([post], []).new[0][1] is post
    assert decide([post], [known(post)]).unchanged == 1
    assert decide([post], [known(post, digest="old")]).changed == ((known(post).stem, post),)
    assert decide([post], [known(post, identity="old id")]).unchanged == 1
    assert len(decide([post], [known(post, identity="old id"), known(post, identity="older", stem="x")]).new) == 1


HOSTILE = Post(
    id="x\n---\nreviewer: nobody",
    url="https://feeds.example/a--b>c",
    title="--- &lt;!-- T --&gt;\ntitle: evil",
    date="2024-12-10",
    html="<p>---</p><p>--&gt; &lt;!-- </p><p>reviewer: x</p><img src='https://x.example/a--&gt;b.jpg' alt='--&gt;&#10;---&#10;# x'><p>&lt;b&gt;</p>",
)


def test_a_hostile_post_stays_inside_its_fields() -> None:
    """Fences, line breaks and comment marks in a post neither add entries nor end the notes below the text."""
    one = arrival(HOSTILE)
    draft = parse(compose_source(one, feed()), path="x", keys=CASE)
    assert draft.value("reviewer") == ""
    assert draft.value("original_title") == "--- <!-- T --> title: evil"
    assert draft.value("entry_id") == "x --- reviewer: nobody"
    assert [found.code for found in draft.findings] == ["FM003"]
    assert draft.body.count("<!--") == draft.body.partition("<!--")[2].count("-->") == 1
    assert draft.body.endswith("-->")
    assert source_text(draft).endswith("&lt;b>")
    assert decide([one], [Known(stem="s", identity=draft.value("entry_id"), url="", digest=draft.value("source_digest"))]).unchanged == 1


@pytest.mark.parametrize("name", ["../up", ".hidden", "a/b", "con", "x.", "", "a:b", "~$x"])
def test_feed_names_that_are_no_folders_are_refused(tmp_path: Path, name: str) -> None:
    """A name from the masthead cannot lead out of cases/ or make a folder that Windows cannot have."""
    workspace(tmp_path, {})
    (outcome,) = fetch_feeds(tmp_path, desk(feed(name)))
    assert "フォルダーの名前に使えません" in outcome.error
    assert feed_folder(tmp_path, feed("iclei-europe")).name == "iclei-europe"


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """A server on this machine."""
    with FeedServer() as running:
        yield running


@pytest.mark.loopback
def test_feeds_are_asked_conditionally(tmp_path: Path, server: FeedServer) -> None:
    """The second run sends the ETag and writes nothing; without the cache or the files everything is asked for again."""
    workspace(tmp_path, {})
    server.routes["/feed"] = unless_known(rss(TURKU), '"v1"')
    one = desk(feed(url=server.url("/feed"), allow_private=True))
    assert len(fetch_feeds(tmp_path, one)[0].new) == 1
    before = tree(tmp_path)
    assert fetch_feeds(tmp_path, one)[0].unchanged == 1
    assert [headers["If-None-Match"] for _, headers in server.seen] == [None, '"v1"']
    assert tree(tmp_path) == before
    (tmp_path / "build/.cache/feeds.json").write_text("{broken", encoding="utf-8")
    assert fetch_feeds(tmp_path, one)[0].unchanged == 1
    (tmp_path / f"issues/cases/mihon/{STEM}.source.md").unlink()
    assert len(fetch_feeds(tmp_path, one)[0].new) == 1


@pytest.mark.loopback
def test_a_304_without_validators_is_no_reason_to_forget_them(tmp_path: Path, server: FeedServer) -> None:
    """Many servers do not repeat them: the third run asks as conditionally as the second, and neither writes anything."""
    workspace(tmp_path, {})
    server.routes["/feed"] = unless_known(rss(TURKU), '"v1"', again=False)
    one = desk(feed(url=server.url("/feed"), allow_private=True))
    fetch_feeds(tmp_path, one)
    before = tree(tmp_path)
    for _ in range(2):
        assert fetch_feeds(tmp_path, one)[0].unchanged == 1
    assert [headers["If-None-Match"] for _, headers in server.seen] == [None, '"v1"', '"v1"']
    assert tree(tmp_path) == before


@pytest.mark.loopback
def test_feeds_are_fetched_side_by_side(tmp_path: Path, server: FeedServer) -> None:
    """Nobody is answered before everybody has asked."""
    workspace(tmp_path, {})
    together = Barrier(4)

    def answer(handler: Handler) -> None:
        together.wait(20)
        body(rss(TURKU))(handler)

    server.routes |= {f"/{n}": answer for n in range(4)}
    outcomes = fetch_feeds(tmp_path, desk(*(feed(f"office-{n}", server.url(f"/{n}"), allow_private=True) for n in range(4))))
    assert [(outcome.error, len(outcome.new)) for outcome in outcomes] == [("", 1)] * 4


@pytest.mark.loopback
def test_the_cap_is_five_megabytes_also_after_decompression(tmp_path: Path, server: FeedServer) -> None:
    """With the limits that editors have: a byte more is refused, as it comes and as it is unpacked."""
    workspace(tmp_path, {})
    whole = rss(TURKU)
    sizes = {"fits": 5_000_000, "over": 5_000_001}
    padded = {name: whole + b"\n" * (size - len(whole)) for name, size in sizes.items()}
    server.routes |= {f"/{name}": body(data) for name, data in padded.items()}
    server.routes |= {f"/{name}-packed": gzipped(data) for name, data in padded.items()}
    names = [route.removeprefix("/") for route in server.routes]
    outcomes = fetch_feeds(tmp_path, desk(*(feed(name, server.url(f"/{name}"), allow_private=True) for name in names)))
    assert {one.feed for one in outcomes if "大きすぎます（上限 5,000,000 バイト）" in one.error} == {"over", "over-packed"}
    assert {one.feed for one in outcomes if one.new} == {"fits", "fits-packed"}


MISBEHAVING: dict[str, tuple[Answer, str]] = {
    "good": (body(rss(TURKU)), ""),
    "as-text": (body(rss(TURKU), "text/plain; charset=utf-8"), ""),
    "as-page": (body(rss(TURKU), "text/html"), ""),
    "slow": (silent, "1.5秒応答がありません"),
    "endless": (endless, "大きすぎます（上限 200,000 バイト）"),
    "bomb": (gzip_bomb(30), "大きすぎます（上限 200,000 バイト）"),
    "page": (body(b"<!doctype html><html><body><p>Welcome</p></body></html>"), "フィードではなく Web ページです"),
    "picture": (body(b"\x89PNG\r\n\x1a\n" + bytes(99), "image/png"), "画像やPDF"),
    "empty": (body(b""), "中身が空です"),
    "loop": (redirect("/loop"), "転送が5回を超えました"),
    "gone": (status(410), "公開は終わっています。newsletter.toml から外すか"),
    "nonsense": (redirect("http://[x"), "使えないアドレス"),
}


@pytest.mark.loopback
def test_misbehaving_servers_leave_the_good_one_alone(tmp_path: Path, server: FeedServer) -> None:
    """Each fails in words of its own that name its address, beside good ones, which are fetched whole; a wrong type alone is no failure."""
    workspace(tmp_path, {})
    server.routes |= {f"/{name}": answer for name, (answer, _) in MISBEHAVING.items()}
    feeds = [feed(name, server.url(f"/{name}"), allow_private=True) for name in MISBEHAVING]
    others = (feed("private", server.url("/good")), feed("nobody", "http://127.0.0.1:9/feed", allow_private=True))
    outcomes = {outcome.feed: outcome for outcome in fetch_feeds(tmp_path, desk(*feeds, *others), limits=QUICK)}
    for name, (_, reason) in {**MISBEHAVING, "private": (silent, "allow_private = true"), "nobody": (silent, "つながりません")}.items():
        assert (reason in outcomes[name].error) if reason else not outcomes[name].error, outcomes[name].line()
        assert not reason or "http://127.0.0.1:" in outcomes[name].error
    assert {path.name for path in (tmp_path / "issues" / "cases").iterdir()} == {"good", "as-text", "as-page"}


@pytest.mark.loopback
def test_a_changed_entry_is_seen_through_the_validators(tmp_path: Path, server: FeedServer) -> None:
    """New text under a new ETag rewrites the source and is told; a third run is answered 304 and writes nothing."""
    workspace(tmp_path, {})
    one = desk(feed(url=server.url("/feed"), allow_private=True))
    counts = []
    for turn, text in enumerate(("Old text.", "New text.", "New text.")):
        server.routes["/feed"] = unless_known(rss(replace(TURKU, html=f"<p>{text}</p>")), f'"{text}"')
        before = tree(tmp_path)
        (outcome,) = fetch_feeds(tmp_path, one)
        counts.append((len(outcome.new), len(outcome.changed), outcome.unchanged))
        assert (tree(tmp_path) == before) is (turn == 2)
    assert counts == [(1, 0, 0), (0, 1, 0), (0, 0, 1)]
    assert "New text." in (tmp_path / f"issues/cases/mihon/{STEM}.source.md").read_text(encoding="utf-8")


@pytest.mark.loopback
def test_a_moved_feed_is_read_and_told(tmp_path: Path, server: FeedServer) -> None:
    """The outcome names the new address to write into the masthead."""
    workspace(tmp_path, {})
    server.routes |= {"/old": redirect("/new", 308), "/new": body(rss(TURKU))}
    (outcome,) = fetch_feeds(tmp_path, desk(feed(url=server.url("/old"), allow_private=True)))
    assert outcome.moved == server.url("/new")
    assert "移転" in outcome.line()
