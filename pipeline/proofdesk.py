"""The desk's jobs of holding an issue against the world: the papers that two people read aloud, and its links asked on the web.

A job reads, lets the rooms decide, writes into ``build/`` and returns a record; it never prints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.checks.collation import Group
from pipeline.config import MASTHEAD
from pipeline.desk import Checked, Workspace, check, finished, frozen_of
from pipeline.model import Answer, Email, Finding, Manuscript

if TYPE_CHECKING:
    from pipeline.checks.online import Link, Own
    from pipeline.delivery.frozen import Frozen
    from pipeline.sources.links import HostDone, Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was written: two files to print, and the mail that they show."""

    checked: Checked
    frozen: Frozen
    sheet: Path
    collation: Path
    groups: tuple[Group, ...]

    @property
    def digest(self) -> str:
        """The digest of the bytes that the papers show."""
        return self.frozen.digest

    @property
    def number(self) -> str:
        """Its short form, the 確認番号."""
        return self.frozen.number


def proof(workspace: Workspace, slug: str, *, unreviewed: bool = False, at: str = "") -> Proof:
    """Write ``proof.html`` and ``collation.html`` of the issue as it would be built now; with errors both say that they are drafts.

    ``at`` (ISO time): the text is kept by its 確認番号, so that an approval with it can be told what has moved since.
    """
    from pipeline.delivery.requests import keep_text
    from pipeline.export.folder import write_text
    from pipeline.export.proofsheet import Paper, compose_collation, compose_proof
    from pipeline.sources.links import read_answers

    checked = check(workspace, slug, unreviewed=unreviewed)
    email = finished(workspace, checked)
    frozen = frozen_of(workspace, checked.issue, checked.email)
    titles = {url: answer.title for url, answer in read_answers(workspace.root).items() if answer.title}
    groups = collation(workspace, checked, email, titles=titles)
    looked_up = any(note.startswith("ページの題名") for group in groups for line in group.lines for note in line.notes)
    paper = Paper(
        issue=checked.issue,
        email=email,
        masthead=workspace.masthead,
        number=frozen.number,
        draft=checked.has_errors,
        templates=workspace.templates,
    )
    out = workspace.root / "build" / slug
    if at:
        keep_text(workspace.root, frozen, at=at)
    return Proof(
        checked=checked,
        frozen=frozen,
        sheet=write_text(out / "proof.html", compose_proof(paper, dict(frozen.pictures))),
        collation=write_text(out / "collation.html", compose_collation(paper, groups, looked_up=looked_up)),
        groups=groups,
    )


def collation(workspace: Workspace, checked: Checked, email: Email, *, titles: dict[str, str] | None = None) -> tuple[Group, ...]:
    """Every value of the issue and of its finished mail that two people compare. ``titles``: address → title of its page."""
    from pipeline.checks.collation import collate, desk_of
    from pipeline.checks.passages import all_passages
    from pipeline.checks.printed import pages
    from pipeline.sources.glossary import read_glossary

    issue = checked.issue
    glossary, _ = read_glossary(workspace.root)
    frame = Manuscript(path=MASTHEAD, text=(workspace.root / MASTHEAD).read_text("utf-8-sig"))
    passages = all_passages([(issue.manuscript, None), *((article.manuscript, article) for article in issue.articles)])
    return collate(passages, pages(email), desk_of(issue.date, glossary, _labels(workspace, checked), frame=frame, titles=titles))


def _labels(workspace: Workspace, checked: Checked) -> dict[str, str]:
    """Path of a draft → the number of its item, or the title of a section whose items have none on the page."""
    from pipeline.render import page_of

    blocks = page_of(checked.issue, workspace.masthead).outline.blocks
    return {
        item.article.place.path: block.title if block.shows == "event" or not item.number else item.number
        for block in blocks
        for item in block.items
    }


