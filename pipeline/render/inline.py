"""A page with a style sheet in; the same page with the rules written into its elements out. The only file that knows premailer.

Everything that premailer does wrong (performance-facts in docs/design-notes.md) is held off here: no network, no ``base_url``, no kept
sheets, no attributes made from styles. It must never let a rule through that was not inlined: then a client would see another mail than we do.
Its time grows with rules times elements, so it is shown a sketch: one element for all that share ancestors, tag, class and style, which no
plain selector can tell apart, and only the rules that speak of one.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from types import ModuleType

os.environ.setdefault("PREMAILER_CACHE_MAXSIZE", "100000")  # read once, at import; the default of 128 parses the sheet again for every page
# premailer imports requests for a network that it never gets here: more than half of its own import time.
_stand_in = "requests" not in sys.modules and sys.modules.setdefault("requests", ModuleType("requests"))

from lxml import etree  # noqa: E402  # after the stand-in
from premailer import Premailer  # noqa: E402

from pipeline.errors import TemplateError  # noqa: E402

if _stand_in:
    del sys.modules["requests"]

_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"\s*([^{}]+)(\{[^{}]*\})\s*")
_PLAIN = re.compile(r"\.?[A-Za-z][\w-]*(?: \.?[A-Za-z][\w-]*)*")
_SPACES = re.compile(r"\s*([;:,])\s*")

Rules = tuple[list[tuple[tuple[int, ...], str, str]], list[object]]
Pair = tuple[etree._Element, etree._Element]  # noqa: SLF001  # lxml has no public name for it


_known: dict[tuple[str, int], Rules] = {}


class _Inliner(Premailer):  # type: ignore[misc]  # premailer ships no types
    """Premailer that remembers a sheet's rules: it remembers the parsed sheet, but writes every value of it anew for each page."""

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> Rules:
        key = (css_body, ruleset_index)
        if key not in _known:
            _known[key] = super()._parse_style_rules(css_body, ruleset_index)
        rules, leftover = _known[key]
        return list(rules), list(leftover)


def inline(html: str, kept: tuple[str, ...]) -> str:
    """The page with its ``<style>`` inlined. ``kept`` are the sheets that stay, in order, byte for byte; ``TemplateError`` if any other is left."""
    root = etree.fromstring(html, etree.HTMLParser())
    pairs = _sketch(root)
    sketch = pairs[0][1]
    for style in sketch.iter("style"):
        if not style.get("data-premailer"):
            style.text = _spoken_of(style.text or "", sketch)
    _Inliner(
        sketch,
        allow_network=False,
        align_floating_images=False,
        cssutils_logging_level=logging.CRITICAL,
        disable_basic_attributes=["height", "width", "bgcolor", "align", "valign"],
        disable_validation=True,
        strip_important=False,
    ).transform()
    left = tuple(style.text or "" for style in sketch.iter("style"))
    if left != kept:
        raise _left_over(" ".join(sheet for sheet in left if sheet not in kept) or "（head.css と一致しません）")
    _dress(pairs, frozenset(name for sheet in kept for name in _CLASS.findall(sheet)))
    return "<!DOCTYPE html>\n" + etree.tostring(root, method="html", encoding="unicode")


def _sketch(root: etree._Element) -> list[Pair]:
    """Every element of the page beside the one that stands for it in the sketch."""
    top = etree.Element(root.tag)
    twins, kinds, pairs = {root: top}, {}, [(root, top)]
    for element in root.iterdescendants(etree.Element):
        above = twins[element.getparent()]  # type: ignore[index]  # only the root has no parent
        kind = (above, element.tag, element.get("class"), element.get("style"), element if element.tag == "style" else None)
        if kind not in kinds:
            told = {str(name): str(value) for name, value in element.items() if name in ("class", "style", "data-premailer")}
            kinds[kind] = etree.SubElement(above, element.tag, told)
            kinds[kind].text = element.text if element.tag == "style" else None
        twins[element] = kinds[kind]
        pairs.append((element, kinds[kind]))
    return pairs


def _spoken_of(sheet: str, sketch: etree._Element) -> str:
    """The rules that speak of something on the page; ``TemplateError`` for any that is not made of tags and classes alone."""
    plain = _COMMENT.sub("", sheet)
    names = {str(element.tag) for element in sketch.iter()}
    names |= {f".{name}" for element in sketch.iter() for name in element.get("class", "").split()}
    rules = []
    for selectors, block in _RULE.findall(plain):
        every = [selector.strip() for selector in selectors.split(",")]
        if not all(map(_PLAIN.fullmatch, every)):
            raise _left_over(selectors + block)
        wanted = [selector for selector in every if names.issuperset(selector.split())]
        rules += [",".join(wanted) + block] if wanted else []
    if rest := _RULE.sub("", plain).strip():
        raise _left_over(rest)
    return "\n".join(rules)


def _left_over(rules: str) -> TemplateError:
    return TemplateError(
        "style.css に、要素へ書き込めない規則があります。:hover や @media などは head.css に移し、style.css は要素名とクラス名だけで書いてください。"
        f"残った規則：{' '.join(rules.split())[:200]}"
    )


def _dress(pairs: list[Pair], wanted: frozenset[str]) -> None:
    """Give every element its twin's look, without the classes that no kept sheet speaks of and spaces that no client needs."""
    looks = {twin: _look(twin, wanted) for twin in {twin for _, twin in pairs}}
    for element, twin in pairs:
        for name, value in looks[twin]:
            if value:
                element.set(name, value)
            else:
                element.attrib.pop(name, "")
    for style in list(pairs[0][0].iter("style")):
        if not style.attrib.pop("data-premailer", ""):
            style.getparent().remove(style)  # type: ignore[union-attr]  # only the root has no parent


def _look(twin: etree._Element, wanted: frozenset[str]) -> tuple[tuple[str, str], ...]:
    style = _SPACES.sub(r"\1", twin.get("style", "").strip().rstrip(";"))
    return ("style", style), ("class", " ".join(name for name in twin.get("class", "").split() if name in wanted))
