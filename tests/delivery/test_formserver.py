"""The pages through their real server on this machine: what a browser gets, and what those get who write slowly, too much, or never stop."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from time import monotonic

import pytest

from pipeline import formdesk
from pipeline.delivery.formanswers import Limits
from pipeline.delivery.forms import Forms
from pipeline.delivery.formserver import FormServer
from pipeline.delivery.limits import Limit
from pipeline.delivery.store import SECRET
from pipeline.errors import ConfigError
from tests.builders import ROOT
from tests.delivery.pages import FORM, HANAKO, KEY, ONE_CLICK, SUBSCRIBE, TARO, Pages
from tests.delivery.sink import Sink

pytestmark = pytest.mark.loopback


@contextmanager
def served(forms: Forms, **settings: float) -> Iterator[int]:
    """The port of a server of this application. ``threads``, ``silence`` and ``longest`` as its own."""
    threads = int(settings.pop("threads", 32))
    kind = type("Patient", (FormServer,), settings)
    with kind("127.0.0.1", 0, forms, threads=threads) as server:
        runner = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        runner.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            runner.join(10)


def ask(
    port: int, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, dict[str, str], str]:
    """One request by http.client: status, headers in small letters, page."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body, headers or {})
    reply = connection.getresponse()
    page = reply.read().decode()
    connection.close()
    return reply.status, {name.lower(): value for name, value in reply.getheaders()}, page


def test_a_reader_leaves_through_the_server(pages: Pages) -> None:
    """GET shows, HEAD has the same length and no page, the one click acts; the server does not say what it is made of."""
    with served(pages.forms) as port:
        link = pages.unsubscribe()
        status, headers, page = ask(port, "GET", link)
        assert (status, "ha***@city.example.jp" in page, headers["server"]) == (200, True, "enews")
        status, head, nothing = ask(port, "HEAD", link)
        assert (status, head["content-length"], nothing) == (200, str(len(page.encode())), "")
        assert pages.gets_mail(HANAKO)
        status, headers, page = ask(port, "POST", link, ONE_CLICK, {"Content-Type": FORM})
        assert (status, "location" in headers, "set-cookie" in headers) == (200, False, False)
        assert not pages.gets_mail(HANAKO)


