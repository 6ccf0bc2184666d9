"""Rules about the words of an item that ask readers to act, and about entries that were begun and left empty. Records in, findings out.

The items that invite by their tag, headline or address are ``complete``'s; here only what the text itself asks for is held against what it gives.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.complete import ADDRESS, OPEN_END, WAY, body_of, hollow, inviting, is_limited, title_of
from pipeline.checks.facts import facts, own
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Article, Severity

_CALLS = re.compile(
    r"(?:お?申し?込み?|ご?応募|エントリー)(?:は、?[^。]{0,20}|を[^。]{0,12}|の[^。、]{0,8}を|して)?(?:ください|下さい|お待ちして|お願い(?:し|いた)|受け?付け(?:ます|てい|中))"
    r"|(?:どなたでも|誰でも)[、]?応募(?:でき|いただけ)|ふるって(?:ご参加|ご応募)|お寄せ(?:ください|いただき)|ご(?:提案|意見|投稿|寄稿)(?:ください|を[^。]{0,8}お待ちして)"
    r"|(?<!を)(?:を|も)(?:広く)?(?:募集(?:します|してい(?:ます|る)|中です|いたします)|公募(?:します|しています)|募って(?:います|おり)|募ります)"
    r"|(?:申請|申込み?|応募|意見|作品)(?:を|の受付を)[^。、]{0,10}(?:受け?付け(?:ます|ています)|開始します|始めます)|(?:アンケート|調査)(?:に|への)、?ご(?:協力|回答)[^。]{0,6}(?:ください|お願い)"
)


_CALLING = (
    "ください",
    "下さい",
    "待ち",
    "願い",
    "受付",
    "受け付",
    "募集",
    "公募",
    "募って",
    "募り",
    "応募",
    "お寄せ",
    "始め",
    "開始",
    "ふるって",
)


def _called(sheet: Sheet) -> Iterator[tuple[Article, Passage, Passage, re.Match[str]]]:
    """The items of which only the text asks readers to apply or to write: (item, headline, passage, words)."""
    certain = {article.slug for article, _ in inviting(sheet)}
    standing = {section.key for section in sheet.issue.sections if section.shows in ("note", "case")}
    for article in sheet.issue.articles:
        if article.slug in certain or article.section in standing or article.origin or article.tag == "開催報告":
            continue
        title = title_of(sheet, article)
        for passage in own(sheet, article) if title else ():
            if passage.kind not in ("paragraph", "item") or not any(word in passage.text for word in _CALLING):
                continue
            match = _CALLS.search(passage.unquoted)
            if title and match and not _told_of_others(passage.text, match):
                yield article, title, passage, match
                break


_THEIRS = re.compile("(?:委員会|協議会|保存会|財団|基金|協会|組合|機構|会社|同社|同会|団体|学会|大学|法人|[省庁国])(?:は|では)、")


def _told_of_others(text: str, match: re.Match[str]) -> bool:
    """Whether the sentence reports what somebody asked for earlier, or says that it is over."""
    end = text.find("。", match.end())
    sentence = text[text.rfind("。", 0, match.start()) + 1 : end if end >= 0 else len(text)]
    if _THEIRS.search(text[text.rfind("。", 0, match.start()) + 1 : match.start()]):
        return True
    return bool(re.search(r"ました|終了|締め切り|昨年|前回|次号|次回|予定|今後|改めて|後日|毎年|例年|対象に募集してい", sentence))


def called_without_way(sheet: Sheet) -> Iterator[Hit]:
    """お申し込みください in an item that says neither where to nor until when."""
    for article, _, passage, match in _called(sheet):
        body = body_of(sheet, article)
        if (
            article.link
            or article.contact
            or ADDRESS.search(body)
            or "](" in body
            or WAY.search(body)
            or OPEN_END.search(body.replace("先着", ""))
        ):
            dated = (
                article.deadline or article.link or OPEN_END.search(body) or any(fact.kind == "deadline" for fact in facts(sheet, article))
            )
            if dated or any(is_limited(sheet, part) for part in own(sheet, article) if part.kind != "field"):
                continue
            hint = "「締切：2025年2月14日（金）17:00」のように書くか、本文に「先着順」「随時」「申込不要」などと書いてください。"
            yield passage.hit(match.span(), f"「{match[0]}」とありますが、締切がありません。", hint)
        else:
            hint = "「申込：」か「詳細：」にURLかメールアドレスを書くか、本文に申込みの方法を書いてください。"
            yield passage.hit(match.span(), f"「{match[0]}」とありますが、申込み・応募の方法がありません。", hint)


_ENTRIES = {"start": "日時", "place": "会場", "fee": "参加費", "host": "主催", "apply": "申込", "contact": "問合せ先", "deadline": "締切"}
_UNSAID = re.compile(r"[（(]?(?:未記入|要記入|未入力|要入力|記入|入力|空欄|別途お?知らせ|追って連絡|後日連絡|[-－―ー?？]{1,4})[)）]?")


def hollow_entries(sheet: Sheet) -> Iterator[Hit]:
    """The one entry of an invitation that was left empty: its others are filled, so it is no line of the pattern left over."""
    certain = {article.slug for article, _ in inviting(sheet)}
    for article in sheet.issue.articles:
        manuscript = article.manuscript
        empty = [entry.key for entry in manuscript.entries if entry.start >= entry.end] if manuscript else []
        if len(empty) == 1 and empty[0] in _ENTRIES and not article.origin and (article.slug in certain or article.start):
            place = hollow(article, empty[0])
            if place and not _is_said_elsewhere(empty[0], body_of(sheet, article), invites=article.slug in certain):
                hint = "中身を書くか、要らなければ行ごと消してください。"
                yield Hit(message=f"「{_ENTRIES[empty[0]]}：」の欄が空です。", hint=hint, place=place)
        for passage in own(sheet, article):
            said = passage.raw.strip()
            if passage.key in _ENTRIES and (_UNSAID.fullmatch(said) or (passage.key == "apply" and not _is_way(said))):
                hint = "決まった内容を書いてください。決まっていなければ「未定」「調整中」と書きます。"
                if passage.key == "apply":
                    hint = "URLかメールアドレス、または「電話で」「窓口で」などの方法を書いてください。申込みが要らなければ「申込不要」と書きます。"
                yield passage.hit((0, len(passage.raw)), f"「{_ENTRIES[passage.key]}：」が「{said}」のままです。", hint)


def _is_said_elsewhere(key: str, body: str, *, invites: bool) -> bool:
    """Whether another rule speaks of this entry, or nobody needs it."""
    if key == "deadline":
        return not invites or not OPEN_END.search(body)
    return invites and key not in ("host", "fee")


def _is_way(said: str) -> bool:
    return bool(ADDRESS.search(said) or WAY.search(said) or re.search("@|不要|当日|先着|随時|直接|自由|要りません|詳細", said))


_HEAD = "---\n見出し: 食品ロスの取組\n欄: 会員自治体ニュース\n自治体: 京都市\n{}---\n\n{}\n"

RULES = (
    Rule(
        code="COMP013",
        title="呼びかけに応える方法",
        severity=Severity.WARNING,
        reason="「お申し込みください」とあっても、どこへ、いつまでにかが分からなければ、読者は応えられません。",
        source="校正の目録 35、記事の決まり（締切・申込・問合せ先）",
        bad=_HEAD.format("", "講座を開きます。参加を希望される方は、お申し込みください。"),
        good=_HEAD.format("詳細: https://www.example.jp/a/\n", "講座を開きます。参加を希望される方は、お申し込みください。"),
        find=called_without_way,
    ),
    Rule(
        code="COMP014",
        title="空の項目欄",
        severity=Severity.WARNING,
        reason="一つだけ空の欄は、後で書くつもりで忘れたものです。",
        source="記事の決まり（日時・会場・締切・申込・問合せ先）",
        bad=_HEAD.format(
            "タグ: 参加者募集\n日時: 2025-02-27 14:00～16:00\n会場: 市民会館\n参加費:\n締切: 2025年2月14日（金）\n申込: https://www.example.jp/form/\n問合せ先: 環境課　a@example.jp\n",
            "セミナーを開きます。",
        ),
        good=_HEAD.format(
            "タグ: 参加者募集\n日時: 2025-02-27 14:00～16:00\n会場: 市民会館\n参加費: 無料\n締切: 2025年2月14日（金）\n申込: https://www.example.jp/form/\n問合せ先: 環境課　a@example.jp\n",
            "セミナーを開きます。",
        ),
        find=hollow_entries,
    ),
)
