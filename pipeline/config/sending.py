"""How the desk sends by itself: ``[[audiences]]``, ``[smtp]`` and ``[dkim]`` of the masthead. No password and no key stands there."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Any

from pipeline.config.values import MASTHEAD, record, refuse_unknown, text_of
from pipeline.errors import ConfigError

SECURITY = ("starttls", "tls", "none")
# What the services allow in a minute and in an hour; 0 is no limit. Microsoft: "Exchange Online limits", sending limits (30 a minute).
PRESETS = {"": (0, 0), "microsoft365": (30, 0), "google-workspace": (60, 2000), "sakura": (0, 1000), "xserver": (0, 1500)}

_RECEIVED = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]*) を受け取った読者")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom an edition goes to: readers that fulfil all of it; an empty condition asks nothing.

    ``segments`` and ``languages`` are alternatives; ``received``: who got, or may have got, the issue with this slug.
    """

    key: str
    segments: tuple[str, ...] = ()
    member: bool | None = None
    languages: tuple[str, ...] = ()
    received: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """The server that takes our mail; rates of 0 are the preset's. Bounces go to ``return_path``, whose part before the @ is extended with +…."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    preset: str = ""
    per_minute: int = 0
    per_hour: int = 0
    return_path: str = ""
    unsubscribe_mailto: str = ""
    stop_after: int = 10
    timeout: int = 60

    @property
    def rates(self) -> tuple[int, int]:
        """Messages a minute and an hour, 0 for no limit."""
        minute, hour = PRESETS[self.preset]
        return self.per_minute or minute, self.per_hour or hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Dkim:
    """Whose signature mails bear; nothing is signed without a selector. The key's file is named by ``ENEWS_DKIM_KEY_FILE``."""

    domain: str = ""
    selector: str = ""


def received(slug: str) -> str:
    """The key of the audience that a correction goes to: as it is approved, and as people read it."""
    return f"{slug} を受け取った読者"


def audience_of_correction(key: str) -> Audience | None:
    """The audience that such a key names; ``None`` for any other key."""
    match = _RECEIVED.fullmatch(key)
    return Audience(key=key, received=match[1]) if match else None


def parse_audience(row: dict[str, Any], number: int) -> Audience:
    """``key``, and a filter: ``segment`` (one or a list), ``member``, ``language`` (one or a list)."""
    where = f"{MASTHEAD} [[audiences]] {number}"
    refuse_unknown(row, ("key", "segment", "member", "language"), f"[[audiences]] {number}")
    lists = {name: row[name] if isinstance(row.get(name), list) else [row[name]] * (name in row) for name in ("segment", "language")}
    if not all(isinstance(value, str) for values in lists.values() for value in values) or not isinstance(row.get("member", True), bool):
        raise ConfigError(f'{where} は、segment = "自治体"、member = true、language = "ja" のように書いてください。')
    return Audience(
        key=text_of(row, "key", where), segments=tuple(lists["segment"]), languages=tuple(lists["language"]), member=row.get("member")
    )


def parse_smtp(row: dict[str, Any]) -> Smtp:
    """Every value of its own type; ``security`` and ``preset`` are closed lists."""
    smtp = record(Smtp, row, "[smtp]")
    for key, known in (("security", SECURITY), ("preset", tuple(PRESETS))):
        if getattr(smtp, key) not in known:
            raise ConfigError(f"{MASTHEAD} [smtp] の {key} は {'・'.join(filter(None, known))} のどれかにしてください。")
    if min(smtp.port, smtp.timeout, smtp.stop_after) < 1 or min(smtp.per_minute, smtp.per_hour) < 0:
        raise ConfigError(f"{MASTHEAD} [smtp] の数は、1以上（per_minute と per_hour は0以上）にしてください。")
    return smtp


def parse_dkim(row: dict[str, Any]) -> Dkim:
    """Both values or none."""
    dkim = record(Dkim, row, "[dkim]")
    if bool(dkim.domain) != bool(dkim.selector):
        raise ConfigError(f"{MASTHEAD} [dkim] には、domain と selector を両方書いてください。")
    return dataclasses.replace(dkim, domain=dkim.domain.lower())
