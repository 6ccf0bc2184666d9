"""``enews proof``: the papers that two people read aloud hold every word and every value of the mail."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from pipeline.desk import Workspace, open_workspace
from pipeline.export.proofsheet import css_string
from pipeline.proofdesk import Proof, proof
from tests.builders import ISSUE, draft, workspace
from tests.checks.examples import prepared
from tests.test_build import SLUGS, enews, sample_workspace


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The sample issues in a folder of their own."""
    return open_workspace(sample_workspace(tmp_path_factory.mktemp("desk")))


@lru_cache
def papers(desk_root: Path, slug: str) -> tuple[str, str]:
    """Both papers of a sample issue as HTML."""
    made = proof(open_workspace(desk_root), slug)
    return made.sheet.read_text("utf-8"), made.collation.read_text("utf-8")


def tree(html: str) -> Any:
    """The page read; lxml's stubs know less of it than lxml does."""
    return lxml.html.document_fromstring(html)


def words(html: str) -> str:
    """The text of the page's body without any space."""
    return re.sub(r"\s+", "", tree(html).body.text_content())


def made_of(folder: Path, files: dict[str, str | bytes]) -> tuple[Proof, str, str]:
    """The papers of an issue with these files."""
    made = proof(open_workspace(workspace(folder, files)), "2025-01")
    return made, made.sheet.read_text("utf-8"), made.collation.read_text("utf-8")


@pytest.mark.parametrize("slug", SLUGS)
def test_every_word_of_the_mail_is_on_the_sheet_in_its_order(desk: Workspace, slug: str) -> None:
    """With the addresses, the texts for pictures and the head of the sheet taken out, the mail is left, numbers of items included."""
    enews(desk.root, "build", slug)
    mail = (desk.root / f"build/{slug}/{slug}.html").read_text("utf-8")
    page = tree(papers(desk.root, slug)[0])
    sheet = page.find_class("sheet")[0]
    for note in [*sheet.find_class("url"), *sheet.find_class("alt")]:
        note.drop_tree()
    assert re.sub(r"\s+", "", sheet.text_content()) == words(re.sub(r"<!--.*?-->", "", mail, flags=re.DOTALL))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_address_and_every_alternative_text_is_spelled_out(desk: Workspace, slug: str) -> None:
    """A link's address stands in full behind it, a picture's text below it."""
    page = tree(papers(desk.root, slug)[0])
    sheet = page.find_class("sheet")[0]
    addresses = [link.get("href").removeprefix("mailto:") for link in sheet.iter("a")]
    assert addresses
    for said in (*addresses, *(f"代替文：{image.get('alt')}" for image in sheet.iter("img"))):
        assert said in sheet.text_content()


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("paper", [0, 1], ids=["sheet", "collation"])
def test_a_paper_is_one_file(desk: Workspace, slug: str, paper: int) -> None:
    """Nothing is loaded: no script, no sheet, no picture or font from elsewhere."""
    html = papers(desk.root, slug)[paper]
    page = tree(html)
    assert not page.xpath("//script | //link | //iframe | //object | //@srcset | //@background")
    assert all(source.startswith("data:image/") for source in page.xpath("//@src"))
    assert not re.search(r"url\(|@import", html)


def test_the_head_says_what_is_read_and_who_signs(desk: Workspace) -> None:
    """Subject, lead line, sender, date, 確認番号 and the fields to sign."""
    for html in papers(desk.root, "2025-01"):
        header = tree(html).find(".//header").text_content()
        for said in (
            "イクレイ日本e-News 2025年1月号｜第4回",
            "今号：第4回",
            "<enews@example.jp>",
            "2025年1月31日（金）",
            "校正者",
            "日付",
            "サイン",
        ):
            assert said in header
        number = re.search(r"[0-9A-F]{4}-[0-9A-F]{2}", header)
        assert number
        assert f'"確認番号 {number[0].replace("-", chr(92) + "2d ")}"' in html  # in the foot of every page, as a CSS string


def harvested(text: str) -> set[str]:
    """Addresses, dates and numbers of a text edition, looked for without any of the program's own words."""
    whole = re.sub(r"(?<=[^\x00-\x7f])\n(?=[^\s■・◇━─【\d])", "", unicodedata.normalize("NFKC", text))
    whole = re.sub(r"(?m)^(?:■)?\d{1,2}(?:-\d{1,2})?\s|【\d+】|\d-\d(?=【|\s+【|をご覧)", " ", whole)
    addresses = set(re.findall(r"https?://\S+", whole))
    whole = re.sub(r"https?://\S+", " ", whole)
    days = {re.sub(r"\s", "", day) for day in re.findall(r"\d{1,2}月\d{1,2}日", whole)}
    numbers = set(re.findall(r"[\d,]*\d(?:人|名|か国|回|件|年間|者|つ|時間|割|字|点)", whole))
    mails = set(re.findall(r"[\w.]+@[\w.]+\w", whole))
    return addresses | days | numbers | mails


