"""Covering arrays: every pair of states of two fields in few rows (covertable)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence

import covertable

Pair = frozenset[tuple[str, str]]


def rows(
    fields: Mapping[str, Sequence[str]],
    seed: int,
    together: Sequence[str] = (),
    allowed: Callable[[Mapping[str, str]], bool] = lambda _: True,
) -> list[dict[str, str]]:
    """Give rows of one state a field such that every pair of states of two fields is in one of them.

    A row is made only when `allowed` says so of its states of the fields `together`; pairs that no such row can
    have stay uncovered. The same seed gives the same rows. With fewer than two fields there is a row for each state.
    """
    if len(fields) < 2:
        return [{name: state} for name, options in fields.items() for state in options]
    limits = [{"operator": "fn", "requires": list(together), "evaluate": allowed}] if together else None
    made = covertable.make(
        {name: list(options) for name, options in fields.items()}, salt=str(seed), constraints=limits
    )
    return [{name: row[name] for name in fields} for row in made]


def pairs(fields: Mapping[str, Sequence[str]]) -> set[Pair]:
    """Give all pairs of states of two fields."""
    return {
        frozenset({(left, one), (right, two)})
        for left, right in itertools.combinations(fields, 2)
        for one in fields[left]
        for two in fields[right]
    }


def covered(states: Iterable[Mapping[str, str]], wanted: set[Pair]) -> set[Pair]:
    """Give those of the wanted pairs that occur in some mapping of fields to states."""
    seen = {frozenset({left, right}) for row in states for left, right in itertools.combinations(row.items(), 2)}
    return seen & wanted
