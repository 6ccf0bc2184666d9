"""Reading feeds: five formats, wrong dates, missing ids and hostile bytes give entries or a FeedError, and never an invented date."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import FeedError
from pipeline.sources.feeds import Entry, parse_feed, read_date
from pipeline.sources.reading import Job, Reading, read_feed
from tests.sources.sample_feeds import TURKU, Post, atom, json_feed, rdf, rss

URL = "https://feeds.example/feed/"


def entries(body: bytes, language: str = "en") -> tuple[Entry, ...]:
    """The entries of a feed at the usual address."""
    return parse_feed(body, url=URL, language=language).entries


@pytest.mark.parametrize("make", [rss, atom, json_feed])
def test_every_format_gives_the_same_entry(make: type) -> None:
    """RSS, Atom and JSON Feed of one post say the same."""
    entry = entries(make(replace(TURKU, date="2024-12-10T09:00:00Z")))[0]
    assert (entry.identity, entry.url) == ("https://feeds.example/?p=1", "https://feeds.example/mihon-bakery/")
    assert (entry.title, entry.published) == ("Mihon's bakery turns yesterday's bread into energy", date(2024, 12, 10))
    assert "waste" in entry.html


@pytest.mark.parametrize("version", ["0.91", "0.92", "0.93", "0.94"])
def test_old_rss_is_read(version: str) -> None:
    """Before 2.0 there is no guid: the link names the post."""
    body = rss(replace(TURKU, id="")).replace(b'version="2.0"', f'version="{version}"'.encode())
    assert version.encode() in body
    (entry,) = entries(body)
    assert (entry.identity, entry.title, entry.published) == (TURKU.url, TURKU.title, date(2024, 12, 10))


def test_rss_0_90_is_read() -> None:
    """Netscape's first RSS is RDF in a namespace of its own, and knows no dates: the post stays, undated."""
    body = rdf(replace(TURKU, date="")).replace(b"http://purl.org/rss/1.0/", b"http://my.netscape.com/rdf/simple/0.9/")
    (entry,) = entries(body)
    assert (entry.url, entry.title, entry.published) == (TURKU.url, TURKU.title, None)


@pytest.mark.parametrize("encoding", ["utf-8", "shift_jis", "euc-jp"])
def test_japanese_encodings_are_read(encoding: str) -> None:
    """An RDF feed in an old Japanese encoding comes out as the same text."""
    post = Post(
        url="https://feeds.example/1", title="みほん市の脱炭素計画①" if encoding == "utf-8" else "みほん市の脱炭素計画", date="2024-12-10"
    )
    entry = entries(rdf(post, encoding=encoding), "ja")[0]
    assert entry.title.startswith("みほん市の脱炭素計画")
    assert entry.published == date(2024, 12, 10)


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("Tue, 10 Dec 2024 09:00:00 +0000", date(2024, 12, 10)),
        ("Mi, 04 Jan 2017 17:36:24 +0000", date(2017, 1, 4)),
        ("Seg, 24 Set 2018 19:42:40 -0300", date(2018, 9, 24)),
        ("Sat Oct 06 2018 00:00:00 GMT", date(2018, 10, 6)),
        ("Sat Jan 25 10:00:00 2025", date(2025, 1, 25)),
        ("Fri, 5 Sept 2025 10:00:00 GMT", date(2025, 9, 5)),
        ("10 Dec 24 10:00 GMT", date(2024, 12, 10)),
        ("12 de março de 2025", date(2025, 3, 12)),
        ("3. März 2025", date(2025, 3, 3)),
        ("December 10, 2024", date(2024, 12, 10)),
        ("2024-12-10T23:30:00+09:00", date(2024, 12, 10)),
        ("2025年9月30日", date(2025, 9, 30)),
        ("2025/10/01", date(2025, 10, 1)),
        ("2025.10.1", date(2025, 10, 1)),
        ("令和7年1月31日", date(2025, 1, 31)),
    ],
)
def test_dates_are_read_as_written(raw: str, day: date) -> None:
    """The day that the string names, whatever feedparser makes of it."""
    assert read_date(raw) == day


