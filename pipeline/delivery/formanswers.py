"""What the readers' pages answer: a request (who, which page, which token, which fields) in, a status and a page with its words out.

Looking never changes anything: mail scanners follow every link. Nobody learns here who is on the list, and nobody is ever kept from leaving: whoever
holds no good link is told how to leave by a reply.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from math import ceil

from pipeline.delivery import selfservice
from pipeline.delivery.addresses import parse_address
from pipeline.delivery.cells import plain
from pipeline.delivery.courier import Courier
from pipeline.delivery.limits import Limit
from pipeline.delivery.outgoing import ONE_CLICK, PREFERENCES, UNSUBSCRIBE, link
from pipeline.delivery.people import SEGMENTS, Subscriber, keyed, masked
from pipeline.delivery.selfservice import DETAILS, JOIN, MOVE, Wish
from pipeline.delivery.store import Store
from pipeline.delivery.tokens import Ticket, read_token
from pipeline.errors import ReaderError

SUBSCRIBE = "subscribe"
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request: ``acts`` for a POST, whose ``fields`` these are; ``client`` is whom to count."""

    token: str
    acts: bool
    client: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status and a page with its words; ``retry`` in seconds, 0 for none."""

    page: str
    words: Mapping[str, object] = field(default_factory=dict)
    status: HTTPStatus = HTTPStatus.OK
    retry: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How often: a client looks and asks for mails, a reader's link acts, a mailbox gets mails, all mailboxes together do.

    Whole town halls come from one address, and mail services click for many readers: a good link to leave is counted by reader, not by client.
    """

    looks: Limit = field(default_factory=lambda: Limit(300, MINUTE))
    acts: Limit = field(default_factory=lambda: Limit(30, MINUTE))
    asks: Limit = field(default_factory=lambda: Limit(20, HOUR))
    mailbox: Limit = field(default_factory=lambda: Limit(3, DAY))
    mails: Limit = field(default_factory=lambda: Limit(200, HOUR))


LOST = Answer(page="lost", status=HTTPStatus.NOT_FOUND)
EXPIRED = Answer(page="expired", status=HTTPStatus.NOT_FOUND)
UNSENT = Answer(page="trouble", words={"unsent": True}, status=HTTPStatus.SERVICE_UNAVAILABLE, retry=600)


