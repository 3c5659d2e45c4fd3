"""``contracts explore``."""

from typing import Any

import click

from contracts.cli import completion
from contracts.cli.outputs import announce, conclude, file_options, files
from contracts.cli.verify import run_options
from contracts.model import Verdict
from contracts.reports import document, merging
from contracts.verify.configuration import resolve
from contracts.verify.exploring import explore
from contracts.verify.regressions import remember
from contracts.verify.verification import choose, exit_status, last_look, secrets_of


@click.command("explore")
@click.argument("api", shell_complete=completion.apis)
@run_options
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
    """Let Hypothesis look for defects of a sandbox, without the limits of a plan.

    What breaks the contract is shrunk, told once for each cause, and kept in
    contracts/regressions, where the next `contracts verify` finds it.
    """
    outputs = files(more)
    options = resolve({**more, "apis": (api,)})
    chosen = choose(options)
    announce(options)
    reports = []
    with options.interruption.watched():
        for target in chosen:
            name = target.contract.name
            if target.contract.request is None:
                click.echo(f"{name}: no body is documented to be explored", err=True)
                continue
            run = explore(target, options, minutes / len(chosen), database)
            path = remember(run)
            if path is not None:
                click.echo(f"{name}: what it found is kept in {path}", err=True)
            verdict = Verdict(options.seed, (run,), options.fail_on)
            reports.append(document.document(verdict, secrets_of(chosen)))
    if not reports:
        raise click.UsageError(f"{api} has no operation that takes a documented body")
    report = merging.collect(reports)
    conclude(report, outputs, options.documents, last_look(chosen, report))
    return exit_status(report)
