"""People with their office, and organisations: a folded text and the glossary's names in, where they stand out. Pure, and in linear time.

A name is what stands before an office (市長, 教授) or a kind of body (省, 機構) without a gap or a particle. It is a net, not a judgement: what
hangs in it is read aloud by people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.checks.passages import BLANK
from pipeline.dates import matching_form
from pipeline.model import Term

PERSON, BODY = "person", "organisation"
NAMED = {"person": PERSON, "organisation": BODY, "member": BODY, "city": BODY}
LONGEST = 28

_OFFICE = re.compile(
    "(?:大統領|首相|副大臣|大臣政務官|大臣|政務官|長官|副知事|知事|副市長|市長|副町長|町長|副村長|村長|副区長|区長|議長|副会長|会長|副理事長|理事長|代表理事|専務理事|常務理事|"
    "理事|総裁|総長|学長|名誉教授|特任教授|准教授|助教|教授|講師|所長|次長|事務局長|事務総長|事務次官|局長|副部長|部長|課長補佐|課長|室長|係長|センター長|館長|園長|校長|院長|代表取締役|"
    "代表|社長|専務|常務|副委員長|委員長|委員|座長|主任研究員|研究員|主任|主査|主幹|専門官|調整官|参事官|参事|大使|総領事|領事|議員|博士|先生|氏|さん|ディレクター|マネージャー|"
    "コーディネーター|支部長|支局長|本部長|隊長|団長|組合長)"
    "(?!会|選|者|国|級|席|室|職|権|名|制|公室|連合|団体|村|町|的|団)"
    r"(?:[ 　][\u3400-\u9fff々ァ-ヶー]{1,5}(?:[ 　][\u3400-\u9fff々]{1,4})?(?=[、。(（)）・\s/／]|氏|$))?"
)
_KIND = re.compile(
    "大学院|大学|高等学校|高校|中学校|小学校|研究所|研究機構|機構|財団法人|社団法人|法人|財団|協会|協議会|審議会|委員会|連合会|連合|連盟|同盟|組合|会議所|事業団|公社|学会|銀行|株式会社|"
    "有限会社|事務局|事務所|本部|支部|センター|大使館|総領事館|図書館|博物館|美術館|ネットワーク|アライアンス|パートナーシップ|"
    "省(?!エ|資|察|略|力|み)|(?<!官)庁(?!舎|内|外|県)|(?<=内閣)府|(?<=大阪)府|(?<=京都)府(?!内|民|立)|(?<=東京)都(?!内|民|立|心)|(?<=北海)道(?!内|民|立)|"
    "(?<!都)県(?!長|民|内|外|立|議|営|境)|(?<!都)市(?!長|民|街|場|立|内|外|議|営|役|町|区|販|況|政|域|制)|"
    "区(?!長|分|域|間|画|民|内|役|立|別)|町(?!長|村|内|立|民|会|並|づ)|村(?!長|民|立|内|落)|州(?!知|立|内|民|政)|"
    "課(?!長|題|程|税|金|外|す|さ|し)|局(?!長|面|地|部|所|員)|(?<!本)部(?!長|分|門|会|屋|品|署|員|隊|材|局)|(?<!温)室(?!長|内|外|温)"
)
_NOBODY = re.compile(
    r"(?:会員|各|本|同|全|他|当|両|一|大|内|外|細|上|下|中|地|学|幹|支|政令|中核|姉妹|友好|主催|共催|国|自|農|漁|指定|基礎|近隣|域|編集|入|出|教|部|都道府"
    "|市|都|府|隣|複数|参加|海外|国内|東|西|南|北|湿地都|担当|主管|所管|関係|一般社団|公益社団|一般財団|公益財団|特定非営利活動)?"
    r"(?:市|区|町|村|県|州|部|局|室|課|省|庁|事務局|委員会|協議会|機構|連合|本部|大学|法人|センター|ネットワーク|府|道)|市区|.*地区"
)
_PARTICLES = frozenset("のはがをにでとやもへか")


@dataclass(frozen=True, slots=True)
class Names:
    """The glossary's names, longest first, each with its kind."""

    pattern: re.Pattern[str] | None
    kinds: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One name; ``start`` and ``end`` are offsets in the text."""

    kind: str
    start: int
    end: int


def names_of(glossary: Iterable[Term]) -> Names:
    """The names of people, organisations and municipalities as one pattern; a bracketed part may be missing."""
    kinds: dict[str, str] = {}
    for term in glossary:
        for form in (*term.ja, term.en) if term.kind in NAMED else ():
            for name in (form, re.sub(r"[（(][^）)]*[）)]", "", form)):
                if len(name.strip()) > 1:
                    kinds.setdefault(folded(name.strip()), NAMED[term.kind])
    edge, end = _edges("(?<![{0}])(?=[{0}])"), _edges("(?<=[{0}])(?![{0}])")
    words = "|".join(map(re.escape, sorted(kinds, key=len, reverse=True)))
    return Names(re.compile(f"(?:{edge}|(?=[^ァ-ヶーA-Za-z]))(?:{words})(?:{end}|(?<=[^ァ-ヶーA-Za-z]))(?!長)") if kinds else None, kinds)


def _edges(form: str) -> str:
    """Where a word of katakana or Latin letters begins or ends: イクレイ is none in イクレイカフェ."""
    return "|".join(form.format(letters) for letters in ("ァ-ヶー", "A-Za-z"))


def folded(text: str) -> str:
    """The text with full-width figures, letters and marks as ASCII, character by character: offsets stay true."""
    return "".join(map(_folded, text))


@lru_cache(maxsize=8192)
def _folded(character: str) -> str:
    form = matching_form(character)
    return form if len(form) == 1 else character


def people_and_bodies(form: str, names: Names) -> Iterator[Named]:
    """Everybody and every body in a folded text. What belongs to a person's office is no body of its own (さいたま市長)."""
    for match in _OFFICE.finditer(form):
        start = (_with_kana if match[0][0] in "市町村区" else _run)(form, match.start())
        name = form[start : match.start()]
        if (name or match[0].startswith("副")) and name not in ("皆", "子", "各", "両", "同", "前", "元", "現"):
            yield Named(kind=PERSON, start=start, end=match.end())
            form = _blank(form, start, match.end())
    for match in names.pattern.finditer(form) if names.pattern else ():
        yield Named(kind=names.kinds[match[0]], start=match.start(), end=match.end())
        form = _blank(form, match.start(), match.end())
    spans = [(_with_kana(form, match.start()), match.end()) for match in _KIND.finditer(form)]
    for number, (start, end) in enumerate(spans):
        longer = number + 1 < len(spans) and spans[number + 1][0] <= start
        counted = form[start].isdigit() and end - start < 7  # 1県1町
        if not longer and not counted and start < end and not _NOBODY.fullmatch(form, start, end) and not _KIND.fullmatch(form, start, end):
            yield Named(kind=BODY, start=start, end=end)


def _run(form: str, end: int) -> int:
    """Where the name that ends at ``end`` begins: letters without a gap, ・ inside a foreign name."""
    start = end
    while start and end - start < LONGEST and (_is_letter(form[start - 1]) or (form[start - 1] in "・=" and _joins(form, start - 1))):
        start -= 1
    return start


def _with_kana(form: str, end: int) -> int:
    """The same, with the kana of つくば市 and みほん大学, up to a particle."""
    start = _run(form, end)
    while start == end or (start and end - start < 6):
        if not start or not "ぁ" <= form[start - 1] <= "ん" or form[start - 1] in _PARTICLES or _run(form, end) < end:
            break
        start -= 1
    return start


def _is_letter(one: str) -> bool:
    return "\u3400" <= one <= "\u9fff" or "ァ" <= one <= "ヶ" or one in "ー々〆" or (one.isascii() and one.isalnum()) or one == "第"


def _joins(form: str, at: int) -> bool:
    return at > 0 and all("ァ" <= one <= "ー" for one in (form[at - 1], form[at + 1 : at + 2] or " "))


def _blank(form: str, start: int, end: int) -> str:
    return form[:start] + BLANK * (end - start) + form[end:]
