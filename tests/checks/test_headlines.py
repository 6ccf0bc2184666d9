"""Numbers that an issue says twice, and those that the masthead states."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from pipeline.checks.headlines import RULES
from pipeline.config import parse_masthead
from pipeline.desk import check, open_workspace
from pipeline.errors import ConfigError
from tests.builders import ROOT, draft, workspace
from tests.checks.bodies import codes_in

CODES = {rule.code for rule in RULES}
FRONT = "---\n版: monthly\n発行日: 2025-01-31\n件名: {}\n導入文: {}\n---\n\n{}\n"
PLAIN = ("イクレイ日本e-News 2025年1月号", "今号：見本", "巻頭言です。")


def found(
    folder: Path, *, subject: str = PLAIN[0], lead: str = PLAIN[1], greeting: str = PLAIN[2], **articles: str
) -> list[tuple[str, str]]:
    """(code, file) of what is found in an issue with this front and these articles."""
    files: dict[str, str | bytes] = {f"{name.replace('_', '-')}.md": text for name, text in articles.items()}
    root = workspace(folder, {"issue.md": FRONT.format(subject, lead, greeting), **files})
    findings = check(open_workspace(root), "2025-01").findings
    return [(finding.code, finding.place.path.rpartition("/")[2] if finding.place else "") for finding in findings if finding.code in CODES]


CONGRESS = draft("世界大会に96か国から1,500人以上", body="世界大会には、96か国から1,500人以上が集まりました。")


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("世界大会に69か国から1,500人", "世界大会には、96か国から1,500人が集まりました。"),
        ("世界大会に15,000人", "世界大会には、96か国から1,500人が集まりました。"),
        ("世界大会に1,500人超", "世界大会には、15,000人超が集まりました。"),
        ("世界大会に1,600人", "世界大会には、96か国から1,500人が集まりました。"),
        ("9つの会員自治体が共同ポジションに賛同", "8つの会員自治体が賛同しました。"),
        ("森林1,200haを保全", "県は、12,000haの森林を保全します。"),
        ("5ヘクタールの植樹を終える", "植えた面積は50haです。"),
        ("予算3億円を計上", "市は、予算30億円を計上しました。"),
    ],
)
def test_a_headline_with_another_number_than_its_body_is_found(tmp_path: Path, title: str, body: str) -> None:
    """Turned round, a digit too many, one wrong, or another count of the same noun."""
    assert found(tmp_path, **{"10_a": draft(title, body=body)}) == [("CNT005", "10-a.md")]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("世界大会に96か国から1,500人以上", "125か国以上から、今回は96か国の1,500人以上が集まり、うち100人以上は首長でした。"),
        ("100人超が参加", "会場とオンラインを合わせて120人が参加しました。"),
        ("5ヘクタールの植樹", "植えた面積は計5haで、1年目が1haです。"),
        ("国際会議が2件", "会員自治体に関するニュースを139件掲載しました。"),
        ("3つの分科会で討論", "2つの会場に分かれました。"),
        ("第4回フォーラムを開催", "第5回政府間交渉委員会に合わせました。"),
        ("第4回イクレイカフェを開催", "前回の第3回イクレイカフェに続くものです。今年度4回目です。"),
        ("8つの会員自治体が賛同", "飯田市など8自治体が賛同しました。"),
        ("2030年度に50%削減", "1,200万トンを600万トンにします。"),
    ],
)
def test_a_headline_that_agrees_or_speaks_of_something_else_is_left_alone(tmp_path: Path, title: str, body: str) -> None:
    """Rounded numbers, other units, other nouns, other meetings."""
    assert found(tmp_path, **{"10_a": draft(title, body=body)}) == []


def test_subject_lead_and_opening_are_held_against_the_articles(tmp_path: Path) -> None:
    """What nowhere in the issue is said with this number, and somewhere with a like one."""
    assert found(tmp_path / "a", subject="2025年1月号｜世界大会に69か国", **{"10_a": CONGRESS}) == [("CNT005", "issue.md")]
    assert found(tmp_path / "b", lead="今号：世界大会に1万5,000人", **{"10_a": CONGRESS}) == [("CNT005", "issue.md")]
    assert found(tmp_path / "c", greeting="世界大会には、96か国から150人が集まりました。", **{"10_a": CONGRESS}) == [("CNT005", "issue.md")]
    assert found(tmp_path / "d", subject="2025年1月号｜世界大会に96か国", greeting="1,500人以上が集いました。", **{"10_a": CONGRESS}) == []
    assert found(tmp_path / "e", greeting="昨年は100か国以上で選挙がありました。", **{"10_a": CONGRESS}) == []


def test_the_rarer_number_is_the_one_that_is_doubted(tmp_path: Path) -> None:
    """The headline and the opening agree: the article's body is where to look."""
    article = draft("世界大会に1,500人", body="世界大会には、15,000人が集まりました。")
    assert ("CNT005", "10-a.md") in found(tmp_path, greeting="世界大会には1,500人が集まりました。", **{"10_a": article})


