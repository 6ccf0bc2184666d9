"""Lists as offices save them: every encoding and delimiter, headings or none, workbooks; torn lines cost themselves; hostile sizes are bounded."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from pipeline.delivery import decoding, workbook
from pipeline.delivery.decoding import detect, lines_of
from pipeline.delivery.layout import CLEANED, LIST, UNSUBSCRIBED, layout_of
from pipeline.delivery.lists import ReaderList, open_list
from pipeline.delivery.tables import Record, records_of
from pipeline.errors import ReaderError

HEAD = "メールアドレス,氏名,所属,区分"
ROWS = ("taro@example.com,髙﨑　太郎①,㈱みほん環境研究所,企業", "hanako@example.com,見本 花子,みほん市環境部環境政策課,自治体")


def opened(path: Path, **asked: str) -> tuple[ReaderList, list[Record]]:
    """A list with all its records."""
    with open_list(path, today="2026-11-22", **asked) as found:
        return found, list(found.records)


def saved(folder: Path, data: bytes, name: str = "list.csv") -> Path:
    """The bytes as a file."""
    (folder / name).write_bytes(data)
    return folder / name


def seven_bits(text: str) -> bytes:
    """ISO-2022-JP as Windows writes it: ①㈱髙 in the rows that NEC and IBM added."""
    done = b""
    for ch in text:
        pair = ch.encode("cp932")
        if len(pair) == 1:
            done += b"\x1b(B" + pair
        else:
            lead, trail = pair
            row = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 2 + (trail >= 0x9F)
            cell = trail - 0x9F if trail >= 0x9F else trail - 0x40 - (trail > 0x7F)
            done += b"\x1b$B" + bytes([row + 0x21, cell + 0x21])
    return done


def eight_bits(text: str) -> bytes:
    """EUC-JP with the same characters at the same places."""
    parts = seven_bits(text).split(b"\x1b")
    return b"".join(bytes(byte | 0x80 for byte in part[2:]) if part.startswith(b"$B") else part[2:] for part in parts if part)


IN_ALL = "\r\n".join((HEAD, *(row.replace("髙﨑", "高崎") for row in ROWS), ""))  # 髙﨑 has another code in NEC's rows than in IBM's
FULL = "\r\n".join((HEAD, *ROWS, ""))


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (FULL.encode("cp932"), "シフトJIS"),
        (FULL.encode("utf-8-sig"), "UTF-8（BOM付き）"),
        (FULL.encode("utf-8"), "UTF-8、"),
        (FULL.replace(",", "\t").encode("utf-16"), "UTF-16、区切りはタブ"),
        (FULL.replace(",", "\t").encode("utf-16-le"), "UTF-16、区切りはタブ"),
        (FULL.replace(",", "\t").encode("utf-16-be"), "UTF-16、区切りはタブ"),
        (eight_bits(IN_ALL), "EUC-JP"),
        (seven_bits(IN_ALL), "ISO-2022-JP"),
        (FULL.replace(",", ";").encode("cp932"), "シフトJIS（CP932）、区切りはセミコロン"),
        (FULL.replace("\r\n", "\r").encode("cp932"), "シフトJIS"),
        (FULL.replace("\r\n", "\r").encode("utf-8"), "UTF-8"),
        (IN_ALL.replace("\r\n", "\r").encode("utf-8"), "UTF-8"),
        (("sep=;\r\n" + FULL.replace(",", ";")).encode("utf-8-sig"), "セミコロン"),
    ],
)
def test_every_way_of_saving_a_list_gives_the_same_list(tmp_path: Path, data: bytes, form: str) -> None:
    """Encoding and delimiter are found and named; no character is lost, ①㈱髙﨑 included."""
    found, records = opened(saved(tmp_path, data))
    assert form in f"{found.form}、"
    assert [record.cells[0] for record in records] == ["taro@example.com", "hanako@example.com"]
    assert records[0].cells[1].replace("髙﨑", "高崎") == "高崎　太郎①"
    assert records[0].cells[2] == "㈱みほん環境研究所"
    assert found.layout.targets == ("address", "name", "organisation", "segment")


def test_names_in_half_width_kana_are_no_other_encoding(tmp_path: Path) -> None:
    """A column of ﾌﾘｶﾞﾅ in CP932 stays what it is."""
    text = "メールアドレス,フリガナ\r\n" + "".join(f"a{n}@example.com,ﾐﾎﾝ ﾀﾛｳ\r\n" for n in range(50))
    found, records = opened(saved(tmp_path, text.encode("cp932")))
    assert "シフトJIS" in found.form
    assert records[0].cells[1] == "ﾐﾎﾝ ﾀﾛｳ"


def test_a_broken_byte_stops_instead_of_becoming_another_name(tmp_path: Path) -> None:
    """UTF-8 with one damaged byte is not read as CP932, and late damage is told with its line."""
    with pytest.raises(ReaderError, match="読めません"):
        opened(saved(tmp_path, FULL.encode("utf-8").replace("花".encode(), b"\xe8\x8a")))
    late = (HEAD + "\r\n" + (ROWS[1] + "\r\n") * 40_000).encode("utf-8") + b"b@example.com,\xff\xfe\r\n"
    with pytest.raises(ReaderError, match="行目より後"):
        opened(saved(tmp_path, late))


def test_a_file_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it is read."""
    monkeypatch.setattr(decoding, "MAX_BYTES", 100)
    with pytest.raises(ReaderError, match="大きすぎます"):
        detect(saved(tmp_path, b"a" * 101))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('メール\na@example.com\n"b@example.com\nc@example.com\n', 3, "引用符"),
        ('メール,氏名\na@example.com,"未完\nb@example.com,次\nc@example.com,"別"\n', 2, "引用符"),
        ('メール,氏名\na@example.com,"未完\n' + "b@example.com,x\n" * 700, 2, "引用符"),
        ("メール,氏名\na@example.com," + "長" * 200_000 + "\nb@example.com,次\n", 2, "長すぎます"),
    ],
)
def test_a_torn_line_costs_that_line_only(tmp_path: Path, text: str, line: int, said: str) -> None:
    """A quotation mark that is never closed, a cell without end: told with the line; every reader behind it is read, on the right line."""
    found, records = opened(saved(tmp_path, text.encode()))
    torn = [record for record in records if record.wrong]
    assert [(record.line, said in record.wrong) for record in torn] == [(line, True)]
    lines = text.rstrip("\n").split("\n")
    assert [record.line for record in records] == list(range(2, len(lines) + 1))
    assert all(lines[record.line - 1].startswith(record.cells[0]) for record in records if not record.wrong)
    assert found.layout.targets[0] == "address"


