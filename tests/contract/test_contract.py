"""The product itself: one test a clause, against the embedded sandbox or a --target."""

from __future__ import annotations

import pytest

from contracts.suite import ClauseOutcome


@pytest.mark.contract
def test_clause(contract_clause: ClauseOutcome) -> None:
    """The clause holds in every exchange that could have broken it."""
    contract_clause.check()
