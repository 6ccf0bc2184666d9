"""The folder that a colleague sends from: dialect, ZIP, steps, and the names of drafts."""

from __future__ import annotations

import dataclasses
import re
import zipfile
from pathlib import Path

import pytest

from pipeline.config import Dialect, Masthead
from pipeline.errors import ConfigError, MergeFieldError, TemplateError
from pipeline.export.package import export
from pipeline.render import render
from pipeline.render.merge import GUARD, url_field
from tests.builders import masthead
from tests.export.parcels import BASE, TEMPLATES, case, email, issue, parcel, picture

OWN = Dialect(name="配信くん", tags={"unsubscribe": "%%UNSUB%%", "view_online": "%%WEB%%"})


def with_dialect(dialect: Dialect) -> Masthead:
    """The masthead with an office's own sender."""
    return dataclasses.replace(masthead(), dialects=(dialect,))


def names(paths: tuple[Path, ...], root: Path) -> list[str]:
    """Paths below ``build/2025-01/``."""
    return [path.relative_to(root / "build/2025-01").as_posix() for path in paths]


def steps(root: Path, dialect: str) -> str:
    """手順.txt as Notepad shows it."""
    return (root / f"build/2025-01/export-{dialect}/手順.txt").read_bytes().decode("utf-8-sig").replace("\r\n", "\n")


def test_mailchimp_gets_its_tags_its_zip_and_everything_beside(tmp_path: Path) -> None:
    """The folder holds HTML, text, ZIP, steps and the pictures shown; fields are Mailchimp's tags, look-alikes in the text are not."""
    files = export(email(tmp_path), parcel(tmp_path), dialect="mailchimp")
    folder = "export-mailchimp"
    assert sorted(names(files, tmp_path)) == sorted(
        f"{folder}/{name}"
        for name in ("2025-01.html", "2025-01.txt", "2025-01.zip", "手順.txt", "images/a-00000001.png", "images/b-00000002.jpg")
    )
    assert all(path.is_file() for path in files)
    html = (tmp_path / "build/2025-01" / folder / "2025-01.html").read_text(encoding="utf-8")
    text = (tmp_path / "build/2025-01" / folder / "2025-01.txt").read_text(encoding="utf-8")
    assert 'href="*|UNSUB|*"' in html
    assert 'href="*|ARCHIVE|*"' in html
    assert "\n*|UNSUB|*\n" in text
    assert "*|FNAME|*" not in html + text
    assert "[[name]] と" in text


def test_generic_has_plain_addresses_and_no_zip(tmp_path: Path) -> None:
    """Without a sender's tags the fields are the pages of ``[web]``."""
    files = export(email(tmp_path), parcel(tmp_path), dialect="generic")
    html = files[0].read_text(encoding="utf-8")
    assert masthead().web.unsubscribe in html
    assert "https://www.example.jp/enews/2025-01/" in html
    assert not [path for path in files if path.suffix == ".zip"]


def test_an_office_adds_its_own_sender(tmp_path: Path) -> None:
    """A dialect of ``[[dialects]]`` has its own folder, its tags, and generic's steps until somebody writes its own."""
    own = parcel(tmp_path, masthead_=with_dialect(OWN))
    export(email(tmp_path), own, dialect="配信くん")
    assert 'href="%%UNSUB%%"' in (tmp_path / "build/2025-01/export-配信くん/2025-01.html").read_text(encoding="utf-8")
    assert "（配信くん）" in steps(tmp_path, "配信くん")
    (tmp_path / "templates/steps").mkdir(parents=True)
    (tmp_path / "templates/steps/配信くん.txt.j2").write_text("1. {{ name }}.html を送る\n", encoding="utf-8")
    export(email(tmp_path), dataclasses.replace(own, templates=(tmp_path / "templates", *TEMPLATES)), dialect="配信くん")
    assert steps(tmp_path, "配信くん") == "1. 2025-01.html を送る\n"


def test_a_field_that_the_sender_lacks_is_a_named_error(tmp_path: Path) -> None:
    """The error names field and dialect, and nothing that could be sent is left in the folder."""
    own = parcel(tmp_path, masthead_=with_dialect(OWN))
    export(email(tmp_path), own, dialect="配信くん")
    with pytest.raises(MergeFieldError, match=r"「organisation」.*「配信くん」"):
        export(email(tmp_path, extra="[[organisation]]様"), own, dialect="配信くん")
    assert list((tmp_path / "build/2025-01/export-配信くん").iterdir()) == []


@pytest.mark.parametrize("dialect", ["mailchimb", "../evil"])
def test_an_unknown_sender_is_refused(tmp_path: Path, dialect: str) -> None:
    """A slip in the name gets the list of those there are."""
    with pytest.raises(ConfigError, match="dialects"):
        export(email(tmp_path), parcel(tmp_path), dialect=dialect)


@pytest.mark.parametrize("name", ["../evil", "a/b", "..", "a b"])
def test_a_sender_cannot_be_named_like_a_path(tmp_path: Path, name: str) -> None:
    """The dialect's name becomes a folder's, so it may not lead anywhere."""
    with pytest.raises(ConfigError, match="フォルダー名"):
        export(email(tmp_path), parcel(tmp_path, masthead_=with_dialect(Dialect(name=name, tags={}))), dialect=name)


def test_a_field_left_over_is_never_written(tmp_path: Path) -> None:
    """Were a neutral field to come out of a sender's own tag, the writer refuses the file."""
    broken = Dialect(name="x", tags={"unsubscribe": f"{url_field('unsubscribe')}{GUARD}", "view_online": "%%WEB%%"})
    with pytest.raises(MergeFieldError, match="置き換えられていない"):
        export(email(tmp_path), parcel(tmp_path, masthead_=with_dialect(broken)), dialect="x")


