"""The whole jobs of the desk, as functions of a workspace: what doors call.

A job reads, decides through the rooms, writes, and returns a frozen result; it never prints and never asks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config import MASTHEAD, Masthead, read_masthead
from pipeline.errors import ExportError, WorkspaceError
from pipeline.model import Email, Finding, Issue, Severity, Waiver

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from pipeline.delivery.approval import Approved
    from pipeline.delivery.frozen import Frozen
    from pipeline.export.package import Parcel
    from pipeline.sources.fetch import FeedOutcome
    from pipeline.sources.memory import Imported
    from pipeline.sources.pictures import Prepared

ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The editors' folder: its root, its masthead, and where templates are looked for (its own folder first)."""

    root: Path
    masthead: Masthead
    templates: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """An issue with its mail (neutral merge fields) and what was found; ``waived`` are findings that a named person lets stand."""

    issue: Issue
    email: Email
    findings: tuple[Finding, ...]
    waived: tuple[tuple[Finding, Waiver], ...]

    @property
    def has_errors(self) -> bool:
        """Whether anything must be mended before the issue can go out."""
        return any(finding.severity is Severity.ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build left in ``build/<slug>/``; paths are absolute, ``bytes`` is the size of the HTML."""

    checked: Checked
    html: Path
    text: Path
    eml: Path
    look: Path
    bytes: int
    drafts: int
    cases: int
    pictures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export wrote, and what was found in the issue; a draft says so in every name. ``approved``: the approval that still holds."""

    checked: Checked
    files: tuple[Path, ...]
    approved: Approved | None = None

    @property
    def standing(self) -> str:
        """Whether this very text was approved, in the screens' words."""
        if self.approved is None:
            moved = any(finding.code == "APPR001" for finding in self.checked.findings)
            return f"下書き（未承認{'：承認後に変更あり' if moved else ''}）"
        return f"承認済（{self.approved.approval.by}、確認番号 {self.approved.frozen.number}）"


def open_workspace(start: Path) -> Workspace:
    """The workspace that ``start`` lies in: the nearest folder upward that holds ``issues/newsletter.toml``."""
    from pipeline.files import packaged

    start = start.resolve()
    root = next((folder for folder in (start, *start.parents) if (folder / MASTHEAD).is_file()), None)
    if root is None:
        raise WorkspaceError(
            f"{start} とその上のフォルダーに {MASTHEAD} がありません。--workspace で場所を指定するか、enews init で作ってください。"
        )
    templates = tuple(dict.fromkeys((root / "templates", packaged("templates"))))
    return Workspace(root=root, masthead=read_masthead(root), templates=templates)


def check(workspace: Workspace, slug: str, *, unreviewed: bool = False) -> Checked:
    """Load, render and check an issue; writes nothing. ``unreviewed``: cases that nobody has reviewed enter, marked 〔未校閲〕."""
    from pipeline import checks
    from pipeline.delivery.standing import approval_findings
    from pipeline.render import render
    from pipeline.sources import load_issue
    from pipeline.sources.events import ruled
    from pipeline.sources.glossary import read_glossary
    from pipeline.sources.notation import read_notation
    from pipeline.sources.originals import load_originals

    issue, loaded = load_issue(workspace.root, slug, workspace.masthead, unreviewed=unreviewed)
    glossary, misread = read_glossary(workspace.root)
    glossary = ruled(workspace.root, glossary, issue.event)
    notation, misspelt = read_notation(workspace.root)
    originals = load_originals(workspace.root, workspace.masthead, issue.articles)
    email = render(issue, workspace.masthead, workspace.templates)
    found = checks.run(issue, email, masthead=workspace.masthead, glossary=glossary, notation=notation, originals=originals)
    moved = approval_findings(workspace.root, slug, issue.place, now=lambda: frozen_of(workspace, issue, email))
    findings, waived = checks.waive((*loaded, *misread, *misspelt, *found, *moved), issue, workspace.masthead.waivers)
    return Checked(issue=issue, email=email, findings=in_order(findings), waived=waived)


def frozen_of(workspace: Workspace, issue: Issue, email: Email) -> Frozen:
    """The mail of an issue as it would be approved now. ``email`` has neutral merge fields."""
    from pipeline.delivery.frozen import freeze
    from pipeline.export.addresses import shown_pictures

    pictures = {picture.file: (workspace.root / picture.path).read_bytes() for picture in shown_pictures(email)}
    return freeze(email, issue, workspace.masthead, pictures=pictures.items())


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The worst first, then by place."""
    return tuple(sorted(findings, key=_rank))


def _rank(finding: Finding) -> tuple[int, str, int, int, str]:
    place = finding.place
    return (ORDER[finding.severity], place.path if place else "", place.line if place else 0, place.column if place else 0, finding.code)


def build(workspace: Workspace, slug: str, *, unreviewed: bool = False) -> Built:
    """Build the issue into ``build/<slug>/``; with errors everything is written as a draft, and no send-ready file is left there."""
    from pipeline.delivery.message import compose_eml
    from pipeline.export.addresses import shown_pictures
    from pipeline.export.folder import empty_folder, write_bytes, write_pictures, write_text
    from pipeline.export.look import compose_look

    checked = check(workspace, slug, unreviewed=unreviewed)
    email = finished(workspace, checked)
    issue, masthead = checked.issue, workspace.masthead
    out = empty_folder(workspace.root / "build" / slug)
    name = f"{slug}-draft" if checked.has_errors else slug
    pictures = shown_pictures(email)
    write_pictures(pictures, workspace.root, empty_folder(out / "images"))
    built = Built(
        checked=checked,
        html=write_text(out / f"{name}.html", email.html),
        text=write_text(out / f"{name}.txt", email.text),
        eml=write_bytes(out / f"{name}.eml", compose_eml(email, masthead, issue_date=issue.date, slug=slug)),
        look=out / "index.html",
        bytes=len(email.html.encode()),
        drafts=sum(1 for article in issue.articles if not article.origin),
        cases=sum(1 for article in issue.articles if article.origin),
        pictures=len(pictures),
    )
    report = report_of(workspace, built)
    write_text(out / "report.json", json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    look = compose_look(email, issue, report=report, findings=checked.findings, templates=workspace.templates)
    write_text(built.look, look)
    return built


def finished(workspace: Workspace, checked: Checked) -> Email:
    """The mail in the workspace's own dialect; with errors it is rendered anew as a draft, unknown merge fields shown as 〔name〕."""
    from pipeline.render import merge

    email, masthead, issue = checked.email, workspace.masthead, checked.issue
    dialect = masthead.dialect(masthead.web.dialect)
    if checked.has_errors:
        email = _as_draft(workspace, checked)
        names = merge.fields_in(email.subject + email.html + email.text)
        dialect = replace(dialect, tags={**{name: f"〔{name}〕" for name in names if name != "view_online"}, **dialect.tags})
    email = merge.resolve(email, dialect, slug=issue.slug, web_url=f"{masthead.web.base_url}/{issue.slug}/")
    merge.refuse_neutral(email, where=f"build/{issue.slug}")
    return email


def report_of(workspace: Workspace, built: Built) -> dict[str, object]:
    """What ``report.json`` says: findings, sizes, what was merged and which pictures must be uploaded where. No clock, no machine."""
    from pipeline.export.addresses import shown_pictures

    checked, base = built.checked, workspace.masthead.web.image_base_url
    return {
        "slug": checked.issue.slug,
        "title": checked.issue.title,
        "date": checked.issue.date.isoformat(),
        "subject": checked.issue.subject,
        "draft": checked.has_errors,
        "html": built.html.name,
        "text": built.text.name,
        "eml": built.eml.name,
        "bytes": built.bytes,
        "drafts": built.drafts,
        "cases": built.cases,
        "merged": [{"slug": article.slug, "title": article.title, "case": bool(article.origin)} for article in checked.issue.articles],
        "sections": dict(checked.email.section_bytes),
        "upload": [
            {"file": picture.file, "bytes": picture.bytes, "url": f"{base}/{checked.issue.slug}/{picture.file}"}
            for picture in shown_pictures(checked.email)
        ],
        "findings": [finding_row(finding) for finding in checked.findings],
        "waived": waived_rows(checked),
    }


def waived_rows(checked: Checked) -> list[dict[str, object]]:
    """What a named person lets stand, as ``--json`` prints it."""
    return [{**finding_row(finding), "reason": waiver.reason, "name": waiver.name} for finding, waiver in checked.waived]


def finding_row(finding: Finding) -> dict[str, object]:
    """A finding as ``--json`` prints it (design: the public interface)."""
    place = finding.place
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        "hint": finding.hint,
        "path": place.path if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "fix": [{"path": edit.path, "start": edit.start, "end": edit.end, "text": edit.text} for edit in finding.fix],
    }


