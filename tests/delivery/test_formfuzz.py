"""Whatever is asked of the pages: an answer that was meant, no trouble in the house, and nothing changed without a good link's POST."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.delivery.formanswers import Limits
from pipeline.delivery.formbody import MOST_FIELDS, parse_fields
from pipeline.delivery.limits import Limit
from pipeline.delivery.store import SECRET
from tests.delivery.pages import FORM, HANAKO, KEY, Pages

MEANT = {200, 400, 404, 405, 408, 411, 413, 422, 429}
METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
WORDS = st.text(st.characters(max_codepoint=255), max_size=60)
STEPS = st.sampled_from(["", "/", ".", "..", "2025-01.1.", "a" * 32, "//", "\0", "%", "?", "\r\n", "é", "\xff"])
FIELDS = st.sampled_from(
    [b"List-Unsubscribe=One-Click", b"do=leave", b"do=confirm", b"do=details", b"do=address", b"consent=yes", b"address=a%40example.com",
     b"name=", b"segment=NPO", b"typed=x", b"&", b"=", b"%", b"%ZZ", b"\xff", b"\0", b"--x\r\n", b"Content-Disposition: form-data; name=do\r\n\r\n", b"leave\r\n"]
)  # fmt: skip
BODIES = st.one_of(st.binary(max_size=300), st.lists(FIELDS, max_size=12).map(b"&".join), st.lists(FIELDS, max_size=12).map(b"".join))
KINDS = st.one_of(
    st.sampled_from([FORM, "multipart/form-data; boundary=x", "multipart/form-data", "multipart/form-data; boundary=", "text/plain", ""]),
    WORDS,
)


@pytest.fixture(scope="module")
def pages() -> Iterator[Pages]:
    """One desk for all examples, without limits."""
    free = Limits(**{name: Limit(10**9, 1) for name in ("looks", "acts", "asks", "mailbox", "mails")})
    with TemporaryDirectory() as folder, patch.dict(os.environ, {SECRET: KEY}):
        yield Pages(Path(folder), limits=free)


@given(method=METHODS, page=st.sampled_from(["unsubscribe", "preferences", "subscribe", ""]), steps=st.lists(st.one_of(STEPS, WORDS), max_size=4),
       body=BODIES, kind=KINDS, length=st.one_of(st.none(), st.integers(0, 100_000).map(str)), forwarded=WORDS)  # fmt: skip
def test_any_request_has_an_answer_and_strangers_change_nothing(  # noqa: PLR0917 (Hypothesis hands them over by name)
    pages: Pages, method: str, page: str, steps: list[str], body: bytes, kind: str, length: str | None, forwarded: str
) -> None:
    """No status that was not meant, no trouble in the log; but for a wish that waits, no table is another."""
    before = [row for row in pages.everything() if row[0] != "pending"]
    length = str(len(body)) if length is None else length
    environ = {"CONTENT_TYPE": kind, "CONTENT_LENGTH": length, "HTTP_X_FORWARDED_FOR": forwarded, "REMOTE_ADDR": "127.0.0.1"}
    path = f"/enews/{page}/{''.join(steps)}".replace("%", "%25")
    reply = pages.ask(method, path, body, **environ)
    assert reply.status in MEANT
    assert reply.headers["content-security-policy"]
    assert (reply.page == "") is (method == "HEAD")
    assert [row for row in pages.everything() if row[0] != "pending"] == before


@given(method=st.sampled_from(["GET", "HEAD"]), page=st.sampled_from(["unsubscribe", "preferences"]), body=BODIES, kind=KINDS, query=WORDS)
def test_a_good_link_that_is_only_looked_at_changes_nothing(
    pages: Pages, method: str, page: str, body: bytes, kind: str, query: str
) -> None:
    """Whatever else a GET or HEAD brings along, a body too."""
    before = pages.everything()
    reply = pages.ask(method, pages.path(page), body, CONTENT_TYPE=kind, CONTENT_LENGTH=str(len(body)), QUERY_STRING=query)
    assert reply.status == 200
    assert pages.everything() == before


@given(body=BODIES, kind=KINDS)
def test_a_good_link_s_post_is_never_trouble(pages: Pages, body: bytes, kind: str) -> None:
    """It leaves, changes, says what is wrong or asks again."""
    for page in ("preferences", "unsubscribe"):
        assert pages.ask("POST", pages.path(page), body, CONTENT_TYPE=kind, CONTENT_LENGTH=str(len(body))).status in {200, 400, 422}
    with pages.store() as store, store.change() as rows:  # back on the list for the next example
        rows.run("DELETE FROM suppressions")
    assert pages.gets_mail(HANAKO)


@given(body=BODIES, kind=KINDS)
def test_a_body_is_some_fields_or_none(body: bytes, kind: str) -> None:
    """Bounded, and texts."""
    fields = parse_fields(body, kind)
    assert len(fields) <= MOST_FIELDS
    assert all(isinstance(name, str) and isinstance(value, str) for name, value in fields.items())


@given(
    values=st.dictionaries(st.sampled_from("abc"), st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=30), min_size=1)
)
def test_a_multipart_body_is_read_as_it_was_written(values: dict[str, str]) -> None:
    """Whatever the values say, line ends and dashes too."""
    parts = "".join(f'--=_x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in values.items())
    assert parse_fields(f"{parts}--=_x--\r\n".encode(), 'multipart/form-data; boundary="=_x"') == values
