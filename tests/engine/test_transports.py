"""The live transport over a real socket, and the embedded one: the same plain answers."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from contracts.engine.credentials import Credentials, check_base_url
from contracts.engine.deadlines import Clock
from contracts.engine.embedding import embedded
from contracts.engine.gates import GATHERING, Gate
from contracts.engine.transports import BODY_LIMIT, HttpTransport, live
from contracts.errors import UsageError
from contracts.model import Failure, Request, Response
from tests.helpers.loopback import Behaviour, drips, raw_server, says

TOKEN = Credentials("a-good-token")
GOOD = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nX-Two: a\r\nx-two: b\r\nContent-Length: 2\r\n\r\n{}"  # noqa: E501


def request(
    path: str = "/orders", authorization: str = "Bearer {token}", body: bytes | None = b"{}"
) -> Request:
    """Make a request as the sender does."""
    return Request(
        "POST", path, (("Accept", "application/json"), ("Authorization", authorization)), body, {}
    )


def ask(
    behaviour: Behaviour, *, base: str = "", deadline: float = 5.0, **more: Any
) -> tuple[Response | Failure, bytes]:
    """Send one request to a server that behaves so.

    Give the answer and what the server received.
    """
    with raw_server(behaviour) as server:
        transport = live(server.url + base, TOKEN)
        try:
            answer = transport.send(request(**more), deadline)
        finally:
            transport.close()
        return answer, server.received[0]


def failure(behaviour: Behaviour, deadline: float = 5.0) -> str:
    """Send one request; give the kind of failure that comes of it."""
    answer, _ = ask(behaviour, deadline=deadline)
    assert isinstance(answer, Failure)
    return answer.kind


def test_an_answer_is_taken_as_it_came() -> None:
    """Status, headers in lower case and in order, repeated ones too, and the bytes of the body."""
    answer, received = ask(says(GOOD))
    assert answer == Response(
        201,
        (
            ("content-type", "application/json"),
            ("x-two", "a"),
            ("x-two", "b"),
            ("content-length", "2"),
        ),
        b"{}",
    )
    assert received.startswith(b"POST /orders HTTP/1.1\r\n")
    assert b"\r\nAuthorization: Bearer a-good-token\r\n" in received
    assert received.endswith(b"\r\n\r\n{}")


@pytest.mark.parametrize(
    ("base", "target"),
    [
        ("", "/orders"),
        ("/", "/orders"),
        ("/kohort/v2", "/kohort/v2/orders"),
        ("/kohort/v2/", "/kohort/v2/orders"),
        ("/a%2Fb", "/a%2Fb/orders"),
    ],
)
def test_the_path_of_a_base_url_comes_first(base: str, target: str) -> None:
    """The operation's path is appended to it, with one slash between."""
    _, received = ask(says(GOOD), base=base)
    assert received.split(b" ")[1] == target.encode()


def test_a_path_is_sent_as_it_is_written() -> None:
    """Encoded slashes and dots are neither decoded nor resolved."""
    _, received = ask(says(GOOD), path="/stores/a%2Fb%3F..%23/orders")
    assert received.split(b" ")[1] == b"/stores/a%2Fb%3F..%23/orders"


@pytest.mark.parametrize("authorization", ["", "Bearer", "Basic {token}", "Bearer {unknown}"])
def test_a_spoiled_authorization_header_is_sent_as_it_is(authorization: str) -> None:
    """An empty header is sent too."""
    _, received = ask(says(GOOD), authorization=authorization)
    sent = authorization.replace("{token}", "a-good-token").replace(
        "{unknown}", "order-contracts-unknown-token"
    )
    assert f"\r\nAuthorization: {sent}".rstrip().encode() in received


