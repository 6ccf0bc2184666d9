"""Whether an issue is approved as it stands: what was approved and the text of now in, the approval that holds or what is wrong with it out.

It must never take an approval for one of another text: one byte more, and nobody has approved it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.delivery.approval import Approved, has_approved, read_approved
from pipeline.delivery.difference import differences
from pipeline.delivery.frozen import Frozen
from pipeline.errors import ApprovalError
from pipeline.model import Finding, Place, Severity


def holding(root: Path, now: Frozen) -> Approved | None:
    """The approval of this very text; ``None`` if there is none, if it was touched, or if it is one of another text."""
    try:
        approved = read_approved(root, now.slug)
    except ApprovalError:
        return None
    return approved if approved.frozen.digest == now.digest else None


def approval_findings(root: Path, slug: str, place: Place, *, now: Callable[[], Frozen]) -> tuple[Finding, ...]:
    """APPR001 the text has moved since it was approved, APPR002 what was approved cannot be trusted. ``now`` freezes the text as it is."""
    if not has_approved(root, slug):
        return ()
    try:
        was = read_approved(root, slug).frozen
    except ApprovalError as error:
        hint = f"控えから戻せなければ、「enews approve {slug} --by 氏名」で承認をもう一度受けてください。"
        return (Finding(code="APPR002", severity=Severity.WARNING, message=str(error), hint=hint, place=place),)
    frozen = now()
    if was.digest == frozen.digest:
        return ()
    return (
        Finding(
            code="APPR001",
            severity=Severity.WARNING,
            message=f"承認は無効になりました（承認後に変更あり）。{differences(was, frozen).summary}",
            hint=f"「enews diff {slug}」で確かめ、原稿を戻すか、「enews request {slug}」で承認をもう一度受けてください（配信した後の直しなら「enews correct {slug}」）。",
            place=place,
        ),
    )
