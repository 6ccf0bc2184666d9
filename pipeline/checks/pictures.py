"""Pictures: the words that stand for them, whom they show, how heavy they are, what only they say. An ``Issue`` in, hits out.

What a picture really shows nobody can tell from its file; here only its words, its bytes and the text around it are looked at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pipeline.checks.gather import gathered
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Article, Picture, Place, Severity

FEW = 40  # letters of text, below which a picture probably says more than its item
_NO_TEXT = re.compile(
    r"(?:写真|画像|図|図表|グラフ|地図|イラスト|イメージ|ポスター|チラシ|ロゴ|バナー|サムネイル|スクリーンショット|キャプチャ|代替文|代替テキスト|説明|キャプション|集合写真|会場写真|当日の様子|様子"
    r"|image|img|photo|picture|figure|fig|alt|banner|logo|thumbnail|untitled|無題|テスト|test|なし|同上|未定|後で|あとで|要確認|tbd|todo"
    r"|[-－ー―.。・…?？]+)(?:写真|画像|図|イメージ|データ|です)?[ 　]*[\d０-９①-⑨a-zA-Z()（）]{0,3}",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"(?:写真|画像|図|代替|説明)(?:の|文|テキスト)*(?:説明|内容)?(?:を|が)?(?:ここ|入力|記入|書いて|入ります|書く|入れる|挿入)|ここ(?:に|へ)[^。]{0,8}(?:説明|入力|記入|書)"
    r"|代替(?:文|テキスト)|何が写っているか|(?:説明文?|キャプション)(?:を|が|は)(?:未|入|後|ま|書)|^(?:未定|未入力|後日|あとで|追記)"
)
_NO_NAME = re.compile(
    r"(?:写真|画像|図|イラスト|提供|撮影|作成|写真提供|出典|クレジット|photo|credit|by|©|\(c\)|[:：/／・\s　()（）])*", re.IGNORECASE
)


def _pictures(sheet: Sheet) -> Iterator[tuple[Article, Picture]]:
    for article in sheet.issue.articles:
        yield from ((article, picture) for picture in article.pictures)


def empty_words(sheet: Sheet) -> Iterator[Hit]:
    """An alternative text that says nothing: 画像, the title again, the credit, the same words for two pictures; a credit without a name."""
    seen: dict[str, Picture] = {}
    for article, picture in _pictures(sheet):
        alt = picture.alt.strip()
        first = seen.setdefault(_form(alt), picture) if alt else picture
        if _NO_TEXT.fullmatch(alt) or _PROMPT.search(alt):
            yield _says_nothing(article, picture, f"が「{alt}」だけで、何が写っているか分かりません")
        elif alt and _form(alt) == _form(article.title):
            yield _says_nothing(article, picture, "が見出しと同じです")
        elif alt and _form(alt) == _form(picture.credit):
            yield _says_nothing(article, picture, "が写真提供と同じです")
        elif first.file != picture.file:
            yield _says_nothing(article, picture, f"が、{first.place} の写真と同じです")


def _says_nothing(article: Article, picture: Picture, what: str) -> Hit:
    message = f"「{article.title}」の写真 {picture.source} の代替文{what}。"
    hint = "写真が表示されない読者にも伝わるよう、何が写っているかを20～40字で書いてください。"
    return Hit(message=message, hint=hint, place=picture.place)


def _form(text: str) -> str:
    return re.sub(r"[\s　\W_]", "", unicodedata.normalize("NFKC", text)).lower()


def nobody(sheet: Sheet) -> Iterator[Hit]:
    """A credit without a name: 写真：©."""
    for article, picture in _pictures(sheet):
        if picture.credit and _NO_NAME.fullmatch(picture.credit):
            message = f"「{article.title}」の写真 {picture.source} の写真提供が「{picture.credit}」だけで、名前がありません。"
            yield Hit(
                message=message,
                hint="「写真提供：©京都市」のように、提供者の名前を書いてください。",
                place=_place(sheet, article, picture, "credit"),
            )


def _place(sheet: Sheet, article: Article, picture: Picture, key: str) -> Place:
    """Where the entry stands, if it is the item's lead picture; else the picture's own place."""
    entries = (passage for passage in sheet.passages if passage.article is article and passage.key == key)
    return next((passage.place(0) for passage in entries if article.image is picture or article.image == picture), picture.place)


def length(sheet: Sheet) -> Iterator[Hit]:
    """An alternative text too short to show anything, or so long that nobody listens to its end."""
    for article, picture in _pictures(sheet):
        alt = picture.alt.strip()
        if alt and not _NO_TEXT.fullmatch(alt) and not 5 <= len(alt) <= 160:
            message = f"「{article.title}」の写真 {picture.source} の代替文が{len(alt)}字です。"
            hint = "何が写っているかを20～40字で書き、詳しいことは本文に書いてください。"
            yield Hit(message=message, hint=hint, place=_place(sheet, article, picture, "alt"))


_PERSON = re.compile(
    r"[一-龠々ァ-ヶー・]{2,12}[ 　]?(?:市長|町長|村長|区長|知事|副市長|副知事|議長|議員|大臣|理事長|事務局長|局長|部長|課長|会長|教授|代表|さん|氏|様|先生)(?![室級会席代ら表])"
)
_CHILDREN = re.compile(r"児童|生徒|園児|小学生|中学生|高校生|子ども|こども|子供|幼児|赤ちゃん")
_DRAWN = re.compile(r"図|イラスト|絵|グラフ|地図|ロゴ")


def permission(sheet: Sheet) -> Iterator[Hit]:
    """A photograph of a person who is named, or of children, and no word of a permission to show it."""
    for article in sheet.issue.articles:
        manuscript = article.manuscript
        if manuscript and any(entry.key == "permission" and entry.end > entry.start for entry in manuscript.entries):
            continue
        for picture in article.pictures:
            match = _PERSON.search(picture.alt) or _CHILDREN.search(picture.alt)
            if match and not _DRAWN.search(picture.alt + picture.credit) and not picture.permission:
                message = f"「{article.title}」の写真に写っている人（{match[0]}）の、掲載の許諾が書かれていません。"
                hint = "許諾を得て「掲載許諾：氏名・日付」を書いてください（公務の写真は、提供した自治体の許諾でかまいません）。"
                yield Hit(message=message, hint=hint, place=_place(sheet, article, picture, "alt"))
                break


_LOOK = re.compile(
    r"(?<![左右上下])写真(?:を(?:ご)?(?:覧|参照)|(?:の|に)(?:ある|見える|とおり|通り|ように)|参照|[1-9１-９①-⑨](?:は|の|を|が|、|）|に)|で(?:ご覧|ご紹介|お伝え|振り返))|[（(]写真[）)]"
    r"|(?<![左右上下])写真(?:の|は|、|で)?(?:前列|後列|中央|左|右|手前|奥)(?:から|が|は|の|端|側|より|で|[0-9０-９一二三])|(?:^|[（(。])(?:前列|後列)?(?:左|右)から[、：:順]?(?!右|左|歩|曲)"
    r"|(?:^|(?<=。))写真は、[^。\d０-９]{4,40}(?:です|でした|ところ|[一-龠])。?$"
    r"|(?:上|下|次|冒頭|掲載|以下|この|こちら)の写真|写真は[、]?[^。]{1,24}(?:の(?:様子|模様|皆さん|方々|参加者|ようす|一同|集合写真)|撮影)(?:です|。|$)|(?<![の左右])(?:写真|画像)のとおり"
)
_ELSEWHERE = re.compile(
    r"Web版|ウェブ|サイト|ページ|SNS|X（|Instagram|インスタ|Facebook|URL|動画|https?://|展|作品|応募|募集|コンテスト|アルバム|報告書|資料|自由|任意|必要|不要|歓迎|禁止|不可|データ|形式|未発表"
)


def pointing(sheet: Sheet) -> Iterator[Hit]:
    """Words that point at a picture, and the item has none."""
    shown = {article.place.path for article, _ in _pictures(sheet)}
    yield from gathered(
        passage.hit(
            match.span(),
            f"「{match[0]}」とありますが、この記事に写真がありません。",
            "写真を載せるか、この言葉を消してください。",
        )
        for passage in sheet.prose
        if passage.kind != "field" and passage.path not in shown and "![" not in (passage.article.body if passage.article else "")
        for match in _LOOK.finditer(passage.unquoted)
        if not _ELSEWHERE.search(_sentence(passage.raw, match.start()))
    )


def _sentence(text: str, at: int) -> str:
    end = text.find("。", at)
    return text[text.rfind("。", 0, at) + 1 : end if end >= 0 else len(text)]


def heavy(sheet: Sheet) -> Iterator[Hit]:
    """A prepared picture, or all of them together, that takes long to load on a telephone."""
    files: dict[str, int] = {}
    limits = sheet.masthead.limits
    for article, picture in _pictures(sheet):
        files[picture.file] = picture.bytes
        if picture.bytes > limits.picture_warning:
            message = f"「{article.title}」の写真 {picture.source} は、整えた後も{picture.bytes:,}バイトあります（{limits.picture_warning:,}まで）。"
            hint = "細かい模様の少ない写真にするか、もとの写真を切り取って、enews pictures をもう一度実行してください。"
            yield Hit(message=message, hint=hint, place=picture.place)
    if sum(files.values()) > limits.pictures_warning:
        message = f"写真が合わせて{sum(files.values()):,}バイトあります（{limits.pictures_warning:,}まで）。"
        yield Hit(message=message, hint="写真を減らすか、小さくしてください。", place=sheet.issue.place)


def only_pictures(sheet: Sheet) -> Iterator[Hit]:
    """An item whose text is so short that its picture must say the rest: behind a gateway nothing is left of it."""
    for section in sheet.issue.sections:
        for article in section.articles if section.shows == "article" else ():
            text = re.sub(r"!\[[^\]]{0,300}\]\([^)]{0,500}\)|\[|\]\([^)]{0,500}\)|https?://[!-~]+|[\s　]", "", article.body)
            facts = (article.start, article.deadline, article.venue)
            if article.pictures and len(text) < FEW and sum(1 for fact in facts if fact) < 2:
                message = f"「{article.title}」の本文は{len(text)}字で、あとは写真だけです。"
                hint = "写真が表示されない読者のために、日時・場所・内容を本文か項目欄に書いてください。"
                yield Hit(message=message, hint=hint, place=article.place)


_ITEM = "---\n見出し: 会議を開催\n欄: イクレイ日本の活動\n写真: images/a.jpg\n代替文: {}\n写真提供: ©京都市\n{}---\n\n{}\n"
_TEXT = "見本市は、市内の会館で会議を開き、市民と職員が、食品ロスを減らすために自分のまちで始められる工夫を話し合いました。"

RULES = (
    Rule(
        code="PIC006",
        title="中身のない代替文",
        severity=Severity.WARNING,
        reason="「画像」や見出しの繰り返しでは、写真が表示されない読者に何も伝わりません。",
        source="WCAG 2.2 1.1.1、点検項目4",
        bad=_ITEM.format("画像", "", _TEXT),
        good=_ITEM.format("会場で話し合う参加者", "", _TEXT),
        find=empty_words,
    ),
    Rule(
        code="PIC007",
        title="名前のない写真提供",
        severity=Severity.WARNING,
        reason="提供者の名前のない表示は、表示していないのと同じです。",
        source="著作権法 19条",
        bad=_ITEM.format("会場で話し合う参加者", "", _TEXT).replace("©京都市", "写真：©"),
        good=_ITEM.format("会場で話し合う参加者", "", _TEXT),
        find=nobody,
    ),
    Rule(
        code="PIC008",
        title="代替文の長さ",
        severity=Severity.NOTE,
        reason="短すぎる代替文は写真を伝えず、長すぎるものは読み上げで最後まで聞かれません。",
        source="WCAG 2.2 1.1.1、編集者の慣行（20～40字）",
        bad=_ITEM.format("会議中", "", _TEXT),
        good=_ITEM.format("会場で話し合う参加者", "", _TEXT),
        find=length,
    ),
    Rule(
        code="PIC009",
        title="写っている人の許諾",
        severity=Severity.WARNING,
        reason="名前の分かる人や子どもの写真は、本人や保護者の許諾を得てから載せます。",
        source="肖像権、個人情報の保護に関する法律",
        bad=_ITEM.format("あいさつする見本太郎市長", "", _TEXT),
        good=_ITEM.format("あいさつする見本太郎市長", "掲載許諾: 見本市、2025年1月20日\n", _TEXT),
        find=permission,
    ),
    Rule(
        code="PIC010",
        title="写真を指す言葉",
        severity=Severity.WARNING,
        reason="発信元のページにあった写真を指す言葉が、写真のない記事に残ることがあります。",
        source="実際に起きた残りもの（編集者の慣行）",
        bad="当日の様子は、写真をご覧ください。",
        good="写真は、Web版の3-1をご覧ください。応募作品の写真を展示します。",
        find=pointing,
    ),
    Rule(
        code="PIC011",
        title="写真の大きさ",
        severity=Severity.WARNING,
        reason="大きな写真は、携帯電話では表示されるまでに時間がかかります。",
        source="点検項目11",
        bad={
            "10-a.md": _ITEM.format("会場で話し合う参加者", "", _TEXT),
            "newsletter.toml": "picture_warning = 200000 => picture_warning = 100000",
        },
        good=_ITEM.format("会場で話し合う参加者", "", _TEXT),
        find=heavy,
    ),
    Rule(
        code="PIC012",
        title="写真だけの記事",
        severity=Severity.WARNING,
        reason="庁内のメールの多くでは写真が表示されず、写真の中の文字は読めません。",
        source="無害化の運用、点検項目29",
        bad=_ITEM.format("催しのちらし", "", "詳しくは写真のとおりです。"),
        good=_ITEM.format("催しのちらし", "", _TEXT),
        find=only_pictures,
    ),
)
