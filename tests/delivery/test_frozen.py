"""What is approved: the bytes that readers get, where their own values stand, and a digest that names all of it and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import Masthead
from pipeline.delivery.frozen import Frozen, freeze, personalised
from pipeline.model import Email, Issue, Place
from pipeline.render.merge import guard
from tests import builders

PICTURES = (("a.jpg", b"a"), ("b.png", b"b"))
HTML = '<p>[[name]]様</p><p>本文</p><a href="https://merge.invalid/unsubscribe">配信停止</a>'
TEXT = "[[name]]様\n\n本文\n\nhttps://merge.invalid/unsubscribe\n"
ISSUE = Issue(
    slug="2025-01",
    edition="monthly",
    name="2025年1月号",
    place=Place(path="issues/2025-01/issue.md"),
    subject="件名",
    lead_line="導入文",
    greeting="",
    date=date(2025, 1, 31),
)
EMAIL = Email(subject="件名", lead_line="導入文", html=HTML, text=TEXT)


def frozen_mail() -> Frozen:
    """A mail with a name and an address of one's own in it."""
    return freeze(EMAIL, ISSUE, builders.masthead(), pictures=PICTURES)


@pytest.fixture(scope="module")
def masthead() -> Masthead:
    """The sample masthead."""
    return builders.masthead()


@pytest.fixture(scope="module")
def frozen() -> Frozen:
    """The mail of these tests."""
    return frozen_mail()


def test_a_frozen_mail_can_be_read(frozen: Frozen, masthead: Masthead) -> None:
    """Stand-ins stand where readers' values will; nothing neutral is left."""
    assert frozen.text == f"〔氏名〕様\n\n本文\n\n{masthead.web.unsubscribe}\n"
    assert f'<a href="{masthead.web.unsubscribe}">' in frozen.html
    assert frozen.fields == ("name", "unsubscribe")
    assert [getattr(frozen, slot.part)[slot.start : slot.end] for slot in frozen.slots if slot.field == "name"] == ["〔氏名〕"] * 2


def test_a_reader_gets_the_approved_text_with_values_in_its_places(frozen: Frozen) -> None:
    """Escaped in HTML, as they are in text, without line ends; what is not known is empty."""
    url = "https://www.example.jp/enews/u/x?a=1&b=2"
    parts = personalised(frozen, {"name": "見本\r\nBcc: x <b>", "unsubscribe": url})
    assert parts["text"] == f"見本 Bcc: x <b>様\n\n本文\n\n{url}\n"
    assert parts["html"].startswith("<p>見本 Bcc: x &lt;b&gt;様</p>")
    assert 'href="https://www.example.jp/enews/u/x?a=1&amp;b=2"' in parts["html"]
    assert personalised(frozen, {})["text"].startswith("様\n")


def test_words_of_a_draft_are_no_places(masthead: Masthead) -> None:
    """Our own spelling in an article, guarded as the renderer does, and even our marks, come out as letters."""
    hostile = "\ufdd1name\ufdd2 [[name]] https://merge.invalid/unsubscribe"
    email = replace(EMAIL, html=f"<p>{guard(hostile)}</p>", text=guard(hostile))
    made = freeze(email, ISSUE, masthead, pictures=())
    assert made.slots == ()
    assert made.text == "name [[name]] https://merge.invalid/unsubscribe"


@given(
    st.lists(st.sampled_from(["本文", "[[name]]", "[[organisation]]", "https://merge.invalid/unsubscribe", "<b>", "&", "\n"]), max_size=12),
    st.text(),
)
def test_nothing_moves_outside_the_places(words: list[str], value: str) -> None:
    """Whatever the reader's value: taking the places out of both texts leaves the same letters."""
    made = freeze(replace(EMAIL, text="".join(words)), ISSUE, builders.masthead(), pictures=())
    filled = personalised(made, dict.fromkeys(made.fields, value))["text"]
    clean = personalised(made, {})["text"]
    slots = [slot for slot in made.slots if slot.part == "text"]
    assert len(filled) >= len(clean)
    assert (filled == clean) == (not slots or len(filled) == len(clean))
    rest, last = [], 0
    for slot in slots:
        rest.append(made.text[last : slot.start])
        last = slot.end
    assert "".join([*rest, made.text[last:]]) == clean


def test_the_same_mail_has_the_same_digest(frozen: Frozen, masthead: Masthead) -> None:
    """In whatever order its pictures come; the dialect's name and the sizes of sections are no bytes that readers get."""
    other = replace(EMAIL, dialect="generic", section_bytes=(("冒頭", 9),))
    assert freeze(other, ISSUE, masthead, pictures=reversed(PICTURES)).digest == frozen.digest


@pytest.mark.parametrize(
    "change",
    [
        *({name: "別"} for name in ("subject", "lead_line", "html", "text", "sender", "reply_to", "audience", "slug")),
        {"pictures": (("a.jpg", b"A"), ("b.png", b"b"))},
        {"pictures": PICTURES[:1]},
        {"pictures": (("c.jpg", b"a"), ("b.png", b"b"))},
        {"subject": "件名導入文", "lead_line": ""},
        {"slots": ()},
    ],
)
def test_every_change_changes_it(frozen: Frozen, change: dict[str, object]) -> None:
    """One letter, one picture's byte or name, the sender, the audience; a word that moves from one part to another counts too."""
    assert replace(frozen, **change).digest != frozen.digest  # type: ignore[arg-type]


def test_the_short_form_can_be_said_aloud(frozen: Frozen) -> None:
    """Four and two characters of the digest, in capitals."""
    assert frozen.number == f"{frozen.digest[:4]}-{frozen.digest[4:6]}".upper()
