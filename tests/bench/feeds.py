"""A seed in, a hundred feeds of foreign offices out: bytes as servers send them, 70 to 200 KB each, RSS 2.0, Atom and RDF in turn.

Posts look as blog programs write them: classes on everything, pictures in several sizes, tracked links, lists, tables with and without a head,
frames, share buttons, counting pixels, pasted ``span``s, "appeared first on". Ten feeds are Japanese, in EUC-JP or Shift_JIS. The same seed gives
the same bytes. It must never be fitted to what our cleaning is quick at.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

from tests.bench.words import CITIES, SENTENCES, TOWNS, WORDS

FEEDS, JAPANESE = 100, 10
SMALLEST, LARGEST, _LONGEST = 70_000, 200_000, 25_000
_START = datetime(2024, 12, 20, 9, 0, tzinfo=UTC)
_SUBJECTS = (
    "the city council",
    "a network of schools",
    "the harbour authority",
    "local growers",
    "the regional utility",
    "young engineers",
)
_VERBS = ("tested", "financed", "redesigned", "mapped", "opened", "measured", "doubled", "replaced", "agreed on", "published")
_OBJECTS = (
    *(
        "a shaded walking route",
        "the district heating grid",
        "its food waste plan",
        "a river restoration scheme",
        "three hundred heat pumps",
    ),
    *("an open data portal", "the climate budget", "a repair workshop", "the bus fleet", "a wetland nursery", "its procurement rules"),
)
_ENDS = (
    *(
        "after two years of public meetings",
        "with support from the regional fund",
        "although costs rose by {n}%",
        "to save {n} tonnes a year",
    ),
    *("and shared the lessons with {n} other cities", "which residents had asked for since 20{k}", "in line with its target for 2030"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed as it is served."""

    name: str
    language: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    url: str
    title: str
    day: datetime
    excerpt: str
    html: str


class _Author:
    """Sentences of one office, English or Japanese, from one seed."""

    def __init__(self, seed: str, language: str) -> None:
        self.dice = random.Random(seed)  # noqa: S311  # no secret: the same seed must give the same bytes
        self.japanese = language == "ja"
        self.host = f"{self.dice.choice(CITIES)[1]}-{seed.rpartition(' ')[2]}.example"

    def sentence(self) -> str:
        dice = self.dice
        numbers = {"n": dice.randint(11, 98), "k": dice.randint(10, 23)}
        if not self.japanese:
            words = (dice.choice(_SUBJECTS), dice.choice(_VERBS), dice.choice(_OBJECTS), dice.choice(_ENDS).format(**numbers))
            return f"In {dice.choice(TOWNS)}, {' '.join(words)}."
        gaps = {name: dice.choice(choices) for name, choices in WORDS.items()}
        gaps |= {"who2": dice.choice(WORDS["who"]), "theme2": dice.choice(WORDS["theme"]), "city": dice.choice(CITIES)[0], "day": "2月14日"}
        gaps["effect"] = gaps["effect"].format(**numbers)
        return dice.choice(SENTENCES).format(**(numbers | gaps))

    def prose(self, sentences: int) -> str:
        return " ".join(self.sentence() for _ in range(sentences))

    def words(self) -> str:
        return self.sentence()[: 18 if self.japanese else 42].rstrip(" ,.、。")

    def url(self, kind: str, *, tracked: bool = False) -> str:
        mark = f"?utm_source=rss&utm_medium=feed&utm_campaign=c{self.dice.randint(1, 99)}" if tracked else ""
        return f"https://{self.host}/{kind}/{self.dice.randint(1, 99_999)}/{mark}"


def make_feeds(seed: int) -> tuple[Feed, ...]:
    """The hundred feeds."""
    return tuple(make_feed(seed, number) for number in range(FEEDS))


