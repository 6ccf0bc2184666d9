"""Merge fields: ours become a sender's tags, everybody else's stay letters."""

from __future__ import annotations

import html as htmllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import MAILCHIMP, Dialect
from pipeline.errors import MergeFieldError
from pipeline.model import Email
from pipeline.render.merge import GUARD, OPENERS, fields_in, guard, refuse_neutral, resolve, url_field

WEB = "https://www.example.jp/enews/2025-01/"
GENERIC = Dialect(name="generic", tags={"unsubscribe": "https://www.example.jp/stop/"})
LIQUID = Dialect(name="own", tags={"unsubscribe": "{{ unsubscribe_url }}", "name": "{{ name }}"})
HOSTILE = (
    "*|UNSUB|*",
    "{{ name }}",
    "{% if x %}",
    "[[name]]",
    "%%unsub%%",
    "<<name>>",
    "${x}",
    "#{x}",
    "https://merge.invalid/unsubscribe",
    "[[[name]]]",
    "**||x||**",
)


def mail(text: str) -> Email:
    """The text as both editions."""
    return Email(subject="件名", lead_line="今号", html=text, text=text)


def finish(text: str, dialect: Dialect = GENERIC) -> Email:
    """The mail in a dialect."""
    return resolve(mail(text), dialect, slug="2025-01", web_url=WEB)


def test_our_fields_become_the_senders_tags() -> None:
    """URL fields and text fields, in both editions."""
    text = f"{url_field('unsubscribe')} [[name]] {url_field('view_online')}"
    done = finish(text, MAILCHIMP)
    assert done.html == done.text == "*|UNSUB|* *|FNAME|* *|ARCHIVE|*"


def test_without_a_tag_of_its_own_view_online_is_the_web_copy() -> None:
    """Every dialect can show the issue in a browser."""
    assert finish(url_field("view_online")).html == WEB


def test_a_field_that_the_sender_lacks_is_a_named_error() -> None:
    """The message names the field, the sender, and what can be used instead."""
    with pytest.raises(MergeFieldError, match=r"「name」.*「generic」.*unsubscribe"):
        finish("[[name]] 様")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("dialect", [GENERIC, MAILCHIMP, LIQUID], ids=lambda dialect: dialect.name)
def test_tags_in_a_draft_are_letters_to_the_reader_and_nothing_to_the_sender(text: str, dialect: Dialect) -> None:
    """In HTML the reader sees the very letters and the raw source has no tag; in the text only the sender's own opener gets a space."""
    done = finish(guard(text), dialect)
    assert htmllib.unescape(done.html) == text
    opener = next((opener for opener in OPENERS if opener in text), None)
    assert opener is None or opener not in done.html
    assert done.text in (text, text.replace("*|", "* |"), text.replace("{{", "{ {"), text.replace("{{", "{ {").replace("*|", "* |"))
    for tag in dialect.tags.values():
        assert tag not in done.text or tag.startswith("https")


def test_issue_md_may_use_our_fields_and_nobody_elses() -> None:
    """``ours`` leaves [[name]] alone and still guards the senders' own spellings."""
    assert guard("[[name]] 様 *|FNAME|*", ours=True) == f"[[name]] 様 *{GUARD}|FNAME|*"
    assert fields_in("[[name]] https://merge.invalid/unsubscribe [[name]]") == ("name", "unsubscribe")


def test_every_writer_refuses_what_was_not_replaced() -> None:
    """A mail without a dialect, a neutral address or a guard is not written; a draft's letters that look like one are."""
    done = finish("x")
    for email in (mail("x"), replace(done, html=url_field("unsubscribe")), replace(done, text=f"a{GUARD}b")):
        with pytest.raises(MergeFieldError, match=r"x\.html"):
            refuse_neutral(email, where="x.html")
    refuse_neutral(finish(guard("https://merge.invalid/unsubscribe")), where="x.html")


@given(st.text(st.sampled_from("[]{}*|%<>$#dat.mergeinvalid/:hps_あ "), max_size=60))
def test_guarded_text_always_comes_back_to_the_letter(text: str) -> None:
    """Guarding and releasing is the identity in a dialect without tag syntax, whatever is nested in what."""
    assert htmllib.unescape(finish(guard(text)).html) == htmllib.unescape(text)
    assert finish(guard(text)).text == text
    assert fields_in(guard(text)) == ()
