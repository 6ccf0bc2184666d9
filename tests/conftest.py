"""What holds for every test: no socket leaves this machine, golden files can be renewed, and nothing is left out unsaid.

Browser tests are skipped where a tool is missing; with ``CI=true`` that is a failure, and so is any other skipped test.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import tools

GOLDEN = Path(__file__).parent / "golden"
CI = os.environ.get("CI") == "true"
GUARDED = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname")

_network = {"guarded": False, "loopback": False}


class NetworkForbiddenError(AssertionError):
    """A test, or the code under test, reached for the network."""


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse sockets at the interpreter's own audit events: below every library, so that none can go around it."""
    if not _network["guarded"] or event not in GUARDED:
        return
    target = arguments[0] if event.startswith("socket.get") else arguments[1]
    if isinstance(target, str | bytes | None) and not event.startswith("socket.get"):
        return  # a Unix socket, or one that was connected before
    host = target[0] if isinstance(target, tuple) else target
    if not (_network["loopback"] and _is_loopback(host)):
        message = f"{event} to {target!r}: tests open no socket; mark the test loopback if it runs a server on this machine"
        raise NetworkForbiddenError(message)


def _is_loopback(host: object) -> bool:
    try:
        return host in ("localhost", "", None) or ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


sys.addaudithook(_watch)
# A busy machine is no bug, and a build server tries the same cases every time; people's machines look for new ones.
settings.register_profile("enews", deadline=None, derandomize=CI)
settings.load_profile("enews")


@pytest.fixture(autouse=True)
def network(request: pytest.FixtureRequest) -> Iterator[None]:
    """No socket at all, or for tests marked ``loopback`` none but to this machine."""
    before = dict(_network)
    _network.update(guarded=True, loopback=request.node.get_closest_marker("loopback") is not None)
    yield
    _network.update(before)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--update-golden``."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; review them in the diff")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str | bytes], None]:
    """``golden("2025-01/2025-01.txt", text)``: fail unless it is letter by letter what ``tests/golden`` holds."""
    update = bool(request.config.getoption("--update-golden"))

    def compare(name: str, actual: str | bytes) -> None:
        compare_golden(GOLDEN / name, actual if isinstance(actual, bytes) else actual.encode("utf-8"), update=update)

    return compare


def compare_golden(path: Path, actual: bytes, *, update: bool) -> None:
    """Fail unless ``path`` holds ``actual``; with ``update`` write it first."""
    if update:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(actual)
    if not path.is_file():
        pytest.fail(f"no golden file {path.name}: run pytest --update-golden, open the file, commit it if it is right", pytrace=False)
    expected = path.read_bytes()
    if expected != actual:
        pytest.fail(_difference(path.name, expected, actual), pytrace=False)


def _difference(name: str, expected: bytes, actual: bytes) -> str:
    """The first 60 changed lines; a difference that lines do not show (an end of line, a stray byte) is said in bytes."""
    old, new = (data.decode("utf-8", "backslashreplace").splitlines() for data in (expected, actual))
    lines = list(difflib.unified_diff(old, new, f"golden/{name}", "now", lineterm="", n=1))[:60]
    return "\n".join(lines) or f"{name}: {len(expected)} bytes in the golden file, {len(actual)} now; only ends of lines differ"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave a browser test out where its tools are missing; in CI fail it."""
    if item.get_closest_marker("browser") and (lacking := tools.missing()):
        (pytest.fail if CI else pytest.skip)(f"needs {', '.join(lacking)}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out, by reason; in CI nothing may be."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [report.longrepr[2].removeprefix("Skipped: ") for report in skipped if isinstance(report.longrepr, tuple)]
    for reason in dict.fromkeys(reasons):
        terminalreporter.write_line(f"LEFT OUT: {reasons.count(reason)} test(s): {reason}", yellow=True)
    if reasons and (packages := tools.missing_packages()):
        terminalreporter.write_line(f"To run them: apt-get install -y --no-install-recommends {' '.join(packages)}", yellow=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With ``CI=true`` a skipped test fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if CI and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
