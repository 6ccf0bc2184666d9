"""A mail with neutral merge fields in, a folder that somebody can send from out: HTML and text in a sender's dialect, pictures, 手順.txt.

Everything is made for a colleague at a Windows PC who did not write the issue. It must never write a file in which one of our own fields is
left, and never a draft under the name of a finished file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import MASTHEAD, Dialect, Masthead
from pipeline.errors import ConfigError
from pipeline.export.addresses import shown_pictures
from pipeline.export.folder import empty_folder, write_bytes, write_pictures
from pipeline.export.mailchimp import compose_zip
from pipeline.export.steps import compose_steps
from pipeline.model import Email, Issue
from pipeline.render.merge import refuse_neutral, resolve

STEPS = "手順.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What every export needs to know besides the mail: ``root`` is the workspace, ``out`` is ``build/<slug>``, ``templates`` where steps are."""

    issue: Issue
    masthead: Masthead
    root: Path
    out: Path
    templates: tuple[Path, ...]
    draft: bool = False

    @property
    def name(self) -> str:
        """The stem of every file: a draft says so."""
        return f"{self.issue.slug}-draft" if self.draft else self.issue.slug

    @property
    def web_url(self) -> str:
        """Where the issue's web copy lies."""
        return f"{self.masthead.web.base_url}/{self.issue.slug}/"

    @property
    def picture_url(self) -> str:
        """Where the issue's pictures lie, without a slash at the end."""
        return f"{self.masthead.web.image_base_url}/{self.issue.slug}"


def export(email: Email, parcel: Parcel, *, dialect: str) -> tuple[Path, ...]:
    """Write ``<out>/export-<dialect>/`` anew and name its files; Mailchimp's also holds the ZIP that its importer takes.

    ``email`` has neutral merge fields. ``MergeFieldError`` names one that the sender lacks, ``ConfigError`` a dialect that nobody knows.
    """
    spelling = parcel.masthead.dialect(dialect)
    folder = empty_folder(parcel.out / f"export-{_folder_name(spelling)}")
    finished = resolve(email, spelling, slug=parcel.issue.slug, web_url=parcel.web_url)
    steps = compose_steps(finished, dialect=spelling.name, templates=parcel.templates, words=_words(finished, parcel, spelling))
    refuse_neutral(finished, where=folder.name)
    texts = {f"{parcel.name}.html": finished.html, f"{parcel.name}.txt": finished.text, STEPS: steps}
    data = {name: for_notepad(text) if name == STEPS else text.encode() for name, text in texts.items()}
    if spelling.name == "mailchimp":
        data[f"{parcel.name}.zip"] = compose_zip(
            finished, parcel.issue, name=f"{parcel.name}.html", base=parcel.picture_url, root=parcel.root
        )
    pictures = shown_pictures(finished)
    write_pictures(pictures, parcel.root, folder / "images")
    files = [write_bytes(folder / name, data[name]) for name in sorted(data)]
    return (*files, *(folder / "images" / picture.file for picture in pictures))


def for_notepad(text: str) -> bytes:
    """UTF-8 with BOM and CRLF: what every Windows editor, old and new, opens without mojibake."""
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def _folder_name(dialect: Dialect) -> str:
    if not re.fullmatch(r"[\w.-]*\w[\w.-]*", dialect.name):
        raise ConfigError(
            f"{MASTHEAD} の [[dialects]] の name「{dialect.name}」はフォルダー名に使えません。文字・数字・ハイフンだけにしてください。"
        )
    return dialect.name


def _words(email: Email, parcel: Parcel, dialect: Dialect) -> dict[str, object]:
    """What the steps may speak of, besides the mail."""
    return {
        "issue": parcel.issue,
        "masthead": parcel.masthead,
        "dialect": dialect,
        "draft": parcel.draft,
        "name": parcel.name,
        "web_url": parcel.web_url,
        "picture_url": parcel.picture_url,
        "pictures": shown_pictures(email),
        "bytes": len(email.html.encode()),
    }
