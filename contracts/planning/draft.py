"""A plan in the making: what its parts share, and how they add a case."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from contracts.model import ABSENT, Case, Contract, Region
from contracts.planning.bodies import covering
from contracts.planning.bodies.fields import acceptance, acceptances
from contracts.planning.bodies.states import State, with_member
from contracts.planning.bodies.templates import HandedOut, bound, references, shared

RICHEST = 4  # rows that stand for what an order can be


@dataclass
class Draft:
    """Cases in the order in which they will be sent; `largest` is how many of them there may be."""

    contract: Contract
    seed: int
    largest: int
    body: Any  # the plainest
    fields: Mapping[str, tuple[State, ...]]  # all states of each top-level member of the body
    cases: list[Case] = field(default_factory=list)
    pairs: set[covering.Pair] = field(default_factory=set)
    minimal: list[Case] = field(default_factory=list)  # the cases with what is required and no more
    rows: list[Case] = field(default_factory=list)  # the cases of the covering array
    introduced: dict[str, tuple[int, ...]] = field(
        default_factory=dict
    )  # pointer -> cases that may hand it out

    def add(self, region: Region, label: str, body: Any = ..., **more: Any) -> Case:
        """Append a case; the plain body unless another is given."""
        body = bound(
            self.body if body is ... else body,
            lambda marker: self.introduced.get(marker.pointer, ()),
        )
        donors = {number for marker in references(body) for number in marker.by}
        after = tuple(sorted(donors | set(shared(body))))
        if more.get("together"):
            # a server that handles one connection after the other must not wait for one that is
            # merely kept
            more["closing"] = True
            self.cases[-1] = replace(self.cases[-1], closing=True)
        self.cases.append(Case(len(self.cases) + 1, region, label, body, after=after, **more))
        return self.cases[-1]

    def plain(self, count: int, label: str, **more: Any) -> None:
        """Append so many cases with the plainest body."""
        decides = ("request.typical", "request.combined")
        for _ in range(count):
            self.add(Region.VALID, label, decides=decides, states=self.typical_states, **more)

    def state_case(self, name: str, state: State, label: str) -> Case:
        """Append a valid case with one member in a state, the rest plain."""
        found = {**self.typical_states, name: state.name}
        decides = (self.clause(name, state.name),)
        return self.add(
            Region.VALID, label, self.with_member(name, state.value), decides=decides, states=found
        )

    def with_member(self, name: str, value: Any) -> Any:
        """Give the plain body with a member as it shall be.

        And without those that would have it ignored.
        """
        properties = (self.contract.request or {}).get("properties", {})
        ignored = {name, *properties.get(name, {}).get("x-ignored-with", ())}
        return with_member(
            {key: member for key, member in self.body.items() if key not in ignored}, name, value
        )

    def clause(self, name: str, state: str) -> str:
        """Give the clause that the acceptance of a member's state decides."""
        return acceptance(self.acceptances, name, state)

    @property
    def richest(self) -> list[Case]:
        """A few rows with as many references and members as there are."""
        return sorted(self.rows, key=lambda row: (-len(references(row.body)), -len(row.body)))[
            :RICHEST
        ]

    @cached_property
    def acceptances(self) -> set[str]:
        """The ids of the clauses that an acceptance decides."""
        return acceptances(self.contract)

    @cached_property
    def typical_states(self) -> dict[str, str]:
        """The state of each field in the plainest body."""
        found = {}
        for name, options in self.fields.items():
            value = self.body.get(name, ABSENT)
            found[name] = next((state.name for state in options if state.value == value), "absent")
        return found

    @cached_property
    def open_states(self) -> list[tuple[str, State]]:
        """The open states of all fields."""
        return [
            (name, one)
            for name, options in self.fields.items()
            for one in options
            if one.region is Region.OPEN
        ]

    @cached_property
    def unique(self) -> tuple[str, ...]:
        """The members that the page calls unique."""
        members = (self.contract.plausible or {}).get("properties", {})
        return tuple(name for name, child in members.items() if "x-unique" in child)

    @cached_property
    def owners(self) -> dict[str, list[str]]:
        """The members that refer to something known, such as a customer.

        With those that belong to it.
        """
        members = (self.contract.plausible or {}).get("properties", {})
        owned = {name: child.get("x-reference", {}).get("with") for name, child in members.items()}
        return {name: others for name, others in owned.items() if others}


def plainest_first(clauses: Iterable[str], others: Sequence[Case]) -> Iterator[Case | None]:
    """Yield in whose body each clause is broken.

    In the plainest (None) the first time, then in the others in turn.
    """
    turns = itertools.cycle(others or [None])
    seen: set[str] = set()
    for clause in clauses:
        yield next(turns) if clause in seen else None
        seen.add(clause)


def one_donor(body: Mapping[str, Any]) -> dict[str, Any]:
    """Give the body of a request that is refused.

    One donor is enough for it, and a shard has to send it along.
    """
    return {
        name: replace(value, by=value.by[:1]) if isinstance(value, HandedOut) else value
        for name, value in body.items()
    }


def rest(other: Case | None) -> str:
    """Say that all else is as in another case, in the end of a label."""
    return "" if other is None else f", the rest as in case {other.number}"


def spoken(row: Mapping[str, str]) -> str:
    """Name the states of fields that are not the typical ones."""
    return (
        ", ".join(f"{name}: {state}" for name, state in row.items() if state != "typical")
        or "all typical"
    )
