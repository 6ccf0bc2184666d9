"""The mail that asks for an approval and the page of changes, as an approver sees them on a phone and on a desk; what is added stands out without colour."""

from __future__ import annotations

import email
import email.policy
from pathlib import Path

import pytest
from playwright.sync_api import Page

from pipeline.approvedesk import approve, diff, request
from pipeline.delivery.approval import Approval
from pipeline.desk import open_workspace
from tests.browser import layout
from tests.browser.judges import judge_access, judge_markup, judge_style
from tests.test_build import sample_workspace

pytestmark = pytest.mark.browser
AT = "2025-01-30T17:40:00+09:00"


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The HTML of a second request, and the page of changes: a figure, a long address, a paragraph more, one less, a title of hostile letters."""
    root = sample_workspace(tmp_path_factory.mktemp("approval"))
    desk = open_workspace(root)
    approve(desk, "2025-01", Approval(by="見本 花子", at=AT, via="画面"))
    article = root / "issues/2025-01/50-mihon-food.md"
    text = article.read_text("utf-8").replace("会場40人", "会場50人").replace("を開催（2月27日）", "を開催 <b>&amp; \"'（2月27日）")
    article.write_text(text.replace("/tabekiru/form/", "/tabekiru/" + "long-" * 40) + "\n追記の段落です。\n", "utf-8")
    request(desk, "2025-01", at=AT)
    page = diff(desk, "2025-01").page
    message = email.message_from_bytes((root / "build/2025-01/request.eml").read_bytes(), policy=email.policy.default)
    body = message.get_body(("html",))
    mail = root / "build/2025-01/request.html"
    mail.write_text(body.get_content(), "utf-8")
    return mail, page


def test_markup_is_right(pages: tuple[Path, Path]) -> None:
    """The Nu checker and html-validate find nothing."""
    assert [line for lines in judge_markup(pages).values() for line in lines] == []
    assert [line for lines in judge_style(pages).values() for line in lines] == []


@pytest.mark.parametrize("number", [0, 1], ids=["mail", "changes"])
def test_both_pages_fit_and_can_be_read(tab: Page, pages: tuple[Path, Path], number: int) -> None:
    """Nothing is wider than a screen, axe-core is content at 375 and 1280 px, light and dark, and no text is smaller than 14 px."""
    tab.goto(pages[number].as_uri())
    assert [line for width in layout.WIDTHS for line in layout.overflows(tab, width)] == []
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        for width in (375, 1280):
            tab.set_viewport_size({"width": width, "height": 900})
            assert judge_access(tab) == []
    smallest = tab.evaluate(
        "Math.min(...[...document.querySelectorAll('main *, body *')].map(one => parseFloat(getComputedStyle(one).fontSize)))"
    )
    assert smallest >= 14


@pytest.mark.parametrize("number", [0, 1], ids=["mail", "changes"])
def test_changes_are_seen_without_colour(tab: Page, pages: tuple[Path, Path], number: int) -> None:
    """What went is struck through, what came is underlined."""
    tab.goto(pages[number].as_uri())
    for tag, line in (("del", "line-through"), ("ins", "underline")):
        lines = tab.evaluate(f"[...document.querySelectorAll('{tag}')].map(one => getComputedStyle(one).textDecorationLine)")
        assert lines
        assert set(lines) == {line}
