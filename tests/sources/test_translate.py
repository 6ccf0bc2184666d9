"""``enews translate`` against services on this machine: what they are asked, what is written, the glossary, worksheets and records."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import cli
from pipeline.config import MASTHEAD, Translate
from pipeline.errors import TranslationError
from pipeline.sources.cases import State, case_article, load_case, origin_of
from pipeline.sources.casework import review_case
from pipeline.sources.machine import read_record
from pipeline.sources.translate import translate_cases
from pipeline.sources.translators import DEEPL_KEY, OPENAI_KEY, choose
from tests.builders import ROOT
from tests.sources import fake_translators as fakes
from tests.sources.fake_translators import FakeTranslator
from tests.sources.feedserver import FeedServer, status
from tests.sources.sample_feeds import TURKU
from tests.sources.test_cases import DAY, HERE, ID, codes, desk, fetched, japanese, state, translated
from tests.sources.translating import BODY, BOTH, LONG, SECRET, one, run


@pytest.mark.loopback
@BOTH
def test_a_case_is_translated_block_by_block(tmp_path: Path, fake: FakeTranslator, name: str) -> None:
    """The file holds only Japanese, one block per source block, Markdown whole; it is a machine's draft, disclosed also after the review."""
    path = fetched(tmp_path, LONG)
    outcome = one(tmp_path, fake, name)
    assert (outcome.error, outcome.findings, outcome.translated, outcome.kept) == ("", (), 6, 0)
    draft = japanese(path)
    assert draft.body == BODY
    assert draft.value("title") == f"訳「{TURKU.title}」です。"
    assert (state(tmp_path), draft.value("translator"), draft.findings) == (State.MACHINE, "機械翻訳", ())
    assert codes(tmp_path) == ["CASE002"]
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    assert (state(tmp_path), codes(tmp_path)) == (State.REVIEWED, [])
    origin = origin_of(load_case(tmp_path, desk(), ID))
    assert (origin.machine, origin.translator) == (True, "")


@pytest.mark.loopback
def test_deepl_gets_many_texts_at_once_in_the_polite_form_with_context(tmp_path: Path, fake: FakeTranslator) -> None:
    """One request, no markup in it, formality and context beside it, and the key in the header only."""
    fetched(tmp_path, LONG)
    one(tmp_path, fake)
    (request,) = fake.asked
    assert request["text"] == [
        TURKU.title,
        "Why",
        "Bread is ⟦1⟧not⟦2⟧ waste. See the ⟦3⟧plan⟦4⟧.",
        "Flour of the ⟦1⟧city⟦2⟧",
        "Yeast",
        LONG_END,
    ]
    assert (request["formality"], request["target_lang"], request["source_lang"]) == (["prefer_more"], ["JA"], ["EN"])
    assert TURKU.title in request["context"][0]
    assert fake.keys == [f"DeepL-Auth-Key {SECRET}"]


LONG_END = "The end of the story."


@pytest.mark.loopback
def test_no_request_holds_more_than_fifty_texts(tmp_path: Path, fake: FakeTranslator) -> None:
    """A long list goes in several requests, and nothing is lost between them."""
    fetched(tmp_path, replace(TURKU, html="<ul>" + "".join(f"<li>City {n}</li>" for n in range(120)) + "</ul>"))
    assert one(tmp_path, fake).translated == 121
    assert [len(request["text"]) for request in fake.asked] == [50, 50, 21]


def terms_of(text: str) -> tuple[tuple[str, str], ...]:
    """A glossary of one term."""
    return (("waste", "廃棄物"),) if "waste" in text else ()


@pytest.mark.loopback
def test_terms_go_along(tmp_path: Path, fake: FakeTranslator) -> None:
    """To DeepL as a glossary that is taken away again, with what a crash left there, and no other; to other services in words."""
    fetched(tmp_path, LONG)
    fake.leave_glossary("old", "enews-temporary")
    fake.leave_glossary("theirs", "another desk")
    assert run(tmp_path, fake, terms=terms_of)[0].error == ""
    assert set(fake.glossary_entries) == {"waste\t廃棄物"}
    assert fake.asked[-1]["glossary_id"] == [f"g{len(fake.glossary_entries)}"]  # a dropped connection makes it ask, and make one, again
    assert list(fake.glossaries) == ["theirs"]
    fetched(tmp_path / "other", LONG)
    assert run(tmp_path / "other", fake, "openai", terms=terms_of)[0].error == ""
    assert ["waste = 廃棄物" in request["context"][0] for request in fake.asked[-6:]] == [False, False, True, False, False, False]


@pytest.mark.loopback
def test_a_local_model_needs_no_key(tmp_path: Path, fake: FakeTranslator) -> None:
    """Without a key no header is sent; the model of the masthead is asked."""
    fetched(tmp_path)
    (outcome,) = run(tmp_path, fake, "openai", key="")
    assert outcome.error == ""
    assert set(fake.keys) == {""}
    assert fake.asked[0]["model"] == ["mihon-7b"]
    assert "⟦1⟧" in fake.asked[0]["context"][0]


