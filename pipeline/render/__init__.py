"""The door of the room: an ``Issue`` in, an ``Email`` with neutral merge fields out. No network, no clock, no file but templates."""

from __future__ import annotations

from pathlib import Path

from pipeline.config import Masthead
from pipeline.model import Email, Issue
from pipeline.render import html, text
from pipeline.render.merge import guard
from pipeline.render.outline import Page, outline


def page_of(issue: Issue, masthead: Masthead, *, draft: bool = False, web: bool = False) -> Page:
    """What the templates see of an issue."""
    edition = masthead.edition(issue.edition)
    return Page(
        issue=issue,
        masthead=masthead,
        edition=edition,
        outline=outline(issue, plain_numbers=edition.plain_numbers),
        web_url=f"{masthead.web.base_url}/{issue.slug}/",
        draft=draft,
        web=web,
    )


def render(issue: Issue, masthead: Masthead, templates: tuple[Path, ...], *, draft: bool = False, web: bool = False) -> Email:
    """The issue as HTML and text. ``templates`` are the folders to look in, the workspace's first; ``TemplateError`` if one is missing."""
    page = page_of(issue, masthead, draft=draft, web=web)
    whole = html.compose(page, templates)
    return Email(
        subject=guard(issue.subject, ours=True),
        lead_line=guard(issue.lead_line, ours=True),
        html=whole,
        text=text.compose(page, templates),
        pictures=tuple(picture for article in issue.articles for picture in article.pictures),
        section_bytes=html.section_sizes(whole),
    )
