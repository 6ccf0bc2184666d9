"""The rule about two dates of one thing: title and 日時, label line and entry, prose and 締切, the calendar and the article, the lead line and both.

Records in, findings out. It compares only what certainly speaks of the same event; dates with a wrong weekday are somebody else's finding.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from itertools import combinations

from pipeline.checks.dated import chains, dates_in, texts
from pipeline.checks.facts import Fact, facts, own
from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.dates import Written, read_clocks
from pipeline.model import Article, Severity

Chain = tuple[Written, ...]

_HELD = re.compile(r"開催し|開催され|開催(?:い|の)|開き|開かれ|行い|行われ|実施し|実施され|始まり")
_OTHER = re.compile(
    r"事前の?(?:研修|学習|講習|打合|打ち合|勉強|準備|説明|顔合)|オリエンテーション|顔合わせ|下見|予備日|"
    r"プレ|前日|翌日|説明会|関連|併せて|あわせて|サイド|前回|次回|昨年|去年|来年|一次|二次|早期|早割|抽選|キャンセル|郵送|質問|第[0-9０-９一二三四五]+回目|"
    r"受付|申し?込|応募|締め?切|まで|公表|発表|決定|開会|延期|変更|中止|リハーサル|見学|ツアー|懇親|オプション|アンケート|見逃し|アーカイブ|分科会|初日|最終日"
)
_NO_EVENT = re.compile(
    r"^[ \ue000]*[)）]?[ \ue000]*(?:まで|締め?切|〆切|必着|発表|公表|公開|発行|付|現在|時点|更新|号|から|より|受付|スタート|オープン)"
)
_UNTIL = re.compile(r"^[ \ue000]*(?:[(（][^（）()]{0,8}[)）])?(?:まで|締め?切|〆切|必着)")
_CUT = re.compile(
    r"(?:を|に|が|で|の|へ)(?:開催|実施|参加|開き|開く|登壇|主催|報告|発表|募集|開幕|ご?案内).*$|[（(【＜<].*$|(?:の|を)?(?:参加者)?募集.*$|を?開催.*$"
)


def disagreement(sheet: Sheet) -> Iterator[Hit]:
    """Two dates of one event, or two deadlines of one item, that are not the same."""
    events: list[tuple[str, Article, Fact]] = []
    for article in sheet.issue.articles:
        stated = facts(sheet, article)
        event = _event(stated)
        yield from _title(sheet, article, stated)
        yield from _twice(stated)
        if event:
            yield from _prose(sheet, article, stated, event)
            yield from _hours(sheet, article, event)
            events.append((core(article.title), article, event))
    yield from _calendar(events)
    yield from _elsewhere(sheet, {name: (article, event) for name, article, event in reversed(events) if len(name) >= 6})


def _title(sheet: Sheet, article: Article, stated: tuple[Fact, ...]) -> Iterator[Hit]:
    """（3月14日） in the title against 日時, 2月14日締切 against 締切."""
    event = _event(stated)
    deadlines = [fact for fact in stated if fact.kind == "deadline"]
    for passage in own(sheet, article):
        for chain in chains(dates_in(sheet, passage)) if passage.key == "title" else ():
            until = _UNTIL.match(passage.text[chain[-1].end :])
            if until or any(not _differs(chain, fact) for fact in deadlines):
                if until and deadlines and all(_apart_days(chain[-1], fact.dates[-1]) for fact in deadlines):
                    yield _hit(passage, chain, deadlines[0], "見出しの締切", "締切")
            elif event and not _NO_EVENT.match(passage.text[chain[-1].end :]) and _differs(_series(passage, chain, event), event):
                yield _hit(passage, chain, event, "見出しの日付", "日時")


def _series(passage: Passage, chain: Chain, event: Fact) -> Chain:
    """Of 全4回（5月14日～6月4日） only the first day, where 日時 says no more than that."""
    series = len(event.dates) == 1 and re.search(r"全[0-9０-９一二三四五六七八九十]+回|連続|毎週|シリーズ|講座", passage.text)
    return chain[:1] if series else chain


def _event(stated: tuple[Fact, ...]) -> Fact | None:
    """The item's own date: its 日時, else a label line, if there is only one of them."""
    events = [fact for fact in stated if fact.kind == "event"]
    entries = [fact for fact in events if fact.passage.key == "start"]
    lone = entries[:1] or (events if len(events) == 1 else [])
    return lone[0] if lone and all(written.day and not written.wrong_weekday for written in lone[0].dates) else None


