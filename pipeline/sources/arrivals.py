"""What a feed brought meets what is on disk: cleaned entries in, ``cases/<feed>/<stem>.source.md`` out, and nothing else is ever touched.

Deciding is pure (``decide``), storing does no thinking (``store_arrivals``). A stem is given once and never renamed; a second run without
changes writes nothing; a changed post replaces its source file (``changes`` keeps the earlier one) and leaves the Japanese beside it alone.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import Feed
from pipeline.errors import FeedError
from pipeline.files import write_file
from pipeline.sources.cases import PART, SOURCE
from pipeline.sources.changes import keep_before
from pipeline.sources.cleaning import Cleaned
from pipeline.sources.feeds import Entry
from pipeline.sources.folder import relative
from pipeline.sources.frontmatter import CASE, compose, parse
from pipeline.sources.textfile import read_text

_FOLDS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "œ": "oe", "Œ": "oe", "ł": "l", "Ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One post as it came and as it reads."""

    entry: Entry
    cleaned: Cleaned


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A source file that is there already."""

    stem: str
    identity: str
    url: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is to be written: ``(stem, arrival)`` of new posts and of changed ones; the rest stays as it is."""

    new: tuple[tuple[str, Arrival], ...] = ()
    changed: tuple[tuple[str, Arrival], ...] = ()
    unchanged: int = 0


def decide(arrivals: Iterable[Arrival], known: Iterable[Known], taken: Iterable[str] = ()) -> Decision:
    """Which arrivals are new, which have changed. ``taken``: stems in use beside ``known``'s, compared without regard to capitals."""
    arrivals, known = tuple(arrivals), tuple(known)
    match = _matches(arrivals, known)
    stems = {stem.lower() for stem in (*taken, *(one.stem for one in known))}
    new, changed, unchanged = [], [], 0
    for arrival in arrivals:
        old = match.get(arrival.entry.identity)
        if old is None:
            stem = stem_for(arrival.entry, stems)
            stems.add(stem.lower())
            new.append((stem, arrival))
        elif old.digest != arrival.cleaned.digest:
            changed.append((old.stem, arrival))
        else:
            unchanged += 1
    return Decision(new=tuple(new), changed=tuple(changed), unchanged=unchanged)


def _matches(arrivals: tuple[Arrival, ...], known: tuple[Known, ...]) -> dict[str, Known]:
    """Arrival identity → its file. Where the id is new but the address is one file's alone, it is that post: feeds change their ids."""
    by_identity = {one.identity: one for one in known}
    found = {a.entry.identity: by_identity[a.entry.identity] for a in arrivals if a.entry.identity in by_identity}
    left = [one for one in known if one.url and one.identity not in found]
    files, posts = Counter(one.url for one in left), Counter(arrival.entry.url for arrival in arrivals)
    by_url = {one.url: one for one in left if files[one.url] == 1 and posts[one.url] == 1}
    return found | {a.entry.identity: by_url[a.entry.url] for a in arrivals if a.entry.identity not in found and a.entry.url in by_url}


def stem_for(entry: Entry, taken: Iterable[str] = ()) -> str:
    """``<YYYY-MM-DD or undated>-<first 40 of the ASCII-folded title, else 8 hex of the identity>``, with -2, -3 … if it is taken."""
    folded = unicodedata.normalize("NFKD", entry.title.translate(_FOLDS)).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:40].strip("-")
    name = words if re.search("[a-z]", words) else hashlib.sha256(entry.identity.encode()).hexdigest()[:8]
    stem = f"{entry.published.isoformat() if entry.published else 'undated'}-{name}"
    used = set(taken)
    return next(candidate for candidate in (stem, *(f"{stem}-{n}" for n in range(2, len(used) + 3))) if candidate not in used)


def compose_source(arrival: Arrival, feed: Feed) -> str:
    """The text of a source file: where it comes from, what it says, and below it what was left out."""
    entry = arrival.entry
    fields = {
        "feed": feed.name,
        "entry_id": entry.identity,
        "url": entry.url,
        "original_title": entry.title,
        "publisher": feed.office,
        "country": feed.country,
        "language": feed.language,
        "published": entry.published.isoformat() if entry.published else "",
        "source_digest": arrival.cleaned.digest,
        "licence": feed.licence,
    }
    notes = _notes(arrival)
    body = arrival.cleaned.markdown + (f"\n\n<!-- {notes}\n-->" if notes else "")
    return compose({key: " ".join(value.split()) for key, value in fields.items() if value}, body, keys=CASE)


def _notes(arrival: Arrival) -> str:
    lines = []
    if arrival.cleaned.excerpt:
        lines.append("フィードにあるのは冒頭の抜粋だけです。全文は「原文」の URL で読めます。")
    if arrival.entry.published is None:
        lines.append(
            f"公開日を読み取れませんでした（フィードの表記：{arrival.entry.raw_date or 'なし'}）。日本語のファイルの「公開日」に書いてください。"
        )
    if arrival.cleaned.pictures:
        lines.append("原文の写真（権利がないため取り込んでいません。使うには許諾を得て、提供者を書きます）：")
        lines += [f"{address.replace('--', '%2D%2D')}  {words}".rstrip() for address, words in arrival.cleaned.pictures]
    return "\n".join(line.replace("--", "－－").replace(">", "＞").replace("<", "＜") for line in lines)


def feed_folder(root: Path, feed: Feed) -> Path:
    """Where a feed's cases are; ``FeedError`` for a name that cannot be a folder everywhere."""
    if not PART.fullmatch(feed.name) or _RESERVED.fullmatch(feed.name):
        raise FeedError(f"フィードの name「{feed.name}」はフォルダーの名前に使えません。英数字とハイフンにしてください。", feed=feed.name)
    return root / "issues" / "cases" / feed.name


def read_known(folder: Path, root: Path) -> tuple[Known, ...]:
    """The source files of a feed, sorted by name."""
    found = []
    for path in sorted(path for path in folder.glob(f"*{SOURCE}") if PART.fullmatch(path.name)):
        name = relative(path, root)
        draft = parse(read_text(path, name=name)[0], path=name, keys=CASE)
        stem, value = path.name.removesuffix(SOURCE), draft.value
        found.append(Known(stem=stem, identity=value("entry_id"), url=value("url"), digest=value("source_digest")))
    return tuple(found)


def store_arrivals(root: Path, feed: Feed, arrivals: Iterable[Arrival]) -> Decision:
    """Decide and write; what was written is on disk whole when this returns. ``WorkspaceError`` if a file cannot be written."""
    folder = feed_folder(root, feed)
    taken = [path.name.removesuffix(".md") for path in folder.glob("*.md")] if folder.is_dir() else []
    decision = decide(arrivals, read_known(folder, root), taken)
    for stem, _ in decision.changed:
        keep_before(folder / (stem + SOURCE), folder / f"{stem}.md", root)
    for stem, arrival in (*decision.new, *decision.changed):
        write_file(folder / (stem + SOURCE), compose_source(arrival, feed).encode())
    return decision
