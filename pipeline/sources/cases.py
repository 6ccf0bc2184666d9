"""The case studies of a workspace: ``cases/<feed>/<stem>.source.md`` and ``<stem>.md`` in, their states, and ``Article``s with an origin, out.

What the source said and what the Japanese says stand in two files; how far a case has come is derived from them every time and stored nowhere.
This file only reads. It must never let a text into an issue without a finding unless a named person has reviewed these very letters.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from pipeline.config import Feed, Masthead
from pipeline.dates import find_date
from pipeline.errors import CaseError
from pipeline.model import Article, Finding, Origin, Place, Severity, japanese_date
from pipeline.sources.changes import BEFORE, compare, read_before
from pipeline.sources.drafts import Setting, article_from
from pipeline.sources.folder import refuse_copies, relative
from pipeline.sources.frontmatter import CASE, Draft, parse
from pipeline.sources.machine import Record, is_untouched, left_findings, read_record, settled
from pipeline.sources.textfile import read_text

SOURCE = ".source.md"
TITLE_PLACEHOLDER = "（邦題）"
BODY_PLACEHOLDER = "（ここに訳文を書き、この行を消してください）"
MACHINE = "機械翻訳"
UNREVIEWED = "〔未校閲〕"
NO_DATE = date(2000, 1, 1)  # the anchor for dates without a year in a case whose source is undated
PART = re.compile(r"[^\s./\\:*?\"<>|\x00-\x1f~$][^/\\:*?\"<>|\x00-\x1f]*(?<![. ])")
_WAITING = ("依頼中", "申請中", "確認中", "照会中", "待ち", "許諾待ち", "未")


class State(StrEnum):
    """How far a case has come, in the words of the screens."""

    UNTRANSLATED = "未訳"
    JAPANESE = "翻訳不要"
    MACHINE = "下訳（機械翻訳）"
    TRANSLATED = "翻訳済"
    REVIEWED = "校閲済"
    CHANGED = "原文更新あり"
    WAITING = "許諾待ち"
    DISMISSED = "掲載見送り"


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """One case as it lies on disk. ``path`` is where its Japanese is or would be; either draft may not be there."""

    id: str
    path: Path
    feed: Feed | None
    source: Draft | None
    japanese: Draft | None
    findings: tuple[Finding, ...] = ()
    record: Record = field(default_factory=Record)

    def value(self, key: str) -> str:
        """An entry of the Japanese file, else of the source."""
        return (self.japanese.value(key) if self.japanese else "") or (self.source.value(key) if self.source else "")

    @property
    def published(self) -> date | None:
        """The day on which the source was published, if the feed gave one that can be read."""
        return find_date(self.value("published"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A line of ``enews cases``. ``use`` says where it runs (掲載予定（2025年1月号）), ``note`` the reason of a dismissal or who reviewed."""

    id: str
    title: str
    original_title: str
    feed: str
    office: str
    language: str
    country: str
    pathway: str
    published: date | None
    state: State
    reviewer: str
    note: str
    use: str
    path: str
    source_path: str
    left: int = 0

    @property
    def label(self) -> str:
        """The state as screens show it: 校閲済（山田花子・2025年1月20日）, 掲載見送り（理由）."""
        return f"{self.state}（{self.note}）" if self.note else str(self.state)

    def lines(self) -> tuple[str, str]:
        """The case as a list shows it: state and name to type; below, what it is about and where it runs."""
        published = f"{japanese_date(self.published, weekday=False)}公開" if self.published else "公開日不明"
        about = (
            self.title or self.original_title,
            self.office,
            published,
            self.pathway,
            self.use,
            f"原文のまま残った所 {self.left}か所" if self.left else "",
        )
        return f"{self.label}　{self.id}", "    " + "　".join(part for part in about if part)


def read_cases(
    root: Path, masthead: Masthead, *, planned: Mapping[str, str] | None = None, published: Mapping[str, str] | None = None
) -> tuple[Case, ...]:
    """Every case of the workspace, newest source first, undated ones on top. ``planned`` and ``published``: case id → the issue's name.

    Raises ``ConflictError`` for conflict copies of a synced folder and ``WorkspaceError`` for a file that cannot be read.
    """
    found = [_case(load_case(root, masthead, case_id), planned or {}, published or {}) for case_id in case_ids(root)]
    return tuple(sorted(found, key=lambda case: (case.published or date.max, case.id), reverse=True))


