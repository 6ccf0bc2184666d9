"""The running text of an issue as the rules read it: manuscripts in, passages out, every character of which knows its place in the file.

A passage is one entry of a front matter or one block of a body with its soft line breaks taken out (日付 may be broken after 16日). What is no
prose (addresses, markup, comments, code, the 誤 side of a correction) is blanked, never cut, so that offsets stay true. A text too long for a
paragraph of ours is cut, so that no rule, however it searches, takes longer than its length deserves. It reads no file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate

from pipeline.checks.rule import Hit
from pipeline.model import Article, Edit, Manuscript, Place, Severity

BLANK = "\ue000"  # stands for what is no prose; no rule takes it for a letter, a space or a mark
LONG = 2000  # characters of one passage; the longest paragraph of any issue has fewer than half
DATA = frozenset(  # entries that hold no Japanese prose of ours
    {
        *("section", "link", "image", "apply_url", "waive", "pathway", "hold", "embargo", "permission", "edition", "date", "number"),
        *("event", "report", "cases", "feed", "entry_id", "url", "original_title", "publisher", "language", "published", "source_digest"),
        *("translator", "reviewer", "reviewed_digest", "reviewed_source", "reviewed_on", "visibility", "dismissed", "licence"),
    }
)
_URL = re.compile(r"(?:https?://|www\.)[!-~]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_MARKUP = re.compile(
    r"<!--.*?-->|`[^`]*`|\*\*|</?[a-zA-Z][^<>]*>"
    r"|!?\[(?=[^\]]*\]\()|(?<=[^\s\[])\](?=\()|(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:[ \t]+[\"'][^\"']*[\"'])?\)"
)
_QUOTED = re.compile(r"「[^「」]*」|『[^『』]*』|“[^“”]*”")
_QUOTE = re.compile("[「『“]")
_WRONG = re.compile(r"[（(]誤[）)].*|^誤[：:].*")
_MARK = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+|\d{1,3}\.[ \t]+)")
_LIST = re.compile(r"^[ \t]*(?:[-*+][ \t]+|\d{1,3}\.[ \t]+|[・○●◯◇◆■□][ 　]?)")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Passage:
    """One stretch of text. ``raw`` is what is written, ``text`` the same with what is no prose as ``BLANK``; ``offsets`` lead into the file.

    ``unquoted`` is ``text`` with what stands in 「」, 『』 and “” blanked: other people's words are not ours to change.
    ``kind``: field (then ``key`` is the entry's), heading, paragraph, item, row, quote. ``article`` is ``None`` in ``issue.md``.
    """

    path: str
    kind: str
    raw: str
    text: str
    offsets: tuple[int, ...]
    line_starts: tuple[int, ...]
    key: str = ""
    article: Article | None = None
    unquoted: str = field(init=False)

    def __post_init__(self) -> None:
        """Every rule asks for ``unquoted``, so it is made once."""
        object.__setattr__(self, "unquoted", _blanked(self.text, _QUOTED) if _QUOTE.search(self.text) else self.text)

    @property
    def is_data(self) -> bool:
        """Whether it is an entry that holds no prose: a digest, an address, a foreign title."""
        return self.key in DATA

    def place(self, at: int) -> Place:
        """Where the character ``at`` of this passage stands."""
        offset = self.offsets[min(at, len(self.offsets) - 1)]
        line = bisect_right(self.line_starts, offset)
        return Place(path=self.path, line=line, column=offset - self.line_starts[line - 1] + 1)

    def hit(self, span: tuple[int, int], message: str, hint: str, *, instead: str | None = None, severity: Severity | None = None) -> Hit:
        """What a rule found at ``span`` of this passage; ``instead`` is the safe text that ``check --fix`` may put there."""
        start, end = span
        fix: tuple[Edit, ...] = ()
        if instead is not None and end > start and self.offsets[end - 1] - self.offsets[start] == end - 1 - start:
            fix = (Edit(path=self.path, start=self.offsets[start], end=self.offsets[end - 1] + 1, text=instead),)
        return Hit(message=message, hint=hint, place=self.place(start), severity=severity, fix=fix)


def passages(manuscript: Manuscript, article: Article | None = None) -> Iterator[Passage]:
    """Every passage of a manuscript, in the order of the file; empty ones are left out."""
    starts = tuple(accumulate((len(line) + 1 for line in manuscript.text.split("\n")), initial=0))
    for entry in manuscript.entries:
        if entry.end > entry.start:
            for spans in _parts(manuscript.text, [(entry.start, entry.end)]):
                yield _passage(manuscript, spans, starts, article, kind="field", key=entry.key)
    wrong: int | None = None
    blocks = ((kind, part) for kind, spans in _blocks(manuscript.text, manuscript.body) for part in _parts(manuscript.text, spans))
    for kind, spans in blocks:
        passage = _passage(manuscript, spans, starts, article, kind=kind)
        cells = [cell.strip(" 　" + BLANK) for cell in passage.text.split("|")]
        wrong = (cells.index("誤") if "誤" in cells else wrong) if kind == "row" else None
        yield passage if wrong is None else _without_cell(passage, wrong)


def _without_cell(passage: Passage, number: int) -> Passage:
    """A row of a 誤／正 table with its wrong side blanked: the mistake that it quotes is no mistake of this issue."""
    cells = passage.text.split("|")
    if number < len(cells):
        cells[number] = BLANK * len(cells[number])
    return replace(passage, text="|".join(cells))


def _parts(text: str, spans: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """The lines of a block, in parts of at most ``LONG`` characters: cut between two sentences if there are any."""
    part: list[tuple[int, int]] = []
    room = LONG
    for whole, end in spans:
        start = whole
        while end - start > room:
            cut = text.rfind("。", start + room // 2, start + room) + 1 or start + room
            yield [*part, (start, cut)]
            part, room, start = [], LONG, cut
        part.append((start, end))
        room -= end - start
    yield part


def _passage(
    manuscript: Manuscript, spans: list[tuple[int, int]], starts: tuple[int, ...], article: Article | None, *, kind: str, key: str = ""
) -> Passage:
    offsets: list[int] = []
    for start, end in spans:
        if offsets and manuscript.text[offsets[-1]].isascii() and manuscript.text[start].isascii():
            offsets.append(offsets[-1] + 1)  # the line break between two Latin words is their space
        offsets.extend(range(start, end))
    raw = "".join(" " if manuscript.text[n] == "\n" else manuscript.text[n] for n in offsets)
    text = raw
    for pattern in (*((_MARK,) if kind != "field" else ()), _MARKUP, _URL, _WRONG):
        text = _blanked(text, pattern)
    if key in ("corrects", "errata"):
        text = re.sub(r"(?<=[｜|])[^｜|]*(?=[｜|])", lambda match: BLANK * len(match[0]), text)
    return Passage(
        path=manuscript.path, kind=kind, raw=raw, text=text, offsets=tuple(offsets), line_starts=starts, key=key, article=article
    )


def _blocks(text: str, body: int) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """(kind, the spans of its lines) for each block of the body: paragraphs, list items, table rows, headings, quotations."""
    spans: list[tuple[int, int]] = []
    kind, fenced = "", False
    for start, line in _lines(text, body):
        stripped = line.strip()
        if stripped.startswith(("```", "~~~")):
            fenced = not fenced
            stripped = ""
        begins = "" if fenced else _kind(line)
        if spans and (not stripped or fenced or begins or kind in ("heading", "row") or line.startswith("|")):
            yield kind, spans
            spans = []
        if stripped and not fenced:
            if not spans:
                kind = begins or "paragraph"
            lead = len(line) - len(line.lstrip(" \t　"))
            spans.append((start + lead, start + len(line.rstrip(" \t　"))))
    if spans:
        yield kind, spans


def _lines(text: str, body: int) -> Iterator[tuple[int, str]]:
    for line in text[body:].split("\n"):
        yield body, line
        body += len(line) + 1


def _kind(line: str) -> str:
    if line.lstrip().startswith("#"):
        return "heading"
    if line.lstrip().startswith("|"):
        return "row"
    if line.lstrip().startswith(">"):
        return "quote"
    return "item" if _LIST.match(line) else ""


def _blanked(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda match: BLANK * len(match[0]), text)


def all_passages(manuscripts: Iterable[tuple[Manuscript | None, Article | None]]) -> tuple[Passage, ...]:
    """The passages of several manuscripts, one file after the other; a file that is listed twice is read once."""
    found: list[Passage] = []
    seen = set()
    for manuscript, article in manuscripts:
        if manuscript and manuscript.path not in seen:
            seen.add(manuscript.path)
            found.extend(passages(manuscript, article))
    return tuple(found)
