"""The state of a case is what its files say: started, translated, reviewed, revoked, overtaken by its source; and only reviewed ones pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.config import Feed, Masthead
from pipeline.errors import CaseError, ConflictError
from pipeline.model import Place, Severity
from pipeline.sources.cases import BODY_PLACEHOLDER, State, case_article, case_ids, load_case, read_cases, state_of
from pipeline.sources.casework import review_case, see_source, start_case
from pipeline.sources.fetch import fetch_feeds
from pipeline.sources.frontmatter import CASE, Draft, parse
from tests.builders import masthead, workspace
from tests.sources.sample_feeds import TURKU, Post, rss

ID = "mihon/2024-12-10-mihon-s-bakery-turns-yesterday-s-bread-i"
DAY = date(2025, 1, 20)
HERE = Place(path="issues/2025-01/issue.md", line=4)


def desk(**more: object) -> Masthead:
    """The masthead with one feed."""
    values = {
        "name": "mihon",
        "url": "feeds/mihon.xml",
        "office": "Mihon Office",
        "language": "en",
        "country": "みほん国",
        "licence": "CC BY",
    }
    return replace(masthead(), feeds=(Feed(**(values | more)),))  # type: ignore[arg-type]


def fetched(root: Path, post: Post = TURKU, **more: object) -> Path:
    """A workspace into which this post has been fetched; the path where the Japanese belongs."""
    workspace(root, {})
    (root / "feeds").mkdir(exist_ok=True)
    (root / "feeds/mihon.xml").write_bytes(rss(post))
    fetch_feeds(root, desk(**more))
    return root / "issues" / "cases" / f"{ID}.md"


def translated(root: Path) -> Path:
    """The same with a Japanese text that a person has written."""
    path = fetched(root)
    start_case(root, desk(), ID)
    edit(path, "（邦題）", "みほん市のパン")
    edit(path, BODY_PLACEHOLDER, "パンはごみ**ではありません**。")
    edit(path, "翻訳:", "翻訳: 見本花子")
    return path


def edit(path: Path, old: str, new: str) -> None:
    """Change a file as an editor does."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def state(root: Path) -> State:
    """The state of the case."""
    return state_of(load_case(root, desk(), ID))


def codes(root: Path, case_id: str = ID) -> list[str]:
    """The findings of the case in an issue, by code."""
    return [finding.code for finding in case_article(root, desk(), case_id, section="overseas", place=HERE)[1]]


def japanese(path: Path) -> Draft:
    """The Japanese file, taken apart."""
    return parse(path.read_text(encoding="utf-8"), path="x", keys=CASE)


def test_starting_lays_an_empty_japanese_file_with_the_provenance(tmp_path: Path) -> None:
    """Title and text wait to be written; credit, date and version of the source are filled in; the file reads without findings."""
    path = fetched(tmp_path)
    assert state(tmp_path) is State.UNTRANSLATED
    assert start_case(tmp_path, desk(), ID) == path
    draft = japanese(path)
    assert (draft.value("title"), draft.body) == ("（邦題）", BODY_PLACEHOLDER)
    assert draft.value("url") == "https://feeds.example/mihon-bakery/"
    assert (draft.value("country"), draft.value("visibility"), draft.value("licence")) == ("みほん国", "members", "CC BY")
    assert draft.findings == ()
    assert state(tmp_path) is State.UNTRANSLATED


def test_starting_never_overwrites(tmp_path: Path) -> None:
    """A second start is refused and the file keeps every byte."""
    path = translated(tmp_path)
    before = path.read_bytes()
    with pytest.raises(CaseError, match="もうあります"):
        start_case(tmp_path, desk(), ID)
    assert path.read_bytes() == before


def test_a_japanese_post_needs_no_translation(tmp_path: Path) -> None:
    """Its text and title are taken over, without the notes below the source; a review is still due."""
    post = replace(
        TURKU, title="Mihon's bakery turns yesterday's bread into energy パン", html="<p>パンはごみではありません。</p><img src='/a.jpg'>"
    )
    path = fetched(tmp_path, post, language="ja")
    assert state_of(load_case(tmp_path, desk(language="ja"), ID)) is State.JAPANESE
    start_case(tmp_path, desk(language="ja"), ID)
    draft = japanese(path)
    assert draft.body == "パンはごみではありません。"
    assert draft.value("title").endswith("パン")
    assert state_of(load_case(tmp_path, desk(language="ja"), ID)) is State.TRANSLATED
    assert codes(tmp_path) == ["CASE002"]


