"""``issues/glossary.csv`` in, ``Term``s out, as Excel saves it: UTF-8 with or without a mark, or CP932.

One bad row is a finding with its line and costs that row only. It must never take a ``?`` that Excel put for a letter as the letter itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from pipeline.model import TERM_KINDS, Finding, Place, Term
from pipeline.sources.table import Columns, forms_of, parse_table
from pipeline.sources.textfile import read_text

GLOSSARY = "issues/glossary.csv"
COLUMNS = ("en", "ja", "yomi", "kind", "from", "to", "note")
_READING = re.compile(r"[ぁ-ゖー]*")
_LOST = re.compile(r"\w\?|\?\w")  # S?o Paulo: CP932 has no ã, and Excel does not say so


def read_glossary(root: Path) -> tuple[tuple[Term, ...], tuple[Finding, ...]]:
    """The terms of the workspace in the table's order, none if there is no table. ``WorkspaceError`` if the file cannot be read."""
    path = root / GLOSSARY
    if not path.is_file():
        return (), ()
    text, noted = read_text(path, name=GLOSSARY)
    terms, findings = parse_glossary(text, path=GLOSSARY)
    return terms, (*noted, *findings)


def _term(row: Mapping[str, str], place: Place, extra: bool) -> tuple[Term, str]:
    """The term of a row, and what is wrong with it in a sentence, "" if nothing is."""
    forms = forms_of(row.get("ja", ""))
    kind = row.get("kind", "") or "term"
    days = {key: row.get(key, "") for key in ("from", "to")}
    since, until = (_day(days[key], last=key == "to") for key in ("from", "to"))
    undated = next((text for text, day in zip(days.values(), (since, until), strict=True) if text and day is None), "")
    term = Term(
        en=row.get("en", ""),
        ja=forms,
        yomi=row.get("yomi", ""),
        kind=kind,
        since=since,
        until=until,
        note=row.get("note", ""),
        place=place,
    )
    tests = (
        (extra, '列が多すぎます（「,」を含む欄は " で囲みます）。'),
        (not (term.en and forms), "英語（en）か日本語（ja）が空です。"),
        (bool(_LOST.search(term.en + " " + row.get("ja", ""))), f"「{term.en}」に、失われた文字と思われる「?」があります。"),
        (not _READING.fullmatch(term.yomi), f"読み「{term.yomi}」は、ひらがなだけで書いてください。"),
        (kind not in TERM_KINDS, f"種類「{kind}」は使えません（使えるのは {'、'.join(TERM_KINDS)}）。"),
        (bool(undated), f"「{undated}」は日付として読めません（例 2025-04-01、または 2025）。"),
    )
    return term, next((sentence for wrong, sentence in tests if wrong), "")


def _day(text: str, *, last: bool) -> date | None:
    """``2025-09-09``, ``2025/9/9`` as Excel turns it, or a year: its first or its last day. ``None`` if it is none of them."""
    match = re.fullmatch(r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2}))?", text, re.ASCII)
    if not match:
        return None
    month, day = (int(match[2]), int(match[3])) if match[2] else (12, 31) if last else (1, 1)
    try:
        return date(int(match[1]), month, day)
    except ValueError:
        return None


_TABLE = Columns(name="用語集", code="GLO002", columns=COLUMNS, needed=("en", "ja"), read=_term, key=lambda term: term.en, folded=True)


@lru_cache(maxsize=8)
def parse_glossary(text: str, *, path: str) -> tuple[tuple[Term, ...], tuple[Finding, ...]]:
    """The terms of a table's text. Findings: GLO002, each with the line of its row."""
    return parse_table(text, _TABLE, path=path)
