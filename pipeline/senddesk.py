"""The desk's jobs of sending: what is about to go out and to how many, the send itself, a test, and what became of it. Never prints, never asks.

It sends what was approved and reads nothing else of an issue; who says yes, and to what number of readers, is the door's to find out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.calendar import is_working_day
from pipeline.delivery.addresses import parse_address
from pipeline.delivery.approval import Approved, has_approved, read_approved
from pipeline.delivery.frozen import Frozen
from pipeline.delivery.ledger import Entry, Ledger, Send
from pipeline.delivery.message import JAPAN
from pipeline.delivery.outgoing import UNSUBSCRIBE, Post
from pipeline.delivery.people import Subscriber
from pipeline.delivery.readers import recipients, seeds, subscriber_at
from pipeline.delivery.sending import Run, run
from pipeline.delivery.signing import signer
from pipeline.delivery.store import Store, open_store
from pipeline.delivery.transport import Fate, FolderTransport, Outcome, Transport
from pipeline.errors import NewsletterError, SendError

if TYPE_CHECKING:
    from pipeline.config import Audience
    from pipeline.desk import Workspace

TEST_MARK = "【テスト】"
OFFICE_HOURS = (9, 17)
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What ``send`` is about to do, to how many ``readers``: ``send`` as it was begun (``None`` before that), ``notes`` to think about."""

    approved: Approved
    audience: Audience
    readers: int
    send: Send | None
    counts: dict[str, int]
    notes: tuple[str, ...]

    @property
    def left(self) -> int:
        """How many readers would be sent to now."""
        return self.counts["queued"] if self.send else self.readers


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A test, or the first round to the test readers: each address and what became of it."""

    outcomes: tuple[tuple[str, Outcome], ...]

    @property
    def arrived(self) -> bool:
        """Whether all of them were taken."""
        return bool(self.outcomes) and all(outcome.fate is Fate.SENT for _, outcome in self.outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What became of an issue's send: counts by state, and by name those in doubt, deferred, refused and skipped."""

    send: Send
    counts: dict[str, int]
    rows: dict[str, tuple[tuple[Entry, Subscriber | None], ...]]


def clock() -> datetime:
    """Now, in Japan."""
    return datetime.now(JAPAN)


def plan(workspace: Workspace, slug: str, *, now: Clock = clock) -> Plan:
    """What is approved, whom it goes to, how far the send is. ``ApprovalError`` if nothing is approved, ``SendError`` if another text was begun."""
    approved = read_approved(workspace.root, slug)
    _refuse_without_a_way_out(approved.frozen)
    audience = workspace.masthead.audience(approved.frozen.audience)
    with open_store(workspace.root, create=False) as store:
        ledger = _ledger(store, slug, now)
        send, counts = ledger.send(), ledger.counts()
        waiting = tuple(_of_the_wrong_one(store, audience.received, now))
        with store.read() as rows:
            consents = Counter(bool(one.consent.how or one.consent.on) for one in recipients(rows, audience, store.secret))
    if send and send.digest != approved.frozen.digest:
        raise SendError(
            f"{slug} の配信は、確認番号 {send.number} の内容で始まっています（今の承認は {approved.frozen.number}）。"
            "別の内容で続けることはできません。直しを届けるには、訂正（enews correct）を使ってください。"
        )
    notes = (*waiting, *_moved(workspace, approved), *_notes(workspace, consents[False], now()))
    return Plan(approved=approved, audience=audience, readers=consents.total(), send=send, counts=counts, notes=notes)


def _moved(workspace: Workspace, approved: Approved) -> Iterator[str]:
    """A word if the drafts have moved since: they are rendered to be compared, never to be sent."""
    from pipeline.desk import check, frozen_of

    try:
        checked = check(workspace, approved.frozen.slug)
        same = frozen_of(workspace, checked.issue, checked.email).digest == approved.frozen.digest
    except NewsletterError:
        same = False
    if not same:
        slug = approved.frozen.slug
        yield f"承認の後で、原稿か設定が変わっています（enews diff {slug}）。送るのは承認された内容です。直した内容を送るには、承認を受け直してください。"


def _of_the_wrong_one(store: Store, wrong: str, now: Clock) -> Iterator[str]:
    """What to think of before a correction of the issue ``wrong`` ("": it is none). ``SendError`` if that was not sent from here."""
    if not wrong:
        return
    ledger = _ledger(store, wrong, now)
    if ledger.send() is None:
        raise SendError(
            f"訂正する号 {wrong} をここから送った記録がないので、だれに送ればよいか分かりません。"
            "「enews export」で書き出し、その号を送った配信サービスから、同じ宛先に送ってください。"
        )
    counts = ledger.counts()
    if counts["queued"] + counts["deferred"]:
        yield f"{wrong} をまだ送っていない人が {counts['queued'] + counts['deferred']}人います。この人たちには、訂正も届きません。"


