"""Venue time and Japan time that stand in one sentence, one list or one table, in an issue of 31 January 2025."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks import agreement, hours, schedule, spans
from tests.checks.sheets import found_in

RULES = (*hours.RULES, *schedule.RULES, *spans.RULES, *agreement.RULES)
TABLE = "| 会合 | 現地時間 | 日本時間 |\n|---|---|---|\n| 開会式 | 18日（火）10:00 | 18日（火）22:00 |\n| 分科会 | 20日（木）14:30 | {} |\n"
LIST = "日時は、次のとおりです（現地時間。かっこ内は日本時間）。\n\n- 開会式：18日（火）10:00（同日22:00）\n- 会合：20日（木）14:30（{}）\n- 閉会式：21日（金）16:00（22日（土）4:00）\n"


def item(body: str, **entries: str) -> str:
    """A draft with its entries."""
    more = "".join(f"{key}: {value}\n" for key, value in entries.items())
    return f"---\n見出し: 講座のお知らせ\n欄: 会員自治体ニュース\n{more}---\n\n{body}\n"


CASES = [
    ("日本とドバイの時差は5時間です。現地で朝9時に始まる会合は、日本では同じ日の4時に始まります。", "DATE012"),
    ("日本とドバイの時差は5時間です。現地で朝9時に始まる会合は、日本では同じ日の14時に始まります。", ""),
    ("現地との時差は3時間です。現地の10時は、日本では午後1時です。", ""),
    ("現地との時差は3時間です。現地の10時は、日本では午後2時です。", "DATE012"),
    (item("ボンの現地時間では、同じ日の13:00～14:00です。時差は8時間です。", 日時="2025-02-13 21:00～22:00"), ""),
    (item("ボンの現地時間では、同じ日の14:00～15:00です。時差は8時間です。", 日時="2025-02-13 21:00～22:00"), "DATE012"),
    (item(LIST.format("21日（金）2:30"), 日時="2025-02-18～21", 会場="サンパウロ"), ""),
    (item(LIST.format("20日（木）2:30"), 日時="2025-02-18～21", 会場="サンパウロ"), "DATE012"),
    (item(LIST.format("21日（金）3:30"), 日時="2025-02-18～21", 会場="ある町"), "DATE012"),
    (item(LIST.format("翌日2:30"), 日時="2025-02-18～21"), ""),
    (item(LIST.format("同日2:30"), 日時="2025-02-18～21"), "DATE012"),
    (item(TABLE.format("21日（金）2:30"), 日時="2025-02-18～21", 会場="サンパウロ"), ""),
    (item(TABLE.format("21日（金）1:30"), 日時="2025-02-18～21", 会場="サンパウロ"), "DATE012"),
    (item(TABLE.format("20日（木）2:30"), 日時="2025-02-18～21", 会場="サンパウロ"), "DATE012"),
    (item("接続先は、開催の3日前の2月10日（月）にお送りします。", 日時="2025-02-13"), ""),
    (item("接続先は、開催の3日前の2月9日（日）にお送りします。", 日時="2025-02-13"), "DATE017"),
    (item("接続先は、開催前日の2月11日（火）にお送りします。", 日時="2025-02-13"), "DATE017"),
    (item("定員に満たないときは、締切の1週間後の2月17日（月）まで受け付けます。", 締切="2025年2月7日（金）"), "DATE017"),
    (item("簡易内窓の作り方を、3時間で学びます。", 日時="2025-02-13 13:30～15:30"), "DATE017"),
    (item("簡易内窓の作り方を、2時間で学びます。", 日時="2025-02-13 13:30～15:30"), ""),
    (item("受付期間は、令和7年5月12日（月）から8月29日（金）までの80日間です。"), "DATE011"),
    (item("受付期間は、令和7年5月12日（月）から8月29日（金）までの110日間です。"), ""),
    (item("8月1日（金）から9月30日（火）までの間で20日以上、勤務できる方を募集します。", 締切="2025年2月14日（金）"), ""),
    (item("応募の結果は、2月28日（金）までに応募者全員にお知らせします。", 締切="2025年2月14日（金）"), ""),
    (item("2月20日（木）から28日（金）まで活動できる方を募集します。", 締切="2025年2月14日（金）"), ""),
    (item("意見は、2月1日（土）から2月28日（金）までの間、メールで受け付けます。", 締切="2025年2月14日（金）"), "DATE015"),
    (item("2月21日（金）までに、メールでお申し込みください。", 締切="2025年2月14日（金）"), "DATE015"),
]


@pytest.mark.parametrize(("text", "code"), CASES)
def test_two_times_of_one_moment_agree(tmp_path: Path, text: str, code: str) -> None:
    """One finding for a slip, none for a good line."""
    [(_, findings)] = found_in(tmp_path, [text], RULES)
    assert [finding.code for finding in findings] == ([code] if code else [])
