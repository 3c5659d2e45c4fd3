"""What a finding's request was, in the states that matter.

A request of the plan has a state for each of ten members, and a drawn one has none: a reader
wants to know which of them shows the finding.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from contracts.model import Case, Contract, Exchange, Finding
from contracts.planning.bodies.fields import member_states, special_members
from contracts.planning.bodies.templates import references, sample
from contracts.schema.jsontext import show

GENERATED = "generated"  # what the labels of generated cases begin with
MOST_NAMED = 3  # members that are named
PLAIN = "the required members only"


def described(
    contract: Contract, findings: Sequence[Finding], history: Sequence[Exchange]
) -> tuple[Finding, ...]:
    """Return findings whose cases say what matters of them.

    Example: ``locale: left out`` instead of the states of all members, and ``read what was
    created with amount: largest`` instead of the number of a case.
    """
    cases = {exchange.case.number: exchange.case for exchange in history}
    return tuple(_described(contract, finding, cases) for finding in findings)


def _described(contract: Contract, finding: Finding, cases: Mapping[int, Case]) -> Finding:
    exchange = finding.exchange
    case = finding.case
    label = case.label
    if isinstance(case.body, dict) and _lists_states(case):
        label = states_of(contract, case, finding)
    elif match := re.fullmatch(r"read what case (\d+) created", label):
        creation = cases[int(match[1])]
        label = "read what was created"
        if isinstance(creation.body, dict):
            states = states_of(contract.of(creation.operation), creation, finding)
            label += f" with {states}"
    if label == case.label:
        return finding
    return replace(finding, exchange=replace(exchange, case=replace(case, label=label)))


def states_of(contract: Contract, case: Case, finding: Finding) -> str:
    """Return what is special about a body, the members that the clause speaks of first."""
    if case.must_refuse:
        return f"{case.label.partition(', ')[0]}, in the smallest body"
    # the members of the request that the finding is about
    places = [place.partition("#") for place in finding.clause.places]
    pointers = [pointer for part, _, pointer in places if part == "request"]
    members = {pointer.split("/")[1] for pointer in [*pointers, finding.place] if "/" in pointer}
    body = case.body
    spared = {*contract.required_members, *body}
    left_out = [n for n in contract.documented_members if n in members and n not in spared]
    special = special_members(contract, body)
    states = {
        **{name: _state(contract, name, value) for name, value in special.items()},
        **dict.fromkeys(left_out, "left out"),
        **case.headers,
    }
    names = sorted(states, key=lambda name: name not in members)
    rest = len(names) - MOST_NAMED
    text = ", ".join(f"{name}: {states[name]}" for name in names[:MOST_NAMED])
    if rest > 0:
        return f"{text} and {rest} more member{'s' if rest > 1 else ''}"
    if special or case.headers:
        return f"{text}, nothing else"
    return f"{text}; {PLAIN}" if text else PLAIN


def _lists_states(case: Case) -> bool:
    """Whether a label names the states of a row, or says no more than that it was drawn."""
    parts = (part.partition(": ") for part in case.label.split(", "))
    row = bool(case.states) and all(case.states.get(name) == state for name, _, state in parts)
    return row or case.label.startswith(GENERATED) or case.label == PLAIN


def _state(contract: Contract, name: str, value: Any) -> str:
    """Return the name of a member's state, or the value where it has none."""
    if references(value):
        return "handed out"
    states = member_states(contract, name)
    names = (state.name for state in states if repr(state.value) == repr(value))
    return next(names, "") or show(sample(value), 40)
