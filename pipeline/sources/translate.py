"""``enews translate``: cases in; drafts of their Japanese, or worksheets for who translates by hand, out.

What is finished is kept at once, so that running again goes on. The ``.md`` is touched once, at the end, and read again just before: it must
never lose a word that a person wrote, however long the machine took. What a machine damages twice stays in the source language, with a finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pipeline.config import Masthead
from pipeline.errors import CaseError, NewsletterError, TooLongError, TranslationError
from pipeline.files import write_file
from pipeline.model import Finding
from pipeline.sources.cases import (
    BODY_PLACEHOLDER,
    MACHINE,
    SOURCE,
    TITLE_PLACEHOLDER,
    Files,
    is_japanese,
    left_in,
    load_case,
    origin_of,
    text_digest,
)
from pipeline.sources.casework import set_entries, source_text, start_case
from pipeline.sources.folder import relative
from pipeline.sources.frontmatter import CASE, Draft, parse
from pipeline.sources.machine import Laid, Record, Segment, blocks_of, digest_of, owned, read_record, write_record
from pipeline.sources.segments import Block, damage, protect, restore
from pipeline.sources.textfile import clean_text, read_text
from pipeline.sources.tmx import Pair
from pipeline.sources.translators import Translator
from pipeline.sources.worksheet import Help, MatchesOf, TermsOf, compose_worksheet, no_terms

WORKSHEETS = "build/worksheets"
AT_ONCE = 40_000  # bytes of text in one request: services refuse from about 128 kB
CONTEXT = 3_000  # characters of neighbouring text
CaseTerms = Callable[[str], TermsOf]


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """What became of one case; ``error`` is "" if all went well.

    ``translated`` segments are new, ``reused`` were kept from an earlier run, ``kept`` blocks are a person's.
    """

    case: str
    path: str = ""
    worksheet: str = ""
    translated: int = 0
    reused: int = 0
    kept: int = 0
    findings: tuple[Finding, ...] = ()
    error: str = ""

    def lines(self) -> Iterator[str]:
        """The outcome as the screen shows it."""
        if self.error:
            yield f"{self.case}：{self.error}"
        elif self.worksheet:
            yield f"{self.case}：翻訳用紙 {self.worksheet} を作りました。訳文は {self.path} に書いてください。"
        else:
            kept = f"、人が書いたため触れない {self.kept}か所" if self.kept else ""
            yield f"{self.case}：機械翻訳 {self.translated}か所、前回から {self.reused}か所{kept} → {self.path}"
        for finding in self.findings:
            yield f"    {finding.place} {finding.severity.label} {finding.code} {finding.message}"


def no_case_terms(_case_id: str) -> TermsOf:
    """No glossary for any case."""
    return no_terms


def translate_cases(
    root: Path, masthead: Masthead, case_ids: Iterable[str], *, translator: Translator | None, terms: CaseTerms = no_case_terms
) -> Iterator[Translation]:
    """Translate each case (``translator`` is ``None`` for by hand); one that cannot be is an outcome with an error. ``terms``: case → its glossary.

    When the service itself refuses, the cases after it are not begun. Nothing else raises.
    """
    stopped = False
    memory = cache(lambda: _read_memory(root, masthead))
    for case_id in dict.fromkeys(case_ids):
        if stopped:
            yield Translation(case=case_id, error="翻訳サービスが止まったため、始めていません。")
            continue
        try:
            if translator:
                yield _by_machine(root, masthead, case_id, translator, terms(case_id))
            else:
                yield _by_hand(
                    root, masthead, case_id, beside=lambda files: Help(terms=terms(files.id), matches=_remembered(files, memory()))
                )
        except NewsletterError as error:
            stopped = isinstance(error, TranslationError)
            yield Translation(case=case_id, error=str(error))


def _by_hand(root: Path, masthead: Masthead, case_id: str, *, beside: Callable[[Files], Help]) -> Translation:
    """Lay the empty Japanese file, if there is none, and the worksheet."""
    files = load_case(root, masthead, case_id)
    source = _source(files)
    if files.japanese is None:
        start_case(root, masthead, case_id)
    name = relative(files.path, root)
    about = f"{files.value('publisher')}　{files.value('url')}　訳文は {name} に、この番号の順に、一段落ずつ書いてください。"
    blocks, language = blocks_of(source_text(source)), files.value("language")
    page = compose_worksheet(source.value("original_title"), blocks, about=about, language=language, beside=beside(files))
    worksheet = root / WORKSHEETS / f"{files.id}.html"
    write_file(worksheet, page.encode())
    return Translation(case=files.id, path=name, worksheet=relative(worksheet, root))


def _read_memory(root: Path, masthead: Masthead) -> tuple[Pair, ...]:
    from pipeline.sources.memory import read_memory  # rapidfuzz is for worksheets only

    return read_memory(root, masthead)


def _remembered(files: Files, memory: tuple[Pair, ...]) -> MatchesOf:
    """Text → earlier translations of like texts: from the same language, and from other cases than this one."""
    from pipeline.sources.memory import matches

    language = origin_of(files).language.partition("-")[0].lower() or "en"
    others = tuple(pair for pair in memory if pair.origin != files.id and pair.language.partition("-")[0] == language)
    return lambda text: matches(text, others) if any(ch.isalpha() for ch in text) else ()


def _by_machine(root: Path, masthead: Masthead, case_id: str, translator: Translator, terms: TermsOf) -> Translation:
    files = load_case(root, masthead, case_id)
    source = _source(files)
    blocks, record = blocks_of(source_text(source)), files.record
    share = machines_share(files, source, blocks)
    segments = _segments(source, blocks, record)
    wanted = [n for n, segment in enumerate(segments) if not segment.machine and _is_open(n, share)]
    room = _Room(
        path=files.path,
        blocks=blocks,
        language=files.value("language"),
        source_digest=source.value("source_digest"),
        laid=record.laid,
        translator=translator,
        terms=terms,
    )
    reused = sum(segment.machine not in ("", segment.source) for segment in segments)
    for batch in _batches(segments, wanted, translator.most):
        segments = _translated(segments, batch, room)
        room.keep(segments)
    files, kept = _lay(root, masthead, files.id, source, segments)
    translated = sum(bool(segments[n].machine) for n in wanted)
    return Translation(
        case=files.id,
        path=relative(files.path, root),
        translated=translated,
        reused=reused,
        kept=kept,
        findings=left_in(files),
    )


def _source(files: Files) -> Draft:
    if files.source is None:
        raise CaseError(f"事例「{files.id}」の原文（{files.path.stem}{SOURCE}）がありません。enews fetch を実行してください。")
    if is_japanese(files):
        raise CaseError(f"もともと日本語のため、翻訳は要りません。enews cases start {files.id} で本文を引き継げます。")
    return files.source


def machines_share(files: Files, source: Draft, blocks: tuple[Block, ...]) -> dict[int, int] | None:
    """Which blocks of the Japanese are the machine's (source block → block of the file); ``None`` if all of the body is its to write.

    ``CaseError`` if a person has written the body, or has edited or reviewed the translation of another version of the source.
    """
    draft, laid = files.japanese, files.record.laid
    if draft is None or draft.body.strip() in ("", BODY_PLACEHOLDER):
        return None
    if laid is None:
        raise CaseError(f"{draft.path} の本文は人が書いたものなので、機械翻訳を書き込みません。")
    now = blocks_of(draft.body)
    share = owned(files.record, now)
    changed = laid.source_digest != source.value("source_digest") or len(laid.blocks) != len(blocks)
    vouched = draft.value("reviewed_digest") == text_digest(draft)
    if len(share) == len(laid.blocks) == len(now) and not (changed and vouched):
        return None
    if changed:
        raise CaseError(
            f"原文が更新されましたが、{draft.path} は人が直したか校閲したものなので、機械翻訳を書き込みません。"
            f"{files.path.stem}{SOURCE} と見比べて直し、enews cases seen {files.id} --by 氏名 を実行してください。"
        )
    return share


def _is_open(number: int, share: dict[int, int] | None) -> bool:
    """Whether the machine may still write segment ``number`` (0 is the title): no person has taken that block over."""
    return share is None or number == 0 or number - 1 in share


def _segments(source: Draft, blocks: tuple[Block, ...], record: Record) -> tuple[Segment, ...]:
    """The segments of a source: title, then blocks; what was translated before, or needs no translation, is filled in."""
    known = {segment.digest: segment for segment in record.segments if segment.machine}
    title = source.value("original_title")
    pairs = ((title, title, False), *((block.markdown, block.text, block.verbatim) for block in blocks))
    return tuple(known.get(digest_of(markdown)) or _segment(markdown, text, verbatim=verbatim) for markdown, text, verbatim in pairs)


def _segment(markdown: str, text: str, *, verbatim: bool) -> Segment:
    hidden = protect(text)
    as_is = verbatim or not hidden.has_words
    return Segment(
        source=markdown, digest=digest_of(markdown), placeholders=() if verbatim else hidden.kept, machine=markdown if as_is else ""
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Room:
    """What translating a batch needs beside its segments."""

    path: Path
    blocks: tuple[Block, ...]
    language: str
    source_digest: str
    laid: Laid | None
    translator: Translator
    terms: TermsOf

    def keep(self, segments: tuple[Segment, ...]) -> None:
        """Keep what is finished."""
        record = Record(translator=self.translator.name, source_digest=self.source_digest, segments=segments, laid=self.laid)
        write_record(self.path, record)

    def lead(self, number: int) -> str | None:
        """The markup before a segment's words; ``None`` for the title."""
        return self.blocks[number - 1].lead if number else None


