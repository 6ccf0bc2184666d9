"""The readers' pages, one request at a time: who looks changes nothing, who says so leaves, nobody learns who is on the list."""

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
from pipeline.delivery.roster import forget, history_of, suppress, suppression_at
from pipeline.delivery.store import SECRET
from pipeline.delivery.transport import Envelope, Fate, Outcome
from pipeline.desk import open_workspace
from pipeline.errors import ConfigError, SendError, StoreError, TemplateError
from tests import builders
from tests.delivery.pages import FORM, HANAKO, KEY, ONE_CLICK, TARO, Pages

SUBSCRIBE = "/enews/subscribe/"
NEW = "jiro@village.example.jp"
BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
MULTIPART = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--{BOUNDARY}--\r\n'


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pages:
    """A desk with two readers."""
    monkeypatch.setenv(SECRET, KEY)
    return Pages(tmp_path)


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


def test_joining_counts_when_the_mailbox_confirms(pages: Pages) -> None:
    """A mail to the address alone; its link asks, its button joins, once; the consent says how, when and by whom."""
    reply = pages.post(
        SUBSCRIBE, address=f"  {NEW.upper()}　", name="見本 次郎", organisation="みほん村", department="", segment="自治体", consent="yes"
    )
    assert (reply.status, reply.heading) == (200, "確認のメールをお送りしました")
    address = "JIRO@village.example.jp"
    assert not pages.gets_mail(address)
    (mail,) = pages.mails()
    assert (mail["To"], mail["From"].addresses[0].addr_spec, mail["Auto-Submitted"]) == (address, "enews@example.jp", "auto-generated")
    link = pages.confirmation()
    asked = pages.ask("GET", link)
    assert (asked.status, asked.heading) == (200, "お申し込みの確認")
    assert "見本 次郎" in asked.page
    assert not pages.gets_mail(address)
    assert pages.post(link, do="confirm").heading == "登録しました"
    reader = pages.reader(address)
    assert (reader.name, reader.organisation, reader.segment) == ("見本 次郎", "みほん村", "自治体")
    assert (reader.consent.how, reader.consent.on, reader.consent.by) == ("フォーム", "2025-02-03T10:15:30", "本人")
    after = pages.everything()
    for method, body in (("GET", b""), ("POST", b"do=confirm")):
        assert pages.ask(method, link, body).status == 404
    assert pages.everything() == after


def test_nobody_joins_without_saying_yes(pages: Pages) -> None:
    """No consent, no address, a wrong one, a segment that is none: said at the field, nothing held, no mail."""
    for fields, word in (
        ({"address": NEW}, "同意が必要です"),
        ({"consent": "yes"}, "メールアドレスが空欄です"),
        ({"address": "jiro@", "consent": "yes"}, "@ の前か後がありません"),
        ({"address": f"{NEW}, {TARO}", "consent": "yes"}, "アドレスが二つ以上あります"),
        ({"address": NEW, "consent": "yes", "segment": "火星"}, "一覧から選んでください"),
        ({"address": NEW, "consent": "yes", "name": "長" * 300}, "長すぎます"),
    ):
        reply = pages.post(SUBSCRIBE, **fields)
        assert (reply.status, word in reply.page) == (422, True), word
        assert 'aria-invalid="true"' in reply.page
    assert pages.mails() == []
    assert not [row for row in pages.everything() if row[0] == "pending"]


def test_a_mistyped_domain_is_asked_about_once(pages: Pages) -> None:
    """A domain that looks wrong is taken when the reader sends it a second time."""
    first = pages.post(SUBSCRIBE, address="jiro@gmial.com", consent="yes")
    assert (first.status, "打ち間違い" in first.page, "もう一度ボタンを" in first.page) == (422, True, True)
    assert "もう一度ボタンを" not in pages.post(SUBSCRIBE, address="jiro@", consent="yes").page
    assert '<input type="hidden" name="typed" value="jiro@gmial.com">' in first.page
    assert pages.post(SUBSCRIBE, address="jiro@gmial.com", consent="yes", typed="jiro@gmial.com").status == 200


def test_the_answer_does_not_tell_who_is_on_the_list(pages: Pages) -> None:
    """Known, gone, unknown: the same page and the same mail, but for address and link."""
    pages.ask("POST", pages.unsubscribe(TARO), ONE_CLICK)
    replies, mails = set(), set()
    for address in (HANAKO, TARO, NEW):
        reply = pages.post(SUBSCRIBE, address=address, consent="yes")
        mail = pages.mails()[-1]
        token = pages.confirmation().rpartition("/")[2]
        replies.add((reply.status, reply.page.replace(address[:2] + "***@" + address.partition("@")[2], "")))
        mails.add((mail["Subject"], *(mail.get_body((kind,)).get_content().replace(token, "") for kind in ("plain", "html"))))
    assert (len(replies), len(mails)) == (1, 1)


def test_no_word_of_a_stranger_is_in_a_mail(pages: Pages) -> None:
    """Names and offices that were typed on the page reach neither headers nor text: nobody writes to others in our name."""
    evil = "http://evil.example.net/\r\nBcc: all@example.com"
    pages.post(SUBSCRIBE, address=NEW, name=evil, organisation=evil, consent="yes")
    (mail,) = pages.mails()
    assert mail["Bcc"] is None
    assert "evil" not in mail.as_string() + "".join(mail.get_body((kind,)).get_content() for kind in ("plain", "html"))


