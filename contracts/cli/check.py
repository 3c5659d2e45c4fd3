"""``contracts check``."""

from pathlib import Path
from typing import Any

import click

from contracts.cli import completion
from contracts.cli.outputs import conclude, file_options, files
from contracts.cli.places import FILE
from contracts.definition import catalogue
from contracts.errors import explained_statuses
from contracts.model import Verdict
from contracts.reports.document import document
from contracts.reports.text.redaction import Redactor, own_words
from contracts.verify.checking import check_recording
from contracts.verify.options import BASES, TABLE
from contracts.verify.verification import exit_status


@click.command("check", epilog=explained_statuses())
@click.argument("traffic", type=FILE, metavar="TRAFFIC.har")
@click.argument("apis", nargs=-1, metavar="[API]...", shell_complete=completion.apis)
@click.option(
    "--fail-on",
    default="standard",
    show_default=True,
    metavar="BASIS",
    help=f"The weakest basis that fails: {', '.join(BASES)}.",
)
@file_options
def command(traffic: Path, apis: tuple[str, ...], fail_on: str, **more: Any) -> int:
    """Judge a recording of exchanges that somebody else made; nothing is sent.

    Each exchange is judged by itself: its answer by the response clauses, by what relates it
    to its request, by HTTP and JSON. Those that belong to no operation of the APIs (all that
    are known, when none is named) are left out, and named.
    """
    outputs = files(more)
    basis = TABLE["fail_on"].read(fail_on)
    recording = check_recording(traffic, apis or (*catalogue.available(), *catalogue.own()))
    redactor = Redactor(recording.secrets)
    for line in dict.fromkeys(recording.left_out):
        click.echo(redactor.text(f"contracts: left out: {line}"), err=True)
    report = document(Verdict(0, recording.runs, basis), redactor)
    # a client may have sent ``Bearer null``, which is no reason to take null out of the JSON
    redact = redactor.knowing(own_words(report)).text
    unwritten = conclude(report, outputs, None, redact)
    return exit_status(report) or unwritten
