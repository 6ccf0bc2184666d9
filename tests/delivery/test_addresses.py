"""Addresses: the quick way accepts and refuses what email-validator does, carriers' old ones get through, typing errors are told."""

from __future__ import annotations

import re

import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.delivery import addresses
from pipeline.delivery.addresses import parse_address, tidied
from pipeline.delivery.misspelt import CARRIERS, DOMAINS, ENDS, meant
from pipeline.errors import ReaderError

ATOMS = "abcXYZ019.-_+'/{}!@ \"\\<>,;()[]:\t\0"
LOCALS = st.text(alphabet=ATOMS, max_size=12) | st.sampled_from(
    ["info", "INFO", "Postmaster", "a" * 64, "a" * 65, "a" * 250, '"a b"', "a..b"]
)
LABELS = st.text(alphabet="abZ09-", max_size=6) | st.sampled_from(
    ["xn--wgv71a119e", "xn--a", "ab--c", "a" * 63, "a" * 64, "例え", "９９", "ＡＢ", "。", "docomo", *SPECIAL_USE_DOMAIN_NAMES, "TEST"]
)
HOSTS = st.lists(LABELS, min_size=1, max_size=5).map(".".join) | st.sampled_from(
    ["[127.0.0.1]", "日本語.jp", "example.com", "EXAMPLE.Co.JP"]
)
WRITTEN = st.builds(
    lambda local, host, edge: f"{edge}{local}@{host}{edge}", LOCALS, HOSTS, st.sampled_from(["", " ", "　", "\ufeff", "\u200b"])
)


def judged(text: str) -> str:
    """What email-validator alone makes of a text, "" if it refuses it."""
    try:
        found = validate_email(tidied(text), allow_smtputf8=False, check_deliverability=False)
    except EmailNotValidError:
        return ""
    return f"{found.ascii_local_part}@{found.ascii_domain}"


def ours(text: str) -> str:
    """What we make of it, typing errors let through."""
    try:
        return parse_address(text, as_is=True)
    except ReaderError:
        return ""


@settings(max_examples=500)
@given(WRITTEN | st.text(max_size=30) | st.emails())
@example("a@b-.jp")
@example("a@b.jp\n")
@example("a@b.123")
@example("a@b.c1")
@example(f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 7}")
@example(f"a@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.{'f' * 8}")
@example("a@x.Test")
@example("a@test.jp")
@example("WebMaster@Example.JP")
def test_we_accept_and_refuse_what_the_library_does(text: str) -> None:
    """Every text gives the same address as email-validator on its own, or none where it gives none; carriers' old ones aside."""
    if tidied(text).rpartition("@")[2].lower() not in CARRIERS:
        assert ours(text) == judged(text)


def test_the_property_would_see_a_laxer_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """An expression that forgot the reserved names gives an address where the library gives none."""
    monkeypatch.setattr(addresses, "_plain", lambda: re.compile(r"[a-z.]+"))
    addresses._host.cache_clear()
    assert ours("a@x.test") != judged("a@x.test")
    addresses._host.cache_clear()


@given(st.from_regex(r"[a-z][a-z0-9]{0,9}\.[a-z]{1,5}@[a-z]{1,8}\.(lg|co|or)\.jp", fullmatch=True))
def test_plain_addresses_never_reach_the_library(text: str) -> None:
    """The expression takes what most lists consist of."""
    local, _, domain = text.partition("@")
    assert addresses._host(domain) == domain
    assert addresses._LOCAL.fullmatch(local)
    assert ours(text) == text


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "taro@example.com"),
        ("　Taro@Example.COM \r\n", "Taro@example.com"),
        ("\ufefftaro@example.com\u200b", "taro@example.com"),
        ("info@日本語.jp", "info@xn--wgv71a119e.jp"),
        ("info@日本語。jp", "info@xn--wgv71a119e.jp"),
        ("INFO@example.com", "info@example.com"),
        ("o'hara+enews@example.com", "o'hara+enews@example.com"),
        ("ta..ro.@docomo.ne.jp", "ta..ro.@docomo.ne.jp"),
        ("ta.ro.@EZWEB.ne.jp", "ta.ro.@ezweb.ne.jp"),
    ],
)
def test_what_editors_paste_becomes_what_servers_know(typed: str, address: str) -> None:
    """Full-width letters, spaces that nobody sees, domains in Japanese, and carriers' addresses with dots where no RFC has any."""
    assert parse_address(typed) == address


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "空欄"),
        ("　", "空欄"),
        ("taro.example.com", "@ がありません"),
        ("a@example.com; b@example.com", "二つ以上"),
        ("a@b@example.com", "@ が二つ以上"),
        ("ta ro@example.com", "空白"),
        ("ta\0ro@example.com", "目に見えない"),
        ("a\r\nBcc: b@example.com", "二つ以上|目に見えない"),
        ("太郎@example.com", "日本語"),
        ("見本<taro@example.com>", "アドレスだけ"),
        ("taro@example,com", "カンマ"),
        (".taro@example.com", "点の位置"),
        ("ta..ro@example.com", "点の位置"),
        (".taro@docomo.ne.jp", "点の位置"),
        ("taro@example..com", "点の位置"),
        ("taro@localhost", "点がありません"),
        ("@example.com", "前か後"),
        ("a" * 300 + "@example.com", "長すぎます"),
        ("taro@x.invalid", "読めません"),
        ("taro@gmai.com", "gmail.com"),
        ("taro@DOCOMO.co.jp", "docomo.ne.jp"),
        ("taro@city.example.lg.jo", "city.example.lg.jp"),
    ],
)
def test_a_wrong_address_is_told_in_words(typed: str, said: str) -> None:
    """The sentence says what to mend, and shows no whole address."""
    with pytest.raises(ReaderError, match=said) as caught:
        parse_address(typed)
    assert "taro@" not in str(caught.value)
    assert "ta ro" not in str(caught.value)


def test_a_domain_that_looks_mistyped_passes_on_the_editors_word() -> None:
    """Somebody may really have a mailbox there."""
    assert parse_address("taro@gmai.com", as_is=True) == "taro@gmai.com"


def test_the_table_of_typing_errors_means_no_right_domain() -> None:
    """Nothing that a row means is itself a row, and every wrong spelling is one that the rows can meet."""
    assert not set(DOMAINS.values()) & set(DOMAINS)
    assert all(not meant(right) for right in (*DOMAINS.values(), "city.example.lg.jp", "example.com", *CARRIERS))
    assert all(wrong == wrong.lower() for wrong in (*DOMAINS, *ENDS))


def test_a_hostile_address_takes_no_time() -> None:
    """A long run of dots, hyphens or letters is refused at once: no expression goes back and forth over it."""
    for text in ("a" * 1_000_000, "a." * 100_000 + "@", "a@" + "a-" * 100_000, "@" * 100_000):
        with pytest.raises(ReaderError):
            parse_address(text)
    with pytest.raises(ReaderError):
        parse_address("a@" + "a-" * 120 + ".")
