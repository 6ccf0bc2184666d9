"""Terms and numbers of a translation beside its source: right renderings pass in every scale and unit, wrong ones are named with both places."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline import checks
from pipeline.checks import MOST
from pipeline.checks.quantities import english, japanese_number, readable
from pipeline.checks.quantities_ja import value_of
from pipeline.checks.translation import lost_numbers, terms_in
from pipeline.desk import check, open_workspace
from pipeline.model import Article, Finding, Issue, Origin, Original, Place, Section, Severity, Term
from pipeline.sources.glossary import read_glossary
from tests.builders import ROOT, masthead
from tests.checks.test_items import GOOD as MAIL
from tests.test_build import enews, sample_workspace

CASE = "issues/cases/sample/2025-01-06-mayors-of-wetland-cities-gather-in-dongy"
ORIGIN = Origin(
    feed="x", entry_id="1", url="https://example.com/a", title="t", publisher="p", language="en", country="", city="", published=None, source_digest="",
    translator="", reviewer="", licence="", visibility="members", machine=False, state="校閲済",
)  # fmt: skip
GLOSSARY = read_glossary(ROOT)[0]
DAY = date(2025, 1, 31)

GOOD = [
    ("It costs US$300 billion a year.", "年3,000億米ドルかかります。"),
    ("A fund of $1.5 million", "150万ドルの基金"),
    ("€2.75bn for housing", "住宅に27.5億ユーロ"),
    ("£40m and ¥5 billion", "4,000万ポンドと50億円"),
    ("between $5 and 10 billion", "50億～100億ドル"),
    ("5-10 million people", "500～1,000万人"),
    ("It reached 104°F.", "気温は40度に達しました。"),
    ("It reached 104 degrees Fahrenheit.", "華氏104度に達しました。"),
    ("2.7°F warmer", "1.5℃高い"),
    ("a park of 120 acres", "約49ヘクタールの公園"),
    ("a park of 120 acres", "120エーカーの公園"),
    ("3,000 square miles", "約7,800平方キロメートル"),
    ("26 miles of bike lanes", "42キロの自転車道"),
    ("6 feet above the sea", "海面から約1.8メートル"),
    ("2,000 pounds of food", "約900キログラムの食品"),
    ("500 tons of waste a day", "1日450トンのごみ"),
    ("500 tonnes of waste", "500トンのごみ"),
    ("100 gallons of water", "約380リットルの水"),
    ("The hall opens at 3 pm.", "会場は15時に開きます。"),
    ("The hall opens at 3 p.m.", "会場は午後3時に開きます。"),
    ("from 1:30 to 3 pm", "午後1時半～3時"),
    ("from 11 to 1 pm", "11:00から13:00まで"),
    ("at 12 pm", "正午に"),
    ("at 9:15 am", "午前9時15分に"),
    ("at 16:45", "16時45分に"),
    ("a dozen cities", "12の都市"),
    ("two dozen schools", "24校"),
    ("down by 5 percentage points", "5ポイント減"),
    ("a share of 45.5%", "45.5パーセントの割合"),
    ("30 percent of homes", "3割の住宅"),
    ("50 percent of homes", "半数の住宅"),
    ("100% renewable", "すべて再生可能エネルギー"),
    ("75 percent of trips", "移動の4分の3"),
    ("in 2019 and FY2024", "平成31年と令和6年度"),
    ("in the 1990s", "90年代に"),
    ("On 26 November 2024", "2024年11月26日"),
    ("May 5, 2024", "2024年5月5日"),
    ("2024-10-15", "2024年10月15日"),
    ("Its fifth meeting, with three cities", "第5回の会合に3市が参加"),
    ("twenty-five volunteers and thirty students", "25人のボランティアと三十人の学生"),
    ("the 21st century", "21世紀"),
    ("half a million trees", "50万本の木"),
    ("1,200 trees", "千二百本の木"),
    ("over 18 months", "1年半かけて"),
    ("a 20-year plan for 30-year-olds", "30歳のための20か年計画"),
    ("48 hours", "2日間"),
    ("COP29, CO2, INC5 and 30by30, open 24/7", "いつでも開いています"),
    ("[report](https://example.org/2024/99) ![x](a-7.jpg) <!-- 1234 -->", "報告書"),
    ("1. First\n2. Second", "一つ目、二つ目"),
    ("one of the first cities", "早くから取り組んだ都市"),
    ("three partners met", "パートナーが会いました"),
    ("1,100 square miles and 88 cities", "約2,850平方キロメートルの88市"),
    ("Two of the five sites opened in June 2023.", "5か所のうち2か所は2023年6月に開設されました。"),
    ("from 9:00-10:30 a.m. EST (3:00 pm CET)", "9:00～10:30（中央ヨーロッパ時間15時）"),
    ("at 7:30 in the evening", "夜7時30分"),
    ("for 2 hours and 30 minutes", "2時間半"),
    ("from 4.5 to 2.25 million euros", "450万ユーロから225万ユーロへ"),
    ("PM2.5 fell to 12 while NO2 rose 1.5-fold, 5G and 3D", "12に下がり、1.5倍に"),
    ("from 95 to 104°F", "気温35～40度"),
    ("10,000 to 15,000 trees", "1万～1万5,000本"),
    ("a 12-month pilot", "1年間の実証"),
    ("$3.5M", "350万ドル"),
    ("200 km of pipes and 5 hectares", "200キロメートルの管と5ヘクタール"),
]
BAD = [
    ("It costs US$300 billion a year.", "年300億米ドルかかります。", "3,000億米ドル"),
    ("It costs US$300 billion a year.", "年3,000億円かかります。", "3,000億米ドル"),
    ("A fund of $1.5 million", "15万ドルの基金", "150万ドル"),
    ("It reached 104°F.", "気温は104度に達しました。", "約40度"),
    ("a park of 120 acres", "約120ヘクタールの公園", "約48.6ヘクタール"),
    ("26 miles of bike lanes", "26キロの自転車道", "約41.8キロメートル"),
    ("The hall opens at 3 pm.", "会場は3時に開きます。", "15時"),
    ("The hall opens at 3 pm.", "会場は午前3時に開きます。", "15時"),
    ("from 1:30 to 3 pm", "午後1時半～4時", "15時"),
    ("a dozen cities", "10の都市", "12"),
    ("down by 5 percentage points", "5%減", "5ポイント"),
    ("a share of 45%", "54%の割合", "45%"),
    ("in 2019", "令和2年に", "2,019"),
    ("On 26 November 2024", "2024年10月26日", "11月"),
    ("Its fifth meeting", "第6回の会合", "5"),
    ("three cities", "4都市", "3"),
    ("1,500 people from 81 countries", "81か国から500人", "1,500"),
    ("half a million trees", "5万本の木", "50万"),
    ("5-10 million people", "5～10億人", "1,000万"),
    ("2,000 pounds of food", "2,000キログラムの食品", "約907キログラム"),
    ("Some 8,200 homes", "多くの住宅", "8,200"),
    ("the 21st century", "22世紀", "21"),
]


@pytest.mark.parametrize(("source", "translation"), GOOD)
def test_a_number_that_is_right_in_any_scale_unit_or_script_is_quiet(source: str, translation: str) -> None:
    """What a careful translator writes is no finding."""
    assert [quantity.text for quantity in lost_numbers(source, translation)] == []


@pytest.mark.parametrize(("source", "translation", "expected"), BAD)
def test_a_number_that_is_wrong_is_told_with_what_was_expected(source: str, translation: str, expected: str) -> None:
    """A digit, a scale, a unit, a half of the day or a month that is not the source's."""
    assert expected in [quantity.wording for quantity in lost_numbers(source, translation)]


