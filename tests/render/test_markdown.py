"""Markdown as editors write it: what a person in an office types comes out as she meant it, and hostile drafts come out as data."""

from __future__ import annotations

import time

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.render.markdown import pictures_in, to_html
from pipeline.render.merge import GUARD

HREF = '<a href="{0}">{0}</a>'
HOSTILE = [
    "[", "![", "[a](", "[a](x", "*", "**a ", "*a", "_", "`", "``a`", "<", "<a ", "<!--", "<div>", "<?", ">", "> ", "#", "# #", "- ", "1. ", "・",
    "|a|b|\n|-|-|\n", "\\", "&amp;", "(", "https://a ", "<https://x", "- a\n", "・a\n", "  - a\n", "    - x\n        - ", ":a\n", "a\n: b\n",
    "\n\n> ", "[a]: x\n", "a\n---\n", "- - - ", "</div>", "<p>x</p>\n\n", "https://x.jp/((", "　", "あ\n",
]  # fmt: skip


def shown(text: str, *, ours: bool = False) -> str:
    """The fragment as a browser would show its guarded text."""
    return to_html(text, ours=ours).replace(GUARD, "")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("循環型の\nまちづくり", "循環型のまちづくり"),
        ("ICLEI\nEurope", "ICLEI Europe"),
        ("COP29\nで発表", "COP29で発表"),
        ("取組を\nCOP29で", "取組をCOP29で"),
        ("です。\n　次の文", "です。次の文"),
        ("これは**とても\n重要**です", "これは<strong>とても重要</strong>です"),
        ("東京\n**都**です", "東京<strong>都</strong>です"),
        ("one  \ntwo", "one<br>two"),
    ],
)
def test_soft_line_breaks_are_joined(text: str, html: str) -> None:
    """A line end inside Japanese leaves nothing, one between Latin words a space; two spaces keep it."""
    assert to_html(text) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("日時：3月14日\n会場：みほん市民会館\n参加費：無料", "日時：3月14日<br>会場：みほん市民会館<br>参加費：無料"),
        ("日　時：3月14日\n会　場：会館", "日　時：3月14日<br>会　場：会館"),
        ("本文です。\n※雨天中止", "本文です。<br>※雨天中止"),
        ("①一つ目\n②二つ目", "①一つ目<br>②二つ目"),
        ("■開催概要\n本文です。", "■開催概要<br>本文です。"),
        ("次のとおり：\n本文です。", "次のとおり：本文です。"),
        ("申込先\nhttps://a.jp/\nまで", f"申込先<br>{HREF.format('https://a.jp/')}<br>まで"),
        (
            "【お知らせ】この行は折り返しのある長い文なので、次の行と\n続きます。",
            "【お知らせ】この行は折り返しのある長い文なので、次の行と続きます。",
        ),
    ],
)
def test_lines_that_stand_for_themselves_keep_their_break(text: str, html: str) -> None:
    """Labels under each other, notes, circled numbers and captions are not run together."""
    assert to_html(text) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**「重要」**です", "<strong>「重要」</strong>です"),
        ("この**「重要」**な", "この<strong>「重要」</strong>な"),
        ("**（重要）**と*強調*。", "<strong>（重要）</strong>と<em>強調</em>。"),
        ("file_name_x と 2*3*4", "file_name_x と 2<em>3</em>4"),
    ],
)
def test_emphasis_beside_brackets(text: str, html: str) -> None:
    """Marks beside 「」 and （） work as an editor expects; underscores inside words are letters."""
    assert to_html(text) == f"<p>{html}</p>"


NESTED = "<ul><li>親<ul><li>子</li></ul></li><li>次</li></ul>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("- 親\n  - 子\n- 次", NESTED),
        ("- 親\n    - 子\n- 次", NESTED),
        ("- 親\n　- 子\n- 次", NESTED),
        ("- 親\n\t- 子\n- 次", NESTED),
        ("・親\n　・子\n・次", NESTED),
        ("●親\n・子\n●次", NESTED),
        ("本文\n- 一\n- 二", "<p>本文</p><ul><li>一</li><li>二</li></ul>"),
        ("- 一\n\n    続き\n- 二", "<ul><li><p>一</p><p>続き</p></li><li><p>二</p></li></ul>"),
        ("-一\n-二", "<ul><li>一</li><li>二</li></ul>"),
        ("・一つだけ", "<ul><li>一つだけ</li></ul>"),
        ("１．一\n２．二", "<ol><li>一</li><li>二</li></ol>"),
        ("１）一\n２）二", "<ol><li>一</li><li>二</li></ol>"),
        ("3. 三\n4. 四", '<ol start="3"><li>三</li><li>四</li></ol>'),
        ("1. 一\n  - 子\n2. 二", "<ol><li>一<ul><li>子</li></ul></li><li>二</li></ol>"),
        ("- 長い項目の\n  続きです\n- 次", "<ul><li>長い項目の続きです</li><li>次</li></ul>"),
    ],
)
def test_lists_as_people_write_them(text: str, html: str) -> None:
    """Two or four spaces, tabs and full-width spaces nest; Japanese bullets and numbers are lists."""
    assert to_html(text) == html


