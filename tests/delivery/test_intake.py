"""Lists taken in: every row is added, updated, unchanged, suppressed or rejected; what was rejected can be mended and taken in again."""

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import readerdesk
from pipeline.delivery import intake as taking
from pipeline.delivery import roster
from pipeline.delivery.cells import bare, often, parse_day, parse_language, parse_member, parse_segment, plain, safe
from pipeline.delivery.people import Consent, Subscriber
from pipeline.delivery.store import SECRET, open_store
from pipeline.errors import ReaderError, StoreError
from pipeline.readerdesk import Intake, Settings, Taken, import_lists, total
from tests.builders import ROOT

NOW = "2026-11-22T10:00:00"
SETTINGS = Settings(now=NOW, by="見本 花子")


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "a-key-for-tests-only-0123456789")


def take(root: Path, text: str | Path, *, settings: Settings = SETTINGS, dry: bool = False, name: str = "list.csv") -> Taken:
    """One list taken in."""
    path = text if isinstance(text, Path) else root / name
    if isinstance(text, str):
        path.write_text(text, encoding="utf-8-sig")
    return import_lists(root, Intake(paths=(path,), dry=dry), settings)[0]


def counts(taken: Taken) -> tuple[int, ...]:
    """Added, updated, unchanged, suppressed, rejected."""
    return tuple(total((taken,)).values())


def readers(root: Path) -> dict[str, Subscriber]:
    """The list by address."""
    with open_store(root) as store, store.read() as rows:
        return {one.address: one for one in roster.listed(rows)}


def test_the_example_list_is_what_its_description_says(tmp_path: Path) -> None:
    """Every row is taken in with its fields; a second time nothing changes."""
    assert counts(take(tmp_path, ROOT / "subscribers/example.csv")) == (5, 0, 0, 0, 0)
    found = readers(tmp_path)["hanako.mihon@example.com"]
    assert (found.name, found.segment, found.member, found.language) == ("見本 花子", "自治体", True, "ja")
    assert found.consent == Consent(how="名刺交換", on="2024-06-03", by="編集部 一子")
    assert counts(take(tmp_path, ROOT / "subscribers/example.csv")) == (0, 0, 5, 0, 0)


def test_an_empty_cell_leaves_what_is_there_and_an_older_consent_the_newer(tmp_path: Path) -> None:
    """A second list changes what it says, and nothing else; history names the fields, never their values."""
    take(tmp_path, "メール,氏名,所属,会員,同意日,同意の経路,役職\na@example.com,見本,みほん市,会員,2024-06-03,名刺交換,課長\n")
    taken = take(tmp_path, "メール,氏名,所属,会員,同意日,同意の経路\nA@EXAMPLE.com,,れい市,,2020-01-01,口頭\n")
    assert counts(taken) == (0, 1, 0, 0, 0)
    found = readers(tmp_path)["a@example.com"]
    assert (found.name, found.organisation, found.member) == ("見本", "れい市", True)
    assert found.consent == Consent(how="名刺交換", on="2024-06-03")
    assert found.columns == {"役職": "課長"}
    with open_store(tmp_path) as store, store.read() as rows:
        assert roster.history_of(rows, found.id) == ((NOW, "import", "所属"),)


def test_one_address_twice_in_a_list_is_one_reader(tmp_path: Path) -> None:
    """Capitals are of no account; a second row that says something else is given back, on whatever side of a batch it stands."""
    many = "".join(f"r{n}@example.com,R{n}\n" for n in range(taking.BATCH + 5))
    taken = take(
        tmp_path, f"メール,氏名\na@example.com,見本\nA@Example.COM,\n{many}a@example.com,見本\na@example.com,別人\nA@example.com,もう一人\n"
    )
    assert counts(taken) == (taking.BATCH + 6, 0, 2, 0, 2)
    assert all("前の行" in reason for _, reason in taken.rejects)
    assert counts(take(tmp_path, "メール,氏名\na@example.com,新しい\nA@example.com,\nA@example.com,違う\n")) == (0, 1, 1, 0, 1)
    assert readers(tmp_path)["a@example.com"].name == "新しい"


