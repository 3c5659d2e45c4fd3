"""Progress while a run goes on: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from contracts.model import Exchange, Skipped

EVERY = 10.0  # seconds between two plain lines


@contextmanager
def shown(
    stream: TextIO,
    planned: Callable[[], int],
    decided: Callable[[Exchange | Skipped], Iterable[str]],
) -> Iterator[Callable[[Exchange | Skipped], None]]:
    """Give what has to be called for each case that is done.

    `planned` tells how many there will be, `decided` which clauses a case decides; both are asked
    only when a person looks on.
    """
    if stream.isatty():
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        known: set[str] = set()
        with Progress(*columns, console=Console(file=stream), transient=True) as bar:
            task = bar.add_task("requests", total=planned())

            def show(done: Exchange | Skipped) -> None:
                known.update(decided(done))
                bar.update(task, advance=1, description=f"requests ({len(known)} clauses decided)")

            yield show
        return
    done, told = 0, time.monotonic()

    def count(_: Exchange | Skipped) -> None:
        nonlocal done, told
        done += 1
        if time.monotonic() - told > EVERY:
            told = time.monotonic()
            stream.write(f"{done} requests done\n")

    yield count
