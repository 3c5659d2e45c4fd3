"""Where requests go.

An address, through httpcore under httpx's interface, or the embedded sandbox through respx.

Both make the same plain answer: a `Response`, or a `Failure`.
Credentials enter here and nowhere else: a `Request` only names them in braces.
"""

import re
import ssl
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, Protocol
from urllib.parse import quote

import httpcore
import httpx

from contracts.engine.credentials import Connection, Credentials, check_base_url
from contracts.engine.deadlines import Clock, TimedTransport
from contracts.engine.gates import Gate, body_in_pieces, body_with_gate
from contracts.errors import RunAborted
from contracts.model import Failure, Request, Response
from contracts.schema.jsontext import LONGEST

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]

BODY_LIMIT = LONGEST + 1  # bytes of a body that are kept, which shows that there were too many
EMBEDDED = "embedded"  # the name of the transport to a sandbox in this process
WAITS = ("connect", "read", "write", "pool")  # of httpx, each with a timeout of its own
HEADER_LIMIT = 1_000  # header fields of an answer
# zlib's window sizes; many deflate without its header
CODINGS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}
# registered codings that are not asked for, and can't be undone here
UNREAD_CODINGS = frozenset({"br", "compress", "dcb", "dcz", "x-compress", "zstd"})
STALE = "a connection that was kept open was closed, or had more on it than its answer"
# what stands around the words of an operating system's error
SYSTEM = re.compile(r"^\[[^\]]*\] | \(_ssl\.c:\d+\)$")


class _UnfitError(Exception):
    """An answer is not one to work with; `kind` as in `Failure`."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


ENDS = (
    *(httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError),
    *(httpcore.ProxyError, OSError, UnicodeError, _UnfitError),
)  # how an exchange ends without an answer


class Transport(Protocol):
    """What a run sends through."""

    name: str

    def send(
        self, request: Request, deadline: float, gate: Gate | None = None
    ) -> Response | Failure:
        """Send one request; give the answer, or what failed after at most `deadline` seconds.

        With a gate, a request is ended when all others at the gate can be: a server has to
        handle them at once.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class HttpTransport:
    """Send through an httpx transport to a base URL, which may have a path of its own."""

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        transport: httpx.BaseTransport,
        clock: Clock,
        headers: Sequence[tuple[str, str]] = (),
        *,
        proxy: str | None = None,
    ) -> None:
        self.name = base_url
        self._through = f" through the proxy {proxy.rpartition('@')[2]}" if proxy else ""
        self._headers = tuple(headers)
        self._base = base_url.rstrip("/")
        self._secrets = credentials.values()
        self._transport = transport
        self._clock = clock
        self._timed = transport if isinstance(transport, TimedTransport) else None

    def authenticate(self, credentials: Credentials) -> None:
        """Send with other credentials from now on."""
        self._secrets = credentials.values()

    def send(
        self, request: Request, deadline: float, gate: Gate | None = None
    ) -> Response | Failure:
        """Send one request; follow no redirects, keep up to `BODY_LIMIT` bytes of the body.

        What comes beyond that is waited for, since a body without an end is none.
        """
        message = self._message(request, gate)
        message.extensions["timeout"] = dict.fromkeys(WAITS, deadline)
        if gate is not None and not request.body:
            gate.wait()
        self._clock.start(deadline)
        begun = False
        try:
            with closing(self._transport.handle_request(message)) as answer:
                begun = True
                if self._is_stale():
                    return self._stop_keeping()
                return self._read(answer)
        except httpcore.LocalProtocolError as error:
            if not self._clock.received:  # what could not be sent is no fault of the server
                raise
            return self._broken_off(error, begun=begun)
        except ENDS as error:
            return self._failure(error, deadline) or self._broken_off(error, begun=begun)

    def _message(self, request: Request, gate: Gate | None) -> httpx.Request:
        """Return a request for httpx, with credentials; a gate holds the end of its body."""
        given = {name.lower() for name, _ in self._headers}
        own = [field for field in request.headers if field[0].lower() not in given]
        headers = [(name, _filled(value, self._secrets)) for name, value in own]
        headers += [field for field in self._headers if field[0] not in request.leaves_out]
        content: bytes | Iterator[bytes] | None = request.body
        if gate is not None and request.body:
            headers.append(("Content-Length", str(len(request.body))))
            content = body_with_gate(request.body, gate)
        elif ("Transfer-Encoding", "chunked") in request.headers:
            content = body_in_pieces(request.body or b"")
        path = _filled(request.path, self._secrets, lambda secret: quote(secret, safe=""))
        url = self._base + path
        return httpx.Request(request.method, url, headers=headers, content=content)

    def _failure(self, error: Exception, deadline: float) -> Failure | None:
        """Return the failure behind an error; None for a connection that ended too early."""
        match error:
            case httpcore.ConnectTimeout():
                tls = "TLS " if self._clock.connected else ""
                within = f"{self._through} within {deadline:.3g} s"
                return Failure("connect", f"no {tls}connection{within}")
            case httpcore.TimeoutException() | TimeoutError():
                whole = "before its answer was whole"
                when = whole if self._clock.received else "before it answered"
                return Failure("timeout", f"more than {deadline:.3g} s passed {when}")
            case httpcore.ProxyError():
                return Failure("connect", f"no connection{self._through}: {error}")
            case httpcore.NetworkError() if self._is_unconnected(error):
                tls = "TLS " if isinstance(error.__context__, ssl.SSLError) else ""
                what = f"no {tls}connection{self._through}"
                return Failure("connect", f"{what}: {SYSTEM.sub('', str(error))}")
            case UnicodeError():
                return Failure("connect", "no connection: the host's name can't be looked up")
            case _UnfitError():
                return Failure(error.kind, str(error))
        return None

    def _is_unconnected(self, error: Exception) -> bool:
        """Whether no connection came about: in TLS 1.3 a server may end it after the handshake."""
        is_alert = isinstance(error.__context__, ssl.SSLError) and "alert" in str(error)
        return isinstance(error, httpcore.ConnectError) or (is_alert and not self._clock.received)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _broken_off(self, error: Exception, *, begun: bool) -> Failure:
        """Put into words how a connection ended before an answer was whole.

        h11's own texts quote what the server sent, so only what they are about is told.
        """
        reset = not isinstance(error, httpcore.ProtocolError)
        how = "reset" if reset else "closed"
        if begun:
            return Failure("incomplete", f"the connection was {how} before the body was whole")
        if self._is_stale():
            return self._stop_keeping()
        if not reset and not str(error).startswith("Server disconnected"):
            if str(error) == "Receive buffer too long":
                return Failure("too_large", "the headers are longer than any answer needs")
            return Failure("malformed", "what came back is not an HTTP/1.1 message")
        if self._clock.received:
            what = f"the connection was {how} before the headers were whole"
            return Failure("malformed", what)
        return Failure("closed", f"the connection was {how} without an answer")

    def _is_stale(self) -> bool:
        """Whether the exchange was on a connection that was kept, and nothing came on it.

        A server may close a connection that it has kept, also while a request is under way,
        and what it sent too much the last time is no answer to this one.
        """
        return not (self._timed is None or self._clock.connected or self._clock.received)

    def _stop_keeping(self) -> Failure:
        """Keep no connections from now on; return the failure of the one that was kept."""
        if self._timed is not None:
            self._timed.keep_no_connections()
        return Failure("connect", STALE)

    def _read(self, answer: httpx.Response) -> Response:
        pairs = tuple(
            (name.decode("latin-1").lower(), value.decode("latin-1"))
            for name, value in answer.headers.raw
        )
        if len(pairs) > HEADER_LIMIT:
            what = f"the answer has more than {HEADER_LIMIT} header fields"
            raise _UnfitError("too_large", what)
        # every transport here is a sync one
        assert isinstance(answer.stream, httpx.SyncByteStream)  # noqa: S101
        return Response(answer.status_code, pairs, self._body(answer.stream, pairs))

    def _body(self, stream: Iterable[bytes], headers: Sequence[tuple[str, str]]) -> bytes:
        received = bytearray()
        for chunk in stream:
            received += chunk[: BODY_LIMIT - len(received)]
            self._clock.left(None)
            if len(received) >= BODY_LIMIT and "content-length" in dict(headers):
                break  # the end is known
        body = bytes(received)
        codings = [
            part
            for name, value in headers
            if name == "content-encoding"
            for part in value.lower().split(",")
        ]
        for coding in reversed(codings):
            if 0 < len(body) < BODY_LIMIT:
                body = _without_coding(body, coding.strip())
        return body


