"""Days and hours that must lie inside, or outside, what their item says of its time: a session's day, a list's last hour, the term behind a deadline.

Passages in, hits out, for the rule about days that follow from each other. All of them are warnings: one of two days is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.checks.dated import chains, dates_in, full, shown
from pipeline.checks.facts import own
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet
from pipeline.dates import read_clocks
from pipeline.dates.form import folded
from pipeline.model import Article, Severity

_HINT = "どちらが正しいかを、発信元に確かめてください。"


def inside(sheet: Sheet) -> Iterator[Hit]:
    """Every such day or hour."""
    for article in sheet.issue.articles:
        if article.origin:
            continue
        passages = own(sheet, article)
        yield from _programme(article, passages)
        yield from _titled(sheet, passages)
        yield from _sessions(sheet, article, passages)
        for passage in passages:
            form = folded(passage.text)
            if passage.kind != "field":
                yield from _terms(sheet, article, passage, form)
                yield from _months_told(article, passage, form)
            if "過ぎ" in form or "延" in form or "早" in form:
                yield from _shifted(passage, form)


def _off(passage: Passage, span: tuple[int, int], why: str) -> Hit:
    return passage.hit(span, f"「{passage.text[slice(*span)]}」：{why}", _HINT, severity=Severity.WARNING)


_MINUTES = re.compile(r"[(](?:約)?(?P<n>\d{1,3})分間?[)]")


def _programme(article: Article, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """A list of hours that ends after 日時 does; a list of minutes that do not fill it."""
    start = article.start
    begins, ends = (start.begins, start.ends) if start else (None, None)
    if not (start and begins and ends):
        return
    until, real = ends.hour * 60 + ends.minute, (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
    minutes: list[tuple[Passage, re.Match[str]]] = []
    whole = True
    items = [passage for passage in passages if passage.kind == "item"]
    for passage in items:
        clocks = read_clocks(passage.text)
        if (
            len(clocks) == 2
            and clocks[1].joined == "~"
            and clocks[0].start <= 14
            and clocks[1].minutes is not None
            and clocks[0].minutes is not None
        ):
            starts = begins.hour * 60 + begins.minute
            if starts <= clocks[0].minutes < until < clocks[1].minutes and not re.search("懇親|交流会|希望者|任意", passage.text):
                yield _off(passage, (clocks[0].start, clocks[1].end), f"日時（{start.text}）の終わりより後です。")
        parts = list(_MINUTES.finditer(folded(passage.text)))
        whole = whole and len(parts) == 1 and not clocks
        minutes += [(passage, part) for part in parts]
    told = sum(int(part["n"]) for _, part in minutes)
    if whole and len(minutes) >= 3 and real > 0 and told != real and start.first == start.last:
        passage, part = minutes[-1]
        yield _off(passage, part.span(), f"一覧の時間は合わせて{told}分ですが、日時からは{real}分間です。")


_NTH = re.compile(r"^[\s\ue000|・*-]*第(?P<n>\d{1,2})回")
_BRACKET = re.compile(r"[(][^()]*\d日(?:[(][^()]*[)])?(?:~|-|から)[^()]*\d日(?:[(][^()]*[)])?[)]$")
_OPENS = re.compile(r"(?:に|から|より)(?:開始|スタート|始動|実施|開設|運行|募集|受付|始まる|始める|開放|公開)")
_TERM = re.compile(r"(?:^|。)(?:実施|運行|開設|募集|受付|展示|開催|公開|実験|実証|開放)?(?:の)?(?:期間|会期|日程)は、?$")


def _titled(sheet: Sheet, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """（10月7日～11月18日） above sessions that end on the 25th; 10月4日に開始 above 期間は、9月4日から."""
    title = next((passage for passage in passages if passage.key == "title"), None)
    found = [one for one in dates_in(sheet, title) if one.day and one.is_certain] if title else []
    if not title or not found:
        return
    form = folded(title.text)
    days = []
    for passage in passages:
        if passage.kind in ("item", "row") and _NTH.match(folded(passage.text)):
            days += [one.day for one in dates_in(sheet, passage)[:1] if one.is_certain and one.day and not one.wrong_weekday]
    whole = len(days) >= 2 and len(found) == 2 and found[1].joined == "~" and _BRACKET.search(form)
    if whole and (found[0].day, found[1].day) != (min(days), max(days)):
        yield _off(title, (found[0].start, found[1].end), f"一覧は{full(min(days))}から{full(max(days))}までです。")
    for passage in passages if len(found) == 1 and _OPENS.match(form, found[0].end) else ():
        for chain in chains(dates_in(sheet, passage)) if passage.kind == "paragraph" else ():
            first = chain[0].day
            told = len(chain) == 2 and chain[1].joined == "~" and _TERM.search(folded(passage.text)[: chain[0].start])
            if told and first and chain[0].is_certain and first != found[0].day:
                yield _off(title, (found[0].start, found[0].end), f"本文の期間は{full(first)}からです。")


_BARE = re.compile(
    r"(?<![\d月翌今来先]) ?(?P<d>\d{1,2})日(?:[(][月火水木金土日](?:・[祝休])?[)])?(?:は|に(?=開かれた|開催された|行われた|開いた|登壇|参加|発表|は)"
    r"|の(?=分科会|会合|関連行事|全体会|開会式|閉会式|基調講演|夜|午前|午後))"
)
_ELSE = re.compile(
    r"前日|翌日|前々|翌々|事前|締め?切|後日|集合|来日|帰国|延長|延ば|遅れ|その後|のち|前の|前に|予備|雨天|昨年|去年|前回|次回|\d月|まで|発表日|申し?込|から|先立"
)


def _sessions(sheet: Sheet, article: Article, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """25日（月）に開かれた関連行事 of a meeting from the 20th to the 22nd; 24日（金）は… of the 25th and 26th."""
    span: tuple[date, date] | None = None
    if article.start and article.start.first and article.start.last:
        span = (article.start.first, article.start.last)
    for passage in passages:
        form = folded(passage.text)
        if passage.kind != "paragraph":
            continue
        if not span:
            for chain in chains(dates_in(sheet, passage)):
                behind = form[chain[-1].end :].split("。")[0]
                first, last = chain[0].day, chain[-1].day
                if len(chain) == 2 and chain[1].joined == "~" and first and last and re.search("開かれ|開催|行われ|開き", behind):
                    span = (first, last)
                    break
        if not span or not 1 <= (span[1] - span[0]).days <= 15:
            continue
        inner = {(span[0] + timedelta(days=n)).day for n in range((span[1] - span[0]).days + 1)}
        for match in _BARE.finditer(form):
            begin = form.rfind("。", 0, match.start()) + 1
            apart = min(abs(int(match["d"]) - day) for day in inner)
            if int(match["d"]) not in inner and apart <= 5 and not _ELSE.search(form[begin : match.end() + 12]):
                yield _off(passage, match.span(), f"会期・日時は{full(span[0])}から{full(span[1])}までです。")


_TERMS = re.compile(r"(?:任期|任用期間|任用|勤務期間|派遣期間|利用期間|委嘱期間|雇用期間|実習期間|活動期間)は、?$")
_KEPT = re.compile(r"録画|アーカイブ|見逃し配信")
_KEPT_UNTIL = re.compile(r"(?<!\d)(?P<m>1[0-2]|[1-9])月(?P<part>末|中旬|上旬|下旬|中)?(?:まで)")
_CHOSEN = re.compile(
    r"(?:採用|入選|入賞|当選|受賞|選ば|採択|結果|当落|可否|採否)[^。\d]{0,16}?(?P<m>1[0-2]|[1-9])月(?P<part>末|中旬|上旬|下旬|中|初め)?(?:頃|ごろ)?"
    r"(?:まで)?に?[^。\d]{0,14}?(?:連絡|お?知らせ|通知|発表|公表)"
)


def _terms(sheet: Sheet, article: Article, passage: Passage, form: str) -> Iterator[Hit]:
    """任期は、2023年11月1日から of what one may apply for until 29 November; 録画を9月末まで of sessions in October."""
    until = article.deadline.last if article.deadline else None
    for written in dates_in(sheet, passage) if until and "期" in form else ():
        if written.day and written.is_certain and written.day <= (until or date.min) and _TERMS.search(form[: written.start]):
            yield _off(passage, (written.start, written.end), f"締切（{full(until or date.min)}）が、これより後です。")
    start = article.start.first if article.start else None
    for match in _KEPT_UNTIL.finditer(form) if start and _KEPT.search(form) and article.invites else ():
        ahead = (int(match["m"]) - (start.month if start else 0)) % 12
        if ahead >= 8:
            yield _off(passage, match.span(), f"日時は{article.start.text if article.start else ''}です。")


def _months_told(article: Article, passage: Passage, form: str) -> Iterator[Hit]:
    """採用された方には、8月末までにご連絡します of what one may send until 6 September."""
    until = article.deadline.last if article.deadline else None
    for match in _CHOSEN.finditer(form) if until else ():
        end = {"上旬": 10, "初め": 10, "中旬": 20}.get(match["part"] or "", 31)
        behind = (int(match["m"]) - (until.month if until else 0)) % 12
        if behind >= 9 or (behind == 0 and until and end < until.day):
            yield _off(passage, match.span(), f"締切は{full(until or date.min)}です。")


_SHIFTED = re.compile(
    r"(?<!\d)(?P<a>\d{1,2})日(?:[(][^()]{1,4}[)])?(?:を|から|より)"
    r"(?P<n>\d{1,2})日(?:間)?(?P<way>過ぎた|遅れた|遅れの|延ばした|延長した|延びた|早い|早めた|前倒しした)(?:\d{1,2}月)?(?P<b>\d{1,2})日"
)


def _shifted(passage: Passage, form: str) -> Iterator[Hit]:
    """12日を1日過ぎた14日."""
    for match in _SHIFTED.finditer(form):
        step = int(match["n"]) * (-1 if match["way"].startswith(("早", "前")) else 1)
        right = int(match["a"]) + step
        if 1 <= right <= 28 and int(match["b"]) != right:
            yield _off(passage, match.span(), f"{match['a']}日の{match['n']}日{'前' if step < 0 else '後'}は{right}日です。")


def named_in(sheet: Sheet) -> Iterator[Hit]:
    """今号では、7月27日のイクレイカフェ in the greeting, though the issue's item is of the 20th."""
    for passage in own(sheet, None):
        form = folded(passage.text)
        for written in dates_in(sheet, passage):
            match = re.compile(r"に?(?:開いた|開かれた|開催した|行った|開く|開催する|の)[「『]?(?P<noun>[ァ-ヴー一-龥A-Z0-9]{4,14})").match(
                form, written.end
            )
            if not match or not written.day or not written.is_certain:
                continue
            named = [one for one in sheet.issue.articles if match["noun"] in folded(one.title) and one.start and one.start.first]
            if len(named) == 1 and (start := named[0].start) and start.first and start.last:
                near = abs((written.day - start.first).days) <= 45
                if near and not start.first <= written.day <= start.last:
                    yield _off(passage, (written.start, match.end()), f"記事の日時は{start.text}です（{shown(written)}ではありません）。")
