"""Doubts about organisations and their abbreviations: text in, doubts with their places out.

An abbreviation is doubted beside a name that belongs to another, or where it is unknown and one slip of the finger away from a known long one.
Short ones are too close to each other: UNDP and UNEP, JICA and JICE are all real.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache

from pipeline.checks.gazetteer import Certainty, Doubt, is_one_off, rows

_TOKEN = re.compile(r"(?<![A-Za-z0-9/.@_\-])[A-Z][A-Za-z]*[A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]+)?(?![A-Za-z0-9/@_])")
_BRACKETED = re.compile(r"[（(](?P<inside>[^（）()]{2,60})[）)]")
_REAL = ("UNRWA", "ECLAC", "UNECLAC", "UNCLOS", "UNFF", "UNEA", "UNWTO", "UNAIDS", "UNSCEAR", "UNICRI")
_LETTERS_LOST = ("IPBES", "UNDRR", "JETRO", "IRENA", "IIASA")  # what is left is nobody's
ALIKE = 0.8
_LENIENT = re.compile(r"[\s　・·･‐‑–—－\-]|(?<=枠組)み")
_BODY = re.compile("(?:機関|機構|条約|委員会|研究所|計画|パネル|銀行|基金|連合|協会|フォーム|グループ|誓約|ファシリティ)$")
_LETTERS = re.compile("[A-Z][A-Z-]{1,9}")
_NUMBERED = re.compile(r"(?<=[A-Za-z])[\s-]?\d{1,2}(?:\.\d)?$")
_MIXED = re.compile("[A-Z][a-z]+[A-Z][A-Za-z]+")
_KANJI = re.compile("[一-龥]+")
_WORD_PART = re.compile("[一-龥々ァ-ヺー]")
_WORD = re.compile(r"[一-龥々ァ-ヺー・&＆ 　\-－A-Za-z0-9]+$")
_LIKE_ANOTHER = (  # real abbreviations of others: doubted only in this company
    ("IPPC", "IPCC", re.compile(r"(?s)^(?!.*(?:植物|検疫)).*(?:気候|温暖化|評価報告書)")),
    ("GCOM", "GCoM", re.compile("首長")),
    ("SDGS", "SDGs", re.compile("")),
)
_MINISTRY = re.compile(
    r"(?<![一-龥ァ-ヺーの・])(?:(?P<stem>環境|外務|経済産業|国土交通|農林水産|文部科学|厚生労働|財務|総務|法務|経産|国交|農水|文科|厚労)(?:(?<!環境)庁|小|消|省省)"
    r"|(?P<agency>気象|林野|水産|資源エネルギー|消費者|観光|金融|復興|特許|海上保安|こども家庭)(?:省|庁庁))(?![一-龥])"
)
_FORM = re.compile(
    r"(?P<form>(?:一般|公益)?(?:社団|財団)法人|独立行政法人|国立研究開発法人|(?:認定)?特定非営利活動法人|(?:認定)?NPO法人)[\s　]?"
    r"(?P<name>[一-龥ァ-ヺー・A-Z0-9]{4,24})"
)
_FORMS = {
    "一般社団法人": "イクレイ日本 海外環境協力センター 地球温暖化防止全国ネット 日本気候リーダーズ・パートナーシップ 環境パートナーシップ会議",
    "一般財団法人": "自治体国際化協会 地球・人間環境フォーラム",
    "公益財団法人": "地球環境戦略研究機関 自然エネルギー財団 世界自然保護基金ジャパン WWFジャパン 日本自然保護協会 日本野鳥の会 地球環境センター"
    " 日本環境協会 地球環境産業技術研究機構 国際湖沼環境委員会 イオン環境財団 笹川平和財団 旭硝子財団 トヨタ財団",
    "公益社団法人": "日本環境教育フォーラム 国土緑化推進機構 日本ユネスコ協会連盟",
    "独立行政法人": "国際協力機構 日本貿易振興機構 環境再生保全機構 都市再生機構 国際交流基金 日本学術振興会 水資源機構",
    "国立研究開発法人": "国立環境研究所 新エネルギー・産業技術総合開発機構 産業技術総合研究所 科学技術振興機構 宇宙航空研究開発機構 海洋研究開発機構"
    " 農業・食品産業技術総合研究機構 森林研究・整備機構 土木研究所 防災科学技術研究所",
}


@cache
def _form_of() -> dict[str, str]:
    """イクレイ日本 → 一般社団法人."""
    return {name: form for form, names in _FORMS.items() for name in names.split()}


def doubts(text: str) -> Iterator[Doubt]:
    """Every abbreviation beside another's name, every name that is nearly right, every abbreviation that is nearly right."""
    told: set[int] = set()
    for doubt in (*_pairs(text), *_near_names(text), *_near_misses(text), *_ministries(text), *_legal_forms(text)):
        if told.isdisjoint(range(doubt.start, doubt.end)):
            told.update(range(doubt.start, doubt.end))
            yield doubt


