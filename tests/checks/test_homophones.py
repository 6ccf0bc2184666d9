"""Words of one sound in wrong company, and in their own."""

from __future__ import annotations

import re

import pytest

from pipeline.checks.homophones import RULES, rows
from tests.checks.bodies import hits

BAD = (
    """損害を保障する|品質を補償する|社会補償制度|対照者は市民です|施行業者|条例を施工する|決済を仰ぐ|計画を作定する|以外にも知られています|異議のある取組|感心が高まる|利益を追及する|情報を収拾する|推進態勢|気候変動への適用|補助金を公布する|料金を改訂する
平行して実施する|脱単素|官民連係|温室効課|生物多用性|持続可納|気候変更動|脱炭層|温室効果ガスの輩出|研究期間・大学等|懐疑は夜まで続いた|事自体の役割|イクレイ日本が公演しました|実効計画|仕組みを、終始とともに|損害への保障|施行は、市に登録した業者
省エネ回収を行う|資源改修の日|基調公演を行う|青果を報告する|温暖化大作|取組の水深|普及刑罰|申請新生書|ご酸化ください|参加酸化者|共催：共済：市|首長制約に参加|世界主張誓約|人工が減少|国際協力気候|機構変動|海上：市民会館|店員40人|最新の注意|人事移動|一同に会する|使いずらい|一人づつ
次のとうりです|他国間の枠組|除々に|専問家|分折する|徹低する|組職員会議でなく福社|決栽|特微|推進に務める|司会を努める|会議に望む|連携を測る|条約が発行する|メールを受診する|自然強制サイト|時期計画|深刻な申告な影響""".replace(
        "|申請新生書", "|新生書を出す"
    )
    .replace("|共催：共済：市", "|共済：みほん市")
    .replace("|組職員会議でなく福社", "|福社を学ぶ")
    .replace("|深刻な申告な影響", "|申告な影響")
    .replace("\n", "|")
    .split("|")
)
GOOD = """社会保障、安全保障、品質の保証、損害の補償、休業補償|対照的な結果、対照実験|条例の施行、施工業者、工法の施工、手法の試行|電子決裁、カード決済|計画の策定、番組の制作、環境政策|会員以外の方、意外な結果、それ以外の人|異議を申し立てる、計画に異議がある方|関心を寄せる、感心した様子
責任を追及する、可能性を追求する|ごみの収集、事態の収拾|支援態勢、即応態勢|制度を適用する、気候変動への適応|料金の改定、計画（改定版）|平行線、並行して進める|市民協働、共同声明、協同組合|人材の輩出、CO2の排出|研究期間は3年です|懐疑的な見方|こと自体の意義|劇団が公演しました、後援会
計画の実効性、実行委員会|収支の報告、終始一貫|断熱改修、資源回収|基調講演、後援名義|青果市場の見学|大作の映画|水深10メートル|不要不急の外出|新生児、真正面|海洋の酸化、酸化物|農業共済、共済組合|首長の誓約、時間の制約|人工知能、人口減少|国際協力機構、気候変動|海上輸送、会場：市民会館|店員の接客
最善を尽くす|人事異動、移動手段|職員一同、一堂に会する|少しずつ、使いづらい|国際エネルギー機関|伊達政宗、判定結果|取組職員、現状報告、教育政策、製作年、目標明確化|2月14日提出|関連路線、建設地、負担等、指導人材|農協参加、追加明細、投資原資|循環教育、対策減|委員海外派遣、理事調整、会議調整
国際自治体会議、自治大学校、各自治体|機関誌の発行、条約の発効|郵便局とゆうちょ銀行|医療を受診する|自然共生サイト|次期計画、開催時期|深刻な影響、申告書""".replace(
    "\n", "|"
).split("|")


@pytest.mark.parametrize("text", BAD)
def test_a_word_in_wrong_company_is_found(text: str) -> None:
    """Another word of the same sound, or none at all."""
    assert hits(RULES, text)


@pytest.mark.parametrize("text", GOOD)
def test_words_in_their_own_company_are_left_alone(text: str) -> None:
    """Every word of the table is right somewhere."""
    assert [hit.message for hit in hits(RULES, text)] == []


def test_the_table_is_well_formed() -> None:
    """150 rows and more, each a pattern that holds its word, and no word its own correction."""
    assert len(rows()) >= 150
    for wrong, right, company in rows():
        assert wrong != right
        assert wrong in company
        re.compile(company)
