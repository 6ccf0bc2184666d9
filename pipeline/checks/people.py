"""Rules about persons and their offices: the sheet's passages in, hits on a name in two spellings, a wrong office, an office of no such place out.

Names are held against each other, against the glossary and against earlier issues. Nobody is a wrong person because the lists do not know them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.checks.gazetteer import begins, municipalities, named
from pipeline.checks.passages import Passage
from pipeline.checks.persons import GROUP, HONORIFIC, KANJI, KINDS, OFFICE, STAFF, Holder, are_at_odds, holders, is_part, office_of, plain
from pipeline.checks.repeated import once
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity, Term

_OURS = (STAFF, GROUP["理事長"], GROUP["会長"])  # what the heads of イクレイ日本 may be taken for


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A person of the glossary or of an earlier issue: ``offices`` as (place, office); ``source`` says where that stands."""

    name: str
    offices: tuple[tuple[str, str], ...]
    source: str


def spellings(sheet: Sheet) -> Iterator[Hit]:
    """One person in two spellings: in this issue, beside the glossary, beside earlier issues."""
    yield from once(_spellings(sheet))


def _spellings(sheet: Sheet) -> Iterator[Hit]:
    found = _all(sheet)
    told: set[tuple[str, int]] = set()
    listed = _known(sheet)
    for passage, holder, known in _against(found, listed):
        if (passage.raw, holder.start) in told:
            continue
        told.add((passage.raw, holder.start))
        message = f"「{holder.name}{holder.office}」は、{known.source}では「{known.name}」です。"
        yield passage.hit((holder.start, holder.end), message, "名前の字を、本人の自治体や団体のページで確かめてください。")
    counts = Counter(holder.name for _, holder in found)
    right = {holder.name for _, holder in found if any(is_part(holder.name, person.name) for person in listed)}
    for passage, holder in found:
        others = (other for _, other in found if are_at_odds(holder, other) and _weight(counts, holder) <= _weight(counts, other))
        other = next(others, None) if holder.name not in right and (passage.raw, holder.start) not in told else None
        if other:
            told.add((passage.raw, holder.start))
            message = f"「{holder.name}{holder.office}」は、この号のほかの所では「{other.name}{other.office}」です。"
            yield passage.hit((holder.start, holder.end), message, "どちらの字が正しいかを確かめ、そろえてください。")


def _weight(counts: Counter[str], holder: Holder) -> int:
    """How often the name, or its family name, is written so."""
    return sum(number for name, number in counts.items() if is_part(name, holder.name))


def _all(sheet: Sheet) -> list[tuple[Passage, Holder]]:
    return [(passage, holder) for passage in sheet.prose for holder in with_place(passage, holders(passage.text))]


def with_place(passage: Passage, found: Iterable[Holder]) -> Iterator[Holder]:
    """An office without a place is the article's own, if that is one municipality and the office is of its kind."""
    own = passage.article.municipalities if passage.article else ()
    for holder in found:
        core = holder.office.removeprefix("副")
        fits = len(own) == 1 and core in KINDS and any(row.kind in KINDS[core] for row in named().get(own[0], ()))
        yield replace(holder, place=own[0]) if fits and not holder.place else holder


def _against(found: list[tuple[Passage, Holder]], known: tuple[Known, ...]) -> Iterator[tuple[Passage, Holder, Known]]:
    for passage, holder in found:
        if any(is_part(holder.name, person.name) for person in known):
            continue
        for person in known:
            offices = [(place, office) for place, office in person.offices if office in GROUP]
            offices += [("", "氏")] * (not offices)
            others = [Holder(name=person.name, office=office, place=place, start=0, end=0) for place, office in offices]
            if any(are_at_odds(holder, other) for other in others):
                yield passage, holder, person
                break


def _known(sheet: Sheet) -> tuple[Known, ...]:
    day = sheet.issue.date
    terms = tuple(term for term in sheet.glossary if term.kind == "person" and term.holds_on(day) and term.ja)
    return (*_listed(terms), *_earlier(tuple((issue.name, issue.texts) for issue in sheet.issue.earlier)))