def _without_coding(data: bytes, coding: str) -> bytes:
    """Undo a content coding, up to `BODY_LIMIT`; one that is not registered is left.

    RunAborted for one that only others undo: what is in such a body is not known.
    """
    if coding in UNREAD_CODINGS:
        mend = "switch that compression off, at the sandbox or in front of it"
        raise RunAborted(f"answers come in the content encoding {coding}, not asked for; {mend}")
    windows = CODINGS.get(coding)
    for window in windows or ():
        unpacker = zlib.decompressobj(window)
        try:
            plain = unpacker.decompress(data, BODY_LIMIT)
        except zlib.error:
            continue
        if unpacker.eof or len(plain) >= BODY_LIMIT:
            return plain
    if windows:
        raise _UnfitError("undecodable", "the body is not in the announced content encoding")
    return data


def live(
    base_url: str,
    credentials: Credentials,
    connections: int = 1,
    connection: Connection | None = None,
) -> HttpTransport:
    """Make the transport to an address.

    UsageError when it is none, or a token can't stand in a header.
    """
    url = check_base_url(base_url)
    reached = connection or Connection()
    clock = Clock()
    context = reached.context() if url.scheme == "https" else None
    timed = TimedTransport(clock, connections, context, reached.through())
    return HttpTransport(base_url, credentials, timed, clock, reached.headers, proxy=reached.proxy)


def _filled(template: str, values: Mapping[str, str], written: Callable[[str], str] = str) -> str:
    for name, value in values.items():
        if f"{{{name}}}" in template:
            template = template.replace(f"{{{name}}}", written(value))
    return template
