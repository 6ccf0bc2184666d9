"""Rules about marks that count through a text: ①②③, 第1に…第2に, 1）2）3）, 第1回, 第2回: passages in, hits out.

A sequence is only judged where it starts at its beginning: 第3回 alone, or ③ that speaks of a figure, counts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from pipeline.checks.layout import groups, sentences, table_of, top_items
from pipeline.checks.numerals import KANJI, form, value_of
from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

_HINT = "番号を振り直すか、抜けた項目を補ってください。"
_CIRCLED = re.compile("[①-⑳]")
_FIRSTLY = re.compile(rf"第(?P<n>\d{{1,2}}|{KANJI})(?:に|は、|の(?:柱|課題|理由|点)は)")
_STEP = re.compile(r"(?:^|(?<=[\s。、；;)" + BLANK + r"])|(?<=[^\d(/~.,:-]))(?P<open>[(]?)(?P<n>\d{1,2})[)]")
_LABEL = re.compile(rf"^[\s{BLANK}・-]*(?:第(?P<a>\d{{1,2}}|{KANJI})(?P<unit>[回部日期章節条])|(?P<b>\d{{1,2}})[.、.:)]|(?P<c>[①-⑳])|[(](?P<d>\d{{1,2}})[)]|"
                    r"(?:STEP|Step|ステップ|手順|その|ポイント|特徴|テーマ)\s?(?P<e>\d{1,2}))")  # fmt: skip


class Mark(NamedTuple):
    """A mark: what it counts, its passage and where it stands there."""

    number: int
    passage: Passage
    start: int
    end: int


def sequences(sheet: Sheet) -> Iterator[Hit]:
    """A number of a sequence that is missing, doubled or out of turn."""
    for block in groups(sheet.prose):
        if block[0].kind == "item":
            yield from _judge([mark for item in top_items(block) for mark in _label(item)], least=max(2, len(top_items(block)) - 1))
            yield from _written(top_items(block))
        elif block[0].kind == "row" and (table := table_of(block)):
            first = [cell for cell in table.column(0) if cell.text]
            marks = [Mark(n, cell.passage, cell.start, cell.start + len(cell.text)) for cell in first for n in _numbered(cell.text)]
            yield from _judge(marks, least=max(3, len(first)))
        for passage in block:
            yield from _in_text(passage)


def _in_text(passage: Passage) -> Iterator[Hit]:
    text = form(passage.text)
    if "②" in text or "③" in text:
        circled = [Mark(ord(m[0]) - ord("①") + 1, passage, m.start(), m.end()) for m in _CIRCLED.finditer(text)]
        yield from _judge(circled, least=2)
    if "第" in text:
        yield from _judge([Mark(_value(m["n"]), passage, m.start(), m.end()) for m in _FIRSTLY.finditer(text)], least=2)
    if "2)" in text or "3)" in text:
        for opened in ("", "("):
            for start, end in sentences(text) if opened else ((0, len(text)),):
                steps = [m for m in _STEP.finditer(text, start, end) if m["open"] == opened]
                yield from _judge([Mark(int(m["n"]), passage, m.start(), m.end()) for m in steps], least=3 if opened else 2)


def _label(item: Passage) -> Iterator[Mark]:
    """The mark that an item of a list begins with, if it writes one of its own."""
    match = _LABEL.match(form(item.text))
    if match:
        text = next(match[key] for key in "abcde" if match[key])
        yield Mark(_value(text), item, match.start() + len(match[0]) - len(match[0].lstrip(" 　・-" + BLANK)), match.end())


def _written(items: tuple[Passage, ...]) -> Iterator[Hit]:
    """Numbers of a Markdown list, which a browser counts anew: 1. 2. 4. shows 3 where the text edition and the reader say 4."""
    marks = [(item, re.match(r"\s*(\d{1,3})\.", item.raw)) for item in items]
    numbers = [Mark(int(match[1]), item, match.start(1), match.end(1)) for item, match in marks if match]
    if len(numbers) == len(items) and {mark.number for mark in numbers} != {1}:
        yield from _judge(numbers, least=2)


def _numbered(text: str) -> Iterator[int]:
    match = re.fullmatch(rf"第?(?P<n>\d{{1,2}}|{KANJI})(?:回|日目|部|期|位)?", text)
    if match:
        yield _value(match["n"])


def _value(text: str) -> int:
    return ord(text) - ord("①") + 1 if "①" <= text <= "⑳" else int(text) if text.isdecimal() else int(value_of(text))


def _judge(marks: list[Mark], *, least: int) -> Iterator[Hit]:
    """The first mark that does not follow the one before. A sequence may begin anew at 1 (a second list in one passage)."""
    if len(marks) < least or marks[0].number != 1:
        return
    for before, mark in pairwise(marks):
        if mark.number in (before.number + 1, 1) and not (mark.number == 1 and before.number == 1):
            continue
        seen = any(mark.number == earlier.number for earlier in marks[: marks.index(mark)])
        if seen and mark.number != before.number and len({other.number for other in marks}) == max(other.number for other in marks):
            return  # ② is spoken of again
        said, last = mark.passage.raw[mark.start : mark.end], before.passage.raw[before.start : before.end]
        why = "が二つ続いています" if mark.number == before.number else f"は、「{last}」の次の番号ではありません"
        yield mark.passage.hit((mark.start, mark.end), f"「{said}」{why}。", _HINT)
        return


RULES = (
    Rule(
        code="CNT004",
        title="通し番号",
        severity=Severity.WARNING,
        reason="番号が飛んだり重なったりすると、読者は項目が抜けたのではないかと疑います。",
        source="校正の慣行",
        bad="①再生可能エネルギーの導入、②建物の断熱、④住民の参加を話し合います。",
        good="①再生可能エネルギーの導入、②建物の断熱、③住民の参加を話し合います。",
        find=sequences,
    ),
)
