"""手順.txt: a finished mail and its dialect in, numbered steps in Japanese for the colleague who sends it out.

The words stand in ``templates/steps/<dialect>.txt.j2``, so that an office can write its own; a dialect without steps of its own gets generic's.
Steps are plain text: nothing is escaped, nothing is a link.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import jinja2

from pipeline.errors import TemplateError
from pipeline.model import Email, japanese_date


def compose_steps(email: Email, *, dialect: str, templates: tuple[Path, ...], words: Mapping[str, object]) -> str:
    """The text with LF line ends. ``words`` is what the templates may say besides ``email``; ``TemplateError`` names the file that is wrong."""
    return _composed((dialect, "generic"), templates, {**words, "email": email})


def compose_leak(*, templates: tuple[Path, ...], words: Mapping[str, object]) -> str:
    """leak.txt: what to do when an issue has let out what it must not; ``TemplateError`` as above."""
    return _composed(("leak",), templates, words)


def _composed(names: tuple[str, ...], templates: tuple[Path, ...], words: Mapping[str, object]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        autoescape=False,  # noqa: S701  plain text, never shown as HTML
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["date"] = japanese_date
    try:
        return environment.select_template([f"steps/{name}.txt.j2" for name in names]).render(words)
    except jinja2.TemplatesNotFound:
        raise TemplateError(f"手順のひな型 templates/steps/{names[-1]}.txt.j2 がありません。付属のものを戻してください。") from None
    except (jinja2.TemplateError, TypeError, ValueError) as error:
        where = f"templates/steps/{names[0]}.txt.j2"
        raise TemplateError(
            f"手順のひな型 {where} で止まりました：{error}。名前のつづりと {{{{ }}}} の閉じ忘れを確かめてください。"
        ) from error
