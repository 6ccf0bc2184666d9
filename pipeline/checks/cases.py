"""Rules about case studies: the length and the readers of an edition; and beside their sources, terms and numbers of the translation.

The comparing itself is ``translation.py``; its tables take 40 ms to set up, so it is only loaded for issues that hold a case.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Article, Finding, Original, Place, Severity, Term


def terms(sheet: Sheet) -> Iterator[Hit]:
    """A term of the source none of whose accepted forms stands in the Japanese."""
    if sheet.originals:
        from pipeline.checks import translation

        yield from _hits(translation.terms(sheet.issue.articles, sheet.originals, glossary=sheet.glossary, day=sheet.issue.date))


def numbers(sheet: Sheet) -> Iterator[Hit]:
    """A number of the source that is not in the Japanese, in whatever scale or unit."""
    if sheet.originals:
        from pipeline.checks import translation

        yield from _hits(translation.numbers(sheet.issue.articles, sheet.originals))


def strange_numbers(sheet: Sheet) -> Iterator[Hit]:
    """A number of the summary or the text that the source does not have; one finding a case. What stands under 編集部から is ours."""
    if not sheet.originals:
        return
    from pipeline.checks import translation

    for article in sheet.issue.articles:
        original = sheet.originals.get(article.slug)
        if not (article.origin and original and article.origin.language.lower().startswith("en")):
            continue
        told = f"{original.body}\n{article.origin.title}"
        published = article.origin.published
        years = f"\n{published.year} {published.year - 1} {published.year + 1}" if published else ""
        found = [
            (passage, quantity)
            for passage in _translated(sheet, article)
            for quantity in translation.strange_numbers(told, years, passage.text.replace(BLANK, " "))
        ]
        if found:
            (passage, first), more = found[0], list(dict.fromkeys(quantity.text for _, quantity in found[1:]))
            at = max(0, passage.text.find(first.text))
            others = f"（ほかに「{'」「'.join(more[:3])}」）" if more else ""
            message = f"「{passage.raw[at : at + len(first.text) + 1]}」にあたる数が、原文（{original.place.path}）にありません{others}。"
            hint = "けた、単位、日付を原文と見比べてください。原文にない補足なら、「編集部から」に書きます。"
            yield passage.hit((at, at + len(first.text)), message, hint)


def roles(sheet: Sheet) -> Iterator[Hit]:
    """副会長 where the source has a president, 会長 where it has only a vice president; 4日間 where it has 15 to 17 October."""
    for article in sheet.issue.articles:
        original = sheet.originals.get(article.slug)
        if not (article.origin and original and original.body.strip() and article.origin.language.lower().startswith("en")):
            continue
        from pipeline.checks import translation

        source = f"{original.body}\n{article.origin.title}"
        for passage in _translated(sheet, article):
            for start, end, why in (*translation.wrong_roles(source, passage.text), *translation.wrong_days(source, passage.text)):
                yield passage.hit((start, end), why, f"原文（{original.place.path}）と見比べてください。")


def _translated(sheet: Sheet, article: Article) -> Iterator[Passage]:
    """Title, summary and body of a case as far as they are the source's."""
    for passage in sheet.passages:
        if passage.article is article:
            if passage.kind == "heading" and "編集部から" in passage.text:
                return
            if passage.key in ("", "title", "summary"):
                yield passage


def links(sheet: Sheet) -> Iterator[Hit]:
    """A link of the source that the Japanese has lost."""
    if sheet.originals:
        from pipeline.checks import translation

        yield from _hits(translation.links(sheet.issue.articles, sheet.originals))


def lengths(sheet: Sheet) -> Iterator[Hit]:
    """The length that this edition runs: a summary of 200–300 characters, or the whole text."""
    whole = sheet.masthead.edition(sheet.issue.edition).template == WHOLE
    for article in sheet.issue.articles:
        if article.origin and (article.body.strip() or article.summary):
            wrong = _no_body(article) if whole else _wrong_summary(article)
            if wrong:
                hint = "日本語のファイルに本文を書いてください。" if whole else f"{SUMMARY[0]}～{SUMMARY[1]}字で「要約」を書いてください。"
                yield Hit(message=wrong, hint=hint, place=article.place)


def _no_body(article: Article) -> str:
    return "" if article.body.strip() else f"「{article.title}」に本文がなく、全文を載せる版に要約だけが載ります。"


def _wrong_summary(article: Article) -> str:
    length = len(re.sub(r"\s", "", article.summary))
    if not length:
        public = article.origin is not None and article.origin.visibility == "public"
        shown = "全文がそのまま載ります" if public else "題名と出典だけが載ります（全文は会員限定です）"
        return f"「{article.title}」に要約がありません。このままでは{shown}。"
    least, most = FAR
    return "" if least <= length <= most else f"「{article.title}」の要約が{length}字あります（目安は{SUMMARY[0]}～{SUMMARY[1]}字）。"


def audience(sheet: Sheet) -> Iterator[Hit]:
    """The whole text of a case for members in an edition that goes to everybody."""
    edition = sheet.masthead.edition(sheet.issue.edition)
    for article in sheet.issue.articles if edition.template == WHOLE and not edition.audience else ():
        if article.origin and article.origin.visibility != "public":
            message = f"「{article.title}」は会員限定ですが、この版は宛先を限っていません。"
            hint = 'newsletter.toml のこの版に audience = "会員自治体" と書くか、公開してよい事例なら「公開範囲：public」と書いてください。'
            yield Hit(message=message, hint=hint, place=article.place)


