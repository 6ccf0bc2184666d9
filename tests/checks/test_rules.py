"""Every rule of the pre-flight against its own examples, and what must be true of all rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.checks import FAMILIES, RULES
from pipeline.checks.reasons import READING
from pipeline.checks.rule import Rule
from tests.checks.examples import findings

each = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


@each
def test_a_rule_finds_its_bad_example_and_explains_it(rule: Rule, tmp_path: Path) -> None:
    """The bad example is found, at a place, with what is wrong and how to mend it, in Japanese."""
    found = [finding for finding in findings(rule.bad, tmp_path) if finding.code == rule.code]
    assert found
    for finding in found:
        assert finding.place is not None
        assert all(re.search("[ぁ-ん]", text) for text in (finding.message, finding.hint)), finding


@each
def test_a_rule_leaves_its_good_example_alone(rule: Rule, tmp_path: Path) -> None:
    """The good example is not found by this rule."""
    assert [finding for finding in findings(rule.good, tmp_path) if finding.code == rule.code] == []


def test_codes_are_unique_and_say_their_family() -> None:
    """One code, one rule; no rule takes a code of the reading."""
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    assert not set(codes) & set(READING)
    assert all(re.fullmatch(r"[A-Z]{2,5}\d{3}", code) for code in codes)


def test_every_rule_says_why_and_who_says_so() -> None:
    """Title, reason and source are written for editors."""
    assert [rule.code for _, rules in FAMILIES for rule in rules if not (rule.title and rule.reason.endswith("。") and rule.source)] == []
