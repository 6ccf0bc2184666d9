"""Who holds an office on the day of the issue, numbers that are part of a name, and places that are on no list: slips found, good prose left alone."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.checks import FAMILIES, towns
from pipeline.checks.gazetteer import municipalities
from pipeline.model import Term
from pipeline.sources.glossary import read_glossary
from tests.builders import ROOT
from tests.checks import bodies

RULES = dict(FAMILIES)["名前"]
GLOSSARY: tuple[Term, ...] = read_glossary(ROOT)[0]

BAD = {
    "NAME013": """
埼玉県の大野元浩知事が挨拶しました。
仙台市の郡和恵市長が挨拶しました。
浅尾慶一朗環境大臣が挨拶しました。
環境大臣の浅尾慶一朗氏が挨拶しました。
伊藤信太郎環境大臣が挨拶しました。
岸田文雄首相が出席しました。
石場茂首相が出席しました。
浅尾慶一郎国土交通大臣が出席しました。
門川大作京都市長が登壇しました。
登壇者：山中竹春（川崎市長）
横浜市の福田紀彦市長が登壇しました。
富山市（森雅志市長）の取組です。
小池百合子都市長が登壇しました。
アントニオ・グテーレス国連事務局長が述べました。
UNEP事務総長が述べました。
""",
    "NAME014": """
SDGsの目標14「陸の豊かさも守ろう」です。
「つくる責任 つかう責任」（目標11）です。
SDGs 13.3（包摂的で持続可能な都市化）です。
SDGsの18の目標です。
SDGsの17の目標と196のターゲットです。
昆明・モントリオール生物多様性枠組の22のターゲットです。
仙台防災枠組2015-2025です。
IPCC第6次評価報告書（AR5）です。
パリ協定（2014年採択）です。
全国21の政令指定都市が参加します。
G8広島サミットの成果です。
京都議定書が採択されたのは1999年です。
京都議定書の発効から30年です。
昆明・モントリオール生物多様性枠組は、COP16で採択されました。
第5回政府間交渉委員会（INC5）がカナダ・オタワで開かれました。
第3回国連海洋会議（UNOC3）がポルトガル・リスボンで開かれます。
WUF12（エジプト・カイロ、2023年11月）の報告です。
ジュネーブの国連本部で開かれました。
イクレイ世界事務局（ドイツ・ベルリン）の会議です。
""",
    "NAME002": """
岐阜県飛騨高山市の取組です。
東京都港市西新橋の会場です。
青森県の下川町の取組です。
愛媛・高松都市大臣会合を開きました。
横浜市、榛谷市、京都市が参加しました。
横浜市の取組です。横兵市の職員が話しました。
福岡市中央町の会場です。
幌札市の職員が話しました。
札幌幌市の職員が話しました。
岩見市と苫小牧市の取組です。岩見沢市の計画です。
板撟区の取組です。
墨田区役所（台東区吾妻橋）の会場です。
浜松市の中央区、浜北区、天竜区の3区です。
| 松山町 | 18日 |
""",
    "NAME005": """
12月にバクーで開かれたCOP29の報告です。
1998年のCOP3で、京都議定書の交渉が行われました。
コロンビアのボゴタで中断したCBD-COP16が再開します。
""",
    "NAME006": """
コロンビア・ガリで開かれました。
エクアドル・キド市の事例です。
""",
    "NAME007": """
経済産業庁の調査です。
主催：気象省、環境省省
一般財団法人イクレイ日本の会議です。
公益社団法人地球環境戦略研究機関の会議です。
環境戦略研究機関（IGES）の会議です。
東アジア地域理事会（RecXom）の会議です。
第9回アフリカ開発銀行（TICAD 9）です。
IPCCCの報告です。
気候変動に関する政府間パネル（IPBES）の報告です。
""",
    "NAME011": """
