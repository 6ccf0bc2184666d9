"""Letters that do not arrive or do not belong: widths, lost and foreign letters, unseen marks."""

from __future__ import annotations

import pytest

from pipeline.checks.letters import RULES
from pipeline.model import Place, Severity, Term
from tests.checks.bodies import hits, mended

BAD = {
    "CHAR010": "ｾﾐﾅｰを開催|｢食と循環｣|ﾊﾞｽで移動|です｡",
    "CHAR011": "ＣＯＰ29|２0２5年|２月14日|13時３0分|ＣＯＰを開催。2025年|1．5度目標|1，500人|です,また|です. 次に|東京，京都|１２月２日|１人、2人|Ｗｅｂサイトで2025年",
    "CHAR012": "ありがとう🎉|𠮷野さん|서울市",
    "CHAR013": "会议|环境を守る|碳中和|深圳东部|國際的な|經濟の發展|変动|发電",
    "CHAR014": "持続\u200b可能|\ufeff本文|か゛き|\u202e右|\ue123です|イタリア\u00adン|\u2060です|図\ufffcです",
    "CHAR015": "C?te d'Ivoire|S?o Paulo市|「?rhus」市|CO?削減|山?市長|縺薙l|ã€|\ufffdです|=?UTF-8?B?44GC|%E3%81%82%E3%81%84|=E3=81=82=E3=81=84|気温25?C|100?200人|開催???です|〓田さん",
}  # fmt: skip
GOOD = """セミナー|Ｘ（旧Twitter）、Ａ棟|13：30～16：00|第1回、2/3、1.5度、24/7|何ですか?お待ちしています|ですか? また|Why? と問う|國學院大學、慶應義塾、濱田さん|100%、50％削減|1,500人、1,234,567円|Kyoto, Japan|e.g. Vol.1、No.3
https://e.jp/?a=b|CitiesWithNature／RegionsWithNature|岡山、鳥取、丼、机、叶える|example.com、D.C.、Inc.|EU, G7|～－①㎡②Ⅱ|👨\u200d👩\u200d👧の家族""".replace(
    "\n", "|"
).split("|")
TERMS = (Term(en="Malmö", ja=("マルメ",), place=Place(path="issues/glossary.csv")),)


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in BAD.items() for text in texts.split("|")])
def test_a_letter_that_does_not_belong_is_found(code: str, text: str) -> None:
    """Each by the rule that knows it."""
    assert hits([rule for rule in RULES if rule.code == code], text)


@pytest.mark.parametrize("text", GOOD)
def test_good_letters_are_left_alone(text: str) -> None:
    """Marks that every Windows writes, names, and questions of ordinary prose are no slips; a note is allowed."""
    assert [hit for hit in hits(RULES, text) if hit.severity is not Severity.NOTE and "CP932" not in hit.message] == []


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("ｾﾐﾅｰ", "セミナー"),
        ("ＣＯＰ29", "COP29"),
        ("２月14日", "2月14日"),
        ("会议", "会議"),
        ("か゛き", "がき"),
        ("持続\u200b可能", "持続可能"),
        ("1．5度", "1.5度"),
    ],
)
def test_the_safe_ones_can_be_mended(text: str, right: str) -> None:
    """What the letter is meant to be is certain."""
    assert mended(text, hits(RULES, text)) == right


def test_a_name_of_the_glossary_with_a_gap_is_known() -> None:
    """What CP932 has made of the glossary's own names is found, whatever stands around."""
    assert hits(RULES, "Malm?市が参加した。", glossary=TERMS)
    assert hits(RULES, "Where?市が参加した。", glossary=TERMS) == []


def test_letters_that_gateways_lose_are_one_warning_an_issue() -> None:
    """However many there are; machine-dependent ones are one note."""
    found = hits(RULES, "🎉です。\n\n🎊です。①②㈱です。")
    assert [hit.severity for hit in found] == [Severity.WARNING, Severity.NOTE]


def test_a_replacement_character_is_certain() -> None:
    """U+FFFD is an error: the letter is gone."""
    (found,) = [hit for hit in hits(RULES, "会\ufffdです") if "文字化け" in hit.message]
    assert found.severity is Severity.ERROR
