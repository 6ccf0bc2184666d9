"""``verify``: a test mail that arrived says what was approved, whoever carried it, or it is told where it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.approvedesk import approve
from pipeline.delivery.approval import Approval
from pipeline.delivery.frozen import Frozen
from pipeline.delivery.received import decoded, header_of, parse_received
from pipeline.delivery.unfold import plain_address, unfold
from pipeline.delivery.verify import Verified, verify
from pipeline.desk import check, frozen_of, open_workspace
from pipeline.errors import ApprovalError
from tests.builders import ROOT
from tests.delivery.arrivals import KEYS, LIST, generated, mailchimp, message, own, rewritten, safelinks, urldefense2
from tests.test_build import enews, sample_workspace

WEB = "https://www.example.jp/enews/2025-01/"


@pytest.fixture(scope="module")
def frozen() -> Frozen:
    """The January issue of the checkout."""
    desk = open_workspace(ROOT)
    checked = check(desk, "2025-01")
    return frozen_of(desk, checked.issue, checked.email)


def held(frozen: Frozen, data: bytes) -> Verified:
    """A mail's bytes against the frozen text."""
    return verify(frozen, parse_received(data), web_url=WEB)


@pytest.mark.parametrize("cte", ["base64", "quoted-printable"])
def test_our_own_mail_is_equal(frozen: Frozen, cte: str) -> None:
    """A reader's name and links stand in its places; there is nothing to note."""
    found = held(frozen, message(own(frozen), frozen, cte=cte))
    assert (found.changes, found.tracked, found.notes) == ((), (), ())


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp", "shift_jis"])
def test_a_japanese_gateway_changes_nothing_that_counts(frozen: Frozen, charset: str) -> None:
    """－, ～ and the like are the letters that they were, by Microsoft's tables; what they lack (é) would be told."""
    assert "－" in frozen.html
    assert held(frozen, message(own(frozen), frozen, charset=charset)).changes == ()
    lost = replace(frozen, html=frozen.html.replace("最初の号を", "cafés", 1))
    assert held(lost, message(own(lost), lost, charset=charset)).equal == (charset == "utf-8")


def test_mailchimps_mail_is_equal(frozen: Frozen) -> None:
    """Links counted, pictures kept elsewhere, its footer and pixel: all noted, none a difference; nobody says where tracked links lead."""
    data = message(mailchimp(frozen, test=True), frozen, headers={"X-Mailer": "MailChimp Mailer - **CID39849bd3683e6e597ee0**"})
    found = held(frozen, data)
    assert found.changes == ()
    assert len(found.notes) == 6
    links = {link.text for link in found.tracked}
    assert "詳細（イクレイ日本）" in links
    assert not {"配信停止の手続き", "ブラウザで表示する"} & links


def test_a_tracked_link_is_never_called_right(frozen: Frozen) -> None:
    """Another address behind it cannot be seen: it is listed; without tracking it is a difference."""
    assert "詳細（イクレイ日本）" in [link.text for link in held(frozen, message(mailchimp(frozen), frozen)).tracked]
    parts = mailchimp(frozen, tracks=False)
    parts["html"] = parts["html"].replace('href="https://japan.iclei.org/', 'href="https://wrong.example.com/')
    found = held(frozen, message(parts, frozen))
    assert not found.tracked
    assert {change.part for change in found.changes} == {"リンク"}
    assert all("wrong.example.com" in change.after for change in found.changes)


def test_a_text_edition_that_the_service_made_itself_is_one_difference(frozen: Frozen) -> None:
    """Not a hundred: the message says what to do."""
    (change,) = held(frozen, message(mailchimp(frozen, pasted=False), frozen)).changes
    assert change.part == "テキスト版"
    assert "貼り付ける" in change.after
    assert "2-3　" in generated(frozen.html)


