"""What a browser or a mail program posts: the bytes of a request in, its fields out. Hostile until parsed, and never more than 64 KB of it.

Nothing here raises for what somebody sends: a body that cannot be had is a status, one that is no form has no fields.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

MOST_BYTES, MOST_FIELDS, MOST_DIGITS = 64 * 1024, 40, 12
_BOUNDARY = re.compile(r"""multipart/form-data\b.*?;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))""", re.IGNORECASE | re.DOTALL)
_NAME = re.compile(rb"""^content-disposition:[^\r\n]*?[;\s]name="?([^";\r\n]{1,100})"?""", re.IGNORECASE | re.MULTILINE)
_BLANK = re.compile(rb"\r?\n\r?\n")


def read_body(environ: Mapping[str, Any]) -> bytes | HTTPStatus:
    """The whole body, or why there is none: too large, of no stated length, shorter than stated, too slow."""
    text = str(environ.get("CONTENT_LENGTH") or "0").strip()
    if environ.get("HTTP_TRANSFER_ENCODING"):
        return HTTPStatus.LENGTH_REQUIRED
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        return HTTPStatus.BAD_REQUEST
    length = int(text)
    if length > MOST_BYTES:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    try:
        body = bytes(environ["wsgi.input"].read(length)) if length else b""
    except OSError:
        return HTTPStatus.REQUEST_TIMEOUT
    return body if len(body) == length else HTTPStatus.BAD_REQUEST


def parse_fields(body: bytes, kind: str) -> dict[str, str]:
    """The fields of a form by name, the first of each; ``kind`` is the Content-Type. Anything but multipart is read as form-urlencoded."""
    match = _BOUNDARY.search(kind)
    pairs = _multipart(body, (match[1] or match[2]).encode("utf-8", "replace")) if match else _urlencoded(body)
    return dict(reversed(pairs))


def _urlencoded(body: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return []


def _multipart(body: bytes, boundary: bytes) -> list[tuple[str, str]]:
    """Each part's name and text; files are fields like any other."""
    pairs = []
    for part in (b"\r\n" + body).split(b"\n--" + boundary)[1 : MOST_FIELDS + 1]:
        if part.startswith(b"--"):
            break
        head, *rest = _BLANK.split(part.lstrip(b" \t"), maxsplit=1)
        name = _NAME.search(head)
        if name and rest:
            value = rest[0].removesuffix(b"\r").decode("utf-8", "replace")
            pairs.append((name[1].decode("utf-8", "replace"), value))
    return pairs
