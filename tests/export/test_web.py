"""The web copy: public text only, no merge fields, pictures beside it."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from pipeline.errors import MergeFieldError
from pipeline.export.web import MEMBERS_ONLY, public_issue, write_web
from pipeline.model import Email
from pipeline.render import render
from tests.builders import masthead
from tests.export.parcels import DATA, TEMPLATES, case, email, issue, parcel


def page(root: Path, *, extra: str = "") -> Email:
    """A mail as it is rendered for the web: no merge fields in the HTML; the text edition is not used and may have them."""
    mail = email(root)
    html = re.sub(r"<a href=.*?</a>", "", mail.html).replace("</body>", f"{extra}</body>")
    return dataclasses.replace(mail, html=html)


def test_the_web_copy_stands_by_itself(tmp_path: Path) -> None:
    """``index.html`` and its pictures can be moved anywhere together; data that looks like a field comes out as text."""
    files = write_web(page(tmp_path), parcel(tmp_path))
    folder = tmp_path / "build/2025-01/web"
    assert [path.relative_to(folder).as_posix() for path in files] == ["index.html", "images/a-00000001.png", "images/b-00000002.jpg"]
    html = files[0].read_text(encoding="utf-8")
    sources = re.findall(r'src="([^"]*)"', html)
    assert sources == ["images/b-00000002.jpg", "images/a-00000001.png"]
    assert all((folder / source).is_file() for source in sources)
    assert DATA.replace("*|", "*&#124;").replace("[[", "[&#91;").replace("merge.", "merge&#46;") in html


@pytest.mark.parametrize("field", ["[[name]]様", '<a href="https://merge.invalid/unsubscribe">停止</a>'])
def test_a_merge_field_stops_the_web_copy(tmp_path: Path, field: str) -> None:
    """Nothing personal can get on the web, and an earlier copy does not survive the error."""
    write_web(page(tmp_path), parcel(tmp_path))
    with pytest.raises(MergeFieldError, match="Web版"):
        write_web(page(tmp_path, extra=field), parcel(tmp_path))
    assert not list((tmp_path / "build/2025-01/web").iterdir())


def test_a_draft_is_no_index_page(tmp_path: Path) -> None:
    """A draft that is copied to the server by mistake is not what visitors get."""
    files = write_web(page(tmp_path), parcel(tmp_path, draft=True))
    assert files[0].name == "index-draft.html"
    assert not (files[0].parent / "index.html").exists()


@pytest.mark.parametrize("visibility", ["members", "", "member", "Public "])
def test_a_case_for_members_keeps_only_title_origin_and_notice(visibility: str) -> None:
    """Only the word ``public`` opens a case; of any other, text, summary, links and pictures are gone, its place in the issue is not."""
    held = dataclasses.replace(case(visibility), department="秘密", venue="秘密", host="秘密", fee="秘密", contact="秘密")
    before = issue(case("public", "公開の事例"), held)
    opened, closed = public_issue(before).articles
    assert opened == before.articles[0]
    assert (closed.title, closed.summary, closed.body) == ("食と循環をつなぐ", MEMBERS_ONLY, "")
    assert (closed.link, closed.apply, closed.image, closed.pictures) == ("", "", None, ())
    assert "秘密" not in repr(closed)
    assert closed.origin is not None
    assert closed.origin.url == "https://example.com/en"


def test_articles_of_our_own_are_public() -> None:
    """What has no origin is no translated case, and stays as it is."""
    ours = dataclasses.replace(case("members"), origin=None)
    assert public_issue(issue(ours)) == issue(ours)


def test_the_rendered_web_copy_holds_no_secret_and_no_field(tmp_path: Path) -> None:
    """With the real templates: nothing of a members' case is on the page, and the same issue unprepared would have shown it."""
    whole = dataclasses.replace(issue(case("members"), case("public", "公開の事例")), greeting="巻頭言")
    secret = re.compile("秘密")
    shown = render(public_issue(whole), masthead(), TEMPLATES, web=True)
    assert len(secret.findall(render(whole, masthead(), TEMPLATES, web=True).html)) > len(secret.findall(shown.html)) > 0
    index = write_web(dataclasses.replace(shown, pictures=()), parcel(tmp_path))[0]
    html = index.read_text(encoding="utf-8")
    assert MEMBERS_ONLY in html
    assert "merge.invalid" not in html
    only_members = render(public_issue(dataclasses.replace(issue(case("members")), greeting="巻頭言")), masthead(), TEMPLATES, web=True)
    assert not secret.search(only_members.html)
