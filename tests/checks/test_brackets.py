"""Brackets and quotation marks: what is found, and what good prose does with them."""

from __future__ import annotations

import pytest

from pipeline.checks.brackets import RULES
from tests.checks.bodies import hits, mended

BAD = {
    "BRK001": [
        "『湿地都市」の会議です。",
        "「食と循環の講演を行いました。",
        "食と循環」の講演です。",
        "締切（2月14日までに申し込みます。",
        "2月14日）までです。",
        "【名古屋市の取組です。",
        "名古屋市】の取組です。",
        "講演会＜参加者募集のお知らせです。",
        "講演会 参加者募集＞です。",
        "“持続可能性を基盤に据えます。",
        "会場（市民会館、定員（40人）です。",
        "会議には96か国(速報値が参加しました。",
        "〔注です。",
    ],
    "BRK002": ["会議（COP29)でした。", "会議(COP29）でした。", "先着順(40人）です。"],
    "BRK003": ["市は「手引き『食と循環」』を公表しました。", "会議（テーマ「食と循環）」でした。"],
    "BRK004": ["「「食と循環」」です。", "『『手引き』』です。"],
}
GOOD = [
    "1）会場は市民会館、2）定員は40人です。",
    "a) 会場\nb) 定員",
    "①）対象　②）会場",
    "ア）対象、イ）会場",
    "次のとおりです。\n1）会場\n2）受付",
    "楽しい会でした(笑)。",
    "（1）会場　(2)定員",
    "「食と循環」と『手引き』、“持続性”、（仮称）です。",
    "IPCC（気候変動に関する政府間パネル（事務局：ジュネーブ））です。",
    "市長は「参加したい。\n\nまた来年も開きたい」と述べました。",
    "「一つ目の段落です。\n\n「二つ目の段落です」と述べました。",
    "3<5、10＜20です。",
    "＞ 加盟自治体：愛知県",
    "[要項](https://example.jp/a_(b))をご覧ください。",
    "| 項目 | （案）1）会場 |",
    "”持続可能性”を重んじます。",
    "[[name]]様",
    "さいたま市（※）1）注",
    "午後の部（13:30～16:00）、（満席）です。:)",
]


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in BAD.items() for text in texts])
def test_a_slip_is_found_once(code: str, text: str) -> None:
    """One slip, one finding, of the rule that knows it."""
    assert [len(list(hits([rule], text))) for rule in RULES if rule.code == code] == [1]


@pytest.mark.parametrize("text", GOOD)
def test_good_prose_is_left_alone(text: str) -> None:
    """List marks, smiles, long quotations and marks of comparison are no slips."""
    assert hits(RULES, text) == []


def test_widths_can_be_mended() -> None:
    """The half-width one of the two becomes full-width."""
    text = "会議（COP29)と締約国(CBD）です。"
    assert mended(text, hits(RULES, text)) == "会議（COP29）と締約国（CBD）です。"


def test_a_mark_is_named_at_its_place() -> None:
    """The finding stands at the mark, on its line."""
    (found,) = hits(RULES, "前の行です。\n次の」行です。")
    assert (found.place.line, found.place.column) == (2, 3)
