"""What a reader would see change: nothing visible is left out, nothing invisible is called a change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.delivery.difference import Change, aligned, changed_lines, differences, pieces, stretches
from pipeline.delivery.frozen import Slot
from pipeline.delivery.rendered import Line, page_of, paragraphs_of
from tests.delivery.test_approval import FROZEN as SAMPLE

PAGE = (
    "<!DOCTYPE html><html><head><title>題</title><style>p{color:#222}</style></head><body><!--[if mso]>隠<![endif]--><h2>1　活動</h2>"
    '<table><tr><td class="card0"><p>分野：循環</p><h3 id="1-1">1-1　見出し</h3></td></tr></table><p>定員は<b>40</b>人です。<br>無料です。</p>'
    '<p><a href="https://a.example.jp/">詳細</a></p><p><img src="https://x.example.jp/i/a.png" alt="図"></p><h2>2　次</h2><p>終わりです。</p></body></html>'
)
TEXT = "■1-1　見出し\n\n定員は40人です。\n無料です。\n\n詳細\nhttps://a.example.jp/\n"
FROZEN = replace(SAMPLE, html=PAGE, text=TEXT, slots=(), pictures=(("a.png", b"a"),))


def test_a_page_is_read_as_people_see_it() -> None:
    """Blocks and line breaks are lines with the number of their item; styles, titles and comments are none."""
    page = page_of(PAGE)
    expected = ["1　活動", "分野：循環", "1-1　見出し", "定員は40人です。", "無料です。", "詳細", "2　次", "終わりです。"]
    assert [line.text for line in page.lines] == expected
    assert [line.label for line in page.lines] == ["1　活動", "1-1", "1-1", "1-1", "1-1", "1-1", "2　次", "2　次"]
    assert [(link.address, link.text) for link in page.links] == [("https://a.example.jp/", "詳細")]
    assert [(image.address, image.alt, image.label) for image in page.images] == [("https://x.example.jp/i/a.png", "図", "1-1")]


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("", []),
        ("\0", []),
        ("本文", ["本文"]),
        ("<p>一<p>二", ["一", "二"]),
        ('<?xml version="1.0" encoding="utf-8"?><html><body><p>本文</p></body></html>', ["本文"]),
        ("<p>見<span style='DISPLAY : none'>隠<b>す</b></span>える</p>", ["見える"]),
        ("<div hidden>隠す</div><p>見える</p>", ["見える"]),
        ("<script>alert(1)</script><style>p{}</style><p>見\u200bえ\u00adる</p>", ["見える"]),
        ("<p>一&nbsp;&nbsp; 二\n三</p>", ["一 二 三"]),
        ("<table><tr><td>左</td><td>右</td></tr></table>", ["左", "右"]),
        ("<a href='x'>一<p>二</p>三</a>", ["一", "二", "三"]),
        ("<html><body><p>警告</p></body></html><html><body><p>本文</p></body></html>", ["警告", "本文"]),
        ("</p></div><p>見える</b></p></html><p>後</p>", ["見える", "後"]),
        ("<div>" * 200 + "深い" + "</div>" * 200, ["深い"]),
    ],
)
def test_any_page_can_be_read(html: str, lines: list[str]) -> None:
    """Broken, empty, hiding or deep ones."""
    assert [line.text for line in page_of(html).lines] == lines


@given(st.text(alphabet="<>/&;=\"' abp本文\0\n", max_size=60))
def test_nothing_that_comes_as_a_page_stops_the_reading(html: str) -> None:
    """Whatever the letters."""
    page_of(html)
    paragraphs_of(html)


def test_a_text_is_read_in_paragraphs() -> None:
    """Line ends inside one are forgotten, so that a gateway may break lines elsewhere; headings, bullets and addresses begin anew."""
    text = "━━━━━━━━\n見出し\n━━━━━━━━\n【2】会員\n■2-3　表題が\n　　　長い\n\n長い文が\n続き Latin\nwords です。\n\n・一つ\n・二つ\nhttps://a.example.jp/\n\n■次号\n2月です。\n"
    found = paragraphs_of(text)
    assert [line.text for line in found] == [
        *(
            "見出し",
            "【2】会員",
            "■2-3　表題が長い",
            "長い文が続き Latin words です。",
            "・一つ",
            "・二つ",
            "https://a.example.jp/",
            "■次号2月です。",
        )
    ]
    assert [line.label for line in found] == ["冒頭", "2　会員", *["2-3"] * 5, "次号"]
    assert [line.key for line in paragraphs_of(text.replace("長い文が\n続き", "長\r\n い文が続\r\nき"))] == [line.key for line in found]


def test_no_change_is_none() -> None:
    """The same mail twice."""
    found = differences(FROZEN, FROZEN)
    assert (found.changes, found.moved, found.markup_only) == ((), False, False)
    assert found.summary == "変更はありません。"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("#222", "#333"),
        ("<b>40</b>", "40"),
        ("<!--[if mso]>隠", "<!--[if mso]>別"),
        ("<title>題", "<title>別"),
        ("</h2>", "</h2> "),
        ("人で", "人\u200bで"),
    ],
)
def test_markup_alone(old: str, new: str) -> None:
    """A colour, bold letters, a comment, a space between blocks: bytes move, no letter does."""
    found = differences(FROZEN, replace(FROZEN, html=PAGE.replace(old, new, 1)))
    assert found.markup_only
    assert found.summary == "表示文字に変更なし（体裁のみ）。"


def both(old: str, new: str) -> dict[str, object]:
    """One change in the HTML and in the text edition."""
    return {"html": PAGE.replace(old, new), "text": TEXT.replace(old, new)}


CHANGES: list[tuple[dict[str, object], list[tuple[str, str, str, str]], int]] = [
    (both("無料です。", "有料です。"), [("本文", "1-1", "無料です。", "有料です。")], 1),
    ({"html": PAGE.replace("<b>40", "<b>50")}, [("本文", "1-1", "定員は40人です。", "定員は50人です。")], 0),
    ({"text": TEXT.replace("40", "50")}, [("テキスト版", "1-1", "定員は40人です。無料です。", "定員は50人です。無料です。")], 0),
    ({"html": PAGE.replace("<p>終わりです。</p>", "<p>終わりです。</p><p>追記。</p>")}, [("本文", "2　次", "", "追記。")], 0),
    ({"html": PAGE.replace("<p>終わりです。</p>", "")}, [("本文", "2　次", "終わりです。", "")], 0),
    (
        both("https://a.example.jp/", "https://b.example.jp/"),
        [("リンク", "1-1", "「詳細」https://a.example.jp/", "「詳細」https://b.example.jp/")],
        1,
    ),
    ({"html": PAGE.replace('alt="図"', 'alt="別の図"')}, [("代替文", "1-1", "図", "別の図")], 0),
    ({"pictures": (("a.png", b"b"),)}, [("写真", "", "a.png", "a.png（同じ名前で、絵が変わりました）")], 0),
    ({"subject": "別"}, [("件名", "", "件名", "別")], 0),
    ({"sender": "別 <x@example.jp>"}, [("差出人", "", "e-News <enews@example.jp>", "別 <x@example.jp>")], 0),
    ({"audience": ""}, [("配信先", "", "members", "（読者全員）")], 0),
    ({"slots": (Slot(part="text", start=0, end=1, field="name"),)}, [("差し込み項目", "", "", "text:name")], 0),
]


@pytest.mark.parametrize(("change", "expected", "repeated"), CHANGES)
def test_each_kind_of_change_is_told_once(change: dict[str, object], expected: list[tuple[str, str, str, str]], repeated: int) -> None:
    """With its part and its place; a change of the text edition is told by itself only where the HTML does not show it."""
    found = differences(FROZEN, replace(FROZEN, **change))  # type: ignore[arg-type]
    assert [(one.part, one.label, one.before, one.after) for one in found.changes] == expected
    assert len(found.repeated) == repeated
    assert found.moved
    assert found.summary.endswith("変わりました。")


def test_a_slip_in_one_edition_alone_is_not_hidden() -> None:
    """The HTML says 50 now, the text edition 60: both stand in the list."""
    found = differences(FROZEN, replace(FROZEN, html=PAGE.replace("<b>40", "<b>50"), text=TEXT.replace("40", "60")))
    assert [(one.part, one.after) for one in found.changes] == [("本文", "定員は50人です。"), ("テキスト版", "定員は60人です。無料です。")]


def test_an_item_that_moved_is_one_change() -> None:
    """Its lines and links went and came letter by letter: told once for the pair of places; what was changed on the way is told by itself."""
    items = [
        '<h3 id="1-{n}">1-{n}　A</h3><p>一。</p><p>二。</p><p><a href="https://a.example.jp/">詳</a></p>',
        '<h3 id="1-{n}">1-{n}　B</h3><p>三。</p>',
    ]
    old, new = ("".join(item.replace("{n}", str(n)) for n, item in enumerate(order, 1)) for order in (items, items[::-1]))
    found = differences(replace(FROZEN, html=old), replace(FROZEN, html=new))
    (move,) = [one for one in found.changes if one.part == "移動"]
    assert {move.before[:3], move.after[:3]} == {"1-1", "1-2"}
    moved = {text for text in ("一。", "二。", "三。") if not any(text in one.before + one.after for one in found.changes)}
    assert moved in ({"一。", "二。", "三。"}, {"三。"})
    again = differences(replace(FROZEN, html=old), replace(FROZEN, html=new.replace("三。", "四。").replace("二。", "五。")))
    told = "".join(one.before + one.after for one in again.changes)
    assert all(word in told for word in ("三。", "四。", "二。", "五。"))


def test_changed_lines_stand_beside_what_they_were() -> None:
    """Also when lines came between; numbers, Latin words and addresses are marked whole."""
    old = [Line(text=text) for text in ("日時：2月14日（金）", "会場：京都市", "参加費：無料")]
    new = [Line(text=text) for text in ("日時：2月15日（土）", "主催：見本市", "会場：京都市", "参加費：500円", "備考：なし")]
    found = [(one.before, one.after) for one in changed_lines(old, new, part="本文")]
    assert found == [
        *(("日時：2月14日（金）", "日時：2月15日（土）"), ("", "主催：見本市")),
        *(("参加費：無料", "参加費：500円"), ("", "備考：なし")),
    ] or found[0] == ("日時：2月14日（金）", "日時：2月15日（土）")
    assert [one for one in stretches("2月14日", "2月15日") if one[0] != "equal"] == [("change", "14", "15")]


words = st.lists(st.sampled_from(["定員は40人です。", "定員は50人です。", "会場：京都市", "会場：大阪市", "無料", "追記"]), max_size=12)


@given(words, words)
def test_every_line_of_both_sides_is_told(before: list[str], after: list[str]) -> None:
    """Pairs hold each line of both texts once, in order; equal pairs are no change."""
    pairs = list(aligned([Line(text=text) for text in before], [Line(text=text) for text in after]))
    assert [old.text for old, _ in pairs if old] == before
    assert [new.text for _, new in pairs if new] == after
    assert (before == after) == (
        not list(changed_lines([Line(text=text) for text in before], [Line(text=text) for text in after], part=""))
    )


@given(st.text(alphabet="0123月日ab/:https 定員", max_size=40), st.text(alphabet="0123月日ab/:https 定員", max_size=40))
def test_pieces_are_the_whole_of_short_texts(before: str, after: str) -> None:
    """What people are shown is what stands there, every letter, marked or not; equal texts have no mark."""
    found = pieces(Change(part="", label="", before=before, after=after), around=100)
    assert ["".join(text for _, text in side) for side in found] == [before, after]
    if before == after and before:
        assert not any(changed for side in found for changed, _ in side)


def test_long_texts_are_shortened_around_the_change() -> None:
    """The changed words stay, with some words on both sides."""
    long = "前" * 100 + "40人" + "後" * 100
    was, now = pieces(Change(part="", label="", before=long, after=long.replace("40", "50")))
    assert was == ((False, "…" + "前" * 24), (True, "40"), (False, "人" + "後" * 23 + "…"))
    assert now[1] == (True, "50")
