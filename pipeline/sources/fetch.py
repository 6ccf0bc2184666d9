"""``enews fetch``: the feeds of the masthead in, source files and one ``FeedOutcome`` a feed out. Retrieve, parse, decide, store, in this order.

Feeds are retrieved side by side in threads and read on every core; files are written by one thread. It must never let one feed stop another:
whatever goes wrong with a feed is the text of its outcome.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue

from pipeline.config import MASTHEAD, Feed, Masthead
from pipeline.errors import ConfigError, FeedError, NewsletterError
from pipeline.files import write_file
from pipeline.sources.addresses import anywhere, is_public
from pipeline.sources.arrivals import Decision, feed_folder, read_known, store_arrivals
from pipeline.sources.reading import Job, Readers, Reading
from pipeline.sources.retrieve import WEB_SCHEMES, Limits, Retrieved, Validators, read_saved, retrieve

CACHE = "build/.cache/feeds.json"
SIDE_BY_SIDE = 8
LIMITS = Limits()
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedOutcome:
    """What became of one feed: case ids of new, changed and new undated posts; ``error`` is "" unless it failed.

    ``dropped`` and ``problem`` say in Japanese what was left out and what is broken; ``moved`` is the feed's new address, if it has one.
    """

    feed: str
    office: str
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0
    undated: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    problem: str = ""
    moved: str = ""
    error: str = ""

    def lines(self) -> tuple[str, ...]:
        """The outcome as progress shows it: one line, and below it what was left out."""
        named, more = self.dropped[:_NAMED], len(self.dropped) - _NAMED
        return (self.line(), *(f"　読み飛ばし：{words}" for words in named), *((f"　読み飛ばし：ほか{more}件",) if more > 0 else ()))

    def line(self) -> str:
        """The outcome in one line."""
        if self.error:
            return f"{self.feed}：失敗　{self.error}"
        counts = f"新着{len(self.new)}件、更新{len(self.changed)}件、変わりなし{self.unchanged}件"
        notes = (
            f"公開日のわからないもの{len(self.undated)}件" if self.undated else "",
            f"読み飛ばし{len(self.dropped)}件" if self.dropped else "",
            self.problem,
            f"フィードが移転しました。{MASTHEAD} の url を {self.moved} に直してください" if self.moved else "",
        )
        return "。".join((f"{self.feed}：{counts}", *filter(None, notes)))


def summary(outcomes: Sequence[FeedOutcome]) -> tuple[str, ...]:
    """What a whole run brought, in Japanese: the counts, the cases that changed, and why a feed failed."""
    new, changed = sum(len(one.new) for one in outcomes), [case for one in outcomes for case in one.changed]
    failed, unchanged = [one for one in outcomes if one.error], sum(one.unchanged for one in outcomes)
    names = "、".join(changed[:_NAMED]) + (f" ほか{len(changed) - _NAMED}件" if len(changed) > _NAMED else "")
    return (
        f"配信 {len(outcomes)}件：新着 {new}件、更新 {len(changed)}件、変わりなし {unchanged}件、失敗 {len(failed)}件",
        *((f"原文が変わった事例：{names}（訳し始めていれば「enews cases changes 事例」で違いを見られます）",) if changed else ()),
        *(f"失敗した配信：{one.feed}　{one.error}" for one in failed),
        *(("「enews cases」で一覧を見られます。",) if new else ()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathered:
    retrieved: Retrieved
    reading: Reading


def fetch_feeds(
    root: Path,
    masthead: Masthead,
    *,
    only: str = "",
    limits: Limits = LIMITS,
    report: Callable[[FeedOutcome], None] = lambda _outcome: None,
) -> tuple[FeedOutcome, ...]:
    """Fetch the feeds (or the one called ``only``) and write what is new; outcomes in the masthead's order, ``report`` as each is done.

    ``ConfigError`` if there is no such feed. Nothing a feed does raises.
    """
    feeds = wanted_feeds(masthead, only)
    remembered = read_validators(root)
    outcomes: dict[str, FeedOutcome] = {}
    fresh = dict(remembered)
    with Readers() as readers, ThreadPoolExecutor(max_workers=min(SIDE_BY_SIDE, len(feeds))) as pool:
        tasks = {pool.submit(_gather, root, feed, remembered.get(feed.url, Validators()), limits, readers): feed for feed in feeds}
        done: SimpleQueue[Future[_Gathered]] = SimpleQueue()  # as_completed waits on a lock that Ctrl+C may leave held for ever
        for task in tasks:
            task.add_done_callback(done.put)
        try:
            for _ in tasks:
                task = done.get()
                feed = tasks[task]
                outcomes[feed.name], validators = _settle(root, feed, task)
                if validators:
                    fresh[feed.url] = validators
                report(outcomes[feed.name])
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # who presses Ctrl+C does not wait for what has not begun
    _write_validators(root, fresh)
    return tuple(outcomes[feed.name] for feed in feeds)


def wanted_feeds(masthead: Masthead, only: str) -> tuple[Feed, ...]:
    """The feeds to fetch (an office without a ``url`` has none); ``ConfigError`` if none is set up, none is called so, or two share a name."""
    names = [feed.name for feed in masthead.feeds]
    if not names:
        raise ConfigError(f"{MASTHEAD} に [[feeds]] がまだありません。name、url、office、language を書き足してください。")
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise ConfigError(f"{MASTHEAD} の [[feeds]] に「{twice}」が2つあります。name を書き分けてください。")
    if only and only not in names:
        raise ConfigError(f"{MASTHEAD} の [[feeds]] に「{only}」がありません。今あるのは {'、'.join(names)} です。")
    found = tuple(feed for feed in masthead.feeds if only in ("", feed.name) and feed.url.strip())
    if not found:
        raise ConfigError(f"{only or MASTHEAD} には、読みに行くフィードの url がありません。ページは enews cases paste で取り込みます。")
    return found


def _gather(root: Path, feed: Feed, validators: Validators, limits: Limits, readers: Readers) -> _Gathered:
    """Retrieve and read one feed; runs beside others, so it writes nothing."""
    known = read_known(feed_folder(root, feed), root)
    retrieved = _retrieve(root, feed, validators if known else Validators(), limits)
    if retrieved.unchanged:
        return _Gathered(retrieved=retrieved, reading=Reading())
    return _Gathered(retrieved=retrieved, reading=readers.read(_job(feed, retrieved)))


def _job(feed: Feed, found: Retrieved) -> Job:
    return Job(name=found.url or feed.url, body=found.body, url=found.url, content_type=found.content_type, language=feed.language)


def _retrieve(root: Path, feed: Feed, validators: Validators, limits: Limits) -> Retrieved:
    if feed.url.lower().startswith(WEB_SCHEMES):
        return retrieve(feed.url, validators, permits=anywhere if feed.allow_private else is_public, limits=limits)
    if "://" in feed.url:
        raise FeedError(f"「{feed.url}」は使えないアドレスです。https:// で始まる URL か、作業フォルダーの中のファイルを書いてください。")
    return read_saved(root, feed.url, limits)


def _settle(root: Path, feed: Feed, task: Future[_Gathered]) -> tuple[FeedOutcome, Validators | None]:
    """Store what one feed brought; the validators to remember once all of it is on disk."""
    try:
        found = task.result()
        decision = store_arrivals(root, feed, found.reading.arrivals)
        return _outcome(root, feed, found, decision), found.retrieved.validators
    except (NewsletterError, OSError) as error:
        return FeedOutcome(feed=feed.name, office=feed.office, error=str(error)), None
    except Exception as error:  # noqa: BLE001 (a fault of ours in one feed must not cost the others)
        return FeedOutcome(feed=feed.name, office=feed.office, error=f"思わぬ誤りで止まりました（{type(error).__name__}: {error}）。"), None


def _outcome(root: Path, feed: Feed, found: _Gathered, decision: Decision) -> FeedOutcome:
    ids = {arrival.entry.identity: f"{feed.name}/{stem}" for stem, arrival in (*decision.new, *decision.changed)}
    return FeedOutcome(
        feed=feed.name,
        office=feed.office,
        new=tuple(ids[arrival.entry.identity] for _, arrival in decision.new),
        changed=tuple(ids[arrival.entry.identity] for _, arrival in decision.changed),
        unchanged=len(read_known(feed_folder(root, feed), root)) if found.retrieved.unchanged else decision.unchanged,
        undated=tuple(ids[arrival.entry.identity] for _, arrival in decision.new if arrival.entry.published is None),
        dropped=found.reading.dropped,
        problem=found.reading.problem,
        moved=found.retrieved.moved,
    )


def read_validators(root: Path) -> dict[str, Validators]:
    """What servers told us last time, by feed address; empty if it was deleted or is damaged: then everything is simply asked for again."""
    try:
        data = json.loads((root / CACHE).read_text(encoding="utf-8"))
        return {str(url): Validators(etag=str(row["etag"]), last_modified=str(row["last_modified"])) for url, row in data.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write_validators(root: Path, validators: Mapping[str, Validators]) -> None:
    rows = {url: asdict(row) for url, row in sorted(validators.items())}
    write_file(root / CACHE, (json.dumps(rows, indent=1) + "\n").encode())
