"""A mail of the return address in, a verdict out: whose mail came back or who answers, and what that means. Pure; the store is not asked.

*Who* is only ever a token with our signature: the return path's (VERP), or one of the mail that is returned. An address that merely stands in a
mail is told, and nobody is struck off for it: anybody can write one there.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes
from email.utils import getaddresses, parsedate_to_datetime
from enum import Enum
from urllib.parse import unquote

from pipeline.delivery.causes import cause_of, code_in
from pipeline.delivery.message import JAPAN
from pipeline.delivery.outgoing import BOUNCE, UNSUBSCRIBE
from pipeline.delivery.replies import addresses_in, asked_token, asks_to_leave, first_lines, is_automatic, says_moved, subject_of
from pipeline.delivery.returned import Fields, Opened, open_mail
from pipeline.delivery.tokens import Ticket, read_token


class Kind(Enum):
    """What a mail is. The first five are refusals; FORWARDED: of an address that is not the reader's. NOTICE: a delay, or that it arrived.

    LEAVE is the mail that List-Unsubscribe asks for, WISH the same in a person's words; AUTO an absence or another machine's answer.
    """

    DEAD = "dead"
    SOFT = "soft"
    FILTERED = "filtered"
    BLOCKED = "blocked"
    FORWARDED = "forwarded"
    COMPLAINT = "complaint"
    LEAVE = "leave"
    WISH = "wish"
    MOVED = "moved"
    AUTO = "auto"
    NOTICE = "notice"
    OTHER = "other"


REFUSALS = (Kind.DEAD, Kind.SOFT, Kind.FILTERED, Kind.BLOCKED, Kind.FORWARDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One recipient's failure: the address that failed and the one it was meant for ("" if not said), the code, the server's words."""

    kind: Kind
    address: str = ""
    meant: str = ""
    status: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a mail says. ``ticket``: whose, by our signature; ``written``: its own date, ISO in JST, "" if it has none.

    ``status`` and ``words`` are the server's, or the first words of a reply; ``addresses`` those that the mail names: they prove nothing.
    """

    kind: Kind
    ticket: Ticket | None = None
    status: str = ""
    words: str = ""
    addresses: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    written: str = ""

    def for_reader(self, address: str) -> Verdict:
        """The verdict on one reader: the failure that is theirs. If all of them are others', the mail was passed on and failed there."""
        named = [one for one in self.failures if one.address]
        if not named:
            return self
        own = next((one for one in named if _is_same(one, address)), None)
        if own is None:
            return replace(self, kind=Kind.FORWARDED)
        return replace(self, kind=own.kind, status=own.status, words=own.words)


_HINT = 16_000  # bytes that flufl.bounce gets to see
MESSAGE = "message"  # the purpose of the token in our Message-IDs
_TOKEN = re.compile(r"(?<![\w-])[0-9a-z][\w-]{0,39}\.[0-9]{1,12}\.[a-z2-7]{20}(?![a-z2-7])", re.IGNORECASE | re.ASCII)
_OUTER = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to", "x-forwarded-to", "to", "received")
_DAEMON = re.compile(
    r"mailer-?daemon|postmaster|mail delivery (?:sub)?system|mail administrator|mail system|microsoft outlook <", re.IGNORECASE
)
_RETURNED = re.compile(
    r"undeliver|returned mail|delivery (?:status|failure|has failed|incomplete|notification)|failure notice|mail delivery fail|mail system error"
    r"|returned to sender|non-?deliver|could not (?:be delivered|send)|message not delivered|メールエラー|エラー通知|エラーメール|不達|届けられ"
    r"|(?:配信|配達|送信)(?:不能|できません|エラー|に失敗)",
    re.IGNORECASE,
)
_RETURNED_WORDS = re.compile(
    r"^\s*(?:could not be delivered to: <|delivery to the following recipients? (?:has |have )?failed|this message was undeliverable)",
    re.IGNORECASE | re.MULTILINE,
)
_WAITING = re.compile(
    r"warning message only|do not need to resend|will (?:be )?(?:keep|continue|kept|continued|retried|retry)|still (?:being )?(?:retried|undelivered)"
    r"|delivery (?:is |has been )?delayed|no action is required|再送を試み|配信が遅れ|遅延して",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"(?<![\d.])[45]\d\d[ -]|[45]\.\d{1,3}\.\d{1,3}|unknown|rejected|refused|full|could not|できません|ません", re.IGNORECASE
)


