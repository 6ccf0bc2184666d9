"""Notes on prose: passages in, findings out on ら抜き, mixed style, overlong sentences and words said twice. Never more than a note.

Only running paragraphs are looked at: bullets, tables, titles and quotations have a style of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from pipeline.checks.passages import Passage
from pipeline.checks.repeated import once
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.checks.twists import twisted
from pipeline.checks.words import words
from pipeline.model import Severity

LONGEST = 150  # characters of one sentence

_SUSPECT = re.compile(r"[一-龯ぁ-ん]れ(?:る|ま[すしせ]|た|て|な[いくか]|ば|ず)")
_ONE_STEP = re.compile(
    "[えけせてねへめれべげぜでいきしちにみりびじぎ見着来寝出似煮得]$"
)  # stems of verbs that take られる (乗れる is right)
_POLITE = re.compile(r"(?:です|ます|ました|でした|ません|ましょう|ください)(?:か)?。")
_PLAIN = re.compile(
    r"(?:である|であった|であろう|(?<=[一-龯ァ-ヶーんの])だ|だった|だろう|ではない|なのだ|のだ"
    r"|(?:(?<![まで])し|[っいれんけきえせみてめ])た|んだ|(?:し|され|な)てい(?:る|た)|する|される|である)。"
)
_SENTENCE = re.compile(r"(?<![^。！？])[^。！？]++[。！？]")  # tried at the head of a sentence only
_TWICE = (
    (r"(?:一番|いちばん)(?=最[初後新大小高低多古])|(?:一番|いちばん)(?=ベスト)", "「最～」だけで足ります"),
    (r"まず(?:、)?(?:最初|はじめ|初め)に|まず(?:、)?第一に", "「まず」か「最初に」だけで足ります"),
    (r"(?:あとで|後で)後悔", "「後悔」だけで足ります"),
    (r"各[一-龯]{1,4}(?:ごと|毎)に", "「各～で」か「～ごとに」にします"),
    (r"(?:約|およそ)[0-9,.]+[^、。]{0,4}?(?:ほど|程度|くらい|ぐらい|前後)", "「約」か「ほど」の一つで足ります"),
    (r"過半数を(?:超|越)え", "「過半数に達する」か「半数を超える」にします"),
    (
        r"(?:元旦|元日)の朝|馬から落馬|頭痛が痛|違和感を感じ|被害を被[りるっ]|犯罪を犯[しすそ]|射程距離|排気ガスガス|返事を返|危険が危な",
        "同じ意味の語が重なっています",
    ),
    (r"今現在|今の現状|現在の現状", "「現在」か「現状」だけで足ります"),
    (r"(?:必ず|まだ)(?:必要|未定)(?=で)", "一つで足ります"),
    (r"従来(?:から|より)の?", "「従来」だけで足ります"),
    (r"あらかじめ(?:予定|予約|予想|予告|準備)|事前に(?:予約|予定|予告)|前もって(?:予定|予約|予告)", "一つで足ります"),
    (r"(?:再度|もう一度|再び)再[一-龯]", "一つで足ります"),
    (
        r"炎天下の下|[0-9]日間の間|[0-9]年間の間|沿岸沿い|尽力を尽く|アンケート調査(?!票)の調査|IT技術技術",
        "同じ意味の語が重なっています",
    ),
    (r"すべて(?:の)?全員|全て(?:の)?全員|最も最[一-龯]|互いに相互", "一つで足ります"),
    (r"することができることができ|なくてはならなくてはな|ないことはないことは", "同じ言い回しが重なっています"),
)
_POLITE_TWICE = re.compile(
    r"ご覧になられ|お[一-龯ぁ-ん]{1,4}になられ|ご[一-龯]{1,4}になられ|おっしゃられ|お越しになられ|いらっしゃられ|召し上がられ|お?見えになられ|お話しになられ"
    r"|拝見させていただ|拝読させていただ|お伺いさせていただ|伺わさせ|ご?拝聴させていただ|(?:行|書|読|話|伺|使|作|送|休|聞)[かまさわら]さ(?:せ)?さ?せていただ|[一-龯]らさせていただ|ご[一-龯]{2}していただ"
    r"|ご[一-龯]{2}してください|お[一-龯]{1,2}[いきしちりみび]してください"
)


def ra_nuki(sheet: Sheet) -> Iterator[Hit]:
    """食べれる, 見れました, 来れない: the potential form without its ら."""
    for passage in sheet.holding(_SUSPECT):
        text = passage.unquoted
        if not _SUSPECT.search(text):
            continue
        for word in words(text):
            ends = word.kind == "動詞" and word.plain.endswith("れる") and not word.normal.endswith("れる")
            if ends and _ONE_STEP.search(word.plain[:-2]):
                right = word.text.replace("れ", "られ", 1) if word.text.count("れ") == 1 else f"{word.plain[:-2]}られる"
                message = f"「{word.text}」は、「ら」の抜けた言い方です。"
                yield passage.hit((word.start, word.end), message, f"「{right}」と書きます。")


def mixed_style(sheet: Sheet) -> Iterator[Hit]:
    """である in the running paragraphs of an item that says です・ます."""
    for _, group in groupby((passage for passage in sheet.prose if passage.kind == "paragraph"), key=lambda passage: passage.path):
        paragraphs = list(group)
        if sum(len(_POLITE.findall(passage.unquoted)) for passage in paragraphs) < 2:
            continue
        yield from once(_plain(paragraphs))


def _plain(paragraphs: list[Passage]) -> Iterator[Hit]:
    for passage in paragraphs:
        for match in _PLAIN.finditer(passage.unquoted):
            message = "です・ます調の記事に、である調の文が交じっています。"
            yield passage.hit(match.span(), message, f"「{match[0]}」を、です・ます調にしてください。")


def overlong(sheet: Sheet) -> Iterator[Hit]:
    """A sentence that nobody reads aloud in one breath."""
    for passage in sheet.prose:
        if passage.kind != "paragraph":
            continue
        for match in _SENTENCE.finditer(passage.text):
            if len(match[0].strip("\ue000 　")) > LONGEST:
                lead = len(match[0]) - len(match[0].lstrip())
                message = f"一文が{len(match[0].strip())}字あります（「{match[0].strip()[:12]}…」）。"
                hint = f"二つ以上の文に分けると読みやすくなります（目安は{LONGEST}字まで）。"
                yield passage.hit((match.start() + lead, match.end()), message, hint)


def said_twice(sheet: Sheet) -> Iterator[Hit]:
    """一番最初, ご覧になられます: one meaning or one politeness twice."""
    whole = "\n".join(passage.unquoted for passage in sheet.prose)
    polite = _POLITE_TWICE.search(whole)
    wanted = [(re.compile(pattern), hint) for pattern, hint in _TWICE if re.search(pattern, whole)]
    for passage in sheet.prose:
        text = passage.unquoted
        for pattern, hint in wanted:
            for match in pattern.finditer(text):
                around = text[match.start() : match.end() + 2]
                yield passage.hit(match.span(), f"「{around}」は、同じ意味の語が重なっています。", f"{hint}。")
        for match in _POLITE_TWICE.finditer(text) if polite else ():
            yield passage.hit(match.span(), f"「{match[0]}」は、敬語が重なるか、形が誤っています。", "敬語を一つにしてください。")


RULES = (
    Rule(
        code="PROSE001",
        title="ら抜き言葉",
        severity=Severity.NOTE,
        reason="ら抜き言葉は、公用文では用いません。",
        source="公用文作成の考え方 Ⅱ（話し言葉）、形態素解析（SudachiPy）",
        bad="会場では展示も見れます。",
        good="会場では展示も見られます。手に取れる資料があり、誰でも入れる場所です。",
        find=ra_nuki,
    ),
    Rule(
        code="PROSE002",
        title="文体の混在",
        severity=Severity.NOTE,
        reason="一つの記事の中で文体が変わると、書き写した文のように読めます。",
        source="公用文作成の考え方 Ⅲ（文体）",
        bad="会議を開きました。重要な一歩である。来年も開きます。",
        good="会議を開きました。重要な一歩です。来年も開きます。\n\n- 対象は市民である。",
        find=mixed_style,
    ),
    Rule(
        code="PROSE003",
        title="長い文",
        severity=Severity.NOTE,
        reason="長い文は、係り受けが読み取れません。",
        source="公用文作成の考え方 Ⅲ（一文を短く）",
        bad="市は、" + "地域の実情に応じた対策を進めながら、" * 10 + "取り組んでいます。",
        good="市は、地域の実情に応じた対策を進めながら、取り組んでいます。" * 6,
        find=overlong,
    ),
    Rule(
        code="PROSE004",
        title="重言・二重敬語",
        severity=Severity.NOTE,
        reason="同じ意味や敬語の重なりは、読者に引っかかりを残します。",
        source="公用文作成の考え方 Ⅲ、敬語の指針（文化審議会）",
        bad="今年度一番最初の会議の報告は、図書館でもご覧になられます。",
        good="今年度最初の会議の報告は、図書館でもご覧になれます。約30人が参加しました。",
        find=said_twice,
    ),
    Rule(
        code="PROSE005",
        title="文のねじれ",
        severity=Severity.NOTE,
        reason="書き直すうちに主語と述語が離れると、「目的は…します」のような文が残ります。",
        source="公用文作成の考え方 Ⅲ（文の書き方）",
        bad="講座の目的は、市民の関心を高めます。歩いたり、話しました。",
        good="講座の目的は、市民の関心を高めることです。歩いたり、話したりしました。",
        find=twisted,
    ),
)
