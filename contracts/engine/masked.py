"""Open states that a strict sandbox hides from sight.

It refuses a request for one state of it, and tells nothing of the others. So what was refused only
beside others is sent alone; what is taken meets others later (`planning.plan.crossed_further`).
"""

from collections.abc import Sequence

from contracts.model import Case, Contract, Exchange
from contracts.planning.draft import by_turns
from contracts.planning.plan import alone

Pair = tuple[str, str]  # a member, and its state


def hidden_states(
    contract: Contract, seed: int, history: Sequence[Exchange], least_daring: int = 0
) -> list[Case]:
    """Return a case for each open state that was sent only beside others, and always refused.

    The first cases are of states of different names: what refuses NUL in one text does in others.
    """
    known = {
        pair
        for exchange in history
        if exchange.accepted or exchange.failed or len(_observed(exchange.case)) == 1
        for pair in exchange.case.states.items()
    }
    refused = {pair for exchange in _mixed(history) for pair in exchange.case.states.items()}
    cases = alone(contract, seed, refused - known, least_daring)
    return by_turns(cases, lambda case: _observed(case)[0][1])


def _mixed(history: Sequence[Exchange]) -> list[Exchange]:
    """Return the refused exchanges with several open states."""
    return [one for one in history if one.refused and len(one.case.observes) > 1]


def _observed(case: Case) -> list[Pair]:
    """Return the open states of a case."""
    states = case.states.items()
    return [(name, state) for name, state in states if f"{name}.{state}" in case.observes]
