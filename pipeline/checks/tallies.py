"""Numbers that the item itself can be counted for: 対面が3回 above a table with two, 4県6市町 above three prefectures, 市を含む13者 beside 13者と, 15組20人.

Passages in, hits out, for the rules about sums and persons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.facts import own
from pipeline.checks.layout import tables
from pipeline.checks.numerals import RUN, form, value_of
from pipeline.checks.passages import Passage
from pipeline.checks.rule import Hit, Sheet
from pipeline.model import Severity

_HINT = "数え直し、どの数が正しいか、もとの資料で確かめてください。"


def tallied(sheet: Sheet) -> Iterator[Hit]:
    """Every number that the item's own tables, lists and words deny."""
    for article in sheet.issue.articles:
        passages = tuple(passage for passage in own(sheet, article) if not passage.is_data)
        texts = [(passage, form(passage.text)) for passage in passages if passage.kind != "row"]
        if any(passage.kind == "row" for passage in passages):
            columns = [[cell.text for cell in table.column(n)] for table in tables(passages) for n in range(len(table.header))]
            yield from _in_columns(texts, columns)
            yield from _against_total(passages, texts)
        whole = "\n".join(text for _, text in texts)
        for passage, text in texts:
            yield from _with_itself(passage, text)
            yield from _pairs(passage, text, whole)
            yield from _gaps(passage, text)


def _off(passage: Passage, span: tuple[int, int], why: str) -> Hit:
    return passage.hit(span, f"「{passage.raw[slice(*span)]}」：{why}", _HINT, severity=Severity.WARNING)


_EACH = re.compile(r"(?P<what>[一-龥ァ-ヴー]{2,10})(?:が|は)(?P<n>\d{1,2})(?:回|件|人|名|社|団体|市|か所|講座|校)(?![目以])")
_PREFECTURES = re.compile(r"(?<![\d第])(?P<n>\d{1,2})(?:都道府県|道府県|都府県|府県|県)(?=(?:の)?\d{1,3}(?:市|区|町|自治体))")


def _in_columns(texts: list[tuple[Passage, str]], columns: list[list[str]]) -> Iterator[Hit]:
    """対面が3回、オンラインが1回 above a table with two of each; 4県6市町 above a column with three prefectures."""
    prefectures = [set(cells) for cells in columns if cells and all(re.fullmatch(".{1,3}[都道府県]", cell) for cell in cells)]
    for passage, text in texts:
        for match in _PREFECTURES.finditer(text) if len(prefectures) == 1 else ():
            if int(match["n"]) != len(prefectures[0]):
                yield _off(passage, match.span(), f"表にあるのは{len(prefectures[0])}です。")
        found = list(_EACH.finditer(text)) if "が" in text or "は" in text else []
        for cells in columns if len(found) >= 2 else ():
            named = [match for match in found if match["what"] in cells]
            if len({match["what"] for match in named}) == len(set(cells)) >= 2:
                for match in named:
                    if int(match["n"]) != cells.count(match["what"]):
                        yield _off(passage, match.span(), f"表では{cells.count(match['what'])}です。")


_AMOUNT = re.compile(rf"(?<![\d.])(?P<n>{RUN})(?P<u>億円|万円|千円|円|万トン|トン|kWh|MW|kW|ha|件|人)")


def _against_total(passages: tuple[Passage, ...], texts: list[tuple[Passage, str]]) -> Iterator[Hit]:
    """発行額は200億円 above a table that comes to 20億円."""
    for table in tables(passages):
        for cell in table.total[1:]:
            total = _AMOUNT.fullmatch(cell.text)
            value = value_of(total["n"]) if total else 0
            same = [(p, m) for p, text in texts for m in _AMOUNT.finditer(text) if total and m["u"] == total["u"]]
            if not total or not value or any(value_of(match["n"]) == value for _, match in same):
                continue
            for passage, match in same:
                if any(abs(value_of(match["n"]) / value / 10.0**n - 1) < 1e-9 for n in (-2, -1, 1, 2)):
                    yield _off(passage, match.span(), f"表の合計は{cell.text}です。")


