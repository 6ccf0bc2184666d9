"""A list of readers as bytes in, its lines as text out, one at a time: whatever encoding a Japanese office saved it in. The whole file is never held.

It never guesses where a byte says otherwise: a byte that no candidate knows stops with its line. Lines keep their ends.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import ReaderError

MAX_BYTES = 128_000_000
_CHUNK = 1 << 18
_ESCAPE = re.compile(rb"\x1b(\$[@B]|\([BJI]|\$\([DOQP])")
# How much a decoded text looks like Japanese that people write: what EUC-JP and CP932 make of each other's bytes is rare kanji and half-width kana.
_LIKELY = re.compile("[ぁ-んァ-ヶー。、々〇・市区町村県都府道部課室局係長会社団法人大学研究所株式省庁議員協環境自治体政策氏名属]")
_BROKEN = re.compile("[縺繧繝郢]")  # what CP932 makes of every third letter of UTF-8
_NO_TEXT = re.compile("[\x80\xa0\uf8f1-\uf8f3]")  # Python's CP932 lets bytes through that no Windows ever wrote: 80, A0, FD, FE, FF alone
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_UNLIKELY = re.compile("[\uff61-\uff9f\ue000-\uf8ff\x80-\x9f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """An encoding: Python's ``codec`` for it, and its ``name`` on screens."""

    codec: str
    name: str


UTF_8 = Encoding(codec="utf-8-sig", name="UTF-8")
UTF_8_BOM = Encoding(codec="utf-8-sig", name="UTF-8（BOM付き）")
UTF_16 = Encoding(codec="utf-16", name="UTF-16")
UTF_16_LE = Encoding(codec="utf-16-le", name="UTF-16")
UTF_16_BE = Encoding(codec="utf-16-be", name="UTF-16")
CP932 = Encoding(codec="cp932", name="シフトJIS（CP932）")
EUC_JP = Encoding(codec="euc_jp", name="EUC-JP")
ISO_2022_JP = Encoding(codec="iso2022_jp", name="ISO-2022-JP（JIS）")


def detect(path: Path) -> Encoding:
    """The encoding of a file: by its mark, by its escapes, by what decodes, and between EUC-JP and CP932 by what reads like Japanese.

    ``ReaderError`` if the file is too large or in none of them.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise ReaderError(f"{path.name} は {size:,} バイトあり、名簿として大きすぎます（上限 {MAX_BYTES:,}）。分けて取り込んでください。")
    with path.open("rb") as file:
        head = file.read(_CHUNK)
    marked = _by_mark(head)
    if marked:
        return marked
    tries = [_Trial(encoding) for encoding in (UTF_8, EUC_JP, CP932)]
    escapes, high = bool(_ESCAPE.search(head)), False
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(_CHUNK), b""):
            high = high or not chunk.isascii()
            escapes = escapes or bool(_ESCAPE.search(chunk))
            if high:
                for trial in tries:
                    trial.take(chunk)
            if high and tries[0].alive and tries[0].seen > 4 * _CHUNK:
                break  # a megabyte of Japanese that is UTF-8 throughout; a bad byte later stops where it stands
    if escapes and not high:
        return ISO_2022_JP
    return _best(tries, path)


def _by_mark(head: bytes) -> Encoding | None:
    """By a byte order mark; UTF-16 without one by its NULs, which stand on one side of every plain letter."""
    if head.startswith(codecs.BOM_UTF8):
        return UTF_8_BOM
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return UTF_16
    sample = head[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) > len(sample) // 6 and min(even, odd) * 8 < max(even, odd):
        return UTF_16_LE if odd > even else UTF_16_BE
    return None


class _Trial:
    """One encoding tried on a file, chunk by chunk. ``score``: how likely the text is, a letter."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding, self.alive, self.seen, self._points = encoding, True, 0, 0
        self._decoder = codecs.getincrementaldecoder(encoding.codec)(errors=_errors_of(encoding))

    def take(self, chunk: bytes) -> None:
        """Decode on; a byte that does not belong ends the trial."""
        if not self.alive:
            return
        try:
            text = self._decoder.decode(chunk)
        except UnicodeDecodeError:
            self.alive = False
            return
        self.seen += len(chunk)
        if self.seen <= 4 * _CHUNK:
            self._points += len(_LIKELY.findall(text)) - 3 * len(_UNLIKELY.findall(text)) - 9 * len(_BROKEN.findall(text))
            self.alive = len(_BROKEN.findall(text)) <= len(_LIKELY.findall(text)) and not _NO_TEXT.search(text)

    @property
    def score(self) -> int:
        """The higher, the likelier."""
        return self._points


