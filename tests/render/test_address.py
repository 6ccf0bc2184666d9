"""Addresses: what an editor or a feed wrote as a URL becomes a safe one, or none."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render.markdown import clean_url


@pytest.mark.parametrize(
    ("written", "cleaned"),
    [
        ("https://example.jp/", "https://example.jp/"),
        ("HTTPS://Example.JP/A", "https://example.jp/A"),
        ("https://例え.jp/", "https://xn--r8jz45g.jp/"),
        ("https://example.jp/資料.pdf?年=令和", "https://example.jp/%E8%B3%87%E6%96%99.pdf?%E5%B9%B4=%E4%BB%A4%E5%92%8C"),
        ("https://example.jp/%E8%B3%87.pdf", "https://example.jp/%E8%B3%87.pdf"),
        ("https://example.jp/[[name]]{{x}}%%y%%*|Z|*", "https://example.jp/%5B%5Bname%5D%5D%7B%7Bx%7D%7D%25%25y%25%25*%7CZ%7C*"),
        ("https://merge.invalid/unsubscribe", "https://data.merge.invalid/unsubscribe"),
        ("www.example.jp/a", "https://www.example.jp/a"),
        ("https://example.jp:8443/#s1", "https://example.jp:8443/#s1"),
        (" https://example.jp/\n", "https://example.jp/"),
        ("mailto:enews@example.jp?subject=件名", "mailto:enews@example.jp?subject=%E4%BB%B6%E5%90%8D"),
        ("tel:03-0000-0000", "tel:03-0000-0000"),
        ("javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("//example.jp/", ""),
        ("images/x.jpg", ""),
        ("#s1", ""),
        ("https://user:pass@example.jp/", ""),
        ("https://example.jp\\@evil.example/", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("https://example.jp:99999/", ""),
        ("file:///etc/passwd", ""),
        ("", ""),
    ],
)
def test_addresses(written: str, cleaned: str) -> None:
    """A safe address is ASCII and encoded once; everything else is refused."""
    assert clean_url(written) == cleaned
    assert clean_url(cleaned) == cleaned.replace("data.merge", "data.data.merge")


@given(st.text(alphabet="htps:/@.日本%25[]{}|*<>#?&= \\\t\ufdd0aA0", max_size=60))
def test_any_text_is_safe_or_refused(text: str) -> None:
    """Nothing raises; what comes out is ASCII, has no opener of a tag syntax, and is http with a host, mailto or tel."""
    cleaned = clean_url(f"https://{text}") + clean_url(text)
    assert cleaned.isascii()
    assert not any(opener in cleaned for opener in ("[[", "*|", "{{", "{%", "<%", "<<", "%%", "${", "#{", " ", '"', "<", ">"))
    assert urlsplit(clean_url(text)).scheme in ("", "http", "https", "mailto", "tel")
