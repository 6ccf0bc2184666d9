"""Which issue this is: its month, report, date and number, and what its own words say of them. Manuscripts in, hits out.

Months and dates are compared with those that the house computes; an issue that is dated elsewhere on purpose says so by ママ.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import timedelta

from pipeline.calendar import last_working_day
from pipeline.checks.gather import notes
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import EarlierIssue, Issue, Severity, japanese_date


def entry_of(sheet: Sheet, key: str) -> Passage | None:
    """The entry of issue.md with this key, if it is written."""
    return next((passage for passage in sheet.passages if passage.article is None and passage.key == key), None)


def month_of(issue: Issue) -> tuple[int, int]:
    """(year, month) that the issue is called after: its slug's, else its date's."""
    match = re.match(r"(\d{4})-(\d{2})", issue.slug)
    return (int(match[1]), int(match[2])) if match else (issue.date.year, issue.date.month)


def not_this(passage: Passage, match: re.Match[str], name: str) -> Hit:
    """Words that belong to another issue than ``name``."""
    message = f"「{match[0].strip('。')}」とありますが、この号は{name}です。"
    return passage.hit(match.span(), message, "前の号の文が残っていないかを確かめてください。")


_HERE = r"(?=を?、?(?:お届け|お送り|配信|発行|お読み|ご覧)|です|の(?:発行|お届け|配信|見どころ|内容|ポイント|目次|主な)|は、?(?:次|以下|盛りだくさん)|となり|になり)"
_ISSUE_NAMED = re.compile(
    rf"(?P<first>今号|本号|今回)?(?:（|は、?)?(?:(?P<year>\d{{4}})年)?(?P<month>\d{{1,2}})月号{_HERE}|(?:今号|本号)(?:は、?"
    rf"|（)(?:(?P<year2>\d{{4}})年)?(?P<month2>\d{{1,2}})月号"
)
_REPORT_NAMED = re.compile(rf"第(?P<report>\d+)報{_HERE}|(?P<event>COP\d+)(?:の)?特集号(?:（?第(?P<report2>\d+)報）?)?{_HERE}")
_TURN = re.compile(
    r"(?P<year>\d{4}|今|本|新)?年(?:内)?(?:の)?(?P<turn>最初|最後|初めて|第一号)の(?:号|e-News|メールニュース|お届け|配信)|(?P<fiscal>新年度|今年度|本年度"
    r"|年度)(?:の)?(?P<turn2>最初|最後)の(?:号|e-News|お届け|配信)"
)


def greeting(sheet: Sheet) -> Iterator[Hit]:
    """A greeting or a closing note that hands over another issue: last month's, another report's, another conference's."""
    for passage in (passage for passage in sheet.prose if passage.path in notes(sheet) and passage.kind != "field"):
        yield from _other_month(sheet, passage)
        yield from _other_report(sheet, passage)


def _other_month(sheet: Sheet, passage: Passage) -> Iterator[Hit]:
    year, month = month_of(sheet.issue)
    for match in _ISSUE_NAMED.finditer(passage.unquoted):
        named = int(match["month"] or match["month2"]), int(match["year"] or match["year2"] or year)
        other = re.search("次号|次回|前号|前回", passage.unquoted[max(0, match.start() - 6) : match.start()])
        if sheet.issue.event is None and named != (month, year) and not other:
            yield not_this(passage, match, sheet.issue.name)
    for match in _TURN.finditer(passage.unquoted):
        turn = match["turn"] or match["turn2"]
        right = (4 if turn == "最初" else 3) if match["fiscal"] else (12 if turn == "最後" else 1)
        wrong_year = (match["year"] or "").isdigit() and int(match["year"]) != year
        if sheet.masthead.edition(sheet.issue.edition).copy_deadline and (month != right or wrong_year):
            yield not_this(passage, match, sheet.issue.name)


def _other_report(sheet: Sheet, passage: Passage) -> Iterator[Hit]:
    event, report = sheet.issue.event, sheet.issue.report
    for match in _REPORT_NAMED.finditer(passage.unquoted) if event else ():
        number = match["report"] or match["report2"]
        behind = passage.unquoted[match.end() : match.end() + 12]
        told = re.search(r"ました|ごろ|予定", behind)
        if event and not told and ((number and report and report != f"第{number}報") or (match["event"] and match["event"] != event.short)):
            yield not_this(passage, match, sheet.issue.name)


