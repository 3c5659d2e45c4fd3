"""The requests of an API's budget, shared by its operations."""

from collections.abc import Sequence
from typing import NamedTuple

from contracts.model import Contract
from contracts.planning.plan import READ_AGAIN, plan
from contracts.verify.targets import Target

CREATE = 300  # requests at most of an operation that creates, unless many are left
SPARED = 100  # of those that are left, which an operation that creates does not take
LEAST = 3  # requests that show whether an operation is there
ASIDE = 4  # requests beside a plan, such as one that confirms a refusal
AGAIN = 20  # requests beyond its plan that one that reads may take: it may be asked to wait


class Need(NamedTuple):
    """How many requests decide each clause of an operation once, and how many it makes use of.

    The second is None of an operation that creates, which makes use of many.
    """

    least: int
    most: int | None = None


def need(contract: Contract, seed: int) -> Need:
    """Return what an operation needs of the budget of its API."""
    planned = plan(contract, seed)
    if contract.reads:
        return Need(len(planned.essential) + READ_AGAIN, len(planned.cases) + READ_AGAIN)
    return Need(len(planned.essential) + ASIDE)


def least(chosen: Sequence[Target], seed: int) -> dict[str, int]:
    """Return how many requests decide each clause once, by the API that they are sent to."""
    totals: dict[str, int] = {}
    for target in chosen:
        api, _ = target.place
        totals[api] = totals.get(api, 0) + need(target.contract, seed).least
    return totals


def needs(chosen: Sequence[Target], seed: int) -> list[list[Need]]:
    """Return, of each target, what it needs and what those that follow at its place need."""
    every = [(target.place, need(target.contract, seed)) for target in chosen]
    return [
        [each for place, each in every[number:] if place == target.place]
        for number, target in enumerate(chosen)
    ]


def share(left: int, own: Need, later: Sequence[Need]) -> int:
    """Return how many of the requests that are left an operation may send.

    `later` is what the operations of its API need that follow. Each gets what decides its
    clauses, or a part of it where that is too much for all. Of the rest those that read get
    what they make use of, and a few that may have to be sent again; the others share what
    remains, each as much.
    """
    every = [own, *later]
    least = sum(each.least for each in every)
    if left < least:
        return max(left * own.least // least, LEAST)
    spare = left - least
    further = [each.most - each.least for each in every if each.most is not None]
    others = len(every) - len(further)
    rest = max(spare - sum(further), 0)
    if own.most is None:
        return min(own.least + rest // others, max(CREATE, left - SPARED))
    taken = min(spare, sum(further)) * (own.most - own.least) // max(sum(further), 1)
    return own.least + taken + (min(rest, AGAIN) if others else rest)