def test_rejected_rows_come_back_to_be_mended(tmp_path: Path) -> None:
    """A private CSV for Excel with line and reason and no live formula; mended, it is taken in and leaves nothing behind."""
    text = "メール,氏名,区分,同意日\na@gmai.com,=HYPERLINK(1),自治体,\nb@example.com,見本,自冶体,\nc@example.com,見本,大学,2/30\nd@example.com,x,大学,,,余り\n,名前だけ,,\n"
    taken = take(tmp_path, text + "e@example.com,見本,大学,2999-01-01\nf@example.com," + "長" * 300 + ",,\n,,,\n")
    assert counts(taken) == (0, 0, 0, 0, 7)
    assert [line for line, _ in taken.rejects] == [2, 3, 4, 5, 6, 7, 8]
    for (_, reason), word in zip(
        taken.rejects, ("gmail.com", "「自治体」のことですか", "日付", "見出しより多く", "空欄", "今日より後", "長すぎます"), strict=True
    ):
        assert word in reason
    path = taken.rejected_file
    assert path is not None
    assert path.name == "rejected-list.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["行", "理由", "メール", "氏名", "区分", "同意日"]
    assert rows[1][2:4] == ["a@gmai.com", "'=HYPERLINK(1)"]
    mended = [rows[0], [*rows[1][:2], "a@gmail.example.com", *rows[1][3:]], [*rows[2][:4], "自治体", ""]]
    again = tmp_path / "subscribers/rejected-list.csv"
    with again.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(mended)
    assert counts(take(tmp_path, again)) == (2, 0, 0, 0, 0)
    assert readers(tmp_path)["a@gmail.example.com"].name == "=HYPERLINK(1)"
    assert [file.name for file in (tmp_path / "subscribers").glob("*rejected*")] == ["rejected-list.csv"]


def test_rows_rejected_twice_keep_their_columns(tmp_path: Path) -> None:
    """A mended file that is still wrong comes back under a new name, with one 行 and one 理由; a list without headings gets some."""
    first = take(tmp_path, "a@gmai.com,見本 花子,自治体\nb@example.com,例 太郎,大学\n")
    assert first.rejected_file is not None
    second = take(tmp_path, first.rejected_file)
    assert second.rejected_file is not None
    assert second.rejected_file.name == "rejected-list-2.csv"
    lines = second.rejected_file.read_text("utf-8-sig").splitlines()
    assert lines[0] == "行,理由,メールアドレス,氏名,区分"
    assert lines[1].endswith("a@gmai.com,見本 花子,自治体")


def test_a_rehearsal_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the list nor the folder; without a list it needs no key and lays none."""
    monkeypatch.delenv(SECRET)
    assert counts(take(tmp_path, "メール\na@example.com\nb@\n", dry=True)) == (1, 0, 0, 0, 1)
    assert not (tmp_path / "subscribers").exists()
    monkeypatch.setenv(SECRET, "a-key-for-tests-only-0123456789")
    take(tmp_path, "メール\na@example.com\n")
    assert counts(take(tmp_path, "メール,氏名\na@example.com,見本\nc@example.com,例\n", dry=True)) == (1, 1, 0, 0, 0)
    assert list(readers(tmp_path)) == ["a@example.com"]


def test_a_list_is_taken_in_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in the last row leaves no reader, no file of rejected rows, and no half of one."""
    written = roster.write_history

    def fail(*values: object, **named: object) -> None:
        written(*values, **named)  # type: ignore[arg-type]
        raise StoreError("ディスクがいっぱいです")

    monkeypatch.setattr(taking, "write_history", fail)
    with pytest.raises(StoreError):
        take(tmp_path, "メール\n" + "".join(f"r{n}@example.com\n" for n in range(1000)) + "wrong\n")
    assert readers(tmp_path) == {}
    assert not list((tmp_path / "subscribers").glob("*rejected*"))


