"""Hostile drafts through the whole line: whatever they carry, nothing of it runs, asks, hides or looks like ours on any page that we write."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from html import escape
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Frame, Page, Request

from pipeline import casedesk, desk
from pipeline.config import MASTHEAD
from pipeline.sanitise import TAGS
from tests.browser.layout import unseen
from tests.browser.payloads import HOST, LITERAL, PAYLOADS, RUN, hostile_workspace
from tests.builders import draft, masthead, workspace
from tests.sources.sample_feeds import Post, rss

pytestmark = pytest.mark.browser

OURS = {"html", "head", "meta", "title", "style", "body", "span"}
LOOK = OURS | {"header", "main", "nav", "iframe"}

# Everything that could still be waiting for a reader's hand is set off, then counted.
_READ = """([allowed]) => {
  const all = [...document.querySelectorAll('*')]
  const events = ['mouseover', 'click', 'focus', 'error', 'load', 'toggle', 'begin']
  document.addEventListener('click', event => event.preventDefault(), true)
  for (const element of all) for (const name of events) element.dispatchEvent(new Event(name, { cancelable: true }))
  return [
    ...(window.hit ? ['a script ran'] : []),
    ...all.filter(e => !allowed.includes(e.localName)).map(e => `<${e.localName}>`),
    ...all.flatMap(e => [...e.attributes].filter(a => /^on|^formaction$|^background$/.test(a.name)).map(a => `${e.localName} ${a.name}`)),
    ...all.filter(e => /expression|url\\(|-moz-binding/i.test(e.getAttribute('style'))).map(e => `style of ${e.localName}`),
    ...all.filter(e => e.closest('body') && /^(style|meta|title)$/.test(e.localName)).map(e => `${e.localName} in the body`),
    ...[...document.querySelectorAll('[href], [src]')].filter(e => !/^(https?|mailto|tel|file|about):$/.test(
      e.protocol ?? new URL(e.src, document.baseURI).protocol)).map(e => `${e.localName} leads to ${e.href ?? e.src}`),
  ]
}"""
_COMMENTS = """() => {
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_COMMENT), found = []
  for (let node = walker.nextNode(); node; node = walker.nextNode()) found.push(node.data)
  return found
}"""


class Lab:
    """A page that a file is opened in with scripts on; what it asks for and says is written down, and nothing leaves."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(offline=True)
        self.context.route("**/*", lambda route: route.continue_() if route.request.url.startswith("file:") else route.abort())
        self.tab: Page = self.context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.tab.on("request", self._ask)
        self.tab.on("dialog", self._listen)

    def _ask(self, request: Request) -> None:
        self.asked.append(request.url)

    def _listen(self, dialog: Dialog) -> None:
        self.said.append(dialog.message)
        dialog.dismiss()

    def harm(self, page: Path, *, allowed: set[str] = OURS) -> list[str]:
        """Open the file and name everything on it that came from a draft and should not have."""
        self.asked.clear()
        self.said.clear()
        self.tab.goto(page.as_uri())
        found = [line for frame in self.tab.frames for line in self._read(frame, allowed if frame is self.tab.main_frame else OURS)]
        ours = (page.parent.as_uri(), masthead().web.image_base_url, "about:srcdoc")
        asked = [f"asked for {url}" for url in self.asked if not url.startswith(ours)]
        return found + asked + [f"said {text}" for text in self.said]

    def _read(self, frame: Frame, allowed: set[str]) -> list[str]:
        read: list[str] = frame.evaluate(_READ, [sorted(TAGS | allowed)])
        return read


@pytest.fixture
def lab(browser: Browser) -> Iterator[Lab]:
    """A laboratory of its own."""
    lab = Lab(browser)
    yield lab
    lab.context.close()


def pages(root: Path) -> tuple[Path, Path, Path]:
    """The mail, the web copy and the page to look at, built and exported by force."""
    opened = desk.open_workspace(root)
    desk.prepare_pictures(opened, "2025-01")
    built = desk.build(opened, "2025-01")
    web = desk.export(opened, "2025-01", web=True, force=True)
    return built.html, next(path for path in web.files if path.suffix == ".html"), built.look


@pytest.mark.parametrize("kind", PAYLOADS)
def test_nothing_of_a_hostile_draft_runs_asks_or_hides(tmp_path: Path, lab: Lab, kind: str) -> None:
    """In titles, texts, facts, pictures, cases, subject and lead line; on the mail, the web copy and the page to look at."""
    mail, web, look = pages(hostile_workspace(tmp_path, PAYLOADS[kind]))
    assert lab.harm(look, allowed=LOOK) == []
    assert lab.harm(web) == []
    assert lab.harm(mail) == []
    assert unseen(lab.tab) == []
    assert "前の文。" in lab.tab.inner_text("body")
    assert all("endif" in comment and "script" not in comment for comment in lab.tab.evaluate(_COMMENTS))