def test_a_translation_waits_for_its_review(tmp_path: Path) -> None:
    """Translated is not reviewed: the issue stops, the text is shown."""
    translated(tmp_path)
    assert state(tmp_path) is State.TRANSLATED
    article, findings = case_article(tmp_path, desk(), ID, section="overseas", place=HERE)
    assert article is not None
    assert (article.title, article.section, article.slug) == ("〔未校閲〕みほん市のパン", "overseas", ID)
    assert [(finding.code, finding.severity) for finding in findings] == [("CASE002", Severity.ERROR)]
    assert "enews review" in findings[0].hint


def test_a_review_binds_a_name_and_the_text(tmp_path: Path) -> None:
    """A reviewed case goes into an issue without a finding, with its origin; nothing but the reviewer's entries changed."""
    path = translated(tmp_path)
    before = japanese(path)
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    assert state(tmp_path) is State.REVIEWED
    after = japanese(path)
    changed = {key for key in after.fields if after.value(key) != before.value(key)}
    assert changed == {"reviewer", "reviewed_on", "reviewed_digest", "reviewed_source"}
    assert after.body == before.body
    article, findings = case_article(tmp_path, desk(), ID, section="overseas", place=HERE)
    assert findings == ()
    assert article is not None
    assert article.origin is not None
    assert (article.origin.state, article.origin.reviewer, article.origin.publisher) == ("校閲済", "校閲太郎", "Mihon Office")
    assert (article.origin.published, article.origin.title) == (date(2024, 12, 10), TURKU.title)


@pytest.mark.parametrize(("old", "new"), [("ではありません", "です"), ("みほん市のパン", "みほん町のパン"), ("要約:", "要約: 200字の要約")])
def test_editing_after_the_review_revokes_it(tmp_path: Path, old: str, new: str) -> None:
    """Any change of title, summary or body takes the case back; the finding says that it was edited."""
    path = translated(tmp_path)
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    edit(path, old, new)
    assert state(tmp_path) is State.TRANSLATED
    findings = case_article(tmp_path, desk(), ID, section="overseas", place=HERE)[1]
    assert "校閲の後で書き換えられています" in findings[0].message


def test_other_entries_and_line_ends_do_not_revoke_a_review(tmp_path: Path) -> None:
    """Adding a city, or saving with Windows line ends and a BOM, leaves the review standing."""
    path = translated(tmp_path)
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    edit(path, "都市:", "都市: みほん市")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert state(tmp_path) is State.REVIEWED


def test_a_changed_source_stops_the_case_until_somebody_looks(tmp_path: Path) -> None:
    """Even a reviewed case is held back; a review is refused until somebody has seen the new source, who is recorded beside the reviewer."""
    path = translated(tmp_path)
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    fetched(tmp_path, replace(TURKU, html="<p>Bread is waste.</p>"))
    assert state(tmp_path) is State.CHANGED
    assert codes(tmp_path) == ["CASE003"]
    with pytest.raises(CaseError, match="更新されています"):
        review_case(tmp_path, desk(), ID, by="見本次郎", today=DAY)
    assert see_source(tmp_path, desk(), ID, by="見本次郎", today=DAY) is state(tmp_path) is State.REVIEWED
    assert (japanese(path).value("reviewer"), japanese(path).value("source_seen")) == ("校閲太郎", "見本次郎（2025-01-20）")
    with pytest.raises(CaseError, match="確かめる更新はありません"):
        see_source(tmp_path, desk(), ID, by="見本次郎", today=DAY)


