"""Rules about names of places, conferences and organisations: the sheet's passages in, hits out. The lists and the looking are elsewhere.

What ``towns``, ``cities``, ``conferences`` and ``organisations`` doubt of one text is told here with its place; what only an issue can show
(another number in the title than in the body, the COP of another special) is looked for here. It never guesses a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache

from pipeline.checks import cities, conferences, organisations, towns
from pipeline.checks.gazetteer import Certainty, Doubt, municipalities, rows
from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.repeated import once
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.checks.seated import departments, members, other_cities
from pipeline.model import Issue, Severity

_AUTHORITIES = frozenset(("municipalities", "host"))  # entries that name authorities, so that no quarter can be meant
_SEVERITY = {Certainty.CERTAIN: Severity.ERROR, Certainty.LIKELY: Severity.WARNING, Certainty.POSSIBLE: Severity.NOTE}
_HINTS = {
    "spelling": "「{0}」に直してください。",
    "kind": "「{0}」ではないかを確かめてください。",
    "prefecture": "「{0}」ではないかを確かめてください。",
    "ward": "「{0}」ではないかを確かめてください。",
    "ambiguous": "「{0}」のように、都道府県名を添えてください。",
    "ended": "今の名称（{0}）に直してください。昔の話なら「旧」「当時の」などを添えます。",
    "country": "「{0}」ではないかを確かめてください。",
}
_HINT = "「{0}」ではないかを確かめてください。"
_HOST = re.compile(r"(?:city|town|vill|pref|metro|www)\.[a-z.-]+")
_ROMAN = (  # the prefectures in the order of their codes
    "hokkaido aomori iwate miyagi akita yamagata fukushima ibaraki tochigi gunma saitama chiba tokyo kanagawa niigata toyama ishikawa fukui"
    " yamanashi nagano gifu shizuoka aichi mie shiga kyoto osaka hyogo nara wakayama tottori shimane okayama hiroshima yamaguchi tokushima"
    " kagawa ehime kochi fukuoka saga nagasaki kumamoto oita miyazaki kagoshima okinawa"
)
_PAST = re.compile("旧|当時|前身|昭和|現在の|（現|改称|改組|再編|発足|移行|以前|かつて|ごろまで|元[一-鿿]|時代|州|政府")
_SPECIAL = re.compile(r"COP(\d{1,2})(?=特集|速報|現地報告|（第\d+報)")
_OTHER_TIME = re.compile("前回|次回|昨年|一昨年|来年|以降|以来|から|まで|に続|に向け|これまで|過去|歴代|[12]\\d{3}")


def spelling(sheet: Sheet) -> Iterator[Hit]:
    """鎌ヶ谷市, 富士見野市: no municipality is called so."""
    yield from _towns(sheet, "spelling")


def kinds(sheet: Sheet) -> Iterator[Hit]:
    """北栄市 for 北栄町, 鳥取県松江市, 川崎市都筑区."""
    yield from _towns(sheet, "kind", "prefecture", "ward", "unlisted")


def several(sheet: Sheet) -> Iterator[Hit]:
    """府中市 without a word that says which."""
    yield from _towns(sheet, "ambiguous")


def ended(sheet: Sheet) -> Iterator[Hit]:
    """浜松市中区 after 2023: a name of former days."""
    yield from _towns(sheet, "ended")
    yield from once(_former(sheet))


def _former(sheet: Sheet) -> Iterator[Hit]:
    """環境庁 in 2025; what the sentence itself puts into former days, and what is of another country, is left alone."""
    for passage in sheet.holding(_bodies()):
        for match in _bodies().finditer(passage.text):
            until, became = _renamed()[match[0]]
            begin = max(passage.text.rfind(mark, 0, match.start()) for mark in "。\n") + 1
            end = passage.text.find("。", match.end())
            sentence = passage.text[begin : end if end >= 0 else len(passage.text)]
            years = [int(year) for year in re.findall(r"(?:19|20)\d\d", sentence)]
            if sheet.issue.date.isoformat() > until and not _PAST.search(sentence) and not any(year <= int(until[:4]) for year in years):
                message = f"「{match[0]}」は、{until[:4]}年に{became}になりました。"
                yield passage.hit(match.span(), message, f"今のことなら「{became}」に、昔のことなら「当時の」などを添えてください。")


@lru_cache(maxsize=1)
def _renamed() -> dict[str, tuple[str, str]]:
    return {name: (until, became) for name, until, became in rows("former")}


@lru_cache(maxsize=1)
def _bodies() -> re.Pattern[str]:
    return re.compile("(?<![一-鿿々ァ-ヺーの・])(?:" + "|".join(_renamed()) + ")(?![一-鿿々])")


def _towns(sheet: Sheet, *kinds: str) -> Iterator[Hit]:
    day, contexts = sheet.issue.date, _contexts(sheet)
    yield from once(
        _hit(passage, doubt)
        for passage in sheet.prose
        for doubt in _town_doubts(passage.text, day, contexts[passage.path], authorities=passage.key in _AUTHORITIES)
        if doubt.kind in kinds
    )


def _contexts(sheet: Sheet) -> dict[str, str]:
    """File → all that its readers see, the prefectures of its hosts' names written out; for issue.md it is the whole issue."""
    return sheet.once(_seen_together, sheet.issue)