def test_two_files_are_one_transaction(tmp_path: Path) -> None:
    """The second cannot be read, so the first is not taken in either."""
    (tmp_path / "a.csv").write_text("メール\na@example.com\n", "utf-8")
    (tmp_path / "b.csv").write_bytes("メール\n".encode() + b"b@example.com\n" * 30_000 + b"\xff\xff\n")
    with pytest.raises(ReaderError):
        import_lists(tmp_path, Intake(paths=(tmp_path / "a.csv", tmp_path / "b.csv")), SETTINGS)
    assert readers(tmp_path) == {}


MAILCHIMP = {
    "subscribed_members_export.csv": "Email Address,First Name,Last Name,Company,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LEID,TAGS\n"
    'a@example.com,花子,見本,みほん市,2,"2019-04-01 01:02:03",192.0.2.1,"2019-04-02 04:05:06",192.0.2.1,1,"""x"""\n'
    'b@example.com,Jane,Sample,Example,2,"2018-01-01 00:00:01",192.0.2.1,,,2,\n'
    'c@example.com,Back,Again,Example,2,"2025-01-01 09:00:00",192.0.2.1,"2025-02-01 09:00:00",,3,\n',
    "unsubscribed_members_export.csv": "Email Address,First Name,UNSUB_TIME,UNSUB_REASON,LEID\n"
    'gone@example.com,去,"2023-05-05 05:05:05",N/A,9\nc@example.com,Back,"2023-05-05 05:05:05",N/A,3\nb@example.com,Jane,"2024-01-01 00:00:00",N/A,2\n',
    "cleaned_members_export.csv": 'Email Address,CLEAN_TIME,LEID\ndead@example.com,"2022-02-02 02:02:02",8\n',
}


def test_mailchimps_three_files_are_readers_and_suppressions(tmp_path: Path) -> None:
    """In any order: consent times are kept, IP addresses are not; who left stays away, who came back later is a reader."""
    paths = []
    for name, text in MAILCHIMP.items():
        (tmp_path / name).write_text(text, "utf-8")
        paths.append(tmp_path / name)
    taken = import_lists(tmp_path, Intake(paths=tuple(paths)), SETTINGS)
    assert total(taken) == {"added": 2, "updated": 0, "unchanged": 0, "suppressed": 5, "rejected": 0}
    found = readers(tmp_path)
    assert sorted(found) == ["a@example.com", "c@example.com"]
    assert found["a@example.com"].name == "見本 花子"
    assert found["a@example.com"].consent == Consent(how="Mailchimp", on="2019-04-02T04:05:06", by="Mailchimp")
    assert found["a@example.com"].columns == {}
    with open_store(tmp_path) as store, store.read() as rows:
        stopped = {one.address: (one.reason, one.at) for one in roster.suppressions(rows)}
    assert stopped["gone@example.com"] == ("配信停止", "2023-05-05T05:05:05")
    assert stopped["dead@example.com"][0] == "不達"
    assert "c@example.com" not in stopped
    again = import_lists(tmp_path, Intake(paths=tuple(paths)), SETTINGS)
    assert total(again) == {"added": 0, "updated": 0, "unchanged": 6, "suppressed": 1, "rejected": 0}


def test_an_older_list_brings_nobody_back(tmp_path: Path) -> None:
    """Who left, by hand or forgotten, is counted and left out; a consent of a later day brings back, one of an earlier or the same day does not."""
    take(tmp_path, "メール,氏名\na@example.com,見本\nb@example.com,例\n")
    readerdesk.suppress_reader(tmp_path, "A@example.com", reason="配信停止", via="返信", now="2025-06-01T00:00:00")
    readerdesk.forget_reader(tmp_path, "b@example.com", now="2025-06-01T00:00:00")
    head = "メール,同意日,同意の経路\n"
    assert counts(take(tmp_path, f"{head}a@example.com,,\nB@example.com,2024-01-01,名刺交換\n")) == (0, 0, 0, 2, 0)
    assert counts(take(tmp_path, f"{head}a@example.com,2025-06-01,名刺交換\nb@example.com,2025-06-01,名刺交換\n")) == (0, 0, 0, 2, 0)
    assert counts(take(tmp_path, f"{head}a@example.com,2025-06-02,\n")) == (0, 0, 0, 1, 0)
    assert counts(take(tmp_path, f"{head}a@example.com,2025-06-02,申込フォーム\nb@example.com,2025-06-02,申込フォーム\n")) == (
        1,
        1,
        0,
        0,
        0,
    )
    with open_store(tmp_path) as store, store.read() as rows:
        assert roster.suppressions(rows) == ()


