"""Markdown in pieces for translators: text in, blocks out, and their Markdown put out of a machine's reach behind placeholders ``⟦n⟧``.

Pure, and lossless both ways: ``join(split(x)) == x`` and ``restore(protect(x)) == x`` for every text. Link texts stay translatable; link targets,
pictures, code, addresses, emphasis marks and markup do not. It must never let a translation pass whose placeholders are not those of its source.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r"[ \t]{0,3}(`{3,}|~{3,})")
_LEAD = re.compile(r"(?:[ \t]*(?:>[ \t]?|#{1,6}[ \t]+|[-*+・][ \t]+|\d{1,9}[.)][ \t]+|\|))*[ \t]*")
_ITEM = re.compile(r"[ \t]*(?:>[ \t]?)*(?:[-*+・]|\d{1,9}[.)])[ \t]")
_ALONE = re.compile(r"[ \t]*(?:\||\[[^\]\n]+\]:|=+[ \t]*$|-{2,}[ \t]*$|<!--)")
_ATOMS = (
    r"!\[[^\[\]\n]*\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"  # a picture, whole
    r"|(?<!`)(?P<tick>`++)[^\n]*?(?<!`)(?P=tick)(?!`)"  # code
    r"|<!--[^<]*?-->|<[A-Za-z/!?][^<>\n]*>"  # markup, and addresses in angle brackets
    r"|\]\((?:<[^<>\n]*>|[^()\s<>]*(?:\([^()\s]*\)[^()\s<>]*)*)(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?[ \t]*\)"  # where a link leads
    r"|\]\[[^\[\]\n]*\]"
    r"|\[(?=[^\[\]\n]*(?:!\[[^\[\]\n]*\]\([^()\[\]\n]*\)[^\[\]\n]*)?\][\[(])"  # where the text of a link begins
    r"|(?:https?://|www\.)[^\s<>()\[\]\"|⟦⟧、。（）「」]*[^\s<>()\[\]\"|⟦⟧、。（）「」.,;:!?'*_]"
    r"|[A-Za-z0-9.+_-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+"
    r"|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    r"|\\[!-/:-@\[-`{-~]"
    r"|(?:(?<![ \t])[ \t]{2,}+|\\)\n"  # a hard break
    r"|\*+|~~|(?<![^\W_])_+(?=[^\W_])|(?<=[^\W_])_+(?![^\W_])"  # emphasis
    r"|[|⟦⟧]"
)
_ATOM = re.compile(_ATOMS, re.DOTALL)
_MARK = re.compile(r"⟦([0-9]{1,9})⟧")
_BENT = re.compile(r"[⟦【〚\[［〔]\s*([0-9０-９]{1,9})\s*[⟧】〛\]］〕]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of a text: its markup (``## ``, ``- ``), its words, and the white space up to the next."""

    lead: str
    text: str
    gap: str
    verbatim: bool = False

    @property
    def markdown(self) -> str:
        """The block as it stands in the file, without the gap."""
        return self.lead + self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """A text whose Markdown is behind ``⟦1⟧ … ⟦n⟧``; ``kept`` are the n pieces in order."""

    text: str
    kept: tuple[str, ...]

    @property
    def has_words(self) -> bool:
        """Whether anything is left to translate."""
        return any(ch.isalpha() for ch in _MARK.sub("", self.text))


def split(markdown: str) -> tuple[Block, ...]:
    """The blocks of a text in order: a paragraph, a heading, a list item, a row of a table; code is one block. White space on top is a block."""
    blocks, in_list = [], False
    for piece, verbatim in _pieces(_LINE.findall(markdown)):
        block = _block(piece, verbatim=verbatim or (_is_indented(piece) and not in_list))
        in_list = bool(_ITEM.match(piece)) or (in_list and piece[:1] in " \t\n")
        blocks += [block] if piece else []
    return tuple(blocks)


def _is_indented(piece: str) -> bool:
    """Whether a piece is code by its indentation, which outside of lists every line of it has."""
    return bool(piece.strip()) and all(line.startswith(("    ", "\t")) for line in piece.split("\n") if line.strip())


def join(blocks: Iterable[Block]) -> str:
    """The text again."""
    return "".join(block.markdown + block.gap for block in blocks)


