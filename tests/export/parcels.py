"""Mails and parcels for the tests of the export room: real pictures on disk, every merge field, and text that only looks like one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline.config import Masthead
from pipeline.export.package import Parcel
from pipeline.model import Article, Email, Issue, Origin, Picture, Place, Section
from pipeline.render.merge import guard, url_field
from tests.builders import ROOT, masthead

PLACE = Place(path="issues/2025-01/issue.md")
BASE = "https://www.example.jp/enews/images/2025-01"
DATA = "本文の [[name]] と *|FNAME|* と merge.invalid"
TEMPLATES = (ROOT / "templates",)


def picture(root: Path, file: str, data: bytes = b"picture") -> Picture:
    """A prepared picture in the workspace ``root``."""
    path = root / "issues/2025-01/images/web" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return Picture(file=file, path=path.relative_to(root).as_posix(), width=560, height=420, bytes=len(data), place=PLACE)


def email(root: Path, *, extra: str = "", pictures: tuple[str, ...] = ("b-00000002.jpg", "a-00000001.png")) -> Email:
    """A mail with neutral fields as the renderer hands it over; ``extra`` goes into the HTML."""
    images = "".join(f'<img src="{BASE}/{file}" alt="x" width="560" height="420">' for file in pictures)
    html = f'<!DOCTYPE html><html lang="ja"><body>{images}<p>{guard(DATA)}</p><a href="{url_field("unsubscribe")}">配信停止</a>'
    html += f'<a href="{url_field("view_online")}">ブラウザで表示する</a>{extra}</body></html>\n'
    return Email(
        subject="イクレイ日本e-News 2025年1月号",
        lead_line="今号：第4回イクレイカフェ報告",
        html=html,
        text=f"{guard(DATA)}\n\n{url_field('view_online')}\n\n{url_field('unsubscribe')}\n",
        pictures=tuple(picture(root, file, file.encode()) for file in (*pictures, "unused-00000003.jpg")),
    )


def case(visibility: str, title: str = "食と循環をつなぐ") -> Article:
    """A translated case study with text, summary, link and picture."""
    origin = Origin(
        feed="europe",
        entry_id="1",
        url="https://example.com/en",
        title="Food",
        publisher="ICLEI Europe",
        language="en",
        country="フィンランド",
        city="トゥルク市",
        published=date(2024, 12, 10),
        source_digest="",
        translator="見本 花子",
        reviewer="例 太郎",
        licence="",
        visibility=visibility,
        machine=True,
        state="校閲済",
    )
    shot = Picture(file="p.jpg", path="p.jpg", width=1, height=1, bytes=1, place=PLACE)
    return Article(
        slug="europe/x",
        title=title,
        section="overseas",
        place=PLACE,
        body="秘密の本文",
        summary="秘密の要約",
        link="https://example.com/full",
        link_note="全文",
        apply="https://example.com/apply",
        image=shot,
        pictures=(shot,),
        origin=origin,
    )


def issue(*articles: Article) -> Issue:
    """An issue whose one section holds these articles."""
    return Issue(
        slug="2025-01",
        edition="monthly",
        name="2025年1月号",
        title="イクレイ日本e-News　2025年1月号",
        date=date(2025, 1, 31),
        place=PLACE,
        subject="件名",
        lead_line="導入文",
        greeting="",
        sections=(Section(key="overseas", title="海外自治体の取組事例", shows="case", articles=articles),),
    )


def parcel(root: Path, *, draft: bool = False, masthead_: Masthead | None = None, templates: tuple[Path, ...] = TEMPLATES) -> Parcel:
    """Where the export goes: ``root`` is both workspace and place of ``build/``."""
    return Parcel(issue=issue(), masthead=masthead_ or masthead(), root=root, out=root / "build/2025-01", templates=templates, draft=draft)