@pytest.mark.loopback
@BOTH
def test_the_key_is_in_no_file_no_message_and_no_log(
    tmp_path: Path, fake: FakeTranslator, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even when the service itself repeats it; the same search does find a translation, so it can find."""
    caplog.set_level(logging.DEBUG)
    fetched(tmp_path, LONG)
    fake.plan = [fakes.refused(400, "x", f"bad key {SECRET}")]
    refused = one(tmp_path, fake, name)
    done = one(tmp_path, fake, name)
    assert refused.error
    assert not done.error
    written = [file.read_bytes().decode() for file in tmp_path.rglob("*") if file.is_file()]
    said = [caplog.text, repr(refused), repr(done), *refused.lines(), *done.lines(), *written]
    assert any("訳「Yeast」" in text for text in said)
    assert not [text for text in said if SECRET in text]
    assert any(SECRET in key for key in fake.keys)


@pytest.mark.loopback
def test_a_redirect_does_not_carry_the_key_away(tmp_path: Path, fake: FakeTranslator) -> None:
    """The other address is never asked."""
    fetched(tmp_path)
    with FeedServer() as thief:
        fake.always = status(307, Location=thief.url("/v1/chat/completions"))
        assert "状態 307" in one(tmp_path, fake, "openai").error
        assert thief.seen == []


def test_what_a_machine_still_needs_is_said() -> None:
    """Key, address and model by name; a key is not sent in the open, and none belongs into the file."""
    told = []
    for name, settings, environment in (
        ("deepl", Translate(), {}),
        ("openai", Translate(), {}),
        ("openai", Translate(openai_base_url="https://a.example"), {}),
        ("openai", Translate(openai_base_url="http://a.example", openai_model="m"), {OPENAI_KEY: SECRET}),
        ("deepl", Translate(deepl_server_url="https://x:y@a.example"), {DEEPL_KEY: SECRET}),
    ):
        with pytest.raises(TranslationError) as refused:
            choose(settings, name, environment=environment)
        told.append(str(refused.value))
    for text, named in zip(told, (DEEPL_KEY, "openai_base_url", "openai_model", "https://", "書かないで"), strict=True):
        assert named in text
        assert SECRET not in text


def test_by_hand_an_empty_file_and_a_worksheet_are_laid(tmp_path: Path) -> None:
    """The default needs no key and no network: source beside an empty column and the terms, every letter of it text; once begun it is only reread."""
    path = fetched(tmp_path, replace(LONG, title="Bread & <script>alert(1)</script>"))
    case_id = f"mihon/{path.parent.glob('*.source.md').__next__().name.removesuffix('.source.md')}"
    (outcome,) = translate_cases(tmp_path, desk(), [case_id], translator=None, terms=lambda _case: terms_of)
    assert outcome.error == ""
    page = (tmp_path / outcome.worksheet).read_text(encoding="utf-8")
    assert outcome.worksheet == f"build/worksheets/{case_id}.html"
    assert '<td lang="en">- Yeast</td><td class="e"></td><td class="h"></td>' in page
    assert page.count("waste → 廃棄物") == 1
    assert "<script" not in page
    assert load_case(tmp_path, desk(), case_id).japanese is not None
    japanese_path = tmp_path / outcome.path
    japanese_path.write_text(japanese_path.read_text(encoding="utf-8").replace("（邦題）", "みほん市"), encoding="utf-8")
    before = japanese_path.read_bytes()
    assert next(iter(translate_cases(tmp_path, desk(), [case_id], translator=None))).error == ""
    assert japanese_path.read_bytes() == before


def test_one_case_that_cannot_be_does_not_stop_the_others(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command names it, does the rest, and exits 1."""
    fetched(tmp_path)
    masthead = (ROOT / MASTHEAD).read_text(encoding="utf-8")
    (tmp_path / MASTHEAD).write_text(masthead, encoding="utf-8")
    with pytest.raises(SystemExit) as done:
        cli.main(["translate", "mihon/nothing", ID, "--workspace", str(tmp_path)])
    assert done.value.code == 1
    shown = capsys.readouterr().out
    assert "mihon/nothing：事例「mihon/nothing」はありません" in shown
    assert f"翻訳用紙 build/worksheets/{ID}.html" in shown


@pytest.mark.parametrize(
    "damaged", ["", "[]", "null", '{"segments": [1]}', '{"segments": [], "translator": "", "source_digest": "", "laid": 3}', "[" * 9999]
)
def test_a_damaged_record_counts_as_none(tmp_path: Path, damaged: str) -> None:
    """Whatever a synced folder made of it: no crash, and no block is the machine's."""
    path = translated(tmp_path)
    path.with_name(path.stem + ".segments.json").write_text(damaged, encoding="utf-8")
    assert read_record(path).laid is None
    assert state(tmp_path) is State.TRANSLATED
    assert case_article(tmp_path, desk(), ID, section="overseas", place=HERE)[0] is not None


@pytest.mark.loopback
def test_the_record_remembers_source_digest_placeholders_and_machine_text(tmp_path: Path, fake: FakeTranslator) -> None:
    """Each segment by itself, as readable JSON."""
    path = fetched(tmp_path, LONG)
    one(tmp_path, fake)
    rows = json.loads(path.with_name(path.stem + ".segments.json").read_text(encoding="utf-8"))["segments"]
    row = next(row for row in rows if "waste" in row["source"])
    assert row["placeholders"] == ["**", "**", "[", "](https://feeds.example/plan)"]
    assert row["machine"] == "訳「Bread is **not** waste. See the [plan](https://feeds.example/plan).」です。"
    assert len(row["digest"]) == 16
