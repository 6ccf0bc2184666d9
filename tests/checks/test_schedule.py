"""Days that follow from each other, and what belongs to a conference or to another issue."""

from __future__ import annotations

from pathlib import Path

from pipeline.checks import agreement, days, deadlines, neighbours, schedule, spans, timewords
from tests.checks.sheets import codes, found_in

RULES = (*schedule.RULES, *days.RULES, *spans.RULES, *agreement.RULES, *deadlines.RULES, *timewords.RULES, *neighbours.RULES)


def item(body: str, **entries: str) -> str:
    """A draft with these entries."""
    head = "".join(f"{key}: {value}\n" for key, value in entries.items())
    return f"---\n見出し: 講座\n欄: 会員自治体ニュース\n{head}---\n\n{body}\n"


LIST = "\n\n- 第1回　2月5日（水）\n- 第2回　2月12日（水）"
BAD = [
    ("DATE017", item("毎週木曜日の講座です。" + LIST)),
    ("DATE017", item("1. 1日目（18日）：発表\n2. 2日目（20日）：視察", 日時="2025-03-18～19")),
    ("DATE017", item("最終日（20日）には見学を行います。", 日時="2025-03-18～19")),
    ("DATE017", item("- 前期：2月3日（月）～3月7日（金）\n- 後期：3月3日（月）～28日（金）")),
    ("DATE017", item("| 第1期 | 2月3日（月）～28日（金） |\n| 第2期 | 2月24日（月）～3月7日（金） |")),
    ("DATE018", item("COP29は、11月11日から21日まで、バクーで開かれました。")),
    ("DATE018", item("COP30が、11月11日に開幕します。")),
    ("DATE018", item("COP30の開幕まで、あと3か月です。")),
    ("DATE015", item("各回とも13:30～15:00です。", 日時="2025-02-05 15:30～17:00")),
    ("DATE015", item("- 時間：13:00～15:00", 日時="2025-02-05 13:30～15:00")),
    ("DATE009", item("説明会を開きます。\n\n- 南部：2月27日（木）18:30～", タグ="意見募集", 締切="2025年2月14日（金）")),
    ("DATE011", item("説明は90分、質疑は30分で、あわせて3時間です。")),
    ("DATE005", item("4月1日から始まる2024年度も、よろしくお願いします。")),
    ("DATE004", item("平成6年度の事業として行います。")),
    ("DATE004", item("令和6年版の白書を公表しました。2023年版に当たります。")),
    ("DATE013", item("秋分の日をはさんだ3月21日（金）に開きます。")),
    ("DATE013", item("3月19日（水）の会議です。\n\n秋分の日をはさんだ21日（金）に開きます。")),
    ("TIME001", item("市は、来月15日、催しに参加しました。", 日時="2025-01-15", タグ="開催報告")),
    ("TIME002", item("市は、2日間にわたって会議を開く予定です。", 日時="2025-01-15～16", タグ="開催報告")),
    ("DATE017", item("市は、5日間にわたって会議を開きました。", 日時="2025-01-14～17", タグ="開催報告")),
    ("DATE017", item("締切まで、あと3週間です。", 締切="2025年2月14日（金）")),
    ("TIME002", item("先月、みほん市でフォーラムを開催します。")),
    ("TIME002", item("来月、みほん市で会議が開かれました。")),
    ("DATE011", item("2015年の開始から12年を迎えます。")),
    ("DATE011", item("2030年まで、残り3年です。")),
    ("TIME004", item("次号は2月27日（木）に発行します。")),
    ("TIME004", item("2月号の原稿締切は、2月13日（木）です。")),
    ("TIME004", item("12月号は、1月31日（金）に発行します。")),
    ("TIME004", item("2月号「2-3」に載せた表に誤りがありました。")),
    ("TIME004", item("2024年最初の号をお届けします。")),
]
GOOD = [
    item("毎週水曜日の講座です。" + LIST),
    item("毎週水曜日と金曜日に開いています。" + LIST),
    item("毎週土曜日に開館しています。2月5日（水）と2月6日（木）は休みます。"),
    item("1. 1日目（18日）：発表\n2. 2日目（19日）：視察。初日（18日）と最終日（19日）。2日目以降", 日時="2025-03-18～19"),
    item("- 前期：2月3日（月）～28日（金）\n- 後期：3月3日（月）～28日（金）"),
    item("COP29は、11月11日から22日まで、バクーで開かれました。COP29は、11月24日に閉幕しました。"),
    item("COP29では、11月12日から展示を行い、11月13日に市長が登壇しました。COP30の開幕まで、あと9か月です。"),
    item("各回とも15:30～17:00です。開場は15:00です。", 日時="2025-02-05 15:30～17:00"),
    item("- 南部：2月12日（水）18:30～\n\n結果は、3月31日（月）に公表します。", タグ="意見募集", 締切="2025年2月14日（金）"),
    item("説明は90分、質疑は30分で、あわせて2時間です。午前と午後、合計40人"),
    item("4月1日から始まる2025年度も、3月31日で終わる2024年度も。4月1日に2024年度の実績を公表します。"),
    item("平成6年に開館しました。平成30年度の事業。令和6年版と2023年版、2024年版の白書を比べました。"),
    item("春分の日の翌日の3月21日（金）に開きます。"),
    item("市は、今月15日、催しに参加しました。", 日時="2025-01-15", タグ="開催報告"),
    item("次回は秋に会議を開く予定です。今後も交流会を開催します。", 日時="2025-01-15～16", タグ="開催報告"),
    item("市は、4日間にわたって会議を開きました", 日時="2025-01-14～17", タグ="開催報告"),
    item("締切まで、あと2週間です。", 締切="2025年2月14日（金）"),
    item("昨年、好評だった講座を今年も開催します。来年の開催に向けて準備を行いました。先月公表された計画に沿って、会議を開きます。"),
    item("2015年の開始から10年を迎えます。2030年まで残り5年です。2030年までの5年間、1992年の設立以来、30年以上"),
    item("次号は2月28日（金）に発行します。2月号の原稿締切は、2月14日（金）です。"),
    item("2月号は、2月28日（金）に発行します。12月号「2-3」に載せた表、2025年最初の号。11月号で紹介した事例"),
]


def test_days_that_do_not_follow_are_found_once(tmp_path: Path) -> None:
    """One slip, one finding, under the code that says what it is."""
    found = found_in(tmp_path, [text for _, text in BAD], RULES)
    assert codes(found) == {text: [code] for code, text in BAD}
    assert [line for line, findings in found if len(findings) != 1] == []


def test_days_that_follow_are_left_alone(tmp_path: Path) -> None:
    """Other series, side events, results after the deadline, plans for the next time."""
    assert {line: found for line, found in codes(found_in(tmp_path, GOOD, RULES)).items() if found} == {}
