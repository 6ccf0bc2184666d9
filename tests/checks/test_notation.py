"""The house's spellings in running text, nouns and verbs told apart, and two spellings in one issue."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.checks.notation import spellings, wavering
from pipeline.checks.rule import Hit
from pipeline.checks.spelling import RULES
from pipeline.model import Notation, Place, Term
from pipeline.sources.glossary import read_glossary
from pipeline.sources.notation import read_notation
from tests.builders import ROOT
from tests.checks.bodies import codes_in, hits, mended, sheet

TABLE = read_notation(ROOT)[0]
GLOSSARY = read_glossary(ROOT)[0]
WRONG = """自治体の取り組みを知る→自治体の取組を知る|先進的な取り組み→先進的な取組|取り組み状況→取組状況|取り組み方針→取組方針|脱炭素に取組む→脱炭素に取り組む|取組んでまいります→取り組んでまいります|取組みを進める→取組を進める
申し込みは不要→申込みは不要|申込む方→申し込む方|受け付けは13時から→受付は13時から|先着順に受付けます→先着順に受け付けます|締め切りは→締切は|締切ります→締め切ります|お問合わせください→お問合せください|担当課に問合せる→担当課に問い合わせる
96カ国→96か国|2ヶ月→2か月|3ヵ所→3か所|数カ国→数か国|5箇所→5か所|お送り下さい→お送りください|ご覧下さい→ご覧ください|ご参加下さい→ご参加ください|ご紹介頂きました→ご紹介いただきました|お話し頂いた→お話しいただいた|発表して頂く→発表していただく
お届け致します→お届けいたします|開催致しました→開催いたしました|見学出来ます→見学できます|参加する事ができる→参加することができる|進める為に→進めるために|市の他、県も→市のほか、県も|次の通りです→次のとおりです|予定通り開催→予定どおり開催|市長が述べた様に→市長が述べたように
多くの方が集りました→多くの方が集まりました|1人当り→1人当たり|参加して貰いました→参加してもらいました|資料を作って置きました→資料を作っておきました|実現する筈です→実現するはずです|反対する訳ではない→反対するわけではない|市と言う立場→市という立場|20名程です→20名ほどです|10分位で→10分ぐらいで
この内、3件→このうち、3件|分かり易い計画→分かりやすい計画|避け難い課題→避けがたい課題|市民に取って、→市民にとって、|或いは再利用→あるいは再利用|若し雨なら→もし雨なら|丁度10年→ちょうど10年|勿論、無料→もちろん、無料|嬉しい知らせ→うれしい知らせ|熱気に溢れて→熱気にあふれて|足並みが揃いました→足並みがそろいました|歴史を辿る→歴史をたどる
少しづつ→少しずつ|身近ずく→身近づく|気ずきました→気づきました|手ずくり→手づくり|見ずらい→見づらい|そのとうりに→そのとおりに|ゼロカーボンシティー→ゼロカーボンシティ|ディジタル化→デジタル化|ボランテアの→ボランティアの|コーディネータが→コーディネーターが|省エネルギの→省エネルギーの|スマートホンで→スマートフォンで|メーン会場→メイン会場
年度毎に→年度ごとに|会議に於いて→会議において|方法に就いて→方法について|予め連絡→あらかじめ連絡|宜しくお願い→よろしくお願い|私達の→私たちの|進めて行く→進めていく|引続き進める→引き続き進める|市民を繋ぐ→市民をつなぐ|行なう→行う
イクレイ日本E-News→イクレイ日本e-News|イクレイ日本 e-News→イクレイ日本e-News|イクレイ・カフェ→イクレイカフェ|ICLEI日本→イクレイ日本|サスティナビリティ→サステナビリティ|パートナシップ→パートナーシップ|コロナウィルス→コロナウイルス|シュミレーション→シミュレーション
CO₂の削減→CO2の削減|SDGSの→SDGsの|COP-29の→COP29の|カーボン・ニュートラル→カーボンニュートラル|気候変動枠組み条約→気候変動枠組条約|コミュニティーの→コミュニティの""".replace(
    "\n", "|"
).split("|")
RIGHT = """脱炭素に取り組み、広げます|積極的に取り組みます|取り組み方を学ぶ|共に取り組み、学ぶ|「自治体の取り組み」|『取り組み事例集』|お問い合わせください|お申し込みください|受け付けます|先着順に受け付け、締め切ります|関ケ原町、八ヶ岳、茅ヶ崎市、霞ヶ関
手に取って、ご覧ください|アジェンダ、モニタリング、パートナーシップ、エネルギー、リーダーシップ、メンバーシップ|順位は、首位で、同程度の、工程|貿易か、困難か、簡易な|言い訳がある、内訳が|資料を置きました|今年一年の内容、市内、この内容|年当初、当りくじ|うれしいずいぶん
本を下さい|賞を頂く|一致し、誘致し、合致する|出来事、出来高|仕事、事業、事務、食事|その他の市|大通りを歩く|皆様に、お客様に、多様な|計画に従って、進める|行為、為替|友達、上達、配達、調達|その他、次のとおり|2か月、96か国、三か所
イクレイ日本e-News　2025年1月号|iNews、News|国際協力の他国への展開|総合的な学習の他の|気候変動枠組条約|箇所を直す|CO2、SDGs、COP29|致死率|事例、事前、事後|人名、人事""".replace(
    "\n", "|"
).split("|")
WAVERING = [
    "26％減り、10%増えた。",
    "26％、30パーセント",
    "ウェブサイトとWebサイト",
    "10～12時、1〜3月",
    "5kmと3キロ",
    "100㎡、30平方メートル",
    "子どもと子供",
    "楽しい！とてもよい!",
    *(
        "受付は13時30分、開演は14:00です",
        "1,500人、昨年は1200人",
        "皆様、みなさま",
        "我が国、わが国",
        "Zoom、ZOOM",
        "10トン、5t",
        "人々、人びと",
    ),
]
STEADY = [
    *("2030年、1,500人", "5000番、03-1234-5678", "13時、13:30", "10トン、5t-CO2", "G7、1000000", "2024年度1,500件"),
    "26％、10％",
    "ウェブサイトとWeb版",
    "ホームページとウェブサイト",
    "「10%」と述べ、26％減った",
    "1.5度と1.5℃",
    "様々なさまざまな",
    "および、及び",
]


def said(text: str, table: tuple[Notation, ...] = TABLE, glossary: tuple[Term, ...] = GLOSSARY) -> list[Hit]:
    """What the table says of a text."""
    return list(spellings(replace(sheet(text, glossary=glossary), notation=table)))


@pytest.mark.parametrize("case", WRONG)
def test_another_spelling_is_found_and_mended(case: str) -> None:
    """The fix writes the house's spelling."""
    wrong, right = case.split("→")
    assert mended(wrong, said(wrong)) == right


