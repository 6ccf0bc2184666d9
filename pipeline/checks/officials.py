"""The rule about who holds an office on the day of the issue: governors, mayors, ministers, and what the heads of international bodies are called.

The list (``data/holders.csv``) ends on a day: after it only a name in wrong letters is doubted, never a new person. What a sentence itself puts into
former days is left alone, and so is every office that the list does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from pipeline.checks.gazetteer import is_one_off, rows
from pipeline.checks.passages import Passage
from pipeline.checks.people import with_place
from pipeline.checks.persons import KANJI, KINDS, OFFICE, Holder, are_at_odds, folded, holders, is_part, plain
from pipeline.checks.repeated import once
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

KNOWN_UNTIL = date(2025, 12, 31)
_BEFORE, _AFTER = timedelta(days=75), timedelta(days=60)  # a report may come late; who is elected is named before the term begins
_MINISTRIES = {
    "内閣総理": "首相 総理大臣 内閣総理大臣 総理",
    "環境": "環境相 環境大臣",
    "経済産業": "経産相 経済産業相 経済産業大臣 経産大臣",
    "国土交通": "国交相 国土交通相 国土交通大臣 国交大臣",
    "外務": "外相 外務大臣",
    "農林水産": "農相 農水相 農林水産相 農林水産大臣 農水大臣",
    "文部科学": "文科相 文部科学相 文部科学大臣 文科大臣",
    "厚生労働": "厚労相 厚生労働相 厚生労働大臣 厚労大臣",
    "総務": "総務相 総務大臣",
    "財務": "財務相 財務大臣",
    "内閣官房": "官房長官 内閣官房長官",
}
_TITLES = {title: place for place, titles in _MINISTRIES.items() for title in titles.split()}
_TITLE = re.compile(f"(?:{'|'.join(sorted(_TITLES, key=len, reverse=True))})(?![官級表政会補室賞互談違性関乗])")
_RUN = re.compile(rf"(?:{KANJI}{{1,4}}[ 　]{KANJI}{{1,3}}|(?:{KANJI}|[ぁ-ん]{{2}}(?={KANJI}{{2}}$)){{2,8}})[ 　]?$")
_BEHIND = re.compile(rf"(?:の|である|・|：|　| |[（(])(?P<name>{KANJI}{{2,4}}[ 　]{KANJI}{{1,3}}|{KANJI}{{2,6}})")
_PAST = re.compile(
    r"当時|かつて|歴代|以来|前職|在任|昭和|平成|(?:19|20)\d\d年|一?昨年|前回|(?<!以)前[市区町村知大総]|元[市区町村知大総]|初代|退任|就任"
)
_HEADS = {  # what the head of a body may be called
    "国連|国際連合": ("事務総長",),
    "(?:国連)?気候変動枠組み?条約(?:事務局)?|UNFCCC(?:事務局)?|(?:国連)?生物多様性条約(?:事務局)?|CBD(?:事務局)?": ("事務局長",),
    "国連環境計画|UNEP|国連ハビタット|UN-Habitat|国連人間居住計画|国連教育科学文化機関|ユネスコ|UNESCO": ("事務局長",),
    "世界保健機関|WHO|国連食糧農業機関|FAO|国際労働機関|ILO|世界貿易機関|WTO|国際海事機関|IMO": ("事務局長",),
    "国際エネルギー機関|IEA|国際再生可能エネルギー機関|IRENA": ("事務局長",),
    "国連開発計画|UNDP|世界銀行|アジア開発銀行|ADB": ("総裁",),
    "経済協力開発機構|OECD": ("事務総長",),
    "国際通貨基金|IMF": ("専務理事",),
    "気候変動に関する政府間パネル|IPCC": ("議長", "事務局長"),
}
_OFFICES = "事務総長|事務局長|総裁|専務理事|理事長|議長|会長"
_HEAD = re.compile(
    rf"(?<![A-Za-z一-鿿])(?:{'|'.join(f'(?P<b{n}>{body})' for n, body in enumerate(_HEADS))})(?:[（(][A-Za-z-]+[）)])?"
    rf"(?:の?[ァ-ヺー]+(?:[・＝][ァ-ヺー]+)+)?(?:の)?(?P<office>{_OFFICES})(?!代[理行]|補|特[使別]|室|国)"
)
_STEMS = (
    "国連",
    "国際連合",
    "条約",
    "UN",
    "IPCC",
    "世界",
    "機関",
    "CBD",
    "IEA",
    "IMF",
    "OECD",
    "WHO",
    "FAO",
    "ILO",
    "IRENA",
    "IMO",
    "銀行",
)


@dataclass(frozen=True, slots=True)
class Tenure:
    """One person's time in an office; ``since`` and ``until`` are ISO days or ""."""

    place: str
    office: str
    name: str
    since: str
    until: str

    def is_of(self, day: date) -> bool:
        """Whether an issue of that day may call the person so."""
        return self.since <= (day + _AFTER).isoformat() and (day - _BEFORE).isoformat() <= (self.until or "9999")


