"""One issue's folder in, one ``Issue`` and all findings out: the masthead, the drafts, the event's shared pages and the case studies merged.

It reads files and nothing else: no network, no clock but the issue's own date. What is listed in an issue is in it, or a finding says why not.
"""

from __future__ import annotations

import difflib
import unicodedata
from datetime import date
from pathlib import Path

from pipeline import calendar
from pipeline.config import CORRECTION, Edition, Masthead
from pipeline.model import Article, Finding, Issue, Place, Section, Severity
from pipeline.sources.corrections import corrected_name, corrections_of, errata_of
from pipeline.sources.drafts import Setting, article_from, waivers
from pipeline.sources.events import event_folder, read_glossary, wavering_names
from pipeline.sources.folder import draft_files, issue_folder, refuse_same_title, relative
from pipeline.sources.frontmatter import ARTICLE, Draft, parse
from pipeline.sources.heads import Head, earlier_issues, fill, next_report_of, read_head, short_name, title_of
from pipeline.sources.textfile import read_text

LOST = "lost"  # the key of the section that holds items whose own section is unknown


def load_issue(root: Path, slug: str, masthead: Masthead, *, unreviewed: bool = False) -> tuple[Issue, tuple[Finding, ...]]:
    """Read the issue ``slug`` of the workspace ``root``. Raises ``WorkspaceError``, ``ConflictError``, ``ConfigError``.

    ``unreviewed``: cases that nobody has reviewed may enter, marked 〔未校閲〕 in their titles.
    """
    folder = issue_folder(root, slug)
    head = read_head(root, folder, masthead)
    articles, findings = _articles(root, folder, masthead, head)
    merged, more = _cases(root, masthead, head, unreviewed=unreviewed)
    kept = [article for article in (*articles, *merged) if not article.hold]
    written = corrections_of(head.draft, of_an_issue=head.edition.key == CORRECTION)
    errata, dated = errata_of(head.draft)
    name, unknown = corrected_name(root, masthead, head, written.issue)
    title = f"{name}　訂正のお知らせ" if name else title_of(head, slug)
    next_date, copy_deadline = _next(head, masthead)
    next_report, announced = next_report_of(head.draft, head.date)
    issue = Issue(
        slug=slug,
        edition=head.edition.key,
        name=short_name(title, masthead),
        title=title,
        date=head.date,
        place=Place(path=head.draft.path),
        subject=head.draft.value("subject") or _subject(head, kept),
        lead_line=head.draft.value("lead_line") or _lead_line(kept),
        greeting=head.draft.body,
        greeting_line=head.draft.body_line,
        number=head.draft.value("number"),
        event=head.event,
        report=head.report,
        as_of=head.draft.value("as_of"),
        corrections=written.corrections,
        corrects=written.issue,
        errata=errata,
        sections=_sections(kept, head.edition, masthead),
        earlier=earlier_issues(root, masthead, slug, head),
        next_date=next_date,
        next_copy_deadline=copy_deadline,
        next_report=next_report,
        waivers=waivers(head.draft)[0],
        manuscript=head.draft.manuscript,
    )
    said = (*written.findings, *dated, *unknown, *announced)
    return issue, (*head.findings, *said, *findings, *more, *_names(root, issue))


def _names(root: Path, issue: Issue) -> tuple[Finding, ...]:
    """Names that waver in any draft of the issue, if its event has a glossary."""
    if issue.event is None:
        return ()
    names, findings = read_glossary(root, issue.event)
    return (*findings, *wavering_names(root, (issue.place.path, *(article.place.path for article in issue.articles)), names))


def _subject(head: Head, articles: list[Article]) -> str:
    start = fill(head.edition.subject, head, Path(head.draft.path).parent.name)
    return f"{start}｜{articles[0].title}{'ほか' if len(articles) > 1 else ''}" if articles else start


def _lead_line(articles: list[Article]) -> str:
    """What stands in for a lead line that is not written: the first titles, at most 40 characters."""
    line = "今号："
    for article in articles:
        longer = line + ("／" if line != "今号：" else "") + article.title
        if len(longer) > 40:
            break
        line = longer
    return line if line != "今号：" else ""


def _articles(root: Path, folder: Path, masthead: Masthead, head: Head) -> tuple[list[Article], list[Finding]]:
    files, listed = draft_files(folder, root)
    articles, findings = [], list(listed)
    for path in (*files, *_shared_files(root, head)):
        article, found = read_article(path, root, masthead=masthead, head=head)
        articles.append(article)
        findings += found
    shared = f"issues/events/{head.event.key}/" if head.event else "//"
    refuse_same_title(
        ((article.title, root / article.place.path) for article in articles if not article.place.path.startswith(shared)), root
    )
    return [article for article in articles if not _is_over(article, shared, head.date)], findings


