"""The readers' pages in Chromium, from their real server: what a person sees and does, on a telephone and a desk, by day and by night."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from pipeline.delivery.store import SECRET
from tests.browser.judges import judge_access, judge_markup, judge_style
from tests.browser.test_judges import on_every_screen
from tests.delivery.pages import HANAKO, KEY, ONE_CLICK, TARO, Pages
from tests.delivery.test_formserver import served

pytestmark = [pytest.mark.browser, pytest.mark.loopback]
NEW = "jiro@village.example.jp"
Open = Callable[[str], Page]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pages:
    """A desk with two readers."""
    monkeypatch.setenv(SECRET, KEY)
    return Pages(tmp_path)


@pytest.fixture
def port(desk: Pages) -> Iterator[int]:
    """Its server."""
    with served(desk.forms) as number:
        yield number


@pytest.fixture
def strangers() -> list[str]:
    """What a page asked of anybody but its own server."""
    return []


@pytest.fixture
def tab(browser: Browser, port: int, strangers: list[str]) -> Iterator[Page]:
    """A page without scripts that reaches this server alone, under the masthead's host too; other requests are noted and stopped."""
    context = browser.new_context(java_script_enabled=False, locale="ja-JP")

    def pass_on(route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.netloc == f"127.0.0.1:{port}":
            route.continue_()
        else:
            strangers.append(route.request.url)
            route.abort()

    context.route("**/*", pass_on)
    page = context.new_page()
    page.on("console", lambda message: strangers.append(message.text) if "favicon" not in message.text else None)
    yield page
    context.close()


def every_page(desk: Pages) -> dict[str, tuple[str, dict[str, str] | None]]:
    """(path, form or ``None`` for a look) of each kind of page, in an order in which all of them can be had."""
    desk.post("/enews/subscribe/", address=NEW, name="見本 次郎", organisation="みほん村", segment="自治体", consent="yes")
    join = desk.confirmation()
    desk.post(desk.preferences(), do="address", address="hanako@pref.example.jp")
    move = desk.confirmation()
    return {
        "ask": (desk.unsubscribe(), None),
        "preferences": (desk.preferences(), None),
        "preferences-wrong": (desk.preferences(), {"do": "address", "address": "hanako@"}),
        "changed": (desk.preferences(), {"do": "details", "name": "見本 花子", "organisation": "みほん市"}),
        "subscribe": ("/enews/subscribe/", None),
        "subscribe-wrong": ("/enews/subscribe/", {"address": "jiro@gmial.com", "name": "長" * 201}),
        "sent": ("/enews/subscribe/", {"address": "saburo@village.example.jp", "consent": "yes"}),
        "confirm": (join, None),
        "confirm-move": (move, None),
        "confirmed": (join, {"do": "confirm"}),
        "expired": (join, None),
        "left": (desk.unsubscribe(TARO), {"do": "leave"}),
        "left-before": (desk.unsubscribe(TARO), None),
        "lost": ("/enews/unsubscribe/x", None),
        "missing": ("/enews/", None),
        "refused": ("/enews/subscribe/", {"x": "y" * 70_000}),
    }


def replies(desk: Pages) -> dict[str, str]:
    """The HTML of each kind of page."""
    found = {
        name: (desk.ask("GET", path) if form is None else desk.post(path, **form)).page for name, (path, form) in every_page(desk).items()
    }
    pages = desk.forms.pages
    extra = {
        "busy": pages.page("busy", minutes=3),
        "busy-long": pages.page("busy", minutes=480),
        "trouble": pages.page("trouble", unsent=True),
    }
    mails = {
        f"mail-{kind}": pages.mail(kind, url="https://www.example.jp/enews/subscribe/x")[2] for kind in ("subscribe", "address", "moved")
    }
    return found | {name: page.decode() for name, page in extra.items()} | mails


def test_a_reader_leaves_with_a_button(desk: Pages, port: int, tab: Page, strangers: list[str]) -> None:
    """Without scripts: look, press, gone; nothing is asked of anybody else, no cookie is left."""
    tab.goto(f"http://127.0.0.1:{port}{desk.unsubscribe()}")
    assert "ha***@city.example.jp" in tab.inner_text("main")
    assert desk.gets_mail(HANAKO)
    tab.click("text=配信を停止する")
    assert tab.inner_text("h1") == "配信を停止しました"
    assert not desk.gets_mail(HANAKO)
    tab.reload()
    assert not desk.gets_mail(HANAKO)
    assert tab.context.cookies() == []
    assert strangers == []


def test_a_reader_joins_by_keyboard(desk: Pages, port: int, tab: Page) -> None:
    """Label by label; a forgotten consent is told beside its box and what was typed stays; then the mail's page and its button."""
    tab.goto(f"http://127.0.0.1:{port}/enews/subscribe/")
    tab.get_by_label("メールアドレス").fill(NEW)
    tab.get_by_label("お名前").fill("見本 次郎")
    tab.get_by_label("区分").select_option("自治体")
    tab.keyboard.press("Tab")
    tab.get_by_role("button").focus()
    tab.keyboard.press("Enter")
    assert "同意が必要です" in tab.inner_text("[role=alert]")
    assert tab.get_by_label("お名前").input_value() == "見本 次郎"
    tab.get_by_label("上の内容に同意し").check()
    tab.get_by_role("button").press("Enter")
    assert tab.inner_text("h1") == "確認のメールをお送りしました"
    tab.goto(f"http://127.0.0.1:{port}{desk.confirmation()}")
    assert "見本 次郎" in tab.inner_text("dl")
    tab.get_by_role("button").click()
    assert tab.inner_text("h1") == "登録しました"
    assert desk.reader(NEW).segment == "自治体"


def test_a_reader_moves(desk: Pages, port: int, tab: Page) -> None:
    """From the page of preferences to the new mailbox and back."""
    tab.goto(f"http://127.0.0.1:{port}{desk.preferences()}")
    tab.get_by_label("新しいメールアドレス").fill(NEW)
    tab.get_by_role("button", name="確認のメールを受け取る").click()
    tab.goto(f"http://127.0.0.1:{port}{desk.confirmation()}")
    tab.get_by_role("button").click()
    assert tab.inner_text("h1") == "アドレスを変更しました"
    assert (desk.gets_mail(HANAKO), desk.gets_mail(NEW)) == (False, True)


def test_the_policy_lets_the_style_through_and_nothing_else(desk: Pages, port: int, browser: Browser) -> None:
    """The page is green as meant; a script, a picture and a style that somebody got into it do not run."""
    planted = '<script>document.title="!"</script><img src="/x.png" onerror="document.title=1"><style>h1{color:red!important}</style>'
    kept = desk.forms.pages.page
    context = browser.new_context(color_scheme="light")
    page = context.new_page()

    def spoilt(name: str, **words: object) -> bytes:
        return kept(name, **words).replace(b"</main>", planted.encode() + b"</main>")

    object.__setattr__(desk.forms.pages, "page", spoilt)
    page.goto(f"http://127.0.0.1:{port}{desk.unsubscribe()}")
    assert page.locator("h1").evaluate("one => getComputedStyle(one).color") == "rgb(0, 85, 68)"
    assert page.title() == "配信停止の確認｜イクレイ日本e-News"
    assert desk.log.count("GET - 404") <= 1  # Chromium's own favicon.ico, and no picture
    context.close()


def test_axe_finds_nothing_in_any_page(desk: Pages, browser: Browser, tmp_path: Path) -> None:
    """At 375 and 1280 px, light and dark; and no page is wider than its screen."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    found = {}
    for name, html in replies(desk).items():
        file = tmp_path / f"{name}.html"
        file.write_text(html, encoding="utf-8")
        page.goto(file.as_uri())
        found[name] = on_every_screen(page)
        for width in (320, 375, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
                found[name].append(f"{wide} px wide at {width}")
    context.close()
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert len(found) > 15


def test_axe_sees_a_field_without_its_label(desk: Pages, browser: Browser) -> None:
    """The judge of these pages judges."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.set_content(desk.ask("GET", "/enews/subscribe/").page.replace('<label for="address">', '<label for="nothing">'))
    assert any(line.startswith("label:") for line in judge_access(page))
    context.close()


def test_the_markup_of_every_page_is_valid(desk: Pages, tmp_path: Path) -> None:
    """By Nu and by html-validate."""
    files = []
    for name, html in replies(desk).items():
        files.append(tmp_path / f"{name}.html")
        files[-1].write_text(html, encoding="utf-8")
    assert {path.name: found for path, found in judge_markup(files).items() if found} == {}
    assert {
        path.name: found for path, found in judge_style(file for file in files if not file.name.startswith("mail-")).items() if found
    } == {}


def test_targets_are_large_enough_for_a_thumb(desk: Pages, port: int, browser: Browser) -> None:
    """Buttons and fields are 44 px high at least on a telephone, the box to tick 24 with its words beside it."""
    context = browser.new_context(viewport={"width": 375, "height": 800})
    page = context.new_page()
    for path in ("/enews/subscribe/", desk.preferences(), desk.unsubscribe()):
        page.goto(f"http://127.0.0.1:{port}{path}")
        sizes = page.eval_on_selector_all(
            "button, input:not([type=hidden]), select", "all => all.map(one => [one.type, one.getBoundingClientRect().height])"
        )
        assert [size for size in sizes if size[1] < (24 if size[0] == "checkbox" else 44)] == []
    context.close()


def test_one_click_is_not_what_a_browser_sends(desk: Pages, port: int, tab: Page) -> None:
    """A browser that comes again, goes back and reloads acts on nothing; the click of a mail program does, behind its back."""
    url = f"http://127.0.0.1:{port}{desk.unsubscribe()}"
    for _ in range(3):
        tab.goto(url)
    tab.goto(f"http://127.0.0.1:{port}/enews/subscribe/")
    tab.go_back()
    tab.reload()
    assert desk.gets_mail(HANAKO)
    desk.ask("POST", desk.unsubscribe(), ONE_CLICK)
    tab.reload()
    assert tab.inner_text("h1") == "配信は停止されています"
