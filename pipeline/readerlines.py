"""What the door says of readers: records of the desk in, Japanese lines and rows of ``--json`` out. It prints nothing.

Addresses and names are masked here unless somebody asked for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pipeline.delivery.people import masked
from pipeline.model import Finding, Place, Severity

if TYPE_CHECKING:
    from pipeline.delivery.people import Subscriber
    from pipeline.readerdesk import Taken

HISTORY = {
    "add": "登録",
    "change": "変更",
    "import": "名簿の取り込みで更新",
    "suppress": "配信停止",
    "lift": "配信停止を解除（新しい同意）",
    "forget": "削除",
}
WORDS = {
    "address": "メールアドレス",
    "name": "氏名",
    "organisation": "所属",
    "department": "部署",
    "segment": "区分",
    "member": "会員",
    "language": "言語",
    "consent_how": "同意の経路",
    "consent_on": "同意の日",
    "consent_by": "同意の記録者",
    "columns": "独自の項目",
}
FORGOTTEN = (
    "同じアドレスは、名簿を取り込んでも加わりません（元に戻せない形の印だけを残しました）。あらためて同意をいただいたときは add で加えられます。",
    "控え（backup）、書き出したCSV（export、rejected-…）、もとの名簿にも残っていないか、確かめてください。",
)


def taken_lines(one: Taken, *, dry: bool) -> Iterator[str]:
    """What became of a file; for a rehearsal also what its columns were taken for."""
    counts = one.counts
    yield f"{one.name}（{one.form}、{one.kind}）"
    if dry:
        yield from (f"  列「{heading}」→ {word}" for heading, word in one.columns)
    yield f"  追加 {counts.added}、更新 {counts.updated}、変更なし {counts.unchanged}、配信停止 {counts.suppressed}、取り込めない行 {counts.rejected}"
    yield from (f"  {line}行目：{reason}。" for line, reason in one.rejects[:10])
    if counts.rejected > 10:
        yield f"  ほか {counts.rejected - 10}行"
    if one.rejected_file:
        yield f"  取り込めなかった行は {one.rejected_file} に書き出しました。Excelで直し、保存して、もう一度 import してください。"


def file_row(one: Taken) -> dict[str, object]:
    """What a file was found to be."""
    return {"file": one.name, "form": one.form, "kind": one.kind, "columns": [{"heading": a, "taken_as": b} for a, b in one.columns]}


def reject_rows(one: Taken) -> Iterator[dict[str, Any]]:
    """Rejected rows as findings: their place and the reason."""
    from pipeline.desk import finding_row

    hint = (
        f"{one.rejected_file} を直して、もう一度 import してください。" if one.rejected_file else "直して、もう一度 import してください。"
    )
    for line, reason in one.rejects:
        place = Place(path=one.name, line=line)
        yield finding_row(Finding(code="LIST001", severity=Severity.ERROR, message=f"{reason}。", hint=hint, place=place))


def shown_value(value: object) -> str:
    """A field of a reader in words."""
    if isinstance(value, bool):
        return "会員" if value else "非会員"
    if isinstance(value, dict):
        return "、".join(f"{key}＝{text}" for key, text in value.items()) or "なし"
    return str(value) or "（記録なし）"


def list_line(row: dict[str, Any]) -> str:
    """A reader on one line."""
    words = (row["address"], row["name"], row["organisation"], row["department"], row["segment"])
    return "　".join(filter(None, (*words, "会員" if row["member"] else "", "【配信停止】" if row["suppressed"] else "")))


def shown_address(address: str, *, show: bool) -> str:
    """An address for a screen."""
    return address if show or not address else masked(address)


def reader_row(reader: Subscriber, *, show: bool) -> dict[str, Any]:
    """A reader as screens show them: without ``show`` neither address nor name nor columns in full."""
    consent = reader.consent
    name = reader.name if show or not reader.name else f"{reader.name[0]}***"
    return {
        "address": shown_address(reader.address, show=show),
        "name": name,
        "organisation": reader.organisation,
        "department": reader.department,
        "segment": reader.segment,
        "member": reader.member,
        "language": reader.language,
        "consent_how": consent.how,
        "consent_on": consent.on,
        "consent_by": consent.by,
        **({"columns": reader.columns} if show else {}),
    }
