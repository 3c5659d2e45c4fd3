"""Cases beside the plan, with numbers of their own, which answers to it give reason to send."""

import itertools
from collections.abc import Collection

from contracts.model import Case, Contract, Region
from contracts.planning.cases import crossed, opening


def alone(
    contract: Contract, seed: int, wanted: Collection[tuple[str, str]], least_daring: int
) -> list[Case]:
    """Return a case for each of some open states (member, state), in an otherwise typical request.

    The most daring come first, those below `least_daring` not at all.
    """
    if not wanted:
        return []
    draft = opening.empty(contract, seed)
    states = [
        (name, state)
        for name, states in draft.fields.items()
        for state in states
        if (name, state.name) in wanted and state.region is Region.OPEN
        if state.daring >= least_daring
    ]
    states.sort(key=lambda pair: -pair[1].daring)
    cases = [crossed.alone(draft, name, state) for name, state in states]
    return [case for case in cases if case is not None]


def crossed_further(
    contract: Contract, seed: int, experience: crossed.Experience, count: int
) -> list[Case]:
    """Return so many cases in which states meet that did not in requests that a server took.

    They refer to cases of the plan of the same seed.
    """
    if contract.request is None or contract.plausible is None:
        return []
    draft = opening.begun(contract, seed)
    creators = opening.referred_to(draft)[-1]
    return list(itertools.islice(crossed.crossed_cases(draft, creators, experience), count))
