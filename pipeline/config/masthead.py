"""The masthead: ``issues/newsletter.toml`` in, a frozen ``Masthead`` out; secrets come only from the environment, never from this file.

It must never guess: a missing or wrong value is a ``ConfigError`` that names the key and the way out.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
import zoneinfo
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.config.sending import Audience, Dkim, Smtp, audience_of_correction, parse_audience, parse_dkim, parse_smtp
from pipeline.config.values import MASTHEAD, day_of, did_you_mean, named, record, refuse_unknown, rows, table, text_of
from pipeline.errors import ConfigError
from pipeline.model import Event, Place, Waiver

URL_FIELDS = ("unsubscribe", "view_online", "preferences")
TRANSLATORS = ("manual", "deepl", "openai")
SHOWS = ("article", "case", "event", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who publishes. ``contact`` is an address that readers may write to; ``phone`` and ``office`` may be empty."""

    from_: str
    reply_to: str
    organisation: str
    full_name: str
    postal_address: str
    contact: str
    phone: str
    list_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Web:
    """Addresses of our own pages. ``dialect`` names the sender's spelling that ``build`` writes; the three URLs are generic's."""

    base_url: str
    image_base_url: str
    home_url: str
    subscribe_url: str
    archive_url: str
    privacy_url: str
    x_url: str
    dialect: str
    unsubscribe: str
    view_online: str
    preferences: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A kind of issue (monthly, special, cases): its folder under ``templates/``, its sections in order, its standing texts.

    ``plain_numbers``: items count 1, 2, 3 through the whole page instead of 2-3 by section.
    """

    key: str
    template: str
    title: str
    sections: tuple[str, ...]
    subject: str
    standing: str
    reprint: str
    audience: str = ""
    copy_deadline: int = 0
    plain_numbers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionSpec:
    """One 欄 as the masthead knows it. ``standing``: its items are taken over by ``enews new``; ``by_day``: day headings above the items."""

    key: str
    title: str
    shows: str = "article"
    by_day: bool = False
    standing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One overseas source. ``url`` is http(s) or a path in the workspace; "" for an office without a feed (``enews cases paste``)."""

    name: str
    url: str
    office: str
    language: str
    licence: str = ""
    country: str = ""
    allow_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """A sender's spelling: one merge tag per merge field; a field without a tag is one that the sender lacks."""

    name: str
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bytes. The HTML: a finding from ``html_warning``, an error from ``html_error``; one prepared picture, and all of an issue."""

    html_warning: int = 90_000
    html_error: int = 100_000
    picture_warning: int = 200_000
    pictures_warning: int = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Translate:
    """Who makes the first draft of a translation (``with``: manual, deepl, openai) and where; keys come from the environment only."""

    with_: str = "manual"
    deepl_server_url: str = ""
    openai_base_url: str = ""
    openai_model: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A number that every issue states alike: ``values`` are those allowed, ``phrases`` hold ``{n}`` where it stands and … for any words."""

    key: str
    values: tuple[float, ...]
    phrases: tuple[str, ...]
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is true on this day (``from`` and ``to``)."""
        return (self.since or day) <= day <= (self.until or day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Masthead:
    """Everything in ``newsletter.toml`` that is the same for every issue."""

    name: str
    sender: Sender
    web: Web
    editions: tuple[Edition, ...]
    sections: tuple[SectionSpec, ...]
    feeds: tuple[Feed, ...] = ()
    events: tuple[Event, ...] = ()
    dialects: tuple[Dialect, ...] = ()
    closed: tuple[date, ...] = ()
    limits: Limits = Limits()
    translate: Translate = Translate()
    waivers: tuple[Waiver, ...] = ()
    facts: tuple[Fact, ...] = ()
    audiences: tuple[Audience, ...] = ()
    smtp: Smtp = field(default_factory=Smtp)
    dkim: Dkim = field(default_factory=Dkim)

    def edition(self, key: str) -> Edition:
        """The edition called ``key``; ``ConfigError`` if there is none."""
        return named((*self.editions, correction_edition(self.name)), key, "[[editions]]")

    def section(self, key: str) -> SectionSpec | None:
        """The section with this key or this title, if any."""
        return next((section for section in self.sections if key in (section.key, section.title)), None)

    def event(self, key: str) -> Event:
        """The event called ``key``; ``ConfigError`` if there is none."""
        return named(self.events, key, "[[events]]")

    def audience(self, key: str) -> Audience:
        """The audience called ``key``; every reader if ``key`` is empty; ``ConfigError`` if there is none."""
        return audience_of_correction(key) or (named(self.audiences, key, "[[audiences]]") if key else Audience(key=""))

    def dialect(self, name: str) -> Dialect:
        """The dialect called ``name``: an office's own, else a built-in one; ``ConfigError`` if there is none."""
        return named((*self.dialects, generic(self.web), MAILCHIMP), name, "[[dialects]]", key="name")


