"""Every fault against the suite: each clause bites, and no conforming server is accused."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Any

from contracts.definition import loading
from contracts.engine.embedding import embedded
from contracts.engine.run import run
from contracts.faults import catalogue, server
from contracts.model import Contract, Outcome, Run
from contracts.planning.plan import Plan, plan
from contracts.verify import targets


@dataclass(frozen=True, slots=True)
class Proof:
    """What the suite made of one fault, or of one conforming variant."""

    api: str
    fault: catalogue.Fault
    violated: tuple[str, ...]
    requests: int  # sent until the first of the broken clauses showed
    aborted: str | None

    @property
    def missed(self) -> tuple[str, ...]:
        """The clauses that the fault breaks and that held all the same."""
        return tuple(clause for clause in self.fault.breaks if clause not in self.violated)

    @property
    def accused(self) -> tuple[str, ...]:
        """The clauses that were violated without reason."""
        return tuple(c for c in self.violated if c not in (*self.fault.breaks, *self.fault.also))

    @property
    def holds(self) -> bool:
        """Whether the suite found what it should, and nothing else."""
        return not self.missed and not self.accused and self.aborted is None


def prove(apis: Sequence[str], *, quick: bool = False) -> Iterator[Proof]:
    """Run every fault and variant of the APIs, two at a time where there are two processors.

    Yield the proofs. With `quick`, only as many faults as it takes to break every clause once.

    Deterministic: fuzzing is off, so that a fault is found by the plan or not at all.
    """
    faults = {api: catalogue.load(loading.load(api)) for api in apis}
    if quick:
        faults = {api: fewest(known) for api, known in faults.items()}
    jobs = [(api, fault) for api, known in faults.items() for fault in known]
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        yield from pool.map(prove_one, jobs, chunksize=4)


def fewest(faults: Sequence[catalogue.Fault]) -> tuple[catalogue.Fault, ...]:
    """Return all conforming variants, and the faults that break what none before them breaks."""
    broken: set[str] = set()
    needed = []
    for fault in faults:
        if fault.conforming or not broken.issuperset(fault.breaks):
            needed.append(fault)
            broken.update(fault.breaks)
    return tuple(needed)


def unproven(api: str, proofs: Sequence[Proof]) -> tuple[str, ...]:
    """Return the clauses of an API that no fault turned violated, but for those that none can."""
    holding = [proof.fault for proof in proofs if proof.api == api and proof.holds]
    proven = {clause for fault in holding for clause in fault.breaks}
    contract = loading.load(api)
    known = proven | catalogue.reasons(contract).keys()
    return tuple(clause.id for clause in contract.clauses if clause.id not in known)


def reasons(api: str, proofs: Sequence[Proof]) -> dict[str, str]:
    """Return why no fault shows a clause of an API, for those of which none can."""
    broken = {clause for proof in proofs if proof.api == api for clause in proof.fault.breaks}
    known = catalogue.reasons(loading.load(api))
    return {clause: reason for clause, reason in known.items() if clause not in broken}


LAG = 0.6  # seconds until an embedded sandbox that is slow shows what was created


@cache
def _planned(api: str) -> Plan:
    """Make the plan of an API once in each process: it is the same for every fault."""
    return plan(loading.load(api), 0)


def prove_one(job: tuple[str, catalogue.Fault]) -> Proof:
    """Run one fault or variant of a contract against the suite."""
    api, fault = job
    contract = loading.load(api)
    done = run_with(fault, contract, _planned(api), lag=LAG)
    violated = tuple(r.clause.id for r in done.results if r.outcome is Outcome.VIOLATED)
    first = [f.exchange.number for f in done.findings if f.clause.id in fault.breaks]
    return Proof(api, fault, violated, min(first, default=0), done.aborted)


def run_with(fault: catalogue.Fault, contract: Contract, planned: Plan | None, **more: Any) -> Run:
    """Run a contract against its embedded sandbox with a fault; `more` are settings of the run."""
    target = targets.built_in(contract)
    settings = targets.settings(target, **more)
    with closing(embedded(server.create_app(contract, fault), target.credentials)) as transport:
        return run(contract, transport, settings, planned=planned)