def _seen_together(sheet: Sheet, issue: Issue) -> dict[str, str]:
    own = issue.manuscript
    texts = {article.manuscript.path: article.manuscript.text for article in issue.articles if article.manuscript}
    if own:
        texts[own.path] = "\n".join((own.text, *texts.values()))
    return {passage.path: _context(texts.get(passage.path, passage.raw)) for passage in sheet.passages}


@lru_cache(maxsize=256)
def _context(text: str) -> str:
    parts = {part for host in _HOST.findall(text) for part in re.split("[.-]", host)}
    said = {_prefectures()[part] for part in parts if part in _prefectures()}
    return text + "".join(sorted(said))


@lru_cache(maxsize=1)
def _prefectures() -> dict[str, str]:
    """鳥取県 under tottori."""
    names = (row.name for row in municipalities() if row.kind == "都道府県")
    return dict(zip(_ROMAN.split(), names, strict=True))


@lru_cache(maxsize=4_000)
def _town_doubts(text: str, day: date, context: str, *, authorities: bool) -> tuple[Doubt, ...]:
    return tuple(towns.doubts(text, day, context=context, authorities=authorities))


def _hit(passage: Passage, doubt: Doubt, *, at: tuple[int, int] | None = None) -> Hit:
    hint = _HINTS.get(doubt.kind, _HINT).format("」「".join(doubt.expected[:3])) if doubt.expected else "名前を確かめてください。"
    safe = doubt.kind == "spelling" and doubt.certainty is Certainty.CERTAIN and len(doubt.expected) == 1
    return passage.hit(
        at or (doubt.start, doubt.end),
        doubt.why,
        hint,
        instead=doubt.expected[0] if safe else None,
        severity=_SEVERITY[doubt.certainty],
    )


def parties(sheet: Sheet) -> Iterator[Hit]:
    """COP29（ブラジル・ベレン）, 昨年のCOP28, 国連気候変動枠組条約COP16; in a table, too."""
    contexts = _contexts(sheet)
    yield from once(
        _hit(passage, doubt, at=at)
        for passage in sheet.prose
        for text, at in _told(passage)
        for doubt in _party_doubts(text, sheet.issue.date, contexts[passage.path])
    )
    yield from once(other_cities(sheet))
    yield from _other_special(sheet)
    yield from _other_than_title(sheet)


@lru_cache(maxsize=4_000)
def _party_doubts(text: str, day: date, context: str) -> tuple[Doubt, ...]:
    return tuple(conferences.doubts(text, day, context=context))


@lru_cache(maxsize=4_000)
def _country_doubts(text: str) -> tuple[Doubt, ...]:
    return tuple(cities.doubts(text))


