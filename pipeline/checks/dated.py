"""What the rules about dates share: the dates, times and years of an issue's passages, read once, each with the passage it stands in.

A case study's dates are read from the day on which its source was published, everything else from the issue's own. It decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet
from pipeline.dates import Written, read_dates, read_years
from pipeline.dates.form import folded
from pipeline.model import WEEKDAYS, Article, japanese_date

READ_ALREADY = frozenset({"start", "end", "deadline", "embargo", "next_report", "date"})  # whose dates the reading of drafts has looked at


def anchor_of(sheet: Sheet, article: Article | None) -> date:
    """The day from which year-less dates of an article count."""
    origin = article.origin if article else None
    return origin.published or sheet.issue.date if origin else sheet.issue.date


def texts(sheet: Sheet) -> Iterator[Passage]:
    """The passages in which a date is ours to check: all but addresses, foreign titles and digests."""
    return iter(sheet.prose)


def dates_in(sheet: Sheet, passage: Passage) -> tuple[Written, ...]:
    """The dates of a passage."""
    return sheet.once(_read, passage)


def _read(sheet: Sheet, passage: Passage) -> tuple[Written, ...]:
    labelled = passage.key in READ_ALREADY
    return read_dates(passage.text, anchor=anchor_of(sheet, passage.article), labelled=labelled)


def dated(sheet: Sheet, *, entries: bool = True) -> Iterator[tuple[Passage, Written]]:
    """Every date with its passage; without ``entries`` those of 日時, 締切 … are left out, which the reading of drafts has checked."""
    for passage in texts(sheet):
        if entries or passage.key not in READ_ALREADY:
            yield from ((passage, written) for written in dates_in(sheet, passage))


def chains(found: Iterable[Written]) -> Iterator[tuple[Written, ...]]:
    """The dates of one text, those that hang together in one tuple."""
    chain: list[Written] = []
    for written in found:
        if chain and not written.joined:
            yield tuple(chain)
            chain = []
        chain.append(written)
    if chain:
        yield tuple(chain)


def years_told(sheet: Sheet, article: Article | None) -> frozenset[int]:
    """The years that an article (or issue.md) names anywhere; of a 年度 both."""
    return sheet.once(_years_told, article)


def _years_told(sheet: Sheet, article: Article | None) -> frozenset[int]:
    told: set[int] = set()
    for passage in sheet.passages:
        if passage.article is article:
            for year in read_years(folded(passage.text)):
                told |= {year.value, year.value + 1} if year.unit == "年度" else {year.value}
    return frozenset(told)


def weekday(day: date) -> str:
    """金 for a Friday."""
    return WEEKDAYS[day.weekday()]


def dates_as(written: Written, years: Iterable[int]) -> Iterator[date]:
    """The day in each of these years that has it."""
    for year in years:
        try:
            yield date(year, written.month, written.day_number)
        except ValueError:
            continue


def shown(written: Written) -> str:
    """A date as messages quote it: in one line, without blanked markup."""
    return re.sub("[\ue000\\s]+", "", written.text)


def full(day: date) -> str:
    """2025年1月16日（木）."""
    return japanese_date(day)


def days_between(first: date, last: date) -> int:
    """How many days a range has, both ends counted."""
    return (last - first) // timedelta(days=1) + 1


def grouped(found: Iterable[tuple[object, Hit]]) -> Iterator[Hit]:
    """One finding for each key: the first place, and where else the same slip stands."""
    groups: dict[object, list[Hit]] = {}
    for key, hit in found:
        groups.setdefault(key, []).append(hit)
    for first, *others in groups.values():
        places = list(dict.fromkeys(f"{hit.place.path}:{hit.place.line}" for hit in others))
        more = f"ほか{len(others)}か所（{'、'.join(places[:5])}）にもあります。" if others else ""
        yield replace(first, message=first.message + more)
