"""Lists that claim an order."""

from __future__ import annotations

import pytest

from pipeline.checks.orders import RULES
from pipeline.sources.glossary import read_glossary
from tests.builders import ROOT
from tests.checks.bodies import codes_in

GLOSSARY = read_glossary(ROOT)[0]
BAD = [
    "板橋区、飯田市、京都市、神戸市（五十音順）の4自治体が賛同しました。",
    "会員自治体からは、東京都、さいたま市、横浜市（五十音順）が参加しました。",
    "会員自治体からは愛知県、名古屋市、神戸市、横浜市(五十音順)が参加しました。",
    "参加自治体：愛知県・名古屋市・神戸市・横浜市（あいうえお順）",
    "さいたま市、所沢市、東京都（５０音順）が登壇しました。",
    "参加した自治体は、次のとおりです（五十音順）。\n\n- 横浜市\n- 京都市\n- 札幌市\n",
    "五十音順に、札幌市、京都市、横浜市が発表しました。",
    "参加した自治体は、次のとおりです（建制順）。\n\n| 県 | 自治体 |\n|---|---|\n| 埼玉県 | 所沢市 |\n| 茨城県 | つくば市 |\n| 千葉県 | 鎌ケ谷市 |\n",
    "北海道、茨城県、宮城県（建制順）の3道県です。",
    "北から順に、福島県、岩手県、愛知県です。",
    "参加都市は、次のとおりです（アルファベット順）。\n\n- Bonn\n- Malmö\n- Denver\n",
    "催しは、次のとおりです（開催順）。\n\n- 3月14日　ミーティング\n- 3月19日　セミナー\n- 3月17日　ワークショップ\n",
    "催しは、次のとおりです（日付順）。\n\n| 催し | 開催日 |\n|---|---|\n| セミナー | 3月19日（水） |\n| 会議 | 3月17日（月） |\n",
    "バンコク市、ソウル市、高雄市（五十音順）が参加しました。",
]
GOOD = [
    "飯田市、板橋区、京都市、神戸市、さいたま市、富山市、広島市、横浜市（五十音順）が賛同しました。",
    "京都市、さいたま市、墨田区、東京都、所沢市、豊田市、松山市、横浜市（五十音順）の8自治体の動画を流しました。",
    "愛知県、飯田市、川崎市、北九州市、さいたま市、札幌市、所沢市、豊田市、名古屋市、浜松市、広島市、横浜市（五十音順）の12自治体です。",
    "東京都、さいたま市、横浜市が参加しました。3市は、京都市、神戸市、横浜市（五十音順）です。",
    "会員自治体からは、さいたま市、所沢市、横浜市（五十音順）の職員が参加しました。",
    "参加した自治体は、次のとおりです（建制順）。\n\n| 県 | 自治体 |\n|---|---|\n| 茨城県 | つくば市 |\n| 埼玉県 | 所沢市 |\n| 千葉県 | 鎌ケ谷市 |\n",
    "参加した自治体は、次のとおりです（五十音順）。\n\n- 京都市\n- 札幌市\n- 横浜市\n",
    "みほん市、横浜市（五十音順）が参加しました。",
    "デンバー、トゥルク市、ボン、マルメ市（五十音順）と結びました。ソウル市、高雄市、バンコク市（五十音順）です。",
    "北から順に、北海道、岩手県、福島県、愛知県です。日本の会員自治体は、北は下川町から、西は北九州市まで広がっています。",
    "催しは、次のとおりです（開催順）。\n\n- 11月14日　ミーティング\n- 12月19日　セミナー\n- 1月17日　ワークショップ\n",
    "催しは、次のとおりです（日付順）。\n\n| 催し | 開催日 |\n|---|---|\n| 会議 | 2024年12月17日 |\n| セミナー | 2025年3月19日 |\n",
    "参加都市は、次のとおりです（アルファベット順）。\n\n- Bonn\n- Denver\n- Malmö\n",
    "お申込みは先着順です。",
]


@pytest.mark.parametrize("body", BAD)
def test_a_list_out_of_the_order_that_it_claims_is_found_once(body: str) -> None:
    """Before the claim, behind it, or in the list or table below."""
    assert codes_in(body, RULES, glossary=GLOSSARY) == ["CNT002"]


@pytest.mark.parametrize("body", GOOD)
def test_a_list_in_its_order_or_without_a_claim_is_left_alone(body: str) -> None:
    """Voiced kana, long vowels and names whose reading nobody knows are no reason to complain."""
    assert codes_in(body, RULES, glossary=GLOSSARY) == []
