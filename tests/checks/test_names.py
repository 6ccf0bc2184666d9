"""Names of places, conferences, bodies and persons in prose as it is written: slips are found, and what naive rules cry wolf at is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.checks import FAMILIES
from pipeline.model import EarlierIssue, Severity, Term
from pipeline.sources.glossary import read_glossary
from tests.builders import ROOT
from tests.checks import bodies
from tests.checks.sheets import codes, found_in

RULES = dict(FAMILIES)["名前"]
GLOSSARY: tuple[Term, ...] = read_glossary(ROOT)[0]

BAD = {
    "NAME001": """
鎌ヶ谷市が取組を紹介しました。
埼玉市の会議に参加しました。
府中市（東京都）、廿日市、呉市の3市です。
会場は廿日市長の挨拶で始まりました。
横浜市、相模原、川崎市が参加しました。
薩摩川内市といちき申木野市の職員です。
竜ケ崎市と袖ヶ浦市を訪れました。
神奈川県茅ケ崎市の海岸です。
福島県会津若末市の実証です。
さいま市の職員が話しました。
""",
    "NAME002": """
鳥取県松江市で開きました。
横浜県と川崎市が共催します。
京都県の事例です。
香川市の担当者が話しました。
長野県小布施市の食と循環の取組です。
北海道下川村の森林です。
名古屋市と佐渡町が発表しました。
川崎市都筑区の会場です。
横浜市緑丘区の会場です。
東京都葛飾市の職員です。
""",
    "NAME003": """
府中市の事例を紹介します。
伊達市と交流しています。
""",
    "NAME004": """
浜松市中区の会場です。
宮城県富谷町の取組です。
主催は、環境庁です。
後援：文部省、通商産業省
国際協力事業団（JICA）の研修です。
""",
    "NAME005": """
COP29（ブラジル・ベレン）に参加しました。
昨年のCOP28を振り返ります。
| COP28 | 2023 | カタール・ドーハ |
| COP27 | 2023 | エジプト |
国連気候変動枠組条約第16回締約国会議（CBD-COP16）がカリで開かれました。
バクーで開かれたCOP30に参加しました。
生物多様性条約COP29の成果です。
""",
    "NAME006": """
スウェーデン・トゥルク市との交流です。
インドネシアのクアラルンプール市長が登壇しました。
トルコ・バクーで開かれました。
マルメ市（フィンランド）の市長です。
""",
    "NAME007": """
国連アジア太平洋経済社会委員会（UNSCAP）が主催しました。
国際応用システム分析研究所（IGES）の研究者です。
「国が決定する貢献（NCD）」を提出します。
適応に関する世界全体の目標（GAG）を議論しました。
気候変動に関する政府間パネル（IPPC）の報告です。
昆明・モントリオール生物多用性枠組が採択されました。
ICELIの会員です。
地球環境戦略研究機構（IGES）の調査です。
気候変動枠条約の事務局です。
経済開発協力機構（OECD）の報告書です。
国連環境開発（UNEP）の報告です。
LGAMの事務局です。
""",
    "NAME008": """
葛飾区の青木克徳区長が挨拶しました。
横浜市の山中武春市長が登壇しました。
横浜市の中山竹春市長が登壇しました。
松井孝司京都市長が議長を務めました。
武蔵野市長の小美濃康弘氏が話しました。
登壇者：松井 考治（京都市長）
長野県の安部守一知事です。
イクレイ日本の内田東悟事務局長が進行しました。
ミーナ・アルベ市長が就任しました。
副会長　カトリン・シュテルンフェルト・シャメ（スウェーデン・マルメ市長）
みほん市の鈴木一郎市長が話しました。続いて、鈴木市郎市長が締めました。
髙田美咲さんが選びました。高田美咲さんの講評です。
理事長　竹本和産
""",
    "NAME009": """
みほん湿地ネットワーク市長会議に参加しました。みほん湿地ネットワーク首長会議は3日間です。
「みほんの森と川を守る集い」を開きます。「みほんの林と川を守る集い」は無料です。
みほん気候変動対策推進協議会と、みほん気象変動対策推進協議会です。
LGMAの事務局です。LGMを代表して発言しました。
""",
    "NAME010": """
カルタヘナ議程書と名古屋議程書です。
生物多様生条約の会議です。
バリ協定の目標です。
持続可能な地域と都市をめざす自治体協議会です。
持続可能な都市と地域を目指す自治体協議会です。
国連気候変動枠組条役の会議です。
世界市長誓約に参加しました。
気侯中立をめざします。
ネイチャーポジテイブな社会です。
仙台防災枠組を、仙台防犯枠組と呼びました。
アゼルバイシャンの首都です。
フィランドの都市です。
カーボンニュトラルをめざします。
イクイレの会員です。
ICLEの会員です。
フィンランドのトゥルグ市に派遣しました。
気候変動イニシアチブに参加しました。
締結国会議の結果です。
持続可能な都市と地域を考える自治体協議会です。
再生可能エネルギの導入です。
世界首長制約に参加しました。
""",
    "NAME011": """
