"""``enews translate`` a second time: what was finished is kept, what a person wrote is never touched, a crash is mended."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources.cases import State
from pipeline.sources.casework import review_case, start_case
from pipeline.sources.machine import Laid, Record, Segment, blocks_of, owned, read_record
from tests.sources import fake_translators as fakes
from tests.sources.fake_translators import FakeTranslator
from tests.sources.feedserver import Handler
from tests.sources.sample_feeds import TURKU
from tests.sources.test_cases import DAY, ID, codes, desk, edit, fetched, japanese, state, translated
from tests.sources.translating import BODY, LONG, one


@pytest.mark.loopback
def test_running_again_after_the_quota_goes_on(tmp_path: Path, fake: FakeTranslator) -> None:
    """What was finished is kept beside the source and never asked for twice; the Japanese appears when it is whole."""
    path = fetched(tmp_path, LONG)
    fake.plan = [fakes.keep, fakes.keep, fakes.keep, fakes.quota]
    assert "利用枠" in one(tmp_path, fake, "openai").error
    assert not path.exists()
    assert sum(bool(segment.machine) for segment in read_record(path).segments) == 3
    outcome = one(tmp_path, fake, "openai")
    assert (outcome.translated, outcome.reused) == (3, 3)
    assert japanese(path).body == BODY
    assert len(fake.texts) == len(set(fake.texts)) + 1


@pytest.mark.loopback
@pytest.mark.parametrize(("name", "behaviour"), [("deepl", fakes.too_large), ("openai", fakes.cut), ("openai", fakes.too_large)])
def test_a_text_that_is_too_long_is_left_and_the_rest_goes_on(
    tmp_path: Path, fake: FakeTranslator, name: str, behaviour: fakes.Behaviour
) -> None:
    """Too much at once is sent in parts; a single block that is too long stays in the source language with the reason."""
    fetched(tmp_path, LONG)
    fake.plan = [behaviour, behaviour] if name == "deepl" else [behaviour]
    outcome = one(tmp_path, fake, name)
    assert outcome.error == ""
    assert ["長すぎます" in finding.message for finding in outcome.findings] == [True]
    assert outcome.translated == 5


@pytest.mark.loopback
def test_a_second_run_asks_and_writes_nothing(tmp_path: Path, fake: FakeTranslator) -> None:
    """Every byte and every time stays."""
    path = fetched(tmp_path, LONG)
    one(tmp_path, fake)
    before = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in path.parent.iterdir()}
    fake.asked.clear()
    assert one(tmp_path, fake).translated == 0
    assert fake.asked == []
    assert {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in path.parent.iterdir()} == before


@pytest.mark.loopback
def test_what_a_person_changed_is_never_overwritten(tmp_path: Path, fake: FakeTranslator) -> None:
    """Edited and added blocks, title and credit stay letter for letter while a damaged block beside them is mended; the state says translated."""
    path = fetched(tmp_path, LONG)
    fake.plan = [fakes.lose] * 3
    one(tmp_path, fake)
    edit(path, "訳「The end of the story.」です。", "話はここまでです。\n\n編集部より：一言。")
    edit(path, f"訳「{TURKU.title}」です。", "みほん市のパン")
    edit(path, "- Flour of the *city*", "- 市の小麦粉")
    assert state(tmp_path) is State.TRANSLATED
    outcome = one(tmp_path, fake)
    draft = japanese(path)
    assert draft.value("title") == "みほん市のパン"
    assert "話はここまでです。\n\n編集部より：一言。" in draft.body
    assert "- 市の小麦粉\n- 訳「Yeast」です。" in draft.body
    assert "訳「Bread is **not** waste." in draft.body
    assert (outcome.findings, outcome.translated) == ((), 1)
    assert outcome.kept == 3


@pytest.mark.loopback
def test_a_text_written_by_hand_is_refused_before_anything_is_asked(tmp_path: Path, fake: FakeTranslator) -> None:
    """A body without a machine's record is a person's, whole; also when the record is damaged."""
    path = translated(tmp_path)
    before = path.read_bytes()
    assert "人が書いた" in one(tmp_path, fake).error
    path.with_name(path.stem + ".segments.json").write_text('{"segments": 3', encoding="utf-8")
    assert "人が書いた" in one(tmp_path, fake).error
    assert (path.read_bytes(), fake.asked) == (before, [])


@pytest.mark.loopback
def test_an_editor_who_writes_while_the_machine_works_wins(tmp_path: Path, fake: FakeTranslator) -> None:
    """The file is read again just before it is written."""
    path = fetched(tmp_path, LONG)
    start_case(tmp_path, desk(), ID)

    def slow(handler: Handler) -> None:
        with suppress(AssertionError):
            edit(path, "（ここに訳文を書き、この行を消してください）", "急いで書いた訳文。")
        fakes.send(handler, fakes.deepl_answer([fakes.keep(text) for text in fake.asked[-1]["text"]]))

    fake.always = slow
    assert "人が書いた" in one(tmp_path, fake).error
    assert japanese(path).body == "急いで書いた訳文。"


@pytest.mark.loopback
def test_a_changed_source_renews_the_machines_text_and_spares_a_persons(tmp_path: Path, fake: FakeTranslator) -> None:
    """An untouched draft is made anew from the new source, asking only for what changed; an edited one is left, with the way out."""
    path = fetched(tmp_path, LONG)
    one(tmp_path, fake)
    fetched(tmp_path, replace(LONG, html=LONG.html.replace("Yeast", "Yeast and salt")))
    assert state(tmp_path) is State.CHANGED
    fake.asked.clear()
    assert one(tmp_path, fake).error == ""
    assert fake.texts == ["Yeast and salt"]
    assert "- 訳「Yeast and salt」です。" in japanese(path).body
    assert state(tmp_path) is State.MACHINE
    edit(path, "訳「Why」です。", "なぜ")
    fetched(tmp_path, replace(LONG, html=LONG.html.replace("Yeast", "Yeast and water")))
    before = path.read_bytes()
    assert "enews cases seen" in one(tmp_path, fake).error
    assert path.read_bytes() == before


@pytest.mark.loopback
def test_a_reviewed_text_is_not_made_anew_when_its_source_changes(tmp_path: Path, fake: FakeTranslator) -> None:
    """Somebody has vouched for these letters, also where a machine wrote them."""
    path = fetched(tmp_path, LONG)
    one(tmp_path, fake)
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    fetched(tmp_path, replace(LONG, html=LONG.html.replace("Yeast", "Yeast and salt")))
    before = path.read_bytes()
    assert "enews cases seen" in one(tmp_path, fake).error
    assert path.read_bytes() == before


@pytest.mark.loopback
def test_a_crash_between_record_and_file_is_mended(tmp_path: Path, fake: FakeTranslator) -> None:
    """The record knew more than the file: the block in the source language is said, and the next run puts its translation in without asking."""
    path = fetched(tmp_path, LONG)
    fake.plan = [fakes.lose] * 3
    one(tmp_path, fake)
    before = path.read_bytes()
    one(tmp_path, fake)
    path.write_bytes(before)
    assert codes(tmp_path).count("TRA001") == 2
    fake.asked.clear()
    outcome = one(tmp_path, fake)
    assert (outcome.findings, fake.asked, japanese(path).body) == ((), [], BODY)


WORDS = st.sampled_from(["一", "二", "三", "four", "five", "- 六", "人の文"])


@given(st.lists(WORDS), st.lists(WORDS))
def test_only_what_machine_or_source_wrote_is_the_machines(laid: list[str], now: list[str]) -> None:
    """Whatever a person moves, joins, cuts or adds, a block with another text is never counted as the machine's, and none is counted twice."""
    sources = tuple(Segment(source=f"source of {text}", digest="") for text in ("title", *laid))
    record = Record(segments=sources, laid=Laid(source_digest="", title="", blocks=tuple(laid)))
    blocks = blocks_of("\n\n".join(now))
    share = owned(record, blocks)
    assert [blocks[there].markdown for there in share.values()] == [laid[here] for here in share]
    assert len(set(share.values())) == len(share)
    assert len(owned(record, blocks_of("\n\n".join(laid)))) == len(laid)
