"""Front matter, read by us line by line so that no editor is bitten by YAML: text in, named fields with their places and the body out.

``key: rest of the line`` with ``:`` or ``：``; nothing is cut at ``#``, no type is guessed; a list is ``a、b`` or ``a, b`` or ``- item`` lines.
Japanese and English keys are equal. What cannot be read becomes a finding; no line is ever lost silently.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model import Entry, Finding, Manuscript, Place, Severity

_ARTICLE = {
    "title": "見出し", "section": "欄", "municipalities": "自治体", "prefix": "冠", "tag": "タグ", "summary": "要約", "link": "詳細",
    "link_note": "詳細の注記", "image": "写真", "alt": "代替文", "credit": "写真提供", "permission": "掲載許諾", "department": "担当課",
    "start": "日時", "end": "終了", "place": "会場", "host": "主催", "fee": "参加費", "deadline": "締切", "apply": "申込", "contact": "問合せ先",
    "embargo": "解禁日時", "hold": "保留", "pathway": "分野", "waive": "ママ",
}  # fmt: skip
_CASE = _ARTICLE | {
    "feed": "配信元", "entry_id": "記事ID", "url": "原文", "original_title": "原題", "publisher": "出典", "country": "国", "city": "都市",
    "language": "言語", "published": "公開日", "source_digest": "原文の版", "source_seen": "原文確認", "translator": "翻訳", "reviewer": "校閲",
    "reviewed_digest": "校閲した版", "reviewed_source": "校閲した原文", "reviewed_on": "校閲日", "visibility": "公開範囲", "dismissed": "掲載見送り", "licence": "利用条件",
}  # fmt: skip
_ISSUE = {
    "edition": "版", "date": "発行日", "number": "号数", "subject": "件名", "lead_line": "導入文", "event": "会議", "report": "報",
    "as_of": "時点", "cases": "事例", "corrects": "訂正", "errata": "正誤", "waive": "ママ", "next_report": "次報",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Keys:
    """The closed list of one kind of file: canonical key → Japanese key, and which ones must be there."""

    kind: str
    names: Mapping[str, str]
    required: tuple[str, ...] = ()

    def canonical(self, written: str) -> str | None:
        """The canonical key for what the editor wrote, full-width letters and capitals forgiven; ``None`` if unknown."""
        return _canonical(self, written)

    def label(self, name: str) -> str:
        """The Japanese key, as messages name it."""
        return self.names[name]


@lru_cache(maxsize=1024)
def _canonical(keys: Keys, written: str) -> str | None:
    key = unicodedata.normalize("NFKC", written).strip().lower()
    return next((name for name, japanese in keys.names.items() if key in (name, japanese.lower())), None)


ARTICLE = Keys(kind="記事", names=_ARTICLE, required=("title",))
CASE = Keys(kind="海外事例", names=_CASE, required=("title",))
ISSUE = Keys(kind="号", names=_ISSUE, required=("edition", "date"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One entry: ``value`` is the rest of the line as written (list lines joined by 、), ``items`` the same as a list."""

    value: str
    items: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A file taken apart. ``body_line`` is the line number at which the body starts."""

    path: str
    fields: Mapping[str, Field]
    body: str
    body_line: int
    findings: tuple[Finding, ...]
    manuscript: Manuscript

    def value(self, key: str) -> str:
        """The entry's text, "" if it is not there."""
        return self.fields[key].value if key in self.fields else ""

    def items(self, key: str) -> tuple[str, ...]:
        """The entry as a list, empty if it is not there."""
        return self.fields[key].items if key in self.fields else ()

    def place(self, key: str) -> Place:
        """Where the entry stands, else the top of the file."""
        return self.fields[key].place if key in self.fields else Place(path=self.path)


_FENCE = re.compile(r"^[-－―—─]{3,}\s*$")
_ITEM = re.compile(r"^[\s　]*[-・][\s　]+(?P<item>.*)$")
_ENTRY = re.compile(r"^[\s　]*(?P<key>[^:：]{1,30}?)[\s　]*[:：][\s　]*(?P<value>.*?)[\s　]*$")