def test_what_the_editor_says_of_a_whole_list_stands_where_rows_are_silent(tmp_path: Path) -> None:
    """The way and day of consent, and who recorded it."""
    said = Settings(now=NOW, by="見本 花子", consent_how="名刺交換", consent_on="令和8年11月1日")
    take(tmp_path, "メール,同意の経路\na@example.com,\nb@example.com,申込フォーム\n", settings=said)
    found = readers(tmp_path)
    assert found["a@example.com"].consent == Consent(how="名刺交換", on="2026-11-01", by="見本 花子")
    assert found["b@example.com"].consent.how == "申込フォーム"


HOSTILE = ("\r\nBcc: x@example.com", "\0", "\u202e", "=1+1", "\ud800", "a\nb", "\x1b[31m", "'", '"', "\ufdd1", "　", "\u2028")


@pytest.mark.parametrize("bad", HOSTILE)
def test_no_field_takes_in_what_could_end_a_line(tmp_path: Path, bad: str) -> None:
    """Line ends, NULs and control characters in any cell become spaces or refuse the row; nothing of them is stored."""
    cells = [f"x{bad}y"] * 4
    path = tmp_path / "list.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["メール", "氏名", "所属", "部署", "独自"])
        writer.writerow(["a@example.com", *cells])
        writer.writerow([f"b{bad}@example.com", "", "", "", ""])
    take(tmp_path, path)
    for one in readers(tmp_path).values():
        for value in (one.address, one.name, one.organisation, one.department, *one.columns.values()):
            assert not set(value) & set("\r\n\0\u202e\u2028\x1b\ufdd1\ud800")
            assert value.isprintable() or "　" in value


@given(st.text(max_size=30))
def test_a_safe_cell_runs_nowhere_and_comes_back(text: str) -> None:
    """No cell begins with a sign that a spreadsheet reckons with, and reading it again gives the text."""
    assert not safe(text).startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "|", "%"))
    assert bare(safe(text)) == text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_a_plain_cell_stays_plain(text: str) -> None:
    """Cleaning twice changes nothing more, unless an apostrophe was meant."""
    once = plain(text)
    assert "\n" not in once
    assert plain(once) == once or once.startswith("'")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-06-03", "2024-06-03"),
        ("2024/6/3", "2024-06-03"),
        ("２０２４年６月３日", "2024-06-03"),
        ("令和6年6月3日", "2024-06-03"),
        ("20240603", "2024-06-03"),
        ("45446", "2024-06-03"),
        ("2024-06-03 00:00:00", "2024-06-03"),
        ("2024-06-03 10:20:30", "2024-06-03T10:20:30"),
        ("", ""),
    ],
)
def test_days_are_read_as_offices_write_them(written: str, day: str) -> None:
    """ISO, strokes, eras, Excel's own number; a time of day is kept."""
    assert parse_day(written, NOW) == day


def test_closed_lists_take_many_words_and_refuse_the_rest() -> None:
    """国 is 行政, ＮＰＯ法人 is NPO; a word that is near is asked for; empty says nothing."""
    assert [parse_segment(word) for word in ("国", "ＮＰＯ法人", "市町村", "民間企業", "")] == ["行政", "NPO", "自治体", "企業", ""]
    assert [parse_member(word) for word in ("会員", "○", "非会員", "0", "")] == [True, True, False, False, None]
    assert [parse_language(word) for word in ("日本語", "EN", "")] == ["ja", "en", ""]
    for parse, word in ((parse_segment, "自冶体"), (parse_member, "たぶん"), (parse_language, "仏語")):
        with pytest.raises(ReaderError):
            parse(word)
    assert often("　みほん市 ") == "みほん市"