def issue_date(sheet: Sheet) -> Iterator[Hit]:
    """A date that is not the last working day of the month that the issue is called after; a special's far from its slug's month."""
    issue, passage = sheet.issue, entry_of(sheet, "date")
    if passage is None or issue.corrects:  # a correction is called after the issue that it corrects, and goes out when the mistake is found
        return
    year, month = month_of(issue)
    if sheet.masthead.edition(issue.edition).copy_deadline:
        right = last_working_day(year, month, sheet.masthead.closed)
        wrong = issue.date != right
        hint = f"{year}年{month}月の最終営業日は{japanese_date(right)}です。休業日は newsletter.toml の closed に書きます。"
    else:
        late = issue.date - timedelta(days=10)  # a report of the last days may go out in the next month
        wrong = (year, month) not in ((issue.date.year, issue.date.month), (late.year, late.month))
        hint = "号のフォルダーの年月と発行日を合わせてください。"
    if wrong:
        message = f"発行日が{japanese_date(issue.date)}になっています（{issue.name}）。"
        yield passage.hit((0, len(passage.raw)), message, hint)


def numbering(sheet: Sheet) -> Iterator[Hit]:
    """A number or a report that does not follow the last one's."""
    issue = sheet.issue
    before = [earlier for earlier in issue.earlier if earlier.edition == issue.edition]
    place = entry_of(sheet, "number") or entry_of(sheet, "report") or entry_of(sheet, "date")
    last = next((earlier for earlier in before if _digits(earlier.number)), None)
    if place and last and issue.number and _digits(issue.number) != _digits(last.number) + 1:
        message = f"号数が{issue.number}です（{last.name}は{last.number}）。"
        yield place.hit((0, len(place.raw)), message, "続き番号かどうかを確かめてください。")
    reports = [earlier for earlier in before if issue.event and earlier.event == issue.event.key and _digits(earlier.report)]
    yield from _report_after(sheet, reports)
    for passage in (entry_of(sheet, "subject"), entry_of(sheet, "lead_line")):
        match = re.search(r"第(\d+)号", passage.unquoted) if passage else None
        if passage and match and issue.number and int(match[1]) != _digits(issue.number):
            yield not_this(passage, match, f"第{_digits(issue.number)}号")


def _report_after(sheet: Sheet, reports: list[EarlierIssue]) -> Iterator[Hit]:
    place = entry_of(sheet, "report")
    if place and reports and _digits(sheet.issue.report) and _digits(sheet.issue.report) != _digits(reports[0].report) + 1:
        message = f"{sheet.issue.report}ですが、この会議の前の特集号は{reports[0].report}（{japanese_date(reports[0].date, weekday=False)}）です。"
        yield place.hit((0, len(place.raw)), message, "報の番号を確かめてください。")


def _digits(text: str) -> int:
    match = re.search(r"\d+", unicodedata.normalize("NFKC", text))
    return int(match[0]) if match else 0


_NEXT = re.compile(
    r"(?:次号|次回)(?:の(?:発行|配信)(?:日)?)?(?:は|：|:"
    r"|（)、?(?:(?:\d{4}年)?\d{1,2}月号で、?)?(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日[^。]{0,14}?(?:発行|配信|お届け|お送り"
    r"|予定)"
)
_COPY = re.compile(
    r"原稿(?:の)?(?:締め?切り?|〆切り?|提出期限|受付)(?:日)?(?:は|：|:|が"
    r"|（)、?[^。\d]{0,10}(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日"
)
_NEXT_NAME = re.compile(
    r"(?:次号|次回)(?:は|の|（|、){0,2}(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月号|(?:(?P<year2>\d{4})年)?(?P<month2>\d{1,2})月号の原稿(?:の)?(?:締"
    r"|〆)"
)
_LAST_NAME = re.compile(r"前号(?:は|の|（|、){0,2}(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})月号")


