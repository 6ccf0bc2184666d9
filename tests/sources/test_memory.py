"""The translation memory: what is remembered, what is found again and flagged, and TMX there and back."""

from __future__ import annotations

import io
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from pipeline.errors import WorkspaceError
from pipeline.sources import tmx
from pipeline.sources.casework import review_case
from pipeline.sources.machine import blocks
from pipeline.sources.memory import MEMORY, case_pairs, differences, import_tmx, matches, read_memory
from pipeline.sources.tmx import Pair, compose_tmx, pair_of, parse_tmx
from tests.builders import workspace
from tests.sources.test_cases import DAY, ID, desk, edit, translated
from tests.test_build import enews, sample_workspace

KNOWN = pair_of("The city did not build 12 parks in 2024.", "市は2024年に12の公園を造りませんでした。", origin="x/1")
OMEGAT = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx11.dtd">
<tmx version="1.1"><header creationtool="OmegaT" srclang="EN-US" adminlang="EN-US" segtype="sentence" datatype="plaintext" o-tmf="x"/>
<body>
<tu><tuv lang="EN-US"><seg>A <bpt i="1">&lt;b&gt;</bpt>bold<ept i="1">&lt;/b&gt;</ept> <hi>plan</hi> &amp; more</seg></tuv>
<tuv lang="JA-JP"><seg>\xe5\xa4\xa7\xe8\x83\x86\xe3\x81\xaa\xe8\xa8\x88\xe7\x94\xbb</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>No Japanese</seg></tuv><tuv xml:lang="de"><seg>Kein Japanisch</seg></tuv></tu>
</body></tmx>"""


def reviewed(root: Path, body: str) -> Path:
    """A case of the sample feed with this Japanese body, reviewed."""
    path = translated(root)
    edit(path, "パンはごみ**ではありません**。", body)
    review_case(root, desk(), ID, by="田中", today=DAY)
    return path


def test_only_reviewed_cases_are_remembered(tmp_path: Path) -> None:
    """A translation nobody has vouched for is none; an edit after the review takes it out again."""
    path = translated(tmp_path)
    assert case_pairs(tmp_path, desk()) == ()
    review_case(tmp_path, desk(), ID, by="田中", today=date(2025, 1, 20))
    assert "みほん市のパン" in [pair.target for pair in case_pairs(tmp_path, desk())]
    edit(path, "みほん市のパン", "みほん市の麺")
    assert case_pairs(tmp_path, desk()) == ()


def test_blocks_stand_side_by_side_only_where_they_agree(tmp_path: Path) -> None:
    """As many blocks and of the same kinds: then by position, without their marks; otherwise the titles alone."""
    source = workspace(tmp_path, {})
    path = reviewed(source, "本文")
    original = path.with_name(f"{path.stem}.source.md").read_text("utf-8").split("---\n", 2)[2]
    wanted = blocks(original)
    body = "\n\n".join(f"{block.lead}訳{n}" for n, block in enumerate(wanted))
    edit(path, "本文", body)
    review_case(source, desk(), ID, by="田中", today=DAY)
    assert [(pair.source, pair.target[-2:]) for pair in case_pairs(source, desk())][1:] == [
        (block.text, f"訳{n}") for n, block in enumerate(wanted)
    ]
    edit(path, "訳0", "訳0\n\n訳者の付け足し")
    review_case(source, desk(), ID, by="田中", today=DAY)
    assert len(case_pairs(source, desk())) == 1


def test_the_very_same_text_is_exact_and_space_makes_no_difference() -> None:
    """Only this may be taken as it stands."""
    found = matches("The city did  not build\n12 parks in 2024.", (KNOWN,))
    assert [(match.pair, match.score, match.exact, match.flags) for match in found] == [(KNOWN, 100, True, ())]


FUZZY = [
    ("The city did build 12 parks in 2024.", "否定"),
    ("The city didn't build 12 parks in 2024.", "否定"),
    ("The city did not build 13 parks in 2024.", "数"),
    ("The city did not build two parks in 2024.", "数"),
    ("The city did not build 12 parks in 2025.", "年"),
    ("The city did not build 12 parks in Turku in 2024.", "固有名"),
]


@pytest.mark.parametrize(("text", "label"), FUZZY)
def test_a_like_text_is_never_exact_and_its_difference_is_named(text: str, label: str) -> None:
    """A negation, a number, a year or a name that differs is said in words; an inserted NOT is no perfect hit."""
    (found,) = matches(text, (KNOWN,))
    assert 75 <= found.score < 100
    assert not found.exact
    assert any(flag.startswith(label) for flag in found.flags)


def test_a_small_rewording_has_no_flag_and_is_still_not_exact() -> None:
    """Below 100 nothing is accepted by itself."""
    (found,) = matches("The city did not build 12 parks in 2024", (KNOWN,))
    assert (found.flags, found.exact) == ((), False)
    long = pair_of("a" * 4000, "あ")
    assert matches("a" * 3999 + "b", (long,))[0].score < 100


def test_the_best_come_first_and_unlike_texts_do_not_come() -> None:
    """At most as many as asked, one for each translation."""
    memory = (
        KNOWN,
        pair_of("The city did not build 12 parks.", "b"),
        pair_of("Bread.", "c"),
        Pair(source=KNOWN.source, target=KNOWN.target),
    )
    found = matches(KNOWN.source, memory)
    assert [match.pair.target for match in found] == [KNOWN.target, "b"]
    assert len(matches(KNOWN.source, memory, limit=1)) == 1
    assert matches("", memory) == ()


def test_equal_texts_differ_in_nothing() -> None:
    """The flags come from differences, not from what both say."""
    assert differences(KNOWN.source, KNOWN.source) == ()


TEXT = st.text(max_size=60)


@given(st.lists(st.builds(pair_of, TEXT, TEXT, language=st.sampled_from(("en", "de", "pt-br", "ko")), origin=TEXT), max_size=8))
def test_export_and_import_are_the_identity(pairs: list[Pair]) -> None:
    """What is written is read again letter by letter, and written again byte by byte; pairs without a text are none."""
    whole = {pair for pair in pairs if pair.source and pair.target}
    data = compose_tmx(whole)
    again, left_out = parse_tmx(data, name="m.tmx")
    assert set(again) == whole
    assert left_out == 0
    assert compose_tmx(again) == data


def test_the_file_is_tmx_1_4_without_clock_or_machine() -> None:
    """Version, required header entries and xml:lang, as the DTD of TMX 1.4 asks, and nothing that changes from day to day."""
    data = compose_tmx((KNOWN, KNOWN))
    root = etree.fromstring(data)
    assert root.get("version") == "1.4"
    required = {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"}
    assert set(root.find("header").keys()) == required
    assert [variant.get(tmx._LANG) for variant in root.iter("tuv")] == ["en", "ja"]
    assert b"date" not in data.replace(b'datatype="plaintext"', b"")


def test_another_tools_file_is_read() -> None:
    """OmegaT's own spelling of languages, formatting codes dropped, their words kept; units without Japanese are counted."""
    pairs, left_out = parse_tmx(OMEGAT, name="o.tmx")
    assert pairs == (Pair(source="A bold plan & more", target="大胆な計画", language="en-us"),)
    assert left_out == 1


