"""The oracle of inlining: two pages open in Chromium in, every element whose computed style is not the same in both out.

Every property that Chromium computes is compared, as it is used for layout; the ``<style>`` elements themselves, of which inlining takes
one away, are left out. It must never pass pages that hold other elements, or hold them in another order.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Page

Scheme = Literal["dark", "light"]
WIDTHS = (375, 1280)
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

# Values repeat from element to element: each is sent once, and a row holds their numbers.
_READ = """() => {
  const properties = [...getComputedStyle(document.documentElement)]
  const numbers = new Map()
  const number = value => numbers.get(value) ?? numbers.set(value, numbers.size).get(value)
  const elements = [...document.querySelectorAll('*:not(style)')]
  const rows = elements.map(element => {
    const style = getComputedStyle(element)
    return properties.map(property => number(style.getPropertyValue(property)))
  })
  const names = elements.map(element => [element.localName, elements.indexOf(element.parentElement)])
  return JSON.stringify({ properties, names, rows, values: [...numbers.keys()] })
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Styles:
    """The computed styles of a page, elements in document order; ``names`` are (tag, index of the parent or -1)."""

    properties: tuple[str, ...]
    names: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, ...], ...]


def read_styles(tab: Page) -> Styles:
    """The computed style of every element of the page that is open."""
    read = json.loads(tab.evaluate(_READ))
    values = read["values"]
    return Styles(
        properties=tuple(read["properties"]),
        names=tuple((tag, parent) for tag, parent in read["names"]),
        rows=tuple(tuple(values[number] for number in row) for row in read["rows"]),
    )


def read_settings(tab: Page, page: str) -> dict[tuple[int, Scheme], Styles]:
    """The page's styles at both widths, light and dark."""
    tab.set_content(page)
    found = {}
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            tab.emulate_media(color_scheme=scheme)
            found[width, scheme] = read_styles(tab)
    return found


def differences(source: Styles, exported: Styles) -> tuple[str, ...]:
    """``html > body > p[12] color: rgb(0, 0, 0) → rgb(1, 1, 1)`` for every value that changed; other elements are one line."""
    if source.names != exported.names:
        return (_other_elements(source, exported),)
    return tuple(
        f"{_path(source, index)} {name}: {before} → {after}"
        for index, rows in enumerate(zip(source.rows, exported.rows, strict=True))
        if rows[0] != rows[1]
        for name, before, after in zip(source.properties, *rows, strict=True)
        if before != after
    )


def _other_elements(source: Styles, exported: Styles) -> str:
    pairs = enumerate(zip(source.names, exported.names, strict=False))
    first = next((index for index, (one, other) in pairs if one != other), min(len(source.names), len(exported.names)))
    return f"{len(source.names)} → {len(exported.names)} elements, other ones from number {first} on, after {_path(source, first - 1)}"


def _path(styles: Styles, index: int) -> str:
    """Where an element stands: its ancestors' tags, its own tag and its number in the page."""
    tags = []
    parent = styles.names[index][1]
    while parent >= 0:
        tag, parent = styles.names[parent]
        tags.append(tag)
    return " > ".join([*reversed(tags), f"{styles.names[index][0]}[{index}]"])
