"""Transports that fail and then do not."""

from __future__ import annotations

from datetime import UTC, datetime

from contracts.engine import run as engine_run
from contracts.engine.replay import Seen, replay
from contracts.engine.settings import Settings
from contracts.judge.business_rules import AS_WRITTEN
from contracts.model import Failure, Outcome, Request, Response
from contracts.schema.jsontext import is_number
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


def forgetful(*, mended: bool = False) -> Scripted:
    """Make a transport that has no risk level in every second order right after a refusal."""
    statuses: list[int] = []

    def answer(request: Request) -> Response:
        sent, after_refusal = request.value, statuses[-1:] == [400]
        fits = isinstance(sent, dict) and is_number(sent.get("amount"))
        statuses.append(201 if fits else 400)
        if not fits:
            return response(400, {"message": "amount is needed"})
        now, count = datetime.now(UTC).isoformat(), len(statuses)
        kept = order(sent, id=f"o{count}", createdAt=now, updatedAt=now)
        is_wrong = after_refusal and statuses.count(201) % 2 == 0 and not mended
        return response(201, kept | ({"riskLevel": None} if is_wrong else {}))

    return Scripted(answer)


def test_what_shows_right_after_a_refusal_is_replayed_with_the_refusal() -> None:
    """The state is in the finding; where it does not show, nobody can tell that it is gone."""
    run = engine_run.run(KOHORT, forgetful(), Settings())
    clause = "response.riskLevel.type"
    (finding,) = [finding for finding in run.findings if finding.clause.id == clause]
    assert finding.exchange.case.label.endswith("right after a refusal")
    refusal, plain = finding.steps
    assert (refusal["region"] != "valid", plain["region"]) == (True, "valid")
    for sandbox, expected in (
        (forgetful(), Seen.STILL_THERE),
        (forgetful(mended=True), Seen.CANNOT_TELL),
    ):
        steps = finding.steps
        seen, _ = replay(KOHORT, sandbox, Settings(budget=400), clause, steps, intermittent=True)
        assert seen is expected


def test_where_nobody_ever_answered_nothing_is_found() -> None:
    """Connections that were closed at first, and then none, are of no sandbox that could fail."""
    count = iter(range(10_000))

    def answer(_: Request) -> Response | Failure:
        kind = "closed" if next(count) < 4 else "connect"
        return Failure(kind, "the connection was reset")

    run = engine_run.run(KOHORT, Scripted(answer), Settings())
    assert run.findings == ()
    assert run.aborted is not None


def test_white_space_that_is_refused_is_no_chance() -> None:
    """JSON may have it around its signs; the same body without it is accepted each time."""
    count = iter(range(10_000))

    def answer(request: Request) -> Response:
        if (request.body or b"").startswith(b"\r"):
            return response(400, {"message": "Unexpected token"})
        now = datetime.now(UTC).isoformat()
        name = f"o{next(count)}"
        return response(201, order(request.value, id=name, createdAt=now, updatedAt=now))

    run = engine_run.run(KOHORT, Scripted(answer), Settings())
    (finding,) = [finding for finding in run.findings if finding.exchange.status == 400]
    assert finding.explanation == AS_WRITTEN
    assert finding.case.spread
    assert finding.seen is None


def test_server_errors_by_chance_are_one_finding() -> None:
    """Of requests that are all answered when they are sent again: none of them is the reason."""
    count = iter(range(10_000))

    def answer(request: Request) -> Response:
        number = next(count)
        if number in (20, 47, 71, 96):
            return response(500, {"message": "try again"})
        now = datetime.now(UTC).isoformat()
        return response(201, order(request.value, id=f"o{number}", createdAt=now, updatedAt=now))

    run = engine_run.run(KOHORT, Scripted(answer), Settings())
    clause = "robustness.no_server_error"
    (finding,) = [finding for finding in run.findings if finding.clause.id == clause]
    assert finding.seen is not None
    assert finding.occurrences == 4
