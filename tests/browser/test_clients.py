"""Real programs of the receiving side read every sample as it was exported: Thunderbird, SpamAssassin, and a mail parser that is not ours."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import mailparser
import pytest
from lxml import etree

from tests.browser.samples import Sample
from tests.browser.thunderbird import Shown, show
from tests.test_build import SLUGS

RECEIVED = "Received: from mail.example.jp (mail.example.jp [133.242.1.1]) by mx.example.org with ESMTPS id x; {}\n"
RULE = re.compile(r"^ *(-?\d+\.\d) (\w+) ", re.MULTILINE)
# Japanese text beside inline tags looks to it like words that are broken up: its own false alarm, tolerated and never written around.
TOLERATED = ("HTML_OBFUSCATE_05_10", "HTML_OBFUSCATE_10_20")


def eml(sample: Sample) -> Path:
    """The message that was built."""
    return sample.mail.with_suffix(".eml")


def exported(sample: Sample) -> Shown:
    """What the exported HTML says, read by lxml: all of its text, links and pictures."""
    body = etree.fromstring(sample.mail.read_text("utf-8"), etree.HTMLParser()).find("body")
    assert body is not None
    etree.strip_tags(body, etree.Comment)
    links = tuple((link.get("href", ""), "".join(map(str, link.itertext()))) for link in body.iter("a"))
    pictures = tuple((picture.get("src", ""), picture.get("alt", "")) for picture in body.iter("img"))
    return Shown(text="".join(map(str, body.itertext())), links=links, pictures=pictures)


def plain(shown: Shown) -> Shown:
    """The same without white space, which a client sets as it likes."""
    links = tuple((address, re.sub(r"\s", "", text)) for address, text in shown.links)
    return Shown(text=re.sub(r"\s", "", shown.text), links=links, pictures=shown.pictures)


@pytest.mark.browser
@pytest.mark.loopback
def test_thunderbird_shows_every_letter_link_and_picture(tmp_path: Path, sample: Sample) -> None:
    """The whole text that it renders is the text that was exported, in its order, and so are all links and pictures."""
    assert plain(show(eml(sample), tmp_path)) == plain(exported(sample))


@pytest.mark.browser
@pytest.mark.loopback
def test_thunderbird_shows_a_planted_difference(tmp_path: Path, build: Callable[[str], Sample]) -> None:
    """A word that a style sheet hides is in the file and not on the page: the comparison sees it."""
    sample = build("2025-01")
    page = sample.mail.read_text("utf-8").replace("<h1", '<p style="display:none">秘密</p><h1', 1)
    mail = tmp_path / "planted.eml"
    mail.write_bytes(b"From: a@example.com\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n" + page.encode())
    profile = tmp_path / "profile"
    profile.mkdir()
    assert "秘密" not in show(mail, profile).text


def judged(mail: bytes) -> dict[str, float]:
    """SpamAssassin's rules and points for a received message, nothing asked of the network."""
    date = re.search(rb"^Date: (.*)$", mail, re.MULTILINE)
    received = RECEIVED.format(date[1].decode().strip() if date else "Fri, 31 Jan 2025 17:00:05 +0900").encode()
    done = subprocess.run(["spamassassin", "-L", "-t"], input=received + mail, capture_output=True, check=True)
    report = done.stdout.decode("utf-8", "replace").rpartition("Content analysis details")[2]
    assert "points" in report
    return {name: float(points) for points, name in RULE.findall(report)}


@pytest.mark.browser
@pytest.mark.parametrize("slug", SLUGS)
def test_spamassassin_has_nothing_against_a_sample(build: Callable[[str], Sample], slug: str) -> None:
    """Less than one point in all, and no rule of a whole point."""
    points = {name: value for name, value in judged(eml(build(slug)).read_bytes()).items() if name not in TOLERATED}
    assert sum(points.values()) < 1.0, points
    assert [name for name, value in points.items() if value >= 1.0] == []


@pytest.mark.browser
def test_spamassassin_sees_a_planted_trick() -> None:
    """Letters of one pixel and a subject that shouts cost points."""
    mail = b"From: a@example.com\nSubject: BUY NOW!!! CHEAP MEDS\nMIME-Version: 1.0\nContent-Type: text/html\n\n"
    assert sum(judged(mail + b'<p style="font-size:1px">viagra</p><img src="https://x.example/a.png">').values()) >= 1.0


@pytest.mark.browser
def test_a_strangers_parser_reads_the_same_message(sample: Sample) -> None:
    """A parser that shares no code with ours finds subject, sender, both texts, no attachment and no defect."""
    message = mailparser.parse_from_file(str(eml(sample)))
    assert message.defects == []
    assert message.attachments == []
    assert message.text_html[0].replace("\r\n", "\n").rstrip("\n") == sample.mail.read_text("utf-8").rstrip("\n")
    assert message.text_plain[0].replace("\r\n", "\n").rstrip("\n") == sample.mail.with_suffix(".txt").read_text("utf-8").rstrip("\n")
    assert message.subject in sample.mail.read_text("utf-8")
    assert message.from_[0][1] == "enews@example.jp"
