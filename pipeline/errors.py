"""The exception tree. An exception means: the program cannot go on.

What a person can mend in a file and look at together with other things is a ``model.Finding`` instead. Every message is Japanese and says
what happened, where, and what to do.

    NewsletterError
    ├── WorkspaceError      no workspace, a slug that is not there, a file that would be overwritten
    │   └── ConflictError   conflict copies of a synced folder, two drafts with one number or one title
    ├── ConfigError         newsletter.toml cannot be read or holds a wrong value
    ├── TemplateError       a template is missing or broken
    ├── PictureError        a picture cannot be prepared
    ├── FeedError           a feed could not be fetched or read
    ├── CaseError           a case study that is not there, or not in the state that the command needs
    │   └── TranslationError    the translation service refused or did not answer
    │       └── TooLongError    a text that is longer than the service takes
    ├── ExportError         a file must not be written
    │   └── MergeFieldError a merge field that the dialect does not know, or one left in a finished file
    ├── ApprovalError       not approved, approved bytes that were touched, a 確認番号 of another text
    ├── ReaderError         a list of readers that cannot be read, an address that is none or not on the list
    ├── StoreError          the desk's database cannot be opened, trusted or written
    └── SendError           a send that must not begin or cannot go on
"""


class NewsletterError(Exception):
    """Root of everything that enews raises on purpose; doors print its message and exit 1."""


class WorkspaceError(NewsletterError):
    """No workspace, a slug that is not there, or a file that would be overwritten."""


class ConflictError(WorkspaceError):
    """Two files claim one place: conflict copies of a synced folder, one number or one title twice."""


class ConfigError(NewsletterError):
    """``issues/newsletter.toml`` cannot be read or holds a wrong value."""


class TemplateError(NewsletterError):
    """A template is missing or broken."""


class PictureError(NewsletterError):
    """A picture cannot be prepared."""


class FeedError(NewsletterError):
    """A feed could not be fetched or read; ``feed`` names it."""

    def __init__(self, message: str, *, feed: str = "") -> None:
        super().__init__(message)
        self.feed = feed


class CaseError(NewsletterError):
    """A case study that is not there, or is not in the state that the command needs."""


class TranslationError(CaseError):
    """The translation service refused, ran out of quota, or did not answer; what was finished before is kept."""


class TooLongError(TranslationError):
    """A text that is longer than the translation service takes."""


class ExportError(NewsletterError):
    """A file must not be written."""


class MergeFieldError(ExportError):
    """A merge field that the dialect does not know, or one left in a finished file."""


class ApprovalError(NewsletterError):
    """Not approved, approved bytes that somebody touched, or a 確認番号 that belongs to another text."""


class ReaderError(NewsletterError):
    """A list of readers that cannot be read, an address that is none, or one that is not on the list. Addresses in messages are masked."""


class StoreError(NewsletterError):
    """The desk's database cannot be opened, is not ours, is damaged or cannot be written; it is never taken for empty."""


class SendError(NewsletterError):
    """A send that must not begin, or cannot go on; what was handed over before stands in the ledger."""
