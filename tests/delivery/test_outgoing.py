"""One reader's message: nobody else's address, a return path and links that are this reader's, and a signature over what programs trust."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import dkim
import pytest

from pipeline.config import Dkim
from pipeline.delivery.frozen import freeze
from pipeline.delivery.message import JAPAN
from pipeline.delivery.outgoing import BOUNCE, UNSUBSCRIBE, Post
from pipeline.delivery.people import Subscriber
from pipeline.delivery.sending import refuse_more_than_one
from pipeline.delivery.signing import KEY_FILE, SIGNED, signer
from pipeline.delivery.tokens import Ticket, issue_token, read_token
from pipeline.errors import ConfigError, SendError
from pipeline.model import Email
from tests import builders
from tests.delivery.test_frozen import ISSUE, frozen_mail

SECRET = b"a-key-for-tests-only"
CANARY = Email(
    subject="件名",
    lead_line="",
    html='<p>[[name]]・[[organisation]]・[[room]]</p><a href="https://merge.invalid/unsubscribe">配信停止</a>',
    text="[[name]]・[[organisation]]・[[room]]\n\nhttps://merge.invalid/unsubscribe\n",
)
SENT = datetime(2025, 1, 31, 16, 30, tzinfo=JAPAN)
READER = Subscriber(id=7, address="hanako@city.example.jp", name="見本 花子", organisation="みほん市")


def post(**changes: object) -> Post:
    """A send of the frozen mail of these tests."""
    return replace(Post(frozen=frozen_mail(), masthead=builders.masthead(), secret=SECRET, sent=SENT), **changes)  # type: ignore[arg-type]


def test_a_message_is_for_one_reader() -> None:
    """One To, no Cc, no Bcc; both texts hold this reader's name and link; list headers are there and plain."""
    data, envelope = post().compose(READER)
    message = message_from_bytes(data, policy=default)
    assert message.get_all("To") == [READER.address]
    assert not {"Cc", "Bcc"} & set(message.keys())
    token = issue_token(Ticket(reader=7, slug="2025-01"), purpose=UNSUBSCRIBE, secret=SECRET)
    head = data.partition(b"\r\n\r\n")[0].decode("ascii")
    assert (
        f"List-Unsubscribe: <https://www.example.jp/enews/unsubscribe/{token}>,\r\n <mailto:enews@example.jp?subject=unsubscribe%20{token}>"
        in head
    )
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
    assert "Precedence: bulk" in head
    assert message["Date"].datetime == SENT
    for kind in ("plain", "html"):
        body = message.get_body((kind,)).get_content()
        assert "見本 花子様" in body
        assert f"/unsubscribe/{token}" in body
    assert envelope.recipient == READER.address
    assert read_token(envelope.sender.partition("+")[2].partition("@")[0], purpose=BOUNCE, secret=SECRET) == Ticket(
        reader=7, slug="2025-01"
    )


def test_no_value_of_a_reader_reaches_a_header() -> None:
    """Line ends, commas and other people's addresses in a name or an organisation change no header at all."""
    hostile = replace(READER, name="x\r\nBcc: all@example.com", organisation="y\nTo: b@example.com", columns={"z": "\r\n\r\n<script>"})
    heads = [post().compose(reader)[0].partition(b"Content-Type")[0] for reader in (READER, hostile)]
    assert heads[0] == heads[1]


def test_fourteen_hundred_readers_get_nothing_of_each_other() -> None:
    """Each has a canary of its own in name, organisation and columns: every message holds one reader's, and one To, and one token, the reader's own."""
    made = post(frozen=freeze(CANARY, ISSUE, builders.masthead(), pictures=()))
    tokens = set()
    for number in range(1, 1401):
        mark = f"canary{number:04}"
        reader = Subscriber(
            id=number, address=f"{mark}@example.com", name=f"{mark}n", organisation=f"{mark}o", columns={"room": f"{mark}r"}
        )
        data, envelope = made.compose(reader)
        message = message_from_bytes(data, policy=default)
        parts = [message.get_body((kind,)).get_content() for kind in ("plain", "html")]
        whole = "\n".join([data.partition(b"\r\n\r\n")[0].decode("ascii"), *parts, envelope.sender, envelope.recipient])
        assert set(re.findall(r"canary\d{4}", whole)) == {mark}
        assert {f"{mark}n", f"{mark}o", f"{mark}r"} <= set(re.findall(r"canary\d{4}[nor]", whole))
        assert message.get_all("To") == [reader.address]
        (token,) = set(re.findall(r"unsubscribe/([\w.-]+)", whole))
        assert read_token(token, purpose=UNSUBSCRIBE, secret=SECRET) == Ticket(reader=number, slug="2025-01")
        tokens.add(token)
    assert len(tokens) == 1400


@pytest.mark.parametrize("address", ["a..b@docomo.example.jp", "a.@docomo.example.jp", ".a@ezweb.example.jp"])
def test_an_old_address_of_a_carrier_stands_quoted_in_the_header(address: str) -> None:
    """A strict parser reads one address, the reader's."""
    data, envelope = post().compose(replace(READER, address=address))
    refuse_more_than_one(data, envelope.recipient)
    local, _, domain = address.partition("@")
    assert f'To: "{local}"@{domain}\r\n'.encode() in data


