"""Relations of refusals, where a document says which status and what body they have."""

from __future__ import annotations

from typing import Any

from contracts.judge.history import History, Look
from contracts.judge.operators import OPERATORS
from contracts.model import Case, Exchange, Region
from tests.helpers.builders import exchange, response

STATUS = {"cases": ["authorization.absent"], "status": [401]}
BODY = {
    "status": [400, 401],
    "unless": ["request.json"],
    "schema": {
        "type": "object",
        "required": ["success"],
        "properties": {"success": {"const": False}},
    },
}


def refused(status: int, value: Any, *decides: str, region: Region = Region.INVALID) -> Exchange:
    """Make a request that was refused, of the region where it had to be unless another is given."""
    return exchange(response(status, value), {}, case=Case(1, region, "a case", decides=decides))


def looks(operator: str, arguments: dict[str, Any], *exchanges: Exchange) -> list[Look]:
    """Apply an operator to the exchanges of a run."""
    return list(OPERATORS[operator].rule(arguments, History([], exchanges)))


def test_a_documented_status_is_looked_at_in_the_cases_that_it_is_said_of() -> None:
    """Refusals of other cases, and of requests that may be refused for any reason, say nothing."""
    seen = looks(
        "refusal_status",
        STATUS,
        refused(401, {}, "authorization.absent"),
        refused(403, {}, "authorization.absent"),
        refused(403, {}, "authorization.permission"),
        refused(403, {}, "authorization.absent", region=Region.OPEN),
        refused(200, {}, "authorization.absent"),
    )
    assert [(look.ok, look.expected, look.got) for look in seen] == [
        (True, "401", "401"),
        (False, "401", "403"),
    ]


def test_the_body_of_a_documented_error_fits_its_schema() -> None:
    """What is broken first is told with its place."""
    seen = looks(
        "refusal_body",
        BODY,
        refused(400, {"success": False}, "request.a.type"),
        refused(401, {"success": 1}),
    )
    assert [(look.ok, look.place, look.expected, look.got) for look in seen] == [
        (True, "", "", ""),
        (False, "/success", "false", "1"),
    ]


def test_a_documented_error_that_is_no_json_is_told() -> None:
    """An empty body has no envelope."""
    (seen,) = looks(
        "refusal_body", BODY, exchange(response(400), {}, case=Case(1, Region.INVALID, "a case"))
    )
    assert (seen.ok, seen.expected, seen.got) == (False, "a JSON object", "no JSON text")


def test_other_statuses_and_cases_are_left_out() -> None:
    """A status that the document does not name has any body, and so has a case that is spared."""
    assert (
        looks(
            "refusal_body",
            BODY,
            refused(422, {}, "request.a.type"),
            refused(400, {}, "request.json"),
        )
        == []
    )
