"""Many lines against some rules at once: bodies in, those of them in which something is found out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.checks import findings_of
from pipeline.checks.passages import all_passages
from pipeline.checks.rule import Rule, Sheet
from pipeline.model import Email, Finding
from pipeline.sources import load_issue
from tests.builders import draft, masthead, workspace


def sheet(folder: Path, files: dict[str, str | bytes], *, slug: str = "2025-01") -> Sheet:
    """What the rules look at, of an issue made of these files; its mail is empty."""
    issue = load_issue(workspace(folder, files, slug=slug), slug, masthead())[0]
    texts = [(issue.manuscript, None), *((article.manuscript, article) for article in issue.articles)]
    email = Email(subject=issue.subject, lead_line=issue.lead_line, html="", text="")
    return Sheet(issue=issue, email=email, masthead=masthead(), passages=all_passages(texts))


def run(rules: Iterable[Rule], sheet: Sheet) -> tuple[Finding, ...]:
    """What these rules find."""
    return tuple(finding for rule in rules for finding in findings_of(rule, sheet))


def found_in(rules: Iterable[Rule], texts: Iterable[str], folder: Path) -> dict[str, set[str]]:
    """Text → the codes found in it. A text is a body, or a whole draft if it has a front matter; each stands in an item of its own."""
    texts = tuple(texts)
    files: dict[str, str | bytes] = {
        f"{1000 + n}-a.md": text if text.startswith("---") else draft(title=f"見出しの{n}", body=text) for n, text in enumerate(texts)
    }
    found: dict[str, set[str]] = {text: set() for text in texts}
    for finding in run(rules, sheet(folder, files)):
        assert finding.place is not None
        name = finding.place.path.rpartition("/")[2]
        if name[:4].isdigit():
            found[texts[int(name[:4]) - 1000]].add(finding.code)
    return found
