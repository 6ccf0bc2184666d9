"""What the rules read: every passage of an issue, with what is no prose blanked and every character at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks.passages import BLANK, Passage, all_passages
from pipeline.sources import load_issue
from tests.builders import draft, masthead, workspace


def read(folder: Path, text: str) -> tuple[Passage, ...]:
    """The passages of one draft."""
    issue = load_issue(workspace(folder, {"10-a.md": text}), "2025-01", masthead())[0]
    return all_passages((article.manuscript, article) for article in issue.articles)


def body(folder: Path, text: str) -> list[Passage]:
    """The passages of a draft's body."""
    return [passage for passage in read(folder, draft(body=text)) if passage.kind != "field"]


def shown(passage: Passage) -> str:
    """The prose alone."""
    return passage.text.replace(BLANK, "")


def test_entries_and_list_lines_are_passages_with_their_keys(tmp_path: Path) -> None:
    """An entry is a passage, and so is each line of a list."""
    text = "---\n見出し：催し\n欄: イクレイ日本の活動\n自治体:\n  - 京都市\n  - 鳥取県\n---\n\n本文です。\n"
    fields = [(passage.key, passage.raw, str(passage.place(0))) for passage in read(tmp_path, text) if passage.kind == "field"]
    path = "issues/2025-01/10-a.md"
    assert fields == [
        ("title", "催し", f"{path}:2:5"),
        ("section", "イクレイ日本の活動", f"{path}:3:4"),
        ("municipalities", "京都市", f"{path}:5:5"),
        ("municipalities", "鳥取県", f"{path}:6:5"),
    ]


def test_a_soft_line_break_vanishes_and_places_stay_true(tmp_path: Path) -> None:
    """A date that is broken over two lines is whole, and a hit behind the break points into the second line."""
    passage = body(tmp_path, "締切は1月16日\n　（水）です。Local\nGovernment と")[0]
    assert passage.text == "締切は1月16日（水）です。Local Government と"
    assert [(passage.place(n).line, passage.place(n).column) for n in (0, 8, passage.text.index("G"))] == [(6, 1), (7, 2), (8, 1)]


def test_a_fix_names_the_characters_of_the_file(tmp_path: Path) -> None:
    """The safe text goes exactly where the slip stands; a slip over a line break is left to a person."""
    issue = draft(body="前の段落\n\n最後の取り組\nみです。取り組みです。")
    passage = read(tmp_path, issue)[-1]
    at = passage.text.rindex("取り組み")
    (edit,) = passage.hit((at, at + 4), "message", "hint", instead="取組").fix
    assert issue[: edit.start] + edit.text + issue[edit.end :] == issue.replace("す。取り組み", "す。取組")
    assert passage.hit((3, 7), "message", "hint", instead="取組").fix == ()


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ('詳細は[要項](https://example.jp/a_(b) "題")へ。', "詳細は要項へ。"),
        ("https://example.jp/2025/1/31 と enews@example.jp です", " と  です"),
        ("**太字**と`code`と<!-- 覚え -->と<br>です", "太字とととです"),
        ("（誤）1月16日（水）", ""),
        ('![会場](images/a.jpg "©市")です', "会場です"),
        ("- 項目です", "項目です"),
        ("## 題です", "題です"),
        ("> 引用です", "引用です"),
    ],
)
def test_what_is_no_prose_is_blanked_and_keeps_its_length(tmp_path: Path, text: str, prose: str) -> None:
    """Addresses, markup, comments and the wrong side of a correction are nobody's prose."""
    (passage,) = body(tmp_path, text)
    assert shown(passage) == prose
    assert len(passage.text) == len(passage.raw) == len(passage.offsets)


def test_the_wrong_column_of_a_correction_is_blanked(tmp_path: Path) -> None:
    """In a 誤／正 table only the right side is read."""
    rows = body(tmp_path, "| 箇所 | 誤 | 正 |\n|---|---|---|\n| 1-2 | 1月16日（水） | 1月16日（木） |\n\n本文に1月16日（水）。")
    assert "（水）" not in rows[2].text
    assert "（木）" in rows[2].text
    assert "（水）" in rows[3].text


def test_quotations_can_be_left_out(tmp_path: Path) -> None:
    """Other people's words are not ours to change."""
    (passage,) = body(tmp_path, "市は「取り組みを進める」と述べ、『手引き』を出しました。")
    assert passage.unquoted.replace(BLANK, "") == "市はと述べ、を出しました。"


def test_blocks_are_told_apart(tmp_path: Path) -> None:
    """Paragraphs, items and rows are passages of their own; code is none."""
    text = "段落。\n続き。\n- 一\n  続き\n- 二\n\n| a | b |\n|---|---|\n\n```\ncode\n```\n後。"
    kinds = [(passage.kind, shown(passage)) for passage in body(tmp_path, text)]
    assert kinds == [
        ("paragraph", "段落。続き。"),
        ("item", "一続き"),
        ("item", "二"),
        ("row", "| a | b |"),
        ("row", "|---|---|"),
        ("paragraph", "後。"),
    ]
