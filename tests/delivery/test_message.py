"""The ``.eml`` as a stranger reads it: a small parser of RFC 5322, 2045 and 2047 of our own, so that the library is not asked about itself."""

from __future__ import annotations

import base64
import quopri
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.config import Masthead, Sender
from pipeline.delivery.message import compose_eml, header_text
from pipeline.errors import ConfigError
from pipeline.model import Email
from tests.builders import masthead

TEXT = "イクレイ日本e-News　2025年1月号\n\n.\nFrom the desk\n-- \n■髙﨑市 ①㈱ 𠮷 CO₂ é\n"
HTML = f"<!DOCTYPE html>\n<html lang='ja'><body><p>{'長い行です。' * 400}</p></body></html>\n"
ENCODED = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?\s]*)\?=")


def composed(
    *, subject: str = "イクレイ日本e-News 2025年1月号", text: str = TEXT, html: str = HTML, masthead_: Masthead | None = None
) -> bytes:
    """The bytes of a message."""
    email = Email(subject=subject, lead_line="", html=html, text=text)
    return compose_eml(email, masthead_ or masthead(), issue_date=date(2025, 1, 31), slug="2025-01")


def with_sender(**values: str) -> Masthead:
    """The masthead with another sender."""
    sender: Sender = replace(masthead().sender, **values)
    return replace(masthead(), sender=sender)


