"""What was asked to be approved, kept aside by its 確認番号: frozen mails in and out of ``build/.cache/requests/``.

It may be deleted at any time: only the comparison with what a person saw is lost then, never a decision. What cannot be read is no text.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
from pathlib import Path

from pipeline.delivery.approval import read_frozen, write_frozen
from pipeline.delivery.frozen import Frozen
from pipeline.errors import ApprovalError

KEPT = "build/.cache/requests"
MOST = 12  # texts of one issue
_DASHES = re.compile(r"[\s\-‐‑‒–—―−ーｰ－_.,、。「」()]+")


def keep_text(root: Path, frozen: Frozen, *, at: str, asked: bool = False) -> None:
    """Keep a text that somebody was shown (``at``: ISO time); ``asked``: it went out with a request. The oldest make room."""
    folder = root / KEPT / frozen.slug
    known = _read(folder / frozen.number)
    write_frozen(folder / frozen.number, frozen, note={"shown": {"at": at, "asked": asked or bool(known and known[2])}})
    for old in sorted(_all(root, frozen.slug), key=lambda kept: kept[1], reverse=True)[MOST:]:
        shutil.rmtree(folder / old[0].number, ignore_errors=True)


def kept_text(root: Path, slug: str, number: str) -> Frozen | None:
    """The text of an issue that had this 確認番号, if it was kept."""
    found = _read(root / KEPT / slug / number)
    return found[0] if found else None


def last_asked(root: Path, slug: str, *, but: str = "") -> Frozen | None:
    """The text of the last request, leaving out the number ``but``."""
    asked = [(at, frozen) for frozen, at, was in _all(root, slug) if was and frozen.number != but]
    return max(asked, key=lambda kept: kept[0], default=("", None))[1]


def issue_of(root: Path, number: str) -> str:
    """The slug of the issue that a 確認番号 was given for, "" if it is unknown."""
    return next((path.parent.name for path in sorted((root / KEPT).glob(f"*/{number}"))), "")


def plain_code(text: str) -> str:
    """A 確認番号 as somebody typed it, as we write it: ``７ｆ３ａ２１`` is ``7F3A-21``. ``ApprovalError`` if it is none."""
    code = _DASHES.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not re.fullmatch(r"[0-9A-F]{6}", code, re.ASCII):
        raise ApprovalError(
            f"「{text}」は確認番号として読めません。「7F3A-21」のように、数字とA～Fの6文字です（英字のO（オー）は、数字の0の打ち間違いです）。"
        )
    return f"{code[:4]}-{code[4:]}"


def _all(root: Path, slug: str) -> list[tuple[Frozen, str, bool]]:
    folders = [path for path in (root / KEPT / slug).glob("*") if not path.name.startswith(".")]
    return [found for path in folders if (found := _read(path))]


def _read(folder: Path) -> tuple[Frozen, str, bool] | None:
    if not folder.is_dir():
        return None
    try:
        frozen, note = read_frozen(folder)
        shown = note["shown"]
        return frozen, str(shown["at"]), bool(shown["asked"])
    except (ApprovalError, KeyError, TypeError):
        return None
