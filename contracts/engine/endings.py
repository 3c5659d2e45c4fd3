"""How a run ends early: by a signal, or by a defect of the suite itself."""

import os
import re
import signal
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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
