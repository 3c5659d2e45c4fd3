"""A plan in the making: how its parts add their cases, and what they know of the contract."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from contracts import clause_ids
from contracts.model import ABSENT, Case, Contract, Region, Schema
from contracts.planning.bodies import covering
from contracts.planning.bodies.everyday import amounts_of
from contracts.planning.bodies.fields import acceptance, acceptances, unique_members
from contracts.planning.bodies.states import State, present, with_member
from contracts.planning.bodies.templates import bound, chance, changed, references, sample, shared
from contracts.schema import checks
from contracts.schema.jsontext import is_number, same

Item = TypeVar("Item")
Donors = Mapping[str, tuple[int, ...]]  # cases by the pointer of what they may hand out

RICHEST = 4  # bodies that stand for what an order can be
FITTING = 5  # rows of states that are tried, until one goes together


@dataclass
class Draft:
    """Cases in the order in which they will be sent.

    The parts of a plan are functions that take a draft, add cases to it and return those that
    a later part needs: nothing else passes from one to the other.
    """

    contract: Contract
    seed: int
    body: Any  # the plainest
    fields: Mapping[str, tuple[State, ...]]  # all states of each top-level member of the body
    cases: list[Case] = field(default_factory=list)
    valid_rows: list[Mapping[str, str]] = field(default_factory=list)  # the states of valid cases

    @property
    def documented(self) -> Schema:
        """What the page says of a body."""
        return self.contract.request or {}

    @property
    def plausible(self) -> Schema:
        """What is plausible of a body."""
        return self.contract.plausible or {}

    def add(
        self, region: Region, label: str, body: Any = ..., donors: Donors | None = None, **more: Any
    ) -> Case:
        """Append a case; the plain body unless another is given.

        `donors` are the cases that may hand out what a marker without any refers to, by its
        pointer. Amounts that are as in the plainest body take turns over many values.
        """
        body = self._with_other_amounts(self.body if body is ... else body)
        body = bound(body, lambda marker: (donors or {}).get(marker.pointer, ()))
        referred = {number for marker in references(body) for number in marker.by}
        number = len(self.cases) + 1
        referred |= {*shared(body), *more.pop("after", ())}
        after = tuple(sorted(referred - {number}))
        if more.get("together"):
            # a server that handles one connection after the other must not wait for one that is
            # merely kept
            more["closing"] = True
            self.cases[-1] = replace(self.cases[-1], closing=True)
        if clause_ids.COMBINED in more.get("decides", ()):
            more["decides"] = (*more["decides"], *self._options_within(more.get("states", {})))
        self.cases.append(Case(number, region, label, body, after=after, **more))
        if region is Region.VALID:
            self.valid_rows.append(self.cases[-1].states)
        return self.cases[-1]

    def open(self, state: str, label: str, body: Any = ..., **more: Any) -> Case:
        """Append a case that may be accepted or refused, and shows what an open state does."""
        return self.add(Region.OPEN, label, body, observes=(state,), **more)

    def plain(self, count: int, label: str, **more: Any) -> list[Case]:
        """Append so many cases with the plainest body."""
        decides = (clause_ids.TYPICAL, clause_ids.COMBINED)
        return [
            self.add(Region.VALID, label, decides=decides, states=self.typical_states, **more)
            for _ in range(count)
        ]

    def state_case(self, name: str, state: State, label: str, donors: Donors | None = None) -> Case:
        """Append a valid case with one member in a state, the rest plain; `donors` as in `add`."""
        states = {**self.typical_states, name: state.name}
        decides = (self.clause(name, state.name),)
        body = self.with_member(name, state.value)
        return self.add(Region.VALID, label, body, donors, decides=decides, states=states)

    def with_member(self, name: str, value: Any) -> Any:
        """Return the plain body with one member set, and none that would have it ignored."""
        return with_member(self.without_ignoring(self.body, [name]), name, value)

    def varied(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the `body` and the `states` of a case that is about the members given.

        The others are in valid states, and in others each time: what fails under three conditions
        at once shows in one of many requests that differ.
        """
        for row in itertools.islice(self._further_rows, FITTING):
            states = {name: state for name, state in row.items() if name not in given}
            values = {name: self._valid[name][state] for name, state in states.items()}
            body = self.without_ignoring(present({**values, **given}), given)
            if checks.fits(self.plausible, sample(body)):
                return {"body": body, "states": states}
        body = self.without_ignoring(present({**self.body, **given}), given)
        return {"body": body, "states": self.typical_states}

    @cached_property
    def _valid(self) -> dict[str, dict[str, Any]]:
        """The values of the valid states of each member, of those that refer to nothing."""
        values = {
            name: {
                state.name: state.value
                for state in states
                if state.region is Region.VALID and not references(state.value)
            }
            for name, states in self.fields.items()
        }
        return {name: states for name, states in values.items() if states}

    @cached_property
    def _further_rows(self) -> Iterator[dict[str, str]]:
        fields = {name: list(values) for name, values in self._valid.items()}
        return covering.further(fields, self.seed, self.valid_rows)

    def without_ignoring(self, body: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
        """Return a body without the members beside which the server ignores those named."""
        members = [self.contract.documented_members.get(name, {}) for name in names]
        ignoring = {other for member in members for other in member.get("x-ignored-with", ())}
        return {name: member for name, member in body.items() if name not in ignoring}

    def clause(self, name: str, state: str) -> str:
        """Return the clause that the acceptance of a member's state decides."""
        return acceptance(self.acceptances, name, state)

    def _with_other_amounts(self, body: Any) -> Any:
        """Return a body whose everyday numbers are others than those of the case before."""
        if not isinstance(body, dict) or not self.cases:
            return body
        turn = self.seed * 7 + len(self.cases)
        return {
            name: self.amounts[name][turn % len(self.amounts[name])]
            if name in self.amounts and same(value, self.body.get(name))
            else value
            for name, value in body.items()
        }

    @cached_property
    def amounts(self) -> dict[str, list[int]]:
        """The everyday values of each number of the body, of those that have many."""
        body = self.body if isinstance(self.body, dict) else {}
        numbers = [name for name in self.contract.plausible_members if is_number(body.get(name))]
        fitting = {name: amounts_of(self.contract, name) for name in numbers}
        return {name: amounts for name, amounts in fitting.items() if len(amounts) > 2}

    @property
    def acceptances(self) -> frozenset[str]:
        """The ids of the clauses that an acceptance decides."""
        return acceptances(self.contract)

    @cached_property
    def typical_states(self) -> dict[str, str]:
        """The state of each field in the plainest body."""
        states = {}
        for name, options in self.fields.items():
            value = self.body.get(name, ABSENT)
            names = [state.name for state in options if same(state.value, value)]
            states[name] = names[0] if names else "absent"
        return states

    def _options_within(self, states: Mapping[str, str]) -> Iterator[str]:
        """Yield the clauses of options that stand in the typical value of a member."""
        for name in (name for name, state in states.items() if state == "typical"):
            for leaf in _leaves(self.fields[name][0].value):
                clause = clause_ids.request(clause_ids.nested(name, leaf))
                if clause in self.acceptances:
                    yield clause

    @cached_property
    def unique(self) -> tuple[str, ...]:
        """The members that the page calls unique."""
        return unique_members(self.contract)

    @cached_property
    def owners(self) -> dict[str, list[str]]:
        """The members that refer to something known, as to a customer, with its details."""
        members = self.contract.plausible_members
        references = {name: child.get("x-reference", {}) for name, child in members.items()}
        return {name: row["with"] for name, row in references.items() if row.get("with")}


def _leaves(value: Any) -> Iterator[str]:
    """Yield each scalar with the way to it, as states are called: ``item kind gift``."""
    if not isinstance(value, (dict, list)):
        yield str(value)
        return
    for name, part in value.items() if isinstance(value, dict) else enumerate(value):
        way = "item" if isinstance(value, list) else name
        yield from (f"{way} {leaf}" for leaf in _leaves(part))


ORDERS = ("as documented", "reversed", "required first", "required last", "shuffled")


def in_order(draft: Draft, body: Mapping[str, Any], order: str) -> dict[str, Any]:
    """Return a body with its members in one of the `ORDERS`, which have no meaning in JSON."""
    names = list(body)
    required = draft.contract.required_members
    if order == "reversed":
        names.reverse()
    elif order == "required first":
        names.sort(key=lambda name: name not in required)
    elif order == "required last":
        names.sort(key=lambda name: name in required)
    elif order == "shuffled":
        chance(draft.seed + len(draft.cases)).shuffle(names)
    return {name: body[name] for name in names}


def richest(cases: Iterable[Case]) -> list[Case]:
    """Return the few cases with most references, and of these the ones with most members."""

    def poverty(case: Case) -> tuple[int, int]:
        return -len(references(case.body)), -len(case.body)

    return sorted(cases, key=poverty)[:RICHEST]


def by_turns(items: Iterable[Item], key: Callable[[Item], str]) -> list[Item]:
    """Return items, the first of every key before any second: ``a1 b1 a2`` for ``a1 a2 b1``."""
    turns: Counter[str] = Counter()
    numbered = []
    for item in items:
        numbered.append((turns[key(item)], item))
        turns[key(item)] += 1
    return [item for _, item in sorted(numbered, key=lambda pair: pair[0])]


def one_donor(body: Any) -> Any:
    """Return a body with one donor for each reference, which every shard has to send along."""
    return changed(body, marker=lambda marker: replace(marker, by=marker.by[:1]))


def rest(other: Case | None) -> str:
    """Return the end of a label: that all else is as in another case."""
    return "" if other is None else f", the rest as in case {other.number}"


def spoken(row: Mapping[str, str]) -> str:
    """Return the names of the states that are not the typical ones."""
    special = [f"{name}: {state}" for name, state in row.items() if state != "typical"]
    return ", ".join(special) or "all typical"
