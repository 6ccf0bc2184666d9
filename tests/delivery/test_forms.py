"""The readers' page to leave, one request at a time: who looks changes nothing, who says so leaves, a forged link does nothing."""

from __future__ import annotations

import pytest

from pipeline.delivery.roster import forget, history_of, suppress, suppression_at
from tests.delivery.pages import FORM, HANAKO, NEW, ONE_CLICK, SUBSCRIBE, TARO, Pages

BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
MULTIPART = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--{BOUNDARY}--\r\n'


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_changes_nothing(pages: Pages, method: str) -> None:
    """Every page, looked at as scanners do, also with the words of a POST in the query, leaves every table as it was."""
    pages.post(SUBSCRIBE, address=NEW, consent="yes")
    paths = [pages.unsubscribe(), pages.preferences(), SUBSCRIBE, pages.confirmation()]
    before = pages.everything()
    for path in paths:
        reply = pages.ask(method, path, QUERY_STRING="List-Unsubscribe=One-Click&do=leave&do=confirm")
        assert (reply.status, bool(reply.page)) == (200, method == "GET")
    assert pages.everything() == before
    assert pages.gets_mail(HANAKO)


def test_what_judges_these_tests_sees_a_click(pages: Pages) -> None:
    """The tables are not the same after a POST that acts."""
    before = pages.everything()
    pages.ask("POST", pages.unsubscribe(), ONE_CLICK)
    assert pages.everything() != before


def test_the_page_to_leave_shows_a_masked_address_and_asks(pages: Pages) -> None:
    """Enough for its owner, and a button."""
    page = pages.ask("GET", pages.unsubscribe()).page
    assert "ha***@city.example.jp" in page
    assert HANAKO not in page
    assert '<form method="post">' in page


def test_the_button_takes_the_reader_off_and_nobody_else(pages: Pages) -> None:
    """It is recorded how, when, and with which issue; the reader's row stays."""
    reply = pages.post(pages.unsubscribe(), do="leave")
    assert (reply.status, reply.heading) == (200, "配信を停止しました")
    assert (pages.gets_mail(HANAKO), pages.gets_mail(TARO)) == (False, True)
    with pages.store() as store, store.read() as rows:
        stopped = suppression_at(rows, HANAKO, store.secret)
        issue = rows.one("SELECT issue FROM suppressions")["issue"]
        assert history_of(rows, 1)[-1] == ("2025-02-03T10:15:30", "suppress", "配信停止 フォーム")
    assert (stopped.reason, stopped.via, stopped.at, issue) == ("配信停止", "フォーム", "2025-02-03T10:15:30", "2025-01")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (ONE_CLICK, FORM),
        (ONE_CLICK, f"{FORM}; charset=utf-8"),
        (ONE_CLICK, ""),
        (ONE_CLICK + b"\r\n", FORM),
        (MULTIPART.encode(), f"multipart/form-data; boundary={BOUNDARY}"),
        (MULTIPART.encode(), f'Multipart/Form-Data; charset=utf-8; boundary="{BOUNDARY}"'),
        (MULTIPART.replace("\r\n", "\n").encode(), f"multipart/form-data; boundary={BOUNDARY}"),
        (("preamble\r\n" + MULTIPART).encode(), f"multipart/form-data; boundary={BOUNDARY}"),
    ],
    ids=["urlencoded", "charset", "no type", "line end", "multipart", "quoted boundary", "bare line ends", "preamble"],
)
def test_one_click_leaves_at_once(pages: Pages, body: bytes, kind: str) -> None:
    """RFC 8058: 200 without redirect or cookie, whichever way the body is written; again and again is the same."""
    before = None
    for _ in range(3):
        reply = pages.ask("POST", pages.unsubscribe(), body, CONTENT_TYPE=kind)
        assert reply.status == 200
        assert not {"location", "set-cookie", "refresh"} & reply.headers.keys()
        assert not pages.gets_mail(HANAKO)
        assert before in (None, pages.everything())
        before = pages.everything()
    with pages.store() as store, store.read() as rows:
        assert suppression_at(rows, HANAKO, store.secret).via == "ワンクリック"


@pytest.mark.parametrize("body", [b"", b"x=1", b"List-Unsubscribe=Two-Clicks", b"do=stay", b"\xff\xfe\0", b"List-Unsubscribe"])
def test_a_post_that_says_something_else_only_asks(pages: Pages, body: bytes) -> None:
    """400 for the machine that sent it, and the question for a person."""
    reply = pages.ask("POST", pages.unsubscribe(), body)
    assert (reply.status, reply.heading) == (400, "配信停止の確認")
    assert pages.gets_mail(HANAKO)


