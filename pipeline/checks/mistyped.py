"""Rules about kana that were left out, typed too often or in the wrong order: passages in, findings on what no grammar joins out.

Two words that stand side by side are judged by how the first is inflected (開か|ました, ござい|す, まし|。), the usual words of a letter by
what a slip makes of them (さざまな, よろくし). Quotations are left alone: people talk as they like. It never guesses at names.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.repeated import once
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.checks.words import Word, is_word, words
from pipeline.model import Severity

_CLAUSE = re.compile(rf"[^、。！？!?{BLANK}\s「」『』（）()]+[、。！？!?]?")
_DOUBT = re.compile(r"(?<=[一-龯]{2})(?:まし[たて]|ませ|れま)")
_HIRAGANA = re.compile("[ぁ-ん]+")
_KATAKANA = re.compile("(?<![ァ-ヴー・])[ァ-ヴー]{3,}(?![ァ-ヴー・])")
_POLITE = ("ます", "まし", "ませ", "ましょう", "ましょ")
_FORMS = re.compile(  # endings that are one letter off
    r"[てで]お(?:りま)?(?=ま[すし]|まう)|[てで]いす(?=[。、がの])|(?<=[てで])まりま[すし]|くださ(?![いるらりっれ])|[ごお御][一-龯]{1,2}(?:み|い)?[くだ]さい|[てで]ださい|お願(?=[しすたう])|よろし(?=お)"
    r"|もとず[いくき]|[基]ず[いくき]|に向(?=[たて])|[対関]すす|(?:です|ます)す|[一-龯]なり次第|(?<=こと)がき(?=ます|ませ|まし)|[てで]まい(?:り|す)(?=す|。)"
    r"|(?<=[一-龯ァ-ヶー])わ(?=、)|(?<=[場市県国者会所館室ァ-ヶー])え(?=、お)|(?<=[一-龯ァ-ヶー])お(?=(?:配布|紹介|開催|実施|策定|公表|発表|募集|推進|作成|設置|締結"
    r"|採択|開始|議論|検討)し|行[いうっわ]|進め|目指|深め|広げ|支え|設け|通じ|含め|始め)|(?<=[一-龯ァ-ヶー])(?:てす|でず|なす|でじた)(?=。)"
    r"|(?<=[しきりいえれせけてめ])ま(?:ず|しだ|じた)(?=。)|くたさい|くださぃ|ぐださい|くだざい|ありかとう|ありがどう|よろじく|ていてい(?=[まるた])|にとて(?!も)"
    r"|(?<=[一-龯]{2})(?<![見来出寝着得経似煮])てしまし|活かさて|もで可能|(?<=[沿従伴向])てって|され{2,}(?=[、。た])"
    r"|(?<=[一-龯])でた(?=。)|お願い(?=たし)|詳し(?=[はを])|詳くし"
)
_STEMS = ("ござい", "御座い", "ください", "下さい", "なさい", "いらっしゃい", "おっしゃい", "すい")
_PAIRS = "をの をが をは をに をで をへ をから はが はを はの はに はで はへ がを がは がに がで へが へを へに にが にを でを でが もを からを ので、を"
_NEVER = frozenset(_PAIRS.split())  # two particles that no sentence joins
SHORTEST = 3
_WORDS = """
ありがとうございま ありがとう ございま よろしく さまざま それぞれ たくさん どなた ほとんど あらかじめ まもなく とともに について において における これまで これから いただきま いただけま
いただい くださいますよう ください ふさわしい このたび すべて あわせて もったいない ますます おすすめ おおむね はじめとする なければなりません かもしれません
"""
_USUAL = tuple(_WORDS.split())
_LIKE = """
におい いおて いいただけま いいただきま いいただい ありがと ともに このた くさい ふさわし これら こから これで これか これま くださ よろし れから につい れまで にいて まなく こまで こたび おいて いただき いただけ いただ いたい
いだい たいだい ただい あわせ あわて すべ この ごいま などた におる
おすめ おおね ますま おむね すすめ もったい
"""
_GOOD = frozenset(_LIKE.split())  # what a slip makes of them, and what is good Japanese all the same
_LOANS = """
オンライン セミナー ワークショップ シンポジウム フォーラム コミュニティ パートナーシップ パートナー プロジェクト プログラム イニシアティブ ネットワーク サステナビリティ サステナブル ウェブサイト ウェブ アンケート
エネルギー ニュースレター サポーター センター メンバー ボランティア リサイクル リユース キャンペーン イベント カレンダー テーマ ホームページ メールアドレス アドレス マネジメント ガイドライン ガイドブック
ロードマップ ステークホルダー レジリエンス レジリエント ゼロカーボン カーボンニュートラル ネイチャーポジティブ バイオマス プラスチック グローバル ローカル セッション パネリスト パネルディスカッション
ディスカッション モデレーター ファシリテーター コーディネーター プレゼンテーション ポスター ワーキンググループ グループ コンサルタント インターネット インターンシップ インタビュー スケジュール
オブザーバー アジェンダ サミット パビリオン アクション アクションプラン モビリティ インフラ データ デジタル ケーススタディ スタッフ ビデオ メッセージ リーダー リーダーシップ サービス システム
コンテスト スタート キャンセル ダウンロード パンフレット チラシ ポイント トピックス ニュース レポート コンセプト ビジョン フィールド ツアー ミーティング カンファレンス コンソーシアム プラットフォーム
"""
_COMMON = tuple(_LOANS.split())


def mistyped(sheet: Sheet) -> Iterator[Hit]:
    """開催しまた。, ございす, ご参加くだい, さざまな, オンランで."""
    yield from once(_found(sheet))


def _found(sheet: Sheet) -> Iterator[Hit]:
    for passage in sheet.prose:
        told = -1
        forms = ((match.start(), match.end(), "") for match in _FORMS.finditer(passage.unquoted))
        for start, end, right in sorted((*forms, *_joins(passage.unquoted), *_near(passage.unquoted))):
            if start >= told:
                told = end
                yield _hit(passage, start, end, right)


def _hit(passage: Passage, start: int, end: int, right: str) -> Hit:
    around = passage.raw[max(start - 4, 0) : end + 4].strip(" 　|\n")
    hint = f"「{right}」ではありませんか。" if right else "抜けた文字や余分な文字がないか、声に出して読んでください。"
    return passage.hit((start, end), f"「{around}」は、打ち間違いのようです。", hint)


def _joins(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, "") of every two words that cannot stand side by side; only clauses with kana in doubt are taken to pieces."""
    for clause in _CLAUSE.finditer(text):
        if _DOUBT.search(clause[0]) or not all(_is_sure(run) for run in _HIRAGANA.findall(clause[0])):
            yield from ((clause.start() + start, clause.start() + end, "") for start, end in _joined(clause[0]))


