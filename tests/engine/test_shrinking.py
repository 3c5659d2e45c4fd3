"""Findings of generated requests, made small by Hypothesis on the embedded sandbox."""

from __future__ import annotations

import json

from contracts.definition import loading
from contracts.engine import run as engine_run
from contracts.engine.embedding import embedded
from contracts.faults import server
from contracts.faults.catalogue import Fault
from contracts.interop import fuzzing
from contracts.planning.plan import plan
from contracts.verify import targets

CONTRACT = loading.load("kohort")
ONLY_GENERATED = Fault(
    "",
    "",
    when={"above": {"amount": 260_000}, "below": {"amount": 490_000}},
    response=({"op": "add", "at": "/amount", "by": 1},),
)


def test_a_finding_of_a_generated_request_is_made_as_small_as_it_gets() -> None:
    """A defect at amounts between those the plan sends is found by fuzzing.

    And shown by one of the smallest such amounts, with nothing else in the body.
    """
    (target,) = targets.choose(["kohort/create-order"], [], {})
    settings = targets.settings(
        target, fuzz=100, generate=fuzzing.fuzz, shrink=fuzzing.shrink, budget=1_000
    )
    transport = embedded(server.create_app(CONTRACT, ONLY_GENERATED), target.credentials)
    run = engine_run.run(CONTRACT, transport, settings, planned=plan(CONTRACT, 0))
    (finding,) = run.findings
    assert finding.clause.id == "relation.amount.echo"
    assert finding.minimised
    body = json.loads(finding.exchange.request.body or b"")
    assert body.keys() == {"amount"}
    assert 260_000 < body["amount"] < 260_200
