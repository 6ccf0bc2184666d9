"""The send loop: an approved mail and a ledger in, messages handed over one reader at a time, a summary out.

Promise: nobody gets an issue twice without the operator saying so, nobody is silently missed. So the ledger says ``sending`` before anything is
handed over, and the outcome right after, each committed for itself; running it again *is* resuming.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses

from pipeline.delivery.ledger import Ledger
from pipeline.delivery.people import Subscriber
from pipeline.delivery.transport import Envelope, Fate, Outcome, Transport
from pipeline.errors import SendError

Compose = Callable[[Subscriber], tuple[bytes, Envelope]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run did: outcomes by ledger state, and why it stopped before the end ("" if it did not)."""

    handed: int
    counts: dict[str, int]
    stopped: str

    @property
    def complete(self) -> bool:
        """Whether every reader has an outcome that needs nobody's decision."""
        return not (self.counts["queued"] or self.counts["sending"] or self.counts["deferred"] or self.stopped)


def run(  # noqa: PLR0913 (each is a question that the operator decides)
    ledger: Ledger,
    transport: Transport,
    compose: Compose,
    *,
    only: Sequence[int] = (),
    limit: int = 0,
    stop_after: int = 10,
    report: Callable[[Run], None] = lambda _run: None,
) -> Run:
    """Hand the queued readers (with ``only``, those of them) their messages, in the order of the list, at most ``limit`` of them (0: all).

    Stops, with the reason in the result, after ``stop_after`` readers in a row that were not served, and when no connection can be had. An error
    in our own house (a message that cannot be composed) puts the reader back and goes up.
    """
    handed, unserved, stopped, last = 0, 0, "", 0
    with ledger.store.alone():
        counts = ledger.counts()
        try:
            while not stopped and not (limit and handed >= limit) and (reader := ledger.queued(after=last, only=only)) is not None:
                transport.ready()
                outcome = _serve(ledger, transport, compose, reader)
                state = outcome.fate.value if outcome else "skipped"
                counts = {**counts, "queued": counts["queued"] - 1}
                counts[state] += 1
                last = reader - (state == "queued")  # the same reader again, over a new connection
                if outcome is None:
                    continue
                handed += outcome.fate is not Fate.REQUEUED
                unserved = 0 if outcome.fate is Fate.SENT else unserved + 1
                if unserved >= stop_after:
                    stopped = f"{unserved}件続けて送れなかったため、止めました（最後の返事：{outcome.code or ''} {outcome.reply}）。"
                report(Run(handed=handed, counts=counts, stopped=stopped))
        except SendError as error:
            stopped = str(error)
        finally:
            transport.close()
        counts = ledger.counts()
        if not (counts["queued"] or counts["sending"]):
            ledger.finish()
    return Run(handed=handed, counts=counts, stopped=stopped)


def _serve(ledger: Ledger, transport: Transport, compose: Compose, reader: int) -> Outcome | None:
    """Claim, compose, hand over, settle. ``None`` if the reader must get nothing."""
    subscriber = ledger.claim(reader)
    if subscriber is None:
        return None
    try:
        message, envelope = compose(subscriber)
        refuse_more_than_one(message, envelope.recipient)
    except Exception:
        ledger.settle(reader, Fate.REQUEUED.value)  # nothing was handed over
        raise
    ledger.at("hand over")
    outcome = transport.deliver(message, envelope)
    ledger.at("handed over")
    if outcome.fate is not Fate.IN_DOUBT:
        ledger.settle(reader, outcome.fate.value, code=outcome.code, reply=outcome.reply)
    return outcome


def refuse_more_than_one(message: bytes, recipient: str) -> None:
    """The last look before a message leaves: exactly one To, the recipient's, no Cc, no Bcc. Anything else would be a leak."""
    # compat32 takes headers as they stand; the newer policies take four times as long to read what is not looked at
    head = BytesHeaderParser(policy=compat32).parsebytes(message.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    to = head.get_all("To", [])
    addresses = [address for _, address in getaddresses(str(value) for value in to)]
    others = [name for name in ("Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc") if name in head]
    if len(to) != 1 or [address.replace('"', "") for address in addresses] != [recipient] or others:
        raise SendError("宛先が一人でないメールができたため、送らずに止めました。enews を直す必要があります。")
