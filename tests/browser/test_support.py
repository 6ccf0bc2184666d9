"""Everything that a mail says in its elements is known to the clients that our readers use, by caniemail's data."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.samples import Sample
from tests.browser.support import unknown, unsupported

pytestmark = pytest.mark.browser

LOSES_NOTHING = {  # where a client does not know it, nothing is lost
    "css-height": "a gap is a little lower",
    "css-overflow-wrap": "a long URL runs on; the page is tested for overflow without it",
    "css-white-space": "a label may break over two lines",
    "html-body": "its styles stand on the cell below as well",
    "html-style": "the mail is tested without it at every width",
}
OLDER_THAN_THE_DATA = {
    "css-border-bottom",
    "css-border-top",
    "css-border-left",
    "css-border-right",
    "css-color",
    "css-font-family",
    "css-display-block",
}


def test_no_client_lacks_what_a_mail_needs(sample: Sample) -> None:
    """No property, element or attribute is used that Gmail, Outlook, Apple Mail, Yahoo or Thunderbird do not support, but for what loses nothing."""
    assert {(feature, client) for feature, client in unsupported(sample.exported) if feature not in LOSES_NOTHING} == set()
    assert unknown(sample.exported) - OLDER_THAN_THE_DATA == set()


@pytest.mark.parametrize(
    ("planted", "feature"),
    [
        ('<p style="display:flex">', "css-display-flex"),
        ('<p style="position:absolute">', "css-position"),
        ("<svg></svg>", "html-svg"),
        ('<p style="width:50vmax">', "css-unit-vmax"),
        ('<p style="filter:blur(2px)">', "css-filter"),
    ],
)
def test_a_planted_feature_is_seen(build: Callable[[str], Sample], planted: str, feature: str) -> None:
    """What webmail drops is named."""
    page = build("2025-01").exported
    assert feature not in {name for name, _ in unsupported(page)}
    assert feature in {name for name, _ in unsupported(page.replace("<h1", f"{planted}<h1", 1))}


def test_a_property_without_a_word_in_the_data_is_seen(build: Callable[[str], Sample]) -> None:
    """A property that nobody has tested is not taken for safe."""
    page = build("2025-01").exported.replace("<h1", '<p style="hanging-punctuation:first"></p><h1', 1)
    assert unknown(page) - OLDER_THAN_THE_DATA == {"css-hanging-punctuation"}
