"""The desk's database ``subscribers/desk.sqlite3``: opened, trusted or refused, changed in whole transactions. The one file that knows sqlite3.

It must never be taken for empty because it cannot be read, never lie on a synced or network folder, never be readable by others, and what is
committed is on the disk. SQL stands in the files that own the tables (readers, ledger); they get ``Rows`` from here.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import ConfigError, StoreError

STORE = "subscribers/desk.sqlite3"
PLACE = "ENEWS_STORE"  # another place for the file: a folder that is not synced
SECRET = "ENEWS_SECRET"  # noqa: S105 (the name of a variable)
SHORTEST_SECRET = 16
WAIT = 10.0  # seconds for another process's transaction
_APPLICATION, _VERSION = 0x454E5753, 1  # "ENWS"
_SYNCED = re.compile(
    r"OneDrive|Dropbox|Google ?Drive|GoogleDrive|My Drive|マイドライブ|iCloud|Mobile Documents|\bBox\b|Nextcloud|pCloud", re.IGNORECASE
)
_NETWORK = {
    "nfs",
    "nfs4",
    "cifs",
    "smbfs",
    "smb3",
    "9p",
    "afs",
    "ncpfs",
    "fuse.sshfs",
    "fuse.rclone",
    "davfs",
    "fuse.davfs2",
    "ceph",
    "glusterfs",
}
_KEPT = ("suppressions", "sends", "ledger", "exports", "bounces")
Value = str | int | float | bytes | None
Row = sqlite3.Row

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE subscribers (
  id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL, folded TEXT NOT NULL UNIQUE, name TEXT NOT NULL DEFAULT '',
  organisation TEXT NOT NULL DEFAULT '', department TEXT NOT NULL DEFAULT '', segment TEXT NOT NULL DEFAULT '',
  member INTEGER NOT NULL DEFAULT 0, language TEXT NOT NULL DEFAULT 'ja', consent_how TEXT NOT NULL DEFAULT '',
  consent_on TEXT NOT NULL DEFAULT '', consent_by TEXT NOT NULL DEFAULT '', columns TEXT NOT NULL DEFAULT '{}',
  added TEXT NOT NULL, changed TEXT NOT NULL);
CREATE TABLE suppressions (keyed TEXT PRIMARY KEY, address TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL, via TEXT NOT NULL, at TEXT NOT NULL,
  issue TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE TABLE history (id INTEGER PRIMARY KEY, at TEXT NOT NULL, subscriber INTEGER, what TEXT NOT NULL, detail TEXT NOT NULL DEFAULT '');
CREATE TABLE seeds (folded TEXT PRIMARY KEY, address TEXT NOT NULL, name TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE TABLE sends (slug TEXT PRIMARY KEY, digest TEXT NOT NULL, number TEXT NOT NULL, subject TEXT NOT NULL, audience TEXT NOT NULL,
  approver TEXT NOT NULL, recipients INTEGER NOT NULL, begun TEXT NOT NULL, finished TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE TABLE ledger (slug TEXT NOT NULL REFERENCES sends(slug), subscriber INTEGER NOT NULL, keyed TEXT NOT NULL, state TEXT NOT NULL
  CHECK (state IN ('queued', 'sending', 'sent', 'deferred', 'refused', 'skipped')), code INTEGER NOT NULL DEFAULT 0,
  reply TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0, at TEXT NOT NULL, PRIMARY KEY (slug, subscriber)) WITHOUT ROWID;
CREATE INDEX ledger_state ON ledger (slug, state);
CREATE UNIQUE INDEX ledger_address ON ledger (slug, keyed);
CREATE TABLE bounces (id INTEGER PRIMARY KEY, source TEXT NOT NULL UNIQUE, slug TEXT NOT NULL DEFAULT '', subscriber INTEGER, kind TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT '', at TEXT NOT NULL);
CREATE TABLE pending (token TEXT PRIMARY KEY, purpose TEXT NOT NULL, subscriber INTEGER, data TEXT NOT NULL, at TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE exports (id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, rows INTEGER NOT NULL, file TEXT NOT NULL);
"""


