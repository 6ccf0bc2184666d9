"""The 照合表: passages and the finished mail in, every value that people must compare with its source out, by kind, each with all its places.

What an editor wrote has the place in the file; what the program prints by itself (奥付, the next issue's date) only the part of the page. It
must include everything of its kinds that a reader can see. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote, unquote, urlsplit

from pipeline.checks.harvest import DAY, DEADLINE, KINDS, MAIL, MONTH, NUMBER, PHONE, TIME, URL, Found, harvest, trimmed
from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.printed import Printed
from pipeline.checks.titles import BODY, PERSON, Names, names_of
from pipeline.model import Manuscript, Place, Term

LONG_NAME = 24
AROUND = 14  # characters of context on either side
TITLES = {
    DEADLINE: ("締切", "日付・曜日・時刻を、発信元の案内と照合します。"),
    DAY: ("日付と曜日", "左は暦から計算した日付です。本文に年や曜日がないものも、これで正しいかを確かめます。"),
    TIME: ("時刻", "午前・午後、始まりと終わり、現地時間と日本時間を確かめます。"),
    MONTH: ("年・月・年度", "年度の変わり目と、前の年の使い回しに気をつけます。"),
    PERSON: ("人と肩書", "氏名の字と、その日の肩書を、公式の名簿やページと照合します。"),
    BODY: ("団体・自治体", "正式な名前と略称を確かめます。"),
    NUMBER: ("数と単位", "けた・単位・回数を、もとの資料と照合します。"),
    PHONE: ("電話・郵便番号", "一つずつ声に出して照合します。"),
    MAIL: ("メールアドレス", "一字ずつ照合します。"),
    URL: ("URL", "開いて、リンクの文字のとおりのページかを確かめます。"),
}
EACH = (
    DEADLINE,
    DAY,
    TIME,
    MONTH,
    PERSON,
    NUMBER,
)  # every place is a statement of its own and has a tick of its own, but for names such as COP29
UNREAD = frozenset(  # entries that no reader sees
    {
        *("section", "image", "waive", "hold", "permission", "edition", "event", "report", "cases", "feed", "entry_id", "source_digest"),
        *(
            "reviewed_digest",
            "reviewed_source",
            "reviewed_on",
            "visibility",
            "dismissed",
            "licence",
            "language",
            "reviewer",
            "pathway",
            "number",
        ),
    }
)
FRAME = ("冒頭", "奥付", "次号", "前号の訂正", "今号のポイント")  # parts that are no item and repeat none
_ISSUE = {"subject": "件名", "lead_line": "導入文", "date": "発行日"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One place of a value: the item's number or the part of the page, the file where an editor wrote it, and the words around it."""

    label: str
    place: Place | None
    before: str
    written: str
    after: str

    @property
    def file(self) -> str:
        """The name of the file without its folders, a long one cut; "" for what nobody wrote."""
        name = self.place.path.rpartition("/")[2] if self.place else ""
        return name if len(name) <= LONG_NAME else f"{name[: LONG_NAME - 4]}….md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One value with all its places. ``notes``: link texts and the page's title of a URL; ``each``: every place is ticked by itself."""

    value: str
    spots: tuple[Spot, ...]
    notes: tuple[str, ...] = ()
    key: str = ""
    each: bool = False

    @property
    def places(self) -> tuple[str, ...]:
        """Where it stands, once an item and file: ``2-1（30-jgbf.md:2・12）``."""
        lines: dict[tuple[str, str], list[str]] = {}
        for spot in self.spots:
            numbers = lines.setdefault((spot.label, spot.file), [])
            if spot.place and str(spot.place.line) not in numbers:
                numbers.append(str(spot.place.line))
        return tuple(f"{label}（{file}:{'・'.join(numbers)}）" if file else label for (label, file), numbers in lines.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """All values of one kind."""

    kind: str
    title: str
    advice: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the harvest needs to know: ``labels`` path of a draft → its number; ``frame``: the masthead, whose words stand in every issue."""

    anchor: date
    labels: Mapping[str, str]
    names: Names
    frame: Manuscript | None = None
    titles: Mapping[str, str]


def collate(passages: Iterable[Passage], editions: Iterable[Iterable[Printed]], desk: Desk) -> tuple[Group, ...]:
    """Every value by kind: deadlines and dates by the calendar, the others in the order of the page.

    ``editions``: the finished mail, its fullest edition first. Of what is printed only that counts which no passage says at that place.
    """
    table: dict[tuple[str, str], Line] = {}
    for found, spot in _written(passages, desk):
        _add(table, found, spot)
    for number, edition in enumerate(editions):
        known = _labels_of(table)
        for page in edition:
            for found, spot in _shown(page, desk):
                labels = known.get((_sort(found.kind), found.value), set())
                if not labels or (number == 0 and _is_other(found, spot, labels)):
                    _add(table, found, spot)
            for address, text in page.links:
                _note(table, address, text, page, desk)
    return tuple(_group(kind, table, desk.titles) for kind in KINDS if any(one == kind for one, _ in table))


def _labels_of(table: Mapping[tuple[str, str], Line]) -> dict[tuple[str, str], set[str]]:
    """Value → where it is known to stand; a deadline is a date too."""
    known: dict[tuple[str, str], set[str]] = {}
    for (kind, value), line in table.items():
        known.setdefault((_sort(kind), value), set()).update(spot.label for spot in line.spots)
    return known


def _sort(kind: str) -> str:
    return DAY if kind == DEADLINE else kind


def _is_other(found: Found, spot: Spot, labels: set[str]) -> bool:
    """Whether a part of the frame says something of its own: the next issue's deadline is none of an item's, though it be the same day."""
    twin = spot.label == "冒頭" and not labels.isdisjoint(_ISSUE.values())
    return found.kind in EACH and spot.label in FRAME and spot.label not in labels and not twin


def desk_of(
    anchor: date,
    glossary: Iterable[Term],
    labels: Mapping[str, str],
    *,
    frame: Manuscript | None = None,
    titles: Mapping[str, str] | None = None,
) -> Desk:
    """The desk for an issue of this date. ``titles``: address → title of the page, as far as it is known."""
    return Desk(anchor=anchor, labels=labels, names=names_of(glossary), frame=frame, titles=titles or {})


def same_url(url: str) -> str:
    """The spelling under which an address is compared: percent-encoded once, the host in small letters."""
    parts = urlsplit(url)
    encoded = quote(unquote(url), safe="/%:@!$&'()*+,;=~-._?#[]")
    return encoded.replace(parts.netloc, parts.netloc.lower(), 1) if parts.netloc.isascii() else encoded


def _written(passages: Iterable[Passage], desk: Desk) -> Iterator[tuple[Found, Spot]]:
    for passage in passages:
        if passage.key in UNREAD:
            continue
        label = desk.labels.get(passage.path, "") if passage.article else _ISSUE.get(passage.key, "冒頭")
        for found in harvest(passage.text, anchor=desk.anchor, names=desk.names, due=passage.key == "deadline"):
            if found.kind not in (URL, MAIL):
                yield found, _spot(passage.text, found, label or passage.path, passage.place(found.start))
        for found in harvest(passage.raw, anchor=desk.anchor, names=desk.names):
            if found.kind in (URL, MAIL):
                yield _address(found), _spot(passage.raw, found, label or passage.path, passage.place(found.start))


def _shown(page: Printed, desk: Desk) -> Iterator[tuple[Found, Spot]]:
    for found in harvest(page.text, anchor=desk.anchor, names=desk.names):
        place = _in_frame(page.text[found.start : found.end], desk.frame)
        if found.value not in desk.labels.values():  # 図は、Web版の1-1をご覧ください
            yield _address(found), _spot(page.text, found, page.label, place)


def _address(found: Found) -> Found:
    return replace(found, value=same_url(found.value)) if found.kind == URL else found


def _in_frame(written: str, frame: Manuscript | None) -> Place | None:
    """The line of the masthead that holds these words."""
    if frame is None or len(written) < 3 or written not in frame.text:
        return None
    return Place(path=frame.path, line=frame.text.count("\n", 0, frame.text.index(written)) + 1)


def _spot(text: str, found: Found, label: str, place: Place | None) -> Spot:
    before, after = (part.replace("　", " ").replace(BLANK, "") for part in (text[: found.start], text[found.end :]))
    before, after = before.rpartition("。")[2].lstrip(" |"), after.partition("。")[0].rstrip(" |")
    return Spot(
        label=label,
        place=place,
        before=("…" if len(before) > AROUND else "") + before[-AROUND:],
        written=text[found.start : found.end],
        after=after[:AROUND] + ("…" if len(after) > AROUND else ""),
    )


def _add(table: dict[tuple[str, str], Line], found: Found, spot: Spot) -> None:
    each = found.kind in EACH and not (found.kind == NUMBER and found.value[:1].isascii() and found.value[:1].isalpha())
    line = table.get((found.kind, found.value)) or Line(value=found.value, spots=(), key=found.key, each=each)
    if spot not in line.spots:
        table[found.kind, found.value] = replace(line, spots=(*line.spots, spot))


def _note(table: dict[tuple[str, str], Line], address: str, text: str, page: Printed, desk: Desk) -> None:
    """A link of the finished page: its words stand beside its address. An address that nobody wrote is added; links into the page are none."""
    if not address or address.startswith("#"):
        return
    kind, value = _named(address)
    spot = Spot(label=page.label, place=_in_frame(address, desk.frame), before="", written=address, after="")
    line = table.get((kind, value)) or Line(value=value, spots=(spot,))
    said = (f"リンクの文字：{text}",) if text and text not in (address, value) else ()
    table[kind, value] = replace(line, notes=tuple(dict.fromkeys((*line.notes, *said))))


def _named(address: str) -> tuple[str, str]:
    """(kind, value) of a link's address; a sender's merge tag stays as it is."""
    scheme, _, rest = address.partition(":")
    if scheme in ("mailto", "tel"):
        return (MAIL if scheme == "mailto" else PHONE), rest.partition("?")[0]
    return URL, same_url(trimmed(address)) if scheme in ("http", "https") else address


def _group(kind: str, table: Mapping[tuple[str, str], Line], titles: Mapping[str, str]) -> Group:
    lines = [line for (one, _), line in table.items() if one == kind]
    if kind in (DEADLINE, DAY):
        lines.sort(key=lambda line: line.key)
    if kind == URL:
        lines = [_titled(line, titles.get(line.value.partition("#")[0], "")) for line in lines]
    title, advice = TITLES[kind]
    return Group(kind=kind, title=title, advice=advice, lines=tuple(lines))


def _titled(line: Line, title: str) -> Line:
    return replace(line, notes=(*line.notes, f"ページの題名：{title}")) if title else line
