"""Rules about sums, differences and rates that a text states together with their parts: passages in, hits out.

A sum is only held against parts that stand beside it, and one that any reading makes right is let be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from math import prod

from pipeline.checks.addups import added_up
from pipeline.checks.counting import municipalities_in
from pipeline.checks.layout import Cell, Table, groups, sentences, tables
from pipeline.checks.numerals import MEASURES, RUN, Count, counts, form, shown, value_of
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

_TOTAL = re.compile(
    r"(?:(?<![集統会設推累余時])計|合わせて|あわせて|併せて|総勢|全部で|総額|トータル|しめて|締めて|都合|(?<![完安保健万])全|=)(?:で|は|の|、|して)?(?:約|およそ)?$"
)
_HOLDS = re.compile(r"定員(?:は|が|を|:)?、?$")  # a total only where a product leads up to it: 4人×6台で、定員は24人
_TIMES = r"\s?[×✕xX*]\s?"
_TIMES_BEHIND = re.compile(rf"{_TIMES}(?P<n>{RUN})")
_TIMES_BEFORE = re.compile(rf"(?<![\d.,A-Za-z])(?P<n>{RUN})[^\d、。×✕]{{0,5}}{_TIMES}$")
_RATE = re.compile("(?:あたり|当たり|につき|に付き|ごとに|に|、)?(?:約)?$")
_HELD = re.compile(r"(?:[一-龠]?[掛乗入]け?[りけ]|用|収容|部屋)?の[^、。\dがはにとで]{1,8}$")
_HOLDERS = frozenset(["つ", "班", "組", "台", "棟", "チーム", "グループ", "クラス", "教室", "室", "区画", "箱", "袋", "便", "両", "分科会"])
_ABOUT = re.compile("約|およそ|以上|超|余|強|弱|程度|ほぼ|近く")
_OTHER = re.compile("これまで|累計|通算|既存|従来|ほか|など|等(?!級)|うち|延べ|のべ|以来|加え|最大|上限")
_EACH = re.compile("各|それぞれ|ともに|いずれも|ずつ|ごとに|毎に")
_DATES = frozenset(("年", "年度", "月", "日", "か月", "週間", "回目", "年目", "年間", "周年", "歳", "割", "倍", "条", "章", "ページ", ""))
_HINT = "足し算をして、合計と内訳のどちらが正しいか、もとの資料で確かめてください。"


def totals(sheet: Sheet) -> Iterator[Hit]:
    """A total that its parts do not make: in a sentence, in a list, in a table."""
    for passage in sheet.prose:
        text = form(passage.text)
        if _WORTH.search(text):
            for start, end in sentences(text):
                yield from _sentence(passage, text, (start, end))
            if "のほか" in text:
                yield from _besides(passage, text)
        if "。" in text:
            yield from _split_up(passage, text)
    for group in groups(sheet.prose):
        if group[0].kind == "item" and len(group) > 2:
            yield from _list(group)
    for table in tables(sheet.prose):
        yield from _table(table)
        yield from _stated(sheet, table)
    yield from added_up(sheet)


_BESIDES = re.compile(r"(?P<names>[^。]*?)のほか、?(?P<rest>[^。]*)")
_SPLIT_UP = re.compile(rf"(?:[^。、\d]{{1,12}}が{RUN}[^。、\d]{{1,4}}、){{1,4}}[^。、\d]{{1,12}}が{RUN}[^。、\d]{{1,4}}(?:です|でした)。")


def _besides(passage: Passage, text: str) -> Iterator[Hit]:
    """京都市、横浜市のほか、フィリピンの3都市、あわせて5都市."""
    for match in _BESIDES.finditer(text):
        found = [count for count in counts(text) if match.start("rest") <= count.start < match.end() and not count.ordinal]
        names = municipalities_in(match["names"], "都道府県市区町村")
        if len(found) == 2 and found[0].unit == found[1].unit and found[0].unit in ("都市", "自治体", "市") and names:
            first, total = found
            if _TOTAL.search(text, max(0, total.start - 8), total.start) and len(names) + first.value != total.value:
                said = f"{'、'.join(names)}の{len(names)}と{text[first.start : first.stop]}"
                message = f"「{text[total.start : total.stop]}」は、{said}の合計{shown(len(names) + first.value)}と合いません。"
                yield passage.hit((total.start, total.stop), message, _HINT)


def _split_up(passage: Passage, text: str) -> Iterator[Hit]:
    """次の4回を開きました。対面が2回、オンラインが2回です: the sentence behind splits up the one before."""
    for match in _SPLIT_UP.finditer(text):
        parts = [count for count in counts(text) if match.start() <= count.start < match.end() and not count.ordinal]
        start = text.rfind("。", 0, max(0, match.start() - 1)) + 1
        wholes = [
            count for count in counts(text) if start <= count.start < match.start() and count.kind == parts[0].kind and not count.ordinal
        ]
        if match.start() == 0 or text[match.start() - 1] != "。" or len(wholes) != 1 or len({part.unit for part in parts}) != 1:
            continue
        amount = sum(part.value for part in parts)
        if amount != wholes[0].value and not _ABOUT.search(text[start : match.end()]):
            said = "、".join(text[part.start : part.stop] for part in parts)
            message = f"「{text[wholes[0].start : wholes[0].stop]}」は、{said}の合計{shown(amount)}と合いません。"
            yield passage.hit((parts[0].start, parts[-1].stop), message, _HINT)


def _sentence(passage: Passage, text: str, span: tuple[int, int]) -> Iterator[Hit]:
    found = [count for count in counts(text) if span[0] <= count.start < span[1] and not count.ordinal and count.unit not in _DATES]
    opened = span[0]
    mixed = bool(re.search(r"時間\d{1,2}分|分\d{1,2}秒", text[slice(*span)]))  # 1時間30分 is one amount, not two parts
    for n, total in enumerate(found):
        if mixed and total.kind == "時間":
            continue
        said = bool(_TOTAL.search(text, max(opened, total.start - 8), total.start))
        held = not said and bool(_HOLDS.search(text, max(opened, total.start - 8), total.start))
        before = [count for count in found[:n] if count.start >= opened and count.kind == total.kind] if said or held else []
        parts = _parts(text, opened, before, found[:n]) if before else []
        if held and (len(parts) != 1 or _LIMITS.search(text[opened : total.stop + 3])):
            parts = []
        if not parts and (said or text[total.stop : total.stop + 1] == "("):
            parts = _behind(text, total, found[n + 1 :], said=said)
        if parts and _fails(text, total, parts):
            yield _hit(passage, text, total, parts)
        opened = total.stop if said and (parts or len(before) > 1) else opened


_WORTH = re.compile("計|わせて|内訳|[(=総全×✕]|トータル|しめて|締めて|都合|定員")
_LIMITS = re.compile("まで|以内|最大|各|毎回|それぞれ")
Part = tuple[Count, tuple[int, ...]]  # a part, and how many times it may count


def _parts(text: str, opened: int, members: list[Count], found: list[Count]) -> list[Part]:
    """The parts before a total with how often each counts; none if they cannot be told."""
    if _OTHER.search(text, members[0].stop, members[-1].stop + 12):
        return []
    parts: list[Part] = []
    for member in members:
        gap = text[opened : member.start]
        each = _EACH.search(gap) or (text[member.stop : member.stop + 2] == "ずつ")
        times = _multiplied(text, member, found, alone=len(members) == 1)
        parts.append((member, times or (_times(gap, member, found, handed=text[member.stop :].startswith("ずつ")) if each else (1,))))
        opened = member.stop
    plain = len(parts) == 1 and parts[0][1] == (1,)
    return [] if plain or any(not times for _, times in parts) else parts


def _multiplied(text: str, member: Count, found: list[Count], *, alone: bool) -> tuple[int, ...]:
    """How often 4人 counts in 4人×6台, in 1台4人 … 6台 and in 4人掛けのテーブル6台; nothing if no such number stands there."""
    sign = _TIMES_BEHIND.match(text, member.stop) or _TIMES_BEFORE.search(text[max(0, member.start - 20) : member.start])
    if sign:
        return (int(value_of(sign["n"])),)
    if not alone or re.match("まで|以内|以上|程度|前後", text[member.stop :]):
        return ()
    at = found.index(member)
    rate = found[at - 1] if at and found[at - 1].value == 1 and _RATE.fullmatch(text[found[at - 1].stop : member.start]) else None
    if rate and rate.unit and not text[rate.stop :].startswith("目"):
        return tuple({int(count.value) for count in found if count.unit == rate.unit and count.value > 1})
    behind = found[at + 1] if at + 1 < len(found) else None
    if behind and behind.unit in _HOLDERS and _HELD.fullmatch(text[member.stop : behind.start].removesuffix("を")):
        return tuple({1, int(behind.value)})
    return ()


def _times(gap: str, member: Count, found: list[Count], *, handed: bool) -> tuple[int, ...]:
    """How often 各4,000本 counts: as many as are named before it, or as 3部門 says; of 5人ずつ also as the number behind it says."""
    numbers = [count for count in found if (handed or count.start < member.start) and count.unit != member.unit and 1 < count.value <= 200]
    named = [count for count in numbers if re.search(f"{count.unit}(?:ごと|毎|それぞれ)|各{count.unit}", gap)]
    if named or "ごと" in gap:
        return tuple({int(count.value) for count in named})
    listed = re.split("は、?|には|では|、計", _EACH.split(gap)[0])[-1]
    labels = [part for part in re.split("、|と|及び|および|・|や", listed) if part.strip("がをに 、")]
    inside = {int(count.value) for count in numbers if handed or count.stop <= member.start}
    return tuple({len(labels), *inside} if len(labels) > 1 else inside)


def _behind(text: str, total: Count, found: list[Count], *, said: bool) -> list[Part]:
    """The parts behind a total: 計85件（2022年度38件、2023年度47件）, 計5haで、1年目が1ha."""
    bracket = text[total.stop : total.stop + 1] == "("
    if not bracket and not re.match("で|です|、|:", text[total.stop :]):
        return []
    end = text.find(")", total.stop) if bracket else text.find("。", total.stop)
    end = len(text) if end < 0 else end
    inside = [count for count in found if count.start < end]
    members = [count for count in inside if count.kind == total.kind]
    rest = text[total.stop : end]
    if len(members) < 2 or _OTHER.search(rest) or re.search("前年|前回|当初|目標|昨年|対し|[/～~]|から", rest) or _TOTAL.search(rest[:-1]):
        return []
    if not said and (len(members) != len(inside) or any(member.value >= total.value for member in members)):
        return []
    parts = _parts(text, total.stop, members, inside)
    return parts if said or all(times == (1,) for _, times in parts) else []


def _fails(text: str, total: Count, parts: list[Part]) -> bool:
    """Whether no way of counting the parts makes the total; parts further away may belong to something else."""
    loose = _ABOUT.search(text[max(0, parts[0][0].start - 3) : total.stop + 3] + text[max(0, total.start - 3) : parts[-1][0].stop + 3])
    slack = 0.1 * total.amount if loose else 1e-6 * max(1.0, total.amount) + (0.11 * len(parts) if "." in text else 0)
    for first in range(len(parts) if parts[-1][1] != (1,) else max(1, len(parts) - 1)):
        rest = parts[first:]
        for times in product(*(choice for _, choice in rest)):
            amount = sum(member.amount * n for (member, _), n in zip(rest, times, strict=True))
            if abs(amount - total.amount) <= slack:
                return False
    return prod(len(choice) for _, choice in parts) > 0


def _hit(passage: Passage, text: str, total: Count, parts: list[Part]) -> Hit:
    amount = sum(member.amount * max(times) for member, times in parts)
    unit = total.unit
    meant = shown(amount / (MEASURES[unit][1] if unit in MEASURES else 1)) + text[total.end : total.stop]
    names = "、".join(text[member.start : member.stop] + (f"が{max(times)}つ" if max(times) > 1 else "") for member, times in parts)
    message = f"「{text[total.start : total.stop]}」は、{names}の合計{meant}と合いません。"
    return passage.hit((total.start, total.stop), message, _HINT)


def _list(items: tuple[Passage, ...]) -> Iterator[Hit]:
    """The last item says 計110件."""
    rows = [[count for count in counts(form(item.text)) if not count.ordinal and count.unit not in _DATES] for item in items]
    last = form(items[-1].text).lstrip("・- \ue000")
    if not re.match("合?計|総計", last) or any(len(row) != 1 for row in rows) or len({row[0].kind for row in rows}) != 1:
        return
    members, total = [row[0] for row in rows[:-1]], rows[-1][0]
    if _fails(last, total, [(member, (1,)) for member in members]):
        amount = shown(sum(member.value for member in members)) if len({row[0].unit for row in rows}) == 1 else "違う数"
        message = f"「計」の{form(items[-1].text)[total.start : total.stop]}は、上の項目の合計（{amount}）と合いません。"
        yield items[-1].hit((total.start, total.stop), message, _HINT)


def _table(table: Table) -> Iterator[Hit]:
    for number, cell in enumerate(table.total):
        head = table.header[number].text if number < len(table.header) else ""
        if number and not re.search("率$|単価|平均|順|比$|回$|年(?!額|間)", head):
            yield from _column(cell, [member for member in table.column(number) if member.text not in ("", "－", "-", "―", "—")])
    sums = [n for n, cell in enumerate(table.header) if re.fullmatch("合?計|総計|総数", cell.text)]
    yield from _running(table)
    for row in (*table.rows, table.total) if sums == [len(table.header) - 1] else ():
        if len(row) == len(table.header):
            yield from _column(row[-1], list(row[1:-1]))


def _running(table: Table) -> Iterator[Hit]:
    """A column 累計 beside the one column of the same unit that it adds up."""
    for number, head in enumerate(table.header):
        said = [_number(cell) for cell in table.column(number)] if re.fullmatch("累計.{0,4}", head.text) else []
        others = [[_number(cell) for cell in table.column(n)] for n in range(1, len(table.header)) if n != number]
        fit = [
            column
            for column in others
            if len(column) == len(said) and all(one and two and one.unit == two.unit for one, two in zip(column, said, strict=True))
        ]
        for n in range(1, len(said)) if len(fit) == 1 else ():
            step, before, here = fit[0][n], said[n - 1], said[n]
            if step and before and here and abs(before.value + step.value - here.value) > 1e-6:
                cell = table.column(number)[n]
                message = f"累計「{cell.text}」は、前の行の{shown(before.value)}に{shown(step.value)}を足した{shown(before.value + step.value)}と合いません。"
                yield cell.passage.hit((cell.start, cell.start + len(cell.text)), message, _HINT)
                return


def _stated(sheet: Sheet, table: Table) -> Iterator[Hit]:
    """A table without a foot whose column should make 先着50件 of the text above."""
    head = table.header[0].passage
    above = [
        passage for passage in sheet.prose if passage.path == head.path and passage.kind == "paragraph" and passage.offsets < head.offsets
    ]
    for number in range(1, len(table.header)) if not table.total else ():
        read = [_number(cell) for cell in table.column(number)]
        numbers = [count for count in read if count and count.unit and count.unit not in _DATES]
        if re.search("累計|累積|残|通算", table.header[number].text):
            continue
        if len(numbers) < 2 or len(numbers) != len(table.rows) or len({count.unit for count in numbers}) != 1:
            continue
        for passage in above:
            text = form(passage.text)
            for said in counts(text):
                stated = said.unit == numbers[0].unit and re.search(
                    "(?:先着|合計|全部で|総数は?|(?<![集統会設推])計)(?:約)?$", text[: said.start]
                )
                amount = sum(count.value for count in numbers)
                if (
                    stated
                    and "約" not in text[max(0, said.start - 2) : said.start]
                    and amount != said.value
                    and amount / 3 < said.value < amount * 3
                ):
                    cells = "＋".join(cell.text for cell in table.column(number)[:6])
                    message = f"「{text[said.start : said.stop]}」は、表の{cells}＝{shown(amount)}と合いません。"
                    yield passage.hit((said.start, said.stop), message, _HINT)


def _column(total: Cell, members: list[Cell]) -> Iterator[Hit]:
    """A cell and those that it sums up; only where each holds one number of one unit."""
    read = [_number(cell) for cell in (*members, total)]
    numbers = [number for number in read if number]
    if len(members) < 2 or len(numbers) != len(read) or len({number.unit for number in numbers}) != 1:
        return
    amount, said = sum(number.value for number in numbers[:-1]), numbers[-1]
    digits = max((len(cell.text.partition(".")[2].rstrip("%度円件人")) for cell in members), default=0)
    slack = 0.5 * 10**-digits * (len(members) + 1) if digits or said.unit == "%" else 1e-6
    if abs(amount - said.value) > max(slack, 1.0 if said.unit == "%" else 0):
        message = f"表の計「{total.text}」は、{'＋'.join(cell.text for cell in members[:6])}＝{shown(amount)}と合いません。"
        yield total.passage.hit((total.start + said.start, total.start + said.end), message, _HINT)


def _number(cell: Cell) -> Count | None:
    """The number of a cell that holds nothing else but what stands in brackets."""
    plain = re.sub(r"\([^)]*\)", "", cell.text).strip("約 *")
    found = counts(plain)
    return found[0] if len(found) == 1 and found[0].stop - found[0].start == len(plain) else None


RULES = (
    Rule(
        code="CNT003",
        title="合計と内訳",
        severity=Severity.WARNING,
        reason="合計と内訳が合わないと、どの数も信じてもらえません。",
        source="足し算（編集部の慣行）",
        bad="定員は、会場30人、オンライン70人の計110人です。",
        good="定員は、会場30人、オンライン70人の計100人です。",
        find=totals,
    ),
)