def _ministries(text: str) -> Iterator[Doubt]:
    """経済産業庁, 気象省, 環境省省."""
    for match in _MINISTRY.finditer(text) if "庁" in text or "省" in text or "小" in text or "消" in text else ():
        right = f"{match['stem']}省" if match["stem"] else f"{match['agency']}庁"
        why = f"「{match[0]}」は「{right}」ではありませんか。"
        yield Doubt(
            start=match.start(), end=match.end(), found=match[0], expected=(right,), kind="name", certainty=Certainty.LIKELY, why=why
        )


def _legal_forms(text: str) -> Iterator[Doubt]:
    """一般財団法人イクレイ日本."""
    for match in _FORM.finditer(text) if "法人" in text else ():
        name = next((name for size in range(len(match["name"]), 3, -1) if (name := match["name"][:size]) in _form_of()), "")
        if name and match["form"] != _form_of()[name]:
            right = _form_of()[name]
            why = f"{name}は「{right}」です（本文は「{match['form']}」）。"
            end = match.end("form")
            yield Doubt(
                start=match.start(), end=end, found=match["form"], expected=(right,), kind="name", certainty=Certainty.LIKELY, why=why
            )


@cache
def _endings() -> dict[str, tuple[str, ...]]:
    """The last two characters of the long names → those names."""
    found: dict[str, tuple[str, ...]] = {}
    for cells in rows("organisations"):
        for name in (cells[1], *cells[3].split("|")):
            if len(name) >= 7 and _KANJI.fullmatch(name[-2:]):
                found[name[-2:]] = (*found.get(name[-2:], ()), name)
    return found


@cache
def _ending() -> re.Pattern[str]:
    return re.compile("|".join(_endings()))


def _near_names(text: str) -> Iterator[Doubt]:
    """気候変動枠条約, 国連食料農業機関: a long name with a character lost, added or, if it is very long, wrong."""
    for match in _ending().finditer(text):
        end = match.end()
        for name in _endings()[match[0]]:
            if text[end : end + 1] == name[-1] and text.endswith(name, 0, end):
                found = name + name[-1]
                why = f"「{found}」は「{name}」ではありませんか。"
                yield Doubt(
                    start=end - len(name), end=end + 1, found=found, expected=(name,), kind="name", certainty=Certainty.LIKELY, why=why
                )
            for size in (len(name), len(name) - 1, len(name) + 1):
                found = text[max(0, end - size) : end]
                if (
                    len(found) == size
                    and found[:2] == name[:2]
                    and _is_near_name(found, name)
                    and not _WORD_PART.match(text[end - size - 1 : end - size])
                ):
                    why = f"「{found}」は「{name}」ではありませんか。"
                    yield Doubt(start=end - size, end=end, found=found, expected=(name,), kind="name", certainty=Certainty.LIKELY, why=why)


