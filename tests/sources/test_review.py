"""``enews review``: what must be mended first is said with its place; what only should be looked at is told, and the name is bound all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import CaseError
from pipeline.sources.cases import BODY_PLACEHOLDER, State, case_article
from pipeline.sources.casework import review_case, start_case
from pipeline.sources.glossary import GLOSSARY
from tests.sources.fake_translators import FakeTranslator, lose
from tests.sources.feedserver import FeedServer
from tests.sources.sample_feeds import TURKU
from tests.sources.test_cases import DAY, HERE, ID, desk, edit, fetched, japanese, state, translated
from tests.sources.translating import LONG, run
from tests.test_build import enews

SENTENCE = "Bread is **not** waste. See the [plan](https://feeds.example/plan)."
PRICED = TURKU.__class__(**{name: getattr(TURKU, name) for name in TURKU.__dataclass_fields__} | {"html": "<p>It cost US$300 billion.</p>"})


def refusal(root: Path) -> str:
    """Why a review is refused, without a word written."""
    path = root / "issues" / "cases" / f"{ID}.md"
    before = path.read_bytes()
    with pytest.raises(CaseError) as refused:
        review_case(root, desk(), ID, by="校閲太郎", today=DAY)
    assert path.read_bytes() == before
    return str(refused.value)


@pytest.mark.loopback
def test_a_block_that_the_machine_left_must_be_translated_first(tmp_path: Path) -> None:
    """The message tells where and why; translated by hand, the review goes through."""
    path = fetched(tmp_path, LONG)
    with FeedServer() as server:
        fake = FakeTranslator(server)
        fake.plan = [lose] * 3
        assert len(run(tmp_path, fake)[0].findings) == 2
    said = refusal(tmp_path)
    line = next(n for n, text in enumerate(path.read_text("utf-8").split("\n"), 1) if text.startswith("Bread is"))
    assert f"issues/cases/{ID}.md:{line}:1 TRA001" in said
    assert "が消失" in said
    assert "2か所" in said
    edit(path, SENTENCE, "パンはごみではありません。")
    edit(path, "- Flour of the *city*", "- 市の小麦粉")
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    assert state(tmp_path) is State.REVIEWED


def test_a_block_that_a_person_left_is_seen_too(tmp_path: Path) -> None:
    """Copied from the source and forgotten: no machine has been near, and the issue says so as well."""
    path = translated(tmp_path)
    edit(path, "パンはごみ**ではありません**。", f"パンの話です。\n\n{SENTENCE}")
    assert "TRA001 原文のまま残っています（まだ訳されていません）" in refusal(tmp_path)
    codes = [finding.code for finding in case_article(tmp_path, desk(), ID, section="overseas", place=HERE)[1]]
    assert sorted(codes) == ["CASE002", "TRA001"]


@pytest.mark.parametrize("mark", ["⟦1⟧", "⟦２⟧", "⟦", "3⟧"])
@pytest.mark.parametrize("place", ["title", "summary", "body"])
def test_a_machines_mark_is_no_japanese(tmp_path: Path, mark: str, place: str) -> None:
    """Whole or broken, in title, summary or text: TRA002 with its line."""
    path = translated(tmp_path)
    old, new = {
        "title": ("みほん市の", f"みほん市{mark}の"),
        "summary": ("要約:", f"要約: {mark}"),
        "body": ("パンはごみ", f"パン{mark}は"),
    }[place]
    edit(path, old, new)
    line = next(n for n, text in enumerate(path.read_text("utf-8").split("\n"), 1) if mark in text)
    said = refusal(tmp_path)
    assert f".md:{line}:" in said
    assert "TRA002" in said


def test_names_and_japanese_sources_are_nobodys_oversight(tmp_path: Path) -> None:
    """A block of names reads the same in both languages, and what was Japanese from the start stays what it is."""
    named = TURKU.__class__(
        id="x", url="https://feeds.example/mihon-bakery/", title=TURKU.title, date=TURKU.date, html="<p>ICLEI – Local Governments</p>"
    )
    path = fetched(tmp_path, named)
    start_case(tmp_path, desk(), ID)
    edit(path, "（邦題）", "みほん市のパン")
    edit(path, BODY_PLACEHOLDER, "ICLEI – Local Governments")
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    own = fetched(tmp_path / "own", TURKU, language="ja")
    start_case(tmp_path / "own", desk(language="ja"), ID)
    assert SENTENCE in japanese(own).body
    review_case(tmp_path / "own", desk(language="ja"), ID, by="校閲太郎", today=DAY)
    assert state(tmp_path / "own") is State.REVIEWED


def test_a_waiver_in_the_file_lets_a_block_stand(tmp_path: Path) -> None:
    """A poem may stay as it is, at somebody's word."""
    path = translated(tmp_path)
    edit(path, "パンはごみ**ではありません**。", f"詩です。\n\n{SENTENCE}")
    edit(path, "要約:", "ママ: TRA001、原詩を引く、見本花子\n要約:")
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    assert state(tmp_path) is State.REVIEWED


def test_numbers_and_terms_are_told_at_the_review(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They warn and never fail: the name is bound, with what to look at once more; a waiver silences, JSON has them as findings."""
    path = fetched(tmp_path, PRICED)
    start_case(tmp_path, desk(), ID)
    edit(path, "（邦題）", "みほん市のパン")
    edit(path, BODY_PLACEHOLDER, "300億米ドルかかりました。")
    assert enews(tmp_path, "review", ID, "--by", "校閲太郎") == 0
    shown = capsys.readouterr().out
    assert "校閲済にしました（校閲太郎" in shown
    assert "要確認 NUM001" in shown
    assert "3,000億米ドル" in shown
    (tmp_path / GLOSSARY).write_text("en,ja\nbillion,ビリオン\n", "utf-8")
    assert enews(tmp_path, "review", ID, "--by", "校閲太郎", "--json") == 0
    told = capsys.readouterr().out
    assert '"code": "NUM001"' in told
    assert '"code": "GLO001"' in told
    assert '"reviewer": "校閲太郎"' in told
    edit(path, "要約:", "ママ:\n  - NUM001、別の年の値、見本花子\n  - GLO001、言い換え、見本花子\n要約:")
    assert enews(tmp_path, "review", ID, "--by", "校閲太郎") == 0
    assert "要確認" not in capsys.readouterr().out


def test_links_lost_in_a_persons_japanese_are_told_at_the_review(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The reviewer reads which, and the name is bound all the same; put back, or waived, nothing is said."""
    path = translated(tmp_path)
    edit(path, "パンはごみ**ではありません**。", "パンはごみ**ではありません**。計画をご覧ください。")
    assert enews(tmp_path, "review", ID, "--by", "校閲太郎") == 0
    shown = capsys.readouterr().out
    assert f"issues/cases/{ID}.md:" in shown
    assert "要確認 TRA003" in shown
    assert "https://feeds.example/plan（" in shown
    text = path.read_text("utf-8")
    edit(path, "計画を", "[計画](https://feeds.example/plan)を")
    assert enews(tmp_path, "review", ID, "--by", "校閲太郎") == 0
    assert "TRA003" not in capsys.readouterr().out
    path.write_text(text.replace("要約:", "ママ: TRA003、終わった計画、見本花子\n要約:"), "utf-8")
    assert enews(tmp_path, "review", ID, "--by", "校閲太郎") == 0
    assert "TRA003" not in capsys.readouterr().out
