"""Lines of prose as the rules read them: text in, what rules say of it out; for tables of hundreds of lines without a workspace each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pipeline.checks.passages import passages
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Email, Issue, Manuscript, Place, Term
from tests.builders import masthead

ISSUE = Issue(
    slug="2025-01",
    edition="monthly",
    name="2025年1月号",
    place=Place(path="issues/2025-01/issue.md"),
    subject="",
    lead_line="",
    greeting="",
    date=date(2025, 1, 31),
)


def sheet(text: str, glossary: tuple[Term, ...] = ()) -> Sheet:
    """A sheet whose only passages are those of ``text``, a body of Markdown; the mail shows it as it is written."""
    manuscript = Manuscript(path="issues/2025-01/10-a.md", text=text)
    email = Email(subject="", lead_line="", html=text, text=text)
    return Sheet(issue=ISSUE, email=email, masthead=masthead(), glossary=glossary, passages=tuple(passages(manuscript)))


def hits(rules: Iterable[Rule], text: str, glossary: tuple[Term, ...] = ()) -> list[Hit]:
    """Everything that these rules say of ``text``."""
    whole = sheet(text, glossary)
    return [hit for rule in rules for hit in rule.find(whole)]


def mended(text: str, found: Iterable[Hit]) -> str:
    """The text with every fix applied, from behind."""
    for edit in sorted({edit for hit in found for edit in hit.fix}, key=lambda edit: -edit.start):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
