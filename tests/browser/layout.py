"""What a reader's screen shows, measured: a page open in Chromium in, what is wrong with it out, one line each.

Sizes are CSS pixels. Every function returns complaints, none for a page that is right; they never change the page.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import lxml.html
from playwright.sync_api import Page

WIDTHS = (320, 375, 640, 1280)
LINK_HEIGHT, BUTTON_HEIGHT = 24, 44  # WCAG 2.5.8, and what a thumb needs
BODY_SIZE, SMALL_SIZE, FOOTER_SIZE = 16, 14, 12
LINE_HEIGHT = 1.6
STYLE_BYTES = 12 * 1024

_OVERFLOW = """() => {
  const room = document.documentElement.clientWidth
  const wide = [...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > room + 0.5)
  const over = document.documentElement.scrollWidth - room
  return { over, wide: wide.slice(-3).map(e => `${e.localName} ${(e.textContent || '').slice(0, 20)}`) }
}"""

# One entry a text that a reader should see: how large, how wide, where. A range has the boxes of the letters themselves.
_TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const found = []
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.data.trim()) continue
    const element = node.parentElement, style = getComputedStyle(element)
    const range = document.createRange()
    range.selectNodeContents(node)
    const box = range.getBoundingClientRect()
    let opacity = 1
    for (let e = element; e; e = e.parentElement) opacity *= getComputedStyle(e).opacity
    found.push({
      text: node.data.trim().slice(0, 30), size: parseFloat(style.fontSize), opacity,
      width: box.width, height: box.height, right: box.right, bottom: box.bottom + scrollY,
      seen: style.visibility === 'visible' && style.color !== 'rgba(0, 0, 0, 0)',
      foot: !!element.closest('#footer'),
      plain: !!element.closest('.main p:not([class]), .main li:not([class]), .main dd') && !element.closest('.data, small'),
    })
  }
  return found
}"""

# A link in a sentence (its block has other text beside it on the line) is excepted by WCAG 2.5.8.
_LINKS = """() => [...document.querySelectorAll('a[href]')].map(link => {
  const block = link.closest('p, li, td, th, dd, h1, h2, h3, h4')
  const lines = block.innerText.split('\\n').filter(line => line.includes(link.innerText.trim().split('\\n')[0]))
  const style = getComputedStyle(link), cell = getComputedStyle(link.parentElement)
  return {
    text: link.innerText.trim().slice(0, 30), height: Math.min(...[...link.getClientRects()].map(box => box.height)),
    sentence: lines.length > 0 && lines.every(line => line.trim().length > link.innerText.trim().length),
    button: style.display === 'block', border: parseFloat(cell.borderTopWidth), underline: style.textDecorationLine === 'underline',
  }
})"""


def overflows(tab: Page, width: int) -> list[str]:
    """Whether the page is wider than a screen of ``width``."""
    tab.set_viewport_size({"width": width, "height": 900})
    found = tab.evaluate(_OVERFLOW)
    return [f"{width}px: {found['over']}px too wide, by {found['wide']}"] if found["over"] > 0 or found["wide"] else []


def unseen(tab: Page) -> list[str]:
    """Texts that no reader sees: without a box, beside the page, transparent, or too small to be meant."""
    return [
        f"unseen: {text['text']}"
        for text in tab.evaluate(_TEXTS)
        if not text["seen"]
        or text["opacity"] < 0.5
        or text["size"] < FOOTER_SIZE
        or min(text["width"], text["height"], text["right"], text["bottom"]) <= 1
    ] + [f"hidden: {name}" for name in tab.evaluate(_NOT_SHOWN)]


_NOT_SHOWN = """() => [...document.body.querySelectorAll('*')].filter(e =>
  getComputedStyle(e).display === 'none' || e.hidden || e.ariaHidden === 'true' || /mso-hide|max-height:\\s*0/.test(e.getAttribute('style'))
).map(e => `${e.localName} ${e.textContent.slice(0, 20)}`)"""


def small_texts(tab: Page) -> list[str]:
    """Texts below 16 px in running text, 12 px in the footer, 14 px elsewhere (tables, ``small``). The page is one whose classes are all there: the source."""
    return [
        f"{text['size']}px: {text['text']}"
        for text in tab.evaluate(_TEXTS)
        if text["size"] < (FOOTER_SIZE if text["foot"] else BODY_SIZE if text["plain"] else SMALL_SIZE)
    ]


