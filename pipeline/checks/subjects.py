"""Subject and lead line: against what the edition, the items and earlier issues say, and against what an inbox shows. Entries in, hits out.

An entry that is not written is made by the program, and nothing is said of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pipeline.checks.editions import entry_of, month_of, not_this
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.config import Edition
from pipeline.model import Article, Issue, Severity

LONG = 40  # full-width characters of a subject; what an inbox shows on two lines of a telephone


def _start(sheet: Sheet, edition: Edition) -> str:
    """What a subject of this edition begins with; "" where the pattern speaks of what only its own issues have."""
    issue = sheet.issue
    year, month = month_of(issue)
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
    passage = entry_of(sheet, "subject")
    if passage is None or sheet.issue.corrects or _ANSWER.match(passage.raw):
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
    for passage in (entry_of(sheet, "subject"), entry_of(sheet, "lead_line")):
        match = _TRICKS.search(passage.raw) if passage else None
        if passage and match:
            hint = "中身の分かる言葉にしてください（目を引くための印は、迷惑メールと判定されやすくなります）。"
            yield passage.hit(match.span(), f"件名や導入文に「{match[0]}」があります。", hint)


def subject_length(sheet: Sheet) -> Iterator[Hit]:
    """A subject that a telephone cuts off, or one that repeats an earlier issue's, or the lead line."""
    passage = entry_of(sheet, "subject")
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
    passage, subject = entry_of(sheet, "lead_line"), entry_of(sheet, "subject")
    for entry in (passage, subject):
        yield from _counted(sheet, entry) if entry else ()
    if passage is None:
        return
    yield from _absent(sheet, passage)
    if subject and _form(passage.raw) in (_form(subject.raw), _topic(subject.raw)):
        yield passage.hit((0, len(passage.raw)), "導入文が件名と同じです。", "件名に書かなかった記事を並べてください。")
    year, month = month_of(sheet.issue)
    for match in re.finditer(r"(?:^|。|今号は?[、：:]?)(?:(\d{4})年)?(\d{1,2})月号", passage.unquoted):
        if int(match[2]) != month or int(match[1] or year) != year:
            yield not_this(passage, match, sheet.issue.name)
    for match in re.finditer(r"^第(\d+)報", passage.raw):
        if sheet.issue.report != match[0]:
            yield not_this(passage, match, sheet.issue.name)
    for match in re.finditer(r"(\d{1,2})(?:月?[～〜~・-](\d{1,2}))?月の(?:イベント|催し|行事)", passage.unquoted):
        months = {article.start.first.month for article in _calendar(sheet.issue) if article.start and article.start.first}
        named = {int(part) for part in (match[1], match[2] or match[1])}
        if months and not named <= months:
            shown = "・".join(f"{number}月" for number in sorted(months))
            yield passage.hit(
                match.span(), f"「{match[0]}」とありますが、イベントカレンダーにあるのは{shown}の催しです。", "月を合わせてください。"
            )


_CONTENT = re.compile(r"[ァ-ヶー]{3,}|[A-Za-z][A-Za-z0-9-]{2,}|[一-龠々]{2,}")
_ALWAYS_THERE = re.compile(r"今号|今月|本号|報告|案内|募集|開催|紹介|催し|行事|参加|公開|事例|件数|前号|次号|訂正|発行|特集|皆様|速報|掲載")


def _absent(sheet: Sheet, passage: Passage) -> Iterator[Hit]:
    """A topic of which not one word stands anywhere in the items: it was another issue's."""
    titles = "".join(section.title for section in sheet.issue.sections if section.articles)
    told = [*_texts(sheet), titles]
    for match in re.finditer(r"[^／/｜|、。：:]+", passage.raw):
        words = [word for word in _CONTENT.findall(_ALWAYS_THERE.sub(" ", match[0])) if not word.isdigit()]
        pieces = [word[n : n + 2] if "一" <= word[0] <= "龠" else word for word in words for n in range(len(word) - 1)]
        if sum(map(len, words)) >= 4 and sheet.issue.articles and not any(piece in text for piece in pieces for text in told):
            message = f"「{match[0].strip()}」について、この号の記事には何も書かれていません。"
            yield passage.hit(match.span(), message, "前の号の言葉が残っていないか、記事を外していないかを確かめてください。")


def _calendar(issue: Issue) -> list[Article]:
    return [article for section in issue.sections if section.shows == "event" for article in section.articles]


def _counted(sheet: Sheet, passage: Passage) -> Iterator[Hit]:
    """海外事例3件 and 第4回イクレイカフェ against the items themselves."""
    cases = sum(1 for article in sheet.issue.articles if article.origin)
    for match in re.finditer(r"(?:海外)(?:の?取組)?事例(\d+)件", passage.unquoted):
        if cases and int(match[1]) != cases:
            yield passage.hit(match.span(), f"「{match[0]}」とありますが、この号の海外事例は{cases}件です。", "数を合わせてください。")
    for name in (name for term in sheet.glossary if term.kind in ("member", "city") for name in term.ja):
        spot = re.search(rf"(?<![一-龠ァ-ヶ]){re.escape(name)}", passage.raw) if name in passage.raw and len(name) > 1 else None
        if spot and not any(name in text for text in _texts(sheet)):
            yield passage.hit(
                spot.span(), f"「{name}」とありますが、この号の記事に出てきません。", "記事を外したのなら、ここからも外してください。"
            )
    for match in re.finditer(r"第(\d{1,3})回([^／/、。｜|・「」\s]{3,})", passage.raw):
        meeting = re.compile(rf"第(\d{{1,3}})回(?:目の)?{re.escape(match[2][:6])}")
        others = {unicodedata.normalize("NFKC", number) for text in _texts(sheet) for number in meeting.findall(text)}
        if others and unicodedata.normalize("NFKC", match[1]) not in others:
            shown = "、".join(f"第{number}回" for number in sorted(others))
            yield passage.hit(match.span(), f"「{match[0]}」とありますが、記事にあるのは{shown}です。", "回数を記事と合わせてください。")


def _texts(sheet: Sheet) -> Iterator[str]:
    """What the issue says: its greeting, its conference, the entries and bodies of its items."""
    event = sheet.issue.event
    yield sheet.issue.greeting
    if event:
        yield f"{event.name}{event.short}{event.city}{event.country}"
    for article in sheet.issue.articles:
        yield article.manuscript.text if article.manuscript else f"{article.title}{article.venue}"


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
)
