"""Japanese text in, its words with their kinds out: for the rules that no list of characters can decide. The only file that knows SudachiPy.

The dictionary takes about 50 ms to load, so it is loaded by the first suspicion, once a process; rules look for a suspicion first.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

LONGEST = 12_000  # characters; Sudachi refuses more than 49,149 bytes at once


class Word(NamedTuple):
    """One morpheme: ``kind`` is its part of speech (名詞, 助詞 …), ``plain`` the dictionary's form, ``normal`` its standard spelling.

    ``form``: how it is inflected (連用形-一般), ``*`` if it is not.
    """

    text: str
    start: int
    end: int
    kind: str
    detail: str
    plain: str
    normal: str
    known: bool
    form: str = "*"


@lru_cache(maxsize=2_000)
def words(text: str) -> tuple[Word, ...]:
    """The words of one sentence or paragraph, in order, with their offsets in it."""
    found: list[Word] = []
    for start in range(0, len(text), LONGEST):
        found.extend(_words(text[start : start + LONGEST], start))
    return tuple(found)


def is_word(text: str) -> bool:
    """Whether the dictionary knows the whole as one word."""
    found = words(text)
    return len(found) == 1 and found[0].known


def _words(text: str, start: int) -> Iterator[Word]:
    for part in _tokenizer().tokenize(text):
        kinds = part.part_of_speech()
        if not part.surface():
            continue
        yield Word(
            text=part.surface(),
            start=start + part.begin(),
            end=start + part.end(),
            kind=kinds[0],
            detail=kinds[1],
            plain=part.dictionary_form(),
            normal=part.normalized_form(),
            known=not part.is_oov(),
            form=kinds[5],
        )


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    from sudachipy import Dictionary

    return Dictionary(dict="small").tokenizer()
