"""The door of the room: text files, pictures and feeds in, an ``Issue`` out."""

from pipeline.sources.issues import load_issue

__all__ = ["load_issue"]