def test_spoiled_tokens_differ_from_the_good_one() -> None:
    """Each is wrong in its own way where there are as many ways.

    And of the same length where it matters.
    """
    values = Credentials("a-good-token").values()
    assert len(set(values.values())) == len(values)
    assert values["altered_last"].startswith("a-good-toke")
    assert values["other_case"] == "A-GOOD-TOKEN"
    assert values["cut"] == "a-good-toke"
    for token in ("a-good-token", "xxxxxxxx", "zz", "q", "2026-11"):
        values = Credentials(token).values()
        assert [name for name, value in values.items() if value == token] == ["token"]
        assert len(values["altered_last"]) == len(token)
        assert len(values["altered"]) == len(values["prefix"]) == len(token)
        assert sum(a != b for a, b in zip(values["altered"], token, strict=True)) == 1
        assert values["prefix"][: len(token) // 2] == token[: len(token) // 2]
    assert Credentials("a", "b").values()["token_without_permission"] == "b"


@pytest.mark.parametrize(
    "location", [b"http://127.0.0.1:1/elsewhere", b"http://[", b"\xff\xfe", b"http://x:99999/", b""]
)
def test_a_redirect_is_an_answer(location: bytes) -> None:
    """It is not followed, and where it leads to does not matter, not even when it is no address."""
    head = b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n"
    answer, _ = ask(says(head))
    assert isinstance(answer, Response)
    assert answer.status == 302


@pytest.mark.parametrize("announced", [b"Content-Length: %d\r\n", b""])
@pytest.mark.parametrize("status", [b"201 Created", b"404 Not Found"])
@pytest.mark.parametrize("coding", [b"Content-Encoding: gzip\r\n", b""])
def test_of_a_body_beyond_the_limit_no_more_is_kept(
    announced: bytes, status: bytes, coding: bytes
) -> None:
    """Any answer may be as long as it likes, announced or not, packed or not."""
    body = b"x" * (BODY_LIMIT + 9)
    body = gzip.compress(body, 1) if coding else body
    length = announced % len(body) if announced else b""
    head = b"HTTP/1.1 " + status + b"\r\n" + coding + length
    answer, _ = ask(says(head + b"\r\n" + body))
    assert isinstance(answer, Response)
    assert len(answer.body) == BODY_LIMIT


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 201 Created\r\nContent-Length: 1000\r\n\r\n", b"x"),
        (b"HTTP/1.1 201 Created\r\n", b"X-More: 1\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    ],
    ids=["body", "headers", "informational", "chunks"],
)
def test_a_server_that_drips_is_left_at_the_deadline(head: bytes, drop: bytes) -> None:
    """However it keeps the connection busy, the exchange ends when its time is over."""
    started = time.monotonic()
    assert failure(drips(head, drop), deadline=0.4) == "timeout"
    assert time.monotonic() - started < 3


def test_a_server_that_says_nothing_is_left_at_the_deadline() -> None:
    """Silence ends as dripping does."""

    def silent(connection: socket.socket, _: bytes) -> None:
        connection.settimeout(5)
        connection.recv(1)

    assert failure(silent, deadline=0.3) == "timeout"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "closed"),
        (b"HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\n{}", "incomplete"),
        (b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}", "incomplete"),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "malformed"),
        (b"HTTP/1.1 999999 \r\n\r\n", "malformed"),
        (
            b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nContent-Encoding: gzip\r\n\r\n{}",
            "undecodable",
        ),
    ],
)
def test_a_broken_answer_is_a_failure_of_its_kind(data: bytes, kind: str) -> None:
    """Closed without a word, cut off, no HTTP, wrongly encoded."""
    assert failure(says(data)) == kind


def test_nothing_that_a_server_sends_is_in_the_text_of_a_failure() -> None:
    """A transport's error may quote an echoed token or control characters."""

    def echo(connection: socket.socket, received: bytes) -> None:
        token = received.partition(b"Bearer ")[2].partition(b"\r\n")[0]
        connection.sendall(b"HTTP/1.1 201 Created\r\n\x1b[2J" + token + b"\r\n\r\n")

    answer, received = ask(echo)
    assert b"a-good-token" in received
    assert isinstance(answer, Failure)
    assert answer.kind == "malformed"
    assert "a-good-token" not in answer.detail
    assert answer.detail.isprintable()


