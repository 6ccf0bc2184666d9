"""Rules about a quantity in a unit that cannot measure it: 発電量 in kW, 気温 in %, 定員 in 円; and sizes that no place has. Passages in, hits out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.numerals import MEASURES, RUN, UNIT, form, shown, unit_of, value_of
from pipeline.checks.rule import Hit, Rule, Sheet
from pipeline.model import Severity

_PEOPLE = "人 組 席 世帯 団体 チーム 社 校 自治体 か国 都市"
_NOUNS: tuple[tuple[str, str, str], ...] = (  # the quantity, the kinds or counters that it may have, those that it cannot have
    (r"発電量|発電電力量|消費電力量|使用電力量|電力使用量|電気使用量|蓄電容量|電力消費量", "電力量", "出力 重さ 面積 円 人"),
    (r"出力|設備容量|定格出力|最大出力|発電能力|発電容量|総出力", "出力", "電力量 重さ 面積 人"),
    (
        r"(?:CO2|二酸化炭素|温室効果ガス)?(?:の)?(?:総)?(?:排出量|削減量|吸収量)|ごみ(?:の)?量|廃棄量|食品ロス(?:の)?量",
        "重さ",
        "電力量 出力 面積 長さ 人 温度",
    ),
    (r"面積|広さ|作付面積|森林面積|農地面積", "面積", "長さ 重さ 電力量 体積 人"),
    (r"全長|総延長|走行距離|移動距離|距離|航続距離", "長さ", "面積 重さ 体積 人 %"),
    (r"(?:最高|最低|平均)?(?:気温|室温|水温|地表温度|表面温度|路面温度)", "温度 度", "% 重さ 長さ 人"),
    (r"湿度", "%", "度 温度 長さ"),
    (r"(?:総)?人口", "人", "件 台 世帯 円 重さ 社 か国 枚 本 歳"),
    (r"(?:延べ)?(?:参加者数?|来場者数?|出席者数?|受講者数?|応募者数?|登壇者数?|利用者数?)", "人", "件 円 台 本 枚 点 重さ か国 社 歳 校"),
    (r"定員", _PEOPLE, "件 円 回 歳 重さ 本 枚 %"),
    (r"参加費|受講料|入場料|会費|参加料|入館料|年会費", "円", "人 件 歳 回 か国 本 枚 台 時間 長さ"),
    (r"事業費|総事業費|予算額?|補助額|補助金額|発行額|総工費|調達額", "円", "人 件 歳 重さ 長さ 度 か国 本 台"),
    (
        r"補助率|リサイクル率|資源化率|普及率|達成率|自給率|回収率|参加率|回答率|再生利用率|削減率|緑被率",
        "%",
        "人 円 件 度 重さ 歳 台 本 か国",
    ),
    (r"時差", "時間 分", "日 か月 度 長さ 人"),
    (r"降水量|降雨量|積雪", "長さ", "% 重さ 人 度"),
)
_LINK = r"(?:は|が|を|の|も|で|:|\||、|約|およそ|年間|合計|計|最大|平均|1人当たり|[ 　]|全体で|\([^()]{0,12}\)|それぞれ)"
_ENDS = re.compile(r"[。、）)\s|]|です|でした|に(?:達|な|上|増|減|抑)|で|の|を|が|から|と(?:な|推|見)|以上|超|減|増|削|上|下|低|高|$")


def _compiled() -> re.Pattern[str]:
    nouns = "|".join(f"(?P<q{n}>{noun})" for n, (noun, _, _) in enumerate(_NOUNS))
    return re.compile(
        rf"(?<![一-龠])(?:{nouns}){_LINK}{{0,4}}(?P<run>{RUN})(?P<unit>度(?!目)|℃|{UNIT})(?![\d一-龠ァ-ヶ]*[につ]き|当たり|あたり|に(?:つき|対)|[\d])"
    )


_PATTERN: list[re.Pattern[str]] = []
_BATTERY = re.compile(
    rf"(?:蓄電)?容量(?:が|は|約)?{RUN}[kMG]W(?!h)の(?:[^。、]{{0,6}})?(?:蓄電池|バッテリー)|蓄電池(?:の)?容量(?:は|が)?(?:約)?{RUN}[kMG]W(?!h)"
)
_HAS = re.compile(r"\d")
_WORDS = (
    *(
        "発電",
        "電力",
        "蓄電",
        "電気使用量",
        "出力",
        "容量",
        "排出量",
        "削減量",
        "吸収量",
        "廃棄量",
        "ごみ",
        "ロス",
        "降水量",
        "降雨量",
        "面積",
        "広さ",
        "全長",
        "延長",
        "距離",
    ),
    *(
        "気温",
        "室温",
        "水温",
        "温度",
        "湿度",
        "人口",
        "参加者",
        "来場者",
        "出席者",
        "受講者",
        "応募者",
        "登壇者",
        "利用者",
        "定員",
        "参加費",
        "受講料",
    ),
    *("入場料", "会費", "参加料", "入館料", "事業費", "予算", "補助", "発行額", "工費", "調達額", "率", "時差", "積雪"),
)


def units_of_quantities(sheet: Sheet) -> Iterator[Hit]:
    """発電量は12万kW, 面積は500km, 気温が1.5%上昇."""
    pattern = _PATTERN[0] if _PATTERN else _compiled()
    _PATTERN[:] = [pattern]
    for passage in sheet.prose:
        text = form(passage.text)
        if not any(word in text for word in _WORDS) or not _HAS.search(text):
            continue
        for match in pattern.finditer(text):
            if (wrong := _cannot(match)) and _ENDS.match(text, match.end()):
                what = match[wrong[0]]
                message = f"「{passage.raw[slice(*match.span())]}」：「{what}」を「{match['unit']}」で数えることはできません。"
                yield passage.hit(match.span(), message, f"単位（{wrong[1]}など）と数を、もとの資料で確かめてください。")
        for match in _BATTERY.finditer(text) if "容量" in text else ():
            message = f"「{passage.raw[slice(*match.span())]}」：蓄電池の容量はkWhで表します（kWは出力です）。"
            yield passage.hit(match.span(), message, "容量か出力か、もとの資料で確かめてください。")


def _cannot(match: re.Match[str]) -> tuple[str, str] | None:
    """The group of the quantity and what it may be counted in, if its unit cannot measure it."""
    number = (
        int((match.lastgroup or "q0")[1:])
        if (match.lastgroup or "").startswith("q")
        else next(n for n in range(len(_NOUNS)) if match[f"q{n}"])
    )
    _, right, wrong = _NOUNS[number]
    unit = "度" if match["unit"] in ("度", "℃") else unit_of(match["unit"])
    kind = MEASURES[unit][0] if unit in MEASURES else unit
    return (f"q{number}", right.split()[0]) if kind in wrong.split() else None


_SIZE = re.compile(rf"(?P<kind>[市町村県区])?(?:の)?[(、]?(?:総)?人口(?:は|が|:|、)?(?:約|およそ|推計)*(?P<run>{RUN})人")
_LARGEST = {"市": 4e7, "町": 1.2e5, "村": 1e5, "県": 1.5e8, "区": 2e6}


def sizes_of_places(sheet: Sheet) -> Iterator[Hit]:
    """高雄市（人口約270億人）: more people than any town has, or than there are."""
    for passage in sheet.prose:
        text = form(passage.text)
        for match in _SIZE.finditer(text) if "人口" in text else ():
            people, kind = value_of(match["run"]), match["kind"] or ""
            if people > _LARGEST.get(kind, 9e9) or (kind == "市" and people < 1000):
                message = f"「{passage.raw[slice(*match.span())]}」：{kind or '世界'}の人口として{shown(people)}人はあり得ません。"
                yield passage.hit(match.span(), message, "万・億のけたを、もとの資料で確かめてください。")


RULES = (
    Rule(
        code="CNT014",
        title="量と単位",
        severity=Severity.WARNING,
        reason="kWとkWh、kmとkm²のような単位の取り違えは、数の意味をまるごと変えます。",
        source="計量法、単位の照合（編集部の慣行）",
        bad="太陽光パネルの発電量は、年間12万kWです。",
        good="太陽光パネルの発電量は、年間12万kWhです。",
        find=units_of_quantities,
    ),
    Rule(
        code="CNT015",
        title="人口のけた",
        severity=Severity.WARNING,
        reason="海外の都市の人口は、万と億を取り違えやすい数です。",
        source="けたの照合（編集部の慣行）",
        bad="台湾・高雄市（人口約270億人）の取組です。",
        good="台湾・高雄市（人口約270万人）の取組です。",
        find=sizes_of_places,
    ),
)
