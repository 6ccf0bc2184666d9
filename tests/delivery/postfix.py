"""A real Postfix for tests: takes mail on a port of this machine and lays it into one Maildir, and reaches nobody else. Needs root, as Postfix does."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from time import sleep

DIST = Path("/usr/share/postfix/master.cf.dist")
MAIN = """compatibility_level = 3.6
queue_directory = {0}/queue
data_directory = {0}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.example.net
mydestination =
mynetworks = 127.0.0.0/8
relay_transport = error:nothing is relayed
default_transport = error:nothing leaves this machine
virtual_mailbox_domains = example.com, example.jp
virtual_mailbox_base = {0}/mail
virtual_mailbox_maps = {1}
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 100
maillog_file = {0}/log
maillog_file_prefixes = {0}
disable_dns_lookups = yes
smtpd_peername_lookup = no
recipient_delimiter =
smtpd_reject_unlisted_recipient = no
alias_maps =
alias_database =
"""


@contextmanager
def postfix(*, known: tuple[str, ...] = ()) -> Iterator[tuple[int, Path]]:
    """The port that it listens on, and the Maildir's ``new`` folder that every mail comes to.

    With ``known`` (addresses, ``@domain`` for all of a domain) it takes mail for others too, finds that there is no such mailbox, and returns it.
    """
    folder = Path(mkdtemp(prefix="enews-postfix-"))
    folder.chmod(0o755)
    for name in ("etc", "queue", "data", "mail"):
        (folder / name).mkdir(mode=0o755)
    port = _free_port()
    mailboxes = f"inline:{{ {', '.join(f'{one.lower()}=all/' for one in known)} }}" if known else "static:all/"
    (folder / "etc" / "main.cf").write_text(MAIN.format(folder, mailboxes))
    (folder / "etc" / "master.cf").write_text(_services(port))
    shutil.chown(folder / "data", "postfix")
    os.chown(folder / "mail", 65534, 65534)
    try:
        _postfix(folder, "start")
        _wait_for(port)
        yield port, folder / "mail" / "all" / "new"
    finally:
        _postfix(folder, "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _services(port: int) -> str:
    """Debian's own services, the smtp one on our port, none of them in a chroot."""
    rows = []
    for line in DIST.read_text().splitlines():
        fields = line.split(None, 7)
        if len(fields) == 8 and not line.startswith(("#", " ")):
            fields[4] = "n"
            fields[0] = str(port) if fields[0] == "smtp" and fields[1] == "inet" else fields[0]
            rows.append(" ".join(fields))
        else:
            rows.append(line)
    return "\n".join(rows) + "\n"


def _postfix(folder: Path, verb: str) -> None:
    command = [shutil.which("postfix", path="/usr/sbin:/usr/bin") or "postfix", "-c", str(folder / "etc"), verb]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if verb == "start" and run.returncode:
        raise RuntimeError(run.stdout)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
                if connection.recv(3) == b"220":
                    return
        except OSError:
            sleep(0.1)
    raise RuntimeError("Postfix does not answer")
