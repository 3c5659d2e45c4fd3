"""The contract suite in its plainest form: Hypothesis draws bodies, jsonschema checks answers.

Bodies of the three regions go to the embedded sandbox, which respx mocks, or to a ``--target``.
How many are drawn is Hypothesis' business: ``--hypothesis-profile``, ``--hypothesis-seed``.
"""

from __future__ import annotations

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from contracts.model import Region
from contracts.verify.asking import Sandbox

pytestmark = pytest.mark.contract
# To explain a failure takes hundreds of requests, and tells of the draw, not of the sandbox.
shrunk = settings(phases=set(Phase) - {Phase.explain})


@shrunk
@given(data=st.data())
def test_a_valid_body_is_accepted(contract_sandbox: Sandbox, data: st.DataObject) -> None:
    """What no reasonable server behind the page would refuse is accepted, and answered rightly."""
    body = data.draw(contract_sandbox.bodies(Region.VALID))
    exchange = contract_sandbox.send(body, Region.VALID)
    assert exchange.accepted, f"refused: {exchange.answer}"
    contract_sandbox.response_validator.validate(exchange.value)
    assert contract_sandbox.violations(exchange) == []


@shrunk
@given(data=st.data())
def test_an_open_body_is_answered_or_refused(
    contract_sandbox: Sandbox, data: st.DataObject
) -> None:
    """What the page leaves open is accepted or refused, and never fails."""
    body = data.draw(contract_sandbox.bodies(Region.OPEN))
    exchange = contract_sandbox.send(body, Region.OPEN)
    assert exchange.accepted or exchange.refused, f"neither: {exchange.answer}"
    if exchange.accepted:
        contract_sandbox.response_validator.validate(exchange.value)
    assert contract_sandbox.violations(exchange) == []


@shrunk
@given(data=st.data())
def test_an_invalid_body_is_refused(contract_sandbox: Sandbox, data: st.DataObject) -> None:
    """What breaks one constraint of the page is refused with a 4xx."""
    body = data.draw(contract_sandbox.bodies(Region.INVALID))
    exchange = contract_sandbox.send(body, Region.INVALID)
    assert exchange.refused, f"not refused: {exchange.answer}"
    assert contract_sandbox.violations(exchange) == []
