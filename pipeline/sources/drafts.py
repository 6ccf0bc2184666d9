"""One draft in, one ``Article`` and its findings out: values are checked against the closed lists, dates are read, pictures are looked up.

It never changes what an editor wrote, except that plain ISO dates are printed the Japanese way, with the weekday that is right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from pipeline.dates import ImpossibleDateError, find_dates, parse_moment, print_moment
from pipeline.model import PATHWAYS, TAGS, WEEKDAYS, Article, Finding, Moment, Picture, Place, Severity, Waiver, japanese_date
from pipeline.sources.frontmatter import Draft, Keys
from pipeline.sources.pictures import Prepared, find_picture

BODY_PICTURE = re.compile(
    r"!\[(?P<alt>[^\]\n]{0,500})\]\([ \t]*<?(?P<source>(?:[^()\"\n<>]|\([^()\n]{0,80}\)){1,300}?)>?"
    r"(?:[ \t]+[\"'](?P<credit>[^\"'\n]{0,300})[\"'])?[ \t]*\)"
)
VISIBILITIES = ("members", "public")
_URL_KEYS = ("link", "apply")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a draft stands in: the issue's date, the folder whose ``images/`` it may name, and the key of its section."""

    date: date
    folder: Path
    section: str


def article_from(draft: Draft, slug: str, *, keys: Keys, setting: Setting) -> tuple[Article, tuple[Finding, ...]]:
    """The article of a draft. Findings: the draft's own, FM004 wrong value, DATE001/DATE002, PIC003–PIC005."""
    moments, dated = _moments(draft, keys, setting.date)
    pictures, pictured = _pictures(draft, setting.folder)
    lead = next((picture for picture in pictures if draft.value("image") and picture.source == draft.value("image")), None)
    article = Article(
        slug=slug,
        title=draft.value("title"),
        section=setting.section,
        place=draft.place("title"),
        body=draft.body,
        body_line=draft.body_line,
        municipalities=draft.items("municipalities"),
        tag=draft.value("tag").strip("＜＞<>"),
        venue=draft.value("place"),
        image=lead,
        pictures=pictures,
        prefix=draft.value("prefix"),
        summary=draft.value("summary"),
        link=draft.value("link"),
        link_note=draft.value("link_note"),
        apply=draft.value("apply"),
        department=draft.value("department"),
        host=draft.value("host"),
        fee=draft.value("fee"),
        contact=draft.value("contact"),
        hold=draft.value("hold"),
        pathway=draft.value("pathway"),
        start=moments["start"],
        end=moments["end"],
        deadline=moments["deadline"],
        embargo=moments["embargo"],
        waivers=waivers(draft)[0],
        manuscript=draft.manuscript,
    )
    return article, (*draft.findings, *_wrong_values(draft, keys), *waivers(draft)[1], *dated, *pictured)


def waivers(draft: Draft) -> tuple[tuple[Waiver, ...], tuple[Finding, ...]]:
    """The ママ entries: ``code、reason、name`` each; one without all three is FM004 and waives nothing."""
    if "waive" not in draft.fields:
        return (), ()
    field = draft.fields["waive"]
    lines = field.items if any("、" in item or "," in item for item in field.items) else (field.value,)
    found, findings = [], []
    for line in filter(None, lines):
        parts = [part.strip() for part in re.split(r"[、,，]", line)]
        if len(parts) >= 3 and all(parts):
            found.append(Waiver(code=parts[0], reason="、".join(parts[1:-1]), name=parts[-1], place=field.place))
        else:
            hint = "「DATE001、理由、氏名」のように、コード・理由・氏名を「、」で区切ってください。"
            findings.append(wrong_value("ママ", line, field.place, hint))
    return tuple(found), tuple(findings)


def wrong_value(label: str, value: str, place: Place, hint: str) -> Finding:
    """FM004: an entry whose value is not one that it can have."""
    return Finding(code="FM004", severity=Severity.ERROR, message=f"「{label}」の「{value}」は使えません。", hint=hint, place=place)


def _wrong_values(draft: Draft, keys: Keys) -> list[Finding]:
    found = []
    tag, pathway = draft.value("tag").strip("＜＞<>"), draft.value("pathway")
    if tag and tag not in TAGS:
        found.append(wrong_value(keys.label("tag"), tag, draft.place("tag"), f"使えるタグは {'、'.join(TAGS)} です。"))
    if pathway and any(part not in PATHWAYS for part in draft.items("pathway")):
        found.append(wrong_value(keys.label("pathway"), pathway, draft.place("pathway"), f"使える分野は {'、'.join(PATHWAYS)} です。"))
    if (visibility := draft.value("visibility")) not in ("", *VISIBILITIES):
        hint = "「members」（会員自治体限定）か「public」（だれでも読める）と書いてください。直すまでは会員自治体限定として扱います。"
        found.append(wrong_value(keys.label("visibility"), visibility, draft.place("visibility"), hint))
    for key in _URL_KEYS:
        value = draft.value(key)
        looks = re.match(r"(?i)[a-z][a-z0-9+.-]*:|www\.|//", value)
        if value and (key == "link" or looks) and not re.match(r"(?i)(https?://[^\s/]+\.[^\s/]+|mailto:[^\s@]+@[^\s@]+)", value):
            found.append(wrong_value(keys.label(key), value, draft.place(key), "https:// で始まる URL を、空白を入れずに書いてください。"))
    return found


