"""What moved between an approved text and the one of now in, the rows of a 誤／正 table out. Pure.

A slip stands in more than one place of a page (in the item, in its contents, among the deadlines): it is told once, at the item. What a table
cannot show (a picture, who sends) is not told, and not lost: the desk names it to the editor.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.delivery.difference import BODY, LINK, Change, Difference, pieces, stretches
from pipeline.model import Correction

TOLD = ("件名", "導入文", BODY, LINK)
WHOLE = 60  # characters of a line that is told whole
NOTHING, GONE = "（記載がありませんでした）", "（削除します）"
_INNER = str.maketrans("「」", "『』")
_ITEM = re.compile(r"\d{1,2}(?:-\d{1,2})?")


def errata_between(difference: Difference, *, titles: Mapping[str, str]) -> tuple[tuple[Correction, ...], tuple[Change, ...]]:
    """The rows in the order of the page, and the changes that no row tells. ``titles``: the number of an item → its title."""
    kept: dict[object, Change] = {}
    for change in difference.changes:
        if change.part in TOLD:
            known = kept.setdefault(_slip(change), change)
            if not _ITEM.fullmatch(known.label) and _ITEM.fullmatch(change.label):
                kept[_slip(change)] = change
    rows = tuple(_row(change, titles) for change in kept.values())
    return rows, tuple(change for change in difference.changes if change.part not in TOLD)


def _slip(change: Change) -> object:
    """What two places have in common that hold one slip: the words that changed, wherever they stand."""
    if not (change.before and change.after):
        return change.before, change.after
    return tuple((old, new) for kind, old, new in stretches(change.before, change.after) if kind != "equal")


def _row(change: Change, titles: Mapping[str, str]) -> Correction:
    if max(len(change.before), len(change.after)) > WHOLE and change.part != LINK:
        before, after = ("".join(text for _, text in side) for side in pieces(change))
    else:
        before, after = change.before, change.after
    number = re.compile(rf"{re.escape(change.label)}[ 　]+" if _ITEM.fullmatch(change.label) else r"(?!)")
    before, after = (number.sub("", side, count=1) if number.match(side) else side for side in (before, after))
    return Correction(where=_place(change, titles), wrong=before or NOTHING, right=after or GONE)


def _place(change: Change, titles: Mapping[str, str]) -> str:
    if change.part not in (BODY, LINK):
        return change.part
    if _ITEM.fullmatch(change.label):
        place = f"{change.label}「{titles[change.label].translate(_INNER)}」" if change.label in titles else change.label
    else:
        place = f"「{change.label}」" if change.label else "本文"
    return f"{place}のリンク" if change.part == LINK else place
