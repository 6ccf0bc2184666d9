"""The worksheet: source, empty column, terms, and what the reviewed cases remember, with what differs; to read and to print, nothing to run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.sources.casework import review_case
from pipeline.sources.fetch import fetch_feeds
from pipeline.sources.memory import MEMORY, Match, case_pairs
from pipeline.sources.segments import split
from pipeline.sources.tmx import Pair, pair_of, write_tmx
from pipeline.sources.translate import translate_cases
from pipeline.sources.worksheet import Help, compose_worksheet
from tests.sources.fake_translators import FakeTranslator
from tests.sources.feedserver import FeedServer
from tests.sources.sample_feeds import TURKU, rss
from tests.sources.test_cases import DAY, ID, desk, edit, fetched
from tests.sources.translating import LONG, run

LATER = replace(
    TURKU,
    id="https://feeds.example/?p=2",
    url="https://feeds.example/mihon-mill/",
    title="Mihon's mill follows",
    html="<h2>Why</h2><p>Bread is waste. See the <a href='/plan'>plan</a>.</p><ul><li>Yeast</li></ul><p>The end of the 2 stories.</p>",
)
LATER_ID = "mihon/2024-12-10-mihon-s-mill-follows"


def remembered(root: Path) -> Path:
    """A workspace with one case, drafted by a machine, mended and reviewed, and a second that has just arrived; the first one's Japanese."""
    path = fetched(root, LONG)
    with FeedServer() as server:
        assert run(root, FakeTranslator(server))[0].error == ""
    edit(path, "訳「The end of the story.」です。", "話はここまでです。\n\n## 編集部から\n\n一言。")
    edit(path, "- 訳「Flour of the *city*」です。\n", "")
    review_case(root, desk(), ID, by="田中", today=DAY)
    (root / "feeds/mihon.xml").write_bytes(rss(LONG, LATER))
    fetch_feeds(root, desk())
    return path


@pytest.mark.loopback
def test_a_reviewed_draft_is_remembered_by_its_record(tmp_path: Path) -> None:
    """What the machine laid says what belongs to what, though the editor added and took out blocks; those are in no pair."""
    remembered(tmp_path)
    pairs = {pair.source: pair.target for pair in case_pairs(tmp_path, desk())}
    assert pairs["Yeast"] == "訳「Yeast」です。"
    assert pairs["Why"] == "訳「Why」です。"
    assert "Flour of the *city*" not in pairs
    assert "編集部から" not in "".join(pairs.values())
    assert len(pairs) == 4


@pytest.mark.loopback
def test_the_worksheet_shows_what_was_said_before_with_its_differences(tmp_path: Path) -> None:
    """The very same text, a like one with its source and a warning for the lost negation, and nothing beside what is new."""
    remembered(tmp_path)
    (outcome,) = translate_cases(tmp_path, desk(), [LATER_ID], translator=None)
    assert outcome.error == ""
    page = (tmp_path / outcome.worksheet).read_text(encoding="utf-8")
    rows = {row.partition('lang="en">')[2].partition("</td>")[0]: row for row in page.split("<tr>")}
    assert "同じ原文" in rows["- Yeast"]
    assert "→ 訳「Yeast」です。" in rows["- Yeast"]
    like = rows["Bread is waste. See the [plan](https://feeds.example/plan)."]
    assert "似た原文" in like
    assert "Bread is **not** waste." in like
    assert "⚠ 否定が違います（not → なし）" in like
    assert f"（{ID}）" in like
    assert 'class="m"' not in rows["Mihon&#x27;s mill follows"]


@pytest.mark.loopback
def test_a_case_is_not_offered_to_itself(tmp_path: Path) -> None:
    """Its own worksheet shows other cases, and those of its language, only."""
    remembered(tmp_path)
    write_tmx(tmp_path / MEMORY, [pair_of("Yeast", "Hefe-ja", language="de"), pair_of("Yeast", "酵母", language="en-us")])
    (outcome,) = translate_cases(tmp_path, desk(), [ID], translator=None)
    page = (tmp_path / outcome.worksheet).read_text(encoding="utf-8")
    assert page.count('class="m"') == 1
    assert "→ 酵母" in page


def test_nothing_of_a_memory_runs(tmp_path: Path) -> None:
    """A pair from elsewhere is text, too, and a very like text is never called the same."""
    del tmp_path
    hit = Match(pair=Pair(source="<b>a</b>", target="<script>x()</script>", origin='"><i>'), score=99.9, flags=("数が違います（1 → <2>）",))
    page = compose_worksheet("t", split("Bread"), about="x", language='en"><script>', beside=Help(matches=lambda _text: (hit,)))
    assert "<script" not in page
    assert "&lt;script&gt;x()" in page
    assert "似た原文 99％" in page
    assert "<2>" not in page
