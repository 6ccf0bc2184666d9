"""DeepL, through its official client: texts in, Japanese in the polite form out. The only file that knows the client.

The client's own retries are off: the desk's patience is one and the same for every service. The key goes to the service and nowhere else;
the service's own words are not repeated, for they might repeat the key.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import deepl
from deepl.api_data import MultilingualGlossaryDictionaryEntries, MultilingualGlossaryInfo

from pipeline.errors import TooLongError, TranslationError
from pipeline.sources.translators import DEEPL_KEY, Terms
from pipeline.sources.translators.patience import BUSY, DOWN, KEY, LONG, ODD, QUOTA, SILENT, UNREACHABLE, BusyError, Patience, patiently

NAME, GLOSSARY = "DeepL", "enews-temporary"
logging.getLogger("deepl").setLevel(logging.WARNING)  # below, the client logs what the service said, letter for letter


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    language: str
    terms: Terms


@dataclass(frozen=True, kw_only=True)
class DeepL:
    """``server_url`` "" is DeepL's own server for the kind of key."""

    key: str = field(repr=False)
    server_url: str
    patience: Patience
    name: str = NAME
    most: int = 50

    def translate(self, texts: tuple[str, ...], *, context: str, language: str, terms: Terms = ()) -> tuple[str, ...]:
        """The texts in Japanese, in order; see ``Translator``."""
        deepl.http_client.max_network_retries = 0
        deepl.http_client.min_connection_timeout = self.patience.answer
        client = deepl.DeepLClient(self.key, server_url=self.server_url or None, send_platform_info=False)
        try:
            found = patiently(lambda: self._ask(client, texts, context, _Words(language=_language(language), terms=terms)), self.patience)
        finally:
            client.close()  # type: ignore[no-untyped-call]
        if len(found) != len(texts):
            raise TranslationError(ODD.format(name=NAME, why=f"{len(texts)}文に{len(found)}文の返事"))
        return found

    def _ask(self, client: deepl.DeepLClient, texts: tuple[str, ...], context: str, words: _Words) -> tuple[str, ...]:
        try:
            with _glossary(client, words) as glossary:
                found = client.translate_text(
                    texts,
                    source_lang=words.language or None,
                    target_lang="JA",
                    formality="prefer_more",
                    preserve_formatting=True,
                    context=context or None,
                    glossary=glossary,
                )
        except deepl.DeepLException as error:
            raise _said(error) from None
        except (KeyError, TypeError, ValueError, AttributeError):
            raise TranslationError(ODD.format(name=NAME, why="形が違います")) from None
        return tuple(one.text for one in (found if isinstance(found, list) else [found]))


def _language(code: str) -> str:
    return code.partition("-")[0].upper()


@contextmanager
def _glossary(client: deepl.DeepLClient, words: _Words) -> Iterator[MultilingualGlossaryInfo | None]:
    """The terms as a glossary at DeepL for one request; nothing of ours is left there, what a crash left is taken away first."""
    entries = {
        " ".join(source.split()): " ".join(japanese.split()) for source, japanese in words.terms if source.strip() and japanese.strip()
    }
    if not (entries and words.language):
        yield None
        return
    for old in client.list_multilingual_glossaries():
        if old.name == GLOSSARY:
            client.delete_multilingual_glossary(old)
    made = client.create_multilingual_glossary(GLOSSARY, [MultilingualGlossaryDictionaryEntries(words.language, "JA", entries)])
    try:
        yield made
    finally:
        for _ in range(2):  # a connection that was dropped while it lay idle is noticed only by the first
            with suppress(deepl.DeepLException):
                client.delete_multilingual_glossary(made)
                break


def _said(error: deepl.DeepLException) -> Exception:
    """The client's error in our words: whether to wait, to stop, or to send less."""
    status = error.http_status_code
    match error:
        case deepl.QuotaExceededException():
            return TranslationError(QUOTA.format(name=NAME))
        case deepl.TooManyRequestsException():
            return BusyError(BUSY.format(name=NAME))
        case deepl.AuthorizationException():
            return TranslationError(KEY.format(name=NAME, status=status, variable=DEEPL_KEY))
        case deepl.ConnectionException():
            return BusyError((SILENT if "timed out" in str(error) else UNREACHABLE).format(name=NAME))
    if status == 401:
        return TranslationError(KEY.format(name=NAME, status=status, variable=DEEPL_KEY))
    if status == 413:
        return TooLongError(LONG.format(name=NAME))
    if status and status >= 500:
        return BusyError(DOWN.format(name=NAME, status=status))
    return TranslationError(
        ODD.format(name=NAME, why=f"状態 {status}。[[feeds]] の language も確かめてください" if status else "応答が壊れています")
    )
