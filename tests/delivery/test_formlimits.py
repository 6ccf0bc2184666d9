"""What the readers' pages refuse and bear: bodies, paths, floods, proxies, a mail server that hangs, a house in trouble."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from pipeline import formdesk
from pipeline.config import Web
from pipeline.delivery.courier import LANES
from pipeline.delivery.formanswers import Limits
from pipeline.delivery.forms import METHODS, routes_of
from pipeline.delivery.limits import Limit
from pipeline.delivery.roster import forget
from pipeline.delivery.store import SECRET
from pipeline.delivery.transport import Envelope, Fate, Outcome
from pipeline.desk import open_workspace
from pipeline.errors import ConfigError, SendError, StoreError, TemplateError
from tests import builders
from tests.delivery.pages import HANAKO, KEY, NEW, ONE_CLICK, SUBSCRIBE, TARO, Pages


def test_every_answer_bears_the_same_safe_headers(pages: Pages) -> None:
    """Good, lost, missing and refused pages alike: own style only, no referrer, not stored, not indexed, not framed, no cookie."""
    wanted = [
        pages.ask("GET", pages.unsubscribe()),
        pages.ask("GET", "/enews/unsubscribe/x"),
        pages.ask("GET", "/wp-login.php"),
        pages.ask("PUT", SUBSCRIBE),
        pages.ask("POST", SUBSCRIBE, b"x" * 70_000),
        pages.ask("HEAD", SUBSCRIBE),
    ]
    assert [reply.status for reply in wanted] == [200, 404, 404, 405, 413, 200]
    for reply in wanted:
        headers = reply.headers
        assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "noindex" in headers["x-robots-tag"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in headers
        assert "unsafe" not in headers["content-security-policy"]
        assert not [word for word in ("<script", "http-equiv", "<img", "<iframe", "@import", "url(") if word in reply.page]
    assert wanted[3].headers["allow"] == ", ".join(METHODS)


@pytest.mark.parametrize(
    ("body", "environ", "status"),
    [
        (b"x" * 65_537, {}, 413),
        (ONE_CLICK, {"CONTENT_LENGTH": "99999999999"}, 413),
        (ONE_CLICK, {"CONTENT_LENGTH": "9" * 400}, 400),
        (ONE_CLICK, {"CONTENT_LENGTH": "27"}, 400),
        (ONE_CLICK, {"CONTENT_LENGTH": "１１"}, 400),
        (ONE_CLICK, {"HTTP_TRANSFER_ENCODING": "chunked"}, 411),
    ],
)
def test_a_body_that_cannot_be_had_is_refused(pages: Pages, body: bytes, environ: dict[str, str], status: int) -> None:
    """Too large, longer than said, of no length: nothing is done."""
    before = pages.everything()
    assert pages.ask("POST", pages.unsubscribe(), body, **environ).status == status
    assert pages.everything() == before


def test_a_form_of_64_kilobytes_is_read(pages: Pages) -> None:
    """The limit is one that a real form never meets."""
    assert pages.ask("POST", pages.unsubscribe(), (ONE_CLICK + b"&x=").ljust(65_536, b"y")).status == 200
    assert not pages.gets_mail(HANAKO)


def test_a_thousand_fields_are_none(pages: Pages) -> None:
    """A body made to be slow is no form."""
    assert pages.ask("POST", pages.unsubscribe(), b"&".join(b"a=1" for _ in range(10_000)) + b"&" + ONE_CLICK).status == 400


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "//enews/unsubscribe/x",
        "/enews",
        "/enews/",
        "/enews/../enews/subscribe/",
        "/enews/subscribe/../unsubscribe/x",
        "/enews/subscribe/a/b",
        "/enews/subscribers/desk.sqlite3",
        "/enews/subscribe%00/",
        "/subscribe/",
        "/ENEWS/subscribe/",
        "/enews/subscribe/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/enews/forms/style.css",
        "/" + "a" * 60_000,
    ],
)
def test_tricks_with_paths_find_no_page(pages: Pages, path: str) -> None:
    """Only the masthead's own paths are pages, with one step behind them; no file is ever opened by a path."""
    reply = pages.ask("GET", path)
    assert reply.status == 404
    assert "sqlite" not in reply.page


def test_pages_are_found_under_a_mounted_prefix(pages: Pages) -> None:
    """A server that puts the first part of the path into SCRIPT_NAME."""
    assert pages.ask("GET", "/subscribe/", SCRIPT_NAME="/enews").status == 200


def test_a_log_line_says_method_page_and_status(pages: Pages) -> None:
    """And nothing that a request said: no address, no token, no client."""
    pages.ask("GET", pages.unsubscribe())
    pages.post(SUBSCRIBE, address=NEW, consent="yes")
    pages.ask("TRACE", "/enews/coffee")
    pages.ask("PUT", SUBSCRIBE)
    assert pages.log == ["GET unsubscribe 200", "POST subscribe 200", "OTHER - 404", "OTHER subscribe 405"]


