"""Machines that translate: the masthead's choice and a key from the environment in, a ``Translator`` out.

Keys are read here and nowhere else, and go to the service and nowhere else: no file, no message, no log.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

from pipeline.config import MASTHEAD, Translate
from pipeline.errors import TranslationError
from pipeline.sources.translators.patience import PATIENCE, Patience

DEEPL_KEY, OPENAI_KEY = "ENEWS_DEEPL_KEY", "ENEWS_OPENAI_KEY"
Terms = tuple[tuple[str, str], ...]


class Translator(Protocol):
    """A machine that turns texts into Japanese."""

    @property
    def name(self) -> str:
        """What the record says who translated."""

    @property
    def most(self) -> int:
        """How many texts it takes at once."""

    def translate(self, texts: tuple[str, ...], *, context: str, language: str, terms: Terms) -> tuple[str, ...]:
        """The texts in Japanese, in order; ``TooLongError`` if they are longer than it takes, ``TranslationError`` for all else."""


def choose(settings: Translate, name: str, *, environment: Mapping[str, str] = os.environ, patience: Patience = PATIENCE) -> Translator:
    """The machine called ``name`` (deepl, openai); ``TranslationError`` says what it still needs."""
    if name == "deepl":
        from pipeline.sources.translators.deepl import DeepL

        key = environment.get(DEEPL_KEY, "").strip()
        if not key:
            raise TranslationError(f"DeepL の鍵がありません。環境変数 {DEEPL_KEY} に入れてください（ファイルには書かないでください）。")
        _refuse_open_line(settings.deepl_server_url, key, "deepl_server_url")
        return DeepL(key=key, server_url=settings.deepl_server_url, patience=patience)
    from pipeline.sources.translators.openai import OpenAI

    key = environment.get(OPENAI_KEY, "").strip()
    for field in ("openai_base_url", "openai_model"):
        if not getattr(settings, field):
            raise TranslationError(f'{MASTHEAD} の [translate] に {field} = "…" を書いてください。')
    _refuse_open_line(settings.openai_base_url, key, "openai_base_url")
    return OpenAI(key=key, base_url=settings.openai_base_url, model=settings.openai_model, patience=patience)


def _refuse_open_line(url: str, key: str, field: str) -> None:
    """A key travels over TLS, or not beyond this machine."""
    parts = urlsplit(url)
    if key and parts.scheme == "http" and not _is_here(parts.hostname or ""):
        raise TranslationError(f"{MASTHEAD} [translate] の {field} が http:// のため、鍵を送りません。https:// の URL にしてください。")
    if parts.username or parts.password:
        raise TranslationError(f"{MASTHEAD} [translate] の {field} に鍵やパスワードを書かないでください。環境変数で渡します。")


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
