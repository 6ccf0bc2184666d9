"""``enews translate`` against services on this machine that keep, lose, double and bend placeholders, throttle, run dry and fall silent."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import cli
from pipeline.config import MASTHEAD, Translate
from pipeline.errors import TranslationError
from pipeline.sources.cases import State, case_article, load_case, origin_of, read_cases
from pipeline.sources.casework import review_case, start_case
from pipeline.sources.machine import Laid, Record, Segment, blocks_of, owned, read_record
from pipeline.sources.translate import Translation, translate_cases
from pipeline.sources.translators import DEEPL_KEY, OPENAI_KEY, choose
from pipeline.sources.translators.patience import Patience
from pipeline.sources.worksheet import TermsOf, no_terms
from tests.builders import ROOT
from tests.sources import fake_translators as fakes
from tests.sources.fake_translators import FakeTranslator
from tests.sources.feedserver import FeedServer, Handler, silent, status
from tests.sources.sample_feeds import TURKU
from tests.sources.test_cases import DAY, HERE, ID, codes, desk, edit, fetched, japanese, state, translated

SECRET = "geheim-0123456789"  # noqa: S105 (no secret at all)
STEADY = Patience(answer=60.0, times=6, wait=0.01, longest=0.2)  # a busy machine may take its time to answer
QUICK = replace(STEADY, answer=1.0, times=3, longest=0.05)  # for services that never will
LONG = replace(
    TURKU,
    html="<h2>Why</h2><p>Bread is <strong>not</strong> waste. See the <a href='/plan'>plan</a>.</p><ul><li>Flour of the <em>city</em></li>"
    "<li>Yeast</li></ul><p>The end of the story.</p>",
)
BODY = (
    "## 訳「Why」です。\n\n訳「Bread is **not** waste. See the [plan](https://feeds.example/plan).」です。\n\n"
    "- 訳「Flour of the *city*」です。\n- 訳「Yeast」です。\n\n訳「The end of the story.」です。"
)


@pytest.fixture
def fake() -> Iterator[FakeTranslator]:
    """A server that is both services."""
    with FeedServer() as server:
        yield FakeTranslator(server)


def run(
    root: Path,
    fake: FakeTranslator,
    name: str = "deepl",
    *,
    key: str = SECRET,
    cases: tuple[str, ...] = (ID,),
    terms: TermsOf = no_terms,
    patience: Patience = STEADY,
) -> list[Translation]:
    """Translate with one of the services."""
    settings = Translate(deepl_server_url=fake.server.url(""), openai_base_url=fake.server.url("/v1/"), openai_model="mihon-7b")
    machine = choose(settings, name, environment={DEEPL_KEY: key, OPENAI_KEY: key}, patience=patience)
    return list(translate_cases(root, desk(), cases, translator=machine, terms=lambda _case: terms))


def one(root: Path, fake: FakeTranslator, name: str = "deepl") -> Translation:
    """The outcome of the one case."""
    (outcome,) = run(root, fake, name)
    return outcome


BOTH = pytest.mark.parametrize("name", ["deepl", "openai"])


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
@pytest.mark.parametrize(
    ("twist", "said"), [(fakes.lose, "⟦4⟧ が消失"), (fakes.double, "⟦1⟧ が2回"), (fakes.bend, "【1】 に変形"), (fakes.widen, "⟦１⟧ に変形")]
)
def test_a_damaged_segment_is_tried_again_then_left_with_a_finding(
    tmp_path: Path, fake: FakeTranslator, name: str, twist: fakes.Twist, said: str
) -> None:
    """The damaged block stays in the source language, is named by line in translate, check and the list; its neighbours are translated."""
    path = fetched(tmp_path, LONG)
    fake.always = twist
    outcome = one(tmp_path, fake, name)
    bad = "Bread is ⟦1⟧not⟦2⟧ waste. See the ⟦3⟧plan⟦4⟧."
    assert fake.texts.count(bad) == 2
    assert fake.texts.count("Yeast") == 1
    left = outcome.findings[0]
    assert left.code == "TRA001"
    assert said in left.message
    line = path.read_text(encoding="utf-8").split("\n")[left.place.line - 1]
    assert line == "Bread is **not** waste. See the [plan](https://feeds.example/plan)."
    assert "- 訳「Yeast」です。" in japanese(path).body
    assert codes(tmp_path).count("TRA001") == len(outcome.findings) == 2
    assert read_cases(tmp_path, desk())[0].left == 2
    assert any("原文のまま残った所 2か所" in text for text in read_cases(tmp_path, desk())[0].lines())


TABLE = (
    "<table><tr><th>Year</th><th>Trees</th></tr><tr><td>2020</td><td>Many trees</td></tr></table><pre><code>x = yes</code></pre><p>End.</p>"
)


@pytest.mark.loopback
@BOTH
def test_rows_of_a_table_stay_rows_and_code_stays_code(tmp_path: Path, fake: FakeTranslator, name: str) -> None:
    """The bar that closes a row is not the machine's to move, and code that is marked by its indentation is not asked for."""
    path = fetched(tmp_path, replace(TURKU, html=TABLE))
    assert one(tmp_path, fake, name).findings == ()
    rows = [line for line in japanese(path).body.split("\n") if line.startswith("|")]
    assert [(row[0], row[-1], row.count("|")) for row in rows] == [("|", "|", 3)] * 3
    assert "訳「2020 | Many trees」です。 |" in rows[2]
    assert "\n    x = yes\n" in japanese(path).body
    assert not [text for text in fake.texts if "x =" in text]


