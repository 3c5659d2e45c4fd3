"""How well causes are told, over random combinations of seeded faults of the embedded sandbox.

python -m tests.tools.causes.measure [N]      N random combinations of up to five faults
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

import click

from contracts.definition import loading
from contracts.engine import embedding
from contracts.engine.run import run
from contracts.faults import catalogue, server
from contracts.model import Run
from contracts.sandbox import WsgiApp
from contracts.verify import targets

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
            app = server.FaultySandbox(app, fault, contract.operation)
    return app


def run_on(api: str, app: WsgiApp, only: Sequence[str] = ()) -> Run:
    """Return a run of an API's contract against an application, of some clauses or of all."""
    target = targets.choose([api], [], {})[0]
    settings = targets.settings(target, budget=400, only=tuple(only))
    return run(target.contract, embedding.embedded(app, target.credentials), settings)


def faults_of(api: str) -> list[catalogue.Fault]:
    """Return the seeded faults of an API that are no conforming variants."""
    return [fault for fault in catalogue.load(loading.load(api)) if not fault.conforming]


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
    """Measure, and print what went wrong and how often."""
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        count = int(arguments[0]) if arguments else 100
        combined = [("kohort", faults) for faults in combinations("kohort", count)]
        results = list(pool.map(told, combined))
        click.echo("\n".join(words for right, words in results if not right))
        right = sum(right for right, _ in results)
        click.echo(f"{right} of {count} combinations are told as they are")
        return right < LEAST * count


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
