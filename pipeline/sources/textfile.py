"""Text files as Japanese offices save them: a path in, NFC text with LF line ends out, and a word about the encoding it was in.

It never writes and never guesses: bytes that are neither UTF-8, UTF-16 with a mark, nor CP932 stop with the place where they broke.
"""

from __future__ import annotations

import codecs
import unicodedata
from pathlib import Path

from pipeline.errors import WorkspaceError
from pipeline.model import Finding, Place, Severity

MAX_BYTES = 2_000_000


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
    return clean_text(text), findings


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
    return "".join(ch for ch in text if ch in "\n\t" or not (ch < " " or "\x7f" <= ch <= "\x9f" or "\ufdd0" <= ch <= "\ufdef"))


def _encoding_note(name: str, encoding: str) -> Finding:
    label = {"cp932": "シフトJIS（CP932）", "utf-16": "UTF-16"}[encoding]
    return Finding(
        code="ENC001",
        severity=Severity.NOTE,
        message=f"文字コードが{label}の原稿を読み込みました。",
        hint="内容はそのまま使えます。é や – などの文字が「?」に変わっていないか確かめ、できれば UTF-8 で保存し直してください。",
        place=Place(path=name),
    )
