"""What a run uses up itself is not held against the sandbox."""

from collections import Counter

import pytest

from contracts.model import Outcome, Run
from tests.helpers.causes import Behaviour, Body, sent, verified


def joining_at_most(limit: int) -> Run:
    """Return a run against a sandbox whose groups take so many orders by their share id."""
    joins: Counter[str] = Counter()

    def is_full(body: Body) -> bool:
        if not sent(body, "paymentGroupShareId"):
            return False
        name = str(body["paymentGroupShareId"])
        joins[name] += 1
        return joins[name] > limit

    return verified(Behaviour(refuses=((is_full, "the group is complete"),)))


@pytest.mark.parametrize(("limit", "times"), [(3, "3 times"), (1, "once")])
def test_a_full_group_is_no_violation(limit: int, times: str) -> None:
    """No page says how many may join; that a group was full is told as what was seen."""
    run = joining_at_most(limit)
    assert [one.clause.id for one in run.results if one.outcome is Outcome.VIOLATED] == []
    seen = {one.id: one.behaviour for one in run.observations}
    assert seen["paymentGroupShareId.often"] == f"one is taken {times}, then refused"


def test_a_group_that_nobody_can_join_is_one() -> None:
    """Refused from the first on, it is the reference that is refused, and not how often."""
    run = joining_at_most(0)
    violated = {one.clause.id for one in run.results if one.outcome is Outcome.VIOLATED}
    assert violated == {"request.paymentGroupShareId.accepted"}
