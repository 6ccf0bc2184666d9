"""What readers and colleagues see of the four samples, letter by letter; reviewed by eye before it is accepted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.test_build import SLUGS, enews, sample_workspace

Golden = Callable[[str, str | bytes], None]


@pytest.fixture(scope="module", params=SLUGS)
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``build/<slug>/`` with the build, the Mailchimp export and the web copy in it."""
    root, slug = sample_workspace(tmp_path_factory.mktemp("desk")), str(request.param)
    for arguments in (("build", slug), ("export", slug, "--for", "mailchimp"), ("export", slug, "--web")):
        assert enews(root, *arguments) == 0
    return root / "build" / slug


@pytest.mark.parametrize("name", ["{slug}.html", "{slug}.txt", "{slug}.eml", "report.json"])
def test_the_build(built: Path, name: str, golden: Golden) -> None:
    """The send-ready page, the text edition, the message and the report."""
    name = name.format(slug=built.name)
    golden(f"{built.name}/{name}", (built / name).read_bytes())


@pytest.mark.parametrize(
    "name", ["export-mailchimp/{slug}.html", "export-mailchimp/{slug}.txt", "export-mailchimp/手順.txt", "web/index.html"]
)
def test_the_exports(built: Path, name: str, golden: Golden) -> None:
    """What is handed to Mailchimp with its numbered steps, and the web copy."""
    name = name.format(slug=built.name)
    golden(f"{built.name}/{name}", (built / name).read_bytes())
