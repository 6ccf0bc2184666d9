"""A new issue that builds at once: the edition's skeleton and the standing texts of its last issue in, files out; nothing is overwritten.

A report from a conference gets its number by itself, and the first one the pages that all of them share.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline import calendar
from pipeline.config import Edition, Masthead
from pipeline.errors import TemplateError, WorkspaceError
from pipeline.files import packaged, write_file
from pipeline.model import Event
from pipeline.sources.corrections import add_corrections, untold
from pipeline.sources.events import event_folder
from pipeline.sources.folder import SLUG, draft_files, slugs
from pipeline.sources.frontmatter import ARTICLE, parse
from pipeline.sources.heads import head_or_none, report_number
from pipeline.sources.notation import NOTATION
from pipeline.sources.textfile import read_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an editor says of a new issue. ``event`` "": the one that the slug names; ``day`` ``None``: the month's last working day."""

    edition: str = "monthly"
    event: str = ""
    day: date | None = None


def new_issue(root: Path, slug: str, masthead: Masthead, *, wanted: Wanted, templates: tuple[Path, ...]) -> tuple[Path, ...]:
    """Write ``issues/<slug>/``, and for the first report of an event the pages that its reports share; all files.

    ``WorkspaceError`` if the folder is there or the slug has no month.
    """
    spec = masthead.edition(wanted.edition)
    month = re.match(r"(\d{4})-(0[1-9]|1[0-2])(?:-|$)", slug)
    if not SLUG.fullmatch(slug) or not month:
        raise WorkspaceError(f"号の名前「{slug}」は、「2025-02」や「2024-12-cop29」のように年と月で始めてください（半角）。")
    folder = root / "issues" / slug
    if folder.exists():
        raise WorkspaceError(f"issues/{slug} はもうあります。上書きはしません。別の名前にするか、その号をそのまま編集してください。")
    day = wanted.day or calendar.last_working_day(int(month[1]), int(month[2]), masthead.closed)
    key = wanted.event or _event_of(slug, masthead)
    found = masthead.event(key) if key else None
    values = _values(slug, spec, day) | NO_EVENT
    if found:
        values |= _values_of_event(found, day, number=_report_number(root, slug, masthead, event=found, edition=spec.key))
    skeleton = _skeleton(spec, templates)
    written = _write(
        folder, {name: _filled(text, values) for name, text in _together(skeleton, _standing(root, spec, masthead, day)).items()}
    )
    add_corrections(root, slug, untold(root, masthead, spec.key, day))
    written = (*written, *_spellings(root))
    (folder / "images").mkdir(exist_ok=True)
    shared = _skeleton_files(spec, templates, "event")
    if found is None or not shared or event_folder(root, found).exists():
        return written
    return (*written, *_write(event_folder(root, found), {name: _filled(text, values) for name, text in shared.items()}))


def _spellings(root: Path) -> tuple[Path, ...]:
    """The house's table of spellings, if the workspace has none yet."""
    path = root / NOTATION
    if path.exists():
        return ()
    write_file(path, packaged(NOTATION).read_bytes())
    return (path,)


def _event_of(slug: str, masthead: Masthead) -> str:
    """The event that the slug itself names (2024-12-cop29)."""
    return next((event.key for event in masthead.events if event.key in slug.lower().split("-")), "")


def _skeleton(spec: Edition, templates: tuple[Path, ...]) -> dict[str, str]:
    files = _skeleton_files(spec, templates)
    if "issue.md" not in files:
        raise TemplateError(f"templates/{spec.template}/skeleton/issue.md がありません。版「{spec.key}」のひな型を戻してください。")
    return files


def _skeleton_files(spec: Edition, templates: tuple[Path, ...], below: str = "") -> dict[str, str]:
    """The files of the first template folder that has this skeleton (``below``: a folder in it), by name."""
    folders = (path / spec.template / "skeleton" / below for path in templates)
    folder = next((folder for folder in folders if any(folder.glob("*.md"))), None)
    files = sorted((*folder.glob("*.md"), *folder.glob("*.csv"))) if folder else []
    return {path.name: path.read_text(encoding="utf-8") for path in files}


