"""Persons with their offices in a Japanese text: text in, ``Holder``s out, and whether two of them are one person in two spellings.

A name is what stands before an office (清水勇人市長), a family name alone included. Two names are compared only where both cannot be right: one
character apart in one office, or one office of one place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pipeline.checks.gazetteer import begins, is_one_off, named

_GROUPS = (  # one person holds one office of a group
    ("市長", "区長", "町長", "村長", "知事", "副市長", "副区長", "副町長", "副村長", "副知事"),
    ("事務局長", "事務総長", "事務局次長", "事務次長"),
    ("理事長", "副理事長"),
    ("会長", "副会長"),
    ("議長", "副議長"),
    ("教授", "准教授"),
    ("氏", "さん"),
)
GROUP = {office: number for number, offices in enumerate(_GROUPS) for office in offices}
STAFF, HONORIFIC = GROUP["事務局長"], GROUP["氏"]
OFFICE = re.compile(
    "(?:事務局次長|事務局長|事務総長|事務次長|副?理事長|副?会長|副?議長|副?[市区町村]長|副?知事|准?教授|氏(?![名族神子])|さん)(?![市区町村]|会(?!見|談|場|合|計|議で)|選|職|補佐|室)"
)
KANJI = "[一-鿿々〆﨑-﨩]"
_NAME = re.compile(
    rf"(?:(?P<spaced>{KANJI}{{1,4}}[ 　]{KANJI}{{1,4}})|(?P<kana>{KANJI}{{1,3}}[ 　]?[ぁ-ん]{{2,4}})"
    rf"|(?P<kanji>{KANJI}{{1,12}})|(?P<foreign>[ァ-ヺー]+(?:[・･•＝=][ァ-ヺー]+)*))$"
)
_TITLE = re.compile("(?:名誉|特任|客員|第[一二]|常任|新|現|前|元|旧|故)$")
_FORMER = re.compile("(?:新|前|元|旧|故|次期|当時の)$")
_NO_NAME = re.compile(
    "[諸皆]|国連|計画|機構|機関|協会|連合|委員|理事|会議|大学|研究|銀行|財団|地域|世界|日本|環境|政府|政策|事務|本部|支部|都市|国際|気候|議会|連盟|協議|担当|同[市県町村区]?$|^[各両全同本当首現新前元]"
    "|会$|局$|課$|省$|庁$|院$|室$|員$|国$|道$|府$|県$|都$|..部$|学$|的$|[0-9〇]$|女性|若手|歴代|多数|開催|出席|関係|近隣|周辺|自治|商工|学校|全国|共同|代表"
)
_FULL = rf"{KANJI}{{2,3}}[ 　]?{KANJI}{{1,3}}|{KANJI}{{1,4}}[ 　]{KANJI}{{1,4}}|[ァ-ヺー]+(?:[・･•＝][ァ-ヺー]+)+"
_HONOURED = re.compile(
    rf"(?:の|・|である|、|　| |：)(?P<name>{_FULL})(?=氏|さん|様)|(?:　|：|: ?| ?[|｜] ?)(?P<listed>{_FULL})(?=[（、\n|｜ ]|$)"
)
_OPENS = re.compile(rf"(?:(?<!{KANJI})|(?<=[市区町村会都府県長]))(?P<name>{_FULL})(?:氏|さん)?[（(](?P<inside>[^（）()]{{0,20}})$")
_STANDS_APART = re.compile(rf"(?:^|[^一-鿿 　])({KANJI}{{1,4}}[ 　]{KANJI}{{1,4}}|{KANJI}{{3,5}})[ 　]$")
_LINK = re.compile("(?:の|（|\\(|　| |・)$")
_OLD = str.maketrans(
    "髙﨑嵜邉邊齋齊斉德澤廣濵濱惠國實眞寬榮櫻淸瀨槗嶋嶌與藏龍彌壽禮冨舘渕埜祐",
    "高崎崎辺辺斎斎斎徳沢広浜浜恵国実真寛栄桜清瀬橋島島与蔵竜弥寿礼富館淵野祐",
)
_VOICED = (("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴェ", "ベ"), ("ヴォ", "ボ"), ("ヴ", "ブ"))
KINDS = {"市長": ("市",), "町長": ("町",), "村長": ("村",), "区長": ("区", "特別区"), "知事": ("都道府県",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A person in an office: the name without spaces (a family name alone is one, too), where it stands, and whose office it is ("" if open)."""

    name: str
    office: str
    place: str
    start: int
    end: int
    former: bool = False

    @property
    def is_full(self) -> bool:
        """Whether family and given name are there, as far as letters tell."""
        return len(self.name) >= 4 or ("・" in self.name)


