"""``issue.md``: the head of an issue in, what the rest hangs on out; and what issues know of each other.

It reads heads (and, of the last few issues, the titles they ran); the one thing it writes is a line in ``cases:``, at an editor's word.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from pipeline.config import CORRECTION, Edition, Masthead
from pipeline.dates import find_date
from pipeline.errors import ConfigError, WorkspaceError
from pipeline.files import write_file
from pipeline.model import EarlierIssue, Event, Finding, Severity, japanese_date
from pipeline.sources.drafts import read_moment, waivers, wrong_value
from pipeline.sources.folder import issue_folder, relative, slugs
from pipeline.sources.frontmatter import ARTICLE, ISSUE, Draft, parse
from pipeline.sources.textfile import read_text

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


def read_head(root: Path, folder: Path, masthead: Masthead) -> Head:
    """Read ``issue.md``; without a usable edition and date there is no issue: ``WorkspaceError``."""
    name = relative(folder / "issue.md", root)
    text, findings = read_text(folder / "issue.md", name=name)
    draft = parse(text, path=name, keys=ISSUE)
    edition = _edition(draft, masthead)
    day = find_date(draft.value("date"))
    if day is None or not 2000 <= day.year < 2100:
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


def head_or_none(root: Path, slug: str, masthead: Masthead) -> Head | None:
    """An old issue that cannot be read must not stop this one."""
    try:
        return read_head(root, root / "issues" / slug, masthead)
    except WorkspaceError:
        return None


def title_of(head: Head, slug: str) -> str:
    """The issue's full name from the edition's pattern, e.g. イクレイ日本e-News　COP29特集号（第2報）."""
    return fill(head.edition.title, head, slug)


def fill(pattern: str, head: Head, slug: str) -> str:
    """A pattern of the masthead filled in; the month is the slug's, because an issue may be dated into the next one."""
    match = re.match(r"(\d{4})-(\d{2})", slug)
    year, month = (int(match[1]), int(match[2])) if match else (head.date.year, head.date.month)
    values = {
        "year": year,
        "month": month,
        "event": head.event.short if head.event else "",
        "event_number": (head.event.number or "") if head.event else "",
        "report": f"（{head.report}）" if head.report else "",
    }
    try:
        return pattern.format(**values)
    except (KeyError, IndexError, ValueError):
        known = "、".join("{" + key + "}" for key in values)
        raise ConfigError(f"newsletter.toml の版「{head.edition.key}」の「{pattern}」で使えるのは {known} だけです。") from None


def short_name(title: str, masthead: Masthead) -> str:
    """The part of an issue's full name that comes after the newsletter's: 2025年1月号."""
    return re.sub(r"^.*?[　\s]+", "", title) if title.startswith(masthead.name) or "　" in title else title


def _edition(draft: Draft, masthead: Masthead) -> Edition:
    written = draft.value("edition")
    words = {"定期号": "monthly", "特集号": "special", "海外事例便り": "cases", "訂正": CORRECTION}
    known = tuple(edition.key for edition in masthead.editions)
    key = words.get(written, written)
    if key not in (*known, CORRECTION):
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


def next_report_of(draft: Draft, day: date) -> tuple[date | None, list[Finding]]:
    """次報: the day on which the next report is announced for (11月25日ごろ). Findings: DATE001–DATE003, FM004 not after the issue's ``day``."""
    moment, findings = read_moment(draft.value("next_report"), draft.place("next_report"), label=ISSUE.label("next_report"), anchor=day)
    announced = moment.first if moment else None
    if announced and announced <= day:
        hint = f"この号の発行日（{japanese_date(day)}）より後の日を書いてください。"
        return None, [wrong_value(ISSUE.label("next_report"), draft.value("next_report"), draft.place("next_report"), hint)]
    return announced, findings


def report_number(head: Head) -> int:
    """2 of 第2報; 0 where an issue has no such number."""
    match = re.fullmatch(r"第(\d{1,3})報", head.report)
    return int(match[1]) if match else 0


def _came_before(head: Head, this: Head) -> bool:
    """An earlier date, or on one day a lower number of the same event's reports."""
    same = head.event is not None and head.event == this.event and head.date == this.date
    return head.date < this.date or (same and report_number(head) < report_number(this))


