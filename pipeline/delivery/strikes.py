"""The register of what came back: verdicts on readers in, rows of the table ``bounces`` out, and what a row of them means: strike off, or not yet.

A mail counts once, by its digest. Three issues in a row that came back strike a reader off; an issue that arrived begins the row anew, and one
that too many servers refused is no reader's fault and is left out of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.delivery.bounces import Kind
from pipeline.delivery.store import Rows

IN_A_ROW = 3
OUR_FAULT = 0.05  # of an issue's recipients
_COUNTED = (Kind.SOFT, Kind.BLOCKED, Kind.DEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """How many readers of an issue refused us (5.7.x), and how many it was sent to."""

    slug: str
    blocked: int
    recipients: int

    @property
    def is_ours(self) -> bool:
        """Whether so many refused that the fault is ours."""
        return self.blocked > OUR_FAULT * self.recipients


def is_known(rows: Rows, digest: str) -> bool:
    """Whether a mail was counted before."""
    return rows.one("SELECT 1 FROM bounces WHERE source = ?", digest) is not None


def count(rows: Rows, digest: str, kind: Kind, *, reader: int, slug: str, status: str, now: str) -> None:  # noqa: PLR0913 (the table's columns)
    """Write down what came back from a reader of an issue; the same mail again changes nothing."""
    sql = "INSERT INTO bounces (source, slug, subscriber, kind, status, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
    rows.run(sql, digest, slug, reader, kind.value, status[:12], now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """A mail that its server did not take when it was sent: whose, of which issue, the server's code and words."""

    slug: str
    reader: int
    code: int
    reply: str

    @property
    def digest(self) -> str:
        """What it is known by: there is no mail that could have a digest."""
        return f"ledger:{self.slug}:{self.reader}"


def turned_away(rows: Rows) -> tuple[Turned, ...]:
    """What the ledger holds as refused (5xx) and was not counted yet, by issue and reader."""
    found = rows.all(
        "SELECT slug, subscriber, code, reply FROM ledger WHERE state = 'refused'"
        " AND NOT EXISTS (SELECT 1 FROM bounces WHERE source = 'ledger:' || slug || ':' || ledger.subscriber) ORDER BY slug, subscriber"
    )
    return tuple(Turned(slug=row["slug"], reader=row["subscriber"], code=row["code"], reply=row["reply"]) for row in found)


def refusals(rows: Rows, slug: str) -> Refusals:
    """How an issue was received, over all that has come back of it."""
    blocked = rows.one("SELECT count(DISTINCT subscriber) AS n FROM bounces WHERE slug = ? AND kind = ?", slug, Kind.BLOCKED.value)
    sent = rows.one("SELECT count(*) AS n FROM ledger WHERE slug = ? AND state IN ('sent', 'refused')", slug)
    return Refusals(slug=slug, blocked=blocked["n"] if blocked else 0, recipients=sent["n"] if sent else 0)


def refused_issues(rows: Rows) -> frozenset[str]:
    """The issues that too many servers refused."""
    slugs = [row["slug"] for row in rows.all("SELECT DISTINCT slug FROM bounces WHERE kind = ?", Kind.BLOCKED.value)]
    return frozenset(slug for slug in slugs if refusals(rows, slug).is_ours)


def in_a_row(rows: Rows, reader: int, *, but: frozenset[str] = frozenset()) -> int:
    """How many issues in a row, up to the newest that was sent to this reader, came back; the issues in ``but`` are passed over."""
    sent = rows.all(
        "SELECT slug FROM ledger JOIN sends USING (slug) WHERE subscriber = ? AND state IN ('sent', 'refused') ORDER BY begun DESC, slug DESC",
        reader,
    )
    marks = ", ".join("?" * len(_COUNTED))
    back = {
        row["slug"]
        for row in rows.all(
            f"SELECT DISTINCT slug FROM bounces WHERE subscriber = ? AND kind IN ({marks})",  # noqa: S608 (marks only)
            *(reader, *(kind.value for kind in _COUNTED)),
        )
    }
    count = 0
    for slug in (row["slug"] for row in sent if row["slug"] not in but):
        if slug not in back:
            break
        count += 1
    return count
