"""Outside judges find nothing in any page that we write, and each of them finds what was planted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.judges import judge_access, judge_markup, judge_style
from tests.browser.samples import Sample
from tests.test_build import SLUGS

pytestmark = pytest.mark.browser

SCREENS = [(width, scheme) for width in (375, 1280) for scheme in ("light", "dark")]


def on_every_screen(tab: Page, *, screens: list[tuple[int, str]] = SCREENS) -> list[str]:
    """What axe-core finds on the page that is open, by screen."""
    found = []
    for width, scheme in screens:
        tab.set_viewport_size({"width": width, "height": 900})
        tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two words
        found += [f"{width}px {scheme}: {line}" for line in judge_access(tab)]
    return found


def test_the_markup_of_every_page_is_valid(tmp_path: Path, build: Callable[[str], Sample]) -> None:
    """The mail before and after inlining, the web copy, the page to look at, the papers to proofread: inliners mend broken HTML in silence, so both are judged."""
    pages = []
    for sample in map(build, SLUGS):
        source = tmp_path / f"{sample.slug}-source.html"
        source.write_text(sample.source, "utf-8")
        pages += [source, sample.mail, sample.web, sample.look, *sample.papers]
    assert {str(page): errors for page, errors in judge_markup(pages).items() if errors} == {}


def test_the_nu_checker_finds_planted_errors(tmp_path: Path, build: Callable[[str], Sample]) -> None:
    """A table that is not closed, a name given twice and an attribute that HTML has not each cost the page that has them, and no other."""
    source = build("2025-01").source
    planted = {
        "whole.html": source,
        "open.html": source.replace("</td></tr></table>", "</td></tr>", 1),
        "twice.html": source.replace("<p", '<p id="s1"', 1),
        "unknown.html": source.replace("<table", '<table colour="white"', 1),
    }
    for name, page in planted.items():
        (tmp_path / name).write_text(page, "utf-8")
    judged = judge_markup([tmp_path / name for name in planted])
    assert [path.name for path, errors in judged.items() if not errors] == ["whole.html"]


def test_html_validate_finds_nothing_in_any_page(build: Callable[[str], Sample]) -> None:
    """Every mail, web copy and page to look at, by rules for validity and access that are not Nu's."""
    pages = [page for sample in map(build, SLUGS) for page in (sample.mail, sample.web, sample.look)]
    assert {page.name: found for page, found in judge_style(pages).items() if found} == {}


def test_html_validate_finds_planted_errors(tmp_path: Path, build: Callable[[str], Sample]) -> None:
    """A heading of the wrong level and a picture without a text are each seen."""
    page = build("2025-01").exported
    planted = {
        "whole": page,
        "level": page.replace("<h2", "<h4").replace("</h2>", "</h4>"),
        "alt": page.replace("<h2", '<img src="a.png"><h2', 1),
    }
    for name, text in planted.items():
        (tmp_path / f"{name}.html").write_text(text, "utf-8")
    judged = judge_style(tmp_path / f"{name}.html" for name in planted)
    assert [path.stem for path, found in judged.items() if not found] == ["whole"]


def test_axe_finds_nothing_in_the_mail(tab: Page, sample: Sample) -> None:
    """At 375 and 1280 px, light and dark."""
    tab.goto(sample.mail.as_uri())
    assert on_every_screen(tab) == []


def test_axe_finds_nothing_in_the_web_copy(tab: Page, sample: Sample) -> None:
    """It has texts that the mail leaves out, and the same look: one width tells."""
    tab.goto(sample.web.as_uri())
    assert on_every_screen(tab, screens=SCREENS[:2]) == []


def test_axe_finds_nothing_in_the_page_to_look_at(tab: Page, sample: Sample) -> None:
    """Its own frame, as an editor's browser shows it; the mails in it are judged by themselves."""
    tab.goto(sample.look.as_uri())
    assert on_every_screen(tab, screens=SCREENS[2:]) == []


@pytest.mark.parametrize("number", [0, 1], ids=["sheet", "collation"])
def test_axe_finds_nothing_in_the_papers(tab: Page, sample: Sample, number: int) -> None:
    """校正紙 and 照合表 on a screen; on paper they have no colours but black."""
    tab.goto(sample.papers[number].as_uri())
    assert on_every_screen(tab) == []


@pytest.mark.parametrize(
    ("fault", "before", "after"),
    [
        ("image-alt", "<h2", '<img src="a.png"><h2'),
        ("color-contrast", "<h2", '<p style="color:#999;background-color:#aaa">薄い字</p><h2'),
        ("html-has-lang", '<html lang="ja">', "<html>"),
        ("link-name", "<h2", '<a href="#s1"></a><h2'),
        ("document-title", "<title>", "<title></title><meta name=x content="),
    ],
)
def test_axe_finds_a_planted_barrier(tab: Page, build: Callable[[str], Sample], fault: str, before: str, after: str) -> None:
    """In a page that has none otherwise."""
    page = build("2025-01").exported
    assert before in page
    tab.set_content(page.replace(before, after, 1))
    assert any(line.startswith(f"{fault}:") for line in judge_access(tab))


def test_axe_sees_the_dark_page(tab: Page, build: Callable[[str], Sample]) -> None:
    """A colour that only dark mode has, and that cannot be read there, is found there and nowhere else."""
    sample = build("2025-01")
    unreadable = sample.head_css + "@media (prefers-color-scheme:dark){td,th,p{color:#333!important}}"
    tab.set_content(sample.exported.replace(sample.head_css, unreadable))
    found = on_every_screen(tab, screens=SCREENS[:2])
    assert found
    assert all(line.startswith("375px dark: color-contrast") for line in found)
