"""What a Japanese text edition gets wrong: plain text in, faults out, counted the same way for ours and for html2text's."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wcwidth import wcwidth

COLUMNS = 70
NEVER_FIRST = "、。，．：；？！）」』】〕〉》’”ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
AMBIGUOUS = "①②③④⑤⑥⑦⑧⑨→←↑↓■□●○◆◇★☆※―…‥±×÷°′″"
_MARK = re.compile(r"\*\*|!\[|\]\(|^\s*#{1,6} |^\s*\|?\s*-{3,}\|| \| |(?<!\w)_[^_\s][^_]*_(?!\w)|\\[.\-_*\[]", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """``long``: lines over 70 columns that are no URL; ``marks``: leaked Markdown; ``urls``: addresses that cannot be clicked; ``starts``: kinsoku."""

    lines: int
    long: int
    marks: int
    urls: int
    starts: int


def columns(line: str) -> int:
    """The width of a line, with ambiguous characters counted as two, as Japanese terminals and mailers show them."""
    return sum(2 if char in AMBIGUOUS else max(0, wcwidth(char)) for char in line)


def faults(text: str, urls: tuple[str, ...]) -> Faults:
    """Count the faults of a text edition of a page with these links."""
    lines = text.splitlines()
    return Faults(
        lines=len(lines),
        long=sum(columns(line) > COLUMNS and not re.search(r"https?://\S+$|^\S*@\S*$", line) for line in lines),
        marks=len(_MARK.findall(re.sub(r"https?://[\x21-\x7e]+", "", text))),
        urls=sum(not _whole(url, text) for url in dict.fromkeys(urls)),
        starts=sum(bool(line.strip()) and line.strip()[0] in NEVER_FIRST for line in lines),
    )


def _whole(url: str, text: str) -> bool:
    """Whether the address stands in the text unbroken, and with no Japanese glued to it that a mailer would take for a part of it."""
    bare = re.escape(url.removeprefix("mailto:"))
    return re.search(rf"{bare}(?![\w/?&=#%~+-]|[^\x00-\x7f])", text) is not None