def judge(data: bytes, *, secret: bytes) -> Verdict:
    """What one mail says. It never raises, whatever the mail is."""
    opened = open_mail(data)
    verdict = replace(_said(opened, secret), written=_written(opened))
    return verdict if verdict.ticket else replace(verdict, ticket=_whose(opened, secret))


def judge_reply(code: int, words: str, *, ticket: Ticket, address: str) -> Verdict:
    """What it means that a server did not take a mail when it was sent: its code and words, whose mail, at which address."""
    cause = cause_of("", f"{code} {words}", where=address)
    return Verdict(kind=Kind(cause.value), ticket=ticket, status=code_in(words) or str(code), words=words[:300])


def _said(opened: Opened, secret: bytes) -> Verdict:
    if opened.feedback is not None:
        return _complaint(opened.feedback)
    if opened.receipt:
        return Verdict(kind=Kind.AUTO)
    recipients = [block for block in opened.statuses if {"final-recipient", "action", "status"} & set(block)]
    if recipients:
        return _report(opened, recipients)
    if token := asked_token(opened):
        ticket = read_token(token, purpose=UNSUBSCRIBE, secret=secret)
        return Verdict(kind=Kind.LEAVE, ticket=ticket) if ticket else _reply(opened, Kind.WISH)
    if subject_of(opened).lower().startswith("complaint about message from"):  # how Outlook.com reports, without RFC 5965
        return Verdict(kind=Kind.COMPLAINT, words="abuse")
    if _has_come_back(opened):
        return _returned(opened)
    return _reply(opened, _kind_of_reply(opened))


def _kind_of_reply(opened: Opened) -> Kind:
    """A machine's wish is none; of a person who moves and wants no more mail, the wish counts."""
    automatic = is_automatic(opened)
    if not automatic and asks_to_leave(opened):
        return Kind.WISH
    if says_moved(opened):
        return Kind.MOVED
    return Kind.AUTO if automatic else Kind.OTHER


def _has_come_back(opened: Opened) -> bool:
    """Whether a mail server wrote it, by who sent it, by its subject, or (KDDI) by its first words."""
    return (
        "x-failed-recipients" in opened.headers
        or bool(_DAEMON.search(opened.first("from")))
        or bool(_RETURNED.search(subject_of(opened)))
        or bool(_RETURNED_WORDS.search(opened.words[:3000]))
    )


def _complaint(fields: Fields) -> Verdict:
    """RFC 5965; what is no reader's complaint (not-spam; auth-failure: RFC 6591) is none."""
    kind = fields.get("feedback-type", ("abuse",))[0].lower()
    addresses = addresses_in(" ".join(fields.get("original-rcpt-to", ()) + fields.get("redacted-address", ())))
    return Verdict(kind=Kind.NOTICE if kind in ("not-spam", "auth-failure") else Kind.COMPLAINT, words=kind[:40], addresses=addresses)


def _reply(opened: Opened, kind: Kind) -> Verdict:
    lines = first_lines(opened)
    sender = tuple(address for _, address in getaddresses([opened.first("from")[:1000]]) if "@" in address)[:1]
    named = addresses_in(lines, but=sender) if kind is Kind.MOVED else ()
    return Verdict(kind=kind, words=f"{subject_of(opened)}／{' '.join(lines.split())}"[:200].strip("／"), addresses=(*sender, *named))


def _report(opened: Opened, recipients: list[Fields]) -> Verdict:
    """RFC 3464: the blocks of the recipients that have failed; if none has, it is a delay or a receipt."""
    failures = tuple(_failure(opened, block) for block in recipients if _has_failed(block))
    if not failures:
        return Verdict(kind=Kind.NOTICE)
    return _verdict(failures)


def _has_failed(block: Fields) -> bool:
    action = block.get("action", ("",))[0].lower()
    return action.startswith("fail") or (not action and block.get("status", ("5",))[0].strip()[:1] in ("4", "5"))


def _failure(opened: Opened, block: Fields) -> Failure:
    status = code_in(block.get("status", ("",))[0])
    words = block.get("diagnostic-code", ("",))[0].partition(";")[2].strip() or block.get("diagnostic-code", ("",))[0]
    final, original = (
        block.get(name, ("",))[0].rpartition(";")[2].strip(" <>")[:320] for name in ("final-recipient", "original-recipient")
    )
    told = words if words or status.partition(".")[2] not in ("", "0.0") else _telling(opened.words)
    where = f"{final} {original} {block.get('remote-mta', ('',))[0]}"
    cause = cause_of(status, told, where=where, context=opened.words)
    return Failure(kind=Kind(cause.value), address=final, meant=original, status=code_in(words) or status, words=told[:300])


