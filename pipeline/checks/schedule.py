"""Rules about days that follow from each other: the days of a series, stages one after the other, and the days of a known conference.

Records in, findings out. 毎週水曜日 is held against the days listed, 2日目（19日） against 日時, 前期 against 後期, COP16 against newsletter.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from pipeline.checks.aftermath import all_following
from pipeline.checks.dated import chains, dates_as, dates_in, days_between, full, texts, weekday
from pipeline.checks.daychains import chained
from pipeline.checks.facts import own
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.dates import Written
from pipeline.dates.form import folded, number
from pipeline.model import Article, Event, Severity

_WEEKLY = re.compile(r"(?:毎週|各|隔週|いずれも|すべて)(?P<w>[月火水木金土日])曜日?(?:[・、と](?P<more>[月火水木金土日])曜日?)?")
_NTH_DAY = re.compile(
    r"(?:(?P<n>[1-9一二三四五六七])日目|(?P<first>初日)|(?P<last>最終日))の?(?:[(は、]|である)?(?:\d{1,2}月)?(?P<d>\d{1,2})日"
)
_STAGE = re.compile(r"(?P<what>前期|後期|前半|後半|第\s?[1-9]\s?[期次段]|[1-9一二三]次|第[一二三]期|上期|下期)")


def series(sheet: Sheet) -> Iterator[Hit]:
    """The days of one item that contradict each other; what is told of a line by the item's own days is not told again by its neighbours."""
    hits = list(_series(sheet))
    told = {(hit.place.path, hit.place.line) for hit in hits}
    yield from hits
    yield from (hit for hit in (*chained(sheet), *all_following(sheet)) if (hit.place.path, hit.place.line) not in told)


def _series(sheet: Sheet) -> Iterator[Hit]:
    for article in sheet.issue.articles:
        passages = own(sheet, article)
        yield from _weekly(sheet, passages)
        yield from _numbered(article, passages)
        yield from _stages(sheet, passages)
        yield from _lasting(article, passages)
        yield from _remaining(sheet, article, passages)
        yield from _days_before(sheet, article, passages)
        yield from _too_long(article, passages)
        yield from _takes(article, passages)


_DISTANCE = re.compile(
    r"(?P<of>開催|開幕|開会|当日|本番|講座|セミナー|会議|催し|実施|締め?切り?|応募締切|申込締切)(?:日)?の?"
    r"(?:(?P<n>\d{1,2}|[一二三四五六七八九十])(?P<unit>日|週間)(?P<way>前|後)|(?P<next>前日|翌日|前々日|翌々日))"
    r"(?:の|に当たる|にあたる|である|（|\(|、|（必着）|まで（|に、)?$"
)


