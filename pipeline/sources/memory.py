"""The translation memory: the reviewed case studies themselves, source beside Japanese, and what was imported; text in, earlier translations out.

It only remembers what a named person has reviewed. It must never call a text the same that differs in a letter, and never hide that a number,
a year, a negation or a name differs: fuzzy hits are for a person to read.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from rapidfuzz import fuzz, process

from pipeline.config import Masthead
from pipeline.sources.cases import Files, State, case_ids, load_case, origin_of, state_of
from pipeline.sources.changes import source_text
from pipeline.sources.frontmatter import Draft
from pipeline.sources.machine import Record, blocks, blocks_of, plain
from pipeline.sources.segments import Block
from pipeline.sources.tmx import Pair, pair_of, read_tmx, write_tmx

MEMORY = "issues/memory.tmx"
_NOT = re.compile(
    r"\b(?:not|no|never|none|nor|neither|nobody|nothing|nowhere|without|cannot|unless|except|hardly|lack(?:s|ed|ing)?|refus\w+|fail\w*)\b|n['’]t\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBER_WORD = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?|billions?|trillions?|half"
    r"|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|twice|once|double[ds]?)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[^\W\d_a-z][\w'’-]*")
_BEGINNERS = """
    a an the this that these those it its in on at of for from by with to and or but as we our they their he she his her if when while after before
    since all more most many some each every other there here how what why who which then also however not no
"""
_NO_NAMES = frozenset(_BEGINNERS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """An earlier translation of a like text. ``score`` is 0–100; ``flags`` say in Japanese what a person must not overlook."""

    pair: Pair
    score: float
    flags: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether it may be taken as it stands: the very same text."""
        return self.score >= 100 and not self.flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did: pairs that are new, pairs that were known, units of the file without Japanese or without a source."""

    new: int
    known: int
    left_out: int

    def line(self) -> str:
        """The result as the screen says it."""
        left = f"、日本語か原文がなく取り込まなかったもの {self.left_out}件" if self.left_out else ""
        return f"{MEMORY} に取り込みました：新しい対訳 {self.new}件、すでにあるもの {self.known}件{left}"


def import_tmx(root: Path, file: Path) -> Imported:
    """Add the pairs of a TMX file to the workspace's memory. ``WorkspaceError`` for a file that is no harmless TMX."""
    pairs, left_out = read_tmx(file, name=file.name)
    path = root / MEMORY
    known = dict.fromkeys(read_tmx(path, name=MEMORY)[0] if path.is_file() else ())
    new = [pair for pair in pairs if pair not in known]
    write_tmx(path, (*known, *new))
    return Imported(new=len(new), known=len(pairs) - len(new), left_out=left_out)


def read_memory(root: Path, masthead: Masthead) -> tuple[Pair, ...]:
    """Everything the desk remembers: the reviewed cases, newest last, then ``issues/memory.tmx``; each pair once."""
    path = root / MEMORY
    imported = read_tmx(path, name=MEMORY)[0] if path.is_file() else ()
    return tuple(dict.fromkeys((*case_pairs(root, masthead), *imported)))


def case_pairs(root: Path, masthead: Masthead) -> tuple[Pair, ...]:
    """The pairs of all cases that are reviewed and whose source has not changed since."""
    files = (load_case(root, masthead, case_id) for case_id in case_ids(root))
    return tuple(pair for case in files if state_of(case) is State.REVIEWED for pair in pairs_of(case))


def pairs_of(files: Files) -> tuple[Pair, ...]:
    """Title beside title, and block beside block: by the machine's record where there is one, else where both texts have the same kinds of them."""
    if files.source is None or files.japanese is None:
        return ()
    texts = _from_record(files.record, files.source, files.japanese) or _by_position(files.source, files.japanese)
    beside = ((files.value("original_title"), files.japanese.value("title")), *texts)
    language = origin_of(files).language or "en"
    found = (pair_of(left, right, language=language, origin=files.id) for left, right in beside)
    return tuple(pair for pair in found if pair.target and any(ch.isalpha() for ch in pair.source))