def missing(text: str, collation: str) -> list[str]:
    """What the independent reader finds in a text edition and not in the table."""
    table = unicodedata.normalize("NFKC", tree(collation).find(".//main").text_content())
    wanted = harvested(text)
    assert len(wanted) > 20
    return sorted(value for value in wanted if value not in table)


@pytest.mark.parametrize("slug", SLUGS)
def test_everything_that_an_independent_reader_finds_is_in_the_collation(desk: Workspace, slug: str) -> None:
    """The dates, numbers and addresses of the text edition, among them those that nobody wrote into a draft."""
    enews(desk.root, "build", slug)
    text = (desk.root / f"build/{slug}/{slug}.txt").read_text("utf-8")
    assert missing(text, papers(desk.root, slug)[1]) == []


def test_a_value_that_the_table_lacks_is_missed(desk: Workspace) -> None:
    """The independent reader sees what was taken out, and what was put into the mail alone."""
    enews(desk.root, "build", "2025-01")
    text = (desk.root / "build/2025-01/2025-01.txt").read_text("utf-8")
    table = papers(desk.root, "2025-01")[1].replace("96か国", "")
    assert missing(f"{text}\n7月9日に、777人が\nhttps://example.jp/new\n", table) == ["777人", "7月9日", "96か国", "https://example.jp/new"]


VALUES = {
    "deadline": ("2025年2月12日（水）", "2025-02-12"),
    "date": ("2025年3月14日（金）", "3月14日"),
    "time": ("17:00", "17:00"),
    "person": ("見本太郎市長", "見本太郎市長"),
    "organisation": ("みほん機構", "みほん機構"),
    "number": ("500人", "500人"),
    "phone": ("03-0000-1234", "03-0000-1234"),
    "mail": ("a@example.jp", "a@example.jp"),
    "url": ("https://example.jp/b", "https://example.jp/b"),
}


@pytest.mark.parametrize("kind", VALUES)
def test_each_value_has_its_place(tmp_path: Path, kind: str) -> None:
    """The item's number, and file, line and column of what an editor wrote."""
    body = "見本太郎市長が3月14日に話し、500人が聞きました。\n\n- みほん機構の[案内](https://example.jp/b)"
    text = draft(body=body, 締切="2025-02-12 17:00", 問合せ先="環境課 03-0000-1234、a@example.jp")
    made, _, _ = made_of(tmp_path, {"10-a.md": text})
    value, written = VALUES[kind]
    (spot,) = next(line for group in made.groups if group.kind == kind for line in group.lines if line.value == value).spots
    before = text[: text.index(written)].split("\n")
    assert (spot.label, str(spot.place)) == ("1-1", f"issues/2025-01/10-a.md:{len(before)}:{len(before[-1]) + 1}")


def test_one_value_has_one_line_with_all_its_places(tmp_path: Path) -> None:
    """A date in two items is one line with two ticks; an organisation has one tick, however often it is named."""
    files: dict[str, str | bytes] = {
        "10-a.md": draft("一", body="3月14日に、みほん機構が開きます。"),
        "20-b.md": draft("二", body="みほん機構は、2025年3月14日、みほん機構のページを開きます。"),
    }
    made, _, collation = made_of(tmp_path, files)
    day = next(line for group in made.groups for line in group.lines if line.value == "2025年3月14日（金）")
    assert [spot.label for spot in day.spots] == ["1-1", "1-2"]
    page = tree(collation)
    ticks = [box.get("aria-label") for box in page.xpath("//input[@type='checkbox']")]
    assert sum("2025年3月14日" in tick for tick in ticks) == 2
    assert sum("みほん機構" in tick for tick in ticks) == 1
    assert "1-1（10-a.md:6）、1-2（20-b.md:6）" in page.text_content()


def test_a_link_stands_with_its_words_and_the_title_of_its_page(tmp_path: Path) -> None:
    """Two people see at once that the words and the page belong together."""
    _, _, collation = made_of(tmp_path, {"10-a.md": draft(body="[採択の案内](https://example.jp/b)をご覧ください。")})
    assert "リンクの文字：採択の案内" in collation


