"""What a contract's body consists of for a plan: fields with states, and its plainest form."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

from contracts import clause_ids
from contracts.model import ABSENT, Contract, Kind, Region, Schema
from contracts.planning.bodies.everyday import typical
from contracts.planning.bodies.states import State, states
from contracts.planning.bodies.templates import references
from contracts.schema.jsontext import same

MOST_STATES = 5  # of a field, of which all pairs are sent
PLAIN = ("typical", "absent")
NOTHING: Schema = {"enum": []}  # P of a member that is never sent


def plain_body(contract: Contract) -> Any:
    """Return the template of the plainest body: every member typical."""
    return contract.plain if contract.plausible is None else typical(contract.plausible)


def plain_members(contract: Contract) -> dict[str, Any]:
    """Return the members of the plainest body; none where the page documents no object."""
    body = plain_body(contract)
    return body if isinstance(body, dict) else {}


def special_members(contract: Contract, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that a body has beyond the required ones at their plainest."""
    plain = plain_members(contract)
    required = contract.required_members
    return {
        name: value
        for name, value in body.items()
        if name not in required or not same(value, plain.get(name, ABSENT))
    }


def field_states(contract: Contract) -> dict[str, tuple[State, ...]]:
    """Return all states of each top-level member of a documented body."""
    if contract.plausible is None:
        return {}
    return {name: member_states(contract, name) for name in contract.documented_members}


def member_states(contract: Contract, name: str) -> tuple[State, ...]:
    """Return all states of one top-level member of the body; none of an undocumented one."""
    plausible = contract.plausible
    if plausible is None or name not in contract.documented_members:
        return ()
    child = contract.documented_members[name]
    wider = child if plausible.get("additionalProperties", True) else NOTHING
    return states(
        child,
        contract.plausible_members.get(name, wider),
        required=name in contract.required_members,
        sent=name in plausible.get("required", ()),
    )


def unique_members(contract: Contract) -> tuple[str, ...]:
    """Return the members that the page calls unique."""
    members = contract.plausible_members.items()
    return tuple(name for name, child in members if "x-unique" in child)


@lru_cache(maxsize=64)  # as many operations as an API has
def acceptances(contract: Contract) -> frozenset[str]:
    """Return the ids of the clauses that an acceptance decides."""
    return frozenset(clause.id for clause in contract.clauses if clause.kind is Kind.ACCEPTANCE)


def acceptance(known: AbstractSet[str], name: str, state: str) -> str:
    """Return the clause that a state of a member belongs to: its own, or else the member's.

    Where there is none, as for a member that is the same in every plausible request, or one
    that only the server can hand out and that was left out, that of any combination stands in.
    """
    fitting = [clause_ids.request(f"{name}.optional")]
    if state != "absent":
        words = (f"{name}.{state}", clause_ids.nested(name, state), f"{name}.accepted")
        fitting = list(map(clause_ids.request, words))
    return next((clause for clause in fitting if clause in known), clause_ids.COMBINED)


def in_every_pair(
    contract: Contract, name: str, options: Sequence[State], seed: int
) -> list[State]:
    """Return the valid states of a field of which all pairs are sent, some by seed.

    Kept are those that a clause speaks of, and as many others as there is room for: what is
    left out is rare, and crossed with the rest as open states are.
    """
    valid = [state for state in options if state.region is Region.VALID]
    acceptance_ids = acceptances(contract)
    names = {state.name: clause_ids.request(f"{name}.{state.name}") for state in valid}
    with_clause = {*PLAIN, *(state for state, clause in names.items() if clause in acceptance_ids)}
    always = [state for state in valid if state.name in with_clause or references(state.value)]
    others = [state for state in valid if state not in always]
    room = max(MOST_STATES - len(always), 0)
    turn = seed * room % max(len(others), 1)
    return always + [*others[turn:], *others[:turn]][:room]
