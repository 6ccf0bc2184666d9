"""Rules about spelling: the house's table and the passages in, findings on other spellings and on two spellings in one issue out.

Quotations and names of the glossary are left alone. A noun is told from a verb by what stands around it (脱炭素に取り組み、), then by its words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.repeated import more
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.checks.words import words
from pipeline.model import Notation, Severity

_VERB_AFTER = re.compile(
    r"ま[すしせ]|つつ|た[いくかけ]|やす|にく|始め|続け|ながら|直[しすせ]|くださ|下さ|いただ|頂|願|たま|得|きれ|きる|合[いうえっ]|に(?:来|行|き(?:た|て)|参)|方(?![針法策式向面])|かけ|なさ|さえ|そう(?:[なに]|で)"
)
_VERB_BEFORE = re.compile(r"(?:[にてくへ]|ず|ように|とともに|積極的に|共同で|一体で|連携し)$")
_LOOKS = re.compile(r"\(\?<?[=!](?:[^()\[\]]|\[[^\]]*\]|\((?:\?:)?[^()]*\))*\)")
_CLASSES = re.compile(r"\[[^\]]*\](?:[?*+]|\{[^}]*\})?")
_OPTIONALS = re.compile(r"\([^()]*\)(?:[?*+]|\{[^}]*\})")
_GROUP = re.compile(r"\((?:\?:)?([^()]*)\)")
_OPTIONAL = re.compile(r"\\.|.(?:[?*]|\{[^}]*\})")
_NO_LETTERS = re.compile("[^ぁ-んァ-ヶー一-龯A-Za-zＡ-Ｚａ-ｚ]+")
_THINGS = "人|名|円|t(?![a-z])|トン|世帯|件|kW|MW|ha(?![a-z])|ヘクタール|㎡|か所|本|台|校|社|戸|万|億|団体|km|キロ"
_PHRASES = (
    ("％（全角）と%（半角）", (r"(?<=[0-9０-９])％", r"(?<=[0-9０-９])%")),
    ("％とパーセント", (r"(?<=[0-9０-９])[％%]", r"(?<=[0-9０-９])(?:パーセント|㌫)")),
    ("ウェブとWeb", (r"ウェブ(?=サイト|ページ|版|会議|上|で|に|フォーム)", r"(?<![A-Za-z])(?:Web|WEB|web|Ｗｅｂ)(?=サイト|ページ|会議|上|で|に|フォーム)")),
    ("～と〜", ("～", r"〜|(?<=[0-9時分日月年）])~(?=[0-9])")),
    ("kmとキロ", (r"(?<=[0-9])(?:km|㎞)(?![²2/A-Za-z])", r"(?<=[0-9])キロ(?:メートル)?(?![ワグリバカヘ])")),
    ("㎡と平方メートル", (r"(?<=[0-9])(?:㎡|m2|m²)", r"(?<=[0-9])平方メートル")),
    ("人と名", (r"(?<=定員)[0-9,]+人", r"(?<=定員)[0-9,]+名")),
    ("！と!", (r"(?<=[ぁ-んァ-ヶー一-龯])！", r"(?<=[ぁ-んァ-ヶー一-龯])!(?![\[(])")),
    ("？と?", (r"(?<=[ぁ-んァ-ヶー一-龯])？", r"(?<=[ぁ-んァ-ヶー一-龯])\?")),
    ("子どもと子供", ("子ども", "子供(?!の日)")),
    ("問合せと問い合わせ", (r"問合せ", r"問い合わせ(?=先|は|の|を|が|：|:)")),
    ("ユーザーとユーザ", ("ユーザー", "ユーザ(?!ー|ビ|イ)")),
    ("サーバーとサーバ", ("サーバー", "サーバ(?!ー|ル|ン|イ)")),
    ("コンピューターとコンピュータ", ("コンピューター", "コンピュータ(?!ー|リ)")),
    ("メールアドレスとe-mail", (r"メール(?=[：:])", r"(?<![A-Za-z])(?:[eE]-?mail|Ｅメール|Eメール)(?=[：:])")),
    ("申込みと申し込み", ("申込み", "申し込み(?=は|の|先|を|が|方法|期限|締切|フォーム)")),
    ("まちづくりと街づくり", (r"まちづくり", r"街づくり|町づくり")),
    ("取りまとめと取纏め", (r"取りまとめ|とりまとめ(?=ました|ます|て|た)", r"取纏め|取まとめ")),
    ("時刻の「13時30分」と「13:30」", (r"(?<![0-9])[0-9]{1,2}時[0-9]{2}分", r"(?<![0-9])[0-9]{1,2}[:：][0-9]{2}(?![0-9])")),
    ("皆様とみなさま", (r"皆様|皆さま", "みなさま")),
    ("皆さんとみなさん", ("皆さん", "みなさん")),
    ("人々と人びと", ("人々", "人びと")),
    ("我が国とわが国", ("我が国", "わが国")),
    ("とともにと共に", ("とともに", "と共に")),
    ("電話とTEL", (r"電話(?=[：:])|電話(?= ?0[0-9])", r"(?:TEL|Tel|ＴＥＬ)(?=[：:. 　0])")),
    ("ZoomとZOOM", (r"(?<![A-Za-z])Zoom(?![A-Za-z])", r"(?<![A-Za-z])(?:ZOOM|zoom)(?![A-Za-z.])")),
    ("YouTubeとYoutube", ("YouTube", "Youtube|youtube(?![.])|ユーチューブ")),
    ("1,200と1200", (rf"(?<![0-9,.])[0-9]{{1,3}}(?:,[0-9]{{3}})+(?={_THINGS})", rf"(?<![0-9,.:/A-Za-z－-])[1-9][0-9]{{3,}}(?={_THINGS})")),
    ("kgとキログラム", (r"(?<=[0-9])kg", r"(?<=[0-9])(?:キログラム|キロ(?=の(?:ごみ|米|野菜|食)))")),
    ("トンとt", (r"(?<=[0-9万億])トン", r"(?<=[0-9万億])t(?![A-Za-z-])")),
    ("―と─", ("――|―", "──")),
    ("※と＊", ("※", "(?<![＊*])＊(?![＊*])")),
    ("レジュメとレジメ", ("レジュメ", "レジメ")),
    ("月曜日と（月）", (r"[0-9]日（[月火水木金土日]曜日?）", r"[0-9]日（[月火水木金土日](?:・[祝休])?）")),
    ("日付の「2月14日」と「2/14」", (r"(?<![0-9])[0-9]{1,2}月[0-9]{1,2}日", r"(?<![0-9/])[0-9]{1,2}/[0-9]{1,2}(?=（[月火水木金土日]|\([月火水木金土日])")),
    ("2つと二つ", (r"(?<![0-9])[1-9]つ(?=の|が|を|目)", r"(?<![一-龯])[二三四五六七八九]つ(?=の|が|を|目)")),
)  # fmt: skip

_BY_ITEM = frozenset(("時刻の「13時30分」と「13:30」",))  # senders write as they do: only within one item is it a slip
_KINDER = {"2つと二つ": Severity.NOTE}  # where senders differ, and either is right


def spellings(sheet: Sheet) -> Iterator[Hit]:
    """A spelling that the house's table has another one for."""
    names = tuple({term.ja[0] for term in sheet.glossary})  # the house's own form; others are accepted of others
    whole = "\n".join(passage.text for passage in sheet.prose)
    wanted = [row for row in sheet.notation if (row.kind != "パターン" or _may_stand(whole, row.wrong)) and _stands_in(whole, row)]
    for row in wanted:
        found = list(_misspelt(row, sheet, names))
        if found:
            fix = tuple(edit for hit in found for edit in hit.fix)
            yield replace(found[0], message=found[0].message + more(found[0], found[1:]), fix=fix)


