"""What a pattern asks of a text: nothing that it could match without, whatever the pattern and whatever the text."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks import RULES, findings_of
from pipeline.checks.held import ANYTHING, Held, need
from pipeline.checks.rule import Sheet
from tests.builders import ROOT
from tests.checks.bodies import sheet

PIECES = [
    "添",
    "付",
    "[★☆]",
    "[ァ-ヴー]",
    r"\d",
    r"\s",
    "[^あ]",
    ".",
    "(?:添付|別紙)",
    "(?P<a>月)",
    "(?=日)",
    "(?<!第)",
    "(?!は)",
    "(?i:ab)",
    "^",
    "$",
]
TIMES = ["", "?", "*", "+", "{2}", "{0,3}", "??", "+?"]
LETTERS = "添付別紙月日第は★ァー12１ abAB\n"


def _patterns() -> dict[str, re.Pattern[str]]:
    """Every pattern that a family of rules keeps at hand."""
    rooms = [(name, room) for name, room in sys.modules.items() if name.startswith("pipeline.checks.")]
    return {f"{name}.{key}": value for name, room in rooms for key, value in vars(room).items() if isinstance(value, re.Pattern)}


def _lines() -> list[str]:
    """The lines of the samples, and those of every rule's examples."""
    drafts = [path.read_text("utf-8") for path in sorted((ROOT / "issues").glob("*/*.md"))]
    examples = [
        text
        for rule in RULES
        for example in (rule.bad, rule.good)
        for text in ([example] if isinstance(example, str) else example.values())
    ]
    return sorted({line for text in (*drafts, *examples) for line in text.split("\n") if line})


def test_no_pattern_of_any_family_matches_where_its_letters_are_not() -> None:
    """Each pattern is tried on every line of the samples and examples: where it matches, ``Held`` has said that it may."""
    lines = _lines()
    held = Held(lines)
    patterns = _patterns()
    for name, pattern in patterns.items():
        assert {n for n, line in enumerate(lines) if pattern.search(line)} <= set(held.of([pattern])), name
    assert len(patterns) > 300


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(TIMES)), max_size=4), st.booleans(), st.text(LETTERS, max_size=12))
def test_no_pattern_matches_a_text_without_what_it_needs(pieces: list[tuple[str, str]], either: bool, text: str) -> None:
    """Any pattern made of the parts that patterns are made of, and any text: a match is never in a text that is left out."""
    parts = [piece if piece in ("^", "$") or piece.startswith(("(?=", "(?<", "(?!")) else piece + times for piece, times in pieces]
    names = iter(range(9))
    source = ("|" if either else "").join(part.replace("(?P<a>", f"(?P<a{next(names)}>") for part in parts)
    pattern = re.compile(source)
    assert not pattern.search(text) or Held([text]).of([pattern]) == (0,)


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("添付", ["添付の", "付に添"]),
        ("[（(]★", ["（★）", "(★)"]),
        ("添付|別紙", ["添付の", "別紙の", "付に添"]),
        (r"\d年", ["令和6年", "６年"]),
        ("(?i:a)", ["添付の", "別紙の", "（★）", "(★)", "令和6年", "６年", "付に添", "A", ""]),
        ("(?:年)?", ["添付の", "別紙の", "（★）", "(★)", "令和6年", "６年", "付に添", "A", ""]),
    ],
)
def test_what_cannot_match_is_left_out(source: str, kept: list[str]) -> None:
    """A text without the letters is not tried; 付に添 has them, and is: order is the pattern's own business."""
    texts = ["添付の", "別紙の", "（★）", "(★)", "令和6年", "６年", "付に添", "A", ""]
    assert [texts[n] for n in Held(texts).of([re.compile(source)])] == kept


def test_what_is_not_understood_may_match() -> None:
    """A backward reference, any letter, a large class: nothing is asked, so nothing is left out."""
    assert [need(re.compile(source)) for source in (r"(.)\1", ".+", "[一-龯]", "[^。]", r"\w")] == [ANYTHING] * 5


def test_trying_every_passage_finds_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """All rules on all their bad examples in one draft: the same findings when no passage is left out."""
    bodies = [rule.bad for rule in RULES if isinstance(rule.bad, str) and not rule.bad.startswith("---")]
    whole = "\n\n".join(bodies)
    narrowed = _found(sheet(whole))
    monkeypatch.setattr(Held, "of", lambda held, _patterns: tuple(range(held._every.bit_length())))
    assert narrowed == _found(sheet(whole))


def _found(whole: Sheet) -> list[tuple[str, str, str]]:
    return [(finding.code, str(finding.place), finding.message) for rule in RULES for finding in findings_of(rule, whole)]
