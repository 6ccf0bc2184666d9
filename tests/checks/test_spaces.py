"""Spaces where Japanese has none."""

from __future__ import annotations

import pytest

from pipeline.checks.spaces import RULES
from tests.checks.bodies import hits, mended

BAD = """会員自治体の取組 、を紹介しました。|報告しました 。|「 食と循環」を開催しました。|（ 先着順）です。|自治体 の取組を紹介しました。|名古屋市が取 組を紹介しました。|セミ ナーを開催しました。|名古屋市で 開催しました。|取組を進 めています。|名古屋市 を訪問しました。
本市は環 境を守ります。|このたび、 開催しました。|市は　　取組を紹介しました。|市は\t取組を紹介しました。|1, 500人が参加しました。|参加者は1 ,500人でした。|生物多 様性を守ります。|セミナーに参加 しました。|開催いたし ます。|ウェブ サイトに載せました。|気候変 動の影響です。|ご参加くだ さい。|皆様 からの情報をお待ちしています。""".replace(
    "\n", "|"
).split("|")
GOOD = (
    """当日は！ 楽しい会でした。|横浜市 温暖化対策統括本部の山田 太郎課長が登壇しました。|山田　太郎さんが話しました。|日　時：1月15日に行います。|Local Governments for Sustainability は組織です。|COP29 における取組です。|2024 年 6 月に行いました。|田中 はるみさんが登壇しました。
「国際合意に不可欠な自治体の行動力　COP29で存在感を増す」です。|（ ）の中は空です。|みほん市民会館 第1会議室で行います。|京都市　環境政策局　地球温暖化対策室が担当です。|さいたま市 清水 勇人 市長が話しました。|○会 場：市民会館です。|TIME TO ACTフォーラムを開きました。|日時：1月15日　　会場：オンラインです。
佐藤 のぞみ氏が話しました。|第一部 基調講演を行いました。|ジノ ヴァン ベギン事務局長が話しました。|日本-IIASAジョイントセミナー in 横浜で話しました。|小布施町 企画財政課 まちづくり係です。|林 業平さんと東 京子さんが話しました。|前の行です。\n　次の行です。|岡山市 山田さんが話しました。""".replace(
        "\n　", "\r"
    )
    .replace("\n", "|")
    .replace("\r", "\n　")
    .split("|")
)


@pytest.mark.parametrize("text", BAD)
def test_a_stray_space_is_found(text: str) -> None:
    """Before a mark, inside a word, before a particle."""
    assert hits(RULES, text)


@pytest.mark.parametrize("text", GOOD)
def test_a_space_that_is_meant_is_left_alone(text: str) -> None:
    """Names, departments, labels, titles and Latin words keep theirs."""
    assert hits(RULES, text) == []


def test_spaces_can_be_taken_out() -> None:
    """All of a paragraph at once."""
    text = "名古屋市 を訪問し、取 組を 、紹介しました。"
    assert mended(text, hits(RULES, text)) == "名古屋市を訪問し、取組を、紹介しました。"


@pytest.mark.parametrize(
    "text",
    [
        "会議は、政治 宣言を採択しました。",
        "会 議は、宣言を採択しました。",
        "市は、地域 住民と話し合いました。",
        "市長は、意見 交換を行いました。",
    ],
)
def test_a_space_between_two_nouns_of_one_term_is_found(text: str) -> None:
    """In running text; at the head of a paragraph too."""
    assert hits(RULES, text)


@pytest.mark.parametrize(
    "text",
    [
        "第3回 流域治水とまちづくりシンポジウムを開きます。",
        "新しい職員の美本花子（みほん はなこ）です。着任しました。",
        "G7札幌 気候・エネルギー・環境大臣会合が開かれました。",
        "副代表 山田 花子さんが話しました。",
        "詳しくは、環境省 自然環境局 野生生物課へお問い合わせください。",
    ],
)
def test_a_number_an_office_and_the_reading_of_a_name_keep_their_space(text: str) -> None:
    """第3回 and the title, an office and its section, （みほん はなこ）."""
    assert hits(RULES, text) == []
