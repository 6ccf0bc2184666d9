"""Numbers as Japanese newsletters print them: text in, values with their units and their places out; nothing is judged here.

All offsets are those of the text that was given: the copy that is searched has narrow signs and the same length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

_NARROW = {0xFF01 + n: 0x21 + n for n in range(94)} | {ord("〜"): "~", ord("−"): "-", ord("，"): ","}
SIMPLE = r"(?:\d{1,3}(?:,\d{3}){1,5}|\d{1,15})(?:\.\d{1,9})?"  # bounded: a draft may hold a million digits
RUN = rf"{SIMPLE}[百千]?[万億兆]?(?:(?<=[百千万億兆]){SIMPLE}[百千]?[万億兆]?){{0,6}}"
KANJI = r"[一二三四五六七八九十]{1,3}"
_PART = re.compile(rf"(?P<number>{SIMPLE})(?P<small>[百千]?)(?P<large>[万億兆]?)")
_SCALE = {"": 1.0, "百": 1e2, "千": 1e3, "万": 1e4, "億": 1e8, "兆": 1e12}
_DIGITS = {digit: n for n, digit in enumerate("〇一二三四五六七八九")}

_MEASURES = """
長さ 0.001 mm ミリメートル ミリ
長さ 0.01 cm センチメートル センチ
長さ 1 m メートル
長さ 1000 km キロメートル
長さ 1609.344 マイル
長さ 0.3048 フィート
長さ 0.9144 ヤード
長さ 0.0254 インチ
面積 1 ㎡ m² m2 平方メートル 平米
面積 1e6 ㎢ km² km2 平方キロメートル 平方キロ
面積 1e4 ha ヘクタール
面積 100 アール
面積 3.3058 坪
面積 4046.86 エーカー
面積 2589988 平方マイル
面積 0.0929 平方フィート
体積 0.001 mL ml ミリリットル
体積 1 L ℓ リットル
体積 1000 kL kl キロリットル ㎥ m³ m3 立方メートル
体積 3.785 ガロン
重さ 1e-6 mg ミリグラム
重さ 1e-3 g グラム
重さ 1 kg キログラム キロ
重さ 1000 t トン t-CO2 トンCO2
電力量 1 Wh
電力量 277.778 MJ
電力量 277778 GJ
電力量 1e3 kWh キロワット時
電力量 1e6 MWh メガワット時
電力量 1e9 GWh ギガワット時
電力量 1e12 TWh
出力 1 W ワット
出力 1e3 kW キロワット
出力 1e6 MW メガワット
出力 1e9 GW ギガワット
時間 0.0166667 秒 秒間
時間 1 分 分間
時間 60 時間
温度 1 ℃ °C 度C
華氏 1 ℉ °F 度F
円 1 円
米ドル 1 米ドル USドル USD
ドル 1 ドル
ユーロ 1 ユーロ
ウォン 1 ウォン
元 1 人民元 元
"""
# unit → (what it measures, how many of the first of its kind)
MEASURES: dict[str, tuple[str, float]] = {
    unit: (kind, float(size)) for kind, size, *units in map(str.split, _MEASURES.strip().split("\n")) for unit in units
}
_SAME = {"名": "人", "名様": "人", "%": "%", "パーセント": "%", "日間": "日", "店舗": "店"}
_COUNTERS = (
    "市区町村 市町村 府県市 県市 市区 町村 市町 都道府県 都府県 道府県 府県 自治体 都市 団体 機関 企業 社 大学 校 名様 名 人 件 点 つ 項目 分野 部門 種類 本柱 本 台 組 回目 回 例 事例 施策 事業"
    " 課題 段階 言語 テーマ コース 会場 施設 地区 地域 世帯 戸 棟 冊 枚 頭 羽 匹 票 店舗 店 品目 作品 チーム グループ"
    " クラス 学級 教室 講座 コマ セッション 分科会 ブース 区画 班 便 曲 枠 箱 袋 杯 席 室 路線 駅 周年 年度 年間 年目 年 日間 日 週間 パーセント % ポイント"
    " 割 倍 歳 条 章 ページ 字 名所 科目 者 団 柱 原則 要素 方法 工程 区分 区間 府省 省庁 議題 論点 目標 提案 提言 要望 理由 特徴 ポイント 会議 プロジェクト 道筋 取組 市 区 町 村 都 道 府 県 州 郡 国"
)
_FLEXIBLE = {
    r"[かカヵヶケ箇]国": "か国",
    r"[かカヵヶケ箇]所": "か所",
    r"[かカヵヶケ箇]月": "か月",
    r"[かカヵヶケ箇]年": "年",
    r"[かカヵヶケ箇]条": "条",
    r"基(?![準本礎金地])": "基",
    r"編(?![成集制])": "編",
    r"口(?!座|コミ)": "口",
    r"通(?![信学勤])": "通",
    r"株(?![式主])": "株",
    r"部(?![門局長署会品分屋])": "部",
    r"両(?![国県市者町日])": "両",
    r"館(?![内長外名員])": "館",
    r"園(?![内長外児芸])": "園",
    r"房(?![総])": "房",
    r"個(?![人所別])": "個",
    r"機(?![関器能械構会])": "機",
}
_WORDS = sorted({*MEASURES, *_COUNTERS.split()}, key=len, reverse=True)
_PLAIN = "|".join(re.escape(word) + ("(?![A-Za-z0-9²³])" if word[-1].isascii() and word[-1].isalnum() else "") for word in _WORDS)
UNIT = "|".join((*_FLEXIBLE, _PLAIN))
_COUNT = re.compile(rf"(?<![A-Za-z\d.,/~^-])(?P<first>US\$|\$|€)?(?P<run>{RUN})(?!\d|[,./]\d)(?:余り|余|数)?(?P<unit>{UNIT})?", re.ASCII)
MOST = 400  # numbers of one passage that are looked at: beyond that it is a data table
_DIGIT = re.compile("[0-9]")
_ORDINAL = re.compile(r"(?:第|vol\.|Vol\.|VOL\.|No\.|COP|INC|SDGs?)\s?$")


class Count(NamedTuple):
    """A number in a text: ``start`` to ``end`` is the number, ``stop`` the end of its unit; ``unit`` in its one spelling, "" if there is none.

    ``ordinal``: 第4回 counts nothing.
    """

    start: int
    end: int
    stop: int
    value: float
    unit: str
    ordinal: bool = False

    @property
    def kind(self) -> str:
        """What is measured: 長さ, 面積 …; of things that are counted the counter itself."""
        return MEASURES[self.unit][0] if self.unit in MEASURES else self.unit

    @property
    def amount(self) -> float:
        """The value in the first unit of its kind (m, ㎡, L, kg, Wh, W, 分)."""
        return self.value * MEASURES[self.unit][1] if self.unit in MEASURES else self.value


@lru_cache(maxsize=4096)
def form(text: str) -> str:
    """The copy that is searched: narrow digits, letters and brackets, as long as the text."""
    return text.translate(_NARROW)


def value_of(run: str) -> float:
    """The value of ``1億5,000万``, ``3千万``, ``三``, ``十二``."""
    if run[0] in "一二三四五六七八九十":
        tens, ten, ones = run.partition("十") if "十" in run else ("", "", run)
        return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)
    parts = _PART.finditer(run)
    return sum(float(part["number"].replace(",", "")) * _SCALE[part["small"]] * _SCALE[part["large"]] for part in parts)


@lru_cache(maxsize=2048)
def counts(text: str) -> tuple[Count, ...]:
    """Every number of a text that went through ``form``, in order."""
    return tuple(islice(_read(text), MOST)) if _DIGIT.search(text) else ()


def _read(text: str) -> Iterator[Count]:
    for match in _COUNT.finditer(text):
        unit = unit_of(match["unit"] or {"US$": "米ドル", "$": "ドル", "€": "ユーロ"}.get(match["first"] or "", ""))
        ordinal = bool(_ORDINAL.search(text, max(0, match.start() - 6), match.start()))
        yield Count(match.start(), match.end("run"), match.end(), value_of(match["run"]), unit, ordinal)


def unit_of(word: str) -> str:
    """The one spelling of a unit: ヶ国 is か国, 名 is 人."""
    if len(word) == 2 and word[0] in "かカヵヶケ箇":
        return next((name for pattern, name in _FLEXIBLE.items() if re.fullmatch(pattern, word)), word)
    return _SAME.get(word, word)


def shown(value: float) -> str:
    """The value as the house prints it: ``1,500``, ``3,000億``, ``0.5``."""
    for size, name in ((1e12, "兆"), (1e8, "億"), (1e4, "万")):
        if abs(value) >= size and abs(value / size * 10 - round(value / size * 10)) < 1e-6:
            return f"{value / size:,.10g}{name}"
    return f"{value:,.10g}"
