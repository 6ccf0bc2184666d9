"""The outside judges: pages in, their complaints out, one line each. Nu and html-validate read files, axe-core a page open in Chromium.

Nothing is let pass but what e-mail cannot do without: Outlook's own properties, and the landmarks that a page inside a mail client has not.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

from playwright.sync_api import Page

from tests import tools

OUTLOOK = ".*mso-.*"
LEVELS = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa")
_AXE = """async levels => {
  const rules = { 'landmark-one-main': { enabled: false }, region: { enabled: false } }
  const judged = await axe.run(document, { runOnly: levels, rules, iframes: false, resultTypes: ['violations'] })
  return judged.violations.map(rule => `${rule.id}: ${rule.nodes.slice(0, 5).map(node => node.html.slice(0, 120)).join(' | ')}`)
}"""


def judge_markup(pages: Iterable[Path]) -> dict[Path, list[str]]:
    """The Nu checker's errors of each page; one Java process for all of them."""
    found: dict[Path, list[str]] = {page: [] for page in pages}
    java = str(tools.java())
    command = [java, "-jar", str(tools.VNU), "--errors-only", "--format", "json", "--filterpattern", OUTLOOK, *map(str, found)]
    judged = subprocess.run(command, capture_output=True, check=False, text=True, encoding="utf-8")
    for message in json.loads(judged.stderr)["messages"]:
        line, text = message.get("lastLine", 0), message.get("extract", "").replace("\n", " ")
        found[Path(message["url"].removeprefix("file:"))].append(f"{line}: {message['message']} {text}")
    return found


def judge_style(pages: Iterable[Path]) -> dict[Path, list[str]]:
    """html-validate's complaints about each page by its presets for valid and accessible HTML, and about levels of headings that are skipped."""
    found: dict[Path, list[str]] = {page: [] for page in pages}
    settings = ["--preset", "standard,a11y", "--rule", "heading-level:error", "--formatter", "json"]
    command = [str(tools.node()), str(tools.HTML_VALIDATE), *settings, *map(str, found)]
    with TemporaryFile() as out:  # Node ends before a full pipe is read: what is beyond 64 kB would be lost
        subprocess.run(command, stdout=out, stderr=subprocess.PIPE, check=False)
        out.seek(0)
        judged = json.loads(out.read().decode())
    for page in judged:
        found[Path(page["filePath"])] += [f"{m['line']}: {m['ruleId']} {m['message']}" for m in page["messages"]]
    return found


def judge_access(tab: Page) -> list[str]:
    """What axe-core finds against WCAG 2.0 to 2.2, level AA, on the page that is open, as it is shown now."""
    tab.evaluate(_axe_core())
    found: list[str] = tab.evaluate(_AXE, list(LEVELS))
    return found


@cache
def _axe_core() -> str:
    return tools.AXE.read_text("utf-8") + ";0"
