"""Rules about a number and the list beside it, and about lists that count themselves: passages in, hits out.

Compared is only what stands side by side: 12自治体です behind the twelve names, 次の3点 above the three items, ①②④.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from pipeline.checks.gather import lines
from pipeline.checks.layout import groups, sentences, steps, table_of, top_items
from pipeline.checks.numerals import KANJI, RUN, UNIT, counts, form, unit_of, value_of
from pipeline.checks.passages import BLANK, Passage
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

_PLACES: dict[str, str] = {  # counter → the endings of the names that it counts
    "市": "市",
    "町": "町",
    "村": "村",
    "区": "区",
    "県": "県",
    "府": "府",
    "市町": "市町",
    "市区": "市区",
    "県市": "県市",
    "町村": "町村",
    "府県市": "府県市",
    "市町村": "市町村",
    "市区町村": "市区町村",
    "自治体": "都道府県市区町村",
    "都市": "都道府県市区町村",
    "都府県": "都府県",
    "都道府県": "都道府県",
    "府県": "府県",
}
_THINGS = frozenset(
    re.findall(
        r"\S+",
        "つ 点 項目 分野 部門 種類 本柱 団体 機関 企業 社 大学 校 か所 言語 テーマ コース 会場 施設 地区 地域 課題 段階 事業 施策 要素 原則 方法 柱 店 者 区分 議題"
        " 論点 提案 要望 理由 特徴 目標 か国 国 件 例 事例 回 人 作品 科目 品目 路線 駅 プロジェクト 道筋 取組",
    )
)
_LED = re.compile(r"(?P<link>(?:\([^()]{1,12}順\))?(?:、?(?:からなる|から成る|という|、以上(?:の)?|、合わせて)|、?の|))(?:主な|会員)?$")
_IN_KANJI = re.compile(
    r"(?:の|という|からなる|から成る|、以上)(?P<run>[二三四五六七八九十])(?P<unit>つ|市|点|団体|分野|部門|自治体|都市|か国|項目)"
)
_VERBS = re.compile(
    r"(?:^|(?<=[。はが「、]))(?P<list>(?:[一-龠ぁ-ん]{1,5}[うくぐすつぬぶむる]、)+[一-龠ぁ-ん]{1,5}[うくぐすつぬぶむる])の(?P<run>\d{1,2})(?P<unit>つ|点)"
)
_STOP = re.compile(
    r"[はがをにでもへばてしりくただるいか]$|から$|まで$|より$|ほか$|など$|等$|うち$|以[上下外内]$|[年月日中後前内側度間夏冬春秋朝夜今次]$"
)
_NEXT = re.compile(
    rf"(?:次|つぎ|以下|下記|下|左記)の(?:主な|新しい|とおり、?)?(?P<run>{RUN}|{KANJI})(?P<unit>{UNIT})(?!目|以上|前後|ほど|程度)", re.ASCII
)
_ONE_OF = (
    r"(?:第|目標|ゴール|午[前後])?(?:\d{4}年)?(?:\d{1,2}月)?\d{1,4}(?:日|年度?|月|条|回|章|号|:\d\d|時(?:\d\d分|半)?)?(?:\([^()]{1,8}\))?"
)
_AND = "、?(?:及び|および|並びに|と)|、|・"
_NUMBERS = re.compile(
    rf"(?<![\d,.~/A-Za-z-])(?P<list>{_ONE_OF}(?:(?:{_AND}){_ONE_OF}){{1,20}})(?:の(?:計|全|合計|合わせて|年|月)?|、(?:以上|計|全|合わせて)の?)"
    rf"(?P<run>{RUN}|{KANJI})(?P<unit>つ|回(?!目)|日間|[かカヵヶケ]年|[かカヵヶケ]月|点|目標|項目|年度|年間|章|条)"
)
_WEEKDAYS = re.compile(
    rf"(?<![一-龠])(?P<list>[月火水木金土日](?:曜日?)?(?:(?:{_AND})[月火水木金土日](?:曜日?)?)+)の?週(?P<run>{RUN}|{KANJI})(?P<unit>[回日])"
)
_FITS = {"回": "[日回0-9分時半曜月火水木金土]", "日": "[日曜月火水木金土]", "年": "[年度]", "年度": "度", "年間": "年", "か月": "月"}
_AHEAD = re.compile(
    rf"(?P<run>{RUN}|{KANJI})(?P<unit>つ|点|項目|条件|要望|柱|分野|課題|理由)(?:の?(?:[一-龠]{{0,4}}(?:条件|要望|柱|分野|課題|理由|方法|原則|要素|特徴|取組|視点|目標|段階"
    r"|論点|提案|点)|ポイント|テーマ))?(?:\(|:|は、?|が(?=あ)|を、|です。|でした。|があ|あり|ます。|ました。|、|。|として、?|とは、?|すなわち)*①"
)
_TOWN = re.compile(rf"^[\s{BLANK}・*-]*(?P<name>[^\s:(、。{BLANK}]{{1,7}}?[都道府県市区町村])(?=[{BLANK}\s:(、|]|$)")
_IN_ORDER = re.compile(r"\([^()]{1,8}順(?:[、,][^()]*)?\)。?$")
_AS_FOLLOWS = re.compile(r"次のとおり|以下のとおり|下記のとおり|次の通り|以下の通り|下記の通り")
_HEAD = re.compile(rf"^[#■◆○●【\s{BLANK}]*(?:[^。、]{{0,20}}?)(?P<run>{RUN})(?P<unit>つ|点|項目)(?:の[^。、\d]{{1,12}})?[】\s]*$", re.ASCII)
_LEFT_OUT = re.compile("ほか|など|等(?!級|々)|うち|以上|約|それぞれ|各|[～~→]")
_HINT = "数と並びを見比べて、足りないものや余分なものがないか確かめてください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A number that counts a list: where it stands in its passage, its value and counter."""

    passage: Passage
    span: tuple[int, int]
    value: int
    unit: str

    def hit(self, listed: int, names: str = "") -> Hit:
        """What is said and how many there are."""
        what = self.passage.raw[slice(*self.span)]
        message = f"「{what}」とありますが、並んでいるのは{listed}{'個' if self.unit == 'つ' else self.unit}です{names}。"
        return self.passage.hit(self.span, message.replace("個です", "つです" if listed < 10 else "個です"), _HINT)


