"""``contracts replay``."""

import os
from contextlib import closing
from pathlib import Path

import click

from contracts.cli import completion
from contracts.cli.places import FILE
from contracts.definition import catalogue, project
from contracts.engine.replay import Seen
from contracts.engine.replay import replay as send_again
from contracts.errors import UsageError, near_misses
from contracts.reports import reading
from contracts.reports.record import FindingRecord, Report, RunRecord
from contracts.reports.text.redaction import Redactor
from contracts.verify import configuration, targets

AT_ONCE = 4  # requests that a run sends at the same moment
WORDS = {Seen.GONE: "gone", Seen.STILL_THERE: "still there", Seen.CANNOT_TELL: "cannot tell"}


@click.command("replay")
@click.argument("report", type=FILE)
@click.argument("which", required=False, metavar="[CAUSE|CLAUSE]")
@click.option(
    "--api",
    metavar="API[/OPERATION]",
    help="The run that is meant, when the report has several.",
    shell_complete=completion.apis,
)
@click.option("--target", "url", metavar="URL", help="Send it here instead of where it was found.")
@click.option(
    "--env",
    metavar="NAME",
    help="Send it to this environment instead.",
    shell_complete=completion.environments,
)
@click.option("--targets", "file", type=FILE, metavar="FILE", help="The configuration file.")
def command(
    report: Path,
    which: str | None,
    *,
    api: str | None,
    url: str | None,
    env: str | None,
    file: Path | None,
) -> int:
    """Send again exactly what shows a cause, or a broken clause, of a JSON report.

    Without CAUSE or CLAUSE, every cause is tried. Tokens come from the environment, as in
    verify; their names and other settings from the target of the configuration file that was
    verified. Exit status: 0 gone, 1 still there, 3 cannot tell.
    """
    document = reading.read(report)
    if url and env:
        raise UsageError("--target and --env exclude each other")
    path = file or project.find()
    if path is None and env is not None:
        mend = "`contracts init` writes it"
        raise UsageError(f"--env {env}: there is no {project.FILE}; {mend}")
    entries = configuration.load(path).of(env) if path else ()
    statuses = []
    for run, name, finding in _chosen(document, which, api):
        if not finding["steps"]:
            raise UsageError(f"{report}: written by a version that kept no steps; verify again")
        address = url or (None if run["target"] == "embedded" else run["target"])
        meant = entries
        if env is None and file is None:  # the settings are those of the target that was verified
            verified = run["target"].rstrip("/")
            meant = tuple(entry for entry in entries if entry.url.rstrip("/") == verified)
        pairs = [f"{run['api']}={address}"] if address and env is None else []
        target = targets.choose([_contract_of(run)], pairs, os.environ, entries=meant)[0]
        if env is not None and target.url is None:
            raise UsageError(f"environment {env} has no [env.{env}.{run['api']}]")
        settings = targets.settings(target, budget=1_000)
        clause = finding["clause"]
        steps = finding["steps"]
        is_rare = finding["seen"] is not None
        with closing(target.transport(AT_ONCE)) as transport:
            seen, got = send_again(
                target.contract, transport, settings, clause, steps, intermittent=is_rare
            )
        words = Redactor(target.secrets).text(got)
        click.echo(f"{WORDS[seen]}: {run['api']}: {name}: {clause}: {words}")
        statuses.append(seen)
    return max(statuses, key=[Seen.GONE, Seen.CANNOT_TELL, Seen.STILL_THERE].index).value


def _contract_of(run: RunRecord) -> str:
    """Return the name of a run's contract: an API of one operation has no further name for it."""
    name = f"{run['api']}/{run['operation']}"
    return name if name in catalogue.operations(run["api"]) else run["api"]


def _chosen(
    report: Report, which: str | None, api: str | None
) -> list[tuple[RunRecord, str, FindingRecord]]:
    """Return the run, the name and the first finding of each cause that is asked for."""
    chosen = []
    for run in report["runs"]:
        if api not in (None, run["api"], f"{run['api']}/{run['operation']}"):
            continue
        for cause in run["causes"]:
            named = [n for n in cause["findings"] if run["findings"][n]["clause"] == which]
            if which in (None, cause["id"]) or named:
                first = (named or cause["findings"])[0]
                chosen.append((run, f"cause {cause['id']}", run["findings"][first]))
    if not chosen:
        ids = [finding["clause"] for run in report["runs"] for finding in run["findings"]]
        near = near_misses(which, sorted(set(ids))) if which else ""
        raise UsageError(
            f"the report has no {f'cause or clause {which!r}' if which else 'causes'}{near}"
        )
    return chosen
