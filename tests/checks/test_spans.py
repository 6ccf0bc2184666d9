"""Lengths beside ranges, lists and hours."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks.spans import RULES
from tests.checks.sheets import codes, found_in

BAD = """2月14日（金）～16日（日）の4日間、開催します。
2月14日から16日までの2日間、開催します。
4日間（2月14日～16日）の日程です。
会期は2月14日（金）～16日（日）、4日間です。
2月14日～16日（4日間）
２月１４日～１６日の四日間
2月14日（金）～16日（日）の3泊4日で訪ねます。
2月1日～28日の2週間、募集します。
2025年4月1日から9月30日までの3か月間、行います。
2月3日（月）・10日（月）・17日（月）の全4回です。
全5回（2月3日、10日、17日、24日）の講座です。
2月3日、10日、17日の4日間、開きます。
2月6日、13日、20日（全4回）
13:00～15:00（90分）の講座です。
13時から15時半までの2時間、話し合います。
14:00～16:00（3時間）
2025年度から2028年度までの5年間の計画です。
2020年から2030年までの5年間の計画です。"""
GOOD = """2月14日（金）～16日（日）の3日間、開催します。
3日間（2月14日～16日）の日程です。
2月3日～14日の10日間（土日祝を除く）です。
2月14日～16日のうち2日間、参加してください。
2月14日（金）～16日（日）の2泊3日で訪ねます。
2月3日～14日の2週間、2月1日～28日の4週間、4月1日から9月30日までの6か月間
12月28日～1月5日の9日間
2月3日（月）・10日（月）・17日（月）の全3回です。全4回（2月3日、10日、17日、24日）の講座です。
2月3日、10日の第2回
2月14日と、2月15日の3回目
13:00～15:00（120分）、13:00～14:30（1時間30分）、13:30～16:00（2時間半）、13:00～15:00の2時間
13:00～17:00（60分×3枠）、13:00～15:00（30分前に開場）、13:00～17:00（15分の休憩）
2025年度から2029年度までの5年間の計画です。2020年から2030年までの10年間、2025年～2030年の6年間
2025年度から5年間、2月14日から3日間、3年に一度、30日前まで
2024年度から2025年度の1年目の実績
10月15日から17日までの3日間、10月15日から3日間"""


def test_a_length_that_does_not_add_up_is_found_once(tmp_path: Path) -> None:
    """Days, nights, weeks, months, years, times, minutes."""
    found = found_in(tmp_path, BAD.split("\n"), RULES)
    assert {line: len(findings) for line, findings in found} == dict.fromkeys(BAD.split("\n"), 1)


def test_a_length_that_adds_up_or_is_of_something_else_is_left_alone(tmp_path: Path) -> None:
    """Working days, whole weeks, breaks, ordinal numbers, and what stands apart."""
    assert {line: found for line, found in codes(found_in(tmp_path, GOOD.split("\n"), RULES)).items() if found} == {}


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("2月14日～16日の4日間です。", "2025年2月14日（金）から2025年2月16日（日）までは3日間です。"),
        ("13:00～15:30（90分）です。", "13:00から15:30までは2時間30分です。"),
    ],
)
def test_the_hint_counts_for_the_editor(tmp_path: Path, line: str, hint: str) -> None:
    """What the two ends really make."""
    ((_, (finding,)),) = found_in(tmp_path, [line], RULES)
    assert finding.hint.startswith(hint)
