"""``kill -9`` while cases are begun and translated: every file is whole whatever the moment, and the next run brings the rest, unasked."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.config import MASTHEAD
from pipeline.errors import CaseError, WorkspaceError
from pipeline.files import write_file, write_new
from pipeline.sources.cases import State
from pipeline.sources.casework import start_case
from pipeline.sources.fetch import fetch_feeds
from pipeline.sources.frontmatter import CASE, parse
from pipeline.sources.machine import read_record, record_path, write_record
from pipeline.sources.translators import DEEPL_KEY
from tests.builders import ROOT
from tests.sources.fake_translators import FakeTranslator
from tests.sources.feedserver import FeedServer
from tests.sources.sample_feeds import TURKU, Post, rss
from tests.sources.test_cases import ID, desk, edit, fetched, japanese, state
from tests.sources.translating import BODY, LONG, SECRET, one, run

POSTS = 8
WORDS = "Mihon turns yesterday's bread into energy for its trams."


def post(number: int, turn: int) -> Post:
    """A post of twenty paragraphs, the last of which names its turn."""
    html = "".join(f"<p>Paragraph {n} of {number}. {WORDS}</p>" for n in range(20)) + f"<p>The end of turn {turn}.</p>"
    return Post(id=f"p{number}", url=f"https://feeds.example/{number}/", title=f"Post {number}", date=TURKU.date, html=html)


def lay_workspace(root: Path, server: FeedServer) -> None:
    """A workspace with the posts, whose masthead knows the office and the machine."""
    fetched(root)
    text = (ROOT / MASTHEAD).read_text("utf-8").partition("[[feeds]]")[0]
    text = text.replace('with = "manual"', f'with = "deepl"\ndeepl_server_url = "{server.url("")}"')
    office = '[[feeds]]\nname = "mihon"\nurl = "feeds/mihon.xml"\noffice = "Mihon Office"\nlanguage = "en"\n'
    (root / MASTHEAD).write_text(text + office, "utf-8")


def publish(root: Path, turn: int) -> tuple[str, ...]:
    """Fetch the posts as they read in this turn; the cases."""
    (root / "feeds/mihon.xml").write_bytes(rss(*(post(number, turn) for number in range(POSTS))))
    fetch_feeds(root, desk())
    return tuple(f"mihon/2024-12-10-post-{number}" for number in range(POSTS))


def start(root: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """A command in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), DEEPL_KEY: SECRET}
    command = [sys.executable, "-m", "pipeline", *arguments, "--workspace", str(root)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def faults(root: Path) -> list[str]:
    """What is wrong with the files on disk: cut short, mixed of two turns, no record."""
    found = []
    for path in sorted((root / "issues" / "cases").glob("*/[!.]*")):
        text = path.read_text("utf-8")
        if path.suffix == ".json":
            try:
                json.loads(text)
            except ValueError:
                found.append(f"{path.name} is no record")
            continue
        draft = parse(text, path=path.name, keys=CASE)
        begun = ".source." in path.name or "（ここに訳文を書き" in text
        whole = begun or (draft.body.count("訳「Paragraph") == 20 and draft.body.count("訳「The end of turn ") == 1)
        if not (draft.value("entry_id") and text.endswith("\n") and whole):
            found.append(f"{path.name} is not whole")
    return found


@pytest.mark.loopback
def test_a_translation_killed_at_any_moment_is_whole_and_goes_on(tmp_path: Path) -> None:
    """Eight cases, a new text each turn, twelve kills: nothing is half, and one run at the end makes all Japanese new, counting none as a person's."""
    moments = random.Random(7)  # noqa: S311 (moments, not secrets)
    with FeedServer() as server:
        fake = FakeTranslator(server)
        lay_workspace(tmp_path, server)
        cases = publish(tmp_path, 0)
        begun = time.monotonic()
        assert start(tmp_path, "translate", *cases).wait() == 0
        whole = time.monotonic() - begun
        killed = 0
        for turn in range(1, 13):
            publish(tmp_path, turn)
            asked = len(fake.asked)
            child = start(tmp_path, "translate", *cases)
            while len(fake.asked) == asked and child.poll() is None:
                time.sleep(0.001)
            time.sleep(moments.uniform(0, whole * 0.3))
            child.send_signal(signal.SIGKILL)
            killed += child.wait() == -signal.SIGKILL
            assert faults(tmp_path) == []
        assert killed >= 6, "most runs were over before they were killed"
        publish(tmp_path, 13)
        assert start(tmp_path, "translate", *cases).wait() == 0
    assert faults(tmp_path) == []
    for case in cases:
        text = (tmp_path / "issues/cases" / f"{case}.md").read_text("utf-8")
        assert "訳「The end of turn 13.」です。" in text, case


def test_the_look_at_the_disk_sees_half_files(tmp_path: Path) -> None:
    """The oracle of this file fails for a Japanese file cut short and for half a record."""
    folder = tmp_path / "issues/cases/mihon"
    folder.mkdir(parents=True)
    good = "---\n記事ID: a\n---\n\n" + "訳「Paragraph」です。\n\n" * 20 + "訳「The end of turn 1.」です。\n"
    (folder / "a.md").write_text(good, "utf-8")
    (folder / "a.segments.json").write_text("{}", "utf-8")
    assert faults(tmp_path) == []
    (folder / "a.md").write_text(good[:-5], "utf-8")
    (folder / "a.segments.json").write_text('{"a": ', "utf-8")
    (folder / "b.md").write_text("", "utf-8")
    assert len(faults(tmp_path)) == 3


@pytest.mark.loopback
@pytest.mark.parametrize("changed", ["text", "title"])
def test_a_run_killed_between_record_and_file_is_mended(tmp_path: Path, changed: str) -> None:
    """The record is of the new source, the Japanese still of the old one: what the machine wrote before is known as the machine's, and renewed."""
    path = fetched(tmp_path, LONG)
    newer = replace(LONG, html=LONG.html.replace("Yeast", "Salt")) if changed == "text" else replace(LONG, title=f"{LONG.title}!")
    with FeedServer() as server:
        fake = FakeTranslator(server)
        one(tmp_path, fake)
        before = path.read_bytes()
        fetched(tmp_path, newer)
        assert one(tmp_path, fake).error == ""
        after = path.read_bytes()
        assert after != before
        path.write_bytes(before)
        fake.asked.clear()
        assert state(tmp_path) is State.CHANGED
        outcome = one(tmp_path, fake)
        assert (outcome.error, outcome.kept, fake.asked) == ("", 0, [])
        assert path.read_bytes() == after
        edit(path, "訳「Why」です。", "なぜか")
        mended = path.read_bytes()
        one(tmp_path, fake)
        assert path.read_bytes() == mended


@pytest.mark.loopback
def test_a_record_without_the_earlier_text_is_read(tmp_path: Path) -> None:
    """Records that were written before it was kept still say what is the machine's."""
    path = fetched(tmp_path, LONG)
    with FeedServer() as server:
        fake = FakeTranslator(server)
        one(tmp_path, fake)
        rows = json.loads(record_path(path).read_text("utf-8"))
        del rows["before"]
        record_path(path).write_text(json.dumps(rows), "utf-8")
        assert read_record(path).before is None
        write_record(path, read_record(path))
        assert run(tmp_path, fake)[0].kept == 0
    assert japanese(path).body == BODY


def test_a_file_that_must_be_new_never_replaces_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With links and on a stick without them; what a killed run left beside it is no danger to the file."""
    path = tmp_path / "a" / "b.md"
    write_new(path, b"one")
    with pytest.raises(FileExistsError):
        write_new(path, b"two")
    path.with_name(".b.md.part").hardlink_to(path)  # killed after the link
    write_file(path, b"three")
    assert (path.read_bytes(), sorted(file.name for file in path.parent.iterdir())) == (b"three", ["b.md"])

    def no_links(_self: Path, _target: Path) -> None:
        raise OSError(1, "not permitted")

    monkeypatch.setattr(Path, "hardlink_to", no_links)
    with pytest.raises(FileExistsError):
        write_new(path, b"four")
    write_new(path.with_name("c.md"), b"five")
    assert path.with_name("c.md").read_bytes() == b"five"
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WorkspaceError, match="書き込めません"):
        write_new(tmp_path / "file" / "d.md", b"six")


def test_who_begins_a_case_second_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between looking and writing somebody else began it: nothing of theirs is lost."""
    path = fetched(tmp_path)
    composed = "pipeline.sources.casework.compose_start"

    def meanwhile(*_arguments: object) -> str:
        path.write_text("theirs", "utf-8")
        return "ours"

    monkeypatch.setattr(composed, meanwhile)
    with pytest.raises(CaseError, match="たった今"):
        start_case(tmp_path, desk(), ID)
    assert path.read_text("utf-8") == "theirs"