@pytest.mark.parametrize(
    ("run", "value"),
    [
        ("1億5,000万", 1.5e8),
        ("百二十", 120),
        ("二〇二五", 2025),
        ("三千五百", 3500),
        ("1.5億", 1.5e8),
        ("2兆", 2e12),
        ("十", 10),
        ("3千万", 3e7),
    ],
)
def test_japanese_numerals_are_read_in_every_mixture(run: str, value: float) -> None:
    """Figures, kanji, positional kanji and large scales."""
    assert value_of(run) == value


@pytest.mark.parametrize(
    ("value", "text"), [(3e11, "3,000億"), (1.5e6, "150万"), (1500, "1,500"), (2.75e9, "27.5億"), (1234567, "1,234,567")]
)
def test_numbers_are_shown_in_the_scale_a_reader_expects(value: float, text: str) -> None:
    """万 and 億 where the number is round in them."""
    assert japanese_number(value) == text


def test_blanked_addresses_leave_every_line_where_it_was() -> None:
    """The line of a finding is the line in the source file."""
    text = "a <!-- 1\n2 --> b\nhttps://example.org/3\n4 km"
    found = english(readable(text))
    assert [(quantity.text, readable(text).count("\n", 0, quantity.start)) for quantity in found] == [("4 km", 3)]