def _told(passage: Passage) -> Iterator[tuple[str, tuple[int, int] | None]]:
    """The text; and a row of a table as the sentence that it stands for: COP28（2023年、アラブ首長国連邦・ドバイ）."""
    yield passage.text, None
    cells = [cell.strip(" 　" + BLANK) for cell in passage.text.split("|")] if passage.kind == "row" else []
    heads = [cell for cell in cells if re.fullmatch(r"(?:[A-Z]+[-－ ])?C[Oo]P\d{1,2}", cell)]
    if len(heads) == 1:
        start = passage.text.index(heads[0])
        for cell in cells:
            said = f"{cell}年" if re.fullmatch(r"(?:19|20)\d\d", cell) else cell
            if cell and cell != heads[0] and len(said) <= 30:
                yield f"{heads[0]}（{said}）", (start, start + len(heads[0]))


def _other_special(sheet: Sheet) -> Iterator[Hit]:
    """COP28特集号 in an issue on COP29; an item of it that knows only COP28."""
    event = sheet.issue.event
    if event is None or not event.number:
        return
    told = [section.shows == "event" for section in sheet.issue.sections for _ in section.articles]
    listed = {article.place.path for article, shows in zip(sheet.issue.articles, told, strict=True) if shows}
    for path, group in _files(sheet).items():
        found = [(passage, cop) for passage in group for cop in conferences.find_conferences(passage.text)]
        if path in listed or any(cop.number == event.number for _, cop in found):
            continue
        for passage, cop in found:
            if abs(cop.number - event.number) <= 3 and not (_OTHER_TIME.search(passage.text) or _SPECIAL.search(passage.text)):
                message = f"{event.short}の特集号ですが、「{cop.text}」とあります。"
                hint = f"「{event.short}」ではないかを確かめてください。"
                yield passage.hit((cop.start, cop.end), message, hint, severity=Severity.WARNING)
                break
    for passage in sheet.prose:
        for match in _SPECIAL.finditer(passage.text):
            if int(match[1]) != event.number and passage.path == sheet.issue.place.path:
                message = f"{event.short}の特集号ですが、「{match[0]}」とあります。"
                yield passage.hit(match.span(), message, f"「{event.short}」ではないかを確かめてください。", severity=Severity.ERROR)


def _other_than_title(sheet: Sheet) -> Iterator[Hit]:
    """A title that speaks of COP29 above a body that knows only COP28."""
    for group in _files(sheet).values():
        title = [(passage, cop) for passage in group if passage.key == "title" for cop in conferences.find_conferences(passage.text)]
        body = {cop.number for passage in group if not passage.key for cop in conferences.find_conferences(passage.text)}
        if len(title) == 1 and body and title[0][1].number not in body:
            passage, cop = title[0]
            message = f"見出しは「{cop.text}」ですが、本文は「{'・'.join(f'COP{number}' for number in sorted(body))}」です。"
            yield passage.hit((cop.start, cop.end), message, "どちらが正しいかを確かめてください。", severity=Severity.WARNING)


def _files(sheet: Sheet) -> dict[str, list[Passage]]:
    found: dict[str, list[Passage]] = {}
    for passage in sheet.prose:
        found.setdefault(passage.path, []).append(passage)
    return found


def countries(sheet: Sheet) -> Iterator[Hit]:
    """スウェーデン・トゥルク市; in a case study's own two entries, too."""
    yield from once(_hit(passage, doubt) for passage in sheet.prose for doubt in _country_doubts(passage.text))
    yield from members(sheet)
    yield from departments(sheet)
    for passages in _entries(sheet):
        if "country" in passages and "city" in passages:
            country, city = passages["country"], passages["city"]
            if right := cities.right_countries(country.raw, city.raw):
                message = f"{city.raw}は{country.raw}ではなく、{'・'.join(right)}の都市です。"
                yield country.hit((0, len(country.raw)), message, f"「{right[0]}」ではないかを確かめてください。", severity=Severity.ERROR)


def _entries(sheet: Sheet) -> Iterable[dict[str, Passage]]:
    found: dict[str, dict[str, Passage]] = {}
    for passage in sheet.passages:
        if passage.key in ("country", "city"):
            found.setdefault(passage.path, {})[passage.key] = passage
    return found.values()