def case_ids(root: Path) -> tuple[str, ...]:
    """The ``<feed>/<stem>`` of every case, sorted; half-written and hidden files are not looked at."""
    folders = sorted(path for path in (root / "issues" / "cases").glob("*") if path.is_dir() and PART.fullmatch(path.name))
    found: set[str] = set()
    for folder in folders:
        files = [path for path in folder.glob("*.md") if PART.fullmatch(path.name) and not path.name.endswith(BEFORE)]
        refuse_copies(files, root)
        found |= {f"{folder.name}/{path.name.removesuffix(SOURCE).removesuffix('.md')}" for path in files}
    return tuple(sorted(found))


def load_case(root: Path, masthead: Masthead, case_id: str) -> Files:
    """The files of one case; ``CaseError`` with the nearest known name if there is none."""
    feed_name, _, stem = case_id.strip().removesuffix(".md").partition("/")
    if not (PART.fullmatch(feed_name) and PART.fullmatch(stem)):
        raise CaseError(f"事例の名前「{case_id}」は「配信元/名前」の形で書いてください（例 iclei-europe/2024-12-10-turku）。")
    path = root / "issues" / "cases" / feed_name / f"{stem}.md"
    source, noted = _draft(path.with_name(stem + SOURCE), root)
    japanese, more = _draft(path, root)
    if source is None and japanese is None:
        near = difflib.get_close_matches(case_id, case_ids(root), 1, 0.4)
        hint = f"「{near[0]}」のことですか。" if near else "enews cases で一覧を見られます。"
        raise CaseError(f"事例「{case_id}」はありません。{hint}")
    feed = next((feed for feed in masthead.feeds if feed.name == feed_name), None)
    return Files(
        id=f"{feed_name}/{stem}",
        path=path,
        feed=feed,
        source=source,
        japanese=japanese,
        findings=(*noted, *more),
        record=settled(read_record(path), japanese),
    )


def state_of(files: Files) -> State:
    """How far a case has come; what keeps it out of an issue is said before what is merely done."""
    if files.value("dismissed"):
        return State.DISMISSED
    if files.japanese is None:
        return State.JAPANESE if is_japanese(files) else State.UNTRANSLATED
    waiting = _is_waiting(files)
    if not is_translated(files.japanese):
        return State.WAITING if waiting else State.UNTRANSLATED
    if source_changed(files):
        return State.CHANGED
    return State.WAITING if waiting else _worked_on(files.japanese, files.record)


def _is_waiting(files: Files) -> bool:
    return files.value("permission").startswith(_WAITING)


def is_reviewed(draft: Draft) -> bool:
    """Whether a named person vouches for these very letters."""
    return bool(draft.value("reviewer")) and draft.value("reviewed_digest") == text_digest(draft)


def _worked_on(draft: Draft, record: Record) -> State:
    if is_reviewed(draft):
        return State.REVIEWED
    if record.laid:
        return State.MACHINE if is_untouched(record, draft) else State.TRANSLATED
    return State.MACHINE if draft.value("translator") == MACHINE else State.TRANSLATED


def left_in(files: Files) -> tuple[Finding, ...]:
    """TRA001, TRA002: what of the source, or of a machine's marks, still stands in the Japanese."""
    if files.japanese is None:
        return ()
    return tuple(left_findings(files.record, files.japanese, None if is_japanese(files) else files.source))


def is_japanese(files: Files) -> bool:
    """Whether the source needs no translation."""
    return (files.value("language") or (files.feed.language if files.feed else "")).lower().startswith("ja")


def is_translated(draft: Draft) -> bool:
    """Whether a person or machine has filled in the Japanese: a title, a body or summary, and no placeholder left."""
    title, body = draft.value("title").strip(), draft.body.strip()
    text = body or draft.value("summary").strip()
    return bool(title and text) and title != TITLE_PLACEHOLDER and BODY_PLACEHOLDER not in body


def source_changed(files: Files) -> bool:
    """Whether the source is another text than the one that the Japanese was made from."""
    if files.source is None or files.japanese is None or not files.japanese.value("source_digest"):
        return False
    return files.source.value("source_digest") != files.japanese.value("source_digest")


def text_digest(draft: Draft) -> str:
    """16 hex of what a reviewer vouches for: title, summary and body; spaces at line ends do not count."""
    lines = [draft.value("title"), draft.value("summary"), *draft.body.split("\n")]
    return hashlib.sha256("\n".join(line.rstrip() for line in lines).encode()).hexdigest()[:16]


