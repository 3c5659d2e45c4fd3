"""The cases of a plan that decide each of its clauses once, and what a small budget sends first."""

from collections.abc import Sequence

from contracts.model import Case, Region


def essential(cases: Sequence[Case]) -> frozenset[int]:
    """Return the numbers of the cases that decide each clause once, and of those they refer to.

    Each state of each field is sent once as well, since which relations an answer exercises
    depends on what was sent. Left out are pairs of states, and cases that decide nothing new.
    """
    known = {case.number: case for case in cases}
    seen: set[object] = set()
    numbers: set[int] = set()
    for case in cases:
        if case.region is Region.OPEN:
            continue
        news: set[object] = {("clause", clause) for clause in case.decides}
        if case.must_accept:
            news |= {("state", *pair) for pair in case.states.items()}
            news |= {("sequence", case.label)} if not case.states else set()
        if not news <= seen:
            seen |= news
            numbers.add(case.number)
    left = list(numbers)
    while left:
        case = known[left.pop()]
        left += [number for number in case.after if number in known and number not in numbers]
        numbers.update(case.after)
    return frozenset(numbers & known.keys())


def essential_first(cases: Sequence[Case], closing: Sequence[Case]) -> tuple[Case, ...]:
    """Return cases with those first that decide each clause once; `closing` stay at the end."""
    first = essential(cases)
    ends = {case.number for case in closing}
    inner = [case for case in cases if case.number not in ends]
    ordered = sorted(inner, key=lambda case: case.number not in first)
    return (*ordered, *closing)
