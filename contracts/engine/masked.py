"""Open states that a strict sandbox hides from sight.

It refuses a request for one state of it, and tells nothing of the others. So what was refused only
beside others is sent alone, and then the rest of such requests without what is refused alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from contracts.model import Case, Contract, Exchange
from contracts.planning.bodies.fields import plain_members
from contracts.planning.cases.crossed import Experience
from contracts.planning.cases.opening import alone
from contracts.planning.draft import by_turns

Pair = tuple[str, str]  # a member, and its state


def hidden_states(
    contract: Contract, seed: int, history: Sequence[Exchange], least_daring: int = 0
) -> list[Case]:
    """Return a case for each open state that was sent only beside others, and always refused.

    The first cases are of states of different names: what refuses NUL in one text does in others.
    """
    decided = {
        pair
        for exchange in history
        if exchange.accepted or exchange.failed or len(_observed(exchange.case)) == 1
        for pair in exchange.case.states.items()
    }
    refused = {pair for exchange in _mixed(history) for pair in exchange.case.states.items()}
    cases = alone(contract, seed, refused - decided, least_daring)
    return by_turns(cases, lambda case: _observed(case)[0][1])


def freed(contract: Contract, history: Sequence[Exchange]) -> Iterator[Case]:
    """Yield the refused mixtures without the states that are refused alone, where some are left.

    A member in such a state, as any in a state of its name, is as in the plainest request instead,
    or left out. What has options comes in each of them, and first comes always the case in which
    most states meet that did not in what the sandbox took.
    """
    by_itself = _by_itself(history)
    accepted = {state for each in by_itself if each.accepted for _, state in _observed(each.case)}
    refused = {state for each in by_itself if each.refused for _, state in _observed(each.case)}
    guilty = refused - accepted
    freed_cases = [_without(contract, exchange.case, guilty) for exchange in _mixed(history)]
    cases = [
        each for case in freed_cases if case is not None for each in _in_each_option(contract, case)
    ]
    met = {pair for each in history if each.accepted for pair in _meetings(each.case)}
    while cases:
        best = max(cases, key=lambda case: len(_meetings(case) - met))
        met |= _meetings(best)
        cases = [case for case in cases if case.number != best.number]
        yield best


def _meetings(case: Case) -> set[tuple[Pair, Pair]]:
    """Return the pairs of an open state of a case and another state that it has."""
    states = case.states.items()
    return {(one, other) for one in _observed(case) for other in states if one[0] != other[0]}


def _in_each_option(contract: Contract, case: Case) -> Iterator[Case]:
    """Yield a case with each option of each member that has some and is in no open state."""
    yield case
    open_names = {name for name, _ in _observed(case)}
    for name, schema in contract.plausible_members.items():
        options = schema.get("enum", ()) if name not in open_names else ()
        for option in options:
            body = {**case.body, name: option}
            states = {**case.states, name: str(option)}
            yield replace(case, body=body, states=states)


def experience(history: Sequence[Exchange]) -> Experience:
    """Return what a sandbox made of the states that it was sent.

    A state that it refuses by itself is one that it takes nowhere.
    """
    rows = tuple(each.case.states for each in history if each.accepted and each.case.states)
    accepted = frozenset(pair for row in rows for pair in row.items())
    by_itself = [exchange for exchange in _by_itself(history) if exchange.refused]
    refused = {pair for exchange in by_itself for pair in _observed(exchange.case)}
    return Experience(rows, accepted, frozenset(refused - accepted))


def _by_itself(history: Sequence[Exchange]) -> list[Exchange]:
    """Return the exchanges with one open state."""
    return [each for each in history if len(each.case.observes) == 1]


def _mixed(history: Sequence[Exchange]) -> list[Exchange]:
    """Return the refused exchanges with several open states."""
    return [each for each in history if each.refused and len(each.case.observes) > 1]


def _observed(case: Case) -> list[Pair]:
    """Return the open states of a case."""
    states = case.states.items()
    return [(name, state) for name, state in states if f"{name}.{state}" in case.observes]


def _without(contract: Contract, case: Case, guilty: set[str]) -> Case | None:
    """Return a case without guilty states; None where it has none, or nothing open is left."""
    names = [name for name, state in _observed(case) if state in guilty]
    observes = tuple(o for o in case.observes if o.partition(".")[0] not in names)
    if not names or not observes or not isinstance(case.body, dict):
        return None
    plain = plain_members(contract)
    rest = {name: value for name, value in case.body.items() if name not in names}
    return replace(
        case,
        label=", ".join(observes).replace(".", ": "),
        body={**rest, **{name: plain[name] for name in names if name in plain}},
        states={name: state for name, state in case.states.items() if name not in names},
        observes=observes,
        together=False,
        closing=False,
    )
