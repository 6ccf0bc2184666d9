"""What people do to a case: start the Japanese, vouch for it. A case id in, a changed file out, and the only places where the desk writes ``.md``.

It must never overwrite a word that a person wrote: ``start`` refuses a file that is there, ``review`` touches its own entries and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from pipeline.config import Masthead
from pipeline.errors import CaseError
from pipeline.files import write_file, write_new
from pipeline.model import Severity
from pipeline.sources import changes
from pipeline.sources.cases import (
    BODY_PLACEHOLDER,
    SOURCE,
    TITLE_PLACEHOLDER,
    Files,
    State,
    is_japanese,
    is_translated,
    left_in,
    load_case,
    source_changed,
    source_text_digest,
    state_of,
    text_digest,
)
from pipeline.sources.drafts import waivers
from pipeline.sources.folder import relative
from pipeline.sources.frontmatter import CASE, Draft, compose, parse
from pipeline.sources.textfile import read_text

PROVENANCE = ("feed", "entry_id", "url", "original_title", "publisher", "language", "published", "source_digest", "licence")
source_text = changes.source_text


def start_case(root: Path, masthead: Masthead, case_id: str) -> Path:
    """Lay the Japanese file beside the source and give its path; a Japanese source's text is taken over. ``CaseError`` if it is there already."""
    files = load_case(root, masthead, case_id)
    name = relative(files.path, root)
    if files.japanese is not None:
        raise CaseError(f"{name} はもうあります。上書きはしません。そのファイルを開いて続けてください。")
    if files.source is None:
        raise CaseError(f"事例「{files.id}」の原文（{files.path.stem}{SOURCE}）がありません。enews fetch を実行してください。")
    try:
        write_new(files.path, compose_start(files, files.source).encode())
    except FileExistsError:
        raise CaseError(f"{name} は、たった今ほかの人が作りました。そのファイルを開いて続けてください。") from None
    return files.path


def compose_start(files: Files, source: Draft) -> str:
    """The text of a fresh Japanese file."""
    taken = is_japanese(files)
    fields = {
        "title": source.value("original_title") if taken else TITLE_PLACEHOLDER,
        "summary": "",
        "pathway": "",
        "country": source.value("country"),
        "city": "",
        "translator": "",
        "reviewer": "",
        "reviewed_on": "",
        "reviewed_digest": "",
        "visibility": "members",
        **{key: source.value(key) for key in PROVENANCE if source.value(key) or key == "published"},
    }
    return compose(fields, source_text(source) if taken else BODY_PLACEHOLDER, keys=CASE)


def review_case(root: Path, masthead: Masthead, case_id: str, *, by: str, today: date) -> Path:
    """Bind a reviewer to the text as it is now; any later change of title, summary or body takes the case back to 翻訳済.

    A case whose source has changed since is refused until somebody has seen that. ``CaseError`` says what is missing.
    """
    files = load_case(root, masthead, case_id)
    name = _name(by)
    if files.japanese is None or not is_translated(files.japanese):
        raise CaseError(f"事例「{files.id}」はまだ翻訳されていないため、校閲済にできません。{files.path.name} に訳文を書いてください。")
    if source_changed(files):
        raise CaseError(
            f"事例「{files.id}」の原文は翻訳の後で更新されています。{files.path.stem}{SOURCE} と見比べ、"
            f"訳文を確かめてから、enews cases seen {files.id} --by 氏名 を実行してください。"
        )
    _refuse_left(files, files.japanese)
    signed = {"reviewer": name, "reviewed_on": today.isoformat(), "reviewed_digest": text_digest(files.japanese)}
    if files.source is not None:
        signed["reviewed_source"] = source_text_digest(files.source)
    _enter(files, files.japanese, signed)
    return files.path


