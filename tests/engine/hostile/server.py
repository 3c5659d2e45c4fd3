"""A server on raw sockets that does whatever it is told, HTTP or not.

Nothing of the suite, and no HTTP library, is imported here: a mistake of theirs is not made twice.
"""

from __future__ import annotations

import itertools
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial

HANG = 30.0  # seconds: longer than any client under test waits


class Visit:
    """One connection: what came in on it, and ways to answer."""

    def __init__(
        self, connection: socket.socket, numbers: Iterator[int], stopped: threading.Event
    ) -> None:
        self.connection, self.stopped = connection, stopped
        self._numbers = numbers
        self.number = next(numbers)  # of the request, over all connections, from 0
        self.head, self.body, self._more = "", b"", b""

    @property
    def token(self) -> str:
        """What the request has after ``Bearer``."""
        return next(
            (line.split(" ", 2)[-1] for line in self.head.split("\r\n") if "Bearer " in line), ""
        )

    def read(self) -> bool:
        """Read one request; False when there is none."""
        if self.head:
            self.number = next(self._numbers)
        data, self._more = self._more, b""
        while b"\r\n\r\n" not in data:
            more = self.connection.recv(65536)
            if not more:
                return False
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        self.head = head.decode("latin-1")
        lines = self.head.lower().split("\r\n")
        length = next((int(line[15:]) for line in lines if line.startswith("content-length:")), 0)
        while len(body) < length:
            body += self.connection.recv(65536)
        self.body, self._more = body[:length], body[length:]
        return True

    def send(self, data: bytes | str) -> None:
        """Send bytes, or text of one byte a character."""
        self.connection.sendall(data.encode("latin-1") if isinstance(data, str) else data)

    def pour(self, data: Iterator[bytes], pause: float = 0.0) -> None:
        """Send piece after piece until the client has gone."""
        for piece in data:
            if self.stopped.wait(pause) if pause else self.stopped.is_set():
                return
            self.send(piece)

    def hang(self) -> None:
        """Do nothing for longer than anybody waits."""
        while self.connection.recv(65536):
            pass

    def reset(self) -> None:
        """Break the connection off with a reset instead of an end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


Act = Callable[[Visit], None]


class Server:
    """Listens on a free port of loopback, one thread a connection, until it is closed."""

    def __init__(self, act: Act) -> None:
        self._act = act
        self._stopped = threading.Event()
        self._numbers = itertools.count()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]
        self._threads = [self._start(self._listen)]

    def close(self) -> None:
        """Stop; whoever hangs is let go."""
        self._stopped.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def _start(self, work: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread

    def _listen(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._threads.append(self._start(partial(self._serve, connection)))

    def _serve(self, connection: socket.socket) -> None:
        # whatever a client does to a connection is its own affair here
        with suppress(OSError), connection:
            connection.settimeout(HANG)
            self._act(Visit(connection, self._numbers, self._stopped))