@lru_cache(maxsize=4)
def _listed(terms: tuple[Term, ...]) -> tuple[Known, ...]:
    """The persons of the glossary; the note of each holds the offices: 京都市長、東アジア地域理事会議長."""
    return tuple(
        Known(
            name=plain(term.ja[0]),
            offices=tuple(office_of(part) for part in re.split("[、・/]", re.sub("（.*?）", "", term.note))),
            source="用語集",
        )
        for term in terms
    )


@lru_cache(maxsize=4)
def _earlier(issues: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[Known, ...]:
    """Everybody with a full name in the texts of earlier issues, the newest first."""
    found: dict[str, Known] = {}
    for issue, texts in issues:
        for holder in (holder for text in texts for holder in holders(text) if holder.is_full and not holder.former):
            found.setdefault(holder.name, Known(name=holder.name, offices=((holder.place, holder.office),), source=issue))
    return tuple(found.values())


def offices(sheet: Sheet) -> Iterator[Hit]:
    """One person in two offices of a kind; 横浜市の…知事, 葛飾区の…市長: an office that the place does not have."""
    yield from once(_offices(sheet))


def _offices(sheet: Sheet) -> Iterator[Hit]:
    found = _all(sheet)
    for passage, holder in found:
        if wrong := _misfit(holder) or _foreign_to(passage, holder):
            yield passage.hit((holder.start, holder.end), wrong, "役職名か、自治体名を確かめてください。")
        elif _is_list(passage, holder):
            continue
        elif other := _other_office(holder, found, _known(sheet)):
            message = f"「{holder.name}{holder.office}」は、{other}です。"
            yield passage.hit((holder.start, holder.end), message, "役職名を確かめてください。異動なら「前」「当時」などを添えます。")
    for passage in sheet.prose:
        for start, end, place, office in _direct(passage.text):
            message = f"「{place}{office}」という役職はありません（{place}は{_kind(place)}です）。"
            yield passage.hit((start, end), message, "役職名か、自治体名を確かめてください。", severity=Severity.ERROR)


def _is_list(passage: Passage, holder: Holder) -> bool:
    """Whether the office is the next person's: 理事長 竹本 和彦 事務局長 内田 東吾."""
    return bool(
        re.match(
            rf"(?:{KANJI}|[ 　])*?{holder.office}[ 　]*{KANJI}{{1,4}}[ 　]{KANJI}{{1,4}}(?!{KANJI})",
            passage.text[holder.end : holder.end + 24],
        )
    )


def _misfit(holder: Holder) -> str:
    """愛知県の牧野利香副市長: a prefecture has no mayor."""
    core = holder.office.removeprefix("副")
    rows = named().get(holder.place, ())
    if not rows or core not in KINDS or holder.former or any(row.kind in KINDS[core] for row in rows):
        return ""
    if core == "区長" and holder.place in _cities_with_wards():
        return ""
    return f"「{holder.place}の{holder.name}{holder.office}」とありますが、{holder.place}は{_kind(holder.place)}です。"


def _foreign_to(passage: Passage, holder: Holder) -> str:
    """坂本健市長 in an item of 板橋区 that speaks of no city."""
    article = passage.article
    core = holder.office.removeprefix("副")
    if holder.place or core not in KINDS or not article or len(article.municipalities) != 1 or not article.manuscript or article.origin:
        return ""
    own = replace(holder, place=article.municipalities[0])
    others = re.sub(rf"{core[0]}(?:長|民|内|域|場|販|役)", "", article.manuscript.text) if core != "知事" else ""
    spoken = re.search(rf"(?:{KANJI}|[ァ-ヺー]){core[0]}", others) if others else re.search("[都道府県]", article.manuscript.text)
    return "" if spoken else _misfit(own)


@lru_cache(maxsize=1)
def _cities_with_wards() -> frozenset[str]:
    return frozenset(row.city for row in municipalities() if row.kind == "区")


def _kind(place: str) -> str:
    kind = named()[place][0].kind
    return place[-1] if kind == "都道府県" else kind


def _other_office(holder: Holder, found: list[tuple[Passage, Holder]], known: tuple[Known, ...]) -> str:
    """Where the same person holds another office of the group, in a few words; "" if nowhere."""
    group = GROUP[holder.office]
    if holder.former or group == HONORIFIC:
        return ""
    for person in known:
        if (person.name == holder.name and _is_whole(holder.name)) or (group == STAFF and is_part(holder.name, person.name)):
            held = {office for place, office in person.offices if GROUP.get(office) == group or (place and place == holder.place)}
            ours = {office for place, office in person.offices if place == "イクレイ日本"}
            if not held and ours and group in _OURS and holder.place in ("", "イクレイ"):
                held = ours
            return f"{person.source}では「{'・'.join(sorted(held))}」" if held and holder.office not in held else ""
    same = [other for _, other in found if GROUP[other.office] == group and not other.former and _are_one(holder, other)]
    count = Counter(other.office for other in same)
    most = max(count.values(), default=0)
    others = [office for office in count if office != holder.office and count[office] == most]
    return f"この号のほかの所では「{others[0]}」" if others else ""


def _is_whole(name: str) -> bool:
    """Whether it is more than a family name; イクレイ会長 and イクレイ副会長 are two persons."""
    return len(name) >= 3 and ("・" in name or not re.fullmatch("[ァ-ヺー]+", name))


def _are_one(one: Holder, other: Holder) -> bool:
    """The same full name, or its family name in the same place."""
    if one.name == other.name:
        return _is_whole(one.name) or one.place == other.place != "" or (GROUP[one.office] == STAFF and one.place == other.place)
    return is_part(one.name, other.name) and max(len(one.name), len(other.name)) >= 3 and one.place == other.place != ""


def _direct(text: str) -> Iterator[tuple[int, int, str, str]]:
    """横浜市知事, 鳥取県町長: a place and right behind it an office that it does not have."""
    for match in OFFICE.finditer(text):
        if match[0] not in ("知事", "副知事", "町長", "村長", "市長", "副市長", "副町長", "副村長") or re.match(
            "[会ら選・、や]", text[match.end() :]
        ):
            continue
        place = next(
            (text[n : match.start()] for n in range(max(0, match.start() - 8), match.start() - 1) if _is_place(text, n, match.start())), ""
        )
        core = match[0].removeprefix("副")
        person = len(place) <= 3 and place[-1:] in ("町", "村")  # 東村町長 is the mayor's own name
        if place and not person and core[0] != place[-1] and not any(row.kind in KINDS[core] for row in named()[place]):
            yield match.start() - len(place), match.end(), place, match[0]


def _is_place(text: str, start: int, end: int) -> bool:
    return text[start:end] in named() and text[end - 1] in "都道府県市区町村" and begins(text, start)


RULES = (
    Rule(
        code="NAME008",
        title="人名の二つの表記",
        severity=Severity.WARNING,
        reason="お名前の字の誤りは、いちばん失礼な誤りです。旧字や一字違いは、読み返しても気づきにくいものです。",
        source="用語集（kind が person の行）、同じ号・前の号の表記",
        bad="さいたま市の清水勇人市長が挨拶しました。続いて、清水隼人市長は会見に臨みました。",
        good="さいたま市の清水勇人市長が挨拶しました。清水市長は、板橋区の坂本健区長、佐藤健飯田市長と懇談しました。",
        find=spellings,
    ),
    Rule(
        code="NAME011",
        title="役職",
        severity=Severity.WARNING,
        reason="知事を市長と書くなどの役職の誤りは、訂正のメールを出すことになります。",
        source="地方自治法（知事・市町村長・特別区長）、用語集、同じ号・前の号の表記",
        bad="愛知県の牧野利香副市長が登壇しました。",
        good="愛知県の牧野利香副知事、葛飾区の青木克德区長、鳥取県の米子市長、長野県の小布施町長、横浜市鶴見区長が登壇しました。",
        find=offices,
    ),
)
