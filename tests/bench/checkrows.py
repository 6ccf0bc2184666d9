"""The row of the pre-flight: the sample 2025-01 checked whole, beside textlint with its Japanese presets on the same text.

Every round has another text (a word more in each paragraph), so that nothing is remembered from the round before. textlint only reads prose;
ours also reads the files, renders the mail, and looks at dates, links, pictures, earlier issues and the case studies' sources.
"""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path

from pipeline.checkdesk import counts
from pipeline.desk import check, open_workspace
from tests.bench import peers
from tests.bench.clock import Line, Row, Run, Verdict, at_most, interleave, timed
from tests.builders import ROOT

ISSUE, ROUNDS, WARMUPS = "2025-01", 9, 2
OURS, TEXTLINT = "enews check, whole", "textlint, preset-japanese and preset-ja-technical-writing"


def check_row(folder: Path) -> Row:
    """A full offline check in a process that is warm."""
    roots = [_another(folder / f"check-{number}", number) for number in range(ROUNDS + WARMUPS)]
    workspaces = [open_workspace(root) for root in roots]
    there = peers.version("textlint")
    runs: dict[str, Run] = {OURS: lambda n: timed(lambda: check(workspaces[n], ISSUE))}
    with peers.Worker(peers.node(peers.HOME / "warm.mjs") if there else peers.python("-c", "pass")) as worker:
        if there:
            runs[TEXTLINT] = lambda n: worker.ask("textlint", roots[n] / "all.md")["seconds"]
        taken = interleave(runs, rounds=ROUNDS, warmups=WARMUPS)
    lines = (
        Line(name=OURS, version=version("enews"), samples=taken[OURS]),
        Line(name=TEXTLINT, version=there, samples=taken.get(TEXTLINT, ()), note="" if there else "not installed"),
    )
    row = Row(key="check", title=f"WARM CHECK of the sample {ISSUE}, another text each round", unit="s", lines=lines)
    middle = row.lines[0].median
    found = counts(check(open_workspace(ROOT), ISSUE))
    return _with_verdicts(row, None if middle is None else middle * 1000, found)


def _with_verdicts(row: Row, milliseconds: float | None, found: str) -> Row:
    ratio = row.ratio(TEXTLINT)
    figure = "not measured" if ratio is None else f"{ratio:.1f} x"
    ten = Verdict(target="textlint takes at least 10 x as long", figure=figure, met=None if ratio is None else ratio >= 10)
    verdicts = (at_most("at most 300 ms", milliseconds, 300, shown="{:.0f} ms"), ten)
    return Row(key=row.key, title=row.title, unit=row.unit, lines=row.lines, verdicts=verdicts, notes=(f"ours on the sample: {found}",))


def _another(root: Path, number: int) -> Path:
    """The samples copied, each paragraph of the issue one sentence longer; ``all.md`` is the same text in one file."""
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(ROOT / "issues", root / "issues")
    texts = []
    for path in sorted((root / "issues" / ISSUE).glob("*.md")):
        head, fence, body = path.read_text("utf-8").rpartition("\n---\n")
        body = "\n".join(f"{line}これは{number}回目の文です。" if line.endswith("。") else line for line in body.split("\n"))
        path.write_text(f"{head}{fence}{body}", encoding="utf-8")
        texts.append(body)
    (root / "all.md").write_text("\n".join(texts), encoding="utf-8")
    return root
