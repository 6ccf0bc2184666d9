"""Rules about what an item asks its readers to do by when: deadlines behind the event, what is over when the issue goes out, closed days.

Records in, findings out. Reports, 再掲 and special editions speak of the past on purpose; only what invites is held against the issue's date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from pipeline import calendar
from pipeline.checks.dated import dates_in, days_between, full, shown, weekday
from pipeline.checks.facts import Fact, facts, own
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.dates import read_clocks
from pipeline.model import Article, Section, Severity

_OTHER = re.compile(
    r"アンケート|見逃し|アーカイブ|感想|質問|キャンセル|取り?消|振込|入金|支払|早期|早割|一次|第1次|二次|抽選|発表|延長|当日|会期|展示|報告書"
)
_MENDS = re.compile("訂正|お詫び|おわび|正誤")
_POST = re.compile(r"必着|窓口|持参|電話|来庁|郵送|消印")


def after_event(sheet: Sheet) -> Iterator[Hit]:
    """A deadline behind the event that one applies for."""
    for article in sheet.issue.articles:
        stated = facts(sheet, article)
        yield from _briefings(sheet, article, stated)
        events = [fact for fact in stated if fact.kind == "event" and fact.is_certain]
        ends = [fact.last for fact in events if fact.last]
        if not ends or max(ends) < sheet.issue.date:
            continue
        for fact in stated:
            if fact.kind == "deadline" and fact.is_certain and fact.last and not _OTHER.search(fact.sentence):
                yield from _behind(fact, fact.last, events, max(ends))


def _briefings(sheet: Sheet, article: Article, stated: tuple[Fact, ...]) -> Iterator[Hit]:
    """A briefing on a draft, with its hour, after the last day on which one may comment on it."""
    ends = [fact.last for fact in stated if fact.kind == "deadline" and fact.source != "prose" and fact.is_certain and fact.last]
    if article.tag != "意見募集" or not ends:
        return
    for passage in own(sheet, article):
        if passage.kind not in ("item", "row", "paragraph") or re.search("公表|結果|策定|決定|施行|アーカイブ", passage.text):
            continue
        clocks = read_clocks(passage.text)
        for written in dates_in(sheet, passage):
            timed = any(0 <= clock.start - written.end <= 3 for clock in clocks)
            if timed and written.is_certain and not written.wrong_weekday and written.day and written.day > max(ends):
                message = f"説明などの日（{shown(written)}）が、意見の締切（{full(max(ends))}）より後です。"
                yield passage.hit((written.start, written.end), message, "月と日を確かめてください。")


def _behind(fact: Fact, deadline: date, events: list[Fact], end: date) -> Iterator[Hit]:
    first = min(event.first for event in events if event.first)
    begins, until = events[0].clock, fact.clock
    same_day = deadline == first == end and begins and until and begins.minutes is not None and until.minutes is not None
    hint = "どちらの日付が正しいかを、発信元に確かめてください。"
    if deadline > end:
        yield fact.passage.hit(fact.span, f"締切（{fact.text}）が、開催日（{full(end)}）より後です。", hint)
    elif first < deadline and any(event.is_range for event in events) and days_between(first, end) <= 3:
        message = f"締切（{fact.text}）が、始まりの日（{full(first)}）より後です。"
        yield fact.passage.hit(fact.span, message, hint, severity=Severity.WARNING)
    elif same_day and begins and until and (until.minutes or 0) > (begins.minutes or 0):
        yield fact.passage.hit(fact.span, f"締切（{fact.text}{until.text}）が、開始（{begins.text}）より後です。", hint)


def already_past(sheet: Sheet) -> Iterator[Hit]:
    """An event or a deadline that is over when the issue goes out, in an item that invites; one finding an item."""
    if sheet.issue.edition == "special":
        return
    for section in sheet.issue.sections:
        for article in section.articles:
            if (
                article.tag not in ("開催報告", "再掲")
                and not article.origin
                and section.shows != "note"
                and not _MENDS.search(article.title)
            ):
                yield from _past(sheet, section, article)


def _past(sheet: Sheet, section: Section, article: Article) -> Iterator[Hit]:
    today = sheet.issue.date
    for fact in facts(sheet, article):
        day = fact.last
        if day is None or not fact.is_certain or day > today or not _invites(fact, section, article):
            continue
        what = "締切" if fact.kind == "deadline" else "開催日"
        if day == today and fact.kind == "event" and not article.invites:
            return
        when = "発行日の当日です" if day == today else f"発行日（{full(today)}）より前です"
        mild = day == today or (not article.invites and fact.kind == "event" and days_between(day, today) <= 32)
        hint = "年・月・日を確かめ、終わったものなら外すか「タグ：開催報告」「タグ：再掲」を付けてください。"
        severity = Severity.WARNING if mild else None
        yield fact.passage.hit(fact.span, f"「{article.title}」の{what}（{fact.text}）は、{when}。", hint, severity=severity)
        return


def _invites(fact: Fact, section: Section, article: Article) -> bool:
    """Whether what is over should not be: a deadline of any item, the day of one that invites or stands in the calendar."""
    if fact.kind == "deadline":
        return fact.source != "prose" or article.invites or "募集" in article.title
    return article.invites or section.shows == "event"


def closed_day(sheet: Sheet) -> Iterator[Hit]:
    """A deadline on a holiday or at the year's end, when nobody is there to take it in; a weekend that is not named as one."""
    for article in sheet.issue.articles:
        for fact in facts(sheet, article):
            day = fact.last
            if fact.kind == "deadline" and fact.is_certain and day and day >= sheet.issue.date:
                yield from _closed(fact, day)


