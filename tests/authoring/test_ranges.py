"""The plausible region that a contract starts with, and what moves it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from contracts.authoring import start
from contracts.authoring.inputs import choose_page
from contracts.authoring.start.plausible import narrowed
from contracts.model import Contract, Region
from contracts.planning.bodies.everyday import typical
from contracts.planning.bodies.templates import sample
from contracts.planning.plan import plan
from contracts.schema import checks
from contracts.verify.preconditions import narrow

ZONES = [f"Zone/{number}" for number in range(446)]
EXAMPLE = {
    "url": "https://hooks.example/in",
    "zone": "Zone/7",
    "title": "All that is new",
    "price": 30,
    "owner": {"name": "Ada Byron", "tags": ["red"]},
}
BODY = {
    "type": "object",
    "required": ["url", "zone"],
    "properties": {
        "url": {"type": "string", "format": "uri", "maxLength": 65536},
        "zone": {"type": "string", "enum": ZONES},
        "title": {"type": "string"},
        "price": {"type": "number"},
        "owner": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "nick": {"type": "string"},
                "tags": {"type": "array", "items": {"type": "string"}},
            },
        },
        "note": {"type": "string", "example": "Ring twice"},
    },
}


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """Return a contract that is started from a document with large limits and a long list."""
    content = {"application/json": {"schema": BODY, "example": EXAMPLE}}
    answer = {"type": "object", "properties": {"id": {"type": "string"}}}
    operation = {
        "requestBody": {"required": True, "content": content},
        "responses": {
            "201": {"description": "made", "content": {"application/json": {"schema": answer}}}
        },
    }
    folder = tmp_path_factory.mktemp("hooks")
    path = folder / "hooks.json"
    path.write_text(json.dumps({"openapi": "3.1.0", "paths": {"/hooks": {"post": operation}}}))
    started, _ = start.start("hooks", choose_page([path]), folder)
    return started


def test_the_plainest_request_is_the_example_of_the_page(contract: Contract) -> None:
    """Nested members too, and nothing that the example leaves out."""
    assert sample(plan(contract, 0).cases[0].body) == EXAMPLE


def test_a_plan_takes_no_time_and_few_requests_for_a_long_list(contract: Contract) -> None:
    """Neither texts of 65,536 characters nor 446 options make a plan long."""
    began = time.process_time()
    cases = plan(contract, 0).cases
    assert time.process_time() - began < 5
    sent = [sample(case.body) for case in cases if case.region is Region.VALID]
    zones = {body["zone"] for body in sent}
    assert zones >= {"Zone/7", "Zone/0", "Zone/445"}
    assert len(zones) < 10
    wrong = [case for case in cases if "request.zone.enum" in case.decides]
    assert 2 <= len(wrong) <= 20
    assert any(len(case.body["zone"]) == len("Zone/0") for case in wrong)


ADVICE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"url": {"format": "uri"}}, {}),
    ({"url": {"pattern": "^https://b"}}, {"url": "https://b"}),
    ({"url": {"examples": ["https://b.example/"]}}, {"url": "https://b.example/"}),
    ({"url": {"enum": ["https://c.example/"]}}, {"url": "https://c.example/"}),
    ({"zone": {"enum": ["Zone/99"]}}, {"zone": "Zone/99"}),
    ({"zone": {"examples": ["Zone/98"]}}, {"zone": "Zone/98"}),
    ({"price": {"minimum": 50000}}, {"price": 50000}),
    ({"price": {"minimum": 45, "multipleOf": 5}}, {"price": 45}),
    ({"title": {"examples": ["Only this"]}}, {"title": "Only this"}),
    ({"required": ["note"]}, {"note": "Ring twice"}),
]


@pytest.mark.parametrize(("advice", "changed"), ADVICE, ids=[str(row[0]) for row in ADVICE])
def test_every_advice_works(
    advice: dict[str, Any], changed: dict[str, Any], contract: Contract
) -> None:
    """What a finding prints as a precondition moves the range, and the rest stays as it was."""
    plausible = narrow(contract, advice, "here").plausible or {}
    body = sample(typical(plausible))
    assert body == {**EXAMPLE, **changed}
    assert checks.fits(plausible, body)


RANGES: list[tuple[dict[str, Any], Any, str, list[Any], list[Any]]] = [
    ({"type": "number"}, 30, "price", [30, 299], [29, 30.5, 301]),
    ({"type": "integer"}, 30, "customerId", [30], [31]),
    ({"type": "number", "minimum": 5}, 12.5, "price", [5, 12.75, 125], [4, 126]),
    ({"type": "number"}, -2, "shift", [-2, 8], [-3, 9]),
    ({"type": "string"}, "Two words", "title", ["A", "Ångström"], ["", "a\n", "x" * 41]),
    ({"type": "string"}, "EUR", "currency", ["EUR"], ["USD"]),
    ({"type": "boolean"}, True, "express", [True, False], []),
    ({"type": "string", "format": "date"}, "2026-01-31", "due", ["2026-01-31"], ["2026-02-01"]),
]


@pytest.mark.parametrize("row", RANGES, ids=[f"{row[1]!r} of {row[2]}" for row in RANGES])
def test_a_range_is_as_wide_as_a_reader_would_say(
    row: tuple[dict[str, Any], Any, str, list[Any], list[Any]],
) -> None:
    """Amounts and prose vary; what may be a code, an id or a date is sent as the page has it."""
    schema, value, name, inside, outside = row
    update, removals = narrowed(schema, value, name)
    assert removals == []
    for plausible in inside:
        assert checks.fits({**schema, **update}, plausible)
    for other in outside:
        assert not checks.fits({**schema, **update}, other)