def check_online(
    workspace: Workspace,
    checked: Checked,
    *,
    fresh: bool = False,
    permits: Callable[[str], bool] | None = None,
    pace: Pace | None = None,
    report: Callable[[HostDone], None] = lambda _done: None,
) -> Checked:
    """The check with what the web says of the issue's links, each asked once; good answers are remembered for a day unless ``fresh``.

    ``permits`` decides over every IP address (the open internet by default); ``report`` is called as each host is done.
    """
    from pipeline import checks
    from pipeline.checks.online import PREFIX, asked_as, may_be_asked, online
    from pipeline.desk import in_order
    from pipeline.sources.addresses import is_public
    from pipeline.sources.links import Pace, ask_links

    email = finished(workspace, checked)
    links, own = _links(workspace, checked, email), _own(workspace, checked, email)
    wanted = tuple(dict.fromkeys([*(one.url for one in own), *(asked_as(link.url) for link in links)]))
    known = {} if fresh else _remembered(workspace, wanted, never={one.url for one in own})
    missing = [url for url in wanted if url not in known]
    asked = ask_links(missing, permits=permits or is_public, follows=may_be_asked, pace=pace or Pace(), report=report)
    _remember(workspace, asked)
    found = online(links, own, {**known, **asked}, hosts=_hosts(workspace))
    findings, waived = checks.waive(found, checked.issue, workspace.masthead.waivers)
    ours: tuple[Finding, ...] = tuple(finding for finding in findings if finding.code.startswith(PREFIX))
    return replace(checked, findings=in_order((*checked.findings, *ours)), waived=(*checked.waived, *waived))


def _links(workspace: Workspace, checked: Checked, email: Email) -> tuple[Link, ...]:
    """Every address of the issue that may be asked for, once a place."""
    from pipeline.checks.harvest import URL
    from pipeline.checks.online import Link, may_be_asked

    web = workspace.masthead.web
    tags = workspace.masthead.dialect(web.dialect).tags
    never = {web.unsubscribe, web.preferences, tags.get("unsubscribe", ""), tags.get("preferences", "")} - {""}
    lines = [line for group in collation(workspace, checked, email) if group.kind == URL for line in group.lines]
    found = []
    for line in lines:
        places = tuple(dict.fromkeys(spot.place for spot in line.spots if spot.place)) or (None,)
        found += [Link(url=line.value, place=place) for place in places if may_be_asked(line.value, never)]
    return tuple(found)


def _own(workspace: Workspace, checked: Checked, email: Email) -> tuple[Own, ...]:
    """The web copy and the pictures, where the mail looks for them."""
    from pipeline.checks.online import Own
    from pipeline.export.addresses import shown_pictures

    issue, web = checked.issue, workspace.masthead.web
    pictures = shown_pictures(email)
    page = Own(url=f"{web.base_url}/{issue.slug}/", place=issue.place)
    return (page, *(Own(url=f"{web.image_base_url}/{issue.slug}/{one.file}", place=one.place, bytes=one.bytes) for one in pictures))


def _hosts(workspace: Workspace) -> frozenset[str]:
    """The hosts that are ours to mend."""
    from urllib.parse import urlsplit

    web = workspace.masthead.web
    return frozenset(host for url in (web.base_url, web.image_base_url, web.home_url) if (host := urlsplit(url).netloc))


def _remembered(workspace: Workspace, wanted: Iterable[str], *, never: set[str]) -> dict[str, Answer]:
    """Earlier answers that still hold; whether our own pages are there is asked every time."""
    from datetime import UTC, datetime

    from pipeline.sources.links import read_answers, still_valid

    valid = still_valid(read_answers(workspace.root), now=datetime.now(UTC))
    return {url: valid[url] for url in wanted if url in valid and url not in never}


def _remember(workspace: Workspace, asked: dict[str, Answer]) -> None:
    from pipeline.sources.links import read_answers, write_answers

    write_answers(workspace.root, {**read_answers(workspace.root), **asked})
