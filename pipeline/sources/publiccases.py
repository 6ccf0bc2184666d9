"""The case studies that anybody may read: reviewed, ``visibility: public``, not held back; in, the cases of a workspace; out, articles.

It only reads. It must never let a case through that nobody has reviewed as it stands, or that is for members, or that is still under embargo.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.config import Masthead
from pipeline.dates import find_date
from pipeline.model import Article, Place
from pipeline.sources.cases import State, case_article, case_ids, load_case, state_of
from pipeline.sources.runs import read_runs


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCase:
    """One of them: ``id`` never changes (RFC 4122), ``slug`` is the newest issue that is out and ran it, or ""."""

    id: str
    article: Article
    reviewed_on: date
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCases:
    """What may be published, and ``held``: the public cases that are held back (保留, 解禁日時, no date of review), with why."""

    cases: tuple[PublicCase, ...]
    held: tuple[str, ...]
    newest: date


def read_public_cases(root: Path, masthead: Masthead) -> PublicCases:
    """The public cases by id. ``newest`` is the date of the newest issue (2000-01-01 if there is none): the desk's only clock."""
    runs = read_runs(root, masthead)
    newest = runs[-1].date if runs else date(2000, 1, 1)
    slugs = {case: run.slug for run in runs if run.out for case in run.cases}
    found: list[PublicCase] = []
    held: list[str] = []
    for case_id in case_ids(root):
        files = load_case(root, masthead, case_id)
        if state_of(files) is not State.REVIEWED or files.value("visibility") != "public":
            continue
        article, _ = case_article(root, masthead, case_id, section="", place=Place(path=files.japanese.path if files.japanese else ""))
        day = find_date(files.value("reviewed_on"))
        why = _held_back(article, newest) if article else "読めません"
        if article is None or day is None or why:
            held.append(f"{case_id}（{why or '校閲日がありません'}）")
            continue
        name = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'enews:case:{case_id}')}"
        found.append(PublicCase(id=name, article=article, reviewed_on=day, slug=slugs.get(case_id, "")))
    return PublicCases(cases=tuple(found), held=tuple(held), newest=newest)


def _held_back(article: Article, newest: date) -> str:
    """Why an article must wait; an embargo that cannot be read is not over."""
    if article.hold:
        return "保留"
    until = article.embargo.last or article.embargo.first if article.embargo else None
    if article.embargo and (until is None or until >= newest):
        return "解禁日時"
    return ""
