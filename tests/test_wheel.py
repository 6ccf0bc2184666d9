"""The program as others get it: the built wheel in an environment of its own, in an empty folder, beside the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from tests.builders import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without network and without an environment of its own."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True, capture_output=True
    )
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The command of a new environment that holds the wheel alone and borrows the libraries of this one."""
    home = tmp_path_factory.mktemp("home") / "venv"
    venv.create(home, symlinks=True)
    python = home / "bin/python"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*pip, str(wheel)], check=True)
    (site,) = (home / "lib").glob("python*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return [str(home / "bin/enews")]


def run(command: list[str], cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a folder, without anything of ours in its environment; what it prints is UTF-8."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ENEWS", "VIRTUAL_ENV"))}
    return subprocess.run(command, cwd=cwd, env={**clean, **environment}, capture_output=True, encoding="utf-8", check=False)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def started(command: list[str], folder: Path, **environment: str) -> dict[str, bytes]:
    """All that ``init`` and ``build`` leave in an empty folder."""
    folder.mkdir(parents=True)
    made = run([*command, "init", "desk"], folder, **environment)
    assert made.returncode == 0, made.stdout + made.stderr
    (issue,) = (folder / "desk/issues").glob("*/issue.md")
    built = run([*command, "build", issue.parent.name], folder / "desk", **environment)
    assert built.returncode == 0, built.stdout + built.stderr
    return tree(folder / "desk")


def test_the_wheel_works_in_an_empty_folder_as_the_checkout_does(installed: list[str], tmp_path: Path) -> None:
    """``enews init`` and ``enews build`` give a send-ready page from the wheel alone, and byte for byte the same from the checkout."""
    python = str(Path(installed[0]).with_name("python"))
    where = run([python, "-c", "import pipeline; print(pipeline.__file__)"], tmp_path).stdout
    assert str(ROOT) not in where
    from_wheel = started(installed, tmp_path / "wheel")
    from_checkout = started([sys.executable, "-m", "pipeline"], tmp_path / "checkout", PYTHONPATH=str(ROOT))
    assert from_wheel.keys() == from_checkout.keys()
    assert {name for name, data in from_wheel.items() if data != from_checkout[name]} == set()
    assert [name for name in from_wheel if name.startswith("build/") and name.endswith(".html") and "draft" not in name]


def test_a_second_init_in_the_same_place_is_refused_in_japanese(installed: list[str], tmp_path: Path) -> None:
    """Exit code 1 and a sentence, never a traceback or an overwritten file."""
    run([*installed, "init", "desk"], tmp_path)
    before = tree(tmp_path)
    again = run([*installed, "init", "desk"], tmp_path)
    assert (again.returncode, tree(tmp_path)) == (1, before)
    assert "空ではありません" in again.stderr


def test_a_wheel_without_its_templates_would_be_noticed(wheel: Path, tmp_path: Path) -> None:
    """The comparison above is not blind: with the brought files taken out, ``init`` stops and says what is missing."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "unpacked")
    shutil.rmtree(tmp_path / "unpacked/pipeline/_files/templates")
    result = run([sys.executable, "-m", "pipeline", "init", "desk"], tmp_path, PYTHONPATH=str(tmp_path / "unpacked"))
    assert result.returncode == 1
    assert "templates" in result.stderr


def test_the_wheel_carries_no_readers_and_no_tests(wheel: Path) -> None:
    """Only the program, what ``init`` lays, and the wheel's own papers are in it."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert all(name.startswith(("pipeline/", "enews-")) for name in names)
    readers = {name for name in names if "subscribers" in name}
    assert readers == {"pipeline/_files/subscribers/README.md", "pipeline/_files/subscribers/example.csv"}
