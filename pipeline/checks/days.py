"""Rules about what the calendar says: weekdays, days that are none, eras, holidays, the order and the length of ranges.

Records in, findings out. A year-less date is wrong only if it is wrong in every year that can be meant. The dates of entries (日時, 締切 …) are
checked for weekday and existence while drafts are read: they are not told twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from pipeline import calendar
from pipeline.checks.dated import dated, dates_as, dates_in, days_between, full, grouped, shown, texts, weekday, years_told
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.dates import Written, Year, read_years
from pipeline.dates.form import GAP, HOLIDAYS, folded, number
from pipeline.model import Severity

_NAMED = re.compile(rf"{GAP}(?:の|は|、|,){GAP}(?P<name>{HOLIDAYS})")
_NAMED_BEFORE = re.compile(rf"(?P<name>{HOLIDAYS})(?:の|である|に当たる|にあたる)?{GAP}[(、,]?$")
_OLD_NAMES = {"元旦": "元日", "建国記念日": "建国記念の日"}


def wrong_weekday(sheet: Sheet) -> Iterator[Hit]:
    """A weekday that the day does not have, in none of the years that may be meant; one finding a date, and one a range or list."""
    yield from grouped(_wrong_weekdays(sheet))


def _wrong_weekdays(sheet: Sheet) -> Iterator[tuple[tuple[date, str], Hit]]:
    last = False
    for passage, written in dated(sheet, entries=False):
        told = () if written.has_year or not written.wrong_weekday else years_told(sheet, passage.article)
        wrong = written.wrong_weekday and not any(weekday(day) == written.weekday for day in dates_as(written, told))
        if wrong and not (last and written.joined):
            day = written.candidates[0]
            message = f"「{shown(written)}」は{weekday(day)}曜日です（{full(day)}）。"
            yield (day, written.weekday), passage.hit((written.start, written.end), message, _ask(written, day))
        last = wrong


def _ask(written: Written, day: date) -> str:
    """How to mend a wrong weekday; another year in which it would be right tells a copy from last year."""
    ask = "日付と曜日のどちらが正しいか、発信元に確かめてください。"
    fits = next((other for other in dates_as(written, (day.year - 1, day.year + 1)) if weekday(other) == written.weekday), None)
    if fits is None:
        return ask
    when = "前の年の原稿からの写し" if fits < day else "年の取り違え"
    return f"{ask}{fits.year}年の{fits.month}月{fits.day}日なら{written.weekday}曜日です（{when}かもしれません）。"


def impossible(sheet: Sheet) -> Iterator[Hit]:
    """A day that no calendar has."""
    for passage, written in dated(sheet, entries=False):
        told = () if written.has_year or not written.is_impossible else years_told(sheet, passage.article)
        if written.is_impossible and not any(dates_as(written, told)):
            leap = "うるう年ではありません。" if (written.month, written.day_number) == (2, 29) else ""
            message = f"「{shown(written)}」という日はありません。"
            yield passage.hit((written.start, written.end), message, f"{leap}月と日を確かめてください。")


def two_years(sheet: Sheet) -> Iterator[Hit]:
    """An era's year and a western one side by side that are not the same: 令和5年（2022年）; one era for another."""
    yield from other_era(sheet)
    yield from old_eras(sheet)
    for passage in texts(sheet):
        for year in read_years(folded(passage.text)):
            if year.conflict and year.beside:
                what = passage.text[year.start : year.end]
                message = f"「{what}」は、年が合っていません。"
                hint = f"{_both(year.value, year.unit)}、{_both(*year.beside)}です。どちらが正しいかを確かめてください。"
                yield passage.hit((year.start, year.end), message, hint)


_OLD = {"明治": (1867, 45), "大正": (1911, 15), "昭和": (1925, 64)}
_OLD_ERA = r"(?P<{0}>明治|大正|昭和)(?P<{1}>元|\d{{1,2}}|[一二三四五六七八九十]{{1,3}})年"
_OLD_BESIDE = re.compile(
    rf"(?<!\d)(?P<y>1[89]\d\d)(?:年)?[(]{_OLD_ERA.format('e', 'n')}|{_OLD_ERA.format('e2', 'n2')}度?[(](?P<y2>1[89]\d\d)"
)


