"""A frozen mail and a reader in, the message and its envelope out: what this one reader gets, and the way it comes back if it cannot be delivered.

One ``To``, no name in it; no value of a reader stands in a header but the address itself. Links to leave and to change hold a signed token that
is this reader's and this issue's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from pipeline.config import Masthead
from pipeline.delivery.frozen import Frozen, personalised
from pipeline.delivery.message import compose, encoded_words, header_text, list_id, mailbox, shown
from pipeline.delivery.people import Subscriber
from pipeline.delivery.signing import Sign
from pipeline.delivery.tokens import Ticket, issue_token
from pipeline.delivery.transport import Envelope
from pipeline.errors import ConfigError, SendError

UNSUBSCRIBE, PREFERENCES, BOUNCE = "unsubscribe", "preferences", "bounce"
ONE_CLICK = "List-Unsubscribe=One-Click"
_ONE_ADDRESS = re.compile(r"[^\x00-\x20\x7f-\uffff<>()\[\],;:\\\"@]+@[A-Za-z0-9.-]+")
_LOCAL_PART = 64  # octets before the @ (RFC 5321, 4.5.3.1.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What every message of a send shares. ``sent`` is the time of the run, aware; ``sign`` signs a finished message, ``None`` for no DKIM."""

    frozen: Frozen
    masthead: Masthead
    secret: bytes
    sent: datetime
    sign: Sign | None = None

    def compose(self, reader: Subscriber) -> tuple[bytes, Envelope]:
        """The message of one reader, CRLF bytes, and its envelope."""
        ticket = Ticket(reader=reader.id, slug=self.frozen.slug)
        parts = personalised(self.frozen, self.values(reader, ticket))
        sender = mailbox(self.frozen.sender, "from")
        headers = {
            "From": shown(sender),
            "Reply-To": mailbox(self.frozen.reply_to, "reply_to").addr_spec,
            "To": addressed(reader.address),
            "Subject": encoded_words(header_text(parts["subject"]), "Subject"),
            "Date": format_datetime(self.sent),
            "Message-ID": f"<{self._token(ticket, 'message')}@{sender.domain}>",
            "List-Id": list_id(self.masthead),
            "List-Unsubscribe": self._ways_to_leave(ticket),
            "List-Unsubscribe-Post": ONE_CLICK,
            "Precedence": "bulk",
        }
        message = compose(headers, text=parts["text"], html=parts["html"])
        envelope = Envelope(sender=self.return_path(ticket), recipient=reader.address, name=f"{self.frozen.slug}-{reader.id}")
        return (self.sign(message) if self.sign else message), envelope

    def values(self, reader: Subscriber, ticket: Ticket) -> dict[str, str]:
        """What stands in the frozen mail's places: the office's columns, the reader's name and organisation, links with the reader's token."""
        web = self.masthead.web
        links = {
            "unsubscribe": link(web.unsubscribe, self._token(ticket, UNSUBSCRIBE)),
            "preferences": link(web.preferences, self._token(ticket, PREFERENCES)),
        }
        return {**reader.columns, "name": reader.name, "organisation": reader.organisation, **links}

    def return_path(self, ticket: Ticket) -> str:
        """VERP: the address that a refusal comes back to says whose it is. ``ConfigError`` if the masthead's leaves no room for that."""
        plain = mailbox(self.masthead.smtp.return_path or self.masthead.sender.reply_to, "[smtp] return_path")
        local = f"{plain.username}+{self._token(ticket, BOUNCE)}"
        if len(local) > _LOCAL_PART:
            raise ConfigError(f"[smtp] の return_path「{plain.addr_spec}」が長すぎます。@の前を短くしてください（例 b@example.jp）。")
        return f"{local}@{plain.domain}"

    def _ways_to_leave(self, ticket: Ticket) -> str:
        """RFC 2369 and 8058: the page first, then the mail that does the same. Folded at the comma, never encoded."""
        token = self._token(ticket, UNSUBSCRIBE)
        to = mailbox(self.masthead.smtp.unsubscribe_mailto or self.masthead.sender.reply_to, "[smtp] unsubscribe_mailto")
        page = link(self.masthead.web.unsubscribe, token)
        mail = f"<mailto:{to.addr_spec}?subject=unsubscribe%20{token}>"
        return f"<{page}>,\r\n {mail}" if page.startswith("https://") else mail

    def _token(self, ticket: Ticket, purpose: str) -> str:
        return issue_token(ticket, purpose=purpose, secret=self.secret)


def link(base: str, token: str) -> str:
    """The address of a page for one reader: the masthead's, and the token as its last step; "" if the masthead has no such page."""
    return f"{base.rstrip('/')}/{token}" if base else ""


def addressed(address: str) -> str:
    """An address as a header may hold it: what stands before the @ in quotes where the RFC asks for them (``a..b@``).

    ``SendError`` for what is no single address: nothing may end the header and begin another, however it came here.
    """
    if not _ONE_ADDRESS.fullmatch(address):
        raise SendError("アドレスとして送れないものが名簿かテスト配信先にあります。enews subscribers list で確かめてください。")
    local, _, domain = address.rpartition("@")
    return address if all(local.split(".")) else f'"{local}"@{domain}'
