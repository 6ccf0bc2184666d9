"""The masthead ``issues/newsletter.toml``: what is the same for every issue, read and checked; secrets come only from the environment."""

from pipeline.config.masthead import (
    CORRECTION,
    MAILCHIMP,
    TRANSLATORS,
    URL_FIELDS,
    Dialect,
    Edition,
    Fact,
    Feed,
    Limits,
    Masthead,
    SectionSpec,
    Sender,
    Translate,
    Web,
    generic,
    parse_masthead,
    read_masthead,
)
from pipeline.config.sending import Audience, Dkim, Smtp, received
from pipeline.config.values import MASTHEAD

__all__ = [
    "CORRECTION",
    "MAILCHIMP",
    "MASTHEAD",
    "TRANSLATORS",
    "URL_FIELDS",
    "Audience",
    "Dialect",
    "Dkim",
    "Edition",
    "Fact",
    "Feed",
    "Limits",
    "Masthead",
    "SectionSpec",
    "Sender",
    "Smtp",
    "Translate",
    "Web",
    "generic",
    "parse_masthead",
    "read_masthead",
    "received",
]