def _is_sure(run: str) -> bool:
    """Whether Japanese is full of this run of kana: what stands in it needs no look."""
    return run in _sure() or (len(run) < SHORTEST and run not in _NEVER)


@lru_cache(maxsize=1)
def _sure() -> frozenset[str]:
    """Runs of kana that are frequent in running text of many kinds, and right."""
    with (Path(__file__).parent / "data/kana.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["kana"] for row in csv.DictReader(file))


@lru_cache(maxsize=4_000)
def _joined(clause: str) -> tuple[tuple[int, int], ...]:
    read = words(clause)
    return tuple((word.start, read[min(n + 1, len(read) - 1)].end) for n, word in enumerate(read) if _is_slip(read, n))


def _is_slip(read: tuple[Word, ...], number: int) -> bool:
    first = read[number]
    if not _HIRAGANA.search(first.text[-1]):
        return _lacks_its_verb(first, read[number + 1]) if number + 1 < len(read) else False
    second = read[number + 1] if number + 1 < len(read) else None
    before = read[number - 1] if number else None
    third = read[number + 2] if number + 2 < len(read) else None
    return any(test(before, first, second, third) for test in _TESTS)


def _lacks_its_verb(first: Word, second: Word) -> bool:
    """開催|ました, 無料|す."""
    return (
        first.kind == "名詞"
        and bool(re.search("[一-龯]$", first.text))
        and second.kind == "助動詞"
        and second.text in ("まし", "ませ", "れ")
    )


_Test = Callable[[Word | None, Word, Word | None, Word | None], bool]


def _polite(_: Word | None, first: Word, second: Word | None, _third: Word | None) -> bool:
    """ます and its forms stand behind a verb's 連用形 only; まし goes on with た or て."""
    if first.kind == "助動詞" and first.text == "まし" and first.form.startswith("連用形"):
        return second is not None and second.text[0] not in "たて"
    if second is None or second.kind != "助動詞" or second.text not in _POLITE:
        return False
    joins = first.kind in ("動詞", "助動詞", "接尾辞") and first.form.startswith("連用形-一般")
    return not joins and not first.text.endswith((*_STEMS, "かね")) and first.kind not in ("補助記号", "記号", "空白", "名詞")


def _lonely(_: Word | None, first: Word, second: Word | None, third: Word | None) -> bool:
    """ござい|す, する|る: old endings that nobody writes now, and a syllable that is no word here."""
    if second is None:
        return False
    if first.kind not in ("動詞", "助動詞") and first.text != "て":
        return False
    if second.kind == "助動詞" and second.text in ("す", "り", "る"):
        return first.text != "おけ"
    if second.plain == "てる" and third is not None and third.text == "た":
        return True  # 向けてた
    return second.kind == "感動詞" and second.text in ("ま", "う", "け") and third is not None and bool(_HIRAGANA.match(third.text))


def _again(before: Word | None, first: Word, second: Word | None, third: Word | None) -> bool:
    """開催し|し|た, なり|し|た, し|する, 進めて|し|て, い|おり|ます."""
    if second is None or first.text in ("に", "なく") or (before is not None and before.text in ("お", "ご", "知ら")):
        return False
    inflected = first.kind in ("動詞", "助動詞") and first.form.startswith("連用形") and bool(_HIRAGANA.fullmatch(first.text))
    if second.kind == "動詞" and first.text == "し" and second.text == "する":
        return True
    if second.kind == "動詞" and second.text in ("し", "する") and second.plain == "する":
        return inflected and third is not None and third.kind in ("助動詞", "助詞")
    return second.plain == "おる" and second.kind == "動詞" and first.kind == "動詞" and third is not None and third.text in _POLITE


def _cut_off(_: Word | None, first: Word, second: Word | None, third: Word | None) -> bool:
    """つい|は, 詳し|は, しまた|。: a form that only goes on with certain words goes on with another."""
    if second is None:
        return False
    if second.text == "また" and first.kind in ("動詞", "助動詞") and first.form.startswith("連用形"):
        return third is None or third.kind in ("助詞", "補助記号")
    if first.kind == "動詞" and first.form.startswith(("連用形-イ音便", "連用形-促音便", "連用形-撥音便")):
        return second.text[0] not in "たてだでちじと" and not first.text.endswith(_STEMS)
    if first.kind == "形容詞" and first.text.endswith("し") and first.form.startswith("語幹"):
        return second.kind == "助詞" or second.text == "いい"
    return _beyond(first, second, third)


def _beyond(first: Word, second: Word, third: Word | None) -> bool:
    """詳しく|く, 初めて|て, 大きい|な|成果, 紹介|す|セミナー."""
    if first.kind == "形容詞" and first.form.startswith("連用形") and second.text == "く":
        return True
    if first.kind == "形容詞" and second.text == "な" and first.text.endswith("い") and first.text != "いい":
        return third is not None and third.kind == "名詞"
    return first.kind == "副詞" and second.text == "て" and second.kind == "助詞"


def _particles(before: Word | None, first: Word, second: Word | None, third: Word | None) -> bool:
    """会場を|の, 会場は|が, 無料で|です."""
    if second is None or first.kind != "助詞" or before is None or before.kind in ("補助記号", "空白"):
        return False
    if second.kind == "助動詞":
        return first.text == "で" and second.text == "です"
    if before.text in ("なら", "で") or (third is not None and third.text.startswith("な")):
        return False  # 専門店ならではの, 中核をになって
    return second.kind == "助詞" and first.text + second.text in _NEVER


_TESTS: tuple[_Test, ...] = (_polite, _lonely, _again, _cut_off, _particles)


@lru_cache(maxsize=2_000)
def _near(text: str) -> tuple[tuple[int, int, str], ...]:
    """(start, end, the usual word) of what one slip makes of a usual word."""
    found = []
    for run in _HIRAGANA.finditer(text):
        if len(run[0]) >= SHORTEST:
            found += [(run.start() + start, run.start() + end, right) for start, end, right in _within(run[0])]
    for match in _KATAKANA.finditer(text):
        right = _common().get(match[0], "")
        if right and (match[0] + "ー" == right or not is_word(match[0])):
            found.append((match.start(), match.end(), right))
    return tuple(found)


@lru_cache(maxsize=8_000)
def _within(run: str) -> tuple[tuple[int, int, str], ...]:
    """The slips of usual words in a run of hiragana; what lies within a usual word is none."""
    slips = _slips()
    found = [
        (start, start + length, slips[run[start : start + length]])
        for length in range(SHORTEST, 9)
        for start in range(len(run) - length + 1)
        if run[start : start + length] in slips
    ]
    right = [match.span() for match in _usual().finditer(run)] if found else []
    return tuple((start, end, word) for start, end, word in found if not any(begin <= start and end <= stop for begin, stop in right))


@lru_cache(maxsize=1)
def _usual() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_USUAL, key=len, reverse=True)))