def busy(seconds: float) -> Answer:
    """Asked too often."""
    return Answer(page="busy", words={"minutes": ceil(seconds / MINUTE)}, status=HTTPStatus.TOO_MANY_REQUESTS, retry=ceil(seconds))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The pages of one desk. ``store`` opens its database for one request; ``links`` are the pages' own addresses by name."""

    store: Callable[[], AbstractContextManager[Store]]
    secret: bytes
    links: dict[str, str]
    courier: Courier
    now: Callable[[], datetime]
    limits: Limits = field(default_factory=Limits)

    def unsubscribe(self, request: Request) -> Answer:
        """Ask, or take the reader of the link off: by the page's button, or by a mail program's one click (RFC 8058)."""
        ticket = read_token(request.token, purpose=UNSUBSCRIBE, secret=self.secret)
        if wait := self._too_often(request, ticket):
            return busy(wait)
        if ticket is None:
            return LOST
        one_click = request.fields.get(ONE_CLICK.partition("=")[0], "").strip() == ONE_CLICK.partition("=")[2]
        if request.acts and (one_click or request.fields.get("do") == "leave"):
            return self._left(ticket, selfservice.ONE_CLICK if one_click else selfservice.FORM)
        with self.store() as store:
            reader, gets_mail = selfservice.look_up(store, ticket)
        if reader is None or not gets_mail:
            return _gone(reader, already=True)
        return Answer(page="ask", words={"address": masked(reader.address)}, status=_looked(request))

    def preferences(self, request: Request) -> Answer:
        """Show what is kept of the reader of the link; mend it, ask for another address, leave, confirm an address."""
        if request.token and "." not in request.token:
            return self._confirmation(request, MOVE)
        ticket = read_token(request.token, purpose=PREFERENCES, secret=self.secret)
        if wait := self._too_often(request, ticket):
            return busy(wait)
        if ticket is None:
            return LOST
        with self.store() as store:
            reader, gets_mail = selfservice.look_up(store, ticket)
        if reader is None or not gets_mail:
            return _gone(reader, already=True)
        act = {"leave": self._leave_here, "details": self._mended, "address": self._moving}.get(request.fields.get("do", ""))
        if request.acts and act:
            return act(request, ticket, reader)
        return _preferences(reader, status=_looked(request))

    def subscribe(self, request: Request) -> Answer:
        """Show the form; take it and send a mail to be confirmed, the same for every address; confirm it."""
        if request.token:
            return self._confirmation(request, JOIN)
        if wait := self.limits.looks.wait(request.client):
            return busy(wait)
        if not request.acts:
            return _form(request, {})
        errors: dict[str, str] = {}
        address = _address(request.fields, errors)
        values = _details(request.fields, errors)
        if request.fields.get("consent") != "yes":
            errors["consent"] = "お送りするには、同意が必要です。同意いただけるときは、印を付けてください。"
        if errors:
            return _form(request, errors)
        return self._asked(request, Wish(purpose=JOIN, address=address, **values))  # type: ignore[arg-type]  # all of them are texts

    def _too_often(self, request: Request, ticket: Ticket | None) -> float:
        """Seconds to wait: by client, but for a good link that acts by its reader."""
        if ticket and request.acts:
            return self.limits.acts.wait(f"{ticket.reader}")
        return self.limits.looks.wait(request.client)

    def _left(self, ticket: Ticket, via: str) -> Answer:
        with self.store() as store:
            reader = selfservice.leave(store, ticket, via=via, now=self._stamp())
        return _gone(reader, already=False)

    def _leave_here(self, _request: Request, ticket: Ticket, _reader: Subscriber) -> Answer:
        return self._left(ticket, selfservice.FORM)

    def _mended(self, request: Request, ticket: Ticket, reader: Subscriber) -> Answer:
        errors: dict[str, str] = {}
        values = _details(request.fields, errors)
        if errors:
            return _preferences(reader, status=HTTPStatus.UNPROCESSABLE_ENTITY, values=request.fields, errors=errors)
        with self.store() as store:
            mended = selfservice.mend(store, ticket, values, now=self._stamp())
        return Answer(page="changed", words={"reader": mended}) if mended else LOST

    def _moving(self, request: Request, ticket: Ticket, reader: Subscriber) -> Answer:
        errors: dict[str, str] = {}
        address = _address(request.fields, errors)
        if not errors and address == reader.address:
            errors["address"] = "いまのアドレスと同じです。新しいアドレスを入力してください。"
        if errors:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return _preferences(reader, status=status, errors=errors, typed=request.fields.get("address", ""))
        return self._asked(request, Wish(purpose=MOVE, address=address, reader=ticket.reader))

    def _asked(self, request: Request, wish: Wish) -> Answer:
        """Hold the wish and write to its mailbox. Nothing here depends on who is on the list: neither what is answered nor how long it takes."""
        asked = ((self.limits.asks, request.client), (self.limits.mailbox, keyed(wish.address, self.secret)), (self.limits.mails, ""))
        for limit, key in asked:
            if wait := limit.wait(key):
                return busy(wait)
        with self.store() as store:
            token = selfservice.hold(store, wish, now=self.now())
        page = PREFERENCES if wish.purpose == MOVE else SUBSCRIBE
        if self.courier.send(wish.purpose, wish.address, url=link(self.links[page], token)):
            return Answer(page="sent", words={"address": masked(wish.address)})
        with self.store() as store:
            selfservice.drop(store, token)
        return UNSENT

    def _confirmation(self, request: Request, purpose: str) -> Answer:
        """The page behind a mail's link: it asks, because a scanner may have followed the link; its button confirms."""
        if wait := self.limits.looks.wait(request.client):
            return busy(wait)
        if not (request.acts and request.fields.get("do") == "confirm"):
            with self.store() as store:
                wish = selfservice.waiting(store, request.token, purpose=purpose, now=self.now())
            return Answer(page="confirm", words={"wish": wish, "address": masked(wish.address)}) if wish else EXPIRED
        with self.store() as store:
            granted = selfservice.confirm(store, request.token, purpose=purpose, now=self.now())
        if granted is None:
            return EXPIRED
        if granted.before:
            self.courier.send("moved", granted.before, url=self.links.get(SUBSCRIBE, ""))
        return Answer(page="confirmed", words={"wish": granted.wish, "address": masked(granted.wish.address)})

    def _stamp(self) -> str:
        return selfservice.stamp_of(self.now())


def _looked(request: Request) -> HTTPStatus:
    """The status of a page that only shows something: a POST that asked for nothing it knows was a mistake."""
    return HTTPStatus.BAD_REQUEST if request.acts else HTTPStatus.OK


def _gone(reader: Subscriber | None, *, already: bool) -> Answer:
    """Gets no mail: as of now, or ``already`` before."""
    return Answer(page="left", words={"address": masked(reader.address) if reader else "", "already": already})


def _preferences(
    reader: Subscriber,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    typed: str = "",
) -> Answer:
    """What is kept of a reader, or what they typed in its place."""
    shown = {name: (values or {}).get(name, getattr(reader, name)) for name in DETAILS}
    words = {"address": masked(reader.address), "values": {**shown, "address": typed}, "errors": errors or {}, "typed": typed}
    return Answer(page="preferences", words=words, status=status)


def _form(request: Request, errors: dict[str, str]) -> Answer:
    """The empty form, or what was typed and what is wrong with it."""
    values = {name: request.fields.get(name, "") for name in (*DETAILS, "address", "consent")}
    words = {"values": values, "errors": errors, "typed": values["address"]}
    return Answer(page="subscribe", words=words, status=HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK)


def _details(fields: dict[str, str], errors: dict[str, str]) -> dict[str, str]:
    """Name, organisation, department, segment as the list has them; what is wrong with each goes to ``errors``."""
    values: dict[str, str] = {}
    for name in DETAILS:
        try:
            values[name] = plain(fields.get(name, ""))
        except ReaderError as error:
            errors[name] = str(error)
    if values.get("segment") and values["segment"] not in SEGMENTS:
        errors["segment"] = "区分は、一覧から選んでください。"
    return values


def _address(fields: dict[str, str], errors: dict[str, str]) -> str:
    """The address that was typed; one that only looks mistyped is taken when it is sent a second time."""
    text = fields.get("address", "")
    again = ""
    try:
        address = parse_address(text, as_is=True)
        again = "このままでよければ、もう一度ボタンを押してください。"
        return address if text == fields.get("typed") else parse_address(text)
    except ReaderError as error:
        errors["address"] = f"{error}{again}"
        return ""
