"""Texts and a pattern in; the texts that may hold a match of it out: those with the letters that the pattern cannot do without.

Some 150 patterns look at every paragraph of an issue, and nearly all of them find nothing: one wants a ★ behind a bracket, another 添 before 付.
So each text's letters are noted once, and a pattern is tried only where its letters are. They are read off the pattern by ``re``'s own parser,
never written down beside it: a pattern that is widened tomorrow is looked for in the right texts at once. Whatever is not understood counts as
"may match"; it must never leave out a text that holds a match. The only file that knows the parser of ``re``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from re import _constants as codes  # type: ignore[attr-defined]  # not in its stubs
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

WIDEST = 128  # letters of one class; [一-龯] says nothing of a Japanese text
DIGIT, SPACE = r"\d", r"\s"  # they stand for all of their kind
_KINDS = {codes.CATEGORY_DIGIT: DIGIT, codes.CATEGORY_SPACE: SPACE}
_EITHER_CASE = int(re.IGNORECASE)
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)


@dataclass(frozen=True, slots=True)
class Need:
    """What a text must hold: every one of ``letters`` and ``parts``, or with ``either`` at least one of them. An empty one asks nothing."""

    letters: frozenset[str] = frozenset()
    parts: tuple[Need, ...] = ()
    either: bool = False


ANYTHING = Need()


class Held:
    """Which of some texts hold which letters; a set of texts is an ``int`` with a bit for each."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Note the letters of each text."""
        self._texts: dict[str, int] = {}
        self._every = 0
        for number, text in enumerate(texts):
            bit = 1 << number
            self._every |= bit
            for letter in set(text):
                self._texts[letter] = self._texts.get(letter, 0) | bit
        self._note_kinds()

    def _note_kinds(self) -> None:
        kinds = {DIGIT: str.isdecimal, SPACE: str.isspace}
        self._texts |= {kind: self._any(letter for letter in self._texts if is_one(letter)) for kind, is_one in kinds.items()}

    def read_as(self, read: Callable[[str], str]) -> Held:
        """The same for the texts as ``read`` makes them, letter by letter: narrow figures for wide ones."""
        held = Held(())
        held._every = self._every
        for letter, texts in self._texts.items():
            if len(letter) == 1:
                held._texts[read(letter)] = held._texts.get(read(letter), 0) | texts
        held._note_kinds()
        return held

    def _any(self, letters: Iterable[str]) -> int:
        found = 0
        for letter in letters:
            found |= self._texts.get(letter, 0)
        return found

    def of(self, patterns: Sequence[re.Pattern[str]]) -> tuple[int, ...]:
        """The numbers of the texts that may hold a match of one of the patterns."""
        found = 0
        for pattern in patterns:
            found |= self._holding(need(pattern))
        return tuple(number for number in range(found.bit_length()) if found >> number & 1)

    def _holding(self, wanted: Need) -> int:
        if wanted.either:
            found = self._any(wanted.letters)
            for part in wanted.parts:
                found |= self._holding(part)
            return found
        found = self._every
        for letter in wanted.letters:
            found &= self._texts.get(letter, 0)
        for part in wanted.parts:
            found &= found and self._holding(part)
        return found


@cache
def need(pattern: re.Pattern[str]) -> Need:
    """What a text must hold for the pattern to match anywhere in it."""
    return _all(parser.parse(pattern.pattern, pattern.flags).data, pattern.flags)


def _all(items: Iterable[tuple[Any, Any]], flags: int) -> Need:
    """What items that follow one another ask for together."""
    letters: set[str] = set()
    parts: list[Need] = []
    for code, value in items:
        if code is codes.LITERAL:
            letters.update(() if flags & _EITHER_CASE else chr(value))
        elif (found := _one(code, value, flags)) is not ANYTHING:
            parts.append(found)
    if len(parts) == 1 and not letters:
        return parts[0]
    return Need(frozenset(letters), tuple(parts)) if letters or parts else ANYTHING


def _one(code: Any, value: Any, flags: int) -> Need:
    """What one item of a parsed pattern asks for."""
    if code is codes.IN:
        return ANYTHING if flags & _EITHER_CASE else _class(value)
    if code in _REPEATS:
        return _all(value[2].data, flags) if value[0] else ANYTHING
    if code is codes.SUBPATTERN:
        return _all(value[3].data, (flags | value[1]) & ~value[2])
    if code is codes.ATOMIC_GROUP:
        return _all(value.data, flags)
    if code is codes.ASSERT:
        return _all(value[1].data, flags)
    return _either([_all(branch.data, flags) for branch in value[1]]) if code is codes.BRANCH else ANYTHING


def _either(branches: list[Need]) -> Need:
    letters: set[str] = set()
    parts: list[Need] = []
    for branch in branches:
        if branch is ANYTHING:
            return ANYTHING
        if branch.parts or (len(branch.letters) > 1 and not branch.either):
            parts.append(branch)
        else:
            letters |= branch.letters
    return Need(frozenset(letters), tuple(parts), either=True)


def _class(items: Iterable[tuple[Any, Any]]) -> Need:
    letters: set[str] = set()
    for code, value in items:
        if code is codes.LITERAL:
            letters.add(chr(value))
        elif code is codes.RANGE and value[1] - value[0] < WIDEST:
            letters.update(map(chr, range(value[0], value[1] + 1)))
        elif code is codes.CATEGORY and value in _KINDS:
            letters.add(_KINDS[value])
        else:
            return ANYTHING
    return Need(frozenset(letters), either=True)
