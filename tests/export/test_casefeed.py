"""The feeds of the public cases: valid Atom and JSON Feed, no clock, and never a word that belongs to members."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import pytest

from pipeline.config import MASTHEAD
from pipeline.sources.casework import review_case
from tests.sources.test_cases import DAY, ID, desk, edit, translated
from tests.test_build import enews

A = "{http://www.w3.org/2005/Atom}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
MEMBERS_TEXT = "会員だけの数字"


def atom_faults(data: bytes) -> list[str]:
    """What RFC 4287 would object to; elements that must be there, once, and filled."""
    feed = ET.fromstring(data)  # noqa: S314 (our own file)
    found = [] if feed.tag == f"{A}feed" else ["no feed"]
    for place in (feed, *feed.findall(f"{A}entry")):
        for name in ("id", "title", "updated"):
            values = place.findall(f"{A}{name}")
            if len(values) != 1 or not (values[0].text or "").strip():
                found.append(f"{name}: {len(values)}")
        if not TIME.fullmatch(place.findtext(f"{A}updated", "")):
            found.append("updated is no RFC 3339 time")
        if not re.match(r"[a-z]+:[^\s]+$", place.findtext(f"{A}id", "")):
            found.append("id is no IRI")
        found += [f"link without href: {link.attrib}" for link in place.findall(f"{A}link") if not link.get("href")]
        links = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in place.findall(f"{A}link")]
        found += [] if len(set(links)) == len(links) else ["two links of one kind"]
        if place is not feed and place.find(f"{A}content") is None and ("alternate" not in [link[0] for link in links]):
            found.append("an entry with neither content nor alternate")
    found += [] if feed.find(f"{A}author/{A}name") is not None else ["no author"]
    ids = [entry.findtext(f"{A}id") for entry in feed.findall(f"{A}entry")]
    return [*found, *([] if len(set(ids)) == len(ids) else ["two entries with one id"])]


def json_faults(data: bytes) -> list[str]:
    """What JSON Feed 1.1 would object to."""
    feed = json.loads(data)
    found = [] if feed.get("version") == "https://jsonfeed.org/version/1.1" else ["version"]
    found += [] if isinstance(feed.get("title"), str) and feed["title"] else ["title"]
    for name in ("home_page_url", "feed_url"):
        found += [] if str(feed.get(name, "https://")).startswith("http") else [name]
    if not isinstance(feed.get("items"), list):
        return [*found, "items"]
    for item in feed["items"]:
        found += [] if isinstance(item.get("id"), str) and item["id"] else ["item id"]
        found += [] if item.get("content_html") or item.get("content_text") else ["item content"]
        found += [f"item {key}" for key in ("date_published", "date_modified") if key in item and not TIME.fullmatch(item[key])]
        found += [f"item {key}" for key in ("url", "external_url") if key in item and not item[key].startswith("http")]
        found += [] if all(isinstance(tag, str) for tag in item.get("tags", [])) else ["item tags"]
    return found


def published(root: Path, visibility: str = "public", body: str = MEMBERS_TEXT) -> Path:
    """A workspace with one reviewed case; its Japanese file."""
    path = translated(root)
    edit(path, "パンはごみ**ではありません**。", body)
    edit(path, "公開範囲: members", f"公開範囲: {visibility}")
    edit(path, "分野:", "分野: 循環型発展")
    review_case(root, desk(), ID, by="校閲太郎", today=DAY)
    return path


def feeds(root: Path) -> tuple[bytes, bytes]:
    """Write the feeds; both files."""
    assert enews(root, "feed") == 0
    folder = root / "build" / "feed"
    assert sorted(path.name for path in folder.iterdir()) == ["atom.xml", "feed.json"]
    return (folder / "atom.xml").read_bytes(), (folder / "feed.json").read_bytes()


def test_a_public_reviewed_case_is_in_both_feeds_and_they_validate(tmp_path: Path) -> None:
    """With its text, its origin and the word 仮訳; the clock is the review's date."""
    published(tmp_path, body=f"{MEMBERS_TEXT}と**強調**、*|FNAME|*、[[name]]、<b>x</b> & ![写真](images/x.jpg)。")
    atom, feed = feeds(tmp_path)
    assert (atom_faults(atom), json_faults(feed)) == ([], [])
    parsed = feedparser.parse(atom)
    assert not parsed.bozo
    (entry,) = parsed.entries
    assert (entry.title, parsed.feed.updated, entry.updated) == ("みほん市のパン", *["2025-01-20T00:00:00+09:00"] * 2)
    (item,) = json.loads(feed)["items"]
    assert item["id"] == entry.id
    assert item["external_url"] == "https://feeds.example/mihon-bakery/"
    for words in (item["content_html"], entry.content[0].value):
        assert f"{MEMBERS_TEXT}と<strong>強調</strong>" in words
        assert "訳文は仮訳です" in words
        assert "<img" not in words
    assert "*|FNAME" not in feed.decode()
    assert "\ufdd0" not in feed.decode()