@lru_cache(maxsize=4_000)
def holders(text: str) -> tuple[Holder, ...]:
    """Everybody who is named with an office in the text."""
    found: list[Holder] = []
    for match in OFFICE.finditer(text):
        found.extend((*_before(text, match), *_behind(text, match)))
    return tuple(found)


def _behind(text: str, office: re.Match[str]) -> Iterator[Holder]:
    """松井孝治 of 京都市長の松井孝治氏, of 市長　松井 孝治, and of 松井孝治（京都市長）."""
    if GROUP[office[0]] == HONORIFIC:
        return
    mayor = office[0] in KINDS and office[0] != "知事"
    if after := _HONOURED.match(text, office.end()):
        group = "name" if after["name"] else "listed"
        place = _place_before(text, office.start() + mayor)
        yield Holder(name=plain(after[group]), office=office[0], place=place, start=after.start(group), end=after.end(group))
    if text[office.end() : office.end() + 1] in ("）", ")", "、", "・"):
        before = _OPENS.search(text, max(0, office.start() - 44), office.start())
        if before and not _NO_NAME.search(plain(before["name"])):
            place = office_of(before["inside"] + office[0])[0]
            yield Holder(name=plain(before["name"]), office=office[0], place=place, start=before.start("name"), end=before.end("name"))


def _before(text: str, office: re.Match[str]) -> Iterator[Holder]:
    """牧野利香 of 愛知県の牧野利香副知事."""
    head = text[max(0, office.start() - 26) : office.start()]
    cut = _TITLE.search(head)
    former = bool(_FORMER.search(head))
    if apart := _apart(text, office):
        yield apart
        return
    match = _NAME.search(head[: cut.start()] if cut else head)
    if match is None:
        return
    start = office.start() - len(head) + match.start()
    name = match[0]
    place = ""
    if match["kanji"]:
        place, name, skipped = _split(name, office[0])
        start += skipped
    link = _LINK.search(text, max(0, start - 1), start)
    place = place or (_place_before(text, link.start()) if link else "")
    if match["kana"] and not (place and link):
        return
    if _is_name(name, office[0]):
        yield Holder(name=plain(name), office=office[0], place=place, start=start, end=start + len(name), former=former)


def _apart(text: str, office: re.Match[str]) -> Holder | None:
    """武内和久 of 武内　和久 北九州市長: the name stands before the place and a space."""
    mayor = office[0] in KINDS and office[0] != "知事"
    place = _place_before(text, office.start() + mayor)
    start = office.start() + mayor - len(place)
    match = _STANDS_APART.search(text, max(0, start - 10), start) if place in named() else None
    if match is None or _NO_NAME.search(plain(match[1])):
        return None
    return Holder(name=plain(match[1]), office=office[0], place=place, start=match.start(1), end=match.end(1))


def _split(run: str, office: str) -> tuple[str, str, int]:
    """(京都市, 松井孝治, 3) for 京都市松井孝治, (京都市, 松井孝治, 0) for 松井孝治京都 before 市長: place, name, where the name begins."""
    kind = "" if office not in KINDS or office == "知事" else office[0]
    for start in range(2, len(run)):
        if run[start:] + kind in named() and run + kind not in named():
            return run[start:] + kind, run[:start], 0
    for end in range(len(run) - 1, 1, -1):
        if run[:end] in named() and run[end - 1] in "都道府県市区町村":
            return run[:end], run[end:], end
    if office.endswith("知事") and len(run) > 2 and run not in named():
        run = run.rstrip("都道府県")
    return "", run, 0


