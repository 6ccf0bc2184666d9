"""Rules about what the subject, the lead line and the opening announce: so many cases, so many calls, a title in 「」. Passages in, hits out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.numerals import RUN, form, value_of
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import TAGS, Severity

_CASES = re.compile(
    r"(?:海外(?:自治体の)?(?:取組)?事例|今月の事例)(?:は|を)?(?P<a>\d{1,2})(?:件|つ|本)|(?P<b>\d{1,2})(?:件|つ|本)の(?:海外)?事例"
)
_TAGGED = re.compile(
    rf"(?P<tag>参加者募集|意見募集|開催報告)(?:は|が|を|など)?(?P<n>{RUN})件|(?P<m>{RUN})件の(?P<tag2>参加者募集|意見募集|開催報告)"
)


def announced(sheet: Sheet) -> Iterator[Hit]:
    """海外事例3件, 意見募集2件 in the lead line or the opening of an issue that holds fewer or more."""
    articles = sheet.issue.articles
    cases = sum(article.origin is not None for article in articles)
    tagged = {tag: sum(article.tag == tag for article in articles) for tag in TAGS}
    for passage in sheet.prose:
        text = form(passage.text) if passage.article is None else ""
        for match in _CASES.finditer(text) if cases and "事例" in text else ():
            if int(match["a"] or match["b"]) != cases:
                yield _differs(passage, match.span(), f"この号の海外事例は{cases}件です")
        for match in _TAGGED.finditer(text) if "件" in text else ():
            tag, said = match["tag"] or match["tag2"], int(value_of(match["n"] or match["m"]))
            called = sum(tag[:2] in article.title and tag[-2:] in article.title and article.tag != tag for article in articles)
            if articles and not tagged[tag] <= said <= tagged[tag] + called:
                yield _differs(passage, match.span(), f"この号の＜{tag}＞は{tagged[tag]}件です")


def _differs(passage: Passage, span: tuple[int, int], why: str) -> Hit:
    hint = "記事の数を数え、どちらかを直してください。"
    return passage.hit(span, f"「{passage.raw[slice(*span)]}」とありますが、{why}。", hint)


_QUOTED = re.compile(r"「([^「」]{2,40})」|『([^『』]{2,40})』")


def quoted_titles(sheet: Sheet) -> Iterator[Hit]:
    """会員研修「雪とまち」 in the subject of an issue none of whose items says so."""
    told = [_bare(passage.raw) for passage in sheet.prose if passage.article]
    for passage in sheet.prose:
        if passage.article is None and passage.key in ("subject", "lead_line") and told:
            for match in _QUOTED.finditer(passage.raw):
                name = _bare(match[1] or match[2])
                if not any(name in text for text in told):
                    message = f"{'件名' if passage.key == 'subject' else '導入文'}の「{match[1] or match[2]}」が、どの記事にもありません。"
                    yield passage.hit(match.span(), message, "記事の中の名前と見比べ、書き間違いがないか確かめてください。")


def _bare(text: str) -> str:
    return re.sub(r"[\s　*・]", "", form(text))


_HEAD = "---\n版: monthly\n発行日: 2025-01-31\n件名: イクレイ日本e-News 2025年1月号｜{}\n導入文: 今号：{}\n---\n\n巻頭言です。\n"
_ITEM = "---\n見出し: 会員研修「雨とまち」を開催\n欄: イクレイ日本の活動\nタグ: 開催報告\n---\n\n1月15日に開きました。\n"

RULES = (
    Rule(
        code="CNT019",
        title="件名・導入文の件数",
        severity=Severity.WARNING,
        reason="記事を足したり外したりした後、導入文の件数だけが古いまま残ります。",
        source="導入文と記事の照合（編集部の慣行）",
        bad={"issue.md": _HEAD.format("会員研修の報告", "開催報告2件"), "10-a.md": _ITEM},
        good={"issue.md": _HEAD.format("会員研修の報告", "開催報告1件"), "10-a.md": _ITEM},
        find=announced,
    ),
    Rule(
        code="SUBJ010",
        title="件名・導入文の題名",
        severity=Severity.WARNING,
        reason="件名は最後に手で打つため、催しの題名を間違えやすく、約1,400名がまず読みます。",
        source="件名と記事の照合（編集部の慣行）",
        bad={"issue.md": _HEAD.format("会員研修「雪とまち」", "会員研修の報告"), "10-a.md": _ITEM},
        good={"issue.md": _HEAD.format("会員研修「雨とまち」", "会員研修の報告"), "10-a.md": _ITEM},
        find=quoted_titles,
    ),
)
