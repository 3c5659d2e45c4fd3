"""Transports that fail and then do not."""

from __future__ import annotations

from datetime import UTC, datetime

from contracts.engine import run as engine_run
from contracts.engine.settings import Settings
from contracts.model import Failure, Outcome, Request, Response
from tests.helpers.builders import KOHORT, Scripted, order, response


def flaky(failing: set[int]) -> Scripted:
    """Make a transport that fails at the requests of these numbers, counted from 0."""
    count = iter(range(10_000))

    def answer(request: Request) -> Response | Failure:
        number = next(count)
        if number in failing:
            return Failure("closed", "the connection was closed without an answer")
        now = datetime.now(UTC).isoformat()
        return response(201, order(request.value, id=f"o{number}", createdAt=now, updatedAt=now))

    return Scripted(answer)


def test_one_failure_that_a_second_try_does_not_show_is_no_finding() -> None:
    """A transport failure is tried once more.

    A single one in a run that goes away is not the sandbox's.
    """
    run = engine_run.run(KOHORT, flaky({5}), Settings())
    (result,) = [result for result in run.results if result.clause.id == "robustness.answers"]
    assert result.outcome is Outcome.HELD
    (seen,) = [seen for seen in run.observations if seen.id == "transport.failed_once"]
    assert seen.behaviour == "the connection was closed without an answer"


def test_failures_that_come_again_are_a_finding_that_says_how_often() -> None:
    """A sandbox that drops every seventh connection is found, though each second try succeeds."""
    run = engine_run.run(KOHORT, flaky(set(range(6, 200, 7))), Settings())
    found = [finding for finding in run.findings if finding.clause.id == "robustness.answers"]
    assert found
    assert found[0].seen == (1, 2)


def test_an_order_that_the_confirming_request_made_is_told_of() -> None:
    """A refused token is confirmed by a plain request.

    When that one is accepted, its order exists.
    """
    made: list[str] = []
    count = iter(range(10_000))

    def answer(request: Request) -> Response:
        number = next(count)
        if number == 3:
            return response(401, {"message": "Unauthorized"})
        made.append(f"o{number}")
        now = datetime.now(UTC).isoformat()
        return response(201, order(request.value, id=made[-1], createdAt=now, updatedAt=now))

    run = engine_run.run(KOHORT, Scripted(answer), Settings())
    assert set(run.created) == set(made)
