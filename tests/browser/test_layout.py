"""What the mail looks like on a screen, on every sample issue; each measure has a page on which it complains."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser import layout
from tests.browser.samples import Sample, without_styles

pytestmark = pytest.mark.browser

too_wide = functools.partial(layout.overflows, width=320)
poor_head = functools.partial(layout.poor_head, subject="件名")


def page_of(body: str) -> str:
    """A page with a planted fault; a body that begins with a sheet begins in the head."""
    return f'<!DOCTYPE html><html lang="ja"><head><title>件名</title>{body}'


@pytest.mark.parametrize("styles", [True, False], ids=["styles", "no styles"])
def test_nothing_is_wider_than_the_screen(tab_with_pictures: Page, sample: Sample, styles: bool) -> None:
    """At 320, 375, 640 and 1280 px, with and without every style sheet, pictures shown."""
    tab_with_pictures.set_content(sample.exported if styles else without_styles(sample.exported))
    assert [line for width in layout.WIDTHS for line in layout.overflows(tab_with_pictures, width)] == []


def test_nothing_is_wider_than_the_screen_without_pictures(tab: Page, sample: Sample) -> None:
    """Texts that stand for pictures do not push the page apart either."""
    tab.set_content(without_styles(sample.exported))
    assert [line for width in layout.WIDTHS for line in layout.overflows(tab, width)] == []


@pytest.mark.parametrize("number", [0, 1], ids=["sheet", "collation"])
def test_the_papers_fit_every_screen_and_the_paper(tab: Page, sample: Sample, number: int) -> None:
    """On phones, on desktops, and on A4 (its text is 180 mm wide) with room for a hand's notes beside the text."""
    tab.goto(sample.papers[number].as_uri())
    assert [line for width in layout.WIDTHS for line in layout.overflows(tab, width)] == []
    tab.emulate_media(media="print")
    assert layout.overflows(tab, 680) == []
    if number == 0:
        room = tab.evaluate("680 - Math.max(...[...document.querySelectorAll('.sheet p')].map(p => p.getBoundingClientRect().right))")
        assert room >= 200


def test_every_text_is_large_enough_and_seen(tab: Page, sample: Sample) -> None:
    """Running text has 16 px, small print 14, the footer 12; nothing is hidden, with or without style sheets, light or dark."""
    tab.set_content(sample.source)
    assert layout.small_texts(tab) == []
    for page in (sample.exported, without_styles(sample.exported)):
        tab.set_content(page)
        for scheme in ("light", "dark"):
            tab.emulate_media(color_scheme=scheme)
            assert layout.unseen(tab) == []


def test_links_and_buttons_can_be_hit(tab: Page, sample: Sample) -> None:
    """24 px for links that stand alone, 44 px for buttons, on a phone, with and without style sheets."""
    tab.set_viewport_size({"width": 375, "height": 900})
    for page in (sample.exported, without_styles(sample.exported)):
        tab.set_content(page)
        assert layout.poor_targets(tab) == []


def test_the_page_is_sound_as_text(sample: Sample) -> None:
    """Line heights are set, headings in order, anchors lead somewhere, pictures and tables say what they are, the head is small."""
    page = sample.exported
    assert layout.unset_lines(page) == []
    assert layout.broken_outline(page) == []
    assert layout.poor_pictures(page) == []
    assert layout.unclear_tables(page) == []
    prefix = "【下書き】" if sample.page.draft else ""
    assert layout.poor_head(page, prefix + sample.page.issue.subject) == []


def test_every_item_of_the_contents_is_on_the_page(sample: Sample) -> None:
    """Each numbered item and each section has the anchor that the contents, the text edition and the web copy know."""
    for block in sample.page.outline.blocks:
        for anchor in (block.anchor, *(item.anchor for item in block.items if item.number)):
            assert f' id="{anchor}"' in sample.exported


