"""In whose body something is broken: the plainest first, then the most telling ones."""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from contracts.model import Case
from contracts.planning.draft import Draft

# states on which a check that is left out is likelier to depend than on a text's length, by weight
CHECK_WEIGHTS = {
    "absent": 4,
    "null": 4,
    "handed out": 7,
    "empty": 2,
    "with a plus": 2,
    "digits only": 2,
}


def plainest_first(
    draft: Draft, clauses: Iterable[str], others: Sequence[Case], forms: Sequence[str] = ()
) -> Iterator[Case | None]:
    """Yield in whose body each clause is broken: the plainest (None) the first time, then others.

    A check may be left out under some conditions, such as in an order that joins a group. So
    each clause meets as many states of the members, and pairs of those that checks depend on, as
    may be: its next body has the most that are new to it, and of several such bodies the one that
    served least. Where a clause is broken in several `forms`, a check may be left out for one of
    them, which so counts by itself in place of pairs. `others` may still grow while it is gone
    through.
    """
    known: dict[tuple[str, ...], int] = {}
    served: Counter[int] = Counter()
    members = draft.contract.plausible_members.values()
    options = {str(option) for member in members for option in member.get("enum", ())}
    states = _States(frozenset(options | CHECK_WEIGHTS.keys()), with_pairs=not forms)
    plainest = 0 if forms else states.of_states(draft.typical_states)

    def worth(seen: Sequence[int], case: Case) -> tuple[int, int, int]:
        news = sum(states.news(case, each) for each in seen)
        return news, -served[case.number], -case.number

    for clause, form in itertools.zip_longest(clauses, forms, fillvalue=""):
        keys = ((clause,), (clause, form))
        if keys[0] not in known or not others:
            known.update(dict.fromkeys(keys, plainest))
            yield None
            continue
        seen = [known.get(key, 0) for key in keys]
        host = max(others, key=partial(worth, seen))
        known.update((key, each | states.of(host)) for key, each in zip(keys, seen, strict=True))
        served[host.number] += 1
        yield host


@dataclass
class _States:
    """The states of cases as the bits of whole numbers, so that hundreds are counted at once."""

    telling: frozenset[str]  # states on which checks depend
    with_pairs: bool
    _numbers: dict[tuple[Any, ...], int] = field(default_factory=dict)
    _of_cases: dict[int, int] = field(default_factory=dict)
    # those that count at least once, at least twice, at least three times
    _by_weight: list[int] = field(default_factory=lambda: [0] * max(CHECK_WEIGHTS.values()))

    def of(self, case: Case) -> int:
        """Return the states of a case, and their pairs."""
        if case.number not in self._of_cases:
            self._of_cases[case.number] = self.of_states(case.states)
        return self._of_cases[case.number]

    def of_states(self, states: Mapping[str, str]) -> int:
        """Return states, and where they count the pairs of those that checks depend on."""
        bits = [self._bit(state, CHECK_WEIGHTS.get(state[1], 1)) for state in states.items()]
        if self.with_pairs:
            kinds = [(n, state if state in self.telling else "sent") for n, state in states.items()]
            bits += [self._bit(pair, 2) for pair in itertools.combinations(sorted(kinds), 2)]
        return sum(bits)

    def news(self, case: Case, known: int) -> int:
        """Return the weight of those states of a case that are not known."""
        new = self.of(case) & ~known
        return sum((new & mask).bit_count() for mask in self._by_weight)

    def _bit(self, state: tuple[Any, ...], weight: int) -> int:
        if state not in self._numbers:
            self._numbers[state] = len(self._numbers)
            for turn in range(weight):
                self._by_weight[turn] |= 1 << self._numbers[state]
        return 1 << self._numbers[state]
