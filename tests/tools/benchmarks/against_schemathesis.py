"""Against the command ``schemathesis run``.

Faults found, requests and wall time, on the same served sandboxes.

Both get the same address, the same token and the same contract: Schemathesis its OpenAPI document,
with its default checks. It is helped where it can be: it goes on after a failure (one false alarm
would hide the rest), it is told the store's id, and what it reports of the conforming sandbox is in
its baseline, so that its exit status 1 means a fault.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from contracts import sandbox
from contracts.definition import loading
from contracts.faults import catalogue
from contracts.interop import openapi
from tests.helpers.serving import ENVIRONMENT, Counting, conforming, faulty, served

from .measuring import Row, at_most

APIS = ("kohort", "komerza")
SAMPLE = 16  # every so manieth fault is tried by default
BASELINES = 3  # runs against the conforming sandbox whose failures are accepted
LEAST_TIMES_MORE = 2.0
MOST_WALL_TIME = 0.5
CONFIGURATION = f'[parameters]\n"path.storeId" = "{sandbox.STORE}"\n'


@dataclass(frozen=True, slots=True)
class Tried:
    """What one tool made of one fault."""

    found: bool
    requests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault tried by both."""

    api: str
    fault: str
    ours: Tried
    theirs: Tried


def compare(
    folder: Path,
    every: int = SAMPLE,
    apis: Sequence[str] = APIS,
    told: Callable[[Fault], None] = lambda _: None,
) -> list[Fault]:
    """Try every so manieth fault with both tools, one after the other.

    `folder` takes what they need and write.
    """
    (folder / "schemathesis.toml").write_text(CONFIGURATION, encoding="utf-8")
    tried = []
    for api in apis:
        contract = loading.load(api)
        (folder / f"{api}.json").write_text(
            json.dumps(openapi.document(contract)), encoding="utf-8"
        )
        for number in range(BASELINES):
            more = ["--baseline-update", "--seed", str(number)]
            _try([*_schemathesis(folder, api, "{url}"), *more], folder, conforming(api))
        for fault_id in _faults(api)[::every]:
            ours = _try(_contracts(api, "{url}"), folder, faulty(api, fault_id))
            theirs = _try(
                [*_schemathesis(folder, api, "{url}"), "--seed", "0"], folder, faulty(api, fault_id)
            )
            tried.append(Fault(api, fault_id, ours, theirs))
            told(tried[-1])
    return tried


def rows(tried: Sequence[Fault]) -> Iterator[Row]:
    """Give the rows of the table."""
    ours = {(one.api, one.fault) for one in tried if one.ours.found}
    theirs = {(one.api, one.fault) for one in tried if one.theirs.found}
    wall = [sum(one.ours.seconds for one in tried), sum(one.theirs.seconds for one in tried)]
    requests = [sum(one.ours.requests for one in tried), sum(one.theirs.requests for one in tried)]
    missed = sorted(" ".join(one) for one in theirs - ours)
    yield at_most("faults that Schemathesis finds and we miss", len(missed), 0, ", ".join(missed))
    times = len(ours) / max(len(theirs), 1)
    detail = f"{len(ours)} and {len(theirs)} of {len(tried)} faults"
    yield Row(
        "faults found, ours / Schemathesis'",
        times,
        f">= {LEAST_TIMES_MORE:g}",
        times >= LEAST_TIMES_MORE,
        detail,
    )
    rest = [
        one for one in tried if not one.fault.startswith("response.")
    ]  # the others break a keyword of a response
    both = [
        sum(tool.found for tool in tools)
        for tools in ([o.ours for o in rest], [o.theirs for o in rest])
    ]
    detail = f"{both[0]} and {both[1]} of {len(rest)} faults"
    yield Row(
        "of those that break no keyword of a response", both[0] / max(both[1], 1), detail=detail
    )
    detail = f"{wall[0]:.0f} s and {wall[1]:.0f} s"
    yield at_most("wall time, ours / Schemathesis'", wall[0] / wall[1], MOST_WALL_TIME, detail)
    detail = f"{requests[0]} and {requests[1]}"
    yield Row("requests, ours / Schemathesis'", requests[0] / requests[1], detail=detail)


def _faults(api: str) -> list[str]:
    """Give the ids of all faults of an API that a server can have.

    Not those that end connections, nor variants.
    """
    return [
        fault.id
        for fault in catalogue.load(loading.load(api))
        if not fault.conforming and not fault.fails
    ]


def _contracts(api: str, url: str) -> list[str]:
    """Give our command.

    With its defaults, but failing on every basis, as `contracts prove` judges faults.
    """
    return [
        sys.executable,
        "-m",
        "contracts",
        "verify",
        api,
        "--target",
        f"{api}={url}",
        "--fail-on",
        "convention",
    ]


def _schemathesis(folder: Path, api: str, url: str) -> list[str]:
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "--config-file",
        str(folder / "schemathesis.toml"),
    ]
    document, baseline = str(folder / f"{api}.json"), str(folder / f"{api}-baseline.json")
    token = f"Authorization: Bearer {sandbox.TOKEN}"
    return [
        *command,
        "run",
        document,
        "--url",
        url,
        "-H",
        token,
        "--continue-on-failure",
        "--baseline",
        baseline,
    ]


def _try(command: Sequence[str], folder: Path, app: Any) -> Tried:
    """Serve an application on a port of its own and run a command against it.

    RuntimeError when it can't tell.
    """
    counting = Counting(app)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")
    }  # it takes time
    with served(counting) as url:
        started = time.perf_counter()
        done = subprocess.run(  # noqa: S603 - both commands are ours to choose
            [part.replace("{url}", url) for part in command],
            cwd=folder,
            env={**kept, **ENVIRONMENT},
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - started
    if done.returncode not in (0, 1):
        raise RuntimeError(
            f"{' '.join(command[:3])}: exit status {done.returncode}: {done.stderr[-500:]}"
        )
    return Tried(done.returncode == 1, counting.requests, seconds)


def report(tried: Sequence[Fault]) -> str:
    """Write what every fault came to as JSON, for a look at the single ones."""
    return json.dumps([asdict(one) for one in tried], indent=1)
