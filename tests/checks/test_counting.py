"""Numbers beside the lists that they count."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks.counting import RULES
from pipeline.desk import check, open_workspace
from tests.builders import draft
from tests.checks.bodies import codes_in
from tests.checks.examples import findings
from tests.proof.plant import workspace

TABLE = "\n\n| 開催日 | 催し | 自治体 |\n|---|---|---|\n| 10月14日 | 学術フォーラム | 京都市 |\n| 10月24日 | 産業フォーラム | 東京都 |\n| 11月13日 | 市長会議 | 川崎市 |\n"
BAD = [
    "参加を予定しているのは、愛知県、飯田市、川崎市（五十音順）の4自治体です。",
    "会員自治体からは、北九州市、所沢市、横浜市（五十音順）の2市が参加を予定しています。",
    "さいたま市、所沢市と横浜市の４市が登壇しました。",
    "会員の愛知県、神戸市、名古屋市、横浜市の5自治体が現地で参加しました。",
    "昨年は、京都市、さいたま市、墨田区（五十音順）の5つの会員自治体が参加しています。",
    "案では、温室効果ガスの削減、里山の保全、資源の循環の4つを重点としました。",
    "①再生可能エネルギーの導入、②建物の断熱、③住民の参加の2点を話し合います。",
    "住宅の断熱、食品ロスの削減、移動、水の4テーマと、住宅、食品、移動の2つの分科会に分かれました。",
    "4自治体（愛知県、神戸市、名古屋市）が参加しました。",
    "重点は4点（再エネ、断熱、交通）です。",
    "欧州の4か国（ドイツ、フランス、イタリア）の都市が参加しました。",
    "講座は3回（7月26日、10月29日、11月22日、1月15日）です。",
    "登壇したのは4人（清水市長、小池知事、内田事務局長）です。",
    "要望は次の4つです。\n\n1. 加速すること\n2. 確保すること\n3. 図ること\n",
    "以下の5都市が選ばれました。\n\n- ソウル市\n- 高雄市\n- 新北市\n- 長春市\n",
    "次の三点をお送りください。\n\n・見出し\n・本文\n",
    "応募の方法は、次の2つです。\n\n1）メール\n2）郵送\n3）窓口への持参\n",
    "次の4会場で開きます。" + TABLE,
    "昨年、5つの会員自治体が主催する催しが、次のとおり開かれました。" + TABLE,
    "次の5自治体が参加しました。\n\n愛知県、飯田市、川崎市、北九州市（五十音順）\n",
    "## 取組の3つの特徴\n\n- 早い\n- 安い\n",
]
KINDS = "| 都府県 | 自治体 |\n|---|---|\n| 茨城県 | 龍ケ崎市、常陸太田市 |\n| 東京都 | 葛飾区 |\n| 京都府 | 京丹後市 |\n| 大阪府 | 大東市 |\n| 鳥取県 | 倉吉市 |\n"
BAD += ["1都2府3県から参加しました。\n\n" + KINDS, "1都1府2県から参加しました。\n\n" + KINDS]
GOOD = [
    "1都2府2県から参加しました。\n\n" + KINDS,
    "参加を予定しているのは、愛知県、飯田市、川崎市（五十音順）の3自治体です。",
    "会員自治体からは、北九州市、所沢市、横浜市（五十音順）の3市が参加を予定しています。",
    "さいたま市、所沢市と横浜市の3市が登壇しました。東京都と、さいたま市、横浜市の2市です。",
    "参加した京都市と神戸市、さいたま市の3市です。",
    "京都市・神戸市の2市のほか、ソウル市など3都市が参加しました。",
    "瀬戸内の2市が受け入れます。この夏、県内の3市が取り組みます。各市、本市、他市の2市とは違います。",
    "今年、初めて、東京都、3県、5市が参加しました。",
    "愛知県、神戸市、名古屋市、横浜市（五十音順）の4自治体が現地で参加しました。",
    "昨年は、京都市、さいたま市、墨田区（五十音順）の3つの会員自治体が参加しています。",
    "案では、温室効果ガスの削減、里山の保全、資源の循環の3つを重点としました。",
    "昨年の春、夏、秋、この3つの季節に調べました。",
    "①再生可能エネルギー、②建築物、③交通の3分野に、合わせて18の施策を並べました。",
    "自然再興（ネイチャーポジティブ）、炭素中立、循環経済の3つの同時達成に向けます。",
    "川の生き物、ごみの分別、省エネの3部門に計18組が参加しました。",
    "コロンビアのカリ、ブラジルのベレン、2つの都市をつなぎます。",
    "定員は30人（会場、オンライン併用）、年4回（対面、オンライン）、3市（人口、面積）です。",
    "4自治体（愛知県、神戸市、名古屋市、横浜市）が参加しました。5市（京都市、神戸市など）もあります。",
    "費用は4点（A、B、Cほか）、欧州の4か国（ドイツ、フランス、イタリア、スペイン）です。",
    "講座は4回（7月26日、10月29日、11月22日、1月15日）です。定員は3人（先着順、要予約）です。",
    "要望は次の3つです。\n\n1. 加速すること\n2. 確保すること\n3. 図ること\n",
    "要望は次の2つです。\n\n- 加速すること\n  - 早く\n  - 強く\n- 確保すること\n",
    "会長と副会長は、次の4人です。\n\n- 会長　A\n- 第一副会長　B\n- 副会長　C\n- 副会長　D\n\n4人は、これから3年間率います。",
    "応募の方法は、次の3つです。\n\n1）メール\n2）郵送（5月31日必着）\n3）窓口への持参\n",
    "次の3会場で開きます（申込不要）。" + TABLE,
    "昨年、3つの会員自治体が主催する催しが、次のとおり開かれました。" + TABLE,
    "次のとおり、4月からの約6か月で100件の申請がありました。\n\n| 容量 | 件数 |\n|---|---|\n| 小 | 40件 |\n| 大 | 60件 |\n| 計 | 100件 |\n",
    "イクレイカフェは、次の3回を開きました。対面が2回、オンラインが1回です。" + TABLE,
    "次の4自治体が参加しました。\n\n愛知県、飯田市、川崎市、北九州市（五十音順）\n",
    "次の2回目の会議は3月です。\n\n- 一\n- 二\n- 三\n",
    "次の3年間に、計画を進めます。\n\n- 一\n- 二\n",
    "次の5つの道筋を示しています。\n\n写真は、会場の様子です。\n",
    "1回目は次の会場です。5つの点に気をつけます。\n\n- 一\n- 二\n- 三\n",
    "本共同ポジションは3つの要望（①加速、②確保、③整合）で構成されています。",
]


@pytest.mark.parametrize("body", BAD)
def test_a_number_that_its_list_does_not_bear_out_is_found(body: str) -> None:
    """Names before it, in brackets behind it, or items, steps, rows and names below."""
    assert codes_in(body, RULES) == ["CNT001"]


@pytest.mark.parametrize("body", GOOD)
def test_a_number_that_counts_its_list_or_something_else_is_left_alone(body: str) -> None:
    """Right numbers, lists that go on, remarks in brackets, nested items."""
    assert codes_in(body, RULES) == []


def test_the_lead_line_counts_the_cases_of_the_issue(tmp_path: Path) -> None:
    """海外事例3件 in an issue that holds three, and one that says four."""
    root = workspace(tmp_path)
    path = root / "issues/2025-01/issue.md"
    for number, expected in (("3", []), ("4", ["CNT019"])):
        path.write_text(path.read_text("utf-8").replace("海外事例3件", f"海外事例{number}件"), encoding="utf-8")
        found = [finding.code for finding in check(open_workspace(root), "2025-01").findings if finding.code.startswith("CNT")]
        assert found == expected


def test_a_headline_counts_the_one_list_below_it(tmp_path: Path) -> None:
    """Eight members in the headline, seven in the list."""
    body = "賛同したのは、{}（五十音順）です。"
    names = "飯田市、板橋区、京都市、神戸市、さいたま市、富山市、広島市、横浜市"
    for number, listed in ((8, names), (7, names), (8, names.replace("板橋区、", ""))):
        example = draft(f"共同ポジションに{number}つの会員自治体が賛同", body=body.format(listed))
        found = [finding.code for finding in findings(example, tmp_path) if finding.code.startswith("CNT")]
        assert found == ([] if (number, listed) == (8, names) else ["CNT001"])
