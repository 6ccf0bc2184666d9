"""What the HTML edition says, the text edition says too: the HTML read as a stranger reads it, and looked for in the text."""

from __future__ import annotations

import re

import lxml.html
import pytest

from pipeline.render.html import compose as compose_html
from pipeline.render.merge import GUARD
from pipeline.render.outline import Page
from pipeline.render.text import compose
from tests.render.pages import ISSUES
from tests.render.pages import page as page_of
from tests.render.records import TEMPLATES

DATE = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:（[月火水木金土日]）)?|\d{1,2}:\d{2}(?:～\d{1,2}:\d{2})?")
LABELLED = re.compile(r"(?:会場|締切|主催|参加費|問合せ先|申込)：[^\n<]+")
OURS = "https://merge.invalid/"


def said(html: str) -> set[str]:
    """Addresses, dates, times and labelled facts of a page, read without knowing how it was made."""
    tree = lxml.html.document_fromstring(html.replace(GUARD, ""))
    for unseen in tree.xpath("//style|//title|//comment()"):
        unseen.drop_tree()
    links = {str(link) for link in tree.xpath("//a/@href") if not str(link).startswith(("#", "mailto:"))}
    facts = {fact for cell in tree.xpath("//li|//p") for fact in LABELLED.findall("".join(cell.itertext())) if not cell.xpath(".//br")}
    return {link for link in links if link != f"{OURS}view_online"} | set(DATE.findall("".join(tree.itertext()))) | facts


def missing(page: Page) -> set[str]:
    """What the HTML says and the text does not; a date may stand there without its year."""
    text = re.sub(r"\n[　]*", "", compose(page, TEMPLATES).replace(GUARD, ""))
    return {part for part in said(compose_html(page, TEMPLATES)) if re.sub(r"^\d{4}年", "", part.strip()) not in text}


@pytest.mark.parametrize("slug", sorted(ISSUES))
def test_the_text_says_all_that_the_html_says(slug: str) -> None:
    """Every link, date, time, place and deadline of the HTML stands in the text."""
    page = page_of(slug)
    assert len(said(compose_html(page, TEMPLATES))) > 10
    assert missing(page) == set()


def test_the_stranger_is_not_blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text from which facts are missing is found out."""
    monkeypatch.setattr("tests.render.test_both_editions.compose", lambda *_: "何もない")
    assert len(missing(page_of("2025-01"))) > 10
