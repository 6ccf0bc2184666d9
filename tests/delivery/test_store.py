"""The desk's database: laid once, trusted or refused, changed whole or not at all, and readable by its owner only."""

from __future__ import annotations

import sqlite3
import stat
import threading
from pathlib import Path

import pytest

from pipeline.delivery import store
from pipeline.delivery.store import SECRET, Store, check_file, open_store, store_path
from pipeline.errors import ConfigError, StoreError

KEY = "a-key-for-tests-only-0123456789"


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, KEY)


def add(opened: Store, address: str) -> None:
    """One row in one transaction."""
    with opened.change() as rows:
        rows.run("INSERT INTO seeds VALUES (?, ?, '')", address, address)


def pragma(path: Path, setting: str) -> None:
    """Change a mark of the file, and leave no trace of having had it open."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA {setting}")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def test_a_new_database_is_whole_and_private(tmp_path: Path) -> None:
    """Laid in subscribers/, 0600 with all that lies beside it, and what is committed is found again."""
    with open_store(tmp_path) as opened:
        add(opened, "a@example.com")
        modes = {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "subscribers").iterdir()}
    assert modes == {0o600}
    with open_store(tmp_path, create=False) as opened, opened.read() as rows:
        assert [row["address"] for row in rows.all("SELECT * FROM seeds")] == ["a@example.com"]
    check_file(store_path(tmp_path))


def test_a_change_is_whole_or_not_at_all(tmp_path: Path) -> None:
    """An exception in the middle leaves nothing behind."""
    with open_store(tmp_path) as opened:
        with pytest.raises(ZeroDivisionError), opened.change() as rows:
            rows.run("INSERT INTO seeds VALUES ('a', 'a', ?)", str(1 // 0 if rows.run("INSERT INTO seeds VALUES ('b', 'b', '')") else 1))
        with opened.read() as rows:
            assert rows.one("SELECT * FROM seeds") is None


def test_a_list_that_is_not_there_is_said(tmp_path: Path) -> None:
    """Nothing is laid by a command that only reads."""
    with pytest.raises(StoreError, match="subscribers import"), open_store(tmp_path, create=False):
        pass
    assert not (tmp_path / "subscribers").exists()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda path: path.write_bytes(b"not a database at all" * 400), "空とはみなしません"),
        (lambda path: path.write_bytes(path.read_bytes()[:5000]), "壊れて|読めません"),
        (lambda path: pragma(path, "application_id = 7"), "enews のデータベースではありません"),
        (lambda path: pragma(path, "user_version = 99"), "新しい版"),
    ],
)
def test_a_database_that_cannot_be_trusted_is_refused(tmp_path: Path, spoil: object, said: str) -> None:
    """Garbage, half a file, another program's, a newer version's: refused, left as it is, never taken for empty."""
    with open_store(tmp_path) as opened:
        add(opened, "a@example.com")
    path = store_path(tmp_path)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    spoil(path)  # type: ignore[operator]
    before = path.read_bytes()
    with pytest.raises(StoreError, match=said), open_store(tmp_path):
        pass
    assert path.read_bytes()[:4000] == before[:4000]


def test_another_key_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With another key no address would be found among those who left."""
    with open_store(tmp_path):
        pass
    monkeypatch.setenv(SECRET, KEY[::-1])
    with pytest.raises(StoreError, match="鍵が"), open_store(tmp_path):
        pass


@pytest.mark.parametrize("value", ["", "short"])
def test_a_missing_key_is_said_with_one_to_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """The message holds a key that can be used."""
    monkeypatch.setenv(SECRET, value)
    with pytest.raises(ConfigError, match=r"export ENEWS_SECRET=[0-9a-f]{48}"), open_store(tmp_path):
        pass


@pytest.mark.parametrize("folder", ["OneDrive - イクレイ日本", "Google Drive", "Dropbox (ICLEI)"])
def test_a_synced_folder_is_refused(tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says where the file may lie, and there it is laid."""
    with pytest.raises(StoreError, match="ENEWS_STORE"), open_store(tmp_path / folder):
        pass
    monkeypatch.setenv(store.PLACE, str(tmp_path / "local"))
    with open_store(tmp_path / folder) as opened:
        add(opened, "a@example.com")
    assert (tmp_path / "local" / "desk.sqlite3").is_file()


def test_a_network_folder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system says of the mount decides."""
    monkeypatch.setattr(store, "_filesystem", lambda _folder: "cifs")
    with pytest.raises(StoreError, match="ネットワーク"), open_store(tmp_path):
        pass


def test_one_process_sends_at_a_time(tmp_path: Path) -> None:
    """The second is told; when the first is done it may."""
    with open_store(tmp_path) as opened:
        with opened.alone(), pytest.raises(StoreError, match="配信が動いています"), opened.alone():
            pass
        with opened.alone():
            pass


def test_two_writers_wait_for_each_other(tmp_path: Path) -> None:
    """Forms, bounces and a send write into one file at once; nothing is lost."""

    def write(start: int) -> None:
        with open_store(tmp_path) as opened:
            for number in range(start, start + 30):
                add(opened, f"{number}@example.com")

    with open_store(tmp_path):
        pass
    threads = [threading.Thread(target=write, args=(start,)) for start in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_store(tmp_path) as opened, opened.read() as rows:
        assert rows.one("SELECT count(*) AS n FROM seeds")["n"] == 90  # type: ignore[index]


def test_a_backup_is_whole_while_others_write(tmp_path: Path) -> None:
    """It opens, is private, and never replaces a file."""
    with open_store(tmp_path) as opened:
        add(opened, "a@example.com")
        opened.backup(tmp_path / "copy.sqlite3")
        check_file(tmp_path / "copy.sqlite3")
        assert stat.S_IMODE((tmp_path / "copy.sqlite3").stat().st_mode) == 0o600
        with pytest.raises(StoreError, match="もうあります"):
            opened.backup(tmp_path / "copy.sqlite3")
    with pytest.raises(StoreError):
        check_file(Path(__file__))


def test_a_locked_database_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process in the middle of a long change: wait, then say so."""
    monkeypatch.setattr(store, "WAIT", 0.1)
    with (
        open_store(tmp_path) as opened,
        open_store(tmp_path) as other,
        opened.change(),
        pytest.raises(StoreError, match="ほかの処理が使っています"),
        other.change(),
    ):
        pass
