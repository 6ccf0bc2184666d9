"""What stands twice in an issue or across issues, and what is told again on purpose; the words about pictures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.checks import pictures, repeats
from pipeline.checks.repeats import alike, stands_in
from pipeline.checks.rule import Sheet
from pipeline.model import Picture, Place
from tests.builders import ISSUE, draft, workspace
from tests.checks.bodies import codes_in
from tests.checks.sheets import codes_by_line, run, sheet_of

TEXT = "見本市は、家庭と飲食店から出る食品ロスを減らすため、自治体職員と事業者を対象にセミナーを開きます。市内の商店街と進めた運動の結果を報告します。"
OTHER = "見本県は、温室効果ガスの削減と里山の保全を柱とする計画の案をまとめ、広く意見を募っています。寄せられた意見は、県の考え方とあわせて公表します。"
PAGE = "https://www.example.jp/mihon/page/"


def codes(folder: Path, files: dict[str, str]) -> list[str]:
    """The codes found in 2025-01."""
    return [finding.code for finding in run(repeats.RULES, sheet_of(folder, dict(files)))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第4回イクレイカフェを開催", "第4回 イクレイカフェを開催"),
        ("「食べきるまちセミナー」を開催（2月27日）", "食べきるまちセミナーの開催（2月27日）"),
        ("まちの木陰を写した作品を募集", "まちの木陰を写した作品の募集"),
    ],
)
def test_titles_that_differ_in_little_are_alike(one: str, other: str) -> None:
    """Spaces, brackets and particles do not count."""
    assert alike(one, other) >= repeats.ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(
            ("第1回生物多様性セミナーを開催", "第2回生物多様性セミナーを開催"),
            ("環境基本計画（案）への意見を募集", "まちの木陰の作品を募集"),
        ),
        *(("COP16特集号（2024年11月15日）", "COP29特集号（2024年12月10日）"), ("横浜市が登壇", "さいたま市が会合を主催")),
    ],
)
def test_titles_with_other_numbers_are_not(one: str, other: str) -> None:
    """A series has its numbers."""
    assert alike(one, other) < repeats.ALIKE


def test_how_much_of_a_text_stands_in_another() -> None:
    """By sentences; too little text says nothing."""
    assert stands_in(TEXT, f"{OTHER}\n\n{TEXT}") == 1.0
    assert stands_in(TEXT, OTHER) == 0.0
    assert 0 < stands_in(TEXT + OTHER, TEXT) < 1
    assert stands_in("本文です。", "本文です。") == 0.0


def test_an_item_that_stands_twice_is_found(tmp_path: Path) -> None:
    """Alike by its title, or by its text under another title; a calendar beside it, another city, another number are none."""
    first = draft("みほん市の食べきるまちセミナーを開催", body=TEXT)
    assert codes(tmp_path / "a", {"10-a.md": first, "20-b.md": draft("みほん市が食べきるまちセミナーを開催", body=OTHER)}) == ["RPT001"]
    assert codes(tmp_path / "b", {"10-a.md": first, "20-b.md": draft("食品ロスの話", body=TEXT)})[0] == "RPT001"
    calendar = draft("みほん市の食べきるまちセミナー開催", "イベントカレンダー", body="", 日時="2025-02-27")
    assert codes(tmp_path / "c", {"10-a.md": first, "20-b.md": calendar}) == []
    cities = [
        draft(f"計画への意見を募集{mark}", body=text, 自治体=name) for mark, text, name in (("", TEXT, "見本市"), ("！", OTHER, "見本県"))
    ]
    assert codes(tmp_path / "d", {"10-a.md": cities[0], "20-b.md": cities[1]}) == []
    twice = [
        draft(title, "イベントカレンダー", body="", 日時="2025-03-14") for title in ("J-GBFフォーラム（第4回）", "第4回J-GBFフォーラム")
    ]
    assert codes(tmp_path / "e", {"10-a.md": twice[0], "20-b.md": twice[1]}) == ["RPT001"]
    series = twice[1].replace("2025-03-14", "2025-03-21")
    assert codes(tmp_path / "f", {"10-a.md": twice[0], "20-b.md": series}) == []


BAD = [
    f"{TEXT}\n\n{TEXT}",
    "- 2月14日（金）見本会館で会議\n- 2月21日（金）市民会館で講座\n- 2月14日（金）見本会館で会議",
    "| 日 | 催し |\n|---|---|\n| 2月14日（金） | 見本会館で会議 |\n| 2月14日（金） | 見本会館で会議 |",
    "会議では自治体の役割を話し合いました。市長が登壇しました。会議では自治体の役割を話し合いました。",
]
GOOD = [
    f"{TEXT}\n\n{OTHER}",
    "- 会場：オンライン\n- 主催：見本市\n- 会場：オンライン",
    "| 自治体 | 参加 |\n|---|---|\n| 見本市 | あり |\n| 見本県 | あり |",
    "参加しました。発表しました。参加しました。",
]


def test_what_was_pasted_twice_is_found(tmp_path: Path) -> None:
    """Paragraphs, list lines, rows, sentences; short ones may come again."""
    pastes = [rule for rule in repeats.RULES if rule.code == "RPT002"]
    found = codes_by_line(tmp_path, [*BAD[1:], *GOOD[1:]], pastes)
    assert [text for text, codes in found.items() if not codes] == GOOD[1:]
    assert codes(tmp_path / "a", {"10-a.md": draft(body=BAD[0])}) == ["RPT002"]
    assert codes(tmp_path / "b", {"10-a.md": draft(body=GOOD[0])}) == []


AGAIN = [
    "約1,400名の皆様にご登録いただいています。約1,400名の皆様にご登録いただいています。会員自治体の取組を紹介します。",
    "市長は、会見で「水素が身近にあるまちへ」と意気込みを語りました。\n\n市長は、会見で「水素が身近にあるまちへ」と意気込みを語りました。\n\n会見は1月でした。",
    "- 市は計画を作りました。市は計画を作りました。\n- 県は指針を示しました。",
    "会議は3月に開かれます。\n会議は3月に開かれます。",
    "市では、家庭から出る生ごみを集めて堆肥にする試みを続けています。参加は200世帯です。\n\n昨年は半分でした。市では、家庭から出る生ごみを集めて堆肥にする試みを続けています。",
    "参加したのは、飯田市、京都市、飯田市の3市です。",
    "富山市・札幌市・熊本市・富山市の4市",
    "本誌は、自治体、大学等の約1,400名の皆様にご登録いただいています。約1,400名の皆様にご登録いただいています。取組をお寄せください。",
    *("- 横浜市\n- 川崎市\n- 横浜市", "- 開会挨拶\n- 基調講演\n- 基調講演\n- 閉会挨拶", "1. 計画の策定\n2. 計画の策定\n3. 評価"),
    "- 14:00～14:30　脱炭素の国際動向\n- 14:30～15:00　脱炭素の国際動向\n- 15:00～15:30　意見交換",
    "- 対象：市民\n- 対象：市民\n- 定員：30人",
    *(
        "主催：環境省、外務省、環境省",
        "講師は山田さん、鈴木さん、山田さんです。",
        "フランス、ドイツ、イタリア、フランスの4か国が参加しました。",
    ),
]
ONCE = [
    "- 14:00～14:30　講演\n- 14:30～14:40　休憩\n- 14:40～15:10　討論\n- 15:10～15:20　休憩",
    "- 14:00～14:30　意見交換\n- 15:00～15:30　意見交換",
    "- 会場：市民会館\n- 日時：2月\n- 会場：市民会館",
    "主催：みほん市、みほん市教育委員会、みほん市観光協会",
    "脱炭素の計画、脱炭素の取組、脱炭素の人材について話し合いました。",
    "参加したのは、府中市（東京都）、京都市、府中市（広島県）の3市です。",
    "参加費は無料です。\n\n参加費は無料です。",
    "詳しくは、次のページを御覧いただき、期日までにお申し込みください。\n\n二つ目です。詳しくは、次のページを御覧いただき、期日までにお申し込みください。",
    "京都市、横浜市、富山市が登壇し、京都市が司会を務めました。",
    "市は計画を作りました。県も計画を作りました。",
    "「そうです。」「そうです。」と声が上がりました。",
    "札幌市、豊富町と、町の3団体です。東京都、東京都渋谷区、渋谷区の3者です。",
]


@pytest.mark.parametrize("body", AGAIN)
def test_a_sentence_or_a_name_that_comes_again_is_found(body: str) -> None:
    """At once, at the end of the sentence before, in another paragraph; a municipality twice in one list."""
    assert codes_in(body, (repeats.RULES[1],)) == ["RPT002"]


@pytest.mark.parametrize("body", ONCE)
def test_what_is_said_in_every_item_is_no_repeat(body: str) -> None:
    """Short or usual sentences, namesakes told apart by their prefectures, calls."""
    assert codes_in(body, (repeats.RULES[1],)) == []


def test_one_page_under_two_titles_is_found(tmp_path: Path) -> None:
    """A home page may be shared, and so may a page by an item and its line in the calendar."""
    one = draft("セミナーを開催", body=TEXT, 詳細=PAGE)
    assert codes(tmp_path / "a", {"10-a.md": one, "20-b.md": draft("計画の案を公表", body=OTHER, 申込=PAGE)}) == ["RPT003"]
    assert codes(tmp_path / "b", {"10-a.md": one, "20-b.md": draft("計画の会", "イベントカレンダー", body="", 詳細=PAGE)}) == []
    home = "https://www.example.jp/"
    pair = {"10-a.md": draft("セミナーを開催", body=TEXT, 詳細=home), "20-b.md": draft("計画の案を公表", body=OTHER, 詳細=home)}
    assert codes(tmp_path / "c", pair) == []


def test_a_text_of_an_earlier_issue_is_found_under_any_title(tmp_path: Path) -> None:
    """再掲 is an answer; a report of what was announced is none of it, nor is an update in other words."""
    december = {
        "issue.md": ISSUE.replace("2025-01-31", "2024-12-27").replace("巻頭言です。", OTHER),
        "10-a.md": draft("催しを開催", body=TEXT),
    }
    workspace(tmp_path, dict(december), slug="2024-12")
    assert codes(tmp_path, {"10-a.md": draft("食べきるまちセミナー", body=TEXT)}) == ["RPT004"]
    assert codes(tmp_path, {"10-a.md": draft("食べきるまちセミナー", body=TEXT, タグ="再掲")}) == []
    assert codes(tmp_path, {"10-a.md": draft("催しの開催", body=OTHER.replace("県", "町"), タグ="開催報告")}) == []
    assert codes(tmp_path, {"10-a.md": draft("催しを開催！", body="会議の日程が変わりました。" * 3)}) == ["RPT002"]
    assert codes(tmp_path, {"issue.md": ISSUE.replace("巻頭言です。", OTHER), "10-a.md": draft("別の話", body="短い本文です。")}) == [
        "RPT004"
    ]
    assert codes(tmp_path, {"issue.md": ISSUE, "10-a.md": draft("編集後記", "編集後記", body=TEXT)}) == ["RPT004"]


PICTURE = Picture(
    file="a.jpg",
    path="a.jpg",
    width=560,
    height=315,
    bytes=9,
    source="images/a.jpg",
    place=Place(path="issues/2025-01/10-a.md"),
    alt="会場で話し合う参加者",
    credit="©見本市",
)


def with_pictures(folder: Path, *shown: Picture, body: str = TEXT, more: str = "") -> list[str]:
    """The codes found in an item with these pictures."""
    page = sheet_of(folder, {"10-a.md": draft("会議を開催", body=body).replace("\n---\n\n", f"\n{more}---\n\n")})
    section = next(section for section in page.issue.sections if section.articles)
    article = replace(section.articles[0], pictures=shown)
    whole = Sheet(
        issue=replace(page.issue, sections=(replace(section, articles=(article,)),)),
        email=page.email,
        masthead=page.masthead,
        passages=page.passages,
    )
    return [finding.code for finding in run(pictures.RULES, whole)]


@pytest.mark.parametrize(
    ("alt", "expected"),
    [
        *(
            (alt, ["PIC006"])
            for alt in (
                "画像",
                "写真1",
                "図",
                "image",
                "photo01",
                "集合写真",
                "当日の様子です",
                "代替文",
                "会議を開催",
                "© 見本市",
                "・・・",
            )
        ),
        *((alt, ["PIC008"]) for alt in ("会議中", "あ" * 161)),
        *((alt, ["PIC009"]) for alt in ("見本太郎市長があいさつする様子", "見本 花子さんが話す様子", "木を植える小学生たち")),
        *(
            (alt, [])
            for alt in (
                "会場で話し合う参加者",
                "満員の会議室",
                "図書館の前に並ぶ市民",
                "市長会議の会場の入り口",
                "子どもたちが描いた絵の図",
            )
        ),
    ],
)
def test_the_words_for_a_picture(alt: str, expected: list[str], tmp_path: Path) -> None:
    """Placeholders, titles and credits say nothing; a person with a name needs a permission."""
    assert with_pictures(tmp_path, replace(PICTURE, alt=alt)) == expected


def test_two_pictures_have_two_texts_and_each_a_giver(tmp_path: Path) -> None:
    """The same picture may come twice; a permission is written in the front matter."""
    other = replace(PICTURE, file="b.jpg", source="images/b.jpg")
    assert with_pictures(tmp_path / "a", PICTURE, other) == ["PIC006"]
    assert with_pictures(tmp_path / "b", PICTURE, PICTURE) == []
    assert with_pictures(tmp_path / "c", replace(PICTURE, credit="写真：©")) == ["PIC007"]
    named = replace(PICTURE, alt="あいさつする見本太郎市長")
    assert with_pictures(tmp_path / "d", named, more="掲載許諾: 見本市、1月20日\n") == []


def test_heavy_pictures_and_lonely_ones(tmp_path: Path) -> None:
    """200 KB each, 1 MB in all; an item of a few words says too much in its picture."""
    assert with_pictures(tmp_path / "a", replace(PICTURE, bytes=200_001)) == ["PIC011"]
    many = [replace(PICTURE, file=f"{n}.jpg", alt=f"会場の{n}番目の部屋", bytes=199_000) for n in range(6)]
    assert with_pictures(tmp_path / "b", *many) == ["PIC011"]
    assert with_pictures(tmp_path / "c", PICTURE, body="催しのちらしです。") == ["PIC012"]


LOOKING = [
    "当日の様子は写真をご覧ください。",
    "会場の様子（写真）です。",
    "写真1は会場の様子です。",
    "上の写真は、市長会議の会場です。",
    "写真は、会議の様子です。",
]
NOT_LOOKING = [
    "写真は、Web版の3-1をご覧ください。",
    "応募作品の写真を展示します。",
    "写真を撮って、動きを伝えました。",
    "市は写真コンテストを開きます。",
    "航空写真から緑の割合を求めました。",
]


def test_words_that_point_at_no_picture_are_found(tmp_path: Path) -> None:
    """Only where the item has none."""
    found = codes_by_line(tmp_path, [*LOOKING, *NOT_LOOKING], pictures.RULES)
    assert {text for text, codes in found.items() if codes} == set(LOOKING)
