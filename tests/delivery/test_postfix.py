"""A send through a real Postfix, read back from its Maildir: who got what, and whether the signature holds for two verifiers."""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from time import sleep
from urllib.parse import urlsplit

import dkim
import pytest

from pipeline import formdesk
from pipeline.delivery.approval import Approval, read_approved, write_approved
from pipeline.delivery.signing import KEY_FILE
from pipeline.desk import open_workspace
from tests.delivery.pages import FORM, ONE_CLICK
from tests.delivery.postfix import postfix
from tests.delivery.test_formserver import ask, served
from tests.delivery.test_outgoing import key, public
from tests.test_send import READERS, approved, enews, root

__all__ = ["approved", "key", "root"]  # fixtures
VERIFIER = Path(__file__).with_name("verify.pl")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.loopback,
    pytest.mark.skipif(os.getuid() != 0 and os.environ.get("CI") != "true", reason="Postfix needs root"),
]


def read_mail(folder: Path, count: int) -> list[bytes]:
    """The messages in a Maildir, once there are as many as that."""
    for _ in range(300):
        files = sorted(folder.iterdir()) if folder.is_dir() else []
        if len(files) >= count:
            break
        sleep(0.1)
    sleep(0.5)  # one more than expected would come now
    return [path.read_bytes() for path in sorted(folder.iterdir())]


def independent(message: bytes, record: bytes) -> str:
    """What Mail::DKIM says."""
    command = ["perl", str(VERIFIER), "s1._domainkey.example.jp", record.decode()]
    return subprocess.run(command, input=message, capture_output=True, check=True).stdout.decode().strip()


def test_a_send_through_postfix(root: Path, key: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Each reader's mail arrives once, with this reader's return path, and both verifiers take its signature; a changed one they refuse."""
    monkeypatch.setenv(KEY_FILE, str(key))
    with postfix() as (port, new):
        masthead = root / "issues" / "newsletter.toml"
        smtp = f'\n[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nreturn_path = "b@example.jp"\n'
        dkim_table = '\n[dkim]\ndomain = "example.jp"\nselector = "s1"\n'
        masthead.write_text(masthead.read_text(encoding="utf-8") + smtp + dkim_table, encoding="utf-8")
        code, said = enews(capsys, root, "send", "2025-01", "--readers", str(READERS))
        assert code == 0, said
        received = read_mail(new, READERS)
    messages = [message_from_bytes(data, policy=default) for data in received]
    assert Counter(message["Delivered-To"] for message in messages) == Counter(f"Reader{n}@example.com" for n in range(1, READERS + 1))
    for data, message in zip(received, messages, strict=True):
        assert message.get_all("To") == [message["Delivered-To"]]
        token = re.search(r"/unsubscribe/2025-01\.(\d+)\.", message["List-Unsubscribe"])
        assert token is not None
        assert f"+2025-01.{token[1]}." in message["Return-Path"]
        assert dkim.verify(data, dnsfunc=lambda *_, **__: public(key))
        assert independent(data, public(key)) == "pass"
    altered = received[0].replace(b"List-Unsubscribe-Post: ", b"List-Unsubscribe-Post: x", 1)
    assert independent(altered, public(key)).startswith("fail")
    assert not dkim.verify(altered, dnsfunc=lambda *_, **__: public(key))


def test_the_click_on_a_received_header_takes_the_reader_off(
    root: Path, key: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a mailbox provider does it: the signed header's address gets the header's words; the next issue goes to everybody else."""
    monkeypatch.setenv(KEY_FILE, str(key))
    with postfix() as (port, new):
        masthead = root / "issues" / "newsletter.toml"
        smtp = f'\n[smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nreturn_path = "b@example.jp"\n'
        dkim_table = '\n[dkim]\ndomain = "example.jp"\nselector = "s1"\n'
        masthead.write_text(masthead.read_text(encoding="utf-8") + smtp + dkim_table, encoding="utf-8")
        assert enews(capsys, root, "send", "2025-01", "--readers", str(READERS))[0] == 0
        leaver = next(data for data in read_mail(new, READERS) if b"\nTo: Reader4@example.com" in data.replace(b"\r", b""))
        assert dkim.verify(leaver, dnsfunc=lambda *_, **__: public(key))
        message = message_from_bytes(leaver, policy=default)
        url = re.search(r"<(https://[^>]+)>", message["List-Unsubscribe"])
        assert url is not None
        assert message["List-Unsubscribe-Post"] == ONE_CLICK.decode()
        with served(formdesk.application(open_workspace(root), log=lambda _line: None)) as pages:
            status, headers, _ = ask(
                pages, "POST", urlsplit(url[1]).path, message["List-Unsubscribe-Post"].encode(), {"Content-Type": FORM}
            )
        assert (status, "location" in headers) == (200, False)
        next_issue = replace(read_approved(root, "2025-01").frozen, slug="2025-02")
        (root / "issues" / "2025-02").mkdir()
        write_approved(root / "issues" / "2025-02", next_issue, Approval(by="見本 太郎", at="2025-02-28T15:20:00", via="メール"))
        code, said = enews(capsys, root, "send", "2025-02", "--readers", str(READERS - 1))
        assert code == 0, said
        received = [message_from_bytes(data, policy=default) for data in read_mail(new, 2 * READERS - 1)]
    counts = Counter(message["Delivered-To"] for message in received)
    assert counts == Counter({f"Reader{n}@example.com": 1 if n == 4 else 2 for n in range(1, READERS + 1)})
