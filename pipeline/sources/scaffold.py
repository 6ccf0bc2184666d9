"""A new issue that builds at once: the edition's skeleton and the standing texts of its last issue in, files out; nothing is overwritten."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from pipeline.config import Edition, Masthead
from pipeline.errors import TemplateError, WorkspaceError
from pipeline.sources import calendar
from pipeline.sources.folder import SLUG, draft_files, slugs
from pipeline.sources.frontmatter import ARTICLE, parse
from pipeline.sources.heads import head_or_none
from pipeline.sources.textfile import read_text


def new_issue(root: Path, slug: str, masthead: Masthead, *, edition: str, event: str, templates: tuple[Path, ...]) -> tuple[Path, ...]:
    """Write ``issues/<slug>/``, dated the last working day of the slug's month. ``WorkspaceError`` if it is there or the slug has no month."""
    spec = masthead.edition(edition)
    month = re.match(r"(\d{4})-(0[1-9]|1[0-2])(?:-|$)", slug)
    if not SLUG.fullmatch(slug) or not month:
        raise WorkspaceError(f"号の名前「{slug}」は、「2025-02」や「2024-12-cop29」のように年と月で始めてください（半角）。")
    folder = root / "issues" / slug
    if folder.exists():
        raise WorkspaceError(f"issues/{slug} はもうあります。上書きはしません。別の名前にするか、その号をそのまま編集してください。")
    day = calendar.last_working_day(int(month[1]), int(month[2]), masthead.closed)
    files = {**_skeleton(spec, templates), **_standing(root, spec, masthead, day)}
    values = _values(slug, spec, masthead, day=day, event=event or _event_of(slug, masthead))
    return _write(folder, {name: _filled(text, values) for name, text in files.items()})


def _event_of(slug: str, masthead: Masthead) -> str:
    """The event that the slug itself names (2024-12-cop29)."""
    return next((event.key for event in masthead.events if event.key in slug.lower().split("-")), "")


def _skeleton(spec: Edition, templates: tuple[Path, ...]) -> dict[str, str]:
    folder = next(
        (path / spec.template / "skeleton" for path in templates if (path / spec.template / "skeleton" / "issue.md").is_file()), None
    )
    if folder is None:
        raise TemplateError(f"templates/{spec.template}/skeleton/issue.md がありません。版「{spec.key}」のひな型を戻してください。")
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))}


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


def _dated(fields: object) -> bool:
    """An item with a date of its own is news, not a standing text."""
    return any(key in fields for key in ("start", "deadline", "image")) if isinstance(fields, dict) else False


def _values(slug: str, spec: Edition, masthead: Masthead, *, day: date, event: str) -> dict[str, str]:
    found = masthead.event(event) if event else None
    return {
        "slug": slug,
        "date": day.isoformat(),
        "edition": spec.key,
        "event": found.key if found else "",
        "event_name": found.short if found else "",
        "year": str(day.year),
        "month": str(int(slug[5:7])),
    }


def _filled(text: str, values: dict[str, str]) -> str:
    """Fill ``{key}``; an entry that would stay empty (会議: of an issue without one) is left out."""
    for key, value in values.items():
        if not value:
            text = re.sub(rf"(?m)^.*\{{{key}\}}.*\n", "", text)
        text = text.replace("{" + key + "}", value)
    return text


def _write(folder: Path, files: dict[str, str]) -> tuple[Path, ...]:
    (folder / "images").mkdir(parents=True)
    written = []
    for name, text in sorted(files.items()):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        written.append(folder / name)
    return tuple(written)
