"""Markdown goes into pieces and comes back letter for letter; a machine's damage to it is named."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources.segments import damage, faults, join, protect, restore, split
from tests.sources import fake_translators as fakes

PIECES = (
    *("# ", "## ", "- ", "1. ", "> ", "| ", "|", "---", "```", "~~~", "<!--", "-->", "\n", "\n\n", "  \n", " ", "    ", "\t"),
    *("**", "*", "__", "_", "`", "``", "[", "]", "](", ")", "![", "](https://a.example/b_(c))", "[a](b)", "[![i](p.png)](u)", '](u "t")'),
    *("https://a.example/x?y=1&z=2.", "<https://a.example>", "<br>", "&nbsp;", "\\*", "a@b.example", "⟦", "⟧", "⟦1⟧", "【2】", "⟦２⟧"),
    *("word", "City", "都市", "。", "[r]: http://x", "][r]", "\u2028", "\x0b", "\r", "'", '"', "<", ">", "&"),
)
MARKDOWN = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=30).map("".join))


@given(MARKDOWN)
def test_blocks_join_to_the_same_text(text: str) -> None:
    """Markdown → blocks → Markdown is the identity, whatever the text."""
    assert join(split(text)) == text


@given(MARKDOWN)
def test_what_is_protected_comes_back(text: str) -> None:
    """Restoring what was protected gives the text, and a machine that changes nothing has done no damage."""
    hidden = protect(text)
    assert restore(hidden.text, hidden.kept) == text
    assert faults(hidden.text, hidden.kept) == ()


@given(MARKDOWN)
def test_every_block_can_be_written_back_as_one_block(text: str) -> None:
    """A faithful translation of a block, its soft breaks made spaces, is again one block of the same kind."""
    for block in split(text):
        hidden = protect(block.text)
        if not block.verbatim and hidden.has_words and "\n" not in block.text and "\r" not in block.text:
            assert damage(hidden.text, hidden.kept, lead=block.lead) == ()


@given(MARKDOWN, st.data())
def test_no_placeholder_is_lost_silently(text: str, data: st.DataObject) -> None:
    """Whichever placeholder is dropped, doubled, re-bracketed or widened, the check names its number."""
    hidden = protect(text)
    if not hidden.kept:
        return
    number = data.draw(st.integers(1, len(hidden.kept)))
    wide = "".join(chr(0xFF10 + int(digit)) for digit in str(number))
    twist = data.draw(st.sampled_from(["", f"⟦{number}⟧ ⟦{number}⟧", f"【{number}】", f"[{number}]", f"⟦{wide}⟧", f"⟦ {number} ⟧"]))
    assert any(f"⟦{number}⟧" in fault for fault in faults(hidden.text.replace(f"⟦{number}⟧", twist), hidden.kept))


@pytest.mark.parametrize(
    ("twisted", "said"),
    [
        ("⟦1⟧太字⟦2⟧、⟦3⟧計画", "⟦4⟧ が消失"),
        ("⟦1⟧⟦1⟧太字⟦2⟧、⟦3⟧計画⟦4⟧", "⟦1⟧ が2回"),
        ("⟦1⟧太字【2】、⟦3⟧計画⟦4⟧", "⟦2⟧ が 【2】 に変形"),
        ("⟦1⟧太字⟦２⟧、⟦3⟧計画⟦4⟧", "⟦2⟧ が ⟦２⟧ に変形"),
        ("⟦1⟧太字⟦2⟧、⟦3⟧計画⟦4⟧⟦9⟧", "原文にない ⟦9⟧"),
        ("⟦1⟧太字⟦2⟧、⟦3⟧計画⟦4⟧⟧", "余分な ⟦ か ⟧"),
        ("⟦1⟧太字⟦2⟧、⟦4⟧計画⟦3⟧", "リンクの始めと終わりの順"),
    ],
)
def test_each_kind_of_damage_is_named(twisted: str, said: str) -> None:
    """The finding tells what happened to which placeholder."""
    kept = protect("**bold**, [plan](https://a.example/)").kept
    assert len(kept) == 4
    assert faults(twisted, kept) == (said,)


def test_placeholders_may_change_places() -> None:
    """Japanese has another order of words: bold and links may move as wholes."""
    kept = protect("**bold**, [plan](https://a.example/)").kept
    moved = "⟦3⟧計画⟦4⟧、⟦1⟧太字⟦2⟧"
    assert faults(moved, kept) == ()
    assert restore(moved, kept) == "[計画](https://a.example/)、**太字**"


@pytest.mark.parametrize(
    "piece", ["[", "![", "[![a](b", "](", "](a ", '](a "', "`", "` `` ", "<a", "<!--", "x  ", "  ", "_a", "&a", "a.b@", "www.", "> "]
)
def test_hostile_text_takes_no_time(piece: str) -> None:
    """Twenty thousand openers that nothing closes are read in a moment, and come back."""
    text = f"x {piece * 20_000}y"
    began = time.process_time()
    hidden = protect(text)
    assert restore(hidden.text, hidden.kept) == text
    assert join(split(text)) == text
    assert time.process_time() - began < 2


@pytest.mark.parametrize("broken", ["# 見出しになる", "一つ目\n\n二つ目", "- 箇条書きになる", "```", " "])
def test_a_translation_of_another_kind_is_damage(broken: str) -> None:
    """A paragraph that comes back as a heading, a list, code, two paragraphs or nothing is refused."""
    assert damage(broken, (), lead="") != ()
    assert damage("普通の段落", (), lead="") == ()


@pytest.mark.parametrize("twist", [fakes.lose, fakes.double, fakes.bend, fakes.widen])
def test_the_fakes_do_what_they_say(twist: fakes.Twist) -> None:
    """A faithful fake does no damage; each other one does, so that a test of what damage leads to can fail."""
    hidden = protect("**bold**, [plan](https://a.example/)")
    assert faults(fakes.keep(hidden.text), hidden.kept) == ()
    assert faults(twist(hidden.text), hidden.kept) != ()


def test_what_is_a_block_and_what_is_hidden() -> None:
    """Headings, items and rows stand alone with their marks in front; code is verbatim; link texts stay translatable, targets do not."""
    text = "# Title\n\nSee [the plan](https://a.example/) or https://b.example/x.\n\n- one `code`\n- two\n\n```\nA city\n\nB\n```\n\n| a | b |\n"
    blocks = split(text)
    assert [(block.lead, block.verbatim) for block in blocks] == [
        *(("# ", False), ("", False), ("- ", False), ("- ", False), ("", True), ("| ", False)),
    ]
    assert protect(blocks[1].text).text == "See ⟦1⟧the plan⟦2⟧ or ⟦3⟧."
    assert protect(blocks[2].text).text == "one ⟦1⟧"
    assert not protect("`code` https://a.example/").has_words


def test_indented_text_is_code_outside_of_lists_only() -> None:
    """In a list it is the item's next paragraph or an item of its own, and both are translated."""
    text = "- One\n\n    Its second paragraph.\n\n    - Below it\n\nText.\n\n    code = 1\n    more = 2\n\nEnd.\n"
    assert [block.text for block in split(text) if block.verbatim] == ["    code = 1\n    more = 2"]
    assert join(split(text)) == text
    for block in split(text):
        assert block.verbatim or damage("訳", (), lead=block.lead) == (), block
