"""What a machine wrote: ``<stem>.segments.json`` in and out, and which blocks of the Japanese are still its, or the source's, letter for letter.

A block that differs from what the machine laid there is a person's. A file that is damaged or from elsewhere counts as none at all: then
everything in the Japanese is a person's, and nothing can be overwritten by mistake.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

from pipeline.files import write_file
from pipeline.model import Finding, Place, Severity
from pipeline.sources.changes import source_text
from pipeline.sources.frontmatter import Draft
from pipeline.sources.segments import Block, protect, split

SEGMENTS = ".segments.json"
VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One block of the source. ``machine`` is its translation, "" if there is none; ``left`` says why it stays in the source language."""

    source: str
    digest: str
    placeholders: tuple[str, ...] = ()
    machine: str = ""
    left: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """What the machine last put into the Japanese file: title and blocks as they stand there, and the version of the source they are from."""

    source_digest: str
    title: str
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The whole of a ``.segments.json``. The first segment is the title; ``source_digest`` is the version of the source they are from.

    ``before`` is what was laid before ``laid``: the record is written first, so a run that was killed leaves the Japanese file with that.
    """

    translator: str = ""
    source_digest: str = ""
    segments: tuple[Segment, ...] = ()
    laid: Laid | None = None
    before: Laid | None = None


def digest_of(text: str) -> str:
    """16 hex of a source text: equal texts are translated once."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def record_path(path: Path) -> Path:
    """Where the record of the Japanese file ``path`` lies."""
    return path.with_name(path.stem + SEGMENTS)


