"""DKIM: a finished message in, the same message with a signature on top out. The one file that knows dkimpy.

Every header that a reader's program trusts is signed, and signed once more than it occurs (oversigned), so that none can be added on the way:
dkimpy's own choice leaves List-Unsubscribe-Post out, without which one-click unsubscription does not count (RFC 8058, 4).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from pipeline.config import MASTHEAD, Dkim
from pipeline.errors import ConfigError

KEY_FILE = "ENEWS_DKIM_KEY_FILE"
SIGNED = (
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
    *("List-ID", "List-Unsubscribe", "List-Unsubscribe-Post"),
)
Sign = Callable[[bytes], bytes]


def signer(settings: Dkim) -> Sign | None:
    """What signs a message, ``None`` if the masthead names no selector. ``ConfigError`` if the key is missing or no key."""
    if not settings.selector:
        return None
    name = os.environ.get(KEY_FILE, "").strip()
    if not name:
        raise ConfigError(f"{MASTHEAD} に [dkim] がありますが、環境変数 {KEY_FILE} に鍵のファイルの場所がありません。")
    try:
        key = Path(name).expanduser().read_bytes()
    except OSError as error:
        raise ConfigError(f"DKIMの鍵のファイル {name} を読めません（{error.strerror}）。") from None
    try:
        import dkim
    except ImportError:
        raise ConfigError("DKIMの署名には、追加の部品が要ります。「pip install 'enews[dkim]'」で入れてください。") from None
    sign = _sign_with(key, settings)
    try:
        sign(b"From: a@example.com\r\n\r\n\r\n")
    except (dkim.DKIMException, ValueError, TypeError, IndexError) as error:
        raise ConfigError(f"DKIMの鍵のファイル {name} を鍵として読めません（{error}）。PEM形式のRSA秘密鍵を置いてください。") from None
    return sign


def _sign_with(key: bytes, settings: Dkim) -> Sign:
    import dkim

    def sign(message: bytes) -> bytes:
        head = message.partition(b"\r\n\r\n")[0].lower()
        present = [name for name in SIGNED if b"\r\n" + name.lower().encode() + b":" in b"\r\n" + head]
        signature = dkim.sign(
            message,
            settings.selector.encode(),
            settings.domain.encode(),
            key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[name.encode() for name in (*present, *SIGNED)],
        )
        return bytes(signature) + message

    return sign
