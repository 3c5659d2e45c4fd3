"""How every plan begins: the plainest request, and what later cases refer to."""

from contracts import clause_ids
from contracts.model import Case, Contract, Region
from contracts.planning.bodies.everyday import with_everyday_values
from contracts.planning.bodies.fields import field_states, plain_body
from contracts.planning.cases import sequences, valid
from contracts.planning.draft import Draft


def empty(contract: Contract, seed: int) -> Draft:
    """Return an empty plan of a contract, with the everyday values that belong to a seed."""
    drawn = with_everyday_values(contract, seed)
    return Draft(drawn, seed, plain_body(drawn), field_states(drawn))


def begun(contract: Contract, seed: int) -> Draft:
    """Return a plan of the plainest request."""
    draft = empty(contract, seed)
    decides, states = (clause_ids.TYPICAL,), draft.typical_states
    draft.add(Region.VALID, "a plain request", decides=decides, states=states)
    return draft


def referred_to(draft: Draft) -> tuple[dict[str, tuple[int, ...]], list[Case], list[Case]]:
    """Add the cases that later ones refer to.

    Return which may hand out what a marker refers to, the smallest body, and what may be joined.
    """
    documented, plausible = draft.contract.request or {}, draft.contract.plausible or {}
    introduced = valid.introduce(draft, plausible)
    return (
        introduced,
        valid.minimal(draft, documented, plausible),
        sequences.joined(draft, plausible),
    )
