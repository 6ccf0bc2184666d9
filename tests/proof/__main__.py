"""``make proof``: the pre-flight against mistakes planted one by one into good issues, and against the good issues alone.

Prints recall by family and what is said of clean issues; misses are named with their reason, those of the unseen half by name only.
``python -m tests.proof seen|unseen|second|third|fourth|fifth [family …]``.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from os import cpu_count

from pipeline.model import Finding, Severity
from tests.proof.judge import Verdict, clean, share
from tests.proof.plant import clean_issues, load_mistakes


def main(half: str, families: list[str]) -> int:
    """Print both tables; 1 if they fall short of what is promised."""
    mistakes = [mistake for mistake in load_mistakes(half) if not families or mistake.family in families]
    workers = cpu_count() or 1
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        said = dict(pool.map(clean, clean_issues()))
        verdicts = [verdict for verdicts in pool.map(share, (mistakes[n::workers] for n in range(workers))) for verdict in verdicts]
    _print_misses(half, verdicts)
    recall = _print_recall(half, verdicts)
    noise = _print_clean(said)
    return int(recall < (0.93 if half == "unseen" else 0.97) or noise)


def _print_misses(half: str, verdicts: list[Verdict]) -> None:
    for verdict in verdicts:
        mistake = verdict.mistake
        if not verdict.codes:
            print(f"missed {mistake.id}" + (f"  {mistake.path}  {mistake.what}" if half != "unseen" else ""))


def _print_recall(half: str, verdicts: list[Verdict]) -> float:
    print(f"\n{half:12}  planted  found  at its lines  recall")
    families = sorted({verdict.mistake.family for verdict in verdicts}) if verdicts else []
    for family in (*families, "all"):
        rows = [verdict for verdict in verdicts if family in (verdict.mistake.family, "all")]
        found, placed = sum(bool(row.codes) for row in rows), sum(row.placed for row in rows)
        print(f"{family:12}  {len(rows):7}  {found:5}  {placed:12}  {found / len(rows):6.1%}")
    return sum(bool(verdict.codes) for verdict in verdicts) / len(verdicts)


def _print_clean(said: dict[str, tuple[Finding, ...]]) -> bool:
    print(f"\n{'clean issue':24}  errors  warnings  notes")
    noisy = False
    for slug, findings in said.items():
        errors, warnings, notes = (sum(finding.severity is severity for finding in findings) for severity in Severity)
        print(f"{slug:24}  {errors:6}  {warnings:8}  {notes:5}")
        noisy = noisy or errors > 0 or warnings > 2
    for slug, findings in said.items():
        for finding in findings:
            print(f"  {slug}: {finding.place} {finding.severity.value} {finding.code} {finding.message}")
    return noisy


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "seen", sys.argv[2:]))
