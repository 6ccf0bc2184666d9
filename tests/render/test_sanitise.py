"""The allow-list: what prose needs stays, everything that runs, watches or hides goes."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sanitise import clean

PIECES = [
    "<p>", "</p>", "<b>", "</b>", "<div>", "<table>", "<tr>", "<td>", "<a href=javascript:x>", "<a href='https://example.jp/'>", "<img src=x onerror=y>",
    "<script>", "</script>", "<svg>", "<style>", "</style>", "<!--", "-->", "<math><mi>", "<template>", "<form>", "<iframe>", "<noscript>",
    "<p style='display:none'>", "<title>", "<p hidden>", "x", "本文", "&lt;", "<", ">", '"', "\0", "\ud800",
]  # fmt: skip


def test_prose_survives() -> None:
    """Paragraphs, lists, tables, emphasis, links and pictures come out as they went in."""
    html = (
        '<p>本文<br><strong>強</strong> H<sub>2</sub>O</p><ul><li>一</li></ul><table><thead><tr><th scope="col">表</th></tr></thead></table>'
        '<p><a href="https://example.jp/" title="題">先</a><img src="images/x.jpg" alt="説明" width="300" height="200" title="写真：©みほん市"></p>'
    )
    assert clean(html) == html


@pytest.mark.parametrize("tag", ["script", "style", "noscript", "svg", "math", "form", "iframe", "template", "object", "title", "textarea"])
def test_content_of_what_is_no_prose_goes(tag: str) -> None:
    """Not only the tag but what stands in it is taken out."""
    assert clean(f"前<{tag}>秘密</{tag}>後") == "前後"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JaVa\tscript:x", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://example.jp/"]
)
def test_other_schemes_are_refused(address: str) -> None:
    """A link of any other scheme than http, https, mailto and tel loses its address."""
    assert clean(f'<a href="{address}">先</a>') == "<a>先</a>"
    assert 'href="' in clean('<a href="https://example.jp/">先</a>')


def test_attributes_that_style_or_run_go() -> None:
    """No class, id, style, event or data attribute is left."""
    assert clean('<p class="a" id="b" style="color:red" onclick="x()" data-a="1">本文</p>') == "<p>本文</p>"


@pytest.mark.parametrize(
    "hidden",
    [
        '<p style="display:none">秘密</p>',
        '<span style="DISPLAY : none !important">秘密</span>',
        '<div style="visibility:hidden">秘密</div>',
        '<div style="font-size:0px">秘密</div>',
        '<div style="opacity:0">秘密</div>',
        '<div style="mso-hide:all">秘密</div>',
        "<div hidden>秘密</div>",
        "<!-- 秘密 -->",
        "<!--[if mso]>秘密<![endif]-->",
    ],
)
def test_hidden_text_goes(hidden: str) -> None:
    """What no reader would see in the page is not shown by taking its style away."""
    assert "秘密" not in clean(f"<p>前</p>{hidden}<p>後</p>")
    assert clean(f"<p>前</p>{hidden}<p>後</p>").endswith("<p>後</p>")


def test_styles_that_hide_nothing_keep_their_text() -> None:
    """The look for hidden text does not take visible text with it."""
    for style in ("font-size:16px", "opacity:0.8", "display:block", "font-size:1.5em"):
        assert clean(f'<p style="{style}">本文</p>') == "<p>本文</p>"


def test_pictures_that_watch_the_reader_go() -> None:
    """A picture of one pixel, and one without an address, leaves nothing."""
    assert clean('<p>本文<img src="https://example.jp/p.gif" width="1" height="1"><img alt="x"></p>') == "<p>本文</p>"


@pytest.mark.parametrize("opener", ["<blockquote>", "<b>", "<ul><li>", "<div><table><tr><td>", "<blockquote></b>"])
def test_deep_nesting_keeps_the_text(opener: str) -> None:
    """Thousands of nested tags neither crash nor hang, nor swallow the text behind them."""
    begun = time.perf_counter()
    assert "本文" in clean(opener * (60_000 // len(opener)) + "本文")
    assert time.perf_counter() - begun < 5


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_nothing_dangerous_ever_comes_out(html: str) -> None:
    """Whatever the order of the pieces: no script, style, event, comment or foreign scheme; and cleaning again changes nothing."""
    cleaned = clean(html)
    for danger in ("<script", "<style", "<svg", "<form", "<iframe", "<!--", "javascript:", "onerror=", "display:none"):
        assert danger not in cleaned.lower()
    assert clean(cleaned) == cleaned
