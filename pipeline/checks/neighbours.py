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


_PAST_ISSUE = re.compile(
    r"(?<![一-龥])(?P<word>前号|先月号|前月号|前の号|前回号)(?P<rest>(?:の?「[^「」]{0,24}」)?(?:は|では|でも|で|からは|から|にも|に|の[^。、]{1,14}(?:で|に)は?)[、]?[^。]{0,60})"
)
_NEXT_ISSUE = re.compile(
    r"(?<![一-龥])(?P<word>次号|来月号|次の号|次回号)(?P<rest>(?:の?「[^「」]{0,24}」)?(?:は|では|でも|で|からは|から|にも|に|の[^。、]{1,14}(?:で|に)は?)[、]?[^。]{0,60})"
)
_SAYS = re.compile(
    r"(?:お伝え|ご?紹介|お届け|お知らせ|ご?報告|お願い|ご?案内|取り上げ|取り上げる|掲載|載せ|載り|発行|配信|添え|改め|始め)(?:(?:し|いたし|され|でき|を)?(?P<done>ました|た(?!だ))|(?:し|いたし|され|する"
    r"|される)?(?P<will>ます|予定|ることと))"
)
_WAS_ISSUE = re.compile(
    r"(?<!\d)(?P<m>\d{1,2})月号(?:の?「[^「」]{0,20}」)?(?:で|に|から)[^。「」]{0,14}(?:掲載|紹介|お伝え|お届け|取り上げ|お知らせ|載せ|載り|開始)(?:し|いたし|する|される|る)?(?:ます|予定)"
)


def _retold(sheet: Sheet, passage: Passage, form: str, number: int) -> Iterator[Hit]:
    """前号でお伝えします, 次号でお伝えしました, 次号：… in the lead line, 3月号に掲載する予定です in April."""
    for pattern, wrong in ((_PAST_ISSUE, "will"), (_NEXT_ISSUE, "done")):
        for match in pattern.finditer(form):
            says = _SAYS.search(match["rest"])
            if says and says[wrong] and not re.search("今号|本号|今回|今月号|次号|前号|決|予定だ", match["rest"][: says.start()]):
                span = (match.start(), match.start("rest") + says.end())
                message = f"「{match['word']}」と「{says[0]}」が、時制として合っていません。"
                yield passage.hit(span, message, "どの号のことかを確かめてください。")
    for match in _WAS_ISSUE.finditer(form):
        ago = (number - int(match["m"]) + 1) % 12
        if 1 <= ago <= 4 and not re.search(r"来年|翌年|\d年$", form[max(0, match.start() - 8) : match.start()]):
            message = f"「{match['m']}月号」は、もう出ています（この号は{sheet.issue.name}）。"
            yield passage.hit(match.span(), message, "号の月を確かめてください。", severity=Severity.WARNING)
    lead = re.match(r"\s*(?P<word>次号|前号|先月号|来月号)\s*[:|]", form) if passage.key == "lead_line" else None
    if lead:
        yield passage.hit(lead.span("word"), f"導入文の「{lead['word']}」は、この号のことではありませんか。", "「今号」に直してください。")


_FIRST = re.compile(r"(?P<y>20\d\d)年(?:の)?(?:最初|最後|締めくくり)の(?:号|お届け|配信|e-News)")
_OUT_ON = re.compile(r"(?<!\d)(?P<m>\d{1,2})月号は[、 　]?(?=\d)")
_RAN_IN = re.compile(
    r"(?<!\d)(?:(?P<y>20\d\d)年)?(?P<m>\d{1,2})月号(?:の?「[^「」]{0,20}」)?(?:で|に|の記事で|において)[^。「」]{0,8}(?:載せ|掲載し|お伝えし|ご?紹介し|お知らせし|取り上げ)(?:た|まし)"
)


def _other_issues(sheet: Sheet, passage: Passage, form: str, number: int) -> Iterator[Hit]:
    """2024年最初の号 in January 2025, 12月号は1月31日に発行, and an issue quoted that is still to come."""
    hint = "号の月と年を確かめてください。"
    for match in _FIRST.finditer(form):
        if int(match["y"]) != number // 12:
            yield passage.hit(match.span(), f"「{match[0]}」：この号は{sheet.issue.name}です。", hint)
    yield from _corrected(sheet, passage, form, number)
    yield from _retold(sheet, passage, form, number)
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
        this_year = re.search("(?:今年|本年)[はの、]{1,2}$", form[: match.start()]) and int(match["m"]) > number % 12 + 1
        if ahead > 0 and (match["y"] or ahead <= 3 or this_year):
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
