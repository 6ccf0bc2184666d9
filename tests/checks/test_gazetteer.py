"""The lists of names are whole and right where lists go wrong; slips against them are found, and good prose raises no doubt."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date

import pytest

from pipeline.checks import cities, conferences, gazetteer, organisations, towns
from pipeline.checks.gazetteer import Doubt
from tests.builders import ROOT

DATA = ROOT / "pipeline/checks/data"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a list."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


MUNICIPALITIES = rows("municipalities.csv")
CURRENT = {(row["prefecture"], row["name"]) for row in MUNICIPALITIES if not row["until"]}


def test_every_municipality_of_japan_is_there_once() -> None:
    """As the ministry counts them: 1,741 with Tokyo's wards, without the six villages of the Northern Territories."""
    count = Counter(row["kind"] for row in MUNICIPALITIES if not row["until"])
    assert count == {"都道府県": 47, "市": 792, "特別区": 23, "町": 743, "村": 183, "区": 171}
    assert len(CURRENT) == sum(count.values())
    assert {row["prefecture"] for row in MUNICIPALITIES} == {row["name"] for row in MUNICIPALITIES if row["kind"] == "都道府県"}


@pytest.mark.parametrize(
    "place",
    [
        *(
            "茨城県 龍ケ崎市",
            "神奈川県 茅ヶ崎市",
            "千葉県 鎌ケ谷市",
            "千葉県 袖ケ浦市",
            "長野県 駒ヶ根市",
            "宮城県 七ヶ浜町",
            "岩手県 金ケ崎町",
        ),
        *("岐阜県 関ケ原町", "青森県 鰺ヶ沢町", "神奈川県 横浜市保土ケ谷区", "宮城県 塩竈市", "広島県 廿日市市", "三重県 四日市市"),
        *(
            "石川県 野々市市",
            "奈良県 葛城市",
            "東京都 葛飾区",
            "高知県 檮原町",
            "北海道 釧路市",
            "北海道 釧路町",
            "東京都 八丈町",
            "東京都 三宅村",
        ),
        *("福岡県 那珂川市", "栃木県 那珂川町", "宮城県 富谷市", "兵庫県 丹波篠山市", "静岡県 浜松市中央区", "静岡県 浜松市浜名区"),
        *("福島県 双葉町", "福島県 浪江町", "大阪府 四條畷市", "奈良県 大和郡山市", "群馬県 榛東村"),
    ],
)
def test_names_that_lists_get_wrong_are_right(place: str) -> None:
    """ケ or ヶ, old characters, counties and islands in front: the name that the municipality itself bears."""
    assert tuple(place.split()) in CURRENT


def test_readings_are_hiragana_without_a_county() -> None:
    """A reading sorts a list of cities; a county or a stray small letter would sort it wrongly."""
    for row in MUNICIPALITIES:
        assert set(row["reading"]) <= {chr(code) for code in range(0x3041, 0x3097)} | {"ー"}, row
    found = {(row["prefecture"], row["name"]): row["reading"] for row in MUNICIPALITIES}
    assert found["群馬県", "榛東村"] == "しんとうむら"
    assert found["北海道", "ニセコ町"] == "にせこちょう"
    assert found["京都府", "京都市"] == "きょうとし"


def test_what_ended_names_what_took_its_place() -> None:
    """An editor is told the name of today, which is in the same prefecture; no name ends before it begins."""
    for row in MUNICIPALITIES:
        assert bool(row["until"]) == bool(row["became"])
        assert all((row["prefecture"], name) in CURRENT for name in row["became"].split())
        if row["since"] and row["until"]:
            assert date.fromisoformat(row["since"]) < date.fromisoformat(row["until"])
    gone = {row["name"]: row["until"] for row in MUNICIPALITIES if row["until"]}
    assert [gone[f"浜松市{ward}区"] for ward in ("中", "東", "西", "南", "北", "浜北")] == ["2023-12-31"] * 6