@pytest.mark.parametrize(
    "spoil", [b"Cc: b@example.com\r\n", b"Bcc: b@example.com\r\n", b"To: b@example.com\r\n", b"Resent-To: b@example.com\r\n"]
)
def test_a_message_for_two_is_stopped(spoil: bytes) -> None:
    """The last look sees every header that names a second person, and a To that is another's."""
    data, envelope = post().compose(READER)
    refuse_more_than_one(data, envelope.recipient)
    with pytest.raises(SendError, match="宛先が一人でない"):
        refuse_more_than_one(spoil + data, envelope.recipient)
    with pytest.raises(SendError):
        refuse_more_than_one(data, "other@example.com")
    own = f"To: {READER.address}".encode()
    assert own in data
    for second in (b", b@example.com", b",\r\n b@example.com", b" (x), =?utf-8?q?b?= <b@example.com>", b";b@example.com"):
        with pytest.raises(SendError):
            refuse_more_than_one(data.replace(own, own + second), envelope.recipient)


@pytest.mark.parametrize(
    "address",
    ["bad", "a@example.com\r\nBcc: b@example.com", "a@example.com, b@example.com", "a b@example.com", '"a"@example.com', "あ@example.com"],
)
def test_what_is_no_single_address_makes_no_message(address: str) -> None:
    """However it came onto a list: no header is ended, no second person named."""
    with pytest.raises(SendError, match="アドレスとして送れない"):
        post().compose(replace(READER, address=address))


def test_a_return_path_without_room_is_said() -> None:
    """The part before the @ has 64 letters and no more."""
    smtp = replace(builders.masthead().smtp, return_path="a-very-long-name-for-bounces-of-the-news@example.jp")
    with pytest.raises(ConfigError, match="return_path"):
        post(masthead=replace(builders.masthead(), smtp=smtp)).compose(READER)


def test_a_token_is_nobody_elses() -> None:
    """Another reader's, another purpose's, another key's, a damaged one: none of them is read; case is of no account."""
    ticket = Ticket(reader=7, slug="2025-01")
    token = issue_token(ticket, purpose=UNSUBSCRIBE, secret=SECRET)
    assert read_token(token.upper(), purpose=UNSUBSCRIBE, secret=SECRET) == ticket
    mark = token.rpartition(".")[2]
    forged = [
        f"2025-01.8.{mark}",
        f"2025-02.7.{mark}",
        token[:-1],
        token + "a",
        token.replace(".7.", ".07."),
        "",
        "7",
        f"2025-01.７.{mark}",
    ]
    assert [read_token(text, purpose=UNSUBSCRIBE, secret=SECRET) for text in forged if text != token.replace(".7.", ".07.")] == [None] * 7
    assert read_token(token, purpose=BOUNCE, secret=SECRET) is None
    assert read_token(token, purpose=UNSUBSCRIBE, secret=b"other") is None


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key of 2048 bits, made by openssl."""
    path = tmp_path_factory.mktemp("dkim") / "key.pem"
    subprocess.run(["openssl", "genrsa", "-out", str(path), "2048"], check=True, capture_output=True)
    return path


def public(key: Path) -> bytes:
    """What the DNS would say of the key."""
    command = ["openssl", "rsa", "-in", str(key), "-pubout", "-outform", "PEM"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return f"v=DKIM1; k=rsa; p={''.join(line for line in lines if not line.startswith('-'))}".encode()


def test_a_signature_covers_what_programs_trust(key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dkimpy verifies it; a second header of any signed name, or a changed one, breaks it; both unsubscribe headers are in."""
    monkeypatch.setenv(KEY_FILE, str(key))
    data, _ = post(sign=signer(Dkim(domain="example.jp", selector="s1"))).compose(READER)
    answer = lambda *_args, **_kwargs: public(key)  # noqa: E731
    assert dkim.verify(data, dnsfunc=answer)
    signature = re.sub(rb"\s+", b" ", data.partition(b"\r\nFrom:")[0]).decode().lower()
    signed = re.search(r"h=([^;]*);", signature)[1].replace(" ", "").split(":")  # type: ignore[index]
    assert {"list-unsubscribe", "list-unsubscribe-post", "from", "to", "subject"} <= set(signed)
    for name in SIGNED:
        assert not dkim.verify(data.replace(b"\r\nFrom:", f"\r\n{name}: x\r\nFrom:".encode(), 1), dnsfunc=answer), name
    assert not dkim.verify(data.replace(b"hanako@", b"hanaka@"), dnsfunc=answer)


@pytest.mark.parametrize(("content", "said"), [(None, "読めません"), (b"no key", "鍵として読めません")])
def test_a_key_that_is_none_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, said: str) -> None:
    """Before anything is sent."""
    path = tmp_path / "key.pem"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv(KEY_FILE, str(path))
    with pytest.raises(ConfigError, match=said):
        signer(Dkim(domain="example.jp", selector="s1"))
    monkeypatch.setenv(KEY_FILE, "")
    with pytest.raises(ConfigError, match=KEY_FILE):
        signer(Dkim(domain="example.jp", selector="s1"))
    assert signer(Dkim()) is None
