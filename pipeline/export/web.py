"""The web copy: an issue cut down to what the public may read, and its finished page in, ``web/index.html`` with pictures beside it out.

It must never carry a merge field, anything about a reader, or the text of a case study that belongs to members.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pipeline.config import Dialect
from pipeline.errors import MergeFieldError
from pipeline.export.addresses import local_pictures, shown_pictures
from pipeline.export.folder import empty_folder, write_pictures, write_text
from pipeline.export.package import Parcel
from pipeline.model import Article, Email, Issue
from pipeline.render.merge import fields_in, refuse_neutral, resolve

MEMBERS_ONLY = "この事例の全文は、会員自治体の皆様にお届けしています。"
_KEPT = ("slug", "title", "section", "place", "municipalities", "prefix", "tag", "start", "pathway", "origin")


def public_issue(issue: Issue) -> Issue:
    """The issue as the public may see it: of a case that is not ``public``, its heading, origin and one sentence are left.

    Every item keeps its place and so its number: a reader who looks for the mail's 3-2 finds out why it is not there.
    """
    sections = tuple(replace(section, articles=tuple(_public(article) for article in section.articles)) for section in issue.sections)
    return replace(issue, sections=sections)


def write_web(email: Email, parcel: Parcel) -> tuple[Path, ...]:
    """Write ``<out>/web/`` anew and name its files.

    ``email`` is the ``public_issue`` rendered with ``web=True``; ``MergeFieldError`` if it has a merge field.
    """
    folder = empty_folder(parcel.out / "web")
    left = fields_in(email.html)
    if left:
        raise MergeFieldError(
            f"Web版には差し込み項目（{'、'.join(left)}）を使えません。巻頭言などの本文から外すか、だれにでも当てはまる言葉にしてください。"
        )
    page = resolve(replace(email, subject="", lead_line="", text=""), Dialect(name="Web版"), slug=parcel.issue.slug, web_url=parcel.web_url)
    refuse_neutral(page, where="web/index.html")
    html = local_pictures(page, base=parcel.picture_url, folder="images/")
    pictures = shown_pictures(page)
    write_pictures(pictures, parcel.root, folder / "images")
    index = write_text(folder / ("index-draft.html" if parcel.draft else "index.html"), html)
    return (index, *(folder / "images" / picture.file for picture in pictures))


def _public(article: Article) -> Article:
    if article.origin is None or article.origin.visibility == "public":
        return article
    kept = {name: getattr(article, name) for name in _KEPT}  # named one by one, so that what an item learns to say later stays out
    return Article(body="", summary=MEMBERS_ONLY, **kept)