def test_conferences_sit_in_known_places_in_their_year() -> None:
    """Every venue is a city of its country, every day lies in the year, and a sitting does not end before it begins."""
    places = {(name, row["country"]) for row in rows("places.csv") for name in (row["name"], *row["also"].split("|"))}
    towns = {row["name"].removesuffix("市") for row in MUNICIPALITIES if row["kind"] == "市"}
    for row in rows("conferences.csv"):
        assert (row["city"], row["country"]) in places or row["city"] in towns or not row["city"], row
        assert all(day.startswith(row["year"]) for day in (row["start"], row["end"]) if day), row
        assert row["start"] <= row["end"]
    numbers = Counter(row["treaty"] for row in rows("conferences.csv"))
    assert numbers["UNFCCC"] >= 31
    assert numbers["CBD"] >= 17


def test_abbreviations_are_listed_once() -> None:
    """One abbreviation, one organisation; every row has a Japanese and an English name."""
    found = rows("organisations.csv")
    assert max(Counter(row["abbreviation"] for row in found).values()) == 1
    assert all(row["japanese"] and row["english"] for row in found)


ON = date(2025, 1, 31)
GOOD_TOWNS = (
    "東京都市大学の学生が、各市、本市、同市、ソウル市、天津市、中国・新郷市の職員と、農村と都市の連携を話し合いました。",
    "廿日市市、四日市市、野々市市、市川市、十日町市、大町町、東村山市、国頭村と東村、大和郡山市、つくばみらい市、いちき串木野市が参加しました。",
    "北九州市立大学、京都市立芸術大学、四日市市内、大阪市中央卸売市場、大阪府市、県内市町村、港区域、空港区画、錦町並木、観光市場を訪れました。",
    "福島県双葉町・浪江町、鳥取県東伯郡琴浦町、神奈川県横浜市保土ケ谷区、東京都港区西新橋、北海道余市郡余市町、山形県東村山郡山辺町です。",
    "塩釜駅、鎌ヶ谷大仏、袖ヶ浦海浜公園、茅ヶ崎館、関ヶ原の戦い、大宰府政庁跡を巡りました。",
    "さいたま市の清水市長、佐野町長、石川市長と、清水勇人市長が登壇しました。",
    "京都市下京区佐渡町、秋田市川尻みよし町、山口市小郡大江町、郡山市熱海町長橋、高崎市吉井町、上越市板倉区長塚にあります。",
    "旧富谷町、篠山市（現・丹波篠山市）、2011年に川口市へ編入された鳩ヶ谷市、平成17年に浜北市は浜松市と合併しました。",
    "浜松市中央区、浜松市天竜区、さいたま市中央区、千葉市緑区、堺市堺区、福岡市早良区で開きます。",
    "釧路市と釧路町、那珂川市と栃木県那珂川町、高知県梼原町、福岡県須惠町、岐阜県飛驒市は、いずれも正しい名称です。",
    "広島県の府中市と府中町、東京都の府中市、札幌市の会場（北区）、福島県内の伊達市から参加がありました。",
    "徒歩10分大阪市営地下鉄、2003年宜野湾市長に当選、第61回山形県大会、行うときは市報で、香川両県、名古屋都市圏、杉野みどり副市長、旧東京市です。",
    "台湾の新竹県、中国の石家荘市、韓国の大田広域市、国立療養所長島愛生園、大坂市中の私塾を訪れました。",
    "ソウル特別市中区、港区虎ノ門、登米町の町並み、復旧を進める町です。",
)
BAD_TOWNS = (
    ("鎌ヶ谷市の取組", "鎌ヶ谷市", "鎌ケ谷市", "spelling"),
    ("千葉県袖ヶ浦市と木更津市", "袖ヶ浦市", "袖ケ浦市", "spelling"),
    ("宮城県塩釜市が開く", "塩釜市", "塩竈市", "spelling"),
    ("地元の富士見野市では", "富士見野市", "ふじみ野市", "spelling"),
    ("福島県飯館村", "飯館村", "飯舘村", "spelling"),
    ("茨木県が主催", "茨木県", "茨城県", "spelling"),
    ("隅田区の動画", "隅田区", "墨田区", "spelling"),
    ("鳥取県堺港市", "堺港市", "境港市", "spelling"),
    ("横浜市保土ヶ谷区", "保土ヶ谷区", "保土ケ谷区", "spelling"),
    ("名古尾市の市長", "名古尾市", "名古屋市", "spelling"),
    ("さいま市の会合", "さいま市", "さいたま市", "spelling"),
    ("千場県の計画", "千場県", "千葉県", "spelling"),
    ("坂橋区の職員", "坂橋区", "板橋区", "spelling"),
    ("神崎市と佐賀市", "神崎市", "神埼市", "spelling"),
    ("鳥取県北栄市の施設", "北栄市", "北栄町", "kind"),
    ("智頭村は", "智頭村", "智頭町", "kind"),
    ("鳥取県琴浦市長", "琴浦市", "琴浦町", "kind"),
    ("名古屋市と佐渡町が参加", "佐渡町", "佐渡市", "kind"),
    ("【佐渡町】トキと暮らす", "佐渡町", "佐渡市", "kind"),
    ("葛飾市は", "葛飾市", "葛飾区", "kind"),
    ("鳥取県松江市", "松江市", "島根県松江市", "prefecture"),
    ("長野県佐渡市", "佐渡市", "新潟県佐渡市", "prefecture"),
    ("浜松市中区の会場", "浜松市中区", "浜松市中央区", "ended"),
    ("浜松市浜北区の会場", "浜松市浜北区", "浜松市浜名区", "ended"),
    ("宮城県富谷町の取組", "富谷町", "富谷市", "ended"),
    ("川崎市都筑区で", "都筑区", "横浜市都筑区", "ward"),
    ("府中市の事例", "府中市", "東京都府中市", "ambiguous"),
    ("伊達市の事例", "伊達市", "北海道伊達市", "ambiguous"),
    ("北区の事例", "北区", "札幌市北区", "ambiguous"),
)
GOOD_WORLD = (
    "国連生物多様性条約第16回締約国会議（CBD-COP16）が、10月21日から11月2日まで、コロンビアのカリで開かれました。",
    "国連気候変動枠組条約第29回締約国会議（UNFCCC-COP29）は、アゼルバイジャン共和国のバクーで、11月11日に始まりました。",
    "昨年11月のCOP29（アゼルバイジャン・バクー）に続き、2025年は、COP30がブラジルのベレンで開かれます。",
    "次の締約国会議（COP30）の舞台は、ブラジルのベレンです。COP29での議論を受け、ドイツのボンで会合が開かれました。",
    "2010年の生物多様性条約COP10（名古屋市）、COP15（カナダ・モントリオール）、COP28（2023年、ドバイ）、京都のCOP3を振り返ります。",
    "COP15は、2021年10月に中国の昆明で第1部が、2022年12月にカナダのモントリオールで第2部が開かれました。",
    "アメリカのパリ協定離脱、中国のソウル事務所、日本・パリ間、シリーズ、カリフォルニア州、フィンランド・トゥルク市、イスタンブール市長（トルコ）",
    "2022年12月、カナダ・モントリオール市で生物多様性条約第15回締約国会議第2部（COP15）が開かれ、COP28（2023年ドバイで開催）、COP30（ベレン、2025年11月）に続きます。",
    "英国グラスゴーで開催された「国連気候変動枠組条約第26回締約国会議」であるCOP26、COP29（開催地：アゼルバイジャン、首都バクー）、COP29、COP30（会期）",
    "2023年のバーゼル条約COP16はジュネーブで開かれました。COP16（ジュネーブ）の資料です。",
    "国際応用システム分析研究所（IIASA）、公益財団法人 地球環境戦略研究機関（IGES）、世界気候エネルギー首長誓約（世界首長誓約、GCoM）、LGMA（自治体団体）",
    "JICA、JICE、JICAF、UNDP、UNEP、SDGs、NDCs、ESCAP、PDCA、ESCO、GIGA、GCOM-C、UNWTO、国際植物防疫条約（IPPC）、電力購買契約（PPA）",
)
BAD_WORLD = (
    ("COP29（ブラジル・ベレン）", "COP29", "バクー", "place"),
    ("COP30（2025年11月、アゼルバイジャン・バクー）", "COP30", "ベレン", "place"),
    ("COP30（ベレン、2024年11月）", "COP30", "2025年", "year"),
    ("バクーでのCOP30", "COP30", "ベレン", "place"),
    ("バクーで開かれたCOP30", "COP30", "ベレン", "place"),
    ("COP30の舞台は、アゼルバイジャンのバクーです。", "COP30", "ベレン", "place"),
    ("生物多様性条約第16回締約国会議（CBD-COP16、コロンビア・ボゴタ）", "CBD-COP16", "カリ", "place"),
    ("COP16はアゼルバイジャンのバクーで開かれました。", "COP16", "カリ", "place"),
    (
        "ラムサール条約第15回締約国会議は、スイスのジュネーブで開かれました。",
        "ラムサール条約第15回締約国会議",
        "ビクトリアフォールズ",
        "place",
    ),
    ("2023年11月、アゼルバイジャンの首都バクーにおいて開催されたCOP29", "COP29", "2024年", "year"),
    ("昨年のCOP28", "COP28", "2023年", "year"),
    ("COP29（2024年10月）", "COP29", "11月11日～11月24日", "month"),
    ("国連気候変動枠組条約第29回締約国会議（UNFCCC-COP30）", "UNFCCC-COP30", "UNFCCC-COP29", "number"),
    ("国連気候変動枠組条約第16回締約国会議（CBD-COP16）", "CBD-COP16", "UNFCCC-COP16", "treaty"),
    ("生物多様性条約COP29", "生物多様性条約COP29", "国連気候変動枠組条約COP29", "treaty"),
    ("会場はフランス・ボンです。", "フランス・ボン", "ドイツ・ボン", "country"),
    ("フィンランド・マルメ市", "フィンランド・マルメ", "スウェーデン・マルメ", "country"),
    ("フランスのボンで開かれた会合", "フランスのボン", "ドイツ・ボン", "country"),
    ("トゥルク市（スウェーデン）", "トゥルク市（スウェーデン）", "フィンランド・トゥルク", "country"),
    ("国際応用システム分析研究所（IGES）", "IGES", "IIASA", "organisation"),
    ("IGES（国立環境研究所）", "IGES", "NIES", "organisation"),
    ("経済協力開発機構（IIASA）", "IIASA", "OECD", "organisation"),
    ("国連防災機構（UNDRR）", "国連防災機構", "国連防災機関", "name"),
    ("2025年は気候変動枠条約の", "気候変動枠条約", "気候変動枠組条約", "name"),
    ("国連食料農業機関の報告", "国連食料農業機関", "国連食糧農業機関", "name"),
    ("UNFCCの事務局", "UNFCC", "UNFCCC", "abbreviation"),
    ("IPPCの第6次評価報告書", "IPPC", "IPCC", "abbreviation"),
    ("LGMAsの要望", "LGMAs", "LGMA", "abbreviation"),
    ("主催：UNSCAP", "UNSCAP", "UNESCAP", "abbreviation"),
)


