"""What all benchmarks share.

Rows of the table, medians of alternating measurements, processes of their own.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `holds` is None where no bar is set."""

    question: str
    figure: float
    bar: str = ""
    holds: bool | None = None
    detail: str = ""


def at_most(question: str, figure: float, bar: float, detail: str = "") -> Row:
    """Make the row of a figure that has to be small."""
    return Row(question, figure, f"<= {bar:g}", figure <= bar, detail)


def at_least(question: str, figure: float, bar: float, detail: str = "") -> Row:
    """Make the row of a figure that has to be large."""
    return Row(question, figure, f">= {bar:g}", figure >= bar, detail)


def alternate(rounds: int, *measured: Callable[[], float]) -> list[float]:
    """Call functions in turn, again and again; give the median of what each gave."""
    figures = [[function() for function in measured] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*figures, strict=True)]


def seconds(function: Callable[[], object]) -> float:
    """Give the wall time of a call."""
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def process(*arguments: str) -> Callable[[], float]:
    """Make a measurement of the wall time of a Python process of its own.

    From its start to its end.
    """

    def run() -> float:
        return seconds(
            lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)  # noqa: S603
        )

    return run


@contextmanager
def serving(api: str) -> Iterator[str]:
    """Serve a sandbox in a process of its own while the block runs; give its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "contracts", "serve", api, "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # its access log as well
    with subprocess.Popen(command, **quiet) as server:  # type: ignore[call-overload]  # noqa: S603
        try:
            _wait_for(url)
            yield url
        finally:
            server.terminate()


def _wait_for(url: str) -> None:
    for _ in range(200):
        try:
            httpx.get(url)
        except httpx.ConnectError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing answers at {url}")