def _days_before(sheet: Sheet, article: Article, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """開催の3日前の9月21日 against 日時, 締切の翌日の… against 締切."""
    for passage in passages:
        for written in dates_in(sheet, passage):
            match = _DISTANCE.search(folded(passage.text[max(0, written.start - 24) : written.start]))
            moment = None if not match else article.deadline if "切" in match["of"] else article.start
            if not match or not moment or not moment.first or not moment.last or not written.is_certain or written.wrong_weekday:
                continue
            if match["next"]:
                days = {"前日": -1, "翌日": 1, "前々日": -2, "翌々日": 2}[match["next"]]
            else:
                days = number(match["n"]) * (7 if match["unit"] == "週間" else 1) * (-1 if match["way"] == "前" else 1)
            right = (moment.first if days < 0 else moment.last) + timedelta(days=days)
            if written.day != right:
                start = written.start - len(match[0])
                message = f"「{passage.text[start : written.end]}」：{moment.text}から数えると{full(right)}です。"
                yield passage.hit((start, written.end), message, "日数と日付のどちらが正しいかを確かめてください。")


_HOURS = re.compile(
    r"(?<![\d約第時差～~])(?P<h>\d{1,2})時間(?P<half>半)?(?:(?P<m>\d{1,2})分)?"
    r"(?:(?:で|かけて|をかけ)[、]?[^。、]{0,14}(?:学|体験|巡|回り|回る|作り|作る|話し合|紹介|解説|議論)|(?:間)?(?:の|にわたる)(?:講座|セミナー|ワークショップ|プログラム|会合|フォーラム|講演|見学|ツアー|体験|催し))"
)


_TAKES = re.compile(
    r"(?:所要時間|所要|全行程|時間|上映時間|講演時間|講座の時間|見学の時間)は、?(?:[^。\d]{0,12}?(?:含め|除い|入れ|挟ん)[^。\d]{0,3}、?)?(?:約|およそ|計)?"
    r"(?:(?P<h>\d{1,2})時間(?P<half>半)?(?:(?P<m>\d{1,2})分)?|(?P<minutes>\d{2,3})分)(?!間?(?:以内|以上|前|後|ごと))"
)


def _takes(article: Article, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """所要時間は約2時間45分 of a walk from 13:30 to 15:45."""
    start = article.start
    begins, ends = (start.begins, start.ends) if start else (None, None)
    real = (ends.hour - begins.hour) * 60 + ends.minute - begins.minute if begins and ends else 0
    for passage in passages if real > 0 and start and start.first == start.last else ():
        for match in _TAKES.finditer(folded(passage.text)) if passage.kind in ("paragraph", "item") else ():
            told = int(match["minutes"]) if match["minutes"] else int(match["h"]) * 60 + (30 if match["half"] else int(match["m"] or 0))
            exact = bool(match["minutes"] or match["m"] or match["half"])
            near = told > real + (10 if exact else 29) or (exact and real * 0.7 <= told < real - 10)
            if near:
                message = f"「{match[0]}」とありますが、日時（{start.text if start else ''}）からは{real // 60}時間{f'{real % 60}分' if real % 60 else ''}です。"
                yield passage.hit(match.span(), message, "長さと時刻のどちらが正しいかを確かめてください。", severity=Severity.WARNING)


def _too_long(article: Article, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """3時間で学びます of an afternoon that lasts two hours by 日時 and 終了."""
    start, end = article.start, article.end
    begins = start.begins if start else None
    ends = (end.begins if end else None) or (start.ends if start else None)
    if not (start and begins and ends) or start.first != start.last or (end and end.first not in (None, start.first)):
        return
    real = (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
    for passage in passages:
        for match in _HOURS.finditer(folded(passage.text)) if passage.kind == "paragraph" and real > 0 else ():
            told = int(match["h"]) * 60 + (30 if match["half"] else int(match["m"] or 0))
            sentence = passage.text[passage.text.rfind("。", 0, match.start()) + 1 : match.start()]
            if told > real and not re.search("前回|昨年|次回|通常|全[0-9０-９]|合計|計|片道|往復|事前|宿題", sentence):
                message = (
                    f"「{match[0]}」とありますが、日時（{start.text}）からは{real // 60}時間{f'{real % 60}分' if real % 60 else ''}です。"
                )
                yield passage.hit(match.span(), message, "長さと時刻のどちらが正しいかを確かめてください。", severity=Severity.WARNING)


_LASTING = re.compile(
    r"(?<![\d第各事前約])(?P<n>\d{1,2}|[二三四五六七八九十])日間(?:にわた(?:って|り|る)|の(?:日程|会期|会議|催し|講座|研修|セミナー|プログラム|合宿|大会)"
    r"|、?開催し|で開催し|で、|で[^。、\d]{0,14}(?:学|読み解|体験|巡|習得|修了))"
)
REMAINING = re.compile(
    r"(?:締め?切り?|応募|申込)(?:日|期限)?まで[、は]?(?:あと|残り)(?P<n>\d{1,2}|[一二三四五六七八九十])(?P<unit>週間|日|[かカヶ]月)"
)


def _lasting(article: Article, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """5日間にわたって of a meeting whose 日時 has four days; a sentence with dates of its own is left to the rule of lengths."""
    start = article.start
    if not (start and start.first and start.last) or start.last <= start.first:
        return
    for passage in passages:
        for match in _LASTING.finditer(folded(passage.text)) if passage.kind == "paragraph" else ():
            sentence = passage.text[passage.text.rfind("。", 0, match.start()) + 1 : match.start()]
            days = days_between(start.first, start.last)
            if number(match["n"]) != days and not re.search(r"[0-9０-９]日|年|それぞれ|前", sentence):
                message = f"「{match[0]}」とありますが、日時（{start.text}）は{days}日間です。"
                yield passage.hit(match.span(), message, "日数と日付のどちらが正しいかを確かめてください。")


def _remaining(sheet: Sheet, article: Article, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """締切まであと10日 against 締切 and the day of sending."""
    last = article.deadline.last if article.deadline else None
    for passage in passages if last else ():
        for match in REMAINING.finditer(folded(passage.text)):
            days = days_between(sheet.issue.date, last) - 1 if last else 0
            told = number(match["n"]) * {"日": 1, "週": 7}.get(match["unit"][0], 30)
            if abs(days - told) > {"日": 1, "週": 4}.get(match["unit"][0], 16):
                message = f"「{match[0]}」：発行日から締切までは{days}日です。"
                yield passage.hit(match.span(), message, "配信する日から数えて直してください。", severity=Severity.WARNING)


def _weekly(sheet: Sheet, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """毎週木曜日 above days that all are Wednesdays."""
    listed = [
        written.day
        for passage in passages
        if passage.kind in ("item", "row") or passage.key == "start"
        for written in dates_in(sheet, passage)
        if written.day and not written.wrong_weekday
    ]
    found = {weekday(day) for day in listed}
    if len(set(listed)) < 2 or len(found) != 1:
        return
    for passage in passages:
        for match in _WEEKLY.finditer(passage.text):
            if match["w"] not in found and (match["more"] or match["w"]) not in found:
                message = f"「{match[0]}」とありますが、挙げた{len(set(listed))}日はすべて{found.copy().pop()}曜日です。"
                yield passage.hit(match.span(), message, "曜日と日付のどちらが正しいかを、発信元に確かめてください。")


def _numbered(article: Article, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """2日目（20日） of a meeting on the 18th and 19th."""
    start = article.start
    if not (start and start.first and start.last) or not 0 < (start.last - start.first).days < 20:
        return
    for passage in passages:
        if passage.kind == "field" and passage.key not in ("title", "summary"):
            continue
        for match in _NTH_DAY.finditer(folded(passage.text)):
            nth = number(match["n"]) - 1 if match["n"] else 0
            day = start.last if match["last"] else start.first + timedelta(days=nth)
            if int(match["d"]) != day.day or day > start.last:
                what = match["first"] or match["last"] or f"{match['n']}日目"
                message = f"「{passage.text[match.start() : match.end()]}」は、日時（{start.text}）と合っていません。"
                hint = f"{what}は{full(day)}です。" if day <= start.last else "何日目まであるかを確かめてください。"
                yield passage.hit(match.span(), message, hint)


def _stages(sheet: Sheet, passages: tuple[Passage, ...]) -> Iterator[Hit]:
    """後期 that begins before 前期 has ended."""
    found = []
    for passage in passages:
        stage = _STAGE.search(passage.text[:20]) if passage.kind in ("item", "row") else None
        ranges = [chain for chain in chains(dates_in(sheet, passage)) if len(chain) == 2 and chain[1].joined == "~"]
        if stage and len(ranges) == 1:
            found.append((stage["what"], passage, ranges[0]))
    for (what, passage, chain), (next_what, _, following) in pairwise(found):
        end, begin = chain[1].day, following[0].day
        if end and begin and end >= begin and what != next_what:
            message = f"{what}の終わり（{full(end)}）が、{next_what}の始まり（{full(begin)}）より前ではありません。"
            yield passage.hit((chain[0].start, chain[1].end), message, "期間が重なっていないか、月と日を確かめてください。")


_OF = r"(?:が|は|の会期は|の会期が)[、 　]?(?:[^。、（）()0-9０-９]{0,10}[、]?)?$"
_END_WORD = re.compile(r"^[ \ue000]*(?:[（(][^）)]{0,4}[）)])?(?:まで|に閉幕|に終了|で閉幕|に終わ)")
_BEGIN_WORD = re.compile(r"^[ \ue000]*(?:[（(][^）)]{0,4}[）)])?(?:に開幕|から(?!の)|に始ま)")
_UNTIL_EVENT = re.compile(
    r"(?:の)?(?:開幕|開催|開会|会期)まで[、]?(?:あと|残り)?(?P<n>\d{1,3}|[一二三四五六七八九十]{1,2})(?P<unit>週間|日|[かカヶ]月)"
)


def conference_days(sheet: Sheet) -> Iterator[Hit]:
    """COP16が、11月12日まで … against the days of the masthead; あと3週間 against the day of sending."""
    for passage in texts(sheet):
        text = passage.text
        own_event = sheet.issue.event
        others = re.findall(r"COP\d+|SB\d+|第\d+回", folded(text)) if own_event and "会期" in text else []
        if own_event and "会期" in text and all(other == own_event.short for other in others):
            yield from _session(passage, own_event)
        for event in sheet.masthead.events:
            if event.short in text:
                yield from _own_days(sheet, passage, event)
                for match in _UNTIL_EVENT.finditer(folded(text)):
                    if text[: match.start()].endswith(event.short):
                        yield from _countdown(sheet, passage, event, match)


_SESSION = re.compile(
    r"会期(?:は|も)、?(?:[^。\d]{0,8})?(?:(?P<m>1[0-2]|[1-9])月)?(?P<d>\d{1,2})日(?:[(][^()]{1,4}[)])?(?P<way>まで|から)(?!の\d)"
)


def _session(passage: Passage, event: Event) -> Iterator[Hit]:
    """会期は20日まででしたが in the special edition of a conference that ends on the 22nd."""
    for match in _SESSION.finditer(folded(passage.text)):
        ends = (event.end, event.closed_on or event.end) if match["way"] == "まで" else (event.start,)
        fits = any(day.day == int(match["d"]) and match["m"] in (None, str(day.month)) for day in ends)
        if not fits:
            said = passage.text[match.start() : match.end()]
            message = f"{event.short}の会期は{full(event.start)}から{full(event.end)}までです（ここでは「{said}」）。"
            yield passage.hit(match.span(), message, "日付を直すか、newsletter.toml の [[events]] の日付を確かめてください。")


def _own_days(sheet: Sheet, passage: Passage, event: Event) -> Iterator[Hit]:
    for chain in chains(dates_in(sheet, passage)):
        before, behind = passage.text[: chain[0].start], passage.text[chain[-1].end :]
        if not re.search(rf"{re.escape(event.short)}[）)」]?{_OF}", before):
            continue
        ends, first, last = (event.end, event.closed_on or event.end), _in_year(chain[0], event.start), _in_year(chain[-1], event.end)
        whole = len(chain) == 2 and chain[1].joined == "~"
        wrong = whole and (first != event.start or last not in ends)
        wrong = wrong or (len(chain) == 1 and bool(_END_WORD.match(behind)) and last not in ends)
        wrong = wrong or (len(chain) == 1 and bool(_BEGIN_WORD.match(behind)) and first != event.start)
        near = first is not None and last is not None and abs((first - event.start).days) < 60
        if wrong and near and not any(written.wrong_weekday for written in chain):
            said = passage.text[chain[0].start : chain[-1].end]
            message = f"{event.short}の会期は{full(event.start)}から{full(event.end)}までです（ここでは「{said}」）。"
            hint = "日付を直すか、newsletter.toml の [[events]] の日付を確かめてください。"
            yield passage.hit((chain[0].start, chain[-1].end), message, hint)


def _in_year(written: Written, near: date) -> date | None:
    """The day, of a year-less date in the conference's year: COP30 is ten months ahead in January."""
    return written.day if written.has_year else next(dates_as(written, (near.year,)), None)


def _countdown(sheet: Sheet, passage: Passage, event: Event, match: re.Match[str]) -> Iterator[Hit]:
    days = days_between(sheet.issue.date, event.start) - 1
    told = number(match["n"]) * {"日": 1, "週": 7}.get(match["unit"][0], 30)
    slack = {"日": 1, "週": 4}.get(match["unit"][0], 16)
    if abs(days - told) > slack:
        message = (
            f"「{passage.text[match.start() : match.end()]}」：発行日から{event.short}の開幕（{full(event.start)}）までは{days}日です。"
        )
        yield passage.hit(match.span(), message, "配信する日から数えて直してください。", severity=Severity.WARNING)


_COURSE = "---\n見出し: 省エネ講座\n欄: 会員自治体ニュース\n自治体: 京都市\n---\n\n毎週{}曜日の講座です。\n\n- 第1回　2月5日（水）\n- 第2回　2月12日（水）\n"

RULES = (
    Rule(
        code="DATE017",
        title="日程の並び",
        severity=Severity.ERROR,
        reason="一つの日だけを直すと、「毎週水曜日」「2日目」「後期」などの言葉と合わなくなります。",
        source="校正の目録 34",
        bad=_COURSE.format("木"),
        good=_COURSE.format("水"),
        find=series,
    ),
    Rule(
        code="DATE018",
        title="会議の会期",
        severity=Severity.ERROR,
        reason="会議の会期は、同じ号の中でも、号と号の間でも、一つでなければなりません。",
        source="会議の日程（newsletter.toml の [[events]]）",
        bad="COP29は、11月11日から21日まで、バクーで開かれました。",
        good="COP29は、11月11日から22日まで、バクーで開かれました。",
        find=conference_days,
    ),
)
