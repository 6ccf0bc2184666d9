"""Totals whose parts stand in another sentence, in a list, in a table or in one phrase."""

from __future__ import annotations

from datetime import date, time

import pytest

from pipeline.checks.sums import RULES
from pipeline.model import Moment
from tests.checks.bodies import hits

SURVEY = "20自治体から回答を頂きました。\n\n| 問い | はい | いいえ | 分からない |\n|---|---|---|---|\n| 連絡 | 13 | 6 | 1 |\n| 計画 | 11 | {} | 0 |\n\n「はい」は、全体の{}％でした。\n"
MEETING = {"start": Moment(text="", first=date(2025, 2, 3), begins=time(15), ends=time(16, 30))}
LINES = """利用が100件に達しました。内訳は、問合せが46件、お礼が{31|13}件、日程の調整が23件です。
{8|7}か国は、ブラジル、ボリビア、コロンビア、エクアドル、ガイアナ、ペルー、スリナム、ベネズエラです。
横浜市での開催は、2008年、2013年、2019年に続いて{4|5}回目です。
2日間です。定員は、各日15組の計{30|45}組です。
川崎町、大師町、御幸村の{2町1村|1町2村}が合併しました。
「どこか」「どう測るか」「どう続けるか」の{3|4}つの問いを話し合いました。
図書館5館、区民センター6館、商店街7店の計18か所です。このうち図書館と区民センターの{11|12}か所は夜も開けます。
120か所から{135|145}か所に広げました。新たに加わったのは、小学校8校、中学校4校、支所3か所の計15か所です。
4本の柱に、それぞれ5つずつ、計{20|25}の施策を掲げます。
2024年は、月曜に始まる{366|365}日の年です。
保育園10園に贈りました。製作費は1台当たり20万円、計{200|240}万円です。
柱は、(1)創エネ、(2)省エネ、(3)蓄エネの{3|4}つです。"""
PAIRS = LINES.split("\n")
GOOD = (
    "3自治体は、板橋区、岡山市と松山市です。",
    "主な3か国は、ブラジルなどです。",
    "5市は、この春、計画を改めました。",
    "2019年に続き、2回目です。",
    "各回3時間、計12時間です。全4回です。",
)


def _forms(pair: str) -> tuple[str, str]:
    head, _, rest = pair.partition("{")
    inside, _, tail = rest.partition("}")
    good, _, bad = inside.partition("|")
    return head + good + tail, head + bad + tail


@pytest.mark.parametrize("pair", PAIRS)
def test_a_total_is_held_against_its_parts(pair: str) -> None:
    """Said where it is wrong, not where it is right."""
    good, bad = _forms(pair)
    assert hits(RULES, bad)
    assert not hits(RULES, good)


@pytest.mark.parametrize("text", GOOD)
def test_other_sentences_are_let_be(text: str) -> None:
    """Lists that are open, numbers that count nothing beside them."""
    assert not hits(RULES, text)


def test_a_survey_adds_up() -> None:
    """Every question has as many answers as there were; a share is one of the table's."""
    assert not hits(RULES, SURVEY.format(9, 65))
    assert hits(RULES, SURVEY.format(8, 65))
    assert hits(RULES, SURVEY.format(9, 56))


def test_minutes_fill_the_meeting() -> None:
    """The points of a programme last as long as the meeting."""
    body = "1. 趣旨（5分）\n2. 報告（45分）\n3. 意見交換（{}分）\n4. まとめ（10分）\n"
    assert not hits(RULES, body.format(30), **MEETING)
    assert hits(RULES, body.format(20), **MEETING)


def test_a_list_makes_the_number_of_the_headline() -> None:
    """6基 of 2基, 3基 and 1基."""
    body = "- はじめの2基\n- 商店街の{}基\n- 駅の近くの1基\n"
    assert not hits(RULES, "6基を巡ります。\n\n" + body.format(3))
    assert hits(RULES, "6基を巡ります。\n\n" + body.format(2))