class Rows:
    """SQL inside one transaction. ``run`` changes and tells how many rows; ``all`` and ``one`` read."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def run(self, sql: str, *values: Value) -> int:
        """Run one statement with ``?`` for every value; the number of rows it changed."""
        return self._connection.execute(sql, values).rowcount

    def run_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> int:
        """Run one statement for each row of values; how many rows were changed."""
        return self._connection.executemany(sql, rows).rowcount

    def insert(self, sql: str, *values: Value) -> int:
        """Insert one row; its id."""
        return self._connection.execute(sql, values).lastrowid or 0

    def all(self, sql: str, *values: Value) -> list[Row]:
        """Every row, with its columns by name."""
        return self._connection.execute(sql, values).fetchall()

    def each(self, sql: str, *values: Value) -> Iterator[Row]:
        """The rows one by one, however many there are; not to be asked for while the same table is changed."""
        yield from self._connection.execute(sql, values)

    def one(self, sql: str, *values: Value) -> Row | None:
        """The first row, if there is one."""
        row: Row | None = self._connection.execute(sql, values).fetchone()
        return row


class Store:
    """An open database and the key that addresses are hashed and tokens signed with."""

    def __init__(self, path: Path, secret: bytes, connection: sqlite3.Connection) -> None:
        self.path, self.secret = path, secret
        self._connection = connection

    @contextmanager
    def change(self) -> Iterator[Rows]:
        """One transaction: all of it is on the disk afterwards, or nothing. ``StoreError`` if it cannot be written."""
        with _said(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield Rows(self._connection)
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Iterator[Rows]:
        """One state of the whole database, whatever others write meanwhile."""
        with _said(self.path):
            self._connection.execute("BEGIN")
            try:
                yield Rows(self._connection)
            finally:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the right to send: one process at a time, given back by the system whatever becomes of the process."""
        place = self.path.with_name(f"{self.path.stem}.sending")
        with _said(place):
            holder = sqlite3.connect(place, timeout=0, isolation_level=None)
            _private(place)
            try:
                holder.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                holder.close()
                raise StoreError("ほかで配信が動いています。終わるのを待ってから、もう一度実行してください。") from None
            try:
                yield
            finally:
                holder.close()

    def backup(self, target: Path) -> None:
        """A whole copy as of now, also while others write. ``StoreError`` if the file is there already."""
        if target.exists():
            raise StoreError(f"{target} はもうあります。別の名前を指定してください。")
        with _said(target):
            copy = sqlite3.connect(target)
            _private(target)
            self._connection.backup(copy)
            copy.close()

    def scrub(self) -> None:
        """Write the file anew without anything that was deleted, and empty what lies beside it. ``StoreError`` while others are in it."""
        with _said(self.path):
            self._connection.execute("VACUUM")
            if self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                raise StoreError(f"{self.path} を、ほかの処理が使っています。終わってから、もう一度実行してください。")

    def take_back(self, backup: Path) -> None:
        """Replace everything by a copy that ``check_file`` trusts, but what was learnt since and must not be lost: who left, what was sent.

        Ids go on from where they were: a link in a mail that was sent must never come to mean another reader.
        """
        with _said(self.path):
            self._connection.execute("CREATE TEMP TABLE newest AS SELECT * FROM main.sqlite_sequence")
            for table in _KEPT:
                self._connection.execute(f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM main.{table}")  # noqa: S608 (our own names)
            source = sqlite3.connect(f"file:{backup}?mode=ro", uri=True)
            try:
                _same_key(source, backup, self.secret)
                source.backup(self._connection)
            finally:
                source.close()
        with self.change() as rows:
            rows.run("INSERT OR REPLACE INTO suppressions SELECT * FROM temp.kept_suppressions")
            rows.run("INSERT OR REPLACE INTO sends SELECT * FROM temp.kept_sends")
            rows.run("DELETE FROM ledger WHERE slug IN (SELECT slug FROM temp.kept_sends)")
            rows.run("INSERT INTO ledger SELECT * FROM temp.kept_ledger")
            rows.run("INSERT OR IGNORE INTO exports SELECT * FROM temp.kept_exports")
            columns = "source, slug, subscriber, kind, status, at"
            rows.run(f"INSERT OR IGNORE INTO bounces ({columns}) SELECT {columns} FROM temp.kept_bounces")  # noqa: S608 (our own names)
            rows.run("INSERT INTO sqlite_sequence SELECT 'subscribers', 0 WHERE 'subscribers' NOT IN (SELECT name FROM sqlite_sequence)")
            newest = "(SELECT seq FROM temp.newest WHERE name = 'subscribers')"
            rows.run(f"UPDATE sqlite_sequence SET seq = max(seq, coalesce({newest}, 0)) WHERE name = 'subscribers'")  # noqa: S608 (our own names)

    def close(self) -> None:
        """Close the file; a store is not used after that."""
        self._connection.close()


def store_path(root: Path) -> Path:
    """Where the database of a workspace lies: in ``subscribers/``, or in the folder that ``ENEWS_STORE`` names."""
    other = os.environ.get(PLACE, "").strip()
    return Path(other).expanduser() / Path(STORE).name if other else root / STORE


def read_secret() -> bytes:
    """The key of this desk, from the environment only. ``ConfigError`` with a key to take over if there is none."""
    text = os.environ.get(SECRET, "").strip()
    if len(text) < SHORTEST_SECRET:
        what = f"{SHORTEST_SECRET}文字より短い鍵は使えません" if text else "読者名簿の鍵がありません"
        raise ConfigError(
            f"{what}。環境変数 {SECRET} に鍵を入れてください。新しい机なら、次の鍵を使えます（控えを金庫などに残し、後から変えないでください）："
            f"\n  export {SECRET}={os.urandom(24).hex()}"
        )
    return text.encode()


@contextmanager
def open_store(root: Path, *, create: bool = True) -> Iterator[Store]:
    """The database of a workspace, made if it is not there, unless ``create`` is false: then that is an error.

    ``StoreError``: a synced or network folder, a file that is none of ours, damaged, newer than this program, or made with another key.
    """
    path, secret = store_path(root), read_secret()
    if not path.exists() and not create:
        raise StoreError(f"{path} がありません。読者名簿は「enews subscribers import ファイル」で作ります。")
    _refuse_place(path.parent)
    with _said(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600)
        connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            _trust(connection, path, secret)
            _private(path)
            yield Store(path, secret, connection)
        finally:
            connection.close()


@contextmanager
def scratch_store() -> Iterator[Store]:
    """An empty database in memory, with a key of its own: what a list would do before there is any other."""
    connection, secret = sqlite3.connect(":memory:", isolation_level=None), os.urandom(24)
    try:
        connection.row_factory = sqlite3.Row
        connection.executescript(SCHEMA)
        yield Store(Path(STORE), secret, connection)
    finally:
        connection.close()


def set_aside(path: Path, stamp: str) -> Path:
    """Move a database that cannot be opened out of the way, with what lies beside it; where it is now. Nothing is ever deleted."""
    aside = path.with_name(f"{path.stem}-{stamp}.sqlite3")
    with _said(path):
        for end in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                path.with_name(path.name + end).rename(aside.with_name(aside.name + end))
    return aside


def check_file(path: Path) -> None:
    """Whether a backup is one of ours and whole; ``StoreError`` says what is wrong."""
    with _said(path):
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            _whole(connection, path)
            if connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
                raise StoreError(f"{path} は enews のデータベースではありません。")
            if connection.execute("PRAGMA user_version").fetchone()[0] > _VERSION:
                raise StoreError(f"{path} は、新しい版の enews で作られています。enews を新しくしてください。")
        finally:
            connection.close()


def _trust(connection: sqlite3.Connection, path: Path, secret: bytes) -> None:
    """Refuse a file that is not ours, damaged, too new or of another key; lay the tables in a new one."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # what is committed survives a power cut
    connection.execute("PRAGMA foreign_keys = ON")
    mark = hmac.new(secret, b"enews store", hashlib.sha256).hexdigest()
    application, version = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    if (application, version) == (0, 0) and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        connection.executescript(f"BEGIN IMMEDIATE;{SCHEMA}PRAGMA application_id = {_APPLICATION};PRAGMA user_version = {_VERSION};COMMIT;")
        connection.execute("INSERT INTO meta VALUES ('secret', ?)", (mark,))
    elif application != _APPLICATION:
        raise StoreError(f"{path} は enews のデータベースではありません。別の場所に移してから、もう一度実行してください。")
    elif version > _VERSION:
        raise StoreError(f"{path} は、新しい版の enews で作られています。enews を新しくしてください。")
    _whole(connection, path)
    _same_key(connection, path, secret)


def _same_key(connection: sqlite3.Connection, path: Path, secret: bytes) -> None:
    mark = hmac.new(secret, b"enews store", hashlib.sha256).hexdigest()
    known = connection.execute("SELECT value FROM meta WHERE key = 'secret'").fetchone()
    if known is None or not hmac.compare_digest(known[0], mark):
        raise StoreError(f"環境変数 {SECRET} の鍵が、{path} を作ったときの鍵と違います。正しい鍵を入れてください。")


def _whole(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise StoreError(f"{path} が壊れています。触らずに、控え（enews subscribers restore）から戻してください。")


def _private(path: Path) -> None:
    """Readable by its owner only, with the files that SQLite lays beside it."""
    for file in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        with suppress(OSError):
            file.chmod(0o600)


def _refuse_place(folder: Path) -> None:
    """A ledger on a folder that two machines write is a ledger that forgets."""
    place = str(folder.resolve())
    kind = _filesystem(folder)
    if _SYNCED.search(place) or place.startswith("\\\\") or kind in _NETWORK:
        what = "同期フォルダー" if _SYNCED.search(place) else "ネットワーク上のフォルダー"
        raise StoreError(
            f"{folder} は{what}なので、読者名簿と配信記録を置けません（記録が食い違い、二重に送るおそれがあります）。"
            f"この機械だけのフォルダーを、環境変数 {PLACE} に入れてください。"
        )


def _filesystem(folder: Path) -> str:
    """The kind of file system that a folder lies on, as Linux tells; "" elsewhere."""
    try:
        lines = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    place = folder.resolve()
    mounts = {fields[1].replace("\\040", " "): fields[2] for line in lines if len(fields := line.split()) > 2}
    return next((mounts[str(parent)] for parent in (place, *place.parents) if str(parent) in mounts), "")


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """SQLite's troubles in the editors' words."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise StoreError(f"{path} を、ほかの処理が使っています。少し待って、もう一度実行してください。") from None
        if "full" in text:
            raise StoreError(f"{path} のあるディスクがいっぱいです。空きを作ってから、もう一度実行してください。") from None
        raise StoreError(f"{path} に書き込めません（{text}）。フォルダーの権限と空き容量を確かめてください。") from None
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"{path} を読めません（{error}）。空とはみなしません。触らずに、控え（enews subscribers restore）から戻してください。"
        ) from None
    except OSError as error:
        raise StoreError(f"{path} に書き込めません（{error.strerror}）。フォルダーの権限と空き容量を確かめてください。") from None
