"""The rows of sending: messages built, what the ledger costs, 1,400 mails to Postfix's ``smtp-sink``, and the memory of a send.

The material is the generated issue, frozen as an approval freezes it. Servers are on this machine, and no mail leaves it. What could not be
measured whole is said to be reckoned from a part.
"""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from statistics import median
from time import process_time, sleep

from pipeline.config import Audience, Masthead, Smtp
from pipeline.delivery.approval import read_frozen, write_frozen
from pipeline.delivery.frozen import Frozen, personalised
from pipeline.delivery.ledger import Ledger, Send
from pipeline.delivery.message import JAPAN, LINES, compose_eml
from pipeline.delivery.outgoing import Post
from pipeline.delivery.people import Subscriber
from pipeline.delivery.sending import Compose, run
from pipeline.delivery.smtp import SmtpTransport
from pipeline.delivery.store import PLACE, SECRET, Store, open_store
from pipeline.delivery.tokens import Ticket
from pipeline.delivery.transport import Envelope, Fate, Outcome, Transport
from pipeline.desk import Workspace, check, frozen_of
from pipeline.render import render
from pipeline.render.merge import resolve
from pipeline.render.outline import Page
from tests.bench import peers
from tests.bench.clock import Line, Row, Run, Verdict, at_most, cpu, interleave, timed
from tests.bench.issue import SLUG
from tests.builders import ROOT
from tests.builders import masthead as our_masthead

