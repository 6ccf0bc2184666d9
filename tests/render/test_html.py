"""The HTML edition: one page, inlined, with nothing left that a client could read otherwise."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.config import Masthead
from pipeline.errors import TemplateError
from pipeline.model import Email, Issue, Picture, Place
from pipeline.render import page_of, render
from pipeline.render.figures import credit_line, fit
from pipeline.render.html import compose, section_sizes
from pipeline.render.merge import fields_in
from pipeline.sources import load_issue
from tests.builders import ROOT, draft, masthead, workspace

TEMPLATES = (ROOT / "templates",)
FILES: dict[str, str | bytes] = {
    "10-a.md": draft("一", タグ="参加者募集", 締切="2025-02-14", 申込="https://www.example.jp/a/", 詳細="https://www.example.jp/b/"),
    "20-b.md": draft("二", "会員自治体ニュース", 自治体="みほん市", 担当課="環境課"),
}


@pytest.fixture
def issue(tmp_path: Path) -> Issue:
    """A small monthly."""
    return load_issue(workspace(tmp_path, FILES), "2025-01", masthead())[0]


def rendered(issue: Issue, found: Masthead | None = None, *, draft: bool = False, web: bool = False) -> Email:
    """The issue as a mail."""
    return render(issue, found or masthead(), TEMPLATES, draft=draft, web=web)


def changed_templates(folder: Path, name: str, old: str, new: str) -> tuple[Path, ...]:
    """A copy of our templates with one file changed."""
    shutil.copytree(ROOT / "templates", folder / "templates")
    path = folder / "templates" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    return (folder / "templates",)


def test_exactly_one_style_is_left_and_it_is_head_css(issue: Issue) -> None:
    """The sheet that no client may have inlined stays byte for byte, the other is gone."""
    styles = re.findall(r"<style>(.*?)</style>", rendered(issue).html, re.DOTALL)
    assert styles == [(ROOT / "templates/monthly/head.css").read_text("utf-8")]


@pytest.mark.parametrize("rule", ["a:hover{color:red}", "td:first-child a{color:red}", "@media print{p{color:red}}"])
def test_a_rule_that_cannot_be_inlined_stops_the_build(issue: Issue, tmp_path: Path, rule: str) -> None:
    """It would look right here and wrong there; the message shows the rule."""
    templates = changed_templates(tmp_path, "monthly/style.css", "a{", rule + "\na{")
    with pytest.raises(TemplateError, match=r"style\.css"):
        compose(page_of(issue, masthead()), templates)


def test_a_broken_template_is_named_with_its_line(issue: Issue, tmp_path: Path) -> None:
    """An office that changes its templates learns which line is wrong."""
    templates = changed_templates(tmp_path / "a", "macros/toc.html.j2", "{{ block.number }}", "{{ blok.number }}")
    with pytest.raises(TemplateError, match=r"macros/toc\.html\.j2」の \d+ 行目.*blok"):
        compose(page_of(issue, masthead()), templates)
    templates = changed_templates(tmp_path / "b", "macros/toc.html.j2", "{% for block in blocks %}", "{% for block in %}")
    with pytest.raises(TemplateError, match=r"toc\.html\.j2"):
        compose(page_of(issue, masthead()), templates)


def test_a_missing_template_says_where_it_was_looked_for(issue: Issue, tmp_path: Path) -> None:
    """The workspace's own folder comes first, the program's behind it."""
    with pytest.raises(TemplateError, match=r"macros/base\.css"):
        compose(page_of(issue, masthead()), (tmp_path,))
    assert compose(page_of(issue, masthead()), (tmp_path, *TEMPLATES)) == rendered(issue).html


def test_the_sections_bytes_add_up_to_the_page(issue: Issue) -> None:
    """What the size finding tells by section is the whole."""
    html = rendered(issue).html
    sizes = section_sizes(html)
    assert sum(size for _, size in sizes) == len(html.encode())
    assert [title.strip("0123456789　") for title, _ in sizes] == ["冒頭", "イクレイ日本の活動", "会員自治体ニュース", "奥付"]


def test_the_web_copy_has_no_field_of_a_reader_and_a_sheet_for_print(issue: Issue) -> None:
    """Nothing personal can be on the web; colleagues print it with the addresses shown."""
    html = rendered(issue, web=True).html
    assert fields_in(html) == ()
    assert (ROOT / "templates/macros/web.css").read_text("utf-8") in html
    assert "unsubscribe" in fields_in(rendered(issue).html)


def test_a_draft_says_so_on_top_and_in_its_title(issue: Issue) -> None:
    """Nobody can take it for the finished mail."""
    html = rendered(issue, draft=True).html
    assert "<title>【下書き】" in html
    assert html.index("下書き：まだ配信できません") < html.index("<h1")


def test_an_item_that_invites_shows_its_addresses(issue: Issue) -> None:
    """Gateways that drop links keep the letters."""
    text = re.sub(r"<[^>]+>", "", rendered(issue).html)
    assert "https://www.example.jp/a/" in text
    assert "https://www.example.jp/b/" in text


def test_a_field_that_the_masthead_leaves_empty_leaves_no_line(issue: Issue) -> None:
    """No 電話： without a number, no link to a privacy page that is not there."""
    bare = replace(masthead(), web=replace(masthead().web, privacy_url="", preferences=""))
    html = rendered(issue, bare).html
    assert "電話：" not in html
    assert "個人情報の取扱い" not in html
    assert "preferences" not in fields_in(html)


def test_only_prepared_pictures_are_shown(issue: Issue) -> None:
    """The address that a draft wrote never reaches a reader; size, text and credit come from the prepared picture."""
    picture = Picture(
        file="a-1.jpg",
        path="a-1.jpg",
        width=560,
        height=315,
        bytes=9,
        source="images/a.jpg",
        alt="会場",
        credit="©みほん市",
        place=Place(path="x"),
    )
    article = replace(issue.articles[0], pictures=(picture,))
    page = page_of(issue, masthead())
    shown = fit('<p><img src="images/a.jpg" alt="x"></p><p><img src="https://evil.example/t.gif" alt="y"></p>', article, page)
    assert 'src="https://www.example.jp/enews/images/2025-01/a-1.jpg" alt="会場" width="560" height="315"' in shown
    assert "（写真：©みほん市）" in shown
    assert "evil.example" not in shown


@pytest.mark.parametrize(
    ("credit", "line"),
    [
        ("©京都市", "（写真：©京都市）"),
        ("京都市", "（写真：©京都市）"),
        ("図：編集部", "（図：編集部）"),
        ("（写真：©東京都）", "（写真：©東京都）"),
    ],
)
def test_a_credit_is_written_one_way(credit: str, line: str) -> None:
    """Editors write it in many."""
    assert credit_line(credit) == line
