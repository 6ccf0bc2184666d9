"""What an issue says of itself: subject, lead line, greeting and dates against what its files, its edition and earlier issues say.

Months, years and reports are compared with those that the house computes; an issue that is dated elsewhere on purpose says so by ママ.
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
from pipeline.config import Edition
from pipeline.model import Article, EarlierIssue, Issue, Severity, japanese_date

LONG = 40  # full-width characters of a subject; what an inbox shows on two lines of a telephone


def _entry(sheet: Sheet, key: str) -> Passage | None:
    return next((passage for passage in sheet.passages if passage.article is None and passage.key == key), None)


def _month(issue: Issue) -> tuple[int, int]:
    """(year, month) that the issue is called after: its slug's, else its date's."""
    match = re.match(r"(\d{4})-(\d{2})", issue.slug)
    return (int(match[1]), int(match[2])) if match else (issue.date.year, issue.date.month)


def _start(sheet: Sheet, edition: Edition) -> str:
    """What a subject of this edition begins with; "" where the pattern speaks of what only its own issues have."""
    issue = sheet.issue
    year, month = _month(issue)
    event = issue.event.short if issue.event else ""
    report = f"（{issue.report}）" if issue.report else ""
    number = issue.event.number if issue.event else ""
    try:
        return edition.subject.format(year=year, month=month, event=event, report=report, event_number=number)
    except (KeyError, IndexError, ValueError):
        return ""


def _form(text: str) -> str:
    return re.sub(r"[\s　]", "", unicodedata.normalize("NFKC", text)).lower()


_ANSWER = re.compile(
    r"^[ 　]*(?:(?:R[Ee]|F[Ww][Dd]?|返信|転送|TR|AW)[ 　]*[:：]|【(?:転送|再送|返信|訂正版|テスト|TEST|test)】|\[(?:TEST|test|テスト)\])"
)


def subject_start(sheet: Sheet) -> Iterator[Hit]:
    """A subject that does not begin as this edition's subjects do: another month, year, report or edition, or no name at all."""
    passage = _entry(sheet, "subject")
    if passage is None or _ANSWER.match(passage.raw):
        return
    edition = sheet.masthead.edition(sheet.issue.edition)
    wanted, written = _start(sheet, edition), _form(re.sub(r"^[ 　]*【[^】]*】", "", passage.raw))
    head = re.split(r"[｜|]", passage.raw)[0].strip()
    more = re.search(r"第\d+[報号]", _form(head)[len(_form(wanted)) :])  # a report that this issue is not
    if not wanted or (written.startswith(_form(wanted)) and not more):
        return
    name = edition.subject.partition("{")[0]
    severity = Severity.ERROR if written.startswith(_form(name)) and re.search(r"\d", head) else Severity.WARNING
    message = f"件名が「{head[:30]}」で始まっていますが、この号は「{wanted}」です。"
    hint = f"件名を「{wanted}｜…」の形にしてください（前の号や別の版の件名が残っていないかを確かめてください）。"
    yield passage.hit((0, len(head)), message, hint, severity=severity)


def answered(sheet: Sheet) -> Iterator[Hit]:
    """Re:, Fwd: and test marks in what readers see first."""
    for passage in sheet.prose:
        if passage.key in ("subject", "lead_line", "title"):
            match = _ANSWER.match(passage.raw)
            if match:
                message = f"「{match[0].strip()}」が頭に残っています。"
                yield passage.hit(
                    match.span(), message, "返信や転送、試験の印を消してください。", instead="" if passage.key == "subject" else None
                )


_TRICKS = re.compile(
    r"【(?:重要|緊急|至急|必見|必読|速報|注目|拡散希望|お得|無料|限定|要確認|本日締切|お知らせ|大切なお知らせ)】|[★☆♪❤♥✨⭐🎉🔥🌟‼⁉❗❕❓]|[！!]{2,}|[\U0001f300-\U0001faff]"
    r"|^[■◆●◎]"
)


def subject_manners(sheet: Sheet) -> Iterator[Hit]:
    """Tricks of advertising in the subject or the lead line: filters count them, officials distrust them."""
    for passage in (_entry(sheet, "subject"), _entry(sheet, "lead_line")):
        match = _TRICKS.search(passage.raw) if passage else None
        if passage and match:
            hint = "中身の分かる言葉にしてください（目を引くための印は、迷惑メールと判定されやすくなります）。"
            yield passage.hit(match.span(), f"件名や導入文に「{match[0]}」があります。", hint)


