"""Progress while a run goes on: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

EVERY = 100  # cases between two plain lines


@contextmanager
def shown(stream: TextIO, planned: int) -> Iterator[Callable[[object], None]]:
    """Give what has to be called for each case that is done, out of those `planned`."""
    if stream.isatty():
        console = Console(file=stream)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("requests", total=planned)
            yield lambda _: bar.advance(task)
        return
    done = 0

    def count(_: object) -> None:
        nonlocal done
        done += 1
        if done % EVERY == 0:
            stream.write(f"{done} of {planned} requests\n")

    yield count
