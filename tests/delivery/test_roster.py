"""What editors do to the list by hand: who leaves stays away, who is forgotten leaves no letter behind, who takes an office over is asked anew."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pipeline import readerdesk
from pipeline.delivery import roster
from pipeline.delivery.people import Consent, Subscriber
from pipeline.delivery.readers import is_suppressed
from pipeline.delivery.store import SECRET, Store, open_store, store_path
from pipeline.errors import ReaderError, StoreError
from pipeline.readerdesk import Settings

NOW, LATER = "2025-06-01T10:00:00", "2025-07-01T10:00:00"


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, "a-key-for-tests-only-0123456789")


def said(now: str = NOW, **given: str) -> Settings:
    """What an editor typed; ``how`` and ``on`` are the consent."""
    return Settings(now=now, by="見本 花子", consent_how=given.pop("how", ""), consent_on=given.pop("on", ""), given=given)


def add(root: Path, address: str = "taro.mihon@example.com", **given: str) -> Subscriber:
    """One reader on the list."""
    return readerdesk.add_reader(root, address, said(**{"how": "名刺交換", "name": "見本 太郎", **given}))


def suppressed(root: Path, address: str) -> bool:
    """Whether an address gets no mail."""
    with open_store(root) as store, store.read() as rows:
        return is_suppressed(rows, address, store.secret)


def ids(root: Path) -> dict[str, int]:
    """The ids on the list by address."""
    with open_store(root) as store, store.read() as rows:
        return {one.address: one.id for one in roster.listed(rows)}


def test_a_reader_is_added_once(tmp_path: Path) -> None:
    """With consent of today if no day is said; the same address in capitals is refused, masked."""
    assert add(tmp_path).consent == Consent(how="名刺交換", on="2025-06-01", by="見本 花子")
    with pytest.raises(ReaderError, match="もう名簿にあります") as caught:
        add(tmp_path, "Taro.Mihon@Example.com")
    assert "Taro.Mihon" not in str(caught.value)


def test_fields_are_changed_by_name(tmp_path: Path) -> None:
    """What was typed is written, an empty word empties; the names of the fields are told and remembered, values are not."""
    add(tmp_path, organisation="みほん市", segment="自治体")
    changed = readerdesk.change_reader(tmp_path, "TARO.mihon@example.com", said(department="企画課", organisation="", member="会員"))
    assert changed == ("所属", "部署", "会員")
    found = readerdesk.show_reader(tmp_path, "taro.mihon@example.com")
    assert found.reader is not None
    assert (found.reader.organisation, found.reader.department, found.reader.member) == ("", "企画課", True)
    assert [what for _, what, _ in found.history] == ["add", "change"]
    assert "企画課" not in str(found.history)
    assert readerdesk.change_reader(tmp_path, "taro.mihon@example.com", said()) == ()


def test_an_address_is_changed_and_stays_one_readers(tmp_path: Path) -> None:
    """The id stays, a taken address and one that left are refused."""
    add(tmp_path)
    add(tmp_path, "other@example.com")
    before = ids(tmp_path)["taro.mihon@example.com"]
    readerdesk.change_reader(tmp_path, "taro.mihon@example.com", said(), new_address="new@example.com")
    assert ids(tmp_path)["new@example.com"] == before
    with pytest.raises(ReaderError, match="もう名簿"):
        readerdesk.change_reader(tmp_path, "new@example.com", said(), new_address="Other@example.com")
    readerdesk.suppress_reader(tmp_path, "left@example.com", reason="配信停止", via="", now=LATER)
    with pytest.raises(ReaderError, match="配信停止"):
        readerdesk.change_reader(tmp_path, "new@example.com", said(), new_address="left@example.com")


def test_who_left_comes_back_by_a_new_consent_only(tmp_path: Path) -> None:
    """Leaving is remembered with its way; added again without, or with an older consent: refused; with one of that day or later: back."""
    readerdesk.suppress_reader(tmp_path, "a@example.com", reason="配信停止", via="返信", now=NOW)
    assert readerdesk.suppress_reader(tmp_path, "A@example.com", reason="苦情", via="", now=LATER) is False
    found = readerdesk.show_reader(tmp_path, "a@example.com").stopped
    assert found is not None
    assert (found.reason, found.via, found.at) == ("配信停止", "返信", NOW)
    for settings in (said(), said(how="電話", on="2025-05-31")):
        with pytest.raises(ReaderError, match="2025-06-01から「配信停止」"):
            readerdesk.add_reader(tmp_path, "a@example.com", settings)
    readerdesk.add_reader(tmp_path, "a@example.com", said(LATER, how="申込フォーム"))
    assert not suppressed(tmp_path, "a@example.com")


def test_the_successor_in_an_office_is_a_new_reader(tmp_path: Path) -> None:
    """Office, section, segment, membership and language stay; name, columns and consent do not; the old address gets nothing, by no list."""
    add(tmp_path, organisation="みほん市", department="環境課", segment="自治体", member="会員", language="en")
    before = ids(tmp_path)["taro.mihon@example.com"]
    reader = readerdesk.replace_in_office(tmp_path, "taro.mihon@example.com", "jiro@example.com", settings=said())
    kept = (reader.organisation, reader.department, reader.segment, reader.member, reader.language)
    assert kept == ("みほん市", "環境課", "自治体", True, "en")
    assert (reader.name, reader.consent, reader.columns) == ("", Consent(), {})
    assert reader.id > before
    assert suppressed(tmp_path, "taro.mihon@example.com")
    assert list(ids(tmp_path)) == ["jiro@example.com"]
    for pair in (
        ("nobody@example.com", "x@example.com"),
        ("jiro@example.com", "JIRO@example.com"),
        ("jiro@example.com", "taro.mihon@example.com"),
    ):
        with pytest.raises(ReaderError):
            readerdesk.replace_in_office(tmp_path, *pair, settings=said())
    assert list(ids(tmp_path)) == ["jiro@example.com"]


def every_byte(root: Path) -> bytes:
    """All that lies in the folder of readers."""
    return b"".join(path.read_bytes() for path in sorted((root / "subscribers").rglob("*")) if path.is_file())


def fill(store: Store, reader: int) -> None:
    """Traces of a reader where other jobs leave some."""
    with store.change() as rows:
        rows.run("INSERT INTO sends VALUES ('2025-01', 'd', 'n', 's', '', 'x', 1, ?, '')", NOW)
        rows.run("INSERT INTO ledger VALUES ('2025-01', ?, 'k', 'refused', 550, 'user Taro.Mihon unknown', 1, ?)", reader, NOW)
        rows.run("INSERT INTO pending VALUES ('t', 'subscribe', NULL, '{\"address\": \"Taro.Mihon@example.com\"}', ?)", NOW)
        rows.run("INSERT INTO seeds VALUES ('taro.mihon@example.com', 'Taro.Mihon@example.com', 'ミホンタロウ')")
        roster.write_history(rows, reader, "form", "taro.mihon@example.com から", now=NOW)


def test_a_forgotten_person_leaves_no_letter_behind(tmp_path: Path) -> None:
    """Neither address nor name nor columns stand anywhere in the files, free pages and write-ahead log included; the hash keeps them away."""
    lines = "".join(f"reader{number}@example.com,読者{number},{'みほん市' * 20}\n" for number in range(300))
    (tmp_path / "list.csv").write_text(f"メール,氏名,所属\n{lines}", "utf-8")
    readerdesk.import_lists(tmp_path, readerdesk.Intake(paths=(tmp_path / "list.csv",)), said())
    settings = Settings(
        now=NOW, consent_how="名刺交換", given={"name": "ミホンタロウ", "organisation": "ヒミツ団体"}, own={"役職": "ヒミツ課長"}
    )
    readerdesk.add_reader(tmp_path, "Taro.Mihon@example.com", settings)
    readerdesk.change_reader(tmp_path, "taro.mihon@example.com", said(name="ミホンタロウ改"))
    readerdesk.suppress_reader(tmp_path, "Taro.Mihon@example.com", reason="配信停止", via="返信", now=NOW)
    with open_store(tmp_path) as store:
        fill(store, ids(tmp_path)["Taro.Mihon@example.com"])
    words = [word.encode() for word in ("aro.mihon", "aro.Mihon", "ミホンタロウ", "ヒミツ")]
    assert all(word in every_byte(tmp_path) for word in words), "the test looks for nothing"
    assert readerdesk.forget_reader(tmp_path, "TARO.mihon@example.com", now=LATER)
    found = every_byte(tmp_path)
    assert not [word for word in words if word in found]
    assert suppressed(tmp_path, "Taro.Mihon@example.com")
    assert len(ids(tmp_path)) == 300
    assert not readerdesk.forget_reader(tmp_path, "nobody@example.com", now=LATER)
    assert suppressed(tmp_path, "nobody@example.com")


def test_lists_are_found_by_what_is_asked(tmp_path: Path) -> None:
    """By words, segment, language, membership and missing consent; signs of a pattern are letters."""
    add(tmp_path, "a@example.com", segment="自治体", member="会員", organisation="みほん市")
    add(tmp_path, "b_%@example.com", segment="大学", language="en", how="")
    wanted = [
        (roster.Wanted(words="みほん"), ["a@example.com"]),
        (roster.Wanted(words="B_%"), ["b_%@example.com"]),
        (roster.Wanted(words="%"), ["b_%@example.com"]),
        (roster.Wanted(segment="大学"), ["b_%@example.com"]),
        (roster.Wanted(member=True), ["a@example.com"]),
        (roster.Wanted(language="en", member=False), ["b_%@example.com"]),
        (roster.Wanted(unconsented=True), ["b_%@example.com"]),
        (roster.Wanted(words="' OR 1=1 --"), []),
    ]
    for asked, expected in wanted:
        assert [one.address for one, _ in readerdesk.list_readers(tmp_path, asked)] == expected


def test_an_export_is_private_logged_safe_and_comes_back_unchanged(tmp_path: Path) -> None:
    """0600, no formula, without those who left; who took it is written down; nothing is written over."""
    add(tmp_path, "a@example.com", name="=1+1", organisation="-x", segment="大学")
    readerdesk.add_reader(tmp_path, "+b@example.com", Settings(now=NOW, own={"Job Title": "@係長"}))
    add(tmp_path, "left@example.com")
    readerdesk.suppress_reader(tmp_path, "left@example.com", reason="不達", via="", now=NOW)
    path = tmp_path / "out.csv"
    assert readerdesk.export_readers(tmp_path, path, settings=said()) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text("utf-8-sig")
    assert "left@" not in text
    assert "\n'+b@example.com" in text
    assert ",'=1+1,'-x," in text
    assert ",'@係長" in text
    taken = readerdesk.import_lists(tmp_path, readerdesk.Intake(paths=(path,)), said())
    assert readerdesk.total(taken) == {"added": 0, "updated": 0, "unchanged": 2, "suppressed": 0, "rejected": 0}
    with pytest.raises(ReaderError, match="もうあります"):
        readerdesk.export_readers(tmp_path, path, settings=said())
    assert readerdesk.export_readers(tmp_path, tmp_path / "stopped.csv", settings=said(), suppressed=True) == 1
    logged = readerdesk.reader_stats(tmp_path)["exports"]
    assert [(row["who"], row["rows"], row["file"]) for row in logged] == [("見本 花子", 2, "out.csv"), ("見本 花子", 1, "stopped.csv")]


def test_the_suppressions_of_one_desk_are_those_of_another(tmp_path: Path) -> None:
    """The exported list of people who left is taken in as such, with reason, way and day."""
    first, second = tmp_path / "a", tmp_path / "b"
    readerdesk.suppress_reader(first, "left@example.com", reason="苦情", via="電話", now=NOW)
    readerdesk.export_readers(first, tmp_path / "stopped.csv", settings=said(), suppressed=True)
    taken = readerdesk.import_lists(second, readerdesk.Intake(paths=(tmp_path / "stopped.csv",)), said(LATER))
    assert readerdesk.total(taken)["suppressed"] == 1
    (found,) = readerdesk.list_suppressions(second)
    assert (found.address, found.reason, found.via, found.at) == ("left@example.com", "苦情", "電話", NOW)


def test_figures_say_who_gets_mail(tmp_path: Path) -> None:
    """All, those who get mail, segments, members, missing consents, suppressions by reason, test readers."""
    add(tmp_path, "a@example.com", segment="自治体", member="会員")
    add(tmp_path, "b@example.com", segment="自治体", how="")
    add(tmp_path, "c@example.com")
    readerdesk.suppress_reader(tmp_path, "c@example.com", reason="不達", via="", now=NOW)
    readerdesk.change_seeds(tmp_path, "add", "me@example.com", "私")
    found = readerdesk.reader_stats(tmp_path)
    assert (found["readers"], found["receiving"], found["members"], found["without_consent"], found["seeds"]) == (3, 2, 1, 1, 1)
    assert found["segments"] == {"自治体": 2, "（なし）": 1}
    assert found["suppressions"] == {"配信停止": 0, "不達": 1, "苦情": 0, "削除": 0}


def test_test_readers_are_no_subscribers(tmp_path: Path) -> None:
    """Added once whatever their capitals, removed, and never on the list."""
    readerdesk.change_seeds(tmp_path, "add", "me@example.com", "私")
    assert readerdesk.change_seeds(tmp_path, "add", "Me@example.com", "わたし") == (("Me@example.com", "わたし"),)
    assert ids(tmp_path) == {}
    assert readerdesk.change_seeds(tmp_path, "remove", "ME@example.com") == ()
    with pytest.raises(ReaderError, match="テスト配信先にありません"):
        readerdesk.change_seeds(tmp_path, "remove", "me@example.com")


def test_a_copy_that_is_taken_back_loses_nothing_that_protects(tmp_path: Path) -> None:
    """Who left and what was sent since the copy stays known, who was forgotten stays forgotten, and no id is given twice."""
    for name in ("a", "b", "c"):
        add(tmp_path, f"{name}@example.com")
    copy = tmp_path / "copy.sqlite3"
    assert readerdesk.back_up(tmp_path, copy) == 3
    readerdesk.suppress_reader(tmp_path, "a@example.com", reason="配信停止", via="返信", now=LATER)
    readerdesk.forget_reader(tmp_path, "b@example.com", now=LATER)
    add(tmp_path, "d@example.com")
    newest = ids(tmp_path)["d@example.com"]
    with open_store(tmp_path) as store, store.change() as rows:
        rows.run("INSERT INTO sends VALUES ('2025-01', 'd', 'n', 's', '', 'x', 1, ?, '')", NOW)
        rows.run("INSERT INTO ledger VALUES ('2025-01', 1, 'k', 'sent', 250, '', 1, ?)", NOW)
        rows.run("INSERT INTO bounces (source, slug, subscriber, kind, at) VALUES ('m', '2025-01', 1, 'soft', ?)", NOW)
    done = readerdesk.take_back(tmp_path, copy, now=LATER)
    assert (done.readers, done.carried) == (2, True)
    assert done.aside is not None
    assert stat.S_IMODE(done.aside.stat().st_mode) == 0o600
    assert sorted(ids(tmp_path)) == ["a@example.com", "c@example.com"]
    assert suppressed(tmp_path, "a@example.com")
    assert suppressed(tmp_path, "b@example.com")
    add(tmp_path, "e@example.com")
    assert ids(tmp_path)["e@example.com"] > newest
    with open_store(tmp_path) as store, store.read() as rows:
        assert rows.one("SELECT state FROM ledger WHERE slug = '2025-01'")["state"] == "sent"  # type: ignore[index]
        assert rows.one("SELECT kind FROM bounces WHERE source = 'm'")["kind"] == "soft"  # type: ignore[index]


def test_a_copy_heals_a_damaged_list(tmp_path: Path) -> None:
    """What cannot be read is set aside, not deleted, and it is said that nothing could be carried over."""
    add(tmp_path)
    readerdesk.back_up(tmp_path, tmp_path / "copy.sqlite3")
    store_path(tmp_path).write_bytes(b"damaged" * 1000)
    with pytest.raises(StoreError):
        ids(tmp_path)
    done = readerdesk.take_back(tmp_path, tmp_path / "copy.sqlite3", now=NOW)
    assert (done.readers, done.carried) == (1, False)
    assert done.aside is not None
    assert done.aside.read_bytes().startswith(b"damaged")
    assert list(ids(tmp_path)) == ["taro.mihon@example.com"]


def test_a_copy_that_is_none_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file, another program's, another desk's: refused, and the list stands as it was."""
    add(tmp_path)
    other = tmp_path / "other"
    monkeypatch.setenv(SECRET, "the-key-of-another-desk-987654321")
    add(other, "x@example.com")
    readerdesk.back_up(other, tmp_path / "foreign.sqlite3")
    monkeypatch.setenv(SECRET, "a-key-for-tests-only-0123456789")
    (tmp_path / "text.sqlite3").write_text("no database", "utf-8")
    for name in ("none.sqlite3", "text.sqlite3", "foreign.sqlite3"):
        with pytest.raises(StoreError):
            readerdesk.take_back(tmp_path, tmp_path / name, now=NOW)
    assert list(ids(tmp_path)) == ["taro.mihon@example.com"]


def test_nothing_is_taken_back_while_a_send_runs(tmp_path: Path) -> None:
    """The ledger must not change under it."""
    add(tmp_path)
    readerdesk.back_up(tmp_path, tmp_path / "copy.sqlite3")
    with open_store(tmp_path) as store, store.alone(), pytest.raises(StoreError, match="配信が動いています"):
        readerdesk.take_back(tmp_path, tmp_path / "copy.sqlite3", now=NOW)
