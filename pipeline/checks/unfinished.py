"""Rules about what breaks off: a paragraph in the middle of its sentence, a heading or a cell with nothing in it. Passages in, hits out.

Only running text can break off: headings, labels, the lines of an address and what a list carries on are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from pipeline.checks.facts import own
from pipeline.checks.gather import lines
from pipeline.checks.layout import Table, groups, table_of
from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Article, Place, Severity

_SURE = re.compile(  # no Japanese sentence ends like this
    r"(?:[、，]|(?<=[^\sをはが])[をは](?<!では)|(?<=[一-龠々ァ-ヶー])へ|(?:(?<=[一-龠々])[しきりいえけせてめれげべみび]?|てい|でき|られ|され|れて|ござい|いただき)ま|まし|でし|くださ|いたし"
    r"|こととし|としまし|ており|および|及び|並びに|または|又は|かつ|しかし|さらに|について|に関する|に向けた|のための|とする|による|により|における)$"
)
_LIKELY = re.compile(r"(?:[がにとのもで]|て|ても|として|するため|ために|ながら|ほか)$")
_NO_END = re.compile(
    r"(?:まで|から|より|もの|こと|とき|ところ|ひと|まち|ため|など|ほど|ほか|ふるさと|おと|しごと|いのち|もと|どの|あと|こちらで|それぞれに)$|(?:[一-龠]の|みの|との)$"
)
_CLOSED = re.compile(r"(?:です|ます|ました|でした|ません|ください|ましょう)$")
_WHOLE = re.compile(r"[。！？!?」』）)〕】…:：]$")
_LABEL = re.compile(rf"^[\s{BLANK}・○●◯◇◆■□▼▽※*-]*[^。、：:]{{1,16}}[：:]|^https?:|^[\s　]*[一-龠々]{{2,6}}[　 ]")


def breaks_off(sheet: Sheet) -> Iterator[Hit]:
    """計画を策定し、排出量を at the end of a paragraph; a closing sentence without its 。."""
    for article in sheet.issue.articles:
        if article.origin and not article.manuscript:
            continue
        passages = [passage for passage in own(sheet, article) if passage.kind != "field"]
        for passage, after in zip_longest(passages, passages[1:]):
            if passage and passage.kind == "paragraph":
                yield from _end(passage, after)


def _end(passage: Passage, after: Passage | None) -> Iterator[Hit]:
    text = passage.text.rstrip(" 　\n")
    *_, (start, _) = lines(passage)
    last = text[start:]
    if not text or text[-1] == BLANK or _WHOLE.search(text) or len(text) < 8 or _LABEL.search(last):
        return
    running = "。" in text or ("、" in text and len(text) >= 16)
    carried = after is not None and after.kind in ("item", "row", "quote")
    if carried and not text.endswith(("ま", "まし", "でし", "くださ")):
        return
    cut = _SURE.search(last)
    if (cut and (running or len(text) >= 14)) or (running and _LIKELY.search(last) and not _NO_END.search(last)):
        hint = "文の続きが抜けていないか、もとの原稿で確かめてください。"
        yield passage.hit((max(0, len(text) - 8), len(text)), f"段落が「…{text[-8:]}」で途切れています。", hint)
    elif running and not carried and _CLOSED.search(last):
        hint = "続きが抜けていないかを確かめ、「。」を付けてください。"
        yield passage.hit((len(text) - 2, len(text)), f"段落の終わり（…{text[-6:]}）に「。」がありません。", hint)


_DEPTH = re.compile(r"^\s*(#+)")


def empty_parts(sheet: Sheet) -> Iterator[Hit]:
    """A heading with nothing below it, a bullet without a word, an empty cell in a full column, an item that is nothing but its headline."""
    for article in sheet.issue.articles:
        passages = [passage for passage in own(sheet, article) if passage.kind != "field"]
        yield from _headings(passages)
        for group in groups(tuple(passages)):
            if group[0].kind == "row" and (table := table_of(group)):
                yield from _cells(table)
            elif group[0].kind == "item":
                yield from _bullets(group)
    for section in sheet.issue.sections:
        for article in section.articles if section.shows == "article" else ():
            if _is_bare(article):
                hint = "本文を書くか、この号から外してください。"
                yield Hit(message=f"「{article.title}」に本文がありません。", hint=hint, place=article.place)


def _is_bare(article: Article) -> bool:
    said = (article.body.strip(), article.summary, article.start, article.deadline, article.link, article.pictures)
    return not any(said) and article.place != Place(path="")


def _headings(passages: Sequence[Passage]) -> Iterator[Hit]:
    for passage, after in zip_longest(passages, passages[1:]):
        if passage and passage.kind == "heading":
            deeper = after is not None and (after.kind != "heading" or _depth(after) > _depth(passage))
            if not deeper:
                name = passage.raw.strip("# 　")
                yield passage.hit(
                    (0, len(passage.raw)), f"小見出し「{name}」の下に本文がありません。", "本文を書くか、小見出しを消してください。"
                )


def _depth(passage: Passage) -> int:
    match = _DEPTH.match(passage.raw)
    return len(match[1]) if match else 0


def _bullets(items: Sequence[Passage]) -> Iterator[Hit]:
    for item in items:
        if not re.search(r"[^\s　\-*+・○●◯◇◆■□.．)）0-9" + BLANK + "]", item.raw):
            yield item.hit((0, len(item.raw)), "箇条書きに、中身のない行があります。", "内容を書くか、この行を消してください。")


_MAY_BE_EMPTY = re.compile("備考|注|摘要|その他|補足|メモ")
_DAY = re.compile("日$|日時|日程|月日|期日|開催日|曜日|時刻|時間|年度?$")


def _cells(table: Table) -> Iterator[Hit]:
    """An empty cell where every other row has one that is filled; in the first column only under a day, for others may go on from above."""
    for number, head in enumerate(table.header):
        if not head.text or _MAY_BE_EMPTY.search(head.text) or (number == 0 and not _DAY.search(head.text)):
            continue
        column = table.column(number)
        empty = [cell for cell in column if not cell.text]
        if len(column) == len(table.rows) and len(empty) == 1 and len(column) >= 3:
            cell = empty[0]
            message = f"表の「{head.text}」の欄が1か所だけ空です。"
            span = (max(0, cell.start - 1), min(len(cell.passage.raw), cell.start + 1))
            yield cell.passage.hit(span, message, "内容を書いてください。なければ「－」を入れます。")


RULES = (
    Rule(
        code="COMP011",
        title="途切れた文",
        severity=Severity.WARNING,
        reason="原稿を貼り付けるときに文の終わりが切れると、いちばん大事な結びが読者に届きません。",
        source="編集の現場で起きる間違い（編集者の慣行）",
        bad="京都市は、新しい計画を策定し、2030年までに排出量を",
        good="京都市は、新しい計画を策定し、2030年までに排出量を半減させます。",
        find=breaks_off,
    ),
    Rule(
        code="COMP012",
        title="中身のない見出しや欄",
        severity=Severity.WARNING,
        reason="空の欄や見出しは、消し忘れか書き忘れのどちらかで、読者には区別がつきません。",
        source="編集の現場で起きる間違い（編集者の慣行）",
        bad="京都市は、計画を策定しました。\n\n### 今後の予定",
        good="京都市は、計画を策定しました。\n\n### 今後の予定\n\n4月に始めます。",
        find=empty_parts,
    ),
)
