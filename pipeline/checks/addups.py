"""Rules about totals whose parts stand in another sentence, in the list or in the table beside them: 内訳は…, 進行（5分）, 各日15組の計30組, 回答20自治体.

Passages in, hits out. A total is doubted only where the words say what makes it up and no reading makes it right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.layout import Cell, Table, groups, tables
from pipeline.checks.numerals import KANJI, RUN, UNIT, counts, form, shown, unit_of, value_of
from pipeline.checks.passages import Passage
from pipeline.checks.phrased import tolds
from pipeline.checks.rule import Hit, Sheet
from pipeline.model import Article

_HINT = "内訳を数え直し、どちらが正しいか、もとの資料で確かめてください。"
_OPEN = re.compile("ほか|など|等(?!級)|主な|うち|約|およそ|程度|重複|複数回答|延べ|のべ|以上|超|余")
_NO_PARTS = frozenset(
    ("年", "年度", "月", "日", "回目", "年目", "周年", "歳", "割", "倍", "条", "章", "ページ", "%", "ポイント", "", "円", "度")
)


def added_up(sheet: Sheet) -> Iterator[Hit]:
    """Each kind of total."""
    files: dict[str, list[Passage]] = {}
    for passage in sheet.prose:
        files.setdefault(passage.path, []).append(passage)
    for passage in sheet.prose:
        yield from _told(passage, form(passage.text), files[passage.path])
    for group in groups(sheet.prose):
        if group[0].kind == "item" and len(group) > 1:
            yield from _spoken(list(group), "")
            yield from _listed([(item, 0, form(item.text)) for item in group], files[group[0].path])
    for table in tables(sheet.prose):
        yield from _answers(table, files[table.header[0].passage.path])


def _told(passage: Passage, text: str, around: list[Passage]) -> Iterator[Hit]:
    if "内訳" in text:
        yield from _broken_down(passage, text)
    if "は、" in text:
        yield from _named(passage, text)
    if "回目" in text or "度目" in text:
        yield from _next(passage, text)
    if "各" in text and "計" in text:
        yield from _repeated(passage, text, around)
    if "1)" in text or "①" in text:
        yield from _listed(_points(passage, text), around) if len(_points(passage, text)) > 1 else ()
    yield from tolds(passage, text, around)
    if text.count("分)") > 1 and passage.kind == "paragraph":
        yield from _spoken([passage], text)


_DOWN = re.compile(r"内訳は、?(?:次のとおりです。)?(?P<parts>[^。]*\d[^。]*)")


def _broken_down(passage: Passage, text: str) -> Iterator[Hit]:
    """利用が100件に達しました。内訳は、問合せが46件、お礼が13件、日程の調整が23件です: nothing before is what they make."""
    for match in _DOWN.finditer(text):
        parts = [count for count in counts(text) if match.start("parts") <= count.start < match.end() and not count.ordinal]
        before = [count for count in counts(text) if count.stop <= match.start() and not count.ordinal]
        kinds = {part.kind for part in parts}
        wholes = [count for count in before if count.kind in kinds]
        if len(parts) < 2 or len(kinds) != 1 or kinds <= _NO_PARTS - {"円"} or not wholes or _OPEN.search(match[0]):
            continue
        amount = sum(part.amount for part in parts)
        sums = {amount, *(amount - part.amount for part in parts)}
        if not any(abs(whole.amount - one) < 1e-6 * max(1.0, one) for whole in wholes for one in sums):
            said = "、".join(text[part.start : part.stop] for part in parts)
            whole = text[wholes[-1].start : wholes[-1].stop]
            message = f"「{whole}」は、内訳の{said}の合計{shown(sum(part.value for part in parts))}と合いません。"
            yield passage.hit((parts[0].start, parts[-1].stop), message, _HINT)


_MANY = rf"(?P<n>\d{{1,2}}|{KANJI})"
_THINGS = "か国|[カヵヶケ]国|都市|自治体|市町村|市区町村|市町|市区|町村|市|区|町|村|県|都県|道県|都府県|校|社|団体|館|園|か所|箇所|施設|会場|駅|島|地区|部門|分野|項目|点|人|名|大学|機関|者|つ"
_ROLL = re.compile(
    rf"(?<![一-龠\d第,.]){_MANY}(?P<unit>{_THINGS})(?:と)?は、(?P<names>[^。、はがをに]{{1,20}}(?:、[^。、はがをに]{{1,20}}){{1,14}})(?:です|でした|である|の各[市町村国校都])"
)
_JOIN = re.compile("と(?!う|も|し|き|ち|ん|り)|及び|および|並びに")


def _named(passage: Passage, text: str) -> Iterator[Hit]:
    """8か国は、ブラジル、ボリビア、…、ベネズエラです: as many names as the number says."""
    for match in _ROLL.finditer(text):
        names = match["names"]
        if (
            _OPEN.search(names)
            or re.search(r"\d|から|まで|では|ので", names)
            or text[max(0, match.start() - 2) : match.start()].endswith(("ほか", "残り"))
        ):
            continue
        rough = [name for name in names.split("、") if name.strip()]
        most = sum(len(re.split("と|や|及び|および|並びに|・", name)) for name in rough)
        number = int(value_of(match["n"]))
        if not len(rough) <= number <= max(most, len(rough)):
            message = f"「{match['n']}{match['unit']}」とありますが、挙げられているのは{len(rough) if len(rough) == most else f'{len(rough)}～{most}'}です。"
            yield passage.hit((match.start("n"), match.end("unit")), message, _HINT)


_AFTER = re.compile(
    rf"(?P<years>(?:19|20)\d\d年(?:\([^()]*\))?(?:(?:、|・|と|、そして|及び)(?:19|20)\d\d年(?:\([^()]*\))?){{0,7}})(?:の[^。、\d]{{0,8}})?に"
    rf"(?:続く|続き|続いて|次いで|次ぐ|次ぎ)、?(?:[^。、\d]{{0,12}})?"
    rf"(?P<n>\d{{1,2}}|{KANJI})(?:回|度|例|都市|か国|か所)目"
)


def _next(passage: Passage, text: str) -> Iterator[Hit]:
    """2008年、2013年、2019年に続いて4回目."""
    for match in _AFTER.finditer(text):
        told = len(re.findall(r"(?:19|20)\d\d年", match["years"]))
        if value_of(match["n"]) != told + 1 and (told > 1 or value_of(match["n"]) < 2):
            message = f"「{text[match.start('n') : match.end()]}」とありますが、その前に挙げているのは{told}回です。"
            yield passage.hit((match.start("n"), match.end()), message, f"「{told + 1}回目」かどうかを確かめてください。")


_REPEATED = re.compile(
    rf"各(?P<each>[日回])(?:とも|ごとに|は|に|、)*[^。\d]{{0,6}}(?P<skip>[^。]{{0,14}}?)(?<![\d:.,~-])(?P<a>{RUN})(?P<u>{UNIT})(?:ずつ)?"
    rf"(?:、|の|で|\()*(?:合?計|全部で|合わせて|総計)(?:で|は)?(?P<t>{RUN})(?P<v>{UNIT})"
)


def _repeated(passage: Passage, text: str, around: list[Passage]) -> Iterator[Hit]:
    """各日15組の計30組 on two days; 各回とも…の3時間、計12時間 of four."""
    for match in _REPEATED.finditer(text):
        one, total = value_of(match["a"]), value_of(match["t"])
        if unit_of(match["u"]) != unit_of(match["v"]) or not one or match["u"] == "日" or re.search("[ABア-ン午]", match["skip"]):
            continue
        times = _sittings(passage.article, around, match["each"])
        ratio = total / one
        if abs(ratio - round(ratio)) > 1e-6 or (times and round(ratio) not in times):
            told = "・".join(str(n) for n in sorted(times)) or "整数"
            meant = "・".join(shown(one * n) for n in sorted(times))
            why = (
                f"{match['a']}{match['u']}の{told}{match['each']}分は{meant}{match['u']}です"
                if times
                else f"{match['a']}の倍数ではありません"
            )
            message = f"「計{match['t']}{match['v']}」は計算が合いません。{why}。"
            yield passage.hit((match.start("t"), match.end("v")), message, _HINT)


def _sittings(article: Article | None, around: list[Passage], each: str) -> set[int]:
    """How many days or sittings the item may speak of; empty if it does not say."""
    texts = [form(passage.text) for passage in around]
    whole = "\n".join(texts)
    found = (
        {
            int(value_of(n))
            for n in re.findall(
                rf"(?<![第\d,.月年/])(\d{{1,2}}|[二三四五六七八九十])(?:{each}間|{each})(?!目|[(（]|前|後|以|ま|か|は|時)", whole
            )
        }
        if each == "日"
        else set()
    )
    if each == "回":
        found |= {int(value_of(n)) for n in re.findall(r"(?<![第\d,.])(?:全|計)?(\d{1,2}|[二三四五六七八九十])回(?!目|以|ま|数)", whole)}
        last = [int(n) for n in re.findall(r"(?:^[\s|・-]*|\|\s*)第?(\d{1,2})回", whole, re.MULTILINE)]
        found |= {max(last)} if last else set()
    elif "両日" in whole or re.search(r"\d日(?:\([^)]*\))?(?:と|・)\d{1,2}日", whole):
        found.add(2)
    if each == "日" and article is not None and article.start and article.start.first:
        last_day = (article.end.first if article.end else None) or article.start.last or article.start.first
        found.add((last_day - article.start.first).days + 1)
    return found - {0, 1}


_MINUTES = re.compile(r"\((?:約)?(\d{1,3})分(?:間)?\)")
_COURSE = re.compile("進行|プログラム|次第|流れ|内容|構成|二部|2部|三部|3部|時間割")


def _spoken(items: list[Passage], text: str) -> Iterator[Hit]:
    """趣旨の説明（5分）, 報告（45分）… of a meeting that lasts 90 minutes; 報告（45分）と意見交換（45分）の二部構成."""
    article = items[0].article
    said = [(item, match) for item in items for match in _MINUTES.finditer(form(item.text))]
    if article is None or not article.start or len(said) < 2 or (not text and (len(said) != len(items) or len(said) < 3)):
        return
    begins, ends = article.start.begins, article.start.ends or (article.end.begins if article.end else None)
    if not begins or not ends or article.start.first != (article.start.last or article.start.first):
        return
    if (text and not _COURSE.search(text)) or any("約" in match[0] for _, match in said):
        return
    span = (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
    total = sum(int(match[1]) for _, match in said)
    if total != span and abs(total - span) <= 60:
        item, match = said[-1]
        message = f"内訳を足すと{total}分ですが、日時は{begins:%H:%M}～{ends:%H:%M}の{span}分です。"
        yield item.hit(match.span(1), message, "それぞれの時間と日時を確かめてください。休憩があれば、それも書きます。")


_THING = frozenset(
    [
        "基",
        "台",
        "か所",
        "館",
        "校",
        "園",
        "本",
        "点",
        "棟",
        "戸",
        "施設",
        "件",
        "団体",
        "社",
        "自治体",
        "都市",
        "市",
        "町",
        "村",
        "県",
        "か国",
        "店",
        "店舗",
        "房",
        "枚",
        "冊",
        "駅",
        "路線",
        "会場",
        "ブース",
        "区画",
        "事業",
        "施策",
        "ha",
        "kW",
    ]
)


Part = tuple[Passage, int, str]  # a point of a list: its passage, where it begins there, its text


def _points(passage: Passage, text: str) -> list[Part]:
    """The points of a paragraph that counts through: 1）…2）…3）…."""
    starts = [match.start() for match in _STEP.finditer(text)]
    if not starts:
        return []
    return [(passage, one, text[one:two]) for one, two in zip(starts, [*starts[1:], len(text)], strict=True)]


def _listed(items: list[Part], around: list[Passage]) -> Iterator[Hit]:
    """路地尊6基を歩く, and a list: はじめの2基, 商店街の2基, 近くの1基."""
    read = [[count for count in counts(text) if not count.ordinal and count.unit in _THING] for _, _, text in items]
    if any(len(row) != 1 for row in read) or len({row[0].unit for row in read}) != 1 or any(_OPEN.search(text) for _, _, text in items):
        return
    unit, amount = read[0][0].unit, sum(row[0].value for row in read)
    listed = {passage for passage, _, _ in items}
    heads = {
        count.value
        for passage in around
        if passage not in listed
        for count in counts(form(passage.text))
        if count.unit == unit and not count.ordinal and not _EACH.search(passage.text, max(0, count.start - 6), count.start)
    }
    odd = [head for head in heads if head != amount and max(row[0].value for row in read) < head and abs(head - amount) <= 3]
    if odd:
        said = "、".join(f"{shown(row[0].value)}{unit}" for row in read)
        passage, start, _ = items[-1]
        message = f"「{shown(odd[0])}{unit}」は、並べた{said}の合計{shown(amount)}{unit}と合いません。"
        yield passage.hit((start + read[-1][0].start, start + read[-1][0].stop), message, _HINT)


_STEP = re.compile(r"[(]\d{1,2}[)]|(?<![\d(/~.,-])\d{1,2}[)]|[①-⑳]")
_EACH = re.compile("各|それぞれ|最大|1つに")
_ASKED = re.compile(
    r"回答(?:数|者数|者|は|が|した|総数)*(?:、|:|\(|は)*(\d{1,4})(?:自治体|人|名|件|社|団体|校|市町村|世帯)|(?<![\d,.])(\d{1,4})(?:自治体|人|名|社|団体|校|市町村|世帯)"
    r"(?:の方)?(?:から|が|の)(?:の)?、?(?:ご)?回答"
)
_CHOICE = re.compile(
    "はい|いいえ|分からない|わからない|満足|賛成|反対|どちら|そう思う|ある|ない|済み|予定|検討|未定|無回答|している|実施|未"
)
_RATE = re.compile(r"(?<![\d,.])(?P<n>\d{1,3}(?:\.\d)?)(?P<u>%|割)(?!減|増|引|以|未|超|近|強|弱|[五5]分)")
_OF_ALL = re.compile(r"(?:全体の|割合が|割合は|のうち|自治体は|人は|方は|回答は|回答が|答えが|答えは)[^。\d]{0,16}$")


def _answers(table: Table, around: list[Passage]) -> Iterator[Hit]:
    """Of 回答20自治体 a table in which one question has 19 answers, and 全体の56％ that nothing in it makes."""
    texts = [(passage, form(passage.text)) for passage in around if passage.kind != "row"]
    stated = {int(match[1] or match[2]) for _, text in texts for match in _ASKED.finditer(text)}
    if not any(_CHOICE.search(cell.text) for cell in table.header[1:]) or any(
        "計" in cell.text or "複数" in cell.text for cell in table.header
    ):
        return
    rows = [(row, [int(cell.text.rstrip("人件")) for cell in row[1:] if re.fullmatch(r"\d{1,4}[人件]?", cell.text)]) for row in table.rows]
    if len(rows) < 2 or any(len(numbers) != len(table.header) - 1 or len(numbers) < 2 for _, numbers in rows):
        return
    sums = [sum(numbers) for _, numbers in rows]
    whole = next((n for n in sums if n in stated), None) or (
        max(set(sums), key=sums.count) if len(rows) > 2 and sums.count(max(set(sums), key=sums.count)) >= len(rows) - 1 else None
    )
    if whole is None or any("複数回答" in text for _, text in texts):
        return
    for (row, numbers), amount in zip(rows, sums, strict=True):
        if amount != whole:
            yield _odd_row(row[-1], numbers, whole)
    if all(amount == whole for amount in sums):
        yield from _shares(texts, [numbers for _, numbers in rows], whole)


def _odd_row(cell: Cell, numbers: list[int], whole: int) -> Hit:
    message = f"この行を足すと{sum(numbers)}（{'＋'.join(map(str, numbers))}）で、回答の数{whole}と合いません。"
    return cell.passage.hit((cell.start, cell.start + len(cell.text)), message, "集計のもとの表で確かめてください。")


def _shares(texts: list[tuple[Passage, str]], rows: list[list[int]], whole: int) -> Iterator[Hit]:
    """A share of all that is none of the table's numbers, nor two of one question."""
    parts = {n for row in rows for one in range(len(row)) for n in (row[one], *(row[one] + other for other in row[one + 1 :]))}
    for passage, text in texts:
        for match in _RATE.finditer(text):
            start = text.rfind("。", 0, match.start()) + 1
            scale = 100 if match["u"] == "%" else 10
            slack = 0.6 if scale == 100 else 0.51
            fits = any(abs(n / whole * scale - float(match["n"])) <= slack for n in parts)
            if not fits and _OF_ALL.search(text[start : match.start()]) and not re.search("前回|昨年|前年", text[start : match.start()]):
                message = f"「{match[0]}」は、表の回答の数（全{whole}）のどれとも合いません。"
                yield passage.hit(match.span(), message, "割合を計算し直してください。")
