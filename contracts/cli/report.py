"""``contracts report``."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from contracts.cli.outputs import file_options, files
from contracts.reports import merging, reading
from contracts.reports.formats import files as formats_files
from contracts.reports.formats import github, terminal
from contracts.reports.text import coverage


@click.command("report")
@click.argument(
    "reports",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE...",
)
@click.option(
    "--documents",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="Show the pages in DIR line by line in the HTML.",
)
@file_options
def command(reports: tuple[Path, ...], documents: Path | None, **more: Any) -> None:
    """Write a JSON report again, in any format; nothing is sent.

    Several reports become one, whose outcome is the worst of theirs. Exit status: 0 the report is
    written, whatever it says; 2 a file is no report or can't be read or written.
    """
    outputs = files(more)
    formats_files.check(outputs)
    report = merging.merge([reading.read(path) for path in reports])
    pages = coverage.read_pages(report, documents) if documents else None
    terminal.write(report, sys.stdout)
    formats_files.write(report, outputs, pages)
    github.announce(report, os.environ, sys.stdout)
