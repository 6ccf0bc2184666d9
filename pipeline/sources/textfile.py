"""Text files as Japanese offices save them: a path in, NFC text with LF line ends out, and a word about the encoding it was in.

It never writes and never guesses: bytes that are neither UTF-8, UTF-16 with a mark, nor CP932 stop with the place where they broke.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import WorkspaceError
from pipeline.model import Finding, Place, Severity

MAX_BYTES = 2_000_000
_APART = re.compile(r"\w[\u0300-\u036f\u3099\u309a]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_HINT_APART = "一字に直して読み込みましたが、ファイルは元のままです。ほかへ貼り付ける前に、その語を打ち直して保存してください。"


def read_text(path: Path, *, name: str) -> tuple[str, tuple[Finding, ...]]:
    """The text of ``path``; ``name`` is its path in the workspace, for messages. ``WorkspaceError`` if it cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise WorkspaceError(f"{name} を開けません（{error.strerror}）。ほかのソフトで開いていないか、確かめてください。") from None
    if len(data) > MAX_BYTES:
        raise WorkspaceError(f"{name} は {len(data):,} バイトあり、原稿として大きすぎます（上限 {MAX_BYTES:,}）。")
    text, encoding = decode(data, name=name)
    findings = () if encoding == "utf-8" else (_encoding_note(name, encoding),)
    return clean_text(text), (*findings, *_healed(text, name))


def decode(data: bytes, *, name: str) -> tuple[str, str]:
    """(text, encoding name) of bytes in UTF-8 with or without a mark, UTF-16 with a mark, or CP932."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace"), "utf-16"
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    bad = _first_bad(data)
    if bad is not None:
        line = data[:bad].count(b"\n") + 1
        raise WorkspaceError(
            f"{name} の {line} 行目あたりの文字を読めません。メモ帳で開き、「名前を付けて保存」で文字コードを UTF-8 にしてください。"
        )
    return data.decode("cp932"), "cp932"


def _first_bad(data: bytes) -> int | None:
    """Where ``data`` stops being CP932. Python's codec lets bytes through that no Windows ever wrote: 80, A0, FD, FE and FF alone."""
    try:
        text = data.decode("cp932")
    except UnicodeDecodeError as error:
        return error.start
    at = next((n for n, ch in enumerate(text) if ch in "\x80\xa0\uf8f1\uf8f2\uf8f3"), None)
    return None if at is None else len(text[:at].encode("cp932"))


def clean_text(text: str) -> str:
    """NFC, LF line ends, and no NUL or other control characters: Word and phones leave them, and no reader can see them."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _CONTROL.sub("", text)


def _healed(text: str, name: str) -> Iterator[Finding]:
    """What ``clean_text`` mends silently but other programs will not: said once a file, at its first place."""
    if unicodedata.is_normalized("NFC", text) and not _CONTROL.search(text):
        return
    for code, pattern, what, hint in (
        ("ENC002", _APART, "文字と濁点などが離れたまま保存されています（MacのファイルやPDFからの貼り付けで起こります）", _HINT_APART),
        (
            "ENC003",
            _CONTROL,
            "目に見えない制御文字が入っています",
            "取り除いて読み込みました。前後の文字が欠けていないか確かめてください。",
        ),
    ):
        places = [
            match for match in pattern.finditer(text) if code == "ENC003" or len(unicodedata.normalize("NFC", match[0])) < len(match[0])
        ]
        if places:
            before = text[: places[0].start()]
            line = len(_LINE_END.findall(before)) + 1
            column = len(clean_text(_LINE_END.split(before)[-1])) + 1
            found = clean_text(places[0][0])
            which = (f"「{found}」" if found else "") + ("など" if found and len(places) > 1 else "")
            message = f"{what}（{which}{len(places)}か所）。"
            place = Place(path=name, line=line, column=column)
            yield Finding(code=code, severity=Severity.WARNING, message=message, hint=hint, place=place)


def _encoding_note(name: str, encoding: str) -> Finding:
    label = {"cp932": "シフトJIS（CP932）", "utf-16": "UTF-16"}[encoding]
    return Finding(
        code="ENC001",
        severity=Severity.NOTE,
        message=f"文字コードが{label}の原稿を読み込みました。",
        hint="内容はそのまま使えます。é や – などの文字が「?」に変わっていないか確かめ、できれば UTF-8 で保存し直してください。",
        place=Place(path=name),
    )
