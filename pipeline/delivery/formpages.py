"""The words and the look of the readers' pages and of their mails: the name of a template and its words in, HTML bytes or a mail's parts out.

A page has one style sheet, inside it, no script, no picture and nothing of anybody else's; its headers allow no more than that.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from markupsafe import Markup

from pipeline.config import Masthead
from pipeline.delivery.people import SEGMENTS
from pipeline.errors import TemplateError as BrokenTemplateError

FOLDER = "forms"


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Pages of one masthead; ``templates`` are the folders to look in, the first that has a file wins."""

    masthead: Masthead
    templates: tuple[Path, ...]

    @cached_property
    def _html(self) -> Environment:
        made = Environment(
            loader=FileSystemLoader(self.templates), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        made.globals.update(masthead=self.masthead, segments=SEGMENTS, style=self.style, reply_to=self.reply_to)
        return made

    @cached_property
    def _text(self) -> Environment:
        return self._html.overlay(autoescape=False)

    @cached_property
    def style(self) -> Markup:
        """The style sheet as it stands in every page."""
        made = FileSystemLoader(self.templates)
        return Markup(made.get_source(Environment(autoescape=True), f"{FOLDER}/style.css")[0])  # noqa: S704 (our own file)

    @property
    def reply_to(self) -> str:
        """The address for those whom no page helps."""
        return self.masthead.smtp.unsubscribe_mailto or self.masthead.sender.reply_to

    @cached_property
    def policy(self) -> str:
        """Content-Security-Policy: this one style sheet by its sum, forms to ourselves, nothing else from anywhere."""
        digest = b64encode(hashlib.sha256(self.style.encode()).digest()).decode()
        return f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    def page(self, name: str, **words: object) -> bytes:
        """One page. ``TemplateError`` if the template is broken."""
        return self._rendered(self._html, f"{name}.html.j2", words).encode("utf-8", "replace")

    def mail(self, kind: str, **words: object) -> tuple[str, str, str]:
        """Subject, text and HTML of a mail: ``subscribe``, ``address`` or ``moved``."""
        text = self._rendered(self._text, "mail.txt.j2", {"kind": kind, **words})
        subject, _, body = text.partition("\n")
        html = self._rendered(self._html, "mail.html.j2", {"kind": kind, "subject": subject, **words})
        return subject, body.lstrip("\n"), html

    def _rendered(self, made: Environment, name: str, words: dict[str, object]) -> str:
        try:
            return made.get_template(f"{FOLDER}/{name}").render(words)
        except (TemplateError, TypeError, ValueError, LookupError, AttributeError) as error:
            raise BrokenTemplateError(f"templates/{FOLDER}/{name} が壊れています（{type(error).__name__}：{error}）。") from None