CORRECTION = "correction"


def correction_edition(name: str) -> Edition:
    """The edition of 【訂正】, which every office has; ``[[editions]]`` with this key says it in other words."""
    return Edition(
        key=CORRECTION,
        template=CORRECTION,
        title=f"{name}　訂正のお知らせ",
        subject=f"【訂正】{name}",
        sections=(),
        standing="本メールは、誤りのあった号をお届けした皆様にお送りしています。配信停止・変更は末尾をご覧ください。",
        reprint="庁内での転送・回覧はご自由にどうぞ。転載・引用の際は、出典として「{issue}」と明記してください。",
    )


MAILCHIMP = Dialect(
    name="mailchimp",
    tags={
        "unsubscribe": "*|UNSUB|*",
        "view_online": "*|ARCHIVE|*",
        "preferences": "*|UPDATE_PROFILE|*",
        "name": "*|FNAME|*",
        "organisation": "*|COMPANY|*",
    },
)


def generic(web: Web) -> Dialect:
    """No sender's tags at all: the plain URLs of ``[web]``, so that the file can be sent by anything."""
    urls = {name: getattr(web, name) for name in URL_FIELDS}
    return Dialect(name="generic", tags={name: url for name, url in urls.items() if url})


def read_masthead(root: Path) -> Masthead:
    """Read the masthead of the workspace ``root``; ``ConfigError`` says which key is wrong and how to mend it."""
    path = root / MASTHEAD
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(f"{MASTHEAD} がありません。enews init で作るか、--workspace で場所を指定してください。") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f'{MASTHEAD} を読めません（{error}）。その行の引用符「"」とかっこ、文字コード（UTF-8）を確かめてください。'
        ) from None
    return parse_masthead(data)


def parse_masthead(data: dict[str, Any]) -> Masthead:
    """The masthead from parsed TOML; every key is checked, unknown tables are refused with the nearest known name."""
    refuse_unknown(data, TABLES, "")
    sections = tuple(record(SectionSpec, row, f"[[sections]] {n}") for n, row in rows(data, "sections"))
    for section in sections:
        if section.shows not in SHOWS:
            raise ConfigError(f"{MASTHEAD} の [[sections]] {section.key}: shows は {'・'.join(SHOWS)} のどれかにしてください。")
    editions = tuple(_edition(row, n, sections) for n, row in rows(data, "editions"))
    masthead = Masthead(
        name=text_of(data, "name", MASTHEAD),
        sender=_sender(table(data, "sender")),
        web=_web(table(data, "web")),
        editions=editions,
        sections=sections,
        feeds=tuple(record(Feed, row, f"[[feeds]] {n}") for n, row in rows(data, "feeds")),
        events=tuple(_event(row, n) for n, row in rows(data, "events")),
        dialects=tuple(_dialect(row, n) for n, row in rows(data, "dialects")),
        closed=tuple(day_of(day, "[calendar] closed") for day in table(data, "calendar").get("closed", ())),
        limits=record(Limits, {k: v for k, v in table(data, "checks").items() if k != "waivers"}, "[checks]"),
        translate=_translate(table(data, "translate")),
        waivers=_waivers(table(data, "checks").get("waivers", [])),
        facts=tuple(_fact(key, row) for key, row in table(data, "facts").items()),
        audiences=tuple(parse_audience(row, n) for n, row in rows(data, "audiences")),
        smtp=parse_smtp(table(data, "smtp")),
        dkim=parse_dkim(table(data, "dkim")),
    )
    masthead.dialect(masthead.web.dialect)
    return masthead


TABLES = (
    *("name", "sender", "web", "editions", "sections", "feeds", "events", "dialects", "audiences", "calendar", "facts", "checks"),
    *("translate", "smtp", "dkim"),
)


def _sender(row: dict[str, Any]) -> Sender:
    names = {spec.name: spec.name.rstrip("_") for spec in dataclasses.fields(Sender)}
    refuse_unknown(row, tuple(names.values()), "[sender]")
    optional = {"phone", "full_name", "postal_address"}
    return Sender(**{name: text_of(row, key, f"{MASTHEAD} [sender]", "" if key in optional else None) for name, key in names.items()})