@pytest.mark.parametrize("text", RIGHT)
def test_right_spellings_verbs_quotations_and_names_are_left_alone(text: str) -> None:
    """A verb is no noun, a place name is no counter, other people's words are theirs."""
    assert [hit.message for hit in said(text)] == []


def test_exceptions_and_names_of_the_glossary_are_left_alone() -> None:
    """An exception of the row, and the house's own form of a term; a form that is only accepted is not."""
    row = Notation(wrong="取り組み", right="取組", exceptions=("取り組み宣言",), place=Place(path="x"))
    term = Term(en="Initiative", ja=("取り組み計画", "取り組み案"), place=Place(path="x"))
    assert said("取り組み宣言と取り組み計画", (row,), (term,)) == []
    assert len(said("取り組み案", (row,), (term,))) == 1


def test_repeats_of_a_row_are_one_finding() -> None:
    """With all places and all fixes."""
    text = "ご覧下さい。\n\nお送り下さい。\n\nご参加下さい。"
    (found,) = said(text)
    assert "ほか2か所" in found.message
    assert mended(text, [found]) == text.replace("下さい", "ください")


@pytest.mark.parametrize("text", WAVERING)
def test_two_spellings_in_one_issue_are_found_once(text: str) -> None:
    """One finding a pair, at the rarer one."""
    assert len(list(wavering(sheet(text)))) == 1


