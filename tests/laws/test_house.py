"""The style of the house in figures, and what may never be committed: names of registries, paths of a developer's machine, readers' addresses."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from statistics import median

import pytest

from pipeline.cli import COMMANDS
from tests.laws.source import ROOT, Source, functions, read_sources

MAX_FILE, MAX_LINE = 400, 150  # the formatter keeps code within 140; words may run on a little
MAX_FUNCTION, MAX_NINE_IN_TEN, MAX_MEDIAN = 60, 27, 9
FORBIDDEN_CLASS = re.compile(r"(Manager|Handler|Service|Context|Base)$")
FORBIDDEN_FILE = re.compile(r"(^|/)(utils?|helpers?|common|misc)\.py$")
# Put together here so that this file does not name them itself.
HOSTS = tuple(
    name.replace("·", "")
    for name in (
        *("p·ypi.org", "python·hosted.org", "npm·js.com", "npm·js.org", "yarn·pkg.com", "crates·.io", "proxy.go·lang.org"),
        *("deb.deb·ian.org", "security.deb·ian.org", "archive.u·buntu.com", "ports.u·buntu.com"),
    )
)
MACHINE_PATH = re.compile(r"(?<![\w.~/*-])/(?:home|Users|root|srv|mnt)/[\w.-]+|[A-Z]:\\Users\\[A-Za-z]")


def too_long(sources: tuple[Source, ...]) -> Iterator[str]:
    """Files, lines and functions over the limits of the house."""
    for source in sources:
        if source.lines > MAX_FILE:
            yield f"{source.path} has {source.lines} lines, {MAX_FILE} are enough"
        yield from (
            f"{source.path}:{n} has {len(line)} characters" for n, line in enumerate(source.text.splitlines(), 1) if len(line) > MAX_LINE
        )
        yield from (f"{source.path}: {name} has {lines} lines" for name, lines in functions(source) if lines > MAX_FUNCTION)


def too_long_on_the_whole(sources: tuple[Source, ...]) -> Iterator[str]:
    """The median and the ninth decile of all functions over the figures of the models."""
    lengths = sorted(lines for source in sources for _, lines in functions(source))
    middle, high = median(lengths), lengths[int(len(lengths) * 0.9)]
    if middle > MAX_MEDIAN or high > MAX_NINE_IN_TEN:
        yield f"{len(lengths)} functions: median {middle} (at most {MAX_MEDIAN}), nine in ten {high} (at most {MAX_NINE_IN_TEN})"


def undescribed(sources: tuple[Source, ...]) -> Iterator[str]:
    """Files with code in them and no docstring on top."""
    yield from (f"{source.path} has no docstring" for source in sources if source.tree.body and not ast.get_docstring(source.tree))


def misnamed(sources: tuple[Source, ...]) -> Iterator[str]:
    """Names that say nothing: classes that manage or handle, files of leftovers."""
    for source in sources:
        if FORBIDDEN_FILE.search(source.path):
            yield f"{source.path}: name the file after what is in it"
        classes = (node.name for node in source.nodes if isinstance(node, ast.ClassDef))
        yield from (f"{source.path}: class {name} says nothing" for name in classes if FORBIDDEN_CLASS.search(name))


Law = Callable[[tuple[Source, ...]], Iterator[str]]
LAWS: tuple[Law, ...] = (too_long, too_long_on_the_whole, undescribed, misnamed)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_the_pipeline_keeps_the_style_of_the_house(law: Law) -> None:
    """Files, lines and functions are short, described and named after what they are."""
    sources = read_sources("pipeline")
    assert len(sources) > 5, "the laws look at nothing"
    broken = list(law(sources))
    assert not broken, "\n".join(broken)


def test_every_test_file_is_described() -> None:
    """Tests may be longer and freer, but each file says on top what it is about."""
    broken = list(undescribed(read_sources("tests")))
    assert not broken, "\n".join(broken)


PLANTED = [
    (too_long, "desk.py", '"""Long."""\n' + "A = 1\n" * MAX_FILE),
    (too_long, "desk.py", f'A = "{"校" * MAX_LINE}"'),
    (too_long, "desk.py", "def build():\n" + "    pass\n" * MAX_FUNCTION),
    (too_long_on_the_whole, "desk.py", "".join(f"def f{n}():\n" + "    pass\n" * 10 for n in range(5))),
    (too_long_on_the_whole, "desk.py", "".join(f"def f{n}():\n" + "    pass\n" * (30 if n > 7 else 1) for n in range(10))),
    (undescribed, "desk.py", "import sys"),
    (misnamed, "desk.py", "class IssueManager: pass"),
    (misnamed, "desk.py", "class RenderContext: pass"),
    (misnamed, "render/utils.py", ""),
]


@pytest.mark.parametrize(("law", "path", "text"), PLANTED)
def test_each_law_of_style_sees_a_planted_violation(law: Law, path: str, text: str) -> None:
    """A law of style reports what breaks it."""
    assert len(list(law((Source(path=f"pipeline/{path}", text=text),)))) == 1


def never_committed(text: str) -> Iterator[str]:
    """Hosts of package registries, and paths that exist on one developer's machine only."""
    yield from (host for host in HOSTS if host in text)
    yield from MACHINE_PATH.findall(text)


