"""Rules about single items: an ``Issue`` in, findings with the item's place out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pipeline.model import Article, Finding, Issue, Severity, issue_datetime

_FILE_NAME = re.compile(r"(?i)^[\w.-]+\.(jpe?g|png|gif|heic|webp)$|^(IMG|DSC|スクリーンショット|無題)")


def alt_text(issue: Issue) -> Iterator[Finding]:
    """PIC001: a picture that readers without pictures (and screen readers) know nothing of."""
    for article in issue.articles:
        for picture in article.pictures:
            if not picture.alt or _FILE_NAME.match(picture.alt):
                what = f"がファイル名のまま（{picture.alt}）です" if picture.alt else "がありません"
                message = f"「{article.title}」の写真 {picture.source} の代替文{what}。"
                hint = "写真が表示されない読者にも伝わるよう、何が写っているかを20～40字で書いてください。"
                severity = Severity.WARNING if picture.alt else Severity.ERROR
                yield Finding(code="PIC001", severity=severity, message=message, hint=hint, place=picture.place)


def credit(issue: Issue) -> Iterator[Finding]:
    """PIC002: a picture without credit; rights are asked for before it goes out, not after."""
    for article in issue.articles:
        for picture in article.pictures:
            if not picture.credit:
                message = f"「{article.title}」の写真 {picture.source} に写真提供の表示がありません。"
                hint = "「写真提供：©京都市」のように書いてください（自分たちで作った図は「図：編集部」）。"
                yield Finding(code="PIC002", severity=Severity.WARNING, message=message, hint=hint, place=picture.place)


def embargo(issue: Issue) -> Iterator[Finding]:
    """EMB001: an item that may not be told yet when the issue goes out (17:00 of its date)."""
    sent = issue_datetime(issue.date)
    for article in issue.articles:
        until = article.embargo
        if until is None:
            continue
        day, clock = until.first, until.begins or issue_datetime(issue.date).time().min
        if day is None or (day, clock) > (sent.date(), sent.time()):
            message = f"「{article.title}」は解禁日時（{until.text}）より前の配信になります。"
            hint = "この号から外すか、解禁後の発行日にしてください。"
            yield Finding(code="EMB001", severity=Severity.ERROR, message=message, hint=hint, place=article.place)


def ran_before(issue: Issue) -> Iterator[Finding]:
    """RAN001: an item that an earlier issue of the same edition ran. A 再掲 says so itself; other editions retell on purpose."""
    seen = _ran(issue)
    for article in issue.articles:
        if article.tag == "再掲" or not article.place.path.startswith((f"issues/{issue.slug}/", "issues/cases/")):
            continue
        for identity in _identities(article):
            if identity in seen:
                message = f"「{article.title}」は{seen[identity]}に載せた記事と同じようです。"
                hint = "再び載せるときは「タグ：再掲」を付けてください。"
                yield Finding(code="RAN001", severity=Severity.WARNING, message=message, hint=hint, place=article.place)
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
