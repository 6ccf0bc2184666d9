"""The desk's job of sorting what came back: files of mails and the store in; who is struck off, counted or shown to the editor, out. Never prints.

Nobody is struck off but by a mail that bears a token of ours. A rehearsal does all of it in the same transaction and takes it back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.delivery import roster, strikes
from pipeline.delivery.bounces import Kind, Verdict, judge, judge_reply
from pipeline.delivery.mailfiles import Letter, read_letters
from pipeline.delivery.message import JAPAN
from pipeline.delivery.people import Subscriber
from pipeline.delivery.readers import is_suppressed, subscriber_at, subscriber_of
from pipeline.delivery.store import Rows, Store, open_store
from pipeline.delivery.tokens import Ticket
from pipeline.errors import ReaderError

if TYPE_CHECKING:
    from pipeline.desk import Workspace

MOVING_MONTHS = (4, 7)  # when officials change their posts
FEWEST, TOO_MANY = 10, 0.2  # dead addresses of one issue: so many, and such a share, are not believed
_STRIKES = {
    Kind.DEAD: (roster.BOUNCED, "宛先不明"),
    Kind.COMPLAINT: (roster.COMPLAINED, "迷惑メール報告"),
    Kind.LEAVE: (roster.LEFT, "返信"),
}
_NOBODYS = (Kind.AUTO, Kind.NOTICE, Kind.OTHER)
Clock = Callable[[], datetime]


class Deed(Enum):
    """What became of a mail. ASKED: the editor decides. AGREED: the reader agreed anew since. GONE: no reader any more, or off the list before."""

    STRUCK = "struck"
    COUNTED = "counted"
    ASKED = "asked"
    AGREED = "agreed"
    GONE = "gone"
    AGAIN = "again"
    PASSED = "passed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """One mail: where it stands (``file`` is "" for what the ledger holds as refused when it was sent), what it says, what was done about it.

    ``reader``: whose it is, ``None`` if no token says so.
    ``known``: the reader at the address that a mail without a token names; ``row``: how many issues in a row came back.
    """

    file: str
    number: int
    verdict: Verdict
    deed: Deed
    reader: Subscriber | None = None
    known: Subscriber | None = None
    slug: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """All that was read. ``refused``: the issues that too many servers refused; ``moving``: whether officials change their posts these weeks."""

    mails: tuple[Sorted, ...]
    refused: tuple[strikes.Refusals, ...]
    moving: bool
    dry: bool

    def with_deed(self, *deeds: Deed) -> tuple[Sorted, ...]:
        """The mails that came to this, in their order."""
        return tuple(mail for mail in self.mails if mail.deed in deeds)

    @property
    def passed(self) -> Counter[Kind]:
        """How many mails of each kind nothing was to be done about."""
        return Counter(mail.verdict.kind for mail in self.with_deed(Deed.PASSED))


class _UndoneError(Exception):
    """A rehearsal is over: nothing of it stays."""


def clock() -> datetime:
    """Now, in Japan."""
    return datetime.now(JAPAN)


def sort_post(workspace: Workspace, paths: Sequence[Path], *, dry: bool = False, sure: bool = False, now: Clock = clock) -> Post:
    """Read the mails and do what they ask for, in one transaction; so too for what was refused when it was sent.

    ``WorkspaceError`` for a file that is none, ``StoreError`` without a list, ``ReaderError`` if unbelievably many addresses of an issue would be
    struck off as dead and nobody is ``sure``: a server that answers wrongly must not empty a list.
    """
    moment = now()
    with open_store(workspace.root, create=False) as store:
        read = [(_without_data(letter), judge(letter.data, secret=store.secret)) for path in paths for letter in read_letters(path)]
        mails: list[Sorted] = []
        refused: tuple[strikes.Refusals, ...] = ()
        try:
            with store.change() as rows:
                desk = _Desk(rows, store, moment.isoformat(timespec="seconds"))
                sorted_out = [*(desk.sort(letter, verdict) for letter, verdict in read), *desk.turned_away()]
                mails = desk.struck_by_rows(sorted_out)
                slugs = sorted({mail.slug for mail in mails if mail.slug})
                refused = tuple(one for slug in slugs if (one := strikes.refusals(rows, slug)).is_ours)
                if not (dry or sure):
                    _refuse_too_many(rows, mails)
                _end_rehearsal(dry=dry)
        except _UndoneError:
            pass
    return Post(mails=tuple(mails), refused=refused, moving=moment.month in MOVING_MONTHS, dry=dry)


def _refuse_too_many(rows: Rows, mails: list[Sorted]) -> None:
    dead = Counter(mail.slug for mail in mails if mail.deed is Deed.STRUCK and mail.verdict.kind is Kind.DEAD)
    for slug, count in dead.items():
        sent = strikes.refusals(rows, slug).recipients
        if count >= FEWEST and count > TOO_MANY * sent:
            raise ReaderError(
                f"{slug}号の{sent}人のうち{count}人が宛先不明です。送信サーバーの設定や、古い名簿のためかもしれないので、何も変えていません。"
                "「--dry-run」で確かめ、このとおりなら「--sure」を付けて、もう一度実行してください。"
            )


def _end_rehearsal(*, dry: bool) -> None:
    if dry:
        raise _UndoneError


def _without_data(letter: Letter) -> Letter:
    """A whole year's mailbox is kept in mind; the mails themselves need not be."""
    return replace(letter, data=b"")


