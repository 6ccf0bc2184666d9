"""Times that no clock shows, spans that run backwards, and Japan time beside the venue's."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks.hours import RULES
from tests.checks.sheets import codes, found_in

BAD = {
    "DATE007": """13時75分に始まります。
午後14時に始まります。
2月14日（金）25:00に締め切ります。
午前13時30分から受け付けます。
締切：2月14日（金）17:60
開場は13：70です。
午後13:30～15:00
26時まで開いています。""",
    "DATE008": """13:30～11:00に開きます。
2月14日（金）15:00～13:00
午後3時～1時に開きます。
14時から12時まで
午後3時から午前10時まで
10:00～10:00
開場14:30、開演14:00
受付：13:30～、開会：13:00
13：30－12：00""",
    "DATE012": """協定世界時8:00（日本時間16:00）に始まります。
2025年2月14日、中央欧州時間10:00（日本時間17:00）から配信します。
2025年7月14日10:00（ドイツ時間）、日本時間18:00から配信します。
2025年2月14日20:00（米国東部時間）（日本時間 同日10:00）に始まります。
ソウルで2月14日14:00（日本時間15:00）から開きます。
日本時間2月14日（金）22:00（ニューヨーク時間 同日9:00）に始まります。
ソウルで2月14日14:00～15:00（日本時間 同日14:00～15:30）に開きます。
ソウルと日本の時差は1時間です。
ボンと日本の時差は7時間です。2月14日に開きます。""",
}
GOOD = """13:30～16:00、22:00～翌1:00、22:00～1:00、18:00～2:00、午後1時～3時、10～12時、10時～正午、深夜25時
比率は20:80、縮尺は1:50、16:9の映像、聖書の3:99、30:70
24時間営業で、9時間かかり、24:00まで開き、0:30に終わります。午後0時30分、午前12時
2月14日（金）22:00～15日（土）1:00
開場13:00、開演13:30、閉会12:00の例。受付12:30～、13:00開会
ボンと日本の時差は8時間です。2月14日に開きます。
協定世界時8:00（日本時間17:00）に始まります。
2025年2月14日、中央欧州時間10:00（日本時間18:00）から配信します。
2025年7月14日10:00（ドイツ時間）、日本時間17:00から配信します。
2025年2月14日20:00（米国東部時間）（日本時間 翌15日10:00）に始まります。
ソウルで2月14日14:00（日本時間14:00）から開きます。
日本時間の2月14日に発表されました。日本時間は5時間進んでいます。
日本では10:00から、各地のまちでは14:00から始めます。
日本時間2月14日（金）23:00（ニューヨーク時間 同日9:00）に始まります。"""


def test_a_slip_of_the_clock_is_found_once_under_its_own_code(tmp_path: Path) -> None:
    """One finding for one slip, whatever the spelling."""
    table = {line: code for code, text in BAD.items() for line in text.split("\n")}
    found = found_in(tmp_path, table, RULES)
    assert codes(found) == {line: [code] for line, code in table.items()}
    assert [line for line, findings in found if len(findings) != 1] == []


def test_nights_ratios_and_durations_are_left_alone(tmp_path: Path) -> None:
    """What runs over midnight on purpose, what is no time, and Japan times that are right, in summer too."""
    assert {line: found for line, found in codes(found_in(tmp_path, GOOD.split("\n"), RULES)).items() if found} == {}


HEAD = "---\n版: special\n発行日: 2024-11-20\n会議: {}\n件名: 特集号\n導入文: 会議の動き\n---\n\n巻頭言です。\n"


@pytest.mark.parametrize(
    ("event", "line", "wrong"),
    [
        ("cop29", "11月12日（火）10:00～11:00（日本時間 同日15:00～16:00）", False),
        ("cop29", "11月12日（火）10:00～11:00（日本時間 同日14:00～15:00）", True),
        ("cop29", "11月12日（火）22:00（日本時間 翌13日（水）3:00）", False),
        ("cop29", "11月12日（火）22:00（日本時間 同日3:00）", True),
        ("cop29", "11月12日（火）22:00（日本時間 3:00）", True),
        ("cop29", "現地時間の11月12日午後3時（日本時間午後8時）に始まりました。", False),
        ("cop29", "現地時間の11月12日午後3時（日本時間午後9時）に始まりました。", True),
        ("cop16", "日本の午前10時は、カリでは前日の午後8時に当たります。", False),
        ("cop16", "日本の午前10時は、カリでは前日の午後9時に当たります。", True),
        ("cop16", "10月29日18:00（日本時間30日8:00）に始まりました。", False),
        ("cop16", "10月29日18:00（日本時間29日8:00）に始まりました。", True),
        ("cop30", "11月12日（水）10:00（日本時間 同日22:00）", False),
        ("cop30", "11月12日（水）13:00（日本時間 同日1:00）", True),
    ],
)
def test_japan_time_follows_from_the_time_of_the_venue(tmp_path: Path, event: str, line: str, wrong: bool) -> None:
    """A report's times are those of its conference; the day is compared as well as the hour."""
    ((_, findings),) = found_in(
        tmp_path, [f"---\n見出し: 会合\n欄: 自治体・イクレイの動き\n---\n\n{line}\n"], RULES, issue=HEAD.format(event)
    )
    assert [finding.code for finding in findings] == (["DATE012"] if wrong else [])


def test_the_finding_says_the_right_japan_time(tmp_path: Path) -> None:
    """The editor need not count hours."""
    line = "11月12日（火）22:00（日本時間 翌13日（水）2:00）"
    draft = f"---\n見出し: 会合\n欄: 自治体・イクレイの動き\n---\n\n{line}\n"
    ((_, (finding,)),) = found_in(tmp_path, [draft], RULES, issue=HEAD.format("cop29"))
    assert finding.hint == "現地の22:00（UTC+0400）は、日本時間では翌日11月13日（水）3:00です。"
