"""The small mails of the readers' pages: a kind and an address in, handed to a transport; whether it may have left out.

No word that somebody typed on a page is in them, so that nobody can write to strangers in our name; one ``To``, and the same mail whether an
address is on the list or not.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from secrets import token_hex
from threading import BoundedSemaphore

from pipeline.delivery.formpages import Pages
from pipeline.delivery.message import compose, encoded_words, header_text, mailbox, shown
from pipeline.delivery.outgoing import addressed
from pipeline.delivery.sending import refuse_more_than_one
from pipeline.delivery.signing import Sign
from pipeline.delivery.transport import Envelope, Fate, Transport
from pipeline.errors import SendError

LANES = 4  # a mail server that hangs must not keep anybody from leaving: at most so many wait for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Courier:
    """Writes and hands over; ``transport`` makes a new one for each mail, ``sign`` signs, ``None`` for no DKIM. Usable from several threads."""

    pages: Pages
    transport: Callable[[], Transport]
    now: Callable[[], datetime]
    sign: Sign | None = None
    lanes: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(LANES))

    def send(self, kind: str, address: str, **words: object) -> bool:
        """Hand one mail over; whether it was taken or may have been. Never raises for what a server or a network does."""
        if not self.lanes.acquire(blocking=False):
            return False
        try:
            message, envelope = self.composed(kind, address, **words)
            with closing(self.transport()) as transport:
                transport.ready()
                return transport.deliver(message, envelope).fate in (Fate.SENT, Fate.IN_DOUBT)
        except SendError:
            return False
        finally:
            self.lanes.release()

    def composed(self, kind: str, address: str, **words: object) -> tuple[bytes, Envelope]:
        """One mail and its envelope. ``ConfigError``, ``TemplateError``: what would go wrong with every mail."""
        masthead = self.pages.masthead
        subject, text, html = self.pages.mail(kind, **words)
        sender = mailbox(masthead.sender.from_, "from")
        name = f"form-{token_hex(10)}"
        headers = {
            "From": shown(sender),
            "Reply-To": mailbox(masthead.sender.reply_to, "reply_to").addr_spec,
            "To": addressed(address),
            "Subject": encoded_words(header_text(subject), "Subject"),
            "Date": format_datetime(self.now().replace(microsecond=0)),
            "Message-ID": f"<{name}@{sender.domain}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834: no absence answers this
        }
        message = compose(headers, text=text, html=html)
        refuse_more_than_one(message, address)
        back = mailbox(masthead.smtp.return_path or masthead.sender.reply_to, "[smtp] return_path").addr_spec
        return (self.sign(message) if self.sign else message), Envelope(sender=back, recipient=address, name=name)