def parse(data: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """(headers, body); header lines are unfolded, nothing is forgiven."""
    head, _, body = data.partition(b"\r\n\r\n")
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert b"\r" not in head.replace(b"\r\n", b"")
    unfolded = re.sub(rb"\r\n(?=[ \t])", b"", head).decode("ascii")
    rows = [line.partition(": ") for line in unfolded.split("\r\n")]
    assert all(re.fullmatch(r"[A-Za-z-]+", name) and colon for name, colon, _ in rows)
    return [(name, value) for name, _, value in rows], body


def decoded(value: str) -> str:
    """RFC 2047: encoded words decoded one by one (each must be whole characters), white space between two of them dropped."""
    joined = re.sub(r"(\?=)\s+(=\?)", r"\1\2", value)

    def word(match: re.Match[str]) -> str:
        assert len(match[0]) <= 75
        raw = base64.b64decode(match[3]) if match[2] in "bB" else quopri.decodestring(match[3].replace("_", "=20"))
        return raw.decode(match[1])

    return ENCODED.sub(word, joined)


def parts(data: bytes) -> list[tuple[dict[str, str], str]]:
    """(headers, decoded text) of each part of a multipart/alternative message."""
    headers, body = parse(data)
    boundary = re.search(r'^multipart/alternative;\s+boundary="([^"]+)"$', dict(headers)["Content-Type"])
    assert boundary
    pieces = body.split(f"--{boundary[1]}".encode())
    assert pieces[0] == b""
    assert pieces[-1] == b"--\r\n"
    found = []
    for piece in pieces[1:-1]:
        part_headers, content = parse(piece.removeprefix(b"\r\n"))
        assert dict(part_headers)["Content-Transfer-Encoding"] == "base64"
        found.append((dict(part_headers), base64.b64decode(content.replace(b"\r\n", b""), validate=True).decode()))
    return found


def test_a_stranger_reads_both_parts_whole() -> None:
    """Text first, HTML second, both UTF-8, equal to what went in but for CRLF line ends."""
    (text_headers, text), (html_headers, html) = parts(composed())
    assert text_headers["Content-Type"] == 'text/plain; charset="utf-8"'
    assert html_headers["Content-Type"] == 'text/html; charset="utf-8"'
    assert text == TEXT.replace("\n", "\r\n")
    assert html == HTML.replace("\n", "\r\n")


def test_the_headers_are_those_of_the_issue() -> None:
    """From, Reply-To, one To (ourselves), date 17:00 in Japan, Message-ID from slug and domain, each header once."""
    headers, _ = parse(composed())
    names = [name for name, _ in headers]
    values = {name: decoded(value) for name, value in headers}
    assert len(names) == len(set(names))
    assert values["From"] == "イクレイ日本e-News <enews@example.jp>"
    assert values["Reply-To"] == values["To"] == "enews@example.jp"
    assert values["Subject"] == "イクレイ日本e-News 2025年1月号"
    assert values["Date"] == "Fri, 31 Jan 2025 17:00:00 +0900"
    assert values["Message-ID"] == "<2025-01@example.jp>"
    assert values["List-Id"] == "<enews.example.jp>"
    assert values["MIME-Version"] == "1.0"
    assert not {"Cc", "Bcc"} & set(names)


def test_no_line_is_longer_than_mail_servers_take() -> None:
    """Lines end at 76 characters, and every line end is CRLF."""
    data = composed(subject="とても長い件名、" * 30)
    assert b"\n" not in data.replace(b"\r\n", b"")
    head, _, body = data.partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 76
    assert max(map(len, body.split(b"\r\n"))) <= 76


def test_the_same_mail_gives_the_same_bytes_and_another_one_another_boundary() -> None:
    """Nothing in it comes from a clock or from chance; the boundary follows the content."""
    assert composed() == composed()
    boundaries = {re.search(rb'boundary="([^"]+)"', data)[1] for data in (composed(), composed(text="x"), composed(html="x"))}  # type: ignore[index]
    assert len(boundaries) == 3


@pytest.mark.parametrize(
    "bad",
    [
        "件名\r\nBcc: victim@example.com",
        "件名\nBcc: victim@example.com",
        "a\rBcc: victim@example.com",
        "a\0b\x0bBcc: x\x85y\u2028z",
        "=?utf-8?q?a=0D=0ABcc:_victim@example.com?= b",
        "=?utf-8?b?Cg==?=\r\n\r\nbody",
    ],
)
def test_a_subject_cannot_write_headers(bad: str) -> None:
    """Line ends, NUL and ready-made encoded words in a subject or a name stay text of one header."""
    plain = {name for name, _ in parse(composed())[0]}
    for data in (composed(subject=bad), composed(masthead_=with_sender(from_=f"{bad} <enews@example.jp>"))):
        headers, body = parse(data)
        assert {name for name, _ in headers} == plain
        assert body == parse(composed())[1]
        assert all("\r" not in decoded(value) and "\n" not in decoded(value) for _, value in headers)


def test_the_strangers_eye_sees_an_injected_header() -> None:
    """The check above fails on a message that does carry one more header."""
    forged = composed().replace(b"Subject: ", b"Bcc: victim@example.com\r\nSubject: ", 1)
    assert {name for name, _ in parse(forged)[0]} - {name for name, _ in parse(composed())[0]} == {"Bcc"}


@given(
    st.text(
        alphabet=st.one_of(st.sampled_from('aZ 9-,;:<>()"@=?_é、イクレイ｜（）𠮷👍'), st.characters(codec="utf-8")),
        min_size=1,
        max_size=120,
    )
)
def test_any_subject_is_read_back_as_it_was(subject: str) -> None:
    """Spaces, punctuation and rare characters survive folding and encoding; readers may only fold runs of spaces."""
    wanted = header_text(subject)
    assume(wanted)
    headers, _ = parse(composed(subject=subject, text="x", html="x"))
    assert decoded(dict(headers)["Subject"]).split() == wanted.split()


@pytest.mark.parametrize("name", ["e-News, 編集部", 'ICLEI "Japan" (Tokyo)', "編集部@東京", "とても長い名前の編集部" * 6])
def test_any_name_of_a_sender_leaves_one_address(name: str) -> None:
    """Commas, quotes and brackets in the sender's name never make a second address."""
    quoted = name.replace('"', '\\"')
    headers, _ = parse(composed(masthead_=with_sender(from_=f'"{quoted}" <enews@example.jp>')))
    value = dict(headers)["From"]
    assert decoded(value).replace('\\"', '"').strip('"').startswith(name[:6])
    assert re.findall(r"<([^<>]+)>$", value) == ["enews@example.jp"]


@pytest.mark.parametrize("address", ["", "enews", "編集部", "enews@", "a@b@c <x>", "enews@日本.jp", "編集@example.jp", "<>"])
def test_a_sender_without_an_address_is_named(address: str) -> None:
    """What is no e-mail address is refused with the key to mend."""
    with pytest.raises(ConfigError, match="from"):
        composed(masthead_=with_sender(from_=address))
    with pytest.raises(ConfigError, match="reply_to"):
        composed(masthead_=with_sender(reply_to=address))
