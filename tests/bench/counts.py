"""What a finished mail holds, counted on the HTML as a reader gets it: visible characters, links, pictures, cards, events.

It must never ask the generator: a count of what was meant to be there proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import lxml.etree
import lxml.html

HIDDEN = ("style", "script", "title", "head")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """``characters`` without white space; ``text_bytes`` is the same visible text, single spaces kept, in UTF-8; links leave the page."""

    characters: int
    text_bytes: int
    links: int
    pictures: int
    html_bytes: int


def visible_text(html: str) -> str:
    """All text between tags that a reader sees, runs of white space as one space."""
    page = lxml.html.document_fromstring(html)
    lxml.etree.strip_elements(page, *HIDDEN, lxml.etree.Comment, with_tail=False)
    return " ".join("".join(str(text) for text in page.itertext()).split())


def links_of(html: str) -> tuple[str, ...]:
    """The addresses of all links that lead out of the page, in order."""
    found = (str(link.get("href", "#")) for link in lxml.html.document_fromstring(html).iter("a"))
    return tuple(url for url in found if not url.startswith("#"))


def count(html: str) -> Counts:
    """Count a page."""
    text = visible_text(html)
    return Counts(
        characters=len("".join(text.split())),
        text_bytes=len(text.encode()),
        links=len(links_of(html)),
        pictures=sum(1 for _ in lxml.html.document_fromstring(html).iter("img")),
        html_bytes=len(html.encode()),
    )