def _best(tries: list[_Trial], path: Path) -> Encoding:
    alive = [trial for trial in tries if trial.alive]
    if not alive:
        raise ReaderError(
            f"{path.name} の文字を読めません。Excelで開き、「名前を付けて保存」で「CSV UTF-8」か「Excelブック（.xlsx）」を選んで、保存し直してください。"
        )
    if alive[0].encoding is UTF_8:
        return UTF_8
    return max(alive, key=lambda trial: trial.score).encoding


def lines_of(path: Path, encoding: Encoding) -> Iterator[str]:
    """The lines of a file with their ends (LF, CRLF or CR). ``ReaderError`` with the line where a byte is of no such encoding."""
    number = 0
    try:
        if encoding is ISO_2022_JP:
            with path.open("rb") as file:
                for data in file:
                    yield from _LINE.findall(_seven_bits(data))
                    number += 1
            return
        with path.open(encoding=encoding.codec, errors=_errors_of(encoding), newline="") as text:
            for line in text:
                yield line
                number += 1
    except UnicodeDecodeError:
        raise ReaderError(
            f"{path.name} の {number + 1} 行目より後に、{encoding.name}として読めない文字があります。"
            "Excelで開き、「CSV UTF-8」で保存し直してください。"
        ) from None


def _errors_of(encoding: Encoding) -> str:
    return _VENDOR if encoding is EUC_JP else "strict"


_VENDOR = "enews-vendor-characters"


def _vendor(error: UnicodeError) -> tuple[str, int]:
    """①㈱髙﨑 in EUC-JP: rows that Microsoft and NEC put into the table and Python's codec leaves empty. CP932 has them at the place reckoned."""
    if isinstance(error, UnicodeDecodeError):
        pair = error.object[error.start : error.start + 2]
        if len(pair) == 2 and min(pair) >= 0xA1:
            try:
                return _shifted(pair).decode("cp932"), error.start + 2
            except UnicodeDecodeError:
                pass
    raise error


codecs.register_error(_VENDOR, _vendor)


def _shifted(pair: bytes) -> bytes:
    """A pair of EUC-JP as the pair of Shift JIS that holds the same place in the table."""
    row, cell = pair[0] - 0xA1, pair[1] - 0xA1
    lead = row // 2 + (0x81 if row < 62 else 0xC1)
    trail = cell + (0x9F if row % 2 else 0x40)
    return bytes([lead, trail + (not row % 2 and trail >= 0x7F)])


def _seven_bits(line: bytes) -> str:
    """A line of ISO-2022-JP. Its pairs are EUC-JP's without the high bit, so it knows the same characters."""
    done, last, mode = [], 0, b"(B"
    for match in _ESCAPE.finditer(line):
        done.append(_run(line[last : match.start()], mode))
        last, mode = match.end(), match[1]
    return "".join([*done, _run(line[last:], mode)])


def _run(data: bytes, mode: bytes) -> str:
    body = data.rstrip(b"\r\n")
    end = data[len(body) :].decode("ascii")
    if mode in (b"$B", b"$@"):
        return bytes(byte | 0x80 for byte in body).decode("euc_jp", errors=_VENDOR) + end
    if mode == b"(I":
        return bytes(byte | 0x80 for byte in body).decode("cp932") + end
    if mode == b"$(D":
        return b"".join(b"\x8f" + bytes([a | 0x80, b | 0x80]) for a, b in zip(body[::2], body[1::2], strict=False)).decode("euc_jp") + end
    return data.decode("ascii")
