"""Reports into files: one row a format, one function for every front end."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TextIO

from contracts.errors import UsageError
from contracts.reports.record import Report

STANDARD_OUTPUT = Path("-")
# option -> (module, what it writes); a module and its libraries are loaded when its report is asked
# for
FORMATS = {
    "json": ("contracts.reports.document", "Write the JSON report."),
    "html": ("contracts.reports.formats.html", "Write the report as one HTML file."),
    "markdown": ("contracts.reports.formats.markdown", "Write the report as Markdown."),
    "har": ("contracts.reports.formats.har", "Write the exchanges as an HTTP Archive."),
    "junit": ("contracts.reports.formats.junit", "Write JUnit XML, one test case a clause."),
}


def check(files: Mapping[str, Path]) -> None:
    """Raise UsageError for a file that can't be written, or that two formats would be written to.

    Before anything is sent. A format whose library is not installed raises
    ModuleNotFoundError.
    """
    for name, path in files.items():
        import_module(FORMATS[name][0])
        check_place(f"--{name}", path)
    formats: dict[Path | TextIO, str] = {}
    for name, path in files.items():
        other = formats.setdefault(stream_of(path) or path.absolute(), name)
        if other != name:
            raise UsageError(f"--{other} and --{name} name the same file: {path}")


def stream_of(path: Path) -> TextIO | None:
    """Return the standard stream that a path is another name of, None for other files.

    ``-`` and ``/dev/stdout`` are, and so is the file that the shell sends a stream to: opened a
    second time, each would write over what the other wrote.
    """
    if path == STANDARD_OUTPUT:
        return sys.stdout
    for number, stream in ((1, sys.stdout), (2, sys.stderr)):
        with suppress(OSError):
            is_same = os.path.samestat(path.stat(), os.fstat(number))
            if is_same and not path.samefile(os.devnull):
                return stream
    return None


def stream_for_words(files: Iterable[Path]) -> TextIO:
    """Return where the words for people go: standard output, unless one of some files does."""
    return sys.stderr if sys.stdout in map(stream_of, files) else sys.stdout


def check_place(flag: str, path: Path) -> None:
    """Raise UsageError for a path that nothing can be written to; what is there is left alone.

    A pipe is not opened: whoever reads it would take that for its end.
    """
    stream = stream_of(path)
    if getattr(stream, "name", None) == os.devnull:  # in place of what the caller closed
        raise UsageError(f"{flag} {path} can't be written: standard output is closed")
    if stream is not None or path.is_fifo():
        return
    if not path.absolute().parent.is_dir():
        raise UsageError(f"{flag} {path}: there is no folder {path.absolute().parent}")
    is_new = not os.path.lexists(path)
    try:
        number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(number, b"")  # which a full device refuses
        finally:
            os.close(number)
        if is_new:
            path.unlink()
    except OSError as error:
        raise UsageError(f"{flag} {path} can't be written: {error.strerror}") from error


def write(
    report: Report,
    files: Mapping[str, Path],
    pages: Mapping[str, str] | None = None,
    redact: Callable[[str], str] = str,
) -> None:
    """Write a JSON report in every format that a file is named for.

    `pages` are the documents' texts by name, which the HTML shows. `redact` has the last look
    at every text. What goes wrong with one file is raised when the others are written.
    """
    problems: list[Exception] = []
    for name in (name for name in FORMATS if name in files):
        module = import_module(FORMATS[name][0])
        try:
            text = module.render(report, pages) if name == "html" else module.render(report)
            save(files[name], redact(text))
        except Exception as error:  # noqa: BLE001 - raised below
            problems.append(error)
    if problems:
        raise problems[0]


def save(path: Path, text: str) -> None:
    """Write a text to a file or standard stream; UsageError when it can't be."""
    try:
        if stream := stream_of(path):
            stream.write(text)
            return
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}") from error
