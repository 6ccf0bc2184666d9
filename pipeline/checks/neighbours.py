"""Rules about the names and days of issues: this one, the last, the next, and those that a text quotes.

Records in, findings out. What a magazine calls its own issue is its own business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.dated import dates_in, full
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.dates.form import folded
from pipeline.model import Severity

_ISSUE_WORD = re.compile(
    r"(?P<word>次号|次回号|来月号|前号|先月号|前月号|今号|本号|今月号)(?:は|の|では|も|、|となる)?[ 　]?[（(]?(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?P<issue>号)?"
)
_THIS = re.compile(r"(?:^|[。、　 ])(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月号を(?:お届け|お送り|発行)")


def neighbour_issue(sheet: Sheet) -> Iterator[Hit]:
    """次号は3月号 in a January issue; this issue called by another month's name."""
    issue = sheet.issue
    if issue.edition == "special":
        return
    this = re.match(r"(\d{4})-(\d{2})", issue.slug)
    number = int(this[1]) * 12 + int(this[2]) - 1 if this else issue.date.year * 12 + issue.date.month - 1
    for passage in sheet.prose:
        form = folded(passage.text)
        if "号" in form and not (passage.article and passage.article.origin):
            for match in (*_ISSUE_WORD.finditer(form), *_THIS.finditer(form)):
                yield from _neighbour(sheet, passage, match, number)
            yield from _other_issues(sheet, passage, form, number)
    yield from _subject(sheet, number)
    yield from _next_day(sheet)


_NEXT_DAY = re.compile(r"(?:次号|(?P<m>\d{1,2})月号)の?(?P<copy>(?:原稿|記事|情報)の?(?:締め?切り?|〆切|提出期限))?[はの、（( ]{0,3}$")


def _next_day(sheet: Sheet) -> Iterator[Hit]:
    """次号は2月27日に発行: not the day that the desk has computed, nor its copy deadline."""
    issue = sheet.issue
    for passage in sheet.prose:
        for written in dates_in(sheet, passage) if "号" in passage.text and not (passage.article and passage.article.origin) else ():
            match = _NEXT_DAY.search(folded(passage.text[: written.start])[-24:])
            planned = (issue.next_copy_deadline if match["copy"] else issue.next_date) if match else None
            if not match or planned is None or (match["m"] and int(match["m"]) != planned.month):
                continue
            said = match["copy"] or re.match(r"[^。]{0,8}(?:発行|配信|お届け|お送り)", passage.text[written.end :])
            if said and written.is_certain and not written.wrong_weekday and written.day != planned:
                what = "次号の原稿締切" if match["copy"] else "次号の発行日"
                message = f"{what}（{written.text}）が、奥付の案内（{full(planned)}）と違います。"
                hint = "日付を直すか、newsletter.toml の [calendar] closed と [[editions]] を確かめてください。"
                yield passage.hit((written.start, written.end), message, hint, severity=Severity.WARNING)


