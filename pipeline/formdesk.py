"""The desk's job of the readers' pages: a workspace in, a server that is ready to answer out. Never prints, never asks.

What cannot work is refused before anybody can come: no page to leave on, no key, no mail server, a broken template, a place that is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.config import MASTHEAD
from pipeline.delivery.courier import Courier
from pipeline.delivery.formanswers import SUBSCRIBE, Answers, Limits
from pipeline.delivery.formpages import Pages
from pipeline.delivery.forms import Forms, routes_of
from pipeline.delivery.formserver import FormServer
from pipeline.delivery.message import JAPAN
from pipeline.delivery.outgoing import PREFERENCES
from pipeline.delivery.signing import signer
from pipeline.delivery.smtp import SmtpTransport
from pipeline.delivery.store import open_store
from pipeline.delivery.transport import FolderTransport, Transport
from pipeline.errors import SendError

if TYPE_CHECKING:
    from pipeline.desk import Workspace

PATIENCE = 15  # seconds for each answer of the mail server while somebody waits before a page


def clock() -> datetime:
    """Now, in Japan."""
    return datetime.now(JAPAN)


def application(
    workspace: Workspace,
    *,
    log: Callable[[str], None],
    folder: Path | None = None,
    proxies: tuple[str, ...] = (),
    limits: Limits | None = None,
    now: Callable[[], datetime] = clock,
) -> Forms:
    """The WSGI application of a workspace. ``folder`` takes the mails instead of the mail server.

    ``ConfigError``, ``StoreError``, ``SendError``: what has to be mended first.
    """
    masthead = workspace.masthead
    routes_of(masthead)
    with open_store(workspace.root) as store:
        secret = store.secret
    if folder is None and not masthead.smtp.host:
        raise SendError(f"{MASTHEAD} の [smtp] に host がありません。登録とアドレス変更の確認メールを送るサーバーの名前を書いてください。")
    pages = Pages(masthead=masthead, templates=workspace.templates)
    pages.page("missing")
    courier = Courier(pages=pages, transport=_transports(workspace, folder), now=now, sign=signer(masthead.dkim))
    courier.composed("moved", "trial@example.com", url="")
    answers = Answers(
        store=lambda: open_store(workspace.root),
        secret=secret,
        links={PREFERENCES: masthead.web.preferences, SUBSCRIBE: masthead.web.subscribe_url},
        courier=courier,
        now=now,
        limits=limits or Limits(),
    )
    return Forms(pages=pages, answers=answers, log=log, proxies=frozenset(proxies))


def _transports(workspace: Workspace, folder: Path | None) -> Callable[[], Transport]:
    """A transport for each mail: none is shared by two readers who wait at the same time."""
    if folder is not None:
        return lambda: FolderTransport(folder)
    smtp = workspace.masthead.smtp
    return lambda: SmtpTransport(replace(smtp, timeout=min(smtp.timeout, PATIENCE)))


def listen(forms: Forms, *, host: str, port: int) -> FormServer:
    """The server, listening; ``port`` 0 takes a free one."""
    return FormServer(host, port, forms)