@cache
def tenures() -> dict[tuple[str, str], tuple[Tenure, ...]]:
    """(京都市, 市長) → everybody on the list who has been it."""
    found: dict[tuple[str, str], tuple[Tenure, ...]] = {}
    for place, office, *cells in rows("holders"):
        found[(place, office)] = (*found.get((place, office), ()), Tenure(place, office, *cells))
    return found


@cache
def _by_name() -> dict[str, tuple[Tenure, ...]]:
    found: dict[str, tuple[Tenure, ...]] = {}
    for tenure in (tenure for several in tenures().values() for tenure in several):
        found[tenure.name] = (*found.get(tenure.name, ()), tenure)
    return found


@cache
def _by_edge() -> dict[str, tuple[Tenure, ...]]:
    """The first two and the last two characters of a name → those who are called so."""
    found: dict[str, tuple[Tenure, ...]] = {}
    for name, several in _by_name().items():
        for edge in {name[:2], name[-2:]}:
            found[edge] = (*found.get(edge, ()), *several)
    return found


def of_the_day(sheet: Sheet) -> Iterator[Hit]:
    """門川大作京都市長 in 2025, 浅尾慶一朗環境大臣, 横浜市の福田紀彦市長, 国連事務局長."""
    glossary = frozenset(plain(form) for term in sheet.glossary if term.kind == "person" for form in term.ja)
    yield from once(_of_the_day(sheet, glossary))


def _of_the_day(sheet: Sheet, glossary: frozenset[str]) -> Iterator[Hit]:
    for passage in sheet.prose:
        text = passage.text
        if "長" in text or "知事" in text:
            for holder in with_place(passage, holders(text)):
                if why := _wrong_holder(text, holder, sheet.issue.date, glossary):
                    yield passage.hit((holder.start, holder.end), why, "氏名の字と役職を、自治体のページで確かめてください。")
            yield from _wrong_kind(passage)
        if "相" in text or "総理" in text or "大臣" in text or "官房" in text:
            yield from _ministers(passage, sheet.issue.date)
        if any(stem in text for stem in _STEMS):
            yield from _heads(passage)
        if "事務" in text or "イクレイ" in text:
            yield from _leaders(passage)


