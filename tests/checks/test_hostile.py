"""Texts that nobody writes, long or mixed up, against all rules: none of them takes longer than its length deserves, and none makes a rule raise."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.checks import MOST, RULES, findings_of
from pipeline.checks.rule import Rule, Sheet
from tests.checks.bodies import sheet

LONG = 6_000  # characters
GROWTH, FLOOR = 16, 1.0  # an eighth of the text takes at least a sixteenth of the time, where it takes seconds (CPU) at all


def _repeated(piece: str) -> Callable[[int], str]:
    return lambda size: piece * (size // len(piece))


def _counted(piece: str) -> Callable[[int], str]:
    return lambda size: "".join(piece.replace("#", str(number)) for number in range(size // len(piece)))


KINDS: dict[str, Callable[[int], str]] = {
    "figures": _repeated("1"),
    "letters": _repeated("A"),
    "katakana": _repeated("ア"),
    "kanji": _repeated("一"),
    "eras": _repeated("令和6年"),
    "dates": _repeated("1月16日～"),
    "fractions": _repeated("1/2"),
    "amounts": _repeated("約1億2万3千人、50％増"),
    "cities": _repeated("、京都市・の"),
    "blanks": lambda size: f"あ{' ' * size}い{'　' * size}う",
    "opened": _repeated("（「"),
    "closed": _repeated("』）"),
    "crossed": lambda size: "「" * (size // 2) + "』」" * (size // 4),
    "addresses": _repeated("https://www.example.jp"),
    "mails": _repeated("a.b-c@d."),
    "links": _repeated("![a]([b]("),
    "tags": _repeated("<a <!-- {{ ** ` "),
    "questions": _repeated("？"),
    "hashes": _repeated("#"),
    "unseen": _repeated("\u200b"),
    "lines": _counted("下図#は\r\n"),
    "paragraphs": _counted("本文の#です。\n\n"),
    "headings": _counted("## 見出し#\n\n"),
    "items": lambda size: "次の3点です。\n\n" + _counted("- 項目#\n")(size),
    "rows": lambda size: "|都市|人口|\n|---|---|\n" + _counted("|市#|#人|\n")(size),
    "quotations": _repeated("> 「引用です\n\n"),
}


def _seconds(rule: Rule, whole: Sheet) -> float:
    begun = time.process_time()
    assert len(tuple(findings_of(rule, whole))) <= MOST, rule.code
    return time.process_time() - begun


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_takes_longer_than_its_length_deserves(kind: str) -> None:
    """Eight times the text takes at most sixteen times the work, and says at most ``MOST`` things a rule."""
    whole = sheet(KINDS[kind](LONG))
    for rule in RULES:
        if _seconds(rule, whole) > FLOOR:
            part = _seconds(rule, sheet(KINDS[kind](LONG // 8)))
            assert _seconds(rule, whole) < max(GROWTH * part, FLOOR), rule.code


PIECES = (
    *(
        "見本市",
        "の",
        "を",
        "が、",
        "です。",
        "ます",
        "\n",
        "\n\n",
        " ",
        "　",
        "、",
        "。",
        "・",
        "ー",
        "1",
        "２",
        "三",
        "0",
        ",",
        ".",
        "～",
        "-",
        "－",
        "：",
    ),
    *(
        "「",
        "」",
        "『",
        "（",
        "）",
        "(",
        ")",
        "[",
        "](",
        "]",
        "!",
        "|",
        "|---|",
        "\n| ",
        "\n- ",
        "\n1. ",
        "\n## ",
        "\n> ",
        "**",
        "`",
        "<",
        ">",
        "&",
        "{{",
    ),
    *(
        "2025年",
        "令和6年",
        "1月",
        "16日",
        "（水）",
        "午後",
        "3時",
        "30分",
        "13:00",
        "第4回",
        "約",
        "5つ",
        "人",
        "％",
        "倍",
        "円",
        "か国",
        "次の",
        "下記",
        "先週",
    ),
    *(
        "https://",
        "www.e.jp",
        "a@b.jp",
        "03-",
        "コミュ二ティ",
        "ｱ",
        "①",
        "㈱",
        "é",
        "α",
        "東京都",
        "横浜市",
        "ドイツ",
        "様",
        "氏",
        "COP",
        "$",
        "誤：",
        "\r",
        "\t",
    ),
    *("\u200b", "\u3099", "\ue000", "\ud7ff", "\U0001f600", "\x00", "か", "%", "=", "#", "→", "―", "…", "？", "！", "*", "_", "~", "\\"),
)


@settings(max_examples=200, deadline=None)
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=60))
def test_no_text_makes_a_rule_raise(pieces: list[str]) -> None:
    """Whatever stands in a body and a title, every rule comes to its end, and every finding has words and a place in the text."""
    text = "".join(pieces)
    whole = sheet(text, title=text.replace("\n", " "))
    lines = text.count("\n") + 1
    for rule in RULES:
        for finding in findings_of(rule, whole):
            assert finding.message, rule.code
            assert finding.hint, rule.code
            assert finding.place is None or finding.place.path != "10-a.md" or 1 <= finding.place.line <= lines, rule.code