ON_SCREEN: dict[str, tuple[Callable[[Page], list[str]], str]] = {
    "too wide": (too_wide, '<table width="600"><tr><td>表</td></tr></table>'),
    "a long word": (too_wide, f"<p>https://example.jp/{'a' * 90}</p>"),
    "small print": (layout.small_texts, '<div class="main"><p style="font-size:15px">本文</p></div>'),
    "smaller print": (layout.small_texts, '<p style="font-size:13px">注</p>'),
    "tiny footer": (layout.small_texts, '<div id="footer" style="font-size:11px">奥付</div>'),
    "not displayed": (layout.unseen, '<p style="display:none">要約</p>'),
    "hidden": (layout.unseen, "<p hidden>要約</p>"),
    "hidden from screen readers": (layout.unseen, '<p aria-hidden="true">要約</p>'),
    "no size": (layout.unseen, '<p style="font-size:0">要約</p>'),
    "no height": (layout.unseen, '<p style="max-height:0;overflow:hidden">要約</p>'),
    "no colour": (layout.unseen, '<p style="color:transparent">要約</p>'),
    "no opacity": (layout.unseen, '<div style="opacity:0"><p>要約</p></div>'),
    "invisible": (layout.unseen, '<p style="visibility:hidden">要約</p>'),
    "off the page": (layout.unseen, '<p style="text-indent:-9999px">要約</p>'),
    "not in Outlook": (layout.unseen, '<p style="mso-hide:all">要約</p>'),
    "a low link": (layout.poor_targets, '<p style="font-size:12px"><a href="#a">詳細</a></p>'),
    "a low link on a line of its own": (layout.poor_targets, '<p style="font-size:12px">詳しくは<br><a href="#a">詳細</a></p>'),
    "a low button": (layout.poor_targets, '<p style="border:1px solid"><a href="#a" style="display:block">申込</a></p>'),
    "a bare button": (layout.poor_targets, '<p><a href="#a" style="display:block;padding:20px">申込</a></p>'),
}
AS_TEXT: dict[str, tuple[Callable[[str], list[str]], str]] = {
    "an inherited line height": (layout.unset_lines, '<div style="line-height:1.8"><p>本文</p></div>'),
    "tight lines": (layout.unset_lines, '<p style="line-height:1.4">本文</p>'),
    "two h1": (layout.broken_outline, '<h1 id="a">一</h1><h1>二</h1><a href="#a">一</a>'),
    "a skipped level": (layout.broken_outline, '<h1 id="a">一</h1><h3>二</h3><a href="#a">一</a>'),
    "a dead anchor": (layout.broken_outline, '<h1 id="a">一</h1><a href="#b">一</a>'),
    "a doubled anchor": (layout.broken_outline, '<h1 id="a">一</h1><p id="a"><a href="#a">一</a></p>'),
    "no alt": (layout.poor_pictures, '<img src="a.png" width="1" height="1">'),
    "a width in per cent": (layout.poor_pictures, '<img src="a.png" alt="図" width="100%" height="1">'),
    "a layout table without its role": (layout.unclear_tables, "<table><tr><td>枠</td></tr></table>"),
    "data in a layout table": (layout.unclear_tables, '<table role="presentation"><tr><th scope="col">日</th></tr></table>'),
    "a heading of nothing": (layout.unclear_tables, "<table><tr><th>日</th></tr></table>"),
    "another title": (functools.partial(layout.poor_head, subject="別の件名"), ""),
    "a large sheet": (poor_head, f"<style>/*{'x' * 12300}*/</style>"),
    "a nested rule": (poor_head, "<style>@media print{@media screen{p{}}}</style>"),
    "a sheet in the body": (poor_head, "<p>本文</p><style>p{}</style>"),
}


@pytest.mark.parametrize("fault", ON_SCREEN)
def test_each_measure_complains_about_a_planted_fault(tab: Page, fault: str) -> None:
    """A measure that is content with everything would be content with us."""
    measure, body = ON_SCREEN[fault]
    tab.set_content(page_of(body))
    assert measure(tab)


@pytest.mark.parametrize("fault", AS_TEXT)
def test_each_reading_complains_about_a_planted_fault(fault: str) -> None:
    """Of what is read from the page's text."""
    measure, body = AS_TEXT[fault]
    assert measure(page_of(body))


def test_a_page_in_another_language_is_told() -> None:
    """Screen readers would read Japanese with an English voice."""
    assert poor_head(page_of("").replace('"ja"', '"en"')) == ["lang=en"]


def test_a_link_in_a_sentence_may_be_as_low_as_its_line(tab: Page) -> None:
    """WCAG 2.5.8 excepts it."""
    tab.set_content(page_of('<p>詳しくは<a href="#a">こちらの案内</a>をご覧ください。</p>'))
    assert layout.poor_targets(tab) == []
