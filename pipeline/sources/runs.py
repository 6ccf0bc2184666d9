"""Which issue runs which case: heads of issues in, 掲載予定 and 掲載済 out; and what has not run for months.

No clock: an issue is out when it has been approved (``approved/manifest.json``) or when a later issue of its edition has been begun; "now" is the
date of the newest issue. It only reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.config import Masthead
from pipeline.model import PATHWAYS, Event
from pipeline.sources.cases import Case
from pipeline.sources.folder import slugs
from pipeline.sources.heads import Head, head_or_none, short_name, title_of

QUIET_MONTHS = 6
USES = ("掲載予定", "掲載済")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An issue and the cases that it lists; ``out`` once it has gone out."""

    slug: str
    name: str
    date: date
    out: bool
    cases: tuple[str, ...]
    event: Event | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What ``enews cases`` is asked for; an empty value asks for nothing. ``state`` is a state or 掲載予定, 掲載済."""

    office: str = ""
    pathway: str = ""
    year: str = ""
    language: str = ""
    state: str = ""

    def has(self, case: Case) -> bool:
        """Whether a case is asked for; offices and pathways by any part of their names."""
        published = str(case.published.year) if case.published else "不明"
        return all(
            (
                self.office.lower() in f"{case.office}\n{case.feed}".lower(),
                self.pathway in case.pathway,
                self.year in ("", published),
                case.language.lower().startswith(self.language.lower()),
                self.state in f"{case.label}\n{case.use}",
            )
        )


def read_runs(root: Path, masthead: Masthead) -> tuple[Run, ...]:
    """Every issue that can be read, oldest first."""
    heads = [(head.date, slug, head) for slug in slugs(root) if (head := head_or_none(root, slug, masthead))]
    newest: dict[str, date] = {}
    for day, _, head in sorted(heads, key=lambda row: row[:2]):
        newest[head.edition.key] = day
    return tuple(_run(root, slug, head, masthead, newest) for _, slug, head in sorted(heads, key=lambda row: row[:2]))


def _run(root: Path, slug: str, head: Head, masthead: Masthead, newest: Mapping[str, date]) -> Run:
    approved = (root / "issues" / slug / "approved" / "manifest.json").is_file()
    return Run(
        slug=slug,
        name=short_name(title_of(head, slug), masthead),
        date=head.date,
        out=approved or head.date < newest[head.edition.key],
        cases=tuple(case.strip().removesuffix(".md") for case in head.draft.items("cases")),  # as an issue may list them
        event=head.event,
    )


def names_of(runs: Iterable[Run], *, out: bool) -> dict[str, str]:
    """Case → the name of the newest issue that ran it (``out``) or is going to."""
    return {case: run.name for run in runs if run.out is out for case in run.cases}


def events_of(runs: Iterable[Run]) -> dict[str, Event]:
    """Case → the event of the newest issue that lists it, where that issue speaks of one."""
    newest = {case: run.event for run in runs for case in run.cases}
    return {case: event for case, event in newest.items() if event}


def quiet_fields(cases: Iterable[Case], runs: tuple[Run, ...], masthead: Masthead, *, months: int = QUIET_MONTHS) -> tuple[str, ...]:
    """The offices and pathways that no issue has listed in the last ``months``, each with its last issue, as lines.

    What never ran is counted from the first issue on, so that a new desk is not told that everything is missing.
    """
    if not runs or not any(run.cases for run in runs):
        return ()
    about = {case.id: (case.office, case.pathway) for case in cases}
    last: dict[str, Run] = {field: run for run in runs for case in run.cases for field in about.get(case, ()) if field}
    offices = dict.fromkeys(feed.office for feed in masthead.feeds)
    kinds = (("地域（発信元）", tuple(offices)), ("分野", PATHWAYS))
    found = ((kind, [_said(name, last) for name in names if _is_quiet(last.get(name), runs, months)]) for kind, names in kinds)
    return tuple(f"{months}か月以上載せていない{kind}：{'、'.join(names)}" for kind, names in found if names)


def _is_quiet(last: Run | None, runs: tuple[Run, ...], months: int) -> bool:
    since, now = (last or runs[0]).date, runs[-1].date
    return (now.year - since.year) * 12 + now.month - since.month >= months


def _said(name: str, last: Mapping[str, Run]) -> str:
    return f"{name}（{f'最後は{last[name].name}' if name in last else 'まだ一度もありません'}）"