def test_tracking_in_the_text_edition_is_one_difference(frozen: Frozen) -> None:
    """Who types an address cannot type that one."""
    parts = mailchimp(frozen)
    parts["text"] = parts["text"].replace("https://japan.iclei.org/\n", "https://example.us1.list-manage.com/track/click?u=1&id=2&e=3\n")
    (change,) = held(frozen, message(parts, frozen)).changes
    assert "Track plain-text clicks" in change.after


def test_a_field_that_nobody_filled_is_a_difference(frozen: Frozen) -> None:
    """A service's tag as link."""
    parts = own(frozen, unsubscribe="*|UNSUB|*")
    found = held(frozen, message(parts, frozen)).changes
    assert {change.part for change in found} == {"リンク", "テキスト版"}
    assert "置き換わっていません" in found[0].after


def test_a_strangers_page_to_leave_is_noted(frozen: Frozen) -> None:
    """Every service has its own; which one is right, a person knows."""
    found = held(frozen, message(own(frozen, unsubscribe="https://stranger.example.net/u/7"), frozen))
    assert found.changes == ()
    assert any("stranger.example.net" in note for note in found.notes)


@pytest.mark.parametrize("rewrite", [safelinks, urldefense2, lambda url: safelinks(urldefense2(url))])
def test_mail_security_is_seen_through(frozen: Frozen, rewrite: Callable[[str], str]) -> None:
    """Every link in others' clothes, one rewriter around another: equal, and said; a changed one under them is found."""
    parts = own(frozen)
    parts["html"] = rewritten(parts["html"], rewrite)
    found = held(frozen, message(parts, frozen))
    assert found.changes == ()
    assert found.notes == ("メールの安全対策などで書き換えられたリンクは、元のURLに戻して比べました。",)
    parts["html"] = rewritten(own(frozen)["html"].replace("https://japan.iclei.org/", "https://wrong.example.com/"), rewrite)
    assert held(frozen, message(parts, frozen)).changes


SLIPS: list[tuple[str, str, str, str, str]] = [
    ("html", "2月27日（木）14:00", "2月28日（木）14:00", "本文", "2-3"),
    ("html", "定員は、会場40人", "定員は、会場 40 人 まで", "本文", "2-3"),
    ("html", "<p", "<p>社外からのメールです</p><p", "本文", "冒頭"),
    ("html", "https://japan.iclei.org/", "https://japan.iclei.org/x", "リンク", "1-1"),
    ("html", "https://japan.iclei.org/", "", "リンク", "1-1"),
    ("html", "/images/2025-01/cafe", "/images/2025-01/other", "写真", "1-1"),
    ("html", 'alt="画面', 'alt="別の画面', "代替文", "1-1"),
    ("text", "定員は、会場40人", "定員は、会場50人", "テキスト版", "2-3"),
    ("text", "https://japan.iclei.org/\n", "https://wrong.example.com/\n", "テキスト版", "1-1"),
    ("subject", "1月号", "2月号", "件名", ""),
]


@pytest.mark.parametrize(("part", "old", "new", "where", "label"), SLIPS)
def test_every_slip_is_told_with_its_place(frozen: Frozen, part: str, old: str, new: str, where: str, label: str) -> None:
    """One letter in any part, a banner, a link, a picture; Mailchimp's mail shows it no less than ours."""
    for parts in (own(frozen), mailchimp(frozen, tracks=False)):
        if old not in parts[part]:
            continue
        parts[part] = parts[part].replace(old, new, 1)
        found = held(frozen, message(parts, frozen)).changes
        assert [(change.part, change.label) for change in found] == [(where, label)]


def test_the_first_of_these_tests_could_fail(frozen: Frozen) -> None:
    """Each slip finds its letters in our own mail."""
    assert all(old in own(frozen)[part] for part, old, _, _, _ in SLIPS)