def _batches(segments: tuple[Segment, ...], wanted: list[int], most: int) -> Iterator[tuple[int, ...]]:
    """Runs of segments of at most ``most`` texts and about ``AT_ONCE`` bytes."""
    batch: list[int] = []
    size = 0
    for number in wanted:
        length = len(segments[number].source.encode())
        if batch and (len(batch) == most or size + length > AT_ONCE):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(number)
        size += length
    if batch:
        yield tuple(batch)


def _translated(segments: tuple[Segment, ...], batch: tuple[int, ...], room: _Room) -> tuple[Segment, ...]:
    """The segments with those of the batch filled in, or left with the reason; a damaged one is tried once more, alone."""
    done = list(segments)
    try:
        first = _ask(segments, batch, room)
    except TooLongError as error:
        if len(batch) == 1:
            done[batch[0]] = replace(segments[batch[0]], left=str(error))
            return tuple(done)
        for number in batch:
            done = list(_translated(tuple(done), (number,), room))
        return tuple(done)
    for number, text in zip(batch, first, strict=True):
        done[number] = _judged(segments[number], text, room.lead(number))
    room.keep(tuple(done))
    for number in (number for number in batch if done[number].left):
        done[number] = _again(segments, number, room)
    return tuple(done)


def _again(segments: tuple[Segment, ...], number: int, room: _Room) -> Segment:
    """The second and last try of a damaged segment."""
    try:
        (text,) = _ask(segments, (number,), room)
    except TooLongError as error:
        return replace(segments[number], left=str(error))
    return _judged(segments[number], text, room.lead(number))