@pytest.mark.parametrize("text", STEADY)
def test_steady_spellings_are_left_alone(text: str) -> None:
    """One spelling throughout; words that only mean the same are no spellings of one word."""
    assert list(wavering(sheet(text))) == []


def test_the_rarer_spelling_is_named() -> None:
    """Two ％ and one %: the one % is the slip."""
    (found,) = wavering(sheet("10%です。\n\n20％、30％です。"))
    assert found.place.line == 1


OKURIGANA = """計画に盛込みました→計画に盛り込みました|後任に引継ぎました→後任に引き継ぎました|LEDに切替えました→LEDに切り替えました|作業を繰返しました→作業を繰り返しました|取止めることに→取り止めることに
参加証を受取った方→参加証を受け取った方|予約を取消す場合→予約を取り消す場合|ごみを持帰ってください→ごみを持ち帰ってください|市民に呼掛けています→市民に呼び掛けています|話合いました→話し合いました|会場に持込むことは→会場に持ち込むことは|資料を差替えました→資料を差し替えました
半分に落しました→半分に落としました|17時に終りました→17時に終わりました|量が変りました→量が変わりました|説明に当りました→説明に当たりました|生れた取組→生まれた取組|地域で暮す人→地域で暮らす人|短かい期間→短い期間|ことが分りました→ことが分かりました|盛り上りました→盛り上がりました|補なう→補う|伴なって→伴って""".replace(
    "\n", "|"
).split("|")
NO_SLIP = """受付票と引継書|引継ぎ書を渡します|受入れの条件|取材しました、受講しました、申請しました、引用しました、打撃を受けました|貸出しは無料です|切替えは4月です|見直しました|裏付けました|手掛けました|気付きました|向こうの岸|当たりました
代わりに|変わった|終点、集合、落選、過程、暮れ|向けて|行い、失い、表し|食品と飲料|申し込み、受け付けました|取組を進めます|積極的に|起点とします|読者の皆様|話題になりました|建設しました|運転しました""".replace(
    "\n", "|"
).split("|")
TWO = [
    "バイオ・マス発電とバイオマスの森",
    "ファシリテータとファシリテーター",
    "貸し出しは無料です。貸出しは2週間です。",
    "話し合いを重ねました。話合いの結果です。",
    "リユース・カップを使い、リユースカップを返します。",
    "イノベイションとイノベーション",
]
ONE = [
    "ネットワークとネットワーキング、ワークとワーク",
    "ビルとビール、コースとコーヒー",
    "受付は無料です。先着順に受け付け、締め切ります。",
    "取組を紹介しました。脱炭素に取り組みます。",
    "「バイオ・マス」とバイオマス",
    "書きました。書けます。読みは、読めば",
]


@pytest.mark.parametrize("case", OKURIGANA)
def test_okurigana_that_were_left_out_or_added_are_mended(case: str) -> None:
    """Compounds of two verbs, single verbs and adjectives, in any form."""
    wrong, right = case.split("→")
    assert mended(wrong, hits(RULES[:1], wrong)) == right


@pytest.mark.parametrize("text", NO_SLIP)
def test_nouns_of_the_law_and_right_verbs_are_left_alone(text: str) -> None:
    """引継書, 貸出し and words of two kanji are no verbs."""
    assert [hit.message for hit in hits(RULES, text)] == []


@pytest.mark.parametrize("text", TWO)
def test_one_word_in_two_spellings_is_found(text: str) -> None:
    """Dots, long marks and the kana of compounds."""
    assert codes_in(text, RULES) == ["NOT004"]


@pytest.mark.parametrize("text", ONE)
def test_two_words_are_no_two_spellings(text: str) -> None:
    """Words that only sound alike, verbs beside nouns, quotations."""
    assert codes_in(text, RULES) == []
