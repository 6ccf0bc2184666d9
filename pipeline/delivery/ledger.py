"""The ledger of a send: who is to get an issue and what became of each. Rows of the store in and out, one committed transaction a step.

``queued → sending → sent | deferred | refused | skipped``. A row left in ``sending`` is *in doubt*: nobody but the operator may send it again. It
holds a subscriber's id and a keyed hash, no address, and whoever left meanwhile is skipped: suppressions are read in the transaction that claims.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.config import Audience
from pipeline.delivery.people import Subscriber, keyed, masked
from pipeline.delivery.readers import is_suppressed, recipients, subscriber_of
from pipeline.delivery.store import Rows, Store
from pipeline.errors import SendError

STATES = ("queued", "sending", "sent", "deferred", "refused", "skipped")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One issue's send as it was begun: bound to the approved digest. ``finished`` is "" while readers are queued."""

    slug: str
    digest: str
    number: str
    subject: str
    audience: str
    approver: str
    recipients: int
    begun: str
    finished: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One reader's row: ``state`` is one of ``STATES``; ``code`` and ``reply`` are the server's last words, addresses masked."""

    subscriber: int
    state: str
    code: int
    reply: str
    attempts: int
    at: str


def _nowhere(_point: str) -> None:
    """No fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The ledger of one issue. ``now`` gives the time as ISO text; ``at`` is told each step by name (tests stop the process there)."""

    store: Store
    slug: str
    now: Callable[[], str]
    at: Callable[[str], None] = _nowhere

    def send(self) -> Send | None:
        """The send as it was begun, if it was."""
        with self.store.read() as rows:
            row = rows.one("SELECT * FROM sends WHERE slug = ?", self.slug)
        return Send(**dict(row)) if row else None

    def begin(self, send: Send, audience: Audience) -> None:
        """Queue every reader of the audience in one transaction.

        ``SendError`` if it was begun before, with this text or another, or if there are not as many readers as ``send.recipients`` says.
        """
        self.at("begin")
        with self.store.change() as rows:
            known = rows.one("SELECT number FROM sends WHERE slug = ?", self.slug)
            if known:
                raise SendError(f"{self.slug} の配信は、確認番号 {known['number']} で始まっています。")
            values = (send.slug, send.digest, send.number, send.subject, send.audience, send.approver, send.recipients, send.begun)
            rows.run("INSERT INTO sends VALUES (?, ?, ?, ?, ?, ?, ?, ?, '')", *values)
            secret, now = self.store.secret, self.now()
            queue = ((self.slug, one.id, keyed(one.address, secret), now) for one in recipients(rows, audience, secret))
            count = rows.run_many("INSERT INTO ledger (slug, subscriber, keyed, state, at) VALUES (?, ?, ?, 'queued', ?)", queue)
            if count != send.recipients:
                raise SendError(f"読者の人数が変わりました（{send.recipients}人から{count}人）。もう一度実行して、人数を確かめてください。")
            self.at("begin: written")
        self.at("begin: committed")

    def queued(self, *, after: int = 0, only: Sequence[int] = ()) -> int | None:
        """The next reader to be sent to behind ``after``, by id; with ``only``, the next of these."""
        sql = "SELECT min(subscriber) AS reader FROM ledger WHERE slug = ? AND state = 'queued' AND subscriber > ?"
        among = " AND subscriber IN (SELECT value FROM json_each(?))"
        with self.store.read() as rows:
            row = rows.one(sql + among, self.slug, after, json.dumps(list(only))) if only else rows.one(sql, self.slug, after)
        return row["reader"] if row else None

    def claim(self, reader: int) -> Subscriber | None:
        """Take a queued reader in hand (``sending``, committed before anything is handed over); ``None``, and skipped, if it must get none."""
        self.at("claim")
        with self.store.change() as rows:
            subscriber = subscriber_of(rows, reader)
            reason = self._reason_to_skip(rows, reader, subscriber)
            if reason:
                self._write(rows, reader, "skipped", reply=reason)
            else:
                self._write(rows, reader, "sending", more=1)
            self.at("claim: written")
        self.at("claim: committed")
        return None if reason else subscriber

    def _reason_to_skip(self, rows: Rows, reader: int, subscriber: Subscriber | None) -> str:
        """Why a reader of the queue gets nothing, "" if it does. A changed address is followed, unless somebody has it in this very issue."""
        if subscriber is None:
            return "名簿にありません"
        if is_suppressed(rows, subscriber.address, self.store.secret):
            return "配信停止"
        mark = keyed(subscriber.address, self.store.secret)
        other = rows.one("SELECT 1 FROM ledger WHERE slug = ? AND keyed = ? AND subscriber <> ?", self.slug, mark, reader)
        if other:
            return "同じアドレスがこの号の宛先にあります"
        rows.run("UPDATE ledger SET keyed = ? WHERE slug = ? AND subscriber = ?", mark, self.slug, reader)
        return ""

    def settle(self, reader: int, state: str, *, code: int = 0, reply: str = "") -> None:
        """Write what became of a claimed reader. ``SendError`` if the reader was not in hand: then two processes send, and both must stop."""
        self.at("settle")
        with self.store.change() as rows:
            if self._write(rows, reader, state, code=code, reply=reply, was="sending") != 1:
                raise SendError("配信記録がほかの処理に書き換えられました。配信を止めました。")
            self.at("settle: written")
        self.at("settle: committed")

    def _write(  # noqa: PLR0913
        self, rows: Rows, reader: int, state: str, *, code: int = 0, reply: str = "", more: int = 0, was: str = "queued"
    ) -> int:
        sql = "UPDATE ledger SET state = ?, code = ?, reply = ?, attempts = attempts + ?, at = ? WHERE slug = ? AND subscriber = ? AND state = ?"
        return rows.run(sql, state, code, without_addresses(reply)[:300], more, self.now(), self.slug, reader, was)

    def finish(self) -> None:
        """Say that nobody is queued or in doubt any more."""
        self.at("finish")
        with self.store.change() as rows:
            rows.run("UPDATE sends SET finished = ? WHERE slug = ? AND finished = ''", self.now(), self.slug)
        self.at("finish: committed")

    def counts(self) -> dict[str, int]:
        """How many readers are in each state; ``sending`` are those in doubt while no send runs."""
        with self.store.read() as rows:
            found = rows.all("SELECT state, count(*) AS n FROM ledger WHERE slug = ? GROUP BY state", self.slug)
        return {**dict.fromkeys(STATES, 0), **{row["state"]: row["n"] for row in found}}

    def entry(self, reader: int) -> Entry | None:
        """The row of one reader."""
        with self.store.read() as rows:
            row = rows.one("SELECT * FROM ledger WHERE slug = ? AND subscriber = ?", self.slug, reader)
        return _entry(row) if row else None

    def entries(self, state: str) -> tuple[tuple[Entry, Subscriber | None], ...]:
        """The rows in a state with their readers, as far as these are still on the list."""
        with self.store.read() as rows:
            found = rows.all("SELECT * FROM ledger WHERE slug = ? AND state = ? ORDER BY subscriber", self.slug, state)
            return tuple((_entry(row), subscriber_of(rows, row["subscriber"])) for row in found)

    def retry(self, state: str) -> int:
        """Queue the rows of a state (``deferred``, or ``sending``: those in doubt) again, on the operator's word; how many."""
        with self.store.change() as rows:
            count = rows.run("UPDATE ledger SET state = 'queued', at = ? WHERE slug = ? AND state = ?", self.now(), self.slug, state)
            if count:
                rows.run("UPDATE sends SET finished = '' WHERE slug = ?", self.slug)
        return count


def _entry(row: object) -> Entry:
    values = dict(row)  # type: ignore[call-overload]
    return Entry(**{name: values[name] for name in Entry.__slots__})


def without_addresses(text: str) -> str:
    """A server's words with every address in them masked, on one line."""
    return " ".join(_ADDRESS.sub(lambda match: masked(match[0]), text).split())