def test_a_source_edited_by_hand_after_the_review_is_told_in_its_file(tmp_path: Path) -> None:
    """Its 原文の版 says nothing of the slip, the reviewer's signature does; other spaces are the same text, a new review signs anew."""
    path = translated(tmp_path)
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    source = path.with_name(path.stem + ".source.md")
    before = source.read_text("utf-8")
    source.write_text(before.rstrip("\n") + "\n\n", encoding="utf-8")
    assert codes(tmp_path) == []
    source.write_text(before.rstrip("\n") + " Two of them.\n", encoding="utf-8")
    found = case_article(tmp_path, desk(), ID, section="overseas", place=HERE)[1]
    assert [(finding.code, finding.place and finding.place.path.endswith(".source.md")) for finding in found] == [("CASE003", True)]
    review_case(tmp_path, desk(), ID, by="見本次郎", today=DAY)
    assert codes(tmp_path) == []


@pytest.mark.parametrize("before", ["never reviewed", "edited after its review"])
def test_seeing_a_changed_source_is_no_review(tmp_path: Path, before: str) -> None:
    """The new source is accepted by name; what nobody has vouched for as it stands still waits for that, and goes into no issue."""
    path = translated(tmp_path)
    if before != "never reviewed":
        review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
        edit(path, "みほん市のパン", "みほん町のパン")
    fetched(tmp_path, replace(TURKU, html="<p>Bread is waste.</p>"))
    assert codes(tmp_path) == ["CASE003", "CASE002"]
    assert see_source(tmp_path, desk(), ID, by="見本次郎", today=DAY) is State.TRANSLATED
    assert codes(tmp_path) == ["CASE002"]
    assert japanese(path).value("source_seen") == "見本次郎（2025-01-20）"
    assert japanese(path).findings == ()
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    assert state(tmp_path) is State.REVIEWED


def test_a_case_that_is_not_translated_leaves_a_visible_hole(tmp_path: Path) -> None:
    """Unstarted and unfinished cases are errors, and the draft shows the original title in their place."""
    fetched(tmp_path)
    article, findings = case_article(tmp_path, desk(), ID, section="overseas", place=HERE)
    assert article is not None
    assert article.title == f"（未訳）{TURKU.title}"
    assert [(finding.code, finding.place) for finding in findings] == [("CASE001", HERE)]
    start_case(tmp_path, desk(), ID)
    assert codes(tmp_path) == ["CASE001"]


@pytest.mark.parametrize("wrong", ["mihon/nothing", "mihon", "../../etc/passwd", "mihon/../mihon/x", "", "mihon/a/b", "mihon/.x"])
def test_a_case_that_is_not_there_is_named(tmp_path: Path, wrong: str) -> None:
    """No article, one error at the line of the issue, never a file outside of cases/."""
    fetched(tmp_path)
    article, findings = case_article(tmp_path, desk(), wrong, section="overseas", place=HERE)
    assert article is None
    assert [(finding.code, finding.place) for finding in findings] == [("CASE001", HERE)]


def test_a_misspelt_case_is_answered_with_the_nearest_one(tmp_path: Path) -> None:
    """The message offers the case that was probably meant."""
    fetched(tmp_path)
    with pytest.raises(CaseError, match=f"「{ID}」のことですか"):
        load_case(tmp_path, desk(), ID[:-6])


def test_credit_that_is_incomplete_is_warned_of(tmp_path: Path) -> None:
    """Translator and date are asked for by their names in the file; 不明 is an answer."""
    path = translated(tmp_path)
    edit(path, "翻訳: 見本花子", "翻訳:")
    edit(path, "公開日: 2024-12-10", "公開日: ")
    edit(path.with_name(path.stem + ".source.md"), "公開日: 2024-12-10\n", "")
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    (finding,) = case_article(tmp_path, desk(), ID, section="overseas", place=HERE)[1]
    assert (finding.code, finding.severity) == ("CASE004", Severity.WARNING)
    assert "「公開日」、「翻訳」" in finding.message
    edit(path, "公開日:", "公開日: 不明")
    edit(path, "翻訳:", "翻訳: 見本花子")
    assert codes(tmp_path) == []


@pytest.mark.parametrize(("line", "wanted"), [("掲載見送り: 内容が古い", State.DISMISSED), ("掲載許諾: 依頼中（1月10日）", State.WAITING)])
def test_cases_that_must_not_run_stop_the_issue(tmp_path: Path, line: str, wanted: State) -> None:
    """Dismissed cases and those whose permission is still asked for are errors even when reviewed."""
    path = translated(tmp_path)
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    edit(path, "要約:", f"{line}\n要約:")
    assert state(tmp_path) is wanted
    assert codes(tmp_path) == ["CASE005"]


