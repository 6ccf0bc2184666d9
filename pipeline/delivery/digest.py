"""What names the bytes of a mail: a finished ``Email`` and its pictures in, the digest and its short form (確認番号) out. Pure.

The director approves *this* text by its 確認番号, so everything that readers get is in it and nothing else: no clock, no path, no machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from pipeline.model import Email


def digest_of(email: Email, pictures: Iterable[tuple[str, bytes]]) -> str:
    """The sha256 in 64 hex digits over subject, lead line, HTML, text and pictures (file name, bytes), in whatever order these come."""
    parts = {
        "subject": email.subject,
        "lead_line": email.lead_line,
        "html": _sha256(email.html.encode()),
        "text": _sha256(email.text.encode()),
        "pictures": {file: _sha256(data) for file, data in pictures},
    }
    return _sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())


def confirmation_number(digest: str) -> str:
    """``7F3A-21``: short enough for an answer from a phone; among the few texts of a month nobody meets it twice by chance."""
    return f"{digest[:4]}-{digest[4:6]}".upper()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
