"""Progress while a run goes on: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

EVERY = 10.0  # seconds between two plain lines


@contextmanager
def shown(stream: TextIO, planned: Callable[[], int]) -> Iterator[Callable[[object], None]]:
    """Give what has to be called for each case that is done; `planned` tells how many there will be."""
    if stream.isatty():
        console = Console(file=stream)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("requests", total=planned())
            yield lambda _: bar.advance(task)
        return
    done, told = 0, time.monotonic()

    def count(_: object) -> None:
        nonlocal done, told
        done += 1
        if time.monotonic() - told > EVERY:
            told = time.monotonic()
            stream.write(f"{done} requests done\n")

    yield count
