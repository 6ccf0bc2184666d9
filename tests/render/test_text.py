"""The text edition: the frames, and what bodies become in them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.errors import TemplateError
from pipeline.model import Correction, EarlierIssue
from pipeline.render.markdown import to_html
from pipeline.render.merge import GUARD
from pipeline.render.prose import to_lines
from pipeline.render.text import compose
from pipeline.render.wrap import columns
from tests.render.records import MASTHEAD, TEMPLATES, article, case, event, moment, page, picture

LIGHT = "─" * 20


def lines(text: str) -> str:
    """A body as the text edition shows it."""
    return to_lines(to_html(text)).replace(GUARD, "")


def full() -> str:
    """A monthly with everything in it."""
    invite = article(
        "市民会議を開催（3月14日）",
        "詳しくは https://example.jp/a をご覧ください。\n\n- 一\n- 二",
        tag="参加者募集",
        start=moment("2025年3月14日（金）13:30～16:00", date(2025, 3, 14), time(13, 30), time(16)),
        venue="みほん市民会館",
        deadline=moment("2月14日（金）17:00", date(2025, 2, 14), time(17)),
        link="https://example.jp/event/",
        apply="https://example.jp/apply/",
        department="みほん市 環境部 環境政策課",
        image=picture(),
        pictures=(picture(),),
    )
    changes = {
        "corrections": (Correction(where="2024年12月号「1-2」の締切日", wrong="1月16日（水）", right="1月16日（木）"),),
        "next_date": date(2025, 2, 28),
        "next_copy_deadline": date(2025, 2, 14),
    }
    note = article("編集後記", "お読みいただき、ありがとうございました。（編集部）")
    return compose(
        page(changes=changes, members=(article(), invite), overseas=(case(summary="要約です。"),), calendar=(event(),), editorial=(note,)),
        TEMPLATES,
    )


def test_frame_of_the_monthly() -> None:
    """Everything stands in the order of the skeleton."""
    order = [
        "━" * 20, "イクレイ日本e-News　2025年1月号", "2025年1月31日（金）発行", "https://www.example.jp/enews/2025-01/\n\n", "巻頭言です。", "■前号の訂正",
        "（誤）1月16日（水）\n（正）1月16日（木）", "■締切が近い募集\n2月14日（金）17:00　1-2【みほん市】", "目次", "【1】会員自治体ニュース\n1-1　【みほん市】",
        "【2】海外自治体の取組事例", f"{LIGHT}\n【1】会員自治体ニュース\n{LIGHT}\n■1-1　【みほん市】給食", "■1-2　【みほん市】市民会議を開催（3月14日）＜参加者募集＞",
        "次のページをご覧ください。\nhttps://example.jp/a\n\n", "・一\n・二", "・日時：2025年3月14日（金）13:30～16:00\n・会場：みほん市民会館\n・締切：2月14日",
        "写真は、Web版の1-2をご覧ください。", "詳細（みほん市）\nhttps://example.jp/event/\n\n", "お申込み（みほん市）\nhttps://example.jp/apply/\n\n",
        "（みほん市 環境部 環境政策課）", "■2-1　食と循環をつなぐ\n国・都市：フィンランド・見本市\n分野：循環型発展\n\n要約です。", "全文（日本語・イクレイ日本仮訳）",
        "原文（英語）\nhttps://europe.example.org/news/1\n\n", "原題：Closing the loop\n出典：ICLEI Europe（2024年12月10日公開）", "翻訳：イクレイ日本（機械翻訳を下訳に用い",
        f"【3】イベントカレンダー（2月）\n{LIGHT}\n2025年2月19日（水）14:00～16:00\nオンライン勉強会", "お読みいただき", "■次号\n2月28日（金）発行予定です。",
        "■配信停止・登録内容の変更", "https://merge.invalid/unsubscribe\n\n", "このメールにご返信ください", "■新規登録", "■バックナンバー", "■転載・引用",
        "■個人情報の取扱い", "━" * 20,
    ]  # fmt: skip
    text = re.sub(r"(?<=[ぁ-龯ー、])\n(?=[ぁ-龯ーァ-ヺ])", "", full())
    position = 0
    for part in order:
        found = text.find(re.sub(r"(?<=[ぁ-龯ー、])\n(?=[ぁ-龯ーァ-ヺ])", "", part), position)
        assert found >= 0, part
        position = found + 1


def keeps_the_rules(text: str) -> list[str]:
    """What breaks the rules of a mail's text part."""
    rows = text.split("\n")
    broken = [row for row in rows if columns(row) > 70 and not re.fullmatch(r"https?://[!-~]+", row)]
    broken += [row for row, following in pairwise(rows) if re.search(r"https?://[!-~]+$", row) and following]
    broken += [row for row in rows if re.fullmatch(r"-{2,3} ?|_{3,}", row) or row.startswith((">", " ", "\t")) or row != row.rstrip()]
    broken += [row for row in rows if set(row) & set("━─") and row not in ("━" * 20, LIGHT)]
    return broken + ["two blank lines"] * ("\n\n\n" in text) + ["no single line end"] * (not text.endswith("\n") or text.endswith("\n\n"))