def _is_near_name(found: str, name: str) -> bool:
    """Whether one character is lost or added, or wrong in a name of eight and more, and no other organisation is called so."""
    known = _key(found) in _names() or _key(found) == _key(name)
    return not known and (len(found) != len(name) or len(name) >= 8) and is_one_off(found, name)


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Japanese name without spaces and dots → the abbreviations of the organisations that bear it."""
    found: dict[str, tuple[str, ...]] = {}
    for abbreviation, japanese, _, also in rows("organisations"):
        for name in (japanese, *filter(None, also.split("|"))):
            key = _key(name)
            found[key] = (*found.get(key, ()), abbreviation)
    return found


@cache
def abbreviations() -> dict[str, str]:
    """Abbreviation → the usual Japanese name."""
    return {cells[0]: cells[1] for cells in rows("organisations")}


def _key(name: str) -> str:
    """A name without what pens differ in: spaces, dots, hyphens, the み of 枠組み."""
    return _LENIENT.sub("", name)


def _pairs(text: str) -> Iterator[Doubt]:
    """国際応用システム分析研究所（IGES）, IGES（国立環境研究所）, 気候変動枠条約（UNFCCC）."""
    for match in _BRACKETED.finditer(text):
        inside = _NUMBERED.sub("", match["inside"])
        head = _WORD.search(text, max(0, match.start() - 40), match.start())
        if not head:
            continue
        if inside in abbreviations():
            said = text[max(0, match.start() - 40) : match.start()]
            yield from _name_and_letters(
                said, inside, at=(match.start() - len(said), match.start("inside"), match.start("inside") + len(inside))
            )
        elif _LETTERS.fullmatch(inside) or (len(inside) >= 5 and _MIXED.fullmatch(inside)):
            yield from _name_and_slip(text[max(0, match.start() - 40) : match.start()], match)
        else:
            yield from _letters_and_name(head, match)


def _name_and_letters(head: str, letters: str, *, at: tuple[int, int, int]) -> Iterator[Doubt]:
    """What stands before the bracket against the letters in it; ``at``: begin of what stands there, begin and end of the letters."""
    name, owners = _longest_name(head)
    if name and letters not in owners:
        why = f"{name}の略称は{'・'.join(owners)}です（{letters}は{abbreviations()[letters]}）。"
        yield Doubt(start=at[1], end=at[2], found=letters, expected=owners, kind="organisation", certainty=Certainty.CERTAIN, why=why)
    elif not name and (near := _nearly(head, letters)):
        found, right = near
        start = at[0] + head.rindex(found)
        why = f"{letters}は「{right}」です（本文は「{found}」）。"
        yield Doubt(start=start, end=start + len(found), found=found, expected=(right,), kind="name", certainty=Certainty.LIKELY, why=why)


def _name_and_slip(head: str, match: re.Match[str]) -> Iterator[Doubt]:
    """国が決定する貢献（NCD）: the letters are one slip away from those of the name before them."""
    name, owners = _longest_name(head)
    inside = match["inside"]
    for letters in owners:
        one, other = (inside, letters) if inside.isupper() else (inside.casefold(), letters.casefold())
        alike = sorted(one) == sorted(other) or is_one_off(one, other)
        if (
            alike
            and letters.isupper() == inside.isupper()
            and inside not in _REAL
            and inside not in (*owners, f"{letters}s", letters.removesuffix("s"))
        ):
            why = f"{name}の略称は{letters}です（本文は{inside}）。"
            start, end = match.span("inside")
            yield Doubt(start=start, end=end, found=inside, expected=(letters,), kind="organisation", certainty=Certainty.LIKELY, why=why)
            return


def _letters_and_name(head: re.Match[str], match: re.Match[str]) -> Iterator[Doubt]:
    """IGES（国立環境研究所）: letters before the bracket, another's name in it."""
    letters = re.search(r"(?<![A-Za-z\-])[A-Z][A-Za-z\-]+$", head[0])
    owners = _names().get(_key(match["inside"]), ())
    if letters and owners and letters[0] in abbreviations() and letters[0] not in owners:
        why = f"{match['inside']}の略称は{'・'.join(owners)}です（{letters[0]}は{abbreviations()[letters[0]]}）。"
        start = head.start() + letters.start()
        yield Doubt(
            start=start, end=head.end(), found=letters[0], expected=owners, kind="organisation", certainty=Certainty.CERTAIN, why=why
        )