def new(workspace: Workspace, slug: str, *, edition: str = "monthly", event: str = "", day: date | None = None) -> tuple[Path, ...]:
    """Lay a new issue that builds at once, dated ``day`` (else the month's last working day); returns the files written."""
    from pipeline.sources.scaffold import Wanted, new_issue

    wanted = Wanted(edition=edition, event=event, day=day)
    return new_issue(workspace.root, slug, workspace.masthead, wanted=wanted, templates=workspace.templates)


def prepare_pictures(workspace: Workspace, slug: str) -> tuple[Prepared, ...]:
    """Prepare the originals of an issue's ``images/``, each once; ``cases/<feed>`` for those of a feed's case studies."""
    from pipeline.sources.folder import pictures_folder
    from pipeline.sources.pictures import prepare_pictures as prepare

    return prepare(pictures_folder(workspace.root, slug))


def fetch(workspace: Workspace, *, only: str = "", report: Callable[[FeedOutcome], None]) -> tuple[FeedOutcome, ...]:
    """Fetch the feeds of the masthead (or the one called ``only``) and write what is new; ``report`` is called as each is done."""
    from pipeline.sources.fetch import fetch_feeds

    return fetch_feeds(workspace.root, workspace.masthead, only=only, report=report)


def fetch_summary(outcomes: Sequence[FeedOutcome]) -> tuple[str, ...]:
    """What ``fetch`` brought on the whole, as lines."""
    from pipeline.sources.fetch import summary

    return summary(outcomes)


