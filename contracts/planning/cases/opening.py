"""How every plan begins, and cases beside it, which answers to it give reason to send."""

import itertools
from collections.abc import Collection

from contracts import clause_ids
from contracts.model import Case, Contract, Region
from contracts.planning.bodies.everyday import with_everyday_values
from contracts.planning.bodies.fields import field_states, plain_body
from contracts.planning.cases import crossed, sequences, valid
from contracts.planning.draft import Draft


def empty(contract: Contract, seed: int) -> Draft:
    """Return an empty plan of a contract, with the everyday values that belong to a seed."""
    drawn = with_everyday_values(contract, seed)
    return Draft(drawn, seed, plain_body(drawn), field_states(drawn))


def begun(contract: Contract, seed: int) -> Draft:
    """Return a plan of the plainest request."""
    draft = empty(contract, seed)
    decides = (clause_ids.TYPICAL,)
    states = draft.typical_states
    draft.add(Region.VALID, "a plain request", decides=decides, states=states)
    return draft


def referred_to(draft: Draft) -> tuple[dict[str, tuple[int, ...]], list[Case], list[Case]]:
    """Add the cases that later ones refer to.

    Return which may hand out what a marker refers to, the smallest body, and what may be joined.
    """
    return valid.introduce(draft), valid.minimal(draft), sequences.joined(draft)


def alone(
    contract: Contract, seed: int, wanted: Collection[tuple[str, str]], least_daring: int
) -> list[Case]:
    """Return a case for each of some open states (member, state), in an otherwise typical request.

    The most daring come first, those below `least_daring` not at all.
    """
    if not wanted:
        return []
    draft = empty(contract, seed)
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
    draft = begun(contract, seed)
    creators = referred_to(draft)[-1]
    return list(itertools.islice(crossed.crossed_cases(draft, creators, experience), count))
