"""Where requests go: an address, through httpcore under httpx's interface, or the embedded sandbox through respx.

Both make the same plain answer: a `Response`, or a `Failure` in the words of `FAILURES`. Credentials enter
here and nowhere else: a `Request` only names them in braces.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import httpcore
import httpx
import respx
from respx.handlers import WSGIHandler

from contracts.errors import UsageError
from contracts.model import Failure, Request, Response

FAILURES = ("connect", "timeout", "closed", "incomplete", "malformed", "undecodable", "too_large")
BODY_LIMIT = 4 * 1024 * 1024  # bytes after decoding; an order is a few hundred
UNKNOWN_TOKEN = "order-contracts-unknown-token"  # noqa: S105 - made up so that nobody was given it


class Transport(Protocol):
    """What a run sends through."""

    name: str

    def send(self, request: Request, deadline: float) -> Response | Failure:
        """Send one request; give the answer, or what failed after at most `deadline` seconds."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class Credentials:
    """Tokens by the names that requests use in braces; never shown."""

    token: str
    token_without_permission: str | None = None

    def values(self) -> dict[str, str]:
        """Give every value that a header may need, the spoiled tokens of the authorization cases included."""
        token = self.token
        middle = len(token) // 2
        other = "x" if token[middle : middle + 1] != "x" else "y"
        values = {
            "token": token,
            "unknown": UNKNOWN_TOKEN,
            "altered": f"{token[:middle]}{other}{token[middle + 1 :]}",
            "prefix": token[:middle] + "".join("z" if c != "z" else "q" for c in token[middle:]),
        }
        if self.token_without_permission:
            values["token_without_permission"] = self.token_without_permission
        return values


class _Clock(threading.local):
    """The moment until which the exchange under way in this thread has to be over."""

    until: float = float("inf")

    def left(self, timeout: float | None) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the exchange took longer than it may")
        return min(left, timeout) if timeout is not None else left


class _TimedStream(httpcore.NetworkStream):
    """A connection on which no wait goes beyond the exchange's end, however a server drips."""

    def __init__(self, stream: httpcore.NetworkStream, clock: _Clock) -> None:
        self._stream, self._clock = stream, clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._clock.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._clock.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._clock.left(timeout))
        return _TimedStream(stream, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _TimedBackend(httpcore.NetworkBackend):
    def __init__(self, clock: _Clock) -> None:
        self._backend, self._clock = httpcore.SyncBackend(), clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._clock.left(timeout)
        return _TimedStream(self._backend.connect_tcp(host, port, left, local_address, socket_options), self._clock)

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        self._stream.close()


class _TimedTransport(httpx.BaseTransport):
    """httpx's transport interface over an httpcore pool whose exchanges end when their time is over."""

    def __init__(self, clock: _Clock, pool: httpcore.ConnectionPool) -> None:
        self._clock, self._pool = clock, pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer.stream))

    def close(self) -> None:
        self._pool.close()


class HttpTransport:
    """Send through an httpx transport to a base URL; a path in it comes before the operation's."""

    def __init__(self, base_url: str, credentials: Credentials, transport: httpx.BaseTransport, clock: _Clock) -> None:
        self.name = base_url
        self._base = base_url.rstrip("/")
        self._secrets = credentials.values()
        self._transport, self._clock = transport, clock

    def send(self, request: Request, deadline: float) -> Response | Failure:
        """Send one request; redirects are not followed, the body is read up to `BODY_LIMIT` bytes."""
        headers = [(name, _filled(value, self._secrets)) for name, value in request.headers]
        self._clock.until = time.monotonic() + deadline
        begun = False
        try:
            message = httpx.Request(request.method, self._base + request.path, headers=headers, content=request.body)
            message.extensions["timeout"] = dict.fromkeys(("connect", "read", "write", "pool"), deadline)
            answer = self._transport.handle_request(message)
            begun = True
            try:
                body = self._read(answer)
            finally:
                answer.close()
        except httpcore.ConnectError as error:
            return Failure("connect", f"no connection: {error}")
        except (httpcore.TimeoutException, TimeoutError):
            where = "before its answer was whole" if begun else "before it answered"
            return Failure("timeout", f"more than {deadline:g} s passed {where}")
        except (httpcore.NetworkError, ssl.SSLError, OSError):
            return Failure("incomplete" if begun else "closed", "the connection was reset")
        except httpcore.ProtocolError as error:
            # h11's texts quote what the server sent, so only what they are about is told
            if begun:
                return Failure("incomplete", "the connection was closed before the body was whole")
            if "disconnected" in str(error):
                return Failure("closed", "the connection was closed without an answer")
            return Failure("malformed", "what came back is not an HTTP/1.1 message")
        except httpx.DecodingError:
            return Failure("undecodable", "the body is not in the announced content encoding")
        except _TooLargeError:
            return Failure("too_large", f"the body has more than {BODY_LIMIT} bytes")
        pairs = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in answer.headers.raw)
        return Response(answer.status_code, pairs, body)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _read(self, answer: httpx.Response) -> bytes:
        body = bytearray()
        for chunk in answer.iter_bytes():
            body += chunk
            if len(body) > BODY_LIMIT:
                raise _TooLargeError
            self._clock.left(None)
        return bytes(body)


class _TooLargeError(Exception):
    """A body went over the limit."""


def check_base_url(base_url: str) -> httpx.URL:
    """Give a base URL read; UsageError when it is none."""
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise UsageError(f"{base_url!r} is no URL: {error}") from error
    if url.scheme not in ("http", "https") or not url.host or url.query or url.fragment or url.userinfo:
        raise UsageError(f"{base_url!r} is no base URL; give http://host or https://host, with a path if need be")
    return url


def live(base_url: str, credentials: Credentials, connections: int = 1) -> HttpTransport:
    """Make the transport to an address; UsageError when it is none."""
    url = check_base_url(base_url)
    clock = _Clock()
    pool = httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context() if url.scheme == "https" else None,
        max_connections=connections,
        max_keepalive_connections=connections,
        network_backend=_TimedBackend(clock),
    )
    return HttpTransport(base_url, credentials, _TimedTransport(clock, pool), clock)


def embedded(app: Callable[..., Any], credentials: Credentials) -> HttpTransport:
    """Make the transport to a WSGI application in this process, mounted in a respx router; no network."""
    base_url = "http://embedded.invalid"
    router = respx.Router(assert_all_called=False, base_url=base_url)
    router.route().mock(side_effect=WSGIHandler(app))

    def handle(request: httpx.Request) -> httpx.Response:
        answer = router.handler(request)
        router.calls.reset()  # respx remembers every call, a run needs none of them
        return answer

    transport = HttpTransport(base_url, credentials, httpx.MockTransport(handle), _Clock())
    transport.name = "embedded"
    return transport


def _filled(template: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        template = template.replace(f"{{{name}}}", value)
    return template
