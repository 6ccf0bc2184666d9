"""Every web address of an issue with its place and the words that stand for it: passages in, ``Address`` records out.

Addresses of entries, of Markdown and HTML links, and bare ones; pictures are none. It judges nothing and asks no server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import SplitResult, urlsplit

from pipeline.checks.passages import Passage
from pipeline.checks.rule import Sheet

ENTRIES = ("link", "apply", "apply_url", "url")
_LINK = re.compile(
    r"(?<!!)\[(?P<label>[^\[\]\n]{0,200})\]\((?P<url>[^()]{0,2000}(?:\([^()]{0,200}\)[^()]{0,500}){0,5})\)"
    r"|<a\s[^>]{0,300}?href=[\"']?(?P<href>[^\"'>]{0,2000})[\"']?[^>]{0,300}>(?P<inner>.{0,300}?)</a>|(?P<picture>!\[[^\]]{0,500}\]\([^)]{0,800}\))"
)
_BARE = re.compile(r"(?i)(?:https?://|(?<![\w.@/-])www\.)[!#-'*+\-./0-9:;=?@A-Z\[\]_a-z~(),|%&$]+")


@dataclass(frozen=True, kw_only=True)
class Address:
    """``url`` as written; ``label``: the text of its link, "" for a bare one; ``span`` in its passage's ``raw``. ``entry``: the key, if any."""

    url: str
    label: str
    span: tuple[int, int]
    passage: Passage
    entry: str = ""
    marked: bool = False

    @cached_property
    def parts(self) -> SplitResult:
        """The address taken apart; empty parts for one that cannot be."""
        try:
            url = self.url.strip()
            return urlsplit(url if re.match(r"(?i)[a-z][a-z0-9+.-]*:", url) else f"https://{url}")
        except ValueError:
            return SplitResult("", "", "", "", "")

    @cached_property
    def host(self) -> str:
        """Its host in small letters, "" if it has none."""
        try:
            return (self.parts.hostname or "").lower()
        except ValueError:
            return ""


_KEPT: list[tuple[tuple[Passage, ...], tuple[Address, ...]]] = []


def addresses(sheet: Sheet) -> tuple[Address, ...]:
    """All addresses of the issue, in the order of its files; the last issue's are kept, because every rule asks for them."""
    if not _KEPT or _KEPT[0][0] is not sheet.passages:
        _KEPT[:] = [(sheet.passages, tuple(address for passage in sheet.passages for address in _addresses(passage)))]
    return _KEPT[0][1]


def is_of(host: str, *domains: str) -> bool:
    """Whether a host is one of these domains or lies below one."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _addresses(passage: Passage) -> Iterator[Address]:
    raw = passage.raw
    if passage.kind == "field":
        if passage.key in ENTRIES and re.match(r"(?i)https?:|www\.|mailto:|file:|[a-z]:\\|\\\\", raw):
            yield Address(url=raw.strip(), label="", span=(0, len(raw)), passage=passage, entry=passage.key)
            return
        if passage.is_data:
            return
    if "://" not in raw and "www." not in raw and "](" not in raw and "<a" not in raw:
        return
    plain = raw
    for match in _LINK.finditer(raw):
        plain = plain[: match.start()] + " " * len(match[0]) + plain[match.end() :]
        if not match["picture"]:
            group = "url" if match["url"] is not None else "href"
            label = match["label"] if group == "url" else match["inner"]
            yield _linked(passage, match, group, label)
    for match in _BARE.finditer(plain):
        url = match[0].rstrip(".,;:!?'\"*|")
        while url.endswith((")", "]")) and url.count(url[-1]) > url.count({")": "(", "]": "["}[url[-1]]):
            url = url[:-1]
        yield Address(url=url, label="", span=(match.start(), match.start() + len(url)), passage=passage)


def _linked(passage: Passage, match: re.Match[str], group: str, label: str) -> Address:
    written = re.sub(r"[ \t]+[\"'][^\"']*[\"']$", "", match[group])
    return Address(
        url=written, label=label.strip(" 　*"), span=(match.start(group), match.start(group) + len(written)), passage=passage, marked=True
    )
