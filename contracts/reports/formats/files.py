"""Reports into files: one row a format, one function for every front end."""

import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

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
    formats: dict[Path, str] = {}
    for name, path in files.items():
        other = formats.setdefault(path.absolute(), name)
        if other != name:
            raise UsageError(f"--{other} and --{name} name the same file: {path}")


def check_place(flag: str, path: Path) -> None:
    """Raise UsageError for a path that nothing can be written to; what is there is left alone.

    A pipe is not opened: whoever reads it would take that for its end.
    """
    if path == STANDARD_OUTPUT or path.is_fifo():
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
    """Write a text to a file, or to standard output for ``-``; UsageError when it can't be."""
    try:
        if path == STANDARD_OUTPUT:
            sys.stdout.write(text)
            return
        path.write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}") from error
