"""Words that belong to a draft, a letter or a web page and not to a newsletter: lengths, versions, footnote marks, buttons. Passages in, hits out.

Each form is wrong only where nothing in the item answers it; what speaks of manuscripts as its subject is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.gather import gathered, lines
from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

_FREE = r"(?:かまいません|構いません|結構です|差し支えありません|差し支えない|問題ありません|大丈夫です|お任せします|おまかせします|お願いします|可能です|ください)"
_TEXT = "(?:原稿|文案|文面|本文|文章|段落|字数|文字数|見出し|タイトル|件名|掲載|レイアウト|表現|言い回し|写真の選択|キャプション|長さ)"
_CUT = r"(?:削(?:って|除して)|省(?:いて|略して)|縮めて|短くして|割愛して|差し替えて|修正して|調整して|変更して|加筆して|直して|編集して|カットして|手を入れて|まとめて)"
_EDITOR = re.compile(
    rf"{_CUT}(?:いただ(?:いて|け(?:れば|ます))|頂いて|もらって|くださって|も)?(?:も)?(?:、)?(?:かまいません|構いません|結構です|差し支え(?:ありません|ない)|問題ありません)"
    rf"|(?:適宜|必要に応じて|お?好きなように|自由に|よしなに)、?(?:(?:ご)?(?:修正|編集|調整|割愛|加筆|要約|省略|変更)(?:して|の(?:うえ|上)|を)?(?:いただ|くだ|お使い|お願い))"
    rf"|{_TEXT}(?:の(?:可否|判断|扱い|内容|順番|選択))?(?:は|につきましては|については|の判断は)、?(?:すべて|全て)?(?:編集部|貴|そちら)?(?:に|の(?:ご)?判断に)?お(?:任せ|まかせ)(?:し|いた)"
    rf"|(?:文字数|字数|紙幅|スペース|紙面)(?:の都合|の関係|が(?:超過|オーバー|足りない|多い|余る)|に応じて|に合わせて|の調整)(?:で|により|する場合|場合)"
    r"|写真は、?(?:お好きな|適当な|いずれか(?:を|の)|どれか)[^。]{0,12}(?:使い|選び|掲載)|(?:前回|前号|昨年|先月|前年)と同(?:じ|様の?)(?:文面|原稿|内容|文章)で"
    r"|(?:標記|標題|首題|掲題|表題)の(?:件|こと|とおり|会議|催し|セミナー)|(?:^|。)(?:昨日|先ほど|先日|先週)(?:お電話|ご相談|お願い|ご連絡|メール)(?:し|いた|差し上げ)[^。]{0,8}(?:件|とおり|ところ)"
    r"|(?:急な|たびたびの|突然の|勝手な|ぶしつけな)(?:お願い|ご連絡|ご相談)で(?:恐縮|申し訳|失礼)|(?:期日|期限|時間|日)が(?:迫って|短く|ない(?:中|なか)|なく)[^。]{0,8}(?:恐れ入り|恐縮|申し訳)"
    r"|(?:^|。)(?:追伸|P\.?S\.?|二伸)[:：、 　]|ご返信(?:を|の(?:ほど|程))?(?:、)?お(?:待ち|願い)|お送りいただいた(?:様式|原稿|書式|フォーマット)(?:に|を)"
    r"|下名(?:まで|に|あて|宛)|(?:ご?担当者?|各位)(?:様|の?皆様)?におかれましては|原稿は、?以上(?:です|となります)|^以上、?(?:約)?[0-9０-９]{2,4}(?:字|文字)"
    r"|(?:コメント|見出し|タイトル|題名|リード)[（(](?:案|仮)[)）][:：]"
)
_LENGTH = re.compile(r"(?m)[（(【\[](?:約|全|本文|計|※)?[ 　]?[0-9０-９,，]{2,5}(?:字|文字|ワード|words?|行)[)）】\]](?=[ 　。]*$)")
_VERSION = re.compile(
    r"[【（(\[［〔＜<](?:[^】）)\]］〕＞>。、]{0,10}?)(?:第?[0-9０-９一二三四五]+稿|初稿|再稿|改稿|最終稿|決定稿|脱稿|修正版|差し?替え?版|改訂版|[vV](?:er)?\.?[ ]?[0-9]{1,2}(?:\.[0-9]+)*"
    r"|最終版?|確定版"
    r"|[0-9]{4}(?:修正|更新|追記|版|確認)|[0-9]{1,2}[/／][0-9]{1,2}(?:時点|修正|更新|追記|版|差し?替え?))"
    r"(?:[^】）)\]］〕＞>。、]{0,8})[】）)\]］〕＞>](?=$|[^のはがをにでと、])"
    r"|[_＿](?:最終|確定|修正|改|rev|fix|v)[0-9]*版?(?=$|[。、 　])"
)
_PAGE = re.compile(
    r"「?(?:もっと(?:見る|読む)|続きを(?:読む|見る)|詳細を見る|詳しく見る|全文を読む|記事を読む)」?(?:を?(?:クリック|タップ|押)|(?=[)）」。]|$))"
    r"|(?:この)?(?:記事|ページ|投稿)を(?:シェア|ツイート|印刷|共有|保存|お気に入り)(?:する)?(?=$|[。）)|｜])"
    r"|(?:^|[|｜ 　])(?:印刷する|PDFを開く|ページの?先頭へ|前へ戻る|トップへ戻る|メニューを開く|閉じる)(?=$|[|｜ 　])"
    r"|\[(?:要出典|誰によって\?|いつ\?|編集|画像|写真|動画|図|表|リンク|image|img|cid)(?:[:：][^\]\n]{0,60})?\](?!\()"
    r"|(?:引用元|出典|出所|参考)[:：][ 　]?(?:Wikipedia|ウィキペディア|ネット|Google|ChatGPT|生成AI)"
)
_FOOTNOTE = re.compile(r"(?<=[ぁ-んァ-ヶー一-龠、。）」])[\[［](?:注|note ?)?(?P<n>[0-9０-９]{1,2})[\]］](?![(（:]|から|まで|の|と)")
_POINTED = re.compile(
    r"[（(](?:上|下|右上|左上|右下|左下|右|左|次|別)?(?:の)?(?:表|図|写真|画像|地図|グラフ|資料)?[0-9０-９]?(?:参照|をご?参照|のとおり|をご覧ください)[)）]"
)
_ENTITY = re.compile(r"&(?:nbsp|amp|lt|gt|quot|apos|copy|reg|hellip|ensp|emsp|middot|ndash|mdash|#x?[0-9a-fA-F]{2,6});")
_BOLD = re.compile(
    r"(?:太字|赤字|朱書き|下線|黄色|網掛け|ハイライト)(?:部分|箇所|の(?:部分|箇所|ところ))?(?:が|は)、?(?:変更|修正|追加|訂正|加筆|今回)"
)
_HINT = "読者には要らない言葉です。消すか、読者に宛てた文に直してください。"


def strays(sheet: Sheet) -> Iterator[Hit]:
    """（218字）, 【第2稿・0724修正】, 削っていただいてかまいません, もっと読む, [要出典]."""
    yield from gathered(hit for passage in sheet.prose if passage.kind != "quote" for hit in _strays(passage))


_FORMS: tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...] = (  # each with the words without which it cannot stand
    (
        _EDITOR,
        "編集部に宛てた言葉",
        (
            *(
                "いません",
                "結構です",
                "差し支え",
                "問題ありません",
                "適宜",
                "必要に応じて",
                "好き",
                "自由に",
                "よしなに",
                "任せ",
                "まかせ",
                "字数",
            ),
            *(
                "紙幅",
                "スペース",
                "紙面",
                "同じ",
                "同様",
                "標記",
                "標題",
                "首題",
                "掲題",
                "表題",
                "昨日",
                "先ほど",
                "先日",
                "先週",
                "恐縮",
                "申し訳",
            ),
            *(
                "失礼",
                "恐れ入",
                "追伸",
                "PS",
                "P.S",
                "二伸",
                "返信",
                "お送りいただいた",
                "下名",
                "おかれまして",
                "以上",
                "案）",
                "仮）",
                "適当な",
                "れか",
            ),
        ),
    ),
    (_VERSION, "原稿の版の印", ("稿", "版", "ver", "Ver", "v", "V", "修正", "更新", "追記", "時点", "_", "＿")),
    (_BOLD, "原稿の書き込み", ("太字", "赤字", "朱書", "下線", "黄色", "網掛", "ハイライト")),
    (
        _PAGE,
        "ウェブページの言葉",
        (
            "読む",
            "見る",
            "シェア",
            "ツイート",
            "印刷",
            "共有",
            "保存",
            "お気に入り",
            "戻る",
            "先頭",
            "開く",
            "閉じる",
            "[",
            "引用元",
            "出典",
            "出所",
            "参考",
        ),
    ),
    (_ENTITY, "HTMLの文字", ("&",)),
)


def _strays(passage: Passage) -> Iterator[Hit]:
    text = passage.unquoted
    for pattern, what, words in _FORMS:
        looked = passage.raw if pattern in (_PAGE, _ENTITY) else text
        for match in pattern.finditer(looked) if any(word in looked for word in words) else ():
            yield _stray(passage, match, what)
    for start, end in lines(passage) if "字" in text and passage.kind == "paragraph" and _LENGTH.search(text) else ():
        if length := _LENGTH.search(text[start:end]):
            yield passage.hit((start + length.start(), start + length.end()), f"「{length[0]}」は、原稿の長さの覚え書きのようです。", _HINT)
    for match in _POINTED.finditer(text) if "参照" in text or "とおり" in text or "をご覧" in text else ():
        if not _answers(passage, match[0]):
            yield passage.hit(
                match.span(),
                f"「{match[0]}」とありますが、この記事にはそれがありません。",
                "指すものを載せるか、この言葉を消してください。",
            )


def _stray(passage: Passage, match: re.Match[str], what: str) -> Hit:
    said = match[0].strip("。 　" + BLANK)
    start = match.start() + match[0].index(said)
    return passage.hit((start, start + len(said)), f"「{said[:30]}」は、{what}が残ったもののようです。", _HINT)


def _answers(passage: Passage, said: str) -> bool:
    """Whether the item has the table or the picture that the words point at."""
    article = passage.article
    if article is None or re.search("資料|別", said):
        return True
    tabled = "|" in article.body and not re.search("図|写真|画像|地図|グラフ", said)
    return bool(article.pictures) or tabled or bool(re.search("次|上|下(?=参照)", said) and "\n" in article.body.strip())


def footnotes(sheet: Sheet) -> Iterator[Hit]:
    """頼っており[1]、 in an item that has no note [1]."""
    for passage in sheet.prose:
        if "[" in passage.text or "［" in passage.text:
            for match in _FOOTNOTE.finditer(passage.text):
                body = passage.article.body if passage.article else ""
                if not re.search(rf"(?m)^[\s・*-]*[\[［](?:注)?{match['n']}[\]］]", body):
                    message = f"「{match[0]}」は、ウェブページの注の印が残ったもののようです（その注がありません）。"
                    yield passage.hit(match.span(), message, "印を消すか、注の文を本文の後に書いてください。")


RULES = (
    Rule(
        code="LEFT018",
        title="原稿やページの言葉の残り",
        severity=Severity.WARNING,
        reason="字数の覚え書きや「削っていただいてかまいません」は、読者に宛てた言葉ではありません。",
        source="実際に起きた残りもの（編集者の慣行）",
        bad="市は、計画を決めました。（218字）",
        good="感想は、200字以内でお書きください。",
        find=strays,
    ),
    Rule(
        code="LEFT019",
        title="注の印の残り",
        severity=Severity.WARNING,
        reason="ウェブページから写した文の「[1]」には、指す注がありません。",
        source="実際に起きた残りもの（編集者の慣行）",
        bad="市は、電気を輸入に頼っており[1]、再エネを増やします。",
        good="市は、電気を輸入に頼っており、再エネを増やします。",
        find=footnotes,
    ),
)