def test_a_wish_waits_three_days(pages: Pages) -> None:
    """Then its link is none, and the next wish sweeps it out."""
    pages.post(SUBSCRIBE, address=NEW, consent="yes")
    link = pages.confirmation()
    pages.clock.pass_by(hours=71.9)
    assert pages.ask("GET", link).status == 200
    pages.clock.pass_by(hours=0.2)
    assert pages.ask("GET", link).status == pages.post(link, do="confirm").status == 404
    pages.post(SUBSCRIBE, address=TARO, consent="yes")
    assert len([row for row in pages.everything() if row[0] == "pending"]) == 1


def test_the_database_holds_no_token_that_confirms(pages: Pages) -> None:
    """Who reads it cannot click in a reader's name."""
    pages.post(SUBSCRIBE, address=NEW, consent="yes")
    token = pages.confirmation().rpartition("/")[2]
    assert len(token) == 32
    assert token not in str(pages.everything())


def test_details_are_mended(pages: Pages) -> None:
    """What the reader types is kept; the address is not shown in full; an empty field is erased."""
    page = pages.ask("GET", pages.preferences()).page
    assert all(word in page for word in ("見本 花子", "みほん市", "環境課", "<option selected>自治体</option>", "ha***@city.example.jp"))
    assert HANAKO not in page
    hostile = '"><script>alert(1)</script>'
    reply = pages.post(pages.preferences(), do="details", name=hostile, organisation="見本財団\r\nX: 1", department="", segment="NPO")
    assert (reply.status, reply.heading) == (200, "登録内容を変更しました")
    assert "<script>" not in reply.page
    reader = pages.reader(HANAKO)
    assert (reader.name, reader.organisation, reader.department, reader.segment) == (hostile, "見本財団 X: 1", "", "NPO")
    assert "<script>" not in pages.ask("GET", pages.preferences()).page


def test_a_new_address_counts_when_its_own_mailbox_confirms(pages: Pages) -> None:
    """Until then mail goes to the old one. After that the same reader has the new one, the old one is told and gets no more."""
    old_link = pages.unsubscribe()
    assert pages.post(pages.preferences(), do="address", address=NEW).status == 200
    assert [mail["To"] for mail in pages.mails()] == [NEW]
    link = pages.confirmation()
    assert link.startswith("/enews/preferences/")
    assert pages.ask("GET", link).heading == "アドレス変更の確認"
    assert (pages.gets_mail(HANAKO), pages.gets_mail(NEW)) == (True, False)
    assert pages.post(link, do="confirm").heading == "アドレスを変更しました"
    assert (pages.gets_mail(HANAKO), pages.gets_mail(NEW)) == (False, True)
    reader = pages.reader(NEW)
    assert (reader.id, reader.name, reader.consent.how) == (1, "見本 花子", "フォーム")
    assert pages.mails()[-1]["To"] == HANAKO
    assert NEW not in pages.mails()[-1].get_body(("plain",)).get_content()
    pages.ask("POST", old_link, ONE_CLICK)
    assert not pages.gets_mail(NEW)


def test_a_link_to_join_does_not_move_and_the_other_way_round(pages: Pages) -> None:
    """A token is good for the page that it was made for."""
    pages.post(pages.preferences(), do="address", address=NEW)
    token = pages.confirmation().rpartition("/")[2]
    before = pages.everything()
    assert pages.post(f"{SUBSCRIBE}{token}", do="confirm").status == 404
    assert pages.everything() == before


def test_moving_to_the_address_of_another_reader_leaves_one_of_them(pages: Pages) -> None:
    """Nothing tells that it is known; when its mailbox confirms, mail goes there once."""
    assert pages.post(pages.preferences(), do="address", address=TARO).heading == "確認のメールをお送りしました"
    pages.post(pages.confirmation(), do="confirm")
    assert (pages.gets_mail(HANAKO), pages.gets_mail(TARO)) == (False, True)
    assert pages.reader(TARO).name == "見本 太郎"


def test_moving_to_an_address_that_left_is_a_new_consent(pages: Pages) -> None:
    """Its own mailbox says so."""
    pages.ask("POST", pages.unsubscribe(TARO), ONE_CLICK)
    with pages.store() as store, store.change() as rows:
        rows.run("DELETE FROM subscribers WHERE id = 2")
    pages.post(pages.preferences(), do="address", address=TARO)
    pages.post(pages.confirmation(), do="confirm")
    assert (pages.gets_mail(HANAKO), pages.gets_mail(TARO)) == (False, True)


def test_who_left_after_asking_to_move_stays_away(pages: Pages) -> None:
    """The later word counts."""
    pages.post(pages.preferences(), do="address", address=NEW)
    link = pages.confirmation()
    pages.ask("POST", pages.unsubscribe(), ONE_CLICK)
    assert pages.post(link, do="confirm").status == 404
    assert (pages.gets_mail(HANAKO), pages.gets_mail(NEW)) == (False, False)


def test_the_page_of_preferences_lets_leave(pages: Pages) -> None:
    """And shows nothing of who left."""
    assert pages.post(pages.preferences(), do="leave").heading == "配信を停止しました"
    assert not pages.gets_mail(HANAKO)
    page = pages.ask("GET", pages.preferences()).page
    assert "見本 花子" not in page
    assert pages.post(pages.preferences(), do="details", name="x").heading == "配信は停止されています"
    assert pages.reader(HANAKO).name == "見本 花子"


def test_the_same_address_again_is_said(pages: Pages) -> None:
    """The reader's own, and one that is none."""
    for address, word in ((HANAKO, "いまのアドレスと同じ"), ("x", "@ がありません")):
        reply = pages.post(pages.preferences(), do="address", address=address)
        assert (reply.status, word in reply.page) == (422, True)
    assert pages.mails() == []


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