def test_a_port_where_nothing_listens_is_a_failure_to_connect() -> None:
    """The kind by which the run is found not to be possible."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    transport = live(url, TOKEN)
    answer = transport.send(request(), 5.0)
    transport.close()
    assert isinstance(answer, Failure)
    assert answer.kind == "connect"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "kohort",
        "http://",
        "ftp://x",
        "//x",
        "http://x?y=1",
        "http://x#y",
        "http://u:p@x",
        "http://x:port",
        "http://[::1",
        "http://x\n",
        "http://\u2603.example",
    ],
)
def test_what_is_no_base_url_is_wrong_use(url: str) -> None:
    """The text quotes it."""
    with pytest.raises(UsageError, match=r"is no (base )?URL"):
        check_base_url(url)


@pytest.mark.parametrize(
    "url", ["http://x", "https://x/", "http://127.0.0.1:9000/kohort/v2", "http://[::1]:80"]
)
def test_a_base_url_is_taken(url: str) -> None:
    """With a port and a path if need be."""
    assert check_base_url(url).host


def test_the_embedded_transport_gives_the_same_plain_answer() -> None:
    """A WSGI application in this process is asked and answers as over a socket."""
    seen: list[tuple[str, str, bytes]] = []

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read()
        seen.append((environ["PATH_INFO"], environ["HTTP_AUTHORIZATION"], body))
        start("201 Created", [("Content-Type", "application/json"), ("X-Two", "a"), ("X-Two", "b")])
        return [b"{", b"}"]

    transport = embedded(app, TOKEN)
    answer = transport.send(request(), 5.0)
    assert transport.name == "embedded"
    assert seen == [("/orders", "Bearer a-good-token", b"{}")]
    assert isinstance(answer, Response)
    assert (answer.status, answer.body) == (201, b"{}")
    assert [value for name, value in answer.headers if name == "x-two"] == ["a", "b"]


def at_once(
    transport: HttpTransport, bodies: list[bytes | None], gate: Gate
) -> list[Response | Failure]:
    """Send requests in threads of their own; give the answers."""
    with ThreadPoolExecutor(len(bodies)) as pool:
        answers = list(pool.map(lambda body: transport.send(request(body=body), 5.0, gate), bodies))
    transport.close()
    return answers


class Noting(httpx.BaseTransport):
    """Notes the parts that bodies come in, and the headers in front of them."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.headers: list[tuple[str | None, str | None]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Take a request part by part, as a connection does."""
        self.headers.append(
            (request.headers.get("content-length"), request.headers.get("transfer-encoding"))
        )
        assert isinstance(request.stream, httpx.SyncByteStream)
        for part in request.stream:
            self.parts.append(part)
        return httpx.Response(201, stream=httpx.ByteStream(b""))


def test_requests_at_a_gate_are_ended_together() -> None:
    """The last byte of none is on its way before all others are as far.

    Each has its length and arrives whole.
    """
    noting = Noting()
    answers = at_once(
        HttpTransport("http://127.0.0.1", TOKEN, noting, Clock()), [b"1234"] * 3, Gate(3)
    )
    assert [answer.status for answer in answers if isinstance(answer, Response)] == [201] * 3
    assert noting.parts == [b"123"] * 3 + [b"4"] * 3
    assert noting.headers == [("4", None)] * 3


@pytest.mark.parametrize("body", [b'{"amount":100}', b"1", None])
def test_a_server_that_takes_one_connection_after_the_other_is_not_waited_for(
    body: bytes | None,
) -> None:
    """All but the last byte of a request is sent before anybody reads it."""
    started = time.monotonic()
    closing = GOOD.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)  # none is kept
    with raw_server(says(closing)) as server:
        answers = at_once(live(server.url, TOKEN, connections=3), [body] * 3, Gate(3))
    assert [answer.status for answer in answers if isinstance(answer, Response)] == [201] * 3
    assert time.monotonic() - started < GATHERING
    assert [received.partition(b"\r\n\r\n")[2] for received in server.received] == [body or b""] * 3


def test_a_gate_that_nobody_else_comes_to_is_left() -> None:
    """A request that was not sent holds the others up for a moment only."""
    with raw_server(says(GOOD)) as server:
        (answer,) = at_once(live(server.url, TOKEN), [b"{}"], Gate(2))
    assert isinstance(answer, Response)
    assert server.received[0].endswith(b"\r\n\r\n{}")
