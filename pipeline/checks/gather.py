"""What several families share: the written lines of a passage, and one finding for a slip that repeats. Passages and hits in, the same out.

It never looks for anything itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet

Look = Callable[[Passage], str]


def lines(passage: Passage) -> Iterator[tuple[int, int]]:
    """(start, end) of each line of the file within the passage, whose own line breaks are taken out."""
    start, size = 0, len(passage.offsets)
    if size and bisect_right(passage.line_starts, passage.offsets[0]) == bisect_right(passage.line_starts, passage.offsets[-1]):
        yield 0, size
        return
    starts = passage.line_starts
    begun = frozenset(starts[bisect_right(starts, passage.offsets[0]) : bisect_right(starts, passage.offsets[-1])]) if size else frozenset()
    for at in range(1, size):
        if passage.offsets[at] != passage.offsets[at - 1] + 1 or passage.offsets[at] in begun:
            yield start, at
            start = at
    if size:
        yield start, size


def gathered(hits: Iterable[Hit], *, whole: bool = False) -> Iterator[Hit]:
    """One hit a file (``whole``: one in all), at the first place; the others are named behind the message."""
    for _, group in groupby(hits, key=lambda hit: "" if whole else hit.place.path):
        first, *rest = group
        if rest:
            places = [f"{hit.place.line}行目" if hit.place.path == first.place.path else str(hit.place) for hit in rest]
            shown = "、".join(dict.fromkeys(places[:5])) + ("など" if len(places) > 5 else "")
            fix = tuple(edit for hit in (first, *rest) for edit in hit.fix)
            first = replace(first, message=f"{first.message}ほか{len(rest)}か所（{shown}）。", fix=fix)
        yield first


def found(
    passages: Iterable[Passage], pattern: re.Pattern[str], look: Look = lambda passage: passage.text
) -> Iterator[tuple[Passage, re.Match[str]]]:
    """Every match of a pattern in what ``look`` shows of each passage."""
    for passage in passages:
        for match in pattern.finditer(look(passage)):
            yield passage, match


def unquoted(passage: Passage) -> str:
    """What is not in 「」: a ``Look``."""
    return passage.unquoted


def notes(sheet: Sheet) -> frozenset[str]:
    """The files in which the editors speak themselves: issue.md, 編集後記 and the like."""
    own = (article.place.path for section in sheet.issue.sections if section.shows == "note" for article in section.articles)
    return frozenset((sheet.issue.place.path, *own))