def _shared_files(root: Path, head: Head) -> tuple[Path, ...]:
    """The pages that belong to the event and are shared by all its reports: 用語 and 日程."""
    folder = event_folder(root, head.event) if head.event else None
    return draft_files(folder, root)[0] if folder and folder.is_dir() else ()


def _is_over(article: Article, shared: str, today: date) -> bool:
    """A shared 日程 that lies before the issue: it was news for an earlier report."""
    last = article.start.last if article.start else None
    return article.place.path.startswith(shared) and last is not None and last < today


def read_article(path: Path, root: Path, *, masthead: Masthead, head: Head) -> tuple[Article, tuple[Finding, ...]]:
    """One draft of the issue, its section resolved (SEC001 unknown or missing, SEC002 not of this edition)."""
    name = relative(path, root)
    text, read = read_text(path, name=name)
    draft = parse(text, path=name, keys=ARTICLE)
    section, wrong = _section(draft, masthead, head.edition)
    setting = Setting(date=head.date, folder=path.parent, section=section)
    article, found = article_from(draft, path.stem, keys=ARTICLE, setting=setting)
    held = [_held(article)] if article.hold else []
    return article, (*read, *found, *wrong, *held)


def _section(draft: Draft, masthead: Masthead, edition: Edition) -> tuple[str, list[Finding]]:
    written = unicodedata.normalize("NFKC", draft.value("section"))
    titles = tuple(spec.title for spec in masthead.sections if spec.key in edition.sections)
    found = next((spec for spec in masthead.sections if written in (spec.key, unicodedata.normalize("NFKC", spec.title))), None)
    if found and found.key in edition.sections:
        return found.key, []
    near = difflib.get_close_matches(draft.value("section"), titles, 1)
    hint = f"「{near[0]}」のことですか。" if near else f"この版の欄は {'、'.join(titles)} です。"
    code, what = ("SEC002", "はこの版にありません") if found else ("SEC001", "はありません")
    message = f"「{draft.value('section')}」という欄{what}。" if written else "「欄」が書かれていません。"
    return LOST, [Finding(code=code, severity=Severity.ERROR, message=message, hint=hint, place=draft.place("section"))]


def _held(article: Article) -> Finding:
    message = f"「{article.title}」は保留中のため載せていません（{article.hold}）。"
    return Finding(
        code="HOLD001", severity=Severity.WARNING, message=message, hint="載せるときは「保留」の行を消してください。", place=article.place
    )


def _cases(root: Path, masthead: Masthead, head: Head, *, unreviewed: bool) -> tuple[list[Article], list[Finding]]:
    """The case studies that ``cases:`` lists, in that order."""
    wanted = head.draft.items("cases")
    if not wanted:
        return [], []
    from pipeline.sources import cases

    section = next((spec.key for spec in masthead.sections if spec.shows == "case" and spec.key in head.edition.sections), LOST)
    articles: list[Article] = []
    findings: list[Finding] = []
    for case_id in wanted:
        article, found = cases.case_article(root, masthead, case_id, section=section, place=head.draft.place("cases"))
        articles += [article] if article else []
        findings += cases.milder_unreviewed(found) if unreviewed else found
    return articles, findings + ([_no_place(head)] if section == LOST else [])


def _no_place(head: Head) -> Finding:
    message = "この版には、海外事例を載せる欄がありません。"
    hint = 'issue.md の「事例」から外して別の号に載せるか、newsletter.toml のこの版の sections に、事例の欄（shows = "case"）を足してください。'
    return Finding(code="SEC002", severity=Severity.ERROR, message=message, hint=hint, place=head.draft.place("cases"))


def _sections(articles: list[Article], edition: Edition, masthead: Masthead) -> tuple[Section, ...]:
    specs = {spec.key: spec for spec in masthead.sections}
    found = [
        Section(
            key=key,
            title=specs[key].title,
            shows=specs[key].shows,
            by_day=specs[key].by_day,
            articles=tuple(article for article in articles if article.section == key),
        )
        for key in edition.sections
    ]
    lost = tuple(article for article in articles if article.section == LOST)
    return (*found, Section(key=LOST, title="（欄が決まっていない記事）", articles=lost)) if lost else tuple(found)


def _next(head: Head, masthead: Masthead) -> tuple[date | None, date | None]:
    """The next issue's date and the last day for copy, where the edition has a rhythm."""
    if not head.edition.copy_deadline:
        return None, None
    year, month = calendar.next_month(head.date)
    copy = calendar.working_day_before(date(year, month, head.edition.copy_deadline), masthead.closed)
    return calendar.last_working_day(year, month, masthead.closed), copy
