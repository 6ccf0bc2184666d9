"""The house's table of spellings, as Excel saves it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from pipeline.sources.notation import COLUMNS, parse_notation, read_notation
from tests.builders import ROOT

HEAD = ",".join(COLUMNS) + "\n"


def parsed(row: str) -> tuple[int, list[str]]:
    """How many rows a table with this row gives, and what is said of it."""
    found, findings = parse_notation(HEAD + row + "\n", path="issues/notation.csv")
    return len(found), [finding.message for finding in findings]


def test_the_house_table_is_whole() -> None:
    """Our own start: a mark for Excel, 80 rows and more, none refused, each with its reason."""
    data = (ROOT / "issues/notation.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    found, findings = read_notation(ROOT)
    assert findings == ()
    assert len(found) >= 80
    assert [row.wrong for row in found if not row.reason] == []
    assert len(list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))) == len(found) + 1


def test_no_table_is_no_row(tmp_path: Path) -> None:
    """A workspace may do without."""
    assert read_notation(tmp_path) == ((), ())


def test_excel_may_have_saved_it_as_cp932(tmp_path: Path) -> None:
    """Read as it is, and said so; exceptions are parted by a slash between spaces."""
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues/notation.csv").write_bytes((HEAD + "取り組み,取組,取り組み宣言 / 取り組み会議,名詞,わけ\r\n").encode("cp932"))
    (row,), findings = read_notation(tmp_path)
    assert (row.wrong, row.right, row.exceptions, row.kind) == ("取り組み", "取組", ("取り組み宣言", "取り組み会議"), "名詞")
    assert [finding.code for finding in findings] == ["ENC001"]


@pytest.mark.parametrize(
    "row",
    [
        "取り組み,,,,",
        "取組,取組,,,",
        "取り組み,取組,,形容詞,",
        "(,取組,,パターン,",
        "(a+)+b,x,,パターン,",
        "(?:a|b*)*,x,,パターン,",
        "x*,y,,パターン,",
        r"取り組み,\2取組,,パターン,",
        "a,b,,,",
        "取り組み,取組,,,わけ,余り",
    ],
)
def test_a_bad_row_costs_itself_only(row: str) -> None:
    """It is named with its line; patterns that never end are refused."""
    count, messages = parsed(row + "\n手引,手引き,,,")
    assert count == 1
    assert len(messages) == 1
    assert "2行目" in messages[0]


def test_a_row_twice_and_a_table_without_names() -> None:
    """The second of two is refused; without the columns' names nothing is read."""
    assert parsed("甲乙,丙丁,,,\n甲乙,戊己,,,")[0] == 1
    assert parse_notation("誤,正\n甲乙,丙丁\n", path="x")[0] == ()
