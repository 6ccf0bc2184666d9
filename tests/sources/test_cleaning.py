"""Cleaning posts: pictures, trackers, share buttons and boilerplate go; links, lists and tables stay; text never turns into markup."""

from __future__ import annotations

import re
import time
from urllib.parse import quote, urljoin

import lxml.html
import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.render.markdown import to_html
from pipeline.render.merge import GUARD
from pipeline.sources.cleaning import _PLAIN_ADDRESS, Cleaned, clean_entry, without_tracking

BASE = "https://feeds.example/2024/post/"


def clean(html: str) -> Cleaned:
    """A post at the usual address, cleaned."""
    return clean_entry(html, base=BASE, title="T")


def rendered(text: str) -> str:
    """The text a reader sees when Markdown is rendered as the mail does it."""
    return seen(to_html(text).replace(GUARD, "").replace("<br>", "<br> "))


def seen(html: str) -> str:
    """The letters of some HTML."""
    return " ".join(str(lxml.html.fragment_fromstring(html, create_parent="div").text_content()).split())


def test_structure_becomes_markdown() -> None:
    """Headings, emphasis, nested lists, quotations, links and tables with a head survive."""
    html = (
        "<h2>Aim</h2><p>Cut <strong>waste</strong> by <em>half</em>, <a href='/plan'>see the plan</a>.</p>"
        "<ul><li>one<ul><li>two</li></ul></li></ul><blockquote><p>Said so</p></blockquote>"
        "<table><tr><th>Year</th><th>t</th></tr><tr><td>2023</td><td>1|2</td></tr></table>"
    )
    text = clean(html).markdown
    assert "## Aim" in text
    assert "**waste**" in text
    assert "[see the plan](https://feeds.example/plan)" in text
    assert "- one\n    - two" in text
    assert "> Said so" in text
    assert re.search(r"\| Year +\| t", text)
    assert r"1\|2" in text


def test_pictures_are_not_taken_over_but_named() -> None:
    """No image stays in the text; addresses and captions are kept aside; trackers, dots and smileys are not worth naming."""
    html = (
        "<figure><img src='/a.jpg' alt='x'><figcaption>Photo: Mihon</figcaption></figure><p>Text"
        "<img src='https://t.example/pixel.gif' width='1' height='1'><img src='https://s.w.org/images/core/emoji/1f642.png' alt=':)'>"
        "<img src='https://feeds.feedburner.com/~r/x'></p><a href='/big.jpg'><img src='small.jpg'></a><a href='/report'><img src='cover.jpg' alt='The report'></a>"
    )
    found = clean(html)
    assert "![" not in found.markdown
    assert "Photo: Mihon" not in found.markdown
    assert [address for address, _ in found.pictures] == [
        "https://feeds.example/a.jpg",
        "https://feeds.example/2024/post/small.jpg",
        "https://feeds.example/2024/post/cover.jpg",
    ]
    assert found.pictures[0][1] == "Photo: Mihon"
    assert "[The report](https://feeds.example/report)" in found.markdown
    assert "big.jpg" not in found.markdown


BOILERPLATE = (
    "<p>The post <a href='/x'>Bread</a> appeared first on <a href='/'>Mihon</a>.</p>",
    "<p>Der Beitrag <a href='/x'>Brot</a> erschien zuerst auf <a href='/'>Mihon</a>.</p>",
    "<div><h3>Share this:</h3><ul><li><a href='https://www.facebook.com/sharer.php?u=x'>Facebook</a></li><li><a href='/x?share=twitter'>X</a></li></ul></div>",
    "<p><a href='https://feeds.feedburner.com/~ff/mihon?d=1'><img src='x.png'></a></p>",
    "<p><a href='https://b.hatena.ne.jp/entry/x'>はてなブックマーク</a></p>",
    "<script>alert(1)</script><style>p{}</style><noscript><img src='n.jpg'></noscript>",
    "<p style='display:none'>hidden words</p>",
    "<form action='/s'><input name='q'><button>Send</button></form>",
    "<p>&nbsp;</p><div></div>",
)


@pytest.mark.parametrize("junk", BOILERPLATE)
def test_boilerplate_goes(junk: str) -> None:
    """What every post carries and nobody reads is taken out, and the post stays."""
    assert clean(f"<p>Bread is not waste.</p>{junk}").markdown == "Bread is not waste."


def test_an_article_about_sharing_stays() -> None:
    """Sentences that merely mention what boilerplate says are prose, as are links to a page of a network."""
    html = "<p>Share this bicycle with <a href='https://www.facebook.com/mihon'>us</a>, the mayor said when it first went on show in Mihon City Hall.</p>"
    assert "Share this bicycle with [us](https://www.facebook.com/mihon), the mayor said" in clean(html).markdown
    assert "reappeared first on the lake" in clean("<p>Bitterns reappeared first on the lake.</p>").markdown


def test_a_caption_names_whom_to_ask() -> None:
    """The links of a caption stand beside the picture's address: permission is asked for there."""
    html = "<figure><img src='/a.jpg'><figcaption>Photo: <a href='/studio?utm_source=r'>Mihon Studio</a></figcaption></figure><p>Text</p>"
    assert clean(html).pictures == (("https://feeds.example/a.jpg", "Photo: Mihon Studio （https://feeds.example/studio）"),)


def test_an_excerpt_is_told() -> None:
    """A text that ends in […] is an excerpt: the marks go, the fact is kept."""
    found = clean("<p>The city wants to [&#8230;]</p>")
    assert (found.markdown, found.excerpt) == ("The city wants to", True)
    assert clean("<p>He said […] and left.</p>").excerpt is False