def bodies(sheet: Sheet) -> Iterator[Hit]:
    """国際応用システム分析研究所（IGES）, UNSCAP, 気候変動枠条約."""
    yield from once(_hit(passage, doubt) for passage in sheet.prose for doubt in body_doubts(passage.text))


@lru_cache(maxsize=4_000)
def body_doubts(text: str) -> tuple[Doubt, ...]:
    """What ``organisations`` doubts of a text."""
    return tuple(organisations.doubts(text))


RULES = (
    Rule(
        code="NAME001",
        title="自治体名の字",
        severity=Severity.ERROR,
        reason="自治体名の字（ケとヶ、旧字、ひらがな）の誤りは、その自治体の方が最初に気づきます。",
        source="総務省「全国地方公共団体コード」の名称",
        bad="鎌ヶ谷市が、脱炭素の取組を紹介しました。",
        good="鎌ケ谷市、茅ヶ崎市、廿日市市、塩竈市が取組を紹介しました。塩釜駅、関ヶ原の戦いも話題になりました。",
        find=spelling,
    ),
    Rule(
        code="NAME002",
        title="市・町・村・区と都道府県",
        severity=Severity.ERROR,
        reason="町を市と書いたり、別の県に置いたりする誤りは、その自治体に失礼になります。",
        source="総務省「全国地方公共団体コード」の名称",
        bad="鳥取県松江市で、シンポジウムを開きました。",
        good="島根県松江市と鳥取県東伯郡琴浦町、横浜市都筑区で、シンポジウムを開きました。",
        find=kinds,
    ),
    Rule(
        code="NAME003",
        title="同じ名の自治体",
        severity=Severity.WARNING,
        reason="同じ名の自治体があると、都道府県名がなければ、どこのことか分かりません。",
        source="総務省「全国地方公共団体コード」の名称",
        bad="府中市の事例を紹介します。",
        good="広島県の府中市の事例を紹介します。続いて、同県の府中町、武蔵野市の事例です。",
        find=several,
    ),
    Rule(
        code="NAME004",
        title="今はない名称",
        severity=Severity.WARNING,
        reason="合併や区の再編で変わった名称が、古い原稿から残っていることがあります。",
        source="総務省「全国地方公共団体コード」の改正、浜松市の区の再編（2024年1月1日）",
        bad="会場は、浜松市中区の市役所です。",
        good="会場は、浜松市中央区の市役所です。旧富谷町の庁舎、2011年に川口市に編入された鳩ヶ谷市も訪れます。",
        find=ended,
    ),
    Rule(
        code="NAME005",
        title="COPの回・年・開催地",
        severity=Severity.ERROR,
        reason="COPの番号は一つ違うだけで別の会議になり、前の号からの写し間違いもよく起こります。",
        source="各条約の締約国会議の記録",
        bad="昨年11月のCOP29（ブラジル・ベレン）を振り返ります。",
        good="昨年11月のCOP29（アゼルバイジャン・バクー）に続き、2025年はCOP30がブラジルのベレンで開かれます。",
        find=parties,
    ),
    Rule(
        code="NAME006",
        title="国と都市",
        severity=Severity.ERROR,
        reason="都市を別の国に置く誤りは、国際的な記事の信用を損ないます。",
        source="都市と国の一覧（checks/data/places.csv）",
        bad="スウェーデン・トゥルク市との交流を続けています。",
        good="フィンランド・トゥルク市、マルメ市（スウェーデン）、イスタンブール市（トルコ）との交流を続けています。",
        find=countries,
    ),
    Rule(
        code="NAME007",
        title="組織の名と略称",
        severity=Severity.WARNING,
        reason="似た略称や、一字違いの組織名は、読み返しても気づきにくいものです。",
        source="各組織の正式名称（checks/data/organisations.csv）、編集部の経験（報告書の「UNSCAP」「気候変動枠条約」）",
        bad="国連アジア太平洋経済社会委員会（UNSCAP）が主催しました。",
        good="国連アジア太平洋経済社会委員会（UNESCAP）と地球環境戦略研究機関（IGES）が主催しました。",
        find=bodies,
    ),
)
