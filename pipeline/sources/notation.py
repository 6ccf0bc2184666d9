"""``issues/notation.csv`` in, ``Notation``s out: the house's spellings, which editors add to without code, as Excel saves them.

One bad row is a finding with its line and costs that row only. A pattern that could take endless time is refused, never run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pipeline.model import NOTATION_KINDS, Finding, Notation, Place
from pipeline.sources.table import Columns, forms_of, parse_table
from pipeline.sources.textfile import read_text

NOTATION = "issues/notation.csv"
COLUMNS = ("wrong", "right", "exceptions", "kind", "reason")
LONGEST = 300
_NESTED = re.compile(r"\((?:[^()\\]|\\.)*(?<!\\)[+*](?:[^()\\]|\\.)*\)[+*{]|[+*]\{|\.\*.*\.\*|\.\+.*\.\+")


def read_notation(root: Path) -> tuple[tuple[Notation, ...], tuple[Finding, ...]]:
    """The rows of the workspace's table in its order, none if there is no table. ``WorkspaceError`` if the file cannot be read."""
    path = root / NOTATION
    if not path.is_file():
        return (), ()
    text, noted = read_text(path, name=NOTATION)
    found, findings = parse_notation(text, path=NOTATION)
    return found, (*noted, *findings)


def _row(row: Mapping[str, str], place: Place, extra: bool) -> tuple[Notation, str]:
    """The record of a row, and what is wrong with it in a sentence, "" if nothing is."""
    found = Notation(
        wrong=row.get("wrong", ""),
        right=row.get("right", ""),
        exceptions=forms_of(row.get("exceptions", "")),
        kind=row.get("kind", ""),
        reason=row.get("reason", ""),
        place=place,
    )
    tests = (
        (extra, '列が多すぎます（「,」を含む欄は " で囲みます）。'),
        (not (found.wrong and found.right), "誤（wrong）か正（right）が空です。"),
        (found.wrong == found.right, f"「{found.wrong}」は、誤も正も同じです。"),
        (found.kind not in NOTATION_KINDS, f"種類「{found.kind}」は使えません（空欄か、{'、'.join(NOTATION_KINDS[1:])}）。"),
        (
            found.kind == "パターン" and not _is_pattern(found),
            f"パターン「{found.wrong}」は使えません（正規表現として読めないか、重すぎます）。",
        ),
        (found.kind != "パターン" and len(found.wrong) < 2 and found.wrong.isascii(), f"「{found.wrong}」は短すぎます。"),
    )
    return found, next((sentence for wrong, sentence in tests if wrong), "")


def _is_pattern(row: Notation) -> bool:
    """Whether it can be read, takes its time and no more, finds no empty text, and its ``right`` names only groups that there are."""
    if len(row.wrong) > LONGEST or _NESTED.search(row.wrong):
        return False
    try:
        pattern = re.compile(row.wrong)
        match = re.compile(f"(?:{row.wrong})|").search("")
        if match:
            match.expand(row.right)
    except (re.error, IndexError, RecursionError, OverflowError):
        return False
    return pattern.fullmatch("") is None


_TABLE = Columns(name="表記表", code="NOT009", columns=COLUMNS, needed=("wrong", "right"), read=_row, key=lambda row: row.wrong)


@lru_cache(maxsize=8)
def parse_notation(text: str, *, path: str) -> tuple[tuple[Notation, ...], tuple[Finding, ...]]:
    """The rows of a table's text. Findings: NOT009, each with the line of its row."""
    return parse_table(text, _TABLE, path=path)
