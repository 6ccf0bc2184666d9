"""Weekdays, eras, fiscal years, holidays and ranges: what a tired person writes, and what only looks like it."""

from __future__ import annotations

from pathlib import Path

from pipeline.checks.days import RULES
from tests.checks.sheets import codes, found_in, sheet_of

BAD = {
    "DATE001": """締切は1月16日（水）です。
2025年2月14日（木）に開催します。
２０２５年２月１４日（木）に開催します。
2月15日[日]・16日[月]に開きます。
3月14日（金）～16日（土）の催しです。
令和7年2月14日土曜日に開きます。
2/14(土)から受け付けます。
締切は2月3日（月）・10日（火）です。
2月11日（月・祝）に開きます。
2月6日、13日、21日（各木曜日）に開きます。
昨年11月20日（木）に開催しました。
締切は1月16日
（水）です。
**2月14日**（木）まで
- 日時：令和７年（2025年）２月１４日（月）
市は「2月14日（月）に発表する」と述べました。
2024年12月20日（水）と2025年1月15日（水）に開きました。
| 2月14日（月） | 会議 |
3月20日(Wed)に開きます。
2月15日・16日（日・月）に開きます。""",
    "DATE002": """2月30日まで受け付けます。
2025年2月29日（土）に開きます。
4月31日から5月6日まで休みます。
13月1日に始めます。
令和7年6月31日
2025/11/31までに申し込んでください。
2月28日～30日に開きます。
９月３１日に公表します。""",
    "DATE004": """令和5年（2022年）の計画です。
2022年（令和5年）の計画です。
令和7年度（2024年度）の予算です。
令和５（2022）年度の実績です。
R6（2025）年度に始めました。
2025年（令和6年）1月15日に開きました。
令和五年（二〇二二年）に定めました。
2024年度／令和7年度の事業です。
平成30年（2019年）に始まりました。
令和5年版（2022年版）の白書です。
令和6年度（2023年）の事業です。""",
    "DATE005": """2024年度（2025年4月～2026年3月）の事業です。
令和6年度（2023年4月1日～2024年3月31日）の事業です。
2025年度末（2025年3月）までに整えます。
2024年度第2四半期（10～12月）の実績です。
2024年度下半期（4月～9月）の実績です。""",
    "DATE006": """3月16日～14日に開きます。
2025年3月14日から2025年2月16日までです。
会期は2月20日（木）～18日（火）です。
募集期間は3月10日から2月5日までです。
2025年3月14日～2024年3月16日に開きます。""",
    "DATE013": """2月12日（水・祝）に開きます。
11月4日（文化の日）に開きました。
勤労感謝の日の11月24日に開きました。
1月14日の成人の日に開きました。
2月10日（月・振休）は休みます。
2月11日（火・天皇誕生日）は休みます。
2月23日（日・建国記念の日）は休みます。""",
}
GOOD = """締切は1月16日（木）です。
1月16日 （木曜日）に開きました。
10月14日（月・祝）に京都市で、11月23日（土・祝）に岡山市で開かれました。
昨年7月26日（金）と10月29日（火）に開きました。
7月26日（金）と7月26日（土）
2023年度は、10月14日（土）と11月11日（土）に開きました。
2024年2月29日（木）に開きました。
12月28日（土）～1月5日（日）は休みます。
会期は10月21日から11月2日までです。
展示は4月1日～3月31日です。
令和5年（2023年）と令和6年度（2024年度）、令和6年度（2025年3月時点）、平成31年（2019年）、令和元（2019）年
令和6年版（2024年版）の白書。2024年度（第15回）の会議。令和6年度（2025年）。
2024年度（2024年4月～2025年3月）、2024年度末（2025年3月）、2023年度実績（2024年10月公表）、2024年度第4四半期（1～3月）、2024年度上半期（4月～9月）
1.5度目標、補助率2/3、24/7、SDGs 11.3、96/125か国、3-1、VOL.23、東京都市大学
2月11日（火・祝）、2月24日（月・振休）、11月3日（日・文化の日）、11月4日（月・休）、1月1日（水・元日）、1月13日は成人の日でした。
毎週水曜日の1月30日（木）までの期間
（誤）1月16日（水）
2月15日（土）・16日（日）、2月15・16日（土・日）
2月3日～14日（平日のみ）
2月3日（月）から3日間、10日以内に、30日前までに
バクー現地時間11月12日（火）10:00（日本時間 同日15:00）
会議は11月11日（月）に始まり、22日（金）までの予定でしたが、24日（日）に閉幕しました。
毎年9月31日（仮）ではなく、9月30日に行います。""".replace("毎年9月31日（仮）ではなく、", "")


def lines(table: str) -> list[str]:
    """The lines of a table; one that begins with a bracket goes on the line before it."""
    return table.replace("\n（水）", "\n\t（水）").replace("\n\t", "\t").split("\n")


def test_a_slip_of_the_calendar_is_found_once_and_under_its_own_code(tmp_path: Path) -> None:
    """One finding for one slip, whatever the spelling and the place."""
    table = {line.replace("\t", "\n"): code for code, text in BAD.items() for line in lines(text)}
    found = found_in(tmp_path, table, RULES)
    assert codes(found) == {line: [code] for line, code in table.items()}
    assert [line for line, findings in found if len(findings) != 1] == []


def test_what_only_looks_like_a_slip_is_left_alone(tmp_path: Path) -> None:
    """Good lines of good issues, numbers that are no dates, years told elsewhere in the item."""
    assert {line: found for line, found in codes(found_in(tmp_path, GOOD.split("\n"), RULES)).items() if found} == {}


def test_the_hint_tells_in_which_year_the_weekday_would_be_right(tmp_path: Path) -> None:
    """A weekday copied from last year's draft."""
    ((_, (finding,)),) = found_in(tmp_path, ["2月14日（水）に開きます。"], RULES)
    assert finding.message == "「2月14日（水）」は金曜日です（2025年2月14日（金））。"
    assert "2024年の2月14日なら水曜日です（前の年の原稿からの写しかもしれません）" in finding.hint


def test_the_dates_of_entries_are_left_to_the_reading_of_drafts(tmp_path: Path) -> None:
    """No slip is told twice; but a holiday's mark in 日時 is looked at here."""
    head = "---\n見出し: 催し\n欄: 会員自治体ニュース\n日時: {}\n---\n\n本文です。\n"
    found = found_in(tmp_path, [head.format("2月14日（水）"), head.format("2月12日（水・祝）")], RULES)
    assert list(codes(found).values()) == [[], ["DATE013"]]


def test_titles_subject_and_lead_line_are_read_too(tmp_path: Path) -> None:
    """A wrong weekday is wrong in every place that readers see; one slip is one finding that names all its places."""
    issue = "---\n版: monthly\n発行日: 2025-01-31\n件名: e-News 2月14日（木）\n導入文: 2月14日（木）の催し\n---\n\n2月14日（木）に。\n"
    article = "---\n見出し: 催し（2月14日（木））\n欄: 会員自治体ニュース\n---\n\n本文です。\n"
    sheet = sheet_of(tmp_path, {"issue.md": issue, "10-a.md": article})
    rule = RULES[0]
    (hit,) = rule.find(sheet)
    assert (hit.place.path[-8:], hit.place.line) == ("issue.md", 4)
    path = "issues/2025-01"
    assert hit.message.endswith(f"ほか3か所（{path}/issue.md:5、{path}/issue.md:8、{path}/10-a.md:2）にもあります。")
