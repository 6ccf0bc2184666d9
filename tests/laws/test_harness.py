"""The test harness itself: sockets are refused, golden files differ loudly, and what is left out is said."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests import conftest
from tests.laws.source import ROOT


def test_a_test_cannot_reach_the_network() -> None:
    """A name is not even looked up, and an address is not connected to."""
    with pytest.raises(AssertionError, match=r"example\.com"):
        http.client.HTTPConnection("example.com", timeout=1).request("GET", "/")
    with pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(AssertionError, match=r"127\.0\.0\.1"):
        socket.create_connection(("127.0.0.1", 80), timeout=1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        datagrams.sendto(b"x", ("192.0.2.1", 53))


@pytest.mark.loopback
def test_a_loopback_test_reaches_this_machine_only() -> None:
    """A server on this machine can be talked to, nothing else."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=5) as client:
        assert client.getpeername() == server.getsockname()
    with pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_a_golden_file_that_differs_shows_the_japanese_line(tmp_path: Path) -> None:
    """The failure holds the old and the new line, readable."""
    path = tmp_path / "2025-01.txt"
    conftest.compare_golden(path, "巻頭言\n締切：1月31日\n".encode(), update=True)
    conftest.compare_golden(path, "巻頭言\n締切：1月31日\n".encode(), update=False)
    with pytest.raises(pytest.fail.Exception, match=r"(?s)-締切：1月31日.*\+締切：2月31日"):
        conftest.compare_golden(path, "巻頭言\n締切：2月31日\n".encode(), update=False)
    with pytest.raises(pytest.fail.Exception, match="only ends of lines differ"):
        conftest.compare_golden(path, "巻頭言\r\n締切：1月31日\n".encode(), update=False)


def test_a_golden_file_that_is_not_there_fails(tmp_path: Path) -> None:
    """A new output is not accepted until somebody has looked at it."""
    with pytest.raises(pytest.fail.Exception, match="--update-golden"):
        conftest.compare_golden(tmp_path / "new.html", b"", update=False)


LACKING = """
import pytest
@pytest.mark.browser
def test_look(): "Look."
def test_other(): "Pass."
"""


def _run_pytest(folder: Path, ci: str) -> subprocess.CompletedProcess[str]:
    """Run a browser test where no browser is found; the plain test beside it always runs."""
    (folder / "test_lacking.py").write_text(LACKING, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": "", "ENEWS_CHROMIUM": "", "CI": ci}
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", f"--rootdir={folder}", str(folder)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)


def test_a_missing_browser_is_said_at_the_end(tmp_path: Path) -> None:
    """On a person's machine the rest runs, and the last lines name what was left out and how to get it."""
    run = _run_pytest(tmp_path, ci="")
    assert run.returncode == 0
    assert "LEFT OUT: 1 test(s): needs chromium (apt-get)" in run.stdout
    assert "To run them: apt-get install -y --no-install-recommends chromium default-jre-headless" in run.stdout
    assert "1 passed, 1 skipped" in run.stdout.splitlines()[-1]


def test_a_missing_browser_fails_on_a_build_server(tmp_path: Path) -> None:
    """With CI=true nothing may be left out."""
    run = _run_pytest(tmp_path, ci="true")
    assert run.returncode == 1
    assert "1 failed" in run.stdout or "1 error" in run.stdout


def test_any_other_skip_fails_on_a_build_server(tmp_path: Path) -> None:
    """A test that skips itself turns a build server's run red."""
    (tmp_path / "test_skip.py").write_text("import pytest\ndef test_skip(): pytest.skip('not today')\n", encoding="utf-8")
    run = _run_pytest(tmp_path, ci="true")
    assert "LEFT OUT: 1 test(s): not today" in run.stdout
    assert run.returncode == 1
