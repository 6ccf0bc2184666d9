"""The server's side of sending: TLS that is checked, a log-in that is refused, the pace that a service allows, dots, odd addresses."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from pipeline.config import Smtp
from pipeline.delivery.smtp import PASSWORD, USER, Pace, SmtpTransport
from pipeline.delivery.transport import Envelope, Fate
from pipeline.errors import SendError
from tests.delivery.sink import Sink

MESSAGE = b"To: a@example.com\r\nSubject: x\r\n\r\n.\r\n..two dots\r\n.one dot\r\nend"
ENVELOPE = Envelope(sender="b@example.jp", recipient="a@example.com", name="x")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    cert, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=localhost", "-out", str(cert)]
    subprocess.run([*command, "-keyout", str(key), "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    return cert, key


def settings(sink: Sink, security: str = "none") -> Smtp:
    """Settings that name this server."""
    return Smtp(host="127.0.0.1", port=sink.port, security=security, return_path="b@example.jp", timeout=20)


def server_side(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    """TLS as the server speaks it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*map(str, certificate))
    return context


def only_editor(_server: object, _session: object, _envelope: object, _mechanism: str, data: object) -> AuthResult:
    """One name and one password are right."""
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"editor", b"right")
    return AuthResult(success=right, handled=False)


@pytest.mark.loopback
def test_every_byte_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines that begin with a dot, and a last line without an end."""
    monkeypatch.delenv(USER, raising=False)
    with Sink() as sink:
        transport = SmtpTransport(settings(sink))
        transport.ready()
        assert transport.deliver(MESSAGE, ENVELOPE).fate is Fate.SENT
        transport.close()
    assert sink.mailbox.taken == [("b@example.jp", "a@example.com", MESSAGE + b"\r\n")]


@pytest.mark.loopback
@pytest.mark.parametrize("password", ["right", "wrong"])
def test_tls_and_a_login(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, password: str) -> None:
    """With a certificate that is trusted and the right password the mail goes; a wrong one is said before anything is handed over."""
    monkeypatch.setenv(USER, "editor")
    monkeypatch.setenv(PASSWORD, password)
    trust = ssl.create_default_context(cafile=str(certificate[0]))
    with Sink(tls_context=server_side(certificate), authenticator=only_editor, auth_required=True) as sink:
        transport = SmtpTransport(settings(sink, "starttls"), trust=trust)
        if password == "wrong":  # noqa: S105
            with pytest.raises(SendError, match="ログインできません"):
                transport.ready()
            assert sink.mailbox.taken == []
            return
        transport.ready()
        assert transport.deliver(MESSAGE, ENVELOPE).fate is Fate.SENT
        transport.close()


@pytest.mark.loopback
def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """No mail and no password goes to a server that cannot prove its name."""
    monkeypatch.setenv(USER, "editor")
    with Sink(tls_context=server_side(certificate)) as sink, pytest.raises(SendError, match=r"つながりません.*CERTIFICATE_VERIFY_FAILED"):
        SmtpTransport(settings(sink, "starttls")).ready()


@pytest.mark.loopback
def test_a_server_without_tls_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server, or somebody on the way, that does not offer STARTTLS gets nothing."""
    monkeypatch.setenv(USER, "editor")
    with Sink() as sink, pytest.raises(SendError, match=r"つながりません.*STARTTLS"):
        SmtpTransport(settings(sink, "starttls")).ready()


@pytest.mark.loopback
def test_an_old_address_of_a_carrier_is_tried_as_it_is_and_then_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A strict server answers 501 to two dots in a row, and takes them in quotes."""
    monkeypatch.delenv(USER, raising=False)
    with Sink(lambda stage, _who, nth: "501 syntax" if (stage, nth) == ("RCPT", 1) else "") as sink:
        transport = SmtpTransport(settings(sink))
        transport.ready()
        envelope = Envelope(sender="b@example.jp", recipient="a..b@docomo.example.jp", name="x")
        assert transport.deliver(MESSAGE, envelope).fate is Fate.SENT
        transport.close()
    assert [recipient.replace('"', "") for recipient in sink.mailbox.recipients()] == ["a..b@docomo.example.jp"]


@pytest.mark.parametrize(
    ("per_minute", "per_hour", "count", "takes"), [(30, 0, 90, 120), (0, 100, 250, 7200), (30, 40, 45, 3600), (0, 0, 500, 0)]
)
def test_the_pace_of_a_service_is_kept(per_minute: int, per_hour: int, count: int, takes: int) -> None:
    """No minute and no hour holds more than is allowed, and no more time is lost than that."""
    now, times = [0.0], []

    def rest(seconds: float) -> None:
        now[0] += seconds

    pace = Pace(per_minute=per_minute, per_hour=per_hour, clock=lambda: now[0], rest=rest)
    for _ in range(count):
        pace.wait()
        times.append(now[0])
    assert times[-1] == takes
    for limit, span in ((per_minute, 60), (per_hour, 3600)):
        assert not limit or max(sum(start <= time < start + span for time in times) for start in times) <= limit