def _wrong_holder(text: str, holder: Holder, day: date, glossary: frozenset[str]) -> str:
    """Why this is not the governor or mayor, "" if nothing speaks against it. NAME008 and NAME011 speak of the glossary's persons."""
    if holder.former or holder.office not in ("市長", "区長", "町長", "村長", "知事"):
        return ""
    listed = tenures().get((holder.place, holder.office), ())
    if any(is_part(holder.name, tenure.name) or folded(tenure.name) == folded(holder.name) for tenure in listed if tenure.is_of(day)):
        return ""
    said = f"「{holder.name}{holder.office}」"
    if not holder.is_full and not (listed and len(holder.name) >= 2):
        return ""
    elsewhere = tuple(tenure for tenure in _by_name().get(holder.name, ()) if tenure.office == holder.office and tenure.is_of(day))
    if elsewhere and holder.is_full and holder.place:
        return f"{said}とありますが、{holder.name}さんは{elsewhere[0].place}{holder.office if holder.office == '知事' else '長'}です。"
    for tenure in listed or _candidates(holder):
        if tenure.name not in glossary and _is_slip(holder.name, tenure.name):
            return f"{said}は「{tenure.name}」ではありませんか。"
    now = [tenure for tenure in listed if tenure.is_of(day)]
    if now and day <= KNOWN_UNTIL and not _PAST.search(_sentence(text, holder.start)) and not _is_told(holder, now, glossary):
        return f"{said}とありますが、{_day(day)}の{holder.place}の{holder.office}は{now[-1].name}さんです。"
    return ""


def _is_told(holder: Holder, now: list[Tenure], glossary: frozenset[str]) -> bool:
    """Whether NAME008 says it, because the glossary has the one who holds the office under a name that looks like this."""
    others = (
        Holder(name=tenure.name, office=holder.office, place=holder.place, start=0, end=0) for tenure in now if tenure.name in glossary
    )
    return any(are_at_odds(holder, other) for other in others)


def _wrong_kind(passage: Passage) -> Iterator[Hit]:
    """小池百合子都市長: a name of the list and behind it, with a letter or two between, another office."""
    for match in OFFICE.finditer(passage.text):
        if match[0] not in KINDS:
            continue
        for start in range(max(0, match.start() - 8), match.start() - 4):
            tenure = next(iter(_by_name().get(passage.text[start : match.start() - 1], ())), None)
            if tenure and tenure.office in KINDS and tenure.office != match[0]:
                message = f"「{passage.text[start : match.end()]}」とありますが、{tenure.name}さんは{tenure.place}の{tenure.office}です。"
                yield passage.hit((start, match.end()), message, "役職名を確かめてください。")


def _candidates(holder: Holder) -> tuple[Tenure, ...]:
    """Whom a full name without a place might mean."""
    if holder.place or len(holder.name) < 4:
        return ()
    near = (*_by_edge().get(holder.name[:2], ()), *_by_edge().get(holder.name[-2:], ()))
    return tuple(tenure for tenure in near if tenure.office == holder.office and len(tenure.name) >= 4)


def _is_slip(found: str, name: str) -> bool:
    """One letter wrong, lost or added; or, in a name of four letters and more, the family or the given name right."""
    if found == name or folded(found) == folded(name):
        return False
    if is_one_off(found, name):
        return min(len(found), len(name)) >= 3
    return len(found) == len(name) and (
        sorted(found) == sorted(name) or (len(name) >= 5 and found[:2] == name[:2] and found[-1] == name[-1])
    )


def _ministers(passage: Passage, day: date) -> Iterator[Hit]:
    """A name right before a title, or behind it."""
    for match in _TITLE.finditer(passage.text):
        before, behind = _RUN.search(passage.text, max(0, match.start() - 9), match.start()), _BEHIND.match(passage.text, match.end())
        for run, start, end in (
            (before[0], before.start(), match.end()) if before else ("", 0, 0),
            (behind["name"].removesuffix("氏"), match.start(), behind.end()) if behind else ("", 0, 0),
        ):
            if why := _wrong_minister(plain(run), match[0], day, passage.text, match.start()):
                yield passage.hit((start, end), why, "氏名と役職を、首相官邸や省のページで確かめてください。")
                break


