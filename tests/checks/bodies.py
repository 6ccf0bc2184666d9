"""Rules against one body, without a workspace: the text of an article of the issue of 31 January 2025 in, what rules say of it out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from pipeline.checks.passages import all_passages
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Article, Email, Issue, Manuscript, Place, Section, Term
from tests.builders import masthead

MASTHEAD = masthead()


def sheet(body: str, *, title: str = "見出し", glossary: tuple[Term, ...] = (), day: date = date(2025, 1, 31), **entries: Any) -> Sheet:
    """The sheet of an issue that holds one article with this body, which its mail shows as it is; ``entries`` are fields of ``Article``."""
    manuscript = Manuscript(path="10-a.md", text=body)
    article = Article(slug="10-a", title=title, section="a", place=Place(path="10-a.md"), body=body, manuscript=manuscript, **entries)
    issue = Issue(
        slug="2025-01",
        edition="monthly",
        name="2025年1月号",
        place=Place(path="issue.md"),
        subject="",
        lead_line="",
        greeting="",
        sections=(Section(key="a", title="a", articles=(article,)),),
        date=day,
    )
    email = Email(subject="", lead_line="", html=body, text=body)
    return Sheet(issue=issue, email=email, masthead=MASTHEAD, glossary=glossary, passages=all_passages([(manuscript, article)]))


def hits(rules: Iterable[Rule], body: str, **entries: Any) -> list[Hit]:
    """Everything that these rules say of a body."""
    whole = sheet(body, **entries)
    return [hit for rule in rules for hit in rule.find(whole)]


def codes_in(body: str, rules: Iterable[Rule], **entries: Any) -> list[str]:
    """The code of each thing that these rules say of a body."""
    whole = sheet(body, **entries)
    return [rule.code for rule in rules for _ in rule.find(whole)]


def mended(text: str, found: Iterable[Hit]) -> str:
    """The text with every fix applied, from behind."""
    for edit in sorted({edit for hit in found for edit in hit.fix}, key=lambda edit: -edit.start):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