def read_record(path: Path) -> Record:
    """The record beside the Japanese file ``path``; an empty one if there is none or it cannot be read."""
    try:
        data = json.loads(record_path(path).read_text(encoding="utf-8"))
        segments = tuple(_segment(row) for row in data["segments"])
        return Record(
            translator=str(data["translator"]),
            source_digest=str(data["source_digest"]),
            segments=segments,
            laid=_laid(data["laid"]),
            before=_laid(data.get("before")),
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Record()


def _segment(row: dict[str, object]) -> Segment:
    texts = {key: str(row[key]) for key in ("source", "digest", "machine", "left")}
    pieces = row["placeholders"]
    return Segment(**texts, placeholders=tuple(str(piece) for piece in (pieces if isinstance(pieces, list) else ())))


def _laid(row: dict[str, object] | None) -> Laid | None:
    if row is None:
        return None
    blocks = row["blocks"]
    if not isinstance(blocks, list):
        raise TypeError
    return Laid(source_digest=str(row["source_digest"]), title=str(row["title"]), blocks=tuple(str(block) for block in blocks))


def write_record(path: Path, record: Record) -> None:
    """Keep the record beside the Japanese file ``path``, whole or not at all."""
    write_file(record_path(path), (json.dumps({"version": VERSION, **asdict(record)}, ensure_ascii=False, indent=1) + "\n").encode())


def plain(text: str) -> str:
    """A block for comparison: spaces at line ends, which editors and synced folders change, do not count."""
    return "\n".join(line.rstrip() for line in text.strip().split("\n"))


def blocks_of(body: str) -> tuple[Block, ...]:
    """The blocks of a text, without blank lines on top."""
    return split(body.strip("\n"))


def blocks(body: str) -> tuple[Block, ...]:
    """The blocks of a Markdown body that hold words: paragraphs, headings, items of lists, rows of tables; no comments, no code."""
    return tuple(block for block in blocks_of(body) if not block.verbatim)


def owned(record: Record, blocks: Iterable[Block]) -> dict[int, int]:
    """Laid block → block of the file, for every block in which no person has changed a letter; the source's own text is nobody's."""
    laid = [plain(block) for block in record.laid.blocks] if record.laid else []
    same = record.laid is not None and record.laid.source_digest == record.source_digest
    sources = {plain(segment.source): text for segment, text in zip(record.segments[1:], laid, strict=False)} if same else {}
    now = [sources.get(plain(block.markdown), plain(block.markdown)) for block in blocks]
    matcher = SequenceMatcher(None, laid, now, autojunk=False)
    return {match.a + n: match.b + n for match in matcher.get_matching_blocks() for n in range(match.size)}


def settled(record: Record, draft: Draft | None) -> Record:
    """The record with the ``laid`` that the Japanese file really got: if it holds more of the one before, a run was killed between the two."""
    if record.before is None or record.laid is None or draft is None:
        return record
    earlier = replace(record, laid=record.before, before=None)
    return earlier if _held(earlier, record.before, draft) > _held(record, record.laid, draft) else record


def _held(record: Record, laid: Laid, draft: Draft) -> int:
    """How much of what was laid the file holds, blocks and title."""
    return len(owned(record, blocks_of(draft.body))) + (draft.value("title") == laid.title)


def is_untouched(record: Record, draft: Draft) -> bool:
    """Whether the body is, letter for letter, what the machine wrote."""
    laid = record.laid.blocks if record.laid else ()
    return bool(laid) and [plain(block.markdown) for block in blocks_of(draft.body)] == [plain(block) for block in laid]


def left_findings(record: Record, draft: Draft, source: Draft | None) -> list[Finding]:
    """TRA001: what still stands in the source language, by a machine's failure or by hand; TRA002: a placeholder of a machine that reached the text.

    ``source`` is ``None`` where the source needs no translation.
    """
    why = dict.fromkeys(_sentences(source), "まだ訳されていません") if source else {}
    if record.laid is not None:
        left = "機械翻訳できず、{}"
        why |= {
            plain(one.source): left.format(one.left or "書き込みの途中で止まりました")
            for one in record.segments
            if one.machine != one.source
        }
    title, line, found = plain(draft.value("title")), draft.body_line, []
    if title in why:
        found.append(_left(why[title], draft.place("title")))
    for block in blocks_of(draft.body):
        if plain(block.markdown) in why:
            found.append(_left(why[plain(block.markdown)], Place(path=draft.path, line=line)))
        line += (block.markdown + block.gap).count("\n")
    return found + _marks(draft, source)


def _sentences(source: Draft) -> Iterator[str]:
    """The blocks of a source that nobody leaves as they are on purpose: more than names, three words that do not begin with a capital."""
    for text, block in ((source.value("original_title"), ""), *((one.text, one.markdown) for one in blocks(source_text(source)))):
        words = re.findall(r"[^\W\d_]{2,}", re.sub("⟦[0-9]+⟧", " ", protect(text).text))
        if sum(word[0] == word[0].lower() for word in words) >= 3:
            yield plain(block or text)


def _marks(draft: Draft, source: Draft | None) -> list[Finding]:
    """A mark of a source that speaks of such marks itself is its own."""
    if source and "⟦" in source.body:
        return []
    lines = [(draft.place(key), draft.value(key)) for key in ("title", "summary")]
    lines += [(Place(path=draft.path, line=draft.body_line + n), text) for n, text in enumerate(draft.body.split("\n"))]
    hint = "原文で、そこにリンク・太字・URLなどのどれがあるかを見て、書き直してください。"
    return [
        Finding(code="TRA002", severity=Severity.ERROR, message=f"機械翻訳の目印 {mark[0]} が残っています。", hint=hint, place=place)
        for place, text in lines
        if (mark := re.search("⟦[^⟦⟧\n]{0,9}⟧?|⟧", text))
    ]


def _left(why: str, place: Place) -> Finding:
    hint = "日本語に訳してください。機械翻訳の下訳なら、もう一度 enews translate を実行すると、この段落だけをやり直します。"
    message = f"原文のまま残っています（{why}）。"
    return Finding(code="TRA001", severity=Severity.ERROR, message=message, hint=hint, place=place)
