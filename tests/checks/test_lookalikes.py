"""Letters that look like others."""

from __future__ import annotations

import pytest

from pipeline.checks.lookalikes import RULES
from tests.checks.bodies import hits, mended

BAD = """コミュ二ティの力|力ーボンニュートラル|セミナ一を開催|セミナ－を開催|イべントの案内|べレンで開催|べルリン市|へルシンキ市|「へルスケア」です|エ場の視察|加エ食品|施エ業者|協カして進める|努カする|人ロ減少|窓ロ業務|入ロで配布
2O25年|1O月16日|C0P29|C02の削減|CО2|l月16日|横浜市ヘの支援|市ヘ提出する|ネットワ一ク|ワ-クショップ|リ一ダ一|ニ酸化炭素|ニ〇三〇年|デー夕を集める|サイ卜|二ュース|八ザードマップ|エネルギ―の転換|スケジュ一ル|レべルの高い
ス卜ック|夕ーゲット|イ二シアティブ|再生可能工ネルギー|⽇本の取組|能カ開発|タ方から|取リ組みます|ICLEl|1CLEI|3O人|活カある地域|フオーラム|ワークシヨップ|パートナーシツプ|СОР29""".replace(
    "\n", "|"
).split("|")
GOOD = """ブランド力アップ|デザイン力で知られる|二カ国、三カ所、数カ月|米ロ首脳、日ロ、中ロ|千葉ニュータウン、千代田区|アジア－ヨーロッパ|イクレイ－持続可能な都市|日本-IIASAジョイントセミナー|ネイチャー－人と自然－|東京へアクセス|アジアへヨーロッパから
（東京）へアクセス|食べログ、比べエネルギー|グループ一丸、チーム一同、アドバイザー一同|八ヶ岳、八王子市、二重|ツール一式、メニュー一覧|ヘリコプター、ヘルシンキ市、ペルー|工藤さん、夕張市、口頭|A4判、1L、10 l、10l、5ℓ|G7、A2Z連合、CO2、H2O、N2O|24/7、O-157、2/3
β版、μg、Ω|力強い、プロ野球、1対1|ルーマニア一国、アルプス一万尺|オスロ工科大学、エコ工房|カトマンズ一帯、シドニー二日目、オランダ八都市|タイ工場、インド工場|キヤノン、フイルム、ミツカン、デイサービス、ウィーン、クィーン|A0判ポスター、B0|サッカー、メディア、パーティー|ラ・ペ""".replace(
    "\n", "|"
).split("|")


@pytest.mark.parametrize("text", BAD)
def test_a_letter_of_another_kind_is_found(text: str) -> None:
    """A kanji in katakana, a katakana in kanji, a letter among figures."""
    assert hits(RULES, text)


@pytest.mark.parametrize("text", GOOD)
def test_words_that_meet_are_left_alone(text: str) -> None:
    """Where two scripts meet because two words meet, nothing is wrong."""
    assert hits(RULES, text) == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("コミュ二ティの力", "コミュニティの力"),
        ("協カして", "協力して"),
        ("⽇本の⾃治体", "日本の自治体"),
        ("市ヘの支援", "市への支援"),
        ("フオーラム", "フォーラム"),
    ],
)
def test_the_right_letter_is_known(text: str, right: str) -> None:
    """What the word is with the right letter is what the fix writes."""
    assert mended(text, hits(RULES, text)) == right