def _refuse_without_a_way_out(frozen: Frozen) -> None:
    """A mail must let its reader leave."""
    parts = {slot.part for slot in frozen.slots if slot.field == UNSUBSCRIBE}
    if not {"html", "text"} <= parts:
        raise SendError("承認された本文に、配信停止のリンク（差し込み項目 unsubscribe）がありません。ひな型の末尾を確かめてください。")


def _notes(workspace: Workspace, unconsented: int, now: datetime) -> Iterator[str]:
    """What an editor would want to be told before typing the number."""
    working = is_working_day(now.date(), workspace.masthead.closed)
    if not working or not OFFICE_HOURS[0] <= now.hour < OFFICE_HOURS[1]:
        yield f"いまは{now:%H:%M}{'' if working else '、休業日'}です。平日の9時から17時までのほかは、読まれにくく、不達にも気づきにくくなります。"
    if not workspace.masthead.web.unsubscribe.startswith("https://"):
        yield "newsletter.toml の [web] unsubscribe が https:// で始まらないため、ワンクリックの配信停止は使えません。"
    if not workspace.masthead.dkim.selector:
        yield "DKIMの署名なしで送ります（newsletter.toml の [dkim]）。送信サーバーが署名するなら、そのままで構いません。"
    if unconsented:
        yield f"同意の記録がない読者が {unconsented}人います（enews subscribers list）。"


def transport_of(workspace: Workspace, folder: Path | None) -> Transport:
    """The masthead's server, or a folder for ``.eml`` files."""
    if folder is not None:
        return FolderTransport(folder)
    from pipeline.delivery.smtp import Pace, SmtpTransport

    smtp = workspace.masthead.smtp
    minute, hour = smtp.rates
    return SmtpTransport(smtp, pace=Pace(per_minute=minute, per_hour=hour))