def test_rules_of_the_mail_hold() -> None:
    """Lines of at most 70 columns, a blank line after every URL, rules of 20, no signature or quotation marks."""
    hostile = article(body="-- \n\n____\n\n> 引用です\n\n\\> 不等号\n\n本文\n\n---\n\n一 https://a.jp/ 二 https://b.jp/ 三", fee=">" * 5)
    assert keeps_the_rules(full()) == []
    assert keeps_the_rules(compose(page(members=(hostile,)), TEMPLATES)) == []


def test_the_rules_are_not_blind() -> None:
    """The look for broken rules finds each of them."""
    for wrong in ("あ" * 36 + "\n", "https://a.jp/\n次\n", "-- \n", "> x\n", "━" * 19 + "\n", "一\n\n\n二\n", "終わり"):
        assert keeps_the_rules(wrong)


def test_nothing_empty_is_announced() -> None:
    """Without items, corrections, deadlines, telephone or next issue there are no headings for them."""
    text = compose(page(members=(article(),)), TEMPLATES)
    for absent in ("前号の訂正", "締切が近い募集", "次号", "イベントカレンダー", "電話", "X：", "写真は", "下書き", "None"):
        assert absent not in text
    assert "【下書き】" in compose(page(draft=True), TEMPLATES)


def test_frame_of_the_special() -> None:
    """Venue time with Japan time below, points, days, schedule, terms and the earlier reports."""
    first = EarlierIssue(
        slug="2024-11-cop29", edition="special", date=date(2024, 11, 14), name="COP29特集号（第1報）", event="cop29", report="第1報"
    )
    changes = {
        "event": MASTHEAD.event("cop29"), "as_of": "11月19日18時", "report": "第2報", "greeting": "1. 一つ目\n2. 二つ目",
        "earlier": (first, replace(first, slug="2025-01", edition="monthly", report="")),
    }  # fmt: skip
    act = article(start=moment("11月12日（火）10:00～11:00", date(2024, 11, 12), time(10), time(11)))
    session = event("閣僚会合", start=moment("11月20日（水）22:00", date(2024, 11, 20), time(22)))
    terms = article("用語", "LGMA\n：自治体のグループ\n\nNDC\n：国の貢献")
    text = compose(page("special", changes=changes, member_actions=(act,), schedule=(session,), terms=(terms,)), TEMPLATES)
    assert "アゼルバイジャン・バクー、2024年11月11日（月）～22日（金）" in text
    assert "現地時間です。日本時間は5時間進んでいます。" in text
    assert "（11月19日18時現在）" in text
    assert "■今号のポイント\n1　一つ目\n2　二つ目\n" in text
    assert "◇11月12日（火）\n\n■1-1　【みほん市】" in text
    assert "・日時：11月12日（火）10:00～11:00\n　　　　（日本時間 同日15:00～16:00）" in text
    assert "11月20日（水）22:00\n（日本時間 翌11月21日（木）3:00）\n閣僚会合" in text
    assert "LGMA：自治体のグループ\nNDC：国の貢献" in text
    assert "■これまでの特集号\n第1報（2024年11月14日）\nhttps://www.example.jp/enews/2024-11-cop29/\n\n" in text
    assert "enews/2025-01/\n" not in text.partition("■これまでの特集号")[2]


def test_frame_of_the_cases() -> None:
    """A list of cities, then each case in full with its source behind it; machine help is said where it was used."""
    plain_case = case("学び合い", summary="要約")
    origin = plain_case.origin
    assert origin
    text = compose(
        page("cases", cases=(case(image=picture(credit="図：編集部")), replace(plain_case, origin=replace(origin, machine=False)))),
        TEMPLATES,
    )
    assert "今月の事例\n" + LIGHT + "\n1　フィンランド・見本市\n　　循環型発展／食と循環をつなぐ\n2　" in text
    assert f"{LIGHT}\n■1　食と循環をつなぐ\n{LIGHT}\n国・都市：フィンランド・見本市\n分野：循環型発展\n\n◇背景\n長い本文です。" in text
    assert "出典：ICLEI Europe（2024年12月10日公開、英語）\nhttps://europe.example.org/news/1\n\n翻訳：" in text
    assert "\n図は、Web版をご覧ください。\n" in text
    assert text.count("機械翻訳") == 1
    assert text.count("訳文は仮訳です。") == 2


