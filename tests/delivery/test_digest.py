"""The digest names the bytes that readers get, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.delivery.digest import confirmation_number, digest_of
from pipeline.model import Email

EMAIL = Email(subject="件名", lead_line="導入文", html="<p>本文</p>", text="本文\n")
PICTURES = (("a.jpg", b"a"), ("b.png", b"b"))


def test_the_same_mail_has_the_same_digest() -> None:
    """In whatever order its pictures come; the dialect's name and the sizes of sections are no bytes that readers get."""
    assert digest_of(EMAIL, PICTURES) == digest_of(replace(EMAIL, dialect="generic", section_bytes=(("冒頭", 9),)), reversed(PICTURES))


@pytest.mark.parametrize(
    ("email", "pictures"),
    [
        *((replace(EMAIL, **{name: "別"}), PICTURES) for name in ("subject", "lead_line", "html", "text")),  # type: ignore[arg-type]
        (EMAIL, (("a.jpg", b"A"), ("b.png", b"b"))),
        (EMAIL, PICTURES[:1]),
        (EMAIL, (("c.jpg", b"a"), ("b.png", b"b"))),
        (replace(EMAIL, subject="件名導入文", lead_line=""), PICTURES),
    ],
)
def test_every_change_changes_it(email: Email, pictures: tuple[tuple[str, bytes], ...]) -> None:
    """One letter, one picture's byte or name; a word that moves from one part to another counts too."""
    assert digest_of(email, pictures) != digest_of(EMAIL, PICTURES)


def test_the_short_form_can_be_said_aloud() -> None:
    """Four and two characters of the digest, in capitals."""
    assert confirmation_number("7f3a21" + "0" * 58) == "7F3A-21"
