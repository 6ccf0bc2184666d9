"""Words that point from this issue to another: 今月号は7月31日に, 次回の第2回 in a text on the third, 翌年の令和6年版, 明日までの週末, 22日からの4連休.

Passages in, hits out, for the rule about words that count from the day of sending. Two things that stand in the same item must contradict.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from pipeline import calendar
from pipeline.checks.conferences import find_conferences, sittings
from pipeline.checks.dated import dates_in, full, texts, weekday
from pipeline.checks.facts import own
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet
from pipeline.dates import read_years
from pipeline.dates.form import HOLIDAYS, folded, number
from pipeline.model import Severity

_YEARS = {"一昨年": -2, "おととし": -2, "昨年": -1, "去年": -1, "今年": 0, "本年": 0, "来年": 1, "再来年": 2}
_WORD = rf"(?<![一-龥])(?P<word>{'|'.join(_YEARS)})(?!度)"
_DAYS = {"昨日": -1, "本日": 0, "今日": 0, "きょう": 0, "明日": 1, "あす": 1}
_HINT = "配信する日から数えて、言葉か日付を直してください。"


def pointed(sheet: Sheet) -> Iterator[Hit]:
    """Every word that points the wrong way."""
    for passage in texts(sheet):
        if passage.article and passage.article.origin:
            continue
        form = folded(passage.text)
        if "号" in form or "分の配信" in form:
            yield from _issues(sheet, passage, form)
        if "前" in form or "次" in form:
            yield from _ordinals(sheet, passage, form)
        if "年" in form:
            yield from _beside_years(sheet, passage, form)
            yield from _conferences(sheet, passage, form)
            yield from _weekdays(sheet, passage, form)
        if "日" in form or "週末" in form:
            yield from _free_days(sheet, passage, form)


def _off(passage: Passage, match: re.Match[str], why: str) -> Hit:
    said = passage.text[match.start() : match.end()]
    return passage.hit(match.span(), f"「{said}」：{why}", _HINT, severity=Severity.WARNING)


_OUT = re.compile(
    r"(?P<word>来月号|次号|今月号|今号|本号|先月号|前号)(?:は|も)、?(?:(?P<m>1[0-2]|[1-9])月)?(?P<d>\d{1,2})日(?:[(][月火水木金土日][^()]{0,4}[)])?"
    r"(?:に|の)?(?:お届け|発行|配信|お送り|発信)"
)
_OF_MONTH = re.compile(
    r"(?<![」』一-龥\d/])(?<![年前]の)(?P<m>1[0-2]|[1-9])月(?:号(?:の[^。、「」『』]{1,14})?(?:で|に)(?:も|は)?、?[^。、]{0,16}?"
    r"(?:(?P<will>載せる|載せます|掲載する|掲載します|掲載予定|掲載いたします|お載せする|載る|載ります)"
    r"|(?P<done>(?:お伝え|ご?紹介|お知らせ|ご?案内|ご?報告|掲載)(?:いた)?しま?した|取り上げま?した))|(?:分|号)の配信から、?[^。、]{0,10}?(?P<from>ます|予定))"
)
_MAGAZINE = re.compile("隔月刊|月刊|季刊|誌(?:は|の|に|で)|雑誌|広報[一-龥ァ-ヴ]{1,8}")
_PARITY = re.compile(r"(?P<what>奇数|偶数)月(?:に|の|ごとに)?[^。、]{0,6}(?:発行|発売|刊行)")


def _issues(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """今月号は7月31日に発行します on 30 June; 2月号に載せる寄稿を募集 in February; 3月号でもご紹介しました, too; 偶数月に発行 of a 5月号."""
    today = sheet.issue.date
    for match in _OUT.finditer(form):
        month, day = int(match["m"] or today.month), int(match["d"])
        ahead, here = (month - today.month) % 12, match["word"] in ("今月号", "今号", "本号")
        apart = bool(match["m"]) and ahead not in ((0, 1, 2) if match["word"] in ("来月号", "次号") else (11, 10, 0))
        if (here and (month, day) != (today.month, today.day)) or (not here and apart):
            yield _off(passage, match, f"この号の発行日は{full(today)}です。")
    whole: str | None = None
    for match in _OF_MONTH.finditer(form):
        whole = folded("".join(other.text for other in own(sheet, passage.article))) if whole is None else whole
        ago = (today.month - int(match["m"])) % 12
        wrong = ago <= 4 if match["will"] or match["from"] else ago == 0 or ago >= 7
        if wrong and not _MAGAZINE.search(whole):
            yield _off(passage, match, f"これは{today.month}月号です。")
    for match in _PARITY.finditer(form):
        whole = folded("".join(other.text for other in own(sheet, passage.article))) if whole is None else whole
        months = {int(month) for month in re.findall(r"(?<!\d)(1[0-2]|[1-9])月号", whole)}
        if months and all(month % 2 == (match["what"] == "偶数") for month in months):
            yield _off(passage, match, f"この記事にあるのは、{'・'.join(f'{month}月号' for month in sorted(months))}です。")


_KINDS = r"(?:第(?P<n>\d{1,3})回|COP ?(?P<c>\d{1,2})|VOL\.? ?(?P<v>\d{1,3})|INC-?(?P<i>\d))"
_TURN = re.compile(rf"(?<![一-龥])(?P<way>前回の?|前の|次回の?|次の)[(（「]?{_KINDS}", re.IGNORECASE)
_NUMBERED = re.compile(_KINDS, re.IGNORECASE)
_EVERY = re.compile(r"(?P<n>[2-5二三四五])年(?:ごと|おき|に(?:一|1)[度回])|(?P<two>隔年)")
_LAST_TIME = re.compile(r"(?P<way>前回|次回)は、?(?P<word>一昨年|昨年|去年|今年|本年|来年|再来年)")


def _ordinals(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """次回の第2回 in an item on the third; 前回は昨年 of what is held every four years."""
    article = passage.article
    for match in _TURN.finditer(form) if article else ():
        told = [other.groupdict() for other in _NUMBERED.finditer(folded(article.title if article else ""))]
        kind = next(key for key in "ncvi" if match[key])
        numbers = [int(one[kind]) for one in told if one[kind]] or [int(one["n"]) for one in told if one["n"] and kind == "v"]
        here, back = int(match[kind]), match["way"].startswith("前")
        if numbers and ((back and here > max(numbers)) or (not back and here < min(numbers))):
            yield _off(passage, match, f"見出しは「{article.title if article else ''}」です。")
    for match in _LAST_TIME.finditer(form):
        every = next((found for other in own(sheet, article) if (found := _EVERY.search(folded(other.text)))), None)
        if every:
            start = article.start.first if article and article.start else None
            apart = abs(sheet.issue.date.year + _YEARS[match["word"]] - (start or sheet.issue.date).year)
            if apart < max(2, (number(every["n"]) if every["n"] else 2) - 1):
                yield _off(passage, match, f"同じ記事に「{every[0]}」とあります。")


_NEIGHBOUR = re.compile(r"(?<![一-龥])(?P<way>翌年|前年)度?(?:の|に当たる|である|、|[(])?(?=20\d\d|令和|平成)")


def _beside_years(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """翌年の令和6年版 in an item on 令和7年版: no year before it is the one that it follows."""
    for match in _NEIGHBOUR.finditer(form):
        title = folded(passage.article.title) if passage.article else ""
        years = read_years(form)
        here = next((year for year in years if year.start == match.end()), None)
        known = {year.value for year in years if year.end <= match.start()} | {year.value for year in read_years(title)}
        for other in own(sheet, passage.article):
            if other is passage:
                break
            known |= {year.value for year in read_years(folded(other.text))}
        wanted = here.value + (1 if match["way"] == "前年" else -1) if here else 0
        if here and known and wanted not in known and {sheet.issue.date.year} & {wanted} <= known:
            yield _off(
                passage, match, f"前に挙げた年（{'、'.join(f'{year}年' for year in sorted(known))}）の{match['way']}ではありません。"
            )


_BEHIND_COP = re.compile(rf"[)）」』]*(?:は|が)、?{_WORD}の?(?:(?P<m>1[0-2]|[1-9])月)?")
_BEFORE_COP = re.compile(rf"{_WORD}の?(?P<m>1[0-2]|[1-9])月(?:に|の)(?P<gap>[^。]{{0,44}})$")
_IN_CITY = re.compile(rf"{_WORD}の(?P<city>[一-龥ァ-ヴー]{{2,8}})(?:で|の(?:会議|会合|大会|COP))")


def _conferences(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """COP29は来年11月 in the year of COP29; 一昨年11月に…中断したCOP16; 今年のカリでの会議."""
    if not any(word in form for word in _YEARS):
        return
    year = sheet.issue.date.year
    for cop in find_conferences(passage.text):
        known = [s for s in sittings() if s.number == cop.number and s.first and cop.treaty in ("", s.treaty)]
        behind = _BEHIND_COP.match(form, cop.end)
        before = _BEFORE_COP.search(form, 0, cop.start)
        if not known or (not cop.treaty and cop.number < 21):
            continue
        if behind and all(_apart(s.first, s.last, year + _YEARS[behind["word"]], int(behind["m"] or 0)) for s in known):
            yield _off(passage, behind, f"{cop.text}は{known[0].first[:4]}年{int(known[0].first[5:7])}月です。")
        elif before and not re.search(r"COP|年", before["gap"]):
            told = year + _YEARS[before["word"]], int(before["m"])
            alike = any(told[1] in (int(s.first[5:7]), int((s.last or s.first)[5:7])) for s in known)
            if alike and all(_apart(s.first, s.last, *told) for s in known):
                yield _off(passage, before, f"{cop.text}は{known[0].first[:4]}年{int(known[0].first[5:7])}月です。")
    for match in _IN_CITY.finditer(form):
        years = {s.year for s in sittings() if s.city and s.city == match["city"] and abs(s.year - year) <= 3}
        if years and year + _YEARS[match["word"]] not in years:
            yield _off(passage, match, f"{match['city']}で開かれたのは{'・'.join(f'{one}年' for one in sorted(years))}です。")


def _apart(first: str, last: str | None, year: int, month: int) -> bool:
    """Whether a year (and a month, 0 if it is not told) is another than that of the sitting."""
    since, until = first[:7], (last or first)[:7]
    return not (since <= f"{year}-{month:02}" <= until if month else since[:4] <= str(year) <= until[:4])


_TOPIC = re.compile(rf"(?:{_WORD}|(?<!\d)(?P<y>20\d\d)年)(?:は|も|の)、?(?P<gap>[^。、]{{0,6}})$")


def _weekdays(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """2024年は、1月1日（月）に始まって12月31日（水）に終わる: the year that the sentence is about decides."""
    year, end = 0, -1
    for written in dates_in(sheet, passage):
        topic = _TOPIC.search(form, form.rfind("。", 0, written.start) + 1, written.start)
        joined = end >= 0 and written.start - end <= 9 and not re.search("[。、]", form[end : written.start])
        year = (
            0 if written.has_year else sheet.issue.date.year + _YEARS[topic["word"]] if topic and topic["word"] else year if joined else 0
        )
        year = int(topic["y"]) if topic and topic["y"] and not written.has_year else year
        end = written.end
        if year and written.weekday and not written.wrong_weekday and _real(year, written.month, written.day_number):
            day = date(year, written.month, written.day_number)
            if weekday(day) != written.weekday:
                said = passage.text[written.start : written.end]
                message = f"「{said}」：{year}年なら{weekday(day)}曜日です。"
                yield passage.hit((written.start, written.end), message, "日付と曜日を確かめてください。", severity=Severity.WARNING)


def _real(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


_REST = re.compile(rf"(?<![一-龥])(?P<word>{'|'.join(_DAYS)})(?P<way>まで|から)の(?P<what>週末|[3-9三四五六七八九]?連休)")
_RUN = re.compile(
    r"(?<!\d)(?:(?P<m>1[0-2]|[1-9])月)?(?P<d>\d{1,2})日(?:[(][月火水木金土日][^()]{0,4}[)])?(?P<way>まで|から)の(?P<n>[2-9二三四五六七八九])連休"
)
_SHORT = re.compile(r"(?<!\d)(?P<m>1[0-2]|[1-9])月は、?(?P<d>2[89]|3[01])日(?:(?:まで)?しか|まで(?:です|で、|と短))")
_FEAST_DAY = re.compile(rf"(?P<name>{HOLIDAYS})[(](?:(?P<m>1[0-2]|[1-9])月)?(?P<d>\d{{1,2}})日")


def _free_days(sheet: Sheet, passage: Passage, form: str) -> Iterator[Hit]:
    """明日までの週末 on a Monday; 22日からの4連休 of three free days; 2月は29日までしか in 2025; 春分の日（21日） in 2025."""
    today = sheet.issue.date
    for match in _REST.finditer(form):
        day = today + timedelta(days=_DAYS[match["word"]])
        step = timedelta(days=1 if match["way"] == "まで" else -1)
        if calendar.is_working_day(day, ()) or not calendar.is_working_day(day + step, ()):
            yield _off(passage, match, f"発行日（{full(today)}）から見た「{match['word']}」は{full(day)}です。")
    for match in _RUN.finditer(form):
        near = [day for n in range(-75, 76) if (day := today + timedelta(days=n)).day == int(match["d"])]
        runs = {_run(day, 1 if match["way"] == "から" else -1) for day in near if match["m"] in (None, str(day.month))}
        if runs and number(match["n"]) not in runs and max(runs) >= 2:
            yield _off(passage, match, f"続く休みは{max(runs)}日です。")
    for match in _SHORT.finditer(form):
        last = monthrange(today.year, int(match["m"]))[1]
        if int(match["d"]) != last and not re.search(r"年|うるう|閏", form[max(0, match.start() - 12) : match.start()]):
            yield _off(passage, match, f"{today.year}年{match['m']}月は{last}日までです。")
    for match in _FEAST_DAY.finditer(form):
        begin = form.rfind("。", 0, match.start()) + 1
        feasts = [day for n in range(-200, 201) if calendar.holiday_name(day := today + timedelta(days=n)) == match["name"]]
        fits = any(day.day == int(match["d"]) and match["m"] in (None, str(day.month)) for day in feasts)
        if feasts and not fits and not re.search(r"\d年|昨年|来年", form[begin : match.start()]):
            yield _off(passage, match, f"「{match['name']}」は{full(min(feasts, key=lambda day: abs(day - today)))}です。")


def _run(day: date, step: int) -> int:
    """How many free days follow from a day on; 0 if the run does not begin there."""
    if not calendar.is_working_day(day - timedelta(days=step), ()):
        return 0
    length = 0
    while length < 12 and not calendar.is_working_day(day + timedelta(days=step * length), ()):
        length += 1
    return length
