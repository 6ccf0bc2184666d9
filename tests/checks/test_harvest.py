"""What goes into the 照合表: every kind of value in prose as it is written, and nothing twice."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.checks.harvest import harvest
from pipeline.checks.titles import names_of
from pipeline.model import Place, Term

DAY = date(2025, 1, 31)
NAMES = names_of(
    Term(en=en, ja=(ja,), kind=kind, place=Place(path="issues/glossary.csv"))
    for en, ja, kind in (
        ("ICLEI", "イクレイ", "organisation"),
        ("Hanako Mihon", "見本花子", "person"),
        ("UN-Habitat", "国連ハビタット（UN-Habitat）", "organisation"),
        ("Saitama", "さいたま市", "member"),
    )
)


def found(text: str, *, due: bool = False) -> list[tuple[str, str]]:
    """(kind, value) of everything in the text."""
    return [(one.kind, one.value) for one in harvest(text, anchor=DAY, names=NAMES, due=due)]


EXAMPLES = {
    "2025年3月14日（金）13:30～16:00": [("date", "2025年3月14日（金）"), ("time", "13:30～16:00")],
    "１月１５日に開きました": [("date", "2025年1月15日（水）")],
    "午後1時30分から午後3時まで": [("time", "午後1時30分から午後3時")],
    "2月30日に開催": [("date", "2月30日〔暦にない日〕")],
    "申込締切は2月7日です": [("deadline", "2025年2月7日（金）")],
    "2月7日必着でお送りください": [("deadline", "2025年2月7日（金）")],
    "2月7日までにお申し込みください": [("deadline", "2025年2月7日（金）")],
    "2024年6月と令和7年度、5月号": [("month", "2024年6月"), ("month", "令和7年度"), ("month", "5月号")],
    "東京都の見本太郎知事と清水市長": [("organisation", "東京都"), ("person", "見本太郎知事"), ("person", "清水市長")],
    "ミーナ・アルヴェ市長は、副会長です": [("person", "ミーナ・アルヴェ市長"), ("person", "副会長")],
    "環境局長 見本 太郎、": [("person", "環境局長 見本 太郎")],
    "見本花子が話しました": [("person", "見本花子")],
    "みほん大学の見本太郎准教授": [("organisation", "みほん大学"), ("person", "見本太郎准教授")],
    "さいたま市長を訪問": [("person", "さいたま市長")],
    "イクレイカフェとイクレイ": [("organisation", "イクレイ")],
    "国連ハビタットと環境省、地域計画研究所": [
        ("organisation", "国連ハビタット"),
        ("organisation", "環境省"),
        ("organisation", "地域計画研究所"),
    ],
    "各市と市民、都市、会員自治体": [],
    "つくば市の取組": [("organisation", "つくば市")],
    "約1,400名、96か国、1.5度、1万2,000トン": [("number", value) for value in ("約1,400名", "96か国", "1.5度", "1万2,000トン")],
    "第4回のCOP29で500人以上、８割": [("number", value) for value in ("第4回", "COP29", "500人以上", "8割")],
    "三つの都市が二人三脚で": [("number", "三つ")],
    "電話03-0000-1234、〒105-0003": [("phone", "03-0000-1234"), ("phone", "〒105-0003")],
    "a.b@example.lg.jpまで": [("mail", "a.b@example.lg.jp")],
    "（https://example.jp/a_(b)?c=1）。": [("url", "https://example.jp/a_(b)?c=1")],
    "CO2を46%減": [("number", "46%")],
}


@pytest.mark.parametrize("text", EXAMPLES)
def test_what_is_in_a_text(text: str) -> None:
    """Each value once, in the order of the text."""
    assert found(text) == EXAMPLES[text]


def test_a_date_in_the_entry_of_a_deadline_is_one() -> None:
    """The entry says so, the words need not."""
    assert found("2025-02-14 17:00", due=True) == [("deadline", "2025年2月14日（金）"), ("time", "17:00")]


@pytest.mark.parametrize("letter", ["市", "会", "ア", "a", "1", "・", "(", "https://"])
def test_a_hostile_text_takes_no_time(letter: str) -> None:
    """Twenty thousand times the same letter is read in a moment."""
    found(letter * 20_000)
