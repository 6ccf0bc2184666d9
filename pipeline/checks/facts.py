"""The facts that an item states: when it takes place and by when one must apply, from its entries, its label lines, tables and prose.

Each fact keeps the passage and the dates that it was read from. A sentence in the past tense states no deadline; nothing is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.checks.dated import chains, dates_in
from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.rule import Sheet
from pipeline.dates import Clock, Written, read_clocks
from pipeline.dates.form import folded
from pipeline.model import Article

_BULLET = rf"^[\s{BLANK}・○●◯◇◆■□▼▽★☆※|＜<【〔\[（(]*(?:\d{{1,2}}[.)）．]\s*)?"
_END = rf"[\s{BLANK}】〕\]＞>）)]*(?:[:：|／/　 ]|{BLANK}|は)"
_EVENT = re.compile(rf"{_BULLET}(?:開催|実施|講座|催し)?(?:日\s*時|日\s*程|期\s*日|会\s*期|期\s*間|日|と\s*き){_END}")
_DEADLINE = re.compile(
    rf"{_BULLET}(?:(?:参加|お)?(?:申し?込み?|応\s*募|募\s*集|受\s*付|提\s*出|意見(?:募集|提出)|公\s*募|エントリー|登\s*録)(?:の)?"
    rf"(?:期\s*限|期\s*間|期\s*日|締\s*切日?|〆\s*切|締め切り|締切り|終了日?)|締\s*切り?日?|〆\s*切|締め切り|しめきり|期\s*限)[^:：|。、]{{0,8}}?{_END}"
)
_APPLY = r"申し?込|応募|提出|応じ|お送り|送付|お寄せ|意見|エントリー|ご?登録|受け?付|募集|募って|ご?回答|ご?連絡|締め?切|〆切|必着"
_UNTIL = re.compile(r"[ \ue000]*[（(]?(?:[^。（）()]{0,12})?[)）]?(?:まで|締め?切|〆切|必着|消印|期限)")
_PROMISE = re.compile(  # …までにお知らせします, …までの間で20日以上: what the organiser does by then, or when one works
    r"^[^。]{0,14}まで(?:に)?[、]?[^。、]{0,24}[、]?[^。]{0,12}?(?:お知らせ(?:し|いた)|通知(?:し|いた)|発送|発表|公表|公開(?:し|いた)|決定|返信し|配信|掲載し|お届けし|お送り(?:し|いた)"
    r"|ご?連絡(?:し|いた)|ご?回答(?:し|いた)|取りまとめ|策定|返却|返金|お返し|確定)"
    r"|^[^。]{0,14}まで(?:の(?:間|うち|期間|いずれか|\d+日間|[^。、]{0,6}(?:勤務|実習|活動))|[、]?[^。、]{0,14}"
    r"(?:勤務|働け|働く|実習|活動|滞在|就業|従事|研修|展示|出勤|派遣|開催|実施|通行止|休館|休業|開館|放送|配信|公開))"
)
_ASKS = re.compile("受け?付|締め?切|〆切|ください|応募(?!者)|申し?込(?!者)|提出(?!者)|募集期間|募ります|意見")
_ASKED = re.compile(
    r"申し?込(?:み|んで)|応募(?:して|くだ|締|期)|提出|お寄せ|ください|下さい|締め?切|〆切|必着|消印|募集期間|受付期間|登録(?:して|期)"
)
_PROMISED = re.compile(r"(?:お知らせ|通知|発表|発送|公表|連絡|返信|送付|お送り|返却|公開|配信)(?:を)?(?:します|いたし|致し|する|予定)")
_LASTING = re.compile(
    r"まで(?:の(?:間|うち|期間|[^。、]{0,4}[日月年]間))?(?:に|で|、|[^。、]{0,12}?)[^。]{0,16}(?:勤務|従事|働|派遣|滞在|実習|研修|展示|開館|会期|開かれ|開催|実施)"
)
_PAST = re.compile(r"(?:ました|でした|った|いた|した)(?:[。）」]|$)")
_SENTENCE = re.compile(r"[^。]*。?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """``kind``: event or deadline. ``source``: entry, label or prose. ``dates`` hang together: one, a range or a list."""

    kind: str
    source: str
    passage: Passage
    dates: tuple[Written, ...]
    sentence: str

    @property
    def first(self) -> date | None:
        """The first day."""
        return self.dates[0].day

    @property
    def last(self) -> date | None:
        """The last day."""
        return self.dates[-1].day

    @property
    def is_certain(self) -> bool:
        """Whether every day is known beyond doubt and has the weekday it claims."""
        return all(written.is_certain and not written.wrong_weekday for written in self.dates)

    @property
    def is_range(self) -> bool:
        """Whether it lasts from one day to another."""
        return any(written.joined == "~" for written in self.dates)

    @property
    def span(self) -> tuple[int, int]:
        """Where its dates stand in the passage."""
        return self.dates[0].start, self.dates[-1].end

    @property
    def text(self) -> str:
        """Its dates as they are written."""
        return re.sub(f"{BLANK}+", "", self.passage.text[self.dates[0].start : self.dates[-1].end])

    @property
    def clock(self) -> Clock | None:
        """The first time behind the first date."""
        return next((clock for clock in read_clocks(self.passage.text) if clock.start >= self.dates[0].end), None)


def own(sheet: Sheet, article: Article | None) -> tuple[Passage, ...]:
    """The passages of one item, or of issue.md."""
    return sheet.once(_own, article)


def _own(sheet: Sheet, article: Article | None) -> tuple[Passage, ...]:
    return tuple(passage for passage in sheet.passages if passage.article is article)


def facts(sheet: Sheet, article: Article) -> tuple[Fact, ...]:
    """Every event date and deadline of an item, entries first; the rows of a 誤／正 table are of another item."""
    return sheet.once(_stated, article)


def _stated(sheet: Sheet, article: Article) -> tuple[Fact, ...]:
    passages = own(sheet, article)
    mends = any(passage.kind == "row" and re.search(r"[|｜]\s*誤\s*[|｜]", passage.raw) for passage in passages)
    return tuple(fact for passage in passages if not (mends and passage.kind == "row") for fact in _facts(sheet, passage))


def _facts(sheet: Sheet, passage: Passage) -> Iterator[Fact]:
    found = tuple(chains(dates_in(sheet, passage)))
    if not found:
        return
    if passage.kind == "field":
        if passage.key in ("start", "end"):
            yield _fact("event", "entry", passage, tuple(written for chain in found for written in chain))
        elif passage.key == "deadline":
            yield _fact("deadline", "entry", passage, found[0])
    elif passage.kind != "heading" and _DEADLINE.match(passage.text):
        yield _fact("deadline", "label", passage, found[0])
    elif passage.kind != "heading" and _EVENT.match(passage.text):
        yield _fact("event", "label", passage, found[0])
    else:
        yield from _prose(passage, found)


def _fact(kind: str, source: str, passage: Passage, dates: tuple[Written, ...], sentence: str = "") -> Fact:
    return Fact(kind=kind, source=source, passage=passage, dates=dates, sentence=sentence or passage.text)


def is_asked(sentence: str, at: int) -> bool:
    """Whether the date that ends at ``at`` is one by which readers must act: no promise of the organiser's, no time of work or show."""
    if _ASKED.search(sentence):
        return True
    return not _PROMISED.search(sentence, at) and not _LASTING.match(sentence, _closed(sentence, at))


def _closed(sentence: str, at: int) -> int:
    """Behind the weekday and the blanks that follow a date."""
    match = re.compile(rf"[ {BLANK}]*(?:[（(][^）)]{{0,6}}[）)])?[ ]*").match(sentence, at)
    return match.end() if match else at


def _prose(passage: Passage, found: tuple[tuple[Written, ...], ...]) -> Iterator[Fact]:
    """2月14日（金）までにお申し込みください: a deadline, unless the sentence tells of the past."""
    for match in _SENTENCE.finditer(passage.text):
        sentence = match[0]
        if _PAST.search(sentence) or not re.search(_APPLY, sentence):
            continue
        for chain in found:
            behind = passage.text[chain[-1].end : match.end()]
            promise = _PROMISE.match(folded(behind))
            if promise and not _ASKS.search(promise[0]) and not (len(chain) > 1 and _ASKS.search(behind)):
                continue
            if match.start() <= chain[0].start < match.end() and (
                _UNTIL.match(passage.text, chain[-1].end)
                or re.search(r"(?:締め?切り?|〆切|期限)(?:日)?(?:は|が|、|：|:)[^。]{0,6}$", passage.text[match.start() : chain[0].start])
            ):
                yield _fact("deadline", "prose", passage, chain, sentence)