def test_a_review_needs_a_name_and_a_text(tmp_path: Path) -> None:
    """Nobody cannot vouch, and nothing cannot be vouched for."""
    fetched(tmp_path)
    start_case(tmp_path, desk(), ID)
    with pytest.raises(CaseError, match="翻訳されていない"):
        review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    with pytest.raises(CaseError, match="氏名"):
        review_case(tmp_path, desk(), ID, by="　", today=DAY)


def test_a_review_keeps_an_editors_own_keys(tmp_path: Path) -> None:
    """A hand-written file with English keys and full-width colons keeps them; missing entries are added, others stay letter by letter."""
    path = translated(tmp_path)
    path.write_text("---\ntitle：みほん市のパン\nreviewer：\ntranslator：見本花子\n---\n\n本文です。\n", encoding="utf-8")
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    lines = path.read_text(encoding="utf-8").split("\n")
    assert lines[:3] == ["---", "title：みほん市のパン", "reviewer： 校閲太郎"]
    assert lines[3] == "校閲日: 2025-01-20"
    assert lines[6:] == ["translator：見本花子", "---", "", "本文です。", ""]
    assert japanese(path).findings == ()


def test_the_list_shows_every_case_newest_first(tmp_path: Path) -> None:
    """Undated cases come first, then the newest; state, reviewer, and the issue that uses it stand in one line."""
    translated(tmp_path)
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    old = replace(TURKU, id="2", url="https://feeds.example/old", title="Old", date="2023-01-02")
    undated = replace(TURKU, id="3", url="https://feeds.example/no", title="No date", date="")
    (tmp_path / "feeds/mihon.xml").write_bytes(rss(TURKU, old, undated))
    fetch_feeds(tmp_path, desk())
    found = read_cases(tmp_path, desk(), planned={ID: "2025年1月号"})
    assert [case.id for case in found] == ["mihon/undated-no-date", ID, "mihon/2023-01-02-old"]
    assert [case.state for case in found] == [State.UNTRANSLATED, State.REVIEWED, State.UNTRANSLATED]
    assert found[1].label == "校閲済（校閲太郎・2025年1月20日）"
    assert found[1].use == "掲載予定（2025年1月号）"
    assert read_cases(tmp_path, desk(), published={ID: "2025年1月号"})[1].use == "掲載済（2025年1月号）"


def test_debris_of_synced_folders_is_no_case(tmp_path: Path) -> None:
    """Hidden, half-written and lock files are not looked at; a conflict copy stops the list with both names."""
    path = translated(tmp_path)
    for name in (".DS_Store", f".{path.name}.part", "~$x.md", ".x.md"):
        (path.parent / name).write_bytes(b"x")
    assert case_ids(tmp_path) == (ID,)
    path.with_name(f"{path.stem} のコピー.md").write_bytes(path.read_bytes())
    with pytest.raises(ConflictError, match="のコピー"):
        case_ids(tmp_path)


def test_a_case_written_by_hand_needs_no_source(tmp_path: Path) -> None:
    """A Japanese file alone is a case: it can be reviewed and run, with the credit that it states itself."""
    path = translated(tmp_path)
    path.with_name(path.stem + ".source.md").unlink()
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    assert codes(tmp_path) == []


@pytest.mark.parametrize(("word", "wrong"), [("members", 0), ("", 0), ("public", 0), ("公開", 1), ("Public", 1)])
def test_a_visibility_that_is_no_word_of_ours_is_said(tmp_path: Path, word: str, wrong: int) -> None:
    """Whoever writes 公開 is told the word; until then the case is for members."""
    path = translated(tmp_path)
    edit(path, "公開範囲: members", f"公開範囲: {word}")
    assert codes(tmp_path).count("FM004") == wrong
    article, _ = case_article(tmp_path, desk(), ID, section="overseas", place=HERE)
    assert article is not None
    assert article.origin is not None
    assert (article.origin.visibility == "public") is (word == "public")