def _longest_name(head: str) -> tuple[str, tuple[str, ...]]:
    """The longest name on the list with which the words end, and its abbreviations; ("", ()) for none."""
    for start in range(len(head) - 1):
        owners = _names().get(_key(head[start:]), ())
        if owners and not head[start : start + 1].isspace():
            return head[start:], owners
    return "", ()


def _nearly(head: str, letters: str) -> tuple[str, str] | None:
    """(what is written, the name meant) if the words end one character away from a name of the letters: 気候変動枠条約 for UNFCCC."""
    for name, owners in _names().items():
        if letters in owners and len(name) >= 6 and _BODY.search(name):
            for size in range(len(name) - 3, len(name) + 2):
                written = head[-size:]
                near = written[:2] == name[:2] and is_one_off(written, name)
                if len(written) == size and (near or ((written[:2] == name[:2] or size < len(name)) and _is_like(head, written, name))):
                    return written, name
            at = head.rfind(name[:8]) if len(name) >= 11 else -1  # 気候変動に関する政府間会議: the beginning of a long name, another end
            if (
                at >= 0
                and 9 <= len(head) - at <= len(name) + 4
                and _key(head[at:]) not in _names()
                and re.fullmatch("[一-龥々ァ-ヺーの・に関すると及び]+", head[at:])
            ):
                return head[at:], name
    return None


def _is_like(head: str, written: str, name: str) -> bool:
    """経済開発協力機構 for 経済協力開発機構, 国連環境開発 for 国連環境計画: the whole run before the letters, two characters off or in another order."""
    run = re.search("[一-龥々ァ-ヺー・]+$", head)
    if run and run[0] == written and _key(written) not in _names() and len(written) < len(name):
        return SequenceMatcher(None, written, name, autojunk=False).ratio() > ALIKE
    off = (Counter(written) - Counter(name)).total()
    return run is not None and run[0] == written and _key(written) not in _names() and off <= (2 if len(name) <= len(written) else 1)


def _near_misses(text: str) -> Iterator[Doubt]:
    """UNFCC, UNSCAP, LGMAs: no known abbreviation, and one slip away from a known one."""
    for match in _TOKEN.finditer(text):
        found = match[0]
        right = _meant(found, text)
        if right:
            why = f"{found}という略称は見当たりません。{right}（{abbreviations()[right]}）ではありませんか。"
            yield Doubt(
                start=match.start(),
                end=match.end(),
                found=found,
                expected=(right,),
                kind="abbreviation",
                certainty=Certainty.LIKELY,
                why=why,
            )


def _meant(found: str, text: str) -> str:
    """The abbreviation that is meant, or "" if none is."""
    for slip, right, around in _LIKE_ANOTHER:
        if found == slip and around.search(text):
            return right
    if found in abbreviations() or found in _REAL:
        return ""
    if found.endswith("s") and found[:-1] in ("LGMA", "UNFCCC", "IPCC", "ICLEI", "GCoM"):
        return found[:-1]
    if found.isupper():
        return next((known for known in abbreviations() if len(known) >= 4 and _is_slip(found, known)), "")
    return next((known for known in abbreviations() if len(known) >= 5 and known.isupper() and known == found.upper()), "")


def _is_slip(found: str, known: str) -> bool:
    """One letter lost, doubled or in the wrong place, in capitals of five letters or more."""
    if not known.isupper() or not found.isupper():
        return False
    if len(found) == len(known) + 1 and any(found[n] == found[n - 1] and found[:n] + found[n + 1 :] == known for n in range(1, len(found))):
        return True
    if len(known) == 5 and len(found) == 4 and known in _LETTERS_LOST:
        return is_one_off(found, known)
    if sorted(found) == sorted(known):
        return len(known) >= 4 and _is_swap(found, known)
    if len(found) == len(known):
        return len(known) >= 5 and set(found) == set(known) and is_one_off(found, known)
    return len(known) >= 6 and abs(len(found) - len(known)) == 1 and is_one_off(found, known) and set(found) <= set(known)


def _is_swap(found: str, known: str) -> bool:
    """Whether two neighbours are exchanged."""
    places = [n for n, (one, other) in enumerate(zip(found, known, strict=True)) if one != other]
    return len(places) == 2 and places[1] == places[0] + 1
