"""The plan of a run: all cases in the order they are sent, from a contract and a seed alone."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

from contracts.model import Case, Contract, Region, Skipped
from contracts.planning.bodies import covering
from contracts.planning.bodies.fields import field_states, plain_body
from contracts.planning.cases import authorization, invalid, sequences, valid
from contracts.planning.cases import open as open_region
from contracts.planning.draft import Draft
from contracts.planning.essential import essential

LARGEST = {True: 220, False: 80}  # cases, with and without a documented body
RESERVE = 80  # requests of a budget that are kept for fuzzing and for making findings small
FIRST_LOOK = 12  # cases after which a sandbox that accepted nothing is not asked further
AT_THE_END = 3  # plain requests
FOR_THE_END = 5  # these, and those that have to be refused in other bodies


@dataclass(frozen=True, slots=True)
class Plan:
    """The cases in order, and the pairs of field states that the valid ones have to cover.

    `first_look` are those that are sent before all others when the plainest request is refused;
    `elsewhere` are cases that another shard of the run sends.
    """

    cases: tuple[Case, ...]
    pairs: frozenset[covering.Pair] = frozenset()
    first_look: tuple[Case, ...] = ()
    elsewhere: tuple[Skipped, ...] = ()

    @property
    def essential(self) -> frozenset[int]:
        """The numbers of the cases that decide each clause once."""
        return essential(self.cases)

    @property
    def closing(self) -> tuple[Case, ...]:
        """The plain cases that a plan ends with, which are sent after all else."""
        return tuple(
            itertools.takewhile(lambda case: case.region is Region.VALID, reversed(self.cases[1:]))
        )[::-1]


def plan(contract: Contract, seed: int, budget: int = 0) -> Plan:
    """Make the plan of a contract; the same seed and budget give the same plan.

    A budget beyond what the plan and its follow-ups take is spent on pairs of open states.
    """
    largest = max(LARGEST[contract.request is not None], budget - RESERVE)
    draft = Draft(contract, seed, largest, plain_body(contract), field_states(contract))
    _fill(draft)
    return Plan(tuple(draft.cases), frozenset(draft.pairs), tuple(draft.cases[1 : 1 + FIRST_LOOK]))


def _fill(draft: Draft) -> None:
    documented, plausible = draft.contract.request, draft.contract.plausible
    draft.add(
        Region.VALID, "a plain request", decides=("request.typical",), states=draft.typical_states
    )
    if documented is not None and plausible is not None:
        valid.introduce(draft, plausible)
        valid.minimal(draft, documented, plausible)
        sequences.joined(draft, plausible)
        valid.rows(draft, plausible)
    sequences.repeated(draft)
    shut = authorization.shut_out(draft)
    refused = authorization.refused(draft, shut)
    if documented is not None and plausible is not None:
        room = _room(draft) - len(draft.open_states) - open_region.BESIDE_STATES
        refused += invalid.invalid(draft, documented, plausible, room)
        valid.defaults(draft, documented, plausible)
        invalid.references_again(draft, refused)
    else:
        draft.plain(1, "a plain request after others were refused")
    open_region.opened(draft)
    if documented is not None and plausible is not None:
        invalid.invalid_again(draft, documented, plausible, _room(draft))
    open_region.opened_in_pairs(draft, _room(draft))
    authorization.refused_in_other_bodies(draft, shut)
    draft.plain(AT_THE_END, "a plain request at the end")


def _room(draft: Draft) -> int:
    """Give how many more cases there may be, but for those that a plan ends with."""
    return draft.largest - len(draft.cases) - FOR_THE_END


def renumbered(case: Case, number: int) -> Case:
    """Give a case as a further one of a run: with a number of its own, sent by itself."""
    return replace(case, number=number, together=False, closing=False)