def test_a_prefix_that_counts_other_members_than_the_body_is_found(tmp_path: Path) -> None:
    """イクレイ会員5自治体 above 6つの会員自治体."""
    body = "{}つの会員自治体が主催する催しが開かれました。"
    assert found(tmp_path / "a", **{"10_a": draft("催し", body=body.format(6), 冠="イクレイ会員5自治体")}) == [("CNT005", "10-a.md")]
    assert found(tmp_path / "b", **{"10_a": draft("催し", body=body.format(5), 冠="イクレイ会員5自治体")}) == []


OTHERS = [
    ("英語ブログに会員の記事4本", "会員自治体の取組を紹介する英文の記事が3本載りました。"),
    ("4つの条件を全て満たす施設を募集", "三つの条件を全て満たす施設を募ります。"),
    ("新しい電気バス5台が運行開始", "電気バス6台が走り始めました。"),
    ("講座3件を新設", "新しく講座を2件設けます。"),
    ("審議会、6つの論点を整理", "審議会は、5つの論点をまとめました。"),
    ("職員3人を派遣", "市は、被災地に職員4人を送りました。"),
    ("充電器を20基設置", "市は、公園などに充電器25基を設けました。"),
]
SAME = [
    ("英語ブログに会員の記事3本", "会員自治体の取組を紹介する英文の記事が3本載りました。"),
    ("三つの条件を全て満たす施設を募集", "3つの条件を全て満たす施設を募ります。"),
    ("新しい電気バス5台が運行開始", "電気バス5台が走り始めました。うち電気バス2台は小型です。"),
    ("3講座を新設", "新しく2講座と、夜の1講座を設けます。"),
    ("審議会、6つの論点を整理", "審議会は、6つの論点をまとめました。1つの論点に5つの案が出ました。"),
    ("職員2人を派遣", "市は職員2人を送りました。これまでに職員30人が出向いています。"),
    ("職員2人を派遣", "市は2人を送りました。これまでに職員4人が出向いています。"),
    ("約300人が参加", "市民312人が参加しました。"),
    ("風車3基が完成", "全部で風車5基を建てる計画のうち、3基が完成しました。"),
    ("風車3基が完成", "これまでの風車2基に加え、新たに3基が完成しました。"),
    ("学生5人が最優秀賞", "学生40人から応募がありました。5人が選ばれました。"),
    ("会員の取組3件を紹介", "取組の1件目は、川崎市の例です。"),
]


def test_a_headline_is_held_against_the_one_number_of_the_same_thing(tmp_path: Path) -> None:
    """記事4本 above 記事が3本, 4つの条件 above 三つの条件; a part, an earlier number or another thing is let be."""
    for n, (title, body) in enumerate([*OTHERS, *SAME]):
        assert found(tmp_path / str(n), **{"10_a": draft(title, body=body)}) == ([("CNT005", "10-a.md")] if n < len(OTHERS) else []), title


def test_a_number_of_times_is_that_of_the_letters_behind_it() -> None:
    """第5回政府間交渉委員会（INC5）; a year, a group and a gas count no meetings."""
    for wrong in (
        "第4回政府間交渉委員会（INC5）に合わせて、",
        "第五次評価報告書（AR6）が、",
        "第3回会合（INC-4）は、",
        "第6回締約国会合（MOP7）で、",
    ):
        assert codes_in(wrong + "開かれました。", RULES) == ["CNT012"], wrong
    for right in (
        "第5回政府間交渉委員会（INC5.2）",
        "第六次評価報告書（AR6）",
        "第16回フォーラム（ISAP2024）",
        "第2回部会（WG1）",
        "第3回会合（G7）",
    ):
        assert codes_in(right + "が開かれました。", RULES) == [], right


