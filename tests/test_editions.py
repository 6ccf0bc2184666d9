"""The two originals say the same: whatever a stranger reads in the exported HTML stands in the exported text, and the other way a gateway goes."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import lxml.html
import pytest

from pipeline.model import PATHWAYS
from tests.test_build import SLUGS, enews, sample_workspace

LABELS = ("日時", "会場", "参加費", "締切", "主催", "問合せ先", "申込", "出典", "原題")
DATE = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:\([月火水木金土日](?:・祝)?\))?")
CLOCK = re.compile(r"\d{1,2}:\d{2}")
INVITING = ("参加者募集", "意見募集")


@pytest.fixture(scope="module", params=SLUGS)
def exported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """(HTML, text) of each sample as ``enews build`` leaves them."""
    root = sample_workspace(tmp_path_factory.mktemp("desk"))
    assert enews(root, "build", request.param) == 0
    out = root / "build" / request.param
    return (out / f"{request.param}.html").read_text("utf-8"), (out / f"{request.param}.txt").read_text("utf-8")


def flat(text: str) -> str:
    """Letters only: line breaks, widths and the substitutes for what CP932 lacks make no difference to a reader."""
    plain = "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch) or ch in "\u3099\u309a")
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", plain)).replace("’", "'").replace("–", "-").replace("—", "-")


def read_by_a_stranger(html: str) -> dict[str, set[str]]:
    """What the page says, without knowing how it was made: addresses, dates, times, and what stands behind the labels."""
    page: Any = lxml.html.document_fromstring(html)
    for element in list(page.iter("style", "title")):
        element.drop_tree()
    lines = [line for line in re.split(r"[\n\r]+", _lines(page)) if line.strip()]
    whole = "\n".join(flat(line) for line in lines)
    labelled = {
        flat(match[2])
        for line in lines
        if (match := re.match(rf"\s*({'|'.join(LABELS)})\s*[：:]\s*(\S.*)", line)) and "仮訳" not in match[2]
    }
    return {
        "links": {link.get("href", "") for link in page.iter("a") if not link.get("href", "#").startswith("#")},
        "dates": set(DATE.findall(whole)),
        "times": set(CLOCK.findall(whole)),
        "labelled": labelled,
        "pathways": {pathway for pathway in PATHWAYS if pathway in whole},
        "headings": {re.sub(r"^\d+(?!\d|-)", "", flat(_lines(heading))) for heading in page.iter("h2", "h3", "h4")},
    }


def _lines(element: Any) -> str:
    """The text with a line end wherever a block ends."""
    for block in element.iter("p", "br", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "dd", "dt", "table"):
        block.tail = "\n" + (block.tail or "")
    return str(element.text_content())


def lacking(html: str, text: str) -> dict[str, set[str]]:
    """What the stranger read and the text does not say."""
    said = flat(text)
    read = read_by_a_stranger(html)
    links = {link for link in read.pop("links") if link.removeprefix("mailto:").removeprefix("tel:") not in text}
    return {"links": links, **{kind: {fact for fact in facts if fact not in said} for kind, facts in read.items()}}


def test_the_text_says_all_that_the_page_says(exported: tuple[str, str]) -> None:
    """Every link, date, time, place, deadline and heading of the HTML edition is in the text edition."""
    html, text = exported
    assert read_by_a_stranger(html)["links"]
    assert {kind: facts for kind, facts in lacking(html, text).items() if facts} == {}


def test_the_stranger_notices_what_is_missing(exported: tuple[str, str]) -> None:
    """With one link, one date and one heading taken out of the text, exactly these are named."""
    html, text = exported
    link = max(link for link in read_by_a_stranger(html)["links"] if link.startswith("https"))
    assert lacking(html, text.replace(link, ""))["links"] == {other for other in read_by_a_stranger(html)["links"] if link in other}
    assert lacking(html, "")["dates"]
    assert lacking(html, "")["headings"]


def test_a_gateway_that_strips_the_tags_keeps_every_way_to_apply(exported: tuple[str, str]) -> None:
    """An item that invites shows its addresses as text, so that they survive when only the HTML is turned into text."""
    html, _ = exported
    page: Any = lxml.html.document_fromstring(html)
    seen = str(page.text_content())
    for heading in page.iter("h3", "h4"):
        if not any(tag in heading.text_content() for tag in INVITING):
            continue
        addresses = _addresses_below(heading)
        assert addresses, heading.text_content()
        assert all(address in seen for address in addresses)


def _addresses_below(heading: Any) -> list[str]:
    """The https addresses between this heading and the next one."""
    elements = list(heading.getroottree().iter("a", "h2", "h3", "h4"))
    found: list[str] = []
    for element in elements[elements.index(heading) + 1 :]:
        if element.tag != "a":
            break
        if element.get("href", "").startswith("https"):
            found.append(element.get("href", ""))
    return found


def test_the_text_edition_keeps_its_shape(exported: tuple[str, str]) -> None:
    """70 columns with ambiguous characters as two, a blank line after every URL, no indentation, no line that mail programs misread."""
    _, text = exported
    lines = text.split("\n")
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        columns = sum(2 if unicodedata.east_asian_width(ch) in "WFA" else 1 for ch in line)
        assert columns <= 70 or re.fullmatch(r"\S*https?://\S+", line), line
        assert not re.match(r"[ \t>]|-- ?$|_{3,}", line), line
        if re.match(r"https?://", line):
            assert after == "", line
    text.encode("cp932")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert all(len(line) == 20 for line in lines if set(line) in ({"━"}, {"─"}))
