"""``enews check --online`` against real servers on this machine: each misbehaviour has its finding, and nobody is asked what must not be."""

from __future__ import annotations

import json
import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import MASTHEAD
from pipeline.desk import check, open_workspace
from pipeline.model import Answer, Finding
from pipeline.proofdesk import check_online, proof
from pipeline.sources.addresses import anywhere
from pipeline.sources.links import HostDone, Pace, ask_links, read_answers, still_valid, write_answers
from pipeline.sources.retrieve import Limits
from tests.builders import draft, workspace
from tests.checks.examples import prepared
from tests.sources.webserver import Page, WebServer, broken, data, html, redirect, silent
from tests.test_build import enews

QUICK = Pace(pause=0.01, limits=Limits(wait=0.3, total=0.6, size=100_000))
LOGIN = '<form><input type="Password" name="p"></form>'
pytestmark = pytest.mark.loopback


@pytest.fixture
def web() -> Iterator[WebServer]:
    """The others' server."""
    with WebServer() as running:
        yield running


@pytest.fixture
def ours() -> Iterator[WebServer]:
    """Our own server, with the web copy in its place."""
    with WebServer() as running:
        running.pages["/enews/2025-01/"] = html("イクレイ日本e-News 2025年1月号")
        yield running


def issue(folder: Path, ours: WebServer, body: str, **entries: str) -> Path:
    """A workspace whose own pages are on ``ours``; the home page and the footer's are there."""
    root = workspace(folder, {"10-a.md": draft(body=body, **entries), **(prepared() if "写真" in entries else {})})
    path = root / MASTHEAD
    path.write_text(
        path.read_text("utf-8").replace("https://www.example.jp", ours.url("")).replace("https://japan.iclei.org", ours.url("")), "utf-8"
    )
    for page in ("/", "/enews/subscribe/", "/enews/archive/", "/privacy/"):
        ours.pages[page] = html("ページ")
    return root


def look(root: Path, *, fresh: bool = False, report: Callable[[HostDone], None] = lambda _done: None) -> tuple[Finding, ...]:
    """What the online check adds."""
    desk = open_workspace(root)
    checked = check_online(desk, check(desk, "2025-01"), fresh=fresh, permits=anywhere, pace=QUICK, report=report)
    return tuple(finding for finding in checked.findings if finding.code.startswith("ONL"))


def codes(root: Path, **options: Any) -> list[str]:
    """Their codes with severities."""
    return [f"{finding.code} {finding.severity.value}" for finding in look(root, **options)]


