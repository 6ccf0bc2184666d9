"""A real Thunderbird, under a screen that nobody sees: an .eml in, the message as it is rendered out (whole text, links, pictures).

It is driven by Marionette, Mozilla's own remote control (JSON over loopback, ``length:[0, id, command, parameters]``); its profile is new each
time, and remote pictures stay blocked, as for a reader.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 90  # seconds until a first start on a busy machine has shown a message
_PREFS = {
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.provider.enabled": False,
    "mail.spotlight.firstRunDone": True,
    "mailnews.start_page.enabled": False,
    "mail.shell.checkDefaultClient": False,
    "mail.rights.version": 1,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "datareporting.healthreport.uploadEnabled": False,
    "app.update.enabled": False,
    "app.donation.eoy.version.viewed": 999,
    "extensions.update.enabled": False,
    "network.proxy.type": 0,
    "mail.openMessageBehavior": 0,
    "mailnews.message_display.disable_remote_image": True,
}
_SHOWN = """
for (const shown of Services.wm.getEnumerator(null)) {
  const inner = shown.document.getElementById('messageBrowser')?.contentWindow || shown
  const page = inner.document?.getElementById('messagepane')?.contentDocument
  if (page?.body?.innerText.length > 20 && page.readyState === 'complete') {
    return {
      text: page.body.innerText,
      links: [...page.links].map(link => [link.getAttribute('href'), link.textContent]),
      pictures: [...page.images].map(image => [image.getAttribute('src'), image.alt]),
    }
  }
}
return null
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a reader has before them. ``links``: (address, text); ``pictures``: (address, alternative text); both in the order of the page."""

    text: str
    links: tuple[tuple[str, str], ...]
    pictures: tuple[tuple[str, str], ...]


def show(mail: Path, folder: Path) -> Shown:
    """Open ``mail`` in a Thunderbird whose profile lies in ``folder``; ``TimeoutError`` if it never shows a message."""
    port = _free_port()
    prefs = _PREFS | {"marionette.port": port}
    (folder / "user.js").write_text("".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in prefs.items()), "utf-8")
    with _running(mail, folder), _marionette(port) as command:
        command("WebDriver:NewSession", capabilities={})
        command("Marionette:SetContext", value="chrome")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = command("WebDriver:ExecuteScript", script=_SHOWN, args=[])["value"]
            if found:
                links = tuple((address, text) for address, text in found["links"])
                pictures = tuple((address, text) for address, text in found["pictures"])
                return Shown(text=found["text"], links=links, pictures=pictures)
            time.sleep(0.5)
    message = f"Thunderbird did not show {mail.name} within {PATIENCE} s"
    raise TimeoutError(message)


def _free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        port: int = server.getsockname()[1]
        return port


@contextmanager
def _running(mail: Path, folder: Path) -> Iterator[None]:
    """Thunderbird with its own screen and message bus, all of which end together."""
    program = ["thunderbird", "--marionette", "--remote-allow-system-access", "--profile", str(folder), "--no-remote", "-file", str(mail)]
    environment = os.environ | {"HOME": str(folder), "TZ": "Asia/Tokyo", "LIBGL_ALWAYS_SOFTWARE": "1"}
    started = subprocess.Popen(
        ["xvfb-run", "-a", "-s", "-screen 0 1000x1400x24 -nolisten tcp", "dbus-run-session", "--", *program],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        os.killpg(started.pid, signal.SIGTERM)
        try:
            started.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()


@contextmanager
def _marionette(port: int) -> Iterator[Any]:
    """``command(name, **parameters)`` in the Thunderbird that listens there."""
    with _connected(port) as connection, connection.makefile("rb") as answers:
        _read(answers)  # its greeting
        number = 0

        def command(name: str, **parameters: object) -> Any:
            nonlocal number
            number += 1
            text = json.dumps([0, number, name, parameters]).encode()
            connection.sendall(b"%d:%s" % (len(text), text))
            _, _, error, result = _read(answers)
            assert error is None, error
            return result

        yield command


def _connected(port: int) -> socket.socket:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            connection = socket.create_connection(("127.0.0.1", port), 2)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.3)
        else:
            connection.settimeout(PATIENCE)
            return connection


def _read(answers: Any) -> Any:
    length = b""
    while not length.endswith(b":"):
        length += answers.read(1) or b":"
    return json.loads(answers.read(int(length[:-1])))
