"""The laws of the rooms: who may import whom, which library has which file, who prints and who opens sockets.

Each law is a function from sources to the sentences that break it; one test holds it over ``pipeline/``, others show it fail on a planted
violation.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

import pytest

from tests.laws.source import Source, imports, read_sources, within

Law = Callable[[tuple[Source, ...]], Iterator[str]]

BASE = (
    "pipeline.model",
    "pipeline.config",
    "pipeline.errors",
    "pipeline.files",
    "pipeline.sanitise",
    "pipeline.dates",
    "pipeline.calendar",
)
MERGE = "pipeline.render.merge"
LEAVES = ("approvaldoor", "bouncedoor", "casedoor", "checkdoor", "correctdoor", "formdoor", "readerdoor", "senddoor", "yeardoor")
DOORS: dict[str, tuple[str, ...]] = {
    "": (),
    "errors": (),
    "model": ("pipeline.errors",),
    "config": ("pipeline.model", "pipeline.errors"),
    "files": ("pipeline.errors",),
    "sanitise": ("pipeline.model", "pipeline.errors"),
    "dates": ("pipeline.model", "pipeline.errors"),
    "calendar": ("pipeline.model", "pipeline.errors"),
    "sources": BASE,
    "render": BASE,
    "checks": (*BASE, MERGE),
    "export": (*BASE, MERGE, "pipeline.delivery.message"),
    "delivery": (*BASE, MERGE),
    "desk": (*BASE, "pipeline.sources", "pipeline.render", "pipeline.checks", "pipeline.export", "pipeline.delivery"),
    "casedesk": (*BASE, "pipeline.desk", "pipeline.sources", "pipeline.render", "pipeline.checks", "pipeline.export"),
    "checkdesk": (*BASE, "pipeline.desk", "pipeline.sources", "pipeline.checks", "pipeline.export"),
    "proofdesk": (*BASE, "pipeline.desk", "pipeline.sources", "pipeline.render", "pipeline.checks", "pipeline.export", "pipeline.delivery"),
    "bouncedesk": (*BASE, "pipeline.desk", "pipeline.delivery"),
    "bouncedoor": (*BASE, "pipeline.desk", "pipeline.bouncedesk", "pipeline.doorway", "pipeline.delivery"),
    "formdesk": (*BASE, "pipeline.desk", "pipeline.delivery"),
    "formdoor": (*BASE, "pipeline.desk", "pipeline.formdesk", "pipeline.doorway"),
    "senddesk": (*BASE, "pipeline.desk", "pipeline.proofdesk", "pipeline.delivery"),
    "readerdesk": (*BASE, "pipeline.delivery"),
    "cli": (*BASE, "pipeline.desk", "pipeline.checkdesk", "pipeline.doorway", *(f"pipeline.{leaf}" for leaf in LEAVES)),
    "senddoor": (*BASE, "pipeline.desk", "pipeline.senddesk", "pipeline.doorway", "pipeline.delivery"),
    "yeardesk": (*BASE, "pipeline.desk", "pipeline.sources", "pipeline.delivery"),
    "yeardoor": (*BASE, "pipeline.desk", "pipeline.yeardesk", "pipeline.doorway"),
    "readerlines": (*BASE, "pipeline.desk", "pipeline.readerdesk", "pipeline.delivery"),
    "readerdoor": (*BASE, "pipeline.readerdesk", "pipeline.readerlines", "pipeline.delivery", "pipeline.doorway"),
    "approvedesk": (
        *(*BASE, "pipeline.desk", "pipeline.proofdesk", "pipeline.sources", "pipeline.render", "pipeline.checks", "pipeline.export"),
        "pipeline.delivery",
    ),
    "correctdesk": (*BASE, "pipeline.desk", "pipeline.sources", "pipeline.render", "pipeline.export", "pipeline.delivery"),
    "correctdoor": (*BASE, "pipeline.desk", "pipeline.correctdesk", "pipeline.doorway", "pipeline.delivery"),
    "approvaldoor": (
        *BASE,
        "pipeline.desk",
        "pipeline.checkdesk",
        "pipeline.approvedesk",
        "pipeline.delivery.approval",
        "pipeline.doorway",
    ),
    "checkdoor": (*BASE, "pipeline.desk", "pipeline.checkdesk", "pipeline.proofdesk", "pipeline.doorway"),
    "casedoor": (*BASE, "pipeline.desk", "pipeline.casedesk", "pipeline.doorway"),
    "doorway": (*BASE, "pipeline.desk"),
    "__main__": ("pipeline.cli",),
}
SINGLE_FILE = (
    "premailer",
    "feedparser",
    "nh3",
    "html_to_markdown",
    "smtplib",
    "sqlite3",
    "jpholiday",
    "PIL",
    "readability",
    "deepl",
    "rapidfuzz",
    "sudachipy",
    "dkim",
    "openpyxl",
    "email_validator",
    "wsgiref",
)
PRINTING_DOORS = ("cli", *LEAVES, "doorway", "__main__")
SPEAKING = ("sys.argv", "sys.exit", "sys.stdout", "sys.stderr", "sys.stdin", "print", "input", "exit", "quit", "os._exit")
NETWORK = (
    "socket",
    "socketserver",
    "ssl",
    "urllib.request",
    "http.client",
    "http.server",
    "wsgiref",
    "urllib3",
    "httpx",
    "requests",
    "aiohttp",
    "smtplib",
)
ONLINE = (
    "pipeline/sources/feeds.py",
    "pipeline/sources/retrieve.py",
    "pipeline/sources/translators/",
    "pipeline/checks/online.py",
    "pipeline/delivery/",
)


def strangers(sources: tuple[Source, ...]) -> Iterator[str]:
    """Imports of a room that are neither its own, nor base, nor a door named for it."""
    for source in sources:
        if source.room not in DOORS:
            yield f"{source.path}: no law says what the room {source.room!r} may import; add it to DOORS and to the design notes"
            continue
        allowed = (f"pipeline.{source.room}", "pipeline.__version__", *DOORS[source.room])
        for name in imports(source):
            if within(name, "pipeline") and not any(within(name, door) for door in allowed):
                yield f"{source.path} imports {name}, {source.room or 'the package'} may only import {', '.join(allowed)}"


def twice(sources: tuple[Source, ...]) -> Iterator[str]:
    """Libraries that may die or surprise and are imported by more than one file."""
    for library in SINGLE_FILE:
        users = [source.path for source in sources if any(within(name, library) for name in imports(source))]
        if len(users) > 1:
            yield f"{library} is imported by {', '.join(users)}; only one file may know it"


def speakers(sources: tuple[Source, ...]) -> Iterator[str]:
    """Files that are no doors and print, exit or read the command line."""
    for source in sources:
        if source.room not in PRINTING_DOORS:
            used = {ast.unparse(node) for node in source.nodes if isinstance(node, ast.Attribute)}
            used |= {node.func.id for node in source.nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
            used |= {node.exc.func.id for node in source.nodes if _raises_exit(node)}  # type: ignore[attr-defined]
            used |= set(imports(source))
            yield from (f"{source.path} uses {name}; only a door may" for name in (*SPEAKING, "SystemExit") if name in used)


def _raises_exit(node: ast.AST) -> bool:
    return isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)


def online(sources: tuple[Source, ...]) -> Iterator[str]:
    """Files that could open a socket and are not among the few that may."""
    for source in sources:
        if not source.path.startswith(ONLINE):
            for name in imports(source):
                yield from (
                    f"{source.path} imports {name}; sockets belong to {', '.join(ONLINE)}" for library in NETWORK if within(name, library)
                )


LAWS = (strangers, twice, speakers, online)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_house_keeps_its_laws(law: Law) -> None:
    """No file of the pipeline breaks a law of the rooms."""
    sources = read_sources("pipeline")
    assert len(sources) > 5, "the laws look at nothing"
    broken = list(law(sources))
    assert not broken, "\n".join(broken)


PLANTED = [
    (strangers, "render/html.py", "from pipeline.sources import drafts"),
    (strangers, "checks/dates.py", "from pipeline.render import outline"),
    (strangers, "checks/dates.py", "from pipeline import render"),
    (strangers, "checks/dates.py", "from ..render.text import wrap"),
    (strangers, "sources/feeds.py", "def fetch():\n    import pipeline.desk"),
    (strangers, "export/web.py", "import pipeline.delivery.store"),
    (strangers, "model.py", "from pipeline.config import Masthead"),
    (strangers, "desk.py", "from pipeline.cli import main"),
    (strangers, "cli.py", "from pipeline.sources import drafts"),
    (strangers, "plugins.py", ""),
    (twice, "export/eml.py", "import sqlite3"),
    (twice, "export/eml.py", "from PIL import Image"),
    (speakers, "desk.py", "print('校了')"),
    (speakers, "desk.py", "import sys\nsys.exit(1)"),
    (speakers, "desk.py", "from sys import argv"),
    (speakers, "desk.py", "raise SystemExit(1)"),
    (speakers, "render/html.py", "import sys\nsys.stderr.write('校了')"),
    (online, "render/html.py", "import urllib.request"),
    (online, "export/web.py", "from wsgiref.simple_server import make_server"),
    (online, "sources/drafts.py", "from urllib import request"),
    (twice, "sources/translators/deepl.py", "import deepl"),
    (online, "sources/translate.py", "import urllib.request"),
    (online, "checks/links.py", "def look():\n    from http.client import HTTPSConnection"),
]


@pytest.mark.parametrize(("law", "path", "text"), PLANTED)
def test_each_law_sees_a_planted_violation(law: Law, path: str, text: str) -> None:
    """A law reports the file that breaks it, also when the import hides in a function or is relative."""
    other = Source(path="pipeline/delivery/store.py", text="import sqlite3\nimport deepl\nfrom PIL import Image")
    found = list(law((other, Source(path=f"pipeline/{path}", text=text))))
    assert len(found) == 1
    assert f"pipeline/{path}" in found[0]


ALLOWED = [
    ("checks/dates.py", "from pipeline.render.merge import fields_in\nfrom pipeline.render import merge"),
    ("checks/dates.py", "from . import rules\nfrom pipeline.model import Finding"),
    ("export/eml.py", "from pipeline.delivery import message"),
    ("sources/feeds.py", "import urllib.request"),
    ("sources/translators/openai.py", "import urllib.request"),
    ("delivery/smtp.py", "import smtplib"),
    ("render/links.py", "from urllib.parse import urlsplit"),
    ("cli.py", "import sys\nfrom pipeline import desk\nprint(sys.argv)\nsys.exit(0)"),
]


@pytest.mark.parametrize(("path", "text"), ALLOWED)
def test_what_the_plan_allows_breaks_no_law(path: str, text: str) -> None:
    """The doors named in the plan are open."""
    assert [found for law in LAWS for found in law((Source(path=f"pipeline/{path}", text=text),))] == []
