"""``enews`` with one part changed: premailer's step is done by css-inline. For comparison only; the rest of the line is the real one.

``python -m tests.bench.swapped build SLUG --workspace DIR``. The pipeline's own ``inline`` module, and with it premailer, is never imported.
"""

from __future__ import annotations

import importlib
import re
import sys
from types import ModuleType

_KEPT = re.compile(r'<style[^>]*data-premailer="ignore"[^>]*>.*?</style>', re.DOTALL)
_STYLE = re.compile(r' style="([^"]*)"')
_CLASS = re.compile(r' class="([^"]*)"')
_SPACES = re.compile(r"\s*([;:,])\s*")
_NAME = re.compile(r"\.(-?[A-Za-z_][\w-]*)")


def inline(html: str, kept: tuple[str, ...]) -> str:
    """The page inlined by css-inline, and slimmed as ours is; the sheets that stay are taken out before and put back behind it."""
    inliner = importlib.import_module("css_inline").CSSInliner(load_remote_stylesheets=False)
    page = str(inliner.inline(_KEPT.sub("", html)))
    wanted = frozenset(name for sheet in kept for name in _NAME.findall(sheet))
    page = _CLASS.sub(lambda match: _classes(match[1], wanted), page)
    page = _STYLE.sub(lambda match: f' style="{_SPACES.sub(lambda at: at[1], match[1].strip().rstrip(";"))}"', page)
    return page.replace("</head>", "".join(f"<style>{sheet}</style>" for sheet in kept) + "</head>", 1)


def _classes(names: str, wanted: frozenset[str]) -> str:
    keep = " ".join(name for name in names.split() if name in wanted)
    return f' class="{keep}"' if keep else ""


def main() -> None:
    """Run the command line with the other inliner in place."""
    module = ModuleType("pipeline.render.inline")
    module.inline = inline  # type: ignore[attr-defined]  # a module made here has what is put into it
    sys.modules[module.__name__] = module
    importlib.import_module("pipeline.cli").main()


if __name__ == "__main__":
    main()