@pytest.mark.parametrize("kind", LITERAL)
def test_expressions_and_merge_tags_of_a_draft_come_out_letter_by_letter(tmp_path: Path, lab: Lab, kind: str) -> None:
    """Nothing is worked out, and no address of ours is put in for them."""
    literals = LITERAL[kind]
    body = "\n\n".join(f"本文 {literal} です。" for literal in literals) + "\n\n[鍵](https://merge.invalid/unsubscribe)"
    files: dict[str, str | bytes] = {"10-a.md": draft(title=f"見出し {' '.join(literals)}", body=body, 会場=" ".join(literals))}
    for page in pages(workspace(tmp_path, files))[:2]:
        assert lab.harm(page) == []
        shown = lab.tab.inner_text("body")
        assert [
            literal for literal in literals if shown.count(literal) < (2 if "<<" in literal else 3)
        ] == []  # in a text it is a tag, and goes
        assert "49" not in shown
        assert lab.tab.locator("a", has_text="鍵").evaluate_all("found => found.map(a => a.href)") == ["https://merge.invalid/unsubscribe"]


@pytest.mark.parametrize("kind", LITERAL)
def test_expressions_and_merge_tags_of_a_feed_come_out_letter_by_letter(tmp_path: Path, lab: Lab, kind: str) -> None:
    """The same from a foreign feed to the mail, the web copy and the feed that we publish; in titles and in texts."""
    root = fetched_workspace(tmp_path, LITERAL[kind], written=escape)
    mail, web, _ = pages(root)
    ours = published_feed(root)
    for page, times in ((mail, 3), (web, 3), (ours, 1)):
        assert lab.harm(page) == []
        shown = lab.tab.inner_text("body")
        assert [literal for literal in LITERAL[kind] if shown.count(literal) < times] == []
        assert "49" not in shown


def test_there_are_twelve_classes_of_eight_payloads() -> None:
    """What runs, and what must come out as it was written."""
    classes = PAYLOADS | LITERAL
    assert len(classes) >= 12
    assert {kind: len(payloads) for kind, payloads in classes.items() if len(set(payloads)) < 8} == {}


def fetched_workspace(root: Path, payloads: tuple[str, ...], *, written: Callable[[str], str] = str) -> Path:
    """A workspace whose issue runs one public case for each payload, fetched from a feed that needs no translation; ``written`` into its HTML."""
    table = '\n[[feeds]]\nname = "evil"\nurl = "evil.xml"\noffice = "見本事務所"\nlanguage = "ja"\n'
    posts = (
        Post(
            id=f"x{n}",
            url=f"https://feeds.example/{n}",
            title=f"{n} 題 {payload}",
            html=f"<p>前の文。</p>{written(payload)}<p>後の文。</p>",
        )
        for n, payload in enumerate(payloads)
    )
    workspace(root, {})
    (root / MASTHEAD).write_text((root / MASTHEAD).read_text("utf-8").partition("[[feeds]]")[0] + table, "utf-8")
    (root / "evil.xml").write_bytes(rss(*posts))
    opened = desk.open_workspace(root)
    (outcome,) = desk.fetch(opened, report=lambda _outcome: None)
    assert len(outcome.new) == len(payloads)
    for case_id in outcome.new:
        path = desk.start_case(opened, case_id)
        path.write_text(path.read_text("utf-8").replace("公開範囲: members", "公開範囲: public"), "utf-8")
        casedesk.review_case(opened, case_id, by="校閲太郎", today=date(2025, 1, 20))
        desk.add_case(opened, case_id, "2025-01")
    return root


def published_feed(root: Path) -> Path:
    """The items of the feed that we publish, one for each case, as a page."""
    casedesk.feed(desk.open_workspace(root))
    items = json.loads((root / "build/feed/feed.json").read_text("utf-8"))["items"]
    assert len(items) == len(list((root / "issues/cases/evil").glob("*.source.md")))
    page = root / "build" / "items.html"
    shown = "".join(item["content_html"] for item in items)
    page.write_text(
        f'<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8"><title>x</title></head><body>{shown}</body></html>', "utf-8"
    )
    return page


@pytest.mark.parametrize("kind", PAYLOADS)
def test_nothing_of_a_hostile_feed_runs_asks_or_hides(tmp_path: Path, lab: Lab, kind: str) -> None:
    """From the feed through cleaning and the Japanese file to the mail, the web copy, and the feed that we publish ourselves."""
    root = fetched_workspace(tmp_path, PAYLOADS[kind])
    mail, web, _ = pages(root)
    ours = published_feed(root)
    for page in (ours, web, mail):
        assert lab.harm(page) == []
        assert "前の文。" in lab.tab.inner_text("body")
    assert unseen(lab.tab) == []


@pytest.mark.parametrize("kind", PAYLOADS)
def test_the_laboratory_sees_the_harm_of_a_raw_page(tmp_path: Path, lab: Lab, kind: str) -> None:
    """The same payloads on a page that nobody has cleaned."""
    page = tmp_path / "raw.html"
    page.write_text(f"<!DOCTYPE html><html><head><title>{PAYLOADS[kind][1]}</title></head><body>{PAYLOADS[kind][1]}</body></html>", "utf-8")
    assert lab.harm(page) or unseen(lab.tab)


def test_the_laboratory_sees_a_script_run_and_a_request_leave(tmp_path: Path, lab: Lab) -> None:
    """Its two most important senses, each by itself."""
    page = tmp_path / "raw.html"
    page.write_text(f'<p>本文<script>{RUN}</script><img src="https://{HOST}/x.png">', "utf-8")
    found = lab.harm(page)
    assert {"a script ran", "said 1", f"asked for https://{HOST}/x.png"} <= set(found)