def test_a_draft_says_so_in_its_names_and_on_top_of_the_steps(tmp_path: Path) -> None:
    """No file of a draft can be mistaken for the finished one, and the finished one does not survive."""
    export(email(tmp_path), parcel(tmp_path), dialect="mailchimp")
    assert "下書き" not in steps(tmp_path, "mailchimp")
    files = export(email(tmp_path), parcel(tmp_path, draft=True), dialect="mailchimp")
    folder = tmp_path / "build/2025-01/export-mailchimp"
    assert {path.name for path in folder.iterdir()} == {
        "2025-01-draft.html",
        "2025-01-draft.txt",
        "2025-01-draft.zip",
        "手順.txt",
        "images",
    }
    assert "下書きです。まだ配信しないでください" in steps(tmp_path, "mailchimp")
    assert len(files) == 6
    with zipfile.ZipFile(folder / "2025-01-draft.zip") as archive:
        assert archive.namelist()[0] == "2025-01-draft.html"


def test_the_zip_is_what_mailchimp_imports(tmp_path: Path) -> None:
    """One HTML file at the root, its pictures beside it by relative names, nothing missing and nothing else."""
    export(email(tmp_path), parcel(tmp_path), dialect="mailchimp")
    with zipfile.ZipFile(tmp_path / "build/2025-01/export-mailchimp/2025-01.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["2025-01.html", "a-00000001.png", "b-00000002.jpg"]
        html = archive.read("2025-01.html").decode()
        assert re.findall(r'src="([^"]*)"', html) == ["b-00000002.jpg", "a-00000001.png"]
        assert archive.read("a-00000001.png") == b"a-00000001.png"
        assert {entry.date_time for entry in archive.infolist()} == {(2025, 1, 31, 17, 0, 0)}
    assert f"{BASE}/b-00000002.jpg" in (tmp_path / "build/2025-01/export-mailchimp/2025-01.html").read_text(encoding="utf-8")


def test_the_same_mail_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two exports in two places are equal file by file, the ZIP included."""
    trees = []
    for name in ("one", "two"):
        export(email(tmp_path / name), parcel(tmp_path / name), dialect="mailchimp")
        folder = tmp_path / name / "build"
        trees.append({path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()})
    assert trees[0] == trees[1]


@pytest.mark.parametrize("dialect", ["mailchimp", "generic"])
def test_the_steps_are_for_notepad_and_for_a_colleague(tmp_path: Path, dialect: str) -> None:
    """UTF-8 with BOM, CRLF, numbered without a gap, with everything that must be pasted, and no template word left."""
    export(email(tmp_path), parcel(tmp_path), dialect=dialect)
    data = (tmp_path / f"build/2025-01/export-{dialect}/手順.txt").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in data.replace(b"\r\n", b"")
    text = steps(tmp_path, dialect)
    assert [int(number) for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)] == list(range(1, 9))
    for wanted in (
        *(
            "件名　　：イクレイ日本e-News 2025年1月号",
            "導入文　：今号：第4回イクレイカフェ報告",
            "パソコンでの手順",
            "テキスト版を貼り付ける",
        ),
        *("テスト配信先に送る", "2025-01.txt", "https://www.example.jp/enews/2025-01/", BASE, "2025年1月31日（金）"),
    ):
        assert wanted in text
    assert not re.search(r"\{[{%#]|None|\n\n\n\n", text)
    assert ("2025-01.zip" in text) == (dialect == "mailchimp")


def test_steps_without_pictures_ask_nobody_to_upload_any(tmp_path: Path) -> None:
    """An issue without pictures has no images folder and no step that needs one."""
    files = export(email(tmp_path, pictures=()), parcel(tmp_path), dialect="generic")
    assert not [path for path in files if path.parent.name == "images"]
    assert "この号に写真はありません" in steps(tmp_path, "generic")


@pytest.mark.parametrize("text", ["{{ nobody }}", "{% if %}", "{{ 1 + '' }}"])
def test_broken_steps_of_an_office_are_named(tmp_path: Path, text: str) -> None:
    """A slip in a steps template stops with the template's name."""
    (tmp_path / "templates/steps").mkdir(parents=True)
    (tmp_path / "templates/steps/generic.txt.j2").write_text(text, encoding="utf-8")
    with pytest.raises(TemplateError, match="templates/steps/generic"):
        export(email(tmp_path), parcel(tmp_path, templates=(tmp_path / "templates",)), dialect="generic")
    with pytest.raises(TemplateError, match=r"generic\.txt\.j2 がありません"):
        export(email(tmp_path), parcel(tmp_path, templates=(tmp_path,)), dialect="generic")


def test_the_zip_of_a_real_page_names_every_picture_by_its_file(tmp_path: Path) -> None:
    """With the real templates: each picture that the page shows is in the ZIP, and no picture of the page is anywhere else."""
    shown = picture(tmp_path, "photo-0000000a.jpg")
    article = dataclasses.replace(
        case("public"), origin=None, section="activities", image=shown, pictures=(shown,), body="本文", summary=""
    )
    whole = dataclasses.replace(issue(article), greeting="巻頭言")
    section = dataclasses.replace(whole.sections[0], key="activities", shows="article")
    mail = render(dataclasses.replace(whole, sections=(section,)), masthead(), TEMPLATES)
    export(mail, parcel(tmp_path), dialect="mailchimp")
    with zipfile.ZipFile(tmp_path / "build/2025-01/export-mailchimp/2025-01.zip") as archive:
        sources = re.findall(r'<img[^>]*\bsrc="([^"]*)"', archive.read("2025-01.html").decode())
        assert sources == ["photo-0000000a.jpg"]
        assert set(sources) < set(archive.namelist())
