"""Values of ``issues/newsletter.toml``: parsed TOML in, checked values and flat records out. Every refusal names the key and the way out."""

from __future__ import annotations

import dataclasses
import difflib
from datetime import date
from typing import Any, TypeVar

from pipeline.errors import ConfigError

T = TypeVar("T")
MASTHEAD = "issues/newsletter.toml"


def refuse_unknown(row: dict[str, Any], known: tuple[str, ...], where: str) -> None:
    """Refuse a key that is none of ours, with the nearest one."""
    for key in row:
        if key not in known:
            raise ConfigError(f"{MASTHEAD} {where} の「{key}」という項目はありません。{did_you_mean(key, known)}")


def rows(data: dict[str, Any], key: str) -> list[tuple[int, dict[str, Any]]]:
    """The tables of ``[[key]]``, counted from 1."""
    rows = data.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ConfigError(f"{MASTHEAD} の {key} は [[{key}]] と二重のかっこで書いてください。")
    return list(enumerate(rows, 1))


def table(data: dict[str, Any], key: str) -> dict[str, Any]:
    """The table ``[key]``, empty if it is not written."""
    table = data.get(key, {})
    if not isinstance(table, dict):
        raise ConfigError(f"{MASTHEAD} の {key} は [{key}] と書いてください。")
    return table


def text_of(row: dict[str, Any], key: str, where: str, default: str | None = None) -> str:
    """A value that is a string; without ``default`` it must hold something."""
    value = row.get(key, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise ConfigError(f'{where} に {key} = "…" を書いてください（引用符で囲んだ文字列）。')
    return value


def record(kind: type[T], row: dict[str, Any], where: str) -> T:
    """A flat record whose keys are the field names, each of its field's own type."""
    specs = {spec.name: spec for spec in dataclasses.fields(kind)}  # type: ignore[arg-type]
    refuse_unknown(row, tuple(specs), where)
    for name, spec in specs.items():
        if name not in row and spec.default is dataclasses.MISSING:
            raise ConfigError(f"{MASTHEAD} {where} に {name} がありません。")
        wanted = {"str": str, "int": int, "bool": bool}.get(str(spec.type), object)
        if name in row and (not isinstance(row[name], wanted) or (wanted is int and isinstance(row[name], bool))):
            word = {str: "引用符で囲んだ文字列", int: "数", bool: "true か false"}[wanted]
            raise ConfigError(f"{MASTHEAD} {where} の {name} は{word}で書いてください。")
    return kind(**row)


def day_of(value: object, where: str) -> date:
    """A day, as TOML writes it or in quotation marks."""
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise ConfigError(f"{MASTHEAD} {where} の「{value}」は日付ではありません（例 2024-12-28）。") from None


def did_you_mean(word: str, known: tuple[str, ...]) -> str:
    """The nearest known word as a question, else all of them."""
    near = difflib.get_close_matches(word, known, 1)
    return f"「{near[0]}」のことですか。" if near else f"使えるのは {'、'.join(known)} です。"


def named(records: tuple[T, ...], name: str, table: str, *, key: str = "key") -> T:
    """The record of that name; ``ConfigError`` names those that there are."""
    for record in records:
        if getattr(record, key) == name:
            return record
    known = tuple(getattr(record, key) for record in records)
    raise ConfigError(f"{MASTHEAD} の {table} に「{name}」がありません。{did_you_mean(name, known)}")
