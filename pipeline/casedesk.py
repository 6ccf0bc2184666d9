"""The desk's jobs on case studies beyond starting one: list, paste, compare, set aside, translate, review, and publish as feeds.

Like ``desk``: a job reads, decides through the rooms, writes, and returns a frozen result; it never prints and never asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from pipeline.desk import Workspace
    from pipeline.model import Finding
    from pipeline.sources.cases import Case
    from pipeline.sources.changes import CaseChanges
    from pipeline.sources.paste import Pasted
    from pipeline.sources.runs import Wanted
    from pipeline.sources.translate import Translation


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseList:
    """The case studies that were asked for, and ``quiet``: what no issue has run for months, in sentences."""

    cases: tuple[Case, ...]
    quiet: tuple[str, ...]


def cases(workspace: Workspace, wanted: Wanted | None = None, *, months: int = 6) -> CaseList:
    """The case studies with their states; where an issue lists one, the state says so."""
    from pipeline.sources.cases import read_cases
    from pipeline.sources.runs import names_of, quiet_fields, read_runs

    runs = read_runs(workspace.root, workspace.masthead)
    planned, published = names_of(runs, out=False), names_of(runs, out=True)
    found = read_cases(workspace.root, workspace.masthead, planned=planned, published=published)
    quiet = quiet_fields(found, runs, workspace.masthead, months=months)
    return CaseList(cases=tuple(case for case in found if wanted is None or wanted.has(case)), quiet=quiet)


def wanted_cases(**asked: str) -> Wanted:
    """What a list of case studies is asked for: office, pathway, year, language, state."""
    from pipeline.sources.runs import Wanted

    return Wanted(**asked)


def none_found(asked: Mapping[str, str]) -> str:
    """What to say where no case is what was asked for: the words there are, where a word was asked for that there is none of."""
    from pipeline.model import PATHWAYS
    from pipeline.sources.cases import State
    from pipeline.sources.runs import USES

    known = {"state": ("状態", (*State, *USES)), "pathway": ("分野", PATHWAYS)}
    unknown = [(name, words) for key, (name, words) in known.items() if not any(asked.get(key, "") in word for word in words)]
    return "".join(("当てはまる事例はありません。", *(f"{name}は、{'、'.join(words)}のどれかです。" for name, words in unknown)))


def paste_case(workspace: Workspace, source: str, *, feed: str, title: str = "") -> Pasted:
    """Store a page (its address, or a saved file) as a case of an office that has no feed."""
    from pipeline.sources.paste import paste_case as paste

    return paste(workspace.root, workspace.masthead, source, feed=feed, title=title)


def case_changes(workspace: Workspace, case_id: str) -> CaseChanges:
    """What changed in a source since it was translated."""
    from pipeline.sources.casework import changes_of

    return changes_of(workspace.root, workspace.masthead, case_id)


def set_case_aside(workspace: Workspace, case_id: str, *, entry: str, reason: str) -> Path:
    """Write why a case does not run: ``entry`` is ``dismissed`` or ``permission``."""
    from pipeline.sources.casework import set_aside

    return set_aside(workspace.root, workspace.masthead, case_id, entry=entry, reason=reason)


def translate(workspace: Workspace, case_ids: Iterable[str], *, machine: str = "") -> Iterator[Translation]:
    """Drafts by ``machine`` (the masthead's if empty), or the empty file and a worksheet each for ``manual``; outcomes as they are done."""
    from pipeline.sources.translate import translate_cases
    from pipeline.sources.translators import choose

    settings = workspace.masthead.translate
    name = machine or settings.with_
    translator = None if name == "manual" else choose(settings, name)
    return translate_cases(workspace.root, workspace.masthead, case_ids, translator=translator, terms=_terms(workspace))


def _terms(workspace: Workspace) -> Callable[[str], Callable[[str], tuple[tuple[str, str], ...]]]:
    """Case → source text → the terms in it, each with the form that the house prefers today, or the event of the issue that lists the case."""
    from datetime import date

    from pipeline.checks.translation import terms_in
    from pipeline.model import Original, Place
    from pipeline.sources.events import ruled
    from pipeline.sources.glossary import read_glossary
    from pipeline.sources.runs import events_of, read_runs

    glossary, _ = read_glossary(workspace.root)
    events = events_of(read_runs(workspace.root, workspace.masthead))

    def of_case(case_id: str) -> Callable[[str], tuple[tuple[str, str], ...]]:
        known = ruled(workspace.root, glossary, events.get(case_id))

        def terms(source: str) -> tuple[tuple[str, str], ...]:
            original = Original(body=source, place=Place(path="issues/glossary.csv"))
            return tuple((term.en, term.ja[0]) for term, _, _ in terms_in(original, known, day=date.max))

        return terms

    return of_case


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A case that a named person vouches for: its Japanese file, and what the reviewer should look at once more beside the source."""

    path: Path
    findings: tuple[Finding, ...]


def review_case(workspace: Workspace, case_id: str, *, by: str, today: date) -> Reviewed:
    """Bind a reviewer's name to the Japanese text as it stands now.

    ``CaseError`` if something in it must be mended first; terms and numbers beside the source only warn.
    """
    from pipeline.sources.casework import review_case as review

    path = review(workspace.root, workspace.masthead, case_id, by=by, today=today)
    return Reviewed(path=path, findings=_beside_source(workspace, case_id, today))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A case whose new source a named person accepts: its state after that, and what differs between its Japanese and the source now."""

    state: str
    findings: tuple[Finding, ...]


def see_source(workspace: Workspace, case_id: str, *, by: str, today: date) -> Seen:
    """Accept a source that changed after it was translated; no review by itself. ``CaseError`` if it did not change."""
    from pipeline.sources.casework import see_source as see

    state = see(workspace.root, workspace.masthead, case_id, by=by, today=today)
    return Seen(state=str(state), findings=_beside_source(workspace, case_id, today))


def _beside_source(workspace: Workspace, case_id: str, day: date) -> tuple[Finding, ...]:
    """What differs between a case and its source and has not been waived in its file."""
    from pipeline.checks.cases import beside_source
    from pipeline.model import Place
    from pipeline.sources.cases import case_article
    from pipeline.sources.events import ruled
    from pipeline.sources.glossary import read_glossary
    from pipeline.sources.originals import load_originals
    from pipeline.sources.runs import events_of, read_runs

    article, _ = case_article(workspace.root, workspace.masthead, case_id, section="", place=Place(path=case_id))
    if article is None:
        return ()
    event = events_of(read_runs(workspace.root, workspace.masthead)).get(article.slug)
    glossary = ruled(workspace.root, read_glossary(workspace.root)[0], event)
    original = load_originals(workspace.root, workspace.masthead, (article,)).get(article.slug)
    allowed = {waiver.code for waiver in article.waivers}
    found = beside_source(article, original, glossary=glossary, day=day) if original else ()
    return tuple(finding for finding in found if finding.code not in allowed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """The feeds of the public cases: their files, how many cases they hold, and which are held back."""

    files: tuple[Path, ...]
    cases: int
    held: tuple[str, ...]


def feed(workspace: Workspace) -> Fed:
    """Write the public cases as ``build/feed/atom.xml`` and ``feed.json``."""
    from pipeline.export.casefeed import Item, write_feeds
    from pipeline.render.markdown import to_html
    from pipeline.sources.publiccases import read_public_cases

    found = read_public_cases(workspace.root, workspace.masthead)
    items = tuple(
        Item(
            id=case.id,
            article=case.article,
            html=to_html(case.article.body or case.article.summary),
            reviewed_on=case.reviewed_on,
            slug=case.slug,
        )
        for case in found.cases
    )
    files = write_feeds(items, workspace.masthead, workspace.root / "build" / "feed", otherwise=found.newest)
    return Fed(files=files, cases=len(items), held=found.held)