def _by_position(source: Draft, japanese: Draft) -> list[tuple[str, str]]:
    """Block beside block, if both texts have as many of them and of the same kinds."""
    left, right = blocks(source_text(source)), blocks(japanese.body)
    if [_kind(block) for block in left] != [_kind(block) for block in right]:
        return []
    return [(one.text, other.text) for one, other in zip(left, right, strict=True)]


def _from_record(record: Record, source: Draft, japanese: Draft) -> list[tuple[str, str]]:
    """What a machine laid for each block of this source, as it reads after the review; blocks that were moved, joined or added are left out."""
    laid, sources = record.laid, blocks_of(source_text(source))
    if laid is None or laid.source_digest != source.value("source_digest") or len(laid.blocks) != len(sources):
        return []
    now = blocks_of(japanese.body)
    codes = SequenceMatcher(None, [plain(text) for text in laid.blocks], [plain(block.markdown) for block in now], autojunk=False)
    spans = [(a, b, c, d) for _, a, b, c, d in codes.get_opcodes() if b - a == d - c]
    beside = [(sources[a + n], now[c + n]) for a, b, c, _ in spans for n in range(b - a)]
    return [(left.text, right.text) for left, right in beside if not left.verbatim and _kind(left) == _kind(right)]


def _kind(block: Block) -> str:
    """Heading, list, table, quotation or running text: blocks that stand side by side are of one kind."""
    mark = block.lead.strip()
    return "1" if mark[:1].isdecimal() else "-" if mark[:1] in ("-", "*", "+", "・") else mark[:1]


def matches(text: str, memory: Iterable[Pair], *, limit: int = 3, least: float = 75) -> tuple[Match, ...]:
    """The likest texts of the memory, best first, at most one for each translation; ``least`` is the lowest score shown."""
    pairs = tuple(memory)
    wanted = _plain(text)
    ranked = process.extract(wanted, [_plain(pair.source) for pair in pairs], scorer=fuzz.ratio, score_cutoff=least, limit=None)
    found: dict[str, Match] = {}
    for source, score, index in ranked:
        shown = 100.0 if source == wanted else min(score, 99.9)
        found.setdefault(pairs[index].target, Match(pair=pairs[index], score=shown, flags=differences(text, pairs[index].source)))
    return tuple(sorted(found.values(), key=lambda match: -match.score))[:limit]


def differences(text: str, remembered: str) -> tuple[str, ...]:
    """What differs between two like texts and must be looked at: 年, 数, 否定, 固有名."""
    new, old = _plain(text), _plain(remembered)
    tests = (
        ("年", _years(new), _years(old)),
        ("数", _numbers(new), _numbers(old)),
        ("否定", _found(_NOT, new), _found(_NOT, old)),
        ("固有名", _names(new), _names(old)),
    )
    return tuple(f"{label}が違います（{_listed(before)} → {_listed(now)}）" for label, now, before in tests if now != before)


def _years(text: str) -> Counter[str]:
    return Counter(number for number in _NUMBER.findall(text) if re.fullmatch(r"(?:19|20)\d\d", number))


def _numbers(text: str) -> Counter[str]:
    return (Counter(_NUMBER.findall(text)) - _years(text)) + _found(_NUMBER_WORD, text)


def _found(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(found.lower() for found in pattern.findall(text))


def _names(text: str) -> Counter[str]:
    """Words with a capital; the small words that merely begin a sentence are no names."""
    return Counter(word for word in _NAME.findall(text) if word[0].isupper() and word.lower() not in _NO_NAMES)


def _listed(words: Counter[str]) -> str:
    return "、".join(sorted(words.elements())) or "なし"


def _plain(text: str) -> str:
    """What is compared: NFC, one space for any white space."""
    return " ".join(unicodedata.normalize("NFC", text).split())