def test_the_same_files_give_the_same_feeds(tmp_path: Path) -> None:
    """No clock, no chance."""
    published(tmp_path)
    assert feeds(tmp_path) == feeds(tmp_path)


@pytest.mark.parametrize("why", ["members", "unset", "unreviewed", "edited", "dismissed", "hold", "embargo", "changed"])
def test_what_is_not_for_everybody_is_in_no_feed(tmp_path: Path, why: str) -> None:
    """Neither its text nor its title; the empty feed is valid too, and replaces one in which the case still was."""
    path = published(tmp_path)
    assert MEMBERS_TEXT in feeds(tmp_path)[0].decode()
    changes = {
        "members": ("公開範囲: public", "公開範囲: members"),
        "unset": ("公開範囲: public\n", ""),
        "unreviewed": ("校閲: 校閲太郎", "校閲:"),
        "edited": (MEMBERS_TEXT, f"{MEMBERS_TEXT}。"),
        "dismissed": ("要約:", "掲載見送り: 内容が古い\n要約:"),
        "hold": ("要約:", "保留: 確認中\n要約:"),
        "embargo": ("要約:", "解禁日時: 2999-01-01\n要約:"),
        "changed": ("原文の版: ", "原文の版: 0"),
    }
    edit(path, *changes[why])
    atom, feed = feeds(tmp_path)
    assert (atom_faults(atom), json_faults(feed)) == ([], [])
    for data in (atom, feed):
        assert MEMBERS_TEXT not in data.decode()
        assert "みほん市のパン" not in data.decode()


def test_a_case_that_has_come_out_links_to_our_page(tmp_path: Path) -> None:
    """Its address is that of the newest issue that is out; before that it has only its source's."""
    published(tmp_path)
    text = (tmp_path / "issues/2025-01/issue.md").read_text(encoding="utf-8")
    (tmp_path / "issues/2025-01/issue.md").write_text(text.replace("件名:", f"事例: {ID}\n件名:"), encoding="utf-8")
    assert "url" not in json.loads(feeds(tmp_path)[1])["items"][0]
    (tmp_path / "issues/2025-02").mkdir()
    (tmp_path / "issues/2025-02/issue.md").write_text(text.replace("2025-01-31", "2025-02-28"), encoding="utf-8")
    atom, feed = feeds(tmp_path)
    assert json.loads(feed)["items"][0]["url"].endswith("/2025-01/")
    assert atom_faults(atom) == []


def test_the_checkers_see_what_is_wrong(tmp_path: Path) -> None:
    """Each planted fault is found: the oracles of this file can fail."""
    published(tmp_path)
    atom, feed = feeds(tmp_path)
    for old, new in (
        (b"<updated>", b"<updated>x"),
        (b"<author>", b"<contributor>"),
        (b"<id>urn:", b"<id>urn: "),
        (b' href="https://feeds.example', b' hre="https://feeds.example'),
    ):
        assert old in atom
        broken = atom.replace(old, new).replace(b"</author>", b"</contributor>" if b"contributor" in new else b"</author>")
        assert atom_faults(broken), new
    for old, new in ((b"jsonfeed.org", b"x.org"), (b'"content_html"', b'"content"'), (b"+09:00", b""), (b'"items"', b'"entries"')):
        assert json_faults(feed.replace(old, new)), new


@pytest.mark.parametrize("visibility", ["members", "public"])
def test_visibility_is_respected_in_the_web_copy(tmp_path: Path, visibility: str) -> None:
    """A members' case has one sentence on the web and its text in the mail."""
    published(tmp_path, visibility)
    text = (tmp_path / "issues/2025-01/issue.md").read_text(encoding="utf-8")
    (tmp_path / "issues/2025-01/issue.md").write_text(text.replace("件名:", f"事例: {ID}\n件名:"), encoding="utf-8")
    assert enews(tmp_path, "export", "2025-01", "--web") == 0
    shown = "".join(path.read_text("utf-8") for path in (tmp_path / "build/2025-01/web").glob("*.html"))
    assert (MEMBERS_TEXT in shown) is (visibility == "public")
    assert "みほん市のパン" in shown


def unreviewed(root: Path) -> None:
    """An issue that lists a case which nobody has reviewed."""
    translated(root)
    path = root / "issues/2025-01/issue.md"
    path.write_text(path.read_text(encoding="utf-8").replace("件名:", f"事例: {ID}\n件名:"), encoding="utf-8")


