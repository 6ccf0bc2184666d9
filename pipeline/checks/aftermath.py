"""Days of one item that must come one after the other: the result after the deadline, the ticket before the event, the rain date behind it.

Passages in, hits out, for the rule about days that follow from each other. What only one of two days can settle is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipeline.checks.dated import chains, dates_in, days_between, full, shown
from pipeline.checks.facts import own
from pipeline.checks.inside import inside, named_in
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet
from pipeline.dates import Written
from pipeline.dates.form import GAP, folded, number
from pipeline.model import Article, Severity

_HINT = "どちらの日付が正しいかを、発信元に確かめてください。"
_RESULT = re.compile(r"結果|当落|採否|可否|合否|当選|選考|審査|抽選")
_NEEDED = re.compile(
    r"返信|参加[証券票]|受講[証券票]|入場[証券]|整理券|招待状|接続先|接続情報|接続方法|参加(?:用)?URL|視聴(?:用)?URL|ミーティングID|チケット|集合場所|決定通知|当選通知|受講決定|事前(?:資料|課題)"
)
_TELLS = re.compile(
    r"^(?:まで)?(?:に|は|、|頃|ごろ|中|以降)*[^。]{0,30}?(?:お知らせ|ご?通知|ご?連絡|発表|公表|発送|送付|お送り|郵送|お届け|配信|メール|返送|ご?案内)"
)
_OTHER = re.compile(r"前回|昨年|去年|一次|第1次|1次|二次|追加|早期|第[0-9]+期|録画|アーカイブ|報告|アンケート|欠席|後日|キャンセル")
_PAST = re.compile(r"(?:ました|でした)(?:[。）」]|$)")
_RAIN = re.compile(r"雨天|荒天|悪天候|台風|天候|中止の場合|延期の場合|雨の場合|降雨|強風|降雪")
_MOVED = re.compile(rf"^{GAP}(?:\([^()]*\))?{GAP}(?:に|へ|を)?(?:延期|順延|変更|振り?替|日延べ|開催|行い|実施|予備日|[)）]|$)")
_SPARE = re.compile(r"(?:予備日|延期日|順延日|振替日)(?:は|を|:|、|\(|に|として)*$")
_CLOSED = re.compile(r"休業|休み|休館|休室|休園|閉庁|閉館|休止|停止|できません|不在|お休み|メンテナンス|受け付けません|応じられません|止め")
_AGAIN = re.compile(
    r"^(?:まで)?(?:から|より|以降|に)(?:は|、)*[^。、]{0,10}(?:順|通常|平常|再開|ご?連絡|お?返事|返信|受け付け|受付|対応|開館|開庁|業務|営業|お答え|発送|始)"
)


def following(sheet: Sheet) -> Iterator[Hit]:
    """Every day that lies on the wrong side of another of its item."""
    for article in sheet.issue.articles:
        if article.origin:
            continue
        for passage in own(sheet, article):
            if "日" in passage.text or "/" in passage.text:
                yield from _told(sheet, article, passage)


def _told(sheet: Sheet, article: Article, passage: Passage) -> Iterator[Hit]:
    form = folded(passage.text)
    found = [one for one in dates_in(sheet, passage) if one.day and not one.wrong_weekday and one.is_certain]
    if found and passage.key not in ("start", "end", "deadline", "title"):
        for written in found:
            yield from _promised(article, passage, form, written)
            yield from _postponed(article, passage, form, written)
    if len(found) >= 2:
        yield from _closing_length(sheet, passage, form)
    if passage.kind != "field":
        yield from _reopened(passage, form)
    yield from _in_turn(passage, form)


def _around(form: str, written: Written) -> tuple[str, str]:
    """The words of its sentence before a date, and behind it."""
    begin = max(form.rfind("。", 0, written.start), form.rfind("\n", 0, written.start)) + 1
    return form[begin : written.start], re.split("[。\n]", form[written.end :], maxsplit=1)[0]


def _promised(article: Article, passage: Passage, form: str, written: Written) -> Iterator[Hit]:
    """結果は、8月10日までにお知らせします before the deadline; 参加証は、10月6日までに発送します after the event."""
    before, behind = _around(form, written)
    day = written.day
    said = before + behind
    if not day or passage.kind == "field" or not _TELLS.match(behind) or _OTHER.search(before) or _PAST.search(behind):
        return
    last = article.deadline.last if article.deadline else None
    event = article.start.last or article.start.first if article.start else None
    if (
        last
        and day < last
        and _RESULT.search(before)
        and not re.search("締め?切|まで受|まで(?:に|の)?(?:応|お?申|届|お?送)|届いた|先着|応募[はが]|公募", said)
    ):
        message = f"結果などを知らせる日（{shown(written)}）が、締切（{full(last)}）より前です。"
        yield passage.hit((written.start, written.end), message, _HINT)
    elif event and day > event and (_NEEDED.search(before) or (_RESULT.search(before) and article.tag == "参加者募集" and last)):
        severity = None if _NEEDED.search(before) else Severity.WARNING
        if article.tag == "開催報告" or re.search("コンテスト|コンクール|作品|写真|審査|表彰|試験|会議の結果|調査", said):
            return
        message = f"参加する人に届ける日（{shown(written)}）が、開催日（{full(event)}）より後です。"
        yield passage.hit((written.start, written.end), message, _HINT, severity=severity)


def _postponed(article: Article, passage: Passage, form: str, written: Written) -> Iterator[Hit]:
    """雨天の場合は9月16日（土）に延期 of an event on the 18th."""
    before, behind = _around(form, written)
    event = article.start.last or article.start.first if article.start else None
    spare = _SPARE.search(before)
    rain = _RAIN.search(before) and re.search("延期|順延|予備日|振り?替|日延べ", before + behind) and _MOVED.match(behind)
    if event and written.day and written.day <= event and (spare or rain) and not re.search("まで|判断|決定|お知らせ|発表", behind[:14]):
        message = f"延期先・予備日（{shown(written)}）が、開催日（{full(event)}）より後ではありません。"
        yield passage.hit((written.start, written.end), message, _HINT)


_END = rf"{GAP}(?:[(][^()]{{1,6}}[)])?{GAP}"
_DAY = rf"(?:(?P<m{{0}}>\d{{{{1,2}}}})月)?(?P<d{{0}}>\d{{{{1,2}}}})日(?!間|目|前|後){_END.replace('{', '{{').replace('}', '}}')}"
_UNTIL = re.compile(
    _DAY.format(1)
    + r"(?:まで|の(?=間|期間))(?P<rest>[^。]{0,80})。"
    + GAP
    + r"(?:なお、|また、|翌)?"
    + _DAY.format(2)
    + r"(?P<behind>[^。]*)"
)


def _reopened(passage: Passage, form: str) -> Iterator[Hit]:
    """16日まで…お返事ができません。16日から順にご連絡します."""
    for match in _UNTIL.finditer(form) if "まで" in form and "。" in form else ():
        if not _CLOSED.search(match["rest"]) or not _AGAIN.match(match["behind"]):
            continue
        months = [int(match[name]) if match[name] else 0 for name in ("m1", "m2")]
        days = int(match["d1"]), int(match["d2"])
        same = not months[1] or months[0] == months[1]
        if same and (days[1] <= days[0]) and not (not months[1] and days[0] >= 26 and days[1] <= 6):
            span = (match.start("m2") if match["m2"] else match.start("d2"), match.start("behind"))
            message = f"「{passage.text[slice(*span)]}」は、その前の「{days[0]}日まで」より後ではありません。"
            yield passage.hit(span, message, "休みの終わりと、再び始める日のどちらが正しいかを確かめてください。")


_TURNS = (
    ("来日し|入国し|到着し|来訪し|来県し|来庁し", "帰国|離日|出国|帰途"),
    ("出発し|発ち|出国し|たち", "到着|着き|帰国|帰着|帰京"),
    ("開会し|開幕し|始まり|始め|開始し|開き", "閉会|閉幕|終わ|終え|終了"),
    ("着工し|着手し|起工し", "完成|竣工|しゅん工|開館|開業|供用"),
    ("公示され|告示され", "投開票|投票"),
    ("採択され|署名され|調印され", "発効"),
    ("可決され|成立し|公布され", "施行"),
    ("募集を始め|受付を始め|受け付け始め", "締め切"),
    ("審査し|審査を行い|選考し|選考を行い", "表彰|発表"),
)
_TURN = tuple(
    re.compile(
        _DAY.format(1)
        + rf"(?:に|から|、|、?に)?[^。、\d]{{0,14}}?(?P<one>{one})[^。\d]{{0,14}}?(?P<next>翌)?(?:の|、)?"
        + _DAY.format(2)
        + rf"(?:に|まで|、)?[^。、\d]{{0,14}}?(?P<two>{two})"
    )
    for one, two in _TURNS
)


def _in_turn(passage: Passage, form: str) -> Iterator[Hit]:
    """26日に来日し、22日に帰国."""
    if form.count("日") < 2:
        return
    for pattern, (one, _) in zip(_TURN, _TURNS, strict=True):
        for match in pattern.finditer(form) if any(stem in form for stem in one.split("|")) else ():
            first, last = int(match["d1"]), int(match["d2"])
            months = [int(match[name]) if match[name] else 0 for name in ("m1", "m2")]
            other = bool(months[1] and months[0] != months[1])
            if other:
                wrong = bool(months[0]) and 0 < months[0] - months[1] <= 5 and "年" not in match[0]
            else:
                turns = not months[1] and first >= 25 and last <= 7
                wrong = (
                    last < first
                    and not turns
                    and "月" not in form[match.end("d1") : match.start("m2" if months[1] else "d2")]
                    and not match["next"]
                )
            if wrong:
                what = match["one"].rstrip("し")
                message = f"{what}の日と{match['two']}の日の前後が逆です（「{passage.text[match.start() : match.end()]}」）。"
                yield passage.hit(match.span(), message, _HINT)


_WHOLE = re.compile(
    r"(?P<n>\d{1,3})日間(?:に(?:わたる|及ぶ)|の)(?:会期|日程|期間|審議|議論|会議|旅|開催|催し|展示|実験|運行|交渉|大会|プログラム)[^。]{0,6}?(?:を|が)(?:終|閉|締めくく|経|迎え|全う)"
)


def _closing_length(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """4月13日に始まった万博は、10月13日に194日間の会期を終えます: the two days stand in the sentence."""
    for match in _WHOLE.finditer(form):
        begin = form.rfind("。", 0, match.start()) + 1
        inside = [one for one in dates_in(sheet, passage) if begin <= one.start < match.start()]
        if len(inside) == 2 and inside[0].day and inside[1].day:
            first, last = _in_order(inside[0].day, inside[1].day)
            days = days_between(first, last)
            if int(match["n"]) not in (days, days - 1):
                message = f"「{match['n']}日間」：{full(first)}から{full(last)}までは{days}日間です。"
                yield passage.hit((match.start(), match.end("n") + 2), message, "日数と日付のどちらが正しいかを確かめてください。")


def _in_order(first: date, last: date) -> tuple[date, date]:
    """Both in one year where the reading of year-less days has put them into two."""
    if first > last and first.replace(year=last.year) <= last:
        return first.replace(year=last.year), last
    return first, last


_NTH = re.compile(
    r"^[\s\ue000|・*-]*(?:第(?P<n>\d{1,2}|[一二三四五六七八九十]{1,2})(?P<unit>[回部日章講])|(?P<n2>\d{1,2})(?P<unit2>回目|日目))"
)


def rising(sheet: Sheet) -> Iterator[Hit]:
    """第3回 10月14日 below 第2回 10月21日."""
    for article in sheet.issue.articles:
        last: tuple[int, str, date, Passage] | None = None
        for passage in own(sheet, article) if not article.origin else ():
            match = _NTH.match(folded(passage.text)) if passage.kind in ("item", "row", "paragraph") else None
            if not match:
                last = last if passage.kind in ("item", "row") else None
                continue
            days = [chain for chain in chains(dates_in(sheet, passage)) if chain[0].is_certain and not chain[0].wrong_weekday]
            nth, unit = number(match["n"] or match["n2"]), match["unit"] or match["unit2"]
            day = days[0][0].day if days else None
            if day and last and last[1] == unit and nth == last[0] + 1 and day < last[2] and (last[2] - day).days < 200:
                message = f"第{nth}{unit[0]}の日（{shown(days[0][0])}）が、第{last[0]}{unit[0]}の日（{full(last[2])}）より前です。"
                yield passage.hit(
                    (days[0][0].start, days[0][0].end), message, "回の順と月日を確かめてください。", severity=Severity.WARNING
                )
            last = (nth, unit, day, passage) if day else None


_BRACKET = re.compile(r"[(]([^()]*(?:\([^()]\)[^()]*)*)[)]$")


def headings(sheet: Sheet) -> Iterator[Hit]:
    """…宣言（8月9日・10日） above a body that tells of the 8th and the 9th, in an item without 日時."""
    for article in sheet.issue.articles:
        if article.origin or article.start:
            continue
        passages = own(sheet, article)
        title = next((passage for passage in passages if passage.key == "title"), None)
        if not title or not (match := _BRACKET.search(folded(title.text))):
            continue
        inside = [one for one in dates_in(sheet, title) if one.start > match.start()]
        told = [chain for passage in passages if passage.kind != "field" for chain in chains(dates_in(sheet, passage))]
        days = {one.day for chain in told for one in chain}
        alike = [chain for chain in told if len(chain) == len(inside)]
        wrong = [one for one in inside if one.day and one.day not in days]
        near = inside and alike and inside[0].day and alike[0][0].day and abs((alike[0][0].day - inside[0].day).days) <= 40
        if wrong and near and len({chain[0].day for chain in alike}) == 1 and all(one.is_certain for one in (*inside, *alike[0])):
            real = "・".join(shown(one) for one in alike[0])
            message = f"見出しの日付（{shown(wrong[0])}）が本文になく、本文は{real}です。"
            yield title.hit((inside[0].start, inside[-1].end), message, _HINT, severity=Severity.WARNING)


def all_following(sheet: Sheet) -> Iterator[Hit]:
    """All of them, for the rule."""
    yield from inside(sheet)
    yield from named_in(sheet)
    yield from following(sheet)
    yield from rising(sheet)
    yield from headings(sheet)
