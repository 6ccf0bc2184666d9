"""The links of an issue, asked for once each: addresses in, an ``Answer`` for each out, and a cache of them in ``build/.cache/links.json``.

Polite: one connection at a time and a pause for a host, several hosts side by side, HEAD before GET. It must never ask for an address that it
was not given, and never judge what it hears: ``checks.online`` does.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lxml.etree
import lxml.html

from pipeline.files import write_file
from pipeline.model import Answer
from pipeline.sources.addresses import is_public
from pipeline.sources.retrieve import Asked, Limits, ask

CACHE = "build/.cache/links.json"
FRESH_GOOD, FRESH_BAD = timedelta(hours=24), timedelta(minutes=10)  # what was fine stays so for a day; what was not may be mended soon
_MISSING = re.compile(
    r"(?:ページ|記事|ファイル|コンテンツ|お探し|指定)[^。]{0,24}(?:見つかりません|みつかりません|見つけられません|存在しません|ありません(?:でした)?|削除され)"
    r"|(?:page|file|url|content)\b.{0,30}\b(?:not found|does(?: not|n.t) exist|cannot be found|can.t be found)|^\W*not found\b|\b404\b|not found$",
    re.IGNORECASE,
)
_LOGIN_WORDS = re.compile(r"ログイン|サインイン|認証|log ?in|sign ?in", re.IGNORECASE)
_LIMITS = Limits(wait=10.0, total=20.0, size=400_000, redirects=5)
_CLEAR = frozenset({"name", "private", "address", "tls"})  # faults that another question would not change


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How gently: seconds between two questions to one host, hosts side by side, and after how many faults in a row a host is left alone."""

    pause: float = 1.0
    hosts: int = 8
    faults: int = 2
    limits: Limits = _LIMITS


@dataclass(frozen=True, slots=True, kw_only=True)
class HostDone:
    """One host's links have been asked for."""

    host: str
    answers: tuple[Answer, ...]

    def line(self) -> str:
        """What is shown while the others are still running."""
        good = sum(200 <= answer.status < 300 for answer in self.answers)
        return f"  {self.host}：{len(self.answers)}件のうち {good}件が開けました"


def ask_links(
    urls: Iterable[str],
    *,
    permits: Callable[[str], bool] = is_public,
    follows: Callable[[str], bool] = lambda _url: True,
    pace: Pace = Pace(),
    report: Callable[[HostDone], None] = lambda _done: None,
) -> dict[str, Answer]:
    """Ask for every address once. ``report`` is called in this thread as each host is done.

    ``permits`` sees every IP address before it is used, ``follows`` every address that a redirect leads to.
    """
    put = partial(_ask, permits=permits, follows=follows, pace=pace)
    hosts: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        hosts.setdefault(_host(url), []).append(url)
    found: dict[str, Answer] = {}
    with ThreadPoolExecutor(max_workers=pace.hosts) as pool:
        running = {pool.submit(_ask_host, tuple(links), put, pace): host for host, links in hosts.items()}
        for done in as_completed(running):
            answers = done.result()
            found |= {answer.url: answer for answer in answers}
            report(HostDone(host=running[done], answers=answers))
    return found


def _host(url: str) -> str:
    try:
        return urlsplit(url).netloc.lower().rpartition("@")[2]
    except ValueError:
        return ""


def _ask_host(urls: tuple[str, ...], put: Callable[[str], Answer], pace: Pace) -> tuple[Answer, ...]:
    """The links of one host, one after the other; once it has been silent several times the rest is not asked for."""
    answers: list[Answer] = []
    for number, url in enumerate(urls):
        if len(answers) >= pace.faults and all(answer.fault == "network" for answer in answers[-pace.faults :]):
            answers.append(Answer(url=url, fault="network", time=_now()))
            continue
        if number:
            time.sleep(pace.pause)
        answers.append(put(url))
    return tuple(answers)


def _ask(url: str, *, permits: Callable[[str], bool], follows: Callable[[str], bool], pace: Pace) -> Answer:
    asked = ask(url, "HEAD", permits=permits, follows=follows, limits=pace.limits)
    if not _is_clear(asked):
        time.sleep(pace.pause / 4)
        asked = ask(url, "GET", permits=permits, follows=follows, limits=pace.limits)
    answer = Answer(
        url=url,
        status=asked.status,
        fault=asked.fault,
        final=_words(asked.url),
        moved=_words(asked.moved),
        content_type=_words(asked.content_type),
        length=asked.length,
        time=_now(),
    )
    return _read(answer, asked) if asked.body and "html" in asked.content_type.lower() else answer


def _is_clear(asked: Asked) -> bool:
    """Whether HEAD has told all: a file that is there with its length. Whether a page really is one only its words tell."""
    good = 200 <= asked.status < 300 and asked.content_type and "html" not in asked.content_type.lower() and asked.length >= 0
    return bool(good) or asked.fault in _CLEAR


def _read(answer: Answer, asked: Asked) -> Answer:
    """The answer with what the page says of itself."""
    charset = re.search(r"charset=[\"']?([\w-]+)", asked.content_type)
    try:
        parser = lxml.html.HTMLParser(encoding=charset[1] if charset else None)
        page: Any = lxml.html.document_fromstring(asked.body, parser=parser)
    except (lxml.etree.ParserError, LookupError, ValueError):
        return answer
    title = _words(" ".join(page.xpath("//head/title//text()")[:5]))
    heads = [_words(" ".join(map(str, head.itertext()))) for head in page.iter("h1", "h2")][:3]
    body = _words(" ".join(map(str, page.xpath("//body//text()[not(ancestor::script or ancestor::style)]"))))
    has_password = bool(page.xpath("//input[translate(@type, 'PASWORD', 'pasword') = 'password']"))
    said = (title, *heads, *((body,) if len(body) < 400 else ()))
    login = has_password and (answer.status in (401, 403) or any(_LOGIN_WORDS.search(text) for text in (title, *heads)))
    return replace(answer, title=title[:120], missing=any(_MISSING.search(text) for text in said), login=login)


def _words(text: str) -> str:
    """The text on one line, without what would move a cursor when it is shown."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def read_answers(root: Path) -> dict[str, Answer]:
    """What was heard before; nothing where the cache is not there or damaged: it can be made again at any time."""
    names = {field.name for field in fields(Answer)}
    try:
        rows = json.loads((root / CACHE).read_text("utf-8"))
        return {row["url"]: Answer(**{name: value for name, value in row.items() if name in names}) for row in rows}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def still_valid(answers: Mapping[str, Answer], *, now: datetime) -> dict[str, Answer]:
    """The answers that need not be asked for again; what the network was to blame for always is."""
    return {url: answer for url, answer in answers.items() if not answer.fault and _age(answer, now) < _lasts(answer)}


def _lasts(answer: Answer) -> timedelta:
    return FRESH_GOOD if 200 <= answer.status < 300 and not answer.missing and not answer.login else FRESH_BAD


def _age(answer: Answer, now: datetime) -> timedelta:
    try:
        return abs(now - datetime.fromisoformat(answer.time))
    except (ValueError, TypeError):
        return timedelta.max


def write_answers(root: Path, answers: Mapping[str, Answer]) -> None:
    """Keep the answers for the next time and for the 照合表, by address."""
    rows = [asdict(answers[url]) for url in sorted(answers)]
    write_file(root / CACHE, (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode())