def forged(pages: Pages) -> list[str]:
    """Tokens of another key, another purpose, another reader's number, another issue, cut, doubled, empty."""
    good = pages.unsubscribe()
    slug, number, mark = good.rpartition("/")[2].split(".")
    other = pages.path("unsubscribe", secret=b"another-key-of-another-desk")
    words = [
        pages.preferences().rpartition("/")[2],
        other.rpartition("/")[2],
        f"{slug}.2.{mark}",
        f"{slug}.99.{mark}",
        f"2025-02.{number}.{mark}",
        f"{slug}.{number}.{mark[:-1]}",
        f"{slug}.{number}.{mark}a",
        f"{slug}.{number}.{'a' * 20}",
        f"{slug}.0{number}.{mark}x",
        f"{slug}.{number}.",
        "..",
        "%2e%2e%2f",
        "%00",
        "a" * 400,
        "１.１.１",
        "",
    ]
    return [f"/enews/unsubscribe/{word}" for word in words]


def test_a_forged_link_does_nothing_and_says_how_to_leave(pages: Pages) -> None:
    """Whatever is wrong with it: the same page, by GET and by POST, with the address for a reply."""
    before, seen = pages.everything(), set()
    for path in forged(pages):
        for method, body in (("GET", b""), ("POST", ONE_CLICK)):
            reply = pages.ask(method, path, body)
            assert reply.status == 404, path
            assert "mailto:enews@example.jp?subject=" in reply.page
            seen.add(reply.page)
    assert len(seen) == 1
    assert pages.everything() == before


def test_a_token_of_the_masthead_s_case_and_slash_is_the_same(pages: Pages) -> None:
    """Mail programs that fold case or add a slash keep nobody from leaving."""
    token = pages.unsubscribe().rpartition("/")[2]
    assert pages.ask("POST", f"/enews/unsubscribe/{token.upper()}/", ONE_CLICK).status == 200
    assert not pages.gets_mail(HANAKO)


def test_a_replayed_link_of_one_who_came_back_is_still_theirs(pages: Pages) -> None:
    """Leaving, coming back by a confirmed address, leaving again with the first issue's link: the last word counts each time."""
    link = pages.unsubscribe()
    pages.ask("POST", link, ONE_CLICK)
    pages.post(SUBSCRIBE, address=HANAKO, consent="yes")
    assert not pages.gets_mail(HANAKO)
    assert pages.post(pages.confirmation(), do="confirm").heading == "登録しました"
    assert pages.gets_mail(HANAKO)
    assert pages.reader(HANAKO).organisation == "みほん市"
    pages.ask("POST", link, ONE_CLICK)
    assert not pages.gets_mail(HANAKO)


@pytest.mark.parametrize("reason", ["不達", "苦情", "削除"])
def test_a_confirmed_consent_lifts_whatever_stopped_the_mail(pages: Pages, reason: str) -> None:
    """Returned, complained, forgotten: the mailbox itself says yes, and nothing before it does."""
    with pages.store() as store, store.change() as rows:
        if reason == "削除":
            forget(rows, HANAKO, secret=store.secret, now="2025-02-03T09:00:00")
        else:
            suppress(rows, HANAKO, reason=reason, via="", secret=store.secret, now="2025-02-03T09:00:00")
    pages.post(SUBSCRIBE, address=HANAKO, consent="yes")
    pages.ask("GET", pages.confirmation())
    assert not pages.gets_mail(HANAKO)
    pages.post(pages.confirmation(), do="confirm")
    assert pages.gets_mail(HANAKO)
    assert pages.reader(HANAKO).consent.how == "フォーム"


def test_a_link_of_a_reader_who_is_gone_is_answered_kindly(pages: Pages) -> None:
    """Struck off the list meanwhile: 200 for the machine, and no word of who it was."""
    link = pages.unsubscribe()
    with pages.store() as store, store.change() as rows:
        rows.run("DELETE FROM subscribers WHERE id = 1")
    for method, body in (("GET", b""), ("POST", ONE_CLICK)):
        reply = pages.ask(method, link, body)
        assert (reply.status, "いまの名簿にありません" in reply.page) == (200, True)
