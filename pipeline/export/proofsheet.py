"""The papers of the second reader: a finished mail and the values to compare in, the 校正紙 and the 照合表 out, each one HTML file to print.

Nothing outside the file is asked for, and both carry the 確認番号 of the very bytes that they were made from. It must never change a word.
"""

from __future__ import annotations

import base64
import mimetypes
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.config import Masthead
from pipeline.export.sheet import compose_sheet
from pipeline.model import Email, Issue, japanese_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What stands on top and in the foot of both papers. ``number`` is the 確認番号; ``draft``: 要修正 is left."""

    issue: Issue
    email: Email
    masthead: Masthead
    number: str
    draft: bool
    templates: tuple[Path, ...]


def compose_proof(paper: Paper, pictures: Mapping[str, bytes]) -> str:
    """The 校正紙. ``pictures``: file name → bytes of what the mail shows."""
    shown = {file: _data_address(file, data) for file, data in pictures.items()}
    sheet = Markup(compose_sheet(paper.email.html, shown))  # noqa: S704  # our own page, its texts escaped by lxml
    return _render(paper, "proof/proof.html.j2", sheet=sheet)


def compose_collation(paper: Paper, groups: Iterable[object], *, looked_up: bool) -> str:
    """The 照合表 of the groups of ``checks.collation``. ``looked_up``: whether titles of pages were at hand."""
    return _render(paper, "proof/collation.html.j2", groups=tuple(groups), looked_up=looked_up)


def _render(paper: Paper, name: str, **words: object) -> str:
    template = _environment(paper.templates).get_template(name)
    return template.render(paper=paper, issue=paper.issue, email=paper.email, day=japanese_date(paper.issue.date), **words)


def _data_address(file: str, data: bytes) -> str:
    kind = mimetypes.guess_type(file)[0] or "image/jpeg"
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


@cache
def _environment(templates: tuple[Path, ...]) -> Environment:
    folders = [str(path) for path in templates]
    made = Environment(loader=FileSystemLoader(folders), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["css"] = css_string
    return made


def css_string(text: str) -> Markup:
    """A CSS string of any text: nothing in it can end the string, the rule or the sheet."""
    quoted = re.sub(r"[^\w（）－・　 ]", lambda match: f"\\{ord(match[0]):x} ", text.replace("_", "\\5f "))
    return Markup(f'"{quoted}"')  # noqa: S704  # escaped above
