"""Fixtures of the tests of sources."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.sources.fake_translators import FakeTranslator
from tests.sources.feedserver import FeedServer


@pytest.fixture
def fake() -> Iterator[FakeTranslator]:
    """A server that is both translation services."""
    with FeedServer() as server:
        yield FakeTranslator(server)
