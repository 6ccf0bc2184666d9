"""Two frozen mails in, what a reader would see change out: rendered text, links, pictures, sender and audience, each with its place. Pure.

Markup that changes nothing visible is no change here, but it is not hidden either: ``moved`` says that some byte is another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.delivery.frozen import Frozen
from pipeline.delivery.rendered import Image, Line, Link, Page, key_of, page_of, paragraphs_of

BODY, TEXT_EDITION, LINK, PICTURE, ALT, MOVE = "本文", "テキスト版", "リンク", "写真", "代替文", "移動"
_TOKEN = re.compile(r"https?://[!-~]+|[0-9０-９]+|[A-Za-z]+|\s+|.", re.DOTALL)
_ADDRESS = re.compile(r"https?://\S+")
_MOST_PAIRS = 900  # lines of one changed stretch that are held against each other
_MOST_TOKENS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One place: "" where there was nothing before, or is nothing now. ``label``: an item's number or a part of the page."""

    part: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything that moved between two frozen mails; ``repeated`` are changes of the text edition that the HTML shows too."""

    changes: tuple[Change, ...]
    repeated: tuple[Change, ...]
    moved: bool

    @property
    def markup_only(self) -> bool:
        """Whether bytes moved that nobody sees."""
        return self.moved and not self.changes and not self.repeated

    @property
    def summary(self) -> str:
        """One line for a person."""
        if not self.moved:
            return "変更はありません。"
        if self.markup_only:
            return "表示文字に変更なし（体裁のみ）。"
        parts = dict.fromkeys(change.part for change in self.changes)
        counts = "、".join(f"{part} {sum(change.part == part for change in self.changes)}か所" for part in parts)
        words = any(change.part not in (LINK, PICTURE, ALT) for change in self.changes)
        return f"{counts}が変わりました。" if words else f"表示文字に変更なし。ただし、{counts}が変わりました。"


def differences(before: Frozen, after: Frozen) -> Difference:
    """What moved from one to the other, in the order of the page."""
    old, new = page_of(before.html), page_of(after.html)
    body = tuple(changed_lines(old.lines, new.lines, part=BODY))
    text = tuple(changed_lines(paragraphs_of(before.text), paragraphs_of(after.text), part=TEXT_EDITION))
    links = tuple(changed_links(old.links, new.links))
    repeated = tuple(change for change in text if _is_told(change, (*body, *links)))
    rest = tuple(change for change in text if change not in repeated)
    changes = (*_head(before, after), *_with_moves((*body, *links)), *_pictures(before, after, old, new), *_with_moves(rest))
    return Difference(changes=changes, repeated=repeated, moved=before.digest != after.digest)


def _head(before: Frozen, after: Frozen) -> Iterator[Change]:
    names = {"sender": "差出人", "reply_to": "返信先", "audience": "配信先", "subject": "件名", "lead_line": "導入文"}
    for name, part in names.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            everyone = "（読者全員）" if name == "audience" else ""
            yield Change(part=part, label="", before=old or everyone, after=new or everyone)
    if before.date != after.date:
        yield Change(part="発行日", label="", before=before.date.isoformat(), after=after.date.isoformat())
    fields = [[f"{slot.part}:{slot.field}" for slot in frozen.slots] for frozen in (before, after)]
    if fields[0] != fields[1]:
        yield Change(part="差し込み項目", label="", before="、".join(fields[0]), after="、".join(fields[1]))


def _with_moves(changes: Sequence[Change]) -> Iterator[Change]:
    """Lines that went in one place and came, letter by letter, in another, told as one move for each pair of places."""
    gone = [change for change in changes if not change.after]
    moves: dict[tuple[str, str], int] = {}
    taken: list[Change] = []
    for came in (change for change in changes if not change.before):
        went = next((one for one in gone if one.before == came.after and not any(one is other for other in taken)), None)
        if went and went.label != came.label:
            taken += [went, came]
            moves[went.label, came.label] = moves.get((went.label, came.label), 0) + 1
    yield from (
        Change(part=MOVE, label=new, before=f"{old}の位置", after=f"{new}の位置（{n}行がそのまま移りました）")
        for (old, new), n in moves.items()
    )
    yield from (change for change in changes if not any(change is other for other in taken))


def changed_lines(before: Sequence[Line], after: Sequence[Line], *, part: str) -> Iterator[Change]:
    """Lines that are not the same, those that belong together side by side."""
    for old, new in aligned(before, after):
        if old is None or new is None or old.key != new.key or old.text != new.text:
            label = new.label if new else old.label if old else ""
            yield Change(part=part, label=label, before=old.text if old else "", after=new.text if new else "")


def aligned(before: Sequence[Line], after: Sequence[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    """Pairs in the order of the page: equal lines, lines that were changed, and lines that stand on one side only."""
    matcher = SequenceMatcher(None, [line.key for line in before], [line.key for line in after], autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            yield from zip(before[first:last], after[start:end], strict=True)
        else:
            yield from _paired(before[first:last], after[start:end])


def _paired(before: Sequence[Line], after: Sequence[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    """One changed stretch: each line beside the one that it grew out of, in order."""
    last = 0
    for new in after:
        scores = (
            [(likeness(old.text, new.text), -n) for n, old in enumerate(before[last:])] if len(before) * len(after) <= _MOST_PAIRS else []
        )
        best, offset = max(scores, default=(0.0, 0))
        if best < 0.5:
            yield None, new
            continue
        yield from ((old, None) for old in before[last : last - offset])
        yield before[last - offset], new
        last += 1 - offset
    yield from ((old, None) for old in before[last:])


def likeness(one: str, other: str) -> float:
    """From 0 to 1: how much of two lines is the same; one address beside another is taken for what became of it."""
    if _ADDRESS.fullmatch(one) and _ADDRESS.fullmatch(other):
        return 0.5 + key_of(one).startswith(key_of(other)[:20]) / 2
    matcher = SequenceMatcher(None, one[:400], other[:400], autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= 0.5 else 0.0


def changed_links(before: Sequence[Link], after: Sequence[Link]) -> Iterator[Change]:
    """Links that lead elsewhere, came or went; their words are told with the text. Those within the page are the page's own business."""
    before, after = ([link for link in links if not link.address.startswith("#")] for links in (before, after))
    matcher = SequenceMatcher(None, [link.address for link in before], [link.address for link in after], autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind != "equal":
            for n in range(max(last - first, end - start)):
                old = before[first + n] if first + n < last else None
                new = after[start + n] if start + n < end else None
                yield Change(part=LINK, label=(new or old or Link(address="", text="")).label, before=_told(old), after=_told(new))


def _told(link: Link | None) -> str:
    return f"「{link.text}」{link.address}" if link else ""


def _pictures(before: Frozen, after: Frozen, old: Page, new: Page) -> Iterator[Change]:
    sums, now = dict(before.pictures), dict(after.pictures)
    for name in sorted({*sums, *now}):
        if sums.get(name) != now.get(name):
            same = "（同じ名前で、絵が変わりました）" if name in sums and name in now else ""
            yield Change(part=PICTURE, label="", before=name if name in sums else "", after=f"{name}{same}" if name in now else "")
    was, shows = ({_file(image): image for image in page.images} for page in (old, new))
    for name in was.keys() & shows.keys():
        if was[name].alt != shows[name].alt:
            yield Change(part=ALT, label=shows[name].label, before=was[name].alt, after=shows[name].alt)


def _file(image: Image) -> str:
    return image.address.rpartition("/")[2]


def _is_told(change: Change, body: Sequence[Change]) -> bool:
    """Whether a change of the text edition is one that the HTML shows: every stretch of it stands in a change of the same item."""
    there = [one for one in body if one.label == change.label] or body
    was, now = ("\n".join(key_of(getattr(one, side)) for one in there) for side in ("before", "after"))
    pieces = [(_bare(old), _bare(new)) for kind, old, new in stretches(change.before, change.after) if kind != "equal"]
    return bool(there) and all(old in was and new in now for old, new in pieces)


def _bare(text: str) -> str:
    return key_of(text).strip("・■◇◆")


def stretches(before: str, after: str) -> Iterator[tuple[str, str, str]]:
    """(``equal`` or ``change``, the words before, the words after), a number or a Latin word never cut."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if max(len(old), len(new)) > _MOST_TOKENS:
        yield "change", before, after
        return
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield "equal" if kind == "equal" else "change", "".join(old[first:last]), "".join(new[start:end])


def pieces(change: Change, *, around: int = 24) -> tuple[tuple[tuple[bool, str], ...], tuple[tuple[bool, str], ...]]:
    """The words before and after as (changed?, text); of long stretches that did not change, ``around`` characters beside a change are left."""
    if not (change.before and change.after) or change.part == MOVE:
        return (((True, change.before),) if change.before else ()), (((True, change.after),) if change.after else ())
    found = tuple(stretches(change.before, change.after))
    sides = []
    for side in (1, 2):
        row = [
            (one[0] != "equal", _short(one[side], n, len(found) - 1, around) if one[0] == "equal" else one[side])
            for n, one in enumerate(found)
        ]
        sides.append(tuple((changed, text) for changed, text in row if text))
    return sides[0], sides[1]


def _short(text: str, n: int, last: int, around: int) -> str:
    """An equal stretch: its end before the first change, its beginning behind the last, both between two."""
    if len(text) <= (around if n in (0, last) else 2 * around) + 1:
        return text
    head, tail = text[:around] if n else "", text[-around:] if n < last else ""
    return f"{head}…{tail}"
