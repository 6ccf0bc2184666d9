"""The door of the room: records in, findings out; it never changes anything and reads no file.

Adding a check is a function and a line in ``RULES``. ``waive`` takes out what a named person lets stand (ママ).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from pipeline.checks import event, items, mail
from pipeline.config import Masthead
from pipeline.model import Article, Email, Finding, Issue, Original, Term, Waiver

RULES = (items.alt_text, items.credit, items.embargo, items.ran_before, event.outside_event, event.open_hour)
MAIL_RULES = (mail.size, mail.footer, mail.merge_fields, mail.lead_line)


def run(
    issue: Issue, email: Email, *, masthead: Masthead, glossary: tuple[Term, ...] = (), originals: Mapping[str, Original] | None = None
) -> tuple[Finding, ...]:
    """Every finding on the issue and its mail (with neutral merge fields), in the order of the rules; ``originals``: slug of a case → source."""
    found = [finding for rule in RULES for finding in rule(issue)]
    if originals:
        found += beside_sources(issue.articles, originals, glossary=glossary, day=issue.date)
    return (*found, *(finding for rule in MAIL_RULES for finding in rule(issue, email, masthead)))


def beside_sources(
    articles: tuple[Article, ...], originals: Mapping[str, Original], *, glossary: tuple[Term, ...], day: date
) -> tuple[Finding, ...]:
    """What differs between case studies and their sources: terms as the glossary has them on ``day``, numbers."""
    from pipeline.checks import translation  # its tables take 40 ms to set up, and most issues have no case in them

    return (*translation.terms(articles, originals, glossary=glossary, day=day), *translation.numbers(articles, originals))


def waive(findings: Iterable[Finding], issue: Issue) -> tuple[tuple[Finding, ...], tuple[tuple[Finding, Waiver], ...]]:
    """(findings that stay, findings waived with their waiver). A waiver in issue.md covers the issue, one in an article that article."""
    whole = {waiver.code: waiver for waiver in issue.waivers}
    local = {(waiver.code, article.place.path): waiver for article in issue.articles for waiver in article.waivers}
    kept, waived = [], []
    for finding in findings:
        path = finding.place.path if finding.place else ""
        waiver = local.get((finding.code, path)) or whole.get(finding.code)
        if waiver:
            waived.append((finding, waiver))
        else:
            kept.append(finding)
    return tuple(kept), tuple(waived)