def _place_before(text: str, end: int) -> str:
    """The name of a municipality, or of a city abroad, that ends here; "" if none does."""
    for start in range(max(0, end - 8), end - 1):
        if text[start:end] in named() and begins(text, start):
            return text[start:end]
    match = re.search("[ァ-ヺー]{2,}市?$|イクレイ(?:日本)?$", text[max(0, end - 14) : end])
    return match[0].removesuffix("市") if match else ""


def _is_name(name: str, office: str) -> bool:
    """Whether it may be a person's name, and not 小布施 of 小布施町長 or 同協会 of 同協会会長."""
    core = office.removeprefix("副")
    if len(plain(name)) < 2 or _NO_NAME.search(name) or (len(name) > 6 and "・" not in name and not re.match("[ァ-ヺ]", name)):
        return False
    return not (core in KINDS and (name + core[0] in named() or (re.fullmatch("[ァ-ヺー]+", name) and core == "市長")))


def plain(name: str) -> str:
    """A name without spaces, its dots of one kind."""
    return re.sub("[ 　]", "", re.sub("[･•＝=]", "・", name))


@lru_cache(maxsize=4_000)
def folded(name: str) -> str:
    """The name with every old or rare form of a character as the common one, and ヴェ as ベ."""
    for one, other in _VOICED:
        name = name.replace(one, other)
    return name.translate(_OLD)


def are_at_odds(one: Holder, other: Holder) -> bool:
    """Whether both names are meant for one person and one of them is wrong."""
    if one.name == other.name or is_part(one.name, other.name):
        return False
    if one.place and other.place and one.place != other.place:
        return False
    if is_part(folded(one.name), folded(other.name)):
        return (one.office == other.office and (one.place != "" or one.is_full or other.is_full)) or (one.is_full and other.is_full)
    if not _are_like(one, other):
        return False
    if min(len(one.name), len(other.name)) >= 4 and is_one_off(one.name, other.name):
        return True
    if one.office != other.office or one.former != other.former or not one.place or one.place != other.place or one.office.startswith("副"):
        return min(len(one.name), len(other.name)) >= 3 and is_one_off(one.name, other.name) and one.place == other.place != ""
    return _share(one.name, other.name)


def _are_like(one: Holder, other: Holder) -> bool:
    """Whether their offices do not tell them apart; behind 氏 there is none."""
    return GROUP[one.office] == GROUP[other.office] or HONORIFIC in (GROUP[one.office], GROUP[other.office])


def is_part(one: str, other: str) -> bool:
    """Whether one is the other's family name."""
    short, long = sorted((one, other), key=len)
    return long.endswith(short) if "・" in long else long.startswith(short)


def _share(one: str, other: str) -> bool:
    """Whether two names of one office-holder look like each other: 清水勇人 and 清水隼人, 山中竹春 and 中山."""
    short, long = sorted((one, other), key=len)
    if len(short) <= 2:
        return len(long) >= 2 and bool(set(short) & set(long[:2]))
    return short[:2] == long[:2] or short[-2:] == long[-2:]


def office_of(words: str) -> tuple[str, str]:
    """(京都市, 市長) for 京都市長, (イクレイ日本, 事務局長) for イクレイ日本事務局長."""
    match = next((match for match in OFFICE.finditer(words) if match.end() == len(words)), None)
    if match is None:
        return "", ""
    place = words[: match.start()] + (match[0][-2] if match[0] in KINDS and match[0] != "知事" else "")
    return (place if place in named() else place.rpartition("・")[2].removesuffix("市").removesuffix("の")), match[0]
