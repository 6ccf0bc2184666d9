"""What each library costs a cold build: the report of ``python -X importtime`` in, seconds by library out.

A library's time is that of everything it pulled in first (premailer's includes cssutils and requests); of the pipeline and of the standard
library only their own lines count. Together they are all the time that imports took.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|( +)(\S+)")
OURS, STANDARD = "enews itself", "the standard library"


def import_costs(report: str) -> dict[str, float]:
    """Library → seconds, the dearest first."""
    costs: dict[str, float] = {}
    for library, seconds in _shares(report):
        costs[library] = costs.get(library, 0.0) + seconds
    return dict(sorted(costs.items(), key=lambda cost: -cost[1]))


def _shares(report: str) -> Iterator[tuple[str, float]]:
    """(library, seconds) of every line that counts. The report lists children before parents, so it is read from the end."""
    inside: int | None = None
    for line in reversed(report.splitlines()):
        if not (match := _LINE.match(line)):
            continue
        own, whole, depth, library = int(match[1]) / 1e6, int(match[2]) / 1e6, len(match[3]), _library(match[4])
        if inside is None or depth <= inside:
            foreign = library not in (OURS, STANDARD)
            inside = depth if foreign else None
            yield library, whole if foreign else own


def _library(module: str) -> str:
    name = module.partition(".")[0]
    if name in ("pipeline", "tests"):
        return OURS
    return STANDARD if name in sys.stdlib_module_names or name.startswith("_") else name
