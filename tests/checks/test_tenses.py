"""Tenses and relative days that other words contradict, in an issue of Friday, 31 January 2025."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks.timewords import RULES
from tests.checks.sheets import codes, found_in

BAD = {
    "TIME001": """昨日29日は、休みでした。
明日31日（土）に公開します。
あす2日に開会します。
本日（木）、公表しました。
きょう30日に届きました。
明日（金）に開きます。
1月が、あす終わります。
12月も、きょうで最後の日です。
明日から3月です。
きょうから2025年度です。
あすから新年度が始まります。
本日で今年度も終わりです。
昨日は成人の日でした。
明日は建国記念の日です。
今月は省エネルギー月間です。
来月は環境月間です。""",
    "TIME002": """2月18日（火）に、サンパウロで幕を開けました。
3月1日、市役所の新庁舎が完成しました。
2月14日（金）、市長が現地を視察しました。
1月17日、震災から30年を迎えます。
今月6日、みほん市は市制80年を迎えます。
1月20日（月）、市長が現地を視察します。
先月12日、職員が現地を訪れます。
来月12日、職員が現地を訪れました。
開所は2024年4月上旬の予定です。
開所は1月上旬の予定です。
2024年12月に開所する予定です。
12月に開所する予定です。
令和6年12月に開館する見込みです。
昨年12月に新庁舎を開きます。
昨年11月にバクーで開かれるCOP29では、資金が議論されます。
今年12月に韓国で中断した交渉が、再開されます。
来年4月に発足した組織です。
2025年4月に開所した施設です。
来年2月に採択された決議です。
2024年10月に条例を施行します。""",
}
GOOD = """昨日30日は、雪でした。明日2月1日（土）に公開します。本日31日（金）、公表しました。
きょう（金）お届けします。明日（土）は休みです。今日では、多くの市が取り組んでいます。明日への一歩、昨日今日の話ではありません。
1月が、きょう終わります。1月も、きょうで最後の日です。あすから2月です。明日から、2月の催しの受付が始まります。
来月は省エネルギー月間です。来月28日に開きます。今月31日で締め切りました。
2月18日（火）に開幕することが決まりました。2月18日の開催が決定しました。2月20日に向けて、準備を始めました。
2月20日に延期しました。2月20日に変更となりました。開催を2月20日に控え、職員が現地に入りました。
1月17日、震災から30年を迎えました。1月17日で、震災から30年になります。1月1日から、制度が変わっています。
1月15日に発表された報告書は、課題を示しています。1月15日、会議が開かれ、結果は近く公表します。
開所は2月上旬の予定です。開所は4月の予定です。2025年4月に開所する予定です。12月に開所する予定でしたが、遅れています。
昨年12月に開所した施設で、来年4月に開く予定です。2024年12月に始まった事業で、3月まで続く予定です。
今年12月に開くことを決めた会議です。来年4月に発足する組織です。2026年4月の発足を決めました。
2030年12月に目標年を定めた計画です。2024年10月に施行した条例を、今年改正します。
毎年1月15日に開催します。例年12月に公表します。昨年12月に公表した資料を、ウェブサイトで紹介します。
昨年12月、市は計画をまとめ、今年4月に公表します。4月に入庁した職員です。12月に入庁しました。
2024年12月に採択された決議を、各国が実施します。11月に開かれるCOP30の前に公表します。
先月12日に職員が訪れました。来月12日に職員が訪れます。今月の3日・10日・17日に開きました。
2025年4月に開幕する万博の前売券を発売しました。2月1日付で就任する予定の職員を紹介しました。"""


def test_a_time_that_its_own_words_contradict_is_found_once(tmp_path: Path) -> None:
    """One finding for one slip."""
    table = {line: code for code, text in BAD.items() for line in text.split("\n")}
    found = found_in(tmp_path, table, RULES[:2])
    assert {line: [finding.code for finding in findings] for line, findings in found} == {line: [code] for line, code in table.items()}


def test_good_lines_are_left_alone(tmp_path: Path) -> None:
    """Decisions about a later day, plans that were, what goes on, and days that are right."""
    found = codes(found_in(tmp_path, GOOD.split("\n"), RULES[:2]))
    assert {line: said for line, said in found.items() if said} == {}


def item(body: str, *, title: str = "講座のお知らせ", **entries: str) -> str:
    """A draft with its entries."""
    more = "".join(f"{key}: {value}\n" for key, value in entries.items())
    return f"---\n見出し: {title}\n欄: 会員自治体ニュース\n{more}---\n\n{body}\n"


ITEMS = [
    (item("今年度最後のカフェを開きます。", 日時="2025-01-21", タグ="開催報告"), True),
    (item("職員がフォーラムに参加します。", タグ="開催報告"), True),
    (item("本文です。", 日時="2025-01-21", タグ="開催報告", title="省エネ講座を開催します"), True),
    (item("建築士が1組30分で御説明しました。", 日時="2025-02-21", タグ="参加者募集", 申込="a@example.jp"), True),
    (item("専門家が、制度の仕組みを解説しました。", 日時="2025-02-21", タグ="参加者募集", 申込="a@example.jp"), True),
    (item("本文です。", 日時="2025-02-21", title="省エネ講座を開催しました"), True),
    (item("カフェを開きました。次回は秋に開きます。", 日時="2025-01-21", タグ="開催報告"), False),
    (item("今年度も、引き続き講座を開催します。", 日時="2025-01-21", タグ="開催報告"), False),
    (item("前回は、専門家が制度を解説しました。", 日時="2025-02-21", タグ="参加者募集", 申込="a@example.jp"), False),
    (
        item(
            "建築士が1組30分で御説明します。市長は、会見で開催の狙いを説明しました。",
            日時="2025-02-21",
            タグ="参加者募集",
            申込="a@example.jp",
        ),
        False,
    ),
    (item("昨年度は、3回の講座を開催しました。", 日時="2025-02-21", タグ="参加者募集", 申込="a@example.jp"), False),
]


@pytest.mark.parametrize(("text", "wrong"), ITEMS)
def test_reports_and_invitations_keep_their_tense(tmp_path: Path, text: str, *, wrong: bool) -> None:
    """What the entries say is over is told as over, what one may still join is not."""
    [(_, findings)] = found_in(tmp_path, [text], RULES[:2])
    assert [finding.code for finding in findings] == ["TIME002"] * wrong
