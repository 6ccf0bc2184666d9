"""enews: Markdown drafts and overseas case studies in, one send-ready Japanese e-mail newsletter out."""

__version__ = "0.1.0"
