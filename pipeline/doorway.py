"""What both leaves of the door share: the workspace an editor means, the words and shapes of options, JSON, paths, today's date.

It must never decide anything: ``cli`` and ``casedoor`` print, everything else is the desk's.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.desk import Workspace

Run = Callable[[argparse.Namespace], int]
Option = tuple[tuple[str, ...], dict[str, Any]]
JSON: Option = (("--json",), {"action": "store_true", "help": "結果をJSONで表示します"})
SLUG: Option = (("slug",), {"metavar": "号", "help": "号の名前（例：2025-01）"})
UNREVIEWED: Option = (
    ("--allow-unreviewed",),
    {"dest": "unreviewed", "action": "store_true", "help": "校閲前の事例も、〔未校閲〕と表示して入れます"},
)


def workspace_of(arguments: argparse.Namespace) -> Workspace:
    """The workspace of ``--workspace``, else the one that this folder lies in."""
    from pipeline.desk import open_workspace

    return open_workspace(arguments.workspace)


def print_json(**rows: object) -> None:
    """Print the answer of ``--json``."""
    import json

    print(json.dumps(rows, ensure_ascii=False, indent=1, default=str))


def shown(path: Path, root: Path) -> str:
    """A path as messages show it."""
    return path.relative_to(root).as_posix()


def today() -> date:
    """Today in Japan: for what people do at the desk, never for what is built."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Asia/Tokyo")).date()


def now() -> str:
    """The moment in Japan as ISO text: for what people do at the desk, never for what is built."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Asia/Tokyo")).isoformat(timespec="seconds")
