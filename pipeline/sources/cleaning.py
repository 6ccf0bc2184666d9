"""A post's HTML in, clean Markdown out, with the addresses of its pictures beside it; the only file that imports html-to-markdown.

The steps: embedded frames become links, ``pipeline.sanitise`` keeps what prose needs, then pictures, share buttons, smileys, "appeared first
on" and "[…]" go, tables without a head are flattened, and what is left becomes Markdown in which the text itself means nothing special.
It must never take over a picture (its rights are not ours), and never lose a link that a reader could follow.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import quote, urljoin, urlsplit

import html_to_markdown
import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from pipeline.sanitise import clean

_TRACKING = re.compile(
    r"(?i)(?:utm_\w+|wt\.mc_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|_hs\w+|yclid|igshid|ref_src|at_medium|at_campaign)(?:=.*)?|source=rss.*"
)
_FRAME = re.compile(r"<iframe\b[^>]*?\bsrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_TRACKER = re.compile(
    r"(?i)//[^/]*(?:pixel|doubleclick|feedburner|feedsportal|stats\.wordpress|analytics|mf\.gif)|/(?:pixel|beacon|track(?:ing)?|open)[./?]"
)
_SMILEY = re.compile(r"(?i)/(?:emoji|smil(?:ey|ie)s?)/|icon_\w+\.gif")
_SHARE = re.compile(
    r"(?i)[?&]share=\w+|//(?:www\.)?(?:facebook\.com/(?:sharer|share\.php|dialog)|(?:twitter|x)\.com/(?:intent|share)|linkedin\.com/sharearticle"
    r"|reddit\.com/submit|pinterest\.\w+/pin/create|tumblr\.com/share|addtoany\.com|api\.addthis|(?:t|telegram)\.me/share|wa\.me/\?|digg\.com/submit"
    r"|(?:api|web)\.whatsapp\.com/send|b\.hatena\.ne\.jp/(?:add|entry)|social-plugins\.line\.me)|//feeds\.[^/]+/~(?:ff|r/[^/]+)/|^mailto:\?"
)
_SHARE_WORDS = re.compile(
    r"(?i)(?:share (?:this|on)\b.{0,30}|like this|teilen(?: mit)?|partager|compart(?:ir|e|ilhar).{0,20}|loading|シェア(?:する)?)\s*[:：…. ]*"
)
_FIRST = (
    *("appeared first on", "first appeared on", "erschien zuerst auf", "apparu en premier sur", "dök först upp på"),
    *("se publico primero en", "se publicó primero en", "aparecio primero en", "apareció primero en", "apareceu primeiro em"),
    "に最初に表示されました",
)
_ELLIPSIS = re.compile(r"\s*(?:\[\s*(?:…|\.\.\.|&hellip;)\s*\]|\(…\))\s*$")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = (*("p", "div", "blockquote", "figure", "figcaption", "table", "tr", "ul", "ol", "li", "dl", "dt", "dd"), *_HEADINGS)
_PLAIN_ADDRESS = re.compile(r"https?://[\w.:-]+(?:/[\w/%:@!$&'*+,=~.-]*)?(?:\?[\w/%:@!$&'*+,=~.?-]+)?(?:#[\w/%:@!$&'*+,=~.?-]+)?", re.ASCII)
_GONE = "gone"  # taken out in one go: one by one, the text behind each is copied to the text before it, which takes for ever
_PARSER = lxml.html.HTMLParser(encoding="utf-8")
# Whatever is left to its name ("atx") is looked up anew for every text, which took longer than turning it into Markdown.
_OPTIONS = html_to_markdown.ConversionOptions(
    heading_style=html_to_markdown.HeadingStyle.ATX,
    list_indent_type=html_to_markdown.ListIndentType.SPACES,
    highlight_style=html_to_markdown.HighlightStyle.DOUBLE_EQUAL,
    whitespace_mode=html_to_markdown.WhitespaceMode.NORMALIZED,
    newline_style=html_to_markdown.NewlineStyle.SPACES,
    code_block_style=html_to_markdown.CodeBlockStyle.INDENTED,
    inline_data_media=html_to_markdown.InlineDataMedia.KEEP,
    hidden_content=html_to_markdown.HiddenContent.DROP,
    url_escape_style=html_to_markdown.UrlEscapeStyle.ANGLE,
    link_style=html_to_markdown.LinkStyle.INLINE,
    output_format=html_to_markdown.OutputFormat.MARKDOWN,
    tier_strategy=html_to_markdown.TierStrategy.AUTO,
    autolinks=False,
    extract_metadata=False,
    bullets="-",
    list_indent_width=4,
    skip_images=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """A post ready to read. ``pictures`` are (address, description) pairs; ``digest`` is 16 hex of what a reader sees, title included."""

    markdown: str
    pictures: tuple[tuple[str, str], ...]
    excerpt: bool
    digest: str
    links: int


def clean_entry(html: str, *, base: str, title: str = "") -> Cleaned:
    """Clean one post; relative addresses are resolved against ``base``. Never raises, whatever comes in."""
    safe = _PRIVATE.sub("", clean(_FRAME.sub(_frame_link, html)))
    root = lxml.html.fragment_fromstring(safe.encode(), create_parent="div", parser=_PARSER)
    _absolute(root, base)
    pictures = _take_pictures(root)
    _drop_sharing(root)
    excerpt = _drop_endings(root)
    _flatten_tables(root)
    _drop_empty(root)
    links = [element.get("href", "") for element in root.iter("a")]
    seen = "\n".join((title, " ".join(root.text_content().split()), *links))
    digest = hashlib.sha256(seen.encode()).hexdigest()[:16]
    return Cleaned(markdown=_markdown(root), pictures=pictures, excerpt=excerpt, digest=digest, links=len(links))


def without_tracking(url: str) -> str:
    """The address without the parameters that only count visitors; the rest stays letter by letter."""
    head, mark, query = url.strip().partition("?")
    query, hash_mark, fragment = query.partition("#")
    kept = "&".join(part for part in query.split("&") if not _TRACKING.fullmatch(part))
    return head + (mark + kept if kept else "") + hash_mark + fragment


def _frame_link(match: re.Match[str]) -> str:
    address = unescape(match[1] or match[2] or match[3] or "")
    host = re.match(r"\s*(?:https?:)?//([^/\s]+)", address)
    return f'<p><a href="{escape(address)}">（埋め込み：{escape(host[1])}）</a></p>{match[0]}' if host else match[0]


def _absolute(root: HtmlElement, base: str) -> None:
    """Links that can be followed from a mail; the others become plain text."""
    for link in list(root.iter("a")):
        written = without_tracking(link.get("href", ""))
        address = _joined(base, written) if written and not written.startswith("#") else ""
        if re.match(r"https?://[^\s/]|mailto:[^\s]|tel:", address):
            link.set("href", address if _PLAIN_ADDRESS.fullmatch(address) else quote(address, safe="/%:@!$&'*+,;=~?#[]._-"))
            link.attrib.pop("title", None)
        else:
            link.tag = _GONE
    lxml.etree.strip_tags(root, _GONE)
    for picture in root.iter("img"):
        picture.set("src", _joined(base, picture.get("src", "")))


def _joined(base: str, address: str) -> str:
    try:
        return address if _PLAIN_ADDRESS.fullmatch(address) else urljoin(base, address)
    except ValueError:
        return ""


def _take_pictures(root: HtmlElement) -> tuple[tuple[str, str], ...]:
    """Remove every picture; the addresses of real ones, each once, with what the post says of them."""
    found: dict[str, str] = {}
    captions: dict[HtmlElement, tuple[HtmlElement, str] | None] = {}
    links: dict[HtmlElement, str] = {}
    for picture in root.iter("img"):
        address, words = picture.get("src", ""), " ".join(picture.get("alt", "").split())
        figure = next(picture.iterancestors("figure"), None)
        if figure is not None and figure not in captions:
            captions[figure] = _caption(figure)
        if address.startswith("http") and not _TRACKER.search(address) and not _SMILEY.search(address):
            caption = captions[figure] if figure is not None else None
            found.setdefault(address, words if caption is None else caption[1])
        for link in picture.iterancestors("a"):
            links.setdefault(link, words)
    lxml.etree.strip_elements(root, "img", with_tail=False)
    for caption in captions.values():
        if caption is not None and caption[0].getparent() is not None:
            caption[0].drop_tree()
    for link, words in links.items():
        if not link.text_content().strip():
            _name_or_drop(link, words)
    return tuple(found.items())


def _caption(figure: HtmlElement) -> tuple[HtmlElement, str] | None:
    """The caption, what it says, and where it leads: whoever asks for permission asks there."""
    caption = next(figure.iter("figcaption"), None)
    if caption is None:
        return None
    links = dict.fromkeys(link.get("href", "") for link in caption.iter("a"))
    return caption, " ".join((*caption.text_content().split(), *(f"（{address}）" for address in links if address)))


def _name_or_drop(link: HtmlElement, words: str) -> None:
    """A link that was only a picture: to a larger picture it goes, to a page it is named."""
    address = link.get("href", "")
    if re.search(r"(?i)\.(?:jpe?g|png|gif|webp|svg|avif)(?:\?|$)", address) or not address:
        link.drop_tree()
    else:
        link.text = words or urlsplit(address).hostname or address


def _drop_sharing(root: HtmlElement) -> None:
    for link in list(root.iter("a")):
        if _SHARE.search(link.get("href", "")):
            link.drop_tree()
    for block in list(root.iter("p", "strong", *_HEADINGS)):
        if _SHARE_WORDS.fullmatch(block.text_content().strip()) and next(block.iter("a"), None) is None:
            block.drop_tree()


def _drop_endings(root: HtmlElement) -> bool:
    """Take out "The post … appeared first on …" and a closing "[…]"; whether the text was only an excerpt."""
    for block in list(root.iter("p", "div")) if _says_first(root.text_content()) else ():
        words = block.text_content().strip()
        if len(words) < 400 and _says_first(words) and block is not root and next(block.iterdescendants("p", "div"), None) is None:
            block.drop_tree()
    last = next((node for node in reversed(list(root.iter())) if (node.tail or "").strip() or (node.text or "").strip()), None)
    if last is None:
        return False
    for name in ("tail", "text"):
        words = getattr(last, name) or ""
        if words.strip():
            setattr(last, name, _ELLIPSIS.sub("", words))
            return bool(_ELLIPSIS.search(words))
    return False


def _says_first(words: str) -> bool:
    lower = words.lower()
    return any(phrase in lower and re.search(rf"(?<![a-z]){phrase}(?![a-z])", lower) for phrase in _FIRST)


def _flatten_tables(root: HtmlElement) -> None:
    """Tables without a head arrange the page: each row becomes a paragraph, cells side by side are parted by " / "."""
    for table in reversed(list(root.iter("table"))):
        if next(table.iter("th"), None) is not None and next(table.iterdescendants("table"), None) is None:
            continue
        for cell in list(table.iter("td", "th")):
            if cell.getprevious() is not None and not _holds_blocks(cell) and not _holds_blocks(cell.getprevious()):
                cell.text = " / " + (cell.text or "")
            cell.tag = "div" if _holds_blocks(cell) else "span"
        for row in list(table.iter("tr")):
            row.tag = "div"
        for part in list(table.iter("thead", "tbody", "tfoot", "caption")):
            part.tag = "div"
        table.tag = "div"


def _holds_blocks(cell: HtmlElement) -> bool:
    return next(cell.iterdescendants(*_BLOCKS), None) is not None


def _drop_empty(root: HtmlElement) -> None:
    for block in reversed(list(root.iter(*_BLOCKS, "a", "strong", "em", "b", "i", "span"))):
        if block is not root and not block.text_content().strip() and next(block.iterdescendants("hr"), None) is None:
            block.tag = _GONE
    lxml.etree.strip_elements(root, _GONE, with_tail=False)


def _markdown(root: HtmlElement) -> str:
    """Markdown of the tree. Marks in the text are swapped for private characters that no converter touches, and escaped afterwards."""
    _shield(root)
    text = html_to_markdown.convert(lxml.html.tostring(root, encoding="unicode"), _OPTIONS).content or ""
    text = _SEPARATOR.sub("", text)
    for private, written in _SHIELDS.items():
        text = text.replace(private, written)
    text = _QUOTE_AHEAD.sub(r"\1\n\n", _QUOTED_BLANKS.sub("\n>", text))
    lines = [line if line.endswith("  ") and line.strip() else line.rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


_SHIELDS = {
    "\ue000": "&lt;", "\ue001": r"\*", "\ue002": r"\_", "\ue003": "&#96;", "\ue004": r"\]", "\ue005": "&amp;", "\ue006": "&#61;",
    "\ue007": "&#58;", "\ue008": "\\", "\ue009": r"\!", "\ue00a": r"\{", "\ue00b": "&#92;",
}  # fmt: skip
_PRIVATE = re.compile("[\ue000-\ue0ff]")
_SEPARATOR = re.compile(r"(?m)^[ ]*<!-- -->$")  # the converter's own, between a list and code: every "<" of the text is shielded
_QUOTED_BLANKS = re.compile(r"(?:\n>[ ]*){2,}(?=\n)")
_QUOTE_AHEAD = re.compile(r"(?m)^((?!>).+)\n(?=> )")
_MARKS = re.compile(r"[<*`\\&_\]{!]")
_LINE_MARKS = re.compile(r"^(\s*)(\d*)(?=[-+#>]|(?<=\d)[.)])")


def _shield(root: HtmlElement) -> None:
    code = {node for outer in root.iter("pre", "code") for node in outer.iter()}
    for node in root.iter():
        if node.text and node not in code:
            node.text = _shielded(node.text, "block" if node.tag in _BLOCKS else "")
        if node.tail and node.getparent() not in code:
            node.tail = _shielded(node.tail, "line" if node.tag == "br" else "")


def _shielded(text: str, start: str) -> str:
    """``start``: the text opens a ``block`` (the converter escapes most marks there), or a ``line`` after a break (it escapes none)."""
    text = re.sub(r"\s+", " ", text)
    if _MARKS.search(text):
        text = re.sub(r"&(?=#|\w+;)", "\ue005", text)
        text = re.sub(r"\](?=[(\[:]|$)", "\ue004", text)
        text = re.sub(r"(?<!\w)_|_(?!\w)", "\ue002", text)
        text = re.sub(r"!$", "\ue009", re.sub(r"\{(?=\s*[:#.])", "\ue00a", text))
        text = text.replace("<", "\ue000").replace("*", "\ue001").replace("`", "\ue003").replace("\\", "\ue00b")
    if start and text.lstrip()[:1] in (":", "="):
        text = re.sub(r"^(\s*)=", "\\1\ue006", re.sub(r"^(\s*):", "\\1\ue007", text))
    return _LINE_MARKS.sub("\\1\\2\ue008", text) if start == "line" else text
