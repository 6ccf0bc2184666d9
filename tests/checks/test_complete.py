"""What an item that invites must say, and the many ways of saying it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks.complete import RULES
from tests.checks.sheets import codes, found_in

WHOLE = {
    "自治体": "京都市",
    "タグ": "参加者募集",
    "日時": "2025-02-27 14:00～16:00",
    "会場": "市民会館",
    "締切": "2025年2月14日（金）",
    "申込": "https://www.example.jp/form/",
    "問合せ先": "環境課　a@example.jp",
}


def item(
    *without: str, body: str = "本文です。", title: str = "食品ロスのセミナー", section: str = "会員自治体ニュース", **entries: str
) -> str:
    """A whole invitation without some of its entries."""
    head = "".join(f"{key}: {value}\n" for key, value in (WHOLE | entries).items() if key not in without)
    return f"---\n見出し: {title}\n欄: {section}\n{head}---\n\n{body}\n"


BAD = [
    ("COMP001", item("締切")),
    ("COMP001", item("締切", "日時", "会場", タグ="意見募集", title="計画（案）への意見を募集")),
    ("COMP001", item("締切", "タグ", "日時", "会場", title="まちの木陰の写真を募集")),
    ("COMP001", item("締切", "タグ", "日時", "会場", title="委員を公募")),
    ("COMP001", item("締切", body="セミナーは2月27日に開きます。")),
    ("COMP002", item("申込")),
    ("COMP002", item("申込", "日時", "会場", タグ="意見募集")),
    ("COMP002", item("問合せ先")),
    ("COMP003", item("日時")),
    ("COMP003", item("会場")),
    ("COMP003", item(日時="2025-02-27")),
    ("COMP003", item("日時", "会場", "締切", "申込", "問合せ先", "タグ", section="イベントカレンダー")),
    ("COMP004", item(掲載許諾="依頼中（1月20日に照会）")),
    ("COMP005", item(body="申込みは、次のURLからお願いします。")),
    ("COMP005", item("日時", "会場", "タグ", "締切", "申込", body="参加した自治体は、次のとおりです。")),
    ("COMP005", item(body="申込みの状況は、次の表のとおりです。受け付けています。")),
    ("COMP006", item("自治体")),
    ("COMP007", item(申込="kankyo@example")),
    ("COMP007", item(body="ご意見は kankyo@example. までお送りください。")),
    ("COMP007", item(問合せ先="環境課　電話：075-000-000")),
    ("COMP002", item("申込", 問合せ先="環境課", body="メールでお申し込みください。")),
    ("COMP001", item("締切", body="受講決定は、2月20日（木）までに申込者全員にお知らせします。")),
    ("COMP001", item("締切", body="8月1日（金）から9月30日（火）までの間で20日以上、勤務できる方を募集します。")),
    ("COMP001", item(締切="", body="なお、締切を2月28日（金）まで延長しました。")),
    ("COMP003", item("会場", title="参加者を募集、親子の自然観察会")),
    ("COMP003", item("会場", title="ボランティア養成講座の受講者を募集")),
    ("COMP008", item(body="| 箇所 | 誤 | 正 |\n|---|---|---|\n| 締切 | 2月14日 | 2月14日 |")),
]
GOOD = [
    item(),
    item("締切", body="定員になり次第、締め切ります。"),
    item("締切", body="先着順に受け付けます。"),
    item("締切", "申込", body="申込不要です。当日、直接会場へお越しください。"),
    item("締切", body="2月14日（金）までにお申し込みください。"),
    item("締切", body="- 申込期限：2月14日（金）17:00"),
    item("締切", body="| 項目 | 内容 |\n|---|---|\n| 募集期間 | 1月6日（月）～2月14日（金） |"),
    item("締切", body="通年で募集しています。"),
    item("締切", body="2月14日（金）までにお申し込みいただいた方に、URLをお知らせします。"),
    item("締切", body="受付期間は、2月3日（月）から14日（金）までの12日間です。"),
    item("日時", "会場", title="夏期インターンを2名程度募集します"),
    item("日時", "会場", title="太陽光パネルの共同購入、2月12日に受付開始"),
    item("日時", "会場", title="クーリングシェルターの協力施設を募集"),
    item("日時", "会場", title="脱炭素の作文コンクール、作品を募集"),
    item("日時", "会場", title="環境審議会の市民委員を2名募集"),
    item("締切", body="締切はありません。"),
    item("申込", body="電話（075-000-0000）でお申し込みください。"),
    item("申込", body="メールで環境課までお申し込みください。"),
    item("申込", 詳細="https://www.example.jp/", body="詳細のページのフォームからお申し込みください。"),
    item("問合せ先", body="問合せは、環境課までお願いします。"),
    item("会場", body="オンライン（Zoom）で開きます。"),
    item("日時", body="- 日時：2月27日（木）14:00～16:00"),
    item(日時="2025年2月27日（木）～3月2日（日）"),
    item("締切", "日時", "会場", "申込", "問合せ先", "タグ", title="作品募集の結果を公表"),
    item("締切", "日時", "会場", "申込", "問合せ先", "タグ", title="委員の公募を終了しました"),
    item("締切", "日時", "会場", "申込", "問合せ先", タグ="開催報告"),
    item("締切", "日時", "会場", "申込", "問合せ先", タグ="再掲"),
    item("締切", "日時", "会場", "申込", "問合せ先", "タグ", "自治体", section="イベントカレンダー", body="2025年に開かれます。"),
    item("自治体", 冠="イクレイ会員4自治体"),
    item(掲載許諾="1月20日に京都市から"),
    item(body="次のURLからお願いします。\n\nhttps://www.example.jp/form/"),
    item(body="次のページから[申込み](https://www.example.jp/form/)ができます。次のページをめくる"),
    item("日時", "会場", "タグ", "締切", "申込", body="参加した自治体は、次のとおりです。\n\n- 京都市"),
    item(body="次の表をご覧ください。\n\n| a | b |\n|---|---|\n| c | d |"),
    item(問合せ先="環境課　電話：075-000-0000（内線123）、FAX（075）000-0000、TEL 090-0000-0000"),
    item(body="X（@iclei_japan）と、a.b+c@example.lg.jpまで。"),
    item(body="| 箇所 | 誤 | 正 |\n|---|---|---|\n| 締切 | 2月14日（木） | 2月14日（金） |"),
]


@pytest.mark.parametrize(("code", "text"), BAD)
def test_what_is_missing_is_named_once(tmp_path: Path, code: str, text: str) -> None:
    """One thing left out, one finding."""
    ((_, findings),) = found_in(tmp_path, [text], RULES)
    assert [finding.code for finding in findings] == [code]


def test_every_way_of_answering_counts(tmp_path: Path) -> None:
    """Body, list, table; 先着順 and 申込不要; results, reports and repeats; a calendar that knows only the year."""
    assert {line: found for line, found in codes(found_in(tmp_path, GOOD, RULES)).items() if found} == {}