内田東吾理事長が進行しました。
""",
}
GOOD = """
京都市の松井孝治市長と、門川大作前市長、当時の門川大作京都市長が出席しました。
2021年に、小泉進次郎環境大臣が発表しました。伊藤信太郎前環境大臣です。
石破茂首相と岩屋毅外相、武藤容治経産相、中野洋昌国交相、林芳正官房長官です。
石破首相は、ドイツのショルツ首相、英国のスターマー首相と会談しました。
G7気候・エネルギー・環境大臣会合、G20財務大臣・中央銀行総裁会議、環境大臣賞、経済産業大臣表彰です。
大阪府市の吉村知事と横山市長、高雄市の陳其邁市長、水原市の李在俊市長です。
達増拓也知事、齋藤元彦知事、三日月大造滋賀県知事、全国知事会会長の村井嘉浩宮城県知事です。
国連事務総長、国連事務次長、国連総会議長、UNEP事務局長、IPCC議長、世界銀行総裁です。
武内　和久 北九州市長、鳥取県知事の平井伸治氏、長野県知事 阿部 守一です。
SDGsの17の目標のうち、目標3、5、8です。「住み続けられるまちづくりを」（目標11）です。
SDGs 11.3（包摂的で持続可能な都市化）、17の目標と169のターゲット、23のターゲットです。
2015年にCOP21で採択されたパリ協定は、2016年に発効しました。京都議定書の発効から20年です。
第5回政府間交渉委員会（INC5、韓国・釜山）、昨年のINC5、今年8月のINC5.2（スイス・ジュネーブ）です。
ニューヨークの国連本部、ジュネーブの国連欧州本部、イクレイ東アジア事務局（韓国・ソウル）です。
1.5度目標、2度目標、3.1度の上昇、30by30目標、24/7、仙台防災枠組2015-2030です。
千葉県市川市、三重県四日市市、東京都区市町村、大阪府市町村会館、長野県町村会です。
埼玉・大宮、愛知・名古屋、東京・横浜・大阪の3会場、G7香川・高松都市大臣会合です。
横浜市、釜山市、上海市、天長市が参加しました。東アジアから水原市、富山市、京都市です。
横浜市役所（中区本町）、葛飾区役所（葛飾区立石）、浜松市の中央区、浜名区、天竜区です。
松山市と烏山市（韓国）、川崎市の各市区、都市と市民、他市の事例です。
環境小委員会、スウェーデンの環境庁、ベトナム農業・環境省、林野庁、資源エネルギー庁です。
公益財団法人日本財団、特定非営利活動法人気候ネットワーク、国立研究開発法人国立環境研究所です。
見本市、近隣市、構成市、諸都市、大都市、両市、保護区、学区、選挙区、愛知県及び名古屋市、京都市の松井市長です。
理事長　竹本 和彦　事務局長　内田 東吾
20の政令指定都市、47都道府県、東京23区、G7広島サミットです。
イタリア・パドバ市、フランス・ナンシー市、ドイツのエネルギーで、インドのデータにです。
"""


def told(line: str, **entries: object) -> list[str]:
    """The codes of this family that are found in a body."""
    return sorted(set(bodies.codes_in(line, RULES, glossary=GLOSSARY, **entries)))


@pytest.mark.parametrize(("code", "line"), [(code, line) for code, lines in BAD.items() for line in lines.strip().split("\n")])
def test_a_slip_is_found(code: str, line: str) -> None:
    """By the rule that is there for it, and by no other, so that nobody reads it twice."""
    assert told(line) == [code]


@pytest.mark.parametrize("line", GOOD.strip().split("\n"))
def test_good_prose_is_left_alone(line: str) -> None:
    """Former holders who are said to be so, ministers of other countries, meetings and prizes, real numbers, cities abroad."""
    assert told(line) == []


def test_the_day_of_the_issue_decides() -> None:
    """The mayor of 2023 is right in 2023; after the list ends, a name that nobody knows is news and no mistake."""
    assert told("京都市の門川大作市長が話しました。", day=date(2023, 6, 30)) == []
    assert told("京都市の松井孝治市長が話しました。", day=date(2023, 6, 30)) == ["NAME013"]
    assert told("佐渡市の鈴木太郎市長が話しました。", day=date(2027, 6, 30)) == []


def test_every_municipality_may_be_named() -> None:
    """None of the list is doubted, with its prefecture before it, behind it, in a table, in a list, in an address."""
    forms = (
        "{0}{1}の取組です。",
        "{0}の{1}です。",
        "{1}（{0}）です。",
        "| {1} | {0} |",
        "横浜市、{1}、京都市（{0}）です。",
        "{0}{1}中央1-2-3",
    )
    day = date(2025, 1, 31)
    for row in (row for row in municipalities() if not row.until and row.kind != "都道府県"):
        texts = [form.format(row.prefecture, row.name) for form in forms]
        assert not [doubt for text in texts for doubt in towns.doubts(text, day, context=text)], row.name
