"""Retrieving from servers that misbehave: everything ends as bytes or as a FeedError with a reason, soon, and never touches a private address."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.errors import FeedError
from pipeline.sources.addresses import anywhere, is_public, target_of
from pipeline.sources.retrieve import Limits, Retrieved, Validators, read_saved, retrieve
from tests.sources.feedserver import (
    Answer,
    FeedServer,
    bad_chunks,
    body,
    cut_short,
    dripping,
    dripping_body,
    endless,
    gzip_bomb,
    gzipped,
    redirect,
    silent,
    status,
    talkative,
    unless_known,
)

QUICK = Limits(wait=0.4, total=0.8, size=100_000)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """A server on this machine."""
    with FeedServer() as running:
        yield running


def get(server: FeedServer, answer: Answer) -> Retrieved:
    """What comes back when the server answers so."""
    server.routes["/feed"] = answer
    return retrieve(server.url("/feed"), permits=anywhere, limits=QUICK)


@pytest.mark.loopback
def test_a_good_answer_comes_whole_with_its_validators(server: FeedServer) -> None:
    """Body, type and validators are handed on, and we say who we are."""
    found = get(server, body(b"<rss/>", ETag='"a"', Last_Modified="Tue, 10 Dec 2024 09:00:00 GMT"))
    assert (found.body, found.content_type) == (b"<rss/>", "application/rss+xml")
    assert found.validators == Validators(etag='"a"', last_modified="Tue, 10 Dec 2024 09:00:00 GMT")
    assert "enews" in server.seen[0][1]["User-Agent"]


@pytest.mark.loopback
def test_what_is_unchanged_is_not_sent_again(server: FeedServer) -> None:
    """The ETag goes back to the server, whose 304 comes out as unchanged."""
    server.routes["/feed"] = unless_known(b"<rss/>", '"v1"')
    first = retrieve(server.url("/feed"), permits=anywhere, limits=QUICK)
    second = retrieve(server.url("/feed"), first.validators, permits=anywhere, limits=QUICK)
    assert (first.unchanged, second.unchanged, second.body) == (False, True, b"")


@pytest.mark.loopback
def test_compressed_answers_are_unpacked(server: FeedServer) -> None:
    """Gzip is read to its end."""
    assert get(server, gzipped(b"<rss/>" * 1000)).body == b"<rss/>" * 1000


MISBEHAVIOUR = {
    "silent": (silent, "0.4秒応答がありません"),
    "dripping": (dripping, "0.8秒以内に"),
    "dripping body": (dripping_body, "0.8秒以内に"),
    "talkative": (talkative, "応答が壊れて"),
    "bad chunks": (bad_chunks, "応答が壊れて"),
    "unasked 304": (status(304), "まだ一度も読んでいないのに"),
    "to nowhere": (status(301), "転送先が示されていません"),
    "endless": (endless, "大きすぎます"),
    "bomb": (gzip_bomb(50), "大きすぎます"),
    "too long": (body(b"x" * 100_001), "大きすぎます"),
    "cut short": (cut_short(b"<rss>"), "途中で切れ"),
    "cut gzip": (gzipped(b"<rss/>" * 1000, keep=40), "途中で切れ"),
    "no gzip": (body(b"plain", Content_Encoding="gzip"), "応答が壊れて"),
    "odd coding": (body(b"x", Content_Encoding="zstd"), "zstd"),
    "gone": (status(410), "公開は終わって"),
    "missing": (status(404), "見つかりません"),
    "busy": (status(429), "混み合って"),
    "broken server": (status(503), "HTTP 503"),
    "loop": (redirect("/feed"), "転送が5回を超え"),
    "to a file": (redirect("file:///etc/passwd"), "使えないアドレス"),
    "no http": (lambda handler: handler.wfile.write(b"SSH-2.0-x\r\n"), "応答が壊れて"),
}


@pytest.mark.loopback
@pytest.mark.parametrize("name", MISBEHAVIOUR)
def test_misbehaviour_ends_soon_with_a_reason(server: FeedServer, name: str) -> None:
    """Whatever a server does, a FeedError names the address and the reason, within the deadline."""
    answer, reason = MISBEHAVIOUR[name]
    begun = time.monotonic()
    with pytest.raises(FeedError, match=reason):
        get(server, answer)
    assert time.monotonic() - begun < 3


@pytest.mark.loopback
def test_a_server_without_encryption_is_not_spoken_to_over_https(server: FeedServer) -> None:
    """The handshake fails with a reason and nothing is asked for."""
    with pytest.raises(FeedError, match="暗号化した接続"):
        retrieve(server.url("/feed").replace("http:", "https:"), permits=anywhere, limits=QUICK)
    assert server.seen == []


@pytest.mark.loopback
def test_redirects_are_followed_and_a_move_is_told(server: FeedServer) -> None:
    """Permanent redirects give the new address, temporary ones do not; both arrive."""
    server.routes |= {"/old": redirect("/feed", 301), "/now": redirect("/feed", 302), "/feed": body(b"<rss/>")}
    moved = retrieve(server.url("/old"), permits=anywhere, limits=QUICK)
    passing = retrieve(server.url("/now"), permits=anywhere, limits=QUICK)
    assert (moved.body, moved.moved) == (b"<rss/>", server.url("/feed"))
    assert (passing.body, passing.moved) == (b"<rss/>", "")


@pytest.mark.loopback
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1"])
def test_this_machine_is_refused_however_it_is_spelled(server: FeedServer, host: str) -> None:
    """Without allow_private no request arrives at a loopback address, also when a name leads there."""
    server.routes["/feed"] = body(b"<rss/>")
    with pytest.raises(FeedError, match=r"allow_private|使えないアドレス|見つかりません"):
        retrieve(server.url("/feed", host), limits=QUICK)
    assert server.seen == []


@pytest.mark.loopback
@pytest.mark.parametrize("inside", ["http://169.254.169.254/latest", "http://10.0.0.1/", "http://[::ffff:192.168.0.1]/"])
def test_a_redirect_to_a_private_address_is_refused(server: FeedServer, inside: str) -> None:
    """Every hop is judged anew: a public server cannot send us into the office's network."""
    server.routes["/feed"] = redirect(inside)
    with pytest.raises(FeedError, match="組織内"):
        retrieve(server.url("/feed"), permits=lambda address: address == "127.0.0.1" or is_public(address), limits=QUICK)
    assert len(server.seen) == 1


