"""The checkout's sample issues as the line renders them: a workspace in, every page that a reader or an editor will open out.

It must never write into the checkout: what it is given is a copy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline import desk, proofdesk
from pipeline.model import Email
from pipeline.render import html, merge, page_of
from pipeline.render.outline import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One issue. ``source`` is the mail before inlining, ``exported`` after it, as text; the others are the files written."""

    slug: str
    page: Page
    source: str
    exported: str
    head_css: str
    mail: Path
    web: Path
    look: Path
    papers: tuple[Path, Path]


def build_sample(root: Path, slug: str) -> Sample:
    """Build the issue and its web copy in the workspace ``root``; with errors they are drafts, and stand here all the same."""
    workspace = desk.open_workspace(root)
    built = desk.build(workspace, slug)
    exported = desk.export(workspace, slug, web=True, force=True)
    papers = proofdesk.proof(workspace, slug)
    page = page_of(built.checked.issue, workspace.masthead, draft=built.checked.has_errors)
    return Sample(
        slug=slug,
        page=page,
        source=_in_dialect(html.source(page, workspace.templates), page),
        exported=built.html.read_text("utf-8"),
        head_css=(root / "templates" / page.edition.template / "head.css").read_text("utf-8"),
        mail=built.html,
        web=next(path for path in exported.files if path.suffix == ".html"),
        look=built.look,
        papers=(papers.sheet, papers.collation),
    )


def _in_dialect(neutral: str, page: Page) -> str:
    """The page with the workspace's own merge tags, as ``build`` writes it."""
    email = Email(subject="", lead_line="", html=neutral, text="")
    dialect = page.masthead.dialect(page.masthead.web.dialect)
    return merge.resolve(email, dialect, slug=page.issue.slug, web_url=page.web_url).html


def without_styles(page: str) -> str:
    """The page in a client that takes every ``<style>`` out."""
    return re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)
