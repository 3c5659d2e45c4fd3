"""Against the command ``schemathesis run``: all its phases, also the stateful one.

What is found, who is accused, requests and wall time, on the same served sandboxes.

Both get the same address, the same token and the same contract: Schemathesis its OpenAPI document,
with its default checks. It is helped where it can be: it goes on after a failure (one false alarm
would hide the rest), it is told the store's id, and what it reports of the conforming sandbox is in
its baseline, so that its exit status 1 means a fault, and on a conforming variant a false alarm.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from contracts import sandbox
from contracts.definition import loading
from contracts.interop import openapi
from tests.helpers.serving import conforming, faulty

from .measuring import Row, at_least, at_most
from .peers import Trial, attempt, our_command, sampled

APIS = ("kohort", "komerza")
SAMPLE = 16  # every so manieth fault and variant is tried by default
BASELINES = 3  # runs against the conforming sandbox whose failures are accepted
LEAST_TIMES_MORE = 2.0
MOST_WALL_TIME = 0.5
EXAMPLES = "20"  # of each phase, of an operation, that Schemathesis generates in a short run
CONFIGURATION = f'[parameters]\n"path.storeId" = "{sandbox.STORE}"\n'


@dataclass(frozen=True, slots=True)
class Sandbox:
    """One sandbox that both tried: with a fault, or a conforming variant."""

    api: str
    fault: str
    conforming: bool
    ours: Trial
    theirs: Trial
    shortly: Trial  # Schemathesis again, with few examples


def compare(folder: Path, every: int = SAMPLE, apis: Sequence[str] = APIS) -> list[Sandbox]:
    """Try every so manieth fault and variant with both tools, one after the other.

    `folder` takes what they need and write.
    """
    (folder / "schemathesis.toml").write_text(CONFIGURATION, encoding="utf-8")
    sandboxes: list[Sandbox] = []
    for api in apis:
        contract = loading.load(api)
        (folder / f"{api}.json").write_text(
            json.dumps(openapi.document(contract)), encoding="utf-8"
        )
        theirs = _schemathesis(folder, api)
        for number in range(BASELINES):
            more = ["--baseline-update", "--seed", str(number)]
            attempt([*theirs, *more], folder, conforming(api))
        usual, short = [*theirs, "--seed", "0"], [*theirs, "--seed", "0", "-n", EXAMPLES]
        sandboxes += [
            Sandbox(
                api,
                fault.id,
                fault.conforming,
                attempt(our_command(api), folder, faulty(api, fault)),
                attempt(usual, folder, faulty(api, fault)),
                attempt(short, folder, faulty(api, fault)),
            )
            for fault in sampled(api, every)
        ]
    return sandboxes


def rows(sandboxes: Sequence[Sandbox]) -> Iterator[Row]:
    """Yield the rows of the table."""
    broken = [s for s in sandboxes if not s.conforming]
    missed = [f"{s.api} {s.fault}" for s in broken if s.theirs.found and not s.ours.found]
    yield at_most(
        "faults that Schemathesis finds and we miss", len(missed), 0, ", ".join(sorted(missed))
    )
    ours, theirs = _found(broken)
    detail = f"{ours} and {theirs} of {len(broken)} faults"
    yield at_least(
        "faults found, ours / Schemathesis'", ours / max(theirs, 1), LEAST_TIMES_MORE, detail
    )
    # the others break a keyword of a response
    rest = [s for s in broken if not s.fault.startswith("response.")]
    ours, theirs = _found(rest)
    detail = f"{ours} and {theirs} of {len(rest)} faults"
    yield Row("of those that break no keyword of a response", ours / max(theirs, 1), detail=detail)
    yield from _false_alarms([s for s in sandboxes if s.conforming])
    yield from _costs(sandboxes)


def _found(sandboxes: Sequence[Sandbox]) -> tuple[int, int]:
    """Return in how many sandboxes we and Schemathesis found something."""
    return sum(s.ours.found for s in sandboxes), sum(s.theirs.found for s in sandboxes)


def _false_alarms(variants: Sequence[Sandbox]) -> Iterator[Row]:
    ours, theirs = _found(variants)
    detail = f"Schemathesis {theirs} of {len(variants)}"
    yield at_most("conforming variants accused", ours, 0, detail)


def _costs(sandboxes: Sequence[Sandbox]) -> Iterator[Row]:
    """Yield what all runs and a single one cost."""
    wall = [sum(s.ours.seconds for s in sandboxes), sum(s.theirs.seconds for s in sandboxes)]
    detail = f"{wall[0]:.0f} s and {wall[1]:.0f} s"
    yield at_most("wall time, ours / Schemathesis'", wall[0] / wall[1], MOST_WALL_TIME, detail)
    for api in dict.fromkeys(s.api for s in sandboxes):
        own = [s for s in sandboxes if s.api == api]
        ours = statistics.median(s.ours.seconds for s in own)
        short = statistics.median(s.shortly.seconds for s in own)
        question = f"{api}: a run, ours / Schemathesis' with {EXAMPLES} examples"
        detail = f"{ours:.2f} s and {short:.2f} s"
        yield at_most(question, ours / short, MOST_WALL_TIME, detail)
    requests = [sum(s.ours.requests for s in sandboxes), sum(s.theirs.requests for s in sandboxes)]
    detail = f"{requests[0]:,} and {requests[1]:,}"
    yield Row("requests, ours / Schemathesis'", requests[0] / requests[1], detail=detail)


def _schemathesis(folder: Path, api: str) -> list[str]:
    document, baseline = str(folder / f"{api}.json"), str(folder / f"{api}-baseline.json")
    return [
        str(Path(sys.executable).with_name("schemathesis")),
        "--config-file",
        str(folder / "schemathesis.toml"),
        "run",
        document,
        "--url",
        "{url}",
        "-H",
        f"Authorization: Bearer {sandbox.TOKEN}",
        "--continue-on-failure",
        "--baseline",
        baseline,
    ]


def report(sandboxes: Sequence[Sandbox]) -> str:
    """Return what every sandbox came to as JSON, for a look at the single ones."""
    return json.dumps([asdict(s) for s in sandboxes], indent=1)
