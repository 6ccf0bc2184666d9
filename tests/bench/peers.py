"""The same issue for the tools we measure ourselves beside: their documents, their commands, and processes of theirs that stay warm.

``documents`` tells the issue once more in each peer's own language: same titles, paragraphs, pictures, facts and links, a comparable look. The
peers get the easier job. Bodies reach them as finished HTML: none of them reads drafts, front matter or Markdown, sanitises, numbers items, makes
a contents list, a text edition, an ``.eml``, a report or a page to look at, checks anything, or copies pictures; ours does all that in its time.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.render.figures import credit_line, picture_url
from pipeline.render.markdown import to_html
from pipeline.render.outline import Item, Page, facts, links
from tests import tools

HOME = Path(__file__).parent / "peers"
MODULES = HOME / "node_modules"
STYLES = {
    "p": "margin:0 0 16px;font-size:16px;line-height:1.8;color:#1f2a27",
    "li": "margin:0 0 6px;font-size:16px;line-height:1.8;color:#1f2a27",
    "td": "padding:10px 10px 6px 0;font-size:15px;line-height:1.8;border-bottom:1px solid #c9dad4",
    "th": "padding:10px 10px 6px 0;font-size:15px;line-height:1.8;text-align:left;border-bottom:1px solid #c9dad4",
    "a": "color:#0b5d4e",
}
TAILWIND = {
    "p": "m-0 mb-4 text-base leading-[1.8] text-[#1f2a27]",
    "li": "m-0 mb-1.5 text-base leading-[1.8] text-[#1f2a27]",
    "td": "pt-2.5 pr-2.5 pb-1.5 text-[15px] leading-[1.8] border-b border-solid border-[#c9dad4]",
    "th": "pt-2.5 pr-2.5 pb-1.5 text-[15px] leading-[1.8] text-left border-b border-solid border-[#c9dad4]",
    "a": "text-[#0b5d4e]",
}
_OPENING = re.compile(rf"<({'|'.join(STYLES)})(?=[\s>])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """Where each peer's document lies, and where Maizzle's project is."""

    mjml: Path
    react: Path
    maizzle: Path


def documents(page: Page, folder: Path) -> Documents:
    """Write the issue of ``page`` for every peer into ``folder``."""
    story = tell(page)
    paths = Documents(mjml=folder / "issue.mjml", react=folder / "issue.json", maizzle=folder / "maizzle")
    emails = paths.maizzle / "emails"
    emails.mkdir(parents=True, exist_ok=True)
    paths.mjml.write_text(mjml_of(story), encoding="utf-8")
    paths.react.write_text(json.dumps(story, ensure_ascii=False), encoding="utf-8")
    (emails / "issue.vue").write_text(vue_of(story), encoding="utf-8")
    if not (paths.maizzle / "node_modules").exists():
        (paths.maizzle / "node_modules").symlink_to(MODULES)  # Vite resolves packages from the project's folder
    return paths


def tell(page: Page) -> dict[str, Any]:
    """The issue as plain data: what every peer is given."""
    sender, greeting = page.masthead.sender, to_html(page.issue.greeting)
    sections = [
        {"title": f"{block.number} {block.title}", "entries": [_entry(item, page) for item in block.items]} for block in page.outline.blocks
    ]
    return {
        "title": page.issue.title,
        "lead": page.issue.lead_line,
        "greeting": dressed(greeting, STYLES, "style"),
        "plain_greeting": greeting,
        "sections": sections,
        "footer": f"{page.edition.reprint}　発行：{sender.organisation}　{sender.postal_address}　{sender.contact}",
    }


def _entry(item: Item, page: Page) -> dict[str, Any]:
    article, origin = item.article, item.article.origin
    body = f"<p>{escape(article.summary)}</p>" if article.summary else to_html(article.body)
    picture = article.image
    source = [(f"原文：{origin.title}（{origin.publisher}）", origin.url)] if origin else []
    return {
        "title": f"{item.number} {f'【{article.label}】' if article.label else ''}{article.title}".strip(),
        "picture": picture
        and {"url": picture_url(picture, page.issue, page.masthead), "alt": picture.alt, "width": picture.width, "height": picture.height},
        "credit": credit_line(picture.credit) if picture else "",
        "body": body,
        "styled": dressed(body, STYLES, "style"),
        "facts": facts(article),
        "links": [*((link.label, link.url) for link in links(article)), *source],
        "invites": article.invites,
    }


def dressed(html: str, words: dict[str, str], attribute: str) -> str:
    """The fragment with a style or class on every paragraph, list line, cell and link."""
    return _OPENING.sub(lambda match: f'{match[0]} {attribute}="{words[match[1]]}"', html)


def mjml_of(story: dict[str, Any]) -> str:
    """The issue in MJML; its own inlining styles what stands in the bodies."""
    sheet = "".join(f".body {tag}{{{style}}}" for tag, style in STYLES.items())
    head = (
        f"<mj-head><mj-title>{escape(story['title'])}</mj-title><mj-preview>{escape(story['lead'])}</mj-preview>"
        '<mj-attributes><mj-all font-family="Hiragino Sans,Meiryo,sans-serif" /><mj-text font-size="16px" line-height="1.8" padding="0 20px" />'
        f'<mj-section padding="0" /></mj-attributes><mj-style inline="inline">{sheet}</mj-style></mj-head>'
    )
    sections = "".join(_mjml_section(section) for section in story["sections"])
    top = f"<mj-section><mj-column><mj-text><h1>{escape(story['title'])}</h1></mj-text>{_mjml_text(story['plain_greeting'])}</mj-column></mj-section>"
    foot = f"<mj-section><mj-column><mj-divider /><mj-text>{escape(story['footer'])}</mj-text></mj-column></mj-section>"
    return f'<mjml lang="ja">{head}<mj-body width="640px">{top}{sections}{foot}</mj-body></mjml>'


def _mjml_text(html: str) -> str:
    return f'<mj-text css-class="body">{html}</mj-text>' if html else ""


def _mjml_section(section: dict[str, Any]) -> str:
    entries = "".join(_mjml_entry(entry) for entry in section["entries"])
    title = f'<mj-text font-size="21px" color="#0b5d4e"><h2>{escape(section["title"])}</h2></mj-text>'
    return f"<mj-section><mj-column>{title}{entries}</mj-column></mj-section>"


def _mjml_entry(entry: dict[str, Any]) -> str:
    parts = [f'<mj-text font-size="18px"><h3>{escape(entry["title"])}</h3></mj-text>']
    if entry["picture"]:
        parts.append(
            f'<mj-image src="{entry["picture"]["url"]}" alt="{escape(entry["picture"]["alt"])}" width="{entry["picture"]["width"]}px" />'
        )
        parts.append(_mjml_text(f"<p>{escape(entry['credit'])}</p>"))
    parts.append(_mjml_text(entry["body"] + "".join(f"<p><b>{escape(label)}：</b>{escape(value)}</p>" for label, value in entry["facts"])))
    for label, url in entry["links"]:
        if entry["invites"]:
            parts.append(f'<mj-button href="{escape(url)}" color="#0b5d4e" background-color="#e6f1ed">{escape(label)}</mj-button>')
        else:
            parts.append(_mjml_text(f'<p><a href="{escape(url)}">{escape(label)}</a></p>'))
    return "".join(parts)


def vue_of(story: dict[str, Any]) -> str:
    """The issue as Maizzle's template: its own components, Tailwind's classes; its defaults inline and purge them."""
    sections = "".join(_vue_section(section) for section in story["sections"])
    greeting, footer = dressed(story["plain_greeting"], TAILWIND, "class"), escape(story["footer"])
    return (
        f'<template><Layout lang="ja"><Preheader>{escape(story["lead"])}</Preheader><Container class="max-w-[640px] px-5">'
        f'<Heading level="1">{escape(story["title"])}</Heading>{greeting}{sections}<Hr /><Text class="text-sm">{footer}</Text>'
        "</Container></Layout></template>\n"
    )


def _vue_section(section: dict[str, Any]) -> str:
    entries = "".join(_vue_entry(entry) for entry in section["entries"])
    return f'<Section><Heading level="2" class="text-[21px] text-[#0b5d4e]">{escape(section["title"])}</Heading>{entries}</Section>'


def _vue_entry(entry: dict[str, Any]) -> str:
    parts = [f'<Heading level="3" class="mt-8 mb-3 text-lg">{escape(entry["title"])}</Heading>']
    if entry["picture"]:
        parts.append(f'<Img src="{entry["picture"]["url"]}" alt="{escape(entry["picture"]["alt"])}" width="{entry["picture"]["width"]}" />')
        parts.append(f'<Text class="text-sm">{escape(entry["credit"])}</Text>')
    parts.append(dressed(entry["body"], TAILWIND, "class"))
    parts += [f'<Text class="m-0 mb-1.5"><b>{escape(label)}：</b>{escape(value)}</Text>' for label, value in entry["facts"]]
    for label, url in entry["links"]:
        if entry["invites"]:
            parts.append(f'<Button href="{escape(url)}" class="bg-[#e6f1ed] text-[#0b5d4e]">{escape(label)}</Button>')
        else:
            parts.append(f'<Text><a class="text-[#0b5d4e]" href="{escape(url)}">{escape(label)}</a></Text>')
    return "".join(parts)


def version(package: str) -> str:
    """The installed version of a peer, "" if it or Node is not there."""
    path = MODULES / package / "package.json"
    return str(json.loads(path.read_text(encoding="utf-8"))["version"]) if path.is_file() and tools.node() else ""


def node(*arguments: str | Path) -> list[str]:
    """A command line for Node."""
    program = tools.node()
    return [str(program), *(str(argument) for argument in arguments)] if program else []


class Worker:
    """A process that stays: one JSON line in, one out. ``ask`` gives its answer, timed in there."""

    def __init__(self, command: list[str]) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.communicate(timeout=30)

    def ask(self, tool: str, file: Path) -> dict[str, float]:
        """``{"seconds", "bytes"}`` for one run of the tool on the file."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"tool": tool, "file": str(file)}) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"{tool} died"
        return {name: float(value) for name, value in json.loads(answer).items()}


def python(*arguments: str | Path) -> list[str]:
    """A command line for this Python."""
    return [sys.executable, *(str(argument) for argument in arguments)]
