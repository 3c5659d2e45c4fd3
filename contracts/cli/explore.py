"""``contracts explore``."""

from collections.abc import Callable
from functools import partial
from typing import Any

import click

from contracts.cli import completion
from contracts.cli.outputs import announce, conclude, file_options, files
from contracts.cli.verify import run_options
from contracts.errors import WRONG_USE
from contracts.reports.record import Report
from contracts.verify.configuration import resolve
from contracts.verify.exploring import explore
from contracts.verify.regressions import FOLDER, remember
from contracts.verify.verification import choose, exit_status, remembered, wait_until_served


@click.command("explore")
@click.argument("api", shell_complete=completion.apis)
@partial(run_options, without=("baseline", "fail_on_drift", "shard"))  # of whole plans
@click.option(
    "--minutes",
    type=click.FloatRange(0, min_open=True),
    default=5.0,
    show_default=True,
    metavar="M",
    help="How long to look for defects.",
)
@click.option("--database", metavar="PLACE", help="A folder, or redis://HOST, that keeps examples.")
@file_options
def command(api: str, minutes: float, database: str | None, **more: Any) -> int:
    """Look for defects of a sandbox as long as there is time, without the limits of one plan.

    The plans of one seed after the other cross other rare states; then Hypothesis draws what
    no plan has, and shrinks what breaks the contract. Each cause is told once. The bodies that
    show something are kept in contracts/regressions, from where the next `contracts verify`
    sends them first.
    """
    outputs = files(more)
    options = resolve({**more, "apis": (api,)})
    chosen = choose(options)
    announce(options)
    say = partial(click.echo, err=True)
    with options.interruption.watched():
        wait_until_served(chosen, options, lambda text: say(f"contracts: {text}"))
        report = explore(chosen, options, minutes, database, say)
        report, redact = remembered(report, chosen, options)
        unwritten = conclude(report, outputs, options.documents, redact, kept=options.history)
        unkept = _keep(report, say)
    return exit_status(report) or unwritten or unkept


def _keep(report: Report, say: Callable[[str], None]) -> int:
    """Keep the bodies that show something; return the exit status of the writing."""
    try:
        for run in report["runs"]:
            path = remember(run)
            if path is not None:
                say(f"{run['api']}/{run['operation']}: what shows something is kept in {path}")
    except OSError as error:
        say(f"contracts: {FOLDER} can't be written: {error.strerror}")
        return WRONG_USE
    return 0