def start_case(workspace: Workspace, case_id: str) -> Path:
    """Lay the Japanese file beside a source."""
    from pipeline.sources.casework import start_case as start

    return start(workspace.root, workspace.masthead, case_id)


def add_case(workspace: Workspace, case_id: str, slug: str) -> Path:
    """List a case in an issue's ``cases:``."""
    from pipeline.sources.heads import add_case as add

    return add(workspace.root, slug, case_id)


def export(
    workspace: Workspace, slug: str, *, dialect: str = "", web: bool = False, force: bool = False, unreviewed: bool = False
) -> Exported:
    """Write the issue for a sender (``dialect``, the workspace's own if empty) or as the web copy. With errors only ``force`` writes, a draft."""
    from pipeline.delivery.standing import holding
    from pipeline.export.package import Parcel
    from pipeline.export.package import export as write_export

    dialect = dialect or workspace.masthead.web.dialect
    checked = check(_for_dialect(workspace, dialect), slug, unreviewed=unreviewed)
    if checked.has_errors and not force:
        errors = sum(finding.severity is Severity.ERROR for finding in checked.findings)
        raise ExportError(
            f"{slug} には要修正の指摘が {errors}件あるため、書き出していません。enews check {slug} で確かめて直してください"
            "（下書きとして見るだけなら --force を付けます）。"
        )
    masthead = workspace.masthead
    approved = holding(workspace.root, frozen_of(workspace, checked.issue, checked.email))
    parcel = Parcel(
        issue=checked.issue,
        masthead=masthead,
        root=workspace.root,
        out=workspace.root / "build" / slug,
        templates=workspace.templates,
        draft=checked.has_errors,
    )
    if web:
        return Exported(checked=checked, files=_write_web(workspace, parcel), approved=approved)
    email = _as_draft(workspace, checked) if parcel.draft else checked.email
    return Exported(checked=checked, files=write_export(email, parcel, dialect=dialect), approved=approved)


def _for_dialect(workspace: Workspace, dialect: str) -> Workspace:
    """The workspace as if this dialect were its own, so that merge fields are checked against the sender that will get them."""
    masthead = workspace.masthead
    return replace(workspace, masthead=replace(masthead, web=replace(masthead.web, dialect=dialect)))


def _write_web(workspace: Workspace, parcel: Parcel) -> tuple[Path, ...]:
    from pipeline.export.web import public_issue, write_web
    from pipeline.render import render

    public = replace(parcel, issue=public_issue(parcel.issue))
    return write_web(render(public.issue, workspace.masthead, workspace.templates, draft=parcel.draft, web=True), public)


def _as_draft(workspace: Workspace, checked: Checked) -> Email:
    """The mail rendered anew with the 下書き bar."""
    from pipeline.render import render

    return render(checked.issue, workspace.masthead, workspace.templates, draft=True)


def init(folder: Path, *, today: date) -> tuple[str, tuple[Path, ...]]:
    """A workspace that builds at once in a new or empty folder: the slug of its first issue, and the files written."""
    from pipeline.sources.starter import write_starter

    slug = f"{today:%Y-%m}"
    return slug, write_starter(folder, slug=slug)


def export_memory(workspace: Workspace, file: Path) -> int:
    """Write everything the desk remembers as TMX; how many pairs."""
    from pipeline.sources.memory import read_memory
    from pipeline.sources.tmx import write_tmx

    pairs = read_memory(workspace.root, workspace.masthead)
    write_tmx(file, pairs)
    return len(pairs)


def import_memory(workspace: Workspace, file: Path) -> Imported:
    """Keep the pairs of a TMX file in ``issues/memory.tmx``."""
    from pipeline.sources.memory import import_tmx

    return import_tmx(workspace.root, file)
