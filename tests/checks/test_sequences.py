"""Marks that count through a text."""

from __future__ import annotations

import pytest

from pipeline.checks.sequences import RULES
from tests.checks.bodies import codes_in

BAD = [
    "①再生可能エネルギーの導入、②建物の断熱、④住民の参加を話し合います。",
    "①再エネ、②断熱、②住民の参加です。",
    "要望は、①加速、③確保です。",
    "第1に資金、第2に人材、第4に情報です。",
    "第一に、資金です。第二に、人材です。第二に、情報です。",
    "1）メール\n2）郵送\n4）窓口への持参\n",
    "方法は、(1)メール、(2)郵送、(4)窓口です。",
    "1. 早く\n2. 安く\n4. 強く\n",
    "1. 早く\n2. 安く\n2. 強く\n",
    "- 第1回　5月14日\n- 第2回　5月21日\n- 第4回　6月4日\n",
    "・①早く\n・②安く\n・④強く\n",
    "- 手順1　開く\n- 手順2　書く\n- 手順2　送る\n",
    "| 回 | 開催日 |\n|---|---|\n| 第1回 | 7月26日 |\n| 第3回 | 10月29日 |\n| 第4回 | 11月22日 |\n",
    "| 回 | 開催日 |\n|---|---|\n| 1 | 7月26日 |\n| 2 | 10月29日 |\n| 2 | 11月22日 |\n",
]
GOOD = [
    "①再生可能エネルギーの導入、②建物の断熱、③住民の参加の3点を話し合います。①と③は来月です。",
    "図の③は会場です。②をご覧ください。",
    "第1に資金、第2に人材、第3に情報です。第4回の会合は第2会場で開きます。",
    "1）メール（5月31日必着）\n2）郵送\n3）窓口への持参（平日8:30～17:15）\n",
    "方法は、(1)メール、(2)郵送、(3)窓口です。",
    "1. 早く\n2. 安く\n3. 強く\n",
    "1. 早く\n1. 安く\n1. 強く\n",
    "- 第1回　5月14日\n- 第2回　5月21日\n- 第3回　5月28日\n",
    "- 第4回イクレイカフェ\n- 第20回世界冬の都市市長会議\n- 第1回会合\n",
    "| 回 | 開催日 |\n|---|---|\n| COP21 | 2015 |\n| COP26 | 2021 |\n| COP27 | 2022 |\n",
    "| 年度 | 件数 |\n|---|---|\n| 2018 | 50 |\n| 2021 | 43 |\n| 2023 | 37 |\n",
    "午前は①受付、②説明、午後は①見学、②質疑です。",
    "第1部は講演、第2部は討論です。第1回は7月、第3回は11月に開きました。",
    "参加者は20人（うち学生5）でした。1）は令和6年度の数です。",
]


@pytest.mark.parametrize("body", BAD)
def test_a_gap_or_a_double_in_a_sequence_is_found_once(body: str) -> None:
    """In running text, in lists, in the first column of a table."""
    assert codes_in(body, RULES) == ["CNT004"]


@pytest.mark.parametrize("body", GOOD)
def test_a_sequence_without_gaps_or_marks_that_count_nothing_are_left_alone(body: str) -> None:
    """References, sequences that begin anew, numbers of meetings."""
    assert codes_in(body, RULES) == []
