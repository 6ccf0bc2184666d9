"""Rules about what a text promises and does not give: 次のとおり with nothing behind it, ① without ②, ※1 without its note. Passages in, hits out.

An item is read as a whole: what stands anywhere behind the promise, in a list, a table, a picture or marks within the sentence, keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.facts import own
from pipeline.checks.gather import lines
from pipeline.checks.numerals import KANJI, form, value_of
from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Article, Severity

_ADDRESS = re.compile(r"https?://|www\.|[\w.+-]+@[\w-]+\.[\w.-]+|0\d{1,4}[-‐－(（]\d{1,4}[-‐－)）]\d{3,4}|〒|\]\(")
_POINTS = re.compile(
    r"(?:次|下記|以下|右記|こちら)の(?:URL|ＵＲＬ|リンク|アドレス|メールアドレス|ページ|フォーム|サイト|申込フォーム|ウェブサイト)(?=から|より|に|へ|まで|で|を(?:ご|参照|確認)|、)"
)
_BEFORE = re.compile(
    r"(?:上記|前記|先|上)の?(?:URL|ＵＲＬ|リンク|アドレス|メールアドレス|フォーム|申込フォーム|サイト)(?=から|より|に|へ|まで|で|を|、|の)"
)


_TARGETS = ("URL", "ＵＲＬ", "リンク", "アドレス", "ページ", "フォーム", "サイト")
_LEADS = ("とおり", "通り", "次の", "以下の", "下記の", "下の", "下表", "下図")


def points_at_nothing(sheet: Sheet) -> Iterator[Hit]:
    """次のURLからご覧ください with no URL behind it, 上記URL with none before it."""
    for article in sheet.issue.articles:
        passages = _blocks(sheet, article)
        yield from _follows_nothing(article, passages)
        yield from _no_address(sheet, article)
        for number, passage in enumerate(passages):
            pointing = any(word in passage.text for word in _TARGETS)
            for match in _POINTS.finditer(passage.text) if pointing else ():
                rest = passage.raw[match.start() :] + "".join(later.raw for later in passages[number + 1 :])
                if not _ADDRESS.search(rest):
                    hint = "URLを本文に書くか、「詳細」「申込」の欄に書いて、指す言葉を直してください。"
                    yield passage.hit(match.span(), f"「{match[0]}」とありますが、後にURLがありません。", hint)
            for match in _BEFORE.finditer(passage.text) if pointing else ():
                told = "".join(earlier.raw for earlier in passages[:number]) + passage.raw[: match.start()]
                if not _ADDRESS.search(told):
                    hint = "URLを本文に書くか、指す言葉を直してください（項目欄の「詳細」「申込」は、本文の下に表示されます）。"
                    yield passage.hit(match.span(), f"「{match[0]}」とありますが、前にURLがありません。", hint)


_BARE = re.compile(r"〒\s?\d{3}-\d{4}[ 　]*(?=$|[。）)、|｜]|まで|へ(?!の))")
_POST = re.compile(r"(?:往復)?(?:はがき|ハガキ|葉書)(?:に|で|の|を|$)|郵送(?:で|して|の|に|又は|または|、|$)")
_ASKS = re.compile("応募|申し?込|提出|お送り|お寄せ|ご記入")
_FORM = re.compile("(?:申し?込み?|応募|回答|登録|専用)フォーム(?:から|で|より|に)")


def _no_address(sheet: Sheet, article: Article) -> Iterator[Hit]:
    """〒517-8501 with nothing behind it, 往復はがき without an address, 申込みフォームから without a form."""
    passages = tuple(own(sheet, article))
    whole = "\n".join(form(passage.raw) for passage in passages)
    for passage in passages:
        text = form(passage.raw)
        for match in _BARE.finditer(text) if "〒" in text else ():
            yield passage.hit(match.span(), f"「{match[0].strip()}」の後に住所がありません。", "住所を書いてください。")
        posted = (
            _POST.search(text)
            if not article.origin and "〒" not in whole and not re.search("[0-9](?:番地?|丁目|-[0-9])|宛先|@|https?:|\\]\\(", whole)
            else None
        )
        if posted and _ASKS.search(whole) and article.deadline:
            yield passage.hit(posted.span(), f"「{posted[0]}」とありますが、宛先がありません。", "郵便番号、住所と宛名を書いてください。")
            return
        wanted = _FORM.search(text) if not article.apply and article.deadline and passage.kind != "field" else None
        if wanted and not re.search(r"https?://|\]\(", "".join(one.raw for one in passages if one.kind != "field")):
            yield passage.hit(
                wanted.span(), f"「{wanted[0]}」とありますが、「申込」の欄がありません。", "「申込：」にフォームのURLを書いてください。"
            )


def _blocks(sheet: Sheet, article: Article) -> list[Passage]:
    return [passage for passage in own(sheet, article) if passage.kind != "field"]


_FOLLOWS = re.compile(r"(?:次|以下|下記)の(?:とおり|通り)(?:です|となります|開催し|開か)[^。]{0,10}。?$")
_THUS = re.compile(r"(?:次|以下|下記)の(?:とおり|通り)(?!に)[^。]*(?:。|[:：])?$")
_SHOWN = re.compile(r"(?:次|下|以下)の(?P<what>表|図|写真|グラフ)(?=[はにをのが、でを])|下(?P<what2>表|図)(?=[はにをのが、で])")
_LISTED = re.compile(  # what is given as a list, never as running text
    r"(?:対象|参加|日程|会場|自治体|市町|団体|受賞|登壇|出席|講師|内訳|構成|提出|申込|持ち物|条件|要件|要項|コース|プログラム|時間割|連絡先|問合せ先|窓口|一覧|メンバー|委員|項目|種類|金額|料金|費用|額|期間|期限)"
    r"[^。、]{0,16}は、(?:次|以下|下記)の(?:とおり|通り|いずれか)(?:です|となります)。?$"
)
_COUNTED = re.compile(
    rf"(?:次|以下|下記)の(?:主な|会員)?(?P<n>\d{{1,2}}|{KANJI})(?:つ|点|項目|自治体|団体|市町|市|都市|分野|か国|カ国|人|名|施策|事業|会場|か所|校|社|件|部門|課題|要件|条件|理由|方法|柱|本柱|原則|目標|取組)"
    r"(?!目|以上|程度|ほど)"
)
_MARKED = re.compile(
    r"^[\s・○●◯◇◆■□▼▽※*+-]|^[(（]?[0-9０-９①-⑳a-zA-Zア-ン][)）.．、]|[①-⑳]|第[1-9一二三]|[(（][1-9１-９][)）]|[1-9一二三]つ目|1点目|まず|はじめに"
)


def _follows_nothing(article: Article, passages: list[Passage]) -> Iterator[Hit]:
    """次のとおりです at the end of an item or above running text, 次の3点 without three, 次の表 without a table, 下の写真 without a picture."""
    for number, passage in enumerate(passages):
        if not any(word in passage.text for word in _LEADS):
            continue
        later = passages[number + 1 :]
        end = _FOLLOWS.search(passage.text) or (_THUS.search(passage.text) if passage.kind != "row" else None)
        if end and not later and not article.pictures and not (article.start and _FOLLOWS.search(passage.text)):
            yield passage.hit(end.span(), f"「{end[0][:24]}」とありますが、後に何もありません。", _LIST_HINT)
        elif (listed := _LISTED.search(passage.text)) and later and _runs_on(later[0]) and not article.pictures:
            yield passage.hit(listed.span(), f"「{listed[0][-12:]}」とありますが、後に一覧がありません。", _LIST_HINT)
        elif (counted := _COUNTED.search(form(passage.text))) and not _is_given(passage, counted, later):
            yield passage.hit(counted.span(), f"「{counted[0]}」とありますが、後に並んでいません。", _LIST_HINT)
        for match in _SHOWN.finditer(passage.text):
            what = match["what"] or match["what2"]
            if not (any(other.kind == "row" for other in passages) or article.pictures):
                hint = f"{what}を入れるか、言葉を直してください。"
                yield passage.hit(match.span(), f"「{match[0]}」とありますが、{what}がありません。", hint)


_LIST_HINT = "一覧が抜けていないかを確かめてください。"


def _runs_on(passage: Passage) -> bool:
    """Whether a block is running text, in which no list can hide."""
    text = passage.text.strip()
    return (
        passage.kind == "paragraph"
        and text.endswith("。")
        and len(text) > 20
        and not _MARKED.search(text)
        and text.count("、") < 3 * text.count("。")
    )


def _is_given(passage: Passage, match: re.Match[str], later: list[Passage]) -> bool:
    """Whether as many things as were said may stand behind: marked, in a list, or between commas."""
    number = int(value_of(match["n"]))
    rest = form(passage.text)[match.end() :]
    inside = re.split("[。]", rest, maxsplit=1)
    if number < 2 or passage.kind in ("row", "heading") or any(other.kind in ("item", "row", "quote") for other in later):
        return True
    if _MARKED.search(rest) or len(re.findall("[、・と]", "".join(inside))) >= number - 1 or rest.count("「") >= number:
        return True
    return any(_MARKED.search(other.text) or "。" not in other.text or other.text.count("、") >= number - 1 for other in later)


_NOTE = re.compile(r"(?P<mark>[※＊*][ 　]?[0-9０-９]{1,2}|[(（]?注[ 　]?[0-9０-９]{1,2}[)）]?|[(（][※＊]+[)）]|[(（]注[)）])")


def notes_without_text(sheet: Sheet) -> Iterator[Hit]:
    """30％減りました※1 and no line that begins with ※1."""
    for article in sheet.issue.articles:
        passages = [passage for passage in own(sheet, article) if not passage.is_data]
        told: set[str] | None = None
        for passage in passages:
            for match in _NOTE.finditer(passage.text):
                if match.start() == 0 or not _is_mark(passage.text, match):
                    continue
                if told is None:
                    told = {_bare(found[0]) for other in passages for start, _ in lines(other) if (found := _LEAD.match(other.text, start))}
                if _bare(match[0]) not in told:
                    hint = "注の文を本文の後に書くか、印を消してください。"
                    yield passage.hit(match.span(), f"「{match[0]}」の印がありますが、その注がありません。", hint)
                    told.add(_bare(match[0]))


_LEAD = re.compile(rf"[\s{BLANK}・*-]*(?:[※＊*][ 　]?[0-9０-９]{{0,2}}|[(（]?注[ 　]?[0-9０-９]{{0,2}}[)）]?)")


def _bare(mark: str) -> str:
    return re.sub(rf"[\s{BLANK}()・-]", "", form(mark)).replace("*", "※")


def _is_mark(text: str, match: re.Match[str]) -> bool:
    """Whether it hangs on the word before it and opens no note of its own."""
    before, after = text[match.start() - 1], text[match.end() : match.end() + 1]
    if before in "。 　" + BLANK and not after:
        return False
    return before not in "\n。 　|" + BLANK and (not after or after in "。、）)」|／/（( 　" + BLANK or "ぁ" <= after <= "ん")


_OPENED: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"①(?!の|～|から|と|か|-|・)"), re.compile("②")),
    (re.compile(r"(?:^|(?<=[。、は:\s]))\(1\)(?!の|から|と)"), re.compile(r"\(2\)")),
    (re.compile(r"(?:^|(?<=[。、は:\s]))(?<![(\d])1\)(?!の|から|と)"), re.compile(r"2\)")),
    (re.compile(r"第(?:一|1)に(?![よつお])"), re.compile("第(?:二|2)|次に|また、|さらに|加えて|もう")),
    (re.compile(r"(?:一つ|1つ|ひとつ|1点|一点)目(?:は|の|が|に)"), re.compile("(?:二|2|ふた)(?:つ|点)目|もう|いま|次|最後")),
    (re.compile(r"(?:^|(?<=[。、]))(?:一つ|1つ|ひとつ)は、"), re.compile("もう|いま(?:一つ|1つ)|ふたつ|二つ|2つ|他方|次|また")),
)
_REOPENED = re.compile(r"②|③")


def opened_only(sheet: Sheet) -> Iterator[Hit]:
    """① and no ②, 第一に and nothing second: what should stand beside it is missing; so ②③ without ①."""
    for article in sheet.issue.articles:
        passages = _blocks(sheet, article)
        whole = form("\n".join(passage.text for passage in passages))
        if not _SOME.search(whole):
            continue
        for opening, second in _OPENED:
            match = opening.search(whole)
            if match and not second.search(whole):
                yield from _at(passages, opening, "で始まりますが、後に続くものがありません")
        if "②" in whole and "③" in whole and "①" not in whole and whole.index("②") < whole.index("③"):
            yield from _at(passages, re.compile("②"), "から始まり、①がありません")


_SOME = re.compile(r"[①②]|1\)|第[一1]に|[1一]つ|ひとつ|[1一]点目")


def _at(passages: list[Passage], pattern: re.Pattern[str], why: str) -> Iterator[Hit]:
    for passage in passages:
        match = pattern.search(form(passage.text))
        if match and passage.kind != "field":
            said = passage.raw[match.start() : match.end()]
            yield passage.hit(match.span(), f"「{said}」{why}。", "抜けた項目を補うか、番号を消してください。")
            return


RULES = (
    Rule(
        code="COMP005",
        title="指す先のない言葉",
        severity=Severity.WARNING,
        reason="「次のURL」の後にURLがないと、読者はそこで止まってしまいます。",
        source="編集の現場で起きる間違い（editor-facts）",
        bad="申込みは、次のURLからお願いします。",
        good="申込みは、次のURLからお願いします。\n\nhttps://www.example.jp/form/",
        find=points_at_nothing,
    ),
    Rule(
        code="COMP009",
        title="注のない注の印",
        severity=Severity.WARNING,
        reason="「※1」の注がないと、読者は大事な条件を読み落とします。",
        source="校正の慣行",
        bad="使用量は30％減りました※1。",
        good="使用量は30％減りました※1。\n\n※1 2013年度との比較です。",
        find=notes_without_text,
    ),
    Rule(
        code="COMP010",
        title="続きのない番号",
        severity=Severity.WARNING,
        reason="①だけで②がないと、項目が抜けたのではないかと読者が疑います。",
        source="校正の慣行",
        bad="市の取組は、①家庭ごみの減量です。",
        good="市の取組は、①家庭ごみの減量と②資源の回収です。",
        find=opened_only,
    ),
)