@pytest.mark.loopback
def test_a_redirect_to_a_name_that_leads_inside_is_refused() -> None:
    """The name is looked up, and its numbers are judged, before anything is sent there."""
    with FeedServer("127.0.0.2") as outside, FeedServer() as inside:
        outside.routes["/feed"] = redirect(inside.url("/feed", "localhost"))
        inside.routes["/feed"] = body(b"<rss/>")
        with pytest.raises(FeedError, match=r"localhost.*組織内や自分自身のアドレス"):
            retrieve(outside.url("/feed", "127.0.0.2"), permits=lambda address: address == "127.0.0.2", limits=QUICK)
        assert (len(outside.seen), len(inside.seen)) == (1, 0)


@pytest.mark.loopback
def test_a_name_that_changes_its_mind_gains_nothing(server: FeedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The number that was judged is the number that is connected to: a name is looked up once, so a second answer is never asked for."""
    server.routes["/feed"] = body(b"<rss/>")
    port = int(server.url().rpartition(":")[2].strip("/"))
    answers, ask = iter(["127.0.0.1", "10.0.0.1"]), socket.getaddrinfo

    def fickle(host: str, *others: int, **more: int) -> list[tuple[object, ...]]:
        return list(ask(next(answers) if host == "fickle.example" else host, *others, **more))

    monkeypatch.setattr(socket, "getaddrinfo", fickle)
    found = retrieve(f"http://fickle.example:{port}/feed", permits=lambda address: address == "127.0.0.1", limits=QUICK)
    assert found.body == b"<rss/>"
    assert server.seen[0][1]["Host"] == f"fickle.example:{port}"


@pytest.mark.loopback
def test_what_a_server_says_cannot_move_the_cursor(server: FeedServer) -> None:
    """Control characters of a header do not reach the screen with the message or with the new address."""
    server.routes |= {"/feed": redirect("/new\x1b[2J", 301), "/new%5B2J": body(b"<rss/>"), "/new[2J": body(b"<rss/>")}
    assert retrieve(server.url("/feed"), permits=anywhere, limits=QUICK).moved == server.url("/new[2J")
    with pytest.raises(FeedError, match="使えないアドレス") as caught:
        get(server, redirect("http://[y\x1b[2J"))
    assert str(caught.value).isprintable()


def test_public_and_private_numbers_are_told_apart() -> None:
    """Private, loopback, link-local, shared, multicast and disguised addresses are not public; others are."""
    private = ("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.1.1", "100.64.0.1", "0.0.0.0", "224.0.1.1", "::1", "fe80::1")  # noqa: S104
    disguised = ("fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "ff02::1")
    assert [address for address in (*private, *disguised) if is_public(address)] == []
    assert [address for address in ("93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822") if not is_public(address)] == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x.example/", "https://", "https://user:pw@x.example/", "http://[::1", "x"])
def test_only_plain_web_addresses_are_taken(url: str) -> None:
    """No other scheme, no login, no half address."""
    with pytest.raises(FeedError, match="使えないアドレス"):
        target_of(url)


def test_japanese_addresses_are_spelled_for_the_wire() -> None:
    """Host names become IDNA and paths percent-encoded, once."""
    target = target_of("https://日本.example/記事?q=あ&r=%E3")
    assert target.host == "xn--wgv71a.example"
    assert target.path == "/%E8%A8%98%E4%BA%8B?q=%E3%81%82&r=%E3"


def test_a_saved_feed_is_read_from_the_workspace_only(tmp_path: Path) -> None:
    """A file inside comes as bytes; one outside, missing or too big is refused by name."""
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds/mihon.xml").write_bytes(b"<rss/>")
    assert read_saved(tmp_path, "feeds/mihon.xml").body == b"<rss/>"
    for wrong in ("../secret.xml", "/etc/hostname", "feeds/none.xml", "feeds"):
        with pytest.raises(FeedError, match=wrong):
            read_saved(tmp_path, wrong)
    with pytest.raises(FeedError, match="大きすぎ"):
        read_saved(tmp_path, "feeds/mihon.xml", Limits(size=3))
