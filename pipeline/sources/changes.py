"""A source that changed after it was translated: its earlier and its present text in, the blocks that differ out.

The text that the Japanese was made from is kept beside the source (``<stem>.source.before.md``) until a person has compared the two. It must
never be replaced by a later one: a source that changes twice is still compared with what the translator read.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from pipeline.files import write_file
from pipeline.sources.folder import relative
from pipeline.sources.frontmatter import CASE, Draft, parse
from pipeline.sources.textfile import read_text

BEFORE = ".source.before.md"
_NOTES = re.compile(r"\n*^<!-- (?:.*\n)*?-->\s*\Z", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One block (a paragraph, list, heading or table) that differs: "" where it was not there before, or is gone."""

    before: str
    after: str

    def lines(self) -> tuple[str, ...]:
        """The block as screens show it: － what was taken out, ＋ what came in; in a rewritten block 〔 〕 around the words that differ."""
        if not self.before or not self.after:
            label, text = ("－ 削除", self.before) if self.before else ("＋ 追加", self.after)
            return (f"{label}：{_folded(text)}",)
        before, after = _marked(_folded(self.before), _folded(self.after))
        return (f"－ 変更前：{before}", f"＋ 変更後：{after}")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChanges:
    """What ``enews cases changes`` shows. ``changed``: the source is another text than the translated one; ``kept``: the earlier text is there."""

    id: str
    changed: bool
    kept: bool
    changes: tuple[Change, ...]

    def lines(self) -> tuple[str, ...]:
        """The changes in Japanese, and what to do next."""
        if not self.changed:
            return (f"事例 {self.id} の原文は、翻訳の後で変わっていません。",)
        then = f"訳文を確かめたら「enews cases seen {self.id} --by 氏名」で、確かめた人を残してください。"
        if not self.kept:
            return (f"事例 {self.id} の原文は変わりましたが、前の原文が残っていません。全文を見比べてください。", then)
        shown = [line for number, change in enumerate(self.changes, 1) for line in (f"［{number}］", *change.lines())]
        return (f"事例 {self.id} の原文は、翻訳の後で {len(self.changes)}か所変わりました。", *shown, then)


def source_text(source: Draft) -> str:
    """The post itself, without the notes that ``fetch`` puts below it."""
    return _NOTES.sub("", source.body).rstrip("\n")


def compare(before: Draft, after: Draft) -> tuple[Change, ...]:
    """The blocks that differ, in the order of the text; the title is the first block."""
    old, new = _blocks(before), _blocks(after)
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    pairs = [pair for tag, a, b, c, d in codes if tag != "equal" for pair in zip_longest(old[a:b], new[c:d], fillvalue="")]
    return tuple(Change(before=left, after=right) for left, right in pairs)


def read_before(japanese: Path, root: Path) -> Draft | None:
    """The source that the case at ``japanese`` (``<stem>.md``) was made from, if it has been replaced since."""
    path = before_path(japanese)
    if not path.is_file():
        return None
    name = relative(path, root)
    return parse(read_text(path, name=name)[0], path=name, keys=CASE)


def before_path(japanese: Path) -> Path:
    """Where the earlier source of ``<stem>.md`` is kept."""
    return japanese.with_name(japanese.stem + BEFORE)


def keep_before(source: Path, japanese: Path, root: Path) -> None:
    """Keep the text of ``source`` that is about to be replaced, if somebody has begun to translate it and no earlier one is kept."""
    if not japanese.is_file():
        return
    name = relative(japanese, root)
    made_from = parse(read_text(japanese, name=name)[0], path=name, keys=CASE).value("source_digest")
    kept = read_before(japanese, root)
    if kept is None or not made_from or kept.value("source_digest") != made_from:
        write_file(before_path(japanese), source.read_bytes())


def _blocks(source: Draft) -> list[str]:
    title = source.value("original_title")
    return [*([f"題名：{title}"] if title else []), *(block for block in re.split(r"\n\s*\n", source_text(source)) if block.strip())]


def _folded(block: str) -> str:
    return " ".join(block.split())


def _marked(before: str, after: str) -> tuple[str, str]:
    """Both texts with 〔 〕 around the words that the other one lacks."""
    old, new = (re.findall(r"\w+|\s+|[^\w\s]", text) for text in (before, after))
    codes = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    left, right = [(tag, old[a:b]) for tag, a, b, _, _ in codes], [(tag, new[c:d]) for tag, _, _, c, d in codes]
    return _joined(left), _joined(right)


def _joined(parts: Sequence[tuple[str, list[str]]]) -> str:
    return "".join("".join(words) if tag == "equal" else f"〔{''.join(words)}〕" for tag, words in parts if words)