@pytest.mark.parametrize(
    "raw", ["", "Fri, 05/03/2019 - 15:21", "yesterday", "32 Jan 2025", "2025-13-01", "10 Foo 2024", "0001-01-01", "1月31日"]
)
def test_dates_that_cannot_be_read_are_not_invented(raw: str) -> None:
    """Ambiguous, impossible and missing dates leave the entry undated, and it stays."""
    assert read_date(raw) is None
    assert [entry.published for entry in entries(rss(replace(TURKU, date=raw)))] == [None]


def test_utc_times_of_japanese_feeds_are_days_in_japan() -> None:
    """What WordPress stamps 23:00 UTC appeared in Japan on the next morning; other offices' days stay as written."""
    assert read_date("Tue, 31 Dec 2024 23:00:00 +0000", language="ja") == date(2025, 1, 1)
    assert read_date("2024-12-31T23:00:00Z", language="ja") == date(2025, 1, 1)
    assert read_date("Tue, 31 Dec 2024 23:00:00 +0900", language="ja") == date(2024, 12, 31)
    assert read_date("Tue, 31 Dec 2024 23:00:00 +0000", language="en") == date(2024, 12, 31)


def test_identity_is_the_id_then_the_link_then_title_and_date() -> None:
    """Without an id the link without tracking names a post; a link that all posts share names none."""
    lone = Post(title="A", url="https://feeds.example/a?utm_source=rss&x=1", date="2024-12-10")
    assert entries(rss(lone))[0].identity == "https://feeds.example/a?x=1"
    shared = [Post(title=title, url="https://feeds.example/news", date="2024-12-10") for title in "ABC"]
    identities = [entry.identity for entry in entries(rss(*shared))]
    assert len(set(identities)) == 3
    assert all(identity.startswith("sha256:") for identity in identities)
    assert identities == [entry.identity for entry in entries(rss(*reversed(shared)))][::-1]


def test_phantoms_and_repeats_are_dropped_by_name() -> None:
    """An item without id, link and title, and a second one with the same id, are left out and said so."""
    found = parse_feed(rss(TURKU, Post(html="<p>lost</p>"), TURKU), url=URL)
    assert len(found.entries) == 1
    assert [line[:5] for line in found.dropped] == ["2番目の記", "3番目の記"]


def test_titles_are_plain_text_read_once() -> None:
    """Entities are unescaped once, tags and invisible characters go, line ends become spaces."""
    title = "Food &amp; <b>waste</b>\n  \u202ein\u202c Mihon &lt;script&gt;"
    assert entries(rss(replace(TURKU, title=title)))[0].title == "Food & waste in Mihon <script>"


def test_links_that_are_not_web_pages_are_no_links() -> None:
    """A javascript: link names nothing that a reader could open."""
    entry = entries(rss(replace(TURKU, url="javascript:alert(1)")))[0]
    assert entry.url == ""


def test_relative_links_are_resolved_against_the_feeds_address() -> None:
    """The address of the feed is handed to the parser."""
    assert entries(rss(TURKU))[0].base == URL
    assert entries(rss(TURKU).replace(b"<item>", b"<item xml:base='https://other.example/x/'>"))[0].base == "https://other.example/x/"
    assert parse_feed(rss(TURKU), url="").entries[0].base == TURKU.url
    assert entries(rss(replace(TURKU, url="/a")))[0].url == "https://feeds.example/a"