def old_eras(sheet: Sheet) -> Iterator[Hit]:
    """1924年（大正14年）; 昭和 is read with the others, beside the western year."""
    for passage in texts(sheet):
        form = folded(passage.text) if "大正" in passage.text or "明治" in passage.text else ""
        for match in _OLD_BESIDE.finditer(form) if form else ():
            era, western = match["e"] or match["e2"], int(match["y"] or match["y2"])
            base, most = _OLD[era]
            told = number(match["n"] or match["n2"])
            if era != "昭和" and (western != base + told or told > most):
                what = passage.text[match.start() : match.end()]
                right = f"{western}年は{era}{western - base}年、" if base < western <= base + most else ""
                hint = f"{right}{era}{told}年は{base + told}年です。どちらが正しいかを確かめてください。"
                yield passage.hit(match.span(), f"「{what}」は、年が合っていません。", hint)


def other_era(sheet: Sheet) -> Iterator[Hit]:
    """平成6年度 for 令和6年度, and one yearbook under two years: 令和6年版 and 2023年版."""
    today = sheet.issue.date
    reiwa = today.year - 2018 - (today.month < 4)
    editions: dict[object, list[tuple[Passage, Year, bool]]] = {}
    for passage in texts(sheet):
        form = folded(passage.text)
        for year in read_years(form):
            era = not form[year.start].isdigit()
            if year.unit == "年版" and not year.beside:
                editions.setdefault(passage.article, []).append((passage, year, era))
            if year.unit == "年度" and form.startswith("平成", year.start) and reiwa - 1 <= year.value - 1988 <= reiwa + 1:
                what = passage.text[year.start : year.end]
                hint = f"平成{year.value - 1988}年度は{year.value}年度、令和{year.value - 1988}年度は{year.value + 30}年度です。"
                yield passage.hit(
                    (year.start, year.end), f"「{what}」は30年前の年度です。令和ではありませんか。", hint, severity=Severity.WARNING
                )
    for entries in editions.values():
        eras, western = {year.value for _, year, era in entries if era}, {year.value for _, year, era in entries if not era}
        if len(eras) == 1 and len(western) == 1 and eras != western:
            passage, year, _ = next(entry for entry in entries if not entry[2])
            message = f"「{passage.text[year.start : year.end]}」が、同じ記事の{_both(eras.copy().pop(), '年版').partition('は')[2]}と合っていません。"
            yield passage.hit(
                (year.start, year.end), message, f"{_both(eras.pop(), '年版')}です。別の版の話なら、そうと分かるように書いてください。"
            )


def _both(year: int, unit: str) -> str:
    return f"{year}{unit}は令和{'元' if year == 2019 else year - 2018}{unit}" if year >= 2019 else f"{year}{unit}は平成{year - 1988}{unit}"


def reversed_range(sheet: Sheet) -> Iterator[Hit]:
    """A range whose end lies before its beginning, or so far behind that the months must have been swapped."""
    for passage in texts(sheet):
        found = dates_in(sheet, passage)
        for first, last in pairwise(found):
            if last.joined != "~" or first.day is None or last.day is None:
                continue
            days = days_between(first.day, last.day)
            if days <= 0 or (last.month < first.month and 200 < days < 360):
                span = (first.start, last.end)
                message = f"「{passage.text[span[0] : span[1]]}」は、終わりの日が始まりの日より前です。"
                hint = f"始まり（{full(first.day)}）と終わり（{full(last.day)}）の月・日・年を確かめてください。"
                yield passage.hit(span, message, hint, severity=None if days <= 0 else Severity.WARNING)


def not_a_holiday(sheet: Sheet) -> Iterator[Hit]:
    """祝 or a holiday's name at a day that is none, or another one."""
    for passage, written in dated(sheet):
        yield from _near_holiday(sheet, passage, written)
        marks = _marks(passage, written)
        if not marks or not written.candidates or written.wrong_weekday:
            continue
        names = [calendar.holiday_name(day) for day in written.candidates]
        for name in marks:
            if not any(_is(name, holiday, substitute="振" in "".join(marks)) for holiday in names):
                day = written.candidates[0]
                real = f"「{names[0]}」" if names[0] else "祝日ではありません"
                called = f"「{name}」ではなく{real}です" if names[0] else real
                message = f"「{shown(written)}」：{full(day)}は{called}。"
                yield passage.hit((written.start, written.end), message, _when(name, day))


_AROUND = re.compile(
    rf"(?P<name>{HOLIDAYS})(?:を(?:はさ|挟)|の(?:前後|前日|翌日|直前|直後|連休)|明け|に合わせ|にあわせ|を前に)[^。0-9０-９]{{0,8}}$"
)