HOSTILE = ["1", "1x", "十", "1,", "<!--", "![", "](", "a.", "```", " ", "分の1", "3 pm", "1-", "三十万", "$", "five-"]


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_of_a_stranger_keeps_the_desk_waiting(piece: str) -> None:
    """A feed full of one thing is read in time that grows with its length, and never stops the check."""
    started = time.process_time()
    lost_numbers(piece * 5_000, piece * 5_000)
    list(terms_in(original(piece * 5_000), GLOSSARY, day=DAY))
    assert time.process_time() - started < 10


def original(body: str, line: int = 1) -> Original:
    """A source with this body."""
    return Original(body=body, place=Place(path="x.source.md", line=line))


def issue_with(body: str, *, language: str = "en", title: str = "題", day: date = DAY) -> Issue:
    """An issue with one case."""
    origin = replace(ORIGIN, language=language)
    article = Article(slug="x/1", title=title, section="s", place=Place(path="x.md", line=2), body=body, body_line=20, origin=origin)
    section = Section(key="s", title="s", articles=(article,))
    return Issue(
        slug="i", edition="cases", name="n", place=Place(path="i"), subject="s", lead_line="l", greeting="", sections=(section,), date=day
    )


def found(source: str, japanese: str, *, glossary: tuple[Term, ...] = GLOSSARY, language: str = "en", day: date = DAY) -> list[Finding]:
    """The findings on one case beside its source, the mail itself left aside."""
    issue = issue_with(japanese, language=language, day=day)
    findings = checks.run(issue, MAIL, masthead=masthead(), glossary=glossary, originals={"x/1": original(source, 10)})
    return [finding for finding in findings if finding.code in ("GLO001", "NUM001", "TRA003")]