READERS, MANY, HANDED = 1_400, 100_000, 2_000
BUILT, ROUNDS = 100, 5
WHOLE_ROUNDS, NAIVE = 3, 5  # a whole send takes a while; a reader of the naive loop about a second
NOW, AT = "2025-01-31T17:00:00", datetime(2025, 1, 31, 17, 0, tzinfo=JAPAN)
OURS, LIBRARY = "enews: Post.compose", "stdlib EmailMessage.as_bytes, the same parts"
LEDGER, BARE = "enews: next, claim, settle", "sqlite3 alone: two synced commits a reader"
SEND, ALONE, SOURCE, LOOP = (
    "enews: ledger, compose, SMTP",
    "smtplib alone, one message again and again",
    "smtp-source",
    "render and inline per reader",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What is sent: a frozen mail as it lies in ``folder``, and whose it is."""

    folder: Path
    frozen: Frozen
    masthead: Masthead


@dataclass(slots=True)
class Nowhere:
    """A transport that takes everything and keeps the count."""

    taken: int = 0

    def ready(self) -> None:
        """Always."""

    def deliver(self, message: bytes, _envelope: Envelope) -> Outcome:
        """Taken."""
        self.taken += bool(message)
        return Outcome(fate=Fate.SENT)

    def close(self) -> None:
        """Nothing."""


def material_in(workspace: Workspace, folder: Path) -> Material:
    """The issue of a workspace, frozen."""
    os.environ.setdefault(SECRET, "a-key-for-the-bench-only-0123456789")
    os.environ.pop(PLACE, None)  # the rows of readers keep their list elsewhere
    checked = check(workspace, SLUG)
    frozen = frozen_of(workspace, checked.issue, checked.email)
    write_frozen(folder / "send-frozen", frozen, note={})
    return Material(folder=folder, frozen=frozen, masthead=workspace.masthead)


def rows(workspace: Workspace, page: Page, folder: Path) -> Iterator[Row]:
    """The rows of sending, each as soon as it is there."""
    of = material_in(workspace, folder)
    yield building(of)
    yield ledger_row(of)
    yield whole(of, page, workspace.templates)
    yield memory(of)


def post_of(frozen: Frozen, masthead: Masthead) -> Post:
    """What every message of the send shares."""
    return Post(frozen=frozen, masthead=masthead, secret=b"a-key-for-the-bench-only", sent=AT)


def reader(number: int) -> Subscriber:
    """The n-th reader."""
    return Subscriber(id=number, address=f"reader{number}@example.com", name=f"読者{number}", organisation=f"みほん市{number}")


def building(of: Material) -> Row:
    """``BUILT`` messages by ours and by the library alone, in seconds of the processor."""
    post = post_of(of.frozen, of.masthead)
    mails = [(f"reader{n}@example.com", personalised(of.frozen, post.values(reader(n), Ticket(reader=n, slug=SLUG)))) for n in range(BUILT)]

    def ours(_: int) -> float:
        return cpu(lambda: [post.compose(reader(n)) for n in range(BUILT)])

    taken = interleave({OURS: ours, LIBRARY: lambda _: cpu(lambda: [plain(*mail) for mail in mails])}, rounds=ROUNDS)
    lines = tuple(Line(name=name, samples=taken[name], note=f"  {BUILT / median(taken[name]):,.0f} a second") for name in (OURS, LIBRARY))
    row = Row(key="send-building", title=f"BUILDING {BUILT} MESSAGES, processor time", unit="s", lines=lines, base=LIBRARY)
    size = len(post.compose(reader(1))[0])
    notes = (f"{size:,} bytes each; ours fills the places, signs the links and writes ten headers; no DKIM",)
    return replace(row, notes=notes, verdicts=(at_most("at most 1.2 x the library", row.ratio(OURS), 1.2, shown="{:.2f} x"),))


def plain(address: str, parts: dict[str, str]) -> bytes:
    """The same parts by the library, with the headers that any mail has."""
    message = EmailMessage(policy=LINES)
    message["From"], message["To"], message["Subject"] = "enews@example.jp", address, parts["subject"]
    message.set_content(parts["text"], cte="base64")
    message.add_alternative(parts["html"], subtype="html", cte="base64")
    return message.as_bytes()


@contextmanager
def begun(folder: Path, readers: int) -> Iterator[Ledger]:
    """A new desk whose send to ``readers`` has begun."""
    shutil.rmtree(folder, ignore_errors=True)
    with open_store(folder) as store:
        _enlist(store, readers)
        ledger = Ledger(store=store, slug=SLUG, now=lambda: NOW)
        send = Send(
            slug=SLUG, digest="0" * 64, number="0000-00", subject="", audience="", approver="", recipients=readers, begun=NOW, finished=""
        )
        ledger.begin(send, Audience(key=""))
        yield ledger


def _enlist(store: Store, readers: int) -> None:
    sql = "INSERT INTO subscribers (address, folded, name, organisation, added, changed) VALUES (?, ?, ?, ?, '', '')"
    people = map(reader, range(1, readers + 1))
    with store.change() as rows:
        rows.run_many(sql, ((one.address, one.address, one.name, one.organisation) for one in people))


def ledger_row(of: Material) -> Row:
    """A send whose messages are there already and go nowhere, beside the least that two commits cost."""
    message, envelope = post_of(of.frozen, of.masthead).compose(reader(1))
    head, spent = message[: message.index(b"\r\n\r\n") + 4], list[float]()

    def made(one: Subscriber) -> tuple[bytes, Envelope]:
        return head.replace(b"To: reader1@", f"To: {one.address.partition('@')[0]}@".encode()), replace(envelope, recipient=one.address)

    def ours(_: int) -> float:
        with begun(of.folder / "send-ledger", READERS) as ledger:
            begin = process_time()
            seconds = timed(lambda: run(ledger, Nowhere(), made))
            spent.append(process_time() - begin)
        return seconds

    taken = interleave({LEDGER: ours, BARE: lambda _: _bare(of.folder / "send-bare.sqlite3")}, rounds=ROUNDS)
    lines = tuple(
        Line(name=name, samples=taken[name], note=f"  {median(taken[name]) / READERS * 1000:.2f} ms a message") for name in (LEDGER, BARE)
    )
    notes = (
        "ours: three reads and two synced commits a reader, the suppressions read each time, and the last look at the message's head;",
        f"{median(spent) / READERS * 1000:.2f} ms a message is time of the processor, the rest waits for the disk",
    )
    return Row(key="send-ledger", title=f"THE LEDGER of {READERS:,} readers, by the clock", unit="s", lines=lines, base=BARE, notes=notes)


def _bare(path: Path) -> float:
    """Two updates a row, each on the disk."""
    for file in path.parent.glob(f"{path.name}*"):
        file.unlink()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE ledger (id INTEGER PRIMARY KEY, state TEXT);"
    )
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO ledger VALUES (?, 'queued')", ((n,) for n in range(READERS)))
    connection.execute("COMMIT")

    def update() -> None:
        for number in range(READERS):
            for state in ("sending", "sent"):
                connection.execute("UPDATE ledger SET state = ? WHERE id = ?", (state, number))

    seconds = timed(update)
    connection.close()
    return seconds


def tool(name: str) -> str:
    """One of Postfix's test programs, "" if it is not here."""
    return shutil.which(name, path="/usr/sbin:/usr/bin:/usr/libexec/postfix:/usr/lib/postfix/sbin") or ""


@contextmanager
def smtp_sink() -> Iterator[int]:
    """Postfix's ``smtp-sink`` on a port of this machine, which is given."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    user = ["-u", "nobody"] if os.getuid() == 0 else []  # it does not run as root
    process = subprocess.Popen([tool("smtp-sink"), *user, f"127.0.0.1:{port}", "100"])
    try:
        for _ in range(200):
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def whole(of: Material, page: Page, templates: tuple[Path, ...]) -> Row:
    """1,400 readers from a ledger that has begun to the last reply of the server, over one connection; a sample is the time of one mail."""
    title = f"A MAIL OF {READERS:,} TO smtp-sink, by the clock, one connection"
    if not (tool("smtp-sink") and tool("smtp-source")):
        return Row(key="send-whole", title=title, unit="s", lines=(Line(name=SEND, note="Postfix is not installed"),))
    message, spent = post_of(of.frozen, of.masthead).compose(reader(1))[0], list[float]()
    with smtp_sink() as port:
        source = [tool("smtp-source"), "-d", "-s", "1", "-m", str(READERS), "-l", str(len(message))]
        source += ["-f", "enews@example.jp", "-t", "reader@example.com", f"127.0.0.1:{port}"]
        runs: dict[str, Run] = {
            SEND: lambda _: _send(of, port, spent) / READERS,
            ALONE: lambda _: _alone(message, port) / READERS,
            SOURCE: lambda _: timed(lambda: subprocess.run(source, check=True, capture_output=True)) / READERS,
            LOOP: lambda n: _naive(page, templates, port, n) / NAIVE,
        }
        taken = interleave(runs, rounds=WHOLE_ROUNDS, warmups=0)
    lines = tuple(Line(name=name, samples=taken[name], note=f"  {1 / median(taken[name]):,.1f} a second") for name in runs)
    row = Row(key="send-whole", title=title, unit="s", lines=lines)
    notes = (
        f"{len(message):,} bytes each; of ours {median(spent) / READERS * 1000:.1f} ms is time of the processor",
        f"the last line is measured on {NAIVE} readers a round, our caches warm for it; {READERS:,} would take {median(taken[LOOP]) * READERS / 60:.0f} min",
    )
    return replace(row, notes=notes, verdicts=_ahead(row))


def _ahead(row: Row) -> tuple[Verdict, ...]:
    ratio = row.ratio(LOOP)
    shown = "not measured" if ratio is None else f"{ratio:.0f} x ours"
    return (Verdict(target="ahead of rendering for each reader", figure=shown, met=None if ratio is None else ratio > 1),)


def _send(of: Material, port: int, spent: list[float]) -> float:
    """Seconds by the clock of a whole send; those of the processor go to ``spent``."""
    smtp = Smtp(host="127.0.0.1", port=port, security="none")
    post = post_of(of.frozen, replace(of.masthead, smtp=smtp))
    with begun(of.folder / "send-whole", READERS) as ledger:
        begin = process_time()
        seconds = timed(lambda: run(ledger, SmtpTransport(smtp), post.compose))
        spent.append(process_time() - begin)
        assert ledger.counts()["sent"] == READERS
    return seconds


def _alone(message: bytes, port: int) -> float:
    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="bench.example.net") as server:
            for number in range(READERS):
                server.sendmail("enews@example.jp", [f"reader{number}@example.com"], message)

    return timed(send)


def _naive(page: Page, templates: tuple[Path, ...], port: int, turn: int) -> float:
    """The loop that people write: the reader's name in the page, everything rendered and inlined anew, one mail."""

    def send() -> None:
        with smtplib.SMTP("127.0.0.1", port, local_hostname="bench.example.net") as server:
            for number in range(NAIVE):
                greeting = f"みほん市{turn}-{number} 読者{number}様\n\n{page.issue.greeting}"
                email = render(replace(page.issue, greeting=greeting), page.masthead, templates)
                email = resolve(email, page.masthead.dialect("generic"), slug=page.issue.slug, web_url=page.web_url)
                message = compose_eml(email, page.masthead, issue_date=page.issue.date, slug=page.issue.slug)
                server.sendmail("enews@example.jp", [f"reader{number}@example.com"], message)

    return timed(send)


def memory(of: Material) -> Row:
    """The most that the process of a send ever held, for few readers and for many."""
    names = {READERS: f"{READERS:,} readers, all handed over", MANY: f"{MANY:,} readers, {HANDED:,} handed over"}
    peaks = {readers: _peak(of.folder, readers) for readers in names}
    lines = tuple(Line(name=name, samples=(float(peaks[readers]),)) for readers, name in names.items())
    row = Row(key="send-memory", title="PEAK MEMORY OF A SEND, a new process each", unit="bytes", lines=lines)
    notes = (
        "list, ledger, messages and states, to a transport that keeps nothing; the mark of this process image (VmHWM): a child's",
        "ru_maxrss on Linux counts what its parent held before exec",
    )
    flat = at_most(f"flat: {MANY:,} at most 1.1 x {READERS:,}", row.ratio(names[MANY]), 1.1, shown="{:.2f} x")
    return replace(row, notes=notes, verdicts=(flat,))


def _peak(folder: Path, readers: int) -> int:
    command = peers.python("-m", "tests.bench.sendrows", folder, str(readers))
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8")
    return int(done.stdout)


def send_and_tell(folder: Path, readers: int, handed: int, *, masthead: Masthead, transport: Transport) -> int:
    """Send, hand over ``handed`` of them, and give the most bytes that this process ever held."""
    frozen, _ = read_frozen(folder / "send-frozen")
    compose: Compose = post_of(frozen, masthead).compose
    with begun(folder / f"send-{readers}", readers) as ledger:
        done = run(ledger, transport, compose, limit=handed)
        assert done.handed == min(readers, handed)
    marks = [line.split() for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM")]
    return int(marks[0][1]) * 1024


if __name__ == "__main__":
    print(send_and_tell(Path(sys.argv[1]), int(sys.argv[2]), HANDED, masthead=our_masthead(), transport=Nowhere()))
