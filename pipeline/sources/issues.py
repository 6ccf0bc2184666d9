"""One issue's folder in, one ``Issue`` and all findings out: the masthead, the drafts, the event's shared pages and the case studies merged.

It reads files and nothing else: no network, no clock but the issue's own date. What is listed in an issue is in it, or a finding says why not.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.config import Edition, Masthead
from pipeline.errors import ConfigError, WorkspaceError
from pipeline.model import Article, Correction, EarlierIssue, Event, Finding, Issue, Place, Section, Severity, japanese_date
from pipeline.sources import calendar
from pipeline.sources.dates import find_date
from pipeline.sources.drafts import Setting, article_from, waivers, wrong_value
from pipeline.sources.folder import draft_files, issue_folder, refuse_same_title, relative, slugs
from pipeline.sources.frontmatter import ARTICLE, ISSUE, Draft, parse
from pipeline.sources.textfile import read_text

LOST = "lost"  # the key of the section that holds items whose own section is unknown
ITEMS_OF_LAST = 6  # how many earlier issues are searched for an item that ran before


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """``issue.md`` read: what the rest of the issue hangs on."""

    draft: Draft
    edition: Edition
    date: date
    event: Event | None
    report: str
    findings: tuple[Finding, ...]


def load_issue(root: Path, slug: str, masthead: Masthead) -> tuple[Issue, tuple[Finding, ...]]:
    """Read the issue ``slug`` of the workspace ``root``. Raises ``WorkspaceError``, ``ConflictError``, ``ConfigError``."""
    folder = issue_folder(root, slug)
    head = read_head(root, folder, masthead)
    articles, findings = _articles(root, folder, masthead, head)
    merged, more = _cases(root, masthead, head)
    kept = [article for article in (*articles, *merged) if not article.hold]
    corrections, corrected = _corrections(head.draft)
    title = title_of(head, slug)
    issue = Issue(
        slug=slug,
        edition=head.edition.key,
        name=_short_name(title, masthead),
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
        corrections=corrections,
        sections=_sections(kept, head.edition, masthead),
        earlier=_earlier(root, masthead, slug, head.date),
        **_next(head, masthead),
        waivers=waivers(head.draft)[0],
    )
    return issue, (*head.findings, *corrected, *findings, *more)


def read_head(root: Path, folder: Path, masthead: Masthead) -> Head:
    """Read ``issue.md``; without a usable edition and date there is no issue: ``WorkspaceError``."""
    name = relative(folder / "issue.md", root)
    text, findings = read_text(folder / "issue.md", name=name)
    draft = parse(text, path=name, keys=ISSUE)
    edition = _edition(draft, masthead)
    day = find_date(draft.value("date"))
    if day is None:
        raise WorkspaceError(f"{draft.place('date')} 「発行日」を「2025-01-31」の形で書いてください（今は「{draft.value('date')}」）。")
    event, wrong = _event(draft, masthead)
    wrong_date = _wrong_date(draft, day)
    report = unicodedata.normalize("NFKC", draft.value("report")).strip()
    return Head(
        draft=draft,
        edition=edition,
        date=day,
        event=event,
        report=f"第{report}報" if report.isdigit() else report,
        findings=(*findings, *draft.findings, *waivers(draft)[1], *wrong, *wrong_date),
    )


def title_of(head: Head, slug: str) -> str:
    """The issue's full name from the edition's pattern, e.g. イクレイ日本e-News　COP29特集号（第2報）."""
    return _fill(head.edition.title, head, slug)


def _fill(pattern: str, head: Head, slug: str) -> str:
    """A pattern of the masthead filled in; the month is the slug's, because an issue may be dated into the next one."""
    match = re.match(r"(\d{4})-(\d{2})", slug)
    year, month = (int(match[1]), int(match[2])) if match else (head.date.year, head.date.month)
    values = {
        "year": year,
        "month": month,
        "event": head.event.short if head.event else "",
        "report": f"（{head.report}）" if head.report else "",
    }
    try:
        return pattern.format(**values)
    except (KeyError, IndexError, ValueError):
        known = "、".join("{" + key + "}" for key in values)
        raise ConfigError(f"newsletter.toml の版「{head.edition.key}」の「{pattern}」で使えるのは {known} だけです。") from None