@lru_cache(maxsize=256)  # a case is read as an article and as an original, an earlier issue's head by every job
def parse(text: str, *, path: str, keys: Keys) -> Draft:
    """Take a file's text apart; findings: FM001 unknown key, FM002 duplicate, FM003 missing, FM005 a line or a fence that is no entry."""
    lines = text.split("\n")
    start = next((n for n, line in enumerate(lines) if line.strip()), 0)
    if not _FENCE.match(lines[start]):
        finding = _finding(
            "FM005", "冒頭に「---」で囲んだ項目欄がありません。", Place(path=path), "1行目に --- 、項目の後に --- を書いてください。"
        )
        written = Manuscript(path=path, text=text)
        return Draft(
            path=path, fields={}, body=text.strip("\n"), body_line=1, findings=(finding, *_missing({}, keys, path)), manuscript=written
        )
    end = next((n for n in range(start + 1, len(lines)) if _FENCE.match(lines[n])), None)
    if end is None:
        finding = _finding(
            "FM005",
            "項目欄を閉じる「---」がありません。",
            Place(path=path, line=start + 1),
            "項目の後、本文の前に --- だけの行を置いてください。",
        )
        fields, entries, more = _entries(lines, range(start + 1, len(lines)), path, keys)
        written = Manuscript(path=path, text=text, entries=entries, body=len(text))
        missing = _missing(fields, keys, path)
        return Draft(path=path, fields=fields, body="", body_line=len(lines), findings=(finding, *more, *missing), manuscript=written)
    fields, entries, findings = _entries(lines, range(start + 1, end), path, keys)
    first = next((n for n in range(end + 1, len(lines)) if lines[n].strip()), end + 1)
    body = "\n".join(lines[first:]).rstrip()
    written = Manuscript(path=path, text=text, entries=entries, body=sum(len(line) + 1 for line in lines[:first]))
    findings = [*findings, *_missing(fields, keys, path)]
    return Draft(path=path, fields=fields, body=body, body_line=first + 1, findings=tuple(findings), manuscript=written)


def compose(fields: Mapping[str, str | tuple[str, ...]], body: str, *, keys: Keys | None = None) -> str:
    """A file's text from its entries (canonical keys) and body; with ``keys`` the Japanese keys are written. Line breaks in values fold."""
    lines = ["---"]
    for key, value in fields.items():
        name = keys.label(key) if keys else key
        if isinstance(value, tuple):
            lines += [f"{name}:", *(f"  - {_one_line(item)}" for item in value)]
        else:
            lines.append(f"{name}: {_one_line(value)}".rstrip())
    return "\n".join([*lines, "---", "", body.strip("\n"), ""]) if body.strip() else "\n".join([*lines, "---", ""])


def _entries(lines: list[str], numbers: range, path: str, keys: Keys) -> tuple[dict[str, Field], tuple[Entry, ...], list[Finding]]:
    fields: dict[str, Field] = {}
    entries: list[Entry] = []
    findings: list[Finding] = []
    current: str | None = None
    behind = sum(len(line) + 1 for line in lines[: numbers.start])
    for number in numbers:
        line, offset = lines[number], behind
        behind += len(line) + 1
        if not line.strip() or line.startswith("#"):
            continue
        item = _ITEM.match(line)
        if item and current:
            fields[current] = _with_item(fields[current], item["item"].strip())
            entries.append(Entry(key=current, start=offset + item.start("item"), end=offset + len(line.rstrip())))
            continue
        current, finding = _entry(line, Place(path=path, line=number + 1), fields, keys)
        if current:
            entries.append(Entry(key=current, start=offset + fields[current].place.column - 1, end=offset + len(line.rstrip())))
        if finding:
            findings.append(finding)
    return fields, tuple(entries), findings


def _entry(line: str, place: Place, fields: dict[str, Field], keys: Keys) -> tuple[str | None, Finding | None]:
    """Read one ``key: value`` line into ``fields``; the key it opened (for list lines below) and what is wrong with it."""
    match = _ENTRY.match(line)
    if not match:
        hint = "「見出し：…」のように、項目名とコロンで始めてください。続きの行は前の行につなげてください。"
        return None, _finding("FM005", f"「{_short(line)}」は「項目：内容」の形ではありません。", place, hint)
    name = keys.canonical(match["key"])
    if name is None:
        return None, _finding("FM001", f"「{match['key']}」という項目はありません。", place, _did_you_mean(match["key"], keys))
    if name in fields:
        first = fields[name].place.line
        message = f"「{keys.label(name)}」が2回書かれています（{first}行目と{place.line}行目）。"
        return None, _finding("FM002", message, place, f"{first}行目の内容を使いました。どちらかを消してください。")
    value = match["value"]
    fields[name] = Field(value=value, items=_split(value), place=Place(path=place.path, line=place.line, column=match.start("value") + 1))
    return name, None


def _with_item(field: Field, item: str) -> Field:
    items = (*field.items, item) if item else field.items
    return Field(value="、".join(items), items=items, place=field.place)


def _split(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[、,，]", value) if part.strip())


def _missing(fields: Mapping[str, Field], keys: Keys, path: str) -> list[Finding]:
    return [
        _finding("FM003", f"「{keys.label(name)}」がありません。", Place(path=path), f"項目欄に「{keys.label(name)}：…」を書いてください。")
        for name in keys.required
        if name not in fields or not fields[name].value.strip()
    ]


def _did_you_mean(written: str, keys: Keys) -> str:
    known = [*keys.names.values(), *keys.names]
    near = difflib.get_close_matches(unicodedata.normalize("NFKC", written).strip().lower(), known, 1, 0.5)
    return f"「{near[0]}」のことですか。" if near else f"{keys.kind}に使える項目は {'、'.join(keys.names.values())} です。"


def _finding(code: str, message: str, place: Place, hint: str) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, message=message, hint=hint, place=place)


def _one_line(value: str) -> str:
    return re.sub(r"\s*\n\s*", " ", value).strip()


def _short(line: str) -> str:
    return line.strip() if len(line.strip()) <= 20 else line.strip()[:20] + "…"