GOOD: dict[str, Page] = {
    "a page": html("案内"),
    "a file": data(b"%PDF-1.7", "application/pdf"),
    "a file of unknown length": data(b"%PDF-1.7", "application/pdf", length=False),
    "HEAD refused": html("案内", head=405),
    "HEAD unknown": html("案内", head=404),
    "HEAD forbidden": html("案内", head=403),
    "a page with a search for members": html("案内", LOGIN),
    "Shift JIS": data("<meta charset=shift_jis><title>案内</title>".encode("cp932"), "text/html"),
    "an endless page": data(b"<title>x</title>" + b"x" * 300_000),
    "a page that speaks of missing persons": html("案内", "<p>" + "長い本文です。" * 80 + "ページが見つかりません</p>"),
    "a slash": redirect("/page/"),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_link_is_no_finding(tmp_path: Path, web: WebServer, ours: WebServer, name: str) -> None:
    """Also where a server does not know HEAD, or adds a slash."""
    web.pages |= {"/page": GOOD[name], "/page/": html("案内")}
    assert codes(issue(tmp_path, ours, f"[案内]({web.url('/page')})")) == []


BAD: dict[str, tuple[Page, str]] = {
    "gone": (html("なし", status=404), "ONL001 warning"),
    "gone for good": (html("なし", status=410), "ONL001 warning"),
    "to a strange host": (redirect("http://user:pw@x.example/"), "ONL001 warning"),
    "soft 404 in the title": (html("お探しのページが見つかりません｜みほん市"), "ONL003 warning"),
    "soft 404 in English": (html("Page not found - City"), "ONL003 warning"),
    "soft 404 in the text": (data("<p>指定されたページは存在しません。</p>".encode()), "ONL003 warning"),
    "sent to the front page": (redirect("/", 302), "ONL003 warning"),
    "sent to the front page for good": (redirect("/"), "ONL003 warning"),
    "401": (html("認証", status=401), "ONL004 warning"),
    "403 with a form": (html("会員ページ", LOGIN, status=403), "ONL004 warning"),
    "a log-in page": (html("ログイン", LOGIN), "ONL004 warning"),
    "sent to a log-in page": (redirect("/accounts/login?next=/page", 302), "ONL004 warning"),
    "moved on the same site": (redirect("/new"), "ONL002 note"),
    "a robot refused": (html("Forbidden", status=403), "ONL006 note"),
    "busy": (html("Busy", status=429), "ONL006 note"),
    "ill": (html("Error", status=503), "ONL006 note"),
    "a loop": (redirect("/page"), "ONL006 note"),
    "to a file": (redirect("file:///etc/passwd"), "ONL006 note"),
    "silent": (silent, "ONL006 note"),
    "no HTTP": (broken, "ONL006 note"),
}


@pytest.mark.parametrize("name", BAD)
def test_each_misbehaviour_has_its_finding_at_the_place_of_the_link(tmp_path: Path, web: WebServer, ours: WebServer, name: str) -> None:
    """Code, severity, file and line; one finding a link."""
    page, expected = BAD[name]
    web.pages |= {"/page": page, "/": html("みほん市"), "/new": html("新しい案内"), "/accounts/login?next=/page": html("入口")}
    (found,) = look(issue(tmp_path, ours, f"詳しくは[案内]({web.url('/page')})へ"))
    assert f"{found.code} {found.severity.value}" == expected
    assert str(found.place) == "issues/2025-01/10-a.md:6:10"
    assert web.url("/page") in found.message
    assert found.hint


def test_a_move_to_another_site_is_to_be_confirmed_with_its_new_address(tmp_path: Path, web: WebServer, ours: WebServer) -> None:
    """The new address is in the hint, ready to be copied."""
    web.pages["/page"] = redirect(ours.url("/privacy/").replace("127.0.0.1", "localhost"))
    (found,) = look(issue(tmp_path, ours, web.url("/page")))
    assert (found.code, found.severity.value) == ("ONL002", "warning")
    assert ours.url("/privacy/").replace("127.0.0.1", "localhost") in found.hint


def test_a_temporary_redirect_is_nobodys_business(tmp_path: Path, web: WebServer, ours: WebServer) -> None:
    """Sites send readers to the page of the day."""
    web.pages |= {"/page": redirect("/today/1", 302), "/today/1": html("今日の案内")}
    assert codes(issue(tmp_path, ours, web.url("/page"))) == []


def test_a_broken_link_on_our_own_host_is_ours_to_mend(tmp_path: Path, ours: WebServer) -> None:
    """要修正, because nobody else can."""
    ours_named = ours.url("/old/")
    assert codes(issue(tmp_path, ours, ours_named)) == ["ONL001 error"]


def test_https_that_no_browser_trusts_is_broken(tmp_path: Path, web: WebServer, ours: WebServer) -> None:
    """A server that does not speak TLS where the link says https."""
    (found,) = look(issue(tmp_path, ours, web.url("/page").replace("http:", "https:")))
    assert (found.code, "証明書" in found.message) == ("ONL001", True)
    assert web.asked == []


def test_a_name_that_nobody_has_is_broken_and_a_resolver_that_is_silent_is_not(
    tmp_path: Path, ours: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No such server is the link's fault, no resolver the network's."""
    real, fault = socket.getaddrinfo, [socket.EAI_NONAME]

    def resolve(host: str, *arguments: Any, **options: Any) -> Any:
        if host == "nobody.example":
            raise socket.gaierror(fault[0], "resolver")
        return real(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    root = issue(tmp_path, ours, "https://nobody.example/page")
    assert codes(root) == ["ONL001 warning"]
    fault[0] = socket.EAI_AGAIN
    assert codes(root) == ["ONL006 note"]


def test_without_a_network_one_note_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads thirty findings that mean one thing."""

    def nobody(*_arguments: Any, **_options: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "no network")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    root = workspace(tmp_path, {"10-a.md": draft(body="https://a.example/ https://b.example/")})
    (found,) = look(root)
    assert (found.code, found.severity.value) == ("ONL006", "note")
    assert "どれからも応答がなく" in found.message


def test_what_could_stop_a_readers_mail_is_never_asked_for(tmp_path: Path, web: WebServer, ours: WebServer) -> None:
    """Our own pages for it, those of other senders, and mail addresses: not even by HEAD."""
    paths = ("/unsubscribe?u=1", "/opt-out/9", "/mail/unsub/7", "/preferences/1", "/enews/unsubscribe/abc")
    body = "\n\n".join([*(web.url(path) for path in paths), "a@example.jp", f"[案内]({web.url('/page')})", "[宛先](mailto:b@example.jp)"])
    body += f"\n\n{web.url('/short')}"
    web.pages |= {"/page": html("案内"), "/short": redirect("/unsubscribe?u=2", 302)}
    assert codes(issue(tmp_path, ours, body)) == ["ONL006 note"]
    assert {path for _, path in web.asked} == {"/page", "/short"}
    assert not any("unsubscribe" in path or "preferences" in path for _, path in ours.asked)


def test_each_address_is_asked_for_once(tmp_path: Path, web: WebServer, ours: WebServer) -> None:
    """However often it is written, with whatever anchor: one HEAD, and one GET for a page; one finding for each place."""
    body = f"{web.url('/page')}\n\n[二度目]({web.url('/page#b')})と[三度目]({web.url('/page')})\n\n{web.url('/file.pdf')}"
    web.pages["/file.pdf"] = data(b"%PDF", "application/pdf")
    found = codes(issue(tmp_path, ours, body, 詳細=web.url("/page")))
    assert web.methods("/page") == ["HEAD", "GET"]
    assert web.methods("/file.pdf") == ["HEAD"]
    assert all(len(ours.methods(path)) == 2 for _, path in ours.asked)
    assert found == ["ONL001 warning"] * 4
    assert all("enews" in agent for agent in web.agents)


def test_one_host_is_asked_gently_and_several_side_by_side(web: WebServer, ours: WebServer) -> None:
    """One connection at a time with a pause for each host; the hosts do not wait for each other."""
    urls = [server.url(f"/{n}") for server in (web, ours) for n in range(3)]
    done: list[HostDone] = []
    pace = Pace(pause=0.15, limits=QUICK.limits)
    answers = ask_links([*urls, *urls], permits=anywhere, pace=pace, report=done.append)
    assert (len(answers), web.busiest, ours.busiest, len(done)) == (6, 1, 1, 2)
    starts = [at for at, (method, _) in zip(web.at, web.asked, strict=True) if method == "HEAD"]
    assert all(later - earlier >= 0.15 for earlier, later in pairwise(starts))
    assert web.at[0] < ours.at[-1]
    assert ours.at[0] < web.at[-1]


def test_a_silent_host_is_left_alone(web: WebServer) -> None:
    """After two links without an answer the rest is not tried: the check ends soon."""
    web.pages |= {f"/{n}": silent for n in range(9)}
    answers = ask_links([web.url(f"/{n}") for n in range(9)], permits=anywhere, pace=QUICK)
    assert {path for _, path in web.asked} == {"/0", "/1"}
    assert [answer.fault for answer in answers.values()] == ["network"] * 9


def test_this_machine_and_the_office_are_never_asked(tmp_path: Path, web: WebServer) -> None:
    """As an editor runs it, an address of this machine is a finding and no request."""
    root = workspace(tmp_path, {"10-a.md": draft(body=f"[案内]({web.url('/page')})")})
    path = root / MASTHEAD
    path.write_text(
        path.read_text("utf-8").replace("https://www.example.jp", web.url("")).replace("https://japan.iclei.org", web.url("")), "utf-8"
    )
    assert enews(root, "check", "2025-01", "--online", "--json") == 1
    assert web.asked == []


def test_the_command_shows_each_host_and_the_findings(tmp_path: Path, web: WebServer, capsys: pytest.CaptureFixture[str]) -> None:
    """A line as each host is done, then the report; offline check says nothing of links."""
    root = workspace(tmp_path, {"10-a.md": draft(body=f"[案内]({web.url('/page')})")})
    path = root / MASTHEAD
    path.write_text(
        path.read_text("utf-8").replace("https://www.example.jp", web.url("")).replace("https://japan.iclei.org", web.url("")), "utf-8"
    )
    enews(root, "check", "2025-01", "--online")
    out = capsys.readouterr().out
    assert f"  {web.url('')[7:]}：" in out
    assert "issues/2025-01/10-a.md:6:6 要修正 ONL001" in out
    assert "わけ　：" in out
    enews(root, "check", "2025-01")
    assert "ONL" not in capsys.readouterr().out


OWN: dict[str, tuple[dict[str, Page], list[str]]] = {
    "all there": ({}, []),
    "no web copy": ({"/enews/2025-01/": html("なし", status=404)}, ["ONL005 warning"]),
    "a web copy that says it is none": ({"/enews/2025-01/": html("ページが見つかりません")}, ["ONL005 warning"]),
    "a web copy as a download": ({"/enews/2025-01/": data(b"<p>", "application/octet-stream")}, ["ONL005 warning"]),
    "an ill server": ({"/enews/2025-01/": html("Error", status=502)}, ["ONL006 note"]),
    "no picture": ({"picture": html("なし", status=404)}, ["ONL005 warning"]),
    "a page for a picture": ({"picture": html("写真")}, ["ONL005 warning"]),
    "another picture": ({"picture": data(b"\xff\xd8", "image/jpeg")}, ["ONL005 warning"]),
}


@pytest.mark.parametrize("name", OWN)
def test_our_own_pages_are_there_before_the_mail_goes(tmp_path: Path, ours: WebServer, name: str) -> None:
    """Web copy and pictures with their type and bytes."""
    root = issue(tmp_path, ours, "本文です。", 写真="images/a.jpg", 代替文="図", 写真提供="図：編集部")
    (picture,) = (root / "issues/2025-01/images/web").glob("a-*.jpg")
    pages, expected = OWN[name]
    at = f"/enews/images/2025-01/{picture.name}"
    ours.pages[at] = data(picture.read_bytes(), "image/jpeg")
    ours.pages |= {(at if path == "picture" else path): page for path, page in pages.items()}
    found = look(root)
    assert [f"{finding.code} {finding.severity.value}" for finding in found] == expected
    assert all("先に公開" in finding.hint for finding in found if finding.code == "ONL005")


def test_answers_are_remembered_until_fresh_is_asked_for(tmp_path: Path, web: WebServer, ours: WebServer) -> None:
    """A second check asks only for our own pages; --fresh asks for all; what the network was to blame for is asked again."""
    web.pages |= {"/page": html("案内"), "/silent": silent}
    root = issue(tmp_path, ours, f"{web.url('/page')}\n\n{web.url('/silent')}")
    assert codes(root) == ["ONL006 note"]
    ours.asked.clear()
    web.pages["/silent"] = html("案内")
    assert codes(root) == []
    assert web.methods("/page") == ["HEAD", "GET"]
    assert {path for _, path in ours.asked} == {"/enews/2025-01/"}
    codes(root, fresh=True)
    assert web.methods("/page") == ["HEAD", "GET"] * 2


def test_the_titles_of_pages_are_in_the_collation(tmp_path: Path, web: WebServer, ours: WebServer) -> None:
    """After an online check two people can see that the page is the one that the link's words promise."""
    web.pages["/page"] = html("採択の案内　｜\n みほん市")
    web.pages["/more"] = html("くわしい案内")
    root = issue(tmp_path, ours, f"[採択の案内]({web.url('/page')}) {web.url('/more#2')}", 要約="要約です。")
    desk = open_workspace(root)
    assert "ページの題名：" not in proof(desk, "2025-01").collation.read_text("utf-8")
    look(root)
    table = proof(desk, "2025-01").collation.read_text("utf-8")
    assert "ページの題名：採択の案内 ｜ みほん市" in table
    assert "ページの題名：くわしい案内" in table  # of a text that only the web copy has


def test_a_person_may_let_a_link_stand(tmp_path: Path, web: WebServer, ours: WebServer) -> None:
    """ママ works as for every finding, and the offline check does not call it idle."""
    root = issue(tmp_path, ours, web.url("/page"), ママ="ONL001、先方のページは当日公開、田中")
    desk = open_workspace(root)
    offline = check(desk, "2025-01")
    assert "WAIV001" not in {finding.code for finding in offline.findings}
    checked = check_online(desk, offline, permits=anywhere, pace=QUICK)
    assert checked.findings == offline.findings
    assert [(finding.code, waiver.name) for finding, waiver in checked.waived] == [("ONL001", "田中")]


def test_a_page_cannot_write_on_the_screen(web: WebServer) -> None:
    """What a server says of itself is shown without control characters."""
    web.pages["/page"] = html("\x1b[2J案内\u202eページが見つかりません")
    (answer,) = ask_links([web.url("/page")], permits=anywhere, pace=QUICK).values()
    assert answer.title == "[2J案内ページが見つかりません"


def test_a_damaged_cache_is_no_cache(tmp_path: Path) -> None:
    """It is made again."""
    write_answers(tmp_path, {"https://a.example/": Answer(url="https://a.example/", status=200, title="案内")})
    assert read_answers(tmp_path)["https://a.example/"].title == "案内"
    for damage in ("", "{", "[1]", '[{"status": 200}]'):
        (tmp_path / "build/.cache/links.json").write_text(damage, "utf-8")
        assert read_answers(tmp_path) == {}
    shutil.rmtree(tmp_path / "build")
    assert read_answers(tmp_path) == {}


def test_good_answers_hold_a_day_and_bad_ones_ten_minutes() -> None:
    """A page that was missing may be there soon; a time that nobody can read is long ago."""
    now = datetime(2025, 1, 31, 8, 0, tzinfo=UTC)

    def held(minutes: int, **said: Any) -> bool:
        answer = Answer(url="https://a.example/", time=(now - timedelta(minutes=minutes)).isoformat(), **said)
        return bool(still_valid({answer.url: answer}, now=now))

    assert [held(1400, status=200), held(1500, status=200), held(9, status=404), held(11, status=404)] == [True, False, True, False]
    assert [held(11, status=200, missing=True), held(1, fault="network"), held(1, fault="name")] == [False, False, False]
    assert not still_valid({"x": Answer(url="x", status=200, time="きのう")}, now=now)


def test_the_answer_in_json_holds_the_findings(tmp_path: Path, web: WebServer, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing else is printed beside it."""
    root = workspace(tmp_path, {"10-a.md": draft(body=web.url("/page"))})
    path = root / MASTHEAD
    path.write_text(
        path.read_text("utf-8").replace("https://www.example.jp", web.url("")).replace("https://japan.iclei.org", web.url("")), "utf-8"
    )
    enews(root, "check", "2025-01", "--online", "--json")
    assert "ONL001" in {finding["code"] for finding in json.loads(capsys.readouterr().out)["findings"]}