GOOD_TERMS = [
    ("ICLEI Japan met the mayors.", "イクレイ日本は首長と会いました。"),
    ("Tokyo Metropolitan Government", "東京都"),
    ("the UNFCCC", "国連気候変動枠組条約（UNFCCC）"),
    ("the UNFCCC", "国連気候変動枠組条約"),
    ("The Mayor of Malmo", "マルメ市の市長"),
    ("Case studies on decarbonisation", "脱炭素の事例"),
    ("Kazuhiko   \nTakemoto", "竹本和彦"),
    ("nature-based solution", "自然を活用した**解決策**"),
    ("Secretary General", "事務局長"),
    ("local and regional\ngovernments", "自治体"),
    ("ＩＣＬＥＩ", "ｲｸﾚｲ"),
    ("remayor tokyos2 bonnet", "何も"),
    ("see https://iclei.org/kyoto", "https://iclei.org/kyoto"),
]
BAD_TERMS = [
    ("ICLEI Japan met us.", "イクレイは会いました。", "イクレイ日本"),
    ("ICLEI World Congress", "世界大会", "イクレイ世界大会"),
    ("the UNFCCC", "国連気候変動枠条約（UNFCCC）", "国連気候変動枠組条約（UNFCCC）"),
    ("Minna Arve", "ミーナ•アルヴェ", "ミーナ・アルヴェ"),
    ("Ministerial Meeting on Urbanization and Climate Change", "都市化と気候変動に関する大臣会合", "都市化と気候変動に関する閣僚会合"),
    ("resilience", "回復力", "レジリエンス"),
    ("Kobe and Kyoto", "京都市", "神戸市"),
    ("circular development", "循環型の発展", "循環型発展"),
    ("UNESCAP", "国連アジア太平洋経済社会委員", "国連アジア太平洋経済社会委員会（UNESCAP）"),
]


@pytest.mark.parametrize(("source", "japanese"), GOOD_TERMS)
def test_an_accepted_form_is_quiet(source: str, japanese: str) -> None:
    """Any accepted form, brackets or none, either width, singular or plural, British or American; a part of another word is no term."""
    assert [finding.message for finding in found(source, japanese) if finding.code == "GLO001"] == []


@pytest.mark.parametrize(("source", "japanese", "expected"), BAD_TERMS)
def test_a_missing_term_warns_with_both_places_the_term_and_the_form(source: str, japanese: str, expected: str) -> None:
    """The editor sees where the source says it, in which file the Japanese lacks it, and what is expected; the build never fails of it."""
    finding = next(finding for finding in found(source, japanese) if finding.code == "GLO001")
    assert finding.severity is Severity.WARNING
    assert "x.source.md 10行目" in finding.message
    assert expected in finding.message
    assert finding.place == Place(path="x.md", line=20)


def test_the_longest_term_wins_and_is_found_once() -> None:
    """ICLEI within ICLEI Japan is not a term of its own, but another ICLEI is; lines count from the file's top."""
    names = [(term.en, line) for term, _, line in terms_in(original("ICLEI Japan\nand ICLEI.", 5), GLOSSARY, day=DAY)]
    assert names == [("ICLEI Japan", 5), ("ICLEI", 6)]


def test_a_term_counts_only_while_it_is_in_force() -> None:
    """``from`` and ``to`` of the table, against the issue's date."""
    term = Term(en="Mihon", ja=("みほん",), since=date(2025, 4, 1), until=date(2025, 12, 31), place=Place(path="g"))
    days = (date(2025, 3, 31), date(2025, 4, 1), date(2025, 12, 31), date(2026, 1, 1))
    assert [len(found("Mihon", "無", glossary=(term,), day=day)) for day in days] == [0, 1, 1, 0]


def test_only_full_texts_from_english_are_compared() -> None:
    """A summary leaves things out on purpose, and other languages have other words."""
    assert found("ICLEI has 2,500 members.", "") == []
    assert found("ICLEI hat 2.500 Mitglieder.", "本文", language="de") == []
    assert [finding.code for finding in found("ICLEI has 2,500 towns.", "本文")] == ["GLO001", "NUM001"]


def test_the_samples_agree_with_their_sources_and_a_slip_in_them_is_seen(tmp_path: Path) -> None:
    """Quiet on the real cases through the whole desk; a changed scale is found in the right line of the source."""
    root = sample_workspace(tmp_path)
    assert check(open_workspace(root), "2025-01-cases").findings == ()
    path = root / f"{CASE}.md"
    path.write_text(path.read_text("utf-8").replace("1,500人", "150人").replace("名古屋", "那古野"), encoding="utf-8")
    told = [finding for finding in check(open_workspace(root), "2025-01-cases").findings if finding.code in ("GLO001", "NUM001")]
    assert [finding.code for finding in told] == ["GLO001", "NUM001"]
    line = next(n for n, text in enumerate((root / f"{CASE}.source.md").read_text("utf-8").split("\n"), 1) if "1,500" in text)
    assert f"{CASE}.source.md {line}行目" in told[1].message
    assert "「1,500」" in told[1].message


