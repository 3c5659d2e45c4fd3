"""How well causes are told and seen again, over the seeded faults of the embedded sandbox.

python -m tests.tools.causes.measure replay [API]      every fault: is each cause seen again?
python -m tests.tools.causes.measure combined [N]      N random combinations of up to five faults
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

import click

from contracts.definition import loading
from contracts.engine import transports
from contracts.engine.replay import Seen, replay
from contracts.engine.run import run
from contracts.faults import catalogue, server
from contracts.model import Run
from contracts.sandbox import WsgiApp
from contracts.verify import targets

APIS = ("kohort", "komerza")
MOST = 5  # faults in one combination


def app_with(api: str, faults: Sequence[catalogue.Fault]) -> WsgiApp:
    """Return the embedded sandbox with several faults in it."""
    contract = loading.load(api)
    first = faults[0]
    schema_faults = [fault for fault in faults if fault.schema or fault.lacks]
    if len(schema_faults) > 1:
        raise ValueError("faults of one combination are made around the sandbox, but for one")
    inner = schema_faults[0] if schema_faults else first
    app = server.create_app(contract, inner)
    for fault in faults:
        if fault is not inner:
            app = server.around(app, fault, contract.operation)
    return app


def run_on(api: str, app: WsgiApp) -> Run:
    """Return a run of an API's contract against an application."""
    target = targets.choose([api], [], {})[0]
    settings = targets.settings(target, budget=400)
    return run(target.contract, transports.embedded(app, target.credentials), settings)


def faults_of(api: str) -> list[catalogue.Fault]:
    """Return the seeded faults of an API that are no conforming variants."""
    return [fault for fault in catalogue.load(loading.load(api)) if not fault.conforming]


def unseen(api: str, fault: catalogue.Fault) -> list[str]:
    """Return what does not show again of a fault on a fresh sandbox that has it too."""
    target = targets.choose([api], [], {})[0]
    done = run_on(api, app_with(api, [fault]))
    missed = []
    for cause in done.causes:
        finding = done.findings[cause.findings[0]]
        seen, why = replay(
            target.contract,
            transports.embedded(app_with(api, [fault]), target.credentials),
            targets.settings(target, budget=1_000),
            finding.clause.id,
            finding.steps,
            intermittent=finding.seen is not None,
        )
        if seen is not Seen.STILL_THERE:
            missed.append(f"{fault.id}: {finding.clause.id}: {seen.name} {why}")
    return missed


def _unseen(job: tuple[str, catalogue.Fault]) -> list[str]:
    try:
        return unseen(*job)
    except Exception as error:  # noqa: BLE001 - a measurement tells of each fault
        return [f"{job[1].id}: {error!r}"]


def combinations(api: str, count: int, seed: int = 0) -> Iterator[list[catalogue.Fault]]:
    """Yield random combinations of faults that break different clauses, each at its own place."""
    chance = random.Random(seed)  # noqa: S311 - the same seed makes the same combinations
    known = [f for f in faults_of(api) if _combines(f)]
    for _ in range(count):
        chosen: list[catalogue.Fault] = []
        for fault in chance.sample(known, len(known)):
            if len(chosen) == 2 + _ % (MOST - 1):
                break
            if all(_apart(fault, other) for other in chosen):
                chosen.append(fault)
        yield chosen


def _combines(fault: catalogue.Fault) -> bool:
    """Whether a fault leaves something to judge, and shows in more than one of a hundred orders."""
    hides = fault.fails or fault.body is not None or fault.id in ("refuses-all", "wrong-coding")
    rare = "every" in fault.when or fault.id.endswith(("-slips", "-slip"))
    convention = fault.breaks and fault.breaks[0].startswith("response.type")
    return not (hides or rare or convention)


def _apart(one: catalogue.Fault, other: catalogue.Fault) -> bool:
    """Whether two faults are seen beside each other: at other places, by other means."""
    if (one.schema or one.lacks) and (other.schema or other.lacks):
        return False
    for attribute in ("takes_authorization", "headers"):
        if getattr(one, attribute) and getattr(other, attribute):
            return False
    if one.status and other.status:
        return False
    places = [{str(e.get("at", "")).split("/")[1] for e in f.response} for f in (one, other)]
    topics = [{clause.split(".")[1] for clause in (*f.breaks, *f.also)} for f in (one, other)]
    return not places[0] & places[1] and not topics[0] & topics[1]


def told(job: tuple[str, list[catalogue.Fault]]) -> tuple[bool, str]:
    """Return whether a combination is told as so many causes as it has faults.

    And in what words.
    """
    api, faults = job
    done = run_on(api, app_with(api, faults))
    names = " + ".join(fault.id for fault in faults)
    words = "; ".join(
        f"{c.summary} {[done.findings[n].clause.id for n in c.findings]}" for c in done.causes
    )
    return len(done.causes) == len(faults), f"{len(faults)} {names} -> {len(done.causes)}: {words}"


LEAST = 0.95  # of the combinations, told as that many causes


def main(arguments: Sequence[str]) -> int:
    """Measure what is asked for, and print what went wrong and how often."""
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        if arguments[0] == "replay":
            apis = arguments[1:] or APIS
            faults = [(api, fault) for api in apis for fault in faults_of(api)]
            missed = [lines for lines in pool.map(_unseen, faults) if lines]
            click.echo("\n".join(line for lines in missed for line in lines))
            click.echo(f"{len(faults) - len(missed)} of {len(faults)} faults are seen again")
            return bool(missed)
        count = int(arguments[1]) if len(arguments) > 1 else 100
        combined = [("kohort", faults) for faults in combinations("kohort", count)]
        results = list(pool.map(told, combined))
        click.echo("\n".join(words for right, words in results if not right))
        right = sum(right for right, _ in results)
        click.echo(f"{right} of {count} combinations are told as they are")
        return right < LEAST * count


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
