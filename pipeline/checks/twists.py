"""Sentences that go another way than they began: 目的は…を高めます, たり once, てます, した予定です, 自治体を連携を, この肥料が広げています. Notes only.

Passages in, hits out, for the rule about twisted sentences. Running paragraphs without what is quoted; people speak as they like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet

_TOPIC = re.compile(
    r"(?<![こそ]の)(?:目的|狙い|ねらい|理由|特徴|特色|きっかけ|願い|目標)は、(?P<rest>[^。は]{4,80}?を[^。、はが]{0,14}?(?:し|り|き|い|え|れ|み|ち|び|め|け|げ|べ|せ)(?:てい)?(?:ます|ました))。"
)
_FITS = re.compile(
    r"(?:あり|な[りっ]|言い|いえ|超え|含|挙げ|挙が|掲げ|示|述べ|書い|ご覧|参照|達成し|上回[りっ]|下回[りっ]|定め|知|読|占め|お伝えし|説明し|紹介し|迎え|目指し|めざし)(?:てい)?ま(?:す|した)$"
)
_ONCE = re.compile(
    r"(?:(?<![ゆぴばうぐあすしまびさぱどべの]っ)(?<!にい)(?<!しき)[っいしきりれえべめけせみちび]たり|んだり)、(?P<rest>[^。]{2,60}(?:ます|ました))。"
)
_TARI = re.compile(r"[っいしきりれえべめけせみちび]たり|[んい]だり")
_NO_I = re.compile(r"(?:(?<![当立育捨果建満])[しっれけめえべせねいきりみち]て|んで)ま(?:す|した|せん)(?!り)")
_PHRASES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?:し|っ|れ|い|え|め|け)た予定(?=です|。|の)|んだ予定(?=です|。)"), "済んだことか、予定かを確かめてください"),
    (re.compile(r"(?:し|れ|っ|い|え|め|け)た次第、|(?:する|される|なる|れる)次第、"), "「し次第、」のように書きます"),
    (
        re.compile(r"[一-龥ァ-ヴー]を(?:さらに|より|一層|もっと|ともに)?[一-龥ァ-ヴー]{1,8}を(?=[一-龥ぁ-ん])"),
        "「を」の一つを、ほかの助詞に直します",
    ),
    (
        re.compile(
            r"(?:この|その|これらの|こうした)[一-龥ァ-ヴー]{0,8}[^市町村県区国都府道会者社体課部局室省庁所校園館員人関織盟合学業間代子親民主クムプ家師生手長]が"
            r"(?:広げ|進め|設け|始め|続け|減らし|増やし|集め|開い|作っ|つくっ|行っ|使っ|読ん|書い|訪ね|調べ|選ん|まとめ|届け|取り入れ)(?:て(?:い|き)ま(?:す|した)|ます|ました|で(?:い)ま(?:す|した))"
        ),
        "「が」か「を」か、助詞を確かめてください",
    ),
    (re.compile(r"[行書読飲話聞使歩働学選動](?:け|め|せ|え|べ)れ(?:る|ます|まし|な)"), "「れ」が余っています"),
    (re.compile(r"各位(?:様|殿)|(?:様|殿)各位|御中様|様御中|(?:市長|町長|村長|知事|部長|課長|先生|会長)様"), "敬称は一つで足ります"),
)
_TWICE = re.compile(
    r"過半数以上|製造メーカー|はっきりと?明言|内定が決ま|挙式を挙げ|日本(?:へ|に)来日|後ろ(?:へ|に)後退|前(?:へ|に)前進|上(?:へ|に)上昇|下(?:へ|に)下降"
    r"|満天の星空|古来(?:から|より)|旧来(?:から|より)|いまだに未|まだ未|炎天下の(?:中|なか)|不快感を感じ|期待感を感じ|収入が入|成功裏のうち|名前を名付け|米国に渡米|アメリカに渡米"
    r"|毎(?:日|週|月|年)(?:ごと|毎)に|捺印を押|加工を加え|色が変色|第[0-9０-９一二三四五六七八九十]{1,3}[回日年期番]目|お金を入金|一番最適|最も最適|必ず必須|必要不可欠な必要|互いに相互|みんな全員|ほぼほぼ"
    r"|諸[一-龥]{1,3}(?:ら|たち|々)|ただ今現在|いま現在|現在の現況|尚且つまた|しかしながらも"
)


def twisted(sheet: Sheet) -> Iterator[Hit]:
    """Every such sentence of the running text."""
    for passage in sheet.prose:
        if passage.kind == "paragraph" and not (passage.article and passage.article.origin):
            yield from _sentences(passage, passage.unquoted)
            for pattern, hint in _PHRASES:
                for match in pattern.finditer(passage.unquoted):
                    yield passage.hit(match.span(), f"「{match[0]}」は、言葉のつながりが合っていません。", f"{hint}。")
            for match in _TWICE.finditer(passage.unquoted):
                yield passage.hit(match.span(), f"「{match[0]}」は、同じ意味の語が重なっています。", "一つで足ります。")


def _sentences(passage: Passage, text: str) -> Iterator[Hit]:
    for match in _TOPIC.finditer(text) if "は、" in text else ():
        if not _FITS.search(match["rest"]):
            said = f"{match[0][:8]}…{match['rest'][-8:]}"
            yield passage.hit(match.span(), f"「{said}」は、主語と述語が合っていません。", "「…は、…ことです」のように結びます。")
    for match in _ONCE.finditer(text) if "り、" in text else ():
        begin = text.rfind("。", 0, match.start()) + 1
        if not _TARI.search(match["rest"]) and not _TARI.search(text[begin : match.start()]):
            yield passage.hit(match.span(), "「たり」が一つしかありません。", "「…たり…たりする」と並べるか、「…て」に直します。")
    for match in _NO_I.finditer(text) if "てま" in text or "でま" in text else ():
        yield passage.hit(match.span(), f"「{match[0]}」は、「い」の抜けた言い方です。", "「ています」と書きます。")
