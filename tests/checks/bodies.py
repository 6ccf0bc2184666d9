"""Sheets for rules without a workspace: the body of one article of the issue of 31 January 2025 in, a ``Sheet`` out."""

from __future__ import annotations

from datetime import date
from typing import Any

from pipeline.checks.passages import all_passages
from pipeline.checks.rule import Rule, Sheet
from pipeline.model import Article, Email, Issue, Manuscript, Place, Section, Term
from tests.builders import masthead

MASTHEAD = masthead()
EMAIL = Email(subject="", lead_line="", html="", text="")


def sheet(body: str, *, title: str = "見出し", glossary: tuple[Term, ...] = (), day: date = date(2025, 1, 31), **entries: Any) -> Sheet:
    """The sheet of an issue that holds one article with this body; ``entries`` are fields of ``Article``."""
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
    passages = all_passages([(manuscript, article)])
    return Sheet(issue=issue, email=EMAIL, masthead=MASTHEAD, glossary=glossary, passages=passages)


def hits(rules: tuple[Rule, ...], body: str, **entries: Any) -> list[str]:
    """The codes of these rules that are found in a body."""
    whole = sheet(body, **entries)
    return [rule.code for rule in rules for _ in rule.find(whole)]
