"""Words of drafts, letters and web pages, and links that lead elsewhere."""

from __future__ import annotations

import pytest

from pipeline.checks import pictures, strays, targets
from tests.checks.bodies import codes_in

BAD = """※長ければ、前の段落は削っていただいてかまいません。
7月1日に始まります。字数が超過する場合は、この段落を削っていただいて構いません。
続きは、下の「もっと読む」をクリックしてください。
【第2稿・0724修正】政府は、新しい計画を決めました。
市は、電気を輸入に頼っており[1]、再エネを増やします。
計画を決めるのは、続いて4回目です。（218字）
&nbsp;富山駅の高架下に広場ができました。
適宜、修正してお使いください。
掲載の判断はお任せします。
文字数の都合で割愛していただいて結構です。
標記の件について、市は計画を決めました。
急なお願いで恐縮ですが、セミナーを開きます。
期日が迫っており恐れ入りますが、よろしくお願いします。
追伸：来月も開きます。
市はセミナーを開きます。ご返信をお待ちしております。
お送りいただいた様式に記入しました。市はセミナーを開きます。
市は計画を決めました。_最終版
市は計画を決めました（ver.3）。
[image: ロゴ] 市は計画を決めました。
（表1参照）市は計画を決めました。
市は計画を決めました。※太字部分が変更点です。
市は計画を決めました。（初稿）
市は計画を決めました。（5/12更新）
原稿は以上です。
以上、300字程度。
市は計画を決めました。（約300字）
市長コメント（案）：「計画を進めます」
見出しはお任せします。市は計画を決めました。
写真はお好きなものをお使いください。
前回と同じ文面で差し支えありません。
ご不明な点がありましたら、下名までご連絡ください。
市は計画を決めました。引用元：Wikipedia
市は計画を決めました[要出典]。
（続きを読む）
この記事をシェアする
印刷する｜PDFを開く
担当者様におかれましては、ご確認ください。
記録集（右上参照）にまとめました。"""
GOOD = """参加者は、SNSで感想を共有しました。
市は、第2稿を公表し、意見を募りました。
感想は200字以内でお書きください。
計画の最終版は、4月に公表します。
応募作品は、400字程度の文章とします。
市長は「計画を進めます」と述べました。
この欄の見出しは、市民から募りました。
市は、専門家の確認を受けて公表しました。
[1]から[3]までの様式を使います。
参加者は、京都市（写真は2面）ではなく、横浜市です。
市は、&記号のある名前を避けました。（編集部）
詳しくは、表のとおりです（表1参照）。\\n\\n| a | b |\\n|---|---|\\n| c | d |"""
LINKS = {
    "- [COP16特集号](https://www.example.jp/enews/2024-12-cop29/)": 1,
    "- [2025年1月号](https://www.example.jp/enews/2024-12/)": 1,
    "- [計画の本文](https://www.example.jp/a/)\n- [計画の概要](https://www.example.jp/a/)": 1,
    "- [COP16特集号（2024年11月15日）](https://www.example.jp/enews/2024-11-cop16/)\n- [2025年1月号](https://www.example.jp/enews/2025-01/)": 0,
    "[計画](https://www.example.jp/a/)を決めました。[計画の頁](https://www.example.jp/a/)もあります。": 0,
}


@pytest.mark.parametrize("body", BAD.split("\n"))
def test_a_stray_word_is_found(body: str) -> None:
    """Notes of length, versions, buttons, words to the editors."""
    assert codes_in(body, strays.RULES)


@pytest.mark.parametrize("body", GOOD.split("\n"))
def test_talk_of_manuscripts_is_let_be(body: str) -> None:
    """What speaks of versions, lengths and opinions as its subject."""
    assert codes_in(body.replace("\\n", "\n"), strays.RULES) == []


@pytest.mark.parametrize(("body", "said"), LINKS.items())
def test_a_link_leads_where_its_words_say(body: str, said: int) -> None:
    """Numbers in words and address; two names of one address in a list."""
    assert len(codes_in(body, targets.RULES)) == said


def test_the_prompt_of_the_pattern_is_no_alternative_text() -> None:
    """写真の説明をここに."""
    assert pictures._PROMPT.search("写真の説明をここに")
    assert not pictures._PROMPT.search("会場で説明する参加者")
