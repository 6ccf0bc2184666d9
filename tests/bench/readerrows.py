"""The rows of the list of readers: 100,000 of them taken in by a new process, beside ``sqlite3 .import`` and email-validator on every row; memory.

``.import`` checks nothing: it fills a table of the same columns whose addresses are unique. email-validator is asked for every row and stores
nothing. Ours finds encoding and columns, checks every cell, knows who left, and keeps what was there.
"""

from __future__ import annotations

import csv
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from pipeline.config import MASTHEAD
from pipeline.delivery.people import SEGMENTS
from pipeline.delivery.store import PLACE, SECRET
from tests.bench import peers
from tests.bench.clock import Line, Row, Run, ahead_of, at_most, cold, interleave
from tests.builders import ROOT

MANY, FEW, ROUNDS = 100_000, 1_400, 5
OURS, SQLITE, VALIDATOR = "enews subscribers import", "sqlite3 .import, nothing checked", "email-validator on every row, nothing stored"
COLUMNS = ("メールアドレス", "氏名", "所属", "区分", "会員", "言語", "同意", "同意の経路")
_TABLE = "CREATE TABLE readers (address TEXT NOT NULL UNIQUE, name TEXT, organisation TEXT, segment TEXT, member TEXT, language TEXT, day TEXT, how TEXT);"
_VALIDATE = """
import csv, sys
from email_validator import EmailNotValidError, validate_email
with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    for row in list(csv.reader(file))[1:]:
        validate_email(row[0], allow_smtputf8=False, check_deliverability=False)
"""
_PEAK = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
sys.exit(code)
"""


def reader_rows(folder: Path, *, many: int = MANY) -> tuple[Row, Row]:
    """How long it takes, and how much memory."""
    os.environ.update({SECRET: "only-for-the-benchmark-0123456789", PLACE: str(folder / "ws-readers" / "subscribers")})
    files = {number: write_list(folder / f"readers-{number}.csv", number, seed=number) for number in (FEW, many)}
    root = _workspace(folder / "ws-readers")
    return _taking_in(root, files[many], many), _memory(root, files)


def _taking_in(root: Path, file: Path, many: int) -> Row:
    there = shutil.which("sqlite3")
    database, bare = root / "peer.sqlite3", root / "bare.csv"
    bare.write_text(file.read_text("utf-8-sig").partition("\n")[2], encoding="utf-8")
    runs: dict[str, Run] = {
        OURS: cold([*peers.python("-m", "pipeline"), *_import(root, file)], cwd=ROOT, before=_forgetting(root)),
        VALIDATOR: cold([*peers.python("-c", _VALIDATE), str(file)], cwd=ROOT),
    }
    if there:
        command = [there, str(database), "-cmd", ".mode csv", _TABLE, f".import {bare} readers"]
        runs[SQLITE] = cold(command, cwd=ROOT, before=lambda: database.unlink(missing_ok=True))
    taken = interleave(runs, rounds=ROUNDS)
    lines = (
        Line(name=OURS, version=version("enews"), samples=taken[OURS]),
        Line(name=SQLITE, version=sqlite3.sqlite_version, samples=taken.get(SQLITE, ()), note="" if there else "not installed"),
        Line(name=VALIDATOR, version=version("email-validator"), samples=taken[VALIDATOR]),
    )
    row = Row(key="readers-import", title=f"{many:,} READERS taken in, a new process each time", unit="s", lines=lines, base=SQLITE)
    verdicts = (
        at_most("at most 3 x sqlite3 .import", row.ratio(OURS), 3, shown="{:.1f} x"),
        ahead_of("email-validator on every row", row.ratio(VALIDATOR, OURS)),
    )
    return Row(
        key=row.key,
        title=row.title,
        unit="s",
        lines=lines,
        base=SQLITE,
        verdicts=verdicts,
        notes=(f"{file.stat().st_size:,} bytes of CSV",),
    )


def _memory(root: Path, files: dict[int, Path]) -> Row:
    """The largest memory that the process had at any time."""
    lines = []
    for number, file in files.items():
        _forgetting(root)()
        peaks = tuple(float(peak([*peers.python("-m", "pipeline"), *_import(root, file)])) for _ in range(1))
        lines.append(Line(name=f"{number:,} readers", samples=peaks))
    row = Row(key="readers-memory", title="MEMORY of the same, at its peak", unit="bytes", lines=tuple(lines))
    more = at_most("at most 1.25 x for the longer list", row.ratio(lines[-1].name), 1.25, shown="{:.2f} x")
    return Row(key=row.key, title=row.title, unit=row.unit, lines=row.lines, verdicts=(more,))


def peak(command: list[str]) -> int:
    """The largest memory in bytes that a command had. ``CalledProcessError`` if it fails.

    A small process starts it: on Linux a child's figure is at least the size of who started it.
    """
    done = subprocess.run([sys.executable, "-S", "-c", _PEAK, *command], cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    return int(done.stdout.splitlines()[-1])


def _import(root: Path, file: Path) -> list[str]:
    return ["subscribers", "import", str(file), "--workspace", str(root)]


def _workspace(root: Path) -> Path:
    shutil.rmtree(root, ignore_errors=True)
    (root / "issues").mkdir(parents=True)
    shutil.copy(ROOT / MASTHEAD, root / MASTHEAD)
    return root


def _forgetting(root: Path) -> Callable[[], None]:
    return lambda: shutil.rmtree(root / "subscribers", ignore_errors=True)


def write_list(path: Path, number: int, *, seed: int) -> Path:
    """A list of so many readers, each with every field, no two addresses alike; the same seed gives the same bytes."""
    dice = random.Random(seed)  # noqa: S311 (nothing secret)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for one in range(number):
            office = dice.randrange(900)
            day = f"20{dice.randrange(10, 25)}-{dice.randrange(1, 13):02}-{dice.randrange(1, 28):02}"
            told = (dice.choice(SEGMENTS), dice.choice(("会員", "")), "ja", day, dice.choice(("名刺交換", "申込フォーム")))
            address = f"{dice.choice(('taro', 'hanako', 'kankyo', 'seisaku'))}.{dice.randrange(1000)}.{one}@city{office}.example.com"
            writer.writerow((address, f"見本 太郎{one}", f"みほん{office}市環境部環境政策課", *told))
    return path