_BY_KIND = re.compile(r"(?<!\d)(?:(?P<都>1)都)?(?:(?P<道>1)道)?(?:(?P<府>[12])府)?(?P<県>\d{1,2})県(?![^。]{0,4}(?:以上|余|など))")


def prefectures_by_kind(sheet: Sheet) -> Iterator[Hit]:
    """1都2府10県 above a table whose first column are prefectures, or beside one list of them."""
    for group in groups(sheet.prose):
        table = table_of(group) if group[0].kind == "row" else None
        names = [cell.text for cell in table.column(0)] if table else []
        if len(names) < 3 or not all(re.fullmatch("北海道|東京都|(?:大阪|京都)府|[一-龠]{2,3}県", name) for name in names):
            continue
        listed = {kind: sum(name.endswith(kind) for name in set(names)) for kind in "都道府県"}
        for passage in sheet.prose:
            text = form(passage.text) if passage.path == group[0].path and passage.kind != "row" else ""
            for match in _BY_KIND.finditer(text):
                said = {kind: int(match[kind] or 0) for kind in "都道府県"}
                if said != listed and (sum(map(bool, said.values())) > 1 or len(names) == listed["県"]):
                    right = "".join(f"{number}{kind}" for kind, number in listed.items() if number)
                    message = f"「{passage.raw[slice(*match.span())]}」とありますが、表に並んでいるのは{right}です。"
                    yield passage.hit(match.span(), message, _HINT)


def numbers_of_lists(sheet: Sheet) -> Iterator[Hit]:
    """A number that is not how many names, items or rows stand beside it."""
    for passage in sheet.prose:
        text = form(passage.text)
        yield from _behind_names(passage, text)
        yield from _before_bracket(passage, text)
        if "①" in text:
            yield from _before_marks(passage, text)
        if "、" in text or "・" in text or "と" in text:
            yield from _enumerated(passage, text)
    yield from _above_lists(groups(sheet.prose))
    yield from prefectures_by_kind(sheet)
    yield from headlines_of_lists(sheet)


def _said(passage: Passage, match: re.Match[str]) -> Said:
    value = value_of(match["run"])
    return Said(passage=passage, span=(match.start("run"), match.end("unit")), value=int(value), unit=unit_of(match["unit"]))


