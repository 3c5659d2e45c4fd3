"""`contracts explore`: look for defects as long as it may, without the limits of one plan.

The plan of every seed crosses other rare states, so most of the time goes to plans of one seed
after the other. Then a state machine looks on (`verify.machine`). What was found is told once
for each cause, in a report like that of any other run.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from contracts.model import Verdict
from contracts.planning.plan import forget_plans
from contracts.reports import document, merging
from contracts.reports.record import Report
from contracts.reports.text.wording import counted
from contracts.verify import machine
from contracts.verify.options import Options
from contracts.verify.targets import Target
from contracts.verify.verification import concluded, known_findings, secrets_of, verify

ROUND: Final = 800  # requests an API of one round at least: room for more that is rare
PLANNED: Final = 0.7  # the part of the time that goes to plans, where there are bodies to draw

Say = Callable[[str], object]


def explore(
    chosen: Sequence[Target],
    options: Options,
    minutes: float,
    database: Path | str | None,
    say: Say = lambda _: None,
) -> Report:
    """Return the report of an exploration that lasts so many minutes.

    `database` is where Hypothesis keeps its examples (see `machine.database_of`). `say` is
    called with a line about each part that was done.
    """
    started = time.monotonic()
    moment = datetime.now(UTC)
    known = known_findings(options, moment)
    ends = started + 60 * minutes
    bare = replace(
        options,
        budget=max(options.budget, ROUND),
        waivers=None,
        baseline=None,
        documents=None,
        history=None,
    )
    with_bodies = [target for target in chosen if target.contract.request is not None]
    part = PLANNED if with_bodies else 1.0
    report = _planned(chosen, bare, started + part * 60 * minutes, say)
    for number, target in enumerate(with_bodies):
        if _is_over(report, options):
            break
        now = time.monotonic()
        share = max(ends - now, 0) / (len(with_bodies) - number)
        run = machine.look_on(target, bare, now + share, database)
        verdict = Verdict(options.seed, (run,), options.fail_on)
        further = document.document(verdict, secrets_of(chosen), completeness=options.completeness)
        report = merging.unite_rounds([report, further])
        say(f"{target.contract.name}: a state machine sent {run.requests:,} requests")
    return concluded({**report, "seed": options.seed}, options, known)


def _planned(chosen: Sequence[Target], options: Options, ends: float, say: Say) -> Report:
    """Return one report of the plans of as many seeds as there is time for, of one at least.

    A round that is cut off by the end of the time counts only for what it found.
    """
    report: Report | None = None
    seed = options.seed
    while report is None or not (time.monotonic() >= ends or _is_over(report, options)):
        further = verify(chosen, replace(options, seed=seed, ends=ends))
        forget_plans()
        if report is None:
            report = further
        elif time.monotonic() < ends or further["outcome"] == "fail":
            report = merging.unite_rounds([report, further])
        requests = sum(run["requests"] for run in further["runs"])
        causes = sum(len(run["causes"]) for run in report["runs"])
        say(f"seed {seed}: {requests:,} requests; {counted(causes, 'cause')} so far")
        seed += 1
    return report


def _is_over(report: Report, options: Options) -> bool:
    """Whether a sandbox can't be explored any further: it is gone, or somebody said so."""
    return report["outcome"] == "aborted" or options.interruption.signal is not None
