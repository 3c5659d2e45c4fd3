"""The product itself: one test a clause, against the embedded sandbox or a --target."""

import pytest


@pytest.mark.contract
@pytest.mark.usefixtures("contract_clause")
def test_clause() -> None:
    """The clause holds in every exchange that could have broken it."""