def test_a_client_who_asks_too_often_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking and guessing are counted by client; others, and a good link that leaves, are not kept waiting."""
    monkeypatch.setenv(SECRET, KEY)
    pages = Pages(tmp_path, limits=Limits(looks=Limit(5, 60, clock=lambda: 0.0)))
    forged_path = pages.path("unsubscribe", secret=b"another-key-of-another-desk")
    assert [pages.ask("POST", forged_path, ONE_CLICK).status for _ in range(7)] == [404] * 5 + [429] * 2
    refused = pages.ask("GET", pages.unsubscribe())
    assert (refused.status, refused.headers["retry-after"]) == (429, "12")
    assert pages.ask("GET", pages.unsubscribe(), REMOTE_ADDR="198.51.100.8").status == 200
    assert pages.ask("POST", pages.unsubscribe(), ONE_CLICK).status == 200
    assert not pages.gets_mail(HANAKO)


def test_a_mailbox_is_not_flooded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three mails a day to one address, however many clients ask and however it is written; another address gets its own."""
    monkeypatch.setenv(SECRET, KEY)
    pages = Pages(tmp_path)
    spellings = [NEW, NEW.upper(), "Jiro@village.example.jp", NEW, NEW]
    statuses = [
        pages.ask("POST", SUBSCRIBE, urlencode({"address": one, "consent": "yes"}).encode(), REMOTE_ADDR=f"198.51.100.{n}").status
        for n, one in enumerate(spellings)
    ]
    assert statuses == [200, 200, 200, 429, 429]
    assert len(pages.mails()) == 3
    assert pages.post(SUBSCRIBE, address=TARO, consent="yes").status == 200


def test_a_client_asks_for_twenty_mails_an_hour(pages: Pages) -> None:
    """Whatever addresses they are for."""
    statuses = [pages.post(SUBSCRIBE, address=f"reader{n}@example.com", consent="yes").status for n in range(22)]
    assert (statuses.count(200), statuses[-1]) == (20, 429)


@pytest.mark.parametrize(
    ("environ", "other", "same"),
    [
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "1.2.3.4, 198.51.100.1"}, {"HTTP_X_FORWARDED_FOR": "198.51.100.2"}, False),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "1.2.3.4, 198.51.100.1"}, {"HTTP_X_FORWARDED_FOR": "9.9.9.9, 198.51.100.1"}, True),
        ({"REMOTE_ADDR": "203.0.113.9", "HTTP_X_FORWARDED_FOR": "198.51.100.1"}, {"HTTP_X_FORWARDED_FOR": "198.51.100.2"}, True),
        ({"REMOTE_ADDR": "2001:db8::1"}, {"REMOTE_ADDR": "2001:db8::ffff:2"}, True),
        ({"REMOTE_ADDR": "2001:db8::1"}, {"REMOTE_ADDR": "2001:db8:0:1::1"}, False),
        ({"REMOTE_ADDR": "::ffff:198.51.100.1"}, {"REMOTE_ADDR": "198.51.100.1"}, True),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "nonsense"}, {"HTTP_X_FORWARDED_FOR": "other"}, True),
    ],
)  # fmt: skip
def test_a_client_is_who_our_own_proxy_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], other: dict[str, str], *, same: bool
) -> None:
    """The last name in X-Forwarded-For, if the peer is our own proxy; nobody gets out of the count by writing the header themselves."""
    monkeypatch.setenv(SECRET, KEY)
    pages = Pages(tmp_path, limits=Limits(looks=Limit(1, 60, clock=lambda: 0.0)))
    assert pages.ask("GET", SUBSCRIBE, b"", **environ).status == 200
    assert (pages.ask("GET", SUBSCRIBE, b"", **{**environ, **other}).status == 429) is same


def test_a_count_is_bounded_and_runs_out() -> None:
    """So many at once, then one each step; never more keys than said; a refused one costs nothing."""
    time = [0.0]
    limit = Limit(3, 60, keys=100, clock=lambda: time[0])
    assert [limit.wait("a") for _ in range(4)] == [0, 0, 0, 20]
    assert limit.wait("a") == 20
    time[0] = 20
    assert (limit.wait("a"), limit.wait("a")) == (0, 20)
    assert limit.wait("b") == 0
    for number in range(1000):
        limit.wait(str(number))
    assert len(limit) == 100


class Silent:
    """A mail server that does not take anything, in one of three ways."""

    def __init__(self, how: str) -> None:
        self.how = how

    def ready(self) -> None:
        """Not always."""
        if self.how == "away":
            raise SendError("no connection to jiro@village.example.jp")

    def deliver(self, message: bytes, envelope: Envelope) -> Outcome:
        """Never."""
        assert message
        assert envelope.recipient
        return Outcome(fate=Fate(self.how))

    def close(self) -> None:
        """Nothing."""