@pytest.mark.parametrize(
    "text", ["1.5度目標をめざす", "○○市は発表した", "名古屋市・佐渡市が参加", "2025年1月31日", "-5度の朝", "* 注", "●のしるし"]
)
def test_what_only_looks_like_a_list(text: str) -> None:
    """A number, a placeholder or a single bullet in prose makes no list, but Markdown's own marks do."""
    assert ("<ul>" in to_html(text)) == text.startswith("* ")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("詳細はhttps://example.jp/aをご覧", f"詳細は{HREF.format('https://example.jp/a')}をご覧"),
        ("（https://example.jp/）", f"（{HREF.format('https://example.jp/')}）"),
        ("(https://example.jp/).", f"({HREF.format('https://example.jp/')})."),
        ("https://example.jp/a_b_c/_d.html、次", f"{HREF.format('https://example.jp/a_b_c/_d.html')}、次"),
        ("https://example.jp/w(x)，", f"{HREF.format('https://example.jp/w(x)')}，"),
        ("**https://example.jp/**です", f"<strong>{HREF.format('https://example.jp/')}</strong>です"),
        ("[本文](https://example.jp/a_b_c)", '<a href="https://example.jp/a_b_c">本文</a>'),
        ("<https://example.jp/>", HREF.format("https://example.jp/")),
        ("[x][1]\n\n[1]: https://example.jp/", '<a href="https://example.jp/">x</a>'),
    ],
)
def test_bare_urls_are_linked(text: str, html: str) -> None:
    """A URL ends before Japanese, full-width marks and closing punctuation, and underscores in it stay."""
    assert to_html(text) == f"<p>{html}</p>"


def test_urls_inside_links_and_code_are_not_linked_again() -> None:
    """A link's text and code keep a URL as text."""
    assert to_html("[https://example.jp/](https://example.jp/)").count("<a ") == 1
    assert to_html("`https://example.jp/`") == "<p><code>https://example.jp/</code></p>"


def test_many_urls_in_one_paragraph_keep_their_order() -> None:
    """Text between several bare URLs stands where it stood."""
    html = shown("一 https://a.jp/ 二 **太 https://b.jp/ 字** 三 https://c.jp/ 四")
    assert (
        "".join(part.partition(">")[2] for part in f">{html}".split("<")) == "一 https://a.jp/ 二 太 https://b.jp/ 字 三 https://c.jp/ 四"
    )


def test_tables_need_no_blank_line() -> None:
    """A table right under its introduction, with text right below it, is a table."""
    html = to_html("次の表です。\n| 年 | 件 |\n|---|--:|\n| 2024 | 3 |\n以上です。")
    assert html.startswith("<p>次の表です。</p><table>")
    assert html.endswith("</table><p>以上です。</p>")
    assert "<td>2024</td>" in html


def test_definitions_with_a_full_width_colon() -> None:
    """Terms and 「：説明」 lines under each other are one definition list."""
    assert (
        to_html("LGMA\n：自治体のグループ\nNDC\n: 国の貢献")
        == "<dl><dt>LGMA</dt><dd>自治体のグループ</dd><dt>NDC</dt><dd>国の貢献</dd></dl>"
    )
    assert to_html("LGMA\n: 一\n: 二") == "<dl><dt>LGMA</dt><dd>一<br>二</dd></dl>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("## 背景\n本文", "<h4>背景</h4><p>本文</p>"),
        ("# 大\n## 小", "<h4>大</h4><h5>小</h5>"),
        ("### 小\n\n# 大", "<h5>小</h5><h4>大</h4>"),
        ("＃　見出し", "<h4>見出し</h4>"),
        ("##見出し", "<h4>見出し</h4>"),
        ("#SDGs の日", "<p>#SDGs の日</p>"),
        ("見出し\n====\n本文", "<h4>見出し</h4><p>本文</p>"),
        ("本文です。\n----\n次です。", "<p>本文です。</p><hr><p>次です。</p>"),
    ],
)
def test_headings_start_below_the_item(text: str, html: str) -> None:
    """The highest heading of a body is h4, and no level is left out; a hash tag is no heading."""
    assert to_html(text) == html


def test_indentation_is_no_code() -> None:
    """Paragraphs indented the Japanese way, or by four spaces, are paragraphs."""
    assert to_html("　字下げした段落\n\n    四つ下げた段落") == "<p>字下げした段落</p><p>四つ下げた段落</p>"


def test_pictures_keep_path_alt_and_credit() -> None:
    """A picture's address stays as written, Japanese and spaces too; its title is the credit."""
    text = '![会場の様子](images/写真 1.jpg "写真：©みほん市")'
    assert to_html(text) == '<p><img alt="会場の様子" src="images/写真 1.jpg" title="写真：©みほん市"></p>'
    assert pictures_in(f"{text}\n\n[![図](images/b.png)](https://example.jp/)") == ("images/写真 1.jpg", "images/b.png")


