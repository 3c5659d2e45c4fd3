"""Exchanges that end when their time is over: httpx's transport interface, on httpcore."""

import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

# seconds after which a kept connection is not used again: servers close idle ones after 2 and more
IDLE = 1.0


class Clock(threading.local):
    """When the exchange of this thread has to be over, and what its connection has done."""

    until: float = float("inf")
    # on a connection of its own, not on one that was kept from an earlier exchange
    connected: bool = False
    received: int = 0  # bytes

    def start(self, deadline: float) -> None:
        """Begin an exchange that has to be over in so many seconds."""
        self.until = time.monotonic() + deadline
        self.connected = False
        self.received = 0

    def left(self, timeout: float | None) -> float:
        """Return the seconds that remain, `timeout` at most; httpcore.ReadTimeout without any."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the exchange took longer than it may")
        return min(left, timeout) if timeout is not None else left


class _TimedStream(httpcore.NetworkStream):
    """A connection on which no wait goes beyond the exchange's end, however a server drips."""

    def __init__(self, stream: httpcore.NetworkStream, clock: Clock) -> None:
        self._stream = stream
        self._clock = clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, self._clock.left(timeout))
        self._clock.received += len(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._clock.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._clock.left(timeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, left)
        return _TimedStream(stream, self._clock)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _TimedBackend(httpcore.NetworkBackend):
    def __init__(self, clock: Clock) -> None:
        self._backend = httpcore.SyncBackend()
        self._clock = clock

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._clock.left(timeout)
        stream = self._backend.connect_tcp(host, port, left, local_address, socket_options)
        self._clock.connected = True
        return _TimedStream(stream, self._clock)

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


class _Body(httpx.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        self._stream.close()


class TimedTransport(httpx.BaseTransport):
    """Sends over httpcore's pools; an exchange ends when its time is over."""

    def __init__(
        self,
        clock: Clock,
        connections: int,
        context: ssl.SSLContext | None,
        proxy: httpcore.Proxy | None,
    ) -> None:
        self._keeping, self._single = (
            httpcore.ConnectionPool(
                ssl_context=context,
                proxy=proxy,
                max_connections=connections,
                max_keepalive_connections=kept,
                keepalive_expiry=IDLE,
                network_backend=_TimedBackend(clock),
            )
            for kept in (connections, 0)
        )
        self._pool = self._keeping

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; give what is known of its answer, whose body is still to be read."""
        url = request.url
        target = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        message = httpcore.Request(
            request.method,
            target,
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        answer = self._pool.handle_request(message)
        body = _Body(answer.stream)
        return httpx.Response(answer.status, headers=answer.headers, stream=body)

    def keep_no_connections(self) -> None:
        """Give each exchange from now on a connection of its own."""
        self._pool = self._single

    def close(self) -> None:
        """Let go of all connections."""
        self._keeping.close()
        self._single.close()
