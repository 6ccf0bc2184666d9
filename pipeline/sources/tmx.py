"""Translation memories as TMX 1.4, which OmegaT and the other tools of translators read: pairs in, bytes out, and back.

A file from elsewhere is hostile: no entity is resolved, nothing is fetched, and its size is capped. What is written knows no clock and no machine.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from pipeline import __version__
from pipeline.errors import WorkspaceError
from pipeline.files import write_file
from pipeline.sources.textfile import clean_text

MAX_BYTES = 20_000_000
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CODE = {"bpt", "ept", "it", "ph", "ut"}  # the formatting of another tool, no words
_UNFIT = dict.fromkeys((0xFFFE, 0xFFFF, *range(0xD800, 0xE000)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A text and its Japanese; ``language`` is the source's (en), ``origin`` the case it stands in, "" for what was imported without one."""

    source: str
    target: str
    language: str = "en"
    origin: str = ""


def pair_of(source: str, target: str, *, language: str = "en", origin: str = "") -> Pair:
    """A pair of texts as XML can hold them: NFC, no control characters, no space around."""
    return Pair(source=_text(source), target=_text(target), language=_text(language).lower() or "en", origin=_text(origin))


def _text(text: str) -> str:
    return unicodedata.normalize("NFC", clean_text(text).translate(_UNFIT)).strip()


def compose_tmx(pairs: Iterable[Pair]) -> bytes:
    """A TMX 1.4 file, sorted, each pair once: the same pairs give the same bytes."""
    root = etree.Element("tmx", version="1.4")
    header = {
        "creationtool": "enews",
        "creationtoolversion": __version__,
        "segtype": "paragraph",
        "o-tmf": "enews",
        "adminlang": "ja",
        "srclang": "*all*",
        "datatype": "plaintext",
    }
    etree.SubElement(root, "header", header)
    body = etree.SubElement(root, "body")
    for pair in sorted(set(pairs), key=lambda pair: (pair.origin, pair.language, pair.source, pair.target)):
        unit = etree.SubElement(body, "tu", srclang=pair.language)
        if pair.origin:
            etree.SubElement(unit, "prop", type="x-enews-origin").text = pair.origin
        for language, text in ((pair.language, pair.source), ("ja", pair.target)):
            variant = etree.SubElement(unit, "tuv", {_LANG: language})
            etree.SubElement(variant, "seg").text = text
    etree.indent(root, " ")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, doctype='<!DOCTYPE tmx SYSTEM "tmx14.dtd">') + b"\n"


def parse_tmx(data: bytes, *, name: str) -> tuple[tuple[Pair, ...], int]:
    """(pairs into Japanese, units left out because a language or a text is missing). ``WorkspaceError`` for what is no harmless TMX."""
    if len(data) > MAX_BYTES:
        raise WorkspaceError(f"{name} は {len(data):,} バイトあり、大きすぎます（上限 {MAX_BYTES:,}）。分けて書き出してください。")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root: Any = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise WorkspaceError(f"{name} をTMXとして読めません（{error}）。翻訳ソフトからTMX 1.4で書き出し直してください。") from None
    subset = root.getroottree().docinfo.internalDTD
    if (subset is not None and any(True for _ in subset.iterentities())) or any(True for _ in root.iter(etree.Entity)):
        raise WorkspaceError(
            f"{name} には実体の宣言（ENTITY）があり、安全のため読みません。翻訳ソフトからTMX 1.4で書き出し直してください。"
        )
    if etree.QName(root).localname != "tmx":
        raise WorkspaceError(f"{name} はTMXではありません（最初の要素が {root.tag}）。翻訳ソフトからTMX 1.4で書き出してください。")
    units = list(root.iter("{*}tu"))
    pairs = [pair for unit in units for pair in _pairs(unit)]
    return tuple(dict.fromkeys(pairs)), sum(1 for unit in units if not any(True for _ in _pairs(unit)))


def _pairs(unit: Any) -> Iterator[Pair]:
    """Every other language of a unit beside its Japanese."""
    texts = [(variant.get(_LANG) or variant.get("lang") or "", _segment(variant)) for variant in unit.iterchildren("{*}tuv")]
    target = next((text for language, text in texts if language.lower().partition("-")[0] == "ja"), "")
    origin = next((prop.text or "" for prop in unit.iterchildren("{*}prop") if prop.get("type") == "x-enews-origin"), "")
    for language, text in texts:
        if language and language.lower().partition("-")[0] != "ja":
            pair = pair_of(text, target, language=language, origin=origin)
            if pair.source and pair.target:
                yield pair


def _segment(variant: Any) -> str:
    segment = variant.find("{*}seg")
    return "" if segment is None else "".join(_words(segment))


def _words(element: Any) -> Iterator[str]:
    """The words of a segment without another tool's formatting codes."""
    yield element.text or ""
    for child in element:
        if etree.QName(child).localname not in _CODE:
            yield from _words(child)
        yield child.tail or ""


def read_tmx(path: Path, *, name: str) -> tuple[tuple[Pair, ...], int]:
    """``parse_tmx`` of a file; ``WorkspaceError`` if it cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise WorkspaceError(f"{name} は大きすぎます（上限 {MAX_BYTES:,} バイト）。分けて書き出してください。")
        data = path.read_bytes()
    except OSError as error:
        raise WorkspaceError(f"{name} を開けません（{error.strerror}）。名前と場所を確かめてください。") from None
    return parse_tmx(data, name=name)


def write_tmx(path: Path, pairs: Iterable[Pair]) -> bool:
    """Write a TMX file whole; False if it held these very bytes. Another kind of file is not written over: ``WorkspaceError``."""
    if path.suffix.lower() != ".tmx":
        raise WorkspaceError(f"「{path.name}」には書き出しません。.tmx で終わる名前を指定してください（例 memory.tmx）。")
    return write_file(path, compose_tmx(pairs))