def _misspelt(row: Notation, sheet: Sheet, names: tuple[str, ...]) -> Iterator[Hit]:
    for passage in sheet.holding(_pattern(row)) if row.kind == "パターン" else sheet.prose:
        if not _stands_in(passage.text, row):
            continue
        text = passage.unquoted
        for match in _pattern(row).finditer(text):
            if BLANK in match[0] or _excepted(text, match, row, names) or not _is_kind(text, match, row.kind):
                continue
            right = match.expand(row.right) if row.kind == "パターン" else row.right
            if right == match[0]:
                continue
            message = f"「{match[0]}」は「{right}」と書きます。" + (f"{row.reason.rstrip('。')}。" if row.reason else "")
            yield passage.hit(
                match.span(), message, f"「{right}」に直してください（{row.place.path} の{row.place.line}行目）。", instead=right
            )


@lru_cache(maxsize=2_000)
def _compiled(wrong: str, kind: str) -> re.Pattern[str]:
    return re.compile(wrong if kind == "パターン" else re.escape(wrong))


def _may_stand(whole: str, pattern: str) -> bool:
    """Whether all that a pattern cannot do without is in the issue: most rows need no search."""
    return any(all(run in whole for run in runs) for runs in _needed(pattern))


@lru_cache(maxsize=2_000)
def _needed(pattern: str) -> tuple[tuple[str, ...], ...]:
    """The runs of letters that each way to match it has; what is optional, in a group or only looked at is none of them."""
    rest, groups = _CLASSES.sub("\0", _LOOKS.sub("\0", pattern)), 1
    while groups:
        rest, groups = _OPTIONALS.subn("\0", rest)
    ways = {way for one in _spread(rest) for way in one.split("|")}
    runs = (_NO_LETTERS.split(_OPTIONAL.sub("\0", way)) for way in ways)
    return tuple(tuple(sorted(filter(None, found), key=len, reverse=True)) for found in runs)


def _spread(pattern: str) -> Iterator[str]:
    """A pattern without its groups: one for each of their ways; too many ways are told as one that needs nothing."""
    group = _GROUP.search(pattern)
    if not group:
        yield pattern
    elif pattern.count("(") > 2:
        yield ""
    else:
        for way in group[1].split("|"):
            yield from _spread(pattern[: group.start()] + way + pattern[group.end() :])


