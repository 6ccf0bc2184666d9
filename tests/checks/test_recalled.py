"""The years of disasters, treaties and meetings that everyone remembers, in an issue of 31 January 2025."""

from __future__ import annotations

from pathlib import Path

from pipeline.checks.recalled import RULES
from tests.checks.sheets import codes, found_in

BAD = """令和5年能登半島地震の被災地を支援します。
2023年1月の能登半島地震の後、復興が続きます。
令和5年1月に発生した能登半島地震
今年1月に発生した能登半島地震
平成27年熊本地震、令和2年東日本台風
2010年の東日本大震災
東日本大震災は、2011年4月に発生しました。
昨年12月にモントリオールで採択された「昆明・モントリオール生物多様性枠組」
2016年に採択されたパリ協定
パリ協定は、2016年に採択されました。
2014年に採択された「持続可能な開発目標」"""
GOOD = """令和6年能登半島地震の被災地を支援します。2007年の能登半島地震、昨年1月の能登半島地震、昨年の奥能登豪雨
2023年のパリ協定の進み具合の確認、2025年の能登半島地震対応
2016年に発効したパリ協定、2015年12月に採択されたパリ協定、2020年、パリ協定に基づく計画を出しました。
2022年12月に採択された「昆明・モントリオール生物多様性枠組」を受け、2023年に国家戦略が定められました。
令和元年東日本台風、平成28年熊本地震、東日本大震災は、2011年3月に発生しました。2012年、東日本大震災の教訓をまとめました。
今年、能登半島地震から1年を迎えました。昨年は、能登半島地震の支援に当たりました。"""


def test_the_year_of_a_known_event_is_held_against_the_table(tmp_path: Path) -> None:
    """With an era, a western year or a word; what came of it later is another matter."""
    found = codes(found_in(tmp_path, [*BAD.split("\n"), *GOOD.split("\n")], RULES))
    assert {line for line, said in found.items() if said} == set(BAD.split("\n"))
