"""``contracts replay``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from contracts.engine.replay import Seen
from contracts.engine.replay import replay as send_again
from contracts.errors import UsageError
from contracts.reports import reading
from contracts.reports.record import FindingRecord, Report, RunRecord
from contracts.verify import targets, targets_file

FILE = click.Path(path_type=Path, dir_okay=False)
WORDS = {
    Seen.GONE: "gone",
    Seen.STILL_THERE: "still there",
    Seen.CANNOT_TELL: "cannot tell",
}


@click.command("replay")
@click.argument("report", type=FILE)
@click.argument("which", required=False, metavar="[CAUSE|CLAUSE]")
@click.option(
    "--api",
    metavar="API[/OPERATION]",
    help="The run that is meant, when the report has several.",
)
@click.option("--target", "url", metavar="URL", help="Send it here instead of where it was found.")
@click.option("--targets", "file", type=FILE, metavar="FILE", help="Settings of targets, as TOML.")
def command(
    report: Path, which: str | None, api: str | None, url: str | None, file: Path | None
) -> int:
    """Send again exactly what shows a cause, or a broken clause, of a JSON report.

    Without CAUSE or CLAUSE, every cause is tried. Tokens come from the environment, as in verify.
    Exit status: 0 gone, 1 still there, 3 cannot tell.
    """
    document = reading.read(report)
    entries = targets_file.read(file) if file else ()
    statuses = []
    for run, name, finding in _chosen(document, which, api):
        if not finding["steps"]:
            raise UsageError(f"{report}: written by a version that kept no steps; verify again")
        address = url or (None if run["target"] == "embedded" else run["target"])
        pairs = [f"{run['api']}={address}"] if address else []
        name_of_run = f"{run['api']}/{run['operation']}"
        target = targets.choose([name_of_run], pairs, os.environ, entries=entries)[0]
        transport = target.transport(1)
        try:
            seen, got = send_again(
                target.contract,
                transport,
                targets.settings(target, budget=1_000),
                finding["clause"],
                finding["steps"],
                intermittent=finding["seen"] is not None,
            )
        finally:
            transport.close()
        click.echo(f"{WORDS[seen]}: {run['api']}: {name}: {finding['clause']}: {got}")
        statuses.append(seen)
    return max(statuses, key=[Seen.GONE, Seen.CANNOT_TELL, Seen.STILL_THERE].index).value


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
        asked = f"cause or clause {which!r}" if which else "causes"
        raise UsageError(f"the report has no {asked}")
    return chosen
