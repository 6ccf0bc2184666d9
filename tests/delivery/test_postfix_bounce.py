"""A send through a real Postfix to a mailbox that does not exist: what it returns strikes off this reader and nobody else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.delivery import roster
from pipeline.delivery.store import open_store
from tests.delivery.postfix import postfix
from tests.delivery.test_postfix import read_mail
from tests.test_send import READERS, approved, enews, root

__all__ = ["approved", "root"]  # fixtures
pytestmark = [
    pytest.mark.browser,
    pytest.mark.loopback,
    pytest.mark.skipif(os.getuid() != 0 and os.environ.get("CI") != "true", reason="Postfix needs root"),
]


def test_a_real_bounce_finds_its_reader(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Twelve mails leave, one comes back, its reader is struck off; among the eleven that arrived nothing is taken for a bounce or a wish."""
    known = tuple(f"Reader{n}@example.com" for n in range(1, READERS + 1) if n != 5)
    with postfix(known=(*known, "@example.jp")) as (port, new):
        masthead = root / "issues" / "newsletter.toml"
        smtp = f'\n[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nreturn_path = "b@example.jp"\n'
        masthead.write_text(masthead.read_text(encoding="utf-8") + smtp, encoding="utf-8")
        assert enews(capsys, root, "send", "2025-01", "--readers", str(READERS))[0] == 0
        assert len(read_mail(new, READERS)) == READERS
        code, said = enews(capsys, root, "bounces", str(new.parent))
    assert code == 0
    assert "みほん市5 Re***@example.com　宛先不明（2025-01号、5.1.1）" in said
    assert f"ほかは、することがありません：そのほかのメール {READERS - 1}通" in said
    with open_store(root) as store, store.read() as rows:
        assert [(one.address, one.reason) for one in roster.suppressions(rows)] == [("Reader5@example.com", "不達")]