@pytest.mark.parametrize(
    ("headers", "part"),
    [
        ({"From": "enews@example.jp"}, "差出人"),
        ({"From": "=?utf-8?q?=E3=82=A4=E3=82=AF=E3=83=AC=E3=82=A4=E6=97=A5=E6=9C=ACe-News?= <enews=example.jp@mail1.mcsv.net>"}, "差出人"),
        ({"Reply-To": "other@example.jp"}, "返信先"),
        ({"Subject": "[EXTERNAL] x"}, "件名"),
    ],
)
def test_the_head_counts(frozen: Frozen, headers: dict[str, str], part: str) -> None:
    """Who sends, who answers are for, and the subject, gateways' marks included."""
    assert part in [change.part for change in held(frozen, message(own(frozen), frozen, headers=headers)).changes]


@pytest.mark.parametrize("missing", ["html", "text"])
def test_a_part_that_is_not_there(frozen: Frozen, missing: str) -> None:
    """A mail without HTML, and one without the text edition."""
    parts = own(frozen)
    del parts[missing]
    (change,) = held(frozen, message(parts, frozen)).changes
    assert change.after == ""


def test_lines_broken_elsewhere_are_the_same_text(frozen: Frozen) -> None:
    """A gateway wraps the text edition at 30 columns and puts line ends into the HTML."""
    parts = own(frozen)
    width = {line: 300 if "://" in line else 30 for line in parts["text"].split("\n")}
    lines = [line[n : n + width[line]] for line in parts["text"].split("\n") for n in range(0, max(len(line), 1), width[line])]
    parts["text"] = "\r\n".join(lines)
    parts["html"] = parts["html"].replace("。", "。\r\n ")
    assert held(frozen, message(parts, frozen)).changes == ()


UNFOLDED = [
    ("https://www.example.jp/a?b=1&c=%E3%81%82#d", "https://www.example.jp/a?b=1&c=%E3%81%82#d"),
    (safelinks("https://www.example.jp/a?b=1&c=2"), "https://www.example.jp/a?b=1&c=2"),
    (urldefense2("https://www.example.jp/a_b-c?d=%20e"), "https://www.example.jp/a_b-c?d=%20e"),
    ("https://urldefense.proofpoint.com/v1/url?u=https://www.example.jp/&k=x", "https://www.example.jp/"),
    ("https://urldefense.com/v3/__https://www.example.jp/a?b=1__;!!N3hq!6EDT$", "https://www.example.jp/a?b=1"),
    (
        "https://urldefense.com/v3/__https://lore.example.org/l/Yk0kr0F*2Fyz@x.org/__;JQ!!ACWV!Mw$",
        "https://lore.example.org/l/Yk0kr0F%2Fyz@x.org/",
    ),
    ("https://urldefense.com/v3/__https://www.example.jp/**A*x__;44GC44GEIw!!A!B$", "https://www.example.jp/あい#x"),
    ("https://secure-web.cisco.com/1ab/https%3A%2F%2Fwww.example.jp%2Fa", "https://www.example.jp/a"),
    ("https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fwww.example.jp&c=E,1", "https://www.example.jp"),
    ("https://ddec1-0-en-ctp.trendmicro.com/wis/clicktime/v1/query?url=https%3a%2f%2fwww.example.jp&umid=1", "https://www.example.jp"),
    ("https://x.us1.list-manage.com/track/click?u=1&id=2&url=https%3A%2F%2Fwww.example.jp%2F", "https://www.example.jp/"),
]


@pytest.mark.parametrize(("address", "target"), UNFOLDED)
def test_rewritten_links_are_unfolded(address: str, target: str) -> None:
    """Each rewriter by its own rule."""
    found = unfold(address)
    assert (found.address, found.rewritten, found.tracked) == (target, address != target, False)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil-safelinks.protection.outlook.com.example.net/?url=https%3A%2F%2Fwww.example.jp",
        "https://evilgoogle.com/url?q=https%3A%2F%2Fwww.example.jp",
        "https://evil-google.com/url?q=https%3A%2F%2Fwww.example.jp",
        "https://www.example.com/?url=https://www.example.jp/",
        "https://jpn01.safelinks.protection.outlook.com/?url=javascript:alert(1)",
        "https://urldefense.com/v3/__javascript:alert(1)__;!!A!B$",
        "https://urldefense.com/v3/__https://a*b__;%%%!!A!B$",
        "https://[::1",
        "",
        "javascript:alert(1)",
    ],
)
def test_what_only_looks_like_a_rewriter_is_left_alone(address: str) -> None:
    """A host that ends in another's letters, a query of its own, a script, a broken address."""
    assert unfold(address).address == address


