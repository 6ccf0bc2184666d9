"""The lists of names: whole, and right where experience says that lists are wrong."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date

import pytest

from tests.builders import ROOT

DATA = ROOT / "pipeline/checks/data"


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a list."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


MUNICIPALITIES = rows("municipalities.csv")
CURRENT = {(row["prefecture"], row["name"]) for row in MUNICIPALITIES if not row["until"]}


def test_every_municipality_of_japan_is_there_once() -> None:
    """As the ministry counts them: 1,741 with Tokyo's wards, without the six villages of the Northern Territories."""
    count = Counter(row["kind"] for row in MUNICIPALITIES if not row["until"])
    assert count == {"都道府県": 47, "市": 792, "特別区": 23, "町": 743, "村": 183, "区": 171}
    assert len(CURRENT) == sum(count.values())
    assert {row["prefecture"] for row in MUNICIPALITIES} == {row["name"] for row in MUNICIPALITIES if row["kind"] == "都道府県"}


@pytest.mark.parametrize(
    "place",
    [
        *(
            "茨城県 龍ケ崎市",
            "神奈川県 茅ヶ崎市",
            "千葉県 鎌ケ谷市",
            "千葉県 袖ケ浦市",
            "長野県 駒ヶ根市",
            "宮城県 七ヶ浜町",
            "岩手県 金ケ崎町",
        ),
        *("岐阜県 関ケ原町", "青森県 鰺ヶ沢町", "神奈川県 横浜市保土ケ谷区", "宮城県 塩竈市", "広島県 廿日市市", "三重県 四日市市"),
        *(
            "石川県 野々市市",
            "奈良県 葛城市",
            "東京都 葛飾区",
            "高知県 檮原町",
            "北海道 釧路市",
            "北海道 釧路町",
            "東京都 八丈町",
            "東京都 三宅村",
        ),
        *("福岡県 那珂川市", "栃木県 那珂川町", "宮城県 富谷市", "兵庫県 丹波篠山市", "静岡県 浜松市中央区", "静岡県 浜松市浜名区"),
        *("福島県 双葉町", "福島県 浪江町", "大阪府 四條畷市", "奈良県 大和郡山市", "群馬県 榛東村"),
    ],
)
def test_names_that_lists_get_wrong_are_right(place: str) -> None:
    """ケ or ヶ, old characters, counties and islands in front: the name that the municipality itself bears."""
    assert tuple(place.split()) in CURRENT


def test_readings_are_hiragana_without_a_county() -> None:
    """A reading sorts a list of cities; a county or a stray small letter would sort it wrongly."""
    for row in MUNICIPALITIES:
        assert set(row["reading"]) <= {chr(code) for code in range(0x3041, 0x3097)} | {"ー"}, row
    found = {(row["prefecture"], row["name"]): row["reading"] for row in MUNICIPALITIES}
    assert found["群馬県", "榛東村"] == "しんとうむら"
    assert found["北海道", "ニセコ町"] == "にせこちょう"
    assert found["京都府", "京都市"] == "きょうとし"


def test_what_ended_names_what_took_its_place() -> None:
    """An editor is told the name of today, which is in the same prefecture; no name ends before it begins."""
    for row in MUNICIPALITIES:
        assert bool(row["until"]) == bool(row["became"])
        assert all((row["prefecture"], name) in CURRENT for name in row["became"].split())
        if row["since"] and row["until"]:
            assert date.fromisoformat(row["since"]) < date.fromisoformat(row["until"])
    gone = {row["name"]: row["until"] for row in MUNICIPALITIES if row["until"]}
    assert [gone[f"浜松市{ward}区"] for ward in ("中", "東", "西", "南", "北", "浜北")] == ["2023-12-31"] * 6


def test_conferences_sit_in_known_places_in_their_year() -> None:
    """Every venue is a city of its country, every day lies in the year, and a sitting does not end before it begins."""
    places = {(name, row["country"]) for row in rows("places.csv") for name in (row["name"], *row["also"].split("|"))}
    towns = {row["name"].removesuffix("市") for row in MUNICIPALITIES if row["kind"] == "市"}
    for row in rows("conferences.csv"):
        assert (row["city"], row["country"]) in places or row["city"] in towns or not row["city"], row
        assert all(day.startswith(row["year"]) for day in (row["start"], row["end"]) if day), row
        assert row["start"] <= row["end"]
    numbers = Counter(row["treaty"] for row in rows("conferences.csv"))
    assert numbers["UNFCCC"] >= 31
    assert numbers["CBD"] >= 17


def test_abbreviations_are_listed_once() -> None:
    """One abbreviation, one organisation; every row has a Japanese and an English name."""
    found = rows("organisations.csv")
    assert max(Counter(row["abbreviation"] for row in found).values()) == 1
    assert all(row["japanese"] and row["english"] for row in found)