def poor_targets(tab: Page) -> list[str]:
    """Links too low to be hit, and buttons that would not look like one without their background."""
    found = []
    for link in tab.evaluate(_LINKS):
        least = BUTTON_HEIGHT if link["button"] else 0 if link["sentence"] else LINK_HEIGHT
        if link["height"] < least:
            found.append(f"{link['height']}px high: {link['text']}")
        if link["button"] and not (link["border"] and link["underline"]):
            found.append(f"no border or no underline: {link['text']}")
    return found


def _tree(page: str) -> Any:
    """The page read; lxml's stubs know less of it than lxml does."""
    return lxml.html.document_fromstring(page)


def unset_lines(page: str) -> list[str]:
    """Elements of text without a line height of their own; Thunderbird inherits none into tables."""
    found = []
    for element in _tree(page).body.iter("p", "li", "td", "th", "dt", "dd"):
        match = re.search(r"(?:^|;)\s*line-height:\s*([\d.]+)\s*(?:;|$)", element.get("style", ""))
        if not match or float(match[1]) < LINE_HEIGHT:
            found.append(f"{element.tag}: {element.text_content()[:20]}")
    return found


def broken_outline(page: str) -> list[str]:
    """Headings that are skipped or not one h1; links into the page that lead nowhere; names given twice."""
    tree = _tree(page)
    levels = [int(element.tag[1]) for element in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    names = [element.get("id") for element in tree.iter() if element.get("id")]
    targets = [link.get("href")[1:] for link in tree.iter("a") if (link.get("href") or "").startswith("#")]
    return [
        *([f"h1 stands {levels.count(1)} times, first is h{levels[0]}"] if levels.count(1) != 1 or levels[0] != 1 else []),
        *(f"h{one} is followed by h{other}" for one, other in pairwise(levels) if other > one + 1),
        *(f"#{target} leads nowhere" for target in targets if target not in names),
        *(f"#{name} stands twice" for name in dict.fromkeys(names) if names.count(name) > 1),
        *([] if targets else ["no link leads into the page"]),
    ]


def poor_pictures(page: str) -> list[str]:
    """Pictures without a text, a width or a height in numbers."""
    return [
        f"{image.get('src')}: alt={image.get('alt')!r} {image.get('width')}×{image.get('height')}"
        for image in _tree(page).iter("img")
        if not (image.get("alt") or "").strip() or not all((image.get(name) or "").isdecimal() for name in ("width", "height"))
    ]


def unclear_tables(page: str) -> list[str]:
    """Layout tables that screen readers would take for data, and data tables without headings."""
    found = []
    for table in _tree(page).iter("table"):
        heads = [cell for cell in table.iter("th") if next(cell.iterancestors("table")) is table]
        if (table.get("role") == "presentation") == bool(heads) or any(not cell.get("scope") for cell in heads):
            found.append(f"table role={table.get('role')} with {len(heads)} th: {table.text_content()[:20]}")
    return found


def poor_head(page: str, subject: str) -> list[str]:
    """What the head says: language, title, and one small sheet that Gmail keeps."""
    tree = _tree(page)
    sheets = [element.text or "" for element in tree.iter("style")]
    return [
        *([f"lang={tree.get('lang')}"] if tree.get("lang") != "ja" else []),
        *([f"title: {tree.findtext('.//title')}"] if tree.findtext(".//title") != subject else []),
        *([f"{size} bytes of style"] if (size := sum(len(sheet.encode()) for sheet in sheets)) >= STYLE_BYTES else []),
        *(["a nested @ rule"] if any(map(nests, sheets)) else []),
        *(["a style in the body"] if tree.xpath("//body//style") else []),
    ]


def nests(sheet: str) -> bool:
    """Whether an @ rule stands inside another block; Gmail drops the whole sheet then."""
    depth = 0
    for mark in re.findall(r"[{}@]", re.sub(r"/\*.*?\*/|\"[^\"]*\"|'[^']*'", "", sheet, flags=re.DOTALL)):
        if mark == "@" and depth:
            return True
        depth += {"{": 1, "}": -1}.get(mark, 0)
    return False
