"""Templates: folders and a page in, Jinja environments, the words both editions share, and errors that an editor can act on out.

The first folder that has a file wins. It must never render anything by itself: ``html`` and ``text`` do.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

import jinja2

from pipeline.errors import TemplateError
from pipeline.model import japanese_date, japanese_span
from pipeline.render.address import clean_url
from pipeline.render.clock import hours_ahead, japan_time
from pipeline.render.merge import guard, url_field
from pipeline.render.outline import Page, earlier_specials, facts, links, next_report

LANGUAGES = {
    "en": "英語", "ja": "日本語", "de": "ドイツ語", "fr": "フランス語", "es": "スペイン語", "pt": "ポルトガル語", "ko": "韓国語", "zh": "中国語",
    "it": "イタリア語", "sv": "スウェーデン語", "fi": "フィンランド語", "nl": "オランダ語",
}  # fmt: skip


def environment(templates: tuple[Path, ...], *, autoescape: bool) -> jinja2.Environment:
    """An environment with the filters and functions that every template may use; compiled templates stay in it."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(templates),
        bytecode_cache=_bytecode_cache(),
        autoescape=autoescape,  # noqa: S701  # off for plain text alone, which nothing reads as HTML
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(ours=lambda text: guard(text, ours=True), url=clean_url, date=japanese_date)
    made.globals.update(
        facts=facts,
        links=links,
        url_field=url_field,
        hours_ahead=hours_ahead,
        japan_time=japan_time,
        earlier_specials=earlier_specials,
        next_report=next_report,
        languages=LANGUAGES,
        span_of=japanese_span,
    )
    return made


def present(templates: tuple[Path, ...]) -> tuple[Path, ...]:
    """The folders that are there, so that workspaces without templates of their own share one environment."""
    return tuple(folder for folder in templates if folder.is_dir()) or templates


def _bytecode_cache() -> jinja2.BytecodeCache | None:
    """Compiled templates, keyed by their text, in a folder of this user alone (None without one): compiling is a fifth of a build."""
    try:
        return jinja2.FileSystemBytecodeCache()
    except (RuntimeError, OSError):
        return None


def vocabulary(page: Page) -> dict[str, Any]:
    """What every template may say of a page."""
    brand = (page.issue.title or page.edition.title).partition("　")[0]
    return {
        "page": page,
        "issue": page.issue,
        "edition": page.edition,
        "masthead": page.masthead,
        "blocks": page.outline.blocks,
        "brand": brand,
        "full_title": page.issue.title or f"{brand}　{page.issue.name}",
        "full_name": page.issue.name if brand in page.issue.name else f"{brand} {page.issue.name}",
        "can_change": bool(page.masthead.dialect(page.masthead.web.dialect).tags.get("preferences")),
    }


def render_template(made: jinja2.Environment, name: str, words: dict[str, Any]) -> str:
    """The template ``name`` rendered; ``TemplateError`` says which line of which file is wrong."""
    try:
        return made.get_template(name).render(words)
    except (jinja2.TemplateError, TypeError, ValueError, LookupError, ArithmeticError, AttributeError) as error:
        raise _template_error(error, name, made) from error


def read_sheet(made: jinja2.Environment, name: str) -> str:
    """A style sheet from the template folders, as it is."""
    try:
        return made.loader.get_source(made, name)[0] if made.loader else ""
    except jinja2.TemplateNotFound as error:
        raise _template_error(error, name, made) from None
    except UnicodeDecodeError:
        raise TemplateError(f"{name} を UTF-8 として読めません。文字コードを UTF-8 にして保存し直してください。") from None


def _template_error(error: Exception, name: str, made: jinja2.Environment) -> TemplateError:
    """Say which line of which template is wrong; Jinja's traceback knows."""
    if isinstance(error, jinja2.TemplateNotFound):
        folders = made.loader.searchpath if isinstance(made.loader, jinja2.FileSystemLoader) else []
        return TemplateError(
            f"テンプレート「{error.name or name}」がありません（探した場所：{'、'.join(folders)}）。"
            "newsletter.toml の template の名前を確かめるか、ファイルを戻してください。"
        )
    if isinstance(error, jinja2.TemplateSyntaxError):
        return TemplateError(f"テンプレート「{error.name or name}」の {error.lineno} 行目を読めません：{error.message}")
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
    where = f"「{'/'.join(Path(frames[-1].filename).parts[-2:])}」の {frames[-1].lineno} 行目" if frames else f"「{name}」"
    return TemplateError(f"テンプレート{where}で止まりました：{error}。名前のつづりを確かめてください。")
