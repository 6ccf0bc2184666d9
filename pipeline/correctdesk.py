"""The desk's jobs when an issue that has gone out was wrong: a note and a box, a mail of correction, or the papers for a leak. Never sends.

Right is what the drafts say now, wrong is what was approved; the mail that tells of it is an issue like any other, checked, approved and sent.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.delivery.approval import has_approved, read_approved
from pipeline.delivery.difference import Change, differences
from pipeline.delivery.errata import errata_between
from pipeline.delivery.ledger import Ledger
from pipeline.delivery.receivers import Received, who_received, write_receivers
from pipeline.delivery.store import open_store, store_path
from pipeline.desk import Checked, Workspace, check, frozen_of
from pipeline.errors import ApprovalError, ConfigError, ReaderError, StoreError, WorkspaceError
from pipeline.export.folder import write_text
from pipeline.export.steps import compose_leak
from pipeline.model import Correction, japanese_date
from pipeline.render.outline import outline
from pipeline.sources.corrections import add_corrections, add_errata, lay_correction, named_after, told_before
from pipeline.sources.folder import issue_folder, slugs
from pipeline.sources.heads import head_or_none, short_name, title_of

if TYPE_CHECKING:
    from pipeline.model import Issue

REPORTED_FROM = 1000  # more people than this: to be reported, whatever was let out


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What was written for ``--note``: lines in the issue itself, and in the next one (``next_slug`` "": there is none yet, ``new`` will do it)."""

    checked: Checked
    rows: tuple[Correction, ...]
    left_out: tuple[Change, ...]
    file: Path
    added: int
    next_slug: str
    next_added: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """What was written for ``--mail``: an issue to finish. ``received``: who is going to get it, as far as this desk sent the wrong one."""

    checked: Checked
    rows: tuple[Correction, ...]
    left_out: tuple[Change, ...]
    slug: str
    file: Path
    received: Received | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaked:
    """The papers for ``--leak``; ``table`` is ``None`` if the issue was not sent from here."""

    text: str
    paper: Path
    table: Path | None
    received: Received | None


def note(workspace: Workspace, slug: str, *, today: date) -> Noted:
    """Write what was put right into the issue's own ``errata``, for its web copy, and into ``corrects`` of the next issue, if that is laid.

    ``ApprovalError`` if nothing was approved, ``WorkspaceError`` if the drafts are as they were approved.
    """
    checked, rows, left_out = _found(workspace, slug)
    dated = tuple(replace(row, on=today) for row in rows)
    file, added = add_errata(workspace.root, slug, dated)
    following, told = _next(workspace, slug), 0
    if following:
        head = head_or_none(workspace.root, slug, workspace.masthead)
        name = short_name(title_of(head, slug), workspace.masthead) if head else slug
        _, told = add_corrections(workspace.root, following, tuple(named_after(row, name) for row in rows))
    return Noted(checked=checked, rows=rows, left_out=left_out, file=file, added=added, next_slug=following, next_added=told)


def _next(workspace: Workspace, slug: str) -> str:
    """The next issue of the edition that nobody has approved yet, "" if there is none."""
    heads = {other: head_or_none(workspace.root, other, workspace.masthead) for other in slugs(workspace.root)}
    this = heads.get(slug)
    later = [
        (head.date, other)
        for other, head in heads.items()
        if head and this and head.edition.key == this.edition.key and head.date > this.date and not has_approved(workspace.root, other)
    ]
    return min(later, default=(None, ""))[1]


def mail(workspace: Workspace, slug: str, *, today: date) -> Laid:
    """Lay ``<slug>-teisei``, a 【訂正】 issue with the 誤／正 table; what an earlier one of its kind told is left out.

    ``ApprovalError`` if nothing was approved; ``WorkspaceError`` if the drafts are as they were approved, or all of it was told.
    """
    checked, rows, left_out = _found(workspace, slug)
    told = told_before(workspace.root, slug, workspace.masthead)
    fresh = tuple(row for row in rows if (row.wrong, row.right) not in told)
    if rows and not fresh:
        raise WorkspaceError(f"{slug} の直しは、すべて前の訂正のお知らせに書かれています。issues/ の {slug}-teisei を確かめてください。")
    new, file = lay_correction(
        workspace.root, slug, workspace.masthead, rows=fresh, day=max(today, checked.issue.date), templates=workspace.templates
    )
    return Laid(checked=checked, rows=fresh, left_out=left_out, slug=new, file=file, received=_received(workspace, slug))