def _pieces(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Runs of lines that belong together, blank lines after them included, and whether they are code or a comment."""
    piece, closer, verbatim, ended = "", "", False, False
    for line in lines:
        if closer:
            piece += line
            closer, ended = ("", True) if _closes(line, closer) else (closer, False)
        elif not line.strip():
            piece, ended = piece + line, True
        elif opener := _opener(line):
            yield piece, verbatim
            piece, verbatim = line, True
            closer, ended = ("", True) if opener == "-->" and opener in line else (opener, False)
        elif ended or not piece or _starts(line) or _ALONE.match(piece):
            yield piece, verbatim
            piece, verbatim, ended = line, False, False
        else:
            piece += line
    yield piece, verbatim


def _opener(line: str) -> str:
    """What closes the code or comment that a line opens, if it opens one."""
    fence = _FENCE.match(line)
    return fence[1] if fence else "-->" if line.lstrip().startswith("<!--") else ""


def _closes(line: str, closer: str) -> bool:
    text = line.strip()
    return closer in text if closer == "-->" else text.startswith(closer) and not text.strip(closer[0])


def _starts(line: str) -> bool:
    lead = _LEAD.match(line)
    return bool(lead and lead[0].strip()) or bool(_ALONE.match(line))


def _block(piece: str, *, verbatim: bool) -> Block:
    body = piece.rstrip()
    lead = "" if verbatim else (_LEAD.match(body) or [""])[0]
    if body[len(lead) :].strip() == "":
        lead, verbatim = "", True
    return Block(
        lead=lead, text=body[len(lead) :], gap=piece[len(body) :], verbatim=verbatim or bool(re.match(r"[ \t]*\[[^\]\n]+\]:", body))
    )


def protect(text: str) -> Protected:
    """The text with its Markdown replaced by numbered placeholders."""
    kept: list[str] = []

    def hide(match: re.Match[str]) -> str:
        kept.append(match[0])
        return f"⟦{len(kept)}⟧"

    return Protected(text=_ATOM.sub(hide, text), kept=tuple(kept))


def restore(text: str, kept: tuple[str, ...]) -> str:
    """The text with the pieces back in the place of their placeholders; numbers that there are not stay as they are."""
    return _MARK.sub(lambda match: kept[int(match[1]) - 1] if 0 < int(match[1]) <= len(kept) else match[0], text)


def faults(text: str, kept: tuple[str, ...]) -> tuple[str, ...]:
    """What a machine did to the placeholders, in Japanese; empty if each stands there exactly once and links still open before they close."""
    found = Counter(int(number) for number in _MARK.findall(text))
    bent = {int(match[1]): match[0] for match in _BENT.finditer(text) if not _MARK.fullmatch(match[0])}
    said = []
    for number in range(1, len(kept) + 1):
        if found[number] > 1:
            said.append(f"⟦{number}⟧ が{found[number]}回")
        elif not found[number]:
            said.append(f"⟦{number}⟧ が {bent[number]} に変形" if number in bent else f"⟦{number}⟧ が消失")
    said += [f"原文にない ⟦{number}⟧" for number in sorted(found) if not 0 < number <= len(kept)]
    if not said and re.search("[⟦⟧]", _MARK.sub("", text)):
        said.append("余分な ⟦ か ⟧")
    return tuple(said) or (("リンクの始めと終わりの順",) if _crossed(text, kept) else ())


def _crossed(text: str, kept: tuple[str, ...]) -> bool:
    """Whether the marks of links stand in an order that makes other links of them."""
    order = [int(number) for number in _MARK.findall(text)]
    return _links(order, kept) != _links(range(1, len(kept) + 1), kept)


def _links(numbers: Iterable[int], kept: tuple[str, ...]) -> set[tuple[int, int]]:
    """The placeholders at which the text of each link begins and ends."""
    opened: list[int] = []
    pairs = set()
    for number in numbers:
        piece = kept[number - 1]
        if piece == "[":
            opened.append(number)
        elif piece.startswith("](") or (piece.startswith("][") and piece.endswith("]")):
            pairs.add((opened.pop() if opened else 0, number))
    return pairs


def damage(translated: str, kept: tuple[str, ...], *, lead: str | None) -> tuple[str, ...]:
    """Everything that makes a machine's text unfit for its place: placeholders, and text that is another kind of block than ``lead`` begins.

    ``None`` as ``lead`` is for a title, which is no block.
    """
    if found := faults(translated, kept):
        return found
    restored = restore(translated, kept)
    if not restored.strip():
        return ("訳文が空",)
    flush = (lead or "").lstrip(" \t")  # how far it is indented depends on the list it stands in
    again = split(flush + restored)
    return (
        ()
        if lead is None or (len(again) == 1 and (again[0].lead, again[0].verbatim) == (flush, False))
        else ("段落・見出し・箇条書きの形が変化",)
    )
