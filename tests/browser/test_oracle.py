"""Inlining changes nothing that a reader sees: Chromium computes the same style for every element before and after it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from pipeline.errors import TemplateError
from pipeline.render import html
from tests.browser.oracle import differences, read_settings, read_styles
from tests.browser.samples import Sample
from tests.builders import ROOT

pytestmark = pytest.mark.browser


def changes(tab: Page, source: str, exported: str) -> list[str]:
    """What differs between two pages, in every setting; the first twenty."""
    before, after = read_settings(tab, source), read_settings(tab, exported)
    found = [f"{width}px {scheme}: {line}" for width, scheme in before for line in differences(before[width, scheme], after[width, scheme])]
    return found[:20]


def changes_at_once(tab: Page, source: str, exported: str) -> tuple[str, ...]:
    """What differs between two pages as they are opened."""
    tab.set_content(source)
    before = read_styles(tab)
    tab.set_content(exported)
    return differences(before, read_styles(tab))


def test_every_element_looks_the_same_before_and_after_inlining(tab: Page, sample: Sample) -> None:
    """At 375 and 1280 px, light and dark, with every property that Chromium computes."""
    assert changes(tab, sample.source, sample.exported) == []


def test_the_same_holds_without_the_sheet_that_stays(tab: Page, sample: Sample) -> None:
    """With head.css taken out of both pages nothing but what is written into the elements is left to agree."""
    bare = [page.replace(sample.head_css, "") for page in (sample.source, sample.exported)]
    assert all(len(page) < len(whole) for page, whole in zip(bare, (sample.source, sample.exported), strict=True))
    assert changes(tab, *bare) == []


def test_one_sheet_is_left_and_it_is_head_css(sample: Sample) -> None:
    """Byte for byte; nothing of style.css or base.css stays in the head."""
    assert re.findall(r"<style[^>]*>(.*?)</style>", sample.exported, re.DOTALL) == [sample.head_css]


DROPPED = ("[class*=item]{color:#123456}", "*{letter-spacing:1px}", "@supports (color:red){p{color:#123456}}")


def with_rule(folder: Path, sample: Sample, rule: str) -> tuple[Path, ...]:
    """Template folders in which the edition's style.css ends in one more rule."""
    sheet = folder / sample.page.edition.template / "style.css"
    sheet.parent.mkdir(parents=True)
    sheet.write_text((ROOT / "templates" / sample.page.edition.template / "style.css").read_text("utf-8") + rule, "utf-8")
    return folder, ROOT / "templates"


@pytest.mark.parametrize(
    "rule",
    [
        "td:first-child a{color:#123456}",
        "a:hover{color:#123456}",
        "p:not(.small){color:#123456}",
        "li:nth-child(2){color:#123456}",
        "p::before{content:'!'}",
        "@media (min-width:300px){p{color:#123456}}",
        *DROPPED,
    ],
)
def test_a_rule_that_premailer_cannot_inline_is_refused(tmp_path: Path, build: Callable[[str], Sample], rule: str) -> None:
    """The message names the rule and the sheet that it belongs into."""
    sample = build("2025-01")
    with pytest.raises(TemplateError, match=r"head\.css に移し") as refused:
        html.compose(sample.page, with_rule(tmp_path, sample, rule))
    assert re.search(r"123456|before|spacing|@", str(refused.value))


@pytest.mark.parametrize("rule", DROPPED)
def test_the_oracle_fails_on_a_rule_that_premailer_would_drop_in_silence(
    tmp_path: Path, tab: Page, build: Callable[[str], Sample], rule: str
) -> None:
    """On a page from which it is missing, as premailer by itself would leave it, the browser tells."""
    sample = build("2025-01")
    templates = with_rule(tmp_path, sample, rule)
    found = changes_at_once(tab, html.source(sample.page, templates), sample.exported)
    assert any(re.search(r"\] (?:color|letter-spacing): \S", line) for line in found)


def test_the_oracle_fails_on_another_order_of_elements(tab: Page, build: Callable[[str], Sample]) -> None:
    """A page with an element more, or two exchanged, is not compared further."""
    sample = build("2025-01")
    assert "elements, other ones" in changes_at_once(tab, sample.source, sample.exported.replace("<h2", "<hr><h2", 1))[0]
    assert "elements, other ones" in changes_at_once(tab, sample.source, sample.exported.replace("<br>", "<wbr>", 1))[0]