def world(text: str) -> tuple[Doubt, ...]:
    """Every doubt that is not about a Japanese municipality."""
    return (*conferences.doubts(text, ON), *cities.doubts(text), *organisations.doubts(text))


@pytest.mark.parametrize("text", GOOD_TOWNS)
def test_good_prose_about_municipalities_raises_no_doubt(text: str) -> None:
    """What naive rules cry wolf at: longer words, cities abroad, quarters, mayors' own names, former names that say so, both spellings in use."""
    assert [(doubt.kind, doubt.found) for doubt in towns.doubts(text, ON)] == []


@pytest.mark.parametrize(("text", "found", "expected", "kind"), BAD_TOWNS)
def test_a_slip_in_a_municipality_is_found(text: str, found: str, expected: str, kind: str) -> None:
    """One doubt, at the name, with the right name first and a sentence that says why."""
    (doubt,) = towns.doubts(text, ON)
    assert (doubt.found, doubt.kind) == (found, kind)
    assert expected in doubt.expected
    assert text[doubt.start : doubt.end] == found
    assert doubt.why.endswith("。")


def test_a_ward_is_right_until_the_day_it_ended() -> None:
    """A report of 2023 may speak of 浜松市中区, and 富谷町 was right before 2016-10-10."""
    assert not list(towns.doubts("浜松市中区の会場", date(2023, 12, 31)))
    assert list(towns.doubts("浜松市中区の会場", date(2024, 1, 1)))
    assert not list(towns.doubts("宮城県富谷町の取組", date(2016, 10, 9)))


