"""Every fault against the suite: each clause bites, and no conforming server is accused."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from contracts import clause_ids
from contracts.definition import loading
from contracts.engine.embedding import embedded
from contracts.engine.run import run
from contracts.faults import catalogue, server
from contracts.interop import fuzzing
from contracts.judge.outcomes import checks
from contracts.model import Contract, Outcome, Run
from contracts.planning.plan import Plan, plan
from contracts.verify import targets

Faults = Sequence[catalogue.Fault]
TOGETHER = 8  # faults in one sandbox, at most


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
    """Yield what the suite makes of every fault and variant of APIs, run on all processors.

    With `quick`, only as many faults as it takes to break every clause once, those of different
    members of an answer in one sandbox. Requests are generated for variants only: the plan finds a
    fault each time or never, and a server that is in order is accused by none.
    """
    jobs: list[tuple[str, Faults]] = []
    for api in apis:
        faults = catalogue.load(loading.load(api))
        groups = in_company(fewest(faults)) if quick else [(fault,) for fault in faults]
        jobs += [(api, group) for group in groups]
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        for proofs in pool.map(prove_together, jobs, chunksize=4):
            yield from proofs


def fewest(faults: Faults) -> Faults:
    """Return all conforming variants, and the faults that break what none before them breaks."""
    broken: set[str] = set()
    needed = []
    for fault in faults:
        if fault.conforming or not broken.issuperset(fault.breaks):
            needed.append(fault)
            broken.update(fault.breaks)
    return tuple(needed)


def in_company(faults: Faults) -> list[Faults]:
    """Return faults in groups, each to be seeded into one sandbox.

    Those that were made from one keyword of a schema share one, as long as none is about a member
    that another one's is in. Every other fault is by itself.
    """
    alone = [(fault,) for fault in faults if not _is_of_a_keyword(fault)]
    groups: list[Faults] = []
    for fault in filter(_is_of_a_keyword, faults):
        room = (number for number, group in enumerate(groups) if _has_room(group, fault))
        number = next(room, None)
        if number is None:
            groups.append((fault,))
        else:
            groups[number] = (*groups[number], fault)
    return [*alone, *groups]


def _is_of_a_keyword(fault: catalogue.Fault) -> bool:
    of_a_schema = clause_ids.is_about(fault.id, clause_ids.RESPONSE, clause_ids.REQUEST)
    return of_a_schema and fault.breaks == (fault.id,)


def _has_room(group: Faults, fault: catalogue.Fault) -> bool:
    """Whether a fault can join a group: no place of it is in, or around, one of another fault."""
    places = [place for other in group for place in _places(other)]
    return len(group) < TOGETHER and not any(
        place.startswith(other) or other.startswith(place)
        for place in _places(fault)
        for other in places
    )


def _places(fault: catalogue.Fault) -> list[str]:
    return [f"{edit['at']}/" for edit in (*fault.response, *fault.schema)]


def unproven(api: str, proofs: Sequence[Proof]) -> tuple[str, ...]:
    """Return the clauses of an API that no fault turned violated, but for those that none can."""
    holding = [proof.fault for proof in proofs if proof.api == api and proof.holds]
    proven = {clause for fault in holding for clause in fault.breaks}
    contract = loading.load(api)
    accounted = proven | catalogue.reasons(contract).keys()
    return tuple(clause.id for clause in contract.clauses if clause.id not in accounted)


def reasons(api: str, proofs: Sequence[Proof]) -> dict[str, str]:
    """Return why no fault shows a clause of an API, for those of which none can."""
    broken = {clause for proof in proofs if proof.api == api for clause in proof.fault.breaks}
    every = catalogue.reasons(loading.load(api))
    return {clause: reason for clause, reason in every.items() if clause not in broken}


LAG = 0.6  # seconds until an embedded sandbox that is slow shows what was created


def prove_together(job: tuple[str, Faults]) -> list[Proof]:
    """Run a sandbox with several faults against the suite; return what it made of each.

    What no fault breaks is held against each of them.
    """
    api, faults = job
    contract = loading.load(api)
    conforming = all(fault.conforming for fault in faults)
    generated = {"fuzz": fuzzing.COUNT, "generate": fuzzing.fuzz} if conforming else {}
    done = run_with(faults, contract, plan(contract, 0), lag=LAG, **generated)
    violated = [r.clause.id for r in done.results if r.outcome is Outcome.VIOLATED]
    proofs = []
    showing = _requests_until_broken(done)
    for fault in faults:
        others = {c for other in faults if other is not fault for c in (*other.breaks, *other.also)}
        own = tuple(c for c in violated if c in fault.breaks or c not in others)
        # a valid request that is refused shows it before it is known which clause that breaks
        counts = [showing[c] for c in (*fault.breaks, clause_ids.COMBINED) if c in showing]
        proofs.append(Proof(api, fault, own, min(counts, default=0), done.aborted))
    return proofs


def _requests_until_broken(done: Run) -> dict[str, int]:
    """Return by each broken clause how many requests were sent until one first broke it."""
    in_order = sorted(done.exchanges, key=lambda exchange: exchange.started)
    place = {exchange.number: count for count, exchange in enumerate(in_order, 1)}
    own = [exchange for exchange in in_order if exchange.case.operation is None]
    others = [exchange for exchange in in_order if exchange.case.operation is not None]
    first: dict[str, int] = {}
    for check in checks(done.contract, own, {}, others):
        if not check.ok:
            count = place[check.exchange.number]
            first[check.clause] = min(count, first.get(check.clause, count))
    return first


def run_with(faults: Faults, contract: Contract, planned: Plan | None, **more: Any) -> Run:
    """Run a contract against its embedded sandbox with faults; `more` are settings of the run."""
    target = targets.built_in(contract)
    app = server.seeded(contract, [(contract, fault) for fault in faults])
    with closing(embedded(app, target.credentials, target.connection.headers)) as transport:
        return run(contract, transport, targets.settings(target, **more), planned=planned)