@pytest.mark.parametrize(
    ("source", "japanese", "lost"),
    [
        ("The [plan](https://a.example/p).", "計画です。", ["https://a.example/p（10行目）"]),
        ("The [plan](https://a.example/p).", "計画（https://a.example/p）です。", []),
        ("See https://www.a.example/p/.", "[計画](http://a.example/p)です。", []),
        ("[x](<https://a.example/p (1)>)", "[x](https://a.example/p", []),
        ("[x](https://a.example/p_(q)?a=1&amp;b=2)", "https://a.example/p_(q)?a=1&b=2をご覧ください", []),
        (r"See https://a.example/\_p\_ now.", "https://a.example/_p_", []),
        ("[x](https://a.example/%E8%A8%88)", "[x](https://a.example/計)", []),
        ("One https://a.example/p\n\nand https://a.example/p and https://a.example/q.", "なし", ["p（10行目）、", "q（12行目）"]),
        ("[x](https://a.example/p/q)", "https://a.example/p", ["https://a.example/p/q（10行目）"]),
        ("This very post: https://example.com/a", "本文", []),
        ("Text.\n\n<!-- photo https://a.example/p.jpg -->", "本文", []),
        ("Mail [us](mailto:a@a.example).", "本文", []),
        ("The [plan](https://a.example/p).", "", []),
    ],
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_links_of_a_source_that_the_japanese_lost(source: str, japanese: str, lost: list[str], language: str) -> None:
    """However they are written on either side, in one finding that names each once with its line; the post's own address is in the credit."""
    told = [finding for finding in found(source, japanese, language=language) if finding.code == "TRA003"]
    assert [finding.severity for finding in told] == [Severity.WARNING] * bool(lost)
    assert [all(part in finding.message for part in lost) for finding in told] == [True] * bool(lost)


def test_a_bad_row_of_the_glossary_is_told_and_stops_nothing(tmp_path: Path) -> None:
    """GLO002 with the line; the issue still builds."""
    root = sample_workspace(tmp_path)
    with (root / "issues/glossary.csv").open("ab") as file:
        file.write(b"Mihon City,,,city,,,\r\n")
    findings = check(open_workspace(root), "2025-01").findings
    assert [(finding.code, finding.place and finding.place.line) for finding in findings] == [("GLO002", len(GLOSSARY) + 2)]
    assert enews(root, "build", "2025-01") == 0


def test_the_japanese_place_is_the_block_that_stands_for_the_sources() -> None:
    """Where both texts have as many blocks, by position; else the beginning of the text, which is never wrong."""
    source = "## Why\n\nICLEI Japan met us.\n\n<!-- our note\n\nof two blocks -->\n\nIt cost US$300 billion.\n"
    (term, number) = found(source, "## なぜ\n\n会いました。\n\n\n300億米ドルでした。")
    assert (term.code, term.place) == ("GLO001", Place(path="x.md", line=22))
    assert (number.code, number.place) == ("NUM001", Place(path="x.md", line=25))
    assert [finding.place for finding in found(source, "会いました。300億米ドルでした。")] == [Place(path="x.md", line=20)] * 2


def test_a_table_of_lost_numbers_takes_no_time() -> None:
    """The source is made readable once, not once for each number that is missing."""
    source = "".join(f"It has {n},{n % 1000:03d} trees.\n\n" for n in range(10, 2510))
    begun = time.perf_counter()
    told = found(source, "木。\n\n" * 2500)
    assert len(told) == MOST
    assert f"ほか{2000 - MOST:,}か所" in told[-1].message
    assert time.perf_counter() - begun < 10  # a second alone; machines are shared