def _found(workspace: Workspace, slug: str) -> tuple[Checked, tuple[Correction, ...], tuple[Change, ...]]:
    """The issue as it is now, and what moved since its approval."""
    issue_folder(workspace.root, slug)
    approved = read_approved(workspace.root, slug)
    checked = check(workspace, slug)
    difference = differences(approved.frozen, frozen_of(workspace, checked.issue, checked.email))
    if not difference.changes:
        raise WorkspaceError(
            f"{slug} の原稿は、配信した内容と同じです。先に issues/{slug}/ の原稿の間違いを直して保存し、もう一度実行してください。"
        )
    rows, left_out = errata_between(difference, titles=_titles(workspace, checked.issue))
    return checked, rows, left_out


def _titles(workspace: Workspace, issue: Issue) -> dict[str, str]:
    """The number of each item on the page, and its title."""
    page = outline(issue, plain_numbers=workspace.masthead.edition(issue.edition).plain_numbers)
    return {item.number: item.article.title for block in page.blocks for item in block.items if item.number}


def _received(workspace: Workspace, slug: str) -> Received | None:
    if not store_path(workspace.root).exists():
        return None
    with open_store(workspace.root, create=False) as store:
        return who_received(Ledger(store=store, slug=slug, now=lambda: ""))


def leak(workspace: Workspace, slug: str, *, at: datetime, who: str) -> Leaked:
    """Write ``build/<slug>/leak.txt``, what to do now, and beside the database the list of those who received the issue, noted as taken by ``who``.

    ``at``: when it became known, as far as we know: now. Nothing is sent, and no record is changed.
    """
    issue_folder(workspace.root, slug)
    table, received, trouble = None, None, ""
    try:
        received, table = _list_of_receivers(workspace, slug, at=at, who=who)
    except (StoreError, ConfigError, ReaderError) as error:  # what must be done now must not wait for a key that is missing
        trouble = str(error)
    words = {
        **_words(workspace, slug, received),
        "trouble": trouble,
        "at": at,
        "table": table,
        "masthead": workspace.masthead,
        "limits": {days: japanese_date(at.date() + timedelta(days=days)) for days in (3, 5, 30, 60)},
    }
    text = compose_leak(templates=workspace.templates, words=words)
    return Leaked(text=text, paper=write_text(workspace.root / "build" / slug / "leak.txt", text), table=table, received=received)


def _list_of_receivers(workspace: Workspace, slug: str, *, at: datetime, who: str) -> tuple[Received | None, Path | None]:
    """Who received the issue, and where the list of them was written; nothing if it was not sent from here."""
    if not store_path(workspace.root).exists():
        return None, None
    with open_store(workspace.root, create=False) as store:
        ledger = Ledger(store=store, slug=slug, now=lambda: at.isoformat(timespec="seconds"))
        received = who_received(ledger)
        return received, write_receivers(store.path.parent, ledger, received, who=who) if received else None


def _words(workspace: Workspace, slug: str, received: Received | None) -> dict[str, object]:
    head = head_or_none(workspace.root, slug, workspace.masthead)
    segments = Counter(reader.segment or "（区分なし）" for _, reader in received.readers if reader) if received else Counter()
    return {
        "slug": slug,
        "title": title_of(head, slug).replace("　", " ") if head else slug,
        "subject": _subject(workspace, slug),
        "received": received,
        "count": len(received.readers) if received else 0,
        "segments": segments.most_common(),
        "reported_from": REPORTED_FROM,
    }


def _subject(workspace: Workspace, slug: str) -> str:
    """The subject that readers saw, as far as it is known."""
    try:
        return read_approved(workspace.root, slug).frozen.subject
    except ApprovalError:
        return ""
