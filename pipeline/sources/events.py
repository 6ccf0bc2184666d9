"""What belongs to a conference and is shared by all its reports: its drafts (用語, 日程) and its glossary, which decides wavering names.

The glossary is a CSV (wrong, right, note) that Excel may have saved. It must never touch what stands in quotation marks: others' words.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pipeline.model import Edit, Event, Finding, Place, Severity, Term
from pipeline.sources.drafts import wrong_value
from pipeline.sources.textfile import read_text

GLOSSARY = "glossary.csv"
_HEADINGS = {"wrong": "wrong", "right": "right", "誤": "wrong", "正": "right"}
_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_LEFT_ALONE = re.compile(
    r"「(?:[^「」\n]|\n(?!\n)|「[^「」\n]*」)*」|『(?:[^『』\n]|\n(?!\n))*』"  # others' words: quotations, titles
    r"|https?://[!-~]+|\]\([^)\n]{0,2000}\)"  # addresses
    r"|^(?:写真|image|ママ|waive)[\s　]*[:：].*$|^#[^#\s].*$",  # a file's name, a waiver, a comment
    re.MULTILINE,
)


def event_folder(root: Path, event: Event) -> Path:
    """Where the pages live that all reports of an event share; it may not be there."""
    return root / "issues" / "events" / event.key


def glossary_path(event: Event) -> str:
    """Where the event's glossary lies in the workspace, if it has one."""
    return event.glossary or f"issues/events/{event.key}/{GLOSSARY}"


def read_glossary(root: Path, event: Event) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Wavering name → the name that is right (itself: a name to be left alone), empty without a file. FM004: a row that says nothing."""
    name = glossary_path(event)
    if not (root / name).is_file():
        hint = "newsletter.toml の [[events]] にある glossary の場所と、ファイルの名前を確かめてください。"
        return {}, (wrong_value("glossary", name, Place(path="issues/newsletter.toml"), hint),) if event.glossary else ()
    text, findings = read_text(root / name, name=name)
    names, wrong = _parse_glossary(text, name)
    return names, (*findings, *wrong)


def ruled(root: Path, glossary: tuple[Term, ...], event: Event | None) -> tuple[Term, ...]:
    """The house's glossary as it holds in an issue of the event: its names win, and those that it gives for foreign ones are terms, too."""
    names = read_glossary(root, event)[0] if event else {}
    if event is None or not names:
        return glossary
    own = tuple(
        Term(en=wrong, ja=(right,), place=Place(path=glossary_path(event)))
        for wrong, right in names.items()
        if wrong != right and any(ch.isalpha() for ch in wrong) and not _JAPANESE.search(wrong)
    )
    taken = {term.en.casefold() for term in own}
    return (*own, *(_renamed(term, names) for term in glossary if term.en.casefold() not in taken))


def _renamed(term: Term, names: Mapping[str, str]) -> Term:
    pattern = _pattern(names)
    forms = (pattern.sub(lambda match: names.get(match[0], match[0]), form) for form in term.ja)
    return replace(term, ja=tuple(dict.fromkeys(forms)))


def _parse_glossary(text: str, path: str) -> tuple[dict[str, str], list[Finding]]:
    hint = "1行目を「wrong,right,note」とし、2行目から「大臣会合,閣僚会合,理由」のように書いてください。"
    rows = _rows(text)
    columns = [_HEADINGS.get(cell.strip().lower(), "") for cell in (rows[0][1] if rows else ())]
    if not {"wrong", "right"} <= set(columns):
        return {}, [wrong_value(GLOSSARY, "1行目", Place(path=path), hint)]
    names, findings = {}, []
    for line, row in rows[1:]:
        cells = dict(zip(columns, (cell.strip() for cell in row), strict=False))
        if cells.get("wrong") and cells.get("right"):
            names[cells["wrong"]] = cells["right"]
        elif any(cell.strip() for cell in row):
            findings.append(wrong_value(GLOSSARY, ",".join(row), Place(path=path, line=line), hint))
    return names, findings


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """(line number, cells); none at all for what is no CSV."""
    reader = csv.reader(text.split("\n"))
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error:
        return []


def wavering_names(root: Path, paths: Iterable[str], names: Mapping[str, str]) -> Iterator[Finding]:
    """EVT002, one a file and name, for the drafts at ``paths`` (relative to ``root``); the fix puts the right name everywhere in that file."""
    for path in dict.fromkeys(paths) if names else ():
        text = read_text(root / path, name=path)[0]
        found: dict[str, list[int]] = {}
        for start, name in _found(text, names):
            found.setdefault(name, []).append(start)
        for name, starts in found.items():
            yield _wavering(name, names[name], starts, path=path, text=text)


def _found(text: str, names: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Where a wavering name stands. The longest name wins, so that a right one may hold a wrong one."""
    blank = _LEFT_ALONE.sub(lambda match: "\0" * len(match[0]), text)
    for match in _pattern(names).finditer(blank):
        if names.get(match[0], match[0]) != match[0]:
            yield match.start(), match[0]


def _pattern(names: Mapping[str, str]) -> re.Pattern[str]:
    known = sorted({*names, *names.values()}, key=lambda name: (-len(name), name))
    return re.compile("|".join(_whole(name) for name in known))


def _whole(name: str) -> str:
    """A pattern for the name; Latin ones only as whole words (Cali is not in California)."""
    before = r"(?<![A-Za-z0-9])" if re.match(r"[A-Za-z0-9]", name) else ""
    after = r"(?![A-Za-z0-9])" if re.search(r"[A-Za-z0-9]$", name) else ""
    return before + re.escape(name) + after


def _wavering(name: str, right: str, starts: list[int], *, path: str, text: str) -> Finding:
    before = text[: starts[0]]
    place = Place(path=path, line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))
    count = f"（{len(starts)}か所）" if len(starts) > 1 else ""
    return Finding(
        code="EVT002",
        severity=Severity.WARNING,
        message=f"「{name}」{count}は、この会議の号では「{right}」と書きます。",
        hint=f"「{right}」に直してください。先方の正式な名前なら、「」で囲むか、会議の {GLOSSARY} に「正」と同じ語で足してください。",
        place=place,
        fix=tuple(Edit(path=path, start=start, end=start + len(name), text=right) for start in starts),
    )