def _short_name(title: str, masthead: Masthead) -> str:
    return re.sub(r"^.*?[　\s]+", "", title) if title.startswith(masthead.name) or "　" in title else title


def _subject(head: Head, articles: list[Article]) -> str:
    start = _fill(head.edition.subject, head, Path(head.draft.path).parent.name)
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


def _edition(draft: Draft, masthead: Masthead) -> Edition:
    written = draft.value("edition")
    words = {"定期号": "monthly", "特集号": "special", "海外事例便り": "cases"}
    known = tuple(edition.key for edition in masthead.editions)
    key = words.get(written, written)
    if key not in known:
        raise WorkspaceError(f"{draft.place('edition')} 「版」には {'、'.join(known)} のどれかを書いてください（今は「{written}」）。")
    return masthead.edition(key)


def _event(draft: Draft, masthead: Masthead) -> tuple[Event | None, list[Finding]]:
    key = draft.value("event")
    if not key:
        return None, []
    event = next((event for event in masthead.events if key in (event.key, event.short)), None)
    if event:
        return event, []
    known = "、".join(event.key for event in masthead.events) or "まだありません"
    return None, [
        wrong_value("会議", key, draft.place("event"), f"newsletter.toml の [[events]] に足してください。今あるのは {known} です。")
    ]


def _wrong_date(draft: Draft, day: date) -> list[Finding]:
    """An issue's date whose weekday, if written, is not the day's."""
    match = re.search(r"[（(]([月火水木金土日])", draft.value("date"))
    if not match or match[1] in japanese_date(day):
        return []
    message = f"「発行日」の曜日「{match[1]}」が違います。正しくは{japanese_date(day)}です。"
    return [
        Finding(code="DATE001", severity=Severity.ERROR, message=message, hint="日付と曜日を合わせてください。", place=draft.place("date"))
    ]


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
    folder = root / "issues" / "events" / head.event.key if head.event else None
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


def _cases(root: Path, masthead: Masthead, head: Head) -> tuple[list[Article], list[Finding]]:
    """The case studies that ``cases:`` lists, in that order."""
    from pipeline.sources import cases

    wanted = head.draft.items("cases")
    section = next((spec.key for spec in masthead.sections if spec.shows == "case" and spec.key in head.edition.sections), LOST)
    articles, findings = [], []
    for case_id in wanted:
        article, found = cases.case_article(root, masthead, case_id, section=section, place=head.draft.place("cases"))
        articles += [article] if article else []
        findings += found
    return articles, findings


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


def _corrections(draft: Draft) -> tuple[tuple[Correction, ...], list[Finding]]:
    """前号の訂正 from ``corrects``: ``場所｜誤｜正`` a line."""
    found, findings = [], []
    for line in draft.items("corrects"):
        parts = [part.strip() for part in re.split(r"[｜|]", line)]
        if len(parts) == 3 and all(parts):
            found.append(Correction(where=parts[0], wrong=parts[1], right=parts[2]))
        else:
            hint = "「- 2024年12月号「1-2」の締切日｜1月16日（水）｜1月16日（木）」のように、場所・誤・正を「｜」で区切ってください。"
            findings.append(wrong_value("訂正", line, draft.place("corrects"), hint))
    return tuple(found), findings


def _next(head: Head, masthead: Masthead) -> dict[str, date | None]:
    """The next issue's date and the last day for copy, where the edition has a rhythm."""
    if not head.edition.copy_deadline:
        return {"next_date": None, "next_copy_deadline": None}
    year, month = calendar.next_month(head.date)
    copy = calendar.working_day_before(date(year, month, head.edition.copy_deadline), masthead.closed)
    return {"next_date": calendar.last_working_day(year, month, masthead.closed), "next_copy_deadline": copy}