def _differs(chain: Chain, fact: Fact) -> bool:
    """Whether dates are no part of a fact's: year-less ones by month and day alone."""
    if any(written.day is None or written.wrong_weekday for written in chain):
        return False
    return not all(_within(written, fact) for written in chain)


def _within(written: Written, fact: Fact) -> bool:
    if fact.first is None or fact.last is None:
        return True
    days = [day for day in written.candidates if fact.first <= day <= fact.last]
    listed = [(own.month, own.day_number) for own in fact.dates]
    alike = (written.month, written.day_number) in listed and not (written.has_year and written.day not in [own.day for own in fact.dates])
    return alike or (bool(days) and fact.is_range)


def _hit(passage: Passage, chain: Chain, fact: Fact, what: str, other: str, *, severity: Severity | None = None) -> Hit:
    span = (chain[0].start, chain[-1].end)
    written = re.sub(f"{BLANK}+", "", passage.text[span[0] : span[1]])
    message = f"{what}（{written}）が、{other}（{fact.text}）と違います。"
    hint = f"どちらが正しいかを、発信元に確かめてください（{fact.passage.place(fact.span[0])}）。"
    return passage.hit(span, message, hint, severity=severity)


def _twice(stated: tuple[Fact, ...]) -> Iterator[Hit]:
    """A label line in the body against the entry of the same kind."""
    for kind, what in (("event", "日時"), ("deadline", "締切")):
        entries = [fact for fact in stated if fact.kind == kind and fact.passage.key in ("start", "deadline")]
        others = [fact for fact in stated if fact.kind == kind and fact.source in ("label", "prose")]
        told = [fact for fact in others if fact.source == "label"]
        for fact in others:
            against = entries or ([told[0]] if fact.source == "prose" and len(told) == 1 else [])
            if against and not _OTHER_DEADLINE.search(fact.sentence) and _apart(fact, against[0]):
                mild = Severity.WARNING if fact.source == "prose" and len([one for one in others if one.source == "prose"]) > 1 else None
                yield _hit(fact.passage, fact.dates, against[0], f"本文の{what}", what, severity=mild)


_OTHER_DEADLINE = re.compile(
    r"満たない|空きが|追加募集|早期|早割|一次|第1次|二次|抽選|キャンセル|郵送(?:は|の場合|分)|消印|質問|見逃し|アーカイブ|アンケート|返信|延長|当日|説明会|入金|支払|振込|第[0-9０-９一二三四五]+回|分科会|懇親|"
    r"委任状|議案|原稿|欠席|要旨|推薦状|報告書|領収|請求書|手話|要約筆記|託児|保育|車椅子|車いす|宿泊|昼食|弁当"
)


def _apart(fact: Fact, other: Fact) -> bool:
    if fact.kind == "event":
        return _differs(fact.dates, other) if not fact.is_range or other.is_range else False
    return _apart_days(fact.dates[-1], other.dates[-1])


def _apart_days(written: Written, other: Written) -> bool:
    """Whether two deadlines are certainly not the same day."""
    if written.day is None or other.day is None or written.wrong_weekday or other.wrong_weekday:
        return False
    if (written.month, written.day_number) != (other.month, other.day_number):
        return True
    return written.has_year and other.has_year and written.day != other.day


def _prose(sheet: Sheet, article: Article, stated: tuple[Fact, ...], event: Fact) -> Iterator[Hit]:
    """3月15日に開催します against 日時：3月14日: the only date of the body's sentence, a few weeks away at most."""
    if event.first is None:
        return
    taken = {(fact.passage.path, fact.span) for fact in stated}
    for passage in own(sheet, article):
        if passage.kind not in ("paragraph", "item"):
            continue
        found = list(chains(dates_in(sheet, passage)))
        for chain in found:
            span = (chain[0].start, chain[-1].end)
            sentence = _sentence(passage.text, span[0])
            alone = sum(sentence[0] <= other[0].start < sentence[1] for other in found) == 1
            text = passage.text[sentence[0] : sentence[1]]
            near = chain[0].day is not None and abs((chain[0].day - event.first).days) <= 31
            behind = passage.text[span[1] : span[1] + 30]
            if (
                alone
                and near
                and (passage.path, span) not in taken
                and _HELD.search(behind)
                and not _OTHER.search(text)
                and _differs(chain, event)
            ):
                yield _hit(passage, chain, event, "本文の日付", "日時", severity=Severity.WARNING)


_EACH = re.compile(rf"(?:^[\s{BLANK}・○●◯◇■□]*(?:時\s*間|時\s*刻|日\s*時)[^:：]{{0,4}}[:：])|(?:各回|毎回|いずれも|両日)(?:とも)?[、]?")


