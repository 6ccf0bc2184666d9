"""Rules against files: the files of an issue in, its ``Sheet`` out; or many lines, each an item of its own, in, and what is found in each out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.checks import findings_of
from pipeline.checks.passages import all_passages
from pipeline.checks.rule import Rule, Sheet
from pipeline.model import Email, Finding
from pipeline.sources import load_issue
from tests.builders import draft, masthead, workspace


def sheet_of(folder: Path, files: Mapping[str, str | bytes], *, slug: str = "2025-01") -> Sheet:
    """An issue of these files as the rules see it, its mail left empty."""
    issue, _ = load_issue(workspace(folder, files, slug=slug), slug, masthead())
    sources = [(issue.manuscript, None), *((article.manuscript, article) for article in issue.articles)]
    email = Email(subject=issue.subject, lead_line=issue.lead_line, html="", text="")
    return Sheet(issue=issue, email=email, masthead=masthead(), passages=all_passages(sources))


def run(rules: Iterable[Rule], sheet: Sheet) -> tuple[Finding, ...]:
    """What these rules find."""
    return tuple(finding for rule in rules for finding in findings_of(rule, sheet))


def found_in(folder: Path, lines: Iterable[str], rules: Iterable[Rule], *, issue: str = "") -> list[tuple[str, list[Finding]]]:
    """Each line with what is found in it. A line with a front matter is a whole draft; any other is the body of one."""
    lines = list(lines)
    files: dict[str, str | bytes] = {f"{n}-a.md": _file(line, n) for n, line in enumerate(lines, 10)}
    if issue:
        files["issue.md"] = issue
    sheet = sheet_of(folder, files)
    rules = tuple(rules)
    return [(line, list(run(rules, _only(sheet, name)))) for name, line in zip(files, lines, strict=False)]


def _only(sheet: Sheet, name: str) -> Sheet:
    """The sheet as if this were the issue's only item."""
    kept = [
        replace(section, articles=articles)
        for section in sheet.issue.sections
        if (articles := tuple(article for article in section.articles if Path(article.place.path).name == name))
    ]
    passages = tuple(passage for passage in sheet.passages if passage.path.endswith((f"/{name}", "/issue.md")))
    return replace(sheet, issue=replace(sheet.issue, sections=tuple(kept)), passages=passages)


def _file(line: str, number: int) -> str:
    if not line.startswith("---"):
        return draft(title=f"見出し{number}", body=line)
    return line.replace("見出し: ", f"見出し: {number}号館の", 1)


def codes(found: Iterable[tuple[str, list[Finding]]]) -> dict[str, list[str]]:
    """Line → codes, each once."""
    return {line: sorted({finding.code for finding in findings}) for line, findings in found}


def codes_by_line(folder: Path, lines: Iterable[str], rules: Iterable[Rule]) -> dict[str, set[str]]:
    """Line → the codes found in it."""
    return {line: {finding.code for finding in findings} for line, findings in found_in(folder, lines, rules)}