@given(st.from_regex(_PLAIN_ADDRESS, fullmatch=True))
def test_plain_addresses_need_no_joining_and_no_quoting(url: str) -> None:
    """What the short way lets through, the long way would leave letter by letter."""
    assert quote(urljoin(BASE, url), safe="/%:@!$&'*+,;=~?#[]._-") == url


def test_frames_become_links() -> None:
    """A video is a link that a reader can follow; a frame without an address is nothing."""
    found = clean(
        '<p>See</p><iframe width="5" src="https://player.example/v?a=1&amp;b=2"></iframe><iframe src="javascript:alert(1)"></iframe>'
    )
    assert "（埋め込み：player.example）](https://player.example/v?a=1&b=2)" in found.markdown
    assert "javascript" not in found.markdown


def test_tables_that_arrange_the_page_are_flattened() -> None:
    """Without a head each row is a paragraph and no cell is lost; paragraphs in cells stay paragraphs."""
    text = clean("<table><tr><td>Year</td><td>2023</td></tr><tr><td><p>One</p><p>Two</p></td></tr></table>").markdown
    assert text.split("\n\n") == ["Year / 2023", "One", "Two"]


def test_links_without_a_target_become_text() -> None:
    """Anchors inside the post and other schemes leave their words."""
    assert clean("<p><a href='#n1'>note</a> <a href='javascript:x()'>run</a> <a href='http://[bad'>bad</a></p>").markdown == "note run bad"


def test_the_digest_follows_what_a_reader_sees() -> None:
    """Another word, link or title is another version; another class, tracking parameter or space is not."""
    same = [
        "<p class='a'>Ten <a href='/x?utm_source=r'>tons</a></p>",
        "<div><p>Ten\n <a href='https://feeds.example/x'>tons</a></p></div>",
    ]
    assert len({clean(html).digest for html in same}) == 1
    assert clean("<p>Not ten <a href='/x'>tons</a></p>").digest != clean(same[0]).digest
    assert clean("<p>Ten <a href='/y'>tons</a></p>").digest != clean(same[0]).digest
    assert clean_entry(same[0], base=BASE, title="Other").digest != clean(same[0]).digest


TRAPS = (
    "---",
    "*not* _so_ **bold** `code` ~~x~~",
    "[a](http://x.example) [b]: http://y.example ![i](u) [TOC] [^1]",
    "# no heading",
    "1. no list",
    "- no list",
    "+ no list",
    "> no quote",
    "=====",
    ": no definition",
    "a | b",
    "<b>no tag</b> <!-- no comment --> --> &lt; &amp; &copy;",
    "back\\slash \\* \\\\ end\\",
    "```",
    "{: .attr} {#id} {{x}} [[y]] *|z|*",
    "Stop!",
    "https://x.example/a_b_c/_d_",
    "&",
)


@pytest.mark.parametrize("trap", TRAPS)
def test_text_that_looks_like_markdown_is_read_back_as_written(trap: str) -> None:
    """Whatever a post says in plain letters, a reader of the rendered Markdown sees the same letters."""
    escaped = trap.replace("&", "&amp;").replace("<", "&lt;")
    for html in (f"<p>{escaped}</p>", f"<p>x<br>{escaped}</p>", f"<ul><li>{escaped}</li></ul>", f"<p>{escaped}<a href='/l'>l</a></p>"):
        assert rendered(clean(html).markdown) == seen(html.replace("<br>", "<br> "))


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="ab*_`[]()<>&#-+=:!|\\{}~\"' 1.", max_size=30))
def test_any_text_is_read_back_as_written(text: str) -> None:
    """The same for any mixture of marks."""
    words = " ".join(text.split())
    html = f"<p>a {words.replace('&', '&amp;').replace('<', '&lt;')} z</p>"
    assert rendered(clean(html).markdown) == f"a {words} z".replace("  ", " ")


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(["<p>", "</p>", "<a href='/x'>", "</a>", "<table>", "<tr>", "<td>", "<th>", "<li>", "<ul>", "<img src=x>", "<br>", "w ", "<iframe src=", "<!--", "<b>", "<pre>", "</", "]]>", "\ue000", "\x00"]), max_size=25))  # fmt: skip
def test_any_soup_of_tags_is_cleaned(parts: list[str]) -> None:
    """Never an exception, never a live tag, never an image, never a private character left."""
    text = clean("".join(parts)).markdown
    page = lxml.html.fragment_fromstring(markdown.markdown(text, extensions=["tables"]), create_parent="div")
    assert {str(element.tag) for element in page.iter()} <= PROSE
    assert not re.search("[\ue000-\uf8ff]", text)


@pytest.mark.parametrize("piece", ["<a>x</a>", "<b></b>x", "x<img src={}>", "<figure><img src={}><figcaption>c", "<p>", "<ul><li>x"])
def test_hostile_posts_take_no_time(piece: str) -> None:
    """A feed's full size of what has to go is taken out in one pass: the time grows with the size, not with its square."""
    html = "".join(piece.format(number) for number in range(200_000 // len(piece)))
    began = time.process_time()
    clean(html)
    assert time.process_time() - began < 4


PROSE = {"div", "p", "a", "strong", "br", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "pre", "code"}


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://x.example/a?utm_source=b&c=1#f", "https://x.example/a?c=1#f"),
        ("https://x.example/a?fbclid=1", "https://x.example/a"),
        ("https://x.example/a?WT.mc_id=1&q=a+b%20c", "https://x.example/a?q=a+b%20c"),
        ("https://x.example/a?source=rss-1--x", "https://x.example/a"),
        ("https://x.example/a?source=report&gclid", "https://x.example/a?source=report"),
        ("https://x.example/a", "https://x.example/a"),
    ],
)
def test_only_what_counts_visitors_is_taken_from_an_address(url: str, kept: str) -> None:
    """Tracking parameters go, every other letter stays."""
    assert without_tracking(url) == kept