_WITH = re.compile(
    r"(?P<a>\d{1,3})(?P<u>者|社|市|市町|団体|自治体|機関|校|か国|組織)と(?!も|なり|し)[^\n]{0,40}?(?:市|県|町|村|区|府|都|イクレイ日本|主催者)を(?:含む|含めた?|加えた|合わせた)"
    r"(?:計|全)?(?P<b>\d{1,3})(?P=u)"
)
_YEARLY = re.compile(r"(?P<n>\d{1,2})年間(?:で|の)?(?:、)?(?:合?計|延べ)[^。()]{1,12}[(](?P<list>(?:\d{4}年度?[^。()、]{1,12}、?)+)[)]")


def _with_itself(passage: Passage, text: str) -> Iterator[Hit]:
    """13者と協定を結び、市を含む13者が…; 3年間で計85件（2022年度38件、2023年度47件）."""
    for match in _WITH.finditer(text) if "を" in text else ():
        if int(match["a"]) >= int(match["b"]):
            yield _off(passage, match.span("a"), f"後には、みずからを含めて{match['b']}{match['u']}とあります。")
    for match in _YEARLY.finditer(text) if "年間" in text else ():
        years = len(re.findall(r"\d{4}年", match["list"]))
        if int(match["n"]) != years and "~" not in match["list"] and "から" not in match["list"]:
            yield _off(passage, match.span("n"), f"かっこの中に並ぶのは{years}年分です。")


_GROUPS = re.compile(r"(?<!\d)(?P<g>\d{1,3})組[、(]?(?:計|合計)?(?P<p>\d{1,4})(?:人|名)(?!まで|以)")
_COUPLED = re.compile("親子|保護者|ペア|[2二]人[1一]組|夫婦|家族")


def _pairs(passage: Passage, text: str, whole: str) -> Iterator[Hit]:
    """小学生と保護者15組20人."""
    for match in _GROUPS.finditer(text) if "組" in text else ():
        if int(match["p"]) < 2 * int(match["g"]) and _COUPLED.search(whole):
            yield _off(passage, match.span(), f"1組が2人以上なら、{match['g']}組は{2 * int(match['g'])}人以上です。")


_POINTS = re.compile(r"それぞれ、?(?P<list>[\d.]+ポイント(?:(?:、|と)[\d.]+ポイント)+)")


def _gaps(passage: Passage, text: str) -> Iterator[Hit]:
    """30%と20.5%、13.3%…それぞれ10.5ポイント、16.7ポイントの開き: one fits, the other does not."""
    for match in _POINTS.finditer(text) if "ポイント" in text else ():
        rates = [float(rate) for rate in re.findall(r"(\d+(?:\.\d+)?)%", text[: match.start()])]
        gaps = {round(abs(one - other), 2) for one in rates for other in rates}
        told = re.findall(r"\d+(?:\.\d+)?", match["list"])
        wrong = [one for one in told if round(float(one), 2) not in gaps]
        if 0 < len(wrong) < len(told) and len(rates) <= 5:
            yield _off(passage, match.span(), f"前に挙げた割合の差に、{wrong[0]}ポイントはありません。")


_PERSON = r"[一-龠々ァ-ヶー]{1,4}[ 　]?[一-龠々ぁ-んァ-ヶー]{1,5}(?:さん|氏)"
_LISTED = re.compile(rf"{_PERSON}(?:(?:、|と|・|及び|および){_PERSON})+")
_HEAD = re.compile(r"^(?P<n>\d{1,2}|[二三四五六七八九])人(?=[はがも]|とも)")


def listed_before(sheet: Sheet) -> Iterator[Hit]:
    """髙橋さん、田中さんと渡邉さんが… in one paragraph and 2人は、… at the head of the next."""
    for article in sheet.issue.articles:
        paragraphs = [passage for passage in own(sheet, article) if passage.kind == "paragraph"]
        lists = [match[0] for passage in paragraphs for match in _LISTED.finditer(form(passage.text))]
        for passage in paragraphs if len(lists) == 1 else ():
            match = _HEAD.match(form(passage.text))
            names = len(re.findall("さん|氏", lists[0]))
            if match and value_of(match["n"]) != names:
                yield _off(passage, match.span(), f"前に挙がっているのは{names}人です。")