def _web(row: dict[str, Any]) -> Web:
    names = [spec.name for spec in dataclasses.fields(Web)]
    refuse_unknown(row, tuple(names), "[web]")
    required = {"base_url", "image_base_url", "home_url", "subscribe_url", "archive_url"}
    values = {name: text_of(row, name, f"{MASTHEAD} [web]", None if name in required else "") for name in names}
    for name, value in values.items():
        if name != "dialect" and value and not value.startswith(("https://", "http://")):
            raise ConfigError(f"{MASTHEAD} [web] の {name} は https:// で始まる URL にしてください（今は「{value}」）。")
    values["base_url"] = values["base_url"].rstrip("/")
    values["image_base_url"] = values["image_base_url"].rstrip("/")
    return Web(**{**values, "dialect": values["dialect"] or "generic"})


def _translate(row: dict[str, Any]) -> Translate:
    names = {spec.name: spec.name.rstrip("_") for spec in dataclasses.fields(Translate)}
    refuse_unknown(row, tuple(names.values()), "[translate]")
    settings = Translate(**{name: text_of(row, key, f"{MASTHEAD} [translate]", getattr(Translate(), name)) for name, key in names.items()})
    if settings.with_ not in TRANSLATORS:
        raise ConfigError(
            f"{MASTHEAD} [translate] の with は {'・'.join(TRANSLATORS)} のどれかにしてください（今は「{settings.with_}」）。"
        )
    for name in ("deepl_server_url", "openai_base_url"):
        value = getattr(settings, name)
        if value and not value.startswith(("https://", "http://")):
            raise ConfigError(f"{MASTHEAD} [translate] の {name} は https:// で始まる URL にしてください（今は「{value}」）。")
    return settings


def _waivers(rows: object) -> tuple[Waiver, ...]:
    """``[checks] waivers``: 「コード、理由、氏名」 each; they cover every issue."""
    how = f'{MASTHEAD} [checks] の waivers は、["NOT001、理由、氏名"] のように書いてください。'
    if not isinstance(rows, list):
        raise ConfigError(how)
    found = []
    for row in rows:
        parts = [part.strip() for part in re.split(r"[、,，]", row if isinstance(row, str) else "")]
        if len(parts) < 3 or not all(parts):
            raise ConfigError(how)
        found.append(Waiver(code=parts[0], reason="、".join(parts[1:-1]), name=parts[-1], place=Place(path=MASTHEAD)))
    return tuple(found)


def _fact(key: str, row: object) -> Fact:
    """``members = { value = 26, phrase = "会員自治体は{n}" }``; several values or phrases in [ ]."""
    where = f"{MASTHEAD} [facts] の {key}"
    how = f'{where} は、{{ value = 26, phrase = "会員自治体は{{n}}" }} のように書いてください。'
    if not isinstance(row, dict):
        raise ConfigError(how)
    refuse_unknown(row, ("value", "phrase", "from", "to"), f"[facts] {key}")
    values, phrases = (row[name] if isinstance(row.get(name), list) else [row.get(name)] for name in ("value", "phrase"))
    is_number = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    if not is_number or not all(isinstance(phrase, str) and phrase.count("{n}") == 1 for phrase in phrases):
        raise ConfigError(how)
    days = {name: day_of(row[name], where) for name in ("from", "to") if name in row}
    return Fact(key=key, values=tuple(map(float, values)), phrases=tuple(map(str, phrases)), since=days.get("from"), until=days.get("to"))


def _edition(row: dict[str, Any], number: int, sections: tuple[SectionSpec, ...]) -> Edition:
    where = f"[[editions]] {number}"
    keys = row.get("sections")
    if not isinstance(keys, list) or not keys:
        raise ConfigError(f'{MASTHEAD} {where} の sections に欄の key を並べてください（例 ["activities", "members"]）。')
    known = tuple(section.key for section in sections)
    for key in keys:
        if key not in known:
            raise ConfigError(f"{MASTHEAD} {where} の sections にある「{key}」は [[sections]] にありません。{did_you_mean(key, known)}")
    return dataclasses.replace(record(Edition, row, where), sections=tuple(keys))


def _event(row: dict[str, Any], number: int) -> Event:
    where = f"[[events]] {number}"
    event = record(Event, row, where)
    for key in ("start", "end", "closed_on"):
        if row.get(key) is not None:
            day_of(row[key], f"{where} {key}")
    try:
        zoneinfo.ZoneInfo(event.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        raise ConfigError(f"{MASTHEAD} {where} の timezone「{event.timezone}」がわかりません（例 Asia/Baku）。") from None
    return event


def _dialect(row: dict[str, Any], number: int) -> Dialect:
    where = f"{MASTHEAD} [[dialects]] {number}"
    name = text_of(row, "name", where)
    return Dialect(name=name, tags={key: text_of(row, key, where) for key in row if key != "name"})