def next_issue(sheet: Sheet) -> Iterator[Hit]:
    """Dates and names of the next issue, the last one and the copy deadline that are not those of the house's calendar."""
    issue = sheet.issue
    if issue.next_date is None or issue.next_copy_deadline is None:
        return
    standing = {section.key for section in sheet.masthead.sections if section.standing}
    year, month = month_of(issue)
    after, before = (year + month // 12, month % 12 + 1), (year - (month == 1), (month - 2) % 12 + 1)
    for passage in sheet.prose:
        if passage.path in notes(sheet) or (passage.article and passage.article.section in standing):
            for pattern, day in ((_NEXT, issue.next_date), (_COPY, issue.next_copy_deadline)):
                for match in pattern.finditer(passage.unquoted):
                    if (int(match["month"]), int(match["day"])) != (day.month, day.day) or int(match["year"] or day.year) != day.year:
                        message = f"「{match[0][:24]}」とありますが、計算では{japanese_date(day)}です。"
                        yield passage.hit(match.span(), message, "前の号の文が残っていないかを確かめてください。")
            for pattern, named in ((_NEXT_NAME, after), (_LAST_NAME, before)):
                for match in pattern.finditer(passage.unquoted):
                    groups = match.groupdict()
                    if int(groups.get("month") or groups["month2"]) != named[1]:
                        yield passage.hit(
                            match.span(), f"「{match[0]}」とありますが、{named[0]}年{named[1]}月号です。", "月を確かめてください。"
                        )


_HEAD = "---\n版: monthly\n発行日: {day}\n件名: {subject}\n導入文: {lead}\n---\n\n{body}\n"
_SUBJECT = "イクレイ日本e-News 2025年1月号｜見本セミナーの報告ほか"
_LEAD = "今号：見本セミナーの報告／会員自治体の催し"


def _issue(*, day: str = "2025-01-31", subject: str = _SUBJECT, lead: str = _LEAD, body: str = "新しい年の号です。") -> dict[str, str]:
    return {"issue.md": _HEAD.format(day=day, subject=subject, lead=lead, body=body)}


RULES = (
    Rule(
        code="MAIL006",
        title="別の号の挨拶",
        severity=Severity.ERROR,
        reason="前の号の巻頭言が残ると、号全体の信用を損ないます。",
        source="点検項目36",
        bad=_issue(body="12月号をお届けします。"),
        good=_issue(body="1月号をお届けします。12月号でお伝えした会議の続きも載せました。"),
        find=greeting,
    ),
    Rule(
        code="MAIL007",
        title="発行日",
        severity=Severity.WARNING,
        reason="発行日は、曜日の計算や締切の案内のもとになります。",
        source="発行の慣行（その月の最終営業日）、点検項目36",
        bad=_issue(day="2025-01-26"),
        good=_issue(),
        find=issue_date,
    ),
    Rule(
        code="MAIL008",
        title="号数と報の番号",
        severity=Severity.WARNING,
        reason="番号が飛んだり重なったりすると、読者は届かなかった号があると思います。",
        source="点検項目36",
        bad={
            "issue.md": _HEAD.format(day="2025-01-31\n号数: 12", subject=_SUBJECT, lead=_LEAD, body="新しい年の号です。"),
            "../2024-12/issue.md": "---\n版: monthly\n発行日: 2024-12-27\n号数: 10\n---\n\n年末の号です。\n",
        },
        good={
            "issue.md": _HEAD.format(day="2025-01-31\n号数: 11", subject=_SUBJECT, lead=_LEAD, body="新しい年の号です。"),
            "../2024-12/issue.md": "---\n版: monthly\n発行日: 2024-12-27\n号数: 10\n---\n\n年末の号です。\n",
        },
        find=numbering,
    ),
    Rule(
        code="MAIL009",
        title="次号と原稿締切",
        severity=Severity.WARNING,
        reason="次号の日や原稿締切は、前の号の文を写したまま残りやすいものです。",
        source="発行の慣行（最終営業日、原稿締切）",
        bad=_issue(body="次号は2月29日に発行します。"),
        good=_issue(body="次号は2月28日（金）に発行します。2月号の原稿締切は2月14日（金）です。"),
        find=next_issue,
    ),
)
