"""``python -m pipeline`` is ``enews``."""

from pipeline.cli import main

main()
