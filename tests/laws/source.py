"""Python files in, what the laws ask about them out: imports as full module names, functions with their lengths. Nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Source:
    """One file: its POSIX path relative to the repository, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Everything in it, as ``ast.walk`` comes by."""
        return tuple(ast.walk(self.tree))

    @property
    def module(self) -> str:
        """``pipeline.render`` for its door, ``pipeline.render.merge`` for a file in it."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def room(self) -> str:
        """The name below ``pipeline``: ``render``, ``model``; "" for the package itself."""
        return [*self.module.split("."), ""][1]

    @property
    def lines(self) -> int:
        """How long the file is."""
        return len(self.text.splitlines())


@cache  # a dozen laws look at the same files
def read_sources(folder: str) -> tuple[Source, ...]:
    """Every Python file below a folder of the repository, but those of installed programs."""
    paths = (path for path in sorted((ROOT / folder).rglob("*.py")) if "node_modules" not in path.parts)
    return tuple(Source(path=path.relative_to(ROOT).as_posix(), text=path.read_text(encoding="utf-8")) for path in paths)


def imports(source: Source) -> Iterator[str]:
    """The full name of everything that a file imports, wherever in it: ``pipeline.render.merge.guard`` for a name in a module."""
    for node in source.nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{_origin(node, source)}.{alias.name}" for alias in node.names)


def _origin(node: ast.ImportFrom, source: Source) -> str:
    """The module after ``from``; leading dots are counted from the file's own package."""
    if not node.level:
        return node.module or ""
    package = source.module.split(".") if source.path.endswith("__init__.py") else source.module.split(".")[:-1]
    return ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])])


def within(name: str, door: str) -> bool:
    """Whether ``name`` is the module ``door`` or something in it."""
    return name == door or name.startswith(f"{door}.")


def functions(source: Source) -> Iterator[tuple[str, int]]:
    """The name and length in lines of every function and method, signature and docstring included, decorators not."""
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1