def _moments(draft: Draft, keys: Keys, anchor: date) -> tuple[dict[str, Moment | None], list[Finding]]:
    moments: dict[str, Moment | None] = {}
    findings: list[Finding] = []
    for key in ("start", "end", "deadline", "embargo"):
        moments[key], found = read_moment(draft.value(key), draft.place(key), label=keys.label(key), anchor=anchor)
        findings += found
    moments["start"] = _joined(moments["start"], moments["end"])
    return moments, findings


def read_moment(text: str, place: Place, *, label: str, anchor: date) -> tuple[Moment | None, list[Finding]]:
    """A 日時 of the front matter: DATE001 a weekday that is not the day's, DATE002 a day that no calendar has, DATE003 no date found."""
    if not text:
        return None, []
    try:
        moment = parse_moment(text, anchor=anchor)
    except ImpossibleDateError as error:
        hint = "月と日を確かめてください。"
        return Moment(text=text), [_dated("DATE002", f"「{label}」の「{error}」という日はありません。", place, hint)]
    if moment.first is None:
        hint = "「2025-03-14 13:30」か「2025年3月14日（金）13:30～16:00」のように書いてください。"
        found = Finding(
            code="DATE003", severity=Severity.WARNING, message=f"「{label}」の「{text}」から日付を読み取れません。", hint=hint, place=place
        )
        return moment, [found]
    return moment, [
        _dated(
            "DATE001",
            f"「{label}」の{japanese_date(found.day, weekday=False)}は「{found.weekday}」ではなく{_weekday(found.day)}曜日です。",
            place,
            _ask(found.day),
        )
        for found in find_dates(text, anchor=anchor)
        if found.wrong_weekday
    ]


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


def _ask(day: date) -> str:
    return f"日付と曜日のどちらが正しいか、発信元に確かめてください（{japanese_date(day)}）。"


def _dated(code: str, message: str, place: Place, hint: str) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, message=message, hint=hint, place=place)


def _joined(start: Moment | None, end: Moment | None) -> Moment | None:
    """日時 and 終了 as one moment: 2025年3月14日（金）13:30～16:00."""
    if not (start and end and start.first and (end.first or end.begins)):
        return start
    whole = replace(start, last=end.last or start.last, ends=end.begins or start.ends)
    return print_moment(whole, through=True) if end.first else start


def _pictures(draft: Draft, folder: Path) -> tuple[tuple[Picture, ...], list[Finding]]:
    wanted = []
    if draft.value("image"):
        wanted.append((draft.value("image"), draft.value("alt"), draft.value("credit"), draft.place("image")))
    for match in BODY_PICTURE.finditer(draft.body):
        before = draft.body[: match.start()]
        place = Place(path=draft.path, line=draft.body_line + before.count("\n"), column=len(before) - (before.rfind("\n") + 1) + 1)
        wanted.append((match["source"].strip(), match["alt"], match["credit"] or "", place))
    pictures, findings = [], []
    for source, alt, credit, place in wanted:
        prepared = find_picture(folder, source)
        if prepared is None or prepared.stale:
            findings.append(_unprepared(source, place, folder, stale=prepared is not None))
        if prepared is not None:
            pictures.append(_picture(prepared, alt, credit, place))
    return tuple(pictures), findings


def _unprepared(source: str, place: Place, folder: Path, *, stale: bool) -> Finding:
    name = f"cases/{folder.name}" if folder.parent.name == "cases" else folder.name
    command = f"enews pictures {name} を実行してください（写真の向き・大きさを整え、位置情報を消します）。"
    if stale:
        return Finding(
            code="PIC005", severity=Severity.ERROR, message=f"写真 {source} は整えた後に差し替えられています。", hint=command, place=place
        )
    inside = re.fullmatch(r"images/[^/\\]+", source) and not source.startswith("images/.")
    if inside and (folder / source).is_file():
        return Finding(
            code="PIC003", severity=Severity.ERROR, message=f"写真 {source} がまだ整えられていません。", hint=command, place=place
        )
    hint = f"写真は issues/{name}/images/ に置き、「images/ファイル名」と書いてください。大文字・小文字も区別します。"
    return Finding(code="PIC004", severity=Severity.ERROR, message=f"写真 {source} が見つかりません。", hint=hint, place=place)


def _picture(prepared: Prepared, alt: str, credit: str, place: Place) -> Picture:
    return Picture(
        file=prepared.file,
        path=prepared.path,
        width=prepared.width,
        height=prepared.height,
        bytes=prepared.bytes,
        alt=alt,
        credit=credit,
        source=prepared.source,
        place=place,
    )
