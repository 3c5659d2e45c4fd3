"""Progress while a run goes on: a bar on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TextIO

import click

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
        known: set[str] = set()
        with click.progressbar(length=planned(), file=stream, show_pos=True) as bar:

            def show(done: Exchange | Skipped) -> None:
                known.update(decided(done))
                bar.label = f"requests ({len(known)} clauses decided)"
                bar.update(1)

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