def test_pasted_html_goes_through_the_allow_list() -> None:
    """What Word and mail programs put on the clipboard keeps its text and loses its dress."""
    html = to_html('<p class="MsoNormal" style="color:red" onclick="x()">貼付<o:p></o:p></p>\n<script>alert(1)</script>\n\n後')
    assert html == "<p>貼付</p><p>後</p>"
    assert to_html("<div><div>一</div><div>&nbsp;</div><p></p><span>二</span></div>") == "<div><p>一</p>二</div>"


@pytest.mark.parametrize(
    "text",
    [
        "{{ 7*7 }}",
        "{% if x %}",
        "{# x #}",
        "*|FNAME|*",
        "[[name]]",
        "%%unsub%%",
        "<<name>>",
        "<% x %>",
        "${x}",
        "#{x}",
        "{{ a*b*c }}",
        "[[a_b_c]]",
    ],
)
def test_tag_syntax_in_a_draft_is_data(text: str) -> None:
    """Everybody's tag syntax comes out letter by letter, and guarded against the one who would read it."""
    html = to_html(f"前{text}後")
    assert html.replace(GUARD, "").replace("&lt;", "<").replace("&gt;", ">") == f"<p>前{text}後</p>"
    assert GUARD in html


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (r"${7\*7}", "${7*7}"),
        (r"{{ \_a\_ &#96;b&#96; &lt;c> \\ }}", r"{{ _a_ `b` <c> \ }}"),
        (r"*|A|* \*b\*", "*|A|* *b*"),
        ("{{ &#10; }}", "{{ &#10; }}"),
        (r"https://x.example/a\_b/\_c\_", "https://x.example/a_b/_c_"),
    ],
)
def test_what_the_desk_escapes_is_read_back_inside_tag_syntax_and_addresses(text: str, read: str) -> None:
    """A foreign post's marks are escaped when it is fetched; no backslash of ours is shown, and none gets into a link."""
    page = lxml.html.fragment_fromstring(to_html(text).replace(GUARD, ""), create_parent="div")
    assert page.text_content() == read
    assert [link.get("href") for link in page.iter("a")] == ([read] if read.startswith("http") else [])


def test_a_long_table_pasted_from_word_is_a_table() -> None:
    """Hundreds of dressed cells are no attack."""
    row = "<tr style='mso-yfti-irow:0'><td width=100 style='border:solid 1pt'><p class=MsoNormal><span lang=EN-US>2024<o:p></o:p></span></p></td></tr>"
    assert to_html(f"<table class=MsoTable border=1>\n{row * 300}\n</table>").count("<td><p>2024</p></td>") == 300


def test_our_fields_work_in_the_issue_only() -> None:
    """``[[name]]`` and our addresses are fields in issue.md, and data in an article."""
    text = "[[name]] 様 [停止](https://merge.invalid/unsubscribe) {{x}}"
    ours = to_html(text, ours=True)
    assert "[[name]] 様" in ours
    assert 'href="https://merge.invalid/unsubscribe"' in ours
    assert "{{" not in ours
    theirs = to_html(text)
    assert "[[" not in theirs
    assert "//merge.invalid" not in theirs


def test_guards_stand_in_shown_attributes() -> None:
    """A tag syntax in alt or title is data too."""
    html = to_html('![{{x}}](images/a.png "*|Y|*")')
    assert "{{" not in html
    assert "*|" not in html


def test_a_refused_address_leaves_its_text() -> None:
    """The text of a link with a refused address is kept, the link is not."""
    assert to_html("[先](javascript:alert(1))と[次](ftp://example.jp/)") == "<p>先と次</p>"


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_drafts_take_linear_time(piece: str) -> None:
    """30 kB of any one mark neither hang nor crash; what is quadratic takes half a minute."""
    begun = time.process_time()
    to_html(piece * (30_000 // len(piece)))
    assert time.process_time() - begun < 3  # a tenth of a second alone; machines are shared


def test_a_whole_hostile_draft_takes_a_second_or_two() -> None:
    """200 kB of every mark in turn are converted while the editor waits."""
    begun = time.process_time()
    to_html("".join(piece * (200_000 // len(piece) // len(HOSTILE)) for piece in HOSTILE))
    assert time.process_time() - begun < 8


def test_text_behind_deep_nesting_is_not_lost() -> None:
    """Quotations, lists and pasted tags nested without end keep their text."""
    for opener in (">" * 500, "<blockquote>" * 500, "<div><b>" * 300):
        assert "本文" in to_html(f"{opener} 本文")
    assert "深い" in to_html("\n".join(f"{'  ' * depth}- 深い{depth}" for depth in range(200)))


@given(st.text(alphabet="本文。、「」 \n\t　-*_#`[](){}|<>&;:：・●1２．）.!\\/ahttps\ufdd0\ufdd1\ufdef\x00\x02", max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_becomes_a_fragment(text: str) -> None:
    """Nothing raises, no opener of a tag syntax and no stand-in gets out, and Japanese letters are not lost."""
    html = to_html(text)
    assert not any(opener in html for opener in ("[[", "{{", "{%", "*|", "%%", "<<", "${"))
    assert not any("\ufdd1" <= letter <= "\ufdef" for letter in html)
    if not set("<&[]") & set(text):
        assert html.count("本") == text.count("本")
