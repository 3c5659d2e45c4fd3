"""``contracts verify``."""

import sys
from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

import click

from contracts.cli import completion
from contracts.cli.outputs import Command, announce, conclude, file_options, files, progress
from contracts.errors import UsageError, explained_statuses
from contracts.interop import fuzzing
from contracts.planning.plan import Plan
from contracts.planning.shards import planned
from contracts.verify import budget, targets
from contracts.verify.configuration import resolve
from contracts.verify.options import TABLE, Options, explained
from contracts.verify.verification import choose, exit_status, remembered, verify, wait_until_served

NO_GENERATION = "hypothesis is not installed (pip install 'order-contracts[all]', or --fuzz 0)"
COMPLETED = {"environment": completion.environments, "only": completion.clauses}


def run_options(command: Command, without: Collection[str] = ()) -> Command:
    """Add the options of a run, one for each row of their table but those that are left out."""
    for name, option in reversed(TABLE.items()):
        if not option.command_line or name in without:
            continue
        settings: dict[str, Any] = {"metavar": option.metavar}
        if option.is_switch:
            settings = {"is_flag": True, "default": None}
        settings |= {"multiple": True, "default": None} if option.is_repeated else {}
        if name in COMPLETED:
            settings["shell_complete"] = COMPLETED[name]
        add = click.option(option.flag, name, help=explained(name), **settings)
        command = add(command)
    return command


@click.command("verify", epilog=explained_statuses())
@click.argument("apis", nargs=-1, metavar="[API]...", shell_complete=completion.apis)
@run_options
@click.option("--plan", "plan_only", is_flag=True, help="Print the plan and send nothing.")
@file_options
def command(plan_only: bool, **more: Any) -> int:  # noqa: FBT001
    """Verify contracts against a sandbox, or against the embedded one.

    Without --target every API named (all, when none is) is verified against the embedded
    sandbox, which is no verdict on yours. With --target, tokens come from the environment:
    `contracts list apis` names the variables. In GitHub Actions the job summary and
    annotations are written as well.
    """
    outputs = files(more)
    if plan_only and outputs:
        raise UsageError(f"--plan sends nothing, so that --{next(iter(outputs))} has no report")
    options = resolve(more)
    chosen = choose(options)
    announce(options)
    for note in dict.fromkeys(note for target in chosen for note in target.notes):
        click.echo(f"contracts: {note}", err=True)
    if options.fuzz and not fuzzing.available():
        click.echo(f"contracts: no generated requests: {NO_GENERATION}", err=True)
    if plan_only:
        for target, plan in zip(chosen, _plans(chosen, options), strict=True):
            _print_plan(target, plan)
        for api, least in budget.least(chosen, options.seed).items() if not options.shard else ():
            click.echo(f"{api}: --budget {least} is enough to decide each clause once")
        return 0
    with options.interruption.watched():
        wait_until_served(chosen, options, lambda text: click.echo(f"contracts: {text}", err=True))
        with progress(sys.stderr, partial(_count, chosen, options)) as notify:
            report = verify(chosen, options, notify)
        report, redact = remembered(report, chosen, options)
        unwritten = conclude(report, outputs, options.documents, redact, kept=options.history)
    return exit_status(report) or unwritten


def _count(chosen: list[targets.Target], options: Options) -> int:
    return sum(len(plan.cases) + options.fuzz for plan in _plans(chosen, options))


def _plans(chosen: Sequence[targets.Target], options: Options) -> list[Plan]:
    """Return the plan of each operation, with its share of the budget of its API.

    Operations are taken to send all that they may, so that a run has more for later ones.
    """
    plans: list[Plan] = []
    left: dict[tuple[str, str | None], int] = {}
    needs = budget.needs(chosen, options.seed)
    for target, (own, *later) in zip(chosen, needs, strict=True):
        settings = targets.settings(target, options)
        share = budget.share(left.setdefault(target.place, settings.budget), own, later)
        left[target.place] -= share
        plans.append(planned(target.contract, settings.seed, share, settings.shard))
    return plans


def _print_plan(target: targets.Target, whole: Plan) -> None:
    click.echo(
        f"{target.contract.name}: {len(whole.cases)} requests, "
        f"{len(whole.pairs)} pairs of field states; "
        f"{len(whole.essential)} of them decide each clause once"
    )
    for case in whole.cases:
        decides = f"  [{case.decides[0]}]" if case.decides else ""
        click.echo(f"{case.number:4} {case.region.value:8} {case.label}{decides}")
