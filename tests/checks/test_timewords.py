"""Words that count from the day of sending, in an issue of Friday, 31 January 2025."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks import neighbours
from pipeline.checks.timewords import RULES
from pipeline.model import Severity
from tests.checks.sheets import codes, found_in, sheet_of

BAD = {
    "TIME001": """来月3月14日に開催します。
来月（3月）に開催します。
今月2月14日に開きます。
今月（2月）に開きます。
先月の11月20日に開きました。
本日（1月30日）、公表されました。
明日2月3日に開きます。
昨日、1月29日に公表されました。
来週の2月14日（金）に開きます。
来週金曜日（2月14日）に締め切ります。
先週1月15日に開きました。
昨年（2023年）に始まりました。
昨年2023年に始まりました。
今年（2024年）は、COP30が開かれます。
来年（2025年）に改定します。
今年度（2025年度）の事業です。
来年度（2024年度）に始めます。
昨年度（2022年度）の実績です。
今年2024年の会議です。
今年度（令和7年度）の事業です。
自治体が参加した今年の会議を振り返ります。""",
    "TIME002": """1月15日に開催します。
1月15日（水）に、オンラインで開催されます。
１月１５日、みほん市でフォーラムが開かれます。
1月20日（月）から配信を始めます。
1月28日（火）13:30から、市民会館で開催する予定です。
2月20日に開催しました。
2月20日（木）、みほん市でフォーラムが開催されました。
2025年3月14日にセミナーを開きました。
昨年11月20日に開催します。
2024年12月17日に開催されます。
フォーラムは1月15日（水）開催予定です。
今年2月14日（金）に公表しました。
1月24日（金）に締め切ります。
2月6日（木）～7日（金）に国際会議が行われました。""",
}
GOOD = """来月2月14日に開催します。今月15日、今月（1月）、先月の12月20日、先月（12月）
本日（1月31日）、公表されました。明日2月1日から、来週の2月7日（金）、今週1月29日（水）、来週金曜日（2月7日）
今年度（2024年度）、来年度（2025年度）、昨年度（2023年度）、今年（2025年）、昨年（2024年）、昨年の2024年度事業
昨年10月から12月にかけて、来年の2026年、今年3月に3年目を迎えます。昨年は、100か国以上で選挙がありました。
再来年（2027年）、一昨年（2022年→2023年）""".replace("2022年→", "")
GOOD += """
昨年の会議を振り返り、今年の動きを展望しました。今年の計画を読み、昨年を振り返ります。
1月15日に開催しました。2月20日に開催します。
1月15日に開催したフォーラムの結果を、2月20日に公表します。
11月11日に開幕するCOP29に先立ち、要望をまとめました。
COP30は、11月10日から21日まで、ブラジルのベレンで開かれます。
3月14日に開かれるフォーラムに向けて、準備会合を行いました。
1月15日に開催する予定でしたが、大雪のため延期しました。
2024年3月14日に開催しました。昨年3月14日に開きました。
昨年度の報告です。3月14日、2023年度の成果を発表しました。
1月15日の第4回カフェでは、昨年の会議を振り返り、今年の動きを展望しました。
会期は22日までの予定でしたが、閉幕したのは24日でした。
7月26日に開催しました。
1月15日に公表された計画に基づき、4月から事業を始めます。
市は1月15日、計画を4月に改定すると発表しました。
3月31日までに申し込んだ方に、記念品をお送りしました。
募集は1月24日に終わり、現在、審査を進めています。
明日からできる工夫を紹介します。昨日までの常識、今日の課題
1月28日にオンラインで開催され、動画を公開しています。今後の予定です。
2月14日（金）に開くセミナーの申込みが始まりました。
1月15日に開催し、その様子は動画でご覧いただけます。"""


def test_a_word_or_tense_that_a_date_contradicts_is_found_once(tmp_path: Path) -> None:
    """One finding for one slip."""
    table = {line: code for code, text in BAD.items() for line in text.split("\n")}
    found = found_in(tmp_path, table, RULES)
    assert codes(found) == {line: [code] for line, code in table.items()}
    assert [line for line, findings in found if len(findings) != 1] == []


def test_words_and_tenses_that_fit_are_left_alone(tmp_path: Path) -> None:
    """Relative clauses, plans that came to nothing, next year's conference, last year's report."""
    assert {line: found for line, found in codes(found_in(tmp_path, GOOD.split("\n"), RULES)).items() if found} == {}


def head(greeting: str, day: str = "2025-01-31", subject: str = "イクレイ日本e-News 2025年1月号") -> dict[str, str]:
    """An issue with this greeting."""
    return {"issue.md": f"---\n版: monthly\n発行日: {day}\n件名: {subject}\n導入文: 今号：見本\n---\n\n{greeting}\n"}


SEASONS = [
    ("新緑の候、皆様いかがお過ごしでしょうか。", "2025-01-31", True),
    ("残暑お見舞い申し上げます。", "2025-01-31", True),
    ("残暑お見舞い申し上げます。", "2025-08-29", False),
    ("師走に入りました。良いお年をお迎えください。", "2025-01-31", True),
    ("本年もどうぞよろしくお願いいたします。新年おめでとうございます。", "2025-01-31", False),
    ("新年おめでとうございます。", "2025-06-30", True),
    ("向春の候", "2025-01-31", False),
    ("向春の候", "2025-10-31", True),
    ("厳寒の候", "2025-01-31", False),
    ("暑中お見舞い申し上げます。", "2025-07-31", False),
    ("梅雨入りの知らせが届きました。", "2025-11-28", True),
    ("秋晴れの日が続きます。", "2025-10-31", False),
    ("新年度が始まりました。", "2025-04-30", False),
    ("新年度が始まりました。", "2025-10-31", True),
    ("2025年最初の号をお届けします。", "2025-01-31", False),
    ("四季折々の取組を紹介します。気候と季節の変化", "2025-01-31", False),
]


@pytest.mark.parametrize(("greeting", "day", "wrong"), SEASONS)
def test_a_greeting_fits_its_month(tmp_path: Path, greeting: str, day: str, *, wrong: bool) -> None:
    """By month, with a month of grace; the last week of a month may look ahead."""
    hits = list(RULES[2].find(sheet_of(tmp_path, head(greeting, day), slug=day[:7])))
    assert bool(hits) is wrong


ISSUES = [
    ("次号は3月号です。", True),
    ("次号（2月号）は2月28日（金）に発行します。", False),
    ("前号（11月号）でお伝えしたとおり", True),
    ("前号（2024年12月号）でお伝えしたとおり", False),
    ("前号（2023年12月号）でお伝えしたとおり", True),
    ("2月号をお届けします。", True),
    ("2025年1月号をお届けします。", False),
    ("隔月刊「地球温暖化」2025年3月号に載りました。", False),
    ("次号は2月28日の発行です。", False),
    ("今号（12月号）の記事", True),
]


@pytest.mark.parametrize(("text", "wrong"), ISSUES)
def test_the_neighbours_of_an_issue_are_named_rightly(tmp_path: Path, text: str, *, wrong: bool) -> None:
    """The next, the last and this one; magazines are others' business."""
    hits = list(neighbours.RULES[0].find(sheet_of(tmp_path, head(text))))
    assert bool(hits) is wrong


def test_the_subject_names_this_issue(tmp_path: Path) -> None:
    """Last month's subject that was copied; what stands behind the stroke is an article's."""
    wrong = head("本文です。", subject="イクレイ日本e-News 2024年12月号｜カフェ")
    right = head("本文です。", subject="イクレイ日本e-News 2025年1月号｜「地球温暖化」2025年3月号")
    assert [len(list(neighbours.RULES[0].find(sheet_of(tmp_path / str(n), files)))) for n, files in enumerate((wrong, right))] == [1, 0]


def test_words_that_grow_old_are_held_against_the_items_own_date(tmp_path: Path) -> None:
    """来週 for a seminar four weeks ahead is asked about; without a date it is noted; with a fitting date it is right."""
    entries = "---\n見出し: セミナー\n欄: 会員自治体ニュース\n日時: {}\n---\n\n来週、みほん市でセミナーが開催されます。\n"
    texts = [entries.format("2025-02-27"), entries.format("2025-02-06"), "来週、みほん市でセミナーが開催されます。"]
    found = [[finding.severity for finding in findings] for _, findings in found_in(tmp_path, texts, RULES)]
    assert found == [[Severity.WARNING], [], [Severity.NOTE]]
