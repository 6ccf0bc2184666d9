"""The docs are true of the code."""

from __future__ import annotations

import re

import pytest

from pipeline.checks.reasons import reasons
from pipeline.cli import COMMANDS
from tests.builders import ROOT
from tests.docs.reference import CHECKS, PATH, checks, reference

SOURCES = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "pipeline").rglob("*.py")) if path.name != "reasons.py")


def test_the_reference_is_what_the_code_says() -> None:
    """``make docs`` was run after the last change of a command, an option, an entry, a masthead key or a finding."""
    assert PATH.read_text("utf-8") == reference()


def test_the_list_of_checks_is_what_the_rules_say() -> None:
    """``make docs`` was run after the last change of a rule."""
    assert CHECKS.read_text("utf-8") == checks()


def test_every_finding_has_a_reason_and_every_reason_a_finding() -> None:
    """A code in the program is a code in the reference, and the other way round."""
    assert set(re.findall(r'"([A-Z]{2,5}\d{3})"', SOURCES)) == set(reasons())


@pytest.mark.parametrize("name", ["README.md", "docs/guide.md"])
def test_the_commands_that_the_docs_show_exist(name: str) -> None:
    """Nobody is sent to a command or an option that is not there."""
    text = (ROOT / name).read_text("utf-8")
    shown = set(re.findall(r"`enews ([a-z-]+)", text))
    assert shown
    assert shown <= set(COMMANDS)
    options = {flag for _, _, arguments in COMMANDS.values() for flags, _ in arguments for flag in flags} | {"--workspace", "--help"}
    for line in re.findall(r"`enews ([^`]+)`", text):
        assert set(re.findall(r"--[a-z-]+", line)) <= options, line


def test_the_guide_names_every_command() -> None:
    """An editor finds each command in the guide or in the reference it links to, and the month's commands in the guide itself."""
    guide = (ROOT / "docs/guide.md").read_text("utf-8")
    for command in ("new", "fetch", "cases", "review", "pictures", "check", "build", "export"):
        assert f"enews {command}" in guide
