"""What was typed twice, and what only looks so."""

from __future__ import annotations

import pytest

from pipeline.checks.doubles import RULES
from tests.checks.bodies import hits, mended

BAD = """報告しました。。|東京都、、京都市です。|紹介です、。|ですが。、次に|東京・・京都です|取組をを行う|メッッセージを発表|セミナーーを開催|人々々が集まる
横浜市のの取組です|市がが発表しました|ウェブサイトにに掲載します|会場でで配布します|本市もも参加します|市はは発表しました|セミナーを開催を開催します|発表することをを決めた
会員会員自治体の皆様|自治体の自治体の取組|参加するですです|発表しましたました|開催しますます。|取組についてについて話す|参加するためため|取り組み取り組みを紹介
取組取組を紹介|参加者がが集まり|東京都とと連携し|国際国際会議で|ネットワークネットワークを広げる|報告書のの作成です|会議にて発表、、した|（東京都、京都市、）|（、東京都）
これからから始まる|発表しましたた。|参加できるる催し|連携を進めてて、|重要なな課題|取組を進めめる|実施しししました|発表しまました|環境環境省は|～～16:00まで10:00～～12:00
イクレイ日本イクレイ日本は|市は、、発表|4月、。|都市とと|締切：：2月14日|50％％削減した|紹介しています。。「""".replace("\n", "|").split(
    "|"
)
GOOD = (
    """とともに進める|ケーススタディとリリース|後押ししています|することとします|子どもも大人も|ここにいいものがあります|ささやかな会です|ものの、そののち|一つ一つ、一人一人|いろいろな次々と
人と人とのつながり|日に日に増えます|このままに|さまざまな、まちまちの|東京都京都市|廿日市市と四日市市|結果は……です|市――人口3万――は|10:00～12:00、1～3月|母は、母が、はじめは
かかわる、かかる、たたかう|うかがうが、つつある|ときどき、たびたび、ところどころ|それぞれの、わざわざ、やや、まだまだ|せせらぎを守る|お話ししました、お渡しします、お示ししました|何度も何度も、もっともっと
会員会議、市民市場、都市整備局、研究所所長|個人個人の意識、年々、国々、代々|などなど|気候中立都市と都市と企業の協力|なにに使うか|ますます増える|貸ししぶり|これは、これはこれはと|思い思いの、知らず知らず
COP29の29の市|100100|https://example.jp/aa//bb|・東京都・京都市|１～２人|見るる?|・・・次へ|「、」で区切る|聞いて手を挙げた|・京都市\n・・鳥取県""".replace(
        "見るる?|", ""
    )
    .replace("\n", "|")
    .split("|")
)


@pytest.mark.parametrize("text", BAD)
def test_a_doubled_mark_letter_or_word_is_found(text: str) -> None:
    """Whatever was typed twice is found, wherever it stands."""
    assert hits(RULES, text)


@pytest.mark.parametrize("text", GOOD)
def test_what_is_meant_twice_is_left_alone(text: str) -> None:
    """Words that double by nature, emphasis, and neighbours that only look alike."""
    assert hits(RULES, text) == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("報告しました。。", "報告しました。"),
        ("取組をを行う", "取組を行う"),
        ("市がが発表", "市が発表"),
        ("セミナーを開催を開催します", "セミナーを開催します"),
    ],
)
def test_a_double_can_be_mended(text: str, right: str) -> None:
    """One of the two goes."""
    assert mended(text, hits(RULES, text)) == right


def test_repeats_of_one_slip_are_one_finding() -> None:
    """。。 in three places is said once, with the places."""
    (found,) = hits(RULES, "一つ。。\n\n二つ。。\n\n三つ。。")
    assert "ほか2か所：3行目、5行目" in found.message
    assert len(found.fix) == 3


PASTED = """自治体の自治体の取組です|取り取り組みを進めます|開催さ開催されました|お知らお知らせします|12月12月4日に開きます|2025年2025年度の計画です|12月4日12月4日に開きます|ICLEI ICLEI日本事務所です
CO2CO2の排出量です|e-Newse-Newsをお届けします|COP29 COP29の報告です|市民に対し、市民に対し、説明しました|市は計画を作り、市は計画を作り、公表しました|参加者は、参加者は30人でした|京都市京都市の取組です|松井孝治市長松井孝治市長が登壇しました
講演を行い、講演を行いました|第4回第4回イクレイカフェです|取り取り組みを進めます|約約30人|30人人が参加|30人名が参加|第4回第4回イクレイカフェ|50％50％削減
（オンライン）（オンライン）で開催|「食と循環」「食と循環」を|※先着順※先着順|さまざまなさまざまな取組|することがすることができます|見上げるでしょうか？。|装飾を施ししました|2030年までに2030年までに""".replace(
    "\n", "|"
).split("|")
SAID = """みほん村、みほん村観光協会|少しずつ少しずつ|小さな、小さな店|都市と都市とを結ぶ|30人人材を育てます
12日日曜|思い思いに、重ね重ね、生き生きと|申込書、文献複写申込書、文献複写料金表|「川越」「河越」「河肥」|お示しします、お貸しします、手直しします|1000100010
市長、副市長、市長室""".replace("\n", "|").split("|")
PASTED += ["先進的ななな取組", "市民一人一人一人の行動", "多くの方方に", "初めての試試みです"]
SAID += [
    "一人一人の行動",
    "委員会会長、都市市長、県県民会議",
    "ああああと、ふふふと笑い",
    "二二、三三",
    "契約約款と合計計算、次第第1回",
    "30名名古屋から",
    "そこここに",
]


@pytest.mark.parametrize("text", PASTED)
def test_a_stretch_that_was_pasted_twice_is_found(text: str) -> None:
    """With a mark between the two or none, with figures, brackets and spaces in it, half a word that was begun anew."""
    assert hits(RULES, f"{text}。")


@pytest.mark.parametrize("text", SAID)
def test_what_is_said_twice_on_purpose_is_left_alone(text: str) -> None:
    """A place and what is named after it, emphasis, lists of names that begin alike."""
    assert hits(RULES, f"{text}。") == []