def _behind_names(passage: Passage, text: str) -> Iterator[Hit]:
    """A市、B市、C町の4自治体; 断熱、移動、食の4つ."""
    found = [
        Said(passage=passage, span=(count.start, count.stop), value=int(count.value), unit=count.unit)
        for count in counts(text)
        if not count.ordinal and (count.unit in _PLACES or count.unit in _THINGS)
    ]
    for said in (*found, *(_said(passage, match) for match in _IN_KANJI.finditer(text))):
        left = text[max(said.span[0] - 400, text.rfind("。", 0, said.span[0]) + 1) : said.span[0]]
        link = _LED.search(left)
        if ("、" not in left and "と" not in left and "・" not in left) or not link:
            continue
        names = municipalities_in(left[: link.start()], _PLACES[said.unit]) if said.unit in _PLACES else []
        if link["link"] and said.unit not in _PLACES and said.unit not in ("回", "件"):
            names = _things(left[: link.start()])
        least = 1 if said.unit in _PLACES or (names and names[0].startswith("①")) else 2
        near = abs(len(names) - said.value) <= 3 or sorted(str(len(names))) == sorted(str(said.value))
        if len(names) != said.value and len(names) > least and (near or said.unit in _PLACES):
            yield said.hit(len(names), f"（{'、'.join(names[:2])}…{names[-1]}）" if len(names) > 3 else f"（{'、'.join(names)}）")


def municipalities_in(left: str, endings: str) -> list[str]:
    """The names of municipalities that end a text, as far back as they stand in one list."""
    names: list[str] = []
    for part in reversed(re.split("、|・|(?<=[都道府県市区町村])と|と(?=[^、]*$)|及び|および|並びに|や(?=[^、]*$)", left)):
        name = re.sub(r"\([^()]*\)", "", part).strip(" 　「」【】" + BLANK)
        bare = re.split("[はがをでも](?=.{2})|には|から|:|】", name)[-1]
        if len(bare) < 2 or bare[-1] not in endings or re.search("[各本同他両全数]市$|各地|[0-9]", bare):
            break
        names.insert(0, bare)
        if bare != name:
            break
    return names


def _things(left: str) -> list[str]:
    """The members of a list that ends a text, as far back as they look like members."""
    names: list[str] = []
    if _LEFT_OUT.search(left[-8:]):
        return []
    if "①" in left:
        marks = re.findall("([①-⑳])([^①-⑳]*)", left[left.rindex("①") :])
        again = re.search(r"の(?:\d|[二三四五六七八九十])", marks[-1][1])  # the marks have been counted already
        return [mark + name for mark, name in marks] if not again and _run(mark for mark, _ in marks) == len(marks) else []
    for part in reversed(left.split("、")):
        name = re.sub(r"\([^()]*\)", "", part).strip(" 　「」" + BLANK)
        if not name or len(name) > 24 or _STOP.search(name) or re.search(r"\d", re.sub("^[①-⑳]", "", name)):
            break
        if re.search("うち$|うち、?目標", name):
            break
        bare = re.split("(?:には|では|は|として|について)(?=.{2})", name)[-1]
        names[:0] = [part for part in re.split("及び|および|並びに", bare) if part] if not names else [bare]
        if bare != name or part.lstrip().startswith("①"):
            break
    marked = [name for name in names if "①" <= name[0] <= "⑳"]
    return names if len(marked) in (0, len(names)) else []


def _run(marks: Iterable[str]) -> int:
    """How far marks count on from ①."""
    return sum(1 for _ in takewhile(lambda pair: ord(pair[1]) - ord("①") == pair[0], enumerate(marks)))


def _before_marks(passage: Passage, text: str) -> Iterator[Hit]:
    """条件は次の三つです。①…②…③…; 三つの要望（①…②…）."""
    for match in _AHEAD.finditer(text):
        marks = re.findall("[①-⑳]", text[match.end() - 1 :])
        size = _run(marks[:1] + list(takewhile(lambda mark: mark != "①", marks[1:])))
        said = _said(passage, match)
        if size > 1 and size != said.value and said.value > 1:
            yield said.hit(size)


def _enumerated(passage: Passage, text: str) -> Iterator[Hit]:
    """目標3、5、8の三つ; 7月5日、12日、19日の3回; 火・木・土の週3回."""
    for match in _VERBS.finditer(text) if "つ" in text or "点" in text else ():
        said = _said(passage, match)
        if match["list"].count("、") + 1 != said.value:
            yield said.hit(match["list"].count("、") + 1)
    for match in (*_NUMBERS.finditer(text), *_WEEKDAYS.finditer(text)):
        said = _said(passage, match)
        parts = re.split(_AND, re.sub(r"\([^()]*\)", "", match["list"]))
        tail = re.sub(r"\([^()]*\)$", "", parts[-1])[-1]
        if (
            re.search("(?:から|より|以降)$", text[: match.start()])
            or said.value < 2
            or not re.search(_FITS.get(said.unit, r"\d|条|章|号"), tail)
        ):
            continue
        if len(parts) != said.value:
            yield said.hit(len(parts))


