"""What an item that invites must say, and the many ways of saying it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks import asked, complete, promised, unfinished
from tests.checks.sheets import codes, found_in

RULES = (*complete.RULES, *asked.RULES, *promised.RULES, *unfinished.RULES)
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


def news(body: str, *, title: str = "食品ロスの取組", **entries: str) -> str:
    """An item that invites nobody by its tag or title."""
    head = "".join(f"{key}: {value}\n" for key, value in ({"自治体": "京都市"} | entries).items())
    return f"---\n見出し: {title}\n欄: 会員自治体ニュース\n{head}---\n\n{body}\n"


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
    ("COMP001", item("タグ", "締切", title="食品ロスを学ぶ")),
    ("COMP001", item("締切", タグ="再掲")),
    ("COMP013", news("皆様の職場での工夫を、ぜひお寄せください。", 問合せ先="環境課　a@example.jp")),
    ("COMP014", item(主催="")),
    ("COMP014", item(参加費="")),
    ("COMP014", item(締切="", body="先着順です。")),
    ("COMP014", item(会場="未記入")),
    ("COMP014", item(申込="後日お知らせします")),
    ("COMP003", item("会場", body="学校や大学の先生も、食品ロスの講座で学びます。")),
    ("COMP002", item("申込", body="参加を希望される方は、お早めにお申し込みください。")),
    ("COMP002", item("申込", 参加費="無料（資料の郵送を希望する方は500円）", body="申込みの際に、聞いてみたいことをお書きください。")),
    ("COMP013", news("皆様のご応募をお待ちしています。", title="環境ポスターのコンクール")),
    ("COMP013", news("参加は先着50名です。ふるってご参加ください。", 日時="2025-02-22 10:00～12:00", 会場="鴨川")),
    ("COMP013", news("補助金の申請を受け付けています。")),
    ("COMP013", news("アンケートへのご協力をお願いします。")),
    (
        "COMP003",
        item(
            "主催", "自治体", "問合せ先", タグ="参加者募集", 冠="", body="問合せは、事務局までお願いします。", section="イクレイ日本の活動"
        ),
    ),
    ("COMP003", news("会場は、開会の前から満席でした。", タグ="開催報告", title="シンポジウムを開催")),
    ("COMP004", news("写真は、ご本人の承諾が取れ次第、掲載します。")),
    ("COMP005", news("対象となる工事は、次のとおりです。\n\n施工は、市内に本店を置く事業者に依頼してください。")),
    ("COMP005", news("市は、次の3点を重視しています。\n\n計画は、4月に始まります。")),
    ("COMP005", news("会長と副会長は、次の4人です。\n\n会長らは、これから3年間、活動を率います。")),
    ("COMP005", news("プログラムは以下の通り：")),
    ("COMP005", news("次のとおり、4月からの半年で100件の申請がありました。")),
    ("COMP005", news("上記URLからもご覧いただけます。")),
    ("COMP009", news("使用量は30％減りました※1。")),
    ("COMP009", news("使用量は30％減りました（注2）。\n\n注1　速報値です。")),
    ("COMP009", news("参加費は500円（＊）です。")),
    ("COMP010", news("市の取組は、（1）ごみの減量と分別の徹底です。")),
    ("COMP010", news("①家庭ごみの減量を進めました。市は今後も続けます。")),
    ("COMP010", news("第一に、ごみを減らします。市は続けます。")),
    ("COMP010", news("1つ目は、ごみの減量です。市は続けます。")),
    ("COMP010", news("重点は、②断熱、③移動です。")),
    ("COMP011", news("京都市は、新しい計画を策定し、2030年までに排出量を")),
    ("COMP011", news("京都市は、新しい計画を策定しました。今後は、市民とともに")),
    ("COMP011", news("京都市は、計画を策定しました。期間は、5年間で、\n\n市は、今後も続けます。")),
    ("COMP011", news("京都市は、新しい計画を策定しま\n\n市は、今後も続けます。")),
    ("COMP011", news("京都市は、計画を策定しました。今後は、取組を進めることとして")),
    ("COMP011", news("京都市は、新しい計画を策定しました")),
    ("COMP012", news("京都市は、計画を策定しました。\n\n### 今後の予定")),
    ("COMP012", news("計画です。\n\n### 背景\n\n### 取組\n\nごみを減らします。")),
    ("COMP012", news("| 日 | 催し |\n|---|---|\n| 2月10日（月） | 講座 |\n|  | 見学会 |\n| 2月24日（月） | 発表会 |")),
    ("COMP012", news("| 日 | 会場 |\n|---|---|\n| 2月10日（月） | 市役所 |\n| 2月17日（月） |  |\n| 2月24日（月） | 工場 |")),
    ("COMP012", news("- 講座\n- \n- 発表会")),
    ("COMP012", news("")),
    ("COMP008", item(body="| 箇所 | 誤 | 正 |\n|---|---|---|\n| 締切 | 2月14日 | 2月14日 |")),
]
GOOD = [
    item(),
    news("実行委員会は、電球の寄附を募っています。1球500円です。"),
    item("日時", "会場", title="翻訳ボランティアの登録を始めます", body="経験は問いません。勉強会に招待します。"),
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
    item(主催="", 参加費="", 詳細=""),
    news("ご相談は、訪問の3週間前までに、各市の担当課へ直接お願いします。"),
    news("市は、昨年も意見を募集しました。今回の計画に、その意見を生かしています。"),
    news("参加は無料です。ふるってご参加ください。", 詳細="https://www.example.jp/a/"),
    news("定員になり次第、締め切ります。電話（075-000-0000）でお申し込みください。"),
    news("参加した自治体は、次のとおりです。\n\n愛知県、飯田市、川崎市（五十音順）"),
    news("会議では、次の3点が求められました。省エネ、再エネ、資源の循環です。"),
    news("次の3年間で、市は、次の100年を見据えた計画を進めます。"),
    news("結果は、次のとおりです。\n\n> 都市は、気候変動の最前線にあります。"),
    news("会議の様子は、次のとおりです。\n\nまず、市長が挨拶しました。次に、参加者が話し合いました。"),
    news("使用量は30％減りました※1。\n\n※1　2013年度との比較です。"),
    news("使用量は30％減りました（注）。\n\n（注）2013年度との比較です。"),
    news("- 会場：市役所※\n\n※変更することがあります。"),
    news("参加費は500円です（※小学生は無料）。"),
    news("①の様式を使います。①から③までの手順に従います。"),
    news("第一に減らし、次に繰り返し使います。一つはごみ、もう一つは水です。"),
    news("市は、次の項目を公表します。\n\n1）ごみの量\n2）資源の量"),
    news("人が輝くまち\n\n市の合言葉です。"),
    news("問合せ先：環境課　電話 075-000-0000\n受付時間：9時から17時まで"),
    news("市の計画を、\n\n- 省エネ\n- 再エネ\n\nの順に紹介します。"),
    news("（写真は、市の提供です）\n\n京都市 環境政策局 地球温暖化対策室"),
    news("| 項目 | 内容 | 備考 |\n|---|---|---|\n| a | b |  |\n| c | d | e |\n| f | g | h |"),
    news("| 分野 | 施策 |\n|---|---|\n| 省エネ | 断熱 |\n|  | 照明 |\n| 再エネ | 太陽光 |"),
    news("この取組の合言葉は、「もったいない」から「ありがとう」へ"),
    news("### 取組\n\n#### 省エネ\n\n窓を直します。"),
    item("締切", "日時", "会場", "申込", "問合せ先", タグ="再掲", body="前に載せた話です。"),
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
