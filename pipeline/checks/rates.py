"""Rules about differences, changes and shares that a text states together with what they are made of: passages in, hits out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.checks.layout import Table, groups, sentences, tables
from pipeline.checks.numerals import MEASURES, Count, counts, form, shown
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

_DATES = frozenset(("年", "年度", "月", "日", "か月", "週間", "回目", "年目", "年間", "周年", "割", "倍", "%", "ポイント", ""))
_HINT = "もとの数から計算し直し、どちらが正しいか、もとの資料で確かめてください。"
_FALL = "削減|減少|減ら|減り|減|低減|低下|下が|縮小|節約|短縮|少な|安"
_RISE = "増加|増や|増え|増|上昇|上が|伸び|拡大|多|高"
_MOVED = re.compile(rf"(?:以上|超|近く)?(?:の|も|を|ほど|程度|、)*(?:(?P<fall>{_FALL})|(?P<rise>{_RISE}))")
_FROM = re.compile(r"(?:\([^()]*\))?から、?[^。]{0,20}$")
_THEN = re.compile(r"[^。、]*(?:、[^。をがは]*)?")  # behind a comma another thing may change
_GAP = re.compile(r"(?:その|両者の|料金の|2つの)?(?:差|差額|開き)(?:は|が|額は)(?:約|わずか)?$")
_BASE = re.compile(
    r"(?P<base>(?:19|20)\d\d)年度?(?:の[^、。\d]{0,10})?(?:に比べ|と比べ|に対し|比)[^。\d]{0,12}?(?P<rate>\d{1,3}(?:\.\d+)?)%(?P<way>[^。\d]{0,4})"
)
_LABEL = re.compile(r"((?:19|20)\d\d)年度?(?:の|における|に|は|、|:|\()[^。、\d]{0,15}$")
_SHARE = re.compile(r"(?P<rate>\d{1,3}(?:\.\d+)?)(?P<unit>%|割)に(?:当たる|相当する|あたる|上る)、?(?:約|およそ)?$")
_OF = re.compile(r"(?:の|、)?うち、?[^。、\d]{0,12}$|中、?[^。、\d]{0,8}$")
_RATE_BEHIND = re.compile(r"\((?:全体の|約|およそ)*(?P<rate>\d{1,3}(?:\.\d+)?)%\)")
_REST = re.compile("その他|無回答|わからない|分からない|残り")


def changes(sheet: Sheet) -> Iterator[Hit]:
    """A change in per cent, in times or as a difference, that the two numbers beside it do not make."""
    yearly = {table.header[0].passage.path: _yearly(table) for table in tables(sheet.prose)}
    for passage in sheet.prose:
        text = form(passage.text)
        if not any(word in text for word in ("%", "倍", "差", "割", "半減")):
            continue
        for start, end in sentences(text):
            found = tuple(count for count in counts(text) if start <= count.start < end and not count.ordinal)
            yield from _from_to(passage, text, found, (start, end))
            yield from _difference(passage, text, found)
        yield from _since(passage, text, yearly.get(passage.path, {}))
    for table in tables(sheet.prose):
        yield from _compared(table)


def shares(sheet: Sheet) -> Iterator[Hit]:
    """A share that is not that part of the whole beside it; shares that should make 100% and do not."""
    for passage in sheet.prose:
        text = form(passage.text)
        if "%" in text or "割" in text:
            yield from _part(passage, text)
            for start, end in sentences(text):
                yield from _whole([(passage, count) for count in counts(text) if start <= count.start < end], text[start:end])
    for group in groups(sheet.prose):
        if group[0].kind == "item" and len(group) > 2:
            rates = [[count for count in counts(form(item.text)) if count.unit == "%"] for item in group]
            if all(len(row) == 1 for row in rates):
                pairs = [(item, row[0]) for item, row in zip(group, rates, strict=True)]
                yield from _whole(pairs, "内訳" + form(group[-1].text))


def _from_to(passage: Passage, text: str, found: tuple[Count, ...], span: tuple[int, int]) -> Iterator[Hit]:
    """1,200万トンから600万トンへ50%削減, 20件から60件へと3倍."""
    plain = [count for count in found if count.unit not in _DATES or (count.unit == "%" and "ポイント" in text[slice(*span)])]
    pairs = [(a, b) for a, b in pairwise(plain) if a.kind == b.kind and a.value and _FROM.fullmatch(text[a.stop : b.start])]
    rates = [count for count in found if count.unit in ("%", "割", "倍", "ポイント") and not any(count in pair for pair in pairs)]
    if len(pairs) != 1 or len(rates) != 1:
        return
    (first, second), rate = pairs[0], rates[0]
    moved = _MOVED.match(text, rate.stop)
    behind = _THEN.fullmatch(text[second.stop : rate.start]) if rate.start > second.stop else re.search(r"\($", text[: first.start])
    if not behind:
        return
    if rate.unit != "倍" and not moved:
        return
    slack = 3.0 if "約" in text[slice(*span)] else 1.0
    fact, said = _change(first, second, rate.unit), rate.value
    wrong_way = moved is not None and rate.unit != "倍" and bool(moved["fall"]) == (second.amount > first.amount)
    if abs(abs(fact) - said) > (0.1 * slack * max(1.0, said * 0.5) if rate.unit in ("倍", "割") else slack * 0.6) or wrong_way:
        pair = f"{text[first.start : first.stop]}から{text[second.start : second.stop]}"
        meant = _worded(fact, rate.unit)
        yield passage.hit((rate.start, rate.stop), f"「{text[rate.start : rate.stop]}」は合いません。{pair}は、{meant}です。", _HINT)


def _change(first: Count, second: Count, unit: str) -> float:
    if unit == "倍":
        return second.amount / first.amount
    if unit == "ポイント":
        return second.value - first.value
    return (second.amount - first.amount) / first.amount * (10 if unit == "割" else 100)


def _worded(fact: float, unit: str) -> str:
    return f"{fact:.3g}倍" if unit == "倍" else f"{abs(fact):.3g}{unit}の{'増加' if fact > 0 else '減少'}"


def _difference(passage: Passage, text: str, found: tuple[Count, ...]) -> Iterator[Hit]:
    """6万2,000ウォン…6万5,000ウォンで、その差は3,000ウォン."""
    last: dict[str, tuple[Count, ...]] = {}  # the two numbers of each kind that stand nearest before
    for gap in found:
        before = last.get(gap.kind, ())
        last[gap.kind] = (*before[-1:], gap)
        if len(before) < 2 or not _GAP.search(text, max(0, gap.start - 8), gap.start):
            continue
        fact = abs(before[-1].amount - before[-2].amount)
        loose = "約" in text[before[-2].start - 2 : gap.start]
        if abs(fact - gap.amount) > (0.1 * fact if loose else 1e-6 * max(fact, 1)):
            meant = shown(fact / (MEASURES[gap.unit][1] if gap.unit in MEASURES else 1)) + text[gap.end : gap.stop]
            pair = "と".join(text[count.start : count.stop] for count in before[-2:])
            message = f"「{text[gap.start : gap.stop]}」は合いません。{pair}の差は{meant}です。"
            yield passage.hit((gap.start, gap.stop), message, _HINT)


def _since(passage: Passage, text: str, yearly: dict[int, float]) -> Iterator[Hit]:
    """2013年度に比べて50%削減, where the paragraph or the table beside it gives the amounts of both years."""
    amounts, shown_as = dict(yearly), {year: shown(value) for year, value in yearly.items()}
    units = set()
    for count in counts(text):
        label = _LABEL.search(text, max(0, count.start - 30), count.start) if count.unit not in _DATES else None
        if label and int(label[1]) not in amounts:
            amounts[int(label[1])], shown_as[int(label[1])] = count.amount, text[count.start : count.stop]
            units.add(count.kind)
    for match in _BASE.finditer(text) if len(units) < 2 and not (units and yearly) else ():
        base, said = int(match["base"]), text[text.rfind("。", 0, match.start()) + 1 : match.start()]
        others = [year for year in amounts if year != base]
        named = [year for year in others if str(year) in said]
        target = named[0] if len(named) == 1 else others[0] if len(others) == 1 else None
        if target is None or not amounts.get(base) or not _MOVED.match(match["way"]):
            continue
        fact = (amounts[target] - amounts[base]) / amounts[base] * 100
        if abs(abs(fact) - float(match["rate"])) > (3 if "約" in match[0] else 0.6):
            message = f"「{match['rate']}%」は合いません。{shown_as[base]}から{shown_as[target]}は、{_worded(fact, '%')}です。"
            yield passage.hit(match.span("rate"), message, _HINT)


def _yearly(table: Table) -> dict[int, float]:
    """Year → amount of a table whose first column are years and that has one column of amounts."""
    heads = [cell.text for cell in table.header]
    amounts = [n for n, head in enumerate(heads) if n and not re.search("比|率|回|年|主な|備考", head)]
    rows = [row for row in table.rows if len(row) == len(heads) and re.fullmatch(r"(?:19|20)\d\d(?:年度?)?", row[0].text)]
    if len(amounts) != 1 or len(rows) != len(table.rows):
        return {}
    return {int(row[0].text[:4]): found[0].value for row in rows if len(found := counts(row[amounts[0]].text)) == 1}


def _compared(table: Table) -> Iterator[Hit]:
    """A column 2018年度比 beside the one column of amounts."""
    heads = [cell.text for cell in table.header]
    rated = [(n, year[1]) for n, head in enumerate(heads) if (year := re.search(r"((?:19|20)\d\d)年度?比", head))]
    amounts = [n for n, head in enumerate(heads) if n and not re.search("比|率|回|年", head)]
    if len(rated) != 1 or len(amounts) != 1:
        return
    number, since = rated[0]
    rows = [row for row in table.rows if len(row) == len(heads)]
    values = {row[0].text[:4]: numbers[0].value for row in rows if len(numbers := counts(row[amounts[0]].text)) == 1}
    for row in rows:
        found = re.fullmatch(r"([-+−▲△]?)(\d+(?:\.\d+)?)%?(減|増)?", row[number].text)
        value, base = values.get(row[0].text[:4]), values.get(since)
        if found and value is not None and base:
            fact, told = abs(value - base) / base * 100, float(found[2])
            bare = not found[1] and not found[3]
            if abs(fact - told) > 1 and not (bare and abs(value / base * 100 - told) <= 1):
                cell = row[number]
                message = (
                    f"「{cell.text}」は合いません。{shown(base)}と{shown(value)}では、{fact:.3g}%の{'増' if value > base else '減'}です。"
                )
                yield cell.passage.hit((cell.start, cell.start + len(cell.text)), message, _HINT)


def _part(passage: Passage, text: str) -> Iterator[Hit]:
    """60万haで、その20%に当たる12万ha; 100人のうち20人（20%）."""
    found = [count for count in counts(text) if count.unit not in _DATES and not count.ordinal]
    for n, count in enumerate(found):
        wholes = [other for other in found[:n] if other.kind == count.kind and other.amount > 0]
        share = _SHARE.search(text, max(0, count.start - 20), count.start)
        if share and wholes:
            rate = float(share["rate"]) / (100 if share["unit"] == "%" else 10)
            if not any(abs(whole.amount * rate - count.amount) <= 0.06 * count.amount for whole in wholes):
                yield _no_part(passage, text, (wholes[-1], count), share)
        behind = _RATE_BEHIND.match(text, count.stop)
        if behind and wholes and _OF.fullmatch(text[wholes[-1].stop : count.start]):
            fact = count.amount / wholes[-1].amount * 100
            if abs(fact - float(behind["rate"])) > max(1.0, 0.04 * fact):
                yield _no_part(passage, text, (wholes[-1], count), behind)


def _no_part(passage: Passage, text: str, pair: tuple[Count, Count], share: re.Match[str]) -> Hit:
    whole, part = (text[count.start : count.stop] for count in pair)
    fact = pair[1].amount / pair[0].amount * 100
    message = f"「{part}」は「{whole}」の{fact:.3g}%です（「{share[0].strip('()')}」とあります）。"
    return passage.hit((pair[1].start, pair[1].stop), message, _HINT)


def _whole(pairs: list[tuple[Passage, Count]], text: str) -> Iterator[Hit]:
    """Shares of one whole, the rest among them, make 100%."""
    rates = [(passage, count) for passage, count in pairs if count.unit == "%"]
    if len(rates) < 3 or not _REST.search(text) or not re.search("内訳|割合|構成|回答|では|は、", text) or "複数" in text:
        return
    amount = sum(count.value for _, count in rates)
    if abs(amount - 100) > 1.01 and 80 <= amount <= 120 and not any(word in text for word in ("うち", "前回", "前年", "増", "減")):
        passage, last = rates[-1]
        message = f"割合を足すと{amount:.4g}%になり、100%になりません。"
        yield passage.hit((last.start, last.stop), message, "割合を一つずつ確かめてください。四捨五入のためなら、そう書き添えます。")


RULES = (
    Rule(
        code="CNT010",
        title="増減・差",
        severity=Severity.WARNING,
        reason="もとの数から計算できる割合や差が違うと、読者は計画や実績を取り違えます。",
        source="計算（編集部の慣行）",
        bad="排出量を1,200万トンから600万トンへと、40%減らします。",
        good="排出量を1,200万トンから600万トンへと、50%減らします。",
        find=changes,
    ),
    Rule(
        code="CNT011",
        title="割合",
        severity=Severity.WARNING,
        reason="全体と部分の数が並んでいれば、割合の誤りは読者にも計算できてしまいます。",
        source="計算（編集部の慣行）",
        bad="県の面積は60万haで、保全区域はその20%に当たる18万haです。",
        good="県の面積は60万haで、保全区域はその20%に当たる12万haです。",
        find=shares,
    ),
)
