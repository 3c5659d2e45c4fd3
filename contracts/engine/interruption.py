"""Signals that end a run: the first stops the sending, and none stops the reports."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from contracts.errors import Interrupted

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """Remembers the first signal; raises `Interrupted` only while a run can be ended.

    What is known by then is judged and written undisturbed.
    """

    def __init__(self) -> None:
        self.signal: int | None = None
        self.times = 0
        self._may_raise = False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Take the signals of the process while the block runs."""
        previous = {number: signal.signal(number, self._receive) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    @contextmanager
    def raising(self) -> Iterator[None]:
        """Raise `Interrupted` in the block when a signal comes, or has come before."""
        self._may_raise = True
        try:
            if self.signal is not None:
                raise Interrupted(self.signal)
            yield
        finally:
            self._may_raise = False

    def _receive(self, number: int, _: FrameType | None) -> None:
        self.signal = self.signal or number
        self.times += 1
        if self._may_raise:
            self._may_raise = False
            raise Interrupted(self.signal)