def test_the_server_writes_no_log(pages: Pages, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither good requests nor broken ones nor clients who hang up: a request's first line holds a token."""
    with served(pages.forms) as port:
        ask(port, "GET", pages.unsubscribe())
        for words in (
            b"NONSENSE\r\n\r\n",
            b"GET " + b"/x" * 40_000 + b" HTTP/1.0\r\n\r\n",
            b"GET /enews/subscribe/ HTTP/9.9\r\n\r\n",
            b"GET",
        ):
            # some are hung up on before they have finished
            with socket.create_connection(("127.0.0.1", port), timeout=10) as raw, suppress(OSError):
                raw.sendall(words)
                raw.shutdown(socket.SHUT_WR)
                assert b"NONSENSE" not in raw.recv(100_000)
    said = capfd.readouterr()
    assert said.out + said.err == ""


def test_a_body_that_is_too_large_is_told_so(pages: Pages) -> None:
    """413 and a page, without reading it."""
    with served(pages.forms) as port:
        status, _headers, page = ask(port, "POST", "/enews/subscribe/", b"x" * 70_000, {"Content-Type": FORM})
    assert (status, "大きすぎます" in page) == (413, True)


@pytest.mark.parametrize(
    "path",
    [
        b"/../../etc/passwd",
        b"/enews/subscribe/../../../../etc/passwd",
        b"/enews/subscribe/%2e%2e/%2e%2e/subscribers/desk.sqlite3",
        b"/enews/subscribe/..%5c..%5csubscribers",
        b"//example.net/enews/unsubscribe/",
        b"http://example.net/enews/subscribers/",
        b"/enews/unsubscribe/%00",
        b"/enews/unsubscribe/\xff\xfe",
        b"/enews/unsubscribe/%ff%fe%0d%0aSet-Cookie:x=1",
        b"*",
    ],
)
def test_tricks_with_paths_over_the_wire(pages: Pages, path: bytes) -> None:
    """404 and nothing of a path in the answer; no header can be made of one."""
    with served(pages.forms) as port, socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
        raw.sendall(b"GET " + path + b" HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: raw.recv(65_536), b""))
    assert answer.startswith((b"HTTP/1.0 404 ", b"HTTP/1.0 400 "))
    assert b"root:" not in answer
    assert b"Set-Cookie" not in answer.partition(b"\r\n\r\n")[0]


def test_a_body_that_comes_too_slowly_is_given_up(pages: Pages) -> None:
    """After a while without a byte: 408, nothing done, and others were served meanwhile."""
    with served(pages.forms, silence=0.5) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
        path = pages.unsubscribe()
        raw.sendall(f"POST {path} HTTP/1.0\r\nContent-Type: {FORM}\r\nContent-Length: 26\r\n\r\nList-Unsub".encode())
        assert ask(port, "GET", SUBSCRIBE)[0] == 200
        assert raw.recv(65_536).startswith(b"HTTP/1.0 408 ")
    assert pages.gets_mail(HANAKO)


@pytest.mark.parametrize("words", [b"", b"GET ", b"GET /enews/subscribe/ HTTP/1.0\r\nX: y\r\n"])
def test_who_never_ends_a_request_is_cut_off(pages: Pages, words: bytes) -> None:
    """Also one who sends a byte now and then, so that there is never a long silence."""
    with served(pages.forms, silence=5.0, longest=1.0) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
        begun = monotonic()
        raw.sendall(words)
        raw.settimeout(0.1)
        while monotonic() - begun < 25:
            try:
                if raw.recv(1) == b"":
                    break
            except TimeoutError:
                raw.sendall(b"a")
            except OSError:
                break
        assert monotonic() - begun < 20


def test_more_than_can_be_served_are_told_at_once(pages: Pages) -> None:
    """With every place taken by silent clients, the next gets 503; when they are cut off, pages come again."""
    with served(pages.forms, threads=2, silence=1.5) as port:
        silent = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(2)]
        for raw in silent:
            raw.sendall(b"POST ")
        with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
            assert raw.recv(1000).startswith(b"HTTP/1.0 503 ")
        for raw in silent:
            raw.close()
        for _ in range(100):
            with suppress(OSError):
                if ask(port, "GET", SUBSCRIBE)[0] == 200:
                    break
        assert ask(port, "GET", SUBSCRIBE)[0] == 200


def test_a_flood_of_looks_is_held_off_and_nobody_is_kept_from_leaving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GET and HEAD from one client beyond its count are 429; in the middle of it, another client's reader leaves."""
    monkeypatch.setenv(SECRET, KEY)
    pages = Pages(tmp_path, limits=Limits(looks=Limit(50, 3600)))
    forged = pages.path("unsubscribe", secret=b"another-key-of-another-desk")
    with served(pages.forms) as port, ThreadPoolExecutor(8) as crowd:
        flood = [crowd.submit(ask, port, method, forged) for _ in range(100) for method in ("GET", "HEAD")]
        left = ask(port, "POST", pages.unsubscribe(TARO), ONE_CLICK, {"Content-Type": FORM, "X-Forwarded-For": "198.51.100.9"})[0]
        statuses = [done.result()[0] for done in flood]
    assert left == 200
    assert (statuses.count(404), statuses.count(429)) == (50, 150)
    assert not pages.gets_mail(TARO)
    assert pages.gets_mail(HANAKO)


def test_many_clicks_at_the_same_moment_are_one(pages: Pages) -> None:
    """Eight threads, one reader: all are told 200, one suppression stands."""
    with served(pages.forms) as port, ThreadPoolExecutor(8) as crowd:
        link = pages.unsubscribe()
        replies = list(crowd.map(lambda _n: ask(port, "POST", link, ONE_CLICK, {"Content-Type": FORM})[0], range(24)))
    assert replies == [200] * 24
    assert len([row for row in pages.everything() if row[0] == "suppressions"]) == 1


def test_one_confirmation_of_many_at_once_counts(pages: Pages) -> None:
    """A token is good once, whoever is quickest."""
    pages.post(SUBSCRIBE, address="jiro@village.example.jp", consent="yes")
    link = pages.confirmation()
    with served(pages.forms) as port, ThreadPoolExecutor(8) as crowd:
        replies = sorted(crowd.map(lambda _n: ask(port, "POST", link, b"do=confirm", {"Content-Type": FORM})[0], range(12)))
    assert replies == [200] + [404] * 11


def test_a_place_that_is_taken_is_said(pages: Pages) -> None:
    """In Japanese, with the port."""
    with served(pages.forms) as port, pytest.raises(ConfigError, match=str(port)):
        formdesk.listen(pages.forms, host="127.0.0.1", port=port)
    with pytest.raises(ConfigError, match="99999"):
        formdesk.listen(pages.forms, host="127.0.0.1", port=99999)


def test_the_command_serves_and_sends(pages: Pages) -> None:
    """``enews serve-forms`` says where, answers, sends the confirming mail through the masthead's server, and logs without addresses and tokens."""
    with Sink() as sink:
        masthead = pages.root / "issues" / "newsletter.toml"
        smtp = f'\n[smtp]\nhost = "127.0.0.1"\nport = {sink.port}\nsecurity = "none"\nreturn_path = "b@example.jp"\n'
        masthead.write_text(masthead.read_text(encoding="utf-8") + smtp, encoding="utf-8")
        command = [sys.executable, "-m", "pipeline", "serve-forms", "--port", "0", "--json", "--workspace", str(pages.root)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8") as child:
            assert child.stdout is not None
            assert child.stderr is not None
            said = "".join(iter(child.stdout.readline, "}\n"))
            found = re.search(r'"subscribe": "http://127\.0\.0\.1:(\d+)/enews/subscribe/"', said)
            assert found, said
            port = int(found[1])
            body = b"address=jiro%40village.example.jp&consent=yes"
            assert ask(port, "POST", SUBSCRIBE, body, {"Content-Type": FORM})[0] == 200
            assert ask(port, "POST", pages.unsubscribe(), ONE_CLICK, {"Content-Type": FORM})[0] == 200
            child.terminate()
            log = child.stderr.read()
        ((sender, recipient, _data),) = sink.mailbox.taken
    assert (sender, recipient) == ("b@example.jp", "jiro@village.example.jp")
    assert log.splitlines() == ["POST subscribe 200", "POST unsubscribe 200"]
    assert not pages.gets_mail(HANAKO)