愛知県の牧野利香副市長が登壇しました。
鳥取県の平井伸治市長です。
葛飾区（青木克德市長）の取組です。
下川町の田村泰司村長です。
横浜市知事が登壇しました。
佐渡市町長が話しました。
東京都の小池百合子区長です。
イクレイ日本の内田東吾事務総長が話しました。
トゥルク市のミーナ・アルヴェ副市長です。
みほん市の鈴木一郎市長が話し、鈴木一郎副市長が締めました。
""",
    "NAME012": """
会員自治体の仙台市が登壇しました。
会員自治体からは、横浜市、川口市、京都市が参加しました。
""",
}
GOOD = """
さいたま市、廿日市市、四日市市、龍ケ崎市、茅ヶ崎市、鎌ケ谷市、塩竈市、いちき串木野市、ふじみ野市が参加しました。
塩釜駅、関ヶ原の戦い、横浜・川崎の港、札幌や東京、大阪、京都、名古屋のまちを訪れました。
四日市の工場夜景と、廿日市の宮島を訪れました。
東京都市大学、天津市、ソウル市、各市、本市、他市町、市区町村、都道府県、両県市の職員です。
スコーネ県、中国・貴州省、韓国・京畿道、ベトナムのクアンニン省、台湾の新竹県、ドイツのヘッセン州です。
広島県の府中市と、東京都の府中市です。
旧富谷町の庁舎、当時の環境庁、1971年に環境庁が設けられました、スウェーデン環境庁、カリフォルニア州環境保護庁、ブータン農林省です。
COP29（アゼルバイジャン・バクー）と、2025年にブラジルのベレンで開かれるCOP30、2023年のCOP28（ドバイ）です。
| COP28 | 2023 | アラブ首長国連邦・ドバイ |
| COP16 | 2024 | コロンビア・カリ |
フィンランド・トゥルク市、トルコのイスタンブール市長、フライブルグ市、ジュネーヴ、アルヴェ市長、クエンカ市です。
国連アジア太平洋経済社会委員会（ESCAP）、地球環境戦略研究機関（IGES）、国が決定する貢献（NDC）、NDCs、コミュニティ・オブ・プラクティス（CoP）です。
東京都の小池百合子知事、小池都知事、さいたま市の清水勇人市長と清水市長、佐藤健飯田市長、板橋区の坂本健区長です。
松井市長（京都市）と広島市の松井一實市長、斎藤市長と斉藤知事、佐藤市長と佐藤副市長、高橋氏と髙橋課長です。
鳥取県の米子市長、長野県の小布施町長、愛知県市長会、全国市長会会長、埼玉県の各市長、東京都の区長会、横浜市鶴見区長です。
名古屋市の河村たかし前市長と広沢一郎市長、イクレイ会長、イクレイ副会長、市議会議長と県議会議長、国連事務総長と国連事務次長です。
東村町長、清水区長、市川市長、中村区長、町田市長、太田市長、大町市長、村上市長です。
アントニオ・グテーレス国連事務総長、イタリアのアレッツォ市長、クアラルンプール市長らが登壇しました。
皆さん、お客さん、学生さん、両氏、氏名、たくさんの市民、さんまの会です。
生物多様性条約、生物多様性条例、生物多様性地域戦略、生物多様性国家戦略、生物多様性自治体サミット、生物多様性自治体ネットワークです。
国連気候変動枠組み条約、気候変動枠組条約、日本気候変動イニシアティブ、仙台防災枠組2015-2030、世界冬の都市市長会と世界冬の都市市長会議です。
循環型経済、再生可能エネルギー100%、気候変動対策、気候変動適応計画、ネイチャーポジティブ経済、カーボンニュートラリティ、ゼロカーボンシティ宣言です。
バランス、ベランダ、シリーズ、スペース、ブランド、インドア、トルコ石、フランス語、メキシコシティ、オーストラリア、オーストリアです。
第4回イクレイカフェと第5回イクレイカフェ、みほん市環境フォーラムとみほん県環境フォーラム、東みほん協議会と西みほん協議会です。
会員自治体の横浜市、川崎市、会員自治体のほか仙台市、会員自治体の皆様、会員ではない仙台市、加盟自治体は26です。
グリーンランド、レジリエント、横浜市各区、神戸市全区、大阪市内24区、京都市立学校区、持続可能な社会です。
UNDP、UNEP、JICA、JICE、CCS、CCUS、GX、DX、EV、OEM、IPBES、LGMA、IUCN-J、SBTi、SBT、ESD、SDGsです。
"""


def told(line: str, **entries: Any) -> list[str]:
    """The codes of this family that are found in a body."""
    return sorted(set(bodies.codes_in(line, RULES, glossary=GLOSSARY, **entries)))


@pytest.mark.parametrize(("code", "line"), [(code, line) for code, lines in BAD.items() for line in lines.strip().split("\n")])
def test_a_slip_in_a_name_is_found(code: str, line: str) -> None:
    """By the rule that is there for it, and by no other, so that nobody reads it twice."""
    assert told(line) == [code]


@pytest.mark.parametrize("line", GOOD.strip().split("\n"))
def test_good_prose_is_left_alone(line: str) -> None:
    """Places abroad, former names that say so, namesakes, longer words, real names that resemble others."""
    assert told(line) == []


def test_what_is_certain_must_be_mended_and_the_rest_is_looked_at() -> None:
    """鎌ヶ谷市 is an error; a namesake without its prefecture is a question."""
    (rule, *_, several) = (rule for rule in RULES if rule.code in ("NAME001", "NAME003"))
    (hit,) = rule.find(bodies.sheet("鎌ヶ谷市です。"))
    assert hit.severity is Severity.ERROR
    assert [edit.text for edit in hit.fix] == ["鎌ケ谷市"]
    (hit,) = several.find(bodies.sheet("府中市です。"))
    assert hit.severity is Severity.WARNING


def test_a_namesake_is_told_apart_by_the_host_of_a_link() -> None:
    """The prefecture may stand in nothing but an address."""
    assert told("府中市の計画です。https://www.city.fuchu.hiroshima.jp/plan.html") == []


def test_a_person_of_an_earlier_issue_is_held_against_this_one() -> None:
    """The same office, one character apart: one of the two issues is wrong. Another person in the office is news."""
    sheet = bodies.sheet("みほん市の鈴木市郎市長が話しました。もみじ市の田中花子市長が続きました。")
    texts = ("みほん市の鈴木一郎市長が話しました。もみじ市の佐藤次郎市長も来ました。",)
    earlier = EarlierIssue(slug="2024-12", edition="monthly", date=date(2024, 12, 27), name="2024年12月号", texts=texts)
    sheet = replace(sheet, issue=replace(sheet.issue, earlier=(earlier,)))
    hits = [hit for rule in RULES for hit in rule.find(sheet)]
    assert [hit.message for hit in hits] == ["「鈴木市郎市長」は、2024年12月号では「鈴木一郎」です。"]


def test_entries_and_titles_are_read_too(tmp_path: Path) -> None:
    """A slip in the entry 自治体, in the title, in a table; a title of another COP than its body."""
    lines = [
        "---\n見出し: 事例の紹介\n欄: 会員自治体ニュース\n自治体: 佐渡町\n---\n\n本文です。",
        "---\n見出し: COP28で発表\n欄: イクレイ日本の活動\n---\n\nCOP29では、自治体が発表しました。",
        "---\n見出し: みほんサミットを開催\n欄: イクレイ日本の活動\n---\n\n| 市長 | 松井 孝治 |\n",
    ]
    found = codes(found_in(tmp_path, lines, RULES))
    assert [found[line] for line in lines] == [["NAME002"], ["NAME005"], []]


SPECIAL = "---\n版: special\n発行日: 2024-11-19\n会議: cop29\n時点: 11月19日18時現在\n件名: {}\n導入文: 会議の動き\n---\n\n巻頭言です。\n"


def test_a_special_is_on_its_own_conference(tmp_path: Path) -> None:
    """COP28 in the subject of a special on COP29, and an item that knows only COP28; what looks back is left alone."""
    lines = [
        "---\n見出し: LGMAの発言\n欄: 会議の動き\n---\n\n開会式で、COP28の議長が話しました。",
        "---\n見出し: これまでの歩み\n欄: 会議の動き\n---\n\n前回のCOP28では、資金の議論が続きました。",
    ]
    found = found_in(tmp_path, lines, RULES, issue=SPECIAL.format("COP29特集号"))
    assert codes(found)[lines[0]] == ["NAME005"]
    assert codes(found)[lines[1]] == []
    (_, wrong), *_ = found_in(tmp_path, lines[1:], RULES, issue=SPECIAL.format("COP28特集号（第2報）"))
    assert [finding.severity for finding in wrong] == [Severity.ERROR]
