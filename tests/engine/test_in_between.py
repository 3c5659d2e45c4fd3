"""What stands between a run and a sandbox: TLS, a proxy, a compression that nobody asked for."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.helpers.serving import verify

CREATE = ("kohort/create-order", "--fuzz", "0")


def certificate(folder: Path, name: str) -> Path:
    """Write a certificate that is signed by itself, and its key; return the path of both."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{name}.pem"
    path.write_bytes(pem + signed.public_bytes(serialization.Encoding.PEM))
    return path


class Refusing(BaseHTTPRequestHandler):
    """Answers everything with 404 and a page in the server's content encoding."""

    coding = ""

    def do_POST(self) -> None:
        """Answer."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(407 if self.path.startswith("http") else 404)
        if self.coding:
            self.send_header("Content-Encoding", self.coding)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"\x8b\x01\x80{")

    def do_CONNECT(self) -> None:
        """Refuse to connect to anything, as a proxy does that knows no such user."""
        self.send_response(407)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@contextmanager
def serving(context: ssl.SSLContext | None, coding: str = "") -> Iterator[str]:
    """Serve what refuses all; give the host and port."""
    handler = type("Handler", (Refusing,), {"coding": coding})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if context is not None:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def reason(folder: Path, url: str, rows: str = "") -> str:
    """Verify a target; return why there is no verdict."""
    path = folder / "targets.toml"
    path.write_text(f'[env.a.kohort]\nurl = "{url}"\n{rows}\n', encoding="utf-8")
    status, report = verify(folder, *CREATE, "--targets", str(path))
    assert status == 3
    assert not report["runs"][0]["findings"]
    return str(report["runs"][0]["aborted"])


def speaking(pem: Path) -> ssl.SSLContext:
    """Return what a server speaks TLS by."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


@pytest.mark.usefixtures("_credentials")
def test_a_certificate_that_is_not_known_is_no_sandbox_that_is_not_running(tmp_path: Path) -> None:
    """The key that names who signed it is; with that key the answers are judged."""
    pem = certificate(tmp_path, "server")
    with serving(speaking(pem)) as place:
        said = reason(tmp_path, f"https://{place}")
        assert "certificate verify failed" in said
        assert said.endswith("; name who signed it by ca in the configuration")
        assert "answered 404" in reason(tmp_path, f"https://{place}", 'ca = "server.pem"')


@pytest.mark.usefixtures("_credentials")
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_certificate_of_the_client_that_is_missing_is_asked_for(
    version: ssl.TLSVersion, tmp_path: Path
) -> None:
    """In TLS 1.3 the server says so after the first request, and is not accused of silence."""
    pem = certificate(tmp_path, "server")
    context = speaking(pem)
    context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(pem)
    ca = 'ca = "server.pem"'
    with serving(context) as place:
        said = reason(tmp_path, f"https://{place}", ca)
        assert said.endswith("certificate and key in the configuration")
        own = f'{ca}\ncertificate = "server.pem"'
        assert "answered 404" in reason(tmp_path, f"https://{place}", own)


@pytest.mark.usefixtures("_credentials")
def test_an_address_without_tls_is_said_to_be_one(tmp_path: Path) -> None:
    """A slip in the address, and no server that is not there."""
    with serving(None) as place:
        said = reason(tmp_path, f"https://{place}")
    assert said.endswith("; is it an address with http://?")


@pytest.mark.usefixtures("_credentials")
def test_a_server_that_waits_for_a_line_is_one_without_tls(tmp_path: Path) -> None:
    """Many servers take the greeting of TLS for the beginning of a line, and wait for its end."""
    with socket.create_server(("127.0.0.1", 0)) as waiting:
        place = f"https://127.0.0.1:{waiting.getsockname()[1]}"
        said = reason(tmp_path, place, "timeout = 0.2")
    assert "no TLS connection within 0.2" in said
    assert said.endswith("; is it an address with http://?")


@pytest.mark.usefixtures("_credentials")
@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, BR"])
def test_a_compression_that_nobody_asked_for_is_no_broken_json(coding: str, tmp_path: Path) -> None:
    """What is in such an answer is not known, so nothing is said of the sandbox."""
    with serving(None, coding) as place:
        said = reason(tmp_path, f"http://{place}")
    assert f"content encoding {coding.lower().split(', ')[-1]}, not asked for" in said


@pytest.mark.usefixtures("_credentials")
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_refuses_is_no_answer_of_the_sandbox(scheme: str, tmp_path: Path) -> None:
    """What to name is said, and what was named is not shown."""
    with serving(None) as place:
        row = f'proxy = "http://user:pr0xy-word@{place}"'
        said = reason(tmp_path, f"{scheme}://127.0.0.1:9", row)
    assert said.endswith("; name its user and password by proxy in the configuration")
    assert "407" in said
    assert "pr0xy-word" not in said