def _near_holiday(sheet: Sheet, passage: Passage, written: Written) -> Iterator[Hit]:
    """秋分の日をはさんだ21日 in March."""
    around = _AROUND.search(passage.text[max(0, written.start - 24) : written.start])
    if around and not written.wrong_weekday:
        days, reach = written.candidates, 10
        if not days:  # 21日（金） alone: the item's other days say which part of the year it is
            others = (other for where, other in dated(sheet) if where.article is passage.article)
            days, reach = tuple(other.day for other in others if other.is_certain and other.day), 45
        name = _OLD_NAMES.get(around["name"], around["name"])
        near = (day + timedelta(days=n) for day in days for n in range(-reach, reach + 1))
        if days and not any(calendar.holiday_name(day) == name for day in near):
            message = f"「{around[0]}{shown(written)}」は、{name}から離れた日です。"
            yield passage.hit((written.start, written.end), message, _when(name, days[0]))


def _marks(passage: Passage, written: Written) -> list[str]:
    """The holidays that a date claims to be: 祝, 振休, or a name in, behind or before it."""
    found = re.findall(f"{HOLIDAYS}|振替休日|振替|振休|国民の休日|祝|祭", written.mark)
    behind = _NAMED.match(passage.text, written.end)
    before = _NAMED_BEFORE.search(passage.text[max(0, written.start - 16) : written.start])
    return found or [match["name"] for match in (behind, before) if match][:1]


def _is(claimed: str, holiday: str, *, substitute: bool) -> bool:
    name = _OLD_NAMES.get(claimed, claimed)
    if name in ("祝", "祭", "国民の休日"):
        return bool(holiday)
    if name.startswith("振"):
        return "振替" in holiday
    return holiday.startswith(name) if substitute else name == holiday


def _when(name: str, day: date) -> str:
    """On which day of the year this holiday really is."""
    start = date(day.year, 1, 1)
    wanted = _OLD_NAMES.get(name, name)
    right = next((start + timedelta(days=n) for n in range(366) if calendar.holiday_name(start + timedelta(days=n)) == wanted), None)
    return f"{day.year}年の{wanted}は{full(right)}です。" if right else "日付と、祝日かどうかを確かめてください。"


_FISCAL_END = re.compile(rf"末{GAP}[(、]?{GAP}(?:(?P<y>20\d\d)年)(?P<m>\d{{1,2}})月")
_FISCAL_SPAN = re.compile(
    rf"{GAP}[(]{GAP}(?P<y>20\d\d)年{GAP}(?P<m>\d{{1,2}})月(?:\d{{1,2}}日)?{GAP}(?:~|-|から){GAP}(?:20\d\d年)?{GAP}(?P<m2>\d{{1,2}})月"
)
_QUARTER = re.compile(
    rf"(?P<what>第?(?P<n>[1-4一二三四])四半期|(?P<half>上|下)(?:半)?期){GAP}[(]{GAP}(?P<m>\d{{1,2}})月?{GAP}(?:~|-|から){GAP}(?:翌年?)?(?P<m2>\d{{1,2}})月"
)


def fiscal_slip(sheet: Sheet) -> Iterator[Hit]:
    """A 年度, a quarter of one or a half whose months in brackets are not its own: 2024年度（2025年4月～2026年3月）."""
    for passage in texts(sheet):
        form = folded(passage.text)
        for year in read_years(form):
            if year.unit == "年度":
                yield from _fiscal_hits(passage, form, year)
                yield from _fiscal_edges(sheet, passage, form, year)


_BEGINS = re.compile(rf"{GAP}(?:から|に|より){GAP}(?:始まる|始まった|スタートする|スタートした)?{GAP}の?$")
_ENDS = re.compile(rf"{GAP}(?:で|に|をもって){GAP}(?:終わる|終了する|終わった|終了した|締めくくる){GAP}$")


def _fiscal_edges(sheet: Sheet, passage: Passage, form: str, year: Year) -> Iterator[Hit]:
    """4月1日から始まる2024年度 in March 2025."""
    for written in dates_in(sheet, passage):
        if written.end > year.start or not written.is_certain or written.day is None:
            continue
        begins = (written.month, written.day_number) == (4, 1) and _BEGINS.fullmatch(form, written.end, year.start)
        ends = (written.month, written.day_number) == (3, 31) and _ENDS.fullmatch(form, written.end, year.start)
        right = written.day.year if begins else written.day.year - 1
        if (begins or ends) and year.value != right:
            message = f"「{passage.text[written.start : year.end]}」は、年度が合っていません。"
            yield passage.hit(
                (written.start, year.end), message, f"{full(written.day)}に{'始まる' if begins else '終わる'}のは{right}年度です。"
            )


