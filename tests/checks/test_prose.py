"""Notes on prose."""

from __future__ import annotations

import pytest

from pipeline.checks.prose import RULES
from pipeline.model import Severity
from tests.checks.bodies import hits

BAD = [
    "展示も見れます",
    "姿も見れました",
    "給食を食べれる",
    "誰でも来れます",
    "着物が着れる",
    "一日で決めれる",
    "会議を開きました。話しました。重要な一歩である。",
    "会議を開きました。好評だ。話しました。",
    "今年度一番最初の会議",
    "まず最初に挨拶",
    "約30人ほどが参加",
    "図書館でもご覧になられます",
    "お越しになられました",
    "ご相談してください",
]
GOOD = [
    "見られます、食べられます",
    "手に取れる、乗れる、作れる、立ち寄れる、眠れる",
    "忘れる、離れる、流れる、触れる、生まれる",
    "かもしれない、入れる、くれる",
    "会議を開きました。話しました。\n\n- 対象は市民である。",
    "「重要な一歩である。」と述べました。話しました。来年もあります。",
    "会議である。話した。",
    "今年度最初の会議",
    "約30人が参加、30人ほど",
    "ご覧になれます、ご相談ください",
]


@pytest.mark.parametrize("text", BAD)
def test_a_slip_of_style_is_found(text: str) -> None:
    """As a note."""
    assert hits(RULES, text)


@pytest.mark.parametrize("text", GOOD)
def test_good_prose_is_left_alone(text: str) -> None:
    """Potential verbs that need no ら, bullets, quotations, plain style throughout."""
    assert [hit.message for hit in hits(RULES, text)] == []


def test_prose_is_never_more_than_a_note() -> None:
    """Style is the editors' own."""
    assert {rule.severity for rule in RULES} == {Severity.NOTE}