def subject_length(sheet: Sheet) -> Iterator[Hit]:
    """A subject that a telephone cuts off, or one that repeats an earlier issue's, or the lead line."""
    passage = _entry(sheet, "subject")
    if passage is None:
        return
    width = sum(2 if unicodedata.east_asian_width(letter) in "FWA" else 1 for letter in passage.raw) / 2
    if width > LONG:
        message = f"件名が全角で{width:.0f}字分あります（{LONG}字分まで）。"
        yield passage.hit((0, len(passage.raw)), message, "「号の名前｜いちばんの記事ほか」のように短くしてください。")
    twin = next(
        (earlier for earlier in sheet.issue.earlier if _topic(earlier.subject) and _topic(earlier.subject) == _topic(passage.raw)), None
    )
    if twin:
        message = f"件名の「｜」の後が、{twin.name}と同じです。"
        yield passage.hit((0, len(passage.raw)), message, "前の号の件名が残っていないかを確かめ、この号の記事の言葉にしてください。")


def _topic(subject: str) -> str:
    """What a subject says of its issue's own: behind ｜."""
    return _form(re.split(r"[｜|]", subject, maxsplit=1)[1]) if re.search(r"[｜|]", subject) else ""


def lead_line(sheet: Sheet) -> Iterator[Hit]:
    """A lead line that repeats the subject, or names a month, a report, a number of cases or an n-th meeting that is not this issue's."""
    passage, subject = _entry(sheet, "lead_line"), _entry(sheet, "subject")
    for entry in (passage, subject):
        yield from _counted(sheet, entry) if entry else ()
    if passage is None:
        return
    if subject and _form(passage.raw) in (_form(subject.raw), _topic(subject.raw)):
        yield passage.hit((0, len(passage.raw)), "導入文が件名と同じです。", "件名に書かなかった記事を並べてください。")
    year, month = _month(sheet.issue)
    for match in re.finditer(r"(?:^|。|今号は?[、：:]?)(?:(\d{4})年)?(\d{1,2})月号", passage.unquoted):
        if int(match[2]) != month or int(match[1] or year) != year:
            yield _not_this(passage, match, sheet.issue.name)
    for match in re.finditer(r"^第(\d+)報", passage.raw):
        if sheet.issue.report != match[0]:
            yield _not_this(passage, match, sheet.issue.name)
    for match in re.finditer(r"(\d{1,2})(?:月?[～〜~・-](\d{1,2}))?月の(?:イベント|催し|行事)", passage.unquoted):
        months = {article.start.first.month for article in _calendar(sheet.issue) if article.start and article.start.first}
        named = {int(part) for part in (match[1], match[2] or match[1])}
        if months and not named <= months:
            shown = "・".join(f"{number}月" for number in sorted(months))
            yield passage.hit(
                match.span(), f"「{match[0]}」とありますが、イベントカレンダーにあるのは{shown}の催しです。", "月を合わせてください。"
            )


def _calendar(issue: Issue) -> list[Article]:
    return [article for section in issue.sections if section.shows == "event" for article in section.articles]


def _counted(sheet: Sheet, passage: Passage) -> Iterator[Hit]:
    """海外事例3件 and 第4回イクレイカフェ against the items themselves."""
    cases = sum(1 for article in sheet.issue.articles if article.origin)
    for match in re.finditer(r"(?:海外)(?:の?取組)?事例(\d+)件", passage.unquoted):
        if cases and int(match[1]) != cases:
            yield passage.hit(match.span(), f"「{match[0]}」とありますが、この号の海外事例は{cases}件です。", "数を合わせてください。")
    told = _form(" ".join(article.manuscript.text for article in sheet.issue.articles if article.manuscript))
    for name in (name for term in sheet.glossary if term.kind in ("member", "city") for name in term.ja):
        spot = re.search(rf"(?<![一-龠ァ-ヶ]){re.escape(name)}", passage.raw) if name in passage.raw and len(name) > 1 else None
        if spot and told and _form(name) not in told:
            yield passage.hit(
                spot.span(), f"「{name}」とありますが、この号の記事に出てきません。", "記事を外したのなら、ここからも外してください。"
            )
    for match in re.finditer(r"第(\d{1,3})回([^／/、。｜|・「」\s]{3,})", passage.raw):
        rest = _form(match[2])[:6]
        others = set(re.findall(rf"第(\d{{1,3}})回(?:目の)?{re.escape(rest)}", told))
        if others and match[1] not in others:
            shown = "、".join(f"第{number}回" for number in sorted(others))
            yield passage.hit(match.span(), f"「{match[0]}」とありますが、記事にあるのは{shown}です。", "回数を記事と合わせてください。")


