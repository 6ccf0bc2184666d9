"""A page with a style sheet in; the same page with the rules written into its elements out. The only file that knows premailer.

Everything that premailer does wrong (performance-facts in docs/design-notes.md) is held off here: no network, no ``base_url``, no kept
sheets, no attributes made from styles. It must never let a rule through that was not inlined: then a client would see another mail than we do.
"""

from __future__ import annotations

import logging
import os
import re

os.environ.setdefault("PREMAILER_CACHE_MAXSIZE", "100000")  # read once, at import; the default of 128 parses the sheet again for every page

from lxml import etree
from premailer import Premailer

from pipeline.errors import TemplateError

_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")


def inline(html: str, kept: tuple[str, ...]) -> str:
    """The page with its ``<style>`` inlined. ``kept`` are the sheets that stay, in order, byte for byte; ``TemplateError`` if any other is left."""
    root = etree.fromstring(html, etree.HTMLParser())
    Premailer(
        root,
        allow_network=False,
        align_floating_images=False,
        cssutils_logging_level=logging.CRITICAL,
        disable_basic_attributes=["height", "width", "bgcolor", "align", "valign"],
        disable_validation=True,
        strip_important=False,
    ).transform()
    left = tuple(style.text or "" for style in root.iter("style"))
    if left != kept:
        raise TemplateError(
            "style.css に、要素へ書き込めない規則があります。:hover や @media などは head.css に移し、style.css は要素名とクラス名だけで書いてください。"
            f"残った規則：{_shown(left, kept)}"
        )
    _slim(root, frozenset(name for sheet in kept for name in _CLASS.findall(sheet)))
    return "<!DOCTYPE html>\n" + etree.tostring(root, method="html", encoding="unicode")


def _shown(left: tuple[str, ...], kept: tuple[str, ...]) -> str:
    rest = [sheet for sheet in left if sheet not in kept]
    return " ".join(" ".join(rest).split())[:200] or "（head.css と一致しません）"


def _slim(root: etree._Element, wanted: frozenset[str]) -> None:
    """Drop the classes that no kept sheet speaks of, and the spaces between declarations: bytes that no client needs."""
    for element in root.iter(etree.Element):
        style = element.get("style")
        if style:
            element.set("style", re.sub(r"\s*([;:,])\s*", r"\1", style.strip().rstrip(";")))
        names = element.get("class")
        if names is not None:
            keep = " ".join(name for name in names.split() if name in wanted)
            if keep:
                element.set("class", keep)
            else:
                del element.attrib["class"]