def test_a_name_that_several_bear_is_told_apart_by_what_readers_see_elsewhere() -> None:
    """The prefecture may stand in another paragraph of the item; then nobody is asked."""
    assert list(towns.doubts("府中市の事例", ON))
    assert not list(towns.doubts("府中市の事例", ON, context="広島県からのお知らせ\n府中市の事例"))


def test_an_entry_that_names_authorities_needs_no_other_sign() -> None:
    """佐渡町 is a quarter of Osaka in a sentence, and a slip in the entry 自治体."""
    assert not list(towns.doubts("佐渡町", ON))
    assert [doubt.expected for doubt in towns.doubts("佐渡町", ON, authorities=True)] == [("佐渡市",)]


def test_a_number_that_another_paragraph_calls_by_its_treaty_is_of_that_treaty() -> None:
    """COP16 alone may be of any treaty in any year; in a report on the biological diversity convention it is not."""
    assert not list(conferences.doubts("2023年のCOP16", ON))
    (doubt,) = conferences.doubts("2023年のCOP16", ON, context="生物多様性条約第16回締約国会議の報告です。")
    assert doubt.expected == ("2024年", "2025年")


def test_a_country_and_a_city_in_two_entries_are_held_together() -> None:
    """国：スウェーデン beside 都市：トゥルク市 is a slip; a city that is not on the list is not judged."""
    assert cities.right_countries("スウェーデン", "トゥルク市") == ("フィンランド",)
    assert cities.right_countries("フィンランド共和国", "トゥルク市") == ()
    assert cities.right_countries("フィンランド", "みほん市") == ()


