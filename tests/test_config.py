"""The masthead: what is wrong in it is named, with the way out."""

from __future__ import annotations

import copy
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import MASTHEAD, parse_masthead, read_masthead
from pipeline.errors import ConfigError
from tests.builders import ROOT, masthead

GOOD: dict[str, Any] = tomllib.loads((ROOT / MASTHEAD).read_text("utf-8"))


def broken(**changes: Any) -> dict[str, Any]:
    """The checkout's masthead with some tables replaced."""
    return {**copy.deepcopy(GOOD), **changes}


def test_the_checkouts_masthead_is_read() -> None:
    """Three editions, their sections in order, and the events with their time zones."""
    found = masthead()
    assert [edition.key for edition in found.editions] == ["monthly", "special", "cases"]
    assert found.event("cop29").timezone == "Asia/Baku"
    assert found.dialect("mailchimp").tags["unsubscribe"] == "*|UNSUB|*"


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (broken(sendr={}), "「sender」のことですか"),
        (broken(sender={**GOOD["sender"], "form": "x"}), "「from」のことですか"),
        (broken(sender={key: value for key, value in GOOD["sender"].items() if key != "from"}), "from"),
        (broken(web={**GOOD["web"], "base_url": "www.example.jp"}), "base_url"),
        (broken(web={**GOOD["web"], "dialect": "mailchmp"}), "「mailchimp」のことですか"),
        (broken(editions=[{**GOOD["editions"][0], "sections": ["activites"]}]), "「activities」のことですか"),
        (broken(editions={"key": "monthly"}), "[[editions]]"),
        (broken(sections=[{"key": "a", "title": "A", "shows": "picture"}]), "article・case・event・note"),
        (broken(events=[{**GOOD["events"][0], "timezone": "Baku"}]), "Asia/Baku"),
        (broken(events=[{**GOOD["events"][0], "start": "11月11日"}]), "start"),
        (broken(feeds=[{"name": "x", "url": "y", "office": "z", "language": 3}]), "language"),
        (broken(calendar={"closed": ["12/28"]}), "12/28"),
        (broken(translate={"with": "google"}), "manual・deepl・openai"),
        (broken(translate={"deepl_key": "x"}), "deepl_server_url"),
        (broken(translate={"openai_base_url": "api.example.jp"}), "openai_base_url"),
        (broken(checks={"html_warning": "90000"}), "html_warning"),
    ],
)
def test_a_wrong_key_or_value_is_named(data: dict[str, Any], named: str) -> None:
    """Nothing is guessed, nothing unknown is passed over."""
    with pytest.raises(ConfigError) as refused:
        parse_masthead(data)
    assert named in str(refused.value)


def test_a_file_that_is_no_toml_names_the_line(tmp_path: Path) -> None:
    """The editor learns where, not only that."""
    (tmp_path / "issues").mkdir()
    (tmp_path / MASTHEAD).write_text('name = "a"\n[sender\n', "utf-8")
    with pytest.raises(ConfigError, match="line 2"):
        read_masthead(tmp_path)


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    """Windows' Notepad writes one."""
    (tmp_path / "issues").mkdir()
    (tmp_path / MASTHEAD).write_bytes(b"\xef\xbb\xbf" + (ROOT / MASTHEAD).read_bytes())
    assert read_masthead(tmp_path) == masthead()