HOSTILE = [
    b"",
    b"not xml",
    b"<html/>",
    b"<tmx",
    b'<!DOCTYPE tmx [<!ENTITY a "b">]><tmx version="1.4"><body><tu><tuv xml:lang="en"><seg>&a;</seg></tuv></tu></body></tmx>',
    b'<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]><tmx><body/></tmx>',
    b'<!DOCTYPE tmx [<!ENTITY % x SYSTEM "http://192.0.2.1/x"> %x;]><tmx><body/></tmx>',
    b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><tmx>&b;</tmx>',
    b"<tmx>" + b"<a>" * 5000 + b"</tmx>",
    b'<?xml version="1.0" encoding="nonsense"?><tmx/>',
]


@pytest.mark.parametrize("data", HOSTILE)
def test_a_hostile_or_broken_file_is_refused_in_words(data: bytes) -> None:
    """Entities, external files, bombs and what is no TMX at all: a message, nothing read, nothing fetched."""
    with pytest.raises(WorkspaceError, match=r"m\.tmx"):
        parse_tmx(data, name="m.tmx")


def test_a_file_over_the_cap_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The size is looked at before the bytes."""
    monkeypatch.setattr(tmx, "MAX_BYTES", 100)
    path = tmp_path / "big.tmx"
    path.write_bytes(b"<tmx>" + b" " * 100 + b"</tmx>")
    with pytest.raises(WorkspaceError, match="大きすぎます"):
        tmx.read_tmx(path, name="big.tmx")
    with pytest.raises(WorkspaceError, match="大きすぎます"):
        parse_tmx(path.read_bytes(), name="big.tmx")


def test_imported_pairs_are_kept_once_and_found_again(tmp_path: Path) -> None:
    """``issues/memory.tmx`` grows by what is new; a second import of the same file changes no byte."""
    root = workspace(tmp_path, {})
    file = tmp_path / "o.tmx"
    file.write_bytes(OMEGAT)
    first = import_tmx(root, file)
    assert (first.new, first.known, first.left_out) == (1, 0, 1)
    kept = (root / MEMORY).read_bytes()
    assert import_tmx(root, file).new == 0
    assert (root / MEMORY).read_bytes() == kept
    assert [pair.target for pair in read_memory(root, desk())] == ["大胆な計画"]


def test_the_command_exports_imports_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The samples' pairs out, into another workspace in, and out of that again the same; other files are not written over."""
    root = sample_workspace(tmp_path / "a")
    out = tmp_path / "m.tmx"
    assert enews(root, "tm", "export", str(out)) == 0
    pairs = parse_tmx(out.read_bytes(), name="m.tmx")[0]
    assert len(pairs) >= 3
    assert f"{len(pairs)}件" in capsys.readouterr().out
    other = workspace(tmp_path / "b", {})
    assert enews(other, "tm", "import", str(out)) == 0
    assert f"新しい対訳 {len(pairs)}件" in capsys.readouterr().out
    assert enews(other, "tm", "export", str(tmp_path / "n.tmx")) == 0
    assert (tmp_path / "n.tmx").read_bytes() == out.read_bytes()
    assert enews(root, "tm", "export", str(tmp_path / "n.md")) == 1
    assert enews(root, "tm", "import", str(tmp_path / "none.tmx")) == 1
    assert enews(root, "tm", "mend", "x.tmx") == 2
    assert unicodedata.is_normalized("NFC", out.read_text("utf-8"))
    assert io.BytesIO(out.read_bytes()).readline().startswith(b"<?xml")
