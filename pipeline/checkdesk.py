"""The desk's jobs around the pre-flight: the report an editor reads, the safe changes. What doors call.

A job returns records or lines; it never prints and never asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.desk import Checked, Workspace
from pipeline.model import Finding, Severity

if TYPE_CHECKING:
    from pipeline.sources.mend import Mended


def report_lines(checked: Checked) -> Iterator[str]:
    """The findings in plain Japanese, the worst first: place, code, what; why (once a code); how to mend. Then what a person let stand."""
    from pipeline.checks.reasons import reasons

    why = reasons()
    told: set[str] = set()
    for severity in Severity:
        found = [finding for finding in checked.findings if finding.severity is severity]
        if found:
            yield f"■ {severity.label}　{len(found)}件"
            for finding in found:
                yield finding_line(finding)
                if finding.code not in told and finding.code in why:
                    yield f"    わけ　：{why[finding.code]}"
                if finding.hint:
                    yield f"    直し方：{finding.hint}"
                told.add(finding.code)
            yield ""
    if checked.waived:
        yield f"■ ママ（このまま掲載）　{len(checked.waived)}件"
        for finding, waiver in checked.waived:
            yield finding_line(finding)
            yield f"    理由　：{waiver.reason}（{waiver.name}）"
        yield ""


def finding_line(finding: Finding) -> str:
    """``issues/2025-01/10-a.md:12:8 要修正 DATE001 「1月16日（水）」は木曜日です。``."""
    place = f"{finding.place} " if finding.place else ""
    return f"{place}{finding.severity.label} {finding.code} {finding.message}"


def counts(checked: Checked) -> str:
    """``要修正 1件、要確認 0件、参考 2件``, or 問題なし."""
    if not checked.findings:
        return "問題なし"
    return "、".join(f"{one.label} {sum(finding.severity is one for finding in checked.findings)}件" for one in Severity)


def fixes(workspace: Workspace, checked: Checked) -> tuple[Mended, ...]:
    """What the safe changes of the findings would make of the drafts; nothing is written."""
    from pipeline.sources.mend import mended

    return mended(workspace.root, (edit for finding in checked.findings for edit in finding.fix))


def write_fixes(workspace: Workspace, files: tuple[Mended, ...]) -> None:
    """Write them."""
    from pipeline.sources.mend import write_mended

    write_mended(workspace.root, files)