@lru_cache(maxsize=1)
def _slips() -> dict[str, str]:
    """What a slip makes of a usual word → the word; what is good Japanese all the same is left out."""
    return {slip: word for word in _USUAL for slip in _made_of(word) if len(slip) >= SHORTEST and slip not in _GOOD and slip != word}


@lru_cache(maxsize=1)
def _common() -> dict[str, str]:
    return {slip: word for word in _COMMON for slip in _made_of(word) if (len(slip) >= 4 or slip + "ー" == word) and slip not in _COMMON}


def _made_of(word: str) -> Iterator[str]:
    """The word without one letter but the first, with one letter twice, and with two letters in the wrong order."""
    for at in range(len(word)):
        yield word[:at] + word[at] + word[at:]
        yield word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
        if at:
            yield word[:at] + word[at + 1 :]


RULES = (
    Rule(
        code="CHAR020",
        title="打ち間違い",
        severity=Severity.WARNING,
        reason="仮名の抜けや余りは、目では読み飛ばし、耳には残ります。",
        source="編集部の経験、形態素解析（SudachiPy）",
        bad="会議を開催しまた。ぜひご参加くだい。",
        good="会議を開催しました。専門店ならではの味を、お知らせします。それにもまして、楽しい会でした。",
        find=mistyped,
    ),
)
