"""One Chromium for the session, and the sample issues built once: what every browser test looks at."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests import tools
from tests.browser.samples import Sample, build_sample
from tests.test_build import SLUGS, sample_workspace

ARGUMENTS = ["--no-sandbox", "--disable-background-networking"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=tools.chromium(), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Sample]:
    """``build("2025-01")``: that sample issue, built at its first use."""
    root = sample_workspace(tmp_path_factory.mktemp("samples"))
    return functools.cache(functools.partial(build_sample, root))


@pytest.fixture(params=SLUGS)
def sample(request: pytest.FixtureRequest, build: Callable[[str], Sample]) -> Sample:
    """Each of the sample issues."""
    return build(request.param)


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A page of its own that no request leaves: pictures do not load. Scripts are on, because a judge is one."""
    context = browser.new_context(offline=True)
    context.route("**/*", _stay)
    yield context.new_page()
    context.close()


@pytest.fixture
def tab_with_pictures(browser: Browser, sample: Sample) -> Iterator[Page]:
    """The same with the sample's pictures, taken from the folder that they are uploaded from."""
    folder = sample.mail.parent / "images"
    context = browser.new_context(offline=True)
    context.route("**/*", functools.partial(_show_picture, folder))
    yield context.new_page()
    context.close()


def _stay(route: Route) -> None:
    if route.request.url.startswith("file:"):
        route.continue_()
    else:
        route.abort()


def _show_picture(folder: Path, route: Route) -> None:
    picture = folder / route.request.url.rpartition("/")[2]
    if picture.is_file():
        route.fulfill(path=picture)
    else:
        route.abort()
