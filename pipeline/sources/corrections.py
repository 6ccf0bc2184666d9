"""訂正 in ``issue.md``: what an issue says of earlier ones (``corrects``) and what its own web copy says (``errata``); read, and at a word written.

A mail that is nothing but a correction names the issue that it corrects in a line of its own. It must never change a line that somebody wrote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipeline.config import CORRECTION, Masthead
from pipeline.dates import find_date
from pipeline.errors import TemplateError, WorkspaceError
from pipeline.files import write_file
from pipeline.model import Correction, Finding, japanese_date
from pipeline.sources.drafts import wrong_value
from pipeline.sources.folder import SLUG, issue_folder, relative, slugs
from pipeline.sources.frontmatter import ISSUE, Draft, parse
from pipeline.sources.heads import Head, head_or_none, short_name, title_of, with_items
from pipeline.sources.textfile import read_text

_HOW = "「- 2024年12月号「1-2」の締切日｜1月16日（水）｜1月16日（木）」のように、場所・誤・正を「｜」で区切ってください。"
_HOW_DATED = "「- 2025-02-03｜1-2の締切日｜1月16日（水）｜1月16日（木）」のように、直した日・場所・誤・正を「｜」で区切ってください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """``corrects`` as it stands in a file. ``issue``: the slug of the issue that the whole mail corrects, "" for none."""

    corrections: tuple[Correction, ...]
    issue: str
    findings: tuple[Finding, ...]


def corrections_of(draft: Draft, *, of_an_issue: bool = False) -> Written:
    """``場所｜誤｜正`` a line; with ``of_an_issue`` one line is the slug of the issue, and must be there. Findings: FM004."""
    found, findings, issue = [], [], ""
    for line in draft.items("corrects"):
        if of_an_issue and not issue and SLUG.fullmatch(line):
            issue = line
        elif (parts := _parts(line, 3)) is not None:
            found.append(Correction(where=parts[0], wrong=parts[1], right=parts[2]))
        else:
            findings.append(wrong_value("訂正", line, draft.place("corrects"), _HOW))
    if of_an_issue and not issue:
        hint = "訂正する号の名前（例：2025-01）を、「訂正」の最初の行に書いてください。この号は、その号を受け取った人だけに送られます。"
        findings.append(wrong_value("訂正", "", draft.place("corrects"), hint))
    return Written(corrections=tuple(found), issue=issue, findings=tuple(findings))


def errata_of(draft: Draft) -> tuple[tuple[Correction, ...], tuple[Finding, ...]]:
    """正誤 of an issue that has gone out, for its web copy: ``直した日｜場所｜誤｜正`` a line. Findings: FM004."""
    found, findings = [], []
    for line in draft.items("errata"):
        parts = _parts(line, 4)
        day = find_date(parts[0]) if parts else None
        if parts is None or day is None:
            findings.append(wrong_value("正誤", line, draft.place("errata"), _HOW_DATED))
        else:
            found.append(Correction(where=parts[1], wrong=parts[2], right=parts[3], on=day))
    return tuple(found), tuple(findings)


def _parts(line: str, count: int) -> list[str] | None:
    parts = [part.strip() for part in re.split(r"[｜|]", line)]
    return parts if len(parts) == count and all(parts) else None


def corrected_name(root: Path, masthead: Masthead, head: Head, issue: str) -> tuple[str, tuple[Finding, ...]]:
    """The full name of the issue that a correction is of, "" for none; FM004 if there is no such issue, or it comes later."""
    if not issue:
        return "", ()
    other = head_or_none(root, issue, masthead)
    if other is None or other.date > head.date:
        hint = f"今ある号は {'、'.join(slugs(root))} です。" if other is None else "発行日を確かめてください。"
        return "", (wrong_value("訂正", issue, head.draft.place("corrects"), hint),)
    return title_of(other, issue), ()


def line_of(correction: Correction) -> str:
    """A correction as a line of ``corrects``, or with its day of ``errata``."""
    cells = (correction.where, correction.wrong, correction.right)
    return "｜".join(_cell(cell) for cell in ((correction.on.isoformat(), *cells) if correction.on else cells))


def _cell(text: str) -> str:
    """Words of an issue as data: no divider, no merge field, one line."""
    return " ".join(re.sub(r"[｜|]", "／", text).replace("[[", "［［").split())


def add_errata(root: Path, slug: str, corrections: tuple[Correction, ...]) -> tuple[Path, int]:
    """Write dated corrections into ``errata`` of their own issue, those that stand there left out; the file, and how many were new."""
    return _add(root, slug, "errata", corrections)


def add_corrections(root: Path, slug: str, corrections: tuple[Correction, ...]) -> tuple[Path, int]:
    """Write corrections of an earlier issue into ``corrects`` of this one, those that stand there left out; the file, and how many were new."""
    return _add(root, slug, "corrects", corrections)


def _add(root: Path, slug: str, key: str, corrections: tuple[Correction, ...]) -> tuple[Path, int]:
    path = issue_folder(root, slug) / "issue.md"
    name = relative(path, root)
    text = read_text(path, name=name)[0]
    draft = parse(text, path=name, keys=ISSUE)
    there = {tuple(re.split(r"\s*[｜|]\s*", line)[-2:]) for line in draft.items(key)}
    lines = tuple(line for line in map(line_of, corrections) if tuple(line.split("｜")[-2:]) not in there)
    if lines:
        write_file(path, with_items(text, draft, key, lines).encode())
    return path, len(lines)


def told_before(root: Path, slug: str, masthead: Masthead) -> tuple[tuple[str, str], ...]:
    """(wrong, right) of everything that a mail of correction has been laid for."""
    heads = (head_or_none(root, other, masthead) for other in slugs(root))
    written = (corrections_of(head.draft, of_an_issue=True) for head in heads if head and head.edition.key == CORRECTION)
    return tuple((one.wrong, one.right) for each in written if each.issue == slug for one in each.corrections)


def named_after(correction: Correction, name: str) -> Correction:
    """A correction as another issue tells it: with the name of the issue that it is of, and without its day."""
    return replace(correction, where=f"{name} {correction.where}", on=None)


def untold(root: Path, masthead: Masthead, edition: str, day: date) -> tuple[Correction, ...]:
    """What the next issue of an edition, dated ``day``, must put right: ``errata`` found since its last issue went out, told by none yet."""
    heads = [(slug, head) for slug in slugs(root) if (head := head_or_none(root, slug, masthead)) and head.edition.key == edition]
    before = [(slug, head) for slug, head in heads if head.date < day]
    last = max((head.date for _, head in before), default=day)
    found = []
    for slug, head in before:
        name = short_name(title_of(head, slug), masthead)
        found += [named_after(one, name) for one in errata_of(head.draft)[0] if one.on and one.on >= last]
    told = {one for _, head in heads for one in corrections_of(head.draft).corrections}
    return tuple(one for one in found if one not in told)


def lay_correction(
    root: Path, slug: str, masthead: Masthead, *, rows: tuple[Correction, ...], day: date, templates: tuple[Path, ...]
) -> tuple[str, Path]:
    """Write ``issues/<slug>-teisei/issue.md`` (the next free name) from the skeleton: its slug, and the file. Nothing is overwritten."""
    head = head_or_none(root, slug, masthead)
    if head is None:
        raise WorkspaceError(f"issues/{slug}/issue.md を読めないため、訂正のお知らせを作れません。")
    new = next(name for n in range(1, 1000) if not (root / "issues" / (name := f"{slug}-teisei{'' if n == 1 else f'-{n}'}")).exists())
    values = {
        "date": day.isoformat(),
        "slug": slug,
        "name": title_of(head, slug).replace("　", " "),
        "day": japanese_date(head.date, year=False),
        "rows": "\n".join(f"  - {line_of(row)}" for row in rows),
    }
    text = re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), _skeleton(masthead, templates))
    path = root / "issues" / new / "issue.md"
    write_file(path, re.sub(r"\n{3,}", "\n\n", text).encode())
    return new, path


def _skeleton(masthead: Masthead, templates: tuple[Path, ...]) -> str:
    name = f"{masthead.edition(CORRECTION).template}/skeleton/issue.md"
    path = next((folder / name for folder in templates if (folder / name).is_file()), None)
    if path is None:
        raise TemplateError(f"templates/{name} がありません。訂正のお知らせのひな型を戻してください。")
    return path.read_text(encoding="utf-8")
