"""What each library costs a cold build: the report of ``python -X importtime`` in, seconds by library out.

A library's time is that of everything it pulled in first (premailer's includes cssutils and requests); the standard library counts for whoever
asked for it first, and what is left is the standard library and the pipeline itself.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|( +)(\S+)")
OURS = ("pipeline", "tests")
REST = "the pipeline's own modules and the standard library"


def import_costs(report: str) -> dict[str, float]:
    """Library → seconds, the dearest first, ``REST`` last; together they are all the time that imports took."""
    costs: dict[str, float] = {}
    total = 0.0
    for library, own, whole in _outermost(report):
        total += own
        if library:
            costs[library] = costs.get(library, 0.0) + whole
    named = dict(sorted(costs.items(), key=lambda cost: -cost[1]))
    return {**named, REST: max(0.0, total - sum(named.values()))}


def _outermost(report: str) -> Iterator[tuple[str, float, float]]:
    """(library or "", own seconds, seconds with all below) of every import; only the outermost import of a foreign library has its name.

    The report lists children before parents, so it is read from the end.
    """
    inside: int | None = None
    for line in reversed(report.splitlines()):
        if not (match := _LINE.match(line)):
            continue
        own, whole, depth, name = int(match[1]) / 1e6, int(match[2]) / 1e6, len(match[3]), match[4].partition(".")[0]
        if inside is not None and depth > inside:
            yield "", own, whole
            continue
        inside = None if name in OURS or name.lstrip("_") in sys.stdlib_module_names or name in sys.stdlib_module_names else depth
        yield name if inside is not None else "", own, whole
