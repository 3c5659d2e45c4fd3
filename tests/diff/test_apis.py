"""Two revisions of a whole API: operations, statuses, refusals, deprecation."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from contracts import diff
from contracts.cli import main
from contracts.diff import Effect

ANSWER = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}


def answered(schema: dict[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    """Return an answer of OpenAPI."""
    return {"description": "-", "content": {media_type: {"schema": schema}}}


OLD: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "crates", "version": "1"},
    "paths": {
        "/crates": {
            "post": {"responses": {"201": answered(ANSWER), "409": answered(ANSWER)}},
            "get": {"responses": {"200": answered({"type": "array", "items": ANSWER})}},
        },
        "/crates/{id}": {
            "get": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "responses": {"200": answered(ANSWER)},
            }
        },
    },
}


def renamed(document: dict[str, Any]) -> None:
    """Give a path parameter another name."""
    document["paths"]["/crates/{crateId}"] = document["paths"].pop("/crates/{id}")
    document["paths"]["/crates/{crateId}"]["get"]["parameters"][0]["name"] = "crateId"


def post(document: dict[str, Any]) -> dict[str, Any]:
    """Return the operation that creates."""
    operation: dict[str, Any] = document["paths"]["/crates"]["post"]
    return operation


CHANGES: dict[str, tuple[Any, tuple[str, str, Effect, str]]] = {
    "gone": (
        lambda one: one["paths"]["/crates"].pop("get"),
        ("GET /crates", "operation", Effect.BREAKING, "GET /crates is gone"),
    ),
    "new": (
        lambda one: one["paths"]["/crates"].update(put={"responses": {"200": answered(ANSWER)}}),
        ("PUT /crates", "operation", Effect.COMPATIBLE, "PUT /crates is new"),
    ),
    "renamed": (
        renamed,
        (
            "GET /crates/{crateId}",
            "operation",
            Effect.COMPATIBLE,
            "the path parameter id is called crateId; requests look the same",
        ),
    ),
    "deprecated": (
        lambda one: post(one).update(deprecated=True),
        ("POST /crates", "operation", Effect.COMPATIBLE, "the operation is deprecated"),
    ),
    "member deprecated": (
        lambda one: post(one)["responses"].update(
            {
                "201": answered(
                    {**ANSWER, "properties": {"id": {"type": "string", "deprecated": True}}}
                )
            }
        ),
        ("POST /crates", "response", Effect.COMPATIBLE, "id is deprecated"),
    ),
    "status": (
        lambda one: post(one)["responses"].update({"202": answered(ANSWER)}),
        ("POST /crates", "operation", Effect.BREAKING, "a success may be 202"),
    ),
    "media type": (
        lambda one: post(one)["responses"].update(
            {"201": answered(ANSWER, "application/hal+json")}
        ),
        (
            "POST /crates",
            "operation",
            Effect.BREAKING,
            'the media type was "application/json", is "application/hal+json"',
        ),
    ),
    "refusal new": (
        lambda one: post(one)["responses"].update({"422": answered(ANSWER)}),
        ("POST /crates", "refusal 422", Effect.COMPATIBLE, "it is documented now"),
    ),
    "refusal gone": (
        lambda one: post(one)["responses"].pop("409"),
        ("POST /crates", "refusal 409", Effect.UNDECIDED, "it is not documented any more"),
    ),
    "refusal changed": (
        lambda one: post(one)["responses"].update({"409": answered({**ANSWER, "required": []})}),
        ("POST /crates", "refusal 409", Effect.BREAKING, "id was required, is not required"),
    ),
}


@pytest.mark.parametrize(("change", "expected"), CHANGES.values(), ids=CHANGES)
def test_each_change_of_an_api_is_told_with_its_operation(
    change: Any, expected: tuple[str, str, Effect, str], tmp_path: Path
) -> None:
    """Operations that came and went, statuses, media types, refusals, deprecation: one change."""
    new = copy.deepcopy(OLD)
    change(new)
    paths = tmp_path / "old.json", tmp_path / "new.json"
    for path, document in zip(paths, (OLD, new), strict=True):
        path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    found = diff.difference_of_apis(*(diff.read_all(str(path)) for path in paths))
    (told,) = found.changes
    assert (told.operation, told.part, told.effect, told.statement) == expected


def test_all_operations_of_two_revisions_are_compared(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A shipped API by its name; the report names the operation of each change."""
    path = tmp_path / "diff.json"
    assert main.run(["diff", "kohort", "kohort@2", "--json", str(path)]) == 1
    changes = json.loads(path.read_text(encoding="utf-8"))["changes"]
    assert {change["operation"] for change in changes} > {"POST /orders"}
    assert all(change["old"]["document"] for change in changes)
    assert main.run(["diff", "kohort", "kohort"]) == 0
    assert "kohort and kohort say the same" in capsys.readouterr().out
