"""Facts that do not hold yet: each test is right, and the code is not."""

from __future__ import annotations

from datetime import UTC, datetime

from contracts import runner
from contracts.model import Failure, Outcome, Request, Response
from contracts.sending import Settings

from .builders import KOHORT, Scripted, order, response


def test_a_failure_that_a_second_try_does_not_show_is_no_finding() -> None:
    """A transport failure is tried once more, and a finding only when it comes again."""
    count = iter(range(10_000))

    def answer(request: Request) -> Response | Failure:
        number = next(count)
        if number == 5:
            return Failure("closed", "the connection was closed without an answer")
        now = datetime.now(UTC).isoformat()
        return response(201, order(request.value, id=f"o{number}", createdAt=now, updatedAt=now))

    run = runner.run(KOHORT, Scripted(answer), Settings())
    (result,) = [result for result in run.results if result.clause.id == "robustness.answers"]
    assert result.outcome is Outcome.HELD
