"""Start-up.

The help, an offline verify, and what the installed plugin adds to pytest runs that use none of it.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.helpers.serving import ENVIRONMENT, conforming, served

from .measuring import Row, alternate, at_most, process

HELP, OFFLINE, PLUGIN, FIRST = 0.3, 2.5, 0.15, 0.3  # seconds
UNRELATED = "def test_unrelated():\n    assert True\n"


def rows(rounds: int = 5) -> Iterator[Row]:
    """Measure each as the median of processes of their own, started in turn."""
    with TemporaryDirectory() as folder:
        test = Path(folder) / "test_unrelated.py"
        test.write_text(UNRELATED, encoding="utf-8")
        unrelated = (
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--rootdir={folder}",
            str(test),
        )
        nothing, shown, usual, drawn, without, installed = alternate(
            rounds,
            process("-c", "pass"),
            process("-m", "contracts", "--help"),
            process("-m", "contracts", "verify"),
            process("-m", "contracts", "verify", "--seed", "1"),
            process(*unrelated, "-p", "no:contracts.plugin"),
            process(*unrelated),
        )
    yield at_most(
        "contracts --help, seconds", shown, HELP, f"an empty Python process takes {nothing:.2f} s"
    )
    detail = f"{drawn:.2f} s with another seed, whose bodies are drawn in the run"
    yield at_most("contracts verify, both APIs offline, seconds", usual, OFFLINE, detail)
    added = installed - without
    yield at_most("added to an unrelated pytest run, seconds", added, PLUGIN, f"to {without:.2f} s")
    first = alternate(rounds, lambda: first_request("kohort"))[0]
    yield at_most("verify of an address: until its first request, seconds", first, FIRST, "one API")


class Noticing:
    """An application that notes when it was asked for the first time."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.first: float | None = None
        self._app = app

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Note the moment, then answer as the application does."""
        self.first = self.first or time.perf_counter()
        return self._app(environ, start_response)


def first_request(api: str) -> float:
    """Return the seconds from the start of `contracts verify` to the first request it sends."""
    app = Noticing(conforming(api))
    with served(app) as url:
        command = ["-m", "contracts", "verify", f"{api}/create-order", "--target", f"{api}={url}"]
        started = time.perf_counter()
        subprocess.run(  # noqa: S603
            [sys.executable, *command, "--max-causes", "1"],
            env={**ENVIRONMENT},
            check=True,
            capture_output=True,
        )
    if app.first is None:
        raise RuntimeError("nothing was sent")
    return app.first - started