def _fiscal_hits(passage: Passage, form: str, year: Year) -> Iterator[Hit]:
    hint = f"{year.value}年度は、{year.value}年4月から{year.value + 1}年3月までです。"
    at = year.end - 1 if form[year.end - 1] == "末" else year.end
    end, span = _FISCAL_END.match(form, at), _FISCAL_SPAN.match(form, year.end)
    if end and (int(end["y"]), int(end["m"])) != (year.value + 1, 3):
        yield passage.hit((year.start, end.end()), f"「{passage.text[year.start : end.end()]}」は、年度の終わりが合っていません。", hint)
    if span and (int(span["m"]), int(span["m2"])) == (4, 3) and int(span["y"]) != year.value:
        yield passage.hit((year.start, span.end()), f"「{passage.text[year.start : span.end()]}」は、年度と期間が合っていません。", hint)
    part = _QUARTER.match(form, year.end + (form[year.end : year.end + 1] == "の"))
    if part:
        first = (4 + 3 * (number(part["n"]) - 1) - 1) % 12 + 1 if part["n"] else 4 if part["half"] == "上" else 10
        last = (first + (2 if part["n"] else 5) - 1) % 12 + 1
        if (int(part["m"]), int(part["m2"])) != (first, last):
            message = f"「{passage.text[year.start : part.end()]}」は、期と月が合っていません。"
            yield passage.hit((year.start, part.end()), message, f"年度の{part['what']}は、{first}月から{last}月までです。")


RULES = (
    Rule(
        code="DATE001",
        title="曜日",
        severity=Severity.ERROR,
        reason="曜日の違う締切は、実際に配信されたことのある間違いです。配信後は取り消せません。",
        source="暦（校正の目録 34）",
        bad="締切は1月16日（水）です。",
        good="締切は1月16日（木）です。昨年の催しは、2024年1月16日（火）でした。",
        find=wrong_weekday,
    ),
    Rule(
        code="DATE002",
        title="暦にない日",
        severity=Severity.ERROR,
        reason="暦にない日は、書き間違いです。",
        source="暦（校正の目録 34）",
        bad="2月30日まで受け付けます。",
        good="2月28日まで受け付けます。2024年2月29日の会議の記録です。",
        find=impossible,
    ),
    Rule(
        code="DATE004",
        title="元号と西暦",
        severity=Severity.ERROR,
        reason="元号と西暦を並べると、どちらかだけを直し忘れることがあります。",
        source="実際に配信された間違い（2022年と令和5年）",
        bad="令和5年（2022年）に計画を定めました。",
        good="令和5年（2023年）に計画を定め、令和6年度（2025年3月時点）の実績を公表しました。",
        find=two_years,
    ),
    Rule(
        code="DATE005",
        title="年度と期間",
        severity=Severity.ERROR,
        reason="年度は4月から翌年3月までで、暦の年とずれるため、取り違えやすいところです。",
        source="地方自治法 208条（会計年度）",
        bad="2024年度（2025年4月～2026年3月）の事業です。",
        good="2024年度（2024年4月～2025年3月）の事業です。2024年度第1四半期（4～6月）の実績です。",
        find=fiscal_slip,
    ),
    Rule(
        code="DATE006",
        title="期間の前後",
        severity=Severity.ERROR,
        reason="終わりが始まりより前の期間は、月か日の書き間違いです。",
        source="暦（校正の目録 34）",
        bad="3月16日～14日に開催します。",
        good="3月14日～16日に開催します。年末年始は12月28日～1月5日を休みとします。",
        find=reversed_range,
    ),
    Rule(
        code="DATE013",
        title="祝日",
        severity=Severity.ERROR,
        reason="祝日でない日に「祝」とあると、日付か曜日のどちらかが違っています。",
        source="国民の祝日に関する法律",
        bad="2月12日（水・祝）に開催します。",
        good="2月11日（火・祝）に開催します。2月24日（月・振休）は休館します。",
        find=not_a_holiday,
    ),
)