@given(
    st.text(max_size=80),
    st.sampled_from(["https://urldefense.com/v3/__", "https://x.safelinks.protection.outlook.com/?url=", "https://", ""]),
)
def test_no_address_stops_the_unfolding(text: str, start: str) -> None:
    """Whatever stands in a link."""
    unfold(start + text)
    plain_address(start + text)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://WWW.example.jp", "https://www.example.jp/", True),
        ("https://www.example.jp/%E3%81%82", "https://www.example.jp/あ", True),
        ("https://www.example.jp/?a=1&utm_source=x&mc_cid=2", "https://www.example.jp/?a=1", True),
        ("https://www.example.jp/?a=1", "https://www.example.jp/?a=2", False),
        ("http://www.example.jp/", "https://www.example.jp/", False),
        ("https://www.example.jp/A", "https://www.example.jp/a", False),
    ],
)
def test_addresses_are_the_same_or_not(one: str, other: str, same: bool) -> None:
    """Spelling aside, and what services hang on the end."""
    assert (plain_address(one, like=other) == plain_address(other, like=other)) == same


@pytest.mark.parametrize(
    ("data", "charset", "text"),
    [
        (b"\x1b$B%$%/%l%$!]\x1b(B", "iso-2022-jp", "イクレイ－"),
        (b"\x1b$B-!\x1b(Bx\x1b(I1\x1b(B", "ISO-2022-JP", "①xｱ"),
        (b"\x1b$B%", "iso-2022-jp", ""),
        ("～㈱髙".encode("cp932"), "Shift_JIS", "～㈱髙"),
        ("～㈱".encode("cp932"), "", "～㈱"),
        ("本文".encode(), "x-unknown", "本文"),
        ("本文".encode(), 'utf-8"', "本文"),
        (b"\xff\xfe\x00", "utf-8", None),
    ],
)
def test_charsets_are_read_as_gateways_write_them(data: bytes, charset: str, text: str | None) -> None:
    """Also wrong, unknown and broken ones."""
    found = decoded(data, charset)
    assert text is None or found == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?ISO-2022-JP?B?GyRCJSQlLyVsJSQbKEI=?= e-News", "イクレイ e-News"),
        ("=?utf-8?q?=E6=9C=AC?=\r\n =?utf-8?q?=E6=96=87?=", "本文"),
        ("=?utf-8?b?broken", "=?utf-8?b?broken"),
        ("=?x-none?b?5pys?=", "本"),
        ("plain", "plain"),
    ],
)
def test_headers_are_read(raw: str, text: str) -> None:
    """Encoded words of any charset, folded or broken."""
    assert header_of(raw) == text


HOSTILE = [
    b"",
    b"no mail at all",
    b"\xd0\xcf\x11\xe0" + b"\0" * 600,  # a .msg
    b"Subject: x\r\n"
    b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 3_000,
    b"From: a@example.com\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
    b'From: a@example.com\r\nContent-Type: text/html; charset="\x00\xff"\r\n\r\n<p>x',
    b"From: " + b"a" * 100_000 + b"\r\nSubject: =?utf-8?b?" + b"A" * 10_001 + b"?=\r\n\r\nx",
    b"From: a@example.com\r\nContent-Type: message/rfc822\r\n\r\nFrom: b@example.com\r\nContent-Type: text/html\r\n\r\n<p>x",
    b"From: a@example.com\r\nContent-Disposition: attachment; filename*=utf-8''%ff\r\nContent-Type: text/html\r\n\r\n<p>x",
    b"From: a@example.com\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 20_000 + b"<a href='" + b"x" * 10_000,
]