def source_text_digest(source: Draft) -> str:
    """16 hex of the source's text as the reviewer had it: its title and body; spaces and line breaks do not count."""
    return hashlib.sha256(" ".join(f"{source.value('original_title')} {source.body}".split()).encode()).hexdigest()[:16]


def source_edited(files: Files) -> bool:
    """Whether somebody has edited the source's text since the review, its 原文の版 left as it was."""
    signed = files.japanese.value("reviewed_source") if files.japanese else ""
    return bool(signed and files.source and not source_changed(files) and signed != source_text_digest(files.source))


def case_article(root: Path, masthead: Masthead, case_id: str, *, section: str, place: Place) -> tuple[Article | None, tuple[Finding, ...]]:
    """A case as an item of the section ``section``; ``place`` is where the issue lists it. ``None`` only if there is no such case.

    What nobody has reviewed says 〔未校閲〕 in its title, whoever lets it pass.
    Findings: CASE001 not there or not translated, CASE002 not reviewed, CASE003 the source has changed since, CASE004 credit incomplete,
    CASE005 dismissed or waiting for permission, TRA001 a part left in the source language, TRA002 a machine's mark left; and whatever is
    wrong with the file itself.
    """
    try:
        files = load_case(root, masthead, case_id)
    except CaseError as error:
        return None, (_error("CASE001", str(error), "issue.md の「事例」の書き方を確かめてください。", place),)
    if files.japanese is None:
        return _stand_in(files, section, place), (*files.findings, _untranslated(files, place))
    setting = Setting(date=files.published or NO_DATE, folder=files.path.parent, section=section)
    article, findings = article_from(files.japanese, files.id, keys=CASE, setting=setting)
    mark = "" if is_reviewed(files.japanese) else UNREVIEWED
    return replace(article, title=mark + article.title, origin=origin_of(files)), (
        *files.findings,
        *findings,
        *_standing(files, files.japanese, place),
        *_credit(files, files.japanese),
        *left_in(files),
    )


def origin_of(files: Files) -> Origin:
    """Where a case comes from and how far it has come."""
    value, feed = files.value, files.feed
    return Origin(
        feed=files.id.partition("/")[0],
        entry_id=value("entry_id"),
        url=value("url"),
        title=value("original_title"),
        publisher=value("publisher") or (feed.office if feed else ""),
        language=value("language") or (feed.language if feed else ""),
        country=value("country") or (feed.country if feed else ""),
        city=value("city"),
        published=files.published,
        source_digest=value("source_digest"),
        translator="" if value("translator") == MACHINE else value("translator"),
        reviewer=value("reviewer"),
        licence=value("licence") or (feed.licence if feed else ""),
        visibility=value("visibility") or "members",
        machine="機械" in value("translator") or files.record.laid is not None,
        state=str(state_of(files)),
        reviewed=files.japanese is not None and is_reviewed(files.japanese),
    )


def _draft(path: Path, root: Path) -> tuple[Draft | None, tuple[Finding, ...]]:
    if not path.is_file():
        return None, ()
    name = relative(path, root)
    text, findings = read_text(path, name=name)
    return parse(text, path=name, keys=CASE), findings


def _case(files: Files, planned: Mapping[str, str], published: Mapping[str, str]) -> Case:
    state = state_of(files)
    reviewed_on = find_date(files.value("reviewed_on"))
    reviewed = "・".join(
        part for part in (files.value("reviewer"), japanese_date(reviewed_on, weekday=False) if reviewed_on else "") if part
    )
    title = files.japanese.value("title") if files.japanese else ""
    use = [f"{word}（{names[files.id]}）" for word, names in (("掲載済", published), ("掲載予定", planned)) if files.id in names]
    return Case(
        id=files.id,
        title="" if title == TITLE_PLACEHOLDER else title,
        original_title=files.value("original_title"),
        feed=files.id.partition("/")[0],
        office=files.value("publisher") or (files.feed.office if files.feed else ""),
        language=files.value("language"),
        country=files.value("country"),
        pathway=files.value("pathway"),
        published=files.published,
        state=state,
        reviewer=files.value("reviewer"),
        note={State.REVIEWED: reviewed, State.DISMISSED: files.value("dismissed")}.get(state, ""),
        use="、".join(use),
        path=files.japanese.path if files.japanese else "",
        source_path=files.source.path if files.source else "",
        left=sum(finding.code == "TRA001" for finding in left_in(files)),
    )


