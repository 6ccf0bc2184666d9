"""The local page to *look*: a finished mail in, one HTML page out that shows it as readers will see it, with the findings beside.

It shows phone and desktop widths, light and dark, pictures off, no style sheet, and the text edition. It is for the editor's own browser
only and is never sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.model import Email, Finding, Issue


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One frame of the page. ``width`` in CSS pixels; ``srcdoc`` is the mail as this kind of reader gets it."""

    key: str
    title: str
    width: int
    srcdoc: str


def compose_look(
    email: Email, issue: Issue, *, report: dict[str, object], findings: tuple[Finding, ...], templates: tuple[Path, ...]
) -> str:
    """The page's HTML. ``email`` carries the dialect's tags already; ``report`` is what ``report.json`` says."""
    template = _environment(templates).get_template("look/index.html.j2")
    return template.render(email=email, issue=issue, report=report, findings=findings, views=views(email.html))


def views(html: str) -> tuple[View, ...]:
    """The frames, pictures taken from the folder beside the page instead of the web."""
    local = re.sub(r'src="https?://[^"]*/([^"/]+)"', r'src="images/\1"', html)
    light, dark = _scheme(local, dark=False), _scheme(local, dark=True)
    return (
        View(key="phone-light", title="スマートフォン（375px）", width=375, srcdoc=light),
        View(key="phone-dark", title="スマートフォン・暗い画面", width=375, srcdoc=dark),
        View(key="desktop-light", title="パソコン（640px）", width=640, srcdoc=light),
        View(key="desktop-dark", title="パソコン・暗い画面", width=640, srcdoc=dark),
        View(key="images-off", title="画像なし", width=640, srcdoc=re.sub(r'src="images/[^"]*"', 'src=""', light)),
        View(
            key="style-off", title="スタイル指定が消された場合", width=640, srcdoc=re.sub(r"<style.*?</style>", "", light, flags=re.DOTALL)
        ),
    )


def _scheme(html: str, *, dark: bool) -> str:
    """Force one colour scheme, whatever the editor's own computer uses."""
    return html.replace("(prefers-color-scheme:dark)", "all" if dark else "not all").replace(
        "(prefers-color-scheme: dark)", "all" if dark else "not all"
    )


@cache
def _environment(templates: tuple[Path, ...]) -> Environment:
    return Environment(loader=FileSystemLoader([str(path) for path in templates]), autoescape=True, undefined=StrictUndefined)