def _closed(fact: Fact, day: date) -> Iterator[Hit]:
    name, known = calendar.holiday_name(day), fact.dates[-1].mark
    year_end = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    weekend = day.weekday() >= 5 and (not fact.dates[-1].weekday or _POST.search(fact.passage.text))
    if not (name or year_end or weekend):
        return
    what = f"祝日（{name}）" if name else "年末年始（12月29日～1月3日）" if year_end else f"{weekday(day)}曜日"
    severity = Severity.WARNING if (year_end or name) and not known else Severity.NOTE
    hint = "受け付けられる日かどうか、前後の平日が正しくないかを、発信元に確かめてください。"
    yield fact.passage.hit(fact.span, f"締切の{full(day)}は{what}です。", hint, severity=severity)


def issue_date(sheet: Sheet) -> Iterator[Hit]:
    """An issue's date on which nobody works, or that is of another month or year than the issue's name."""
    issue = sheet.issue
    for passage in sheet.passages:
        late = [written.day for written in dates_in(sheet, passage) if passage.key == "as_of" and written.is_certain and written.day]
        if late and late[0] > issue.date:
            message = f"「時点」（{passage.text}）が、発行日（{full(issue.date)}）より後です。"
            yield passage.hit((0, len(passage.text)), message, "どちらの日付が正しいかを確かめてください。")
    if issue.edition == "special" or issue.corrects:
        return
    folder = re.match(r"(\d{4})-(\d{2})", issue.slug)
    months = (issue.date.year * 12 + issue.date.month) - (int(folder[1]) * 12 + int(folder[2])) if folder else 0
    if months and not (months == 1 and issue.date.day <= 10):
        message = f"発行日（{full(issue.date)}）が、号の名前（{issue.slug}）の月と違います。"
        yield Hit(message=message, hint="前の号から写したままになっていないか、年と月を確かめてください。", place=issue.place)
    elif not calendar.is_working_day(issue.date, sheet.masthead.closed):
        name = calendar.holiday_name(issue.date)
        why = f"祝日（{name}）" if name else f"{weekday(issue.date)}曜日" if issue.date.weekday() >= 5 else "休業日"
        right = calendar.working_day_before(issue.date, sheet.masthead.closed)
        message = f"発行日（{full(issue.date)}）は{why}です。"
        yield Hit(message=message, hint=f"直前の営業日は{full(right)}です。", place=issue.place, severity=Severity.WARNING)


_EVENT = "---\n見出し: 食品ロスのセミナー\n欄: 会員自治体ニュース\nタグ: 参加者募集\n日時: {}\n会場: 市民会館\n締切: {}\n申込: a@example.jp\n---\n\n本文です。\n"
_HEAD = "---\n版: monthly\n発行日: {}\n件名: e-News\n導入文: 今号：見本\n---\n\n巻頭言です。\n"

RULES = (
    Rule(
        code="DATE009",
        title="開催日より後の締切",
        severity=Severity.ERROR,
        reason="開催日より後の締切は、どちらかの日付が間違っています。",
        source="校正の目録 35",
        bad=_EVENT.format("2025-02-27 14:00～16:00", "2025年3月14日（金）"),
        good=_EVENT.format("2025-02-27 14:00～16:00", "2025年2月14日（金）"),
        find=after_event,
    ),
    Rule(
        code="DATE010",
        title="過ぎた締切・開催日",
        severity=Severity.ERROR,
        reason="届いたときに終わっている募集は、読者の信頼を失います。",
        source="校正の目録 35",
        bad=_EVENT.format("2025-02-27 14:00～16:00", "2025年1月24日（金）"),
        good=_EVENT.format("2025-02-27 14:00～16:00", "2025年2月14日（金）"),
        find=already_past,
    ),
    Rule(
        code="DATE014",
        title="休日の締切",
        severity=Severity.NOTE,
        reason="閉庁日の締切は、書き間違いか、実際には前の平日までのことがあります。",
        source="行政機関の休日に関する法律 1条、国民の祝日に関する法律",
        bad=_EVENT.format("2025-02-27 14:00～16:00", "2025年2月11日（火）"),
        good=_EVENT.format("2025-02-27 14:00～16:00", "2025年2月10日（月）"),
        find=closed_day,
    ),
    Rule(
        code="DATE016",
        title="発行日",
        severity=Severity.ERROR,
        reason="発行日は、最終営業日・件名・号の名前と合っていなければ、読者が号を取り違えます。",
        source="校正の目録 36",
        bad={"issue.md": _HEAD.format("2025-02-01")},
        good={"issue.md": _HEAD.format("2025-01-31")},
        find=issue_date,
    ),
)
