"""An approval on disk: a frozen mail and who approved it in, ``issues/<slug>/approved/`` out, and back, every byte of it verified.

The manifest is written last and the folder takes its place in one step, so that half an approval is none. The digest, and with it the 確認番号,
is that of the content alone: the number is said in the request, before anybody can know who will answer, when and how. It must never give out
anything that is not, byte for byte, what was approved.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.delivery.frozen import PARTS, Frozen, Slot
from pipeline.errors import ApprovalError, WorkspaceError
from pipeline.files import write_file

FOLDER, MANIFEST = "approved", "manifest.json"
HTML, TEXT, PICTURES = "email.html", "email.txt", "images"
VIA = ("メール", "口頭", "画面")
_PLAIN_NAME = re.compile(r"[^/\\:\x00-\x1f]+")
_SEAL = "seal"  # the sha256 of the rest of the manifest: a slip of the hand in a name or a time is seen too


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who said yes, when (ISO time in JST) and by which way (``VIA``); ``deputy``: 代決; ``code``: the 確認番号 that was answered, "" for none."""

    by: str
    at: str
    via: str
    deputy: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """What goes out, and who let it."""

    frozen: Frozen
    approval: Approval


def approved_folder(root: Path, slug: str) -> Path:
    """Where an issue's approval lies, if there is one. ``ApprovalError`` for a slug that leads elsewhere."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", slug, re.ASCII):
        raise ApprovalError(f"号の名前「{slug}」には、半角の英数字とハイフンだけを使えます（例 2025-01）。")
    return root / "issues" / slug / FOLDER


def has_approved(root: Path, slug: str) -> bool:
    """Whether an issue was ever approved; whether that still holds is for ``read_approved`` and the text of today to say."""
    return approved_folder(root, slug).exists()


def write_approved(folder: Path, frozen: Frozen, approval: Approval) -> Path:
    """Write ``<folder>/approved/`` (``folder`` is the issue's), in place of an earlier one; returns it. Whole, or the earlier one stays."""
    return write_frozen(folder / FOLDER, frozen, note={"approval": asdict(approval)})


def read_approved(root: Path, slug: str) -> Approved:
    """What was approved of an issue. ``ApprovalError`` if nothing was, or if it is not whole or was touched since."""
    folder = approved_folder(root, slug)
    if not folder.exists():
        raise ApprovalError(
            f"{slug} は、まだ承認されていません（issues/{slug}/{FOLDER}/ がありません）。「enews request {slug}」で承認をお願いし、"
            f"お返事の後に「enews approve {slug} --by 氏名 --code 確認番号」としてください。"
        )
    frozen, note = read_frozen(folder)
    row = note.get("approval")
    if frozen.slug != slug or not isinstance(row, dict):
        raise _touched(folder, f"{MANIFEST} は、{slug} の承認の記録ではありません")
    try:
        approval = Approval(**row)
    except TypeError:
        raise _touched(folder, f"{MANIFEST} の承認の記録を読めません") from None
    return Approved(frozen=frozen, approval=approval)


def write_frozen(folder: Path, frozen: Frozen, *, note: dict[str, object]) -> Path:
    """Write a frozen mail as a folder of its own, ``note`` in its manifest. ``WorkspaceError`` if it cannot be written; then nothing has changed."""
    part, old = folder.with_name(f".{folder.name}.part"), folder.with_name(f".{folder.name}.old")
    try:
        if old.exists() and not folder.exists():  # a run was killed between the two renames
            old.rename(folder)
        for left in (part, old):
            if left.exists():
                shutil.rmtree(left)
        for name, data in frozen.pictures:
            write_file(part / PICTURES / _plain(name), data)
        write_file(part / HTML, frozen.html.encode())
        write_file(part / TEXT, frozen.text.encode())
        write_file(part / MANIFEST, _manifest(frozen, note))
        if folder.exists():
            folder.rename(old)
        part.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        if old.exists() and not folder.exists():
            old.rename(folder)
        raise WorkspaceError(
            f"{folder} に書き込めません（{error.strerror}）。その中のファイルを開いているソフトを閉じ、空き容量を確かめてください。"
        ) from None
    return folder


def read_frozen(folder: Path) -> tuple[Frozen, dict[str, Any]]:
    """A frozen mail and the notes of its manifest. ``ApprovalError`` unless every byte is the one that was written."""
    data = _bytes(folder, MANIFEST)
    try:
        rows = json.loads(data)
        frozen = _frozen(folder, rows)
        _refuse_changes(folder, frozen, rows)
        note = {name: value for name, value in rows.items() if name not in (*frozen.content, "digest", "number", _SEAL)}
        whole = data == _manifest(frozen, note)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _touched(folder, f"{MANIFEST} または本文を読めません") from None
    if not whole:
        raise _touched(folder, f"{MANIFEST} が書き換えられています")
    return frozen, note


def _frozen(folder: Path, rows: dict[str, Any]) -> Frozen:
    """The mail that a manifest and the files beside it make."""
    return Frozen(
        **{name: rows[name] for name in ("slug", "subject", "lead_line", "reply_to", "audience")},
        date=date.fromisoformat(rows["date"]),
        sender=rows["from"],
        html=_bytes(folder, HTML).decode(),
        text=_bytes(folder, TEXT).decode(),
        slots=tuple(Slot(part=part, start=start, end=end, field=field) for part, start, end, field in rows["slots"]),
        pictures=tuple((name, _bytes(folder, f"{PICTURES}/{_plain(name)}")) for name in sorted(rows["pictures"])),
    )


def _refuse_changes(folder: Path, frozen: Frozen, rows: dict[str, Any]) -> None:
    """Name the file whose bytes are others than the manifest says."""
    content = frozen.content
    files = {HTML: "html", TEXT: "text"}
    changed = [file for file, key in files.items() if content[key] != rows.get(key)]
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in frozen.pictures}
    changed += [f"{PICTURES}/{name}" for name, value in sums.items() if rows["pictures"].get(name) != value]
    if changed:
        raise _touched(folder, f"{'、'.join(changed)} が、承認のときと違います")
    if any(slot.part not in PARTS or not 0 <= slot.start <= slot.end <= len(getattr(frozen, slot.part)) for slot in frozen.slots):
        raise _touched(folder, f"{MANIFEST} の差し込み項目の位置が、本文と合いません")


def _manifest(frozen: Frozen, note: dict[str, object]) -> bytes:
    rows = {**frozen.content, "digest": frozen.digest, "number": frozen.number, **note}
    seal = hashlib.sha256(json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    return (json.dumps({**rows, _SEAL: seal}, ensure_ascii=False, indent=1) + "\n").encode()


def _bytes(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise _touched(folder, f"{name} を読めません（{error.strerror}）") from None


def _plain(name: object) -> str:
    """A picture's name that leads nowhere else."""
    if not isinstance(name, str) or not _PLAIN_NAME.fullmatch(name) or name in (".", ".."):
        raise ValueError(name)
    return name


def _touched(folder: Path, what: str) -> ApprovalError:
    return ApprovalError(
        f"承認した内容を使えません：{folder.parent.name}/{folder.name}/ の{what}。"
        f"控えから元に戻すか、フォルダー {folder.name} を消して、承認をもう一度受けてください。"
    )