def _before_bracket(passage: Passage, text: str) -> Iterator[Hit]:
    """12自治体（A市、B市、…）; 3点（…）; 4回（7月26日、…）."""
    for count in counts(text):
        if count.ordinal or text[count.stop : count.stop + 1] not in ("(", ":") or count.value != int(count.value):
            continue
        end = text.find(")", count.stop) if text[count.stop] == "(" else text.find("。", count.stop)
        inside = text[count.stop + 1 : end if end > 0 else len(text)]
        if "、" not in inside or "(" in inside or "。" in inside or _LEFT_OUT.search(inside):
            continue
        names = [name.strip(" 　「」") for name in re.sub("順$", "", inside).split("、") if name.strip()]
        if _counted(count.unit, names) and len(names) != count.value and abs(len(names) - count.value) <= max(2, 0.3 * count.value):
            said = Said(passage=passage, span=(count.start, count.stop), value=int(count.value), unit=count.unit)
            yield said.hit(len(names), f"（{'、'.join(names[:2])}…{names[-1]}）")


def _counted(unit: str, names: list[str]) -> bool:
    """Whether such a unit counts such names, so that they are no remarks."""
    if unit in _PLACES:
        return all(name[-1] in _PLACES[unit] for name in names)
    if unit == "人":
        return all(re.search("(?:氏|さん|長|知事|教授|員|者|議員|大使|様)$", name) for name in names)
    if unit in ("回", "日", "会場", "件", "枚", "組"):
        return all(re.search(r"\d日(?:\([^)]*\))?$", name) for name in names) if unit in ("回", "日") else False
    if unit in ("か国", "国"):
        return all(re.fullmatch("[ァ-ヶー・]+|[一-龠]{2,4}|[ァ-ヶー]+[一-龠]+", name) and len(name) < 14 for name in names)
    return unit in _THINGS and all(len(name) < 24 and not re.search(r"\d|[すたるい]$", name) for name in names) and len(names) > 2


def _above_lists(blocks: tuple[tuple[Passage, ...], ...]) -> Iterator[Hit]:
    """次の3点 and the list, the table or the line of names below."""
    for block, below in pairwise(blocks):
        passage = block[-1]
        if passage.path != below[0].path or passage.kind in ("field", "row"):
            continue
        text = form(passage.text)
        match = next(iter(reversed(list(_NEXT.finditer(text)))), None) or (_HEAD.search(text) if passage.kind == "heading" else None)
        said = _said(passage, match) if match else _as_follows(passage, text, below)
        if said is None or said.unit not in _THINGS | set(_PLACES) | {"回", "人", "会場", "日", "組", "章", "条", "部", "講座", "分科会"}:
            continue
        sizes = _sizes(below, said)
        if sizes and said.value not in sizes:
            yield said.hit(sizes[0])


def _as_follows(passage: Passage, text: str, below: tuple[Passage, ...]) -> Said | None:
    """The number of the sentence that leads up to a list: it says 次のとおり or (五十音順), or the list holds nothing but municipalities."""
    if below[0].kind not in ("row", "item"):
        return None
    towns = towns_of(below)
    spans = tuple(sentences(text))
    for start, end in spans:
        told = _AS_FOLLOWS.search(text, start, end) or _IN_ORDER.search(text[start:end])
        if told or (towns and end == spans[-1][1] and not re.search("会員は|うち", text[start:end])):
            fit = [
                said for said in _sized(passage, text, (start, end)) if told or (said.unit in _PLACES and abs(said.value - len(towns)) < 4)
            ]
            if len(fit) == 1:
                return fit[0]
    return None


def _sized(passage: Passage, text: str, span: tuple[int, int]) -> list[Said]:
    """The numbers of a sentence that can count rows; 三つの市 counts as 3市."""
    units = ("つ", "自治体", "団体", "会場", "か所", "か国", "点", "項目", "市", "都市")
    found = [
        Said(passage=passage, span=(count.start, count.stop), value=int(count.value), unit=count.unit)
        for count in counts(text)
        if span[0] <= count.start < span[1] and not count.ordinal and count.unit in units
    ]
    found += [
        _said(passage, match)
        for match in re.finditer("(?P<run>[二三四五六七八九])(?P<unit>つ)の", text[: span[1]])
        if match.start() >= span[0]
    ]
    ours = re.compile("の(?:会員)?(?:自治体|市|都市)")
    return [replace(said, unit="自治体") if said.unit == "つ" and ours.match(text, said.span[1]) else said for said in found]


