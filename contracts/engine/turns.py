"""In which order cases are sent, and which of them at once."""

from collections.abc import Sequence
from itertools import groupby

from contracts.model import Case


def turns(cases: Sequence[Case]) -> list[list[Case]]:
    """Return each case by itself, but neighbours that go together in one turn."""

    def turn(case: Case) -> tuple[bool, str]:
        return case.together, case.label if case.together else str(case.number)

    return [list(group) for _, group in groupby(cases, key=turn)]


def waves(cases: Sequence[Case]) -> list[list[Case]]:
    """Return cases in waves that are sent at once: each comes after all that it refers to."""
    depth: dict[int, int] = {}
    for case in cases:
        depths = [depth.get(number, 0) for number in case.after]
        depth[case.number] = 1 + max(depths, default=0)
    return [
        [case for case in cases if depth[case.number] == level]
        for level in sorted(set(depth.values()))
    ]