def _hours(sheet: Sheet, article: Article, event: Fact) -> Iterator[Hit]:
    """各回とも13:30～15:00 in the body against the hours of 日時."""
    told = [clock for clock in read_clocks(event.passage.text) if clock.start >= event.dates[0].end]
    if event.passage.key != "start" or not told or told[0].minutes is None:
        return
    for passage in own(sheet, article):
        each = _EACH.search(passage.text) if passage.kind != "field" else None
        clocks = [clock for clock in read_clocks(passage.text) if each and clock.start >= each.end()]
        if each and clocks and clocks[0].start - each.end() <= 24 and not _OTHER_DEADLINE.search(passage.text):
            pair = [clock.minutes for clock in clocks[:2] if clock is clocks[0] or clock.joined]
            entry = [clock.minutes for clock in told[:2] if clock is told[0] or clock.joined]
            if pair[: len(entry)] != entry[: len(pair)]:
                span = (clocks[0].start, clocks[len(pair) - 1].end)
                message = f"本文の時刻（{passage.text[span[0] : span[1]]}）が、日時（{event.passage.text}）と違います。"
                hint = f"どちらが正しいかを、発信元に確かめてください（{event.passage.place(0)}）。"
                yield passage.hit(span, message, hint)


def _sentence(text: str, at: int) -> tuple[int, int]:
    end = text.find("。", at)
    return text.rfind("。", 0, at) + 1, len(text) if end < 0 else end


def core(title: str) -> str:
    """The event's name in a title: what stands in 「」, else the title without 開催, places in brackets and other trimmings; folded."""
    quoted = re.findall(r"[「『]([^「」『』]{5,})[」』]", title)
    name = max(quoted, key=len) if quoted else _CUT.sub("", title)
    return _folded(name)


def _folded(text: str) -> str:
    return re.sub(rf"[\s　{BLANK}「」『』]", "", unicodedata.normalize("NFKC", text)).casefold()


def _calendar(events: list[tuple[str, Article, Fact]]) -> Iterator[Hit]:
    """The calendar's item and the article of the same name."""
    for (name, first, event), (other, second, again) in combinations(events, 2):
        same = len(name) >= 6 and name == other and first.section != second.section
        if same and _differs(again.dates, event) and _differs(event.dates, again):
            yield _hit(again.passage, again.dates, event, f"「{second.title}」の日時", f"「{first.title}」の日時")


def _elsewhere(sheet: Sheet, named: dict[str, tuple[Article, Fact]]) -> Iterator[Hit]:
    """The lead line, the greeting or another item that names an event of this issue with one date right beside it."""
    for passage in texts(sheet):
        if named and passage.key not in ("start", "end", "deadline"):
            own_name = core(passage.article.title) if passage.article else ""
            for chain in chains(dates_in(sheet, passage)):
                before, behind = _folded(passage.text[: chain[0].start][-80:]), _folded(passage.text[chain[-1].end :][:80])
                name = next((name for name in named if name != own_name and _beside(before, behind, name)), "")
                if name and _close(chain, named[name][1].first) and _differs(chain, named[name][1]):
                    what = f"「{named[name][0].title}」の日時"
                    yield _hit(passage, chain, named[name][1], "ここの日付", what, severity=Severity.WARNING)


def _beside(before: str, behind: str, name: str) -> bool:
    """DATEの NAME, NAME（DATE）: nothing but small words between."""
    if name in behind and re.fullmatch(r"[)）]?(?:に|の|、|:|に開催する|に開かれる|に開く)?", behind.partition(name)[0]):
        return True
    return name in before and re.fullmatch(r"(?:を?開催|の開催)?[（(、:は]?", before.rpartition(name)[2]) is not None


def _close(chain: Chain, day: date | None) -> bool:
    return day is not None and chain[0].day is not None and abs((chain[0].day - day).days) <= 60


_ITEM = "---\n見出し: 食品ロスのセミナーを開催（3月{}日）\n欄: 会員自治体ニュース\n日時: 2025-03-14\n---\n\n本文です。\n"

RULES = (
    Rule(
        code="DATE015",
        title="食い違う日付",
        severity=Severity.ERROR,
        reason="見出しと日時、本文と締切が違うと、読者はどちらを信じてよいか分かりません。",
        source="実際に配信された間違い（見出しと本文の年の違う締切）",
        bad=_ITEM.format(15),
        good=_ITEM.format(14),
        find=disagreement,
    ),
)
