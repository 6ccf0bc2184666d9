"""Pages of offices without a feed: an address or a saved file in, a source file like a fetched one out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import Feed, Masthead
from pipeline.errors import ConfigError, FeedError
from pipeline.sources.fetch import wanted_feeds
from pipeline.sources.frontmatter import CASE, Draft, parse
from pipeline.sources.maintext import find_main_text, text_page
from pipeline.sources.paste import Pasted, paste_case
from pipeline.sources.retrieve import Limits
from tests.builders import masthead, workspace
from tests.sources.feedserver import FeedServer, body, endless, redirect

PROSE = "The city of Mihon, with its partners, collects yesterday's bread from forty bakeries, and turns it into energy for its trams. " * 4
PAGE = f"""<!doctype html><html><head><title>Bread | Mihon Office</title><meta property="og:title" content="Bread for trams">
<meta property="article:published_time" content="2024-12-10T09:00:00+01:00">
<link rel="canonical" href="https://mihon.example/news/bread/?utm_source=x"></head>
<body><nav><ul><li><a href="/">Home menu</a></li><li><a href="/about">About us</a></li></ul></nav>
<article><h1>Bread for trams</h1><p>{PROSE}</p><script>alert(1)</script><p onclick="x()">{PROSE}</p>
<ul><li>forty bakeries, two depots</li><li>one tram</li></ul><p>Read the <a href="/plan">plan</a> of the council. {PROSE}</p>
<img src="/tram.jpg" alt="A tram"></article>
<footer>Imprint, cookies, newsletter</footer></body></html>"""


def desk(**more: object) -> Masthead:
    """The masthead with one office that has no feed."""
    values = {"name": "mihon", "url": "", "office": "Mihon Office", "language": "en", "country": "みほん国"}
    return replace(masthead(), feeds=(Feed(**(values | more)),))  # type: ignore[arg-type]


def saved(root: Path, content: str | bytes, name: str = "page.html", title: str = "") -> Pasted:
    """Save a file beside the workspace and paste it."""
    workspace(root, {})
    path = root / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return paste_case(root, desk(), str(path), feed="mihon", title=title)


def source(root: Path, pasted: Pasted) -> Draft:
    """The source file that was written."""
    return parse((root / pasted.path).read_text(encoding="utf-8"), path="x", keys=CASE)


def test_a_saved_page_becomes_a_source_with_what_the_page_says_of_itself(tmp_path: Path) -> None:
    """Title, address and date come from the page; menus, scripts and pictures stay out, links and lists stay in."""
    pasted = saved(tmp_path, PAGE)
    draft = source(tmp_path, pasted)
    assert pasted.id == "mihon/2024-12-10-bread-for-trams"
    assert (draft.value("original_title"), draft.value("published")) == ("Bread for trams", "2024-12-10")
    assert draft.value("url") == draft.value("entry_id") == "https://mihon.example/news/bread/"
    assert (draft.value("publisher"), draft.value("language"), draft.value("country")) == ("Mihon Office", "en", "みほん国")
    assert "- forty bakeries, two depots" in draft.body
    assert "[plan](https://mihon.example/plan)" in draft.body
    for unwanted in ("Home menu", "cookies", "alert", "onclick", "!["):
        assert unwanted not in draft.body


def test_a_pasted_piece_of_html_is_taken_whole(tmp_path: Path) -> None:
    """What an editor copied out of a page has no menus to be left out: short paragraphs, lists and tables all stay."""
    piece = (
        "<h2>Aim</h2><p>Cut <b>waste</b>.</p><ul><li>forty</li></ul><table><tr><th>A</th></tr><tr><td>1</td></tr></table><script>x</script>"
    )
    body = source(tmp_path, saved(tmp_path, piece, title="Bread")).body
    assert body.startswith("## Aim\n\nCut **waste**.\n\n- forty\n\n| A |\n")
    assert "| 1 |" in body
    assert "script" not in body


def test_pasting_twice_writes_nothing_and_a_changed_page_replaces_its_source(tmp_path: Path) -> None:
    """The same post is one case, however often it is pasted."""
    first = saved(tmp_path, PAGE)
    assert (first.became, saved(tmp_path, PAGE).became) == ("new", "unchanged")
    changed = saved(tmp_path, PAGE.replace("one tram", "two trams"))
    assert (changed.id, changed.became) == (first.id, "changed")
    assert "two trams" in source(tmp_path, changed).body
    assert len(list((tmp_path / "issues/cases/mihon").iterdir())) == 1


def test_a_pasted_text_is_a_source_that_says_what_it_lacks(tmp_path: Path) -> None:
    """The first line is the title; date and address are asked for, not invented; what looks like HTML is text."""
    pasted = saved(tmp_path, "Bread\n\nOne <b>two</b>.\nThree.\n\n* four\n", "bread.txt")
    draft = source(tmp_path, pasted)
    assert (draft.value("original_title"), draft.value("published"), draft.value("url")) == ("Bread", "", "")
    assert "&lt;b>two" in draft.body
    assert pasted.lacks == ("原文", "公開日")
    assert "「原文」「公開日」" in "\n".join(pasted.lines())
    assert saved(tmp_path, "Bread\n\nOther words.", "other.txt").became == "changed"
    assert source(tmp_path, saved(tmp_path, "Bread\n\nX.", "bread.txt", title="Rolls")).value("original_title") == "Rolls"


def test_lists_of_a_pasted_text_are_lists(tmp_path: Path) -> None:
    """Bullets of every kind and numbers that count; a number that counts nothing is the day of a date, a minus is no bullet."""
    text = "Bread\n\nResults:\n- less <b>waste</b>\n  in bakeries\n- jobs\n\n・one\n\n1. First\n\n2. Second\nAfter.\n\n12. März 2024\n\n-5 °C\n1.5 t"
    body = source(tmp_path, saved(tmp_path, text, "bread.txt")).body
    assert "Results:\n\n- less &lt;b>waste&lt;/b> in bakeries\n- jobs\n- one\n\n1. First\n2. Second\n\nAfter.\n\n" in body
    assert "\n\n12\\. März 2024\n\n-5 °C  \n1\\.5 t" in body


@given(
    st.lists(st.sampled_from(["- ", "* ", "・", "1. ", "2. ", "12) ", "\n", "\n\n", "  ", "a", "犬 ", "-", "<b>", "&amp;"]), max_size=30)
)
def test_no_letter_of_a_pasted_text_is_lost(parts: list[str]) -> None:
    """Whatever is taken for a list, only marks and white space may change."""
    text = "".join(parts)
    page = text_page(f"Title\n\n{text}")
    words = "".join(lxml.html.fragment_fromstring(page.html, create_parent="div").itertext())
    kept, written = (re.sub(r"[-*・\s\d.)]", "", each) for each in (words, text if text.strip() else "Title"))
    assert kept == written


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "euc_jp", "utf-16"])
def test_japanese_pages_are_read_in_their_encodings(encoding: str) -> None:
    """By what the page says of itself, else by trying."""
    prose = "みほん市は、前日のパンを集めて路面電車の電力に変えています。市民、事業者、そして大学が参加しています。" * 6
    page = f"<html><head><title>パンの町</title></head><body><article><p>{prose}</p><p>{prose}</p></article></body></html>"
    assert "路面電車の電力" in find_main_text(page.encode(encoding)).html
    stated = page.replace("<head>", '<head><meta charset="Shift_JIS">')
    assert find_main_text(stated.encode("cp932")).title == "パンの町"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.html", b"%PDF-1.7 x", "PDF"),
        ("a.docx", b"PK\x03\x04xx", "Word"),
        ("a.html", b"  \n", "空です"),
        ("a.html", b"<html><body><div id=app></div><script>1</script></body></html>", "本文"),
        ("a.csv", b"a,b", "種類"),
        ("a.txt", b"\xff\x00\xff\x81", "UTF-8"),
    ],
)
def test_what_is_no_page_is_refused_with_the_way_round(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    """Nothing is written, and the message says what to do."""
    with pytest.raises(Exception, match=reason):
        saved(tmp_path, content, name)
    assert not (tmp_path / "issues/cases").exists()


def test_an_office_must_be_known_and_one_without_a_feed_is_never_fetched(tmp_path: Path) -> None:
    """The message shows what to write into the masthead; ``enews fetch`` passes such an office by."""
    with pytest.raises(ConfigError, match='url = ""'):
        paste_case(tmp_path, desk(), "x.html", feed="other")
    with pytest.raises(ConfigError, match="どの配信元の事例かを、--feed"):
        paste_case(tmp_path, desk(), "x.html", feed="")
    with pytest.raises(FeedError, match="読めません"):
        paste_case(tmp_path, desk(), str(tmp_path / "nothing.html"), feed="mihon")
    other = Feed(name="other", url="feeds/x.xml", office="O", language="en")
    both = replace(desk(), feeds=(*desk().feeds, other))
    assert wanted_feeds(both, "") == (other,)
    with pytest.raises(ConfigError, match="paste"):
        wanted_feeds(both, "mihon")


@settings(max_examples=60)
@given(st.one_of(st.binary(max_size=300), st.tuples(st.integers(0, 900), st.binary(max_size=30))))
def test_any_bytes_give_a_page_or_a_feed_error(junk: bytes | tuple[int, bytes]) -> None:
    """No page makes the desk fail in another way."""
    good = PAGE.encode()
    page = junk if isinstance(junk, bytes) else good[: junk[0]] + junk[1] + good[junk[0] :]
    try:
        found = find_main_text(page, url="https://mihon.example/")
    except FeedError:
        return
    assert "\n" not in found.title


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """A web server on this machine."""
    with FeedServer() as running:
        yield running


@pytest.mark.loopback
def test_a_page_is_read_from_its_address_with_every_protection(tmp_path: Path, server: FeedServer) -> None:
    """Private addresses are refused unless the office allows them, also after a redirect; sizes are capped."""
    workspace(tmp_path, {})
    server.routes["/bread"] = body(PAGE.replace('rel="canonical"', 'rel="x"').encode(), "text/html; charset=utf-8")
    server.routes["/bread?utm_source=mail"] = server.routes["/bread"]
    server.routes["/endless"] = endless
    server.routes["/to"] = redirect("/bread")
    with pytest.raises(FeedError, match="allow_private"):
        paste_case(tmp_path, desk(), server.url("/bread"), feed="mihon")
    assert server.seen == []
    allowed = desk(allow_private=True)
    with pytest.raises(FeedError, match="大きすぎます"):
        paste_case(tmp_path, allowed, server.url("/endless"), feed="mihon", limits=Limits(size=200_000, total=5))
    pasted = paste_case(tmp_path, allowed, server.url("/to"), feed="mihon")
    assert source(tmp_path, pasted).value("url") == server.url("/bread")
    assert paste_case(tmp_path, allowed, server.url("/bread?utm_source=mail"), feed="mihon").became == "unchanged"