def earlier_issues(root: Path, masthead: Masthead, slug: str, this: Head) -> tuple[EarlierIssue, ...]:
    """The issues before this one, newest first; what the last few ran comes with them."""
    others = ((other, head_or_none(root, other, masthead)) for other in slugs(root) if other != slug)
    heads = [(head.date, other, head) for other, head in others if head and _came_before(head, this)]
    heads.sort(key=lambda entry: (entry[0], report_number(entry[2]), entry[1]), reverse=True)
    return tuple(_earlier(root, masthead, other, head, recent=n < ITEMS_OF_LAST) for n, (_, other, head) in enumerate(heads))


def _earlier(root: Path, masthead: Masthead, slug: str, head: Head, *, recent: bool) -> EarlierIssue:
    drafts = _drafts(root, slug) if recent else ()
    return EarlierIssue(
        slug=slug,
        edition=head.edition.key,
        date=head.date,
        name=short_name(title_of(head, slug), masthead),
        event=head.event.key if head.event else "",
        report=head.report,
        subject=head.draft.value("subject"),
        number=head.draft.value("number"),
        items=_items(drafts, head) if recent else (),
        texts=(head.draft.body, *(draft.body for draft in drafts)),
    )


def _drafts(root: Path, slug: str) -> tuple[Draft, ...]:
    files = sorted((root / "issues" / slug).glob("[0-9]*.md"))
    return tuple(_draft(read_text(path, name=path.name)[0], path.name) for path in files)


@lru_cache(maxsize=512)
def _draft(text: str, name: str) -> Draft:
    """A draft of an earlier issue: read at every check, and hardly ever changed."""
    return parse(text, path=name, keys=ARTICLE)


def _items(drafts: tuple[Draft, ...], head: Head) -> tuple[tuple[str, str], ...]:
    ran = [(draft.value("title"), draft.value("link")) for draft in drafts]
    return (*(("", case_id) for case_id in head.draft.items("cases")), *ran)


def add_case(root: Path, slug: str, case_id: str) -> Path:
    """List a case in ``issue.md``; nothing else in the file moves. ``WorkspaceError`` if the case is not there or is listed already."""
    path = issue_folder(root, slug) / "issue.md"
    if not (root / "issues" / "cases" / f"{case_id}.source.md").is_file():
        raise WorkspaceError(f"事例「{case_id}」がありません。enews cases で一覧を確かめ、「配信元/名前」の形で指定してください。")
    text = read_text(path, name=relative(path, root))[0]
    draft = parse(text, path=relative(path, root), keys=ISSUE)
    if case_id in draft.items("cases"):
        raise WorkspaceError(f"{relative(path, root)} には、事例「{case_id}」がもう書かれています。")
    write_file(path, _with_case(text, draft, case_id).encode())
    return path


def _with_case(text: str, draft: Draft, case_id: str) -> str:
    """``issue.md`` with one more case: below the last list line, at the end of a one-line list, or as a new entry before the fence."""
    lines, at = text.split("\n"), draft.place("cases").line
    if draft.items("cases") and re.match(r"^[\s　]*[-・][\s　]", lines[at] if at < len(lines) else "") is None:
        return "\n".join([*lines[: at - 1], f"{lines[at - 1].rstrip()}、{case_id}", *lines[at:]])
    return with_items(text, draft, "cases", (case_id,))


def with_items(text: str, draft: Draft, key: str, items: tuple[str, ...]) -> str:
    """``issue.md`` with more lines in a list: below its last one, or as a new entry before the fence; nothing else in the file moves."""
    lines, more = text.split("\n"), [f"  - {item}" for item in items]
    if key not in draft.fields:
        fence = next(n for n, line in enumerate(lines) if n and re.match(r"^[-－―—─]{3,}\s*$", line) and any(lines[:n]))
        return "\n".join([*lines[:fence], f"{ISSUE.label(key)}:", *more, *lines[fence:]])
    end = draft.place(key).line
    while end < len(lines) and re.match(r"^[\s　]*[-・][\s　]", lines[end]):
        end += 1
    return "\n".join([*lines[:end], *more, *lines[end:]])