def _judged(segment: Segment, text: str, lead: str | None) -> Segment:
    """The segment with the machine's text, or with what is wrong with it."""
    text = re.sub(r"\s*\n\s*", "", clean_text(text)).strip() + _words(segment, lead)[1]
    found = damage(text, segment.placeholders, lead=lead)
    if found:
        return replace(segment, machine="", left="、".join(found))
    return replace(segment, machine=(lead or "") + restore(text, segment.placeholders), left="")


def _words(segment: Segment, lead: str | None) -> tuple[str, str]:
    """What is sent of a segment, and what closes it and is not: the last bar of a table's row, behind which nothing may stand."""
    text = protect(segment.source[len(lead or "") :]).text.replace("\n", " ")
    end = re.search(r"[ \t]*⟦[0-9]+⟧$", text) if lead and "|" in lead and segment.placeholders[-1:] == ("|",) else None
    return (text[: end.start()], end[0]) if end else (text, "")


def _ask(segments: tuple[Segment, ...], batch: tuple[int, ...], room: _Room) -> tuple[str, ...]:
    """One request: the words of the batch with title and neighbours as context."""
    words = [_words(segments[n], room.lead(n))[0] for n in batch]
    around = (segments[0].source, *(segments[n].source for n in (batch[0] - 1, *batch[1:-1], batch[-1] + 1) if 0 < n < len(segments)))
    terms = dict.fromkeys(pair for n in batch for pair in room.terms(segments[n].source))
    return room.translator.translate(tuple(words), context="\n".join(around)[:CONTEXT], language=room.language, terms=tuple(terms))


