"""Where a page contradicts itself: nothing is claimed, and what fits both readings is sent.

Examples break what is stated beside them, and what is called required has a default.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.authoring.confirm import guessed
from contracts.authoring.inputs import choose_page
from contracts.authoring.start import start
from contracts.model import Basis, Contract
from contracts.planning.bodies.templates import sample
from contracts.planning.plan import plan
from contracts.schema import checks

#: of each what is stated, and an example that breaks it
WRONG: dict[str, tuple[dict[str, Any], Any]] = {
    "format": ({"type": "string", "format": "uuid"}, "4f4e4e1-c824-4d63-b37a-d8d698862f1d"),
    "moment": ({"type": "string", "format": "date-time"}, "2024-02-01"),
    "longest": ({"type": "string", "maxLength": 8}, "a name that is too long"),
    "least": ({"type": "integer", "minimum": 100}, 7),
    "options": ({"type": "string", "enum": ["open", "shut"]}, "OPEN"),
    "pattern": ({"type": "string", "pattern": "^[A-Z]{3}$"}, "eu"),
    "type": ({"type": "integer"}, "3"),
    "items": ({"type": "array", "items": {"type": "string", "maxLength": 3}}, ["four"]),
}


def _started(folder: Path, schema: Any, parameters: Any = ()) -> Contract:
    body = {"content": {"application/json": {"schema": schema}}}
    answer = {"201": {"description": "Made", **body}}
    operation = {"parameters": [*parameters], "requestBody": body, "responses": answer}
    document = {"openapi": "3.0.3", "paths": {"/things": {"post": operation}}}
    page = folder / "things.json"
    page.write_text(json.dumps(document))
    return start("things", choose_page([page]), folder / "apis")[0]


@pytest.mark.parametrize("name", WRONG)
def test_valid_values_fit_what_is_stated_and_is_no_fact(tmp_path: Path, name: str) -> None:
    """Servers check what is stated more often than they know the example of a page."""
    stated, example = WRONG[name]
    member = {**stated, "example": example}
    contract = _started(tmp_path, {"type": "object", "properties": {name: member}})
    typical = sample(plan(contract, seed=0).cases[0].body)
    assert checks.fits(stated, typical[name])
    assert contract.plausible is not None
    assert not checks.fits(contract.plausible, {name: example})


def test_a_parameter_is_not_sent_as_an_example_that_its_own_format_forbids(tmp_path: Path) -> None:
    """Where nothing else is shown of a header that is required, the user is asked for it."""
    header = {"name": "X-Trace", "in": "header", "required": True, "example": "abc"}
    of_format = {**header, "schema": {"type": "string", "format": "uuid"}}
    contract = _started(tmp_path, {"type": "object"}, [of_format])
    assert contract.operation.headers["X-Trace"].value is None


def test_what_has_a_default_may_be_left_out_though_it_is_called_required(tmp_path: Path) -> None:
    """Frameworks fill it in: that it is refused is a convention, which a person can confirm."""
    filled = {"type": "string", "default": "red"}
    members = {"colour": filled, "size": {"type": "string"}}
    schema = {"type": "object", "required": ["colour", "size"], "properties": members}
    rows = [("sort", filled), ("view", {"type": "string", "enum": ["a", "b"]})]
    asked = [{"name": n, "in": "query", "required": True, "schema": s} for n, s in rows]
    contract = _started(tmp_path, schema, asked)
    found = {c.id: c.basis for c in contract.clauses if c.id.endswith(".required")}
    assert {clause: basis for clause, basis in found.items() if "response" not in clause} == {
        "request.colour.required": Basis.CONVENTION,
        "request.size.required": Basis.DOCUMENT,
        "parameter.sort.required": Basis.CONVENTION,
        "parameter.view.required": Basis.DOCUMENT,
    }
    assert found["response.colour.required"] is Basis.DOCUMENT
    confirmable = {clause.id for clause in guessed(str(tmp_path / "apis" / "things"))}
    assert {"request.colour.required", "parameter.sort.required"} <= confirmable
