"""Covering arrays: every pair of states of two fields in few rows.

Greedy, one row at a time, over sets of states that are kept as the bits of whole numbers, so
that it takes milliseconds for ten fields and well under a second for a hundred. The number of
rows grows with the logarithm of the number of fields. Of hundreds of fields the states are
shuffled instead, which misses few pairs and takes no time. See docs/performance.md for how it
compares with libraries that do the same.
"""

import functools
import itertools
import operator
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from contracts.planning.bodies.templates import chance

State = tuple[str, str]  # a field and one of its states
Allows = Callable[[Mapping[str, str]], bool]  # of a row
TRIES = 10  # arrays that are made, of which the smallest is taken; of many fields fewer
FIELDS = 300  # in all of these arrays together
MOST_FIELDS = 150  # that an array is made of row by row
MOST_STATES = 300  # of which the triples are counted
SHUFFLED = 100  # rows of more fields: of four states each they have 998 of 1,000 pairs


def rows(
    fields: Mapping[str, Sequence[str]],
    seed: int,
    together: Sequence[str] = (),
    allowed: Allows = lambda _: True,
) -> list[dict[str, str]]:
    """Return rows of one state a field such that every pair of states of two fields is in one.

    A row is made only when `allowed` says so of its states of the fields `together`; pairs
    that no such row can have stay uncovered. The same seed gives the same rows. With fewer
    than two fields there is a row for each state.
    """
    if len(fields) < 2:
        return [{name: state} for name, options in fields.items() for state in options]
    dice = chance(seed)
    states = [(name, state) for name, options in fields.items() for state in options]
    options = _options(fields, states, together, allowed)
    if not all(options):  # no states of the fields together are allowed
        return []
    if len(fields) > MOST_FIELDS:
        smallest = _shuffled(options, dice)
    else:
        tries = min(TRIES, FIELDS // len(fields))
        smallest = min((_Array(options, dice).rows() for _ in range(tries)), key=len)
    return [dict(states[number] for number in sorted(row)) for row in smallest]


# states, by number, that a row has of one field, or of those that go together
Option = tuple[int, ...]


def _options(
    fields: Mapping[str, Sequence[str]],
    states: Sequence[State],
    together: Sequence[str],
    allowed: Allows,
) -> list[list[Option]]:
    numbers = {state: number for number, state in enumerate(states)}
    single: list[list[Option]] = [
        [(numbers[name, state],) for state in fields[name]]
        for name in fields
        if name not in together
    ]
    if not together:
        return single
    joint: list[Option] = []
    for row in itertools.product(*(fields[name] for name in together)):
        states_of = dict(zip(together, row, strict=True))
        if allowed(states_of):
            joint.append(tuple(numbers[item] for item in states_of.items()))
    return [*single, joint]


def _shuffled(fields: Sequence[Sequence[Option]], dice: random.Random) -> list[list[int]]:
    """Return rows in which each field has each of its options as often, in any order."""
    count = max(SHUFFLED, *map(len, fields))
    columns = []
    for options in fields:
        column = list(itertools.islice(itertools.cycle(options), count))
        dice.shuffle(column)
        columns.append(column)
    return [list(itertools.chain.from_iterable(row)) for row in zip(*columns, strict=True)]


@dataclass
class _Array:
    """One array in the making; `open` has for each state those that it was not seen with.

    `masks` are the states of each option.
    """

    fields: Sequence[Sequence[Option]]
    dice: random.Random
    # a set of states as the bits of a number, for each state
    open: dict[int, int] = field(default_factory=dict)
    masks: dict[Option, int] = field(default_factory=dict)

    def rows(self) -> list[list[int]]:
        of_fields = [mask_of(itertools.chain.from_iterable(options)) for options in self.fields]
        everything = functools.reduce(operator.or_, of_fields, 0)
        for options, own in zip(self.fields, of_fields, strict=True):
            for option in options:
                self.masks[option] = mask_of(option)
                for state in option:
                    beside = self.masks[option] & ~(1 << state)
                    self.open[state] = self.open.get(state, everything & ~own) | beside
        rows_so_far = []
        while any(self.open.values()):
            row = self._row()
            chosen = mask_of(row)
            for state in row:
                self.open[state] &= ~chosen
            rows_so_far.append(row)
        return rows_so_far

    def _row(self) -> list[int]:
        """Return a row that closes many open pairs.

        It begins with a state that most pairs are open of and goes on with the fields that
        most are open of. Of each field the state is taken that closes most pairs with those
        taken before.
        """
        counts = {state: left.bit_count() for state, left in self.open.items()}
        most = max(counts.values())
        first = self.dice.choice([state for state, count in counts.items() if count == most])
        others = list(self.fields)
        self.dice.shuffle(others)
        others.sort(
            key=lambda options: -sum(counts[state] for option in options for state in option)
        )
        # its own field is the first
        others.sort(key=lambda options: not any(first in option for option in options))
        row: list[int] = []
        chosen = 0
        for options in others:
            best = options[0]
            greatest = (-1, -1, 0.0)
            for option in options:
                if not row and first not in option:
                    continue
                beside = chosen | self.masks[option]
                closed = could_close = 0
                for state in option:
                    closed += (self.open[state] & beside).bit_count()
                    could_close += counts[state]
                worth = closed, could_close, self.dice.random()
                if worth > greatest:
                    best = option
                    greatest = worth
            row += best
            chosen |= self.masks[best]
        return row


def further(
    fields: Mapping[str, Sequence[str]], seed: int, sent: Sequence[Mapping[str, str]]
) -> Iterator[dict[str, str]]:
    """Yield rows without end, each with many triples of states that no row had.

    Neither had those that were `sent`, which may grow. The same seed gives the same rows.
    """
    dice = chance(seed)
    states = [(name, state) for name, options in fields.items() for state in options]
    numbers = {state: number for number, state in enumerate(states)}
    triples = Triples(len(states))
    noted = 0
    while fields:
        for row in sent[noted:]:
            triples.note([numbers[item] for item in row.items() if item in numbers])
        noted = len(sent)
        chosen: list[int] = []
        for name in dice.sample(sorted(fields), len(fields)):
            pairs = triples.pairs(chosen)
            options = dice.sample(
                [numbers[name, state] for state in fields[name]], len(fields[name])
            )
            chosen.append(max(options, key=lambda state: triples.new(state, pairs)))
        triples.note(chosen)
        yield dict(sorted(states[number] for number in chosen))


class Triples:
    """Which states met in threes; of more than `MOST_STATES` it would take too long to know.

    Of `size` states by number, the pair of `a` and `b` is bit ``a * size + b`` of a whole number,
    and also the other way round.
    """

    def __init__(self, size: int) -> None:
        self._size = size if size <= MOST_STATES else 0
        self._unmet = [-1 if self._size else 0] * size  # of each state, as pairs

    def pairs(self, row: Iterable[int]) -> int:
        """Return all pairs of the states of a row."""
        chosen = spread = pairs = 0
        for state in row:
            pairs |= chosen << state * self._size | spread << state
            chosen |= 1 << state
            spread |= 1 << state * self._size
        return pairs

    def new(self, state: int, pairs: int) -> int:
        """Return how many of the pairs a state did not meet, each counted twice."""
        return (self._unmet[state] & pairs).bit_count()

    def note(self, row: Sequence[int]) -> None:
        """Note that the states of a row met."""
        pairs = self.pairs(row)
        for state in row:
            self._unmet[state] &= ~pairs


def mask_of(states: Iterable[int]) -> int:
    """Return a set of states as the bits of a number."""
    mask = 0
    for state in states:
        mask |= 1 << state
    return mask


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of states of two fields: of each state, by its number, the states beside it."""

    numbers: Mapping[State, int]
    beside: Sequence[int]

    def __len__(self) -> int:
        return sum(mask.bit_count() for mask in self.beside) // 2

    def count(self, rows: Iterable[Mapping[str, str]]) -> int:
        """Return how many of the pairs occur in rows of a state a field."""
        present = _beside(rows, self.numbers)
        both = zip(self.beside, present, strict=True)
        return sum((wanted & there).bit_count() for wanted, there in both) // 2


def pairs(rows: Iterable[Mapping[str, str]], fields: Mapping[str, Sequence[str]]) -> Pairs:
    """Return the pairs of states of two fields that occur in rows."""
    states = [(name, state) for name, options in fields.items() for state in options]
    numbers = {state: number for number, state in enumerate(states)}
    return Pairs(numbers, _beside(rows, numbers))


def _beside(rows: Iterable[Mapping[str, str]], numbers: Mapping[State, int]) -> list[int]:
    """Return for each state, by its number, the states that some row has beside it."""
    beside = [0] * len(numbers)
    for row in rows:
        states = [numbers[item] for item in row.items() if item in numbers]
        mask = mask_of(states)
        for state in states:
            beside[state] |= mask & ~(1 << state)
    return beside