def minutes_of(workspace: Workspace, readers: int) -> int:
    """How long a send takes at the least, in minutes, by the rates that the server allows."""
    minute, hour = workspace.masthead.smtp.rates
    return max(-(-readers // minute) if minute else 0, -(-readers // hour) * 60 - 60 if hour else 0)


def begin(workspace: Workspace, what: Plan, *, now: Clock = clock) -> None:
    """Put every reader of the plan into the ledger, bound to the approved digest."""
    frozen, approval = what.approved.frozen, what.approved.approval
    with open_store(workspace.root, create=False) as store:
        send = Send(
            slug=frozen.slug,
            digest=frozen.digest,
            number=frozen.number,
            subject=frozen.subject,
            audience=frozen.audience,
            approver=approval.by,
            recipients=what.readers,
            begun=now().isoformat(timespec="seconds"),
            finished="",
        )
        _ledger(store, frozen.slug, now).begin(send, what.audience)


def send_on(
    workspace: Workspace,
    what: Plan,
    transport: Transport,
    *,
    limit: int = 0,
    report: Callable[[Run], None] = lambda _run: None,
    now: Clock = clock,
) -> Run:
    """Send to whoever is queued; running it again is resuming."""
    with _posting(workspace, what.approved.frozen, now) as (ledger, post):
        return run(ledger, transport, post.compose, limit=limit, stop_after=workspace.masthead.smtp.stop_after, report=report)


def send_first(workspace: Workspace, what: Plan, transport: Transport, *, now: Clock = clock) -> Trial:
    """The real mail to the test readers: those who are readers too by the ledger, so that they get it once; the others beside it."""
    with _posting(workspace, what.approved.frozen, now) as (ledger, post):
        with ledger.store.read() as rows:
            testers = seeds(rows)
            known = {tester.address: subscriber_at(rows, tester.address) for tester in testers}
        entries = {address: ledger.entry(reader.id) for address, reader in known.items() if reader}
        listed = [entry.subscriber for entry in entries.values() if entry]
        if listed:
            run(ledger, transport, post.compose, only=listed)
        done = []
        for address, before in entries.items():
            entry = ledger.entry(before.subscriber) if before else None
            if entry and entry.state != "skipped":
                done.append((address, Outcome(fate=Fate(entry.state), code=entry.code, reply=entry.reply)))
        beside = [tester for tester in testers if not entries.get(tester.address)]
        return Trial(outcomes=(*done, *_try(transport, post, beside)))


def send_test(workspace: Workspace, slug: str, transport: Transport, *, to: tuple[str, ...] = (), now: Clock = clock) -> Trial:
    """The mail, 【テスト】 before its subject, to the test readers or to ``to``; the ledger is not touched."""
    frozen = _to_be_tested(workspace, slug)
    shift = len(TEST_MARK)
    moved = tuple(
        replace(slot, start=slot.start + shift, end=slot.end + shift) if slot.part == "subject" else slot for slot in frozen.slots
    )
    marked = replace(frozen, subject=TEST_MARK + frozen.subject, slots=moved)
    with _posting(workspace, marked, now) as (ledger, post):
        with ledger.store.read() as rows:
            testers = tuple(Subscriber(address=parse_address(address)) for address in to) or seeds(rows)
        if not testers:
            raise SendError("テスト配信先がありません。「enews subscribers seed アドレス」で登録するか、--to で指定してください。")
        return Trial(outcomes=_try(transport, post, testers))


def _to_be_tested(workspace: Workspace, slug: str) -> Frozen:
    """What was approved; before that, what stands in the drafts now, as long as nothing in it must be mended."""
    if has_approved(workspace.root, slug):
        return read_approved(workspace.root, slug).frozen
    from pipeline.desk import check, frozen_of

    checked = check(workspace, slug)
    if checked.has_errors:
        raise SendError(f"{slug} に要修正の指摘があるため、送っていません。「enews check {slug}」で確かめて直してください。")
    return frozen_of(workspace, checked.issue, checked.email)


def _try(transport: Transport, post: Post, testers: tuple[Subscriber, ...] | list[Subscriber]) -> tuple[tuple[str, Outcome], ...]:
    try:
        done: list[tuple[str, Outcome]] = []
        for tester in testers:
            transport.ready()
            message, envelope = post.compose(tester)
            done.append((tester.address, transport.deliver(message, replace(envelope, name=f"{envelope.name}-{len(done) + 1}"))))
        return tuple(done)
    finally:
        transport.close()


def rehearse(workspace: Workspace, what: Plan, *, now: Clock = clock) -> tuple[int, int]:
    """Compose every message and send none: how many, and the bytes of the largest."""
    with _posting(workspace, what.approved.frozen, now) as (ledger, post):
        count, largest = 0, 0
        with ledger.store.read() as rows:
            for reader in recipients(rows, what.audience, ledger.store.secret):
                count, largest = count + 1, max(largest, len(post.compose(reader)[0]))
    return count, largest


def retry(workspace: Workspace, slug: str, *, deferred: bool = False, in_doubt: bool = False, now: Clock = clock) -> int:
    """Queue the deferred, or those in doubt, again: the operator's word. How many."""
    with open_store(workspace.root, create=False) as store, store.alone():
        ledger = _ledger(store, slug, now)
        return (ledger.retry("deferred") if deferred else 0) + (ledger.retry("sending") if in_doubt else 0)


def status(workspace: Workspace, slug: str) -> Status:
    """What became of the send of an issue. ``SendError`` if it was not begun."""
    with open_store(workspace.root, create=False) as store:
        ledger = _ledger(store, slug, clock)
        send = ledger.send()
        if send is None:
            raise SendError(f"{slug} は、ここからはまだ送っていません。「enews send {slug}」で配信します。")
        rows = {state: ledger.entries(state) for state in ("sending", "deferred", "refused", "skipped")}
        return Status(send=send, counts=ledger.counts(), rows=rows)


def sends(workspace: Workspace) -> tuple[Send, ...]:
    """Every send of the desk, the newest first."""
    with open_store(workspace.root, create=False) as store, store.read() as rows:
        return tuple(Send(**dict(row)) for row in rows.all("SELECT * FROM sends ORDER BY begun DESC"))


@contextmanager
def _posting(workspace: Workspace, frozen: Frozen, now: Clock) -> Iterator[tuple[Ledger, Post]]:
    with open_store(workspace.root, create=False) as store:
        sign = signer(workspace.masthead.dkim)
        post = Post(frozen=frozen, masthead=workspace.masthead, secret=store.secret, sent=now().replace(microsecond=0), sign=sign)
        yield _ledger(store, frozen.slug, now), post


def _ledger(store: Store, slug: str, now: Clock) -> Ledger:
    return Ledger(store=store, slug=slug, now=lambda: now().isoformat(timespec="seconds"))