def _lay(root: Path, masthead: Masthead, case_id: str, source: Draft, segments: tuple[Segment, ...]) -> tuple[Files, int]:
    """Put what is finished into the Japanese file as it is now, and record it; the files after, and how many blocks are a person's."""
    files = load_case(root, masthead, case_id)
    if files.japanese is None:
        start_case(root, masthead, case_id)
        files = load_case(root, masthead, case_id)
    draft = files.japanese
    if draft is None:
        raise CaseError(f"{files.path.name} を読めません。もう一度実行してください。")
    blocks = blocks_of(source_text(source))
    share = machines_share(files, source, blocks)
    fresh = tuple(segment.machine or segment.source for segment in segments[1:])
    title = " ".join((segments[0].machine or segments[0].source).split())
    laid = Laid(source_digest=source.value("source_digest"), title=title, blocks=fresh)
    values = _values(draft, files.record.laid, laid, anew=share is None)
    now = blocks_of(draft.body)
    body = _body(fresh, blocks) if share is None else _body(_mixed(now, fresh, share), now)
    old = read_text(files.path, name=draft.path)[0]
    new = _with_body(set_entries(old, values, path=draft.path), body, path=draft.path)
    kept = read_record(files.path)
    before = kept.before if files.record.laid == laid else files.record.laid
    write_record(files.path, replace(kept, source_digest=laid.source_digest, segments=segments, laid=laid, before=before))
    if new != old:
        write_file(files.path, new.encode())
    return load_case(root, masthead, case_id), 0 if share is None else len(now) - len(share)


def _values(draft: Draft, before: Laid | None, laid: Laid, *, anew: bool) -> dict[str, str]:
    """The entries that are the machine's to write."""
    values = {"source_digest": laid.source_digest} if anew and laid.source_digest else {}
    if draft.value("title") in ("", TITLE_PLACEHOLDER, before.title if before else ""):
        values["title"] = laid.title
    if not draft.value("translator"):
        values["translator"] = MACHINE
    return values


def _mixed(now: tuple[Block, ...], fresh: tuple[str, ...], share: dict[int, int]) -> tuple[str, ...]:
    """The blocks of the file, those of the machine renewed."""
    mine = {there: fresh[here] for here, there in share.items()}
    return tuple(mine.get(n, block.markdown) for n, block in enumerate(now))


def _body(texts: tuple[str, ...], blocks: tuple[Block, ...]) -> str:
    return "".join(text + block.gap for text, block in zip(texts, blocks, strict=True)).strip("\n")


def _with_body(text: str, body: str, *, path: str) -> str:
    """The file's text with another body; every letter of the front matter stays."""
    draft = parse(text, path=path, keys=CASE)
    if not draft.body:
        return f"{text.rstrip()}\n\n{body}\n"
    return "\n".join([*text.split("\n")[: draft.body_line - 1], body, ""])