def _stand_in(files: Files, section: str, place: Place) -> Article:
    """What a draft of the issue shows where the Japanese is still missing: the hole must be seen."""
    title = f"（未訳）{files.value('original_title')}"
    return Article(slug=files.id, title=title, section=section, place=place, body="", origin=origin_of(files))


def _untranslated(files: Files, place: Place) -> Finding:
    what = "まだ記事になっていません" if is_japanese(files) else "まだ翻訳されていません"
    hint = f"enews cases start {files.id} で日本語のファイルを置き、仕上げてください。今号に間に合わなければ、issue.md の「事例」から外してください。"
    return _error("CASE001", f"事例「{files.id}」は{what}。", hint, place)


def _standing(files: Files, draft: Draft, place: Place) -> Iterator[Finding]:
    """What keeps a case with a Japanese file out of an issue: everything, so that letting one thing pass (ママ) hides no other."""
    state = state_of(files)
    if why := files.value("dismissed") or (files.value("permission") if _is_waiting(files) else ""):
        word = State.DISMISSED if state is State.DISMISSED else State.WAITING
        hint = "載せるなら、その項目を直してください。載せないなら、issue.md の「事例」から外してください。"
        yield _error("CASE005", f"事例「{files.id}」は{word}（{why}）です。", hint, place)
    if source_changed(files) and is_translated(draft):
        hint = (
            f"enews cases changes {files.id} で変わったところを見て、訳文に響くか確かめてください。"
            f"直したら（直す必要がなければそのまま）、enews cases seen {files.id} --by 氏名 で確かめた人を残してください。"
            "直した訳文は、その後でもう一度 enews review とします。"
        )
        message = f"「{draft.value('title')}」の原文が、翻訳の後で更新されています{_how_much(files)}。"
        yield _error("CASE003", message, hint, draft.place("source_digest"))
    if source_edited(files) and files.source and is_reviewed(draft):
        hint = f"誤って直したのなら元に戻してください。正しい直しなら、訳文を見比べ、enews review {files.id} --by 氏名 でもう一度校閲済にしてください。"
        message = f"「{draft.value('title')}」の原文のファイルが、校閲の後で書き換えられています。"
        yield _error("CASE003", message, hint, Place(path=files.source.path, line=files.source.body_line))
    if not is_translated(draft):
        hint = f"{draft.path} に邦題と訳文を書き、「{TITLE_PLACEHOLDER}」「{BODY_PLACEHOLDER}」を消してください。"
        yield _error("CASE001", f"事例「{files.id}」はまだ翻訳されていません。", hint, Place(path=draft.path))
    elif not is_reviewed(draft):
        edited = bool(draft.value("reviewed_digest"))
        message = f"「{draft.value('title')}」は{'校閲の後で書き換えられています' if edited else 'まだ校閲されていません'}。"
        hint = f"別の人が読み、enews review {files.id} --by 氏名 で校閲済にしてください。"
        yield _error("CASE002", message, hint, draft.place("reviewer"))


def _how_much(files: Files) -> str:
    before = read_before(files.path, files.path.parents[3])
    return f"（{len(compare(before, files.source))}か所）" if before and files.source else ""


def milder_unreviewed(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What ``--allow-unreviewed`` makes of the findings: CASE002 is a warning. The title says 〔未校閲〕 all the same."""
    return tuple(replace(finding, severity=Severity.WARNING) if finding.code == "CASE002" else finding for finding in findings)


def _credit(files: Files, draft: Draft) -> list[Finding]:
    """CASE004: what the credit line still lacks."""
    origin = origin_of(files)
    wanted = {"url": origin.url, "original_title": origin.title, "publisher": origin.publisher, "published": files.value("published")}
    if not is_japanese(files):
        wanted["translator"] = files.value("translator")
    missing = "、".join(f"「{CASE.label(key)}」" for key, value in wanted.items() if not value)
    if not missing or not is_translated(draft):
        return []
    message = f"事例「{files.id}」の出典に{missing}がありません。"
    hint = "項目欄に書いてください。公開日がわからないときは「不明」と書きます。"
    return [Finding(code="CASE004", severity=Severity.WARNING, message=message, hint=hint, place=Place(path=draft.path))]


def _error(code: str, message: str, hint: str, place: Place) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, message=message, hint=hint, place=place)