class _Desk:
    """One sitting over the post, within one transaction."""

    def __init__(self, rows: Rows, store: Store, now: str) -> None:
        self._rows, self._secret, self._now = rows, store.secret, now

    def sort(self, letter: Letter, verdict: Verdict) -> Sorted:
        """Do what one mail asks for; rows of soft failures are looked at when all mails are in."""
        mail = Sorted(file=letter.file, number=letter.number, verdict=verdict, deed=Deed.PASSED)
        if verdict.kind in _NOBODYS:
            return mail
        if strikes.is_known(self._rows, letter.digest):
            return replace(mail, deed=Deed.AGAIN, slug=verdict.ticket.slug if verdict.ticket else "")
        if verdict.ticket is None or verdict.ticket.reader == 0:
            return self._asked(mail)
        reader = subscriber_of(self._rows, verdict.ticket.reader)
        if reader is None:
            return replace(mail, deed=Deed.GONE)
        mail = replace(mail, reader=reader, slug=verdict.ticket.slug, verdict=verdict.for_reader(reader.address))
        return self._asked(mail) if mail.verdict.kind in (Kind.WISH, Kind.MOVED) else self._counted(mail, reader, letter.digest)

    def turned_away(self) -> list[Sorted]:
        """The same for what the ledger holds as refused: no mail comes back of it."""
        done = []
        for one in strikes.turned_away(self._rows):
            reader = subscriber_of(self._rows, one.reader)
            if reader is None:
                continue
            verdict = judge_reply(one.code, one.reply, ticket=Ticket(reader=one.reader, slug=one.slug), address=reader.address)
            mail = Sorted(file="", number=0, verdict=verdict, deed=Deed.PASSED, reader=reader, slug=one.slug)
            done.append(self._counted(mail, reader, one.digest))
        return done

    def _asked(self, mail: Sorted) -> Sorted:
        """A mail that only the editor can decide. Nothing is to be decided about strangers, but that they want to leave, or who gets no mail."""
        kind, addresses = mail.verdict.kind, (mail.reader.address,) if mail.reader else mail.verdict.addresses
        known = next((found for address in addresses if (found := subscriber_at(self._rows, address))), None)
        if known is None and addresses and kind not in (Kind.WISH, Kind.COMPLAINT) and mail.verdict.ticket is None:
            return replace(mail, verdict=replace(mail.verdict, kind=Kind.OTHER))
        whose = known.address if known else next(iter(addresses), "")
        if whose and is_suppressed(self._rows, whose, self._secret):
            return replace(mail, deed=Deed.GONE)
        return replace(mail, deed=Deed.ASKED, known=known)

    def _counted(self, mail: Sorted, reader: Subscriber, digest: str) -> Sorted:
        kind, verdict = mail.verdict.kind, mail.verdict
        strikes.count(self._rows, digest, kind, reader=reader.id, slug=mail.slug, status=verdict.status, now=self._now)
        if is_suppressed(self._rows, reader.address, self._secret):
            return replace(mail, deed=Deed.GONE)
        if kind not in _STRIKES:
            return replace(mail, deed=Deed.COUNTED if kind in (Kind.SOFT, Kind.BLOCKED) else Deed.ASKED)
        since = min(verdict.written or self._now, self._now)
        if roster.lifts(reader.consent, since, same_day=False):
            return replace(mail, deed=Deed.AGREED)
        reason, via = _STRIKES[kind]
        return self._struck(mail, reader, reason=reason, via=via, at=since if kind is Kind.LEAVE else self._now)

    def _struck(self, mail: Sorted, reader: Subscriber, *, reason: str, via: str, at: str) -> Sorted:
        roster.suppress(self._rows, reader.address, reason=reason, via=via, secret=self._secret, now=at, issue=mail.slug)
        return replace(mail, deed=Deed.STRUCK)

    def struck_by_rows(self, mails: list[Sorted]) -> list[Sorted]:
        """Strike off whose mail came back three issues in a row; issues that too many servers refused do not count."""
        ours = strikes.refused_issues(self._rows)
        return [self._by_row(mail, mail.reader, ours) if mail.deed is Deed.COUNTED and mail.reader else mail for mail in mails]

    def _by_row(self, mail: Sorted, reader: Subscriber, ours: frozenset[str]) -> Sorted:
        mail = replace(mail, row=strikes.in_a_row(self._rows, reader.id, but=ours))
        if is_suppressed(self._rows, reader.address, self._secret):
            return replace(mail, deed=Deed.GONE)
        if mail.row < strikes.IN_A_ROW:
            return mail
        return self._struck(mail, reader, reason=roster.BOUNCED, via=f"{mail.row}号続けて不達", at=self._now)
