"""What a sanitised fragment needs to stand in an item of the HTML edition: its pictures, its heading levels, its tables.

Every ``<img>`` becomes the prepared picture of that source, with size and credit; one that was not prepared is left out (a finding tells).
It must never show an address of a picture that a draft wrote.
"""

from __future__ import annotations

import re

import lxml.html
from markupsafe import Markup

from pipeline.config import Masthead
from pipeline.model import Article, Issue, Picture
from pipeline.render.fragment import parse, serialise
from pipeline.render.outline import Page

CONTENT_WIDTH = 560  # CSS pixels: 640 less the padding of wide screens; Outlook's ghost table is 600 less its own
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

_NEEDS_FITTING = re.compile(r"<(?:img|h[1-6]|table)\b")


def picture_url(picture: Picture, issue: Issue, masthead: Masthead) -> str:
    """Where the picture will lie on the web: ``<image_base_url>/<slug>/<file>``."""
    return f"{masthead.web.image_base_url}/{issue.slug}/{picture.file}"


def figure(picture: Picture, page: Page, alt: str = "") -> Markup:
    """The picture at most as wide as the text, with its credit below; ``alt`` stands in where the picture has none of its own."""
    width = min(picture.width, CONTENT_WIDTH)
    height = max(1, round(picture.height * width / picture.width))
    image = Markup('<img src="{}" alt="{}" width="{}" height="{}" style="max-width:{}px">').format(
        picture_url(picture, page.issue, page.masthead), picture.alt or alt, width, height, width
    )
    if not picture.credit:
        return image
    return image + Markup("<br><small>{}</small>").format(credit_line(picture.credit))


def credit_line(credit: str) -> str:
    """``（写真：©東京都）``; a credit that already says what it is (図：編集部) keeps its own word."""
    bare = credit.strip().removeprefix("（").removesuffix("）")
    return f"（{bare}）" if "：" in bare else f"（写真：©{bare.removeprefix('©').strip()}）"


def fit(fragment: str, article: Article, page: Page, *, level: int = 4) -> str:
    """The fragment with prepared pictures; its highest heading becomes ``h<level>``, no step is skipped; tables get their class."""
    if not _NEEDS_FITTING.search(fragment):
        return fragment
    tree = parse(fragment)
    prepared = {picture.source: picture for picture in article.pictures}
    for image in list(tree.iter("img")):
        _place(image, prepared.get(image.get("src", "")), page)
    for paragraph in list(tree.iter("p")):
        if not len(paragraph) and not (paragraph.text or "").strip():
            paragraph.drop_tree()
    _shift_headings(tree, level)
    _dress_tables(tree)
    return serialise(tree)


def _place(image: lxml.html.HtmlElement, picture: Picture | None, page: Page) -> None:
    parent = image.getparent()
    if picture and parent is not None:
        placed = parse(str(figure(picture, page, image.get("alt") or "")))
        for child in placed:
            image.addprevious(child)
    image.drop_tree()


def _shift_headings(tree: lxml.html.HtmlElement, level: int) -> None:
    used = sorted({str(element.tag) for element in tree.iter(*HEADINGS)})
    names = {tag: f"h{min(level + depth, 6)}" for depth, tag in enumerate(used)}
    for element in list(tree.iter(*HEADINGS)):
        element.tag = names[str(element.tag)]


def _dress_tables(tree: lxml.html.HtmlElement) -> None:
    """A draft's table gets the look of data; ``align``, which HTML no longer knows, becomes a style; the shortest cells keep to one line."""
    for table in tree.iter("table"):
        table.set("class", "data")
        for head in table.iter("th"):
            if not head.get("scope"):
                head.set("scope", "row" if head.getnext() is not None and head.getnext().tag == "td" else "col")
    for cell in tree.iter("td", "th"):
        align = cell.attrib.pop("align", "")
        styles = [f"text-align:{align}"] if align in ("left", "right", "center") else []
        if len(cell.text_content().strip()) <= 4:  # 京都市: four characters are 60 px, and three such columns fit on a phone
            styles.append("white-space:nowrap")
        if styles:
            cell.set("style", ";".join(styles))
