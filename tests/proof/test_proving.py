"""What is said of a fault that was run against the suite."""

from __future__ import annotations

import pytest

from contracts.definition import loading
from contracts.faults import catalogue
from contracts.proof import prove

KOHORT = loading.load("kohort/create-order")


@pytest.mark.parametrize(
    ("fault", "requests"), [("amount-in-euros", 1), ("same-id", 2), ("twice-named", 4)]
)
def test_the_requests_of_a_proof_end_with_the_first_that_shows_the_fault(
    fault: str, requests: int
) -> None:
    """At once, with the second order, in every fourth answer; later requests do not count."""
    proof = prove.prove_together(("kohort/create-order", (catalogue.find(KOHORT, fault),)))[0]
    assert proof.holds
    assert proof.requests == requests
