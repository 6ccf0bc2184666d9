"""The glossary as offices save it: every row of ours is in order, and each kind of bad row is told with its line and costs only itself."""

from __future__ import annotations

import codecs
import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import TERM_KINDS
from pipeline.sources.glossary import COLUMNS, GLOSSARY, parse_glossary, read_glossary
from tests.builders import ROOT, workspace

HEAD = "en,ja,yomi,kind,from,to,note\n"


def test_our_own_table_is_whole() -> None:
    """UTF-8 with its mark, no bad row, a reading and a kind in every row, member governments with a suffix."""
    assert (ROOT / GLOSSARY).read_bytes().startswith(codecs.BOM_UTF8)
    terms, findings = read_glossary(ROOT)
    assert findings == ()
    assert len(terms) == 193
    assert [term.en for term in terms if not term.yomi] == []
    assert {term.kind for term in terms} == set(TERM_KINDS)
    assert [term.en for term in terms if term.kind == "member" and term.ja[0][-1] not in "都道府県市区町村"] == []
    assert sum(term.kind == "member" for term in terms) == 27


def test_a_row_becomes_a_term() -> None:
    """Forms are parted by a slash with spaces around, dates may be years or as Excel writes them, the place is the row's line."""
    terms, findings = parse_glossary(HEAD + '\n"Mihon, City",みほん市 / みほん／市,みほんし,city,2025/4/1,2030,覚え\n', path=GLOSSARY)
    assert findings == ()
    term = terms[0]
    assert (term.en, term.ja, term.yomi, term.kind, term.note) == ("Mihon, City", ("みほん市", "みほん／市"), "みほんし", "city", "覚え")
    assert (term.since, term.until, term.place.line) == (date(2025, 4, 1), date(2030, 12, 31), 3)


@pytest.mark.parametrize("columns", ["ja,en,note", "EN,JA,メモ"])
def test_columns_may_stand_in_any_order_and_be_fewer(columns: str) -> None:
    """An office's own table with the two languages alone is enough."""
    cells = {"en": "Kyoto", "ja": "京都市"}
    row = ",".join(cells.get(name.lower(), "x") for name in columns.split(","))
    assert parse_glossary(f"{columns}\n{row}\n", path="g")[0][0].ja == ("京都市",)


BAD = [
    ("Kyoto,,,,,,", "空"),
    (",京都市,,,,,", "空"),
    ("S?o Paulo,サンパウロ,,,,,", "失われた"),
    ("Malm?,マルメ,,,,,", "失われた"),
    ("Kyoto,京都市,キョウト,,,,", "ひらがな"),
    ("Kyoto,京都市,,town,,,", "種類"),
    ("Kyoto,京都市,,,2025-13-01,,", "2025-13-01"),
    ("Kyoto,京都市,,,,いつか,", "いつか"),
    ("Kyoto,京都市,,,,,,余り", "列が多すぎ"),
    ("turku,トゥルク,,,,,", "2行目"),
    ('"Kyoto,京都市,,,,,', "引用符"),
]


@pytest.mark.parametrize(("row", "said"), BAD)
def test_a_bad_row_is_told_with_its_line_and_costs_only_itself(row: str, said: str) -> None:
    """GLO002, and the good row above it stays."""
    terms, findings = parse_glossary(f"{HEAD}Turku,トゥルク市,,,,,\n{row}\n", path=GLOSSARY)
    assert [term.en for term in terms] == ["Turku"]
    assert [(finding.code, finding.place and finding.place.line) for finding in findings] == [("GLO002", 3)]
    assert said in findings[0].message


def test_a_table_without_column_names_is_one_finding() -> None:
    """Not one finding for each of its rows."""
    terms, findings = parse_glossary("Kyoto,京都市\nTurku,トゥルク\n", path=GLOSSARY)
    assert terms == ()
    assert len(findings) == 1


def test_excel_may_save_it_in_shift_jis_and_it_may_be_missing(tmp_path: Path) -> None:
    """CP932 is read, with a word about the encoding; without a table there is nothing to say."""
    root = workspace(tmp_path, {})
    assert read_glossary(root) == ((), ())
    (root / GLOSSARY).write_bytes((HEAD + "Kyoto,京都市,きょうとし,member,,,①髙\r\n").encode("cp932"))
    terms, findings = read_glossary(root)
    assert (terms[0].ja, terms[0].note) == (("京都市",), "①髙")
    assert [finding.code for finding in findings] == ["ENC001"]


@given(st.lists(st.lists(st.text(max_size=12), max_size=9), max_size=6), st.text(max_size=40))
def test_any_text_gives_terms_or_findings(rows: list[list[str]], tail: str) -> None:
    """Whatever Excel or a stranger leaves in the file, nothing but findings comes of it."""
    out = io.StringIO()
    csv.writer(out).writerows([list(COLUMNS), *rows])
    terms, findings = parse_glossary(out.getvalue().replace("\r\n", "\n") + tail, path=GLOSSARY)
    assert all(term.en and term.ja for term in terms)
    assert {finding.code for finding in findings} <= {"GLO002"}