def make_feed(seed: int, number: int) -> Feed:
    """Feed ``number``: its format is the number's turn, every tenth is Japanese; posts are added until it has its size."""
    language = "ja" if number % (FEEDS // JAPANESE) == 0 else "en"
    author = _Author(f"feed {seed} {number}", language)
    encoding = ("euc-jp", "shift_jis")[number // 10 % 2] if language == "ja" else "utf-8"
    size, posts, room = author.dice.randint(SMALLEST, LARGEST - _LONGEST), list[str](), 0
    write = _FORMATS[number % 3]
    while room < size:
        posts.append(write(_post(author, len(posts))))
        room += len(posts[-1].encode(encoding))
    return Feed(name=f"bench-{number:03}", language=language, body=_frame(write, posts, author.host, encoding).encode(encoding))


def _post(author: _Author, number: int) -> _Post:
    url, title = author.url("news"), author.words()
    parts = [_opening(author)]
    parts += [author.dice.choice(_PARTS)(author) for _ in range(author.dice.randint(5, 12))]
    parts.append(_ending(author, url, title))
    return _Post(
        url=url,
        title=title,
        day=_START - timedelta(days=3 * number, minutes=author.dice.randint(0, 900)),
        excerpt=f"<p>{author.prose(2)} [&#8230;]</p>",
        html="\n\n\n\n".join(parts),
    )


def _opening(author: _Author) -> str:
    return _picture(author) + "\n" + _paragraph(author)


def _paragraph(author: _Author) -> str:
    link = f'<a href="{escape(author.url("plan", tracked=True))}" target="_blank" rel="noreferrer noopener">{author.words()}</a>'
    middle = f"{author.prose(1)} {link} <strong>{author.words()}</strong> &#8211; {author.prose(1)}"
    return f'<p class="wp-block-paragraph has-text-align-left">{author.prose(2)} {middle}</p>'


def _pasted(author: _Author) -> str:
    runs = "".join(f'<span style="font-weight: 400;font-family: Arial">{author.sentence()}</span> ' for _ in range(4))
    return f'<p style="text-align: left">{runs}<img src="https://s.example/emoji/1f33f.png" alt=":)" class="wp-smiley" style="height: 1em"/></p>'


def _heading(author: _Author) -> str:
    return f'<h2 class="wp-block-heading" id="h-{author.dice.randint(1, 999)}">{author.words()}</h2>\n{_paragraph(author)}'


def _picture(author: _Author) -> str:
    at = author.url("uploads").rstrip("/")
    sizes = ", ".join(f"{at}-{width}.jpg {width}w" for width in (1024, 300, 768, 1536))
    source = f'src="{at}-1024.jpg" alt="{author.words()}" class="wp-image-9" srcset="{sizes}" sizes="(max-width: 1024px) 100vw, 1024px"'
    image = f'<img fetchpriority="high" decoding="async" width="1024" height="683" {source} />'
    caption = f'<figcaption class="wp-element-caption">Photo: {author.words()}</figcaption>'
    return f'<figure class="wp-block-image size-large">{image}{caption}</figure>'


def _list(author: _Author) -> str:
    items = "".join(f'<li><a href="{author.url("case")}">{author.words()}</a>: {author.sentence()}</li>\n' for _ in range(5))
    return f'<ul class="wp-block-list">\n{items}<li>{author.words()}<ol><li>{author.words()}</li><li>{author.words()}</li></ol></li></ul>'


def _table(author: _Author) -> str:
    head = "".join(f"<th>{author.words()[:12]}</th>" for _ in range(3))
    rows = "".join(f"<tr><td>{author.words()}</td><td>{author.dice.randint(1, 999)}</td><td>{author.words()}</td></tr>" for _ in range(5))
    return f'<figure class="wp-block-table"><table class="has-fixed-layout"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></figure>'


def _layout(author: _Author) -> str:
    cells = "".join(f'<td valign="top" width="50%" bgcolor="#ffffff"><p>{author.prose(2)}</p></td>' for _ in range(2))
    return f'<table border="0" cellspacing="0"><tr>{cells}</tr></table>'


def _columns(author: _Author) -> str:
    inner = "".join(f'<div class="wp-block-column is-layout-flow"><div class="inner">{_paragraph(author)}</div></div>' for _ in range(2))
    return f'<div class="wp-block-columns is-layout-flex"><div class="container">{inner}</div></div>'


def _quotation(author: _Author) -> str:
    return f'<blockquote class="wp-block-quote"><p>&#8220;{author.prose(1)}&#8221;</p><cite>{author.words()}</cite></blockquote>'


def _frame_of(author: _Author) -> str:
    source = f'width="640" height="360" src="{author.url("embed")}?feature=oembed" allowfullscreen'
    inside = f'<div class="wp-block-embed__wrapper"><iframe title="{author.words()}" {source}></iframe></div>'
    return f'<figure class="wp-block-embed">{inside}</figure>'


def _ending(author: _Author, url: str, title: str) -> str:
    networks = (
        ("facebook", f"https://www.facebook.com/sharer.php?u={url}"),
        ("x", f"{url}?share=x"),
        ("mail", f"mailto:?subject={title[:9]}"),
    )
    classes = 'rel="nofollow noopener" data-shared="sharing" target="_blank" title="Click to share"'
    buttons = "".join(
        f'<li class="share-{name}"><a {classes} class="share-{name} sd-button share-icon" href="{escape(at)}"><span>{name}</span></a></li>'
        for name, at in networks
    )
    inside = f'<h3 class="sd-title">Share this:</h3><div class="sd-content"><ul>{buttons}<li class="share-end"></li></ul></div>'
    share = f'<div class="sharedaddy sd-sharing-enabled">{inside}</div>'
    pixel = (
        f'<img src="https://pixel.{author.host}/b.gif?p={author.dice.randint(1, 9999)}" width="1" height="1" alt="" style="display:none"/>'
    )
    first = f'<p>The post <a href="{url}">{title}</a> appeared first on <a href="https://{author.host}">{author.host}</a>.</p>'
    return f"{share}{pixel}\n{first}"


_PARTS: tuple[Callable[[_Author], str], ...] = (
    *(_paragraph, _paragraph, _paragraph, _pasted, _heading, _heading, _picture),
    *(_list, _list, _table, _layout, _columns, _quotation, _frame_of),
)


def _rss(post: _Post) -> str:
    stamp = post.day.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"<item>\n<title>{escape(post.title)}</title>\n<link>{post.url}</link>\n<comments>{post.url}#respond</comments>\n"
        f"<dc:creator><![CDATA[editor]]></dc:creator>\n<pubDate>{stamp}</pubDate>\n<category><![CDATA[News]]></category>\n"
        f'<category><![CDATA[Climate]]></category>\n<guid isPermaLink="false">{post.url}?p=1</guid>\n'
        f"<description><![CDATA[{post.excerpt}]]></description>\n<content:encoded><![CDATA[{post.html}]]></content:encoded>\n"
        f"<wfw:commentRss>{post.url}feed/</wfw:commentRss>\n<slash:comments>0</slash:comments>\n</item>\n"
    )


def _atom(post: _Post) -> str:
    stamp = post.day.isoformat()
    return (
        f'<entry>\n<author><name>Editor</name></author>\n<title type="html">{escape(escape(post.title))}</title>\n'
        f'<link rel="alternate" type="text/html" href="{post.url}"/>\n<id>{post.url}?p=1</id>\n<updated>{stamp}</updated>\n'
        f'<published>{stamp}</published>\n<category term="News"/>\n<summary type="html">{escape(post.excerpt)}</summary>\n'
        f'<content type="html" xml:base="{post.url}">{escape(post.html)}</content>\n</entry>\n'
    )


def _rdf(post: _Post) -> str:
    return (
        f'<item rdf:about="{post.url}">\n<title>{escape(post.title)}</title>\n<link>{post.url}</link>\n<dc:date>{post.day.isoformat()}</dc:date>\n'
        f"<dc:subject>News</dc:subject>\n<description>{escape(post.excerpt)}</description>\n"
        f"<content:encoded><![CDATA[{post.html}]]></content:encoded>\n</item>\n"
    )


_FORMATS = (_rss, _atom, _rdf)
_SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
)


def _frame(write: Callable[[_Post], str], posts: list[str], host: str, encoding: str) -> str:
    head, inside = f'<?xml version="1.0" encoding="{encoding}"?>\n', "".join(posts)
    if write is _atom:
        about = f"<title>{host}</title><id>https://{host}/</id><updated>{_START.isoformat()}</updated>"
        return f'{head}<feed xmlns="http://www.w3.org/2005/Atom">{about}{inside}</feed>\n'
    channel = f"<title>{host}</title><link>https://{host}/</link><description/>"
    if write is _rss:
        return f'{head}<rss version="2.0" {_SPACES}><channel>{channel}{inside}</channel></rss>\n'
    spaces = f'xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" {_SPACES}'
    return f'{head}<rdf:RDF {spaces}><channel rdf:about="https://{host}/">{channel}</channel>{inside}</rdf:RDF>\n'
