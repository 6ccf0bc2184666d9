"""What mail clients support, by caniemail's data: a page in, the pairs of feature and client that the data says no to out.

Looked at is what the page says in its elements: that is what must hold everywhere. The ``<style>`` that stays only ever adds to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from lxml import etree

from tests import tools

CLIENTS = (
    *(("gmail", platform) for platform in ("desktop-webmail", "ios", "android", "mobile-webmail")),
    *(("outlook", platform) for platform in ("windows", "macos", "outlook-com", "ios", "android")),
    *(("apple-mail", platform) for platform in ("macos", "ios")),
    *(("yahoo", platform) for platform in ("desktop-webmail", "ios", "android")),
    ("thunderbird", "macos"),
)


def unsupported(page: str) -> set[tuple[str, str]]:
    """(feature, client) for everything in the page's elements that the newest version tested of a client does not know."""
    used = set(features(page))
    return {(slug, "/".join(client)) for slug in used & _data().keys() for client in CLIENTS if _answer(_data()[slug], client) == "n"}


def unknown(page: str) -> set[str]:
    """CSS properties in the page's elements that the data has no word on."""
    return {slug for slug in features(page) if slug.startswith("css-") and slug not in _data()}


def features(page: str) -> Iterator[str]:
    """The names that caniemail gives to the properties, elements and attributes of the page."""
    for element in etree.fromstring(page, etree.HTMLParser()).iter(etree.Element):
        yield f"html-{element.tag}"
        yield from ("html-" + str(name) for name, _ in element.items())
        for declaration in str(element.get("style", "")).split(";"):
            name, _, value = (part.strip().lower() for part in declaration.partition(":"))
            if name and not name.startswith("mso-"):
                yield f"css-{name}"
                yield from (f"css-unit-{unit}" for unit in re.findall(r"\d(vh|vw|rem|ch|ex|vmin|vmax|em)\b", value))
                yield from (f"css-function-{function}" for function in re.findall(r"\b(calc|min|max|clamp|var)\(", value))
                if name == "display":
                    yield f"css-display-{value.split()[0]}"


def _answer(stats: dict[str, Any], client: tuple[str, str]) -> str:
    """y, a (partly), n or u (unknown) of the newest version tested."""
    versions = stats.get(client[0], {}).get(client[1], {})
    return str(list(versions.values())[-1])[0] if versions else "u"


@cache
def _data() -> dict[str, dict[str, Any]]:
    return {entry["slug"]: entry["stats"] for entry in json.loads(tools.CANIEMAIL.read_text("utf-8"))["data"]}
