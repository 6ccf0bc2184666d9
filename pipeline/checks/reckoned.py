"""Rules about sums that a reader can do in the head: products, quotients, differences and rates of what stands in one breath. Passages in, hits out.

A number is only recalculated where the words say how it came about (1人3枚、20人で計80枚); about is never held against exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.layout import groups, sentences, table_of, top_items
from pipeline.checks.numerals import MEASURES, RUN, UNIT, Count, counts, form, shown, value_of
from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.checks.tallies import listed_before, tallied
from pipeline.model import Severity

_HINT = "計算し直し、どの数が正しいか、もとの資料で確かめてください。"
Found = tuple[tuple[int, int], str]  # where, and what it should be
_ABOUT = re.compile("約|およそ|余|超|以上|弱|強|程度|ほぼ|近く|平均")
_DATES = frozenset(
    ("年", "年度", "月", "日", "か月", "週間", "回目", "年目", "年間", "周年", "歳", "割", "倍", "条", "章", "ページ", "%", "ポイント", "")
)


def reckoned(sheet: Sheet) -> Iterator[Hit]:
    """各会場50人、5会場で計200人; 5町村で等分し、1町村当たり2万円; 36.4度…31.9度で、5.5度下がりました."""
    yield from tallied(sheet)
    for passage in sheet.prose:
        text = form(passage.text)
        if not _MANY.search(text):
            continue
        found: list[Found] = []
        if _EACH.search(text):
            found += [*_products(text), *_quotients(text)]
        for start, end in sentences(text):
            part = [count for count in counts(text) if start <= count.start < end and not count.ordinal]
            found += [*_differences(text, part, (start, end)), *_grown(text, part), *_times(text, part), *_mixed(text, part, start)]
        for span, why in dict.fromkeys(found):
            yield passage.hit(span, f"「{passage.raw[slice(*span)]}」は計算が合いません。{why}。", _HINT)


_MANY = re.compile(r"\d\D+\d+\D+\d")
_EACH = re.compile("当たり|あたり|につき|各|1[日人]|等分|均等")
_PRODUCT = re.compile(
    rf"(?:各|1)(?P<h>[一-龠ァ-ヶー]{{1,6}})(?:当たり|あたり|につき|ごとに|に|、|は|とも|ずつ)*(?P<loose>約|最大|平均|最低)?(?P<a>{RUN})(?P<u>{UNIT})[^。\d]{{0,8}}"
    rf"(?P<n>{RUN})(?P=h)[^。\d]{{0,6}}(?:計|合計|合わせて|あわせて|総勢|全部で)(?:で|は)?(?P<loose2>約)?(?P<t>{RUN})(?P=u)"
)
_DAILY = re.compile(
    rf"1日(?:当たり|あたり|に|平均|で)*(?P<l1>約)?(?P<a>{RUN})(?P<u>{UNIT})[^。\d]{{0,12}}(?:年間|1年(?:間)?|年に)(?:では|で|に|、|当たり)*(?P<l2>約)?(?P<t>{RUN})(?P<v>{UNIT})"
)


def _products(text: str) -> Iterator[Found]:
    """So much each, so many of them, so much in all; 1日5トン、年間18,000トン."""
    for match in _PRODUCT.finditer(text):
        amount = value_of(match["a"]) * value_of(match["n"])
        if abs(amount - value_of(match["t"])) > (0.1 * amount if match["loose"] or match["loose2"] else 1e-6):
            yield match.span("t"), f"{match['a']}{match['u']}×{match['n']}{match['h']}は{shown(amount)}{match['u']}です"
    for match in _DAILY.finditer(text):
        one, other = (MEASURES.get(match[unit], ("", 1.0)) for unit in ("u", "v"))
        if match["u"] == match["v"] or (one[0] and one[0] == other[0]):
            days = value_of(match["t"]) * other[1] / (value_of(match["a"]) * one[1] or 1)
            if not 40 <= days <= 400:
                yield match.span("t"), f"1日{match['a']}{match['u']}の365日分は{shown(value_of(match['a']) * 365)}{match['u']}です"


_RATE = re.compile(
    rf"1(?P<h>[一-龠ァ-ヶー]{{1,4}}?)(?:当たり|あたり|につき)[^。\d]{{0,10}}?(?P<loose>約|平均|最大|上限)?(?P<a>{RUN})(?P<u>{UNIT})"
)


def _quotients(text: str) -> Iterator[Found]:
    """12万円を5町村で等分し、1町村当たり2万円; in other words only where the numbers are a power of ten apart."""
    for match in _RATE.finditer(text):
        if match["loose"] in ("最大", "上限") or match["u"] == "%":
            continue
        rate = value_of(match["a"])
        found = [count for count in counts(text) if not count.ordinal]
        wholes = {
            count.value
            for count in found
            if count.unit == match["u"] and count.value > rate and not match.start() <= count.start < match.end()
        }
        numbers = {count.value for count in found if count.unit and text.startswith(match["h"], count.end) and count.value > 1}
        pairs = [(whole, number) for whole in wholes for number in numbers]
        if not pairs or any(abs(whole / number - rate) <= 0.1 * rate for whole, number in pairs):
            continue
        start = text.rfind("。", 0, match.start()) + 1
        if re.search("等分|均等|ずつ|割ると|割って|除した", text[start : match.end()]) and len(pairs) == 1:
            yield match.span("a"), f"{shown(pairs[0][0])}÷{shown(pairs[0][1])}は{shown(pairs[0][0] / pairs[0][1])}です"
        for whole, number in pairs if len(pairs) <= 4 else ():
            factor = whole / number / rate
            if any(abs(factor / 10.0**n - 1) <= 0.1 for n in (-3, -2, -1, 1, 2, 3)):
                yield (
                    match.span("a"),
                    f"{shown(whole)}{match['u']}÷{shown(number)}{match['h']}は約{shown(float(f'{whole / number:.3g}'))}{match['u']}です",
                )
                break


_MOVED = re.compile(r"(?:も|ほど|だけ)?(?:下が|上が|減|増|低く|高く|少な|多く|短縮|短く|縮|伸び|安く|高い|低い|涼し|暖か|の差|の開き)")
_TO = re.compile(
    r"(?:で|、|と|だった|でした|に|まで|の|その|差は|結果|下がり|上がり|なり|なって|ため|と比べて|に比べて|減り|増え|[()]|下がって|上がって)*"
)
_SINCE = re.compile(r"[^。\d]{0,12}(?:前年|前回|昨年|一昨年|前の年|\d{4}年|昨年度|前年度)(?:度|の同[月期])?(?:の|は)?$")


def _differences(text: str, found: list[Count], span: tuple[int, int]) -> Iterator[Found]:
    """36.4度あった…31.9度で、5.5度下がりました; 1,200人で、前年の800人から300人増."""
    marks = [(count, count.unit or text[count.stop : count.stop + 1]) for count in found]
    same = [(count, unit) for count, unit in marks if unit and (count.unit not in _DATES or unit in ("度", "℃"))]
    for (one, unit), (two, unit2), (moved, unit3) in zip(same, same[1:], same[2:], strict=False):
        stop = moved.stop + (0 if moved.unit else 1)
        if not unit == unit2 == unit3 or not _MOVED.match(text, stop) or _ABOUT.search(text[one.start - 2 if one.start > 1 else 0 : stop]):
            continue
        between, last = text[one.stop : two.start], text[two.stop + (0 if two.unit else 1) : moved.start]
        since = _SINCE.fullmatch(between) and re.fullmatch("(?:から|より|に比べて?|と比べて?|を|の)、?", last)
        if not (since or (_TO.fullmatch(last) and len(between) <= 40 and not re.search("うち|計|合わせ", between))):
            continue
        gap = abs(one.amount - two.amount)
        if abs(gap - moved.amount) > 1e-6 * max(1.0, one.amount) + (0.051 if "." in text[slice(*span)] else 0):
            size = MEASURES[moved.unit][1] if moved.unit in MEASURES else 1
            yield (moved.start, stop), f"差は{shown(float(f'{gap / size:.6g}'))}{text[moved.end : stop]}です"


_LESS = re.compile(
    r"(?:ほど|程度)?(?P<way>少ない|多い|減の|増の|減って|増えて|減らし[てた]|増やし[てた]|削減し[てた]|減少し[てた]|増加し[てた]|削減の"
    r"|カットした|引き?の|割引の|安い|高い)、?(?:約)?$"
)
_BASE = re.compile(r"から、?|より、?|に対し[^。\d]{0,8}|(?:に|と)比べ[^。\d]{0,8}|の[^。\d]{0,8}")


def _grown(text: str, found: list[Count]) -> Iterator[Found]:
    """200万トンから、51%減の102万トン; 30施設に比べて12施設、6割の増加."""
    for one, two, three in zip(found, found[1:], found[2:], strict=False):
        if two.unit in ("%", "割") and one.kind == three.kind and one.unit not in _DATES:
            way = _LESS.match(text[two.stop : three.start])
            if way and way.end() == three.start - two.stop and _BASE.fullmatch(text[one.stop : two.start].rstrip("約")):
                share = two.value * (10 if two.unit == "割" else 1) / 100
                up = way["way"].startswith(("増", "多", "高"))
                meant = one.amount * (1 + share if up else 1 - share)
                slack = (
                    0.06 * one.amount
                    if _ABOUT.search(text[max(0, one.start - 2) : three.stop + 2]) or two.unit == "割"
                    else 0.006 * one.amount
                )
                if abs(meant - three.amount) > slack:
                    size = MEASURES[three.unit][1] if three.unit in MEASURES else 1
                    kind = "増" if up else "減"
                    said = f"{text[one.start : one.stop]}の{text[two.start : two.stop]}{kind}は"
                    yield (three.start, three.stop), f"{said}{shown(meant / size)}{text[three.end : three.stop]}です"
        elif three.unit in ("%", "割") and one.kind == two.kind and one.unit not in _DATES and one.amount:
            gaps = text[one.stop : two.start], text[two.stop : three.start]
            compared = (
                re.search("比べ|より|に対し", gaps[0])
                and len(gaps[0]) < 16
                and re.fullmatch("[、(]|、率にして|で、?|に当たる|、約|、率で", gaps[1])
            )
            if compared and re.match("の?(?:増|減|伸び)", text[three.stop :]):
                told, real = three.value * (10 if three.unit == "割" else 1), 100 * two.amount / one.amount
                if abs(told - real) > (5.1 if three.unit == "割" else 1.1):
                    yield (three.start, three.stop), f"{text[two.start : two.stop]}は{text[one.start : one.stop]}の約{real:.3g}%です"


def _times(text: str, found: list[Count]) -> Iterator[Found]:
    """110万円と22万円で、4倍の開き."""
    for times in found:
        if times.unit != "倍" or not re.match("(?:近く|以上|もの|ほど|余り)*の?(?:開き|差|違い)", text[times.stop :]):
            continue
        pair = [count for count in found if count.stop <= times.start and count.unit not in _DATES]
        if len(pair) == 2 and pair[0].kind == pair[1].kind and min(pair[0].amount, pair[1].amount) > 0:
            real = max(pair[0].amount, pair[1].amount) / min(pair[0].amount, pair[1].amount)
            if (
                abs(real - times.value)
                > (0.15 if _ABOUT.search(text[pair[0].start - 2 if pair[0].start > 1 else 0 : times.stop + 3]) else 0.06) * real + 0.05
            ):
                yield (
                    (times.start, times.stop),
                    f"{text[pair[0].start : pair[0].stop]}と{text[pair[1].start : pair[1].stop]}は{real:.3g}倍の違いです",
                )


_SUM = re.compile(r"[一-龠]?(?:の|、|を|で|など)?(?:合わせて|あわせて|合計|計|総数|総計|全部で)(?:で|は)?$")


def _mixed(text: str, found: list[Count], start: int) -> Iterator[Found]:
    """小学校8校、公民館5館、空き店舗3店の計15か所: parts in units of their own."""
    for n, total in enumerate(found):
        if total.unit in _DATES or total.unit in MEASURES or not _SUM.search(text[max(start, total.start - 8) : total.start]):
            continue
        parts: list[Count] = []
        for before, after in zip(reversed(found[:n]), reversed(found[1 : n + 1]), strict=True):
            gap = text[before.stop : after.start]
            if after is not total and not re.fullmatch(r"[一-龠]?(?:、|と|、?及び|・)[^。、\d]{1,14}", gap):
                break
            if (after is total and not _SUM.fullmatch(gap)) or before.unit in _DATES - {""} or before.unit in MEASURES:
                break
            parts.insert(0, before)
        units = {part.unit or text[part.stop : part.stop + 1] for part in parts}
        if len(parts) < 2 or len(units) < 2 or _ABOUT.search(text[parts[0].start - 2 if parts[0].start > 1 else 0 : total.stop + 2]):
            continue
        if not any(sum(part.value for part in parts[k:]) == total.value for k in range(len(parts) - 1)):
            names = "＋".join(text[part.start : part.end] for part in parts)
            yield (total.start, total.stop), f"{names}は{shown(sum(part.value for part in parts))}です"


_COURSE = re.compile(
    r"(?<![第年月週\d])全(?P<a>\d{1,2})回|(?<![第年月週\d約])(?P<b>\d{1,2})回の(?:連続|オンライン|公開|[^。、\d]{0,8})?(?:講座|研修|セミナー|シリーズ|勉強会|教室|ワークショップ|講演会|会合|学習会)"
    r"|(?<![第年月週\d])(?P<c>\d{1,2})回(?:シリーズ|連続|にわたって|に分けて)"
)
_NTH = re.compile(rf"[\s{BLANK}・*-]*第(?P<n>\d{{1,2}})回")


def courses(sheet: Sheet) -> Iterator[Hit]:
    """5回の研修 in an item whose list runs from 第1回 to 第4回; 全4回 and 5回の講座 in one item."""
    files: dict[str, list[Passage]] = {}
    for passage in sheet.prose:
        if passage.article:
            files.setdefault(passage.path, []).append(passage)
    for passages in files.values():
        said = [
            (passage, match, int(match["a"] or match["b"] or match["c"]))
            for passage in passages
            for match in _COURSE.finditer(form(passage.text))
        ]
        if not said:
            continue
        held = _held(passages)
        for passage, match, number in said:
            whole = next((other for _, one, other in said if one["a"]), 0)
            right = held or (whole if not match["a"] else 0)
            if right and number != right and number > 1 and number > right - 2:
                message = f"「{passage.raw[slice(*match.span())]}」とありますが、{'一覧にあるのは' if held else '別のところでは全'}{right}回です。"
                yield passage.hit(match.span(), message, "回数と一覧を見比べてください。")


def _held(passages: list[Passage]) -> int:
    """How many sessions the one list or table of an item names, if it counts them from 第1回 on."""
    sizes = set()
    for block in groups(tuple(passages)):
        if block[0].kind == "item":
            labels = [_NTH.match(form(item.text)) for item in top_items(block)]
        elif block[0].kind == "row" and (table := table_of(block)):
            labels = [_NTH.match(cell.text) for cell in table.column(0)]
        else:
            continue
        numbers = [int(label["n"]) for label in labels if label]
        if len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1)) and len(numbers) == len(labels):
            sizes.add(len(numbers))
    return sizes.pop() if len(sizes) == 1 else 0


_PERSON = r"[一-龠々ァ-ヶー]{1,4}[ 　]?[一-龠々ぁ-んァ-ヶー]{1,5}(?:さん|氏)"
_PERSONS = re.compile(
    rf"(?P<list>{_PERSON}(?:(?:、|と|・|及び|および){_PERSON})+)[^。]*。(?P<n>\d{{1,2}}|[二三四五六七八九])人(?=[はがも]|とも)"
)


def persons(sheet: Sheet) -> Iterator[Hit]:
    """髙橋さん、田中さんと渡邉さんが話しました。2人は、…: a number that counts the names before it."""
    yield from listed_before(sheet)
    for passage in sheet.prose:
        text = form(passage.text)
        for match in _PERSONS.finditer(text) if "人" in text and ("さん" in text or "氏" in text) else ():
            listed = len(re.findall("さん|氏", match["list"]))
            if value_of(match["n"]) != listed:
                message = f"「{match['n']}人」とありますが、前に挙がっているのは{listed}人です。"
                yield passage.hit(match.span("n"), message, _HINT)


RULES = (
    Rule(
        code="CNT016",
        title="掛け算・割り算・差",
        severity=Severity.WARNING,
        reason="並んだ数から計算できる答えが違うと、読者はすべての数を疑います。",
        source="計算（編集部の慣行）",
        bad="各会場50人、5会場で計200人を募ります。先着順です。電話（075-000-0000）で受け付けます。",
        good="各会場50人、5会場で計250人を募ります。先着順です。電話（075-000-0000）で受け付けます。",
        find=reckoned,
    ),
    Rule(
        code="CNT017",
        title="連続する回数",
        severity=Severity.WARNING,
        reason="一覧の回を足したり減らしたりした後、「全4回」だけが古いまま残ります。",
        source="数と並びの照合（編集部の慣行）",
        bad="5回の講座を開きました。\n\n- 第1回　窓\n- 第2回　壁\n- 第3回　屋根\n- 第4回　床",
        good="4回の講座を開きました。\n\n- 第1回　窓\n- 第2回　壁\n- 第3回　屋根\n- 第4回　床",
        find=courses,
    ),
    Rule(
        code="CNT018",
        title="人の数",
        severity=Severity.WARNING,
        reason="名前を一人足した後、「2人は」だけが古いまま残ります。",
        source="数と並びの照合（編集部の慣行）",
        bad="見本花子さん、例示太郎さんと仮名次郎さんが話しました。2人は、高校生です。",
        good="見本花子さんと例示太郎さんが話しました。2人は、高校生です。",
        find=persons,
    ),
)