def _returned(opened: Opened) -> Verdict:
    """A mail that came back without a report: what its words say."""
    if _WAITING.search(opened.words) or "warning" in subject_of(opened).lower():
        return Verdict(kind=Kind.NOTICE)
    addresses, temporary = _detected(opened)
    if not addresses and is_automatic(opened) and not code_in(opened.words) and not _RETURNED.search(subject_of(opened)):
        return _reply(opened, Kind.AUTO)
    telling = _telling(opened.words)
    near = " ".join((*(addresses or addresses_in(opened.words)), opened.first("from"), *opened.headers.get("received", ())[:5]))
    kinds = [Kind(cause_of("", text, where=near, context=opened.words).value) for text in (telling, opened.words)]
    kind = Kind.SOFT if temporary else next((one for one in kinds if one is not Kind.SOFT), Kind.SOFT)
    status = code_in(telling) or code_in(opened.words)
    if not addresses:
        return Verdict(kind=kind, status=status, words=telling[:300], addresses=addresses_in(opened.words))
    return _verdict(tuple(Failure(kind=kind, address=one, status=status, words=telling[:300]) for one in addresses))


def _verdict(failures: tuple[Failure, ...]) -> Verdict:
    first = failures[0]
    addresses = tuple(dict.fromkeys(one.meant or one.address for one in failures if "@" in (one.meant or one.address)))[:5]
    return Verdict(kind=first.kind, status=first.status, words=first.words, addresses=addresses, failures=failures[:50])


def _telling(text: str) -> str:
    """The lines in which a server speaks."""
    lines = [" ".join(line.split()) for line in text.splitlines() if _TELLING.search(line[:500])]
    return " ".join(lines)[:1000]


def _detected(opened: Opened) -> tuple[tuple[str, ...], bool]:
    """The addresses that failed, by the header that some servers write and by flufl.bounce; whether these are all delays."""
    told = [address for _, address in getaddresses(list(opened.headers.get("x-failed-recipients", ()))[:5]) if "@" in address]
    if told:
        return tuple(told[:50]), False
    from flufl.bounce import all_failures

    log = logging.getLogger("flufl.bounce")
    log.disabled = True  # it shouts about every mail that it cannot read
    try:
        temporary, permanent = all_failures(message_from_bytes(opened.head[:_HINT]))
    except Exception:  # noqa: BLE001 (nineteen heuristics meet whatever strangers write; what they make of it is a hint at best)
        return (), False
    found = [one.decode("ascii", "replace") for one in sorted(permanent or temporary)]
    return tuple(one for one in found if "@" in one)[:50], bool(temporary and not permanent)


def _whose(opened: Opened, secret: bytes) -> Ticket | None:
    """The reader whose token stands in the mail, by the surest place; ``None`` if there is none, or if a place holds those of two readers."""
    copy = opened.copy or {}
    places: Iterator[tuple[str, Iterable[str]]] = iter(
        (
            (BOUNCE, [value for name in _OUTER for value in opened.headers.get(name, ())]),
            (BOUNCE, [*copy.get("return-path", ()), *(opened.feedback or {}).get("original-mail-from", ())]),
            (MESSAGE, [*copy.get("message-id", ()), *copy.get("x-google-original-message-id", ())]),
            (UNSUBSCRIBE, copy.get("list-unsubscribe", ())),
            (MESSAGE, [*opened.headers.get("in-reply-to", ()), *opened.headers.get("references", ())]),
        )
    )
    for purpose, values in places:
        words = [match[0] for value in values for match in _TOKEN.finditer(unquote(value))]
        tickets = {ticket for word in words[:50] if (ticket := read_token(word, purpose=purpose, secret=secret))}
        if tickets:
            return tickets.pop() if len(tickets) == 1 else None
    return None


def _written(opened: Opened) -> str:
    try:
        written: datetime = parsedate_to_datetime(opened.first("date")[:100])
        return written.astimezone(JAPAN).isoformat(timespec="seconds")
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _is_same(failure: Failure, address: str) -> bool:
    """Whether the address that failed is the reader's, or the same mailbox under the name that its own servers use."""
    local = address.rpartition("@")[0].casefold()
    failed = failure.address.casefold()
    return failed == address.casefold() or (failed.rpartition("@")[0] or failed) == local
