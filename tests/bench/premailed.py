"""premailer as it comes, warm: a process that stays. A line ``{"tool", "file"}`` in, ``{"seconds", "bytes"}`` out, as peers/warm.mjs does.

A process of its own because our settings reach premailer through the environment before it is imported, and would help its defaults too.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path

import premailer


def main() -> None:
    """Answer until the input ends."""
    logging.disable(logging.CRITICAL)  # cssutils complains of every modern property; printing that is not what is measured
    for line in sys.stdin:
        text = Path(json.loads(line)["file"]).read_text(encoding="utf-8")
        start = time.perf_counter()
        html = premailer.transform(text)
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "bytes": len(html.encode())}), flush=True)


if __name__ == "__main__":
    main()
