"""``contracts verify``."""

from __future__ import annotations

import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from contracts.cli import progress
from contracts.cli.outputs import file_options, files
from contracts.definition import corpus
from contracts.errors import Interrupted
from contracts.judge.outcomes import checks
from contracts.model import Basis, Exchange, Skipped
from contracts.planning.plan import Plan
from contracts.planning.shards import Shard, planned
from contracts.reports.formats import files as formats_files
from contracts.reports.formats import github, terminal
from contracts.reports.text import coverage
from contracts.verify import targets
from contracts.verify.options import Options
from contracts.verify.verification import choose, exit_status, verify

FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("verify")
@click.argument("apis", nargs=-1, metavar="[API]...")
@click.option(
    "--target",
    "targets_",
    multiple=True,
    metavar="API=URL",
    help="Where to send an API's requests.",
)
@click.option(
    "--targets",
    "targets_file",
    type=FILE,
    metavar="FILE",
    help="Targets with all their settings, as TOML.",
)
@click.option(
    "--seed",
    type=int,
    default=corpus.SEED,
    show_default=True,
    help="The same seed makes the same plan.",
)
@click.option(
    "--budget", type=click.IntRange(1), default=300, show_default=True, help="Most requests an API."
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Requests at once.",
)
@click.option(
    "--rate", type=click.FloatRange(0, min_open=True), metavar="N", help="Most requests a second."
)
@click.option(
    "--fuzz",
    type=click.IntRange(0),
    default=corpus.COUNT,
    show_default=True,
    help="Generated requests, 0 for none.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=10.0,
    show_default=True,
    metavar="SECONDS",
    help="Longest time that one request may take.",
)
@click.option(
    "--fail-on",
    type=click.Choice([b.value for b in Basis]),
    default="standard",
    show_default=True,
    help="The weakest basis that fails the run.",
)
@click.option(
    "--shard",
    metavar="N/OF",
    help="Send one share of each plan, such as 1/4; contracts report merges them.",
)
@click.option("--plan", "plan_only", is_flag=True, help="Print the plan and send nothing.")
@click.option(
    "--allow-production", is_flag=True, help="Allow a host that the contract names as production."
)
@click.option(
    "--documents",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="Check that the pages in DIR are those of the contracts; the HTML shows them.",
)
@click.option(
    "--waivers", type=FILE, metavar="FILE", help="Known findings, which do not fail the run."
)
@click.option(
    "--baseline", type=FILE, metavar="FILE", help="An earlier JSON report to compare with."
)
@click.option("--fail-on-drift", is_flag=True, help="Fail when anything differs from the baseline.")
@file_options
def command(targets_: tuple[str, ...], plan_only: bool, **more: Any) -> int:  # noqa: FBT001
    """Verify contracts against a sandbox, or against the embedded one.

    Without --target every API named (all, when none is) is verified against the embedded sandbox.
    With --target, tokens come from the environment: KOHORT_TOKEN, KOMERZA_TOKEN, KOMERZA_STORE and,
    to exercise more, KOMERZA_TOKEN_WITHOUT_PERMISSION and KOMERZA_FOREIGN_STORE.

    Exit status: 0 every clause held, 1 some clause is violated, 2 wrong use, 3 not carried out, 130
    and 143 interrupted. In GitHub Actions the job summary and annotations are written as well.
    """
    outputs = files(more)
    more["fail_on"] = Basis(more["fail_on"])
    more["shard"] = Shard.read(more["shard"]) if more["shard"] else None
    options = Options(targets=targets_, **more)
    formats_files.check(outputs)
    chosen = choose(options)
    if plan_only:
        for target in chosen:
            _print_plan(target, options)
        return 0
    previous = {
        number: signal.signal(number, _interrupt) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        count, decided = partial(_count, chosen, options), partial(_decided, chosen)
        with progress.shown(sys.stderr, count, decided) as notify:
            report = verify(chosen, options, notify)
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    terminal.write(report, sys.stdout)
    formats_files.write(
        report,
        outputs,
        coverage.read_pages(report, options.documents) if options.documents else None,
    )
    github.announce(report, os.environ, sys.stdout)
    return exit_status(report)


def _interrupt(number: int, _: object) -> None:
    raise Interrupted(number)


def _count(chosen: list[targets.Target], options: Options) -> int:
    return sum(len(_planned(target, options).cases) + options.fuzz for target in chosen)


def _decided(chosen: list[targets.Target], done: Exchange | Skipped) -> set[str]:
    """Tell which clauses an exchange decides by itself, for the progress bar."""
    if isinstance(done, Skipped):
        return set()
    operation = done.request.path
    fitting = [
        target.contract
        for target in chosen
        if target.contract.operation.path.split("/")[1] in operation
    ]
    return {
        f"{contract.api}:{check.clause}"
        for contract in fitting
        for check in checks(contract, [done], {})
    }


def _planned(target: targets.Target, options: Options) -> Plan:
    return planned(target.contract, options.seed, options.budget, options.shard)


def _print_plan(target: targets.Target, options: Options) -> None:
    whole = _planned(target, options)
    click.echo(
        f"{target.contract.api}: {len(whole.cases)} requests, {len(whole.pairs)} pairs of field "
        "states"
    )
    for case in whole.cases:
        click.echo(
            f"{case.number:4} {case.region.value:8} {case.label}"
            + (f"  [{case.decides[0]}]" if case.decides else "")
        )
