"""A source that changes after it was translated: the earlier text is kept, what changed is shown, and a person's word clears it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import CaseError
from pipeline.sources.cases import State, case_article, case_ids, load_case, state_of
from pipeline.sources.casework import changes_of, review_case, see_source, set_aside, start_case
from pipeline.sources.changes import Change, compare
from pipeline.sources.fetch import fetch_feeds
from pipeline.sources.frontmatter import CASE, parse
from tests.sources.sample_feeds import TURKU, Post, rss
from tests.sources.test_cases import DAY, HERE, ID, desk, edit, fetched, translated

LONG = replace(TURKU, html="<p>First.</p><p>The city saves 300 tonnes.</p><p>Third.</p>")
NEW = replace(TURKU, html="<p>First.</p><p>The city saves 30 tonnes.</p><p>Third.</p><p>A correction.</p>")


def again(root: Path, post: Post) -> None:
    """Fetch the feed again, now with this post."""
    (root / "feeds/mihon.xml").write_bytes(rss(post))
    fetch_feeds(root, desk())


def overtaken(root: Path) -> Path:
    """A translated case whose source has changed since."""
    path = translated(root)
    again(root, LONG)
    see_source(root, desk(), ID, by="校閲太郎", today=DAY)
    review_case(root, desk(), ID, by="校閲太郎", today=DAY)
    again(root, NEW)
    return path


def test_the_changed_blocks_are_shown_with_the_words_that_differ(tmp_path: Path) -> None:
    """What was rewritten stands before and after with its words marked, what came in is named so, and the rest is not shown."""
    overtaken(tmp_path)
    found = changes_of(tmp_path, desk(), ID)
    assert [(change.before, change.after) for change in found.changes] == [
        ("The city saves 300 tonnes.", "The city saves 30 tonnes."),
        ("", "A correction."),
    ]
    shown = "\n".join(found.lines())
    assert "－ 変更前：The city saves 〔300〕 tonnes." in shown
    assert "＋ 変更後：The city saves 〔30〕 tonnes." in shown
    assert "＋ 追加：A correction." in shown
    assert "First" not in shown


def test_the_finding_says_how_much_has_changed_and_a_name_clears_it(tmp_path: Path) -> None:
    """原文更新あり until somebody has seen it; then the earlier text is gone and the review stands."""
    path = overtaken(tmp_path)
    (finding,) = case_article(tmp_path, desk(), ID, section="overseas", place=HERE)[1]
    assert finding.code == "CASE003"
    assert "（2か所）" in finding.message
    assert path.with_name(f"{path.stem}.source.before.md").is_file()
    see_source(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    assert not path.with_name(f"{path.stem}.source.before.md").exists()
    assert state_of(load_case(tmp_path, desk(), ID)) is State.REVIEWED
    assert changes_of(tmp_path, desk(), ID).lines() == (f"事例 {ID} の原文は、翻訳の後で変わっていません。",)


def test_a_source_that_changes_twice_is_compared_with_what_was_translated(tmp_path: Path) -> None:
    """The text in between was never translated: it is not what the editor must compare with."""
    overtaken(tmp_path)
    again(tmp_path, replace(LONG, html=LONG.html.replace("Third", "Last")))
    (change,) = changes_of(tmp_path, desk(), ID).changes
    assert (change.before, change.after) == ("Third.", "Last.")


def test_nothing_is_kept_of_a_source_that_nobody_has_begun(tmp_path: Path) -> None:
    """An untranslated case is simply read as it now is, and a kept text is never taken for a case."""
    path = fetched(tmp_path)
    again(tmp_path, LONG)
    assert [file.name for file in path.parent.iterdir()] == [f"{path.stem}.source.md"]
    start_case(tmp_path, desk(), ID)
    again(tmp_path, NEW)
    assert case_ids(tmp_path) == (ID,)


def test_a_lost_earlier_text_is_said(tmp_path: Path) -> None:
    """Whoever deleted it is told to compare the whole."""
    path = overtaken(tmp_path)
    path.with_name(f"{path.stem}.source.before.md").unlink()
    assert "全文を見比べてください" in "\n".join(changes_of(tmp_path, desk(), ID).lines())


def test_a_changed_title_and_a_block_taken_out_are_changes() -> None:
    """The title is a block like any other; the notes below a source are none."""
    old, new = (
        parse(f"---\n原題: {title}\n---\n\n{body}\n", path="x", keys=CASE)
        for title, body in (("One", "A.\n\nB."), ("Two", "A.\n\n<!-- 原文の写真\n-->"))
    )
    assert compare(old, new) == (Change(before="題名：One", after="題名：Two"), Change(before="B.", after=""))
    assert Change(before="B.", after="").lines() == ("－ 削除：B.",)


@pytest.mark.parametrize(
    ("entry", "state", "written"),
    [("dismissed", "掲載見送り", "国内に似た例: #1"), ("permission", "許諾待ち", "依頼中（国内に似た例: #1）")],
)
def test_a_case_nobody_has_begun_can_be_set_aside(tmp_path: Path, entry: str, state: str, written: str) -> None:
    """Its Japanese file is laid for the reason, which the list shows; the source stays the feed's."""
    path = fetched(tmp_path)
    source = path.with_name(f"{path.stem}.source.md").read_bytes()
    set_aside(tmp_path, desk(), ID, entry=entry, reason=" 国内に似た例: #1\n")
    case = load_case(tmp_path, desk(), ID)
    assert (str(state_of(case)), case.value(entry)) == (state, written)
    assert path.with_name(f"{path.stem}.source.md").read_bytes() == source
    assert [finding.code for finding in case.japanese.findings if finding.code != "FM003"] == []


def test_setting_aside_a_started_case_changes_one_entry_and_needs_a_reason(tmp_path: Path) -> None:
    """Every other letter stays, and nobody is left to guess why."""
    path = translated(tmp_path)
    before = path.read_text(encoding="utf-8")
    with pytest.raises(CaseError, match="--reason"):
        set_aside(tmp_path, desk(), ID, entry="dismissed", reason=" ")
    set_aside(tmp_path, desk(), ID, entry="dismissed", reason="内容が古い")
    assert path.read_text(encoding="utf-8").replace("掲載見送り: 内容が古い\n", "") == before
    edit(path, "掲載見送り: 内容が古い\n", "")
    assert state_of(load_case(tmp_path, desk(), ID)) is State.TRANSLATED
