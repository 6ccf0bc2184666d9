"""Addresses of pictures in a finished page: https on the web, relative where the pictures lie beside the file.

Pure text in and out. Only the addresses of our own prepared pictures are touched; whatever else stands in the page stays as it is.
"""

from __future__ import annotations

from html import escape

from pipeline.model import Email, Picture


def shown_pictures(email: Email) -> tuple[Picture, ...]:
    """The pictures that the page really shows, each once, by file name: those of a text that is only linked are not among them."""
    pictures = {picture.file: picture for picture in email.pictures if f"/{picture.file}" in email.html}
    return tuple(pictures[file] for file in sorted(pictures))


def local_pictures(email: Email, *, base: str, folder: str) -> str:
    """The HTML with ``<base>/<file>`` turned into ``<folder><file>`` for every picture. ``folder`` ends in a slash or is empty."""
    html = email.html
    for picture in shown_pictures(email):
        html = html.replace(f'src="{escape(f"{base}/{picture.file}")}"', f'src="{folder}{picture.file}"')
    return html
