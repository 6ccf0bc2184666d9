"""What stands in for text, and markup that readers would see."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks.remains import RULES, placeholders
from tests.builders import draft
from tests.checks.bodies import hits, sheet
from tests.checks.examples import findings

BAD = """講師は○○氏です|締切は〇月〇日|2025年○月○日|会場：●●会館|参加費××円|△△市長|03-XXX-XXXX|ＸＸ市|TODO 写真|会場はTBDです|ダミーテキスト|（要確認）|※要確認|（仮置き）|【】名古屋市|「」を開催|（）です|lorem ipsum dolor|サンプルテキスト|担当：None|nan人が参加|定員 null
ここに本文を入力してください|見出しが入ります|後で差し替え|（写真）|1月○日（水）|人口は○人|__市|参加者は約●名|第○回会議|（確認中）|undefined様|2月??日|担当は〇〇課|＜＞お知らせ|＊＊市
達成率は約XX％です|参加者はxx名です|参加者はNN名です|費用は？？円です|約…人です|約人でした|約　人です|参加者は00人です|第XX回会議|約XXか国から|COPXXで発表|2025年X月X日""".replace(
    "\n", "|"
).split("|")
GOOD = """○定員は40人です|○日時：2月1日|○会 場：市民会館|（仮称）食と循環の会議|仮訳です|仮置き場|二〇二五年、二〇〇年|● 月1回発行|●○●○●○|COP29×横浜市|△3.5％|None of the above|Nancy、Nanjing|（公財）|A×B、3×4m|○市民参加|※要申込、要事前申込|（写真：©東京都）|（写真左）
テストを行う、サンプル調査|「〇」を付ける|○×クイズ|◎推奨|□ 申込済み|10日間|○人数：40人|○時間：10時|・○市内の方|food|（追加）|「○○県神社庁」のような名称|除去土壌の仮置き場
条約名を記します|予約人数は40人です|契約件数|節約円滑化|10:00人|2000年、100名、1,000人、約100人|GX、XX染色体|？？人々は問いました|MAXX人""".replace(
    "\n", "|"
).split("|")
LEFT = [
    "参加は** 無料**です",
    "**太字です",
    "[要項] (https://www.example.jp/)",
    "[要項(https://www.example.jp/)",
    "A&amp;amp;B",
    "A&amp;nbsp;B",
    "{{ name }}様",
    "{% if x %}",
    "%s様",
    "改行\\nです",
    "＊＊太字＊＊",
    "~~取消~~",
    "&lt;br&gt;です",
    "${name}",
]
SHOWN = "参加は**無料**です\n\n#COP29 C# ※注 *1\n\nA&B、R&amp;D、50%と24/7\n\n[要項](https://www.example.jp/)[PDF 1MB]（英語）\n\n北九州市｜東京都\n\na<br>b\n\n## 見出し\n\n- 項目\n- 項目\n\n| 甲 | 乙 |\n|---|---|\n| ○ | × |"


@pytest.mark.parametrize("text", BAD)
def test_what_stands_in_for_text_is_found(text: str) -> None:
    """Signs, words and a program's nothing."""
    assert list(placeholders(sheet(text)))


@pytest.mark.parametrize("text", GOOD)
def test_what_only_looks_so_is_left_alone(text: str) -> None:
    """Bullets, ornaments, titles that are 仮称, English phrases."""
    assert list(placeholders(sheet(text))) == []


@pytest.mark.parametrize("text", LEFT)
def test_markup_that_readers_would_see_is_found_at_its_place(tmp_path: Path, text: str) -> None:
    """What Markdown leaves as it is in the mail is found in the mail and named in the draft."""
    found = [finding for finding in findings(f"前の段落です。\n\n{text}\n", tmp_path) if finding.code == "CHAR019"]
    assert [finding.place.line for finding in found if finding.place] == [8]


def test_markup_that_works_is_left_alone(tmp_path: Path) -> None:
    """Bold, links, headings, lists and tables are not seen as signs; nor are signs that mean themselves."""
    assert [finding.message for finding in findings(draft("題", body=SHOWN), tmp_path) if finding.code == "CHAR019"] == []


def test_a_title_with_markup_is_found(tmp_path: Path) -> None:
    """Entries are no Markdown: ** in a title is seen."""
    found = [finding for finding in findings(draft("**食と循環**の会議"), tmp_path) if finding.code == "CHAR019"]
    assert [finding.place.line for finding in found if finding.place] == [2]


def test_a_row_of_marks_is_no_placeholder() -> None:
    """○ and × in a table's cells are answers."""
    assert hits([RULES[0]], "| 市 | 参加 |\n|---|---|\n| 京都市 | ○ |\n| 鳥取県 | ○○ |") == []