def test_a_broken_but_usable_feed_is_read_and_reported() -> None:
    """Bad XML is a problem to tell, not a reason to lose the entries."""
    found = parse_feed(rss(TURKU).replace(b"</item>", b"<b></item>"), url=URL)
    assert len(found.entries) == 1
    assert "XML に誤り" in found.problem
    assert parse_feed(rss(TURKU), url=URL).problem == ""


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            b"<!doctype html><html><link rel=alternate type='application/rss+xml' href='/rss'><p>x</html>",
            r"Web ページ.*https://feeds.example/rss",
        ),
        (b"<html><body><p>Access denied</p></body></html>", "Web ページ"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "画像やPDF"),
        (b"%PDF-1.7 ...", "画像やPDF"),
        (rss(), "1件もありません"),
        (b"", "1件もありません"),
        (b"{not json", "JSON として読めません"),
        (b'{"items": []}', "JSON Feed ではありません"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": 5}', "1件もありません"),
        (b"[" * 100_000, "1件もありません"),
        (b'{"a":' * 100_000, "JSON として読めません"),
    ],
)
def test_what_is_no_feed_is_an_error_that_names_the_address(body: bytes, reason: str) -> None:
    """A web page, an empty feed or rubbish is never "no news"."""
    with pytest.raises(FeedError, match=reason) as caught:
        parse_feed(body, url=URL)
    assert URL in str(caught.value)


def test_entities_cannot_read_files_or_explode() -> None:
    """External entities stay empty, and nested ones stay small."""
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    head = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "lol">{bomb}<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    body = head.encode() + rss(TURKU).split(b"?>", 1)[1].replace(b"<title>Mihon&#x27;s", b"<title>&e8;&x;Mihon", 1)
    title = entries(body)[0].title
    assert "root:" not in title
    assert len(title) < 10_000


SCRAPS = (
    *(
        "<?xml version='1.0' encoding='",
        "utf-8",
        "shift_jis",
        "utf-16",
        "x-none",
        "'?>",
        "<!DOCTYPE r [<!ENTITY a 'b'>]>",
        "&a;",
        "&#0;",
        "&#x110000;",
    ),
    *(
        "<rss version='2.0'>",
        "<channel>",
        "<item>",
        "</item>",
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "<entry>",
        "<rdf:RDF",
        "]]>",
        "<![CDATA[",
    ),
    *(
        "<title>",
        "</title>",
        "<link>",
        "<link href='http://[x'/>",
        "<guid>",
        "<content type='xhtml' xml:base='http://[y'>",
        "<a:b>",
        "x",
        "\x00",
        "é",
    ),
    *(
        "<pubDate>2024-13-45</pubDate>",
        "<html",
        "<html>",
        "<body>",
        "<!--",
        "<link type='application/rss+xml' href='http://[z'>",
        "<p>",
        "{",
        "\ufeff",
    ),
)
SCRAP = st.sampled_from([scrap.encode() for scrap in SCRAPS]) | st.binary(max_size=8)
VALUE = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9), lambda some: st.lists(some, max_size=3))
ITEM = st.dictionaries(
    st.sampled_from(["id", "url", "title", "date_published", "content_html", "content_text"]), VALUE | st.just("http://[x")
)
JSON = st.tuples(st.lists(ITEM | VALUE, max_size=4), VALUE).map(
    lambda made: json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": made[0], "title": made[1]}).encode()
)
SPOILED = st.tuples(
    st.sampled_from([make(TURKU) for make in (rss, atom, rdf, json_feed)]), st.integers(0, 700), st.integers(0, 99), SCRAP
).map(lambda made: made[0][: made[1]] + made[3] + made[0][made[1] + made[2] :])


@settings(max_examples=250, deadline=None)
@given(st.one_of(st.binary(max_size=400), SPOILED, JSON, st.lists(SCRAP, max_size=30).map(b"".join)))
def test_any_bytes_give_entries_or_a_feed_error(body: bytes) -> None:
    """Noise, good feeds with something cut out or put in, wild JSON and heaps of scraps: clean posts, or an error that can be read."""
    try:
        found, said = read_feed(Job(name="みほん", body=body, url=URL, content_type="", language="en")), "みほん"
    except FeedError as error:
        found, said = Reading(), str(error)
    assert said.startswith("みほん")
    assert said.isprintable()
    assert all(one.entry.identity and one.entry.title.isprintable() for one in found.arrivals)


def test_a_body_that_spells_a_path_opens_no_file(tmp_path: Path) -> None:
    """What a server sends is never taken for the name of a file on this machine."""
    (tmp_path / "secret.xml").write_bytes(rss(TURKU))
    with pytest.raises(FeedError, match="1件もありません"):
        parse_feed(str(tmp_path / "secret.xml").encode(), url=URL)
