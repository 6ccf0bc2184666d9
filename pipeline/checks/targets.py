"""Rules about links whose words name one thing and whose address another: COP16特集号 → …/2024-12-cop29/. Addresses in, hits out.

Only numbers that stand in both are compared; no page is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.addresses import Address, addresses
from pipeline.checks.numerals import form
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

_SERIES = ("COP", "INC")
_MONTH = re.compile(r"(?P<y>20\d\d)年(?P<m>\d{1,2})月号")
_SLUG_MONTH = re.compile(r"(?<!\d)(?P<y>20\d\d)[-/_]?(?P<m>0[1-9]|1[0-2])(?!\d)")


def other_target(sheet: Sheet) -> Iterator[Hit]:
    """The conference or the month in the words is not the one in the address; two links with other words and one address in one list."""
    seen: dict[tuple[str, str], Address] = {}
    for address in addresses(sheet):
        if not address.marked or not address.label:
            continue
        label, url = form(address.label), address.url.lower()
        if why := _differs(label, url):
            hint = "リンクを開き、言葉のとおりのページかを確かめてください。"
            yield address.passage.hit(address.span, f"リンクの言葉は「{address.label[:30]}」ですが、行き先は{why}です。", hint)
            continue
        first = seen.setdefault((address.passage.path, address.url), address)
        if first is not address and first.passage.kind == address.passage.kind == "item" and _core(first.label) != _core(address.label):
            message = f"「{first.label[:20]}」と「{address.label[:20]}」のリンクの行き先が同じです。"
            yield address.passage.hit(address.span, message, "片方の行き先が写し間違いでないか、開いて確かめてください。")


def _core(label: str) -> str:
    return re.sub(r"[\s（）()「」]|日本語|英語|PDF", "", label)


def _differs(label: str, url: str) -> str:
    """What the address names instead; "" if nothing speaks against it."""
    for series in _SERIES:
        named = set(re.findall(rf"{series}\s?(\d{{1,2}})", label))
        there = set(re.findall(rf"(?<![a-z]){series.lower()}[-_]?(\d{{1,2}})", url))
        if named and there and not named & there:
            return f"{series}{'・'.join(sorted(there))}"
    month, slug = _MONTH.search(label), _SLUG_MONTH.search(url)
    if month and slug and (month["y"], int(month["m"])) != (slug["y"], int(slug["m"])):
        return f"{slug['y']}年{int(slug['m'])}月"
    return ""


RULES = (
    Rule(
        code="LINK019",
        title="言葉と違う行き先",
        severity=Severity.WARNING,
        reason="隣のリンクから写した行き先は、開いてみるまで誰も気づきません。",
        source="編集の現場で起きる間違い（editor-facts）",
        bad="[COP16特集号](https://www.example.jp/enews/2024-12-cop29/)をご覧ください。",
        good="[COP16特集号](https://www.example.jp/enews/2024-11-cop16/)をご覧ください。",
        find=other_target,
    ),
)
