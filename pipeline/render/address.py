"""Addresses: what an editor or a feed wrote as a URL in, a safe ``href`` out, or "" for one that must not become a link.

What comes out is ASCII, percent-encoded once, without any character that a sender's tag syntax begins with; the host of our merge fields is
turned into data. It must never let a script, a file, or a name and password before the host through.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, urlsplit

from pipeline.render.merge import GUARD, guard

BARE = re.compile(r"https?://[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~|{}^]+|(?<![\w.@/-])www\.[0-9a-z-]+\.[!#-;=?-Z_a-z~]+", re.IGNORECASE)

_HOST = re.compile(r"(?!-)[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\]")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNPRINTED = re.compile("[\x00-\x20\x7f-\x9f\u3000\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff\ufdd0-\ufdef]")
_SAFE = "/%:@!$&'()*+,;=~-._"


@lru_cache(maxsize=4096)
def clean_url(url: str, *, ours: bool = False) -> str:
    """A safe ``href``: http, https, mailto or tel; "" for a refused one. ``ours`` lets our own merge fields (``merge.invalid``) work."""
    url = _UNPRINTED.sub("", url.replace(GUARD, ""))
    if url.lower().startswith("www."):
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        cleaned = _clean(parts)
    except ValueError:
        return ""
    return guard(cleaned, ours=ours) if cleaned else ""


def split_tail(found: str) -> int:
    """How many characters of a bare URL found in prose really belong to it: no closing punctuation, brackets only in pairs."""
    end = len(found)
    while end and (found[end - 1] in ".,;:!?'\"*|" or _unpaired(found, end)):
        end -= 1
    return end


def _unpaired(found: str, end: int) -> bool:
    closing = found[end - 1]
    opening = {")": "(", "]": "[", "}": "{"}.get(closing)
    return opening is not None and found.count(closing, 0, end) > found.count(opening, 0, end)


def _clean(parts: SplitResult) -> str:
    scheme = parts.scheme.lower()
    if scheme in ("http", "https"):
        return _web(scheme, parts)
    if scheme == "mailto" and re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", parts.path):
        return f"mailto:{_quoted(parts.path)}" + (f"?{_quoted(parts.query, '?')}" if parts.query else "")
    if scheme == "tel" and re.fullmatch(r"\+?[0-9().\-]{3,30}", parts.path):
        return f"tel:{parts.path}"
    return ""


def _web(scheme: str, parts: SplitResult) -> str:
    host = (parts.hostname or "").encode("idna").decode("ascii").lower() if parts.hostname else ""
    if "@" in parts.netloc or not _HOST.fullmatch(f"[{host}]" if ":" in host else host):
        return ""
    port = f":{parts.port}" if parts.port else ""
    host = f"[{host}]" if ":" in host else host
    query = f"?{_quoted(parts.query, '?')}" if parts.query else ""
    fragment = f"#{_quoted(parts.fragment, '?')}" if parts.fragment else ""
    return f"{scheme}://{host}{port}{_quoted(parts.path)}{query}{fragment}"


def _quoted(part: str, more: str = "") -> str:
    """Percent-encode what is not ASCII or opens a tag syntax; what is encoded already stays as it is."""
    return quote(_STRAY_PERCENT.sub("%25", part), safe=_SAFE + more).replace("*|", "*%7C")