def towns_of(block: tuple[Passage, ...]) -> list[str]:
    """The municipalities that a list or the first column of a table consists of; none if anything else stands among them."""
    if block[0].kind == "item":
        heads = [form(item.text) for item in top_items(block)]
    else:
        table = table_of(block) if block[0].kind == "row" else None
        columns = [[cell.text for cell in table.column(n)] for n in range(len(table.header))] if table else []
        heads = next((column for column in columns if len(column) > 1 and all(map(_TOWN.match, column))), [])
    found = [match["name"] for head in heads if (match := _TOWN.match(head))]
    return found if len(found) == len(heads) and len(found) > 1 else []


def headlines_of_lists(sheet: Sheet) -> Iterator[Hit]:
    """8つの会員自治体が賛同 above an article whose one list in 五十音順 holds seven."""
    lists: dict[str, list[list[str]]] = {}
    said: dict[str, set[float]] = {}
    for passage in sheet.prose:
        if passage.article and passage.key not in ("title", "prefix"):
            text = form(passage.text)
            for match in re.finditer(r"\((?:五十音|建制)順\)", text):
                start = text.rfind("。", 0, match.start()) + 1
                lists.setdefault(passage.path, []).append(municipalities_in(text[start : match.start()], "都道府県市区町村"))
            said.setdefault(passage.path, set()).update(count.value for count in counts(text) if count.unit in ("自治体", "つ", "市"))
    for block in groups(sheet.prose):
        if len(towns := towns_of(block)) > 2:
            lists.setdefault(block[0].path, []).append(list(dict.fromkeys(towns)))
    for passage in sheet.prose:
        found = [names for names in lists.get(passage.path, []) if names] if passage.key in ("title", "prefix") else []
        for match in (
            re.finditer(rf"(?P<run>{RUN})(?P<unit>自治体|つの会員自治体|つの自治体)", form(passage.text)) if len(found) == 1 else ()
        ):
            number = value_of(match["run"])
            if len(found[0]) > 2 and number != len(found[0]) and number not in said[passage.path]:
                message = f"「{passage.raw[slice(*match.span())]}」とありますが、本文に並んでいるのは{len(found[0])}自治体です。"
                yield passage.hit(match.span(), message, _HINT)


_LINE = re.compile(rf"[\s{BLANK}・*-]*第(?:\d{{1,2}}|{KANJI})[章条部回節]")


def _sizes(below: tuple[Passage, ...], said: Said) -> list[int]:
    """Every number of things that the block below may be said to hold, the plainest first; none if it is no list."""
    first = below[0]
    if first.kind == "item":
        top = top_items(below)
        return [len(top), len(below)] if len(top) > 1 else []
    if first.kind == "row":
        return _sizes_of_table(below)
    marks = steps(first.text) if first.kind == "paragraph" else ()
    numbered = [line for start, end in lines(first) if (line := _LINE.match(form(first.text[start:end])))]
    if len(marks) > 1 or len(numbered) > 1:
        return [max(len(marks), len(numbered))]
    names = (
        municipalities_in(form(first.text).rstrip("。です)").partition("(")[0], _PLACES.get(said.unit, "")) if said.unit in _PLACES else []
    )
    return [len(names)] if len(names) > 2 else []


def _sizes_of_table(below: tuple[Passage, ...]) -> list[int]:
    table = table_of(below)
    if table is None or len(table.rows) < 2:
        return []
    columns = [table.column(n) for n in range(len(table.header))]
    named = [sum(len(re.split("、|・", cell.text)) for cell in column if cell.text) for column in columns]
    distinct = [len({cell.text for cell in column if cell.text}) for column in columns]
    totals = [int(count.value) for cell in table.total for count in counts(cell.text)]
    return [len(table.rows), *named, *distinct, *totals]


RULES = (
    Rule(
        code="CNT001",
        title="数と並びの件数",
        severity=Severity.WARNING,
        reason="並べた名前や項目を足したり削ったりした後、数だけが古いまま残ります。",
        source="数と並びの照合（編集部の慣行）",
        bad="参加したのは、飯田市、札幌市、広島市（五十音順）の4市です。",
        good="参加したのは、飯田市、札幌市、広島市（五十音順）の3市です。",
        find=numbers_of_lists,
    ),
)
