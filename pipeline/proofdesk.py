"""The desk's jobs for the second reader: the 校正紙 and the 照合表 of an issue. What the door calls.

A job reads, lets the rooms decide, writes into ``build/<slug>/`` and returns a record; it never prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.checks.collation import Group
from pipeline.config import MASTHEAD
from pipeline.desk import Checked, Workspace, check, finished
from pipeline.model import Email, Manuscript, Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was written: two files to print, and the digest of the bytes that they show with its short form (確認番号)."""

    checked: Checked
    digest: str
    number: str
    sheet: Path
    collation: Path
    groups: tuple[Group, ...]


def proof(workspace: Workspace, slug: str, *, unreviewed: bool = False) -> Proof:
    """Write ``proof.html`` and ``collation.html`` of the issue as it would be built now; with errors both say that they are drafts."""
    from pipeline.delivery.digest import confirmation_number, digest_of
    from pipeline.export.addresses import shown_pictures
    from pipeline.export.folder import write_text
    from pipeline.export.proofsheet import Paper, compose_collation, compose_proof

    checked = check(workspace, slug, unreviewed=unreviewed)
    email = finished(workspace, checked)
    pictures = {picture.file: _bytes_of(workspace, picture) for picture in shown_pictures(email)}
    digest = digest_of(email, pictures.items())
    number = confirmation_number(digest)
    groups = collation(workspace, checked, email)
    paper = Paper(
        issue=checked.issue,
        email=email,
        masthead=workspace.masthead,
        number=number,
        draft=checked.has_errors,
        templates=workspace.templates,
    )
    out = workspace.root / "build" / slug
    return Proof(
        checked=checked,
        digest=digest,
        number=number,
        sheet=write_text(out / "proof.html", compose_proof(paper, pictures)),
        collation=write_text(out / "collation.html", compose_collation(paper, groups, looked_up=False)),
        groups=groups,
    )


def _bytes_of(workspace: Workspace, picture: Picture) -> bytes:
    return (workspace.root / picture.path).read_bytes()


def collation(workspace: Workspace, checked: Checked, email: Email) -> tuple[Group, ...]:
    """Every value of the issue and of its finished mail that two people compare."""
    from pipeline.checks.collation import collate, desk_of
    from pipeline.checks.passages import all_passages
    from pipeline.checks.printed import pages
    from pipeline.sources.glossary import read_glossary

    issue = checked.issue
    glossary, _ = read_glossary(workspace.root)
    frame = Manuscript(path=MASTHEAD, text=(workspace.root / MASTHEAD).read_text("utf-8-sig"))
    passages = all_passages([(issue.manuscript, None), *((article.manuscript, article) for article in issue.articles)])
    return collate(passages, pages(email), desk_of(issue.date, glossary, _labels(workspace, checked), frame=frame))


def _labels(workspace: Workspace, checked: Checked) -> dict[str, str]:
    """Path of a draft → the number of its item, or the title of a section whose items have none on the page."""
    from pipeline.render import page_of

    blocks = page_of(checked.issue, workspace.masthead).outline.blocks
    return {
        item.article.place.path: block.title if block.shows == "event" or not item.number else item.number
        for block in blocks
        for item in block.items
    }
