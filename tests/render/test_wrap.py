"""Lines of the text edition."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.render.wrap import columns, fold

PIECES = [
    "循環", "のまちづくりを", "進めます。", "「食と循環」", "（人口約20万人）、", "です。", "カーボンニュートラル", "ICLEI ", "Stakeholders' Workshop ", "COP29で",
    "2025年1月31日（金）", "13:30～16:00", "1,500人以上", "96か国", "清水 勇人市長が", "1.5℃", "ー", "っ", "、", "！？", "……", "※", "①", "━", "g/kWh ", "＜再掲＞",
]  # fmt: skip
NEVER_FIRST = "、。，．」』）］】！？：；ー々ぁっゃゅょゎァッャュョヮ…・％℃＞"
NEVER_LAST = "「『（［【＜"
WHOLE = ["2025年1月31日（金）", "13:30～16:00", "1,500人", "96か国", "Stakeholders'", "清水 勇人市長", "1.5℃", "g/kWh", "＜再掲＞"]


def test_widths() -> None:
    """Wide, full-width and ambiguous characters are two columns, half-width ones one, combining ones none."""
    assert [columns(text) for text in ("あ", "Ａ", "━", "●", "①", "→", "ｱ", "a", "か\u3099", "e\u0301", "👍", "")] == [
        2,
        2,
        2,
        2,
        2,
        2,
        1,
        1,
        2,
        1,
        2,
        0,
    ]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=60).map("".join), st.sampled_from([("", ""), ("・", "　"), ("1　", "　　")]))
def test_lines_keep_their_width_their_text_and_kinsoku(text: str, marks: tuple[str, str]) -> None:
    """No line over 70 columns, none begins or ends with what may not stand there, and joined they give the text back."""
    first, rest = marks
    found = fold(text, first=first, rest=rest).split("\n")
    assert all(columns(line) <= 70 for line in found)
    bare = [line.removeprefix(rest if number else first) for number, line in enumerate(found)]
    assert "".join(bare).replace(" ", "") == text.replace(" ", "")
    assert against_kinsoku(bare) == []


def against_kinsoku(lines: list[str]) -> list[str]:
    """The lines that begin or end with what may not stand there."""
    return [line for line in lines[1:] if line and line[0] in NEVER_FIRST] + [
        line for line in lines[:-1] if line and line[-1] in NEVER_LAST
    ]


def test_a_plain_cut_is_found_out() -> None:
    """Lines cut at every 35th character break the rules that ours keep."""
    text = "循環のまちづくりを「食と循環」として進めます。" * 20
    cut = [text[start : start + 35] for start in range(0, len(text), 35)]
    assert against_kinsoku(cut)
    assert against_kinsoku(fold(text).split("\n")) == []


@given(st.text(alphabet="あ亜a1「」（）、。ー . \n", max_size=400))
def test_any_text_is_given_back(text: str) -> None:
    """Even where no rule can be kept, no character is lost."""
    assert "".join(fold(text).split()) == "".join(text.split())


@pytest.mark.parametrize("whole", WHOLE)
def test_wholes_are_not_broken(whole: str) -> None:
    """Numbers with their unit, dates with their weekday, Latin words and names stay on one line, wherever it ends."""
    for before in range(70):
        filler = ("あ" * 35)[: before // 2] + "い" * (before % 2) + "を、"
        assert whole in fold(f"{filler}{whole}に続く文章がここにあります。" * 3)


def test_urls_stand_alone_and_whole() -> None:
    """A URL longer than a line is a line of its own, without the mark of its list."""
    url = "https://example.jp/" + "a" * 90
    assert fold(f"資料は{url}にあります", first="・", rest="　") == f"・資料は\n{url}\n　にあります"


def test_a_word_longer_than_a_line_is_not_broken() -> None:
    """What may not be broken may stick out."""
    assert fold(f"前の文{'x' * 80}後の文") == f"前の文\n{'x' * 80}\n後の文"


def test_a_mark_behind_a_url_begins_no_line() -> None:
    """Each URL ends its line; the comma or stop behind it has nothing left to part, and the words go on."""
    assert fold("https://a.example/、https://b.example/、を参照。") == "https://a.example/\nhttps://b.example/\nを参照。"
    assert fold("次は https://a.example/。以上") == "次は\nhttps://a.example/\n以上"