@pytest.mark.parametrize("data", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_file_is_refused_or_differs(frozen: Frozen, data: bytes) -> None:
    """Never equal, never an error of ours."""
    said = ""
    try:
        said = "" if held(frozen, data).equal else "違い"
    except ApprovalError as error:
        said = str(error)
    assert "メールとして読めません" in said or said == "違い"


@given(st.binary(max_size=300), st.sampled_from([b"", b"From: a@example.com\r\nContent-Type: ", b"From: a@example.com\r\nSubject: "]))
def test_any_bytes_end_well(data: bytes, start: bytes) -> None:
    """A mail, or the message that it is none."""
    with suppress(ApprovalError):
        parse_received(start + data)


def test_the_command_says_equal_or_where_not(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Against the approved text, not that of now; before an approval against that of now, and it says so."""
    root = sample_workspace(tmp_path)
    desk = open_workspace(root)
    checked = check(desk, "2025-01")
    frozen = frozen_of(desk, checked.issue, checked.email)
    mail = tmp_path / "受信.eml"
    mail.write_bytes(message(own(frozen), frozen))
    assert enews(root, "verify", str(mail), "2025-01") == 0
    printed = capsys.readouterr().out
    assert "まだ承認されていません" in printed
    assert printed.rstrip().endswith("同じです。")
    approve(desk, "2025-01", Approval(by="見本", at="2025-01-30T17:40:00+09:00", via="画面"))
    article = root / "issues/2025-01/50-mihon-food.md"
    article.write_text(article.read_text("utf-8").replace("会場40人", "会場50人"), "utf-8")
    assert enews(root, "verify", str(mail), "2025-01", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["equal"], answer["against"], answer["number"]) == (True, "承認した内容", frozen.number)
    parts = own(frozen)
    mail.write_bytes(message({**parts, "html": parts["html"].replace("会場40人", "会場50人")}, frozen))
    assert enews(root, "verify", str(mail), "2025-01") == 1
    printed = capsys.readouterr().out
    assert "・2-3（本文）\n　承認：定員は、会場［40］人" in printed
    assert "違い：1か所" in printed
    (root / "issues/2025-01/approved/email.txt").write_text("x", "utf-8")
    assert enews(root, "verify", str(mail), "2025-01") == 1
    assert "承認した内容を使えません" in capsys.readouterr().err
    assert enews(root, "verify", str(tmp_path / "none.eml"), "2025-01") == 1


def test_what_was_exported_for_mailchimp_comes_back_equal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The very files of ``enews export --for mailchimp``, their tags filled as Mailchimp does, say what was approved; so says the export."""
    root = sample_workspace(tmp_path)
    desk = open_workspace(root)
    _, approved = approve(desk, "2025-01", Approval(by="見本", at="2025-01-30T17:40:00+09:00", via="画面"))
    assert enews(root, "export", "2025-01", "--for", "mailchimp", "--json") == 0
    assert json.loads(capsys.readouterr().out)["approved"] is True
    tags = {
        "*|UNSUB|*": f"{LIST}/unsubscribe?{KEYS}",
        "*|UPDATE_PROFILE|*": f"{LIST}/profile?{KEYS}",
        "*|ARCHIVE|*": "https://mailchi.mp/x/2025-01",
    }
    parts = {"subject": approved.frozen.subject}
    for kind, suffix in (("html", "html"), ("text", "txt")):
        parts[kind] = (root / f"build/2025-01/export-mailchimp/2025-01.{suffix}").read_text("utf-8")
        for tag, value in tags.items():
            parts[kind] = parts[kind].replace(tag, value)
    mail = tmp_path / "x.eml"
    mail.write_bytes(message(parts, approved.frozen))
    assert enews(root, "verify", str(mail), "2025-01", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["equal"], answer["changes"], answer["tracked"]) == (True, [], [])
