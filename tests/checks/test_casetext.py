"""What a case study says of itself, passages that nobody has translated, and numbers that the source does not have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.checks.casetext import RULES
from pipeline.checks.translation import strange_numbers
from pipeline.desk import check, open_workspace
from tests.checks.bodies import codes_in
from tests.checks.examples import findings

ENGLISH = [
    "サミットが開かれました。More than 1,500 representatives from 81 countries discussed the challenges.",
    "The city has planted more trees than any other, and it wants to plant more.",
    "市長は述べました。We are all in this together and we need to act now.",
    "市は、la ciudad ha invertido en la movilidad y el transporte público、と発表しました。",
    "Die Stadt hat in den vergangenen Jahren viele Bäume gepflanzt und will mehr.",
    "시는 자전거 도로를 늘렸다고 밝혔습니다。",
    "- The partners met online to study the theme.",
    "| 取組 | 結果 |\n|---|---|\n| 植樹 | The city planted ten thousand trees in one year |\n",
]
JAPANESE = [
    "「日本-IIASA City Governance Stakeholders' Workshop」が開かれました。",
    "日本-IIASA City Governance Stakeholders' Workshopに、SusHi Tech Tokyo 2024 City Leaders Programが続きました。",
    "国際会議「From Climate Crisis to Climate Resilience」に参加しました。",
    "イクレイ（ICLEI - Local Governments for Sustainability）は、1990年に発足しました。",
    "報告書（the first in a series of reports on cities and the climate）が出ました。",
    "Local Governments for Sustainability、Global Covenant of Mayors for Climate and Energy、Community of Practice の3つです。",
    "原題：Turku, Tottori and Obuse explore food and circularity together",
    "参考：Plastics in the circular economy and what cities can do about it",
    "https://www.example.jp/the-city-has-planted-more-trees-than-any-other と 24/7 Carbon-free Energy です。",
    "住所は、No.436, Daye N. Rd., Xiaogang Dist., Kaohsiung City 812です。",
    "1. How Toyama became a compact city（富山市、4月8日公開）\n2. Toyota's hydrogen-powered buses and how they run（豊田市、4月22日公開）\n",
    "COP29、UNFCCC、LGMA、NDC、SDGs、GCoM、C40、UCLG の略称を使います。",
]


@pytest.mark.parametrize("line", ENGLISH)
def test_a_sentence_in_another_language_is_found(line: str) -> None:
    """English, Spanish, German or Korean, alone or in the middle of Japanese."""
    assert codes_in(line, RULES) == ["CASE008"]


@pytest.mark.parametrize("line", JAPANESE)
def test_names_titles_and_quotations_are_left_alone(line: str) -> None:
    """What is written in capitals, in brackets or quotation marks, or as a reference."""
    assert codes_in(line, RULES) == []


SOURCE = (
    "From 15 to 17 October 2024, more than 1,500 people from 81 countries met. The city invests US$300 billion, 12.5 percent more,"
    " in 40 acres of wetlands. It starts at 3 pm on 4 November."
)
SAME = [
    "2024年10月15日から17日までの3日間、81か国から1,500人を超える人々が集まりました。",
    "市は3,000億米ドル（12.5％増）を、約16ヘクタール（40エーカー）の湿地に投じます。",
    "11月4日の15時（午後3時）に始まります。閉幕から18日後です。令和6年度の予算です。",
    "第5回の会合で、3つの市が手を結びました。現地時間15時（日本時間では日をまたいで5日0時）です。",
    "国連気候変動枠組条約（UNFCCC）のCOP29です。24/7の電力を使います。",
]
STRANGE = [
    ("2024年10月15日から18日までです。", "18"),
    ("10月2日からです。", "2"),
    ("81か国から150人が集まりました。", "150"),
    ("18か国から1,500人が集まりました。", "18"),
    ("12月15日からです。", "12"),
    ("300億米ドルを投じます。", "300億"),
    ("2019年に始まりました。", "2019"),
]


@pytest.mark.parametrize("line", SAME)
def test_what_the_source_says_in_other_words_is_no_strange_number(line: str) -> None:
    """Scales, units, hours, eras, and what a translator computes."""
    assert strange_numbers(SOURCE, " 2024", line) == ()


@pytest.mark.parametrize(("line", "number"), STRANGE)
def test_a_number_that_the_source_does_not_have_is_found(line: str, number: str) -> None:
    """A day, a month, a digit, a scale or a year."""
    assert number in [quantity.text for quantity in strange_numbers(SOURCE, " 2024", line)]


def test_a_number_of_times_is_one_that_the_source_counts_in_words_or_figures() -> None:
    """fifth, INC5 and thirty-second are 第5回 and 第32回; 4 October makes no 第4回."""
    source = (
        "Beside the fifth session of the committee (INC5), on 4 October, the thirty-second meeting and the sixteenth COP. Two of 3 cities."
    )
    right = ("第5回政府間交渉委員会", "第32回会合", "第16回締約国会議", "第1回の会合")
    assert [strange_numbers(source, "", text) for text in right] == [()] * 4
    for wrong in ("第4回政府間交渉委員会", "第33回会合", "第15回締約国会議", "第3次計画"):
        assert len(strange_numbers(source, "", wrong)) == 1, wrong


def case(rule: str, **changes: str) -> dict[str, str]:
    """The good example of a rule with entries of its case changed; an entry "" is taken out."""
    good = next(one for one in RULES if one.code == rule).good
    assert not isinstance(good, str)
    files = dict(good)
    path = next(name for name in files if name.endswith("a.md"))
    for key, value in changes.items():
        files[path] = re.sub(rf"(?m)^{key}: .*\n", f"{key}: {value}\n" if value else "", files[path])
    return files


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("CASE009", {"国": "韓国"}),
        ("CASE009", {"都市": "釜山市"}),
        ("CASE010", {"公開日": "2025-02-06"}),
        ("CASE010", {"校閲日": "2024-01-17"}),
        ("CASE010", {"校閲日": "2025-02-17"}),
        ("CASE011", {"原題": ""}),
        ("CASE011", {"出典": ""}),
        ("CASE011", {"公開日": ""}),
        ("CASE013", {"翻訳": "編集部"}),
    ],
)
def test_entries_that_contradict_each_other_are_found(tmp_path: Path, code: str, changes: dict[str, str]) -> None:
    """Country and city, days, credit, who translated and who reviewed."""
    assert code in {finding.code for finding in findings(case(code, **changes), tmp_path)}


def test_the_samples_are_quiet_and_a_slip_in_a_summary_is_seen(tmp_path: Path) -> None:
    """A day that neither source nor body has, in the summary of a monthly issue."""
    from tests.proof.plant import workspace

    root = workspace(tmp_path)
    assert [finding.code for finding in check(open_workspace(root), "2025-01-cases").findings if finding.code[:3] in ("CAS", "NUM")] == []
    path = root / "issues/cases/sample/2025-01-06-mayors-of-wetland-cities-gather-in-dongy.md"
    path.write_text(path.read_text("utf-8").replace("17日まで「ラムサール", "19日まで「ラムサール"), encoding="utf-8")
    found = [finding for finding in check(open_workspace(root), "2025-01").findings if finding.code == "NUM002"]
    assert [finding.place and finding.place.line for finding in found] == [3]
    assert "「19日」" in found[0].message
