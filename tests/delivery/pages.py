"""The readers' pages at a desk of one's own: two readers, a clock that is set, a folder for the mails; requests as a server makes them."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit
from wsgiref.validate import validator

from pipeline import formdesk
from pipeline.delivery.formanswers import Limits
from pipeline.delivery.forms import Forms
from pipeline.delivery.message import JAPAN
from pipeline.delivery.outgoing import PREFERENCES, UNSUBSCRIBE
from pipeline.delivery.people import Subscriber
from pipeline.delivery.readers import is_suppressed, subscriber_at
from pipeline.delivery.roster import add
from pipeline.delivery.store import Store, open_store
from pipeline.delivery.tokens import Ticket, issue_token
from pipeline.desk import open_workspace
from tests.builders import ROOT

KEY = "a-key-for-tests-only-0123456789"
HANAKO, TARO = "hanako@city.example.jp", "Taro.Mihon@town.example.jp"
SUBSCRIBE = "/enews/subscribe/"
NEW = "jiro@village.example.jp"
FORM = "application/x-www-form-urlencoded"
ONE_CLICK = b"List-Unsubscribe=One-Click"


@dataclass
class Clock:
    """A time that only a test moves."""

    time: datetime = field(default_factory=lambda: datetime(2025, 2, 3, 10, 15, 30, tzinfo=JAPAN))

    def __call__(self) -> datetime:
        """Now."""
        return self.time

    def pass_by(self, **span: float) -> None:
        """Let ``hours=…`` go by."""
        self.time += timedelta(**span)


@dataclass(frozen=True)
class Reply:
    """What came back: status, headers by name in small letters, page."""

    status: int
    headers: dict[str, str]
    page: str

    @property
    def heading(self) -> str:
        """The page's h1."""
        found = re.search(r"<h1>(.*?)</h1>", self.page)
        return found[1] if found else ""


@dataclass
class Pages:
    """A desk and its application. ``log`` are the lines it wrote."""

    root: Path
    clock: Clock = field(default_factory=Clock)
    limits: Limits = field(default_factory=Limits)
    log: list[str] = field(default_factory=list)
    forms: Forms = field(init=False)

    def __post_init__(self) -> None:
        (self.root / "issues").mkdir(exist_ok=True)
        shutil.copy(ROOT / "issues" / "newsletter.toml", self.root / "issues")
        with self.store() as store, store.change() as rows:
            for reader in (
                Subscriber(address=HANAKO, name="見本 花子", organisation="みほん市", department="環境課", segment="自治体"),
                Subscriber(address=TARO, name="見本 太郎"),
            ):
                add(rows, reader, secret=store.secret, now="2024-06-01T09:00:00")
        workspace = open_workspace(self.root)
        self.forms = formdesk.application(workspace, log=self.log.append, folder=self.mailbox, limits=self.limits, now=self.clock)

    @property
    def mailbox(self) -> Path:
        """Where mails are laid."""
        return self.root / "mails"

    def store(self) -> Any:
        """The desk's database."""
        return open_store(self.root)

    def ask(self, method: str, path: str, body: bytes = b"", /, **environ: str) -> Reply:
        """One request, by the letter of PEP 3333 on both sides."""
        got: list[Any] = []
        given = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote(path, "latin-1"),
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8080",
            "SERVER_PROTOCOL": "HTTP/1.0",
            "REMOTE_ADDR": "198.51.100.7",
            "CONTENT_TYPE": FORM if body else "",
            "CONTENT_LENGTH": str(len(body)) if body else "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            **environ,
        }

        def start(*words: Any) -> Any:
            got.append(words)
            return lambda _data: None

        parts = validator(self.forms)(given, start)
        try:
            page = b"".join(parts).decode()
        finally:
            parts.close()  # type: ignore[attr-defined]
        return Reply(status=int(got[0][0][:3]), headers={name.lower(): value for name, value in got[0][1]}, page=page)

    def post(self, path: str, **fields: str) -> Reply:
        """A form, as a browser sends it."""
        return self.ask("POST", path, urlencode(fields).encode())

    def path(self, page: str, reader: str = HANAKO, *, secret: bytes = KEY.encode(), slug: str = "2025-01") -> str:
        """The path of a reader's page, as the mail of an issue has it."""
        with self.store() as store, store.read() as rows:
            found = subscriber_at(rows, reader)
        number = found.id if found else 0
        return f"/enews/{page}/{issue_token(Ticket(reader=number, slug=slug), purpose=page, secret=secret)}"

    def unsubscribe(self, reader: str = HANAKO) -> str:
        """The path of the page to leave on."""
        return self.path(UNSUBSCRIBE, reader)

    def preferences(self, reader: str = HANAKO) -> str:
        """The path of the page to change on."""
        return self.path(PREFERENCES, reader)

    def gets_mail(self, address: str) -> bool:
        """Whether the next issue goes to an address."""
        with self.store() as store, store.read() as rows:
            return subscriber_at(rows, address) is not None and not is_suppressed(rows, address, store.secret)

    def reader(self, address: str) -> Subscriber:
        """Who has an address."""
        with self.store() as store, store.read() as rows:
            found = subscriber_at(rows, address)
        assert found is not None
        return found

    def mails(self) -> list[Any]:
        """The mails that were sent."""
        files = sorted(self.mailbox.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns) if self.mailbox.is_dir() else []
        return [message_from_bytes(path.read_bytes(), policy=default) for path in files]

    def confirmation(self) -> str:
        """The path in the newest mail, the same in both parts."""
        text, html = (self.mails()[-1].get_body((kind,)).get_content() for kind in ("plain", "html"))
        (url,) = set(re.findall(r"https://\S+", text))
        assert f'href="{url}"' in html
        return str(urlsplit(url).path)

    def everything(self) -> list[tuple[object, ...]]:
        """Every row of every table that a page could change."""
        return list(_rows(self.store()))


def _rows(opened: Any) -> Iterator[tuple[object, ...]]:
    with opened as store:
        assert isinstance(store, Store)
        with store.read() as rows:
            for table in ("subscribers", "suppressions", "history", "pending", "ledger", "seeds"):
                yield from ((table, *row) for row in rows.all(f"SELECT * FROM {table}"))  # noqa: S608 (our own names)