def test_a_cell_of_several_lines_is_one_cell(tmp_path: Path) -> None:
    """Line breaks inside quotation marks belong to the cell, and the lines behind are counted right."""
    text = 'メール,氏名,備考\n"a@example.com",A,"一行目\n二行目"\n\nb@example.com,B,\n'
    _, records = opened(saved(tmp_path, text.encode()))
    assert [(record.line, record.cells) for record in records] == [
        (2, ["a@example.com", "A", "一行目\n二行目"]),
        (4, []),
        (5, ["b@example.com", "B", ""]),
    ]


CELLS = st.text(alphabet='ab@",;\n\r 見本\0', max_size=6)


@settings(max_examples=200)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=6), st.sampled_from([",", ";", "\t"]))
def test_no_text_stops_the_reading(rows: list[list[str]], delimiter: str) -> None:
    """Any lines give records whose numbers rise and that end with the file."""
    lines = io.StringIO("\n".join(delimiter.join(row) for row in rows), newline="").readlines()
    numbers = [record.line for record in records_of(iter(lines), delimiter)]
    assert numbers == sorted(set(numbers))
    assert all(1 <= number <= len(lines) for number in numbers)


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        ("E-mail", "address"),
        ("Ｅメール（必須）", "address"),
        ("mail address", "address"),
        ("ご担当者名", "name"),
        ("団体名・", "+団体名・"),
        ("所属団体", "organisation"),
        ("担当課", "department"),
        ("Job Title", "+job_title"),
        ("フリガナ", "+フリガナ"),
        ("LEID", ""),
    ],
)
def test_headings_are_known_in_many_words(heading: str, target: str) -> None:
    """Widths, brackets, case and hyphens are of no account; what is unknown is a column of the office's own."""
    other = "氏名" if target == "address" else "メール"
    assert layout_of([[heading, other], ["a@example.com", "b@example.com"]]).targets[0] == target


def test_titles_above_the_heading_are_passed_over() -> None:
    """An Excel list with its name on top."""
    found = layout_of([["e-News読者名簿（2024年6月）"], [], ["番号", "氏名", "メール"], ["1", "見本", "a@example.com"]])
    assert (found.first, found.targets) == (3, ("", "name", "address"))


