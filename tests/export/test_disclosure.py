"""What a reader must be told of a translated case, and what only members may read: in every output, from the files of an editor."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from PIL import Image

from pipeline import desk as jobs
from pipeline.config import MASTHEAD
from pipeline.sources.casework import review_case, start_case
from tests.builders import ISSUE
from tests.sources.fake_translators import FakeTranslator
from tests.sources.feedserver import FeedServer
from tests.sources.sample_feeds import TURKU
from tests.sources.test_cases import DAY, ID, desk, edit, fetched
from tests.sources.translating import run
from tests.test_build import enews

SUMMARY = "見本市は、売れ残ったパンから電気を作り、路面電車を動かしています。" * 7
WHOLE = "訳「Bread is"
CREDIT = (
    f"原題：{TURKU.title}",
    "出典：Mihon Office（2024年12月10日公開",
    "https://feeds.example/mihon-bakery/",
    "翻訳：イクレイ日本（機械翻訳を下訳に用い、職員が校閲）",
    "訳文は仮訳です。正確な内容は原文をご確認ください。",
    "利用条件：CC BY",
)


def published(root: Path, visibility: str, summary: str = SUMMARY) -> Path:
    """A workspace with a monthly and a cases edition that run a machine's draft, reviewed; its Japanese file."""
    path = fetched(root)
    with FeedServer() as server:
        assert run(root, FakeTranslator(server))[0].error == ""
    edit(path, f"訳「{TURKU.title}」です。", "みほん市のパン")
    edit(path, "要約:", f"要約: {summary}")
    edit(path, "公開範囲: members", f"公開範囲: {visibility}")
    review_case(root, desk(), ID, by="校閲太郎", today=DAY)
    issues(root)
    return path


def issues(root: Path) -> None:
    """A monthly and a cases edition that run the case."""
    monthly = ISSUE.replace("件名:", f"事例: {ID}\n件名:")
    for slug, text in {"2025-01": monthly, "2025-01-cases": monthly.replace("版: monthly", "版: cases")}.items():
        (root / "issues" / slug).mkdir(exist_ok=True)
        (root / "issues" / slug / "issue.md").write_text(text, "utf-8")


def outputs(root: Path) -> dict[str, str]:
    """Everything that leaves the house, as readers see it: text as it is, pages without their tags but with where links lead."""
    for slug in ("2025-01", "2025-01-cases"):
        assert enews(root, "build", slug) == 0
        assert enews(root, "export", slug, "--for", "mailchimp") == 0
        assert enews(root, "export", slug, "--web") == 0
    assert enews(root, "feed") == 0
    names = (
        *(f"{slug}/{slug}.{kind}" for slug in ("2025-01", "2025-01-cases") for kind in ("html", "txt")),
        *(f"{slug}/export-mailchimp/{slug}.{kind}" for slug in ("2025-01", "2025-01-cases") for kind in ("html", "txt")),
        *("2025-01/web/index.html", "2025-01-cases/web/index.html", "feed/atom.xml", "feed/feed.json"),
    )
    return {name: shown((root / "build" / name).read_text("utf-8")) for name in names}


def shown(text: str) -> str:
    """Tags away, addresses of links kept, white space away."""
    text = unescape(unescape(text.replace('\\"', '"')))
    text = re.sub(r'<[^>]*?(?:href|url)="([^"]*)"[^>]*>', r"\1", text)
    return re.sub(r"\s", "", re.sub(r"<[^<>]*>", "", text))


def missing(text: str) -> list[str]:
    """Which parts of the credit a reader is not told."""
    return [part for part in CREDIT if re.sub(r"\s", "", part) not in text]


@pytest.mark.loopback
def test_credit_provisional_translation_and_machine_help_are_told_everywhere(tmp_path: Path) -> None:
    """Monthly and cases edition, HTML and text, as sent and as web copy, and both public feeds."""
    published(tmp_path, "public")
    told = outputs(tmp_path)
    assert len(told) == 12
    assert {name: missing(text) for name, text in told.items() if missing(text)} == {}
    assert missing(told["2025-01/2025-01.txt"].replace("仮訳", "")), "the look at the credit must be able to fail"


@pytest.mark.loopback
def test_two_lengths_from_one_file(tmp_path: Path) -> None:
    """The monthly runs the summary, the cases edition and the web copy the text."""
    published(tmp_path, "public")
    told = outputs(tmp_path)
    for name, text in told.items():
        mail = name.startswith("2025-01/") and "web" not in name
        assert (re.sub(r"\s", "", WHOLE) in text) is not mail, name
        assert (SUMMARY[:30] in text) is not name.startswith("2025-01-cases"), name


@pytest.mark.loopback
@pytest.mark.parametrize("summary", [SUMMARY, ""])
def test_what_is_for_members_reaches_members_only(tmp_path: Path, summary: str) -> None:
    """Its text is in the cases edition's mail and nowhere else, though the summary be forgotten; title and origin stay in the web copies."""
    published(tmp_path, "members", summary)
    told = outputs(tmp_path)
    text = re.sub(r"\s", "", WHOLE)
    mails = {name for name in told if name.startswith("2025-01-cases/") and "web" not in name}
    assert {name for name in told if text in told[name]} == mails
    for name in told:
        public = "web" in name or name.startswith("feed")
        assert not (public and SUMMARY[:30] in told[name]), name
        assert ("みほん市のパン" in told[name]) is not name.startswith("feed"), name


