"""One slip in many places is one finding: hits in, hits out, those with the same words told once with all their places and fixes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.checks.rule import Hit

SHOWN = 4


def once(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Each message once, at its first place; the others are named behind it, and its fixes are the fixes of all."""
    same: dict[str, list[Hit]] = {}
    for hit in hits:
        same.setdefault(hit.message, []).append(hit)
    for first, *others in same.values():
        fix = tuple(edit for hit in (first, *others) for edit in hit.fix)
        yield replace(first, message=first.message + more(first, others), fix=fix) if others else first


def more(first: Hit, others: list[Hit]) -> str:
    """「（ほか2か所：12行目、20-b.md 3行目）」, "" if there are none."""
    if not others:
        return ""
    places = []
    for hit in others[:SHOWN]:
        name = "" if hit.place.path == first.place.path else hit.place.path.rpartition("/")[2] + " "
        places.append(f"{name}{hit.place.line}行目")
    return f"（ほか{len(others)}か所：{'、'.join(dict.fromkeys(places))}{'など' if len(others) > SHOWN else ''}）"
