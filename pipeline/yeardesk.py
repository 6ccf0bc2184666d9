"""The desk's job of the annual report: the issues of a fiscal year, the list of readers and the ledger in, tables of numbers out. Never prints.

It counts what was issued: an issue that is approved, or whose day has come. It holds no reader's name and no address.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.delivery import roster
from pipeline.delivery.approval import has_approved
from pipeline.delivery.cells import safe
from pipeline.delivery.people import SEGMENTS, keyed
from pipeline.delivery.store import Rows, open_store, store_path
from pipeline.errors import WorkspaceError
from pipeline.files import write_new
from pipeline.model import PATHWAYS, Article, Issue

if TYPE_CHECKING:
    from pipeline.desk import Workspace

NONE = "（なし）"
AGAIN = "再掲"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of the report: its first column are names, the others numbers or names; ``note``: what its numbers do not say."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The numbers of a fiscal year (``year``: that of its April)."""

    year: int
    tables: tuple[Table, ...]
    waiting: tuple[str, ...]

    def csv(self) -> str:
        """All tables, one below the other, for Excel: UTF-8 with a mark, CRLF."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        for table in self.tables:
            writer.writerow([safe(f"{table.title}（{self.year}年度）")])
            writer.writerows([[safe(cell) if isinstance(cell, str) else cell for cell in row] for row in (table.header, *table.rows)])
            if table.note:
                writer.writerow([safe(f"注：{table.note}")])
            writer.writerow([])
        return "\ufeff" + text.getvalue()


def fiscal_year(day: date) -> int:
    """The fiscal year that a day lies in: it begins in April."""
    return day.year - (day.month < 4)


def year_of(workspace: Workspace, year: int, *, today: date) -> Year:
    """The numbers of a fiscal year as far as it has come. ``WorkspaceError`` for an issue that cannot be read."""
    from pipeline.sources import load_issue
    from pipeline.sources.folder import slugs

    loaded = [load_issue(workspace.root, slug, workspace.masthead, unreviewed=True)[0] for slug in slugs(workspace.root)]
    within = sorted((issue for issue in loaded if fiscal_year(issue.date) == year), key=lambda issue: (issue.date, issue.slug))
    issued = tuple(issue for issue in within if issue.date <= today or has_approved(workspace.root, issue.slug))
    end = min(date(year + 1, 3, 31), today)
    tables = [_municipalities(workspace, issued, end), *_cases(issued)]
    if store_path(workspace.root).exists():
        with open_store(workspace.root, create=False) as store, store.read() as rows:
            tables = [_issues(issued, rows), *tables, _readers(rows, store.secret, _month_ends(year, today))]
    else:
        tables = [_issues(issued, None), *tables]
    return Year(year=year, tables=tuple(tables), waiting=tuple(issue.slug for issue in within if issue not in issued))


def write_csv(path: Path, year: Year) -> None:
    """Write the tables. ``WorkspaceError`` if the file is there already."""
    try:
        write_new(path, year.csv().encode())
    except FileExistsError:
        raise WorkspaceError(f"{path} はもうあります。別の名前を指定するか、もとのファイルを移してください。") from None


def _issues(issued: Iterable[Issue], rows: Rows | None) -> Table:
    sent: dict[str, int] = {}
    if rows:
        found = rows.all("SELECT slug, count(*) AS n FROM ledger WHERE state = 'sent' GROUP BY slug")
        sent = {row["slug"]: row["n"] for row in found}
    lines = []
    for issue in issued:
        cases = sum(article.origin is not None for article in issue.articles)
        lines.append((issue.slug, issue.date.isoformat(), issue.name, len(issue.articles) - cases, cases, sent.get(issue.slug, "")))
    header = ("号", "発行日", "題名", "記事", "海外事例", "送信した読者")
    return Table(title="発行した号", header=header, rows=tuple(lines), note="「送信した読者」は、enews send で送った号だけです。")


def _municipalities(workspace: Workspace, issued: Iterable[Issue], day: date) -> Table:
    from pipeline.sources.glossary import read_glossary

    members = [term for term in read_glossary(workspace.root)[0] if term.kind == "member" and term.ja and term.holds_on(day)]
    own = {form: term.ja[0] for term in members for form in term.ja}
    count, again = Counter[str](), Counter[str]()
    for article in _articles(issued):
        for name in dict.fromkeys(own.get(one, one) for one in article.municipalities):
            count[name] += 1
            again[name] += article.tag == AGAIN
    names = dict.fromkeys(own.values())
    others = sorted(set(count) - set(names))
    lines = [(name, "会員" if name in names else "会員外", count[name], again[name]) for name in (*names, *others)]
    lines.sort(key=lambda line: (line[1] != "会員", -line[2]))
    header = ("自治体", "会員", "記事", "うち再掲")
    note = "会員は、用語集（issues/glossary.csv）の種類 member で、年度末（年度の途中は今日）に有効な行です。"
    return Table(title="自治体ごとの記事", header=header, rows=tuple(lines), note=note)


def _articles(issued: Iterable[Issue]) -> Iterable[Article]:
    return (article for issue in issued for article in issue.articles if article.origin is None)


def _cases(issued: Iterable[Issue]) -> tuple[Table, Table]:
    """Cases by office and by pathway: each counted once in the year, and as often as it was in an issue."""
    shown = [article for issue in issued for article in issue.articles if article.origin is not None]
    once = {article.slug: article for article in shown}

    def table(title: str, name: str, keys_of: Mapping[str, tuple[str, ...]], known: tuple[str, ...] = ()) -> Table:
        all_of = Counter(key for article in shown for key in keys_of[article.slug])
        single = Counter(key for slug in once for key in keys_of[slug])
        names = (*known, *sorted(set(single) - set(known), key=lambda key: (-single[key], key)))
        return Table(title=title, header=(name, "事例", "延べ掲載"), rows=tuple((key, single[key], all_of[key]) for key in names))

    offices = {slug: (article.origin.publisher if article.origin and article.origin.publisher else NONE,) for slug, article in once.items()}
    paths = {slug: tuple(part for part in PATHWAYS if part in article.pathway) or (NONE,) for slug, article in once.items()}
    return table("発信元ごとの海外事例", "発信元", offices), table("分野ごとの海外事例", "分野", paths, PATHWAYS)


def _month_ends(year: int, today: date) -> tuple[date, ...]:
    """The last days of the months of a fiscal year that have passed, and today if the year is not over."""
    firsts = [date(year + (month > 12), (month - 1) % 12 + 1, 1) for month in range(5, 17)]
    ends = [first - timedelta(days=1) for first in firsts]
    past = [day for day in ends if day <= today]
    return tuple(past if len(past) == len(ends) or fiscal_year(today) != year or today in past else [*past, today])


def _readers(rows: Rows, secret: bytes, days: tuple[date, ...]) -> Table:
    stopped = {one.keyed: one.at[:10] for one in roster.suppressions(rows)}
    added = {row["id"]: row["added"][:10] for row in rows.all("SELECT id, added FROM subscribers")}
    marks = [day.isoformat() for day in days]
    count = Counter[tuple[str, str]]()
    for reader in roster.listed(rows):
        left = stopped.get(keyed(reader.address, secret), "9999") if stopped else "9999"
        count.update((reader.segment or NONE, mark) for mark in marks if added[reader.id] <= mark < left)
    names = [name for name in (*SEGMENTS, NONE) if any(count[name, mark] for mark in marks)]
    lines: list[tuple[str | int, ...]] = [(name, *(count[name, mark] for mark in marks)) for name in names]
    total: tuple[str | int, ...] = ("計", *(sum(count[name, mark] for name in names) for mark in marks))
    note = "今の名簿から数えた、その日に配信していた人数です。削除した方、後任に替えた方の前の登録は、含みません。区分は今のものです。"
    return Table(title="区分ごとの読者", header=("区分", *marks), rows=(*lines, total), note=note)
