"""What the case studies of an issue were translated from: articles in, their sources out, for the checks that read both.

It must never fail on a source that is gone: an old case may be kept without one.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.config import Masthead
from pipeline.errors import CaseError
from pipeline.model import Article, Original, Place
from pipeline.sources.cases import load_case


def load_originals(root: Path, masthead: Masthead, articles: Iterable[Article]) -> dict[str, Original]:
    """Slug of a case study → what it was translated from, where that source still lies in the workspace."""
    found = {}
    for article in articles:
        if article.origin is None:
            continue
        try:
            source = load_case(root, masthead, article.slug).source
        except CaseError:
            continue
        if source:
            found[article.slug] = Original(body=source.body, place=Place(path=source.path, line=source.body_line))
    return found