def _neighbour(sheet: Sheet, passage: Passage, match: re.Match[str], number: int) -> Iterator[Hit]:
    word = match["word"] if match.re is _ISSUE_WORD else "今号"
    offset = 1 if word in ("次号", "次回号", "来月号") else -1 if word in ("前号", "先月号", "前月号") else 0
    right = number + offset
    if match.re is _ISSUE_WORD and not match["issue"]:
        return
    if int(match["m"]) != right % 12 + 1 or (match["y"] and int(match["y"]) != right // 12):
        said, which = match[0].strip("。、　 "), {1: "次", -1: "前", 0: "名前"}[offset]
        message = f"「{said}」：この号（{sheet.issue.name}）の{which}は{right // 12}年{right % 12 + 1}月号です。"
        yield passage.hit(match.span(), message, "前の号の文を写したままになっていないかを確かめてください。")


_FIRST = re.compile(r"(?P<y>20\d\d)年(?:の)?(?:最初|最後|締めくくり)の(?:号|お届け|配信|e-News)")
_OUT_ON = re.compile(r"(?<!\d)(?P<m>\d{1,2})月号は[、 　]?(?=\d)")
_RAN_IN = re.compile(
    r"(?<!\d)(?:(?P<y>20\d\d)年)?(?P<m>\d{1,2})月号(?:の?「[^「」]{0,20}」)?(?:で|に|の記事で|において)[^。「」]{0,8}(?:載せた|掲載した|お伝えした|ご?紹介した|お知らせした|取り上げた)"
)


def _other_issues(sheet: Sheet, passage: Passage, form: str, number: int) -> Iterator[Hit]:
    """2024年最初の号 in January 2025, 12月号は1月31日に発行, and an issue quoted that is still to come."""
    hint = "号の月と年を確かめてください。"
    for match in _FIRST.finditer(form):
        if int(match["y"]) != number // 12:
            yield passage.hit(match.span(), f"「{match[0]}」：この号は{sheet.issue.name}です。", hint)
    yield from _corrected(sheet, passage, form, number)
    found = {written.start: written for written in dates_in(sheet, passage)}
    for match in _OUT_ON.finditer(form):
        written = found.get(match.end())
        out = re.match(r"[^。]{0,6}(?:発行|配信|お届け|お送り|公開)", form[written.end :]) if written else None
        if written and written.day and out:
            late = written.day.day <= 10 and (written.day.month - 2) % 12 + 1 == int(match["m"])
            if written.day.month != int(match["m"]) and not late:
                yield passage.hit((match.start(), written.end), f"{full(written.day)}に出るのは{match['m']}月号ではありません。", hint)
    for match in _RAN_IN.finditer(form):
        ahead = int(match["y"]) * 12 + int(match["m"]) - 1 - number if match["y"] else (int(match["m"]) - 1 - number) % 12
        if ahead > 0 and (match["y"] or ahead <= 3):
            yield passage.hit(match.span(), f"「{match['m']}月号」は、まだ出ていません（この号は{sheet.issue.name}）。", hint)


def _corrected(sheet: Sheet, passage: Passage, form: str, number: int) -> Iterator[Hit]:
    """訂正 of an issue that has not gone out."""
    match = re.match(r"(?P<y>20\d\d)年(?P<m>\d{1,2})月号", form) if passage.key == "corrects" else None
    if match and int(match["y"]) * 12 + int(match["m"]) - 1 >= number:
        message = f"訂正する「{match[0]}」は、この号（{sheet.issue.name}）より前の号ではありません。"
        yield passage.hit(match.span(), message, "号の月と年を確かめてください。")


def _subject(sheet: Sheet, number: int) -> Iterator[Hit]:
    """The subject's 2025年1月号 against the issue's own name."""
    for passage in sheet.passages:
        head = folded(passage.text).split("|")[0] if passage.article is None and passage.key == "subject" else ""
        match = re.search(r"(?P<y>20\d\d)年(?P<m>\d{1,2})月号?", head)
        if match and (int(match["y"]), int(match["m"])) != (number // 12, number % 12 + 1):
            message = f"件名の「{match[0]}」が、この号（{sheet.issue.name}）と違います。"
            yield passage.hit(match.span(), message, f"{number // 12}年{number % 12 + 1}月に直してください。")


_HEAD = "---\n版: monthly\n発行日: 2025-01-31\n件名: イクレイ日本e-News 2025年1月号\n導入文: 今号：見本\n---\n\n{}\n"

RULES = (
    Rule(
        code="TIME004",
        title="前号・次号の名前",
        severity=Severity.ERROR,
        reason="号の名前の写し間違いは、読者がバックナンバーを探すときに響きます。",
        source="校正の目録 36",
        bad={"issue.md": _HEAD.format("次号は3月号です。")},
        good={"issue.md": _HEAD.format("次号は2月号です。")},
        find=neighbour_issue,
    ),
)