def _earlier(root: Path, masthead: Masthead, slug: str, before: date) -> tuple[EarlierIssue, ...]:
    """The issues dated before this one, newest first; what the last few ran comes with them."""
    others = ((other, head_or_none(root, other, masthead)) for other in slugs(root) if other != slug)
    heads = [(head.date, other, head) for other, head in others if head and head.date < before]
    heads.sort(key=lambda entry: entry[:2], reverse=True)
    return tuple(
        EarlierIssue(
            slug=other,
            edition=head.edition.key,
            date=day,
            name=_short_name(title_of(head, other), masthead),
            event=head.event.key if head.event else "",
            report=head.report,
            items=_items(root, other, head) if position < ITEMS_OF_LAST else (),
        )
        for position, (day, other, head) in enumerate(heads)
    )


def head_or_none(root: Path, slug: str, masthead: Masthead) -> Head | None:
    """An old issue that cannot be read must not stop this one."""
    try:
        return read_head(root, root / "issues" / slug, masthead)
    except WorkspaceError:
        return None


def _items(root: Path, slug: str, head: Head) -> tuple[tuple[str, str], ...]:
    files = sorted((root / "issues" / slug).glob("[0-9]*.md"))
    drafts = [parse(read_text(path, name=path.name)[0], path=path.name, keys=ARTICLE) for path in files]
    ran = [(draft.value("title"), draft.value("link")) for draft in drafts]
    return (*(("", case_id) for case_id in head.draft.items("cases")), *ran)


def listed_cases(root: Path, masthead: Masthead) -> dict[str, str]:
    """Case → the short name of the newest issue whose ``cases:`` lists it."""
    heads = sorted((head.date, slug, head) for slug in slugs(root) if (head := head_or_none(root, slug, masthead)))
    return {case: _short_name(title_of(head, slug), masthead) for _, slug, head in heads for case in head.draft.items("cases")}


def add_case(root: Path, slug: str, case_id: str) -> Path:
    """List a case in ``issue.md``; nothing else in the file moves. ``WorkspaceError`` if the case is not there or is listed already."""
    path = issue_folder(root, slug) / "issue.md"
    if not (root / "issues" / "cases" / f"{case_id}.source.md").is_file():
        raise WorkspaceError(f"事例「{case_id}」がありません。enews cases で一覧を確かめ、「配信元/名前」の形で指定してください。")
    text = read_text(path, name=relative(path, root))[0]
    draft = parse(text, path=relative(path, root), keys=ISSUE)
    if case_id in draft.items("cases"):
        raise WorkspaceError(f"{relative(path, root)} には、事例「{case_id}」がもう書かれています。")
    path.write_text(_with_case(text, draft, case_id), encoding="utf-8", newline="\n")
    return path


def _with_case(text: str, draft: Draft, case_id: str) -> str:
    """``issue.md`` with one more case: below the last list line, at the end of a one-line list, or as a new entry before the fence."""
    lines = text.split("\n")
    if "cases" not in draft.fields:
        fence = next(n for n, line in enumerate(lines) if n and re.match(r"^[-－―—─]{3,}\s*$", line) and any(lines[:n]))
        return "\n".join([*lines[:fence], "事例:", f"  - {case_id}", *lines[fence:]])
    at = draft.place("cases").line
    if draft.items("cases") and re.match(r"^[\s　]*[-・][\s　]", lines[at] if at < len(lines) else "") is None:
        return "\n".join([*lines[: at - 1], f"{lines[at - 1].rstrip()}、{case_id}", *lines[at:]])
    end = at
    while end < len(lines) and re.match(r"^[\s　]*[-・][\s　]", lines[end]):
        end += 1
    return "\n".join([*lines[:end], f"  - {case_id}", *lines[end:]])
