"""What is mutated, and among which exchanges a mutant is judged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from contracts import clause_ids
from contracts.engine.run import run
from contracts.judge.history import Answer, History
from contracts.judge.operators import OPERATORS
from contracts.judge.outcomes import checks
from contracts.model import ABSENT, Basis, Contract, Exchange, Kind, Region
from contracts.proof.mutants.applying import Mutant
from contracts.proof.mutants.messages import MESSAGES
from contracts.schema import checks as schema_checks
from contracts.schema.jsontext import at
from contracts.verify import targets

STOPPED = "the run stops"  # the killer of a mutant that claims to be live


@dataclass(frozen=True, slots=True)
class Result:
    """What the judge made of a mutant."""

    mutant: Mutant
    breaks_schema: bool
    killers: tuple[str, ...]
    convention_only: bool = False

    @property
    def of_message(self) -> bool:
        """Whether status, headers or text were changed, and no value in particular."""
        return self.mutant.operator in MESSAGES

    @property
    def pattern(self) -> str:
        """The place with ``*`` for array indexes."""
        return re.sub(r"/\d+(?=/|$)", "/*", self.mutant.place)


def record(api: str) -> list[Exchange]:
    """Run the plan of an API against its clean embedded sandbox.

    Give the exchanges in the order of their cases.
    """
    target = targets.choose([api], [], {})[0]
    seen: list[Exchange] = []
    run(
        target.contract,
        targets.embedded(api),
        targets.settings(target),
        notify=lambda done: seen.append(done) if isinstance(done, Exchange) else None,
    )
    return sorted(seen, key=lambda exchange: exchange.number)


def chosen(contract: Contract, history: Sequence[Exchange]) -> list[Exchange]:
    """Choose the accepted valid exchanges to mutate, all of them sent alone.

    A plain one; one that refers to an earlier answer; for each documented default one that leaves
    it out and is typical in the most other members; one of the required members only. Where no body
    is documented, two plain ones in a row.
    """
    alone = [one for one in history if one.accepted and not one.case.together]
    valid = [one for one in alone if one.case.region is Region.VALID]
    plain = [one for one in valid if clause_ids.TYPICAL in one.case.decides][1:]
    if contract.request is None:
        return plain[:2]
    found = [*plain[:1], *[one for one in valid if one.case.after][:1]]
    for name, member in contract.request["properties"].items():
        lacking = [one for one in valid if at(one.request.value, f"/{name}") is ABSENT]
        if "default" in member and lacking:
            found.append(
                max(lacking, key=lambda one: list(one.case.states.values()).count("typical"))
            )
    found += [one for one in valid if clause_ids.MINIMAL in one.case.decides][:1]
    return list({one.number: one for one in found}.values())


@dataclass(frozen=True)
class Bench:
    """One accepted exchange with all exchanges of its run, itself included, in order."""

    contract: Contract
    original: Exchange
    history: tuple[Exchange, ...]

    @cached_property
    def basis(self) -> Mapping[str, Basis]:
        """The basis of each clause."""
        return {clause.id: clause.basis for clause in self.contract.clauses}

    @cached_property
    def previous(self) -> Exchange | None:
        """The accepted exchange before the original."""
        before = [
            one.exchange for number, one in self._answers.items() if number < self.original.number
        ]
        return before[-1] if before else None

    @cached_property
    def _answers(self) -> Mapping[int, Answer]:
        judged = [
            one
            for one in self.history
            if one.accepted
            and one.case.region is not Region.INVALID
            and not one.request.is_unreadable  # as the judge has it
        ]
        return {one.number: Answer(one) for one in judged}

    def judge(self, mutant: Mutant) -> Result:
        """Judge one mutant.

        Relations only where the exchange by itself breaks no failing clause.
        """
        exchange = mutant.exchange
        made = list(checks(self.contract, [exchange], {}))
        broken = {check.clause for check in made if not check.ok}
        if exchange.accepted and not self._fails(broken):
            unsound = frozenset(
                c.place
                for c in made
                if not c.ok and clause_ids.is_about(c.clause, clause_ids.RESPONSE)
            )
            broken |= set(self.related(Answer(exchange, unsound)))
        live = self.contract.operation.live_mode
        if live and exchange.accepted and at(exchange.value, live) is True:
            broken.add(STOPPED)
        killers = tuple(sorted(broken & (self.basis.keys() | {STOPPED})))
        only = bool(killers) and not self._fails(killers)
        return Result(mutant, self._breaks(exchange), killers, only)

    def related(self, answer: Answer) -> Iterator[str]:
        """Yield the relations that are violated when an answer takes the original's place."""
        mutated = answer.exchange
        alone = History([answer], [mutated])
        exchanges = [mutated if one.number == mutated.number else one for one in self.history]
        whole = History(list({**self._answers, mutated.number: answer}.values()), exchanges)
        for clause in self.contract.clauses:
            if clause.kind is Kind.RELATION:
                operator = OPERATORS[clause.arguments["op"]]
                # what was handed out was so by another answer
                by_itself = operator.alone and "handed_out" not in clause.arguments
                looks = operator.rule(clause.arguments, alone if by_itself else whole)
                if any(not look.ok for look in looks):
                    yield clause.id

    def _breaks(self, exchange: Exchange) -> bool:
        """Tell whether an answer is no JSON text or breaks the schema of the page.

        Conventions left out.
        """
        if exchange.value is ABSENT or exchange.problems:
            return True
        broken = (
            clause_ids.response(look.keyword.clause)
            for look in schema_checks.broken(self.contract.response, exchange.value)
        )
        return self._fails(set(broken))

    def _fails(self, clauses: Sequence[str] | set[str]) -> bool:
        return any(
            c == STOPPED or self.basis.get(c, Basis.CONVENTION) is not Basis.CONVENTION
            for c in clauses
        )
