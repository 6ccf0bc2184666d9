"""The 【訂正】 mail before the same judges as every mail: markup, access, clients, every screen. It is the golden page, letter by letter."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser import layout
from tests.browser.judges import judge_markup, judge_style
from tests.browser.samples import without_styles
from tests.browser.support import unsupported
from tests.browser.test_judges import on_every_screen
from tests.browser.test_support import LOSES_NOTHING
from tests.conftest import GOLDEN

pytestmark = pytest.mark.browser
MAIL = GOLDEN / "2025-01-teisei/2025-01-teisei.html"


def test_outside_judges_find_nothing_in_a_correction(tab: Page) -> None:
    """Nu, html-validate and axe-core at both widths in both schemes; nothing in it is unknown to the clients."""
    assert judge_markup([MAIL])[MAIL] == []
    assert {page.name: found for page, found in judge_style([MAIL]).items() if found} == {}
    assert {feature for feature, _ in unsupported(MAIL.read_text("utf-8")) if feature not in LOSES_NOTHING} == set()
    tab.goto(MAIL.as_uri())
    assert on_every_screen(tab) == []


@pytest.mark.parametrize("styles", [True, False], ids=["styles", "no styles"])
def test_a_correction_fits_every_screen(tab: Page, styles: bool) -> None:
    """With and without style sheets: nothing wider than the screen, nothing unseen, links that can be hit; headings and tables say what they are."""
    page = MAIL.read_text("utf-8")
    tab.set_content(page if styles else without_styles(page))
    assert [line for width in layout.WIDTHS for line in layout.overflows(tab, width)] == []
    tab.set_viewport_size({"width": 375, "height": 900})
    assert layout.poor_targets(tab) == []
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        assert layout.unseen(tab) == []
    assert layout.broken_outline(page) == ["no link leads into the page"]  # there are no contents
    assert layout.unclear_tables(page) == []
    assert layout.unset_lines(page) == []
