"""``contracts report``."""

from pathlib import Path
from typing import Any

import click

from contracts.cli.outputs import conclude, file_options, files
from contracts.cli.places import EXISTING_FOLDER, FILE, FOLDER, place_option
from contracts.reports import history, merging, reading
from contracts.reports.formats.files import check_place, save
from contracts.reports.text import coverage
from contracts.verify import waivers
from contracts.verify.verification import exit_status

PAGES = "Show the pages in DIR line by line in the HTML."
WAIVERS = "Start a waivers file with each cause; owner and expiry are to be filled in."
HISTORY = "Keep the report in DIR, and show the last verdicts and when each cause appeared."


@click.command("report")
@click.argument("reports", nargs=-1, required=True, type=FILE, metavar="FILE...")
@place_option("--documents", "documents", EXISTING_FOLDER, PAGES)
@place_option("--write-waivers", "waivers_file", FILE, WAIVERS)
@place_option("--history", "history_folder", FOLDER, HISTORY)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever the report says.")
@file_options
def command(
    reports: tuple[Path, ...],
    documents: Path | None,
    waivers_file: Path | None,
    history_folder: Path | None,
    exit_zero: bool,  # noqa: FBT001 - click's
    **more: Any,
) -> int:
    """Write a JSON report again, in any format; nothing is sent.

    Several reports become one, whose outcome is the worst of theirs; the reports of all shares
    of a run become its report. The exit status is that of what was written.
    """
    outputs = files(more)
    if waivers_file is not None:
        check_place("--write-waivers", waivers_file)
    report = merging.merge([reading.read(path) for path in reports])
    if documents is not None:
        report = coverage.quoted(report, coverage.read_pages(report, documents))
    if history_folder is not None:
        report = history.with_history(report, history_folder)
    saved = reports[0] if len(reports) == 1 else None
    unwritten = conclude(report, outputs, documents, saved=saved, kept=history_folder)
    if waivers_file is not None:
        save(waivers_file, waivers.started(report))
    return (0 if exit_zero else exit_status(report)) or unwritten
