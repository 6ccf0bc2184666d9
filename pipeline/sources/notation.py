"""``issues/notation.csv`` in, ``Notation``s out: the house's spellings, which editors add to without code, as Excel saves them.

One bad row is a finding with its line and costs that row only. A pattern that could take endless time is refused, never run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from pipeline.model import NOTATION_KINDS, Finding, Notation, Place, Severity
from pipeline.sources.glossary import rows
from pipeline.sources.textfile import read_text

NOTATION = "issues/notation.csv"
COLUMNS = ("wrong", "right", "exceptions", "kind", "reason")
LONGEST = 300
_NESTED = re.compile(r"\((?:[^()\\]|\\.)*(?<!\\)[+*](?:[^()\\]|\\.)*\)[+*{]|[+*]\{|\.\*.*\.\*|\.\+.*\.\+")
_HINT = "Excelなどで開いて直してください。直すまで、この行は使いません。"


def read_notation(root: Path) -> tuple[tuple[Notation, ...], tuple[Finding, ...]]:
    """The rows of the workspace's table in its order, none if there is no table. ``WorkspaceError`` if the file cannot be read."""
    path = root / NOTATION
    if not path.is_file():
        return (), ()
    text, noted = read_text(path, name=NOTATION)
    found, findings = parse_notation(text, path=NOTATION)
    return found, (*noted, *findings)


@lru_cache(maxsize=8)
def parse_notation(text: str, *, path: str) -> tuple[tuple[Notation, ...], tuple[Finding, ...]]:
    """The rows of a table's text. Findings: NOT009, each with the line of its row."""
    found: dict[str, Notation] = {}
    findings: list[Finding] = []
    header: tuple[str, ...] = ()
    for place, cells in rows(text, path):
        if cells is None:
            findings.append(_bad('引用符（"）が閉じていないか、欄が長すぎます。ここから先を読んでいません。', place))
        elif not header:
            header = tuple(cell.lower() for cell in cells)
            if not {"wrong", "right"} <= set(header):
                hint = f"1行目を {','.join(COLUMNS)} にしてください。"
                return (), (_bad("1行目に wrong と right の列名がありません。表記表を使わずに点検しました。", place, hint),)
        else:
            row, wrong = _row(dict(zip(header, cells, strict=False)), place, extra=any(cells[len(header) :]))
            same = found.get(row.wrong)
            wrong = wrong or (f"「{row.wrong}」は{same.place.line}行目にもあります。" if same else "")
            if wrong:
                findings.append(_bad(wrong, place))
            else:
                found[row.wrong] = row
    return tuple(found.values()), tuple(findings)


def _row(row: Mapping[str, str], place: Place, *, extra: bool) -> tuple[Notation, str]:
    """The record of a row, and what is wrong with it in a sentence, "" if nothing is."""
    exceptions = tuple(form.strip() for form in re.split(r"[ \u3000]+[/／][ \u3000]+", row.get("exceptions", "")) if form.strip())
    found = Notation(
        wrong=row.get("wrong", ""),
        right=row.get("right", ""),
        exceptions=exceptions,
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


def _bad(sentence: str, place: Place, hint: str = _HINT) -> Finding:
    message = f"表記表の{place.line}行目：{sentence}"
    return Finding(code="NOT009", severity=Severity.WARNING, message=message, hint=hint, place=place)