def test_a_subject_may_speak_of_any_meeting_that_an_article_names(tmp_path: Path) -> None:
    """The report on 2025年度第1回 and the invitation to 第2回 in one issue."""
    cafes = {"10_a": draft("2025年度第1回イクレイカフェを開催"), "20_b": draft("第2回イクレイカフェを開きます")}
    assert found(tmp_path / "a", lead="今号：第1回イクレイカフェ報告", **cafes) == []
    assert found(tmp_path / "b", lead="今号：第3回イクレイカフェ報告", **cafes) == [("CNT012", "issue.md")]


def test_the_count_of_a_meeting_is_the_same_in_headline_body_and_subject(tmp_path: Path) -> None:
    """第3回 above 今年度4回目; 第5回 in the subject of an issue that reports on the fourth."""
    cafe = draft("第{}回イクレイカフェを開催", body="今年度4回目のイクレイカフェを開きました。")
    assert found(tmp_path / "a", **{"10_a": cafe.format(3)}) == [("CNT012", "10-a.md")]
    assert found(tmp_path / "b", subject="2025年1月号｜第5回イクレイカフェ報告ほか", **{"10_a": cafe.format(4)}) == [("CNT012", "issue.md")]
    assert found(tmp_path / "c", subject="2025年1月号｜第4回イクレイカフェ報告ほか", **{"10_a": cafe.format(4)}) == []
    meetings = "気候変動枠組条約第29回締約国会議が開かれました。"
    assert found(tmp_path / "d", greeting="生物多様性条約第16回締約国会議が開かれます。", **{"10_a": draft("会議", body=meetings)}) == []


@pytest.mark.parametrize(
    "line",
    [
        "約14,000名の皆様にご登録いただいています。",
        "日本の会員自治体は27で、北海道から九州に広がっています。",
        "イクレイは、世界25,000以上の自治体で構成された国際ネットワークです。",
        "イクレイには、152を超える国々から2,500以上の自治体が加わっています。",
        "次の6つの発展的道筋を示しています。",
        "2年に一度のイクレイ世界大会が開かれました。",
    ],
)
def test_a_phrase_of_the_facts_with_another_number_is_found(line: str) -> None:
    """The masthead's own facts, in any sentence."""
    assert codes_in(line, RULES) == ["FACT001"]


@pytest.mark.parametrize(
    "line",
    [
        "約1,400名の皆様にご登録いただいています。約1,500名が参加しました。",
        "日本の会員自治体は26で、12の自治体が参加しました。26の会員自治体（2024年11月時点）です。",
        "世界2,500以上の自治体と、125か国以上に広がるネットワークです。96か国から100人を超える首長が集まりました。",
        "イクレイには、125を超える国々から2,500以上の自治体が加わっています。",
        "5つの発展的道筋を示しています。5つの会員自治体が参加しています。",
    ],
)
def test_true_facts_and_other_numbers_are_left_alone(line: str) -> None:
    """Only the phrase itself is compared."""
    assert codes_in(line, RULES) == []


def test_facts_have_a_time_and_a_shape() -> None:
    """26 members until 8 September 2025, 27 from then; a fact without a number or a place for it is refused with an example."""
    line = "日本の会員自治体は27です。"
    assert codes_in(line, RULES, day=date(2025, 9, 30)) == []
    assert codes_in(line, RULES, day=date(2025, 8, 29)) == ["FACT001"]
    text = (ROOT / "issues/newsletter.toml").read_text("utf-8")
    for wrong in (
        'x = { value = "26", phrase = "{n}人" }',
        'x = { value = 26, phrase = "人" }',
        "x = 26",
        'x = { valu = 26, phrase = "{n}" }',
    ):
        with pytest.raises(ConfigError, match="facts"):
            parse_masthead(tomllib.loads(text.replace("[facts]\n", f"[facts]\n{wrong}\n")))