def test_a_list_without_headings_is_read_by_what_it_holds() -> None:
    """Address, name, office, section, kind of office, membership and day of consent are told apart."""
    rows = [
        ["見本 花子", "みほん市", "環境政策課", "hanako@example.com", "自治体", "会員", "2024/6/3"],
        ["例 太郎", "れい県", "気候室", "taro@example.com", "自治体", "", "令和6年7月1日"],
    ]
    found = layout_of(rows, today="2026-11-22")
    assert found.targets == ("name", "organisation", "department", "address", "segment", "member", "on")
    assert found.first == 0
    told = layout_of(rows, columns="氏名,所属,部署,メールアドレス,区分,会員,同意日")
    assert told.targets == found.targets


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("Email Address,First Name,Last Name,OPTIN_TIME,CONFIRM_TIME,LEID,EUID,TAGS", LIST),
        ("Email Address,First Name,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_REASON,LEID", UNSUBSCRIBED),
        ("Email Address,First Name,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,LEID", CLEANED),
        ("メールアドレス,停止の理由,停止の経路,停止の日時", UNSUBSCRIBED),
    ],
)
def test_lists_of_people_who_left_are_never_taken_for_readers(head: str, kind: str) -> None:
    """Mailchimp's three files and our own are told apart by their columns, whatever the files are called."""
    found = layout_of([head.split(","), ["a@example.com"]])
    assert found.kind == kind
    assert found.mailchimp == ("LEID" in head)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "中身がありません"),
        (b"\xef\xbb\xbf\r\n\r\n", "中身がありません"),
        (HEAD.encode(), "見出しだけ"),
        ((HEAD + "\n,,,\n").encode(), "見出しだけ"),
        ("氏名,所属\n見本,みほん市\n".encode(), "メールアドレスの列"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "古い形式"),
        (b"PK\x03\x04 broken", "Excelのブックとして読めません"),
        (b"\x89PNG\r\n\x1a\n\xff\xd8\xff", "読めません"),
    ],
)
def test_what_is_no_list_is_refused_in_words(tmp_path: Path, data: bytes, said: str) -> None:
    """Empty, headings alone, no addresses, old Excel, a broken archive, a picture."""
    with pytest.raises(ReaderError, match=said):
        opened(saved(tmp_path, data))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    """So is a folder."""
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(ReaderError, match=r"開けません|フォルダー"):
            opened(path)


def book(rows: Sequence[Sequence[object]], path: Path, *, sheets: int = 1) -> Path:
    """A workbook whose last sheet holds the rows."""
    made = Workbook()
    made.active.append(["目次"])
    for number in range(sheets):
        made.create_sheet(f"名簿{number + 1}")
    for row in rows:
        made.worksheets[-1].append(row)
    made.save(path)
    return path


def test_a_workbook_is_read_as_a_list(tmp_path: Path) -> None:
    """The sheet with addresses is found; dates, numbers and truth are what a person sees."""
    rows: list[list[object]] = [["氏名", "メール", "会員", "同意日", "人数"], ["見本", "a@example.com", True, date(2024, 6, 3), 3.0]]
    rows += [[], ["例", "b@example.com", False, datetime(2024, 6, 3, 9, 30), 1.5]]  # noqa: DTZ001 (Excel knows no zones)
    found, records = opened(book(rows, tmp_path / "list.xlsx"))
    assert found.form == "Excelブック、シート「名簿1」"
    assert [(record.line, record.cells) for record in records] == [
        (2, ["見本", "a@example.com", "1", "2024-06-03", "3"]),
        (3, []),
        (4, ["例", "b@example.com", "0", "2024-06-03 09:30:00", "1.5"]),
    ]
    with pytest.raises(ReaderError, match="シート「名簿9」がありません"):
        opened(tmp_path / "list.xlsx", sheet="名簿9")


def test_a_workbooks_formula_is_what_excel_saved_of_it(tmp_path: Path) -> None:
    """No formula is ever reckoned or kept."""
    _, records = opened(book([["メール", "氏名"], ["a@example.com", "=1+1"]], tmp_path / "f.xlsx"))
    assert records[0].cells == ["a@example.com"]


def test_hostile_workbooks_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive that unpacks to gigabytes, a sheet that claims a far row, a zip that is no workbook: refused or read as far as it goes."""
    path = book([["メール"], ["a@example.com"]], tmp_path / "a.xlsx")
    monkeypatch.setattr(workbook, "MOST_BYTES", 1000)
    with pytest.raises(ReaderError, match="大きすぎます"):
        opened(path)
    monkeypatch.undo()
    made = Workbook()
    made.active["A1"], made.active["A2"], made.active["XFD1048576"] = "メール", "a@example.com", "far"
    made.save(tmp_path / "far.xlsx")
    assert [record.cells for record in opened(tmp_path / "far.xlsx")[1] if record.cells] == [["a@example.com"]]
    with zipfile.ZipFile(tmp_path / "mc.zip", "w") as archive:
        archive.writestr("subscribed.csv", "Email Address\n")
    with pytest.raises(ReaderError, match="ZIPは展開"):
        opened(tmp_path / "mc.zip")


def test_a_workbook_with_entities_within_entities_is_refused(tmp_path: Path) -> None:
    """Ten lines of XML that would unfold to a gigabyte."""
    path = book([["メール"], ["a@example.com"]], tmp_path / "a.xlsx")
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">' for n in range(10))
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "xl/worksheets/sheet2.xml":
                body = data.partition(b"?>")[2] or data
                data = (
                    b"<?xml version='1.0'?><!DOCTYPE x ["
                    + lol.encode()
                    + b"]>"
                    + body.replace(b"<sheetData>", b"<sheetData><row><c t='str'><v>&l9;</v></c></row>")
                )
            target.writestr(name, data)
    with pytest.raises(ReaderError, match="読めません"):
        opened(tmp_path / "b.xlsx")


def test_lines_are_read_one_at_a_time(tmp_path: Path) -> None:
    """A list is a stream: the first line is there before the rest is looked at."""
    path = saved(tmp_path, FULL.encode("cp932"))
    lines = lines_of(path, detect(path))
    assert next(lines).startswith("メールアドレス")
