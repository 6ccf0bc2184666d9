"""``issues/glossary.csv`` in, ``Term``s out, as Excel saves it: UTF-8 with or without a mark, or CP932.

One bad row is a finding with its line and costs that row only. It must never take a ``?`` that Excel put for a letter as the letter itself.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

from pipeline.model import TERM_KINDS, Finding, Place, Severity, Term
from pipeline.sources.textfile import read_text

GLOSSARY = "issues/glossary.csv"
COLUMNS = ("en", "ja", "yomi", "kind", "from", "to", "note")
_READING = re.compile(r"[ぁ-ゖー]*")
_LOST = re.compile(r"\w\?|\?\w")  # S?o Paulo: CP932 has no ã, and Excel does not say so
_HINT = "Excelなどで開いて直してください。直すまで、この行は使いません。"


def read_glossary(root: Path) -> tuple[tuple[Term, ...], tuple[Finding, ...]]:
    """The terms of the workspace in the table's order, none if there is no table. ``WorkspaceError`` if the file cannot be read."""
    path = root / GLOSSARY
    if not path.is_file():
        return (), ()
    text, noted = read_text(path, name=GLOSSARY)
    terms, findings = parse_glossary(text, path=GLOSSARY)
    return terms, (*noted, *findings)


@lru_cache(maxsize=8)
def parse_glossary(text: str, *, path: str) -> tuple[tuple[Term, ...], tuple[Finding, ...]]:
    """The terms of a table's text. Findings: GLO002, each with the line of its row."""
    terms: dict[str, Term] = {}
    findings: list[Finding] = []
    header: tuple[str, ...] = ()
    for place, cells in rows(text, path):
        if cells is None:
            findings.append(_bad('引用符（"）が閉じていないか、欄が長すぎます。ここから先を読んでいません。', place))
        elif not header:
            header = tuple(cell.lower() for cell in cells)
            if not {"en", "ja"} <= set(header):
                hint = f"1行目を {','.join(COLUMNS)} にしてください。"
                return (), (_bad("1行目に en と ja の列名がありません。用語集を使わずに点検しました。", place, hint),)
        else:
            term, wrong = _term(dict(zip(header, cells, strict=False)), place, extra=any(cells[len(header) :]))
            same = terms.get(term.en.casefold())
            wrong = wrong or (f"「{term.en}」は{same.place.line}行目にもあります。" if same else "")
            if wrong:
                findings.append(_bad(wrong, place))
            else:
                terms[term.en.casefold()] = term
    return tuple(terms.values()), tuple(findings)


def rows(text: str, path: str) -> Iterator[tuple[Place, list[str] | None]]:
    """Rows of a table that hold something, each with the line it begins on; ``None`` for one that the reader cannot go beyond."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        place = Place(path=path, line=reader.line_num + 1)
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error:
            yield place, None
            return
        if any(cells):
            yield place, cells


def _term(row: Mapping[str, str], place: Place, *, extra: bool) -> tuple[Term, str]:
    """The term of a row, and what is wrong with it in a sentence, "" if nothing is."""
    forms = tuple(form.strip() for form in re.split(r"[ \u3000]+[/／][ \u3000]+", row.get("ja", "")) if form.strip())
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


def _bad(sentence: str, place: Place, hint: str = _HINT) -> Finding:
    message = f"用語集の{place.line}行目：{sentence}"
    return Finding(code="GLO002", severity=Severity.WARNING, message=message, hint=hint, place=place)
