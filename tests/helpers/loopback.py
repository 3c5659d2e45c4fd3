"""A server on the loopback interface that answers with prepared bytes.

As no HTTP library would let it.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Behaviour = Callable[[socket.socket, bytes], None]


class RawServer:
    """Accepts connections one after the other; remembers what was sent to it."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.received: list[bytes] = []
        self._behaviour = behaviour
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        """The base URL of the server."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                with connection, suppress(OSError):
                    request = self._read(connection)
                    self.received.append(request)
                    self._behaviour(connection, request)

    @staticmethod
    def _read(connection: socket.socket) -> bytes:
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                return data
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (
                int(line[15:])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            ),
            0,
        )
        while len(body) < length:
            body += connection.recv(65536)
        return head + b"\r\n\r\n" + body

    def start(self) -> None:
        """Begin to accept."""
        self._thread.start()

    def stop(self) -> None:
        """Close the listening socket, which ends the thread."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@contextmanager
def raw_server(behaviour: Behaviour) -> Iterator[RawServer]:
    """Serve while the block runs."""
    server = RawServer(behaviour)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def says(data: bytes) -> Behaviour:
    """Answer with these bytes and close the connection."""

    def behave(connection: socket.socket, _: bytes) -> None:
        connection.sendall(data)

    return behave


def drips(head: bytes, drop: bytes, *, every: float = 0.05) -> Behaviour:
    """Send a head, then a drop at a time, for ever."""

    def behave(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            connection.sendall(drop)
            time.sleep(every)

    return behave
