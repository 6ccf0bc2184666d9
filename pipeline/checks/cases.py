"""Rules about case studies beside their sources: terms and numbers of the translation.

The comparing itself is ``translation.py``; its tables take 40 ms to set up, so it is only loaded for issues that hold a case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Article, Finding, Original, Place, Severity, Term


def terms(sheet: Sheet) -> Iterator[Hit]:
    """A term of the source none of whose accepted forms stands in the Japanese."""
    if sheet.originals:
        from pipeline.checks import translation

        yield from _hits(translation.terms(sheet.issue.articles, sheet.originals, glossary=sheet.glossary, day=sheet.issue.date))


def numbers(sheet: Sheet) -> Iterator[Hit]:
    """A number of the source that is not in the Japanese, in whatever scale or unit."""
    if sheet.originals:
        from pipeline.checks import translation

        yield from _hits(translation.numbers(sheet.issue.articles, sheet.originals))


def beside_source(article: Article, original: Original, *, glossary: tuple[Term, ...], day: date) -> tuple[Finding, ...]:
    """What the two rules say of one case, for who reviews it; ``day``: when the glossary must hold."""
    from pipeline.checks import translation

    originals = {article.slug: original}
    return (*translation.terms((article,), originals, glossary=glossary, day=day), *translation.numbers((article,), originals))


def _hits(findings: Iterable[Finding]) -> Iterator[Hit]:
    for finding in findings:
        yield Hit(message=finding.message, hint=finding.hint, place=finding.place or Place(path=""), severity=finding.severity)


_ISSUE = "---\n版: monthly\n発行日: 2025-01-31\n件名: 2025年1月号\n導入文: 今号：見本\n事例: x/2025-01-06-a\n---\n\n巻頭言です。\n"
_SOURCE = (
    "---\nfeed: x\nentry_id: 1\nurl: https://example.com/a\noriginal_title: A\npublisher: ICLEI Europe\nlanguage: en\n"
    "published: 2025-01-06\n---\n\nThe city invests US$300 billion in biodiversity.\n"
)
_CASE = "---\n見出し: 投資を決める\n---\n\n市は{}に{}を投じます。\n"


def _example(what: str, money: str) -> dict[str, str]:
    stem = "../cases/x/2025-01-06-a"
    return {"issue.md": _ISSUE, f"{stem}.source.md": _SOURCE, f"{stem}.md": _CASE.format(what, money)}


RULES = (
    Rule(
        code="GLO001",
        title="用語集の表記",
        severity=Severity.WARNING,
        reason="用語や固有名の訳が号ごとに揺れると、読者は同じものだと気づけません。",
        source="issues/glossary.csv",
        bad=_example("生きものの豊かさ", "3,000億米ドル"),
        good=_example("生物多様性", "3,000億米ドル"),
        find=terms,
    ),
    Rule(
        code="NUM001",
        title="訳文の数",
        severity=Severity.WARNING,
        reason="金額のけたや日時は、訳すときに最も間違えやすく、読者には確かめようがありません。",
        source="原文との照合",
        bad=_example("生物多様性", "300億米ドル"),
        good=_example("生物多様性", "3,000億米ドル"),
        find=numbers,
    ),
)
