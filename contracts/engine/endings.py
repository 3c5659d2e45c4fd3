"""How a run ends early, or waits: a signal, a defect of the suite itself, a server that is down."""

import os
import re
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from contracts.errors import Interrupted
from contracts.model import Exchange, Failure, Request

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


DEFECT = "defect"  # of a run in the JSON report that ended so
SECRET = re.compile("TOKEN|KEY|SECRET|PASS|CREDENTIAL|AUTH|PROXY", re.IGNORECASE)
SHORTEST = 4  # characters of a secret


def remembered(error: BaseException) -> str:
    """Write a traceback to a file; return a line about what happened and the file.

    The values of variables that are named like secrets are left out.
    """
    text = "".join(traceback.format_exception(error))
    for name, value in os.environ.items():
        if SECRET.search(name) and len(value) >= SHORTEST:
            text = text.replace(value, f"${name}")
    handle, name = tempfile.mkstemp(prefix="contracts-defect-", suffix=".txt", text=True)
    os.close(handle)
    Path(name).write_text(text, encoding="utf-8", errors="replace")
    what = f"a defect of the suite itself ({type(error).__name__})"
    return f"{what}, told in {name}: please report it"


SILENT = ("closed", "connect")  # kinds of failures after which a server may be down
PAUSES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)  # seconds between questions whether it is back
HEAVY_BODY = 64 * 1024  # bytes
HEAVY_HEADER = 8 * 1024


def is_heavy(request: Request) -> bool:
    """Whether a request is one that many servers refuse without reading it to its end.

    Whoever closes the connection then takes its own refusal away from the client.
    """
    longest = max((len(value) for _, value in request.headers), default=0)
    return len(request.body or b"") >= HEAVY_BODY or longest >= HEAVY_HEADER


def is_silent(exchange: Exchange) -> bool:
    """Whether a connection ended without an answer, or there was none."""
    return isinstance(exchange.answer, Failure) and exchange.answer.kind in SILENT


def unread(exchange: Exchange, why: str) -> Exchange:
    """Return an exchange as one that was refused in words that were lost, for a reason."""
    detail = exchange.answer.detail if isinstance(exchange.answer, Failure) else ""
    return replace(exchange, answer=Failure("unread", f"{detail}, and {why}"))


def seconds_until_back(answers: Callable[[], bool]) -> float | None:
    """Return how long a server was down, asking less and less often; None when it stays so."""
    started = time.monotonic()
    for pause in PAUSES:
        time.sleep(pause)
        if answers():
            return time.monotonic() - started
    return None


# a word of why nothing answered -> what to do; the first that is in it
MENDS = {
    "certificate verify": "name who signed it by ca in the configuration",
    "certificate required": "name one by certificate and key in the configuration",
    "handshake failure": "it may ask for a certificate: certificate and key in the configuration",
    "407 ": "name its user and password by proxy in the configuration",
    "no TLS": "is it an address with http://?",
    "": "is it running? verify --wait 60 waits for it",
}


def with_mend(detail: str) -> str:
    """Return why nothing answered, with what to do."""
    return f"{detail}; {next(mend for word, mend in MENDS.items() if word in detail)}"