def test_a_senders_merge_tags_are_named_as_such(tmp_path: Path) -> None:
    """Nobody takes *|UNSUB|* for an address, and nothing on the paper leads there."""
    root = workspace(tmp_path, {"10-a.md": draft()})
    path = root / "issues/newsletter.toml"
    path.write_text(path.read_text("utf-8").replace('dialect = "generic"', 'dialect = "mailchimp"'), "utf-8")
    made = proof(open_workspace(root), "2025-01")
    page = tree(made.sheet.read_text("utf-8"))
    assert "差し込み項目 *|UNSUB|*" in page.text_content()
    assert all(link.get("href").startswith(("http", "mailto:")) for link in page.iter("a"))
    assert "*|UNSUB|*" in [line.value for group in made.groups if group.kind == "url" for line in group.lines]


def test_what_the_program_prints_is_in_the_collation(tmp_path: Path) -> None:
    """The next issue's date and its deadline stand there though nobody wrote them, apart from an item's deadline of the same day."""
    made, _, _ = made_of(tmp_path, {"10-a.md": draft(締切="2025年2月14日")})
    due = next(line for group in made.groups if group.kind == "deadline" for line in group.lines)
    assert [(spot.label, bool(spot.place)) for spot in due.spots] == [("1-1", True), ("次号", False)]


def test_the_wrong_side_of_a_correction_is_read_aloud_too(tmp_path: Path) -> None:
    """A rule leaves it alone, people do not."""
    head = ISSUE.replace("---\n\n", "訂正：\n  - 2024年12月号「1-2」の締切日｜1月16日（水）｜1月17日（金）\n---\n\n", 1)
    _, _, collation = made_of(tmp_path, {"issue.md": head, "10-a.md": draft()})
    assert "2025年1月16日（木）" in collation


def test_the_number_changes_with_every_byte_and_with_nothing_else(tmp_path: Path) -> None:
    """The same material gives the same papers; a comma or another picture another 確認番号."""
    picture = prepared()
    one, sheet, table = made_of(tmp_path / "a", {"10-a.md": draft(body="本文です。")})
    again, sheet_again, table_again = made_of(tmp_path / "b", {"10-a.md": draft(body="本文です。")})
    other, _, _ = made_of(tmp_path / "c", {"10-a.md": draft(body="本文、です。")})
    shown, _, _ = made_of(
        tmp_path / "d", {"10-a.md": draft(body="本文です。", 写真="images/a.jpg", 代替文="図", 写真提供="図：編集部"), **picture}
    )
    assert (one.number, sheet, table) == (again.number, sheet_again, table_again)
    assert len({one.number, other.number, shown.number}) == 3
    assert 'src="data:image/jpeg;base64,' in shown.sheet.read_text("utf-8")


def test_a_draft_says_so_and_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With 要修正 left the papers are written and marked, and the command tells how to go on."""
    root = workspace(tmp_path, {"10-a.md": draft(日時="2025年1月16日（水）")})
    assert enews(root, "proof", "2025-01") == 1
    assert "（下書き）を作りました。" in capsys.readouterr().out
    for name in ("proof.html", "collation.html"):
        assert "下書き：要修正の指摘が残っています" in (root / "build/2025-01" / name).read_text("utf-8")


def test_the_answer_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Files, digest, number and every value with its places."""
    root = workspace(tmp_path, {"10-a.md": draft(body="3月14日に開きます。")})
    assert enews(root, "proof", "2025-01", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["files"] == ["build/2025-01/proof.html", "build/2025-01/collation.html"]
    assert answer["number"].replace("-", "").lower() == answer["digest"][:6]
    assert {"value": "2025年3月14日（金）", "places": [{"item": "1-1", "place": "issues/2025-01/10-a.md:6:1"}], "notes": []} in answer[
        "values"
    ]["date"]


@pytest.mark.parametrize("evil", ['"; } body { display: none } a { x: "', "</style><script>alert(1)</script>", "\\", "*/ }", "\n}"])
def test_a_title_cannot_break_out_of_the_foot(evil: str) -> None:
    """The foot is CSS made of the issue's name: whatever it holds stays words."""
    quoted = css_string(evil)
    assert quoted[0] == quoted[-1] == '"'
    assert not re.search(r"[\"<>{}\n]|\\(?![0-9a-f]+ )", quoted[1:-1])