@pytest.mark.loopback
def test_damage_that_heals_leaves_no_trace(tmp_path: Path, fake: FakeTranslator) -> None:
    """The second try is taken when it is whole; a later run mends what two tries did not, and asks for nothing else."""
    path = fetched(tmp_path, LONG)
    fake.plan = [fakes.lose]
    assert one(tmp_path, fake).findings == ()
    assert japanese(path).body == BODY
    other = fetched(tmp_path / "other", LONG)
    fake.plan = [fakes.lose] * 3
    assert len(one(tmp_path / "other", fake).findings) == 2
    fake.asked.clear()
    assert one(tmp_path / "other", fake).findings == ()
    assert japanese(other).body == BODY
    assert len(fake.texts) == 2


@pytest.mark.loopback
@BOTH
def test_a_busy_service_is_asked_again(tmp_path: Path, fake: FakeTranslator, name: str) -> None:
    """429 twice, then an answer: nobody notices."""
    path = fetched(tmp_path, LONG)
    fake.plan = [fakes.throttle, status(429, **{"Retry-After": "1"})]
    assert one(tmp_path, fake, name).error == ""
    assert japanese(path).body == BODY


FAILURES = [
    (fakes.throttle, "混み合っています（429）"),
    (status(503), "一時的に止まっています（503）"),
    (fakes.quota, "利用枠を使い切りました"),
    (status(403), "鍵を断られました（403）"),
    (status(401), "鍵を断られました（401）"),
    (silent, "時間内に返事がありません"),
    (status(400), "状態 400"),
    (status(404), "状態 404"),
    (fakes.nonsense, "返事を読み取れません"),
    (fakes.page, "返事を読み取れません"),
]


@pytest.mark.loopback
@BOTH
@pytest.mark.parametrize(("behaviour", "said"), FAILURES)
def test_each_failure_is_said_clearly_and_nothing_is_written_into_the_japanese(
    tmp_path: Path, fake: FakeTranslator, name: str, behaviour: fakes.Behaviour, said: str
) -> None:
    """Quota, throttling, a wrong key, silence, nonsense: one sentence each; the next cases are not begun; patience is bounded."""
    path = fetched(tmp_path, LONG)
    fake.always = behaviour
    first, second = run(tmp_path, fake, name, cases=(ID, "mihon/x"), patience=QUICK)
    assert said in first.error
    assert "始めていません" in second.error
    assert not path.exists()
    assert len(fake.asked) <= QUICK.times


@pytest.mark.loopback
def test_an_openai_quota_is_no_throttling(tmp_path: Path, fake: FakeTranslator) -> None:
    """A 429 that says insufficient_quota is not waited for."""
    fetched(tmp_path)
    fake.always = fakes.refused(429, "insufficient_quota")
    assert "利用枠を使い切りました" in one(tmp_path, fake, "openai").error
    assert len(fake.asked) == 1


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
