"""The words of the domain: frozen records, no I/O, nothing derived from the outside world.

Bodies stay Markdown because they are rendered twice. Tuples, not lists. Dates are ``datetime.date``; times are the local time of the place
they speak of. Lengths of pictures are CSS pixels, sizes are bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

WEEKDAYS = "月火水木金土日"
TERM_KINDS = ("member", "city", "person", "organisation", "programme", "term")


class Severity(StrEnum):
    """How bad a finding is; what readers of the screen see is 要修正, 要確認, 参考."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def label(self) -> str:
        """The Japanese word on screens."""
        return {"error": "要修正", "warning": "要確認", "note": "参考"}[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the workspace: a POSIX path relative to its root, line and column from 1 (column in characters)."""

    path: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One safe change: characters ``start`` to ``end`` (from 0) of the file become ``text``."""

    path: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a person can mend in a file."""

    code: str
    severity: Severity
    message: str
    hint: str = ""
    place: Place | None = None
    fix: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date or time as it will be printed (``text``) and as we understood it; what we could not read is ``None``, never guessed."""

    text: str
    first: date | None = None
    last: date | None = None
    begins: time | None = None
    ends: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a front matter as it stands in the file: the canonical key ("" if unknown) and its value's offsets (characters, from 0)."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """A draft's file as it was read (NFC, LF line ends): what the checks look at, and what an ``Edit`` counts its characters in.

    ``body`` is the offset at which the body starts. A list of several lines is an entry a line.
    """

    path: str
    text: str
    entries: tuple[Entry, ...] = ()
    body: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A prepared picture: ``file`` is its name in ``build/<slug>/images/``, ``path`` the prepared file in the workspace."""

    file: str
    path: str
    width: int
    height: int
    bytes: int
    alt: str = ""
    credit: str = ""
    permission: str = ""
    source: str = ""
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """ママ: a finding that a named person lets stand, and why."""

    code: str
    reason: str
    name: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a case study comes from, who turned it into Japanese, and how far that has come.

    ``state`` is derived by ``sources.cases`` from the files and never stored; its words are those of the screens (未訳, 校閲済 …).
    ``reviewed``: a named person vouches for these letters, whatever else the state says.
    """

    feed: str
    entry_id: str
    url: str
    title: str
    publisher: str
    language: str
    country: str
    city: str
    published: date | None
    source_digest: str
    translator: str
    reviewer: str
    licence: str
    visibility: str
    machine: bool
    state: str
    reviewed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One item of an issue; a case study is an article with an ``origin``. ``slug`` is the file's stem (a case's is ``<feed>/<stem>``)."""

    slug: str
    title: str
    section: str
    place: Place
    body: str
    body_line: int = 1
    summary: str = ""
    municipalities: tuple[str, ...] = ()
    prefix: str = ""
    tag: str = ""
    link: str = ""
    link_note: str = ""
    apply: str = ""
    image: Picture | None = None
    pictures: tuple[Picture, ...] = ()
    department: str = ""
    start: Moment | None = None
    end: Moment | None = None
    venue: str = ""
    host: str = ""
    fee: str = ""
    deadline: Moment | None = None
    contact: str = ""
    embargo: Moment | None = None
    hold: str = ""
    pathway: str = ""
    waivers: tuple[Waiver, ...] = ()
    origin: Origin | None = None
    manuscript: Manuscript | None = None

    @property
    def label(self) -> str:
        """What stands in 【】 before the title: the prefix, else the municipalities joined by 「・」."""
        return self.prefix or "・".join(self.municipalities)

    @property
    def invites(self) -> bool:
        """Whether the item asks readers to do something by a date: then its URLs are shown in full."""
        return self.tag in INVITING_TAGS or bool(self.apply or self.deadline)


TAGS = ("参加者募集", "意見募集", "開催報告", "再掲")
INVITING_TAGS = ("参加者募集", "意見募集")
PATHWAYS = ("ゼロカーボン発展", "自然を基盤とした発展", "循環型発展", "レジリエントな発展", "公平公正な発展")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One 欄 of an issue. ``shows``: ``article`` (numbered items), ``case`` (cards), ``event`` (a table), ``note`` (bare text: 編集後記)."""

    key: str
    title: str
    shows: str = "article"
    by_day: bool = False
    articles: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A conference that special editions report from; ``end`` is the official end, ``closed_on`` the day it really closed.

    ``number``: 30 of COP30; ``glossary``: a CSV in the workspace that decides wavering names ("": ``issues/events/<key>/glossary.csv``).
    """

    key: str
    name: str
    short: str
    city: str
    country: str
    timezone: str
    start: date
    end: date
    closed_on: date | None = None
    number: int = 0
    glossary: str = ""

    @property
    def last_day(self) -> date:
        """The day it really closed, as far as we know it."""
        return self.closed_on or self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """訂正: what was wrong and what is right, for one place of an issue. ``on``: the day from which its web copy has it right."""

    where: str
    wrong: str
    right: str
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierIssue:
    """As much of an issue that has gone out as later ones need. ``items``: (title, identity) of what it ran, identity a case's or a URL.

    ``texts``: the greeting and the bodies of its items as they were written (of the last few issues only, like ``items``).
    """

    slug: str
    edition: str
    date: date
    name: str
    event: str = ""
    report: str = ""
    subject: str = ""
    number: str = ""
    items: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Everything that one mail is made of. ``title`` is its full name (イクレイ日本e-News　2025年1月号), ``name`` the part after the masthead's.

    ``corrections`` are of earlier issues, those of ``corrects`` where the mail is nothing but a correction; ``errata`` are its own, for the web copy.
    """

    slug: str
    edition: str
    name: str
    title: str = ""
    place: Place
    subject: str
    lead_line: str
    greeting: str
    greeting_line: int = 1
    number: str = ""
    event: Event | None = None
    report: str = ""
    as_of: str = ""
    corrections: tuple[Correction, ...] = ()
    corrects: str = ""
    errata: tuple[Correction, ...] = ()
    sections: tuple[Section, ...] = ()
    earlier: tuple[EarlierIssue, ...] = ()
    next_date: date | None = None
    next_copy_deadline: date | None = None
    next_report: date | None = None
    waivers: tuple[Waiver, ...] = ()
    manuscript: Manuscript | None = None
    date: date

    @property
    def articles(self) -> tuple[Article, ...]:
        """All items, in the order of the page."""
        return tuple(article for section in self.sections for article in section.articles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """What goes out. With neutral merge fields it exists in memory only; ``dialect`` says whose tags have replaced them: then it is written."""

    subject: str
    lead_line: str
    html: str
    text: str
    pictures: tuple[Picture, ...] = ()
    section_bytes: tuple[tuple[str, int], ...] = ()
    dialect: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A row of the glossary: ``ja`` are the accepted forms, the house's own first; bracketed parts may be left out on either side."""

    en: str
    ja: tuple[str, ...]
    yomi: str = ""
    kind: str = "term"
    since: date | None = None
    until: date | None = None
    note: str = ""
    place: Place

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force on this day (``from`` and ``to`` of the table)."""
        return (self.since or day) <= day <= (self.until or day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """A row of the house's spellings: ``wrong`` becomes ``right`` unless it stands in one of the ``exceptions``.

    ``kind``: "" for the text as it stands, 名詞 or 動詞 where it is used as one, パターン for a regular expression.
    """

    wrong: str
    right: str
    exceptions: tuple[str, ...] = ()
    kind: str = ""
    reason: str = ""
    place: Place


NOTATION_KINDS = ("", "名詞", "動詞", "パターン")


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """What a case study was translated from: the source's Markdown, and the place where it starts."""

    body: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of asking for a web address. ``status``: HTTP's, 0 without an answer.

    ``fault`` is why there is none: name, tls, private, address, loop or network.
    ``final``: where redirects led to; ``moved``: the new address after permanent ones; ``length``: bytes, -1 if nobody says; ``title``: the
    page's; ``missing``, ``login``: it says that there is no such page, or asks for a password; ``time``: when, ISO 8601 in UTC.
    """

    url: str
    status: int = 0
    fault: str = ""
    final: str = ""
    moved: str = ""
    content_type: str = ""
    length: int = -1
    title: str = ""
    missing: bool = False
    login: bool = False
    time: str = ""


def japanese_date(day: date, *, weekday: bool = True, year: bool = True) -> str:
    """``2025年1月31日（金）``, the one way dates are printed."""
    text = f"{day.month}月{day.day}日" + (f"（{WEEKDAYS[day.weekday()]}）" if weekday else "")
    return f"{day.year}年{text}" if year else text


def japanese_span(first: date, last: date) -> str:
    """``2024年11月11日（月）～22日（金）``: what both days share is said once."""
    end = japanese_date(last, year=last.year != first.year)
    if (first.year, first.month) == (last.year, last.month):
        end = end.partition("月")[2]
    return f"{japanese_date(first)}～{end}"


def issue_datetime(day: date) -> datetime:
    """17:00 of the issue's date, Japan time as a naive datetime: the only clock that a build knows."""
    return datetime.combine(day, time(17, 0))
