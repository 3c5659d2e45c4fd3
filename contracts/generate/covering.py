"""Covering arrays: every pair of states of two fields in few rows.

Greedy, one row at a time, over sets of states that are kept as the bits of whole numbers, so that it takes
milliseconds for ten fields and well under a second for a hundred. The number of rows grows with the logarithm
of the number of fields. See docs/performance.md for how it compares with libraries that do the same.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

State = tuple[str, str]  # a field and one of its states
Pair = tuple[State, State]  # of two fields, in the order of their names
TRIES = 10  # arrays that are made, of which the smallest is taken; of many fields fewer
FIELDS = 300  # in all of these arrays together


def rows(
    fields: Mapping[str, Sequence[str]],
    seed: int,
    together: Sequence[str] = (),
    allowed: Callable[[Mapping[str, str]], bool] = lambda _: True,
) -> list[dict[str, str]]:
    """Give rows of one state a field such that every pair of states of two fields is in one of them.

    A row is made only where `allowed` says so of its states of the fields `together`; pairs that no such row can
    have stay uncovered. The same seed gives the same rows. With fewer than two fields there is a row for each state.
    """
    if len(fields) < 2:
        return [{name: state} for name, options in fields.items() for state in options]
    chance = random.Random(seed)  # noqa: S311 - a plan has to be the same for the same seed
    states = [(name, state) for name, options in fields.items() for state in options]
    numbers = {name: [n for n, state in enumerate(states) if state[0] == name] for name in fields}
    chosen = itertools.product(*(numbers[name] for name in together))
    groups = [sum(1 << n for n in group) for group in chosen if allowed(dict(states[n] for n in group))]
    limited = sum(1 << n for name in together for n in numbers[name])
    tries = min(TRIES, max(1, FIELDS // len(fields)))
    smallest = min((_Array(numbers, chance, groups, limited).rows() for _ in range(tries)), key=len)
    return [dict(states[number] for number in sorted(row)) for row in smallest]


@dataclass
class _Array:
    """One array in the making; states are numbers, `open` tells for each with which others it was not seen yet.

    Sets of states are the bits of a number. Of those that are `limited` a row has one of the `groups`.
    """

    fields: Mapping[str, Sequence[int]]
    chance: random.Random
    groups: Sequence[int]
    limited: int
    open: list[int] = field(default_factory=list)  # a set of states for each state

    def rows(self) -> list[list[int]]:
        possible = [state for options in self.fields.values() for state in options if self._possible(1 << state)]
        self.open = [
            sum(1 << other for other in possible if other not in options and self._possible(1 << state | 1 << other))
            for options in self.fields.values()
            for state in options
        ]
        made = []
        while any(self.open):
            row = self._row()
            chosen = sum(1 << state for state in row)
            for state in row:
                self.open[state] &= ~chosen
            made.append(row)
        return made

    def _row(self) -> list[int]:
        """Begin with a state that most pairs are open of, go on with the fields that most are open of.

        Of each field the state is taken that closes most pairs with those taken before.
        """
        most = max(left.bit_count() for left in self.open)
        first = self.chance.choice([state for state, left in enumerate(self.open) if left.bit_count() == most])
        row, chosen = [first], 1 << first
        others = [options for options in self.fields.values() if first not in options]
        self.chance.shuffle(others)
        others.sort(key=lambda options: -sum(self.open[state].bit_count() for state in options))
        for options in others:
            left = [state for state in options if self._possible(chosen | 1 << state)]
            best = max(left, key=lambda state: (*self._closes(state, chosen), self.chance.random()))
            row.append(best)
            chosen |= 1 << best
        return row

    def _possible(self, chosen: int) -> bool:
        """Tell whether a row can have these states: some group has all of them that are limited."""
        wanted = chosen & self.limited
        return any(group & wanted == wanted for group in self.groups)

    def _closes(self, state: int, chosen: int) -> tuple[int, int]:
        left = self.open[state]
        return (left & chosen).bit_count(), left.bit_count()


def pairs(fields: Mapping[str, Sequence[str]]) -> set[Pair]:
    """Give all pairs of states of two fields."""
    states = {name: [(name, state) for state in fields[name]] for name in sorted(fields)}
    return {
        pair for left, right in itertools.combinations(states.values(), 2) for pair in itertools.product(left, right)
    }


def covered(states: Iterable[Mapping[str, str]], wanted: set[Pair]) -> set[Pair]:
    """Give those of the wanted pairs that occur in some mapping of fields to states."""
    seen: set[Pair] = set()
    for row in states:
        seen.update(itertools.combinations(sorted(row.items()), 2))
    return seen & wanted