def _stands_in(text: str, row: Notation) -> bool:
    return bool(_pattern(row).search(text)) if row.kind == "パターン" else row.wrong in text


def _pattern(row: Notation) -> re.Pattern[str]:
    return _compiled(row.wrong, row.kind)


def _excepted(text: str, match: re.Match[str], row: Notation, names: tuple[str, ...]) -> bool:
    """Whether it is a part of an exception or of a name in the glossary."""
    start, end = match.span()
    for form in (*row.exceptions, *(name for name in names if match[0] in name)):
        at = text.find(form, max(start - len(form), 0))
        if -1 < at <= start and end <= at + len(form):
            return True
    return False


def _is_kind(text: str, match: re.Match[str], kind: str) -> bool:
    if kind not in ("名詞", "動詞"):
        return True
    verb = _is_verb(text, match.start(), match.end())
    return verb is not None and verb == (kind == "動詞")


def _is_verb(text: str, start: int, end: int) -> bool | None:
    """Whether 取り組み is the verb's 連用形 here (に取り組み、) or a noun (の取り組みを); ``None`` if it cannot be told."""
    before, after = text[:start].rstrip(BLANK), text[end:]
    if _VERB_AFTER.match(after):
        return True
    if not after or after[0] in "、，・" + BLANK or after.startswith(("及び", "並びに")):
        return True if _VERB_BEFORE.search(before) else False if re.search(r"(?:[のなたるいぶむ」]|^)$", before) else None
    if re.match(
        r"[をがはのもでとやへ。」）』】一-龯ァ-ヶ：:｜|A-Za-z0-9]|に(?!は?来|行)|から|まで|など|および|または|だ|です|ごと|により|によ",
        after,
    ):
        return False
    found = next((word for word in words(text) if word.start <= start < word.end), None)
    return None if found is None else found.kind == "動詞"


def wavering(sheet: Sheet) -> Iterator[Hit]:
    """Two spellings of which either is right, but not both in one issue: the rarer one is named."""
    whole = "\n".join(passage.unquoted for passage in sheet.prose)
    for title, forms in _PHRASES:
        if not all(any(sheet.holding(_compiled(form, "パターン"))) and _compiled(form, "パターン").search(whole) for form in forms):
            continue
        found = [_places(sheet, form) for form in forms]
        if title in _BY_ITEM:
            both = {id(passage.article) for passage, _ in found[0]} & {id(passage.article) for passage, _ in found[1]}
            found = [[one for one in places if id(one[0].article) in both] for places in found]
        counts = Counter({number: len(places) for number, places in enumerate(found)})
        rare = 1 if counts[1] <= counts[0] else 0
        if not (found[0] and found[1]):
            continue
        words_ = [places[0][0].unquoted[slice(*places[0][1])] for places in found]
        first, *others = [passage.hit(span, "", "", instead=None) for passage, span in found[rare]]
        message = f"{title}の書き方がこの号に混ざっています（「{words_[1 - rare]}」{counts[1 - rare]}か所、「{words_[rare]}」{counts[rare]}か所）。"
        yield Hit(
            message=message + more(first, others), hint="どちらかにそろえてください。", place=first.place, severity=_KINDER.get(title)
        )


def _places(sheet: Sheet, form: str) -> list[tuple[Passage, tuple[int, int]]]:
    pattern = _compiled(form, "パターン")
    return [(passage, match.span()) for passage in sheet.prose for match in pattern.finditer(passage.unquoted)]


_ROW = "wrong,right,exceptions,kind,reason\n取り組み,取組,,名詞,名詞は「取組」\n"

RULES = (
    Rule(
        code="NOT001",
        title="表記",
        severity=Severity.WARNING,
        reason="同じ言葉が号によって違う字で書かれていると、検索で見つからず、確かめられていない文章に見えます。",
        source="issues/notation.csv（公用文作成の考え方、常用漢字表、編集部の決まり）",
        bad={"10-a.md": "---\n見出し: 会議\n欄: イクレイ日本の活動\n---\n\n自治体の取り組みを紹介しました。\n", "../notation.csv": _ROW},
        good={
            "10-a.md": "---\n見出し: 会議\n欄: イクレイ日本の活動\n---\n\n脱炭素に取り組み、「自治体の取り組み」を紹介しました。\n",
            "../notation.csv": _ROW,
        },
        find=spellings,
    ),
    Rule(
        code="NOT002",
        title="表記の揺れ",
        severity=Severity.WARNING,
        reason="どちらも正しい書き方でも、一つの号に混ざると、書き手の違いや直し忘れが見えます。",
        source="公用文作成の考え方 Ⅰ（表記の統一）",
        bad="排出量は26％減り、電力は10%増えました。",
        good="排出量は26％減り、電力は10％増えました。",
        find=wavering,
    ),
)
