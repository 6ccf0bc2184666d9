"""Editors' habits: Markdown as people in an office write it in, Markdown as Python-Markdown reads it out.

Lists are put on steps of four spaces and get the blank line they need; 「・」「１．」 become list marks where they clearly are; lines that stand
for themselves (「日時：…」「※…」「①…」) keep their break. Marks that cannot be markup are replaced by *stand-ins* (noncharacters) that
``lift`` takes back after the conversion: so hostile drafts cost linear time, and an underscore in a URL is no emphasis.
It must never drop a character that a reader would miss.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

DEEPEST = 5
PATIENCE = 4_000_000  # marks × characters of one block that the inline patterns may look at
PATIENCE_WITH_TAGS = 1_000_000_000  # a table pasted from Word has thousands of tags
LONGEST = 5_000  # lines; what is beyond them is no draft, and stays plain text

_NUMBERS = ("number", "wide")
_STAND_INS = str.maketrans("[*_`<#\\&", "\ufdd1\ufdd2\ufdd3\ufdd4\ufdd5\ufdd6\ufdd8\ufdd9")
_LIFT = str.maketrans("\ufdd1\ufdd2\ufdd3\ufdd4\ufdd5\ufdd6\ufdd8\ufdd9", "[*_`<#\\&", "\ufdd7")
_HASH, _NO_MARK = "\ufdd6", "\ufdd7"
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
_LINK = re.compile(
    r"\[(?:[^\[\]\n]|\n(?!\n)|!?\[[^\[\]\n]{0,300}\](?:\([^()\n]{0,1000}\))?){0,1000}\]"
    r"(?:\((?:[^()\n]|\([^()\n]{0,300}\)){0,2000}\)|\[[^\[\]\n]{0,100}\]|:(?=\s))|(?P<bare>\[)"
)
_TAG_SYNTAX = re.compile(r"\*\|[\w:. ]{1,80}\|\*|\{[{%#][^{}\n]{0,200}\}|<[<%][^<>\n]{0,200}[%>]>|[$#]\{[^{}\n]{0,200}\}|%%[^%\n]{0,80}%%")
_WRITTEN = re.compile(r"\\([\\`*_{}\[\]()>#+.!-])|&(?:lt|amp|#(?:58|61|92|96));")  # one character of a text
_STRAY_TAG = re.compile(r"<(?!/?[a-zA-Z][^<>]{0,3000}>)")
_BARE_URL = re.compile(r"https?://[!-;=?-~]+")
_IN_URL = re.compile(r"\\[*_]|[*_](?=[0-9A-Za-z/_\-.=&?%])")
_SPACES = re.compile(r"[ \t\u3000]*")
_MARK = re.compile(
    r"(?P<bullet>[-*+])[ \t\u3000]+(?=\S)|(?P<dot>[・•])[ \t\u3000]*(?=\S)|(?P<ball>[●○])(?!○)[ \t\u3000]*(?=\S)|(?P<dash>-)(?=[^\s\-0-9])"
    r"|(?P<number>\d{1,3})[.)][ \t\u3000]+(?=\S)|(?P<wide>[0-9０-９]{1,3})[.．)）][ \t\u3000]*(?=[^\s\d])"
)
_RULE = re.compile(r"[ ]{0,3}(?:(?:\*[ ]*){3,}|(?:-[ ]*){3,}|(?:_[ ]*){3,})$")
_UNDERLINE = re.compile(r"-{2,}|={2,}")
_STRAY_MARK = re.compile(r"\d+\.[ ]|[-*+][ ]")
_TABLE_RULE = re.compile(r"[ ]{0,3}\|?[ :\-|]*-[ :\-|]*$")
_LABEL = re.compile(r"[^\s：:。、「」]{1,4}(?:[ \u3000]?[^\s：:。、「」]{1,6})?：\S")
_OWN_LINE = re.compile(r"[※●○◎◆◇■□▼▽▲△★☆【＜]|[①-⑳]|[（(][0-9０-９]{1,2}[）)]|[・•]|[0-9０-９]{1,2}[．）]")
_CAPTION = re.compile(r"[●○◎◆◇■□▼▽▲△★☆【][^。]{0,24}")
_URL_LINE = re.compile(r"<?https?://[!-~]+")
_HEADING = re.compile(r"(?P<level>[#＃]{1,6})(?P<gap>[ \t\u3000]*)(?P<text>.*)")
_QUOTE = re.compile(r"[ ]{0,3}(?:>[ ]?){6,}")
_MEANING = re.compile(r"[ ]{0,3}[:：][ \t\u3000]*(?=\S)")


def tame(text: str) -> str:
    """The draft's body as Python-Markdown expects it, with stand-ins."""
    lines = _UNFIT.sub("", _without_comments(text).replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    page = _Page(lines=lines[:LONGEST])
    for number in range(len(page.lines)):
        _take(page, number)
    rest = [_NO_MARK + line.strip().translate(_STAND_INS) for line in lines[LONGEST:]]
    blocks = "\n".join([*page.out, "", *rest]).split("\n\n")
    return "\n\n".join(_patient(_literal(block)) for block in blocks)


def _without_comments(text: str) -> str:
    """What an office program hides in comments is dropped; one that never ends is text."""
    first, *rest = text.split("<!--")
    kept = [first]
    for part in rest:
        _, end, behind = part.partition("-->")
        kept.append(behind if end else f"<!--{part}")
    return "".join(kept)


def lift(text: str) -> str:
    """Take the stand-ins back."""
    return text.translate(_LIFT)


@dataclass(slots=True, kw_only=True)
class _Page:
    """What has been written so far: ``levels`` are the open lists, (indentation, kind) each.

    ``in_paragraph`` is a further paragraph of an item, which the next item must be parted from.
    """

    lines: list[str]
    out: list[str] = field(default_factory=list)
    levels: list[tuple[int, str]] = field(default_factory=list)
    in_table: bool = False
    in_paragraph: bool = False

    def after_blank(self) -> bool:
        return not self.out or not self.out[-1]

    def part(self) -> None:
        """Put a blank line, unless one is there."""
        if not self.after_blank():
            self.out.append("")


def _take(page: _Page, number: int) -> None:
    line = page.lines[number]
    body = line.strip(" \t\u3000")
    if not body:
        page.in_table = False
        page.out.append("")
    elif not (
        _take_table(page, number, body) or _take_rule(page, line, body) or _take_item(page, number) or _take_meaning(page, line, body)
    ):
        _take_text(page, line, body)


def _take_table(page: _Page, number: int, body: str) -> bool:
    if page.in_table and "|" not in body:
        page.in_table = False
        page.part()
    elif not page.in_table and "|" in body:
        following = page.lines[number + 1] if number + 1 < len(page.lines) else ""
        page.in_table = "|" in following and bool(_TABLE_RULE.match(following))
        if page.in_table:
            page.levels.clear()
            page.part()
    if page.in_table:
        page.out.append(body)
    return page.in_table


def _take_rule(page: _Page, line: str, body: str) -> bool:
    """Headings, rules and quotations stand at the margin and end every list."""
    heading = _HEADING.fullmatch(body)
    if heading and (heading["gap"] or len(heading["level"]) > 1) and heading["text"]:
        page.levels.clear()
        page.part()
        page.out.extend((f"{'#' * len(heading['level'])} {heading['text'].rstrip('#＃ ').replace('#', _HASH)}", ""))
    elif _UNDERLINE.fullmatch(body) and _is_title(page):
        page.out[-1:] = ["", f"{'#' if '=' in body else '##'} {page.out[-1].strip()}", ""]
    elif _RULE.fullmatch(body):
        page.levels.clear()
        page.part()
        page.out.append(body)
    elif line.startswith((">", " >", "  >")):
        page.levels.clear()
        page.out.append(_QUOTE.sub("> > > > > ", body))
    else:
        return False
    return True


def _is_title(page: _Page) -> bool:
    """Whether the line above an underline is a title: one line for itself, and no sentence."""
    alone = not page.after_blank() and (len(page.out) < 2 or not page.out[-2])
    return alone and not page.levels and not page.out[-1].startswith(("#", ">", ":")) and not page.out[-1].rstrip().endswith("。")


def _take_item(page: _Page, number: int) -> bool:
    line = page.lines[number]
    indent = _indent(line)
    body = line.lstrip(" \t\u3000")
    mark = _MARK.match(body)
    if not mark or not _is_list(page, number, mark):
        return False
    kind = str(mark.lastgroup)
    if kind == "dot" and any(open_kind == "ball" for _, open_kind in page.levels):
        indent += 2
    while page.levels and indent < page.levels[-1][0]:
        page.levels.pop()
    if not page.levels:
        page.part()
        page.levels.append((indent, kind))
    elif indent >= page.levels[-1][0] + 2 and len(page.levels) < DEEPEST:
        page.levels.append((indent, kind))
    elif (kind in _NUMBERS) != (page.levels[-1][1] in _NUMBERS):
        page.part()
        page.levels[-1] = (page.levels[-1][0], kind)
    if page.in_paragraph:
        page.part()
    page.in_paragraph = False
    sign = f"{int(mark[kind])}." if kind in _NUMBERS else "-"
    page.out.append("    " * (len(page.levels) - 1) + f"{sign} {_NO_MARK}{body[mark.end() :].rstrip()}" + _hard_break(line))
    return True


def _is_list(page: _Page, number: int, mark: re.Match[str]) -> bool:
    """Whether a mark clearly begins an item: Markdown's own do, ours in an open list, beside a sister line, or 「・」 first in its block."""
    kind = str(mark.lastgroup)
    if kind == "bullet":
        return True
    if any(open_kind == kind or (kind, open_kind) == ("dot", "ball") for _, open_kind in page.levels):
        return True
    if kind == "number" and (page.after_blank() or int(mark[kind]) == 1):
        return True
    if kind == "dot" and page.after_blank():
        return True
    return _kind_of(_next_line(page, number)) == kind


def _kind_of(line: str) -> str:
    mark = _MARK.match(line.lstrip(" \t\u3000"))
    return str(mark.lastgroup) if mark else ""


def _next_line(page: _Page, number: int) -> str:
    """The next line that is neither blank nor indented more nor a 「・」 under a 「●」, within a few lines."""
    indent = _indent(page.lines[number])
    below = "dot" if _kind_of(page.lines[number]) == "ball" else None
    for line in page.lines[number + 1 : number + 12]:
        if line.strip() and _indent(line) <= indent and _kind_of(line) != below:
            return line
    return ""


def _take_meaning(page: _Page, line: str, body: str) -> bool:
    """「：説明」 under a term is a definition."""
    mark = _MEANING.match(line)
    if not mark or page.after_blank() or page.levels:
        return False
    meaning = body[1:].lstrip(" \u3000")
    if page.out[-1].startswith((":   ", "    ")):
        page.out[-1] = f"{page.out[-1].rstrip()}  "
        page.out.append(f"    {meaning}")
        return True
    if len(page.out) > 1 and page.out[-2]:
        page.out.insert(-1, "")
    page.out.append(f":   {meaning}")
    return True


def _take_text(page: _Page, line: str, body: str) -> None:
    if page.after_blank() and _indent(line) < 2:
        page.levels.clear()
    page.in_paragraph = bool(page.levels) and (page.in_paragraph or page.after_blank())
    if page.levels and _indent(line) < 2 and _CAPTION.fullmatch(body):
        page.levels.clear()
        page.part()
    if not page.after_blank() and _keeps_break(page, body):
        page.out[-1] = page.out[-1].rstrip() + "  "
    if page.out and not page.levels and page.out[-1].startswith((":   ", "    ")):
        page.part()
    if body.startswith("#"):
        body = _HASH + body[1:]
    elif _STRAY_MARK.match(body):
        body = _NO_MARK + body
    page.out.append("    " * len(page.levels) + body + _hard_break(line))


def _keeps_break(page: _Page, body: str) -> bool:
    """Whether the line break before ``body`` means something: labels under each other, notes, captions."""
    above = page.out[-1].strip()
    if _OWN_LINE.match(body) or _CAPTION.fullmatch(above) or _URL_LINE.fullmatch(body) or _URL_LINE.fullmatch(above):
        return True
    labels_above = len(page.out) > 1 and page.out[-2].endswith("  ")
    return bool(_LABEL.match(above) and (_LABEL.match(body) or labels_above))


def _hard_break(line: str) -> str:
    return "  " if line.endswith("  ") else ""


def _indent(line: str) -> int:
    """The width of the indentation in half-width columns: a full-width space is two, a tab four."""
    blank = _SPACES.match(line)
    return sum({"\t": 4, "\u3000": 2}.get(space, 1) for space in blank[0]) if blank else 0


def _literal(block: str) -> str:
    """Stand-ins for brackets that open no link or tag, for other people's tag syntax, and for emphasis marks inside URLs."""
    block = _TAG_SYNTAX.sub(lambda match: _WRITTEN.sub(_read, match[0]).translate(_STAND_INS), block)
    block = _LINK.sub(lambda match: _stand_in(match) if match["bare"] else match[0], block)
    block = _STRAY_TAG.sub(_stand_in, block)
    return _BARE_URL.sub(_literal_url, block)


def _read(match: re.Match[str]) -> str:
    return match[1] or unescape(match[0])


def _stand_in(match: re.Match[str]) -> str:
    return match[0].translate(_STAND_INS)


def _literal_url(match: re.Match[str]) -> str:
    return _IN_URL.sub(lambda mark: mark[0].removeprefix("\\").translate(_STAND_INS), match[0])


def _patient(block: str) -> str:
    """A block with more marks than prose ever has keeps them as characters."""
    for mark, patience in (*((mark, PATIENCE) for mark in "*_`\\&"), ("<", PATIENCE_WITH_TAGS)):
        if block.count(mark) * len(block) > patience:
            block = block.replace(mark, mark.translate(_STAND_INS))
    return block
