"""What a page states of values, also of nested ones, is sent once in an otherwise plain request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.authoring.inputs import choose_page
from contracts.authoring.start import start
from contracts.authoring.start.readings import overlay
from contracts.derive import derive
from contracts.model import Basis, Case, Contract, Region
from contracts.planning.bodies.templates import sample
from contracts.planning.plan import plan
from contracts.schema.jsontext import at

BODY: dict[str, Any] = {
    "type": "object",
    "required": ["title", "profile", "lines"],
    "properties": {
        "title": {"type": "string", "maxLength": 30, "example": "Two blue hats"},
        "profile": {
            "type": "object",
            "required": ["name", "plan"],
            "properties": {
                "name": {"type": "string", "minLength": 2, "maxLength": 255, "example": "Ada B"},
                "plan": {"type": "string", "enum": ["daily", "in weeks"]},
            },
        },
        "lines": {
            "type": "array",
            "maxItems": 7,
            "items": {
                "type": "object",
                "required": ["count", "kind"],
                "properties": {
                    "count": {"type": "integer", "minimum": 1, "maximum": 500, "example": 3},
                    "kind": {"type": "string", "enum": ["book", "gift", "tool"]},
                },
            },
        },
    },
}
DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "orders", "version": "1"},
    "paths": {
        "/orders": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": BODY}},
                },
                "responses": {"201": {"description": "Created"}},
            }
        }
    },
}


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    """Return the contract that is started from the document."""
    page = tmp_path / "page.json"
    page.write_text(json.dumps(DOCUMENT))
    return start("orders", choose_page([page]), tmp_path / "out")[0]


def _sent(contract: Contract, pointer: str) -> list[tuple[Case, Any]]:
    """Return the cases that may be accepted and are plain but for a member, with its value."""
    top = pointer.split("/")[1]
    cases = plan(contract, 0).cases
    plain = sample(cases[0].body)
    bodies = [(case, sample(case.body)) for case in cases if case.region is not Region.INVALID]
    return [
        (case, at(body, pointer))
        for case, body in bodies
        if isinstance(body, dict) and {**plain, top: 0} == {**body, top: 0}
    ]


@pytest.mark.parametrize(
    ("pointer", "lengths"), [("/title", {30}), ("/profile/name", {2, 255}), ("/lines", {7})]
)
def test_the_longest_and_shortest_documented_are_sent(
    contract: Contract, pointer: str, lengths: set[int]
) -> None:
    """At the top, in objects and of lists, with all else as in the plainest request."""
    assert lengths <= {len(value) for _, value in _sent(contract, pointer)}


def test_the_least_and_greatest_documented_numbers_are_sent(contract: Contract) -> None:
    """Also in the items of lists; a text that is longer than plausible is open."""
    counts = {value: case.region for case, value in _sent(contract, "/lines/0/count")}
    assert (counts[1], counts[500]) == (Region.VALID, Region.VALID)
    names = {len(value): case.region for case, value in _sent(contract, "/profile/name")}
    assert (names[2], names[255]) == (Region.VALID, Region.OPEN)


def test_nested_options_are_clauses_that_the_plan_decides(contract: Contract) -> None:
    """Each option that the page lists is the document's own word, however deep it is."""
    decided = {clause for case in plan(contract, 0).cases for clause in case.decides}
    options = {one.id: one for one in contract.clauses if " may be " in one.statement}
    assert options.keys() == {
        "request.profile.plan.daily",
        "request.profile.plan.in.weeks",
        "request.lines[].kind.book",
        "request.lines[].kind.gift",
        "request.lines[].kind.tool",
    }
    assert options["request.lines[].kind.gift"].statement == "lines[].kind may be gift"
    assert {one.basis for one in options.values()} == {Basis.DOCUMENT}
    assert options.keys() <= decided


PATCHED = """# Change a hook

`PATCH /hooks/{id}`

Send `X-API-Key: YOUR_API_KEY` with every request.

## Body

| Field | Type | Required | Description |
|---|---|---|---|
| events | array of enum | no | 1 to 3 of `made`, `paid`, `sent` |
| things | array of enum | no | What it is for |
| title | string | no | At most 40 characters |

## Response `200`

| Field | Type | Required |
|---|---|---|
| id | string | yes |
"""


def test_what_a_change_may_consist_of_is_read_and_plausible_by_itself() -> None:
    """Options of a list, and the credential in a header as code; a list of who knows what is not.

    Each part of a PATCH may be sent alone.
    """
    derived: Any = derive(PATCHED, name="hook.md")
    assert derived["operation"]["authorization"] == {
        "in": "header",
        "name": "X-API-Key",
        "scheme": None,
    }
    events = derived["request"]["properties"]["events"]
    assert events["items"]["enum"] == ["made", "paid", "sent"]
    (update,) = (
        action["update"]
        for action in overlay(derived)[0]["actions"]
        if action["target"] == "$.plausible" and "update" in action
    )
    assert update["properties"].keys() == {"events", "title"}
    assert "required" not in update
    assert update["minProperties"] == 1
