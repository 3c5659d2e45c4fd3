"""Runs that ask for some clauses, or some causes, only: no more is sent than they need."""

from collections.abc import Sequence
from dataclasses import replace

from contracts import clause_ids
from contracts.judge.causes import causes
from contracts.model import ClauseResult, Contract, Finding, Kind, Outcome
from contracts.planning.plan import Plan, with_predecessors

DECIDED_BY_CASES = (Kind.REFUSAL, Kind.ACCEPTANCE)


def matches(clause_id: str, patterns: Sequence[str]) -> bool:
    """Whether a clause is asked for; every clause is where there are no patterns."""
    return not patterns or any(clause_ids.fits(clause_id, pattern) for pattern in patterns)


def asked(planned: Plan, contract: Contract, patterns: Sequence[str]) -> Plan:
    """Return a plan with the cases that the clauses asked for need, and their predecessors."""
    if not patterns:
        return planned
    kinds = {clause.kind for clause in contract.clauses if matches(clause.id, patterns)}
    about_answers = bool(kinds.difference(DECIDED_BY_CASES))
    needed = [planned.cases[0].number]
    for case in planned.cases:
        decides = any(matches(clause, patterns) for clause in case.decides)
        answers = about_answers and not case.must_refuse
        if decides or answers or Kind.ROBUSTNESS in kinds:
            needed.append(case.number)
    numbers = with_predecessors(planned.cases, needed)
    return replace(
        planned,
        cases=tuple(case for case in planned.cases if case.number in numbers),
        first_look=tuple(case for case in planned.first_look if case.number in numbers),
    )


def restricted(
    results: Sequence[ClauseResult], findings: Sequence[Finding], patterns: Sequence[str]
) -> tuple[tuple[ClauseResult, ...], tuple[Finding, ...]]:
    """Return results and findings of the clauses asked for; the other clauses are left out."""
    left_out = "not asked for (--only, --last-failed)"
    restricted_results = tuple(
        result
        if matches(result.clause.id, patterns)
        else ClauseResult(result.clause, Outcome.NOT_EXERCISED, 0, left_out)
        for result in results
    )
    return restricted_results, tuple(f for f in findings if matches(f.clause.id, patterns))


def first_causes(
    contract: Contract, findings: Sequence[Finding], most: int | None
) -> tuple[Finding, ...]:
    """Return the findings of so many causes: nothing is sent to make others smaller."""
    if most is None:
        return tuple(findings)
    first = causes(contract, findings)[:most]
    numbers = {number for cause in first for number in cause.findings}
    return tuple(finding for number, finding in enumerate(findings) if number in numbers)