SECRETS = f"""要約: sumsecret{"要約。" * 60}
詳細: https://linksecret.example/
詳細の注記: notesecret
会場: placesecret
主催: hostsecret
参加費: feesecret
問合せ先: asksecret
申込: https://applysecret.example/
締切: 2025-02-14 deadlinesecret
担当課: deptsecret
写真: images/photosecret.png
代替文: altsecret
写真提供: creditsecret
掲載許諾: permsecret
欄: 会員自治体ニュース"""


@pytest.mark.parametrize("visibility", ["members", "public"])
@pytest.mark.parametrize("more", [(), ("--force",), ("--allow-unreviewed",)])
def test_no_entry_of_a_members_case_is_in_any_public_file(tmp_path: Path, visibility: str, more: tuple[str, ...]) -> None:
    """Each entry of the file holds a word of its own: beside its heading and its origin none is in a byte of the web copies or the feeds."""
    path = fetched(tmp_path)
    start_case(tmp_path, desk(), ID)
    edit(path, "（邦題）", "みほん市のパン")
    edit(path, "（ここに訳文を書き、この行を消してください）", "本文bodysecretです。[計画](https://feeds.example/plan)")
    edit(path, "公開範囲: members", f"公開範囲: {visibility}")
    edit(path, "要約:", SECRETS)
    (path.parent / "images").mkdir()
    Image.new("RGB", (60, 40), "#8fd6c3").save(path.parent / "images" / "photosecret.png")
    review_case(tmp_path, desk(), ID, by="校閲太郎", today=DAY)
    issues(tmp_path)
    assert enews(tmp_path, "pictures", f"cases/{ID.partition('/')[0]}") == 0
    if more:  # nobody has read it as it stands, or it is a draft
        edit(path, "本文body", "この本文body")
    for slug in ("2025-01", "2025-01-cases"):
        assert enews(tmp_path, "export", slug, "--web", *more) == 0
    assert enews(tmp_path, "feed") == 0
    folders = (tmp_path / "build/2025-01/web", tmp_path / "build/2025-01-cases/web", tmp_path / "build/feed")
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    told = {word for file in files for word in re.findall(r"[a-z]+secret", f"{file.name} {file.read_bytes().decode('latin-1')}")}
    assert bool(told) is (visibility == "public"), told


@pytest.mark.loopback
def test_a_members_case_stops_an_edition_that_goes_to_everybody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The cases edition without an audience is an error while it runs a members' case; the steps name the audience where there is one."""
    path = published(tmp_path, "members")
    assert enews(tmp_path, "export", "2025-01-cases", "--for", "mailchimp") == 0
    steps = (tmp_path / "build/2025-01-cases/export-mailchimp/手順.txt").read_text("utf-8-sig")
    assert "この号の宛先は「会員自治体」だけです。" in steps
    edit(tmp_path / MASTHEAD, 'audience = "会員自治体"', 'audience = ""')
    capsys.readouterr()
    assert enews(tmp_path, "check", "2025-01-cases") == 1
    assert "CASE007" in capsys.readouterr().out
    edit(path, "公開範囲: members", "公開範囲: public")
    assert enews(tmp_path, "check", "2025-01-cases") == 0


@pytest.mark.loopback
def test_help_of_a_machine_is_not_called_reviewed_before_it_is(tmp_path: Path) -> None:
    """A case let in without its review says so below, too."""
    path = published(tmp_path, "public")
    edit(path, "みほん市のパン", "みほん市のパンの話")
    assert enews(tmp_path, "build", "2025-01", "--allow-unreviewed") == 0
    for kind in ("html", "txt"):
        text = shown((tmp_path / f"build/2025-01/2025-01.{kind}").read_text("utf-8"))
        assert "職員が校閲）" not in text
        assert "（機械翻訳を下訳に用い、職員が校閲する前のもの）" in text


@pytest.mark.parametrize(
    ("edition", "summary", "body", "found"),
    [
        ("monthly", "", "本文です。", ["要約がありません"]),
        ("monthly", "短い。", "本文です。", ["3字あります"]),
        ("monthly", "長" * 400, "", ["400字あります"]),
        ("monthly", "要" * 150, "", []),
        ("monthly", "要 " * 300, "", []),
        ("cases", "", "本文です。", []),
        ("cases", "要" * 250, "", ["本文がなく"]),
    ],
)
def test_the_length_is_looked_at_in_the_edition_that_runs_it(
    tmp_path: Path, edition: str, summary: str, body: str, found: list[str]
) -> None:
    """A summary in the monthly, a text in the cases edition; nobody is told of the other one."""
    path = fetched(tmp_path)
    start_case(tmp_path, desk(), ID)
    edit(path, "（邦題）", "みほん市のパン")
    edit(path, "要約:", f"要約: {summary}")
    edit(path, "（ここに訳文を書き、この行を消してください）", body)
    (tmp_path / "issues/2025-01/issue.md").write_text(
        ISSUE.replace("版: monthly", f"版: {edition}").replace("件名:", f"事例: {ID}\n件名:"), "utf-8"
    )
    findings = jobs.check(jobs.open_workspace(tmp_path), "2025-01").findings
    told = [finding.message for finding in findings if finding.code == "CASE006"]
    assert [any(part in message for message in told) for part in found] == [True] * len(told)
    assert len(told) == len(found)
