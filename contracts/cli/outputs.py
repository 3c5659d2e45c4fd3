"""What commands write: reports to files and to the terminal, and the progress of a run."""

import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TextIO, TypeVar

import click

from contracts.cli.places import FILE
from contracts.errors import WRONG_USE, UsageError
from contracts.reports import history
from contracts.reports.formats import files as formats_files
from contracts.reports.formats import github, terminal
from contracts.reports.record import Report
from contracts.reports.text import coverage
from contracts.verify.options import Options

EVERY = 10.0  # seconds between two plain lines of progress
Command = TypeVar("Command", bound=Callable[..., Any])


def file_options(command: Command) -> Command:
    """Add one option a format: ``--json FILE``, ``--html FILE`` and so on."""
    for name, (_, about) in reversed(formats_files.FORMATS.items()):
        add = click.option(f"--{name}", f"{name}_file", type=FILE, metavar="FILE", help=about)
        command = add(command)
    return command


def files(options: dict[str, Any]) -> dict[str, Path]:
    """Take the files out of a command's options; return those that were named, by format.

    UsageError for one that can't be written, before anything is sent.
    """
    named = {name: options.pop(f"{name}_file") for name in formats_files.FORMATS}
    outputs = {name: path for name, path in named.items() if path is not None}
    formats_files.check(outputs)
    return outputs


def announce(options: Options) -> None:
    """Say which configuration file was found and what of it is used, before anything else."""
    if options.source:
        click.echo(f"contracts: {options.source}", err=True)


class _Copy(io.StringIO):
    """A text that is written as it would be to a stream: as wide, and in its encoding."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return getattr(self._stream, "encoding", None) or "utf-8"

    def isatty(self) -> bool:
        return self._stream.isatty()


def conclude(
    report: Report,
    outputs: dict[str, Path],
    documents: Path | None,
    redact: Callable[[str], str] = str,
    *,
    saved: Path | None = None,
    kept: Path | None = None,
) -> int:
    """Write a report to its files, then to GitHub's summary, then to the terminal.

    `redact` has the last look at every text; `saved` is a file that holds the report already,
    `kept` the folder of its history. Where a file is standard output, the terminal's words go
    to standard error. Return the exit status of the writing, which that of the report
    outweighs: what can't be written is said, and the rest is written.
    """
    pages = coverage.read_pages(report, documents) if documents else None
    stream = formats_files.stream_for_words(outputs.values())
    words = _Copy(stream)
    writings = [
        partial(formats_files.write, report, outputs, pages, redact),
        *([partial(history.keep, report, kept, redact)] if kept else []),
        partial(github.announce, report, os.environ, words.write),
    ]
    status = 0
    try:
        for write in writings:
            try:
                write()
            except UsageError as error:
                say(f"contracts: {error}\n", sys.stderr)
                status = WRONG_USE
    finally:
        named = outputs.get("json", saved)
        terminal.write(report, words, None if named and formats_files.stream_of(named) else named)
        say(redact(words.getvalue()), stream)
    return status


def say(text: str, stream: TextIO) -> None:
    """Write a text to a stream, and go on where nobody can take it any more."""
    try:
        stream.write(text)
        stream.flush()
    except OSError:  # a closed pipe, a full device
        silence(stream)


def silence(stream: TextIO) -> None:
    """Let what is still written to a stream vanish: the interpreter flushes it at its end."""
    try:
        number = stream.fileno()
    except (OSError, ValueError, AttributeError):  # not a file of the system
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, number)
    os.close(nothing)


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
    done = 0
    printed = time.monotonic()

    def count(_: object) -> None:
        nonlocal done, printed
        done += 1
        if time.monotonic() - printed > EVERY:
            printed = time.monotonic()
            stream.write(f"{done} requests done\n")

    yield count
