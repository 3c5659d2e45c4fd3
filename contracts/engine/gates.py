"""Bodies whose bytes go over the wire when they shall: all at once with others, or in pieces."""

import threading
from collections.abc import Iterator
from contextlib import suppress

GATHERING = 1.0  # seconds that requests which are sent at once wait for each other


class Gate:
    """Where requests that are sent at once wait for each other, but not for long."""

    def __init__(self, parties: int) -> None:
        self._barrier = threading.Barrier(parties)

    def wait(self) -> None:
        """Wait until all are here, or one has been waiting for a second."""
        with suppress(threading.BrokenBarrierError):
            self._barrier.wait(GATHERING)


def body_with_gate(body: bytes, gate: Gate) -> Iterator[bytes]:
    """Yield a body, its last byte when all other requests at the gate are as far."""
    yield body[:-1]
    gate.wait()
    yield body[-1:]


def body_in_pieces(body: bytes) -> Iterator[bytes]:
    """Yield a body in pieces of odd sizes: 1, 3, 7, 15 bytes and so on."""
    start, size = 0, 1
    while start < len(body):
        yield body[start : start + size]
        start = start + size
        size = 2 * size + 1
