"""Mailchimp's own format: a finished mail in, the ZIP that its importer takes out: one HTML file at the root, pictures beside it.

The one place where a page names its pictures by relative paths; Mailchimp uploads them and writes its own addresses. The same mail must give
the same bytes, so nothing is compressed (pictures are already) and every date is the issue's.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from pipeline.export.addresses import local_pictures, shown_pictures
from pipeline.model import Email, Issue, issue_datetime


def compose_zip(email: Email, issue: Issue, *, name: str, base: str, root: Path) -> bytes:
    """The archive's bytes, with the page as ``name``.

    ``base`` is where the page says that its pictures lie, ``root`` the workspace that holds the prepared files.
    """
    files = {picture.file: (root / picture.path).read_bytes() for picture in shown_pictures(email)}
    files[name] = local_pictures(email, base=base, folder="").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(files):
            archive.writestr(_entry(file, issue), files[file])
    return out.getvalue()


def _entry(name: str, issue: Issue) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, issue_datetime(issue.date).timetuple()[:6])
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    return entry
