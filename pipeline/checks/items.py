"""Rules about single items: an ``Issue`` in, findings with the item's place out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Article, Issue, Severity, issue_datetime

_LAST = "---\n版: monthly\n発行日: 2024-12-27\n---\n\n巻頭言です。\n"
_AGAIN = "---\n見出し: 第4回イクレイカフェを開催\n欄: イクレイ日本の活動\n---\n\n開催しました。\n"
_FILE_NAME = re.compile(r"(?i)^[\w.-]+\.(jpe?g|png|gif|heic|webp)$|^(IMG|DSC|スクリーンショット|無題)")


def alt_text(sheet: Sheet) -> Iterator[Hit]:
    """A picture that readers without pictures (and screen readers) know nothing of."""
    for article in sheet.issue.articles:
        for picture in article.pictures:
            if not picture.alt or _FILE_NAME.match(picture.alt):
                what = f"がファイル名のまま（{picture.alt}）です" if picture.alt else "がありません"
                message = f"「{article.title}」の写真 {picture.source} の代替文{what}。"
                hint = "写真が表示されない読者にも伝わるよう、何が写っているかを20～40字で書いてください。"
                severity = Severity.WARNING if picture.alt else Severity.ERROR
                yield Hit(message=message, hint=hint, place=picture.place, severity=severity)


def credit(sheet: Sheet) -> Iterator[Hit]:
    """A picture without credit; rights are asked for before it goes out, not after."""
    for article in sheet.issue.articles:
        for picture in article.pictures:
            if not picture.credit:
                message = f"「{article.title}」の写真 {picture.source} に写真提供の表示がありません。"
                hint = "「写真提供：©京都市」のように書いてください（自分たちで作った図は「図：編集部」）。"
                yield Hit(message=message, hint=hint, place=picture.place)


def embargo(sheet: Sheet) -> Iterator[Hit]:
    """An item that may not be told yet when the issue goes out (17:00 of its date)."""
    sent = issue_datetime(sheet.issue.date)
    for article in sheet.issue.articles:
        until = article.embargo
        if until is None:
            continue
        day, clock = until.first, until.begins or sent.time().min
        if day is None or (day, clock) > (sent.date(), sent.time()):
            message = f"「{article.title}」は解禁日時（{until.text}）より前の配信になります。"
            hint = "この号から外すか、解禁後の発行日にしてください。"
            yield Hit(message=message, hint=hint, place=article.place)


_WHEN = r"(?:\d{1,2}月)?\d{1,2}日(?:[（(][^）)]{1,3}[）)])?[ 　]?(?:(?:午前|午後)?\d{1,2}(?:時(?:\d{1,2}分|半)?|[:：]\d\d)|正午)?"
_OUT = "(?:公表|公開|口外|掲載|配信|報道|発表|転送|転載|拡散|周知)"
_KEPT = "(?:ない|なさらない|お?控え|差し?控|不可|禁止|厳禁|待|ご?遠慮)"
_SECRET = re.compile(
    r"(?:報道|情報|記事|発表|公表|プレス|放送|配信|掲載)(?:の)?解禁(?:日時?|時刻|時間|予定|は|[:：]|後|前|まで)?|解禁(?:日時?|時刻)[:：は]"
    rf"|{_WHEN}(?:以降)?(?:に)?解禁(?=[）)】。予]|$|です|と(?:なり|し)ま)|エンバーゴ"
    rf"|(?:公表|発表|公開|報道|解禁)(?:日|時|時刻|時間)?(?:まで|前)(?:に?は|の)?、?[^。、]{{0,8}}?(?:{_OUT}(?:し|なさ|を|は|も)?{_KEPT}"
    r"|取り?扱い?(?:に)?(?:ご)?注意|お?控え|ご?遠慮|厳秘|内密)"
    rf"|{_OUT}(?:は|を|について)?、?[^。]{{0,6}}{_WHEN}[^。]{{0,10}}?(?:まで|以降)[^。]{{0,8}}(?:{_KEPT}|(?:お願い|し)(?:いた|し|てくだ))"
    rf"|{_WHEN}[^。、]{{0,10}}?(?:まで|以前)(?:に)?は?、?{_OUT}(?:を|は|し)?{_KEPT}"
    r"|(?:未公表|未発表|公表前|発表前)(?:の(?:ため|情報|資料|内容)|につき|情報|資料)"
)


def secret(sheet: Sheet) -> Iterator[Hit]:
    """情報解禁：2月7日, 2月6日の発表までは公開しないでください: what the sender asked for, in a text that goes out to all."""
    for passage in sheet.prose:
        if passage.key != "embargo" and _MAY_BE_SECRET.search(passage.text):
            for match in _SECRET.finditer(passage.text):
                message = f"「{match[0]}」は、公表の時を限る発信元の頼みのようです。"
                hint = "解禁の日時を発信元に確かめ、項目欄の「解禁日時：」に書いて、この言葉を本文から消してください。"
                yield passage.hit(match.span(), message, hint)
                break


_MAY_BE_SECRET = re.compile("解禁|エンバーゴ|控え|待|ないで|不可|禁止|厳禁|未公表|未発表|公表前|発表前|注意|遠慮|内密")


def ran_before(sheet: Sheet) -> Iterator[Hit]:
    """An item that an earlier issue of the same edition ran. A 再掲 says so itself; other editions retell on purpose."""
    seen = _ran(sheet.issue)
    standing = {section.key for section in sheet.masthead.sections if section.standing}
    again = {
        section.key for section in sheet.issue.sections if section.shows == "event"
    } | standing  # a calendar shows what is still to come
    for article in sheet.issue.articles:
        if (
            article.tag == "再掲"
            or article.section in again
            or not article.place.path.startswith((f"issues/{sheet.issue.slug}/", "issues/cases/"))
        ):
            continue
        for identity in _identities(article):
            if identity in seen:
                message = f"「{article.title}」は{seen[identity]}に載せた記事と同じようです。"
                hint = "再び載せるときは「タグ：再掲」を付けてください。"
                yield Hit(message=message, hint=hint, place=article.place)
                break


def _ran(issue: Issue) -> dict[str, str]:
    """Identity → the issue that ran it, newest last so that it wins."""
    seen = {}
    standing = {section.key for section in issue.sections if section.shows == "note"}
    titles = {article.title for article in issue.articles if article.section in standing}
    for earlier in reversed(issue.earlier):
        if earlier.edition == issue.edition:
            for title, identity in earlier.items:
                if title not in titles:
                    seen.update({key: earlier.name for key in (_folded(title), identity) if key})
    return seen


def _identities(article: Article) -> tuple[str, ...]:
    if article.origin:
        return (article.slug,)
    return tuple(key for key in (_folded(article.title), article.link if article.link.count("/") > 3 else "") if key)


def _folded(title: str) -> str:
    return re.sub(r"[\s　]", "", unicodedata.normalize("NFKC", title))


RULES = (
    Rule(
        code="PIC001",
        title="写真の代替文",
        severity=Severity.ERROR,
        reason="写真を表示しない読者（庁内のメールの多く）には、代替文だけが伝わります。",
        source="WCAG 2.2 1.1.1",
        bad='![](images/a.jpg "©京都市")',
        good='![会場で話す参加者](images/a.jpg "©京都市")',
        find=alt_text,
    ),
    Rule(
        code="PIC002",
        title="写真提供の表示",
        severity=Severity.WARNING,
        reason="写真の権利は、配信の前に確かめるものです。",
        source="著作権法 19条",
        bad="![会場で話す参加者](images/a.jpg)",
        good='![会場で話す参加者](images/a.jpg "©京都市")',
        find=credit,
    ),
    Rule(
        code="EMB001",
        title="解禁日時",
        severity=Severity.ERROR,
        reason="解禁前の情報を配信すると、発信元の自治体に迷惑がかかります。",
        source="報道発表の慣行",
        bad="---\n見出し: 新計画を発表\n欄: イクレイ日本の活動\n解禁日時: 2025年2月3日 9:00\n---\n\n計画を発表しました。",
        good="---\n見出し: 新計画を発表\n欄: イクレイ日本の活動\n解禁日時: 2025年1月31日 9:00\n---\n\n計画を発表しました。",
        find=embargo,
    ),
    Rule(
        code="EMB002",
        title="本文に残った解禁の約束",
        severity=Severity.WARNING,
        reason="「2月5日14時解禁」と書かれた知らせを、その前に配信すると、発信元の信用を損ないます。",
        source="報道発表の慣行",
        bad="市は、新しい計画を策定しました。（2月5日14時解禁）",
        good="アユ釣りは、6月1日に解禁されます。",
        find=secret,
    ),
    Rule(
        code="RAN001",
        title="前に載せた記事",
        severity=Severity.WARNING,
        reason="前に載せた記事をもう一度送るときは、そのことを読者に示します。",
        source="同じ版の過去6号との比較",
        bad={"10-a.md": _AGAIN, "../2024-12/issue.md": _LAST, "../2024-12/10-a.md": _AGAIN},
        good={"10-a.md": _AGAIN.replace("---\n\n", "タグ: 再掲\n---\n\n"), "../2024-12/issue.md": _LAST, "../2024-12/10-a.md": _AGAIN},
        find=ran_before,
    ),
)