def test_a_members_case_has_no_public_full_text() -> None:
    """The link to the whole translation is left out where only members may read it."""
    members_only = case(summary="要約")
    assert members_only.origin
    members_only = replace(members_only, origin=replace(members_only.origin, visibility="members"))
    assert "全文" not in compose(page(overseas=(members_only,)), TEMPLATES)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("一段目\n続き\n\n二段目", "一段目続き\n\n二段目"),
        ("- 親\n  - 子\n- 次", "・親\n　・子\n・次"),
        ("1. 一\n2. 二", "1　一\n2　二"),
        ("## 背景\n本文", "◇背景\n本文"),
        ("| 年 | 件 |\n|--|--|\n| 2022 | 3 |\n| 2023 | 4 |", "・年：2022\n　件：3\n・年：2023\n　件：4"),
        ("<table><tr><td>費用</td><td>無料</td></tr></table>", "・費用：無料"),
        ("LGMA\n: 自治体のグループ", "LGMA：自治体のグループ"),
        ("[募集要項](https://a.jp/)をご覧ください。", "募集要項をご覧ください。\nhttps://a.jp/"),
        ("- [一](https://a.jp/)\n- [二](https://b.jp/)", "・一\nhttps://a.jp/\n・二\nhttps://b.jp/"),
        ("[一](https://a.jp/)と[二](https://b.jp/)", "一と二\n一\nhttps://a.jp/\n\n二\nhttps://b.jp/"),
        ("詳しくは https://a.jp/ をご覧ください。", "詳しくは次のページをご覧ください。\nhttps://a.jp/"),
        ("詳細（https://a.jp/）です。", "詳細です。\nhttps://a.jp/"),
        ("申込先：https://a.jp/", "申込先：\nhttps://a.jp/"),
        ("[![図](a.png)](https://a.jp/)", "図\nhttps://a.jp/"),
        ("[担当](mailto:a@b.jp)まで", "担当（a@b.jp）まで"),
        ("[a@b.jp](mailto:a@b.jp)まで", "a@b.jpまで"),
        ("![図](a.png)", ""),
        ("<ruby>灯<rt>あかり</rt></ruby>", "灯（あかり）"),
        ("CO<sub>2</sub>と**太字**", "CO2と太字"),
        ("Zoë’s café – 5 m³ • ™", "Zoe's cafe - 5 m3 ・ (TM)"),
        ("①㈱髙～－ ㎡、ﾊﾝｶｸ（注）", "①㈱髙～－ ㎡、ﾊﾝｶｸ（注）"),
    ],
)
def test_bodies_become_lines(body: str, text: str) -> None:
    """Each form of Markdown has its form in the text edition."""
    assert lines(body) == text


def test_what_can_be_mapped_fits_cp932() -> None:
    """Letters that a gateway would lose have become others; what has no kin stays."""
    lines("– — ’ “ ” é ã ö CO₂ m³ • ™ © ® € ✓ − 〜 ‑ ½ ﬁ Łódź ß").encode("cp932")
    assert lines("𠮷野家と서울🌏") == "𠮷野家と서울🌏"
    assert lines("\ufa19戸と\u795e戸、か\u3099き") == "\ufa19戸と\u795e戸、がき"


@pytest.mark.parametrize(
    "body", ["[<b></b>[name]]", "<b>[</b>[name]]", "{<i></i>{x}}", "https://merge.<b>invalid</b>/unsubscribe", "<b>*</b>|X|*"]
)
def test_marks_that_meet_are_data(body: str) -> None:
    """A tag syntax that tags kept apart in the HTML does not arise when they go."""
    found = to_lines(to_html(body))
    assert not re.search(r"\[\[|\{\{|\*\||//merge\.invalid", found)
    assert "[[name]]" in to_lines(to_html("[[name]]", ours=True), ours=True)


def test_hostile_bodies_take_linear_time() -> None:
    """A body of one endless paragraph, and of many links, is broken at once."""
    for body in ("あ" * 200_000, "「" * 100_000, "a" * 200_000, "https://a.jp/ " * 10_000, "[a](https://a.jp/) " * 5_000):
        assert lines(body)


def test_a_frame_that_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    """The error says which template, and the first folder that has one wins."""
    with pytest.raises(TemplateError, match=r"monthly/email\.txt\.j2"):
        compose(page(), (tmp_path,))
    frame = tmp_path / "monthly" / "email.txt.j2"
    frame.parent.mkdir()
    frame.write_text("{{ isue.name }}", encoding="utf-8")
    with pytest.raises(TemplateError, match="isue"):
        compose(page(), (tmp_path, *TEMPLATES))
    frame.write_text("{% if %}", encoding="utf-8")
    with pytest.raises(TemplateError, match="1 行目"):
        compose(page(), (tmp_path, *TEMPLATES, tmp_path))
    assert "巻頭言です。" in compose(page(), TEMPLATES)
