"""A worksheet for who translates by hand: blocks of a source in, one HTML page out, source beside an empty column, to read or to print.

Pure. It must never let anything of the source run or load: every letter of it is text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from pipeline.sources.segments import Block

TermsOf = Callable[[str], tuple[tuple[str, str], ...]]

_PAGE = """<!DOCTYPE html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>翻訳用紙　{title}</title>
<style>
body {{ margin: 1.5rem auto; max-width: 75rem; padding: 0 1rem; line-height: 1.7; color: #222; background: #fff;
 font-family: "Yu Gothic", "Hiragino Sans", "Noto Sans CJK JP", sans-serif }}
h1 {{ font-size: 1.25rem; margin: 0 }}
p {{ margin: .3rem 0 1rem; color: #555 }}
table {{ width: 100%; border-collapse: collapse; table-layout: fixed }}
th, td {{ border: 1px solid #999; padding: .4rem .6rem; vertical-align: top; text-align: left; overflow-wrap: anywhere; white-space: pre-wrap }}
tbody th {{ text-align: right; font-weight: normal; color: #555 }}
tr {{ break-inside: avoid }}
thead {{ display: table-header-group }}
.n {{ width: 2.5rem }} .t {{ width: 20% }}
@page {{ size: A4 landscape; margin: 12mm }}
@media print {{ body {{ margin: 0; max-width: none; padding: 0; font-size: 10pt }} }}
</style>
</head>
<body>
<h1>翻訳用紙　{title}</h1>
<p>{about}</p>
<table>
<thead><tr><th class="n" scope="col">番号</th><th scope="col">原文</th><th scope="col">訳文</th><th class="t" scope="col">用語</th></tr></thead>
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


def compose_worksheet(title: str, blocks: Iterable[Block], *, about: str, language: str, terms: TermsOf = no_terms) -> str:
    """The page. ``about`` says where it comes from and where the Japanese belongs; ``terms`` gives (source, Japanese) for a text."""
    texts = (title, *(block.markdown for block in blocks))
    rows = "\n".join(_row(number, text, language, terms(text)) for number, text in enumerate(texts))
    return _PAGE.format(title=escape(title), about=escape(about), rows=rows)


def _row(number: int, text: str, language: str, found: tuple[tuple[str, str], ...]) -> str:
    words = "\n".join(f"{source} → {japanese}" for source, japanese in found)
    mark = str(number) if number else "題"
    return f'<tr><th scope="row">{mark}</th><td lang="{escape(language)}">{escape(text)}</td><td></td><td>{escape(words)}</td></tr>'
