"""Progress while a run goes on: a bar on a terminal, a plain line now and then elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

import click

EVERY = 10.0  # seconds between two plain lines


@contextmanager
def progress(stream: TextIO, planned: Callable[[], int]) -> Iterator[Callable[[object], None]]:
    """Return what has to be called for each case that is done.

    `planned` tells how many there will be; it is asked only when a person looks on.
    """
    if stream.isatty():
        bar = click.progressbar(length=planned(), label="requests", file=stream, show_pos=True)
        with bar:
            yield lambda _: bar.update(1)
        return
    done, printed = 0, time.monotonic()

    def count(_: object) -> None:
        nonlocal done, printed
        done += 1
        if time.monotonic() - printed > EVERY:
            printed = time.monotonic()
            stream.write(f"{done} requests done\n")

    yield count