def committed_files() -> tuple[str, ...]:
    """The names of all files in git."""
    command = ["git", "-c", "safe.directory=*", "-c", "core.quotePath=off", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode("utf-8")
    return tuple(name for name in listed.split("\0") if name and (ROOT / name).is_file())


def test_no_file_names_a_registry_or_a_machine() -> None:
    """What is committed works wherever it is cloned, with whatever mirror is set up there."""
    files = committed_files()
    assert "Makefile" in files
    texts = ((name, (ROOT / name).read_bytes().decode("utf-8", "replace")) for name in files)
    broken = [f"{name}: {found}" for name, text in texts for found in never_committed(text)]
    assert not broken, "\n".join(broken)


SECRETS = [
    "https://registry." + HOSTS[2] + "/axe-core",
    "see " + HOSTS[0],
    "cd /ho" + "me/hanako/enews",
    '"/sr' + 'v/enews/.venv"',
    "C:\\Use" + "rs\\hanako",
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_planted_host_or_path_is_seen(text: str) -> None:
    """A registry's host or a machine's path is reported wherever it stands."""
    assert list(never_committed(text))


@pytest.mark.parametrize("text", ["https://www.example.jp/home/2025", "~/home/x", "issues/home/x.md", "PyPI", "../root/a"])
def test_addresses_and_relative_paths_are_no_machine(text: str) -> None:
    """Web addresses and paths within the project pass."""
    assert not list(never_committed(text))


def test_no_reader_is_committed() -> None:
    """The folder of readers holds its description and an example with example.com addresses, and git ignores everything else there."""
    assert {name for name in committed_files() if name.startswith("subscribers/")} == {"subscribers/README.md", "subscribers/example.csv"}
    example = (ROOT / "subscribers/example.csv").read_text(encoding="utf-8-sig")
    assert set(re.findall(r"@([\w.-]+)", example)) == {"example.com"}
    ignored = subprocess.run(["git", "-c", "safe.directory=*", "check-ignore", "-q", "subscribers/2025-01.csv"], cwd=ROOT, check=False)
    assert ignored.returncode == 0


def test_every_make_target_of_the_readme_exists_and_is_described() -> None:
    """The README names make targets that ``make help`` knows, and opens with demo and test."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"(?:`|^)make ([a-z]+)", readme, re.MULTILINE)
    described = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert named[:2] == ["demo", "test"]
    assert {"demo", "test", "quick", "lint", "bench", "lock", "clean"} <= described
    assert set(named) <= described


def test_every_enews_command_of_the_readme_exists() -> None:
    """The README's month names commands that ``enews`` has."""
    named = set(re.findall(r"`enews ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert "build" in named
    assert named <= set(COMMANDS)