@pytest.mark.parametrize("text", GOOD_WORLD)
def test_good_prose_about_the_world_raises_no_doubt(text: str) -> None:
    """Cities in their countries, conferences in their years, agreements named after cities, real abbreviations that resemble others."""
    assert [(doubt.kind, doubt.found) for doubt in world(text)] == []


@pytest.mark.parametrize(("text", "found", "expected", "kind"), BAD_WORLD)
def test_a_slip_about_the_world_is_found(text: str, found: str, expected: str, kind: str) -> None:
    """At the place of the slip, with what is right among what it offers."""
    doubts = [doubt for doubt in world(text) if doubt.kind == kind]
    assert [doubt.found for doubt in doubts] == [found]
    assert expected in doubts[0].expected
    assert text[doubts[0].start : doubts[0].end] == found


def test_the_samples_and_the_glossary_raise_no_doubt() -> None:
    """The good issues, their cases and the office's own glossary are clean, but for the row that names a wrong abbreviation on purpose."""
    paths = [*(ROOT / "issues").rglob("*.md"), *(path for path in (ROOT / "issues").rglob("*.csv") if path.name != "notation.csv")]
    assert len(paths) > 30
    for path in paths:
        text = path.read_text("utf-8-sig").replace("「UNSCAP」は誤り", "")
        assert not [*towns.doubts(text, ON), *world(text)], path


def test_every_municipality_is_found_by_its_own_name_in_its_prefecture() -> None:
    """Whatever its name looks like inside (大町町, 東村, 廿日市市), it is found whole and not doubted."""
    for row in gazetteer.municipalities():
        if not row.until and row.kind != "都道府県":
            text = f"{row.prefecture}{row.name}で開きます。" if row.kind != "区" else f"{row.name}で開きます。"
            found = gazetteer.find_municipalities(text)
            assert found[-1].text == row.short, text
            assert not list(towns.doubts(text, ON)), text
