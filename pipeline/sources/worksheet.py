"""A worksheet for who translates by hand: blocks of a source in, one HTML page out, to read or to print: source, empty column, terms, memory.

Pure. It must never let anything of the source run or load: every letter of it is text. What the memory offers stands there with its warnings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from pipeline.sources.segments import Block

if TYPE_CHECKING:
    from pipeline.sources.memory import Match

TermsOf = Callable[[str], tuple[tuple[str, str], ...]]
MatchesOf = Callable[[str], "tuple[Match, ...]"]

_PAGE = """<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>翻訳用紙　{title}</title>
<style>
:root {{ color-scheme: light dark; --ink: #222; --soft: #555; --paper: #fff; --tint: #f3f3ef; --line: #999; --warn: #9a3412 }}
@media screen and (prefers-color-scheme: dark) {{
 :root {{ --ink: #eee; --soft: #bbb; --paper: #1b1b1b; --tint: #2a2a27; --line: #777; --warn: #fdba74 }} }}
body {{ margin: 1.5rem auto; max-width: 85rem; padding: 0 1rem; line-height: 1.7; color: var(--ink); background: var(--paper);
 font-family: "Yu Gothic", "Hiragino Sans", "Noto Sans CJK JP", sans-serif }}
h1 {{ font-size: 1.25rem; line-height: 1.5; margin: 0; overflow-wrap: anywhere }}
p {{ margin: .3rem 0 1rem; color: var(--soft); overflow-wrap: anywhere }}
table {{ width: 100%; border-collapse: collapse; table-layout: fixed }}
th, td {{ border: 1px solid var(--line); padding: .4rem .6rem; vertical-align: top; text-align: left; overflow-wrap: anywhere }}
tbody td {{ white-space: pre-wrap }}
tbody th {{ text-align: right; font-weight: normal; color: var(--soft) }}
tr {{ break-inside: avoid }}
thead {{ display: table-header-group }}
.n {{ width: 2rem }} .t {{ width: 30% }}
.m {{ white-space: normal; background: var(--tint); margin: .5rem 0 0; padding: .3rem .5rem; font-size: .9em; line-height: 1.6 }}
.m span {{ display: block }} .m .s, .m .o {{ color: var(--soft) }} .m .w {{ color: var(--warn); font-weight: bold }}
@page {{ size: A4 landscape; margin: 12mm }}
@media print {{ body {{ margin: 0; max-width: none; padding: 0; font-size: 9.5pt }} .m {{ border: 1px solid var(--line) }} }}
@media screen and (max-width: 45rem) {{
 thead {{ position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }}
 table, tbody, tr, th, td {{ display: block }}
 tr {{ border: 1px solid var(--line); margin-bottom: 1rem }}
 tbody th, tbody td {{ border: 0; text-align: left }}
 tbody td + td {{ border-top: 1px dotted var(--line) }}
 .e {{ min-height: 1.7em }} .e::before {{ content: "訳文："; color: var(--soft) }} .h:empty {{ display: none }} }}
</style>
</head>
<body>
<h1>翻訳用紙　{title}</h1>
<p>{about}</p>
<table>
<thead><tr><th class="n" scope="col">番号</th><th scope="col">原文</th><th scope="col">訳文</th><th class="t" scope="col">用語と過去の訳</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</body>
</html>
"""


def no_terms(_text: str) -> tuple[tuple[str, str], ...]:
    """No glossary at all."""
    return ()


def no_matches(_text: str) -> tuple[Match, ...]:
    """No memory at all."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What stands beside a text: ``terms`` gives (source, Japanese) of the glossary, ``matches`` earlier translations of like texts."""

    terms: TermsOf = no_terms
    matches: MatchesOf = no_matches


def compose_worksheet(title: str, blocks: Iterable[Block], *, about: str, language: str, beside: Help | None = None) -> str:
    """The page. ``about`` says where it comes from and where the Japanese belongs."""
    texts = ((title, title), *((block.markdown, block.text) for block in blocks))
    helped = beside or Help()
    rows = "\n".join(_row(number, shown, words, language, helped) for number, (shown, words) in enumerate(texts))
    return _PAGE.format(title=escape(title), about=escape(about), rows=rows)


def _row(number: int, shown: str, words: str, language: str, beside: Help) -> str:
    terms = "\n".join(f"{source} → {japanese}" for source, japanese in beside.terms(words))
    found = "".join(_hit(match) for match in beside.matches(words))
    mark = str(number) if number else "題"
    return (
        f'<tr><th scope="row">{mark}</th><td lang="{escape(language)}">{escape(shown)}</td><td class="e"></td>'
        f'<td class="h">{escape(terms)}{found}</td></tr>'
    )


def _hit(match: Match) -> str:
    """An earlier translation: how like its source is, what differs, the Japanese, and the source unless it is the very same."""
    return f'<div class="m">{"".join(_hit_lines(match))}</div>'


def _hit_lines(match: Match) -> Iterator[str]:
    pair = match.pair
    yield _line("o", "同じ原文" if match.exact else f"似た原文 {match.score:.0f}％" if match.score < 99.5 else "似た原文 99％")
    if not match.exact:
        yield _line("s", pair.source, language=pair.language)
    yield _line("j", f"→ {pair.target}")
    yield from (_line("w", f"⚠ {flag}") for flag in match.flags)
    if pair.origin:
        yield _line("o", f"（{pair.origin}）")


def _line(name: str, text: str, *, language: str = "") -> str:
    spoken = f' lang="{escape(language)}"' if language else ""
    return f'<span class="{name}"{spoken}>{escape(text)}</span>'