def _wrong_minister(run: str, title: str, day: date, text: str, at: int) -> str:
    """Why these letters beside the title are no minister of that day, "" if nothing speaks against them."""
    if len(run) < 2:
        return ""
    ministry = _TITLES[title]
    own = tenures().get((ministry, "長官" if ministry == "内閣官房" else "大臣"), ())
    if any(_is_called(run, tenure) for tenure in own if tenure.is_of(day)):
        return ""
    past = bool(_PAST.search(_sentence(text, at))) or day > KNOWN_UNTIL
    cabinet = tuple(tenure for name in _by_name() for tenure in _by_name()[name] if tenure.office in ("大臣", "長官"))
    known = next((tenure for tenure in cabinet if tenure.is_of(day) and _is_called(run, tenure)), None)
    mixed = known and any(
        tenure.is_of(day) and tenure.name[:2] == known.name[:2] for tenure in own
    )  # two of one family name in one cabinet
    if known and (mixed or not past) and not any(_is_called(run, tenure) for tenure in own):
        return f"「{run}」さんは、{_day(day)}には{known.place}{known.office}です（本文は{title}）。"
    for tenure in own:
        if _is_called(run, tenure):
            now = next((other.name for other in own if other.is_of(day) and other is not tenure), "")
            return f"{_day(day)}の{ministry}{tenure.office}は{now}さんです（本文は{run}）。" if now and not past else ""
        if len(run) >= 3 and any(_is_slip(run[-size:], tenure.name) for size in {len(tenure.name), len(tenure.name) - 1} if size >= 3):
            return f"「{run}{title}」は「{tenure.name}」ではありませんか。"
    return ""


def _is_called(run: str, tenure: Tenure) -> bool:
    return folded(run).endswith(folded(tenure.name)) or (2 <= len(run) < len(tenure.name) and tenure.name.startswith(run))


def _heads(passage: Passage) -> Iterator[Hit]:
    """国連事務局長, UNEPのインガー・アンダーセン事務総長."""
    for match in _HEAD.finditer(passage.text):
        number = next(n for n in range(len(_HEADS)) if match[f"b{n}"])
        right = tuple(_HEADS.values())[number]
        if match["office"] not in right:
            body = match[f"b{number}"]
            message = f"「{match[0]}」とありますが、{body}の長は{right[0]}です。"
            yield passage.hit(match.span(), message, f"「{right[0]}」ではないかを確かめてください。")


_LEADERS = {  # katakana family names that this e-News meets, with the office
    "グテーレス": "国連|事務総長",
    "アンダーセン": "国連環境計画|UNEP|事務局長",
    "スティル": "UNFCCC|気候変動枠組|事務局長",
    "シュテルンフェルト": "イクレイ|マルメ",
    "シュタイナー": "国連開発計画|UNDP",
}
_KATAKANA = re.compile("[ァ-ヺー]{4,10}")


def _leaders(passage: Passage) -> Iterator[Hit]:
    """国連のグレーテス事務総長: the letters of a name in another order, or one of them wrong."""
    for match in _KATAKANA.finditer(passage.text):
        for name, company in _LEADERS.items():
            mixed = match[0] != name and (
                sorted(match[0]) == sorted(name) or (len(name) >= 5 and len(match[0]) == len(name) and is_one_off(match[0], name))
            )
            around = passage.text[max(0, match.start() - 30) : match.end() + 12]
            if mixed and re.search(company, around):
                yield passage.hit(match.span(), f"「{match[0]}」は「{name}」ではありませんか。", "氏名の字を確かめてください。")


def _sentence(text: str, at: int) -> str:
    end = text.find("。", at)
    return text[text.rfind("。", 0, at) + 1 : end if end >= 0 else len(text)]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月"


RULES = (
    Rule(
        code="NAME013",
        title="その日の知事・市長・大臣",
        severity=Severity.WARNING,
        reason="選挙や組閣の後は、前の方のお名前が原稿に残りがちです。お名前と役職の誤りは、訂正のメールを出すことになります。",
        source="知事・市長・大臣の一覧（checks/data/holders.csv、2025年末まで）、国際機関の役職名",
        bad="昨秋から務める浅尾慶一朗環境大臣が挨拶しました。",
        good="浅尾慶一郎環境大臣、松井孝治京都市長、門川大作前市長、グテーレス国連事務総長が挨拶しました。",
        find=of_the_day,
    ),
)
