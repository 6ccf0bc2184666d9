"""Fixtures of the tests of delivery."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.delivery.store import SECRET
from tests.delivery.pages import KEY, Pages


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pages:
    """A desk with two readers, and its pages."""
    monkeypatch.setenv(SECRET, KEY)
    return Pages(tmp_path)