def see_source(root: Path, masthead: Masthead, case_id: str, *, by: str, today: date) -> State:
    """Accept a source that changed: who saw it is recorded, the earlier text goes. The state that the case has now.

    It is no review: a text that somebody has vouched for and nobody has edited stays 校閲済, any other one still waits for its reviewer.
    """
    files = load_case(root, masthead, case_id)
    name = _name(by)
    if files.source is None or files.japanese is None or not source_changed(files):
        raise CaseError(f"事例「{files.id}」の原文は翻訳の後で変わっていないので、確かめる更新はありません。")
    seen = {"source_digest": files.source.value("source_digest"), "source_seen": f"{name}（{today.isoformat()}）"}
    if files.japanese.value("reviewed_source"):
        seen["reviewed_source"] = source_text_digest(files.source)
    _enter(files, files.japanese, seen)
    changes.before_path(files.path).unlink(missing_ok=True)
    return state_of(load_case(root, masthead, case_id))


def _name(by: str) -> str:
    name = " ".join(by.split())
    if not name:
        raise CaseError("確かめた人の氏名を --by で書いてください。")
    return name


def _enter(files: Files, draft: Draft, values: Mapping[str, str]) -> None:
    text, _ = read_text(files.path, name=draft.path)
    write_file(files.path, set_entries(text, values, path=draft.path).encode())


def _refuse_left(files: Files, draft: Draft) -> None:
    """A part in the source language cannot be vouched for, unless a named person has let it stand in this very file (ママ)."""
    allowed = {waiver.code for waiver in waivers(draft)[0]}
    left = [finding for finding in left_in(files) if finding.severity is Severity.ERROR and finding.code not in allowed]
    if left:
        places = "".join(f"\n  {finding.place} {finding.code} {finding.message}" for finding in left)
        raise CaseError(
            f"事例「{files.id}」には直すところが{len(left)}か所残っているため、校閲済にできません。{places}\n  → {left[0].hint}"
        )


def changes_of(root: Path, masthead: Masthead, case_id: str) -> changes.CaseChanges:
    """What changed in the source since the Japanese was made from it. ``CaseError`` if there is no such case."""
    files = load_case(root, masthead, case_id)
    before = changes.read_before(files.path, root)
    found = changes.compare(before, files.source) if before and files.source else ()
    return changes.CaseChanges(id=files.id, changed=source_changed(files), kept=before is not None, changes=found)


def set_aside(root: Path, masthead: Masthead, case_id: str, *, entry: str, reason: str) -> Path:
    """Write why a case does not run: ``dismissed`` (掲載見送り) or ``permission`` (許諾待ち). One not yet started gets its Japanese file laid for it."""
    reason = " ".join(reason.split())
    if not reason:
        raise CaseError("理由を --reason で書いてください（例：--reason 国内に似た事例がある）。")
    if entry == "permission" and not reason.startswith("依頼中"):  # the word by which the state is known
        reason = f"依頼中（{reason}）"
    files = load_case(root, masthead, case_id)
    if files.japanese is None and files.source is not None:
        start_case(root, masthead, case_id)
    text, _ = read_text(files.path, name=relative(files.path, root))
    write_file(files.path, set_entries(text, {entry: reason}, path=relative(files.path, root)).encode())
    return files.path


def set_entries(text: str, values: Mapping[str, str], *, path: str) -> str:
    """The file's text with these entries set in place; every other letter stays, new entries come above the last one."""
    draft = parse(text, path=path, keys=CASE)
    if not draft.fields:
        raise CaseError(f"{path} の冒頭に「---」で囲んだ項目欄がありません。項目欄を直してから、もう一度実行してください。")
    lines = text.split("\n")
    for key, value in values.items():
        if key in draft.fields:
            number = draft.fields[key].place.line - 1
            lines[number] = re.sub(r"([:：]).*", lambda match: f"{match[1]} {value}", lines[number], count=1)  # noqa: B023 (used at once)
    last = max(field.place.line for field in draft.fields.values()) - 1
    lines[last:last] = [f"{CASE.label(key)}: {value}" for key, value in values.items() if key not in draft.fields]
    return "\n".join(lines)