def beside_source(article: Article, original: Original, *, glossary: tuple[Term, ...], day: date) -> tuple[Finding, ...]:
    """What the three rules say of one case, for who reviews it; ``day``: when the glossary must hold."""
    from pipeline.checks import translation

    originals = {article.slug: original}
    return (
        *translation.terms((article,), originals, glossary=glossary, day=day),
        *translation.numbers((article,), originals),
        *translation.links((article,), originals),
    )


def _hits(findings: Iterable[Finding]) -> Iterator[Hit]:
    for finding in findings:
        yield Hit(message=finding.message, hint=finding.hint, place=finding.place or Place(path=""), severity=finding.severity)


WHOLE = "cases"  # the template that runs whole texts; all others run summaries
SUMMARY = (200, 300)
FAR = (150, 360)  # outside it is another kind of text: a line, or the whole story
_ISSUE = "---\n版: monthly\n発行日: 2025-01-31\n件名: 2025年1月号\n導入文: 今号：見本\n事例: x/2025-01-06-a\n---\n\n巻頭言です。\n"
_SOURCE = (
    "---\nfeed: x\nentry_id: 1\nurl: https://example.com/a\noriginal_title: A\npublisher: ICLEI Europe\nlanguage: en\n"
    "published: 2025-01-06\n---\n\nThe city invests US$300 billion in biodiversity.\n"
)
_CASE = "---\n見出し: 投資を決める\n---\n\n市は{}に{}を投じます。\n"


def _example(what: str, money: str) -> dict[str, str]:
    stem = "../cases/x/2025-01-06-a"
    return {"issue.md": _ISSUE, f"{stem}.source.md": _SOURCE, f"{stem}.md": _CASE.format(what, money)}


def _said(source: str, ours: str) -> dict[str, str]:
    example = _example("生物多様性", "3,000億米ドル")
    stem = "../cases/x/2025-01-06-a"
    return example | {f"{stem}.source.md": f"{example[f'{stem}.source.md']}{source}\n", f"{stem}.md": f"{example[f'{stem}.md']}{ours}\n"}


def _linked(text: str) -> dict[str, str]:
    source = _SOURCE.replace("biodiversity.", "biodiversity. See the [plan](https://example.com/plan).")
    case = _CASE.format("生物多様性", f"3,000億米ドル（{text}）")
    return _example("", "") | {"../cases/x/2025-01-06-a.source.md": source, "../cases/x/2025-01-06-a.md": case}


def _summary(characters: int) -> dict[str, str]:
    example = _example("生物多様性", "3,000億米ドル")
    case = "../cases/x/2025-01-06-a.md"
    return example | {case: example[case].replace("見出し:", f"要約: {'市の投資。' * (characters // 5)}\n見出し:")}


def _for_whom(audience: str) -> dict[str, str]:
    example = _example("生物多様性", "3,000億米ドル")
    change = f'audience = "会員自治体" => audience = "{audience}"'
    return example | {"issue.md": _ISSUE.replace("monthly", "cases"), "newsletter.toml": change}


RULES = (
    Rule(
        code="CASE006",
        title="要約と本文の長さ",
        severity=Severity.WARNING,
        reason="定期号は要約（200～300字）、海外事例便りは全文を載せます。長い記事がそのまま入ると、ほかの記事が読まれません。",
        source="編集の慣行",
        bad=_summary(60),
        good=_summary(240),
        find=lengths,
    ),
    Rule(
        code="CASE007",
        title="会員限定の事例の宛先",
        severity=Severity.ERROR,
        reason="翻訳した事例の全文は会員の特典です。会員限定の事例を、全読者に送りません。",
        source="公開範囲",
        bad=_for_whom(""),
        good=_for_whom("会員自治体"),
        find=audience,
    ),
    Rule(
        code="GLO001",
        title="用語集の表記",
        severity=Severity.WARNING,
        reason="用語や固有名の訳が号ごとに揺れると、読者は同じものだと気づけません。",
        source="issues/glossary.csv",
        bad=_example("生きものの豊かさ", "3,000億米ドル"),
        good=_example("生物多様性", "3,000億米ドル"),
        find=terms,
    ),
    Rule(
        code="NUM001",
        title="訳文の数",
        severity=Severity.WARNING,
        reason="金額のけたや日時は、訳すときに最も間違えやすく、読者には確かめようがありません。",
        source="原文との照合",
        bad=_example("生物多様性", "300億米ドル"),
        good=_example("生物多様性", "3,000億米ドル"),
        find=numbers,
    ),
    Rule(
        code="NUM002",
        title="原文にない数",
        severity=Severity.WARNING,
        reason="要約を書くときに打ち間違えた日付や数は、本文が正しいだけに見逃されます。",
        source="原文との照合",
        bad=_example("生物多様性", "3,000億米ドル（2030年まで）"),
        good=_example("生物多様性", "3,000億米ドル"),
        find=strange_numbers,
    ),
    Rule(
        code="TRA004",
        title="訳文の肩書と日数",
        severity=Severity.WARNING,
        reason="副会長を会長と書く誤りや、日数の数え違いは、原文を見なければ気づけません。",
        source="原文との照合",
        bad=_said("The First Vice President of ICLEI spoke.", "イクレイの会長が話しました。"),
        good=_said("The First Vice President of ICLEI spoke.", "イクレイの第一副会長が話しました。"),
        find=roles,
    ),
    Rule(
        code="TRA003",
        title="訳文のリンク",
        severity=Severity.WARNING,
        reason="手で訳すと、原文のリンクを落としやすく、読者は元の資料にたどり着けません。",
        source="原文との照合",
        bad=_linked("計画"),
        good=_linked("[計画](https://example.com/plan)"),
        find=links,
    ),
)
