"""Rules about words of one sound: passages in, findings on words that keep the wrong company out.

A word is wrong only where the company it keeps is certain (損害を保障 but not 社会保障); compounds of this field are known by what a slip makes of
them. Quotations are looked at too: a slip is a slip. It reads no file but its own table (data/homophones.csv).
"""

from __future__ import annotations

import csv
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate
from pathlib import Path

from pipeline.checks.passages import Passage
from pipeline.checks.repeated import once
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.checks.words import words
from pipeline.model import Severity

REACH = 20  # characters around a word in which it may be explained
_NAMED = re.compile(r"[ 　][一-龯々ぁ-んァ-ヶ]{1,4}(?:さん|氏|[（(、。はがの・]|$)|(?:さん|氏|様)(?![々一-龯])|[0-9０-９]*年(?=[刊築])")


def homophones(sheet: Sheet) -> Iterator[Hit]:
    """損害を保障, 実効計画, 脱単素: another word of the same sound, or none at all."""
    yield from once(_found(sheet))


def _found(sheet: Sheet) -> Iterator[Hit]:
    whole = "\n".join(passage.text for passage in sheet.prose)
    pairs = {whole[at : at + 2] for at in range(len(whole))} | set(whole)
    begun = [0, *accumulate(len(passage.text) + 1 for passage in sheet.prose)]
    wanted: dict[int, list[tuple[str, str, str]]] = {}
    for _, row in sorted(found for pair in pairs & _starts().keys() for found in _starts()[pair]):
        for number in {bisect_right(begun, at) - 1 for at in _places(row[0], whole)}:
            wanted.setdefault(number, []).append(row)
    odd = [(word, *strangers()[word]) for word in sorted(pairs & strangers().keys())]
    for number, passage in enumerate(sheet.prose):
        told: set[int] = set()
        for wrong, right, company in wanted.get(number, ()):
            for match in _pattern(company).finditer(passage.text):
                at = match.start() + match[0].find(wrong)
                if at >= match.start() and not told & set(range(at, at + len(wrong))):
                    told.update(range(at, at + len(wrong)))
                    yield _hit(passage, at, wrong, right, match[0])
        for word, right, fine in odd:
            for at in _strange(passage, word, fine) if word in passage.text else ():
                if at not in told and at + 1 not in told:
                    yield _hit(passage, at, word, right, word)


def _hit(passage: Passage, at: int, wrong: str, right: str, around: str) -> Hit:
    message = f"「{around}」の「{wrong}」は、「{right}」の変換の誤りではありませんか。"
    if around == wrong:
        message = f"「{wrong}」は、「{right}」の変換の誤りではありませんか。"
        around = passage.text[max(at - 4, 0) : at + len(wrong) + 4].strip("\ue000 　、。")
    return passage.hit((at, at + len(wrong)), message, f"「{around.replace(wrong, right, 1)}」かどうか、意味を確かめて直してください。")


def _strange(passage: Passage, word: str, fine: str) -> Iterator[int]:
    """Where a word stands that this e-News has no use for, with nothing around that explains it: 動詞 without grammar, 聖火 without a relay."""
    text = passage.text
    for match in re.finditer(word, text):
        start, end = match.span()
        title = passage.article.title.replace(word, "") if passage.article and passage.key != "title" else ""
        around = f"{text[max(start - REACH, 0) : start]}～{text[end : end + REACH]}\n{title}"
        if not (fine and _pattern(fine).search(around)) and _is_word(text, start, end):
            yield start


def _is_word(text: str, start: int, end: int) -> bool:
    """Whether words begin and end there (no 海底 in 東海底面), and it is no name (三輪 玲奈さん)."""
    if _NAMED.match(text, end):
        return False
    found = [word for word in words(text) if word.end > start and word.start < end]
    return bool(found) and found[0].start == start and found[-1].end == end and not any(word.detail == "固有名詞" for word in found)


def _places(word: str, text: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


@lru_cache(maxsize=2_000)
def _pattern(company: str) -> re.Pattern[str]:
    return re.compile(company)


@lru_cache(maxsize=1)
def rows() -> tuple[tuple[str, str, str], ...]:
    """(wrong, right, the wrong one in its company as a pattern), the longest wrong ones first; few of them are ever compiled.

    In the table ～ stands for the wrong word, of which one row may name several; a row without company is a form that is no word at all.
    """
    with (Path(__file__).parent / "data/homophones.csv").open(encoding="utf-8", newline="") as file:
        lines = [(row["wrong"].split(), row["right"], row["where"]) for row in csv.DictReader(file)]
    table = [(wrong, right, where.replace("～", wrong) or wrong) for several, right, where in lines for wrong in several]
    return tuple(sorted(table, key=lambda row: -len(row[0])))


@lru_cache(maxsize=1)
def strangers() -> dict[str, tuple[str, str]]:
    """Word of two characters → (the word that is meant, what explains it as a pattern, in which ～ stands for the word)."""
    with (Path(__file__).parent / "data/strangers.csv").open(encoding="utf-8", newline="") as file:
        return {row["word"]: (row["meant"], row["fine"]) for row in csv.DictReader(file)}


@lru_cache(maxsize=1)
def _starts() -> dict[str, list[tuple[int, tuple[str, str, str]]]]:
    """The first two letters of wrong words → their rows with their numbers in the table: a text holds few of them."""
    starts: dict[str, list[tuple[int, tuple[str, str, str]]]] = {}
    for numbered in enumerate(rows()):
        starts.setdefault(numbered[1][0][:2], []).append(numbered)
    return starts


RULES = (
    Rule(
        code="HOMO001",
        title="同じ音の別の言葉",
        severity=Severity.WARNING,
        reason="変換の誤りは、読み返しても目が滑り、制度の名前では意味が変わります。",
        source="公用文での連語（表）、編集部の経験",
        bad="損害を保障する制度と、脱単素の実効計画についてです。",
        good="社会保障、損害の補償、品質の保証、実行計画の実効性、対照的な結果、対象者についてです。",
        find=homophones,
    ),
)