@pytest.mark.parametrize("how", ["away", "refused", "deferred", "queued"])
def test_a_mail_that_cannot_be_sent_is_said(pages: Pages, how: str) -> None:
    """503 and no wish is left waiting; the words of the server are in no page and no log."""
    courier = replace(pages.forms.answers.courier, transport=lambda: Silent(how))
    pages.forms = replace(pages.forms, answers=replace(pages.forms.answers, courier=courier))
    before = pages.everything()
    reply = pages.post(SUBSCRIBE, address=NEW, consent="yes")
    assert (reply.status, "確認のメールをお送りできませんでした" in reply.page) == (503, True)
    assert pages.everything() == before
    assert NEW not in reply.page + "".join(pages.log)


def test_a_mail_server_that_hangs_keeps_nobody_from_leaving(pages: Pages) -> None:
    """When as many wait for it as may, the next is told at once, and leaving needs no mail."""
    for _ in range(LANES):
        assert pages.forms.answers.courier.lanes.acquire(blocking=False)
    assert pages.post(SUBSCRIBE, address=NEW, consent="yes").status == 503
    assert pages.ask("POST", pages.unsubscribe(), ONE_CLICK).status == 200


def test_trouble_in_the_house_still_shows_a_way_to_leave(pages: Pages) -> None:
    """A database that cannot be opened, a template that is broken: 503, how to leave by mail, the kind of trouble in the log, and none of its words."""
    answers = pages.forms.answers

    def closed() -> object:
        raise StoreError(f"cannot read the row of {HANAKO}")

    link = pages.unsubscribe()
    pages.forms = replace(pages.forms, answers=replace(answers, store=closed))  # type: ignore[arg-type]
    reply = pages.ask("POST", link, ONE_CLICK)
    assert (reply.status, "mailto:enews@example.jp" in reply.page) == (503, True)
    assert pages.log[-1] == "POST unsubscribe 503 StoreError"
    (pages.root / "templates" / "forms").mkdir(parents=True)
    (pages.root / "templates" / "forms" / "page.html.j2").write_text("{{ broken", encoding="utf-8")
    broken = replace(pages.forms.pages, templates=(pages.root / "templates", *pages.forms.pages.templates))
    pages.forms = replace(pages.forms, pages=broken, answers=answers)
    reply = pages.ask("GET", link)
    assert (reply.status, "enews@example.jp" in reply.page) == (503, True)
    assert pages.log[-1] == "GET unsubscribe 503 TemplateError"


def test_what_cannot_work_is_refused_before_anybody_comes(pages: Pages) -> None:
    """No mail server, no page to leave on, two pages on one path, a return path that is no address, a broken template."""
    workspace = open_workspace(pages.root)
    with pytest.raises(SendError, match="host"):
        formdesk.application(workspace, log=print)
    web: Web = workspace.masthead.web
    for changed, word in ((replace(web, unsubscribe=""), "unsubscribe"), (replace(web, preferences=web.unsubscribe), "別々")):
        with pytest.raises(ConfigError, match=word):
            routes_of(replace(workspace.masthead, web=changed))
    lost = replace(workspace.masthead, smtp=replace(workspace.masthead.smtp, return_path="b at example.jp"))
    with pytest.raises(ConfigError, match="return_path"):
        formdesk.application(replace(workspace, masthead=lost), log=print, folder=pages.mailbox)
    (pages.root / "templates" / "forms").mkdir(parents=True)
    (pages.root / "templates" / "forms" / "mail.txt.j2").write_text("{{ nobody }}", encoding="utf-8")
    with pytest.raises(TemplateError, match=r"forms/mail\.txt\.j2"):
        formdesk.application(open_workspace(pages.root), log=print, folder=pages.mailbox)


def test_a_page_lies_at_the_root_if_the_masthead_says_so() -> None:
    """Any prefix, also none; the longest path wins."""
    masthead = builders.masthead()
    web = replace(masthead.web, subscribe_url="https://join.example.jp", unsubscribe="https://join.example.jp/u/", preferences="")
    assert routes_of(replace(masthead, web=web)) == (("/u", "unsubscribe"), ("", "subscribe"))


def test_what_waits_is_forgotten_with_the_person(pages: Pages) -> None:
    """``forget`` takes wishes too: they hold an address."""
    pages.post(pages.preferences(), do="address", address=NEW)
    with pages.store() as store, store.change() as rows:
        data = json.loads(rows.one("SELECT data FROM pending")["data"])
        assert data["address"] == NEW
        forget(rows, HANAKO, secret=store.secret, now="2025-02-03T11:00:00")
        assert rows.one("SELECT 1 FROM pending") is None