def _standing(root: Path, spec: Edition, masthead: Masthead, day: date) -> dict[str, str]:
    """The drafts of standing sections, as the last issue of this edition before ``day`` has them."""
    sections = {section.key for section in masthead.sections if section.standing}
    heads = (head_or_none(root, slug, masthead) for slug in slugs(root))
    last = max(
        (head for head in heads if head and head.edition.key == spec.key and head.date < day), key=lambda head: head.date, default=None
    )
    if last is None:
        return {}
    found = {}
    for path in draft_files((root / last.draft.path).parent, root)[0]:
        text = read_text(path, name=path.name)[0]
        draft = parse(text, path=path.name, keys=ARTICLE)
        section = masthead.section(draft.value("section"))
        if section and section.key in sections and not _dated(draft.fields):
            found[path.name] = text
    return found


def _together(skeleton: dict[str, str], standing: dict[str, str]) -> dict[str, str]:
    """Both sets of files; one of the skeleton's moves behind a standing text that has its number: two with one number do not build."""
    files = dict(standing)
    for name, text in skeleton.items():
        number, dash, rest = name.partition("-")
        taken = {int(known.partition("-")[0]) for known in files if known.partition("-")[0].isdecimal()}
        free = next((n for n in range(int(number), 1000) if n not in taken), 0) if dash and number.isdecimal() and name not in files else 0
        files.setdefault(f"{free:02}-{rest}" if free else name, text)
    return dict(sorted(files.items()))


def _dated(fields: object) -> bool:
    """An item with a date of its own is news, not a standing text."""
    return any(key in fields for key in ("start", "deadline", "image")) if isinstance(fields, dict) else False


def _values(slug: str, spec: Edition, day: date) -> dict[str, str]:
    return {
        "slug": slug,
        "date": day.isoformat(),
        "edition": spec.key,
        "year": str(day.year),
        "month": str(int(slug[5:7])),
    }


NO_EVENT = dict.fromkeys(("event", "event_name", "event_place", "event_end", "special", "report", "as_of"), "")


def _values_of_event(event: Event, day: date, *, number: int) -> dict[str, str]:
    """What a report can say of its event before anybody has written a word; the as-of line is for days on which it is still going on."""
    return {
        "event": event.key,
        "event_name": event.short,
        "event_place": f"{event.country}・{event.city}",
        "event_end": event.end.isoformat(),
        "special": f"{event.short}特集号" + (f"（第{number}報）" if number else ""),
        "report": str(number or ""),
        "as_of": f"{day.month}月{day.day}日○時現在" if event.start <= day <= event.last_day else "",
    }


def _report_number(root: Path, slug: str, masthead: Masthead, *, event: Event, edition: str) -> int:
    """第n報: the one after this event's reports so far; a slug in -n may skip some.

    0 for a first report whose slug does not end in -1: it may stay the only one.
    """
    heads = (head_or_none(root, other, masthead) for other in slugs(root) if other != slug)
    numbers = [report_number(head) for head in heads if head and head.event == event and head.edition.key == edition]
    following = max(len(numbers), *numbers) + 1 if numbers else 0
    written = re.search(rf"-{re.escape(event.key)}-(\d{{1,2}})$", slug.lower())
    return max(following, int(written[1]) if written else 0)


def _filled(text: str, values: dict[str, str]) -> str:
    """Fill ``{key}``; an entry that would stay empty (会議: of an issue without one) is left out."""
    for key, value in values.items():
        if not value:
            text = re.sub(rf"(?m)^.*\{{{key}\}}.*\n", "", text)
        text = text.replace("{" + key + "}", value)
    return text


def _write(folder: Path, files: dict[str, str]) -> tuple[Path, ...]:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8-sig" if name.endswith(".csv") else "utf-8", newline="\n")  # Excel wants the mark
    return tuple(folder / name for name in sorted(files))
