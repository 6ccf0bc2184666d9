"""Addresses in an issue: what works only for the sender, is written wrongly, or says nothing; and what is as it should be."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks import links, linktext
from tests.builders import draft
from tests.checks.sheets import codes_by_line, run, sheet_of

RULES = {rule.code: rule for rule in (*links.RULES, *linktext.RULES)}
BAD = {
    "LINK001": """
https://jpn01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.example.jp%2F&data=05%7Cmihon%40example.jp
https://urldefense.com/v3/__https://www.example.jp/a__;!!abc
https://urldefense.proofpoint.com/v2/url?u=https-3A__www.example.jp_a&d=DwMF
https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fwww.example.jp
https://protect-eu.mimecast.com/s/abc
https://ca-1234-adswww.ctc.trendmicro.com/wis/clicktime/v1/query?url=https%3a%2f%2fwww.example.jp
https://www.google.com/url?q=https://www.example.jp/a/&sa=D
[計画（見本市）](https://u1234.ct.sendgrid.net/ls/click?upn=abc)
https://example.us1.list-manage.com/track/click?u=1&id=2&e=3
""",
    "LINK002": """
https://docs.google.com/document/d/1abc/edit?usp=sharing
https://docs.google.com/spreadsheets/d/1abc/edit#gid=0
https://docs.google.com/forms/d/1abcDEF/edit
https://forms.office.com/Pages/DesignPageV2.aspx?id=1
https://iclei.sharepoint.com/:w:/r/sites/a/doc.docx
https://iclei-my.sharepoint.com/personal/mihon/Documents/a.pdf
https://www.example.jp/?p=123&preview=true
https://www.example.jp/wp-admin/post.php?post=12
https://www.canva.com/design/DAF/abc/edit
https://drive.google.com/drive/u/0/folders/abc
https://12.gigafile.nu/1234
""",
    "LINK003": """
https://mihon.kintone.com/k/1/
https://mihon.cybozu.com/o/
https://accounts.google.com/signin
https://www.example.jp/login.php?next=/a
https://us02web.zoom.us/s/123?zak=abc
https://mihon.slack.com/archives/C1
https://mail.google.com/mail/u/0/
""",
    "LINK004": """
https://intra.mihon.local/a
https://gw/portal
http://localhost:8000/a
https://192.168.0.1/a
https://203.0.113.5/a
file:///C:/Mihon/a.pdf
Z:\\kankyo\\a.pdf
\\\\server\\kankyo\\a.pdf
https://stg.example.jp/a
https://www-test.example.co.jp/a
""",
    "LINK005": "https://bit.ly/abc\nhttps://tinyurl.com/abc\n[計画（見本市）](https://x.gd/abc)",
    "LINK006": "http://www.example.jp/a",
    "LINK007": """
[https://www.example.jp/a/](https://www.example.jp/b/)
[city.kyoto.lg.jp](https://www.example.jp/b/)
[mihon@example.jp](mailto:other@example.jp)
""",
    "LINK008": """
詳しくは ttps://www.example.jp/ をご覧ください
詳しくは https//www.example.jp/ をご覧ください
詳しくは https:/www.example.jp/ をご覧ください
詳しくは http:www.example.jp/ をご覧ください
詳しくは https;//www.example.jp/ をご覧ください
詳しくは https://https://www.example.jp/ をご覧ください
詳しくは https://http//www.example.jp/ をご覧ください
詳しくは hhttps://www.example.jp/ をご覧ください
詳しくは httpss://www.example.jp/ をご覧ください
詳しくは https:///www.example.jp/ をご覧ください
詳しくは https://www,example.jp/ をご覧ください
詳しくは https://www.example..jp/ をご覧ください
詳しくは https://www.city.example.lg/ をご覧ください
詳しくは https://ww.example.jp/ をご覧ください
""",
    "LINK009": """
詳しくは https：//www.example.jp/ をご覧ください
詳しくは ｈｔｔｐｓ：／／ｗｗｗ．example.jp/ をご覧ください
詳しくは https://www.example.jp/ｐlan.html をご覧ください
""",
    "LINK010": """
詳しくは https://www.example.jp/ kankyo/page.html をご覧ください
詳しくは https://www.example. jp/ をご覧ください
https://www.example.jp/kankyo/\\npage.html
[計画（見本市）](https://www.example.jp/ )
[計画（見本市）](https://www.example.jp/a b)
[計画（見本市）](https://www.example.jp/a）)
""",
    "LINK011": """
[会議のページ](https://unfccc.int/cop29)
""",
    "LINK012": "https://www.example.jp/a?fbclid=abc\nhttps://www.example.jp/a?id=1&utm_source=mail#b",
    "LINK013": """
https://www.example.jp/a?mc_eid=abc123
https://www.example.jp/a?token=abc123
https://www.example.jp/a?email=a%40example.jp
https://www.example.jp/a/mihon@example.jp/
https://docs.google.com/forms/d/e/1FA/viewform?usp=pp_url&entry.123=%E8%A6%8B%E6%9C%AC
https://www.example.jp/a;jsessionid=ABC123
""",
    "LINK014": """
[こちら](https://www.example.jp/a/)
[ここ](https://www.example.jp/a/)
[詳細はこちら](https://www.example.jp/a/)
[お申し込みはこちらから](https://www.example.jp/a/)
[詳細](https://www.example.jp/a/)
[click here](https://www.example.jp/a/)
[https://www.example.jp/a/](https://www.example.jp/a/)
[](https://www.example.jp/a/)
<a href="https://www.example.jp/">こちら</a>
""",
    "LINK015": "詳しくはこちら\n詳細は以下のURLをご覧ください。\nお申込みはこちらから\n動画はこちらからご覧いただけます。",
    "LINK016": """
[計画（見本市）](city.example.jp/a)
[計画（見本市）](/a/b.html)
[計画（見本市）](#)
[計画（見本市）]()
[環境課](mailto: mihon@example.jp)
""",
    "LINK017": "https://www.example.jp/令和7年度",
}
GOOD = """
https://us02web.zoom.us/j/123456?pwd=abc
https://teams.microsoft.com/l/meetup-join/abc
https://www.youtube.com/watch?v=abc&t=10
https://docs.google.com/forms/d/e/1FA/viewform
https://forms.gle/abc
https://youtu.be/abc
（https://www.example.jp/）
「https://www.example.jp/」。
https://www.example.jp/a.pdf
[ICLEIの記事（英語）](https://iclei.org/news/a)
英語：https://iclei.org/news/a
https://japan.iclei.org/news/a
https://www.city.kyoto.lg.jp/kankyo/page/0000123456.html
https://www.env.go.jp/press/press_00001.html
[まちづくり](https://ja.wikipedia.org/wiki/まちづくり)
[京都市（1）](https://www.example.jp/a_(b))
[概要（PDF）](https://www.example.jp/a.pdf)
[Title of the article](https://unfccc.int/cop29)
[example.jp](https://www.example.jp/a/)
[詳細（京都市）](https://www.example.jp/a/)
ウェブサイト www.example.jp
HTTP/1.1、24/7、and/or、http/2、UN/ISDR、SDGs 11.3/11.b
https://web.archive.org/web/2024/https://www.example.jp/
https://www.facebook.com/sharer.php?u=https://www.example.jp/
https://www.example.jp/a/ https://www.example.jp/b/
https://www.example.jp/event/ 2月14日（金）まで
詳しくはこちら：https://www.example.jp/a/
詳しくはこちらをご覧ください。\\n\\nhttps://www.example.jp/a/
こちらの地域では、食と循環の取組が進みます。
イベントの様子は、こちらの写真でお伝えします。
以下のURLからお申し込みください。\\nhttps://www.example.jp/form/
https://latest.example.jp/demo/test/
[3-1](#3-1)の事例もご覧ください。
"""


MORE = {
    "LINK001": """
https://statics.teams.cdn.office.net/evergreen-assets/safelinks/1/atp-safelinks.html?url=https%3A%2F%2Fwww.example.jp
https://apc01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.example.jp%2F&data=05
""",
    "LINK002": """
https://docs.google.com/forms/d/1aB2cD3/viewanalytics
https://sites.google.com/d/1aB/edit
https://mihon.sharepoint.com/sites/kankyo/Shared%20Documents/a.pdf
https://forms.office.com/Pages/AnalysisPage.aspx?id=abc
https://www.city.example.lg.jp/_preview/kankyo/1.html
https://peatix.com/event/123/edit
https://logoform.jp/preview/abc
https://mihon.directcloud.jp/sharelinks/abc
""",
    "LINK003": """
https://mihon.box.com/s/abcdef
https://www.dropbox.com/scl/fi/abc/a.pdf?rlkey=xyz&dl=0
https://drive.google.com/drive/folders/1aB?usp=sharing
https://drive.google.com/file/d/1aB/view?usp=drivesdk
https://us02web.zoom.us/w/81234567890?tk=abc
https://mihon.webex.com/webappng/sites/mihon/meeting/host/abc
https://mihon.backlog.jp/view/ABC-1
""",
    "LINK004": """
https://intranet.pref.example.lg.jp/a
https://www2.mihon-city-stg.example.jp/a
chrome-extension://abc/https://www.example.jp/a.pdf
blob:https://www.example.jp/abc
""",
    "LINK008": """
https://www.city.example.lg.jo/kankyo/
https://www.city.example.lg.ip/
https://www.example.or.jp/a/https://www.example.or.jp/b/
https://www.iclei.ord/
https://www.example.jp/a.htmI
https://www.city.example.lg.jp/%E7%92%B0%E5%A2/
https://www.city.example.lg.jp/%E7%92%B0%E5%A2%83%E/
https://www.city.example.lg.jp/%25E7%2592%25B0/
https://www.city.example.lg.jp/xxxx
[計画（見本市）](https://)
""",
    "LINK010": """
[計画（見本市）](https://www.example.jp/plan/）
https://www.example.jp/kankyo/…
https://www.example.jp\\kankyo
""",
    "LINK012": """
https://youtu.be/abc?si=XyZabc
https://www.youtube.com/watch?v=abc&feature=youtu.be
https://twitter.com/mihon/status/1?s=20
https://www.facebook.com/mihon?mibextid=abc
""",
    "LINK013": """
https://www.example.jp/kankyo/?CFID=12&CFTOKEN=34
https://www.example.jp/(S(abc123xyz0))/a.aspx
https://user:pass@www.example.jp/
""",
    "LINK016": """
[環境課](mailto:kankyo@city.example.lg)
[環境課](mailto://kankyo@city.example.lg.jp)
[電話](tel:03-6205-841)
""",
    "LINK018": """
https://www.example.jp/kankyo/print.php?id=1
https://www.example.jp/kankyo/1.html?mode=print
https://www.example.jp/kankyo/1.html#:~:text=%E7%B7%A0%E5%88%87
https://www.google.com/amp/s/www.example.jp/news/1
https://www-example-org.translate.goog/plan?_x_tr_sl=en
https://m.facebook.com/mihon
https://ja.m.wikipedia.org/wiki/%E9%83%BD%E5%B8%82
https://www.google.com/search?q=a
""",
}
FINE = """
https://www.example.jp/%E7%92%B0%E5%A2%83/
https://www.example.jp/%8A%C2%8B%AB/
https://www.example.jp/kankyo/1.html?id=3&page=2
https://logoform.jp/form/abc/12
https://apply.e-tumo.jp/city-mihon-u/offer/offerList_detail?tempSeq=123
https://peatix.com/event/123/view
https://us02web.zoom.us/webinar/register/WN_abc
https://www.example.jp/print-museum/
https://www.example.jp/content/000123.pdf#page=3
https://public-comment.e-gov.go.jp/servlet/Public?CLASSNAME=PCMMSTDETAIL&id=195
https://www.example.jp/shisei/editorial/index.html
https://x.com/iclei_japan
[電話](tel:03-6205-8415)
[環境課](mailto:kankyo@city.example.lg.jp?subject=a)
"""


def texts(block: str) -> list[str]:
    """The lines of a block, with the line breaks written in them."""
    return [line.replace("\\n", "\n") for line in block.strip().split("\n")]


@pytest.mark.parametrize("code", BAD)
def test_each_way_to_go_wrong_is_found_by_its_rule_alone(code: str, tmp_path: Path) -> None:
    """Every variant is found, and no other rule speaks of it too."""
    for n, text in enumerate(texts(BAD[code])):
        found = codes_by_line(tmp_path / str(n), [text], RULES.values())[text]
        assert found - ({"LINK006"} if "http:" in text else set()) == {code} - ({"LINK006"} if code != "LINK006" else set()) or found == {
            code
        }, (text, found)


@pytest.mark.parametrize("code", MORE)
def test_more_ways_to_go_wrong_are_found(code: str, tmp_path: Path) -> None:
    """Addresses as they come out of mail programs, browsers, offices' networks and tired fingers."""
    found = codes_by_line(tmp_path, texts(MORE[code]), RULES.values())
    assert [text for text, codes in found.items() if code not in codes] == []


def test_good_addresses_are_left_alone(tmp_path: Path) -> None:
    """Join links, forms to answer, brackets around an address, Japanese paths, English pages that say so."""
    found = codes_by_line(tmp_path, texts(GOOD) + texts(FINE), RULES.values())
    assert {text: codes for text, codes in found.items() if codes} == {}


def test_entries_are_read_as_well(tmp_path: Path) -> None:
    """詳細 and 申込 of an item, and the note that says what is there."""
    bad = draft("一", 詳細="https://www.example.jp/en/plan/")
    glued = draft("二", 詳細="https://www.example.jp/plan/をご覧ください")
    good = draft("三", 詳細="https://www.example.jp/en/plan.pdf", 詳細の注記="英語・PDF")
    stop = draft("四", 申込="https://www.example.jp/form/。")
    found = codes_by_line(tmp_path, [bad, glued, good, stop], RULES.values())
    assert list(found.values()) == [{"LINK011"}, {"LINK010"}, set(), {"LINK010"}]


def test_an_item_with_a_link_may_say_kochira(tmp_path: Path) -> None:
    """The template prints 詳細 below the body."""
    text = draft("一", body="詳しくはこちらをご覧ください。", 詳細="https://www.example.jp/plan/")
    assert codes_by_line(tmp_path, [text], RULES.values()) == {text: set()}


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("https://a.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.example.jp%2Fa&data=05", "https://www.example.jp/a"),
        ("https://urldefense.com/v3/__https://www.example.jp/a__;!!b$", "https://www.example.jp/a"),
        ("https://urldefense.proofpoint.com/v2/url?u=https-3A__www.example.jp_a&d=D", "https://www.example.jp/a"),
        ("https://www.example.jp/a?id=1&utm_source=m&b=2", "https://www.example.jp/a?id=1&b=2"),
        ("https：//www.example.jp/ａ", "https://www.example.jp/a"),
    ],
)
def test_what_is_certain_can_be_mended_at_once(written: str, right: str, tmp_path: Path) -> None:
    """The real address is read from the rewritten one, and put exactly in its place."""
    page = sheet_of(tmp_path, {"10-a.md": draft(body=f"詳しくは {written} をご覧ください。")})
    (edit,) = (edit for finding in run(RULES.values(), page) for edit in finding.fix)
    manuscript = page.issue.articles[0].manuscript
    assert manuscript
    assert manuscript.text[edit.start : edit.end] == written
    assert edit.text == right
