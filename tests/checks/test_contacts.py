"""Telephone numbers, postal codes, mail addresses and amounts: what cannot be right, and what only looks odd."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.checks import contacts
from pipeline.checks.contacts import wrong_address, wrong_telephone
from tests.builders import draft
from tests.checks.sheets import codes_by_line


@pytest.mark.parametrize(
    "number",
    [
        "03-0000-000",
        "03-00000-0000",
        "090-1234-567",
        "0120-1234-5678",
        "075-22-3456",
        "0857-26-71",
        "(03)1234-567",
        "03-12345-678",
        "050-1234-567",
    ],
)
def test_a_telephone_number_is_counted(number: str) -> None:
    """Ten digits, eleven for mobiles and 050, the last group of four."""
    assert wrong_telephone(number)


@pytest.mark.parametrize(
    "number",
    [
        *(
            "03-0000-0000",
            "0857-26-7205",
            "090-1234-5678",
            "050-3000-0000",
            "0120-000-000",
            "0800-123-4567",
            "0570-01-2345",
            "0570-012-345",
        ),
        *(
            "(03)1234-5678",
            "03(1234)5678",
            "0312345678",
            "+81-3-1234-5678",
            "+49-228/97 62 99-00",
            "188",
            "04992-2-1121",
            "010-81-3-0000-0000",
        ),
    ],
)
def test_a_right_telephone_number_is_left_alone(number: str) -> None:
    """Area codes of two to five digits, toll-free and foreign numbers, short services."""
    assert wrong_telephone(number) == ""


@pytest.mark.parametrize(
    "address",
    [
        "a@b",
        "a@@example.jp",
        "a@example..jp",
        "a@example,jp",
        "a ＠example.jp",
        "ａ@example.jp",
        "a@ example.jp",
        "a@city.x.lg",
        "a@example.jo",
        "a@",
    ],
)
def test_an_address_that_takes_no_mail_is_found(address: str, tmp_path: Path) -> None:
    """In an entry and in a body alike."""
    texts = [draft("一", 問合せ先=f"環境課　{address}"), f"お問い合わせは {address} までお願いします。"]
    assert [text for text, codes in codes_by_line(tmp_path, texts, contacts.RULES).items() if "LEFT013" not in codes] == []


@pytest.mark.parametrize("address", ["kankyo@example.jp", "a.b-c+d@city.kyoto.lg.jp", "x_1@a.b.example.com", "iclei-japan@iclei.org"])
def test_a_right_address_is_left_alone(address: str) -> None:
    """Points, marks and subdomains are usual."""
    assert wrong_address(address) == ""


BAD = """
問合せ先：環境課　電話 03-0000-000
電話：０３－００００－０００
FAX: 0857-26-72055
〒1050003 東京都港区
〒105-003 東京都港区
予算は0500円です。
予算は1.000円です。
￥1,000円
"""
GOOD = """
問合せ先：環境課　電話 03-0000-0000　FAX 03-0000-0001
電話：＋81-3-0000-0000
〒105-0003 東京都港区西新橋1-14-2
〒105－0003 東京都港区
Tel. +49-228/97 62 99-00
2025-01-31の号、2025年1,2月号、第1,2回、10,11人の班
参加費は1,000円、税込1,100円です。電気は1kWh当たり26.5円です。
3,000億米ドルを合意しました。10,000人、2,500以上の自治体
ISBN 978-4-00-000000-0
内線1234（代表 03-0000-0000）
SDGs 11.3、1.5度、24/7カーボンフリー電力、96/125か国
Xは @ICLEI_Japan をご覧ください。
お申込みは enews@example.jp。締切は14日です。
a@example.jp,b@example.jp、c@example.jp/d@example.jp
プラスチックを01-02-03の3区分で集めます。
"""


def test_lines_with_wrong_numbers_are_found(tmp_path: Path) -> None:
    """Full-width digits are read alike."""
    found = codes_by_line(tmp_path, BAD.strip().split("\n"), contacts.RULES)
    assert [text for text, codes in found.items() if not codes] == []


def test_lines_with_right_numbers_are_left_alone(tmp_path: Path) -> None:
    """Dates, lists, decimals and foreign numbers are no mistakes."""
    found = codes_by_line(tmp_path, GOOD.strip().split("\n"), contacts.RULES)
    assert {text: codes for text, codes in found.items() if codes} == {}


def test_an_extension_alone_reaches_nobody(tmp_path: Path) -> None:
    """内線 needs the number of the house."""
    alone, whole = draft("一", 問合せ先="環境課 内線1234"), draft("二", 問合せ先="環境課 03-0000-0000 内線1234")
    assert codes_by_line(tmp_path, [alone, whole], contacts.RULES) == {alone: {"LEFT012"}, whole: set()}


def test_a_persons_own_address_is_a_note(tmp_path: Path) -> None:
    """Free and mobile providers; an office's address is none."""
    bad, good = draft("一", 問合せ先="mihon@yahoo.co.jp"), draft("二", 問合せ先="mihon@example.co.jp")
    assert codes_by_line(tmp_path, [bad, good], contacts.RULES) == {bad: {"LEFT014"}, good: set()}
