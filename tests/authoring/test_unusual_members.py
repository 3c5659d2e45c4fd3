"""Required members of unusual schemas: a contract of them starts with a value, or is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.authoring.inputs import choose_page
from contracts.authoring.start import start
from contracts.errors import UsageError
from contracts.interop import strategies
from contracts.model import Contract
from contracts.planning.bodies.templates import sample
from contracts.planning.plan import plan
from contracts.schema import checks

TEXT = {"type": "string"}
UNUSUAL: dict[str, dict[str, Any]] = {
    "long text": {"type": "string", "minLength": 300},
    "long list of different options": {
        "type": "array",
        "items": {"type": "string", "enum": ["a", "b", "c", "d", "e", "f"]},
        "minItems": 5,
        "uniqueItems": True,
    },
    "list of both booleans": {
        "type": "array",
        "items": {"type": "boolean"},
        "minItems": 2,
        "uniqueItems": True,
    },
    "list of different objects": {
        "type": "array",
        "items": {"type": "object", "required": ["k"], "properties": {"k": TEXT}},
        "minItems": 5,
        "uniqueItems": True,
    },
    "map with names of a pattern": {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": "^k_[a-z]+$"},
        "additionalProperties": TEXT,
    },
    "null": {"type": "null"},
    "options that are objects": {"enum": [{"a": 1}, {"a": 2, "b": [3]}]},
    "options that are lists": {"enum": [[1], [2, 3]]},
}


def _started(member: dict[str, Any], folder: Path) -> Contract:
    body = {"type": "object", "required": ["odd"], "properties": {"odd": member, "note": TEXT}}
    answer = {"type": "object", "required": ["id"], "properties": {"id": TEXT}}
    operation = {
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"201": {"content": {"application/json": {"schema": answer}}}},
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {"/things": {"post": operation}},
    }
    page = folder / "things.json"
    page.write_text(json.dumps(document), "utf-8")
    return start("things", choose_page([page]), folder / "out")[0]


@pytest.mark.parametrize("member", UNUSUAL.values(), ids=UNUSUAL)
def test_required_members_have_a_value(member: dict[str, Any], tmp_path: Path) -> None:
    """The plan begins with a body that keeps the page's schema, and bodies of it are drawn."""
    contract = _started(member, tmp_path)
    first = plan(contract, 0).cases[0]
    assert "odd" in first.body
    assert checks.fits(contract.request or {}, sample(first.body))
    strategies.draw(contract, 0, 4)


def test_a_member_without_a_value_is_named(tmp_path: Path) -> None:
    """A contract whose requests can't be sent is not started."""
    member = {"type": "string", "format": "email", "maxLength": 3}
    with pytest.raises(UsageError, match=r"required member odd$"):
        _started(member, tmp_path)


def test_a_plan_ends_where_no_state_of_a_member_is_allowed_by_itself(tmp_path: Path) -> None:
    """Members that only the options of `anyOf` name are in no row, without which D forbids it."""
    options = [
        {"required": ["kind"], "properties": {"kind": TEXT, "code": {**TEXT, "enum": [value]}}}
        for value in ("a", "b")
    ]
    schema = {"type": "object", "anyOf": options, "properties": {"code": {"enum": ["a", "b"]}}}
    body = {"content": {"application/json": {"schema": schema}}}
    operation = {"requestBody": body, "responses": {"200": {"description": "Done", **body}}}
    page = tmp_path / "page.json"
    page.write_text(json.dumps({"openapi": "3.0.3", "paths": {"/kinds": {"patch": operation}}}))
    contract, _ = start("kinds", choose_page([page]), tmp_path / "apis")
    assert len(plan(contract, seed=0).cases) < 300