def test_unreviewed_cases_enter_only_when_allowed_and_marked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without the option it is a draft; with it the finding is a warning, and every output says 〔未校閲〕 at the case."""
    unreviewed(tmp_path)
    assert enews(tmp_path, "check", "2025-01") == 1
    assert enews(tmp_path, "build", "2025-01") == 1
    capsys.readouterr()
    assert enews(tmp_path, "check", "2025-01", "--allow-unreviewed") == 0
    assert "要確認 CASE002" in capsys.readouterr().out
    assert enews(tmp_path, "build", "2025-01", "--allow-unreviewed") == 0
    assert enews(tmp_path, "export", "2025-01", "--for", "generic", "--allow-unreviewed") == 0
    assert enews(tmp_path, "export", "2025-01", "--web", "--allow-unreviewed") == 0
    written = [path for path in (tmp_path / "build/2025-01").rglob("*") if path.suffix in (".html", ".txt") and path.name != "手順.txt"]
    shown = {path.name: path.read_text("utf-8") for path in written if "みほん市のパン" in path.read_text("utf-8")}
    assert {"2025-01.html", "2025-01.txt", "index.html"} <= set(shown)
    assert all("〔未校閲〕みほん市のパン" in text for text in shown.values())


@pytest.mark.parametrize("place", ["issue", "case"])
@pytest.mark.parametrize("code", ["CASE002", "CASE003", "CASE005"])
def test_what_is_waved_through_with_a_waiver_is_marked_all_the_same(tmp_path: Path, place: str, code: str) -> None:
    """ママ takes a finding out, never the mark; waiving that the source changed, or a permission, does not waive the review."""
    unreviewed(tmp_path)
    case, head = tmp_path / "issues" / "cases" / f"{ID}.md", tmp_path / "issues/2025-01/issue.md"
    if code == "CASE003":
        edit(case, "原文の版: ", "原文の版: 0")
    if code == "CASE005":
        edit(case, "要約:", "掲載許諾: 依頼中\n要約:")
    waiver = "ママ: CASE002、急ぎのため、見本花子\n"
    waivers = waiver if code == "CASE002" else f"ママ:\n  - CASE002、急ぎのため、見本花子\n  - {code}、確かめた、見本花子\n"
    if place == "issue":
        edit(head, "件名:", f"{waivers}件名:")
    else:
        edit(case, "要約:", f"{waivers}要約:")
        if code == "CASE005":  # it is found where the issue lists the case
            edit(head, "件名:", "ママ: CASE005、確かめた、見本花子\n件名:")
    assert enews(tmp_path, "build", "2025-01") == 0
    assert enews(tmp_path, "export", "2025-01", "--web") == 0
    folder = tmp_path / "build/2025-01"
    for path in (folder / "2025-01.html", folder / "2025-01.txt", folder / "web/index.html"):
        text = path.read_text("utf-8")
        assert text.count("みほん市のパン") == text.count("〔未校閲〕みほん市のパン") > 0
    edit(case if place == "case" else head, "CASE002、急ぎのため、見本花子", "NUM001、急ぎのため、見本花子")
    assert enews(tmp_path, "build", "2025-01") == 1


def test_other_faults_of_a_case_stay_errors(tmp_path: Path) -> None:
    """The option lets a reader's eye be missing, not the text, nor a source that has changed, nor a permission."""
    unreviewed(tmp_path)
    path = tmp_path / "issues" / "cases" / f"{ID}.md"
    edit(path, "原文の版: ", "原文の版: 0")
    assert enews(tmp_path, "check", "2025-01", "--allow-unreviewed") == 1


def test_cases_are_listed_pasted_compared_and_set_aside_at_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As an editor types it."""
    translated(tmp_path)
    masthead = tmp_path / MASTHEAD
    text = masthead.read_text(encoding="utf-8")
    masthead.write_text(text + '\n[[feeds]]\nname = "mihon"\nurl = ""\noffice = "Mihon Office"\nlanguage = "en"\n', encoding="utf-8")
    (tmp_path / "page.txt").write_text("Rolls\n\nThe rolls of Mihon.\n", encoding="utf-8")
    assert enews(tmp_path, "cases", "paste", str(tmp_path / "page.txt"), "--feed", "mihon") == 0
    assert enews(tmp_path, "cases", "changes", ID) == 0
    assert enews(tmp_path, "cases", "dismiss", "mihon/undated-rolls", "--reason", "内容が古い") == 0
    capsys.readouterr()
    assert enews(tmp_path, "cases", "--state", "掲載見送り") == 0
    printed = capsys.readouterr().out
    assert "掲載見送り（内容が古い）　mihon/undated-rolls" in printed
    assert "事例 1件" in printed
    assert enews(tmp_path, "cases", "wait", ID) == 0
    assert enews(tmp_path, "cases", "--json", "--state", "許諾待ち") == 0
    assert f'"id": "{ID}"' in capsys.readouterr().out
    assert enews(tmp_path, "cases", "dismiss", ID) == 1
    assert enews(tmp_path, "cases", "dismiss") == 2
    assert enews(tmp_path, "cases", "--year", "1999") == 0
    assert "当てはまる事例はありません" in capsys.readouterr().out
