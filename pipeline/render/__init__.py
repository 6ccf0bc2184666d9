"""The door of the room: an ``Issue`` in, an ``Email`` with neutral merge fields out. No network, no clock, no file but templates."""

from __future__ import annotations

from pathlib import Path

from pipeline.config import Masthead
from pipeline.model import Email, Issue
from pipeline.render import html, text
from pipeline.render.outline import Page, outline


def page_of(issue: Issue, masthead: Masthead, *, draft: bool = False, web: bool = False) -> Page:
    """What the templates see of an issue."""
    return Page(
        issue=issue,
        masthead=masthead,
        edition=masthead.edition(issue.edition),
        outline=outline(issue),
        web_url=f"{masthead.web.base_url}/{issue.slug}/",
        draft=draft,
        web=web,
    )


def render(issue: Issue, masthead: Masthead, templates: tuple[Path, ...], *, draft: bool = False, web: bool = False) -> Email:
    """The issue as HTML and text. ``templates`` are the folders to look in, the workspace's first; ``TemplateError`` if one is missing."""
    page = page_of(issue, masthead, draft=draft, web=web)
    return Email(
        subject=issue.subject,
        lead_line=issue.lead_line,
        html=html.compose(page, templates),
        text=text.compose(page, templates),
        pictures=tuple(picture for article in issue.articles for picture in article.pictures),
    )
