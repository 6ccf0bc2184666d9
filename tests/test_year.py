"""``enews stats``: the numbers of the annual report, from the sample issues and a list of readers."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.delivery import roster
from pipeline.delivery.people import Subscriber
from pipeline.delivery.store import SECRET, open_store
from pipeline.desk import open_workspace
from pipeline.errors import WorkspaceError
from pipeline.yeardesk import Table, Year, fiscal_year, write_csv, year_of
from tests.builders import ROOT
from tests.test_send import KEY, enews

LATER = date(2025, 6, 1)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk with the sample issues and no list."""
    monkeypatch.setenv(SECRET, KEY)
    shutil.copytree(ROOT / "issues", tmp_path / "issues")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    return tmp_path


def table(year: Year, title: str) -> Table:
    """One table by its title."""
    return next(one for one in year.tables if one.title == title)


def test_what_was_issued_is_counted(root: Path) -> None:
    """Issues of the fiscal year by date, items of every member, nought too, and each case once however often it was in an issue."""
    year = year_of(open_workspace(root), 2024, today=LATER)
    assert [row[0] for row in table(year, "発行した号").rows] == ["2024-11-cop16", "2024-12-cop29", "2025-01-cases", "2025-01"]
    towns = {row[0]: row[1:] for row in table(year, "自治体ごとの記事").rows}
    heads = [path.read_text(encoding="utf-8").partition("\n---")[0] for path in (root / "issues").glob("20*/*.md")]
    written = [
        line for head in heads for line in head.splitlines() if line.startswith(("自治体", "municipalities")) and "さいたま市" in line
    ]
    assert towns["さいたま市"] == ("会員", len(written), 0)
    assert (towns["札幌市"], towns["みほん市"][0]) == (("会員", 0, 0), "会員外")
    assert [row[1:] for row in table(year, "発信元ごとの海外事例").rows] == [(3, 6)]
    assert sum(int(row[1]) for row in table(year, "分野ごとの海外事例").rows) == 3


def test_what_is_not_issued_yet_waits(root: Path) -> None:
    """An issue whose day has not come is named and not counted; other years are empty; the year begins in April."""
    year = year_of(open_workspace(root), 2024, today=date(2025, 1, 20))
    assert year.waiting == ("2025-01",)
    assert len(table(year, "発行した号").rows) == 3
    assert table(year_of(open_workspace(root), 2023, today=LATER), "発行した号").rows == ()
    assert [fiscal_year(date(2025, month, 1)) for month in (3, 4)] == [2024, 2025]


def test_readers_by_segment_over_time(root: Path) -> None:
    """At each month's end: who was on the list by then and had not left."""
    with open_store(root) as store, store.change() as rows:
        for n, (segment, added) in enumerate(
            (("自治体", "2024-04-10"), ("自治体", "2024-06-30"), ("大学", "2024-07-01"), ("", "2025-05-01"))
        ):
            reader = Subscriber(address=f"r{n}@example.com", segment=segment)
            roster.add(rows, reader, secret=store.secret, now=f"{added}T09:00:00+09:00")
        roster.suppress(rows, "r0@example.com", reason="配信停止", via="返信", secret=store.secret, now="2024-08-31T10:00:00+09:00")
    readers = table(year_of(open_workspace(root), 2024, today=LATER), "区分ごとの読者")
    assert (len(readers.header), readers.header[1], readers.header[-1]) == (13, "2024-04-30", "2025-03-31")
    assert [row[:6] for row in readers.rows] == [("自治体", 1, 1, 2, 2, 1), ("大学", 0, 0, 0, 1, 1), ("計", 1, 1, 2, 3, 2)]
    now = table(year_of(open_workspace(root), 2025, today=LATER), "区分ごとの読者")
    assert (now.header, now.rows[-1]) == (("区分", "2025-04-30", "2025-05-31", "2025-06-01"), ("計", 2, 3, 3))


def test_the_file_opens_in_a_spreadsheet(root: Path, tmp_path: Path) -> None:
    """UTF-8 with a mark, no cell that runs, and never over a file that is there."""
    year = year_of(open_workspace(root), 2024, today=LATER)
    spoilt = replace(year, tables=(Table(title="=1+1", header=("a",), rows=(("=cmd()", 3),)), *year.tables))
    path = tmp_path / "year.csv"
    write_csv(path, spoilt)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0][0].startswith("'=")
    assert rows[2] == ["'=cmd()", "3"]
    assert ["発行した号（2024年度）"] in rows
    with pytest.raises(WorkspaceError, match="もうあります"):
        write_csv(path, year)


def test_the_command(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A table on the screen, the same numbers as JSON and as CSV."""
    code, said = enews(capsys, root, "stats", "--fy", "2024", "--csv", str(tmp_path / "out" / "2024.csv"))
    assert code == 0
    assert "■自治体ごとの記事" in said
    assert "書き出しました" in said
    assert (tmp_path / "out" / "2024.csv").is_file()
    code, said = enews(capsys, root, "stats", "--fy", "2024", "--json")
    answer = json.loads(said)
    assert (code, answer["fiscal_year"], answer["tables"][0]["rows"][0][0]) == (0, 2024, "2024-11-cop16")
