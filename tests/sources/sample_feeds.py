"""Small feeds of our own making: posts in, the bytes of a feed in one of five formats out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, kw_only=True)
class Post:
    """One invented post; an empty value leaves its element out."""

    id: str = ""
    url: str = ""
    title: str = ""
    date: str = ""
    html: str = ""


TURKU = Post(
    id="https://feeds.example/?p=1",
    url="https://feeds.example/mihon-bakery/",
    title="Mihon's bakery turns yesterday's bread into energy",
    date="Tue, 10 Dec 2024 09:00:00 +0000",
    html="<p>Bread is <strong>not</strong> waste. See the <a href='/plan'>plan</a>.</p>",
)


def rss(*posts: Post, title: str = "Mihon Office", language: str = "en") -> bytes:
    """RSS 2.0."""
    items = "".join(f"<item>{_rss_item(post)}</item>" for post in posts)
    head = f"<title>{escape(title)}</title><link>https://feeds.example/</link><description/><language>{language}</language>"
    return f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def _rss_item(post: Post) -> str:
    parts = {"guid": post.id, "link": post.url, "title": post.title, "pubDate": post.date, "description": post.html}
    return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in parts.items() if value)


def atom(*posts: Post) -> bytes:
    """Atom 1.0."""
    entries = "".join(
        f"<entry><id>{escape(post.id)}</id><title>{escape(post.title)}</title><link href='{escape(post.url)}'/>"
        f"<published>{escape(post.date)}</published><content type='html'>{escape(post.html)}</content></entry>"
        for post in posts
    )
    return f'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Mihon</title><id>urn:x</id>{entries}</feed>'.encode()


def rdf(*posts: Post, encoding: str = "utf-8") -> bytes:
    """RSS 1.0 in any encoding."""
    items = "".join(
        f'<item rdf:about="{escape(post.url)}"><title>{escape(post.title)}</title><link>{escape(post.url)}</link>'
        f"<dc:date>{escape(post.date)}</dc:date><description>{escape(post.html)}</description></item>"
        for post in posts
    )
    spaces = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    text = f'<?xml version="1.0" encoding="{encoding}"?><rdf:RDF {spaces}><channel rdf:about="x"><title>みほん</title></channel>{items}</rdf:RDF>'
    return text.encode(encoding)


def json_feed(*posts: Post) -> bytes:
    """JSON Feed 1.1."""
    items = [
        {"id": post.id, "url": post.url, "title": post.title, "date_published": post.date, "content_html": post.html} for post in posts
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Mihon", "items": items}).encode()
