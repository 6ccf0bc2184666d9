"""Rows in; a table that fits 120 columns, and one JSON file a row, out. English, for engineers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from tests.bench.clock import Line, Row, Verdict

WIDTH = 120
NAME = 50
UNITS = {"s": (1000, "ms", "{:,.1f}"), "bytes": (1, "bytes", "{:,.0f}"), "count": (1, "", "{:,.0f}")}


def shown(value: float | None, unit: str) -> str:
    """A figure in its unit: seconds as milliseconds."""
    factor, _, pattern = UNITS[unit]
    return "-" if value is None else pattern.format(value * factor)


def table(row: Row) -> Iterator[str]:
    """The lines of one row."""
    several = any(len(line.samples) > 1 for line in row.lines)
    unit = UNITS[row.unit][1]
    spread = f"{'min':>9}{'max':>10}" if several else ""
    beside = "" if row.unit == "count" else f"x {row.base.split()[0]}" if row.base else "x first"
    yield f"{row.title:<{WIDTH - 48}}{f'median {unit}' if several else unit:>14}{spread}{beside:>12}".rstrip()
    for line in row.lines:
        yield from _line(line, row, several=several)
    yield from (f"    {note}" for note in row.notes)
    yield from (verdict_line(verdict) for verdict in row.verdicts)
    yield ""


def _line(line: Line, row: Row, *, several: bool) -> Iterator[str]:
    name = f"  {line.name} {line.version}".rstrip()
    if not line.samples:
        yield f"{name:<{NAME}}{line.note or 'not measured'}"
        return
    ratio = row.ratio(line.name) if row.unit != "count" else None
    spread = f"{shown(min(line.samples), row.unit):>9}{shown(max(line.samples), row.unit):>10}" if several else ""
    beside = f"{ratio:.2f}" if ratio is not None else ""
    yield f"{f'{name:<{NAME}}{line.note}':<{WIDTH - 48}}{shown(line.median, row.unit):>14}{spread}{beside:>12}".rstrip()


def verdict_line(verdict: Verdict) -> str:
    """``-> target: figure: met``."""
    word = {True: "met", False: "NOT MET", None: "-"}[verdict.met]
    return f"  -> {verdict.target}: {verdict.figure}: {word}"


def write_row(row: Row, folder: Path, material: dict[str, object]) -> Path:
    """``<key>.json``: every sample, the medians, the verdicts, and what was measured on."""
    lines = [{**asdict(line), "median": line.median} for line in row.lines]
    path = folder / f"{row.key}.json"
    path.write_text(
        json.dumps({**asdict(row), "lines": lines, "material": material}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    return path