def _not_this(passage: Passage, match: re.Match[str], name: str) -> Hit:
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
    year, month = _month(sheet.issue)
    for match in _ISSUE_NAMED.finditer(passage.unquoted):
        named = int(match["month"] or match["month2"]), int(match["year"] or match["year2"] or year)
        other = re.search("次号|次回|前号|前回", passage.unquoted[max(0, match.start() - 6) : match.start()])
        if sheet.issue.event is None and named != (month, year) and not other:
            yield _not_this(passage, match, sheet.issue.name)
    for match in _TURN.finditer(passage.unquoted):
        turn = match["turn"] or match["turn2"]
        right = (4 if turn == "最初" else 3) if match["fiscal"] else (12 if turn == "最後" else 1)
        wrong_year = (match["year"] or "").isdigit() and int(match["year"]) != year
        if sheet.masthead.edition(sheet.issue.edition).copy_deadline and (month != right or wrong_year):
            yield _not_this(passage, match, sheet.issue.name)


def _other_report(sheet: Sheet, passage: Passage) -> Iterator[Hit]:
    event, report = sheet.issue.event, sheet.issue.report
    for match in _REPORT_NAMED.finditer(passage.unquoted) if event else ():
        number = match["report"] or match["report2"]
        behind = passage.unquoted[match.end() : match.end() + 12]
        told = re.search(r"ました|ごろ|予定", behind)
        if event and not told and ((number and report and report != f"第{number}報") or (match["event"] and match["event"] != event.short)):
            yield _not_this(passage, match, sheet.issue.name)


def issue_date(sheet: Sheet) -> Iterator[Hit]:
    """A date that is not the last working day of the month that the issue is called after; a special's far from its slug's month."""
    issue, passage = sheet.issue, _entry(sheet, "date")
    if passage is None:
        return
    year, month = _month(issue)
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
    place = _entry(sheet, "number") or _entry(sheet, "report") or _entry(sheet, "date")
    last = next((earlier for earlier in before if _digits(earlier.number)), None)
    if place and last and issue.number and _digits(issue.number) != _digits(last.number) + 1:
        message = f"号数が{issue.number}です（{last.name}は{last.number}）。"
        yield place.hit((0, len(place.raw)), message, "続き番号かどうかを確かめてください。")
    reports = [earlier for earlier in before if issue.event and earlier.event == issue.event.key and _digits(earlier.report)]
    yield from _report_after(sheet, reports)
    for passage in (_entry(sheet, "subject"), _entry(sheet, "lead_line")):
        match = re.search(r"第(\d+)号", passage.unquoted) if passage else None
        if passage and match and issue.number and int(match[1]) != _digits(issue.number):
            yield _not_this(passage, match, f"第{_digits(issue.number)}号")


def _report_after(sheet: Sheet, reports: list[EarlierIssue]) -> Iterator[Hit]:
    place = _entry(sheet, "report")
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
    year, month = _month(issue)
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
        code="MAIL001",
        title="件名の号名",
        severity=Severity.WARNING,
        reason="件名の年月や報が違うと、読者は前の号がもう一度届いたと思います。",
        source="点検項目36・42、版ごとの件名の形",
        bad=_issue(subject=_SUBJECT.replace("1月号", "12月号")),
        good=_issue(),
        find=subject_start,
    ),
    Rule(
        code="MAIL002",
        title="返信・転送の印",
        severity=Severity.ERROR,
        reason="Re: や Fwd: は、編集部の中のやり取りが残ったものです。",
        source="点検項目42",
        bad=_issue(subject=f"Re: {_SUBJECT}"),
        good=_issue(),
        find=answered,
    ),
    Rule(
        code="MAIL003",
        title="件名の飾り",
        severity=Severity.WARNING,
        reason="【重要】や絵文字のある件名は、広告や迷惑メールとして扱われやすくなります。",
        source="点検項目42、Googleの送信者向け案内",
        bad=_issue(subject=f"【重要】{_SUBJECT}"),
        good=_issue(),
        find=subject_manners,
    ),
    Rule(
        code="MAIL004",
        title="件名の長さと重なり",
        severity=Severity.WARNING,
        reason="長い件名は途中で切れ、前と同じ件名は同じメールとしてまとめられます。",
        source="点検項目42、主なメールソフトの一覧表示",
        bad=_issue(subject=_SUBJECT + "、会員自治体の催しのご案内、海外自治体の取組事例"),
        good=_issue(),
        find=subject_length,
    ),
    Rule(
        code="MAIL005",
        title="導入文の中身",
        severity=Severity.WARNING,
        reason="導入文が号の中身と違うと、読者は探しても記事を見つけられません。",
        source="点検項目43",
        bad=_issue(lead="12月号：見本セミナーの報告"),
        good=_issue(),
        find=lead_line,
    ),
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
